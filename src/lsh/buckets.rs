//! Which documents share a bucket? A small bucket gives all its pairs, a hot bucket a connected sample of them.

use crate::lsh::CandidatePair;
use crate::shingle::sort_spread;
use crate::signature::mix;

/// Maximum documents of a bucket that proposes all its pairs (at most 120). A bucket with more documents is hot. Any value from 16 to 64
/// gives the same results on the labelled sets; with 16, thousands of letters on one form take two fifths of the time.
pub const HOT_BUCKET: usize = 16;

/// Maximum documents of a hot bucket with which the others are compared.
const LEADERS: usize = 32;

/// The entry of one document in one band.
///
/// ```
/// use reprint::lsh::{BucketEntry, bucket_pairs};
///
/// let entry = |key, position| BucketEntry { key, position };
/// let pairs = bucket_pairs(vec![entry(7, 0), entry(9, 1), entry(7, 2)], u64::from, |_, _| true);
/// assert_eq!(pairs, [(0, 2)]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct BucketEntry {
    /// The key of the bucket: documents with equal keys share a bucket.
    pub key: u64,
    /// The position of the document.
    pub position: u32,
}

/// The candidate pairs of one band.
///
/// A bucket of up to [`HOT_BUCKET`] documents proposes all its pairs. A bucket with more documents is hot. There, up to 32 documents become
/// leaders. Each document is proposed with the first leader that is `alike` (an estimate is enough). A document without such a leader is
/// proposed with the first leader, and becomes a leader itself while there are fewer than 32. The order in which documents become leaders
/// differs from bucket to bucket. It is made from their `rank`, for example a digest of the text, so that it does not depend on positions.
///
/// A hot bucket thus gives one pair for each document, and a million copies cost linear work. More pairs are not needed, because clustering
/// verifies the members of a component against its canonical copy. Where a bucket holds many documents that are copies of only a few others
/// in it, some may miss their copies in one band and be found in another. Cost: a sort, and up to 32 comparisons for each document of a hot
/// bucket.
pub fn bucket_pairs(
    entries: Vec<BucketEntry>,
    rank: impl Fn(u32) -> u64,
    alike: impl Fn(u32, u32) -> bool,
) -> Vec<CandidatePair> {
    let mut entries = shared_buckets(&entries);
    let mut pairs = Vec::new();
    for bucket in entries.chunk_by_mut(|a, b| a.key == b.key) {
        if bucket.len() <= HOT_BUCKET {
            all_pairs(bucket, &mut pairs);
        } else {
            bucket.sort_by_cached_key(|entry| mix(entry.key ^ mix(rank(entry.position))));
            led_pairs(bucket, &alike, &mut pairs);
        }
    }
    pairs
}

/// The entries whose key may occur twice (the upper halves are equal), ascending. The others are dropped because most documents are alone
/// in their bucket.
fn shared_buckets(entries: &[BucketEntry]) -> Vec<BucketEntry> {
    if u32::try_from(entries.len()).is_err() {
        let mut sorted = entries.to_vec();
        sorted.sort_unstable();
        return sorted;
    }
    let half = |key: u64| key >> 32;
    let placed = entries.iter().zip(0_u64..);
    let placed: Vec<u64> = placed
        .map(|(entry, place)| half(entry.key) << 32 | place)
        .collect();
    let mut shared = Vec::new();
    for same in sort_spread(&placed).chunk_by(|&a, &b| half(a) == half(b)) {
        if same.len() > 1 {
            let start = shared.len();
            shared.extend(same.iter().map(|&place| entries[place as u32 as usize]));
            shared[start..].sort_unstable();
        }
    }
    shared
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

fn led_pairs(
    bucket: &[BucketEntry],
    alike: &impl Fn(u32, u32) -> bool,
    pairs: &mut Vec<CandidatePair>,
) {
    let mut leaders: Vec<u32> = Vec::new();
    for &BucketEntry { position, .. } in bucket {
        let leader = leaders.iter().find(|&&leader| alike(leader, position));
        pairs.extend(
            leader
                .or(leaders.first())
                .map(|&leader| ordered(leader, position)),
        );
        if leader.is_none() && leaders.len() < LEADERS {
            leaders.push(position);
        }
    }
}

pub(super) fn ordered(a: u32, b: u32) -> CandidatePair {
    (a.min(b), a.max(b))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lsh::merge_pairs;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

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
            let bucket = |key: &u64| keys.iter().filter(|&other| other == key).count();
            prop_assume!(keys.iter().all(|key| bucket(key) <= HOT_BUCKET));
            let n = keys.len() as u32;
            let pairs = (0..n).flat_map(|a| (a + 1..n).map(move |b| (a, b)));
            let expected: Vec<_> = pairs.filter(|&(a, b)| keys[a as usize] == keys[b as usize]).collect();
            prop_assert_eq!(merge_pairs(bucket_pairs(entries(&keys), u64::from, |_, _| true)), expected);
        }
    }

    proptest! {
        #[test]
        fn entries_that_share_a_key_stay_in_order(keys in prop::collection::vec(0_u64..30, 0..60), spread in any::<bool>()) {
            let keys: Vec<u64> = keys.iter().map(|&key| if spread { mix(key) } else { key }).collect();
            let all = entries(&keys);
            let mut sorted = all.clone();
            sorted.sort_unstable();
            let shares = |entry: &BucketEntry| keys.iter().filter(|&&key| key == entry.key).count() > 1;
            let found = shared_buckets(&all);
            prop_assert!(found.is_sorted());
            let found = found.into_iter().filter(shares);
            prop_assert_eq!(Vec::from_iter(found), Vec::from_iter(sorted.into_iter().filter(shares)));
        }
    }

    #[test]
    fn a_million_in_one_bucket_cost_a_pair_each_and_hang_together() {
        let n = 1_000_000;
        for alike in [true, false] {
            let pairs = bucket_pairs(entries(&vec![42; n]), u64::from, |_, _| alike);
            assert_eq!(pairs.len(), n - 1);
            let (a, b) = pairs[0];
            let hub = if pairs[1].0 == a || pairs[1].1 == a {
                a
            } else {
                b
            };
            assert!(pairs.iter().all(|pair| pair.0 == hub || pair.1 == hub));
        }
    }

    #[test]
    fn documents_of_a_hot_bucket_meet_a_leader_of_their_kind() {
        // 20 kinds with 50 documents each: every document is proposed with one of its kind.
        let pairs = bucket_pairs(entries(&[42; 1000]), u64::from, |a, b| a % 20 == b % 20);
        let same = pairs.iter().filter(|(a, b)| a % 20 == b % 20);
        let met: BTreeSet<u32> = same.flat_map(|&(a, b)| [a, b]).collect();
        assert_eq!(met.len(), 1000);
    }
}
