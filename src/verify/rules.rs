//! The grounds on which two texts can be copies: which are possible by signatures and samples, and which hold by the texts?
//!
//! Most candidate pairs of a large collection are pages of one form. Their signatures, samples and lengths show that no ground can
//! hold, before either text is read. A pair that is dropped here would also be rejected after reading, except for the error of the
//! estimate.

use crate::signature::{Sample, Shared};
use crate::verify::body::best_body;
use crate::verify::bounds::*;
use crate::verify::collation::MinCollation;
use crate::verify::{Bounds, Collation, FURNITURE_FLOOR, Ground, Limits, Measures, Overlap};

/// The grounds, the cheapest first.
pub(super) const GROUNDS: [Ground; 6] = [
    Ground::Shingles,
    Ground::Body,
    Ground::Grams,
    Ground::Drift,
    Ground::Letters,
    Ground::Notes,
];

/// A set of grounds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct Grounds(u8);

impl Grounds {
    /// All grounds.
    pub(crate) const ALL: Self = Self((1 << GROUNDS.len()) - 1);

    pub(crate) fn has(self, ground: Ground) -> bool {
        self.0 & 1 << ground as u8 != 0
    }

    fn has_any(self, grounds: &[Ground]) -> bool {
        grounds.iter().any(|&ground| self.has(ground))
    }

    fn without(self, grounds: &[Ground]) -> Self {
        let others = GROUNDS.into_iter();
        others
            .filter(|ground| self.has(*ground) && !grounds.contains(ground))
            .collect()
    }

    /// All but [`Ground::Drift`], which needs other versions between the two.
    pub(crate) fn without_drift(self) -> Self {
        self.without(&[Ground::Drift])
    }

    /// Is the set empty?
    pub(crate) fn is_empty(self) -> bool {
        self.0 == 0
    }
}

impl FromIterator<Ground> for Grounds {
    fn from_iter<I: IntoIterator<Item = Ground>>(grounds: I) -> Self {
        let bits = grounds.into_iter().map(|ground| 1 << ground as u8);
        Self(bits.fold(0, |all, bit| all | bit))
    }
}

/// Known figures of two texts that are not read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Hints<'s> {
    /// Number of equal slots of their signatures, and number of all slots.
    pub(crate) slots: (usize, usize),
    /// Letters of each text.
    pub(crate) letters: [usize; 2],
    /// Estimated number of distinct shingles of each text.
    pub(crate) distinct: [usize; 2],
    /// Samples of their grams.
    pub(crate) samples: [&'s Sample; 2],
    /// Counts of the keys that the samples share.
    pub(crate) shared: Shared,
}

impl Hints<'_> {
    /// The overlap of shingles that a Jaccard means, for these numbers of distinct shingles.
    fn overlap(&self, jaccard: f64) -> Overlap {
        let [left, right] = self.distinct;
        let shared = jaccard / (1.0 + jaccard) * (left + right) as f64;
        Overlap {
            shared: (shared as usize).min(left).min(right),
            left,
            right,
        }
    }

    /// Upper bound of the Jaccard of shingles.
    fn shingles(&self) -> f64 {
        interval(self.slots).1
    }

    /// Upper bound of the Jaccard of grams.
    fn grams(&self) -> f64 {
        let Shared {
            keys, left, right, ..
        } = self.shared;
        interval((keys, left + right - keys)).1
    }

    /// Upper bound of the share of common grams in the text with fewer grams.
    fn kept(&self) -> f64 {
        let Shared {
            keys, left, right, ..
        } = self.shared;
        interval((keys, left.min(right))).1
    }

    /// Length of the longer text over that of the shorter one.
    fn length_ratio(&self) -> f64 {
        let [left, right] = self.letters;
        left.max(right) as f64 / left.min(right).max(1) as f64
    }

    /// Are the common grams in the same places of both texts?
    fn run_beside(&self) -> bool {
        let Shared { keys, in_place, .. } = self.shared;
        keys >= 2 && in_place as f64 >= MIN_SHARE_IN_PLACE * keys as f64
    }

    /// Are the common grams scattered over one of the texts?
    fn is_scattered(&self) -> bool {
        let [left, right] = self.samples;
        left.is_scattered(right) || right.is_scattered(left)
    }

    /// The grounds to drop without reading the texts, if the two could be copies by letters only. Most pairs of one form could be.
    /// Copies by letters have one order; their common text is spread over both and runs in step. Notes between the lines bring copies
    /// out of step. For a text of a line or two, a sample does not show this.
    fn not_read(&self) -> &'static [Ground] {
        let [left, right] = self.samples;
        if !self.run_beside() {
            return &[Ground::Letters, Ground::Notes];
        }
        if self
            .letters
            .iter()
            .any(|&letters| letters <= MAX_LINE_LETTERS)
        {
            return &[];
        }
        match self.is_scattered() {
            false => &[Ground::Letters, Ground::Notes],
            true if left.runs_in_step(right, self.letters) => &[],
            true => &[Ground::Letters],
        }
    }
}

