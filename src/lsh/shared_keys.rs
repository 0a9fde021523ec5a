//! Finds documents with common keys: all pairs by a rare key, and pairs of the shortest documents by a common key.

use crate::lsh::buckets::ordered;
use crate::lsh::{BucketEntry, CandidatePair};

/// Maximum documents of a passage that is evidence about a pair of them. In more documents, it is a common phrase.
pub const MAX_RARE_DOCUMENTS: usize = 16;

/// Number of documents of a common key that are paired with all others: the shortest, which may be inside the others.
const SHORTEST_PAIRED: usize = 8;

/// Maximum documents of one cluster that are used for a key: the canonical copy and the first others.
const MAX_COPIES: usize = 16;

/// Number of unmerged meetings after which meetings of one pair are merged.
const MERGE_AFTER: usize = 1 << 16;

/// Two documents that have keys in common.
///
/// ```
/// use reprint::lsh::{BucketEntry, Meeting, meetings};
///
/// let entry = |key, position| BucketEntry { key, position };
/// let found = meetings(vec![entry(7, 0), entry(9, 1), entry(7, 1)], &[0, 1], &[100, 200]);
/// assert_eq!(found.meetings, [Meeting { pair: (0, 1), rare: 1, common: 0 }]);
/// assert_eq!(found.frequency(7), 2);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Meeting {
    /// The two.
    pub pair: CandidatePair,
    /// Keys they share that at most [`MAX_RARE_DOCUMENTS`] documents have.
    pub rare: u32,
    /// The other keys by which they were proposed.
    pub common: u32,
}

/// Values of the first two bytes of a key.
const BYTE_PAIRS: usize = 1 << 16;

fn pair(key: u64) -> usize {
    (key >> 48) as usize
}

/// All pairs with common keys, and the number of documents of each key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SharedKeys {
    /// By pair.
    pub meetings: Vec<Meeting>,
    /// Keys in more than one document, ascending, with the number of different documents.
    frequencies: Vec<(u64, u32)>,
    /// Where the keys with each value of the first two bytes start in `frequencies`.
    starts: Vec<u32>,
}

impl SharedKeys {
    /// Number of different documents with a key; copies of one document count once.
    pub fn frequency(&self, key: u64) -> usize {
        let first = pair(key);
        let (Some(&from), Some(&to)) = (self.starts.get(first), self.starts.get(first + 1)) else {
            return 1;
        };
        let near = &self.frequencies[from as usize..to as usize];
        let found = near.binary_search_by_key(&key, |&(key, _)| key);
        found.map_or(1, |at| near[at].1 as usize)
    }

    /// No meetings, and keys whose frequencies are known.
    #[cfg(feature = "index")]
    pub(crate) fn from_frequencies(mut frequencies: Vec<(u64, u32)>) -> Self {
        frequencies.sort_unstable();
        let mut keys = Self {
            frequencies,
            ..Self::default()
        };
        keys.index();
        keys
    }

    /// Joins parts that have different keys, ascending from part to part.
    pub(crate) fn join(parts: Vec<Self>) -> Self {
        let mut all = Self::default();
        for part in parts {
            all.frequencies.extend(part.frequencies);
            all.meetings.extend(part.meetings);
        }
        merge(&mut all.meetings);
        all.index();
        all
    }

    fn index(&mut self) {
        self.starts = vec![0; BYTE_PAIRS + 1];
        for &(key, _) in &self.frequencies {
            self.starts[pair(key) + 1] += 1;
        }
        for first in 0..BYTE_PAIRS {
            self.starts[first + 1] += self.starts[first];
        }
    }
}

/// Pairs of documents with a key in common. Entries that are given twice count once.
///
/// A key in up to [`MAX_RARE_DOCUMENTS`] different documents proposes all pairs of them. A commoner one proposes its eight shortest (by
/// `lengths`) with every other, since a short document may stand in all of them as a whole. So 10,000 documents that share a
/// notice cost 80,000 pairs, and not fifty million. Documents of one cluster are copies already, and are not proposed with each
/// other; `clusters` gives each document's cluster as the position of its canonical copy. Of a cluster of more than 16 in one
/// bucket, the canonical copy and the 15 smallest positions are proposed. Cost: a sort, and at most 256 pairs an entry; memory of
/// 16 bytes for each different pair, three times over.
pub fn meetings(entries: Vec<BucketEntry>, clusters: &[u32], lengths: &[usize]) -> SharedKeys {
    SharedKeys::join(vec![part_of_shared_keys(entries, clusters, lengths)])
}

