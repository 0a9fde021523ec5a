//! Which date is this, in any of the usual ways to write it?
//!
//! ISO 8601 and RFC 2822 are read by `jiff`. Dates as people write them (`28. Februar 2024`, `February 28, 2024`, `2024年2月28日`) are
//! split into numbers, signs and words. The names of months are those of the tables that verification uses for numbers.

use std::fmt;
use std::str::FromStr;

use jiff::civil::{Date, DateTime, Time};
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use unicode_normalization::UnicodeNormalization;

use crate::error::Error;
use crate::normalize::Normalizer;
use crate::verify::{DateWord, date_word, number};

/// Maximum characters of a text that is read as a date. JavaScript writes about sixty.
const MAX_CHARS: usize = 100;

/// Years of two digits from this one on are in the twentieth century, as in POSIX.
const CENTURY_TURN: i16 = 69;

/// Minimum value of a whole number that is read as seconds since 1970: March 1973.
const MIN_UNIX_SECONDS: f64 = 1e8;

/// The part that comes first where day and month are both numbers.
///
/// ```
/// use reprint::cluster::DayOrder;
///
/// assert_eq!("month-first".parse::<DayOrder>()?, DayOrder::MonthFirst);
/// assert_eq!(DayOrder::DayFirst.to_string(), "day-first");
/// # Ok::<(), reprint::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DayOrder {
    /// `28/02/2024`, as in most countries.
    DayFirst,
    /// `02/28/2024`, as in the United States.
    MonthFirst,
}

impl FromStr for DayOrder {
    type Err = Error;

    /// # Errors
    ///
    /// Where it is neither `day-first` nor `month-first`.
    fn from_str(name: &str) -> Result<Self, Error> {
        match name {
            "day-first" => Ok(Self::DayFirst),
            "month-first" => Ok(Self::MonthFirst),
            _ => Err(Error::setting(
                "date-order",
                format!("{name:?}"),
                "it must be day-first or month-first",
            )),
        }
    }
}

impl fmt::Display for DayOrder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::DayFirst => "day-first",
            Self::MonthFirst => "month-first",
        })
    }
}

/// Reads the dates of one field.
///
/// It reads ISO 8601 (a year, a month, a day, a time, a zone), RFC 2822, `20240228`, and seconds, milliseconds, microseconds and
/// nanoseconds since 1970. It reads days that are written with signs (`28.02.2024`, `2024-2-28`), with the names of months in
/// eleven languages (`Feb 28, 2024`, `28 février 2024`), or with Chinese, Japanese and Korean marks (`2024年2月28日`, `二〇二四年二月二十八日`),
/// each with or without a time of day.
///
/// Either number of `02/03/2024` may be the month. The setting decides, or else the other dates of the field: if one is
/// `28/02/2024`, the day comes first. Each sign is treated separately: `28/02/2024` says nothing about `02-03-2024`. Between points
/// the day comes first, unless another date shows the opposite. Years of two digits are read only where the month is named. Only
/// the Gregorian calendar is read.
///
/// ```
/// use reprint::cluster::DateReader;
///
/// let mut dates = DateReader::new(None);
/// assert_eq!(dates.read("28. Februar 2024").as_deref(), Some("2024-02-28"));
/// assert_eq!(dates.read("Wed, 28 Feb 2024 23:30:00 -0200").as_deref(), Some("2024-02-29T01:30:00"));
/// assert!(dates.read("10/2/2024").is_none() && dates.is_ambiguous("10/2/2024"));
/// dates.learn("9/28/2024");
/// assert_eq!(dates.read("10/2/2024").as_deref(), Some("2024-10-02"));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DateReader {
    told: Option<DayOrder>,
    /// For each sign, whether a date was seen that is valid only with the day first, and one that is valid only with the month first.
    seen: [(bool, bool); 3],
}

impl DateReader {
    /// A reader that uses this order of day and month. Without one, it finds the order in the dates that it [learns](Self::learn).
    pub fn new(told: Option<DayOrder>) -> Self {
        Self {
            told,
            ..Self::default()
        }
    }

    /// Notes whether a date of the field shows which comes first, the day or the month. The order of the calls does not matter.
    pub fn learn(&mut self, written: &str) {
        if let Some(Day::Numbers(numbers)) = parsed(written).map(|(day, _)| day) {
            let seen = &mut self.seen[numbers.sign as usize];
            match numbers.both() {
                [Some(_), None] => seen.0 = true,
                [None, Some(_)] => seen.1 = true,
                _ => {}
            }
        }
    }

