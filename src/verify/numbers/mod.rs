//! Do two editions have different numbers?
//!
//! A number is compared with what it counts: `7月20日`, `30期156条`, `2.6万间`. An *expression* is a run of digits, numerals, names of
//! numbers, months and weekdays, with the marks and words that join them. Two expressions in one place conflict if their values
//! differ. The writing does not matter: `三十` is `30`, `1,000` is `1000`, `12 July` is `July 12`. But `7月20日` is not `720日`.
//!
//! The decision and the evidence read values in the same way. Where the digits are the same, the decision assumes a lost mark,
//! because scans and web pages lose marks; the evidence shows the conflict.

mod dates;
mod han;
mod names;
mod read;
mod tokens;
mod words;

use std::borrow::Cow;
use std::ops::Range;

use crate::shingle::units;
use crate::verify::Letters;

pub(crate) use han::is_han_number;
use names::{compound, is_name};
use read::{Item, readings};
use tokens::{Token, Window};

/// Maximum units around a change that may belong to an expression in it.
const REACH: usize = 12;

/// As above, for the decision: a row of numbers is read no further than a date with its time is long.
const DECISION_REACH: usize = 6;

/// Maximum expressions of one change that are paired in their order.
const PAIRED: usize = 4;

/// The effect of a change on the numbers in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ValueChange {
    /// It writes the same values in another way and changes nothing else.
    Same,
    /// Both sides have numbers, and these differ.
    Conflict,
    /// Anything else: one side has no number, only a mark between digits is lost, or words change next to equal numbers.
    Other,
}

/// The relation of two expressions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Agreement {
    Same,
    /// One is a part of the other, which is a date.
    Part,
    /// The same digits, but different numbers.
    LostMark,
    Conflict,
}

/// The effect of a change of letters on the numbers around it. If one side has no sure number, the words of most changes show that
/// they need not be read: only a part of an expression can have the same value, or conflict with one.
pub(super) fn compare_values(
    left: &Letters,
    right: &Letters,
    change: &(Range<usize>, Range<usize>),
) -> ValueChange {
    let units = (
        changed_units(left, &change.0),
        changed_units(right, &change.1),
    );
    let sure = left.has_number(units.0.clone()) && right.has_number(units.1.clone());
    let may_belong = |text: &Letters, units: &Range<usize>| {
        let mut units = units.clone();
        let belongs = |unit: &str| tokens::may_belong(unit) || roman(unit).is_some();
        units.all(|unit| belongs(&text.text(&text.unit(unit))))
    };
    let worth_reading = sure || (may_belong(left, &units.0) && may_belong(right, &units.1));
    if sure && are_long_digits([(left, &units.0), (right, &units.1)]) {
        return ValueChange::Conflict;
    }
    if !worth_reading {
        return ValueChange::Other;
    }
    Place::of_letters(left, units.0).compare(&Place::of_letters(right, units.1))
}

/// Is one number of three digits or more changed into another with as many digits? Most conflicts are of this kind, and the text
/// around them cannot explain them.
fn are_long_digits(sides: [(&Letters, &Range<usize>); 2]) -> bool {
    let [left, right] = sides.map(|(text, units)| {
        let letters = &text.letters()[text.unit(units.start)];
        let digits =
            units.len() == 1 && letters.len() > 2 && letters.iter().all(char::is_ascii_digit);
        digits.then_some(letters)
    });
    left.zip(right)
        .is_some_and(|(left, right)| left.len() == right.len() && left != right)
}

/// A folded text by units, with access to the separators of the original.
pub(super) struct Numbers<'t, S> {
    pub(super) folded: &'t str,
    pub(super) units: &'t [Range<usize>],
    /// The original of a separator, given its place in the folded text.
    pub(super) separator: S,
}

/// Does a change of `left` against `right` only write the same numbers in another way (`1,000` and `1000`, `三十` and `30`)?
pub(super) fn same_numbers<'t, S: Fn(usize) -> &'t str>(
    left: &Numbers<'t, S>,
    right: &Numbers<'t, S>,
    change: &(Range<usize>, Range<usize>),
) -> bool {
    let (left, right) = (left.place(&change.0), right.place(&change.1));
    left.same_in(&left.expressions(), &right, &right.expressions()) || is_same_roman(&left, &right)
}

/// A conflict of two expressions, as bytes of the folded texts.
pub(super) struct Conflict {
    pub(super) left: Range<usize>,
    pub(super) right: Range<usize>,
    /// Are both dates?
    pub(super) is_date: bool,
}