/// The pairs of some keys, to be [joined](SharedKeys::join).
pub(crate) fn part_of_shared_keys(
    mut entries: Vec<BucketEntry>,
    clusters: &[u32],
    lengths: &[usize],
) -> SharedKeys {
    entries.sort_unstable();
    entries.dedup();
    let cluster = |entry: &BucketEntry| clusters[entry.position as usize];
    let length = |entry: &&BucketEntry| (lengths[entry.position as usize], entry.position);
    let mut found = SharedKeys::default();
    let mut met: Vec<Meeting> = Vec::new();
    let mut merged = 0;
    for bucket in entries.chunk_by_mut(|a, b| a.key == b.key) {
        if bucket.len() == 1 {
            continue;
        }
        bucket.sort_unstable_by_key(|entry| {
            (
                cluster(entry),
                cluster(entry) != entry.position,
                entry.position,
            )
        });
        let copies = bucket.chunk_by(|a, b| cluster(a) == cluster(b));
        found
            .frequencies
            .push((bucket[0].key, copies.clone().count() as u32));
        let common = copies.clone().count() > MAX_RARE_DOCUMENTS;
        let mut members: Vec<&BucketEntry> = copies
            .flat_map(|copies| copies.iter().take(MAX_COPIES))
            .collect();
        members.sort_unstable_by_key(length);
        let leaders = if common {
            SHORTEST_PAIRED
        } else {
            members.len()
        };
        if met.len() > 2 * merged + MERGE_AFTER {
            merge(&mut met);
            merged = met.len();
        }
        for (i, a) in members.iter().enumerate().take(leaders) {
            let others = members[i + 1..].iter().filter(|b| cluster(a) != cluster(b));
            met.extend(others.map(|b| Meeting {
                pair: ordered(a.position, b.position),
                rare: u32::from(!common),
                common: u32::from(common),
            }));
        }
    }
    merge(&mut met);
    found.meetings = met;
    found
}

/// Sorts meetings by their pair and adds up those of one pair.
fn merge(met: &mut Vec<Meeting>) {
    met.sort_unstable_by_key(|meeting| meeting.pair);
    met.dedup_by(|next, kept| {
        let same = next.pair == kept.pair;
        if same {
            kept.rare += next.rare;
            kept.common += next.common;
        }
        same
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    proptest! {
        #[test]
        fn rare_keys_propose_every_pair_of_different_clusters(
            keys in prop::collection::vec((0_u64..6, 0_u32..12), 0..60),
            clusters in prop::collection::vec(0_u32..12, 12),
        ) {
            let mut entries: Vec<BucketEntry> =
                keys.iter().map(|&(key, position)| BucketEntry { key, position }).collect();
            entries.sort_unstable();
            entries.dedup();
            let mut expected: BTreeMap<CandidatePair, u32> = BTreeMap::new();
            for (i, a) in entries.iter().enumerate() {
                for b in &entries[i + 1..] {
                    if a.key == b.key && clusters[a.position as usize] != clusters[b.position as usize] {
                        *expected.entry(ordered(a.position, b.position)).or_default() += 1;
                    }
                }
            }
            let found = meetings(entries, &clusters, &[0; 12]);
            let found: Vec<_> = found.meetings.iter().map(|meeting| (meeting.pair, meeting.rare)).collect();
            prop_assert_eq!(found, Vec::from_iter(expected));
        }
    }

    #[test]
    fn of_thousands_of_copies_few_are_proposed_the_canonical_one_among_them() {
        let entries: Vec<BucketEntry> = (0..5000)
            .map(|position| BucketEntry { key: 1, position })
            .collect();
        let clusters: Vec<u32> = (0..5000)
            .map(|position| if position < 4999 { 4321 } else { 4999 })
            .collect();
        let found = meetings(entries, &clusters, &[0; 5000]);
        assert_eq!(found.meetings.len(), MAX_COPIES);
        assert!(
            found
                .meetings
                .iter()
                .any(|meeting| meeting.pair == (4321, 4999))
        );
    }

    #[test]
    fn a_notice_in_many_documents_costs_a_few_pairs_each_and_finds_the_shortest_inside_all() {
        let n = 10_000;
        let entries: Vec<BucketEntry> = (0..n)
            .map(|position| BucketEntry { key: 1, position })
            .collect();
        let clusters: Vec<u32> = (0..n).collect();
        let lengths: Vec<usize> = (0..n as usize).rev().collect();
        let found = meetings(entries, &clusters, &lengths);
        assert_eq!(found.frequency(1), n as usize);
        assert!(found.meetings.len() < 8 * n as usize);
        let of_shortest = found
            .meetings
            .iter()
            .filter(|meeting| meeting.pair.1 == n - 1);
        assert_eq!(of_shortest.count(), n as usize - 1);
        assert!(
            found
                .meetings
                .iter()
                .all(|meeting| (meeting.rare, meeting.common) == (0, 1))
        );
    }
}
