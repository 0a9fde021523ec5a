//! Where two copies read a few letters differently, what supports each reading?

use std::ops::Range;

use crate::damage::extra::is_note;
use crate::damage::reading::{LetterKind, Reading, gap, kind};
use crate::damage::walk::{Run, hash};
use crate::damage::words::{Agreed, has_old_letters, widened};
use crate::normalize::{Normalizer, may_begin_phrase};

/// Maximum ratio of the longer to the shorter side of a difference that is a reading. Above it (plus [`READING`] letters), the
/// difference counts as text lost and text added.
const TIMES: usize = 3;

/// Maximum number of letters of a difference that is treated as a reading, not as text, where the other side is empty.
const READING: usize = 6;

/// Number of letters above which two different heads or feet of a text are two texts, not readings of one.
const OTHER_ENDS: usize = 30;

/// Minimum number of letters on both sides of a difference that may be another sentence.
const SENTENCE: usize = 30;

/// Maximum number of letters of such a difference that are compared.
const COMPARED: usize = 100;

/// Minimum plausibility of letters that are words.
const IN_WORDS: f64 = 0.5;

/// Number of letters around a difference that are searched for a regional word.
const CONTEXT: usize = 4;

/// Minimum plausibility of ideographs that are words, because some of their pairs occur in words.
const WORDING: f64 = 0.3;

/// Penalty for a letter where the other copy has a mark. It is more than any word can support its copy.
const IN_PLACE_OF_MARK: f64 = 1.0;

/// A difference between two copies: some letters of the pivot, and the letters that another copy has in their place. One
/// of the two sides may be empty.
#[derive(Clone)]
pub(super) struct Place<'p, 't> {
    pub pivot: &'p Reading<'t>,
    pub left: Range<usize>,
    pub reading: &'p Reading<'t>,
    pub right: Range<usize>,
    /// Is one copy in simplified characters and the other in traditional ones?
    pub is_regional: bool,
}

/// Another reading of some letters of the pivot.
pub(super) struct Variant {
    pub range: Range<usize>,
    pub hash: u64,
    /// The letters of the other copy in their place.
    pub right: Range<usize>,
    /// Over 0 if the pivot's reading is the more plausible one.
    pub score: f64,
    pub letters: u64,
    /// Does this copy have no letters there?
    pub is_empty: bool,
    /// Are both readings words?
    pub is_wording: bool,
    /// If the readings differ in accents only: over 0 if the pivot has more of them, under 0 if this copy has.
    pub accents: i32,
}

impl Place<'_, '_> {
    /// Is this difference another reading of a few letters, and not text that one side lacks?
    pub fn is_reading(&self) -> bool {
        let (left, right) = (self.left.len(), self.right.len());
        let (less, more) = (left.min(right), left.max(right));
        if less == 0 {
            return self.is_lost_in_reading(more);
        }
        let unspaced = kind(self.pivot.letters[self.left.start]) == LetterKind::Unspaced;
        let is_other_end = self.is_at_end() && more > OTHER_ENDS && unspaced;
        !is_other_end && more <= TIMES * less + READING
    }

    fn is_at_end(&self) -> bool {
        self.left.start == 0 && self.right.start == 0
            || self.left.end == self.pivot.len() && self.right.end == self.reading.len()
    }