/// Conflicting expressions in a change of `left` against `right`; with `must_count`, only those that count the same thing.
pub(super) fn conflicts<'t, S: Fn(usize) -> &'t str>(
    left: &Numbers<'t, S>,
    right: &Numbers<'t, S>,
    change: &(Range<usize>, Range<usize>),
    must_count: bool,
) -> Vec<Conflict> {
    let (on_left, on_right) = (left.place(&change.0), right.place(&change.1));
    let expressions = (on_left.expressions(), on_right.expressions());
    let Some(pairs) = paired(&expressions.0, &expressions.1) else {
        return Vec::new();
    };
    let conflicts = pairs.into_iter().filter_map(|(l, r)| {
        let next = (
            on_left.window.unit(l.units.end),
            on_right.window.unit(r.units.end),
        );
        let counts = next.0 == next.1 && is_counter(next.0) && !l.counts_like(r);
        let counted = counts || l.counts_like(r);
        let sure = counted || (l.is_firm_against(r) && !must_count);
        let agreement = l.agreement(r);
        let conflict = sure && matches!(agreement, Agreement::LostMark | Agreement::Conflict);
        let with = |units: &Range<usize>| units.start..units.end + usize::from(counts);
        conflict.then(|| Conflict {
            left: left.bytes(&on_left, &with(&l.units)),
            right: right.bytes(&on_right, &with(&r.units)),
            is_date: l.is_date() && r.is_date(),
        })
    });
    conflicts.collect()
}

/// Is a unit text of a script without spaces, which may name the thing that is counted?
fn is_counter(unit: &str) -> bool {
    !unit.is_empty() && unit.chars().all(crate::normalize::is_unspaced)
}

impl<'t, S: Fn(usize) -> &'t str> Numbers<'t, S> {
    /// A change, given in bytes, with the units around it.
    fn place(&self, change: &Range<usize>) -> Place<'t> {
        let first = self.units.partition_point(|unit| unit.end <= change.start);
        let end = self
            .units
            .partition_point(|unit| unit.start < change.end)
            .max(first);
        let units = first.saturating_sub(REACH)..(end + REACH).min(self.units.len());
        let before = |at: usize| {
            let last = self.units[at.checked_sub(1)?].end;
            let joined = last == self.units[at].start;
            Some(if joined { "" } else { (self.separator)(last) })
        };
        Place::new(
            Window {
                text: Cow::Borrowed(self.folded),
                units: self.units[units.clone()].to_vec(),
                before: units.clone().map(before).collect(),
            },
            units.start,
            first..end,
        )
    }

    fn bytes(&self, place: &Place<'_>, units: &Range<usize>) -> Range<usize> {
        let (first, last) = (place.first + units.start, place.first + units.end - 1);
        self.units[first].start..self.units[last].end
    }
}

/// A change with the units around it and their tokens.
struct Place<'t> {
    window: Window<'t>,
    tokens: Vec<Token>,
    /// Index in the text of the first unit of the window.
    first: usize,
    /// The changed units of the window.
    change: Range<usize>,
}

/// An expression: its units and their readings.
struct Expression {
    units: Range<usize>,
    tokens: Vec<Token>,
    readings: Vec<Vec<Item>>,
    /// Its numbers as they are written, without the units that join them.
    written: String,
    /// Its last unit.
    last: String,
}

impl<'t> Place<'t> {
    fn new(window: Window<'t>, first: usize, change: Range<usize>) -> Self {
        Self {
            tokens: window.tokens(),
            window,
            first,
            change: change.start - first..change.end - first,
        }
    }

    /// A change of letters. The separators between the units are not known.
    fn of_letters(text: &Letters, changed: Range<usize>) -> Self {
        let units = changed.start.saturating_sub(DECISION_REACH)
            ..(changed.end + DECISION_REACH).min(text.units_before(text.len()));
        let mut letters = String::new();
        let mut places = Vec::with_capacity(units.len());
        for unit in units.clone() {
            let start = letters.len();
            letters.extend(&text.letters()[text.unit(unit)]);
            places.push(start..letters.len());
        }
        let window = Window {
            text: Cow::Owned(letters),
            units: places,
            before: vec![None; units.len()],
        };
        Self::new(window, units.start, changed)
    }

    /// Expressions that are partly inside the change, or next to it if it is empty.
    fn expressions(&self) -> Vec<Expression> {
        self.expressions_among(0..self.tokens.len())
    }

    /// As above, among these units only.
    fn expressions_among(&self, units: Range<usize>) -> Vec<Expression> {
        let change = &self.change;
        let mut found = Vec::new();
        let mut at = units.start;
        while at < units.end {
            let belongs = |&at: &usize| at < units.end && self.tokens[at] != Token::Other;
            let end = (at..)
                .take_while(belongs)
                .last()
                .map_or(at, |last| last + 1);
            let touches = if change.is_empty() {
                at <= change.start && change.start <= end
            } else {
                at < change.end && change.start < end
            };
            if end > at && touches {
                found.push(self.expression(at..end));
            }
            at = end + 1;
        }
        found.retain(|expression| expression.tokens.iter().any(|token| token.is_core()));
        found
    }

