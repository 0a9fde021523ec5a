//! Could these two texts be copies, by what is remembered of them?
//!
//! Most candidate pairs of a large collection are pages of one form. Their signatures, samples and lengths tell that no
//! [ground](crate::verify::Ground) of the decision can hold, before either text is folded again. Where they leave it open, the
//! decision is made on the texts; a screened pair would have been refused there, but for the error of the estimate.

use crate::signature::Shared;
use crate::verify::body::best_body;
use crate::verify::decide::{grams_may_reach, lengths_agree, run_beside};
use crate::verify::{Bounds, FURNITURE_FLOOR, Overlap, SHORT};

/// Standard errors that an estimate may be wrong by: of pairs at a bound, 1 in 740 is lost.
const MARGIN: f64 = 3.0;

/// Grams of their own that two texts must share to be compared for what noise left of them, and of those of the shorter one,
/// the share: of scans with half of their letters wrong, one in twenty is left. One phrase leaves three or four.
const SHARED: (usize, f64) = (5, 0.05);

/// The same of texts of a line or two.
const SHARED_IN_LINE: usize = 2;

/// What is remembered of two texts, left and right.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Hints {
    /// Equal slots of their signatures, of how many.
    pub(crate) slots: (usize, usize),
    /// What their sampled grams share that few others have.
    pub(crate) own: Shared,
    /// Letters of either.
    pub(crate) letters: [usize; 2],
    /// Shingles of either.
    pub(crate) shingles: [usize; 2],
    /// Distinct ones, about.
    pub(crate) distinct: [usize; 2],
}

impl Hints {
    fn are_short(&self) -> bool {
        self.shingles.into_iter().all(|shingles| shingles < SHORT)
    }

    /// The Jaccards that their signatures leave open (Wilson's interval).
    fn jaccard(&self) -> (f64, f64) {
        let n = self.slots.1.max(1) as f64;
        let (p, z2) = (self.slots.0 as f64 / n, MARGIN * MARGIN);
        let middle = p + z2 / (2.0 * n);
        let half = MARGIN * (p * (1.0 - p) / n + z2 / (4.0 * n * n)).sqrt();
        let scale = 1.0 + z2 / n;
        ((middle - half) / scale, (middle + half) / scale)
    }

    /// The overlap of that Jaccard.
    fn overlap(&self, jaccard: f64) -> Overlap {
        let [left, right] = self.distinct;
        let shared = jaccard / (1.0 + jaccard) * (left + right) as f64;
        Overlap {
            shared: (shared as usize).min(left).min(right),
            left,
            right,
        }
    }
}

impl Bounds {
    /// Can the decision on these two still be that they are copies?
    pub(crate) fn may_be_copies(&self, hints: &Hints) -> bool {
        let (least, most) = hints.jaccard();
        self.by_shingles(hints, most)
            || (lengths_agree(hints.letters, self.grams)
                && ((self.is_their_own(hints.own) && grams_may_reach(most, self.grams))
                    || self.may_be_misread(hints, least, most)))
    }

    fn by_shingles(&self, hints: &Hints, most: f64) -> bool {
        let with_furniture = || best_body(hints.overlap(most)).jaccard() >= self.body;
        most >= self.shingles || (most >= FURNITURE_FLOOR * self.shingles && with_furniture())
    }

    fn may_be_misread(&self, hints: &Hints, least: f64, most: f64) -> bool {
        let own = hints.own;
        let short = hints.are_short();
        let share = own.keys as f64 >= SHARED.1 * own.left.min(own.right) as f64;
        let enough = own.keys >= if short { SHARED_IN_LINE } else { SHARED.0 } && share;
        // Copies of a line that many others copy have nothing of their own.
        let alike = short && most >= FURNITURE_FLOOR * self.shingles;
        run_beside(own, short) && (short || least <= own.jaccard()) && (enough || alike)
    }
}