    /// Only one side has letters. Were they lost in reading on the other side, or wrongly read into this one?
    fn is_lost_in_reading(&self, letters: usize) -> bool {
        let ((text, range), (other, place)) = if self.left.is_empty() {
            ((self.reading, &self.right), (self.pivot, self.left.start))
        } else {
            ((self.pivot, &self.left), (self.reading, self.right.start))
        };
        if kind(text.letters[range.start]) == LetterKind::Unspaced {
            // A month or a unit between two numbers is text.
            let is_digit = |at: usize| {
                text.letters
                    .get(at)
                    .is_some_and(|&letter| kind(letter) == LetterKind::Digit)
            };
            let counts = range.start > 0 && is_digit(range.start - 1) || is_digit(range.end);
            return letters <= 2 && !counts && !is_note(text, range);
        }
        // A sign or mark of the other side was read as letters: 8c for &, 1 for an exclamation mark.
        let has = |reading: &Reading<'_>, at: usize, signs: u16| {
            reading.gaps.get(at).is_some_and(|bits| bits & signs != 0)
        };
        let read_for = |signs: u16| {
            has(other, place, signs)
                && !has(text, range.start, signs)
                && !has(text, range.end, signs)
        };
        let spaced = range.start > 0 && kind(text.letters[range.start - 1]) == LetterKind::Spaced;
        if letters <= 3 && read_for(gap::SYMBOL) || letters == 1 && spaced && read_for(gap::MARKS) {
            return true;
        }
        // Whole words are text, not a reading.
        letters <= READING && !(text.is_edge(range.start) && text.is_edge(range.end))
    }

    /// Do both sides say the same in words of two regions (資訊 and 信息)?
    pub fn is_one_word(&self) -> bool {
        let has_han = |reading: &Reading<'_>, range: &Range<usize>| {
            reading.letters[range.clone()]
                .iter()
                .any(|&letter| letter >= 0x2E80)
        };
        if !has_han(self.pivot, &self.left) || !has_han(self.reading, &self.right) {
            return false;
        }
        // The two words may share letters, on either side of the difference.
        let wide = |reading: &Reading<'_>, range: &Range<usize>| {
            range.start.saturating_sub(CONTEXT)..(range.end + CONTEXT).min(reading.len())
        };
        let left = wide(self.pivot, &self.left);
        let right = wide(self.reading, &self.right);
        let (pivot, reading) = (&self.pivot.letters, &self.reading.letters);
        if has_no_phrase(&pivot[left.clone()]) && has_no_phrase(&reading[right.clone()]) {
            return false;
        }
        let fold = |reading: &Reading<'_>, range| Normalizer::new().fold(reading.slice(range));
        fold(self.pivot, left) == fold(self.reading, right)
    }

    /// Do both sides have letters of a script without spaces, such as ideographs?
    fn is_unspaced(&self) -> bool {
        let unspaced = |letters: &[u32]| {
            letters
                .iter()
                .any(|&letter| kind(letter) == LetterKind::Unspaced)
        };
        unspaced(&self.pivot.letters[self.left.clone()])
            && unspaced(&self.reading.letters[self.right.clone()])
    }

    /// Do both sides say different things in words, as where a sentence was replaced? If a scan misreads a line that
    /// badly, its reading is not words.
    pub fn is_other_text(&self, agreed: &Agreed) -> bool {
        let is_long = self.left.len().min(self.right.len()) >= SENTENCE;
        is_long
            && !self.is_unspaced()
            && !self.is_alike()
            && agreed.plausibility(self.pivot, &self.left) >= IN_WORDS
            && agreed.plausibility(self.reading, &self.right) >= IN_WORDS
    }

    /// Do most letters of one side (three quarters) occur in the other in the same order? In two different sentences of one
    /// language, about half of them do.
    fn is_alike(&self) -> bool {
        let start = |letters: &[u32]| letters.len().min(COMPARED);
        let left = &self.pivot.letters[self.left.clone()];
        let right = &self.reading.letters[self.right.clone()];
        let (left, right) = (&left[..start(left)], &right[..start(right)]);
        4 * common(left, right) >= 3 * left.len().min(right.len())
    }

    /// The reading at this place, scored by the evidence for either side.
    pub fn variant(self, agreed: &Agreed) -> Variant {
        let on_left = agreed.plausibility(self.pivot, &self.left);
        let on_right = agreed.plausibility(self.reading, &self.right);
        let is_wording = self.is_wording(on_left, on_right);
        let told = if is_wording { 0.0 } else { on_left - on_right };
        let left = &self.pivot.letters[self.left.clone()];
        let right = &self.reading.letters[self.right.clone()];
        Variant {
            hash: hash(right),
            score: told + self.told_by_signs(),
            letters: left.len().min(right.len()).max(1) as u64,
            is_empty: right.is_empty(),
            is_wording,
            accents: accents(left, right),
            range: self.left,
            right: self.right,
        }
    }

    /// Is it another word of the same language, and no misreading? Editions for two regions regularly differ in words, and the
    /// tables know few of those words.
    fn is_wording(&self, on_left: f64, on_right: f64) -> bool {
        let (less, more) = (on_left.min(on_right), on_left.max(on_right));
        let (left, right) = (self.left.len(), self.right.len());
        let words = left.min(right) > 1 && (less >= WORDING / 2.0 || more < WORDING);
        let regional = self.is_regional && (2..=READING).contains(&left.max(right));
        self.is_unspaced() && (less >= WORDING || words || regional)
    }

    /// The evidence from signs, in addition to the plausibility of the words: over 0 for the left side, under 0 for the right.
    fn told_by_signs(&self) -> f64 {
        let mut told = 0.0;
        let sides = [(self.pivot, &self.left), (self.reading, &self.right)];
        let [left, right] = sides.map(|(reading, range)| unread(reading, range));
        told += right - left;
        // A scan replaces letters of older print by other letters.
        let [left, right] =
            sides.map(|(reading, range)| has_old_letters(reading.slice(range.clone())));
        told += balance(left, right, 0.5);
        // A letter where the other side has a mark.
        let [left, right] = sides.map(|(reading, range)| has_marks(reading, range));
        if self.left.is_empty() && left && !right {
            told += IN_PLACE_OF_MARK;
        }
        if self.right.is_empty() && right && !left {
            told -= IN_PLACE_OF_MARK;
        }
        told
    }
}