    /// Combines what two readers of one field have learned.
    pub fn merge(mut self, other: Self) -> Self {
        for (seen, others) in self.seen.iter_mut().zip(other.seen) {
            *seen = (seen.0 | others.0, seen.1 | others.1);
        }
        self
    }

    /// The date in ISO 8601, so that dates sort by time: a year, a month, a day, or a time without a zone. A time with a zone is
    /// converted to UTC. `None` if it is no date, or an ambiguous one.
    pub fn read(&self, written: &str) -> Option<String> {
        let (day, clock) = parsed(written)?;
        let date = match day {
            Day::Year(year) => return clock.is_none().then(|| format!("{year:04}")),
            Day::Month(year, month) => {
                return clock.is_none().then(|| format!("{year:04}-{month:02}"));
            }
            Day::Instant(time) => return Some(time.to_string()),
            Day::Date(date) => date,
            Day::Numbers(numbers) => self.date(numbers)?,
        };
        match clock {
            None => Some(date.to_string()),
            Some(clock) => clock.on(date).map(|time| time.to_string()),
        }
    }

    /// Is it an ambiguous date, in which nothing distinguishes the day from the month?
    pub fn is_ambiguous(&self, written: &str) -> bool {
        match parsed(written) {
            Some((Day::Numbers(numbers), _)) => {
                self.date(numbers).is_none() && numbers.both().iter().any(Option::is_some)
            }
            _ => false,
        }
    }

    /// Does it have two readings, between which the other dates of its field decide? Until these are known, a date between points is read
    /// with the day first.
    pub(crate) fn has_two_readings(&self, written: &str) -> bool {
        match parsed(written) {
            Some((Day::Numbers(numbers), _)) if self.told.is_none() => {
                matches!(numbers.both(), [Some(one), Some(other)] if one != other)
            }
            _ => false,
        }
    }

    fn date(&self, numbers: Numbers) -> Option<Date> {
        match numbers.both() {
            [Some(one), Some(other)] if one == other => Some(one),
            [Some(day_first), Some(month_first)] => Some(match self.order(numbers.sign)? {
                DayOrder::DayFirst => day_first,
                DayOrder::MonthFirst => month_first,
            }),
            [one, other] => one.or(other),
        }
    }

    fn order(&self, sign: Sign) -> Option<DayOrder> {
        let seen = match (self.seen[sign as usize], sign) {
            ((true, false), _) | ((false, false), Sign::Point) => Some(DayOrder::DayFirst),
            ((false, true), _) => Some(DayOrder::MonthFirst),
            _ => None,
        };
        self.told.or(seen)
    }
}

/// The sign between day, month and year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sign {
    Slash,
    Point,
    Dash,
}

/// Two numbers before a year: the day and the month, in either order.
#[derive(Clone, Copy)]
struct Numbers {
    sign: Sign,
    first: i8,
    second: i8,
    year: i16,
}

impl Numbers {
    /// The date with the day first, and with the month first, where these are valid.
    fn both(self) -> [Option<Date>; 2] {
        let (first, second) = (self.first, self.second);
        [(second, first), (first, second)].map(|(month, day)| Date::new(self.year, month, day).ok())
    }
}

/// The parts of a date that are given.
enum Day {
    Year(i16),
    Month(i16, i8),
    Date(Date),
    Numbers(Numbers),
    /// A whole point in time, in UTC where its zone is known.
    Instant(DateTime),
}

/// A time of day.
struct Clock {
    time: Time,
    /// Seconds east of Greenwich, if a zone is given.
    offset: Option<i64>,
}

impl Clock {
    /// This time on a date, in UTC if its zone is known.
    fn on(&self, date: Date) -> Option<DateTime> {
        let east = SignedDuration::from_secs(self.offset.unwrap_or(0));
        date.to_datetime(self.time).checked_sub(east).ok()
    }
}

fn parsed(written: &str) -> Option<(Day, Option<Clock>)> {
    let written = written.trim();
    if written.is_empty() || written.chars().nth(MAX_CHARS).is_some() {
        return None;
    }
    let standard = number_alone(written).or_else(|| by_standard(written));
    standard
        .map(|day| (day, None))
        .or_else(|| in_words(written))
}

