//! How does the page get two texts side by side? As pieces; for long texts, only those around the differences.

use std::io;
use std::ops::Range;

use reprint::Deduper;
use reprint::verify::{DifferenceKind, Piece};
use serde::Serialize;

/// Maximum size of both texts, in bytes, that are written in full.
const MAX_WHOLE_BYTES: usize = 200_000;

/// Maximum size of both texts, in bytes, that are compared side by side. The comparison takes 50 times their memory.
const MAX_COMPARED_BYTES: usize = 4_000_000;

/// Maximum number of bytes written for long texts.
const MAX_GIVEN_BYTES: usize = 400_000;

/// Number of characters kept on either side of a cut.
const CONTEXT_CHARACTERS: usize = 300;

/// Two texts side by side.
#[derive(Default, Serialize)]
pub struct Set {
    pieces: Vec<Given>,
    /// Number of differences of each kind, shown or not, in the order of `DifferenceKind::ALL`.
    counts: [usize; DifferenceKind::ALL.len()],
    /// Were stretches of text left out?
    cut: bool,
    /// Number of differences after the last piece.
    more: usize,
    /// Are the texts too long to be compared side by side?
    too_long: bool,
}

/// A piece in the form that the page reads.
#[derive(Serialize)]
#[serde(untagged)]
enum Given {
    /// Text that both sides have.
    Equal(String),
    /// Numbers of characters left out on the left and on the right.
    Out(usize, usize),
    /// A difference: the number of its kind among all kinds, and both sides.
    Differing(usize, Side, Side),
}

/// One side of a difference. If it has conflicting numbers, it is a list of parts, and every second part is such a number.
#[derive(Serialize)]
#[serde(untagged)]
enum Side {
    Plain(String),
    Numbers(Vec<String>),
}

/// Compares two texts side by side.
pub fn set(deduper: &Deduper, left: &str, right: &str) -> io::Result<Set> {
    if left.len() + right.len() > MAX_COMPARED_BYTES {
        return Ok(Set {
            too_long: true,
            ..Set::default()
        });
    }
    // A text that repeats itself can be aligned in more than one way. The side with the smaller id decides.
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

    /// Adds both ends of equal text.
    fn equal(&mut self, text: &str) -> usize {
        let Some((start, out, end)) = ends(text) else {
            return self.push(Given::Equal(text.to_owned()), text.len());
        };
        self.cut = true;
        self.push(Given::Equal(start.to_owned()), 0);
        self.push(Given::Out(out, out), 0);
        self.push(Given::Equal(end.to_owned()), start.len() + end.len())
    }

    /// Adds both ends of a long difference.
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

/// The start and the end of a text, and the number of characters left out between them; `None` for a short text.
fn ends(text: &str) -> Option<(&str, usize, &str)> {
    let (from, _) = text.char_indices().nth(CONTEXT_CHARACTERS)?;
    let (to, _) = text.char_indices().rev().nth(CONTEXT_CHARACTERS - 1)?;
    let out = text.get(from..to)?.chars().count();
    // Replacing a line or two by a note would gain nothing.
    (out > CONTEXT_CHARACTERS).then(|| (&text[..from], out, &text[to..]))
}

#[derive(Clone, Copy)]
enum Which {
    Left,
    Right,
}

/// One side of a piece. Its conflicting numbers are separate parts, unless the whole piece is one conflict.
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
