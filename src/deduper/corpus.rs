//! What do the later stages ask of a document? Its shingles again, and whether it is a copy of another.

use crate::deduper::settings::Settled;
use crate::deduper::sketch::Sketch;
use crate::document::Documents;
use crate::lsh::CandidatePair;
use crate::shingle::ShingleSet;
use crate::signature::estimate;
use crate::verify::{Comparison, FURNITURE_FLOOR, Overlap, compare_counted};

/// Standard errors by which an estimate must stay under the threshold before a pair that no band proposed is let go
/// without counting: one in 30,000 at the threshold.
const ESTIMATE_MARGIN: f64 = 4.0;

/// The documents in the order of their ids, one entry for each different folded text.
///
/// Everything behind it works on the positions of this order, so that no result depends on the order of the input, and a
/// smaller position is a smaller id.
pub(super) struct Corpus<'d, D: ?Sized> {
    pub(super) settled: &'d Settled,
    pub(super) documents: &'d D,
    /// Positions in the input of all documents of one folded text, by id; the first stands for them.
    pub(super) groups: Vec<Vec<usize>>,
    /// The sketch of each group.
    pub(super) sketches: Vec<Sketch>,
}

impl<D: Documents + ?Sized> Corpus<'_, D> {
    /// The distinct shingles of the text at a position.
    pub(super) fn shingles(&self, position: u32) -> ShingleSet {
        ShingleSet::from_hashes(self.hashes(position))
    }

    /// Its shingles in text order.
    fn hashes(&self, position: u32) -> Vec<u64> {
        let text = self.documents.text(self.groups[position as usize][0]);
        let folded = self.settled.normalizer.fold(&text);
        self.settled.shingler.hashes(&folded)
    }

    /// The verdict on two different folded texts of this overlap, if they are copies.
    pub(super) fn accept(&self, a: u32, b: u32, overlap: Overlap) -> Option<Comparison> {
        let shingles = || (self.hashes(a), self.hashes(b));
        let comparison = compare_counted(overlap, self.settled.threshold, shingles);
        comparison.relation.is_copy().then_some(comparison)
    }

    /// The same, counted now; none without counting where the pair was proposed, and so decided, before, or where the
    /// signatures are far under the threshold. `counted` counts the others.
    pub(super) fn accept_unproposed(
        &self,
        a: u32,
        b: u32,
        candidates: &[CandidatePair],
        counted: &mut usize,
    ) -> Option<Comparison> {
        let pair = (a.min(b), a.max(b));
        if candidates.binary_search(&pair).is_ok() || !self.may_be_copies(a, b) {
            return None;
        }
        *counted += 1;
        let overlap = Overlap::of(&self.shingles(a), &self.shingles(b));
        self.accept(a, b, overlap)
    }

    fn may_be_copies(&self, a: u32, b: u32) -> bool {
        let [a, b] = [a, b].map(|position| &self.sketches[position as usize].slots);
        let floor = FURNITURE_FLOOR * self.settled.threshold;
        let error = (floor * (1.0 - floor) / a.len().max(1) as f64).sqrt();
        a.is_empty() || estimate(a, b) >= floor - ESTIMATE_MARGIN * error
    }
}