/// Reads dates that are one number.
fn number_alone(written: &str) -> Option<Day> {
    let value: f64 = written
        .parse()
        .ok()
        .filter(|value: &f64| value.is_finite())?;
    let digits = written.bytes().all(|byte| byte.is_ascii_digit());
    let part = |from, to| written.get(from..to)?.parse::<i16>().ok();
    let date = || {
        let (month, day) = (part(4, 6)? as i8, part(6, 8)? as i8);
        Date::new(part(0, 4).filter(|year| *year >= 1000)?, month, day).ok()
    };
    match written.len() {
        4 if digits => return part(0, 4).filter(|year| *year >= 1000).map(Day::Year),
        8 if digits => return date().map(Day::Date),
        14 if digits => {
            // Web archives write the time of a page in this way.
            let clock = || {
                let part = |from, to| Some(part(from, to)? as i8);
                Time::new(part(8, 10)?, part(10, 12)?, part(12, 14)?, 0).ok()
            };
            if let Some((date, time)) = date().zip(clock()) {
                return Some(Day::Instant(date.to_datetime(time)));
            }
        }
        _ => {}
    }
    // Seconds reach the year 5138 before values count as milliseconds, and so on.
    let unit = [1e11, 1e14, 1e17].iter().filter(|&&least| value >= least);
    let seconds = value / 1000_f64.powi(unit.count() as i32);
    if value < MIN_UNIX_SECONDS {
        return None;
    }
    let time = Timestamp::from_millisecond((seconds * 1000.0).round() as i64).ok()?;
    Some(Day::Instant(in_utc(time)))
}

fn in_utc(time: Timestamp) -> DateTime {
    time.to_zoned(TimeZone::UTC).datetime()
}

/// Reads ISO 8601 and RFC 2822.
fn by_standard(written: &str) -> Option<Day> {
    let timestamp = || written.parse::<Timestamp>().ok();
    let mail = || Some(jiff::fmt::rfc2822::parse(written).ok()?.timestamp());
    if let Some(time) = timestamp().or_else(mail) {
        return Some(Day::Instant(in_utc(time)));
    }
    let date = written.parse::<Date>().ok().filter(|_| written.len() <= 10);
    let time = || written.parse::<DateTime>().ok().map(Day::Instant);
    date.map(Day::Date).or_else(time)
}

/// A token of a written date.
#[derive(Clone, Debug, PartialEq)]
enum Token {
    /// A number with its number of digits; `joined` if it directly follows another token.
    Number {
        value: u64,
        digits: usize,
        joined: bool,
    },
    /// A folded word; in scripts without spaces, a single character.
    Word {
        word: String,
        joined: bool,
    },
    Sign(char),
}

impl Token {
    fn number(&self, most_digits: usize) -> Option<i8> {
        match *self {
            Self::Number { value, digits, .. } if digits <= most_digits => value.try_into().ok(),
            _ => None,
        }
    }

    fn is(&self, words: &[&str]) -> bool {
        matches!(self, Self::Word { word, .. } if words.contains(&word.as_str()))
    }
}

/// The class of a character.
#[derive(PartialEq)]
enum Class {
    Digit,
    HanNumeral,
    /// A character of a script without spaces, which is a word by itself.
    Single,
    Letter,
    Space,
    Sign,
}

fn class(c: char) -> Class {
    let folded = || Normalizer::new().fold(c.encode_utf8(&mut [0; 4]));
    match c {
        '0'..='9' => Class::Digit,
        _ if c.is_ascii_alphabetic() => Class::Letter,
        _ if c.is_whitespace() => Class::Space,
        _ if c.is_numeric() && folded().parse::<u8>().is_ok() => Class::Digit,
        '\u{2E80}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7A3}' | '○' => {
            if number(&folded()).is_some() || c == '○' {
                Class::HanNumeral
            } else {
                Class::Single
            }
        }
        _ if c.is_alphabetic() || unicode_normalization::char::is_combining_mark(c) => {
            Class::Letter
        }
        _ => Class::Sign,
    }
}

