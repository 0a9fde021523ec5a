//! In which order are candidate pairs looked at, so that few texts are prepared twice and few are held at once?
//!
//! Documents are put in the order in which they are reached from their candidates, so that candidates of each other stand
//! close; pairs follow their later document. Each worker keeps what it prepared last.

use std::hash::{BuildHasherDefault, Hash, Hasher};

use lru::LruCache;

use crate::deduper::corpus::Corpus;
use crate::deduper::sketch::Sketch;
use crate::lsh::CandidatePair;
use crate::shingle::mix;

/// Folded characters of the documents that one task meets first.
const TASK: usize = 1 << 19;

/// The hash of a position: nobody chooses positions, so that it need not be a secret one.
#[derive(Default)]
struct Position(u64);

impl Hasher for Position {
    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = mix(self.0 ^ u64::from(byte));
        }
    }

    fn write_u32(&mut self, position: u32) {
        self.0 = mix(self.0 ^ u64::from(position));
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

/// What a worker prepared of the texts that it looked at last.
pub(super) struct Recent<T> {
    kept: LruCache<u32, T, BuildHasherDefault<Position>>,
    bytes: usize,
    most: usize,
    cost: fn(&Sketch) -> usize,
}

impl<T> Recent<T> {
    /// Up to so many bytes of them; `cost` tells how many a text takes.
    pub(super) fn new(most: usize, cost: fn(&Sketch) -> usize) -> Self {
        Self {
            kept: LruCache::unbounded_with_hasher(BuildHasherDefault::default()),
            bytes: 0,
            most,
            cost,
        }
    }

    /// Two texts, prepared now where they are not kept.
    pub(super) fn pair(
        &mut self,
        (a, b): CandidatePair,
        corpus: &Corpus<'_>,
        prepare: impl Fn(u32) -> T,
    ) -> Option<(&T, &T)> {
        let cost = |text: u32| (self.cost)(&corpus.sketches[text as usize]);
        for text in [a, b] {
            self.kept.get_or_insert(text, || {
                self.bytes += cost(text);
                prepare(text)
            });
        }
        // The two were used last, and go last.
        while self.bytes > self.most && self.kept.len() > 2 {
            let gone = self.kept.pop_lru();
            self.bytes -= gone.map_or(0, |(text, _)| cost(text));
        }
        self.kept.peek(&a).zip(self.kept.peek(&b))
    }
}

/// What was made last, up to so many bytes.
pub(super) struct Cache<K: Hash + Eq, V> {
    kept: LruCache<K, (V, usize), BuildHasherDefault<Position>>,
    bytes: usize,
    most: usize,
}

impl<K: Hash + Eq + Copy, V: Clone> Cache<K, V> {
    pub(super) fn new(most: usize) -> Self {
        Self {
            kept: LruCache::unbounded_with_hasher(BuildHasherDefault::default()),
            bytes: 0,
            most,
        }
    }

    /// What is kept under a key, or else what `make` makes, with its bytes.
    pub(super) fn get(&mut self, key: K, make: impl FnOnce() -> (V, usize)) -> V {
        if let Some((value, _)) = self.kept.get(&key) {
            return value.clone();
        }
        let (value, bytes) = make();
        self.bytes += bytes;
        self.kept.put(key, (value.clone(), bytes));
        while self.bytes > self.most && self.kept.len() > 1 {
            let gone = self.kept.pop_lru();
            self.bytes -= gone.map_or(0, |(_, (_, bytes))| bytes);
        }
        value
    }
}

/// What is to be done of each pair, by task; `pair` tells the pair.
pub(super) fn tasks<T: Copy>(
    corpus: &Corpus<'_>,
    work: &[T],
    pair: impl Fn(&T) -> CandidatePair,
) -> Vec<Vec<T>> {
    let pairs: Vec<CandidatePair> = work.iter().map(&pair).collect();
    let mut place = vec![0_usize; corpus.sketches.len()];
    // Of each place, the task: those before it meet so many characters.
    let mut task = Vec::new();
    let mut characters = 0;
    for document in by_neighbourhood(&pairs) {
        place[document as usize] = task.len();
        task.push(characters / TASK);
        characters += corpus.sketches[document as usize].length();
    }
    drop(pairs);
    let places = |work: &T| {
        let (a, b) = pair(work);
        let (a, b) = (place[a as usize], place[b as usize]);
        (a.max(b), a.min(b))
    };
    let mut work = work.to_vec();
    work.sort_by_cached_key(places);
    let of = |work: &T| task[places(work).0];
    let tasks = work.chunk_by(|a, b| of(a) == of(b));
    tasks.map(<[T]>::to_vec).collect()
}

/// Every document that has a candidate: breadth first from the smallest of each component.
fn by_neighbourhood(pairs: &[CandidatePair]) -> Vec<u32> {
    let mut edges: Vec<(u32, u32)> = pairs.iter().flat_map(|&(a, b)| [(a, b), (b, a)]).collect();
    edges.sort_unstable();
    let neighbours = |document: u32| {
        let rest = &edges[edges.partition_point(|edge| edge.0 < document)..];
        rest.iter()
            .take_while(move |edge| edge.0 == document)
            .map(|edge| edge.1)
    };
    let all = edges.last().map_or(0, |&(last, _)| last as usize + 1);
    let mut seen = vec![false; all];
    let mut meet = |document: u32| !std::mem::replace(&mut seen[document as usize], true);
    let mut order: Vec<u32> = Vec::new();
    for &(start, _) in &edges {
        if !meet(start) {
            continue;
        }
        let mut next = order.len();
        order.push(start);
        while let Some(&document) = order.get(next) {
            order.extend(neighbours(document).filter(|&neighbour| meet(neighbour)));
            next += 1;
        }
    }
    order
}
