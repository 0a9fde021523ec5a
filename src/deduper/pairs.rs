//! In which order are candidate pairs looked at, so that few texts are folded twice and few are held at once?
//!
//! Documents are put in the order in which they are reached from their candidates, and pairs in that of their later
//! document; so the pairs of one task are mostly about the same few documents, and each is prepared once.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::cluster::AcceptedPair;
use crate::deduper::corpus::Corpus;
use crate::deduper::sketch::Buffers;
use crate::document::Documents;
use crate::lsh::CandidatePair;
use crate::parallel::Pool;
use crate::report::{Progress, Stage};
use crate::shingle::ShingleSet;
use crate::verify::Overlap;

/// Folded characters of the documents of one task.
const TASK: usize = 1 << 20;

/// Counts every pair exactly and returns those at or over the threshold, ascending.
pub(super) fn verify<D: Documents + ?Sized>(
    corpus: &Corpus<'_, D>,
    pairs: &[CandidatePair],
    pool: &Pool,
    progress: &dyn Progress,
) -> Vec<AcceptedPair> {
    let tasks = tasks(corpus, pairs, TASK);
    let accepted = pool.map(tasks.len(), Buffers::default, |buffers, task| {
        let accepted = verify_task(corpus, &tasks[task], buffers);
        progress.advance(Stage::Verify, tasks[task].len());
        accepted
    });
    let mut accepted = accepted.concat();
    accepted.sort_unstable_by_key(|pair| (pair.a, pair.b));
    accepted
}

fn verify_task<D: Documents + ?Sized>(
    corpus: &Corpus<'_, D>,
    pairs: &[CandidatePair],
    buffers: &mut Buffers,
) -> Vec<AcceptedPair> {
    let mut sets: BTreeMap<u32, ShingleSet> = BTreeMap::new();
    let mut accepted = Vec::new();
    for &(a, b) in pairs {
        for position in [a, b] {
            sets.entry(position)
                .or_insert_with(|| corpus.shingles(position, buffers));
        }
        let overlap = Overlap::of(&sets[&a], &sets[&b]);
        if let Some(comparison) = corpus.accept(a, b, overlap) {
            accepted.push(AcceptedPair { a, b, comparison });
        }
    }
    accepted
}

/// The pairs by task, each pair once: in the order in which documents are reached from their candidates, as many as have
/// about `most` folded characters in all.
pub(super) fn tasks<D: Documents + ?Sized>(
    corpus: &Corpus<'_, D>,
    pairs: &[CandidatePair],
    most: usize,
) -> Vec<Vec<CandidatePair>> {
    let order = by_neighbourhood(pairs);
    let ranks: HashMap<u32, usize> = order
        .iter()
        .enumerate()
        .map(|(rank, &document)| (document, rank))
        .collect();
    let mut pairs = pairs.to_vec();
    pairs.sort_by_cached_key(|(a, b)| {
        let (a, b) = (ranks[a], ranks[b]);
        (a.max(b), a.min(b))
    });
    let mut tasks: Vec<Vec<CandidatePair>> = Vec::new();
    let mut task = Vec::new();
    let mut members: HashSet<u32> = HashSet::new();
    let mut size = 0;
    for (a, b) in pairs {
        task.push((a, b));
        let new = [a, b]
            .into_iter()
            .filter(|&document| members.insert(document));
        size += new
            .map(|document| corpus.sketches[document as usize].length)
            .sum::<usize>();
        if size > most {
            tasks.push(std::mem::take(&mut task));
            members.clear();
            size = 0;
        }
    }
    tasks.push(task);
    tasks
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