fn tokens(written: &str) -> Vec<Token> {
    let mut chars: Vec<char> = written.nfkc().collect();
    drop_weekdays(&mut chars);
    let (mut tokens, mut joined) = (Vec::new(), false);
    let mut at = 0;
    while let Some(&c) = chars.get(at) {
        let kind = class(c);
        let runs = matches!(kind, Class::Digit | Class::HanNumeral | Class::Letter);
        let more = chars[at + 1..]
            .iter()
            .take_while(|&&next| runs && class(next) == kind);
        let end = at + 1 + more.count();
        let run: String = chars[at..end].iter().collect();
        let folded = || Normalizer::new().fold(&run.replace('○', "〇"));
        tokens.extend(match kind {
            Class::Space => None,
            Class::Sign => Some(Token::Sign(c)),
            Class::Letter | Class::Single => Some(Token::Word {
                word: folded(),
                joined,
            }),
            Class::Digit => folded().parse().ok().map(|value| Token::Number {
                value,
                digits: end - at,
                joined,
            }),
            Class::HanNumeral => number(&folded()).map(|value| Token::Number {
                value: value as u64,
                digits: (value as u64).to_string().len(),
                joined,
            }),
        });
        joined = kind != Class::Space;
        at = end;
    }
    tokens
}

/// Drops `星期三`, `周三`, `水曜日`, `수요일`. They add nothing to the date, and their characters have other meanings alone.
fn drop_weekdays(chars: &mut Vec<char>) {
    let length = |chars: &[char]| match chars {
        ['星', '期', _, ..] | [_, '曜', '日', ..] | [_, '요', '일', ..] => 3,
        ['周' | '週', _, ..] => 2,
        _ => 0,
    };
    let mut at = 0;
    while at < chars.len() {
        let dropped = length(&chars[at..]);
        chars.drain(at..at + dropped);
        at += usize::from(dropped == 0);
    }
}

/// Reads a date of words, numbers and signs.
fn in_words(written: &str) -> Option<(Day, Option<Clock>)> {
    let mut tokens = tokens(written);
    // Text in brackets, such as `(CET)` or `(水)`, repeats the zone or the day.
    while let Some(open) = tokens.iter().position(|token| *token == Token::Sign('(')) {
        let close = tokens[open..]
            .iter()
            .position(|token| *token == Token::Sign(')'))?;
        tokens.drain(open..=open + close);
    }
    let clock = take_clock(&mut tokens)?;
    let day = Parts::of(&tokens)?.day()?;
    Some((day, clock))
}

/// The zones that mail names, with their hours west of Greenwich. Other dates have them too.
const ZONES: [(&str, i64); 11] = [
    ("utc", 0),
    ("gmt", 0),
    ("z", 0),
    ("est", 5),
    ("edt", 4),
    ("cst", 6),
    ("cdt", 5),
    ("mst", 7),
    ("mdt", 6),
    ("pst", 8),
    ("pdt", 7),
];

/// Removes the time of day from the tokens. Returns `Some(None)` if there is none, and `None` if it is not a valid time.
#[expect(clippy::option_option, reason = "no time, and one that can't be read")]
fn take_clock(tokens: &mut Vec<Token>) -> Option<Option<Clock>> {
    let hours = |token: &Token| *token == Token::Sign(':') || token.is(&["h", "时", "点", "시"]);
    let Some(mark) = tokens.iter().position(hours) else {
        return Some(None);
    };
    let start = mark.checked_sub(1)?;
    let mut at = mark + 1;
    let mut time = [tokens[start].number(2)?, 0, 0];
    for part in [1, 2] {
        let Some(value) = tokens.get(at).and_then(|token| token.number(2)) else {
            break;
        };
        time[part] = value;
        at += 1;
        let goes_on =
            |token: &Token| *token == Token::Sign(':') || token.is(&["分", "秒", "분", "초"]);
        if tokens.get(at).is_some_and(goes_on) {
            at += 1;
        } else {
            break;
        }
    }
    let is_fraction = |pair: &[Token]| {
        matches!(
            pair,
            [Token::Sign('.' | ','), Token::Number { joined: true, .. }]
        )
    };
    if tokens.get(at..at + 2).is_some_and(is_fraction) {
        at += 2;
    }
    let half = |words: &[&str]| tokens.get(at).is_some_and(|token| token.is(words));
    match time[0] {
        1..12 if half(&["pm"]) => time[0] += 12,
        12 if half(&["am"]) => time[0] = 0,
        _ => {}
    }
    at += usize::from(half(&["am", "pm"]));
    let offset = zone(tokens, &mut at)?;
    tokens.drain(start..at);
    let [hour, minute, second] = time;
    // A leap second counts as the second before it, as is usual.
    let time = Time::new(hour, minute, second.min(59), 0).ok()?;
    Some(Some(Clock { time, offset }))
}

