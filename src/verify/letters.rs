//! The letters of a text without spaces. Noise of a scan and respelling change few of them.

use std::ops::Range;
use std::sync::OnceLock;

use crate::normalize::is_unspaced;
use crate::shingle::{SPACED_GRAM, UNSPACED_GRAM, UnitKind, for_each_unit, gram_length};
use crate::verify::Overlap;
use crate::verify::gram_index::GramIndex;
use crate::verify::tally::{Tally, ideograph};

/// A folded text as letters without spaces, with the places of its units and grams. It takes about 20 bytes of memory a letter.
///
/// ```
/// use reprint::verify::Letters;
///
/// let (print, scan) = (Letters::new("in the harbour"), Letters::new("inthe harbonr"));
/// // inthehar, without harbou and what else has the wrong letter.
/// assert_eq!(print.grams(&scan).shared, 5);
/// ```
#[derive(Clone, Debug)]
pub struct Letters {
    letters: Vec<char>,
    /// The place where each unit starts, ascending.
    starts: Vec<u32>,
    /// Indices of the units that are numbers, ascending.
    numbered: Vec<u32>,
    tally: Tally,
    grams: OnceLock<GramIndex>,
}

impl Letters {
    /// Splits a folded text. Cost: one pass; its grams are sorted on first use.
    pub fn new(folded: &str) -> Self {
        let mut taken = Self {
            letters: Vec::with_capacity(letters(folded)),
            // Characters of scripts without spaces take three bytes, a word with its space about six.
            starts: Vec::with_capacity(folded.len() / 3 + 1),
            numbered: Vec::new(),
            tally: Tally::default(),
            grams: OnceLock::new(),
        };
        for_each_unit(folded, |unit, kind| taken.push(folded, unit, kind));
        taken.tally.sort();
        taken
    }

    #[inline]
    fn push(&mut self, folded: &str, unit: Range<usize>, kind: UnitKind) {
        self.starts.push(self.letters.len() as u32);
        if self.tally.count(folded, unit.clone(), kind) {
            self.numbered.push(self.starts.len() as u32 - 1);
        }
        let unit = &folded[unit];
        if let Some(character) = ideograph(unit.as_bytes()) {
            self.letters.push(character);
        } else if unit.is_ascii() {
            self.letters.extend(unit.bytes().map(char::from));
        } else {
            self.letters.extend(unit.chars());
        }
    }

    /// The weight and the numbers of its units.
    pub(super) fn tally(&self) -> &Tally {
        &self.tally
    }

    fn gram_index(&self) -> &GramIndex {
        self.grams.get_or_init(|| GramIndex::new(&self.letters))
    }

    /// Number of letters.
    pub fn len(&self) -> usize {
        self.letters.len()
    }

    /// Is the text empty?
    pub fn is_empty(&self) -> bool {
        self.letters.is_empty()
    }

    /// The weight of its units ([`UnitKind::weight`]).
    pub fn weight(&self) -> usize {
        self.tally.weight()
    }

    /// Counts of the distinct grams of two texts, and of those that they share. Cost: linear.
    pub fn grams(&self, other: &Self) -> Overlap {
        self.gram_index().overlap(other.gram_index())
    }

    /// Weighted counts of the grams that two texts share, and of those that only one has (the smaller count of the two). Each gram
    /// counts 1 / (1 + number of `others` that have it).
    pub(super) fn divided_grams(&self, right: &Self, others: &[&Self]) -> (f64, f64) {
        let others: Vec<&GramIndex> = others.iter().map(|other| other.gram_index()).collect();
        let (shared, left) = self.gram_index().divided(right.gram_index(), &others);
        let (_, right) = right.gram_index().divided(self.gram_index(), &others);
        (shared, left.min(right))
    }

    /// Places, in both texts, of the grams that occur once in each; ordered by the place in this text.
    pub(super) fn anchors(&self, other: &Self) -> Vec<(usize, usize)> {
        const NONE: u32 = u32::MAX;
        let mut met = vec![NONE; self.letters.len()];
        let mut found = 0;
        self.gram_index()
            .unique_common(other.gram_index(), |left, right| {
                if self.has_gram_of(left, other, right) {
                    met[left] = right as u32;
                    found += 1;
                }
            });
        let mut anchors = Vec::with_capacity(found);
        let places = (0..).zip(met).filter(|&(_, right)| right != NONE);
        anchors.extend(places.map(|(left, right)| (left, right as usize)));
        anchors
    }

    pub(super) fn letters(&self) -> &[char] {
        &self.letters
    }

    /// Number of letters of the gram at a place.
    #[inline]
    pub(super) fn gram_length(&self, at: usize) -> usize {
        self.gram(at).len()
    }

