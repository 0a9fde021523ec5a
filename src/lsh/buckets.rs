//! Which documents share a bucket? All pairs of a small bucket, a connected sample of a hot one.

use crate::lsh::CandidatePair;

/// Documents in a bucket over which it counts as hot: up to here, all pairs are proposed (at most 2,016).
pub const HOT_BUCKET: usize = 64;

/// One document in one band.
///
/// ```
/// use reprint::lsh::{BucketEntry, bucket_pairs};
///
/// let entry = |key, position| BucketEntry { key, position };
/// let pairs = bucket_pairs(vec![entry(7, 0), entry(9, 1), entry(7, 2)], |_| 0);
/// assert_eq!(pairs, [(0, 2)]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct BucketEntry {
    /// The bucket: equal keys meet.
    pub key: u64,
    /// The document.
    pub position: u32,
}

/// The candidate pairs of one band.
///
/// A bucket of up to [`HOT_BUCKET`] documents proposes all its pairs. A hotter one proposes a star, its smallest position
/// with every other, and a path through the members in the order of `tie`, which should put the most alike side by side (the
/// key of another band): at most two pairs a document, so that a million copies cost linear work, and still one connected
/// component. Clustering verifies every member of a component against its canonical copy, so no pair has to be proposed
/// for its own sake. Cost: a sort.
pub fn bucket_pairs(mut entries: Vec<BucketEntry>, tie: impl Fn(u32) -> u64) -> Vec<CandidatePair> {
    entries.sort_unstable();
    let mut pairs = Vec::new();
    for bucket in entries.chunk_by_mut(|a, b| a.key == b.key) {
        if bucket.len() <= HOT_BUCKET {
            all_pairs(bucket, &mut pairs);
        } else {
            bucket.sort_by_cached_key(|entry| (tie(entry.position), entry.position));
            star_and_path(bucket, &mut pairs);
        }
    }
    pairs
}

fn all_pairs(bucket: &[BucketEntry], pairs: &mut Vec<CandidatePair>) {
    for (i, a) in bucket.iter().enumerate() {
        pairs.extend(
            bucket[i + 1..]
                .iter()
                .map(|b| ordered(a.position, b.position)),
        );
    }
}

fn star_and_path(bucket: &[BucketEntry], pairs: &mut Vec<CandidatePair>) {
    let hub = bucket.iter().map(|entry| entry.position).min().unwrap_or(0);
    let others = bucket.iter().filter(|entry| entry.position != hub);
    pairs.extend(others.map(|entry| (hub, entry.position)));
    let steps = bucket
        .windows(2)
        .map(|step| ordered(step[0].position, step[1].position));
    pairs.extend(steps.filter(|&(a, _)| a != hub));
}

pub(super) fn ordered(a: u32, b: u32) -> CandidatePair {
    (a.min(b), a.max(b))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lsh::merge_pairs;
    use proptest::prelude::*;

    fn entries(keys: &[u64]) -> Vec<BucketEntry> {
        let entry = |(position, &key): (usize, &u64)| BucketEntry {
            key,
            position: position as u32,
        };
        keys.iter().enumerate().map(entry).collect()
    }

    proptest! {
        #[test]
        fn small_buckets_propose_every_pair_that_shares_a_key(keys in prop::collection::vec(0_u64..9, 0..60)) {
            let n = keys.len() as u32;
            let pairs = (0..n).flat_map(|a| (a + 1..n).map(move |b| (a, b)));
            let expected: Vec<_> = pairs.filter(|&(a, b)| keys[a as usize] == keys[b as usize]).collect();
            prop_assert_eq!(merge_pairs(bucket_pairs(entries(&keys), |_| 0)), expected);
        }
    }

    #[test]
    fn a_million_in_one_bucket_cost_two_pairs_each_and_hang_together() {
        let n = 1_000_000;
        let pairs = bucket_pairs(entries(&vec![42; n]), |position| u64::from(position % 3));
        assert!(pairs.len() < 2 * n);
        let with_hub = merge_pairs(pairs).into_iter().filter(|&(hub, _)| hub == 0);
        assert_eq!(with_hub.count(), n - 1);
    }
}