/// The zone at the tokens from `at`, in seconds east of Greenwich. `Some(None)` if there is no zone, and `None` if the offset is
/// not valid.
#[expect(clippy::option_option, reason = "no zone, and one that can't be read")]
fn zone(tokens: &[Token], at: &mut usize) -> Option<Option<i64>> {
    let named = |at: usize| {
        let zone = |(name, _): &&(&str, i64)| tokens.get(at).is_some_and(|token| token.is(&[name]));
        ZONES.iter().find(zone).map(|(_, west)| -3600 * west)
    };
    let mut offset = named(*at);
    *at += usize::from(offset.is_some());
    let signed = match tokens.get(*at..).unwrap_or_default() {
        [
            Token::Sign(sign @ ('+' | '-' | '−')),
            Token::Number {
                value,
                digits: 2,
                joined: true,
            },
            Token::Sign(':'),
            Token::Number {
                value: minutes,
                digits: 2,
                ..
            },
            ..,
        ] => Some((sign, 100 * value + minutes, 4)),
        [
            Token::Sign(sign @ ('+' | '-' | '−')),
            Token::Number {
                value,
                digits: 4,
                joined: true,
            },
            ..,
        ] => Some((sign, *value, 2)),
        [
            Token::Sign(sign @ ('+' | '-' | '−')),
            Token::Number {
                value,
                digits: 1 | 2,
                joined: true,
            },
            ..,
        ] if offset.is_some() => Some((sign, 100 * value, 2)),
        _ => None,
    };
    if let Some((sign, hours, length)) = signed {
        let seconds = i64::try_from(hours / 100 * 3600 + hours % 100 * 60).ok()?;
        // The zone farthest from Greenwich has 14 hours; in history, up to 16.
        let east = if *sign == '+' { seconds } else { -seconds };
        offset = Some(east).filter(|_| seconds <= 16 * 3600);
        offset?;
        *at += length;
        // The Go language writes `+0000 UTC`.
        *at += usize::from(named(*at).is_some());
    }
    Some(offset)
}

/// Words without meaning for the date: "of", "the", "on", "at", "year", in several languages.
const LINKS: [&str; 30] = [
    "of", "the", "on", "at", "de", "del", "di", "da", "do", "den", "der", "le", "la", "el", "il",
    "em", "vom", "am", "um", "uhr", "à", "t", "г", "год", "года", "в", "o", "van", "dated", "lúc",
];

/// Endings of ordinal numbers, after the digits.
const ENDINGS: [&str; 9] = ["st", "nd", "rd", "th", "er", "ère", "º", "o", "ª"];

/// The parts that the tokens of a day give.
#[derive(Default)]
struct Parts {
    year: Option<i16>,
    month: Option<i8>,
    day: Option<i8>,
    /// Numbers without a mark, each with its number of digits; and how many of them come before the name of the month.
    numbers: Vec<(i16, usize)>,
    before_month: usize,
    /// Signs between numbers.
    signs: Vec<char>,
}

impl Parts {
    fn of(tokens: &[Token]) -> Option<Self> {
        let mut parts = Self::default();
        let mut next = None;
        for (at, token) in tokens.iter().enumerate() {
            match token {
                Token::Number { value, digits, .. } => {
                    let value = i16::try_from(*value).ok()?;
                    match next.take() {
                        Some(mark) => parts.marked(mark, value)?,
                        None => parts.numbers.push((value, *digits)),
                    }
                }
                Token::Word { word, joined } => {
                    let behind_number = *joined
                        && matches!(tokens.get(at.wrapping_sub(1)), Some(Token::Number { .. }));
                    if !(behind_number && ENDINGS.contains(&word.as_str())) {
                        parts.word(word, &mut next)?;
                    }
                }
                Token::Sign('.' | '/' | '-' | '–' | '−') => {
                    let is_number =
                        |token: Option<&Token>| matches!(token, Some(Token::Number { .. }));
                    let sign = if *token == Token::Sign('.') {
                        '.'
                    } else if *token == Token::Sign('/') {
                        '/'
                    } else {
                        '-'
                    };
                    if is_number(tokens.get(at.wrapping_sub(1))) && is_number(tokens.get(at + 1)) {
                        parts.signs.push(sign);
                    }
                }
                Token::Sign(',' | '\'' | '’' | '،' | '、') => {}
                Token::Sign(_) => return None,
            }
        }
        next.is_none().then_some(parts)
    }

