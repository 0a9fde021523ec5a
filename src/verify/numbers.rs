//! Do two editions say different numbers?
//!
//! A number stands with what it counts: `7月20日`, `30期156条`, `2.6万间`. An *expression* is a run of digits and Han
//! numerals, with single characters between them. Two expressions in one place conflict where their values differ, however they
//! are written: `三十` is `30`, `1,000` is `1000`, but `7月20日` is not `720日`.

use std::ops::Range;

use crate::normalize::is_unspaced;
use crate::shingle::units;

/// Units around a change that may belong to an expression in it.
const REACH: usize = 12;

/// Decimal digits that a double surely keeps.
const EXACT_DIGITS: usize = 15;

/// Expressions of one change that are still paired in their order.
const PAIRED: usize = 4;

/// English names, of which three letters are enough; those of other languages are not known.
const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// A folded text by units, with what stood between two numbers in the original.
pub(super) struct Numbers<'t, S> {
    pub(super) folded: &'t str,
    pub(super) units: &'t [Range<usize>],
    /// The original of a separator, given its place in the folded text.
    pub(super) separator: S,
}

/// An expression: its units, and what it says.
struct Expression {
    units: Range<usize>,
    /// Each number as its shortest decimal; one of more digits than a double holds as it is written.
    values: Vec<String>,
    has_digits: bool,
}

/// Does a change of `left` against `right` only write the same numbers in another way (`1,000` and `1000`, `三十` and `30`)?
pub(super) fn same_numbers<'t, S: Fn(usize) -> &'t str>(
    left: &Numbers<'t, S>,
    right: &Numbers<'t, S>,
    change: &(Range<usize>, Range<usize>),
) -> bool {
    let only = |numbers: &Numbers<'t, S>, change: &Range<usize>| match numbers
        .expressions(change.clone())
        .as_slice()
    {
        [one] => {
            let bytes = numbers.bytes(&one.units);
            (bytes.start <= change.start && change.end <= bytes.end).then(|| one.values.clone())
        }
        _ => None,
    };
    let said = only(left, &change.0);
    said.is_some() && said == only(right, &change.1)
}

/// Pairs of conflicting expressions (as bytes of the folded texts) in a change of `left` against `right`; with `must_count`,
/// only of those that count the same thing.
pub(super) fn conflicts<'t, S: Fn(usize) -> &'t str>(
    left: &Numbers<'t, S>,
    right: &Numbers<'t, S>,
    change: (Range<usize>, Range<usize>),
    must_count: bool,
) -> Vec<(Range<usize>, Range<usize>)> {
    let on_left = left.expressions(change.0);
    let on_right = right.expressions(change.1);
    if on_left.len() != on_right.len() || on_left.len() > PAIRED {
        return Vec::new();
    }
    let pairs = on_left.iter().zip(&on_right).filter_map(|(l, r)| {
        let counted = left
            .unit(l.units.end)
            .filter(|unit| right.unit(r.units.end) == Some(unit));
        let counted = counted.is_some_and(|unit| is_counter(unit) || is_month(unit));
        let month = l
            .units
            .start
            .checked_sub(1)
            .and_then(|before| left.unit(before));
        let month = month.is_some_and(is_month);
        let sure = counted || (l.has_digits && r.has_digits && !must_count);
        let turned = left
            .date_around(&l.units)
            .is_some_and(|date| right.date_around(&r.units) == Some(date));
        let conflict = sure && l.values != r.values && !turned;
        let with = |units: &Range<usize>| {
            units.start - usize::from(month)..units.end + usize::from(counted)
        };
        conflict.then(|| (left.bytes(&with(&l.units)), right.bytes(&with(&r.units))))
    });
    pairs.collect()
}

/// A character of a script without spaces: what is counted.
fn is_counter(unit: &str) -> bool {
    unit.chars().all(is_unspaced)
}

fn is_month(unit: &str) -> bool {
    let named = |name: &&str| unit == *name || (unit.len() >= 3 && name.starts_with(unit));
    MONTHS.iter().any(named)
}

