//! Are two readings the same number, date or time?
//!
//! Parts of a date may be in any order. Where a month is only a number, it may also be read as the day: `2/7/2021` and `7/2/2021`
//! do not conflict, because they may follow different customs.

use super::read::Item;
use super::tokens::Role;

/// Are the values the same?
pub(super) fn agree(left: &[Item], right: &[Item]) -> bool {
    let (left, right) = without_lone_weekdays(left, right);
    if left.is_empty() || left.len() != right.len() {
        return false;
    }
    let short_years = may_have_short_years(&left, &right);
    let mut pairs = left.iter().zip(&right);
    pairs.all(|(l, r)| is_same(l, r, short_years))
        || (may_be_turned(&left, &right)
            && months_agree(&left, &right)
            && missing(&left, &right) == 0)
}

/// Is one side a part of the date on the other side: `12 July` of `12 July 2021`?
pub(super) fn is_part(left: &[Item], right: &[Item]) -> bool {
    let (left, right) = without_lone_weekdays(left, right);
    let (less, more) = if left.len() <= right.len() {
        (left, right)
    } else {
        (right, left)
    };
    let dated = has(&less, Role::Month) && has(&more, Role::Month);
    dated && less.len() < more.len() && months_agree(&less, &more) && missing(&less, &more) == 0
}

/// Is it a date: the name of a month or weekday, or numbers for day, month and year?
pub(super) fn is_date(items: &[Item]) -> bool {
    let items: Vec<&Item> = items.iter().collect();
    has(&items, Role::Month) || has(&items, Role::Weekday) || is_numeric_date(&items)
}

/// Is a month named, by its name or its mark?
pub(super) fn has_month(items: &[Item]) -> bool {
    items.iter().any(|item| item.role == Role::Month)
}

fn has(items: &[&Item], role: Role) -> bool {
    items.iter().any(|item| item.role == role)
}

/// Drops the weekday if only one side has it: it does not contradict the date on the other side.
fn without_lone_weekdays<'i>(
    left: &'i [Item],
    right: &'i [Item],
) -> (Vec<&'i Item>, Vec<&'i Item>) {
    let weekday = |item: &&Item| item.role == Role::Weekday;
    let both = left.iter().any(|item| weekday(&item)) && right.iter().any(|item| weekday(&item));
    let kept = |items: &'i [Item]| {
        let without: Vec<&Item> = items.iter().filter(|item| both || !weekday(item)).collect();
        if without.is_empty() {
            items.iter().collect()
        } else {
            without
        }
    };
    (kept(left), kept(right))
}

/// May a year have two digits? Only in a whole date: `room 19` is not `room 2019`, and `20 July` is not `July 2020`.
fn may_have_short_years(left: &[&Item], right: &[&Item]) -> bool {
    let sides = [left, right];
    sides.iter().all(|items| items.len() >= 3)
        && sides
            .iter()
            .any(|items| has(items, Role::Month) || is_numeric_date(items))
}

fn is_same(left: &Item, right: &Item, short_years: bool) -> bool {
    let roles = match (left.role, right.role) {
        (Role::Weekday, role) | (role, Role::Weekday) => role == Role::Weekday,
        (Role::Month, role) | (role, Role::Month) => matches!(role, Role::Month | Role::Plain),
        _ => true,
    };
    let (left, right) = (left.value.as_str(), right.value.as_str());
    let is_short = short_years && (is_short_year(left, right) || is_short_year(right, left));
    roles && (left == right || is_short)
}

/// Is the first one the second one, a year, with two digits? Values have no zeros before them: `05` is `5`.
fn is_short_year(short: &str, long: &str) -> bool {
    let is_year = long.len() == 4 && matches!(long.get(..2), Some("19" | "20"));
    let end = || long.get(2..).and_then(|end| end.parse::<u8>().ok());
    is_year && short.len() <= 2 && short.parse().ok() == end()
}

/// May the parts of both be in any order?
fn may_be_turned(left: &[&Item], right: &[&Item]) -> bool {
    has(left, Role::Month)
        || has(right, Role::Month)
        || (is_numeric_date(left) && is_numeric_date(right))
}

/// Are these a day, a month and a year, in some order?
fn is_numeric_date(items: &[&Item]) -> bool {
    let [first, second, third] = items else {
        return false;
    };
    let number = |item: &Item| item.value.parse::<u16>().unwrap_or(0);
    let mut parts = [first, second, third].map(|item| number(item));
    parts.sort_unstable();
    let [month, day, year] = parts;
    (1..=12).contains(&month) && day <= 31 && (1000..2200).contains(&year)
}

/// Are the months the same, if both sides name some?
fn months_agree(left: &[&Item], right: &[&Item]) -> bool {
    let months = |items: &[&Item]| {
        let months = items.iter().filter(|item| item.role == Role::Month);
        let mut months: Vec<String> = months.map(|item| item.value.clone()).collect();
        months.sort_unstable();
        months
    };
    let (left, right) = (months(left), months(right));
    left.is_empty() || right.is_empty() || left == right
}

/// Number of values of `less` that `more` lacks.
fn missing(less: &[&Item], more: &[&Item]) -> usize {
    let mut left_over = more.to_vec();
    let short_years = may_have_short_years(less, more);
    let lacks = less.iter().filter(|item| {
        let found = left_over
            .iter()
            .position(|other| is_same(item, other, short_years) || is_turned(item, other));
        found.map(|found| left_over.swap_remove(found)).is_none()
    });
    lacks.count()
}

/// Are the values equal? A month that one side names may be a plain number on the other.
fn is_turned(left: &Item, right: &Item) -> bool {
    let dated = |role: Role| role != Role::Weekday;
    dated(left.role) && dated(right.role) && left.value == right.value
}