    /// Reads a word. `next` is the mark for the number that follows, as in Vietnamese.
    fn word(&mut self, word: &str, next: &mut Option<char>) -> Option<()> {
        match word {
            "年" | "년" => self.last_is('y'),
            "月" | "월" => self.last_is('m'),
            "日" | "号" | "일" => self.last_is('d'),
            "năm" | "tháng" | "ngày" => {
                *next = word.chars().next().map(|c| {
                    if c == 't' {
                        'm'
                    } else if word == "năm" {
                        'y'
                    } else {
                        'd'
                    }
                });
                Some(())
            }
            _ => match date_word(word) {
                Some(DateWord::Month(month)) if self.month.is_none() => {
                    self.before_month = self.numbers.len();
                    self.month = Some(month);
                    Some(())
                }
                Some(DateWord::Weekday) => Some(()),
                _ => LINKS.contains(&word).then_some(()),
            },
        }
    }

    /// Marks the last number as a year, a month or a day.
    fn last_is(&mut self, mark: char) -> Option<()> {
        let (value, _) = self.numbers.pop()?;
        self.marked(mark, value)
    }

    fn marked(&mut self, mark: char, value: i16) -> Option<()> {
        let small = i8::try_from(value).ok();
        let known = match mark {
            'y' => self.year.replace(value).is_some(),
            'm' => self.month.replace(small?).is_some(),
            _ => self.day.replace(small?).is_some(),
        };
        (!known).then_some(())
    }

    fn day(self) -> Option<Day> {
        let day = match (self.month, self.year) {
            (Some(month), _) => self.of_month(month)?,
            (None, Some(year)) if self.numbers.is_empty() && self.day.is_none() => Day::Year(year),
            (None, None) if self.day.is_none() => self.of_numbers()?,
            _ => return None,
        };
        let year = match day {
            Day::Year(year) | Day::Month(year, _) => year,
            Day::Date(date) => date.year(),
            Day::Numbers(_) | Day::Instant(_) => return Some(day),
        };
        // A marked year of two or three digits counts from another year: 民國113年, or `24年` of this century.
        (1000..=9999).contains(&year).then_some(day)
    }

    /// The day if the month is named or marked.
    fn of_month(&self, month: i8) -> Option<Day> {
        let small = |value: i16| i8::try_from(value).ok();
        let (year, day) = match (self.year, self.day, self.numbers.as_slice()) {
            (Some(year), day, []) => (year, day),
            (Some(year), None, &[(day, _)]) => (year, Some(small(day)?)),
            (None, day, &[(year, 4)]) => (year, day),
            (None, None, &[(year, 4), (day, _)] | &[(day, _), (year, 4)]) => {
                (year, Some(small(day)?))
            }
            // `28-Feb-24`, but not `Feb 28 24`, nor `24 28 Feb`.
            (None, None, &[(day, _), (year, 2)]) if self.before_month == 1 => {
                let century = if year < CENTURY_TURN { 2000 } else { 1900 };
                (century + year, Some(small(day)?))
            }
            _ => return None,
        };
        match day {
            Some(day) => Date::new(year, month, day).ok().map(Day::Date),
            None => Date::new(year, month, 1)
                .ok()
                .map(|_| Day::Month(year, month)),
        }
    }