    fn expression(&self, units: Range<usize>) -> Expression {
        let cores = units.clone().filter(|&at| self.tokens[at].is_core());
        Expression {
            readings: readings(&self.window, &self.tokens, &units),
            tokens: self.tokens[units.clone()].to_vec(),
            written: cores.map(|at| self.window.unit(at)).collect(),
            last: self.window.unit(units.end - 1).to_owned(),
            units,
        }
    }

    /// The decision. The changed units are compared first, because numbers around them may be changed as well.
    fn compare(&self, other: &Self) -> ValueChange {
        let changed = (
            self.expressions_among(self.change.clone()),
            other.expressions_among(other.change.clone()),
        );
        if self.same_in(&changed.0, other, &changed.1) {
            return ValueChange::Same;
        }
        let whole = (self.expressions(), other.expressions());
        if self.same_in(&whole.0, other, &whole.1) || is_same_roman(self, other) {
            return ValueChange::Same;
        }
        let written = |expressions: &[Expression]| -> String {
            expressions
                .iter()
                .map(|expression| expression.written.as_str())
                .collect()
        };
        if !self.has_number_against(other) || written(&changed.0) == written(&changed.1) {
            return ValueChange::Other;
        }
        let conflict = match paired(&whole.0, &whole.1) {
            Some(pairs) => pairs
                .into_iter()
                .any(|(l, r)| l.agreement(r) == Agreement::Conflict),
            None => true,
        };
        if conflict {
            ValueChange::Conflict
        } else {
            ValueChange::Other
        }
    }

    /// Do these expressions have the same values, and does the change have nothing else?
    fn same_in(&self, own: &[Expression], other: &Self, others: &[Expression]) -> bool {
        let pairs = paired(own, others).unwrap_or_default();
        let same = |(l, r): &(&Expression, &Expression)| l.agreement(r) == Agreement::Same;
        !pairs.is_empty()
            && pairs.iter().all(same)
            && self.is_covered(own)
            && other.is_covered(others)
    }

    /// Do all changed units belong to these expressions?
    fn is_covered(&self, expressions: &[Expression]) -> bool {
        let covers = |at: usize| {
            expressions
                .iter()
                .any(|expression| expression.units.contains(&at))
        };
        self.change.clone().all(covers)
    }

    /// Are numbers changed on both sides? A word with several meanings counts only against a sure number of its kind.
    fn has_number_against(&self, other: &Self) -> bool {
        let cores = |place: &Self| -> Vec<Token> {
            let changed = place.tokens[place.change.clone()].iter().copied();
            changed.filter(|token| token.is_core()).collect()
        };
        let (own, others) = (cores(self), cores(other));
        own.iter()
            .any(|l| others.iter().any(|r| counts_against(*l, *r)))
    }

    /// The changed unit, if there is only one.
    fn only_unit(&self) -> Option<&str> {
        (self.change.len() == 1).then(|| self.window.unit(self.change.start))
    }
}

/// Can the numbers, months or days of two units conflict?
fn counts_against(left: Token, right: Token) -> bool {
    match (left.is_strong(), right.is_strong()) {
        (true, true) => true,
        (false, false) => false,
        _ => left.is_kind_of(right),
    }
}

/// The expressions in pairs, if there are as many on both sides.
fn paired<'e>(
    left: &'e [Expression],
    right: &'e [Expression],
) -> Option<Vec<(&'e Expression, &'e Expression)>> {
    let pairs = left.len() == right.len() && left.len() <= PAIRED;
    pairs.then(|| left.iter().zip(right).collect())
}

/// Is a number in digits on one side equal to a Roman number on the other? Only single units are compared: `IV` is `4`, but `mix`
/// is a word.
fn is_same_roman(left: &Place<'_>, right: &Place<'_>) -> bool {
    let (Some(left), Some(right)) = (left.only_unit(), right.only_unit()) else {
        return false;
    };
    let is = |digits: &str, letters: &str| {
        is_digits(digits) && roman(letters).is_some_and(|value| digits.parse() == Ok(value))
    };
    is(left, right) || is(right, left)
}

