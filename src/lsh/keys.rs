//! Which documents have several keys in common?
//!
//! Noise and revision often leave no band of two signatures equal, but two copies still share many of their grams. A key of few documents
//! proposes all pairs of them. A key of many documents is *hot*, for example a gram of a site's menu, or of a story with two hundred noisy
//! copies. The documents of a hot key form a ring, in an order that differs from key to key, and each is proposed with the next one. Two of
//! two hundred copies share many hot keys, so they are neighbours in several rings. Two of a million pages of one site are neighbours in
//! hardly any. The cost of a hot key is a sort, and at most one pair for each document.

use std::ops::{Range, RangeInclusive};

use crate::lsh::buckets::ordered;
use crate::lsh::{CandidatePair, MAX_RARE_DOCUMENTS};
use crate::signature::mix;

/// The keys that more than one document has.
///
/// ```
/// use reprint::lsh::KeyIndex;
///
/// let keys: [&[u32]; 3] = [&[7, 8], &[7, 8, 9], &[9]];
/// let index = KeyIndex::new(&keys, &[0, 1, 2]);
/// // Documents 1 and 2 share one key only.
/// assert_eq!(index.pairs(0..3, 2), [(0, 1)]);
/// assert_eq!(index.pairs(0..3, 1), [(0, 1), (1, 2)]);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeyIndex {
    rare: Buckets,
    hot: Buckets,
}

/// The documents of each key. The buckets follow each other in one list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Buckets {
    documents: Vec<u32>,
    lengths: Vec<u32>,
}

impl Buckets {
    fn push(&mut self, documents: impl ExactSizeIterator<Item = u32>) {
        self.lengths.push(documents.len() as u32);
        self.documents.extend(documents);
    }

    fn append(&mut self, other: &Self) {
        self.documents.extend(&other.documents);
        self.lengths.extend(&other.lengths);
    }

    fn iter(&self) -> impl Iterator<Item = &[u32]> {
        let mut rest = self.documents.as_slice();
        self.lengths.iter().map(move |&length| {
            let (bucket, behind) = rest.split_at(length as usize);
            rest = behind;
            bucket
        })
    }
}

impl KeyIndex {
    /// Builds the index from the keys of each document. A document must not give a key twice. `ranks` has one number for each document.
    /// They determine the order in rings, and should be digests of the texts, so that the order does not depend on positions. Cost: a sort.
    /// Memory: 8 bytes for each key during the sort, then up to 8 bytes for each key in the index.
    pub fn new<K: AsRef<[u32]>>(documents: &[K], ranks: &[u64]) -> Self {
        let all = documents.iter().map(|keys| keys.as_ref().len()).sum();
        let mut entries: Vec<u64> = Vec::with_capacity(all);
        for (position, keys) in (0_u64..).zip(documents) {
            let keys = keys.as_ref().iter();
            entries.extend(keys.map(|&key| entry(key, position)));
        }
        entries.sort_unstable();
        Self::from_sorted(&entries, |document| ranks[document as usize])
    }

    /// As [`new`](Self::new), for the keys in a range. The keys of each document must be ascending.
    pub(crate) fn among(
        documents: &[&[u32]],
        rank: impl Fn(u32) -> u64,
        range: RangeInclusive<u32>,
    ) -> Self {
        let mut entries: Vec<u64> = Vec::new();
        for (position, keys) in (0_u64..).zip(documents) {
            let from = keys.partition_point(|key| key < range.start());
            let to = keys.partition_point(|key| key <= range.end());
            entries.extend(keys[from..to].iter().map(|&key| entry(key, position)));
        }
        Self::from_sorted(&sort_by_key(entries), rank)
    }

    /// Joins the indexes of several ranges of keys, given in ascending order.
    pub(crate) fn joined(parts: Vec<Self>) -> Self {
        let mut index = Self::default();
        for part in parts {
            index.rare.append(&part.rare);
            index.hot.append(&part.hot);
        }
        index
    }

