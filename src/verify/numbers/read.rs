//! The values of an expression.
//!
//! `1.234` is a thousand in one country and one and a quarter in another, so an expression has several *readings*. Two expressions
//! have the same value if a reading of one equals a reading of the other.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;

use super::han::Numeral;
use super::names::Name;
use super::tokens::{Role, Token, Window};

/// Maximum decimal digits that a double represents exactly.
const EXACT_DIGITS: usize = 15;

/// A number, or a part of a date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Item {
    /// The shortest decimal; if it has more digits than a double represents, the number as it is written.
    pub(super) value: String,
    pub(super) role: Role,
}

/// How marks between digits are read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// Three digits after a mark are thousands, other digits are decimals.
    Grouped,
    /// All digits after a mark are decimals.
    Decimal,
    /// A mark separates two numbers, as in dates and times.
    Apart,
}

/// The meaning of a mark between digits.
enum Join {
    Thousands,
    /// A group of two digits, as in `1,00,000`.
    Hundreds,
    Decimals,
    Apart,
}

/// All readings of these units: only one if no mark is between digits.
pub(super) fn readings(
    window: &Window<'_>,
    tokens: &[Token],
    units: &Range<usize>,
) -> Vec<Vec<Item>> {
    let marked = tokens[units.clone()]
        .windows(2)
        .any(|pair| pair == [Token::Digits; 2]);
    let modes: &[Mode] = if marked {
        &[Mode::Grouped, Mode::Decimal, Mode::Apart]
    } else {
        &[Mode::Apart]
    };
    let read = |&mode: &Mode| {
        let mut reader = Reader::new(mode, window, tokens, units);
        units.clone().for_each(|at| reader.token(at));
        reader.end();
        reader.items
    };
    modes.iter().map(read).collect()
}

struct Reader<'w, 't> {
    mode: Mode,
    window: &'w Window<'t>,
    tokens: &'w [Token],
    units: Range<usize>,
    /// The numbers are those of a date or time; their leading zeros have no meaning.
    drops_zeros: bool,
    items: Vec<Item>,
    is_open: bool,
    /// The value that is multiplied already, and the number of zeros of the last multiplier.
    total: f64,
    power: u16,
    /// The value that the next multiplier of many zeros will multiply.
    section: f64,
    /// Digits without a multiplier after them yet, and what one of them counts if none follows: tens in 三百五, thousands in 两万五.
    last: f64,
    step: f64,
    /// Digits that are too many for a double.
    long: Option<String>,
    /// Number of digits before the first mark, and that mark.
    first_group: usize,
    group_mark: Option<&'t str>,
    has_decimals: bool,
    /// Whether the last two numbers are joined as hours and minutes are.
    is_clock: bool,
}

impl<'w, 't> Reader<'w, 't> {
    fn new(mode: Mode, window: &'w Window<'t>, tokens: &'w [Token], units: &Range<usize>) -> Self {
        let own = &tokens[units.clone()];
        let digits = own.iter().filter(|&&token| token == Token::Digits).count();
        let of_date = |token: &Token| {
            matches!(
                token,
                Token::Named(Name::Month(_), _) | Token::Mark(_) | Token::Half { .. }
            )
        };
        let marks = units.clone().skip(1).filter_map(|at| window.before[at]);
        let drops_zeros = digits > 2
            || own.iter().any(of_date)
            || marks
                .into_iter()
                .any(|mark| matches!(mark, ":" | "-" | "/"));
        Self {
            mode,
            window,
            tokens,
            units: units.clone(),
            drops_zeros,
            items: Vec::new(),
            is_open: false,
            total: 0.0,
            power: 0,
            section: 0.0,
            last: 0.0,
            step: 1.0,
            long: None,
            first_group: 0,
            group_mark: None,
            has_decimals: false,
            is_clock: false,
        }
    }

    fn token(&mut self, at: usize) {
        match self.tokens[at] {
            Token::Digits => self.digits(at),
            Token::Han(numeral) => self.numeral(at, numeral),
            Token::Named(name, _) => self.name(name),
            Token::Mark(role) => self.mark(role),
            Token::Half { is_pm } => self.half(is_pm),
            Token::And => {}
            Token::Of | Token::Suffix | Token::Link | Token::Other => self.end(),
        }
    }

    fn before(&self, at: usize) -> Option<Token> {
        let before = at
            .checked_sub(1)
            .filter(|before| self.units.contains(before));
        before.map(|before| self.tokens[before])
    }

