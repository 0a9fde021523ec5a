//! Which units of a text belong to an expression, and what is their function in it?

use std::borrow::Cow;
use std::ops::Range;

use super::han::{Numeral, numeral, numeral_of_accounts};
use super::is_digits;
use super::names::{Meaning, Name, Names, compound, names};
use crate::normalize::is_unspaced;

/// The units around a change that an expression in it may reach.
pub(super) struct Window<'t> {
    pub(super) text: Cow<'t, str>,
    pub(super) units: Vec<Range<usize>>,
    /// The original text before each unit, where it is known.
    pub(super) before: Vec<Option<&'t str>>,
}

/// The function of a unit in an expression.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Token {
    Digits,
    Han(Numeral),
    /// A name. The flag is true if the word has another meaning as well.
    Named(Name, bool),
    /// A word between two names of one number: `vingt et un`.
    And,
    /// A word between day, month and year: `2 de julio`.
    Of,
    /// A suffix that makes digits an ordinal: `2nd`.
    Suffix,
    /// A mark for the part of a date that the number before it is: `7月`.
    Mark(Role),
    /// Before noon, or after noon.
    Half {
        is_pm: bool,
    },
    /// A single character between two numbers: `30期156条`.
    Link,
    Other,
}

/// The part of a date that a number is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Plain,
    Year,
    Month,
    Day,
    Weekday,
}

const AND: [&str; 8] = ["and", "e", "en", "et", "und", "y", "и", "و"];
const OF: [&str; 7] = ["de", "del", "di", "do", "of", "tháng", "năm"];
/// Suffixes of English, French, Italian, Spanish and Portuguese (`1º`, `2ª`), and Russian.
const SUFFIXES: [&str; 19] = [
    "a", "e", "ème", "eme", "er", "ère", "го", "е", "nd", "o", "os", "rd", "re", "st", "th", "й",
    "ый", "я", "ге",
];

impl Token {
    /// Does it have a value?
    pub(super) fn is_core(self) -> bool {
        matches!(self, Self::Digits | Self::Han(_) | Self::Named(..))
    }

    /// Is it surely a number, month or day?
    pub(super) fn is_strong(self) -> bool {
        self.is_core() && !matches!(self, Self::Named(_, true))
    }

    /// Does it name a thing of the same kind: a month, a weekday, or another number?
    pub(super) fn is_kind_of(self, other: Self) -> bool {
        let kind = |token: Self| match token {
            Self::Named(Name::Month(_), _) => Role::Month,
            Self::Named(Name::Weekday(_), _) => Role::Weekday,
            _ => Role::Plain,
        };
        self.is_core() && other.is_core() && kind(self) == kind(other)
    }

    fn is_month(self) -> bool {
        matches!(self, Self::Named(Name::Month(_), _))
    }

    fn is_number_word(self) -> bool {
        matches!(
            self,
            Self::Named(Name::Cardinal(_) | Name::Ordinal(_) | Name::Power(_), _)
        )
    }
}

