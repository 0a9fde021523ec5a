//! Finds the changes between two texts that have a common order.
//!
//! Changes are the gaps between the grams of the longest common order, extended to the edges of units. A histogram diff then splits
//! each change at the units that both sides have.

use std::hash::{Hash, Hasher};
use std::ops::Range;

use similar::{Algorithm, capture_diff_slices};

use crate::verify::align::equal_runs;
use crate::verify::distance::alike_ends;
use crate::verify::{Letters, MAX_CHANGE};

/// Ranges of letters in the left and the right text that replace each other.
pub(super) type Change = (Range<usize>, Range<usize>);

/// Is a change at the start or the end of both texts? `lengths` are the numbers of their letters.
pub(super) fn is_at_an_end(change: &Change, lengths: (usize, usize)) -> bool {
    let starts = change.0.start == 0 && change.1.start == 0;
    starts || (change.0.end, change.1.end) == lengths
}

/// The longest subsequence of `anchors` (ascending on the left) that also ascends on the right. Cost: n log n; linear if all do.
pub(super) fn one_order(anchors: Vec<(usize, usize)>) -> Vec<(usize, usize)> {
    if anchors.is_sorted_by(|a, b| a.1 < b.1) {
        return anchors;
    }
    // The anchor that ends the best order of each length, and for each anchor the one before it.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(anchors.len());
    for (i, &(_, right)) in anchors.iter().enumerate() {
        let follows = ends.last().is_none_or(|&last| anchors[last].1 < right);
        let length = if follows {
            ends.len()
        } else {
            ends.partition_point(|&end| anchors[end].1 < right)
        };
        before.push(length.checked_sub(1).map(|shorter| ends[shorter]));
        if length == ends.len() {
            ends.push(i);
        } else {
            ends[length] = i;
        }
    }
    let mut last = ends.last().copied();
    let mut chain = Vec::with_capacity(ends.len());
    while let Some(i) = last {
        chain.push(anchors[i]);
        last = before[i];
    }
    chain.reverse();
    chain
}

/// The gaps before, between and after the grams of a chain, extended to the edges of units.
pub(super) fn changes(left: &Letters, right: &Letters, chain: &[(usize, usize)]) -> Vec<Change> {
    let mut found: Vec<Change> = Vec::new();
    let mut end = (0_usize, 0_usize);
    let ends = (left.len(), right.len());
    for &(l, r) in chain.iter().chain([&ends]) {
        let length = if (l, r) == ends {
            0
        } else {
            left.gram_length(l)
        };
        // Where a gram overlaps the gram before it by different lengths in the two texts, its first letters go into the gap.
        let taken = end.0.saturating_sub(l).max(end.1.saturating_sub(r));
        if taken > length || (taken == length && length > 0) {
            continue;
        }
        let gap = (end.0..l + taken, end.1..r + taken);
        end = (l + length, r + length);
        if !gap.0.is_empty() || !gap.1.is_empty() {
            push(left, right, &mut found, gap);
        }
    }
    found
}

/// Adds a change: cuts the letters that agree at its ends, extends it to the edges of units, and joins it with the last one if the
/// two touch.
fn push(left: &Letters, right: &Letters, found: &mut Vec<Change>, gap: Change) {
    let (l, r) = (
        &left.letters()[gap.0.clone()],
        &right.letters()[gap.1.clone()],
    );
    let (head, foot) = alike_ends(l, r);
    if l.len() == head + foot && r.len() == head + foot {
        return;
    }
    let mut change = (
        gap.0.start + head..gap.0.end - foot,
        gap.1.start + head..gap.1.end - foot,
    );
    let last = found.last().map_or((0, 0), |last| (last.0.end, last.1.end));
    let room = (change.0.start - last.0.min(change.0.start))
        .min(change.1.start - last.1.min(change.1.start));
    let edge =
        |back: &usize| left.is_edge(change.0.start - back) && right.is_edge(change.1.start - back);
    let back = (0..=room).take(MAX_UNIT_LETTERS).find(edge).unwrap_or(0);
    let alike = |on: &usize| {
        let (l, r) = (change.0.end + on, change.1.end + on);
        left.is_edge(l) && right.is_edge(r)
    };
    let same = |on: &usize| {
        *on == 0
            || left
                .letters()
                .get(change.0.end + on - 1)
                .is_some_and(|letter| right.letters().get(change.1.end + on - 1) == Some(letter))
    };
    let on = (0..MAX_UNIT_LETTERS)
        .take_while(same)
        .find(alike)
        .unwrap_or(0);
    change = (
        change.0.start - back..change.0.end + on,
        change.1.start - back..change.1.end + on,
    );
    match found.last_mut() {
        Some(last) if change.0.start <= last.0.end && change.1.start <= last.1.end => {
            join(last, &change, (left.len(), right.len()));
        }
        _ => found.push(change),
    }
}

/// Extends a change to the end of the next one, which it touches. After each of the two, the texts are equal: where the first one
/// ends later, its end moves on both sides by the same number of letters.
fn join(last: &mut Change, next: &Change, lengths: (usize, usize)) {
    let (left, right) = (next.0.end, next.1.end);
    let longer = last.0.end.saturating_sub(left);
    let longer = longer.max(last.1.end.saturating_sub(right));
    let end = (left + longer, right + longer);
    let fits = end.0 <= lengths.0 && end.1 <= lengths.1;
    (last.0.end, last.1.end) = if fits { end } else { lengths };
}