/// The value of a Roman number up to 3999.
pub(super) fn roman(letters: &str) -> Option<u32> {
    const SIGNS: [(&str, u32); 13] = [
        ("m", 1000),
        ("cm", 900),
        ("d", 500),
        ("cd", 400),
        ("c", 100),
        ("xc", 90),
        ("l", 50),
        ("xl", 40),
        ("x", 10),
        ("ix", 9),
        ("v", 5),
        ("iv", 4),
        ("i", 1),
    ];
    let (mut rest, mut value) = (letters, 0);
    for (sign, worth) in SIGNS {
        let most = if sign.len() == 1 && !matches!(sign, "v" | "l" | "d") {
            3
        } else {
            1
        };
        for _ in 0..most {
            let Some(behind) = rest.strip_prefix(sign) else {
                break;
            };
            (rest, value) = (behind, value + worth);
        }
    }
    (rest.is_empty() && value > 0).then_some(value)
}

impl Expression {
    fn agreement(&self, other: &Self) -> Agreement {
        let any = |holds: fn(&[Item], &[Item]) -> bool| {
            let against = |own: &Vec<Item>| other.readings.iter().any(|others| holds(own, others));
            self.readings.iter().any(against)
        };
        if any(dates::agree) {
            Agreement::Same
        } else if any(dates::is_part) {
            Agreement::Part
        } else if self.written == other.written {
            Agreement::LostMark
        } else {
            Agreement::Conflict
        }
    }

    /// Does one have digits or sure names, and the other a number that counts against them? Han numerals do not count, because they are
    /// parts of words too.
    fn is_firm_against(&self, other: &Self) -> bool {
        let counts = |side: &Self| -> Vec<Token> {
            let tokens = side.tokens.iter().copied();
            tokens
                .filter(|token| token.is_core() && !matches!(token, Token::Han(_)))
                .collect()
        };
        let (own, others) = (counts(self), counts(other));
        own.iter()
            .any(|l| others.iter().any(|r| counts_against(*l, *r)))
    }

    /// Do both show what they count: the same part of a date, or a month?
    fn counts_like(&self, other: &Self) -> bool {
        let month = |side: &Self| side.readings.iter().any(|items| dates::has_month(items));
        let mark = |side: &Self| {
            side.tokens
                .last()
                .is_some_and(|token| matches!(token, Token::Mark(_)))
        };
        (mark(self) && mark(other) && self.last == other.last) || (month(self) && month(other))
    }

    fn is_date(&self) -> bool {
        self.readings.iter().any(|items| dates::is_date(items))
    }
}

/// The units that overlap a range of letters. For an empty range, its place among the units.
fn changed_units(text: &Letters, change: &Range<usize>) -> Range<usize> {
    if !change.is_empty() {
        return text.units(change);
    }
    let behind = text.units_before(change.start);
    if text.is_edge(change.start) {
        behind..behind
    } else {
        behind.saturating_sub(1)..behind
    }
}

/// The value of a folded text that is one number and nothing else.
pub(crate) fn number(folded: &str) -> Option<f64> {
    let units = units(folded);
    // Marks between digits separate numbers here, and names do not count as numbers.
    let numeral = |unit: &Range<usize>| {
        let unit = &folded[unit.clone()];
        is_digits(unit) || han::numeral(unit).is_some()
    };
    if units.is_empty() || !units.iter().all(numeral) {
        return None;
    }
    let window = Window {
        text: Cow::Borrowed(folded),
        before: vec![Some(""); units.len()],
        units,
    };
    let readings = readings(&window, &window.tokens(), &(0..window.units.len()));
    match readings.first()?.as_slice() {
        [item] => item.value.parse().ok(),
        _ => None,
    }
}

/// The part of a date that a folded word names, if it is a month or a weekday in any language of the tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DateWord {
    /// From 1 on.
    Month(i8),
    Weekday,
}

/// The month that a folded word names, or else that it names a weekday; abbreviations included.
pub(crate) fn date_word(folded: &str) -> Option<DateWord> {
    let names = names::names(folded);
    let month = names.month.map(|meaning| meaning.name);
    match month {
        Some(names::Name::Month(month)) => i8::try_from(month).ok().map(DateWord::Month),
        _ => names.weekday.map(|_| DateWord::Weekday),
    }
}

/// Is a unit a number or a date: digits, a Han numeral, or a name of a number, month or day without another meaning?
#[inline(never)]
pub(super) fn is_number(unit: &str) -> bool {
    match unit.as_bytes() {
        [b'0'..=b'9', ..] => is_digits(unit),
        [0xE3..=0xE9, _, _] => unit.chars().next().is_some_and(is_han_number),
        // German and Dutch compounds have eleven letters or more. Few other words are so long and have this ending.
        [.., b'i', b'g'] if unit.len() > 10 && is_compound(unit) => true,
        _ => is_name(unit),
    }
}

#[inline(never)]
fn is_compound(unit: &str) -> bool {
    compound(unit).is_some()
}

fn is_digits(unit: &str) -> bool {
    !unit.is_empty() && unit.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests;