impl<'t, S: Fn(usize) -> &'t str> Numbers<'t, S> {
    fn unit(&self, at: usize) -> Option<&'t str> {
        self.units.get(at).map(|unit| &self.folded[unit.clone()])
    }

    fn is_number(&self, at: usize) -> bool {
        self.unit(at)
            .is_some_and(|unit| is_digits(unit) || han_numeral(unit).is_some())
    }

    /// One character of a script without spaces, between two numbers.
    fn connects(&self, at: usize) -> bool {
        let single = self
            .unit(at)
            .is_some_and(|unit| unit.chars().count() == 1 && !unit.is_ascii());
        single && at > 0 && self.is_number(at - 1) && self.is_number(at + 1)
    }

    fn bytes(&self, units: &Range<usize>) -> Range<usize> {
        self.units[units.start].start..self.units[units.end - 1].end
    }

    /// The numbers around an expression beside the name of a month, sorted: `12 July 2019` is `July 12, 2019`.
    fn date_around(&self, units: &Range<usize>) -> Option<Vec<u64>> {
        let near = units.start.saturating_sub(2)..(units.end + 2).min(self.units.len());
        let words = near.filter_map(|at| self.unit(at));
        let month = words.clone().any(is_month);
        let mut numbers: Vec<u64> = words.filter_map(|unit| unit.parse().ok()).collect();
        numbers.sort_unstable();
        month.then_some(numbers)
    }

    /// The expressions that the change, in bytes, has a part of.
    fn expressions(&self, change: Range<usize>) -> Vec<Expression> {
        let first = self.units.partition_point(|unit| unit.end <= change.start);
        let end = self.units.partition_point(|unit| unit.start < change.end);
        let belongs = |at: usize| self.is_number(at) || self.connects(at);
        let mut at = (first.saturating_sub(REACH)..first)
            .rev()
            .take_while(|&at| belongs(at))
            .last()
            .unwrap_or(first);
        let last = (end + REACH).min(self.units.len());
        let mut found = Vec::new();
        while at < end {
            if !self.is_number(at) {
                at += 1;
                continue;
            }
            let to = (at..last).find(|&at| !belongs(at)).unwrap_or(last);
            found.extend(self.expression(at..to));
            at = to;
        }
        found.retain(|expression| expression.units.end > first);
        found
    }

    fn expression(&self, units: Range<usize>) -> Option<Expression> {
        let mut reader = Reader::default();
        let mut has_digits = false;
        for at in units.clone() {
            let unit = self.unit(at)?;
            if is_digits(unit) {
                has_digits = true;
                let before = at.checked_sub(1).filter(|&before| {
                    before >= units.start && self.unit(before).is_some_and(is_digits)
                });
                let separator =
                    before.map(|before| (self.separator)(self.units[before].end).trim());
                reader.digits(unit, separator);
            } else if let Some(numeral) = han_numeral(unit) {
                reader.numeral(numeral);
            } else {
                reader.end();
            }
        }
        reader.end();
        Some(Expression {
            units,
            values: reader.values,
            has_digits,
        })
    }
}

/// What a folded text says that is nothing but one number.
pub(crate) fn number(folded: &str) -> Option<f64> {
    let mut reader = Reader::default();
    for unit in units(folded) {
        let unit = &folded[unit];
        match han_numeral(unit) {
            Some(numeral) => reader.numeral(numeral),
            None if is_digits(unit) => reader.digits(unit, None),
            None => return None,
        }
    }
    reader.end();
    match reader.values.as_slice() {
        [value] => value.parse().ok(),
        _ => None,
    }
}

/// English numbers, ordinals, days and months, sorted: what two items of one form differ in. Those of other languages are not
/// known.
const NAMED: [&str; 57] = [
    "april",
    "august",
    "december",
    "eight",
    "eighteen",
    "eighty",
    "eleven",
    "february",
    "fifteen",
    "fifth",
    "fifty",
    "first",
    "five",
    "forty",
    "four",
    "fourteen",
    "fourth",
    "friday",
    "hundred",
    "january",
    "july",
    "june",
    "march",
    "may",
    "monday",
    "nil",
    "nine",
    "nineteen",
    "ninety",
    "november",
    "october",
    "one",
    "saturday",
    "second",
    "september",
    "seven",
    "seventeen",
    "seventh",
    "seventy",
    "six",
    "sixteen",
    "sixth",
    "sixty",
    "sunday",
    "ten",
    "third",
    "thirteen",
    "thirty",
    "thousand",
    "three",
    "thursday",
    "tuesday",
    "twelve",
    "twenty",
    "two",
    "wednesday",
    "zero",
];

/// Letters of the longest name.
const LONGEST: usize = 9;

/// For each length, a bit for each letter that a name begins with, and for each that one ends with.
const ENDS: [(u32, u32); LONGEST + 1] = {
    let mut ends = [(0, 0); LONGEST + 1];
    let mut at = 0;
    while at < NAMED.len() {
        let name = NAMED[at].as_bytes();
        let ends = &mut ends[name.len()];
        ends.0 |= letter_bit(name[0]);
        ends.1 |= letter_bit(name[name.len() - 1]);
        at += 1;
    }
    ends
};

const fn letter_bit(letter: u8) -> u32 {
    1 << (letter & 31)
}

/// Does a unit say a number or a date: digits, a Han numeral, an English number, month or day?
#[inline(never)]
pub(super) fn is_number(unit: &str) -> bool {
    let bytes = unit.as_bytes();
    match bytes {
        [b'0'..=b'9', ..] => is_digits(unit),
        [first @ b'a'..=b'z', .., last] if bytes.len() <= LONGEST => {
            let (firsts, lasts) = ENDS[bytes.len()];
            // Of the words that are none, few begin and end like one of their length.
            firsts & letter_bit(*first) != 0
                && lasts & letter_bit(*last) != 0
                && NAMED.binary_search(&unit).is_ok()
        }
        [0..=0x7F, ..] | [] => false,
        _ => unit.chars().next().is_some_and(is_han_number),
    }
}

