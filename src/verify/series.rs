//! What tells two items of a series apart, and is no number?
//!
//! Parts and volumes are numbered with Roman numbers, letters, and in Chinese with signs of order. One letter less makes another
//! item, where in prose it is a misprint.

use std::ops::Range;

use crate::normalize::is_unspaced;
use crate::verify::Letters;
use crate::verify::changes::Change;
use crate::verify::numbers::roman;

/// Letters of Roman numbers that number parts, up to 39; with l, c, d and m there are words among them.
const ROMAN: [char; 3] = ['i', 'v', 'x'];

/// Signs of order, of which one list numbers the items of one series.
const SIGNS: [&[char]; 3] = [
    &['上', '中', '下'],
    &['前', '后', '後'],
    &['甲', '乙', '丙', '丁', '戊'],
];

/// What such signs number.
const PARTS: [char; 12] = [
    '册', '冊', '集', '卷', '部', '篇', '编', '編', '组', '組', '级', '級',
];

/// Letters that label the things of one kind: lists seldom go further than h, vitamins to k, and unknowns are x, y and z.
const LABELS: [&str; 2] = ["abcdefghk", "xyz"];

/// Of these, those that are words, or what an apostrophe leaves of one: two of them label nothing.
const WORDS: &str = "adey";

/// Letters that are misread for each other.
const MISTAKEN: [[char; 2]; 3] = [['c', 'e'], ['b', 'h'], ['e', 'f']];

/// Do the two sides of a change number two items?
pub(super) fn numbers_items(left: &Letters, right: &Letters, change: &Change) -> bool {
    let sides = [(left, &change.0), (right, &change.1)];
    let [Some(own), Some(other)] = sides.map(|(text, range)| only_unit(text, range)) else {
        return false;
    };
    are_roman_numbers(own, other) || {
        let next = [
            left.letters().get(change.0.end),
            right.letters().get(change.1.end),
        ];
        next[0] == next[1] && next[0].is_some_and(|next| is_part(*next)) && are_signs(own, other)
    }
}

/// Are the two sides of a change two letters that label two things: hepatitis A and B?
pub(super) fn are_labels(left: &Letters, right: &Letters, change: &Change) -> bool {
    let sides = [(left, &change.0), (right, &change.1)];
    let [Some(&[own]), Some(&[other])] = sides.map(|(text, range)| only_unit(text, range)) else {
        return false;
    };
    let pair = [own.min(other), own.max(other)];
    let is_label = |labels: &&str| pair.iter().all(|letter| labels.contains(*letter));
    LABELS.iter().any(is_label)
        && !pair.iter().all(|letter| WORDS.contains(*letter))
        && !MISTAKEN.contains(&pair)
}

/// The letters of a range that is one whole unit.
fn only_unit<'t>(text: &'t Letters, range: &Range<usize>) -> Option<&'t [char]> {
    let units = text.units(range);
    (units.len() == 1 && text.unit(units.start) == *range).then(|| &text.letters()[range.clone()])
}

fn are_roman_numbers(left: &[char], right: &[char]) -> bool {
    let value = |side: &[char]| {
        let is_roman = side.iter().all(|letter| ROMAN.contains(letter));
        is_roman
            .then(|| roman(&side.iter().collect::<String>()))
            .flatten()
    };
    // Of single letters, I is a word, and V and X are what it is misread as.
    left.len().max(right.len()) > 1
        && value(left)
            .zip(value(right))
            .is_some_and(|(left, right)| left != right)
}

fn is_part(c: char) -> bool {
    is_unspaced(c) && PARTS.contains(&c)
}

fn are_signs(left: &[char], right: &[char]) -> bool {
    let ([own], [other]) = (left, right) else {
        return false;
    };
    SIGNS
        .iter()
        .any(|signs| signs.contains(own) && signs.contains(other))
}
