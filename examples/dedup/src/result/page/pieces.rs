//! How are two texts handed to the page side by side? As pieces; of long texts only those around the differences.

use std::io;
use std::ops::Range;

use reprint::Deduper;
use reprint::verify::{DifferenceKind, Piece};
use serde::Serialize;

/// Bytes of both texts up to which they are given whole.
const MAX_WHOLE_BYTES: usize = 200_000;

/// Bytes of both texts over which they are not set side by side at all: it takes 50 times their memory.
const MAX_COMPARED_BYTES: usize = 4_000_000;

/// Bytes of long texts that are given.
const MAX_GIVEN_BYTES: usize = 400_000;

/// Characters around a cut.
const CONTEXT_CHARACTERS: usize = 300;

/// Two texts side by side.
#[derive(Default, Serialize)]
pub struct Set {
    pieces: Vec<Given>,
    /// Differences of each kind, shown or not; in the order of `DifferenceKind::ALL`.
    counts: [usize; DifferenceKind::ALL.len()],
    /// Equal stretches are left out.
    cut: bool,
    /// Differences after those that are given.
    more: usize,
    /// The texts are too long to be set side by side.
    too_long: bool,
}

/// A piece as the page reads it.
#[derive(Serialize)]
#[serde(untagged)]
enum Given {
    /// Text that both have.
    Equal(String),
    /// So many characters left out on both sides.
    Out(usize, usize),
    /// The number of the kind among all kinds, and both sides.
    Differing(usize, Side, Side),
}

/// One side of a difference. Where numbers in it conflict, its parts: every second is such a number.
#[derive(Serialize)]
#[serde(untagged)]
enum Side {
    Plain(String),
    Numbers(Vec<String>),
}

/// Sets two texts side by side.
pub fn set(deduper: &Deduper, left: &str, right: &str) -> io::Result<Set> {
    if left.len() + right.len() > MAX_COMPARED_BYTES {
        return Ok(Set {
            too_long: true,
            ..Set::default()
        });
    }
    // A text that repeats itself can be aligned in more than one way; the smaller id is the side to look from.
    let documents = [("a", left), ("b", right)];
    let pieces = deduper
        .side_by_side(&documents, 0, 1)
        .map_err(io::Error::other)?;
    let mut set = Set::default();
    for piece in &pieces {
        let Some(kind) = piece.kind else { continue };
        set.counts[number(kind)] += 1;
        if !kind.is_conflict() {
            set.counts[number(DifferenceKind::Number)] += piece.numbers.len();
        }
    }
    set.give(left, right, &pieces);
    Ok(set)
}

fn number(kind: DifferenceKind) -> usize {
    let mut kinds = DifferenceKind::ALL.iter();
    kinds.position(|&other| other == kind).unwrap_or(0)
}

impl Set {
    fn give(&mut self, left: &str, right: &str, pieces: &[Piece]) {
        let long = left.len() + right.len() > MAX_WHOLE_BYTES;
        let mut given = 0;
        for (i, piece) in pieces.iter().enumerate() {
            let (l, r) = (&left[piece.left.clone()], &right[piece.right.clone()]);
            if long && given >= MAX_GIVEN_BYTES {
                let rest = pieces[i..].iter().filter(|piece| piece.kind.is_some());
                self.more = rest.count();
                self.cut = true;
                return;
            }
            given += match piece.kind {
                None if long => self.equal(l),
                None => self.push(Given::Equal(l.to_owned()), l.len()),
                Some(kind) if long && l.len().max(r.len()) > MAX_WHOLE_BYTES / 4 => {
                    self.long(number(kind), l, r)
                }
                Some(kind) => {
                    let sides = (
                        numbered(l, piece, Which::Left),
                        numbered(r, piece, Which::Right),
                    );
                    let differing = Given::Differing(number(kind), sides.0, sides.1);
                    self.push(differing, l.len() + r.len())
                }
            };
        }
    }

    fn push(&mut self, given: Given, bytes: usize) -> usize {
        self.pieces.push(given);
        bytes
    }

