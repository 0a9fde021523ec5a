//! Items of a series that are numbered without digits.
//!
//! Parts and volumes are numbered with Roman numerals, with letters, and in Chinese with signs of order. In such a number, a
//! missing letter makes another item; in prose it is a misprint.

use std::ops::Range;

use crate::normalize::is_unspaced;
use crate::verify::Letters;
use crate::verify::changes::Change;
use crate::verify::numbers::roman;

/// Letters of Roman numerals up to 39, which number parts. Some numerals with l, c, d or m are words.
const ROMAN: [char; 3] = ['i', 'v', 'x'];

/// Signs of order; each list numbers the items of one series.
const SIGNS: [&[char]; 3] = [
    &['上', '中', '下'],
    &['前', '后', '後'],
    &['甲', '乙', '丙', '丁', '戊'],
];

/// Words for parts that are numbered with such signs.
const PARTS: [char; 12] = [
    '册', '冊', '集', '卷', '部', '篇', '编', '編', '组', '組', '级', '級',
];

/// Letters that label items of one kind. Lists seldom go further than h, vitamins go to k, and unknowns are x, y and z.
const LABELS: [&str; 2] = ["abcdefghk", "xyz"];

/// Labels that are also words, or the rest of a word after an apostrophe. A change from one of them to another does not count as a
/// change of labels.
const WORDS: &str = "adey";

/// Pairs of labels that are often misread for each other.
const MISTAKEN: [[char; 2]; 3] = [['c', 'e'], ['b', 'h'], ['e', 'f']];

/// Do the two sides of a change number different items?
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

/// Are the two sides of a change letters that label different items, such as hepatitis A and B?
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

/// The letters of a range, if it is exactly one unit.
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
    // Single letters do not count: I is a word, and V and X are misreadings of it.
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
