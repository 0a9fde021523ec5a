//! Which units of a text belong to an expression, and as what?

use std::borrow::Cow;
use std::ops::Range;

use super::han::{Numeral, numeral, numeral_of_accounts};
use super::is_digits;
use super::names::{Meaning, Name, Names, compound, names};
use crate::normalize::is_unspaced;

/// Units around a change, as far as expressions in it may reach.
pub(super) struct Window<'t> {
    pub(super) text: Cow<'t, str>,
    pub(super) units: Vec<Range<usize>>,
    /// What stands before each unit in the original, where that is known.
    pub(super) before: Vec<Option<&'t str>>,
}

/// What a unit is to an expression.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Token {
    Digits,
    Han(Numeral),
    /// A name; a weak one has another meaning as well.
    Named(Name, bool),
    /// Between two names of one number: `vingt et un`.
    And,
    /// Between day, month and year: `2 de julio`.
    Of,
    /// Makes an ordinal of digits: `2nd`.
    Suffix,
    /// Says of the number before it what part of a date it is: `7月`.
    Mark(Role),
    /// Before noon, or after it.
    Half {
        is_pm: bool,
    },
    /// One character between two numbers: `30期156条`.
    Link,
    Other,
}

/// What part of a date a number is.
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
/// English, French, Italian, Spanish and Portuguese (`1º`, `2ª`), Russian.
const SUFFIXES: [&str; 19] = [
    "a", "e", "ème", "eme", "er", "ère", "го", "е", "nd", "o", "os", "rd", "re", "st", "th", "й",
    "ый", "я", "ге",
];

impl Token {
    /// Has it a value of its own?
    pub(super) fn is_core(self) -> bool {
        matches!(self, Self::Digits | Self::Han(_) | Self::Named(..))
    }

    /// Is it a number, month or day, and surely nothing else?
    pub(super) fn is_strong(self) -> bool {
        self.is_core() && !matches!(self, Self::Named(_, true))
    }

    /// Does it stand for a thing of the same kind: a month, a weekday, another number?
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

    /// What every unit is.
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

    /// Vietnamese `năm` is five, and the year before a number.
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
            // By itself, a full name is one only against another month.
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

    /// Is such a unit beside this one, or behind an `of`?
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

    /// What a space stands before is a word of its own; where that is not known, one letter may be one.
    fn is_suffix(&self, at: usize) -> bool {
        let unit = self.unit(at);
        let joined = match self.before[at] {
            Some(before) => before.is_empty() || matches!(before, "º" | "ª"),
            None => unit.chars().count() > 1,
        };
        joined && SUFFIXES.contains(&unit)
    }

    /// `pm`, or `p` before an `m`.
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

/// Can a unit belong to an expression, whatever stands beside it? What only links two numbers is left out.
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

/// Digits, or an ordinal: what stands beside a month.
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

/// What stands beside the name of a weekday.
fn is_of_date(unit: &str) -> bool {
    is_day(unit) || names(unit).month.is_some_and(|month| !month.is_weak)
}

/// Chinese and Japanese, and Korean, where digits end a unit.
fn mark(unit: &str) -> Option<Role> {
    match unit {
        "年" | "년" => Some(Role::Year),
        "月" | "월" => Some(Role::Month),
        "日" | "号" | "일" => Some(Role::Day),
        _ => None,
    }
}

/// A character of a script without spaces.
fn is_single(unit: &str) -> bool {
    let mut chars = unit.chars();
    chars.next().is_some_and(is_unspaced) && chars.next().is_none()
}
