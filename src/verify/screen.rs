//! Could these two texts be copies, by what is remembered of them?
//!
//! Most candidate pairs of a large collection are pages of one form. Their signatures, samples and lengths tell that no
//! [ground](crate::verify::Ground) of the decision can hold, before either text is looked at. Where they leave it open, the
//! decision is made on the texts; a pair that is let go here would have been refused there, but for the error of the estimate.

use crate::signature::Shared;
use crate::verify::body::best_body;
use crate::verify::bounds::{grams_may_reach, lengths_agree};
use crate::verify::{Bounds, FURNITURE_FLOOR, Limits, Overlap, SHORT};

/// Standard errors that an estimate may be wrong by: of pairs at a bound, 1 in 740 is lost.
const MARGIN: f64 = 3.0;

/// What is remembered of two texts, left and right.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Hints {
    /// Equal slots of their signatures, of how many.
    pub(crate) slots: (usize, usize),
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

impl Bounds {
    /// Can the decision on these two still be that they are copies? `own` tells what their sampled grams share that few others
    /// have; it is asked last.
    pub(crate) fn may_be_copies(&self, hints: &Hints, own: impl FnOnce() -> Shared) -> bool {
        let (least, most) = jaccard(hints.slots);
        if self.by_shingles(hints, most) {
            return true;
        }
        if !lengths_agree(hints.letters, self.grams) {
            return false;
        }
        let own = own();
        (self.is_their_own(own) && grams_may_reach(most, self.grams))
            || self.may_be_misread(hints, own, least, most)
    }

    fn by_shingles(&self, hints: &Hints, most: f64) -> bool {
        let with_furniture = || best_body(hints.overlap(most)).jaccard() >= self.body;
        most >= self.shingles || (most >= FURNITURE_FLOOR * self.shingles && with_furniture())
    }

    fn may_be_misread(&self, hints: &Hints, own: Shared, least: f64, most: f64) -> bool {
        let short = hints.are_short();
        self.run_beside(own, short, most) && (short || least <= own.jaccard())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shingle::{ShingleSet, Shingler, grams};
    use crate::signature::{Sample, mix};
    use crate::verify::{Side, decide};

    /// `n` words of which every letter is another one with a chance of `wrong` in 100.
    fn text(n: usize, wrong: u64) -> String {
        let letter = |at: u64| char::from(b'a' + (mix(at) % 26) as u8);
        let word = |word: u64| {
            let letters = (0..3 + mix(word) % 6).map(|i| (word << 8) + i);
            let read = letters.map(|at| match mix(at ^ 7) % 100 {
                chance if chance < wrong => letter(at ^ 1 << 60),
                _ => letter(at),
            });
            read.collect::<String>()
        };
        (0..n as u64).map(word).collect::<Vec<_>>().join(" ")
    }

    fn hints(texts: [&str; 2]) -> (Hints, Shared, [Side<'_>; 2]) {
        let shingler = Shingler::default();
        let hashes = texts.map(|text| shingler.hashes(text));
        let letters = texts.map(|text| text.chars().filter(|&c| c != ' ').collect::<Vec<char>>());
        let sample = |letters: &Vec<char>| Sample::of(&grams(letters).collect::<Vec<_>>());
        let overlap = Overlap::of(&ShingleSet::of(&hashes[0]), &ShingleSet::of(&hashes[1]));
        let hints = Hints {
            slots: ((overlap.jaccard() * 128.0).round() as usize, 128),
            letters: [0, 1].map(|side: usize| letters[side].len()),
            shingles: [0, 1].map(|side: usize| hashes[side].len()),
            distinct: [overlap.left, overlap.right],
        };
        let [left, right] = hashes;
        (
            hints,
            sample(&letters[0]).shared(&sample(&letters[1])),
            [Side::new(texts[0], left), Side::new(texts[1], right)],
        )
    }

    #[test]
    fn what_is_let_go_is_no_copy() {
        let bounds = Bounds::of(0.6);
        let (mut copies, mut gone) = (0, 0);
        for n in [6, 12, 30, 60, 110, 300, 1000] {
            for wrong in 0..60 {
                let (print, scan) = (text(n, 0), text(n, wrong));
                let (hints, own, [left, right]) = hints([&print, &scan]);
                let copy = decide(&left, &right, bounds, false, || Some(own));
                let kept = bounds.may_be_copies(&hints, || own);
                assert!(
                    kept || !copy.relation.is_copy(),
                    "{n} words, {wrong} in 100 wrong"
                );
                copies += usize::from(copy.relation.is_copy());
                gone += usize::from(!kept);
            }
        }
        // Neither all nor none.
        assert!(copies > 100 && gone > 50, "{copies} copies, {gone} gone");
    }
}