/// Maximum letters of a text of a line or two.
const MAX_LINE_LETTERS: usize = 200;

/// Maximum error of an estimate, in standard errors: 1 in 740 pairs at a bound is lost.
const STANDARD_ERRORS: f64 = 3.0;

/// Lower and upper bound of a share, where `equal` of `slots` samples are equal (Wilson's score interval).
fn interval((equal, slots): (usize, usize)) -> (f64, f64) {
    let n = slots.max(1) as f64;
    let (p, z2) = (equal as f64 / n, STANDARD_ERRORS * STANDARD_ERRORS);
    let middle = p + z2 / (2.0 * n);
    let half = STANDARD_ERRORS * (p * (1.0 - p) / n + z2 / (4.0 * n * n)).sqrt();
    let scale = 1.0 + z2 / n;
    ((middle - half) / scale, (middle + half) / scale)
}

/// Maximum ratio of the true number of distinct shingles to the estimated one.
const MAX_COUNT_ERROR: f64 = 1.1;

impl Limits {
    /// Can enough of the shorter text be in the longer one for [`Relation::Within`](crate::verify::Relation::Within)? `slots` are the
    /// equal and all slots of the signatures; `distinct` estimates the distinct shingles of each text.
    pub(crate) fn may_be_inside(self, slots: (usize, usize), distinct: [usize; 2]) -> bool {
        let (_, most) = interval(slots);
        let [left, right] = distinct.map(|shingles| shingles.max(1) as f64);
        let shared = most / (1.0 + most) * (left + right) * MAX_COUNT_ERROR;
        shared >= self.containment * left.min(right)
    }
}

/// Minimum share of the common sampled grams that are in the same place of both texts, for the texts to be in one order.
const MIN_SHARE_IN_PLACE: f64 = 0.7;

impl Bounds {
    /// The grounds that can hold by these hints.
    pub(crate) fn open(&self, hints: &Hints<'_>) -> Grounds {
        let open = GROUNDS.into_iter();
        let open: Grounds = open
            .filter(|&ground| self.may_hold(ground, hints))
            .collect();
        let only_letters = !open.has_any(&[Ground::Shingles, Ground::Body, Ground::Grams]);
        match only_letters {
            true => open.without(hints.not_read()),
            false => open,
        }
    }

    fn may_hold(&self, ground: Ground, hints: &Hints<'_>) -> bool {
        let revised = |least: f64| hints.grams() >= least && lengths_agree(hints.letters, least);
        match ground {
            Ground::Shingles => hints.shingles() >= self.shingles,
            Ground::Body => {
                let most = hints.shingles();
                most >= FURNITURE_FLOOR * self.shingles
                    && best_body(hints.overlap(most)).jaccard() >= self.body
            }
            Ground::Grams => revised(self.grams),
            Ground::Drift => revised(self.drift),
            Ground::Letters => {
                hints.length_ratio() * self.letters.min(self.short_text_agreement) <= 1.0
                    && hints.kept() >= self.kept
            }
            Ground::Notes => {
                hints.length_ratio() <= MAX_ANNOTATION_RATIO
                    && hints.kept() >= MIN_ANNOTATED_GRAM_SHARE
            }
        }
    }

