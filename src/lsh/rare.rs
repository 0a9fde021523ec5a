//! Which documents have something rare in common?
//!
//! Noise and revision leave no band of a signature equal; but two copies still share grams that hardly any other text has.
//! Keys that more than [`COMMON`] documents have say nothing, and are left out: so a bucket of any size costs its sort.

use std::ops::Range;

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
}

impl Rare {
    /// Sorts the keys of documents; each document gives a key once. Cost: a sort; 8 bytes a key while it
    /// lasts, and up to 5 that stay.
    pub fn of<K: AsRef<[u32]>>(documents: &[K]) -> Self {
        let all = documents.iter().map(|keys| keys.as_ref().len()).sum();
        let mut entries: Vec<u64> = Vec::with_capacity(all);
        for (position, keys) in (0_u64..).zip(documents) {
            let keys = keys.as_ref().iter();
            entries.extend(keys.map(|&key| u64::from(key) << 32 | position));
        }
        entries.sort_unstable();
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

    /// The keys that more than [`COMMON`] documents have, ascending.
    pub fn common(&self) -> &[u32] {
        &self.common
    }

    /// The pairs that share `least` keys or more and of which the smaller position is in this range, ascending. Cost: a pass
    /// over all buckets, and a sort of 8 bytes for each pair in each bucket.
    pub fn pairs(&self, range: Range<u32>, least: usize) -> Vec<CandidatePair> {
        let mut met: Vec<u64> = Vec::new();
        let mut rest = self.buckets.as_slice();
        for &length in &self.lengths {
            let (bucket, behind) = rest.split_at(usize::from(length));
            rest = behind;
            let first = bucket.partition_point(|&position| position < range.start);
            for (i, &a) in bucket.iter().enumerate().skip(first) {
                if a >= range.end {
                    break;
                }
                met.extend(
                    bucket[i + 1..]
                        .iter()
                        .map(|&b| u64::from(a) << 32 | u64::from(b)),
                );
            }
        }
        met.sort_unstable();
        let often = met
            .chunk_by(|a, b| a == b)
            .filter(|same| same.len() >= least);
        often
            .map(|same| ((same[0] >> 32) as u32, same[0] as u32))
            .collect()
    }
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

    #[test]
    fn what_many_documents_have_proposes_nothing() {
        let rare = |documents| Rare::of(&vec![[3]; documents]);
        assert_eq!(rare(COMMON).pairs(0..99, 1).len(), 120);
        assert_eq!(rare(COMMON + 1).pairs(0..99, 1), []);
        assert_eq!(rare(COMMON + 1).common(), [3]);
    }
}
