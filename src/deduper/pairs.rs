//! In which order are candidate pairs looked at, so that few texts are folded twice and few are held at once?
//!
//! Documents are put in the order in which they are reached from their candidates, and cut into blocks of bounded size. All
//! pairs between two blocks are one task, which prepares each of its documents once.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::cluster::AcceptedPair;
use crate::deduper::corpus::Corpus;
use crate::document::Documents;
use crate::lsh::CandidatePair;
use crate::parallel::Pool;
use crate::report::{Progress, Stage};
use crate::verify::Side;

/// Folded characters of the documents of one task.
const TASK: usize = 1 << 21;

/// Counts every pair exactly and returns those at or over the threshold, ascending.
pub(super) fn verify<D: Documents + ?Sized>(
    corpus: &Corpus<'_, D>,
    pairs: &[CandidatePair],
    pool: &Pool,
    progress: &dyn Progress,
) -> Vec<AcceptedPair> {
    let tasks = tasks(corpus, pairs, TASK);
    let accepted = pool.map(
        tasks.len(),
        || (),
        |(), task| {
            let accepted = verify_task(corpus, &tasks[task]);
            progress.advance(Stage::Verify, tasks[task].len());
            accepted
        },
    );
    let mut accepted = accepted.concat();
    accepted.sort_unstable_by_key(|pair| (pair.a, pair.b));
    accepted
}

fn verify_task<D: Documents + ?Sized>(
    corpus: &Corpus<'_, D>,
    pairs: &[CandidatePair],
) -> Vec<AcceptedPair> {
    let mut sides: BTreeMap<u32, Side> = BTreeMap::new();
    let mut accepted = Vec::new();
    for &(a, b) in pairs {
        for position in [a, b] {
            sides
                .entry(position)
                .or_insert_with(|| corpus.side(position));
        }
        if let Some(comparison) = corpus.accept(a, b, &sides[&a], &sides[&b]) {
            accepted.push(AcceptedPair { a, b, comparison });
        }
    }
    accepted
}

/// The pairs by task, each pair once: those between two blocks of documents that stand close, of together about `most`
/// folded characters.
pub(super) fn tasks<D: Documents + ?Sized>(
    corpus: &Corpus<'_, D>,
    pairs: &[CandidatePair],
    most: usize,
) -> Vec<Vec<CandidatePair>> {
    let mut block_of: HashMap<u32, usize> = HashMap::new();
    let mut characters = 0;
    for document in by_neighbourhood(pairs) {
        block_of.insert(document, characters / (most / 2));
        characters += corpus.sketches[document as usize].length;
    }
    let between = |&(a, b): &CandidatePair| {
        let (a, b) = (block_of[&a], block_of[&b]);
        (a.max(b), a.min(b))
    };
    let mut pairs = pairs.to_vec();
    pairs.sort_by_cached_key(|pair| (between(pair), *pair));
    let tasks = pairs.chunk_by(|a, b| between(a) == between(b));
    tasks.map(<[CandidatePair]>::to_vec).collect()
}

/// Every document that has a candidate: breadth first from the smallest of each component, so that candidates of each other
/// stand close.
fn by_neighbourhood(pairs: &[CandidatePair]) -> Vec<u32> {
    let mut edges: Vec<(u32, u32)> = pairs.iter().flat_map(|&(a, b)| [(a, b), (b, a)]).collect();
    edges.sort_unstable();
    let neighbours = |document: u32| {
        let rest = &edges[edges.partition_point(|edge| edge.0 < document)..];
        rest.iter()
            .take_while(move |edge| edge.0 == document)
            .map(|edge| edge.1)
    };
    let mut seen: HashSet<u32> = HashSet::new();
    let mut order: Vec<u32> = Vec::new();
    for &(start, _) in &edges {
        if !seen.insert(start) {
            continue;
        }
        let mut next = order.len();
        order.push(start);
        while let Some(&document) = order.get(next) {
            order.extend(neighbours(document).filter(|&neighbour| seen.insert(neighbour)));
            next += 1;
        }
    }
    order
}
