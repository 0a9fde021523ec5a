//! In which order are candidate pairs counted, so that few texts are folded twice and few sets are held at once?
//!
//! Documents are laid out by component and cut into blocks of bounded size; all pairs between two blocks are one task,
//! which builds the sets it needs. A component usually fits into one block, so each text is folded once more.

use std::collections::BTreeMap;

use crate::cluster::{AcceptedPair, UnionFind};
use crate::deduper::corpus::Corpus;
use crate::deduper::sketch::Buffers;
use crate::document::Documents;
use crate::lsh::CandidatePair;
use crate::parallel::Pool;
use crate::report::{Progress, Stage};
use crate::shingle::ShingleSet;
use crate::verify::Overlap;

/// Folded characters after which a block ends at the next component; 16 times that, it ends within one.
const BLOCK_CHARACTERS: usize = 1 << 18;

/// Counts every pair exactly and returns those at or over the threshold, ascending.
pub(super) fn verify<D: Documents + ?Sized>(
    corpus: &Corpus<'_, D>,
    pairs: &[CandidatePair],
    pool: &Pool,
    progress: &dyn Progress,
) -> Vec<AcceptedPair> {
    let blocks = blocks(corpus, pairs);
    let block = |position| blocks.get(&position).copied().unwrap_or(0);
    let mut keyed: Vec<_> = pairs
        .iter()
        .map(|&(a, b)| ((block(a), block(b)), (a, b)))
        .collect();
    keyed.sort_unstable();
    let tasks: Vec<&[_]> = keyed.chunk_by(|left, right| left.0 == right.0).collect();
    let accepted = pool.map(tasks.len(), Buffers::default, |buffers, task| {
        let pairs = tasks[task].iter().map(|&(_, pair)| pair);
        let accepted = verify_task(corpus, pairs, buffers);
        progress.advance(Stage::Verify, tasks[task].len());
        accepted
    });
    let mut accepted = accepted.concat();
    accepted.sort_unstable_by_key(|pair| (pair.a, pair.b));
    accepted
}

fn verify_task<D: Documents + ?Sized>(
    corpus: &Corpus<'_, D>,
    pairs: impl Iterator<Item = CandidatePair>,
    buffers: &mut Buffers,
) -> Vec<AcceptedPair> {
    let mut sets: BTreeMap<u32, ShingleSet> = BTreeMap::new();
    let mut accepted = Vec::new();
    for (a, b) in pairs {
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

/// The block of every document that has a candidate.
fn blocks<D: Documents + ?Sized>(
    corpus: &Corpus<'_, D>,
    pairs: &[CandidatePair],
) -> BTreeMap<u32, u32> {
    let mut components = UnionFind::new(corpus.sketches.len());
    for &(a, b) in pairs {
        components.join(a, b);
    }
    let mut documents: Vec<u32> = pairs.iter().flat_map(|&(a, b)| [a, b]).collect();
    documents.sort_unstable();
    documents.dedup();
    documents.sort_by_cached_key(|&document| components.find(document));
    let (mut block, mut size, mut last) = (0, 0, None);
    let mut blocks = BTreeMap::new();
    for document in documents {
        let component = components.find(document);
        let limit = if last == Some(component) {
            16 * BLOCK_CHARACTERS
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