    /// Gives the two ends of equal text.
    fn equal(&mut self, text: &str) -> usize {
        let Some((start, out, end)) = ends(text) else {
            return self.push(Given::Equal(text.to_owned()), text.len());
        };
        self.cut = true;
        self.push(Given::Equal(start.to_owned()), 0);
        self.push(Given::Out(out, out), 0);
        self.push(Given::Equal(end.to_owned()), start.len() + end.len())
    }

    /// Gives the two ends of a long difference.
    fn long(&mut self, kind: usize, left: &str, right: &str) -> usize {
        let sides = [left, right].map(|text| ends(text).unwrap_or((text, 0, "")));
        self.cut = true;
        let [(l, l_out, l_end), (r, r_out, r_end)] = sides;
        let differing = |left: &str, right: &str| {
            let (left, right) = (Side::Plain(left.to_owned()), Side::Plain(right.to_owned()));
            Given::Differing(kind, left, right)
        };
        self.push(differing(l, r), 0);
        self.push(Given::Out(l_out, r_out), 0);
        self.push(differing(l_end, r_end), 4 * CONTEXT_CHARACTERS)
    }
}

/// Start and end of a text, and the characters between that are left out; none of a short one.
fn ends(text: &str) -> Option<(&str, usize, &str)> {
    let (from, _) = text.char_indices().nth(CONTEXT_CHARACTERS)?;
    let (to, _) = text.char_indices().rev().nth(CONTEXT_CHARACTERS - 1)?;
    let out = text.get(from..to)?.chars().count();
    // A note in place of a line or two is no gain.
    (out > CONTEXT_CHARACTERS).then(|| (&text[..from], out, &text[to..]))
}

#[derive(Clone, Copy)]
enum Which {
    Left,
    Right,
}

/// One side of a piece, with its conflicting numbers set apart if it is more than one.
fn numbered(text: &str, piece: &Piece, which: Which) -> Side {
    if piece.kind.is_some_and(DifferenceKind::is_conflict) || piece.numbers.is_empty() {
        return Side::Plain(text.to_owned());
    }
    let start = match which {
        Which::Left => piece.left.start,
        Which::Right => piece.right.start,
    };
    let ranges = piece.numbers.iter().map(|(left, right)| match which {
        Which::Left => left.start - start..left.end - start,
        Which::Right => right.start - start..right.end - start,
    });
    let mut ranges: Vec<Range<usize>> = ranges.filter(|range| !range.is_empty()).collect();
    ranges.sort_by_key(|range| (range.start, range.end));
    let mut parts = Vec::new();
    let mut at = 0;
    for range in ranges {
        if range.start < at {
            continue;
        }
        parts.push(text[at..range.start].to_owned());
        parts.push(text[range.clone()].to_owned());
        at = range.end;
    }
    parts.push(text[at..].to_owned());
    Side::Numbers(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_conflicting_number_stands_in_the_difference_around_it() {
        let piece = Piece {
            kind: Some(DifferenceKind::Body),
            left: 10..20,
            right: 0..4,
            numbers: vec![(12..14, 1..2), (13..14, 0..1)],
        };
        let sides = [
            numbered("on 12 July", &piece, Which::Left),
            numbered("3045", &piece, Which::Right),
        ];
        assert_eq!(
            serde_json::to_string(&sides).unwrap(),
            r#"[["on"," 1","2 July"],["","3","","0","45"]]"#
        );
    }

    #[test]
    fn long_texts_are_cut_between_their_differences() {
        let line = |n: usize| {
            format!(
                "Line {n} of the ferry keeper's book, {} passengers.\n",
                n * 7
            )
        };
        let left: String = (0..4000).map(line).collect();
        let right = left.replacen(
            "Line 2000 of the ferry keeper's",
            "Line 2000 of the old lock keeper's",
            1,
        );
        let set = set(&Deduper::default(), &left, &right).unwrap();
        assert!(set.cut && set.more == 0);
        assert_eq!(set.counts.iter().sum::<usize>(), 1);
        let json = serde_json::to_string(&set.pieces).unwrap();
        assert!(json.len() < 3000, "{} bytes", json.len());
        assert!(
            json.contains("Line 0 of")
                && json.contains("old lock")
                && json.contains("Line 3999 of")
        );
    }
}