    /// The day if only numbers are given.
    fn of_numbers(&self) -> Option<Day> {
        let small = |value: i16| i8::try_from(value).ok();
        let sign = match self.signs.as_slice() {
            ['/'] | ['/', '/'] => Sign::Slash,
            ['.'] | ['.', '.'] => Sign::Point,
            [] | ['-'] | ['-', '-'] => Sign::Dash,
            _ => return None,
        };
        match self.numbers[..] {
            [(year, 4), (month, 1..=2)] | [(month, 1..=2), (year, 4)] => {
                let month = small(month).filter(|month| (1..=12).contains(month))?;
                Some(Day::Month(year, month))
            }
            [(year, 4), (month, 1..=2), (day, 1..=2)] => {
                Date::new(year, small(month)?, small(day)?)
                    .ok()
                    .map(Day::Date)
            }
            [(first, 1..=2), (second, 1..=2), (year, 4)] => {
                let numbers = Numbers {
                    sign,
                    first: small(first)?,
                    second: small(second)?,
                    year,
                };
                numbers
                    .both()
                    .iter()
                    .any(Option::is_some)
                    .then_some(Day::Numbers(numbers))
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(written: &str) -> Option<String> {
        DateReader::new(None).read(written)
    }

    /// Expected values were set by hand: one day as people and programs of several countries write it.
    #[test]
    fn one_day_is_read_however_it_is_written() {
        let day = [
            "2024-02-28",
            "2024-2-28",
            "2024/2/28",
            "2024.02.28",
            "20240228",
            "28.02.2024",
            "28.2.2024",
            "28/02/2024",
            "02/28/2024",
            "28-02-2024",
            "2-28-2024",
            "28 Feb 2024",
            "28 Feb. 2024",
            "28-Feb-2024",
            "28-Feb-24",
            "28 February 2024",
            "28th of February, 2024",
            "February 28, 2024",
            "Feb 28 2024",
            "Feb. 28th, 2024",
            "Wednesday, February 28, 2024",
            "Wed 28 Feb 2024",
            "28. Februar 2024",
            "Mittwoch, den 28. Februar 2024",
            "28 février 2024",
            "mercredi 28 févr. 2024",
            "28 de febrero de 2024",
            "28 febbraio 2024",
            "28 de fevereiro de 2024",
            "28 februari 2024",
            "28 февраля 2024 г.",
            "28 فبراير 2024",
            "٢٨ فبراير ٢٠٢٤",
            "ngày 28 tháng 2 năm 2024",
            "2024年2月28日",
            "2024年02月28日",
            "２０２４年２月２８日",
            "二〇二四年二月二十八日",
            "二○二四年二月二十八日",
            "二零二四年二月廿八日",
            "2024年2月28日星期三",
            "2024年2月28日（水）",
            "2024年2月28日 水曜日",
            "2024년 2월 28일",
            "2024년 2월 28일 수요일",
            "2024 Feb 28",
            " 2024-02-28 ",
        ];
        for written in day {
            assert_eq!(read(written).as_deref(), Some("2024-02-28"), "{written}");
        }
    }

    #[test]
    fn a_time_with_a_zone_is_taken_to_utc() {
        let times = [
            "2024-02-28T10:20:30Z",
            "2024-02-28T12:20:30+02:00",
            "2024-02-28 10:20:30",
            "2024/02/28 10:20:30",
            "2024-2-28 10:20:30",
            "Wed, 28 Feb 2024 05:20:30 -0500",
            "Wed, 28 Feb 2024 10:20:30 GMT",
            "Wed Feb 28 10:20:30 2024",
            "Wed Feb 28 10:20:30 +0000 2024",
            "2024-02-28 10:20:30 +0000 UTC",
            "2024年2月28日 10:20:30",
            "2024年2月28日10时20分30秒",
            "28.02.2024 10:20:30",
            "02/28/2024 10:20:30 AM",
            "February 28, 2024 at 10:20:30 am UTC",
            "28 février 2024 à 10:20:30",
            "Wed Feb 28 2024 11:20:30 GMT+0100 (Central European Standard Time)",
            "1709115630",
            "1709115630000",
            "1709115630000000",
            "1709115630000000000",
            "1709115630.0",
            "20240228102030",
            "Feb 28, 2024 5:20:30 EST",
        ];
        for written in times {
            assert_eq!(
                read(written).as_deref(),
                Some("2024-02-28T10:20:30"),
                "{written}"
            );
        }
        assert_eq!(
            read("February 28, 2024, 12:05 AM").as_deref(),
            Some("2024-02-28T00:05:00")
        );
        assert_eq!(read("28.02.2024, 22.30 Uhr"), None);
        assert_eq!(
            read("28 février 2024 à 22h30").as_deref(),
            Some("2024-02-28T22:30:00")
        );
    }

    #[test]
    fn a_year_or_a_month_is_a_date_that_comes_before_its_days() {
        for (written, iso) in [
            ("2024", "2024"),
            ("2024年", "2024"),
            ("2024-02", "2024-02"),
            ("02/2024", "2024-02"),
            ("February 2024", "2024-02"),
            ("Feb. 2024", "2024-02"),
            ("2024年2月", "2024-02"),
            ("二〇二四年", "2024"),
        ] {
            assert_eq!(read(written).as_deref(), Some(iso), "{written}");
        }
        assert!(read("2024") < read("2024-02") && read("2024-02") < read("1 Feb 2024"));
    }

    #[test]
    fn what_is_no_date_or_may_be_two_is_not_read() {
        for written in [
            "",
            "n/a",
            "-",
            "yesterday",
            "28",
            "12345",
            "30 Feb 2024",
            "2024-13-01",
            "31.04.2024",
            "28.02.24",
            "24-02-28",
            "Feb 24",
            "28 Feb",
            "page 28 of 2024",
            "2024-02-28 25:00",
            "1,234",
            "3.5",
            "-5",
            "NaN",
            "inf",
            "1e400",
            "28/02/2024/5",
            "Feb Mar 2024",
            "10:20",
            "28/02-2024",
            "0000-00-00",
        ] {
            assert_eq!(read(written), None, "{written}");
        }
    }

    #[test]
    fn day_and_month_are_told_apart_by_the_other_dates_of_the_field_or_by_the_user() {
        let date = "02/03/2024";
        let reader = |dates: &[&str], told| {
            let mut reader = DateReader::new(told);
            dates.iter().for_each(|date| reader.learn(date));
            reader
        };
        let read = |dates: &[&str], told| reader(dates, told).read(date);
        assert!(reader(&[], None).is_ambiguous(date) && read(&[], None).is_none());
        assert_eq!(read(&["28/02/2024"], None).as_deref(), Some("2024-03-02"));
        assert_eq!(read(&["02/28/2024"], None).as_deref(), Some("2024-02-03"));
        // Two customs in one field show nothing, and neither does a date with another sign.
        assert_eq!(read(&["28/02/2024", "02/28/2024"], None), None);
        assert_eq!(read(&["28-02-2024", "28 Feb 2024", "2/2/2024"], None), None);
        assert_eq!(
            read(&["28/02/2024"], Some(DayOrder::MonthFirst)).as_deref(),
            Some("2024-02-03")
        );
        // With points, the day comes first in all countries that write dates so.
        assert_eq!(
            reader(&[], None).read("02.03.2024").as_deref(),
            Some("2024-03-02")
        );
        assert_eq!(
            reader(&[], None).read("02/02/2024").as_deref(),
            Some("2024-02-02")
        );
        assert!(
            !reader(&[], None).is_ambiguous("soon")
                && !reader(&[], None).is_ambiguous("2024-02-03")
        );
    }

    proptest! {
        #[test]
        fn no_text_is_an_error(written in "\\PC{0,30}", dated in "[0-9:./ T年月日tháng+-]{0,24}") {
            let mut reader = DateReader::new(None);
            for written in [&written, &dated] {
                reader.learn(written);
                let read = reader.read(written);
                prop_assert!(!(read.is_some() && reader.is_ambiguous(written)));
            }
        }

        #[test]
        fn what_was_read_reads_as_itself(year in 1000_i16..9999, day in 1_i8..29, month in 1_i8..13, minute in 0..60) {
            for written in [format!("{day}.{month}.{year}"), format!("{year}年{month}月{day}日 7:{minute:02}")] {
                let iso = read(&written).unwrap();
                prop_assert_eq!(read(&iso), Some(iso));
            }
        }

        #[test]
        fn learning_knows_no_order(dates in prop::collection::vec("[0-3][0-9][/.-][0-3][0-9][/.-]2024", 0..6), cut in 0_usize..6) {
            let learned = |dates: &[String]| {
                let mut reader = DateReader::new(None);
                dates.iter().for_each(|date| reader.learn(date));
                reader
            };
            let reversed: Vec<String> = dates.iter().rev().cloned().collect();
            prop_assert_eq!(learned(&dates), learned(&reversed));
            let (one, other) = dates.split_at(cut.min(dates.len()));
            prop_assert_eq!(learned(one).merge(learned(other)), learned(&dates));
        }
    }
}
