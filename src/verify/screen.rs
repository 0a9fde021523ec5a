//! Could these two texts be copies, by what is remembered of them?
//!
//! Most candidate pairs of a large collection are pages of one form. Their signatures, samples and lengths tell that no
//! [ground](crate::verify::Ground) of the decision can hold, before either text is looked at. Where they leave it open, the
//! decision is made on the texts; a pair that is let go here would have been refused there, but for the error of the estimate.

use crate::signature::Shared;
use crate::verify::body::best_body;
use crate::verify::judge::lengths_agree;
use crate::verify::{Bounds, FURNITURE_FLOOR, Limits, Overlap};

/// Standard errors that an estimate may be wrong by: of pairs at a bound, 1 in 740 is lost.
const MARGIN: f64 = 3.0;

/// What is remembered of two texts, left and right.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Hints {
    /// Equal slots of their signatures, of how many.
    pub(crate) slots: (usize, usize),
    /// Letters of either.
    pub(crate) letters: [usize; 2],
    /// Distinct ones, about.
    pub(crate) distinct: [usize; 2],
    /// What their sampled grams have in common.
    pub(crate) sample: Shared,
}

impl Hints {
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

/// The Jaccards that signatures leave open of which so many slots, of how many, are equal (Wilson's interval).
fn jaccard((equal, slots): (usize, usize)) -> (f64, f64) {
    let n = slots.max(1) as f64;
    let (p, z2) = (equal as f64 / n, MARGIN * MARGIN);
    let middle = p + z2 / (2.0 * n);
    let half = MARGIN * (p * (1.0 - p) / n + z2 / (4.0 * n * n)).sqrt();
    let scale = 1.0 + z2 / n;
    ((middle - half) / scale, (middle + half) / scale)
}

/// By how much the number of distinct shingles that a sample tells may be wrong.
const COUNTED: f64 = 1.1;

impl Limits {
    /// Can as much of the shorter of two texts be in the other as makes it [`Relation::Within`](crate::verify::Relation::Within)?
    /// `slots` are the equal ones of their signatures, of how many; `distinct` the distinct shingles of either, about.
    pub(crate) fn may_be_inside(self, slots: (usize, usize), distinct: [usize; 2]) -> bool {
        let (_, most) = jaccard(slots);
        let [left, right] = distinct.map(|shingles| shingles.max(1) as f64);
        let shared = most / (1.0 + most) * (left + right) * COUNTED;
        shared >= self.containment * left.min(right)
    }
}

/// Of the sampled grams that two texts share, the share that stands in one place of both where the texts run beside each other.
const IN_PLACE: f64 = 0.5;

impl Bounds {
    /// Can the decision on these two still be that they are copies?
    pub(crate) fn may_be_copies(&self, hints: &Hints) -> bool {
        let (_, most) = jaccard(hints.slots);
        if self.by_shingles(hints, most) {
            return true;
        }
        let sample = hints.sample;
        let [left, right] = hints.letters.map(|letters| letters as f64);
        let (_, grams) = jaccard((sample.keys, sample.left + sample.right - sample.keys));
        if grams >= self.drift && lengths_agree(hints.letters, self.drift) {
            return true;
        }
        let in_place = sample.in_place as f64 >= IN_PLACE * sample.keys as f64;
        let (_, kept) = jaccard((sample.keys, sample.left.min(sample.right)));
        in_place && sample.keys >= 2 && kept >= self.kept && left.min(right) * 3.0 >= left.max(right)
    }

    fn by_shingles(&self, hints: &Hints, most: f64) -> bool {
        let with_furniture = || best_body(hints.overlap(most)).jaccard() >= self.body;
        most >= self.shingles || (most >= FURNITURE_FLOOR * self.shingles && with_furniture())
    }
}

