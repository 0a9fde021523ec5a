//! In which order are candidate pairs counted, so that few texts are folded twice and few sets are held at once?
//!
//! Documents are laid out by component and cut into blocks of bounded size; all pairs between two blocks are one task,
//! which builds the sets it needs. A component usually fits into one block, so each text is folded once more.

use std::collections::{BTreeMap, HashSet};

use crate::cluster::AcceptedPair;
use crate::deduper::corpus::Corpus;
use crate::deduper::sketch::Buffers;
use crate::document::Documents;
use crate::lsh::CandidatePair;
use crate::parallel::Pool;
use crate::report::{Progress, Stage};
use crate::shingle::ShingleSet;
use crate::verify::Overlap;

/// Folded characters after which a block ends at the next component.
const BLOCK_CHARACTERS: usize = 1 << 18;

/// After so many, a block of documents to count ends within a component.
const LARGE_BLOCK: usize = 1 << 22;

/// Counts every pair exactly and returns those at or over the threshold, ascending.
pub(super) fn verify<D: Documents + ?Sized>(
    corpus: &Corpus<'_, D>,
    pairs: &[CandidatePair],
    pool: &Pool,
    progress: &dyn Progress,
) -> Vec<AcceptedPair> {
    let tasks = tasks(corpus, pairs, LARGE_BLOCK);
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

/// The pairs by task: those between two blocks of documents, each pair once. A block ends within a component after
/// `most` folded characters.
pub(super) fn tasks<D: Documents + ?Sized>(
    corpus: &Corpus<'_, D>,
    pairs: &[CandidatePair],
    most: usize,
) -> Vec<Vec<CandidatePair>> {
    let blocks = blocks(corpus, pairs, most);
    let block = |position| blocks.get(&position).copied().unwrap_or(0);
    let between = |a, b| {
        let (a, b): (u32, u32) = (block(a), block(b));
        (a.min(b), a.max(b))
    };
    let mut keyed: Vec<_> = pairs
        .iter()
        .map(|&(a, b)| (between(a, b), (a, b)))
        .collect();
    keyed.sort_unstable();
    let tasks = keyed.chunk_by(|left, right| left.0 == right.0);
    tasks
        .map(|task| task.iter().map(|&(_, pair)| pair).collect())
        .collect()
}

/// The block of every document that has a candidate.
fn blocks<D: Documents + ?Sized>(
    corpus: &Corpus<'_, D>,
    pairs: &[CandidatePair],
    most: usize,
) -> BTreeMap<u32, u32> {
    let (mut block, mut size, mut last) = (0, 0, None);
    let mut blocks = BTreeMap::new();
    for (component, document) in by_neighbourhood(pairs) {
        let limit = if last == Some(component) {
            most
        } else {
            BLOCK_CHARACTERS
        };
        if size > limit {
            (block, size) = (block + 1, 0);
        }
        size += corpus.sketches[document as usize].length;
        last = Some(component);
        blocks.insert(document, block);
    }
    blocks
}

/// Every document that has a candidate, with the smallest document of its component: breadth first from that one, so that
/// candidates of each other stand close.
fn by_neighbourhood(pairs: &[CandidatePair]) -> Vec<(u32, u32)> {
    let mut edges: Vec<(u32, u32)> = pairs.iter().flat_map(|&(a, b)| [(a, b), (b, a)]).collect();
    edges.sort_unstable();
    let neighbours = |document: u32| {
        let rest = &edges[edges.partition_point(|edge| edge.0 < document)..];
        rest.iter()
            .take_while(move |edge| edge.0 == document)
            .map(|edge| edge.1)
    };
    let mut seen: HashSet<u32> = HashSet::new();
    let mut order: Vec<(u32, u32)> = Vec::new();
    for &(start, _) in &edges {
        if !seen.insert(start) {
            continue;
        }
        let mut next = order.len();
        order.push((start, start));
        while let Some(&(_, document)) = order.get(next) {
            let reached = neighbours(document).filter(|&neighbour| seen.insert(neighbour));
            order.extend(reached.map(|neighbour| (start, neighbour)));
            next += 1;
        }
    }
    order
}
