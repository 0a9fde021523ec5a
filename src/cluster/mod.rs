//! Which copies belong together, and which one stays?
//!
//! Clusters are *anchored*: every member was verified against the canonical copy. Where A is a copy of B and B of C, but A
//! not of C, the three don't fuse; the pair that would have chained them is reported as refused. Single linkage over
//! unverified pairs, the usual way, once joined 859,091 unrelated documents into one cluster.
//!
//! In each connected component of accepted pairs, the most complete document (the longest folded text, ties to the smaller
//! position) becomes the canonical copy of all that verify against it; then the most complete of the rest, and so on.
//! Positions are in the order of the ids, so "smaller" is the smaller id.

mod union_find;

use std::collections::BTreeMap;

pub use union_find::UnionFind;

use crate::verify::Overlap;

/// A pair that verification accepted; `left` of the overlap is `a`.
///
/// ```
/// use reprint::{cluster::AcceptedPair, verify::Overlap};
///
/// let pair = AcceptedPair { a: 0, b: 1, overlap: Overlap { shared: 9, left: 10, right: 10 } };
/// assert!(pair.overlap.jaccard() > 0.8);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AcceptedPair {
    /// The smaller position.
    pub a: u32,
    /// The larger position.
    pub b: u32,
    /// Their counts.
    pub overlap: Overlap,
}

/// One anchored cluster of two or more.
///
/// ```
/// use reprint::cluster::Anchored;
///
/// let cluster = Anchored { canonical: 3, copies: vec![] };
/// assert_eq!(cluster.canonical, 3);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Anchored {
    /// The copy that stays.
    pub canonical: u32,
    /// The others by position, each with its overlap; `left` is the canonical copy.
    pub copies: Vec<(u32, Overlap)>,
}

/// Clusters, and the accepted pairs that did not make one.
///
/// ```
/// use reprint::{cluster::{AcceptedPair, anchored}, verify::Overlap};
///
/// // A chain: 0-1 and 1-2 are copies, 0-2 are not. The longest, 1, holds all three.
/// let overlap = Overlap { shared: 70, left: 100, right: 100 };
/// let pairs = [AcceptedPair { a: 0, b: 1, overlap }, AcceptedPair { a: 1, b: 2, overlap }];
/// let clusters = anchored(&[500, 600, 500], &pairs, |_, _| None);
/// assert_eq!(clusters.clusters[0].canonical, 1);
/// assert_eq!(clusters.clusters[0].copies.len(), 2);
///
/// // With 0 as the longest, 2 is not its copy and stays outside: the pair 1-2 is refused.
/// let clusters = anchored(&[700, 600, 500], &pairs, |_, _| None);
/// assert_eq!(clusters.clusters[0].copies.len(), 1);
/// assert_eq!(clusters.refused, [pairs[1]]);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Clustering {
    /// Clusters by canonical position.
    pub clusters: Vec<Anchored>,
    /// Accepted pairs whose documents ended in different clusters, ascending.
    pub refused: Vec<AcceptedPair>,
}

/// Clusters documents of these lengths along the accepted `pairs` (ascending, each once, positions under
/// `lengths.len()`).
///
/// `verify` decides pairs that the search did not propose; it is asked only for a canonical copy and another document of
/// the same component, canonical copy first, and returns their overlap if they are copies. Cost: one question for each
/// document of a component and each cluster made before its own.
pub fn anchored(
    lengths: &[usize],
    pairs: &[AcceptedPair],
    mut verify: impl FnMut(u32, u32) -> Option<Overlap>,
) -> Clustering {
    let known = Neighbours::new(pairs);
    let mut clustering = Clustering::default();
    let mut home: BTreeMap<u32, u32> = BTreeMap::new();
    for mut rest in components(lengths, pairs) {
        rest.sort_by_key(|&document| (std::cmp::Reverse(lengths[document as usize]), document));
        while let Some((&canonical, others)) = rest.split_first() {
            let overlap = |other| {
                known
                    .overlap(canonical, other)
                    .or_else(|| verify(canonical, other))
            };
            let (mut copies, left) = take_copies(others, overlap);
            let members = copies.iter().map(|&(copy, _)| copy).chain([canonical]);
            home.extend(members.map(|member| (member, canonical)));
            if !copies.is_empty() {
                copies.sort_by_key(|&(copy, _)| copy);
                clustering.clusters.push(Anchored { canonical, copies });
            }
            rest = left;
        }
    }
    clustering.clusters.sort_by_key(|cluster| cluster.canonical);
    let apart = pairs
        .iter()
        .filter(|pair| home.get(&pair.a) != home.get(&pair.b));
    clustering.refused = apart.copied().collect();
    clustering
}

fn take_copies(
    others: &[u32],
    mut overlap: impl FnMut(u32) -> Option<Overlap>,
) -> (Vec<(u32, Overlap)>, Vec<u32>) {
    let (mut copies, mut left) = (Vec::new(), Vec::new());
    for &other in others {
        match overlap(other) {
            Some(overlap) => copies.push((other, overlap)),
            None => left.push(other),
        }
    }
    (copies, left)
}

/// The connected components of two or more documents.
fn components(lengths: &[usize], pairs: &[AcceptedPair]) -> Vec<Vec<u32>> {
    let mut sets = UnionFind::new(lengths.len());
    for pair in pairs {
        sets.join(pair.a, pair.b);
    }
    let mut members: Vec<u32> = pairs.iter().flat_map(|pair| [pair.a, pair.b]).collect();
    members.sort_unstable();
    members.dedup();
    let mut components: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for member in members {
        components
            .entry(sets.find(member))
            .or_default()
            .push(member);
    }
    components.into_values().collect()
}

/// Accepted pairs, to be looked up from either side.
struct Neighbours<'p>(&'p [AcceptedPair]);

impl<'p> Neighbours<'p> {
    fn new(pairs: &'p [AcceptedPair]) -> Self {
        debug_assert!(pairs.is_sorted_by_key(|pair| (pair.a, pair.b)));
        Self(pairs)
    }

    /// The overlap of an accepted pair, with `left` as its left side.
    fn overlap(&self, left: u32, right: u32) -> Option<Overlap> {
        let key = (left.min(right), left.max(right));
        let found = self
            .0
            .binary_search_by_key(&key, |pair| (pair.a, pair.b))
            .ok()?;
        let overlap = self.0[found].overlap;
        Some(if left == key.0 {
            overlap
        } else {
            overlap.swapped()
        })
    }
}
