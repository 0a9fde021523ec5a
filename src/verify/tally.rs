//! How long is a text, and which numbers does it contain? The decision needs both for texts that are much alike.

use std::ops::Range;

use xxhash_rust::xxh3::xxh3_64;

use crate::kernels::merged;
use crate::normalize::three_bytes;
use crate::shingle::{UnitKind, for_each_unit};
use crate::verify::numbers::{is_han_number, is_number};

/// Counts of the units of a folded text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Tally {
    weight: usize,
    /// The hashes of its numbers, sorted.
    numbers: Vec<u64>,
}

impl Tally {
    /// Counts all units. Cost: one pass.
    pub(super) fn new(folded: &str) -> Self {
        let mut tally = Self::default();
        for_each_unit(folded, |unit, kind| {
            tally.count(folded, unit, kind);
        });
        tally.sort();
        tally
    }

    /// Counts a unit, and returns whether it is a number. After the last unit, [`sort`](Self::sort) must be called.
    #[inline]
    pub(super) fn count(&mut self, folded: &str, unit: Range<usize>, kind: UnitKind) -> bool {
        self.weight += kind.weight();
        let bytes = &folded.as_bytes()[unit.clone()];
        let number = match ideograph(bytes) {
            Some(character) => is_han_number(character),
            None => is_number(&folded[unit]),
        };
        if number {
            self.remember(bytes);
        }
        number
    }

    #[inline(never)]
    fn remember(&mut self, number: &[u8]) {
        self.numbers.push(xxh3_64(number));
    }

    pub(super) fn sort(&mut self) {
        self.numbers.sort_unstable();
    }

    /// The weight of the units ([`UnitKind::weight`]).
    pub(super) fn weight(&self) -> usize {
        self.weight
    }

    /// Number of numbers that only one text has, in the text with fewer numbers. About as many can conflict.
    pub(super) fn conflicts_at_most(&self, other: &Self) -> usize {
        let (left, right) = (&self.numbers, &other.numbers);
        left.len().min(right.len()) - merged(left, right)
    }
}

/// The character with these bytes, if it is one from U+4000 to U+9FFF.
#[inline]
pub(super) fn ideograph(bytes: &[u8]) -> Option<char> {
    match *bytes {
        [a @ 0xE4..=0xE9, b, c] => char::from_u32(three_bytes([a, b, c])),
        _ => None,
    }
}