    /// The first of the `open` grounds that holds for two texts.
    pub(crate) fn ground(&self, measures: &Measures<'_, '_>, open: Grounds) -> Option<Ground> {
        GROUNDS
            .into_iter()
            .filter(|&ground| open.has(ground))
            .find(|&ground| self.holds(ground, measures))
    }

    /// Similarity of two texts by a ground, from 0 to 1. Each ground has its own figure and bound. To make them comparable, they are
    /// scaled: a figure at its bound becomes the threshold, and 1 stays 1. A figure that is higher unscaled is kept as it is.
    ///
    /// ```
    /// use reprint::{shingle::Shingler, verify::{Bounds, Ground, Measures, PreparedText}};
    ///
    /// let shingler = Shingler::default();
    /// let prepare = |folded: &'static str| PreparedText::new(folded, &shingler);
    /// let (left, right) = (prepare("before the water comes in"), prepare("before the water came in"));
    /// let measures = Measures::new(&left, &right);
    /// let similarity = Bounds::from_threshold(0.6).similarity(Ground::Letters, &measures);
    /// assert!(similarity > 0.9 && measures.overlap().jaccard() < 0.5);
    /// ```
    pub fn similarity(&self, ground: Ground, measures: &Measures<'_, '_>) -> f64 {
        let agreement = || measures.collation().map_or(0.0, |found| found.agreement());
        let (figure, bound) = match ground {
            Ground::Shingles => (measures.overlap().jaccard(), self.shingles),
            Ground::Body => (measures.body().jaccard(), self.body),
            Ground::Grams => (measures.grams().jaccard(), self.grams),
            Ground::Drift => (measures.grams().jaccard(), self.drift),
            Ground::Letters => (agreement(), self.letters),
            Ground::Notes => (1.0 - lost_share(measures), 1.0 - MAX_LOST_SHARE),
        };
        let beyond = (figure - bound) / (1.0 - bound).max(f64::EPSILON);
        let scaled = self.shingles + beyond * (1.0 - self.shingles);
        scaled.max(figure).clamp(0.0, 1.0)
    }

    fn holds(&self, ground: Ground, measures: &Measures<'_, '_>) -> bool {
        match ground {
            Ground::Shingles => measures.overlap().jaccard() >= self.shingles,
            Ground::Body => self.body_holds(measures),
            Ground::Grams => self.grams_hold(measures, self.grams),
            Ground::Drift => self.grams_hold(measures, self.drift),
            Ground::Letters => self.letters_hold(measures),
            Ground::Notes => notes_hold(measures),
        }
    }

    fn body_holds(&self, measures: &Measures<'_, '_>) -> bool {
        let overlap = measures.overlap();
        overlap.jaccard() >= FURNITURE_FLOOR * self.shingles
            && best_body(overlap).jaccard() >= self.body
            && measures.body().jaccard() >= self.body
    }

    fn grams_hold(&self, measures: &Measures<'_, '_>, least: f64) -> bool {
        lengths_agree(measures.letters(), least)
            && measures.weight() as f64 >= self.min_gram_weight
            && measures.grams().jaccard() >= least
    }