    /// Number of letters of most of its grams.
    pub(super) fn usual_gram(&self) -> usize {
        let unspaced = self.letters.iter().filter(|&&letter| is_unspaced(letter));
        if 2 * unspaced.count() > self.letters.len() {
            UNSPACED_GRAM
        } else {
            SPACED_GRAM
        }
    }

    /// Are the grams at these two places equal? Compares the letters, because half hashes collide: once among 93,000 grams.
    #[inline]
    fn has_gram_of(&self, at: usize, other: &Self, there: usize) -> bool {
        let (left, right) = (&self.letters[at..], &other.letters[there..]);
        match (
            left.first_chunk::<SPACED_GRAM>(),
            right.first_chunk::<SPACED_GRAM>(),
        ) {
            (Some(&[a, b, c, d, e, f]), Some(right)) => {
                let [first, second, third, fourth, ..] = *right;
                let four = [a, b, c, d] == [first, second, third, fourth];
                four && (gram_length(left) == UNSPACED_GRAM || [e, f] == right[UNSPACED_GRAM..])
            }
            _ => self.gram(at) == other.gram(there),
        }
    }

    #[inline]
    fn gram(&self, at: usize) -> &[char] {
        let letters = &self.letters[at..];
        &letters[..gram_length(letters).min(letters.len())]
    }

    /// Does a unit start here, or does the text end here?
    pub(super) fn is_edge(&self, at: usize) -> bool {
        at == self.letters.len() || self.starts.binary_search(&(at as u32)).is_ok()
    }

    /// Indices of the units that overlap a range.
    pub(super) fn units(&self, range: &Range<usize>) -> Range<usize> {
        if range.is_empty() {
            return 0..0;
        }
        let starts = |from: usize| self.starts.partition_point(|&start| start as usize <= from);
        let first = starts(range.start).saturating_sub(1);
        first..self.units_before(range.end).max(first)
    }

    /// The range of letters of a unit.
    #[inline]
    pub(super) fn unit(&self, unit: usize) -> Range<usize> {
        let end = self.starts.get(unit + 1);
        let end = end.map_or(self.letters.len(), |&end| end as usize);
        self.starts[unit] as usize..end
    }

    /// Is a unit a number?
    #[inline]
    pub(super) fn is_number(&self, unit: usize) -> bool {
        self.numbered.binary_search(&(unit as u32)).is_ok()
    }

    /// Is one of these units a number?
    pub(super) fn has_number(&self, units: Range<usize>) -> bool {
        let first = self
            .numbered
            .partition_point(|&unit| (unit as usize) < units.start);
        self.numbered
            .get(first)
            .is_some_and(|&unit| (unit as usize) < units.end)
    }

    /// Number of units that start before a place.
    pub(super) fn units_before(&self, at: usize) -> usize {
        self.starts.partition_point(|&start| (start as usize) < at)
    }

    /// Letters as a string.
    pub(super) fn text(&self, range: &Range<usize>) -> String {
        self.letters[range.clone()].iter().collect()
    }
}

/// Number of letters of a folded text: all characters but spaces.
pub(crate) fn letters(folded: &str) -> usize {
    // Counts bytes that begin a character and are no space. Counters of one byte let the compiler vectorise the sum.
    let begins = |byte: u8| u8::from((byte & 0xC0 != 0x80) & (byte != b' '));
    let blocks = folded.as_bytes().chunks(usize::from(u8::MAX));
    let counts = blocks.map(|block| {
        block
            .iter()
            .fold(0, |count: u8, &byte| count + begins(byte))
    });
    counts.map(usize::from).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shingle::units;
    use crate::verify::numbers::is_number;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn grams_are_compared_letter_by_letter(letters in "[ab国]{1,40}", at in 0_usize..40, there in 0_usize..40) {
            let text = Letters::new(&letters);
            let (at, there) = (at % text.len(), there % text.len());
            prop_assert_eq!(text.has_gram_of(at, &text, there), text.gram(at) == text.gram(there));
        }

        #[test]
        fn a_text_is_taken_apart_by_its_units(words in prop::collection::vec("[a-z]{1,9}|[0-9]{1,3}|may|[一-七国]|é|[ก-ค]", 0..40)) {
            let folded = crate::normalize::Normalizer::new().fold(&words.join(" "));
            let taken = Letters::new(&folded);
            let units = units(&folded);
            prop_assert_eq!(taken.letters().iter().collect::<String>(), folded.replace(' ', ""));
            prop_assert_eq!((taken.len(), taken.units(&(0..taken.len()))), (letters(&folded), 0..units.len()));
            for (i, unit) in units.into_iter().enumerate() {
                let unit = &folded[unit];
                prop_assert_eq!(taken.text(&taken.unit(i)), unit);
                prop_assert_eq!(taken.is_number(i), is_number(unit));
            }
            prop_assert_eq!(taken.weight(), crate::shingle::weight(&folded));
            prop_assert_eq!(taken.tally(), &Tally::new(&folded));
        }
    }
}