/// The number of letters that two sequences have in common in the same order. Cost: the product of their lengths.
fn common(left: &[u32], right: &[u32]) -> usize {
    let mut best = vec![0; right.len() + 1];
    for l in left {
        let mut diagonal = 0;
        for (at, r) in right.iter().enumerate() {
            let above = best[at + 1];
            best[at + 1] = if l == r {
                diagonal + 1
            } else {
                above.max(best[at])
            };
            diagonal = above;
        }
    }
    best.last().copied().unwrap_or(0)
}

/// One letter in this many is tested to find out whether two copies are in two scripts.
const LOOKED_AT: usize = 8;

/// Two copies are of two regions if at least one ideograph in this many differs. In a text, one ideograph in three to five has a simplified form.
const REGIONAL: usize = 10;

/// Is one copy in simplified characters and the other in traditional ones, in the parts that agree?
pub(super) fn is_regional(pivot: &Reading<'_>, reading: &Reading<'_>, runs: &[Run]) -> bool {
    let written = |reading: &Reading<'_>, at: usize| {
        let place = reading.places.get(at).map_or(0, |&place| place as usize);
        let rest = reading.text.get(place..).unwrap_or_default();
        rest.chars().next()
    };
    let is_han = |at: &usize| (0x3400..=0x9FFF).contains(&pivot.letters[*at]);
    let (mut looked_at, mut others) = (0, 0);
    for run in runs {
        let range = run.left..run.left + run.length;
        for at in range.step_by(LOOKED_AT).filter(is_han) {
            let there = at - run.left + run.right;
            looked_at += 1;
            others += usize::from(written(pivot, at) != written(reading, there));
        }
    }
    looked_at >= REGIONAL && REGIONAL * others >= looked_at
}

/// Are these ideographs and digits that begin no word with a regional spelling? Then folding does not change them.
fn has_no_phrase(letters: &[u32]) -> bool {
    let is_plain = |&letter: &u32| matches!(letter, 0x30..=0x39 | 0x3400..=0x9FFF);
    letters.iter().all(is_plain)
        && !letters
            .windows(2)
            .any(|pair| may_begin_phrase(pair[0], pair[1]))
}

/// `weight` if only the first is true, `-weight` if only the second is, otherwise 0.
fn balance(first: bool, second: bool, weight: f64) -> f64 {
    weight * (f64::from(u8::from(first)) - f64::from(u8::from(second)))
}

/// The share of unreadable characters in the words of some letters, from 0 to 1.
fn unread(reading: &Reading<'_>, range: &Range<usize>) -> f64 {
    let wide = widened(reading, range);
    let gaps = reading.gaps.get(wide.start..=wide.end).unwrap_or_default();
    // A question mark at the end of a question is after a word and before a space.
    let in_word = |bits: u16| bits & gap::QUESTION != 0 && bits & (gap::SPACE | gap::BREAK) == 0;
    let unread = |&&bits: &&u16| bits & gap::UNREAD != 0 || in_word(bits);
    let count = gaps.iter().filter(unread).count();
    (2 * count) as f64 / (range.len().max(2 * count).max(1)) as f64
}

fn has_marks(reading: &Reading<'_>, range: &Range<usize>) -> bool {
    let gaps = reading
        .gaps
        .get(range.start..=range.end)
        .unwrap_or_default();
    gaps.iter()
        .any(|bits| bits & (gap::MARKS | gap::SYMBOL) != 0)
}

/// The number of accents that the left letters have in excess of the right ones; 0 if the letters differ in other ways.
fn accents(left: &[u32], right: &[u32]) -> i32 {
    if left.len() != right.len() || left.iter().zip(right).any(|(&l, &r)| bare(l) != bare(r)) {
        return 0;
    }
    let count = |letters: &[u32]| {
        letters
            .iter()
            .filter(|&&letter| bare(letter) != letter)
            .count() as i32
    };
    count(left) - count(right)
}

/// Is it a letter without accents that is not of older print?
pub(super) fn is_plain(letter: u32) -> bool {
    let c = char::from_u32(letter).unwrap_or(' ');
    bare(letter) == letter && !has_old_letters(c.encode_utf8(&mut [0; 4]))
}

/// A letter without its accents.
fn bare(letter: u32) -> u32 {
    let mut base = letter;
    if let Some(c) = char::from_u32(letter).filter(|c| !c.is_ascii() && *c < '\u{2000}') {
        unicode_normalization::char::decompose_canonical(c, |part| {
            if !unicode_normalization::char::is_combining_mark(part) {
                base = u32::from(part);
            }
        });
    }
    base
}