    /// Do the texts agree letter by letter, as a print and its scan do?
    fn letters_hold(&self, measures: &Measures<'_, '_>) -> bool {
        let weight = measures.weight();
        let agreement = if Length::of(weight) <= Length::Lines {
            self.short_text_agreement
        } else {
            self.letters
        };
        let may_be_respelled = Length::of(weight) > Length::Sentence;
        let least_agreement = match may_be_respelled {
            true => agreement.min(self.letters),
            false => agreement,
        };
        let [left, right] = measures.letters();
        let (shorter, longer) = (left.min(right), left.max(right));
        if shorter == 0 || (shorter as f64) < least_agreement * longer as f64 {
            return false;
        }
        // Tested before grams are sorted: most pairs of brief texts end here.
        if !measures.agreement_may_reach(least_agreement) {
            return false;
        }
        let grams = measures.grams();
        let kept = grams.shared as f64 / grams.left.min(grams.right).max(1) as f64;
        if kept < self.kept {
            return false;
        }
        let beyond = weight.saturating_sub(LINE.0) as f64 / (LINE.1 - LINE.0) as f64;
        let misread = self.misread * beyond.min(1.0);
        let least = MinCollation { agreement, misread };
        // One collation answers both questions.
        let respelled = may_be_respelled && kept >= MIN_RESPELLED_GRAM_SHARE;
        let either = match respelled {
            true => MinCollation {
                agreement: least_agreement,
                misread: 0.0,
            },
            false => least,
        };
        measures
            .collation_reaching(either)
            .is_some_and(|collation| {
                least.is_reached_by(&collation)
                    || (respelled && self.respelled_body_holds(measures, &collation))
            })
    }

    /// Is one text the other one in another spelling throughout, inside a head and a foot? As for [`Ground::Body`], the inside must
    /// agree more than whole texts must.
    fn respelled_body_holds(&self, measures: &Measures<'_, '_>, collation: &Collation) -> bool {
        let inside = collation.inside();
        let misread =
            collation.misread_units as f64 >= MIN_RESPELLED_SHARE * measures.weight() as f64;
        // Where letters agree and shingles do not, the spaces differ.
        let spaced =
            || measures.overlap().jaccard() <= MAX_RESPACED_RATIO * measures.grams().jaccard();
        inside.agreement >= self.body && inside.misread >= self.misread && (misread || spaced())
    }
}

/// Does the longer text contain the whole shorter one, in order, with notes between?
fn notes_hold(measures: &Measures<'_, '_>) -> bool {
    let [left, right] = measures.letters();
    let (shorter, longer) = (left.min(right), left.max(right));
    let grams = || measures.grams();
    if shorter < MIN_ANNOTATED_LETTERS
        || longer as f64 > MAX_ANNOTATION_RATIO * shorter as f64
        || (grams().shared as f64)
            < MIN_ANNOTATED_GRAM_SHARE * grams().left.min(grams().right) as f64
    {
        return false;
    }
    measures.collation().is_some_and(|collation| {
        let ends_as_well = collation.insertions + 2;
        collation.insertions >= MIN_NOTES
            && collation.longest_insertion <= MAX_NOTE_LETTERS
            && longer - shorter <= MAX_NOTE_LETTERS * ends_as_well
            && lost_share(measures) <= MAX_LOST_SHARE
    })
}

/// Share of the shorter text that the longer one lacks or has in other words.
fn lost_share(measures: &Measures<'_, '_>) -> f64 {
    let [left, right] = measures.letters();
    let lost = measures.collation().map_or(left.min(right), |collation| {
        let only = if left < right {
            collation.only_left
        } else {
            collation.only_right
        };
        only + collation.replaced
    });
    lost as f64 / left.min(right).max(1) as f64
}