    fn from_sorted(entries: &[u64], rank: impl Fn(u32) -> u64) -> Self {
        let mut index = Self::default();
        for_each_bucket(entries, rank, |documents, is_rare| {
            let buckets = match is_rare {
                true => &mut index.rare,
                false => &mut index.hot,
            };
            buckets.push(documents.iter().copied());
        });
        index
    }

    /// The number of pairs in all buckets. A pair counts once for each bucket.
    pub(crate) fn meetings(&self) -> usize {
        let lengths = self.rare.lengths.iter().map(|&length| length as usize);
        let rare: usize = lengths.map(|length| length * (length - 1) / 2).sum();
        rare + self.hot.documents.len()
    }

    /// The pairs that share at least `least` keys and whose smaller position is in this range, ascending. Cost: two passes over all
    /// buckets, and a sort of 4 bytes for each pair in each bucket.
    pub fn pairs(&self, range: Range<u32>, least: usize) -> Vec<CandidatePair> {
        // First the start of each position's partners, later their end.
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

    /// Calls `first` with each position in the range and the larger positions that share one key with it, once for each key.
    fn for_each_first(&self, range: &Range<u32>, mut first: impl FnMut(u32, &[u32])) {
        for bucket in self.rare.iter().filter(|bucket| bucket[0] < range.end) {
            for (i, &a) in bucket[..bucket.len() - 1].iter().enumerate() {
                if range.contains(&a) {
                    first(a, &bucket[i + 1..]);
                }
            }
        }
        for ring in self.hot.iter() {
            for (a, b) in neighbours(ring).filter(|(a, _)| range.contains(a)) {
                first(a, &[b]);
            }
        }
    }
}

/// Calls `met` with each pair that shares a key, once for each shared key. The entries (see [`entry`]) must be ascending. A key of few
/// documents gives all pairs of them, another key the neighbours in its ring.
pub(crate) fn for_each_meeting(
    entries: &[u64],
    rank: impl Fn(u32) -> u64,
    mut met: impl FnMut(CandidatePair),
) {
    for_each_bucket(entries, rank, |documents, is_rare| {
        if is_rare {
            for (i, &a) in documents.iter().enumerate() {
                documents[i + 1..].iter().for_each(|&b| met((a, b)));
            }
        } else {
            neighbours(documents).for_each(&mut met);
        }
    });
}

/// The pairs of neighbours in a ring.
fn neighbours(ring: &[u32]) -> impl Iterator<Item = CandidatePair> {
    let next = ring.iter().cycle().skip(1);
    ring.iter().zip(next).map(|(&a, &b)| ordered(a, b))
}

/// Calls `bucket` with the documents of each key that several documents have. The flag is `true` for a rare key, whose documents are
/// ascending. The documents of a hot key are in the order of their ring.
fn for_each_bucket(
    entries: &[u64],
    rank: impl Fn(u32) -> u64,
    mut bucket: impl FnMut(&[u32], bool),
) {
    let mut documents = Vec::new();
    for entries in entries.chunk_by(|a, b| a >> 32 == b >> 32) {
        if entries.len() == 1 {
            continue;
        }
        documents.clear();
        documents.extend(entries.iter().map(|&entry| entry as u32));
        let is_rare = documents.len() <= MAX_RARE_DOCUMENTS;
        if !is_rare {
            let key = entries[0] >> 32;
            documents.sort_by_cached_key(|&document| mix(rank(document) ^ mix(key)));
        }
        bucket(&documents, is_rare);
    }
}

fn entry(key: u32, position: u64) -> u64 {
    u64::from(key) << 32 | position
}

/// Ranges of ascending keys with about the same number of keys each. Together, they cover all keys.
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

/// To choose the ranges of keys, one in 16 keys of each document is looked at.
const SOME: usize = 16;

/// Bits of a digit of the sort, and the number of values of a digit.
const DIGIT: u32 = 11;
const VALUES: usize = 1 << DIGIT;

/// Sorts entries by their keys, digit by digit. The positions must already be ascending; entries of equal keys keep their order.
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

