//! Which documents have something rare in common?
//!
//! Noise and revision leave no band of a signature equal; but two copies still share grams that hardly any other text has.
//! Keys that more than [`COMMON`] documents have say nothing, and are left out: so a bucket of any size costs its sort.

use std::ops::{Range, RangeInclusive};

use crate::lsh::{COMMON, CandidatePair};

/// The keys of all documents, by how rare they are.
///
/// ```
/// use reprint::lsh::Rare;
///
/// let keys: [&[u32]; 3] = [&[7, 8], &[7, 8, 9], &[9]];
/// let rare = Rare::of(&keys);
/// // Documents 1 and 2 share one key only.
/// assert_eq!(rare.pairs(0..3, 2), [(0, 1)]);
/// assert_eq!(rare.pairs(0..3, 1), [(0, 1), (1, 2)]);
/// assert!(rare.common().is_empty());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rare {
    /// Documents by key, of the keys that more than one have and at most [`COMMON`]; ascending within a key.
    buckets: Vec<u32>,
    /// How many each of these keys has.
    lengths: Vec<u8>,
    common: Vec<u32>,
    /// A bit for each class of keys, set where one of them is common.
    classes: Vec<u64>,
}

/// Classes of keys: of a few thousand common ones, most have one of their own.
const CLASSES: usize = 1 << 16;

fn class(key: u32) -> (usize, u64) {
    let class = key.wrapping_mul(0x9E37_79B1) as usize / (1 << 16);
    (class / 64, 1 << (class % 64))
}

impl Rare {
    /// Sorts the keys of documents; each document gives a key once. Cost: a sort; 8 bytes a key while it
    /// lasts, and up to 5 that stay.
    pub fn of<K: AsRef<[u32]>>(documents: &[K]) -> Self {
        let all = documents.iter().map(|keys| keys.as_ref().len()).sum();
        let mut entries: Vec<u64> = Vec::with_capacity(all);
        for (position, keys) in (0_u64..).zip(documents) {
            let keys = keys.as_ref().iter();
            entries.extend(keys.map(|&key| entry(key, position)));
        }
        entries.sort_unstable();
        Self::joined(vec![Self::of_sorted(&entries)])
    }

    /// The same of the keys in a range, where each document gives them ascending.
    pub(crate) fn among(documents: &[&[u32]], range: RangeInclusive<u32>) -> Self {
        let mut entries: Vec<u64> = Vec::new();
        for (position, keys) in (0_u64..).zip(documents) {
            let from = keys.partition_point(|key| key < range.start());
            let to = keys.partition_point(|key| key <= range.end());
            entries.extend(keys[from..to].iter().map(|&key| entry(key, position)));
        }
        Self::of_sorted(&sort_by_key(entries))
    }

    /// Parts of ascending ranges of keys as one.
    pub(crate) fn joined(parts: Vec<Self>) -> Self {
        let mut rare = Self {
            classes: vec![0; CLASSES / 64],
            ..Self::default()
        };
        for part in parts {
            rare.buckets.extend(part.buckets);
            rare.lengths.extend(part.lengths);
            rare.common.extend(part.common);
        }
        for &key in &rare.common {
            let (word, bit) = class(key);
            rare.classes[word] |= bit;
        }
        rare
    }

    fn of_sorted(entries: &[u64]) -> Self {
        let mut rare = Self::default();
        for bucket in entries.chunk_by(|a, b| a >> 32 == b >> 32) {
            match bucket.len() {
                1 => {}
                2..=COMMON => {
                    let positions = bucket.iter().map(|&entry| entry as u32);
                    rare.buckets.extend(positions);
                    rare.lengths.push(bucket.len() as u8);
                }
                _ => rare.common.push((bucket[0] >> 32) as u32),
            }
        }
        rare
    }

    /// Do more than [`COMMON`] documents have this key?
    pub fn is_common(&self, key: u32) -> bool {
        let (word, bit) = class(key);
        let class = self.classes.get(word).is_some_and(|word| word & bit != 0);
        class && self.common.binary_search(&key).is_ok()
    }

    /// The keys that more than [`COMMON`] documents have, ascending.
    pub fn common(&self) -> &[u32] {
        &self.common
    }

    /// How many pairs all buckets hold.
    pub(crate) fn meetings(&self) -> usize {
        let lengths = self.lengths.iter().map(|&length| usize::from(length));
        lengths.map(|length| length * (length - 1) / 2).sum()
    }

    /// The pairs that share `least` keys or more and of which the smaller position is in this range, ascending. Cost: two passes
    /// over all buckets, and a sort of 4 bytes for each pair in each bucket.
    pub fn pairs(&self, range: Range<u32>, least: usize) -> Vec<CandidatePair> {
        // Where the partners of each position start, then where they end.
        let mut ends = vec![0_usize; range.len()];
        let place = |position: u32| (position - range.start) as usize;
        self.for_each_first(&range, |a, partners| ends[place(a)] += partners.len());
        let mut all = 0;
        for end in &mut ends {
            all += *end;
            *end = all - *end;
        }
        let mut met = vec![0_u32; all];
        self.for_each_first(&range, |a, partners| {
            let end = &mut ends[place(a)];
            met[*end..*end + partners.len()].copy_from_slice(partners);
            *end += partners.len();
        });
        let mut pairs = Vec::new();
        let mut start = 0;
        for (a, &end) in (range.start..).zip(&ends) {
            let partners = &mut met[start..end];
            partners.sort_unstable();
            let often = partners.chunk_by(|a, b| a == b);
            let often = often.filter(|same| same.len() >= least);
            pairs.extend(often.map(|same| (a, same[0])));
            start = end;
        }
        pairs
    }