/// Do the lengths of two texts allow this Jaccard of grams?
fn lengths_agree([left, right]: [usize; 2], grams: f64) -> bool {
    left.min(right) as f64 > grams * left.max(right) as f64 * MIN_LENGTH_RATIO
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shingle::{ShingleSet, Shingler, grams};
    use crate::signature::mix;
    use crate::verify::PreparedText;

    fn words(range: std::ops::Range<u64>) -> Vec<String> {
        let letter = |at: u64| char::from(b'a' + (mix(at) % 26) as u8);
        let word = |word: u64| {
            (0..3 + mix(word) % 6)
                .map(|i| letter((word << 8) + i))
                .collect()
        };
        range.map(word).collect()
    }

    /// An edition of a text of `n` words; `kind` is the kind of change, `degree` its strength from 0 to 59.
    fn edition(kind: usize, n: u64, degree: u64) -> String {
        let print = words(0..n);
        let misread = |(at, word): (u64, &String)| {
            let letters = word.chars().enumerate();
            let read = letters.map(|(i, letter)| match mix(at << 8 | i as u64) % 100 {
                chance if chance < degree => char::from(b'a' + (chance % 26) as u8),
                _ => letter,
            });
            read.collect::<String>()
        };
        let edited = |(at, word): (u64, &String)| match mix(at / 9) % 100 {
            chance if chance < degree => format!("{}ly", words(n + at..n + at + 1)[0]),
            _ => word.clone(),
        };
        let noted = |(at, word): (u64, &String)| match mix(at) % 100 {
            chance if chance < degree / 2 => {
                format!("{word} {}", words(2 * n + at..2 * n + at + 3).join(" "))
            }
            _ => word.clone(),
        };
        let numbered = (0..).zip(&print);
        let words: Vec<String> = match kind {
            0 => numbered.map(misread).collect(),
            1 => numbered.map(edited).collect(),
            2 => numbered.map(noted).collect(),
            _ => {
                let furniture = words(3 * n..3 * n + n * degree / 60);
                [furniture.as_slice(), &print].concat()
            }
        };
        words.join(" ")
    }

    fn open(bounds: &Bounds, texts: [&str; 2]) -> Grounds {
        let hashes = texts.map(|text| Shingler::default().hashes(text));
        let letters = texts.map(|text| text.chars().filter(|&c| c != ' ').collect::<Vec<char>>());
        let samples = [0, 1]
            .map(|side: usize| Sample::from_hashes(&grams(&letters[side]).collect::<Vec<_>>()));
        let overlap = Overlap::new(
            &ShingleSet::from_hashes(&hashes[0]),
            &ShingleSet::from_hashes(&hashes[1]),
        );
        bounds.open(&Hints {
            slots: ((overlap.jaccard() * 128.0).round() as usize, 128),
            letters: [letters[0].len(), letters[1].len()],
            distinct: [overlap.left, overlap.right],
            samples: [&samples[0], &samples[1]],
            shared: samples[0].shared(&samples[1]),
        })
    }

    #[test]
    fn no_ground_that_holds_is_let_go_at_any_threshold() {
        let shingler = Shingler::default();
        let (mut held, mut gone) = ([0; GROUNDS.len()], 0);
        for threshold in [0.5, 0.6, 0.8] {
            let bounds = Bounds::from_threshold(threshold);
            for n in [6, 12, 30, 60, 110, 300, 1000] {
                let print = words(0..n).join(" ");
                for (kind, degree) in
                    (0..4).flat_map(|kind| (0..60).step_by(2).map(move |degree| (kind, degree)))
                {
                    let other = edition(kind, n, degree);
                    let prepare = |text: &str| PreparedText::new(text.to_owned(), &shingler);
                    let (left, right) = (prepare(&print), prepare(&other));
                    let measures = Measures::new(&left, &right);
                    let open = open(&bounds, [&print, &other]);
                    for (i, &ground) in GROUNDS.iter().enumerate() {
                        let holds = bounds.holds(ground, &measures);
                        assert!(
                            open.has(ground) || !holds,
                            "{ground}: {n} words, edition {kind} of degree {degree}, threshold {threshold}"
                        );
                        held[i] += usize::from(holds);
                        gone += usize::from(!open.has(ground));
                    }
                }
            }
        }
        // Some hold and some do not, and each ground holds for some.
        assert!(held.iter().all(|&held| held > 20), "{held:?}");
        assert!(gone > 1000, "{gone}");
    }
}
