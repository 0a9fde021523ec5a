//! Which documents have something rare in common?
//!
//! Noise and revision leave no band of a signature equal; but two copies still share grams that hardly any other text has.
//! Keys that more than [`COMMON`] documents have say nothing, and are left out: so a bucket of any size costs its sort.

use crate::lsh::buckets::ordered;
use crate::lsh::{BucketEntry, COMMON, CandidatePair};

/// What rare keys tell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rare {
    /// Pairs that share keys, ascending, with the number of these keys.
    pub pairs: Vec<(CandidatePair, u32)>,
    /// The entries with rare keys, those of single documents included, by position and key.
    pub entries: Vec<BucketEntry>,
}

/// Finds the keys that at most [`COMMON`] documents have, and the pairs that share them. Each document gives a key once. Cost: a
/// sort, and at most eight pairs an entry.
///
/// ```
/// use reprint::lsh::{BucketEntry, rare};
///
/// let entry = |key, position| BucketEntry { key, position };
/// let found = rare(vec![entry(7, 0), entry(9, 1), entry(7, 1), entry(8, 0), entry(8, 1)]);
/// assert_eq!(found.pairs, [((0, 1), 2)]);
/// assert_eq!(found.entries.len(), 5);
/// ```
pub fn rare(mut entries: Vec<BucketEntry>) -> Rare {
    entries.sort_unstable();
    let mut found = Rare::default();
    let mut met: Vec<CandidatePair> = Vec::new();
    for bucket in entries.chunk_by(|a, b| a.key == b.key) {
        if bucket.len() > COMMON {
            continue;
        }
        found.entries.extend(bucket);
        for (i, a) in bucket.iter().enumerate() {
            met.extend(
                bucket[i + 1..]
                    .iter()
                    .map(|b| ordered(a.position, b.position)),
            );
        }
    }
    met.sort_unstable();
    let counted = met.chunk_by(|a, b| a == b);
    found.pairs = counted.map(|same| (same[0], same.len() as u32)).collect();
    found
        .entries
        .sort_unstable_by_key(|entry| (entry.position, entry.key));
    found
}

impl Rare {
    /// What was found in disjoint parts of the keys, as one.
    pub fn merged(parts: Vec<Self>) -> Self {
        let mut pairs: Vec<(CandidatePair, u32)> = Vec::new();
        let mut entries = Vec::new();
        for part in parts {
            pairs.extend(part.pairs);
            entries.extend(part.entries);
        }
        pairs.sort_unstable_by_key(|&(pair, _)| pair);
        pairs.dedup_by(|next, kept| {
            let same = next.0 == kept.0;
            kept.1 += if same { next.1 } else { 0 };
            same
        });
        entries.sort_unstable_by_key(|entry: &BucketEntry| (entry.position, entry.key));
        Self { pairs, entries }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn parts_make_the_whole(keys in prop::collection::vec((0_u64..40, 0_u32..30), 0..300)) {
            let mut entries: Vec<BucketEntry> = keys.iter().map(|&(key, position)| BucketEntry { key, position }).collect();
            entries.sort_unstable();
            entries.dedup();
            let part = |odd| entries.iter().copied().filter(|entry| entry.key % 2 == odd).collect();
            prop_assert_eq!(Rare::merged(vec![rare(part(0)), rare(part(1))]), rare(entries.clone()));
        }
    }

    #[test]
    fn what_many_documents_have_proposes_nothing() {
        let entry = |position| BucketEntry { key: 3, position };
        assert_eq!(
            rare((0..COMMON as u32).map(entry).collect()).pairs.len(),
            120
        );
        assert_eq!(
            rare((0..=COMMON as u32).map(entry).collect()),
            Rare::default()
        );
    }
}