    fn digits(&mut self, at: usize) {
        let digits = self.window.unit(at);
        let value: f64 = digits.parse().unwrap_or(f64::INFINITY);
        let mark = self.window.before[at];
        if self.before(at) == Some(Token::Digits) {
            if self.fraction(at, value) {
                return;
            }
            match self.join(at, mark) {
                Join::Thousands => return self.group(1e3, value, mark),
                Join::Hundreds => return self.group(1e2, value, mark),
                Join::Decimals => {
                    self.last += value / 10_f64.powi(digits.len() as i32);
                    self.has_decimals = true;
                    return;
                }
                Join::Apart => {}
            }
        }
        // In 2万6千, the digits after the multiplier continue the number.
        if !matches!(
            self.before(at),
            Some(Token::Han(Numeral::Tens(_) | Numeral::Myriads(_)))
        ) {
            self.is_clock = self.before(at) == Some(Token::Digits)
                && mark.is_none_or(|mark| matches!(mark, ":" | "."));
            self.end();
        }
        self.last = value;
        self.first_group = digits.len();
        let has_zeros = digits.starts_with('0') && digits.bytes().any(|digit| digit != b'0');
        let follows = self.before(at) == Some(Token::Digits);
        let has_zeros = has_zeros && follows && self.mode == Mode::Apart && !self.drops_zeros;
        self.long = (digits.len() > EXACT_DIGITS || has_zeros).then(|| digits.to_owned());
        self.is_open = true;
    }

    fn group(&mut self, times: f64, value: f64, mark: Option<&'t str>) {
        self.last = self.last * times + value;
        self.group_mark = mark;
        self.long = None;
    }

    fn join(&self, at: usize, mark: Option<&'t str>) -> Join {
        if self.mode == Mode::Apart || self.has_decimals || self.long.is_some() {
            return Join::Apart;
        }
        let is_first = self.group_mark.is_none();
        if self.mode == Mode::Grouped
            && mark.is_none_or(parts_thousands)
            && (is_first || self.group_mark == mark)
        {
            match self.window.unit(at).len() {
                3 if self.first_group <= 3 => return Join::Thousands,
                2 if self.first_group <= 2 && self.is_indian(at) => return Join::Hundreds,
                _ => {}
            }
        }
        if mark.is_none_or(|mark| {
            matches!(mark, "." | "," | "·" | "٫") && self.group_mark != Some(mark)
        }) {
            return Join::Decimals;
        }
        Join::Apart
    }

    /// Are these groups of two digits with commas between, and the last one of three digits?
    fn is_indian(&self, at: usize) -> bool {
        let groups = (at..self.units.end).take_while(|&at| {
            self.tokens[at] == Token::Digits && self.window.before[at] == Some(",")
        });
        let lengths: Vec<usize> = groups.map(|at| self.window.unit(at).len()).collect();
        matches!(lengths.as_slice(), [pairs @ .., 3] if pairs.iter().all(|&length| length == 2))
    }

    /// Reads a fraction. `1½` folds to `11 2`, and `½` to `1 2`: the original between the digits is the fraction, and shows which
    /// digits are its numerator.
    fn fraction(&mut self, at: usize, below: f64) -> bool {
        let mark = self.window.before[at].unwrap_or("");
        let written = self.window.unit(at - 1);
        let above = match mark {
            "\u{2044}" => written.to_owned(),
            _ => mark.nfkc().take_while(char::is_ascii_digit).collect(),
        };
        let Some(whole) = written
            .strip_suffix(above.as_str())
            .filter(|_| !above.is_empty())
        else {
            return false;
        };
        if self.mode == Mode::Apart || below == 0.0 {
            return false;
        }
        let above: f64 = above.parse().unwrap_or(0.0);
        self.last = whole.parse().unwrap_or(0.0) + above / below;
        self.has_decimals = true;
        true
    }

    fn numeral(&mut self, at: usize, numeral: Numeral) {
        let before = self.before(at);
        let follows = matches!(before, Some(Token::Han(_)));
        let step = match (numeral, before) {
            (Numeral::Digit(_), Some(Token::Han(Numeral::Tens(times)))) if times > 10.0 => {
                times / 10.0
            }
            (Numeral::Digit(_), Some(Token::Han(Numeral::Myriads(power)))) => {
                10_f64.powi(i32::from(power) - 1)
            }
            _ => 1.0,
        };
        match numeral {
            Numeral::Digit(digit) => {
                if !follows {
                    self.end();
                }
                self.last = self.last * 10.0 + f64::from(digit);
            }
            Numeral::Tens(times) => {
                self.section += if self.last == 0.0 {
                    times
                } else {
                    self.last * times
                };
                self.last = 0.0;
            }
            Numeral::Added(tens) => self.section += tens,
            Numeral::Myriads(power) => self.multiply(power),
        }
        self.step = step;
        self.is_open = true;
    }

    fn name(&mut self, name: Name) {
        match name {
            Name::Month(month) => self.part(month, Role::Month),
            Name::Weekday(day) => self.part(day, Role::Weekday),
            Name::Power(2) => self.hundred(),
            Name::Power(power) => self.multiply(power),
            Name::Cardinal(value) => self.add(f64::from(value)),
            Name::Ordinal(value) => {
                self.add(f64::from(value));
                self.end();
            }
        }
    }

