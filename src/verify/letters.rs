//! What of a text do noise and respelling leave? Its letters, one after another.

use std::ops::Range;
use std::sync::OnceLock;

use xxhash_rust::xxh3::xxh3_64;

use crate::shingle::{UnitKind, gram_length, grams, sort_spread, units};
use crate::verify::Overlap;
use crate::verify::numbers::is_number;

/// A folded text as letters without spaces, with the places of its units and grams. About 30 bytes a letter.
///
/// ```
/// use reprint::verify::Letters;
///
/// let (print, scan) = (Letters::of("in the harbour"), Letters::of("inthe harbonr"));
/// // inthehar, without harbou and what else has the wrong letter.
/// assert_eq!(print.grams(&scan).shared, 5);
/// ```
#[derive(Clone, Debug)]
pub struct Letters {
    letters: Vec<char>,
    /// Where units start, ascending.
    starts: Vec<u32>,
    weight: usize,
    /// Each gram, ascending: the upper half of its hash, and its place. Of 93,000 different grams, two have one half.
    grams: OnceLock<Vec<u64>>,
    /// The hashes of its numbers, sorted.
    numbers: Vec<u64>,
}

impl Letters {
    /// Takes a folded text apart. Cost: one pass; its grams are sorted when they are first asked for.
    pub fn of(folded: &str) -> Self {
        let mut letters = Vec::with_capacity(folded.len() / 2);
        let mut starts = Vec::new();
        let mut weight = 0;
        let mut numbers = Vec::new();
        for unit in units(folded) {
            let unit = &folded[unit];
            starts.push(letters.len() as u32);
            letters.extend(unit.chars());
            weight += UnitKind::of(unit).weight();
            if is_number(unit) {
                numbers.push(xxh3_64(unit.as_bytes()));
            }
        }
        numbers.sort_unstable();
        Self {
            letters,
            starts,
            weight,
            grams: OnceLock::new(),
            numbers,
        }
    }

    fn placed_grams(&self) -> &[u64] {
        self.grams.get_or_init(|| {
            let placed = grams(&self.letters).zip(0_u64..);
            let placed: Vec<u64> = placed.map(|(hash, place)| (hash & UPPER) | place).collect();
            sort_spread(&placed)
        })
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.letters.len()
    }

    /// Is the text empty?
    pub fn is_empty(&self) -> bool {
        self.letters.is_empty()
    }

    /// The weight of its units ([`UnitKind::weight`]).
    pub fn weight(&self) -> usize {
        self.weight
    }

    /// The distinct grams of two texts. Cost: linear.
    pub fn grams(&self, other: &Self) -> Overlap {
        let mut overlap = Overlap::default();
        self.meet(other, |_, _| overlap.shared += 1);
        overlap.left = self.placed_grams().chunk_by(same_gram).count();
        overlap.right = other.placed_grams().chunk_by(same_gram).count();
        overlap
    }

    /// Places of grams that each text has once, by their place in this one.
    pub(super) fn anchors(&self, other: &Self) -> Vec<(usize, usize)> {
        const NONE: u32 = u32::MAX;
        let mut met = vec![NONE; self.letters.len()];
        self.meet(other, |left, right| {
            if let ([left], [right]) = (left, right) {
                let (left, right) = (place(left), place(right));
                let (left_gram, right_gram) = (self.gram(left).iter(), other.gram(right));
                if left_gram.len() == right_gram.len() && left_gram.eq(right_gram) {
                    met[left] = right as u32;
                }
            }
        });
        let places = met.into_iter().enumerate();
        places
            .filter(|&(_, right)| right != NONE)
            .map(|(left, right)| (left, right as usize))
            .collect()
    }

    /// Calls `met` with all places of each gram that both have.
    fn meet(&self, other: &Self, mut met: impl FnMut(&[u64], &[u64])) {
        let (mut left, mut right) = (self.placed_grams(), other.placed_grams());
        while let (Some(&l), Some(&r)) = (left.first(), right.first()) {
            let (l_gram, r_gram) = (l & UPPER, r & UPPER);
            let repeated = |grams: &[u64], gram: u64| {
                grams
                    .iter()
                    .take_while(|&&other| other & UPPER == gram)
                    .count()
            };
            // Only what is passed is counted: a gram that one text repeats is met by many of the other.
            let of_left = if l_gram <= r_gram {
                repeated(left, l_gram)
            } else {
                0
            };
            let of_right = if r_gram <= l_gram {
                repeated(right, r_gram)
            } else {
                0
            };
            if l_gram == r_gram {
                met(&left[..of_left], &right[..of_right]);
            }
            (left, right) = (&left[of_left..], &right[of_right..]);
        }
    }

    /// Numbers that each has and the other lacks, of the one that has fewer: about as many can conflict.
    pub(super) fn conflicts_at_most(&self, other: &Self) -> usize {
        let (mut left, mut right) = (self.numbers.as_slice(), other.numbers.as_slice());
        let (mut only_left, mut only_right) = (0, 0);
        while let ([a, left_rest @ ..], [b, right_rest @ ..]) = (left, right) {
            only_left += usize::from(a < b);
            only_right += usize::from(b < a);
            if a <= b {
                left = left_rest;
            }
            if b <= a {
                right = right_rest;
            }
        }
        (only_left + left.len()).min(only_right + right.len())
    }

    pub(super) fn letters(&self) -> &[char] {
        &self.letters
    }

    /// Letters of the gram at a place.
    pub(super) fn gram_length(&self, at: usize) -> usize {
        self.gram(at).len()
    }

    fn gram(&self, at: usize) -> &[char] {
        let letters = &self.letters[at..];
        &letters[..gram_length(letters).min(letters.len())]
    }

    /// Does a unit start here, or the text end?
    pub(super) fn is_edge(&self, at: usize) -> bool {
        at == self.letters.len() || self.starts.binary_search(&(at as u32)).is_ok()
    }

    /// The units that a range has a part of, as ranges of letters.
    pub(super) fn units(&self, range: &Range<usize>) -> Vec<Range<usize>> {
        if range.is_empty() {
            return Vec::new();
        }
        let starts = self
            .starts
            .partition_point(|&start| start as usize <= range.start);
        let first = starts.saturating_sub(1);
        let end = |unit: usize| {
            self.starts
                .get(unit + 1)
                .map_or(self.letters.len(), |&end| end as usize)
        };
        let units = (first..self.starts.len()).map(|unit| self.starts[unit] as usize..end(unit));
        units.take_while(|unit| unit.start < range.end).collect()
    }

    /// Units that start before a place.
    pub(super) fn units_before(&self, at: usize) -> usize {
        self.starts.partition_point(|&start| (start as usize) < at)
    }

    /// Letters as a string.
    pub(super) fn text(&self, range: &Range<usize>) -> String {
        self.letters[range.clone()].iter().collect()
    }
}

/// The part of a placed gram that is its hash.
const UPPER: u64 = !(u32::MAX as u64);

fn same_gram(a: &u64, b: &u64) -> bool {
    a & UPPER == b & UPPER
}

fn place(gram: &u64) -> usize {
    (gram & !UPPER) as usize
}