impl Window<'_> {
    pub(super) fn unit(&self, at: usize) -> &str {
        self.units
            .get(at)
            .map_or("", |unit| &self.text[unit.clone()])
    }

    /// The token of every unit.
    pub(super) fn tokens(&self) -> Vec<Token> {
        let cores: Vec<Token> = (0..self.units.len()).map(|at| self.core(at)).collect();
        let mut tokens = cores.clone();
        for at in 0..cores.len() {
            if cores[at] == Token::Other {
                tokens[at] = self.between_cores(at, &tokens, &cores);
            } else if self.is_year_of_vietnam(at) {
                tokens[at] = Token::Of;
            }
        }
        tokens
    }

    /// Vietnamese `năm` means five, and also year before a number.
    fn is_year_of_vietnam(&self, at: usize) -> bool {
        self.unit(at) == "năm" && self.unit(at + 1).len() == 4 && is_digits(self.unit(at + 1))
    }

    fn core(&self, at: usize) -> Token {
        let unit = self.unit(at);
        if is_digits(unit) {
            return Token::Digits;
        }
        if matches!(unit.as_bytes(), [0xE3..=0xE9, _, _]) {
            return self.han(at);
        }
        let Names {
            number,
            month,
            weekday,
        } = names(unit);
        let named = month
            .filter(|month| !month.is_weak || self.is_near(at, is_day))
            .or(number)
            // A full name alone is a month only when compared with another month.
            .or(month.filter(|month| month.is_full))
            .or(weekday.filter(|day| !day.is_weak || self.is_near(at, is_of_date)));
        match named {
            Some(meaning) => Token::Named(meaning.name, meaning.is_weak),
            None => compound(unit).map_or(Token::Other, |value| {
                Token::Named(Name::Cardinal(value), false)
            }),
        }
    }

    fn han(&self, at: usize) -> Token {
        let unit = self.unit(at);
        if let Some(numeral) = numeral(unit) {
            return Token::Han(numeral);
        }
        let beside = |at: usize| is_any_numeral(self.unit(at));
        numeral_of_accounts(unit)
            .filter(|_| at.checked_sub(1).is_some_and(beside) || beside(at + 1))
            .map_or(Token::Other, Token::Han)
    }

    /// Is such a unit next to this one, perhaps with an `of` between?
    fn is_near(&self, at: usize, is_one: fn(&str) -> bool) -> bool {
        let over = |next: usize, far: usize| {
            is_one(self.unit(next)) || (OF.contains(&self.unit(next)) && is_one(self.unit(far)))
        };
        let before = at
            .checked_sub(1)
            .is_some_and(|next| over(next, at.saturating_sub(2)));
        before || over(at + 1, at + 2)
    }

    fn between_cores(&self, at: usize, tokens: &[Token], cores: &[Token]) -> Token {
        let unit = self.unit(at);
        let Some(before) = at.checked_sub(1) else {
            return Token::Other;
        };
        let next = cores.get(at + 1).copied().unwrap_or(Token::Other);
        let digits = tokens[before] == Token::Digits;
        if digits && self.is_suffix(at) {
            return Token::Suffix;
        }
        if let Some(is_pm) = self.half_of_day(at).filter(|_| digits) {
            return Token::Half { is_pm };
        }
        if unit == "m"
            && matches!(tokens[before], Token::Half { .. })
            && matches!(self.unit(before), "a" | "p")
        {
            return Token::Link;
        }
        if let Some(role) =
            mark(unit).filter(|_| matches!(tokens[before], Token::Digits | Token::Han(_)))
        {
            return Token::Mark(role);
        }
        if AND.contains(&unit) && cores[before].is_number_word() && next.is_number_word() {
            return Token::And;
        }
        let of_date = cores[before].is_month() || next.is_month() || unit == "tháng";
        let numbered = cores[before].is_core() || tokens[before] == Token::Suffix;
        if OF.contains(&unit) && of_date && numbered && next.is_core() {
            return Token::Of;
        }
        if is_single(unit) && cores[before].is_core() && next.is_core() {
            return Token::Link;
        }
        Token::Other
    }

    /// A unit after a space is a separate word. Where the separator is not known, a single letter may be a word.
    fn is_suffix(&self, at: usize) -> bool {
        let unit = self.unit(at);
        let joined = match self.before[at] {
            Some(before) => before.is_empty() || matches!(before, "º" | "ª"),
            None => unit.chars().count() > 1,
        };
        joined && SUFFIXES.contains(&unit)
    }

    /// `pm`, or `p` before an `m`; likewise `am`.
    fn half_of_day(&self, at: usize) -> Option<bool> {
        match (self.unit(at), self.unit(at + 1)) {
            ("am", _) | ("a", "m") => Some(false),
            ("pm", _) | ("p", "m") => Some(true),
            _ => None,
        }
    }
}

fn is_any_numeral(unit: &str) -> bool {
    numeral(unit)
        .or_else(|| numeral_of_accounts(unit))
        .is_some()
}

/// Can a unit belong to an expression, whatever is next to it? Units that only link two numbers do not count.
pub(super) fn may_belong(unit: &str) -> bool {
    let names = names(unit);
    let is_named = names.number.is_some() || names.month.is_some() || names.weekday.is_some();
    let joins = || AND.contains(&unit) || OF.contains(&unit) || SUFFIXES.contains(&unit);
    let of_time = || mark(unit).is_some() || matches!(unit, "am" | "pm" | "p" | "m");
    is_digits(unit)
        || is_any_numeral(unit)
        || is_named
        || joins()
        || of_time()
        || compound(unit).is_some()
}

/// Is a unit digits or an ordinal, as they are next to a month?
fn is_day(unit: &str) -> bool {
    let is_ordinal = || {
        matches!(
            names(unit).number,
            Some(Meaning {
                name: Name::Ordinal(_),
                ..
            })
        )
    };
    is_digits(unit) || is_ordinal()
}

/// May a unit be next to the name of a weekday?
fn is_of_date(unit: &str) -> bool {
    is_day(unit) || names(unit).month.is_some_and(|month| !month.is_weak)
}

/// The part of a date that a mark shows, in Chinese and Japanese, and in Korean, where digits end a unit.
fn mark(unit: &str) -> Option<Role> {
    match unit {
        "年" | "년" => Some(Role::Year),
        "月" | "월" => Some(Role::Month),
        "日" | "号" | "일" => Some(Role::Day),
        _ => None,
    }
}

/// Is a unit one character of a script without spaces?
fn is_single(unit: &str) -> bool {
    let mut chars = unit.chars();
    chars.next().is_some_and(is_unspaced) && chars.next().is_none()
}
