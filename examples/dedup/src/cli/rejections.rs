//! How are many rejections reported? Those of one kind on one line, with their first places.

use std::collections::HashMap;
use std::fmt::Write;

use super::layout::grouped;
use super::screen::{Label, warn};
use crate::read::reason::ReasonKind;
use crate::store::Rejected;

/// Maximum number of kinds that are shown; the others are only counted.
const SHOWN: usize = 50;

/// Maximum number of places of one kind that are named.
const PLACES: usize = 3;

/// The exit status: 0 if nothing was rejected, 3 if the result is complete for the rest.
pub fn exit_status(rejected: &[Rejected]) -> u8 {
    if rejected.is_empty() { 0 } else { 3 }
}

/// Reports the rejected input on standard error.
pub fn report(rejected: &[Rejected]) {
    let kinds = kinds(rejected);
    for kind in kinds.iter().take(SHOWN) {
        warn(Label::Rejected, line(kind));
    }
    let more: usize = kinds.iter().skip(SHOWN).map(Vec::len).sum();
    if more > 0 {
        let more = grouped(more);
        let message = format!("... and {more} more; --output DIR writes all of them");
        warn(Label::Rejected, message);
    }
}

/// Groups rejections with the same error, not counting its numbers and quoted values, in the order of their first.
fn kinds(rejected: &[Rejected]) -> Vec<Vec<&Rejected>> {
    let mut kinds: Vec<Vec<&Rejected>> = Vec::new();
    let mut known: HashMap<(ReasonKind, String), usize> = HashMap::new();
    for one in rejected {
        let kind = *known
            .entry((one.reason.kind, shape(&one.reason.text)))
            .or_insert(kinds.len());
        if kind == kinds.len() {
            kinds.push(Vec::new());
        }
        kinds[kind].push(one);
    }
    kinds
}

/// An error without its numbers and quoted values.
fn shape(error: &str) -> String {
    let (mut out, mut quoted, mut escaped) = (String::new(), false, false);
    for c in error.chars() {
        let ends = c == '"' && !escaped;
        escaped = quoted && c == '\\' && !escaped;
        if ends {
            quoted = !quoted;
        } else if !quoted && !c.is_ascii_digit() {
            out.push(c);
        }
    }
    out
}

/// The first places of a kind, and the error of the first.
fn line(kind: &[&Rejected]) -> String {
    let mut out = String::new();
    for (number, rejected) in kind.iter().take(PLACES).enumerate() {
        let comma = if number > 0 { ", " } else { "" };
        let _ = write!(out, "{comma}{}", rejected.place);
    }
    if kind.len() > PLACES {
        let _ = write!(out, " and {} more", grouped(kind.len() - PLACES));
    }
    if let Some(first) = kind.first() {
        let _ = write!(out, ": {}", first.reason);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Place;

    fn rejected(line: usize, error: &str) -> Rejected {
        let place = Place {
            file: "in".into(),
            line: Some(line),
        };
        Rejected {
            place,
            reason: ReasonKind::Malformed.because(error),
        }
    }

    #[test]
    fn rejections_of_one_kind_are_one_line_with_a_count_and_first_places() {
        let all = [
            rejected(1, "not UTF-8 at byte 7"),
            rejected(2, r#"the id "a\"b" is taken"#),
            rejected(3, "not UTF-8 at byte 12"),
            rejected(4, "not UTF-8 at byte 0"),
            rejected(5, r#"the id "c" is taken"#),
            rejected(6, "not UTF-8 at byte 5"),
            rejected(7, "empty"),
        ];
        let lines: Vec<String> = kinds(&all).iter().map(|kind| line(kind)).collect();
        let expected = [
            "in:1, in:3, in:4 and 1 more: not UTF-8 at byte 7",
            r#"in:2, in:5: the id "a\"b" is taken"#,
            "in:7: empty",
        ];
        assert_eq!(lines, expected);
    }
}
