//! Which text do two editions have in common, in one order?
//!
//! The alignment is the longest chain of stretches that have one order in both texts. Between two stretches of the chain, a diff
//! finds the units that still agree. Only short gaps are left to the diff: in whole texts it would pair unlike sentences by their
//! commonest words.
//!
//! Cost: that of the stretches, and a histogram diff for each gap of up to [`MAX_GAP_UNITS`] units.

use std::ops::Range;

use similar::{Algorithm, DiffOp, capture_diff_slices};

use crate::shingle::units;
use crate::verify::stretches::{Stretch, disjoint, equal_bytes, gaps};

/// Maximum units of a gap, on either side. A longer gap is one change as a whole.
const MAX_GAP_UNITS: usize = 4000;

/// The common text of two texts in one order: stretches that ascend on both sides, of the greatest length that was found.
pub(super) fn align(left: &str, right: &str, stretches: &[Stretch]) -> Vec<Stretch> {
    let claims: Vec<_> = stretches.iter().map(|&stretch| (stretch, ())).collect();
    let disjoint = disjoint(&claims).into_iter();
    let chain = one_order(disjoint.map(|(stretch, ())| stretch).collect());
    let ends = (left.len(), right.len());
    let mut aligned = Vec::new();
    for (i, (on_left, on_right)) in gaps(ends, &chain).into_iter().enumerate() {
        aligned.extend(diff_gap(left, right, on_left, on_right));
        aligned.extend(chain.get(i));
    }
    aligned
}

/// The heaviest subsequence of `stretches` (ordered by their left side) that also ascends on the right. Cost: n log n.
fn one_order(stretches: Vec<Stretch>) -> Vec<Stretch> {
    let mut by_right: Vec<usize> = stretches.iter().map(|stretch| stretch.right).collect();
    by_right.sort_unstable();
    // Fenwick tree over the places on the right: the heaviest chain that ends at or before each place.
    let mut best: Vec<(usize, Option<usize>)> = vec![(0, None); by_right.len() + 1];
    let mut before: Vec<Option<usize>> = Vec::with_capacity(stretches.len());
    for (i, stretch) in stretches.iter().enumerate() {
        let rank = by_right.partition_point(|&right| right < stretch.right);
        let (mut weight, mut previous) = (0, None);
        let mut at = rank;
        while at > 0 {
            if best[at].0 > weight {
                (weight, previous) = best[at];
            }
            at &= at - 1;
        }
        before.push(previous);
        let mut at = rank + 1;
        while at < best.len() {
            if best[at].0 < weight + stretch.bytes {
                best[at] = (weight + stretch.bytes, Some(i));
            }
            at += at & at.wrapping_neg();
        }
    }
    let heaviest = best
        .iter()
        .max_by_key(|&&(weight, last)| (weight, std::cmp::Reverse(last)));
    let mut last = heaviest.and_then(|&(_, last)| last);
    let mut chain = Vec::new();
    while let Some(i) = last {
        chain.push(stretches[i]);
        last = before[i];
    }
    chain.reverse();
    chain
}

/// The common units of the gaps between two stretches, as stretches.
pub(super) fn diff_gap(
    left: &str,
    right: &str,
    left_gap: Range<usize>,
    right_gap: Range<usize>,
) -> Vec<Stretch> {
    if left_gap.is_empty() || right_gap.is_empty() {
        return Vec::new();
    }
    let (left_text, right_text) = (&left[left_gap.clone()], &right[right_gap.clone()]);
    let (left_units, right_units) = (units(left_text), units(right_text));
    if left_units.len().max(right_units.len()) > MAX_GAP_UNITS {
        return Vec::new();
    }
    let operations = capture_diff_slices(
        Algorithm::Histogram,
        &pieces(left_text, &left_units),
        &pieces(right_text, &right_units),
    );
    let stretch = |(l, r, n): (usize, usize, usize)| {
        let (from_left, from_right) = (left_units[l].start, right_units[r].start);
        let left_text = &left_text[from_left..left_units[l + n - 1].end];
        let right_text = &right_text[from_right..right_units[r + n - 1].end];
        Stretch {
            left: left_gap.start + from_left,
            right: right_gap.start + from_right,
            // The units are equal, but the separators between them may differ.
            bytes: equal_bytes(left_text, right_text),
        }
    };
    let stretches = telling(&operations).into_iter().map(stretch);
    stretches.filter(|stretch| stretch.bytes > 0).collect()
}

fn pieces<'t>(text: &'t str, units: &[Range<usize>]) -> Vec<&'t str> {
    units.iter().map(|unit| &text[unit.clone()]).collect()
}

/// Equal runs (left, right, length) that are no accident. A run that is no longer than each of the two changes around it only
/// splits a change.
fn telling(operations: &[DiffOp]) -> Vec<(usize, usize, usize)> {
    let equal = equal_runs(operations).filter(|run| run.length > run.changed);
    equal.map(|run| (run.left, run.right, run.length)).collect()
}

/// A run of units that two texts have in common, with the changes around it.
pub(super) struct EqualRun {
    pub(super) left: usize,
    pub(super) right: usize,
    pub(super) length: usize,
    /// Changed units before the run or after it, whichever is the smaller change.
    pub(super) changed: usize,
}

/// The equal runs of a diff.
pub(super) fn equal_runs(operations: &[DiffOp]) -> impl Iterator<Item = EqualRun> {
    let changed = |operation: Option<&DiffOp>| match operation {
        Some(DiffOp::Equal { .. }) | None => 0,
        Some(change) => change.old_range().len().max(change.new_range().len()),
    };
    let operations = operations.iter().enumerate().map(move |(i, operation)| {
        let before = i.checked_sub(1).and_then(|i| operations.get(i));
        let around = changed(before).min(changed(operations.get(i + 1)));
        (operation, around)
    });
    operations.filter_map(|(operation, changed)| match *operation {
        DiffOp::Equal {
            old_index,
            new_index,
            len,
        } => Some(EqualRun {
            left: old_index,
            right: new_index,
            length: len,
            changed,
        }),
        _ => None,
    })
}
