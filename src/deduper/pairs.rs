//! In which order are candidate pairs compared, so that few texts are prepared twice and few are held at once?
//!
//! Documents are put in an order in which candidates of each other are close: a document is followed by its candidates that are not yet in
//! the order. Pairs are in the order of their later document. Each worker keeps the texts that it prepared last.

use std::hash::{BuildHasherDefault, Hash, Hasher};

use lru::LruCache;

use crate::deduper::corpus::Corpus;
use crate::deduper::sketch::Sketch;
use crate::lsh::CandidatePair;
use crate::shingle::mix;

/// Number of folded characters of the documents that are new in one task.
const TASK: usize = 1 << 19;

/// A hash of positions. Nobody outside chooses positions, so the hash needs no secret.
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

/// What a worker prepared of the texts that it used last.
pub(super) struct Recent<T> {
    kept: LruCache<u32, T, BuildHasherDefault<Position>>,
    bytes: usize,
    most: usize,
    cost: fn(&Sketch) -> usize,
}

impl<T> Recent<T> {
    /// Keeps up to `most` bytes. `cost` returns the number of bytes that a text takes.
    pub(super) fn new(most: usize, cost: fn(&Sketch) -> usize) -> Self {
        Self {
            kept: LruCache::unbounded_with_hasher(BuildHasherDefault::default()),
            bytes: 0,
            most,
            cost,
        }
    }

    /// Two texts. A text that is not kept is prepared now.
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
        // The two were used last, so they are removed last.
        while self.bytes > self.most && self.kept.len() > 2 {
            let gone = self.kept.pop_lru();
            self.bytes -= gone.map_or(0, |(text, _)| cost(text));
        }
        self.kept.peek(&a).zip(self.kept.peek(&b))
    }
}

/// Values that were made last, up to a number of bytes.
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

    /// The value of a key. If none is kept, `make` makes it and returns its size in bytes.
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

/// Divides the work on pairs into tasks. `pair` returns the pair of a piece of work.
pub(super) fn tasks<T: Copy>(
    corpus: &Corpus<'_>,
    work: &[T],
    pair: impl Fn(&T) -> CandidatePair,
) -> Vec<Vec<T>> {
    let pairs: Vec<CandidatePair> = work.iter().map(&pair).collect();
    let mut place = vec![0_usize; corpus.sketches.len()];
    // The task of each place: the tasks are cut by the characters of the documents that come before the place.
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

/// All documents that have a candidate, breadth first from the smallest document of each component.
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
