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
fn interval((equal, slots): (usize, usize)) -> (f64, f64) {
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
        let (_, most) = interval(slots);
        let [left, right] = distinct.map(|shingles| shingles.max(1) as f64);
        let shared = most / (1.0 + most) * (left + right) * COUNTED;
        shared >= self.containment * left.min(right)
    }
}

/// Of the sampled grams that two texts share, the share that stands in one place of both where the texts run beside each other.
const IN_PLACE: f64 = 0.7;

impl Bounds {
    /// Can the decision on these two still be that they are copies?
    pub(crate) fn may_be_copies(&self, hints: &Hints, scattered: impl FnOnce() -> bool) -> bool {
        let (_, most) = interval(hints.slots);
        if self.by_shingles(hints, most) {
            return true;
        }
        let sample = hints.sample;
        let [left, right] = hints.letters.map(|letters| letters as f64);
        let (_, grams) = interval((sample.keys, sample.left + sample.right - sample.keys));
        if grams >= self.grams && lengths_agree(hints.letters, self.grams) {
            return true;
        }
        let in_place = sample.in_place as f64 >= IN_PLACE * sample.keys as f64;
        let (_, kept) = interval((sample.keys, sample.left.min(sample.right)));
        in_place
            && sample.keys >= 2
            && kept >= self.kept
            && left.min(right) * 3.0 >= left.max(right)
            && scattered()
    }

    fn by_shingles(&self, hints: &Hints, most: f64) -> bool {
        let with_furniture = || best_body(hints.overlap(most)).jaccard() >= self.body;
        most >= self.shingles || (most >= FURNITURE_FLOOR * self.shingles && with_furniture())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shingle::{ShingleSet, Shingler, grams};
    use crate::signature::{Sample, mix};
    use crate::verify::{Measures, PreparedText, judge};

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

    fn may_be_copies(bounds: &Bounds, texts: [&str; 2]) -> bool {
        let hashes = texts.map(|text| Shingler::default().hashes(text));
        let letters = texts.map(|text| text.chars().filter(|&c| c != ' ').collect::<Vec<char>>());
        let [left, right] =
            [0, 1].map(|side: usize| Sample::of(&grams(&letters[side]).collect::<Vec<_>>()));
        let overlap = Overlap::of(&ShingleSet::of(&hashes[0]), &ShingleSet::of(&hashes[1]));
        let hints = Hints {
            slots: ((overlap.jaccard() * 128.0).round() as usize, 128),
            letters: [letters[0].len(), letters[1].len()],
            distinct: [overlap.left, overlap.right],
            sample: left.shared(&right),
        };
        bounds.may_be_copies(&hints, || {
            left.is_scattered(&right) || right.is_scattered(&left)
        })
    }

    #[test]
    fn what_is_let_go_is_no_copy() {
        let (mut copies, mut gone) = (0, 0);
        for threshold in [0.5, 0.6, 0.8] {
            let bounds = Bounds::of(threshold);
            for n in [6, 12, 30, 60, 110, 300, 1000] {
                for wrong in 0..60 {
                    let (print, scan) = (text(n, 0), text(n, wrong));
                    let prepare = |text: &str| {
                        PreparedText::new(text.to_owned(), Shingler::default().hashes(text))
                    };
                    let (left, right) = (prepare(&print), prepare(&scan));
                    let copy = judge(&Measures::new(&left, &right), None, &bounds, false);
                    let kept = may_be_copies(&bounds, [&print, &scan]);
                    assert!(
                        kept || !copy.relation.is_copy(),
                        "{n} words, {wrong} in 100 wrong, threshold {threshold}"
                    );
                    copies += usize::from(copy.relation.is_copy());
                    gone += usize::from(!kept);
                }
            }
        }
        // Neither all nor none.
        assert!(copies > 300 && gone > 150, "{copies} copies, {gone} gone");
    }
}