/// Adds a change. It is split where enough units inside it agree for that not to be an accident.
pub(super) fn parted(left: &Letters, right: &Letters, change: Change, parts: &mut Vec<Change>) {
    let units = [left.units(&change.0), right.units(&change.1)];
    if units
        .iter()
        .any(|units| units.len() < 2 || units.len() > MAX_CHANGE)
    {
        return parts.push(change);
    }
    let (l, r) = (pieces(left, &units[0]), pieces(right, &units[1]));
    if have_nothing_in_common(&l, &r) {
        return parts.push(change);
    }
    let operations = capture_diff_slices(Algorithm::Histogram, &l, &r);
    let mut from = (change.0.start, change.1.start);
    let mut part = |part: Change| {
        if !part.0.is_empty() || !part.1.is_empty() {
            parts.push(part);
        }
    };
    // Equal units that are fewer than the changed ones on both sides are an accident.
    for run in equal_runs(&operations).filter(|run| run.length >= run.changed) {
        let stretch = |text: &Letters, first: usize| {
            text.unit(first).start..text.unit(first + run.length - 1).end
        };
        let l = stretch(left, units[0].start + run.left);
        let r = stretch(right, units[1].start + run.right);
        // The first and the last unit may be partly outside the change. Then the same number of letters is left out in both texts, so
        // that they stay in step.
        let before = from.0.saturating_sub(l.start);
        let before = before.max(from.1.saturating_sub(r.start));
        let behind = l.end.saturating_sub(change.0.end);
        let behind = behind.max(r.end.saturating_sub(change.1.end));
        if before + behind < l.len() {
            part((from.0..l.start + before, from.1..r.start + before));
            from = (l.end - behind, r.end - behind);
        }
    }
    part((from.0..change.0.end, from.1..change.1.end));
}

/// A unit with its hash. The hash is compared before the letters.
#[derive(PartialEq, Eq)]
struct Piece<'t> {
    hash: u64,
    letters: &'t [char],
}

impl Hash for Piece<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.hash);
    }
}

fn pieces<'t>(text: &'t Letters, units: &Range<usize>) -> Vec<Piece<'t>> {
    let pieces = units.clone().map(|unit| {
        let letters = &text.letters()[text.unit(unit)];
        let hash = letters.iter().fold(0_u64, |hash, &letter| {
            (hash ^ u64::from(letter)).wrapping_mul(SPREAD)
        });
        Piece { hash, letters }
    });
    pieces.collect()
}

/// Is it certain that two lists have no unit in common? Compares one bit for each of 256 classes of hashes.
fn have_nothing_in_common(left: &[Piece<'_>], right: &[Piece<'_>]) -> bool {
    let class = |piece: &Piece<'_>| {
        let class = (piece.hash >> 56) as usize;
        (class / 64, 1_u64 << (class % 64))
    };
    let mut met = [0_u64; 4];
    for (word, bit) in left.iter().map(class) {
        met[word] |= bit;
    }
    right
        .iter()
        .map(class)
        .all(|(word, bit)| met[word] & bit == 0)
}

/// 2^64 divided by the golden ratio, odd: spreads hashes evenly.
const SPREAD: u64 = 0x9E37_79B9_7F4A_7C15;

/// Maximum letters to each side in which the edge of a unit is looked for.
const MAX_UNIT_LETTERS: usize = 40;

/// All changes between two texts, in the order of both.
pub(super) fn all_changes(left: &Letters, right: &Letters) -> Vec<Change> {
    // Puts the sides in a fixed order: the choice among several longest orders must not depend on which text is the left one.
    if right.letters() < left.letters() {
        let swapped = all_changes(right, left).into_iter();
        return swapped.map(|(left, right)| (right, left)).collect();
    }
    let chain = one_order(left.anchors(right));
    let mut parts = Vec::new();
    for change in changes(left, right, &chain) {
        parted(left, right, change, &mut parts);
    }
    let mut apart: Vec<Change> = Vec::with_capacity(parts.len());
    for part in parts {
        match apart.last_mut() {
            // Changes that were extended to the edges of one unit are one change.
            Some(last) if part.0.start < last.0.end || part.1.start < last.1.end => {
                join(last, &part, (left.len(), right.len()));
            }
            _ => apart.push(part),
        }
    }
    apart
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Texts of few words, some of them long or of one letter, so that grams repeat and units reach over the edges of changes.
    fn text() -> impl Strategy<Value = String> {
        let word = prop::sample::select(vec![
            "a",
            "ab",
            "aba",
            "abab",
            "7",
            "77",
            "水",
            "水来",
            "the",
            "ferry",
            "ferryboat",
        ]);
        let gap = prop::sample::select(vec![" ", "", " ", ""]);
        prop::collection::vec((word, gap), 1..80).prop_map(|words| {
            let words = words.into_iter().map(|(word, gap)| format!("{word}{gap}"));
            words.collect()
        })
    }

    proptest! {
        #[test]
        fn between_changes_two_texts_are_equal(left in text(), right in text(), cut in 0_usize..80) {
            // A pair of texts that have little in common, and a text with an edited copy of it.
            let edited: String = left.chars().take(cut).chain(right.chars().take(5)).chain(left.chars().skip(cut + 3)).collect();
            for right in [right, edited] {
                let (l, r) = (Letters::new(&left), Letters::new(&right));
                let mut from = (0, 0);
                let ends = (l.len()..l.len(), r.len()..r.len());
                for change in all_changes(&l, &r).iter().chain([&ends]) {
                    prop_assert!(change.0.start <= change.0.end && change.1.start <= change.1.end, "{:?}", change);
                    let equal = (l.letters().get(from.0..change.0.start), r.letters().get(from.1..change.1.start));
                    prop_assert!(equal.0.is_some() && equal.0 == equal.1, "{:?} from {:?}", change, from);
                    from = (change.0.end, change.1.end);
                }
            }
        }
    }
}