    /// Calls `first` with each position in the range and those behind it in one bucket.
    fn for_each_first(&self, range: &Range<u32>, mut first: impl FnMut(u32, &[u32])) {
        let mut rest = self.buckets.as_slice();
        for &length in &self.lengths {
            let (bucket, behind) = rest.split_at(usize::from(length));
            rest = behind;
            if bucket[0] >= range.end {
                continue;
            }
            for (i, &a) in bucket[..bucket.len() - 1].iter().enumerate() {
                if range.contains(&a) {
                    first(a, &bucket[i + 1..]);
                }
            }
        }
    }
}

fn entry(key: u32, position: u64) -> u64 {
    u64::from(key) << 32 | position
}

/// Ranges that ascending keys fall into by about the same number, all keys covered.
pub(crate) fn ranges(documents: &[&[u32]], parts: usize) -> Vec<RangeInclusive<u32>> {
    let mut some: Vec<u32> = documents
        .iter()
        .flat_map(|keys| keys.iter().step_by(SOME))
        .copied()
        .collect();
    some.sort_unstable();
    some.dedup();
    let step = some.len().div_ceil(parts).max(1);
    let mut ranges = Vec::new();
    let mut start = 0;
    for &end in some.iter().skip(step).step_by(step) {
        ranges.push(start..=end - 1);
        start = end;
    }
    ranges.push(start..=u32::MAX);
    ranges
}

/// Keys of a document of which one is looked at to divide them.
const SOME: usize = 16;

/// Bits of a digit, and how many values it has.
const DIGIT: u32 = 11;
const VALUES: usize = 1 << DIGIT;

/// Sorts entries of ascending positions by their keys, digit by digit.
fn sort_by_key(mut entries: Vec<u64>) -> Vec<u64> {
    let mut sorted = vec![0; entries.len()];
    for shift in (32..u64::BITS).step_by(DIGIT as usize) {
        let digit = |entry: u64| (entry >> shift) as usize % VALUES;
        let mut starts = [0_usize; VALUES];
        entries.iter().for_each(|&entry| starts[digit(entry)] += 1);
        if starts.contains(&entries.len()) {
            continue;
        }
        let mut all = 0;
        for start in &mut starts {
            all += *start;
            *start = all - *start;
        }
        for &entry in &entries {
            let at = &mut starts[digit(entry)];
            sorted[*at] = entry;
            *at += 1;
        }
        std::mem::swap(&mut entries, &mut sorted);
    }
    entries
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    proptest! {
        #[test]
        fn pairs_are_those_that_share_so_many_keys(
            keys in prop::collection::vec(prop::collection::btree_set(0_u32..60, 0..20), 0..30),
            least in 1_usize..4,
            cut in 0_u32..30,
        ) {
            let documents: Vec<Vec<u32>> = keys.iter().map(|keys| keys.iter().copied().collect()).collect();
            let rare = Rare::of(&documents);
            let has = |key: u32| keys.iter().filter(|keys| keys.contains(&key)).count();
            let common: Vec<u32> = (0..60).filter(|&key| has(key) > COMMON).collect();
            prop_assert_eq!(rare.common(), &common);
            prop_assert!((0..60).all(|key| rare.is_common(key) == common.contains(&key)));
            let n = keys.len();
            let pairs = (0..n).flat_map(|a| (a + 1..n).map(move |b| (a, b)));
            let shared = |&(a, b): &(usize, usize)| {
                let both: BTreeSet<u32> = keys[a].intersection(&keys[b]).copied().collect();
                both.into_iter().filter(|key| !common.contains(key)).count()
            };
            let expected: Vec<CandidatePair> =
                pairs.filter(|pair| shared(pair) >= least).map(|(a, b)| (a as u32, b as u32)).collect();
            let found = [rare.pairs(0..cut, least), rare.pairs(cut..30, least)].concat();
            prop_assert_eq!(found, expected);
        }
    }

    proptest! {
        #[test]
        fn parts_are_as_good_as_the_whole(
            keys in prop::collection::vec(prop::collection::btree_set(0_u32..90, 0..40), 0..60),
            high in prop::collection::btree_set(any::<u32>(), 0..40),
            parts in 1_usize..6,
        ) {
            let mut documents: Vec<Vec<u32>> = keys.into_iter().map(Vec::from_iter).collect();
            documents.extend([Vec::from_iter(high.clone()), Vec::from_iter(high)]);
            let keys: Vec<&[u32]> = documents.iter().map(Vec::as_slice).collect();
            let ranges = ranges(&keys, parts);
            let parts = ranges.into_iter().map(|range| Rare::among(&keys, range));
            prop_assert_eq!(Rare::joined(parts.collect()), Rare::of(&keys));
        }
    }

    #[test]
    fn what_many_documents_have_proposes_nothing() {
        let rare = |documents| Rare::of(&vec![[3]; documents]);
        assert_eq!(rare(COMMON).pairs(0..99, 1).len(), 120);
        assert_eq!(rare(COMMON + 1).pairs(0..99, 1), []);
        assert_eq!(rare(COMMON + 1).common(), [3]);
    }
}