    /// The pairs of each key, one by one: all pairs of a rare key, the neighbours in the ring of a hot key.
    fn meetings_one_by_one(keys: &[Vec<u32>], ranks: &[u64]) -> Vec<CandidatePair> {
        let mut met = Vec::new();
        for key in 0..90 {
            let having = (0..keys.len() as u32).filter(|&a| keys[a as usize].contains(&key));
            let mut having: Vec<u32> = having.collect();
            if having.len() <= MAX_RARE_DOCUMENTS {
                let pairs = having.iter().enumerate();
                met.extend(pairs.flat_map(|(i, &a)| having[i + 1..].iter().map(move |&b| (a, b))));
            } else {
                having.sort_by_key(|&a| mix(ranks[a as usize] ^ mix(u64::from(key))));
                let next = having.iter().cycle().skip(1);
                met.extend(having.iter().zip(next).map(|(&a, &b)| (a.min(b), a.max(b))));
            }
        }
        met.sort_unstable();
        met
    }

    proptest! {
        #[test]
        fn pairs_are_those_that_meet_by_so_many_keys(
            keys in prop::collection::vec(prop::collection::btree_set(0_u32..90, 0..40), 0..40),
            least in 1_usize..4,
            cut in 0_u32..40,
            parts in 1_usize..6,
        ) {
            let documents: Vec<Vec<u32>> = keys.iter().map(|keys| keys.iter().copied().collect()).collect();
            let ranks: Vec<u64> = (0..documents.len() as u64).map(mix).collect();
            let met = meetings_one_by_one(&documents, &ranks);
            let often = met.chunk_by(|a, b| a == b).filter(|same| same.len() >= least);
            let expected: Vec<CandidatePair> = often.map(|same| same[0]).collect();
            let index = KeyIndex::new(&documents, &ranks);
            let found = [index.pairs(0..cut, least), index.pairs(cut..40, least)].concat();
            prop_assert_eq!(found, expected);
            let keys: Vec<&[u32]> = documents.iter().map(Vec::as_slice).collect();
            let rank = |document: u32| ranks[document as usize];
            let parts = ranges(&keys, parts).into_iter().map(|range| KeyIndex::among(&keys, rank, range));
            prop_assert_eq!(KeyIndex::joined(parts.collect()), index);
            let entries = (0..).zip(&keys).flat_map(|(at, keys)| keys.iter().map(move |&key| entry(key, at)));
            let mut entries: Vec<u64> = entries.collect();
            entries.sort_unstable();
            let mut one_by_one = Vec::new();
            for_each_meeting(&entries, rank, |pair| one_by_one.push(pair));
            one_by_one.sort_unstable();
            prop_assert_eq!(one_by_one, met);
        }
    }

    #[test]
    fn two_hundred_noisy_copies_meet_by_the_keys_that_all_have() {
        // Noise takes two fifths of the 80 keys from each copy.
        let copy = |n: u64| (0..80_u32).filter(move |&key| mix(n << 32 | u64::from(key)) % 5 > 1);
        let documents: Vec<Vec<u32>> = (0..200).map(|n| copy(n).collect()).collect();
        let ranks: Vec<u64> = (0..200).map(mix).collect();
        let pairs = KeyIndex::new(&documents, &ranks).pairs(0..200, 2);
        for copy in 0..200 {
            let partners = pairs.iter().filter(|pair| pair.0 == copy || pair.1 == copy);
            assert!(partners.count() >= 2, "{copy}");
        }
    }

    #[test]
    fn pages_of_one_menu_meet_a_few_others_each() {
        let documents = vec![(0..100).collect::<Vec<u32>>(); 3000];
        let ranks: Vec<u64> = (0..3000).map(mix).collect();
        let pairs = KeyIndex::new(&documents, &ranks).pairs(0..3000, 2);
        // Each page has 200 neighbours among 3,000 pages; it has one of them twice with a chance of 200 * 199 / 6000.
        assert!((8_000..12_000).contains(&pairs.len()), "{}", pairs.len());
    }
}