    /// Adds a part of a date that is named.
    fn part(&mut self, value: u16, role: Role) {
        self.end();
        let value = value.to_string();
        self.items.push(Item { value, role });
    }

    /// Multiplies the number before it, except the part that a larger multiplier has multiplied already: 1亿2000万.
    fn multiply(&mut self, power: u16) {
        let times = 10_f64.powi(i32::from(power));
        let before = self.section + self.last;
        let before = if before == 0.0 && self.total == 0.0 {
            1.0
        } else {
            before
        };
        self.total = if power > self.power {
            (self.total + before) * times
        } else {
            self.total + before * times
        };
        (self.power, self.section, self.last) = (power, 0.0, 0.0);
        self.is_open = true;
    }

    fn hundred(&mut self) {
        let before = self.section + self.last;
        if before >= 100.0 {
            self.end();
        }
        self.section = if before == 0.0 || before >= 100.0 {
            100.0
        } else {
            before * 100.0
        };
        self.last = 0.0;
        self.is_open = true;
    }

    /// A named number continues the one before it, or begins another one.
    fn add(&mut self, value: f64) {
        let before = self.section;
        let is_begun = self.is_open && before == 0.0 && self.total == 0.0;
        if value == 20.0 && before % 100.0 == 4.0 && self.last == 0.0 {
            // French quatre-vingts, also after a hundred.
            self.section += 76.0;
            return;
        }
        let is_whole = self.last == 0.0 && self.total == 0.0;
        if is_whole && is_century(before) && (10.0..100.0).contains(&value) {
            self.section = before * 100.0 + value;
            return;
        }
        if self.last != 0.0 || is_begun || !fits(before, value) {
            self.end();
        }
        self.section += value;
        self.is_open = true;
    }

    fn mark(&mut self, role: Role) {
        self.end();
        if let Some(item) = self.items.last_mut() {
            item.role = role;
        }
    }

    /// Adds 12 to hours from 1 to 11 after noon; 12 before noon is 0. Missing minutes become 0.
    fn half(&mut self, is_pm: bool) {
        let is_clock = self.is_clock;
        self.end();
        let numbers = self.items.len();
        let hour = if is_clock && numbers > 1 {
            numbers - 2
        } else {
            numbers.saturating_sub(1)
        };
        if let Some(item) = self.items.get_mut(hour) {
            let said: u32 = item.value.parse().unwrap_or(0);
            let turned = match (said, is_pm) {
                (1..=11, true) => said + 12,
                (12, false) => 0,
                _ => return,
            };
            item.value = turned.to_string();
        }
        if hour + 1 == numbers {
            let (value, role) = ("0".to_owned(), Role::Plain);
            self.items.push(Item { value, role });
        }
    }

    fn end(&mut self) {
        if self.is_open {
            let value = shortest(self.total + self.section + self.last * self.step);
            let value = self.long.take().unwrap_or(value);
            let role = Role::Plain;
            self.items.push(Item { value, role });
        }
        (self.total, self.section, self.last, self.power) = (0.0, 0.0, 0.0, 0);
        self.step = 1.0;
        (self.is_open, self.has_decimals) = (false, false);
        (self.group_mark, self.long) = (None, None);
    }
}

/// Is this a mark or space that separates groups of three digits?
fn parts_thousands(mark: &str) -> bool {
    let mut chars = mark.chars();
    let single =
        |c: char| matches!(c, ',' | '.' | '\'' | '’' | '٬') || c.is_whitespace() && c != '\n';
    chars.next().is_some_and(single) && chars.next().is_none()
}

/// May a named number be the century of a year: `nineteen` `eighty` `four`?
fn is_century(value: f64) -> bool {
    (16.0..=20.0).contains(&value)
}

/// Is a named number, after another one, a part of it: `twenty` `one`, `hundred` `five`, `soixante` `douze`?
fn fits(before: f64, value: f64) -> bool {
    let below_hundred = before % 100.0;
    let on_tens = below_hundred >= 20.0 && before % 10.0 == 0.0 && value < 10.0;
    let french = (below_hundred == 60.0 || below_hundred == 80.0) && value < 20.0;
    let on_hundreds = below_hundred == 0.0 && before >= 100.0 && value < 100.0;
    before == 0.0 || (value > 0.0 && (on_tens || french || on_hundreds))
}

/// A value as a decimal, without the rounding error of binary fractions.
fn shortest(value: f64) -> String {
    const KEPT: f64 = 1e6;
    if value < 1e9 {
        ((value * KEPT).round() / KEPT).to_string()
    } else {
        value.to_string()
    }
}