/// Is a character one of a number, in its folded form?
#[inline]
pub(super) fn is_han_number(c: char) -> bool {
    let (word, bit) = low_byte(c);
    HAN_NUMBERS[word] & bit != 0 && is_one_of_han_numbers(c)
}

/// A bit for the lower eight bits of each Han number: of all characters, one in sixteen has such a one.
const HAN_NUMBERS: [u64; 4] = {
    let numbers = [
        '〇', '零', '一', '二', '两', '三', '四', '五', '六', '七', '八', '九', '十', '百', '千',
        '万', '亿',
    ];
    let mut bits = [0; 4];
    let mut at = 0;
    while at < numbers.len() {
        let (word, bit) = low_byte(numbers[at]);
        bits[word] |= bit;
        at += 1;
    }
    bits
};

const fn low_byte(c: char) -> (usize, u64) {
    let byte = c as usize % 256;
    (byte / 64, 1 << (byte % 64))
}

#[inline(never)]
fn is_one_of_han_numbers(c: char) -> bool {
    matches!(
        c,
        '〇' | '零'
            | '一'
            | '二'
            | '两'
            | '三'
            | '四'
            | '五'
            | '六'
            | '七'
            | '八'
            | '九'
            | '十'
            | '百'
            | '千'
            | '万'
            | '亿'
    )
}

fn is_digits(unit: &str) -> bool {
    unit.bytes().all(|byte| byte.is_ascii_digit())
}

#[derive(Clone, Copy)]
enum Numeral {
    Digit(u8),
    /// Multiplies the digit before it.
    Tens(f64),
    /// Multiplies all before it.
    Myriads(f64),
}

/// Han numerals in their folded form.
fn han_numeral(unit: &str) -> Option<Numeral> {
    let digits = [
        "〇零", "一", "二两", "三", "四", "五", "六", "七", "八", "九",
    ];
    let digit = (0..).zip(digits).find(|(_, forms)| forms.contains(unit));
    match unit {
        "" => None,
        "十" => Some(Numeral::Tens(1e1)),
        "百" => Some(Numeral::Tens(1e2)),
        "千" => Some(Numeral::Tens(1e3)),
        "万" => Some(Numeral::Myriads(1e4)),
        "亿" => Some(Numeral::Myriads(1e8)),
        _ => digit.map(|(value, _)| Numeral::Digit(value)),
    }
}

/// Reads numbers one after another.
#[derive(Default)]
struct Reader {
    values: Vec<String>,
    open: bool,
    /// Digits that are too many to count with.
    long: Option<String>,
    total: f64,
    /// What was read since the last multiplier.
    last: f64,
    /// Digits after the decimal point, once there is one.
    decimals: Option<i32>,
}

impl Reader {
    /// Digits, and what stood between them and the digits before.
    fn digits(&mut self, digits: &str, separator: Option<&str>) {
        let value: f64 = digits.parse().unwrap_or(f64::INFINITY);
        let places = digits.len() as i32;
        match separator {
            Some(",") if places == 3 && self.decimals.is_none() => {
                self.last = self.last * 1e3 + value
            }
            Some(".") if self.decimals.is_none() => {
                self.last += value / 10_f64.powi(places);
                self.decimals = Some(places);
                return;
            }
            _ => {
                self.end();
                self.last = value;
                self.long = (digits.len() > EXACT_DIGITS).then(|| digits.to_owned());
            }
        }
        self.open = true;
    }

    fn numeral(&mut self, numeral: Numeral) {
        match numeral {
            Numeral::Digit(digit) => self.last = self.last * 10.0 + f64::from(digit),
            Numeral::Tens(times) => {
                self.total += if self.last == 0.0 {
                    times
                } else {
                    self.last * times
                };
                self.last = 0.0;
            }
            Numeral::Myriads(times) => {
                let before = self.total + self.last;
                self.total = if before == 0.0 { times } else { before * times };
                self.last = 0.0;
            }
        }
        self.open = true;
    }

    fn end(&mut self) {
        if self.open {
            let value = (self.total + self.last).to_string();
            self.values.push(self.long.take().unwrap_or(value));
        }
        *self = Self {
            values: std::mem::take(&mut self.values),
            ..Self::default()
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// By a look at every name.
    fn is_number_by_list(unit: &str) -> bool {
        match unit.chars().next() {
            Some('0'..='9') => is_digits(unit),
            Some('a'..='z') => NAMED.contains(&unit),
            Some(c) => "〇零一二两三四五六七八九十百千万亿".contains(c),
            None => false,
        }
    }

    proptest! {
        #[test]
        fn no_name_is_overlooked(unit in "[a-z]{0,10}|[a-z0-9é一七国]{0,3}") {
            prop_assert_eq!(is_number(&unit), is_number_by_list(&unit));
        }
    }

    #[test]
    fn every_name_is_a_number() {
        assert!(NAMED.is_sorted() && NAMED.into_iter().all(is_number));
        let han = "〇零一二两三四五六七八九十百千万亿";
        assert!(('〇'..='龥').all(|c| is_han_number(c) == han.contains(c)));
        for word in ["the", "mat", "sex", "nix", "fix", "octant"] {
            assert!(!is_number(word), "{word}");
        }
    }
}
