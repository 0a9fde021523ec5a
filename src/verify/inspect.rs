//! Classifies one change: misread letters, another spelling, another number, or other text?

use std::ops::Range;

use crate::normalize::is_unspaced;
use crate::verify::changes::{Change, is_at_an_end};
use crate::verify::distance::distance;
use crate::verify::numbers::{ValueChange, compare_values};
use crate::verify::series::numbers_items;
use crate::verify::spelling::is_one_word;
use crate::verify::{Letters, MAX_CHANGE};

/// Minimum share of letters that agree in a misread change.
const MIN_MISREAD_AGREEMENT: f64 = 0.5;

/// Maximum characters of a change in a script without spaces that counts as one misread or lost character.
pub(super) const MAX_MISREAD_CHARACTERS: usize = 2;

/// Maximum words, numbers not counted, of a change that may be one slot of a form; a longer change is other text.
const MAX_SLOT_WORDS: usize = 12;

/// Maximum units of a change that may rewrite a date or a number: `5 July`, `the fifth of July`.
const MAX_REWRITTEN_UNITS: usize = 6;

/// One change with its classification.
pub(super) struct Inspected<'c> {
    pub(super) change: &'c Change,
    pub(super) sides: [&'c [char]; 2],
    /// Letters to insert, remove or replace.
    pub(super) edits: usize,
    /// Words and characters without the numbers, on the side with more.
    pub(super) units: usize,
    /// Do both sides have the same number, written in different ways?
    pub(super) same_value: bool,
    /// Do the two sides number items of a series?
    pub(super) numbering: bool,
    /// Do numbers conflict?
    pub(super) conflict: bool,
    pub(super) misread: bool,
    /// Are both sides non-empty?
    pub(super) both: bool,
    /// Is it at the start or the end of both texts?
    pub(super) at_an_end: bool,
}

impl<'c> Inspected<'c> {
    pub(super) fn new(left: &'c Letters, right: &'c Letters, change: &'c Change) -> Self {
        let sides = [
            &left.letters()[change.0.clone()],
            &right.letters()[change.1.clone()],
        ];
        let units = words(left, &change.0).max(words(right, &change.1));
        // In other text, different numbers are no conflict.
        let values = if units > MAX_SLOT_WORDS {
            ValueChange::Other
        } else {
            value_change(left, right, change)
        };
        let numbering = units <= 2 && numbers_items(left, right, change);
        let conflict = values == ValueChange::Conflict || numbering;
        let edits = edits(sides[0], sides[1]);
        let mut inspected = Self {
            change,
            sides,
            edits,
            units,
            same_value: values == ValueChange::Same,
            numbering,
            conflict,
            misread: false,
            both: sides.iter().all(|side| !side.is_empty()),
            at_an_end: is_at_an_end(change, (left.len(), right.len())),
        };
        let is_word = || !conflict && is_one_word(left, right, change);
        inspected.misread = inspected.reads_alike() || is_word();
        inspected
    }

    /// Number of letters on the longer side.
    pub(super) fn longer(&self) -> usize {
        self.sides[0].len().max(self.sides[1].len())
    }

    /// Do as many letters agree as in one misread word?
    fn reads_alike(&self) -> bool {
        let longer = self.longer();
        let close = 1.0 - self.edits as f64 / longer.max(1) as f64 >= MIN_MISREAD_AGREEMENT;
        let unspaced = || self.sides.concat().into_iter().all(is_unspaced);
        let character = longer <= MAX_MISREAD_CHARACTERS && unspaced();
        let other_digits = self.units == 1 && have_other_digits(self.sides);
        (close || character)
            && !self.numbering
            && !other_digits
            && (self.units > 0 || !self.conflict)
    }

    /// May the change be one slot of a form?
    pub(super) fn is_place(&self) -> bool {
        !self.same_value && self.units <= MAX_SLOT_WORDS
    }

    pub(super) fn misread_units(&self) -> usize {
        if self.misread { self.units } else { 0 }
    }
}

/// Are the two sides one name with different digits, such as sha1sum and sha256sum?
fn have_other_digits(sides: [&[char]; 2]) -> bool {
    let [left, right] = sides.map(|side| {
        let (digits, letters): (Vec<char>, Vec<char>) =
            side.iter().partition(|letter| letter.is_ascii_digit());
        (letters, digits)
    });
    let numbered = !left.1.is_empty() && !right.1.is_empty();
    numbered && left.0 == right.0 && left.0.len() >= MIN_NAME_LETTERS && left.1 != right.1
}

/// Minimum letters of a name, without digits. Fewer letters may be misread digits.
const MIN_NAME_LETTERS: usize = 3;

/// Edits between the two sides of a change; the length of the longer side if it is too long to inspect.
fn edits(left: &[char], right: &[char]) -> usize {
    let longer = left.len().max(right.len());
    if left.is_empty() || right.is_empty() || longer > MAX_CHANGE {
        return longer;
    }
    distance(left, right)
}

/// Effect of a change on numbers. Only changes with a number on both sides count, and short changes with a number next to them.
fn value_change(left: &Letters, right: &Letters, change: &Change) -> ValueChange {
    let units = |text: &Letters, range: &Range<usize>| {
        text.units_before(range.start + 1).saturating_sub(1)..text.units_before(range.end)
    };
    let (l, r) = (units(left, &change.0), units(right, &change.1));
    let around = |units: &Range<usize>| units.start.saturating_sub(2)..units.end + 2;
    let is_short = l.len().max(r.len()) <= MAX_REWRITTEN_UNITS;
    let inside = left.has_number(l.clone()) && right.has_number(r.clone());
    let beside = is_short && (left.has_number(around(&l)) || right.has_number(around(&r)));
    if inside || beside {
        compare_values(left, right, change)
    } else {
        ValueChange::Other
    }
}

/// The numbers of a range, joined into one string.
pub(super) fn numbers(text: &Letters, range: &Range<usize>) -> String {
    let units = text.units(range).filter(|&unit| text.is_number(unit));
    let letters = units.flat_map(|unit| &text.letters()[text.unit(unit)]);
    letters.collect()
}

/// Number of units of a range that are not numbers.
fn words(text: &Letters, range: &Range<usize>) -> usize {
    let units = text.units(range);
    units.filter(|&unit| !text.is_number(unit)).count()
}
