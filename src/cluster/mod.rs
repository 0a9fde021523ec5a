//! Which copies belong together, and which one stays?
//!
//! Clusters are *anchored*: every member was verified against the canonical copy, the most complete member (the longest folded
//! text; of equally long ones, that with the smaller position; positions are in the order of the ids). If A is a copy of B and B of
//! C, but A not of C, the three do not form one cluster. The pair that would have chained them is reported as refused. The usual
//! method, single linkage over unverified pairs, once joined 859,091 unrelated documents into one cluster.
//!
//! A law changes over five years: each version is a copy of the one before, but the first and the last share less. The licences of
//! one family differ in the same way, and are not copies. Anchoring alone splits both. The two cases differ in how rare the common
//! text is: hardly any other document has the common text of two versions, while hundreds have that of two licences. So the
//! caller's `verify` may accept a lower similarity where the common text is rare ([`Ground::Drift`](crate::verify::Ground::Drift)).
//! It is called for documents that are copies of some member, and every member is still verified against the canonical copy.
//!
//! A separate question is which copy stays. A [`Policy`] chooses among the members that all other members are copies of.
//!
//! Accepted pairs are processed from the most to the least similar, in steps of 0.05; within a step, the longest texts come first.
//! Each pair joins the clusters of its two documents if the more complete of the two canonical copies verifies against every member
//! of the other cluster.

mod custom;
mod dates;
mod policy;
mod union_find;
mod values;

use std::cmp::Reverse;
use std::collections::BTreeMap;

pub use custom::Comparator;
pub use dates::{DateReader, DayOrder};
pub use policy::{Claim, Criterion, Policy};
pub use union_find::UnionFind;
pub use values::{Value, values};

use crate::verify::Comparison;

/// A pair that verification accepted.
///
/// ```
/// use reprint::{cluster::AcceptedPair, verify::{Comparison, Overlap, Relation}};
///
/// let overlap = Overlap { shared: 9, left: 10, right: 10 };
/// let comparison = Comparison { relation: Relation::Reprint, overlap, ..Comparison::default() };
/// let pair = AcceptedPair { a: 0, b: 1, comparison };
/// assert!(pair.comparison.jaccard() > 0.8);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct AcceptedPair {
    /// The smaller position.
    pub a: u32,
    /// The larger position.
    pub b: u32,
    /// The verdict; `a` is its left side.
    pub comparison: Comparison,
}

/// One anchored cluster of two or more.
///
/// ```
/// use reprint::cluster::Anchored;
///
/// let cluster = Anchored { canonical: 3, copies: vec![] };
/// assert_eq!(cluster.canonical, 3);
/// ```
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Anchored {
    /// The copy that stays.
    pub canonical: u32,
    /// The other members by position, each with its verdict; the canonical copy is the left side.
    pub copies: Vec<(u32, Comparison)>,
}

/// Clusters, and the accepted pairs that did not lead to one.
///
/// ```
/// use reprint::{cluster::{AcceptedPair, anchored}, verify::{Comparison, Overlap, Relation}};
///
/// // A chain: 0-1 and 1-2 are copies, 0-2 are not.
/// let overlap = Overlap { shared: 70, left: 100, right: 100 };
/// let comparison = Comparison { relation: Relation::Reprint, overlap, ..Comparison::default() };
/// let pairs = [AcceptedPair { a: 0, b: 1, comparison }, AcceptedPair { a: 1, b: 2, comparison }];
///
/// // With 1 as the longest, it holds all three.
/// let clusters = anchored(&[500, 600, 500], &pairs, &[], |_, _| None);
/// assert_eq!(clusters.clusters[0].canonical, 1);
/// assert_eq!(clusters.clusters[0].copies.len(), 2);
///
/// // With 0 as the longest, 2 is not its copy and stays outside: the pair 1-2 is refused.
/// let clusters = anchored(&[700, 600, 500], &pairs, &[], |_, _| None);
/// assert_eq!(clusters.clusters[0].copies.len(), 1);
/// assert_eq!(clusters.refused, [pairs[1]]);
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Clustering {
    /// Clusters by canonical position.
    pub clusters: Vec<Anchored>,
    /// Accepted pairs whose documents ended in different clusters, ascending.
    pub refused: Vec<AcceptedPair>,
}

/// Clusters documents of these lengths along the accepted `pairs` (ascending, each once, positions under
/// `lengths.len()`).
///
/// `vetoed` are pairs that were compared and refused, ascending. Two clusters join only if at most a quarter of the decided pairs
/// between them are refused. Otherwise a page that is similar to many others would join documents that every pair refused.
///
/// Documents of length 0 (parts of others) join last and are never canonical, except among themselves.
///
/// `verify` decides pairs that the search did not propose; it returns the verdict if they are copies. It is called only for a
/// canonical copy and another document of the same component, canonical copy first, each pair once. Cost: a sort, and a look-up or
/// a call for each member of a cluster that joins a longer text.
pub fn anchored(
    lengths: &[usize],
    pairs: &[AcceptedPair],
    vetoed: &[(u32, u32)],
    verify: impl FnMut(u32, u32) -> Option<Comparison>,
) -> Clustering {
    let mut verdicts = Verdicts::new(pairs, verify);
    let links = Links::new(pairs, vetoed);
    let mut membership = Membership::new(lengths, pairs);
    let mut order: Vec<&AcceptedPair> = pairs.iter().collect();
    let longer = |pair: &AcceptedPair| lengths[pair.a as usize].max(lengths[pair.b as usize]);
    let has_part =
        |pair: &AcceptedPair| lengths[pair.a as usize].min(lengths[pair.b as usize]) == 0;
    order.sort_by_key(|pair| {
        let (step, longer) = (Reverse(step(pair)), Reverse(longer(pair)));
        (has_part(pair), step, longer, pair.a, pair.b)
    });
    for pair in order {
        membership.join(pair, &links, &mut verdicts);
    }
    let refused = pairs.iter().filter(|pair| !membership.together(pair));
    Clustering {
        refused: refused.copied().collect(),
        clusters: membership.into_clusters(&mut verdicts),
    }
}

/// Maximum number of copies that are tried before the most complete copy stays the canonical one.
const MAX_TRIES: usize = 8;

/// The cluster with another canonical copy: the first of `preferred` (members, best first) that all other members are copies of.
/// At most eight are tried. If none fits, the cluster stays unchanged.
///
/// `verdict` decides a pair, canonical copy first; it returns a comparison if they are copies.
///
/// ```
/// use reprint::cluster::{Anchored, reanchored};
/// use reprint::verify::{Comparison, Overlap, Relation};
///
/// let overlap = Overlap { shared: 70, left: 100, right: 100 };
/// let comparison = Comparison { relation: Relation::Reprint, overlap, ..Comparison::default() };
/// let cluster = Anchored { canonical: 1, copies: vec![(0, comparison), (2, comparison)] };
/// let chain = |a: u32, b: u32| (a.abs_diff(b) == 1).then_some(comparison);
/// assert_eq!(reanchored(&cluster, &[2, 1, 0], chain).canonical, 1);
/// assert_eq!(reanchored(&cluster, &[2, 1, 0], |_, _| Some(comparison)).canonical, 2);
/// ```
pub fn reanchored(
    cluster: &Anchored,
    preferred: &[u32],
    mut verdict: impl FnMut(u32, u32) -> Option<Comparison>,
) -> Anchored {
    let members = || {
        cluster
            .copies
            .iter()
            .map(|&(copy, _)| copy)
            .chain([cluster.canonical])
    };
    for &canonical in preferred.iter().take(MAX_TRIES) {
        if canonical == cluster.canonical {
            break;
        }
        let others = members().filter(|&member| member != canonical);
        let copies: Option<Vec<_>> = others
            .map(|other| Some((other, verdict(canonical, other)?)))
            .collect();
        if let Some(mut copies) = copies {
            copies.sort_unstable_by_key(|&(copy, _)| copy);
            return Anchored { canonical, copies };
        }
    }
    cluster.clone()
}

/// The similarity of a pair in twentieths. Pairs of one step are ordered by length. A cluster that starts with its longest text
/// keeps its canonical copy; if it grew towards that text, all members would be verified again for each new canonical copy.
fn step(pair: &AcceptedPair) -> u32 {
    (20.0 * pair.comparison.similarity()) as u32
}

/// Minimum number of decided pairs for each refused pair, between two clusters that join.
const MAX_REFUSED_RATIO: usize = 4;

/// All decided pairs, listed from both sides, with a flag for the refused ones.
struct Links(Vec<(u32, u32, bool)>);

impl Links {
    fn new(accepted: &[AcceptedPair], vetoed: &[(u32, u32)]) -> Self {
        let accepted = accepted.iter().map(|pair| (pair.a, pair.b, false));
        let vetoed = vetoed.iter().map(|&(a, b)| (a, b, true));
        let both = accepted
            .chain(vetoed)
            .flat_map(|(a, b, refused)| [(a, b, refused), (b, a, refused)]);
        let mut links: Vec<_> = both.collect();
        links.sort_unstable();
        Self(links)
    }

    fn links_of(&self, document: u32) -> impl Iterator<Item = &(u32, u32, bool)> {
        let first = self.0.partition_point(|link| link.0 < document);
        self.0[first..]
            .iter()
            .take_while(move |link| link.0 == document)
    }
}

/// Verdicts on pairs: the accepted pairs, and the answers of `verify`.
struct Verdicts<'p, V> {
    pairs: &'p [AcceptedPair],
    asked: BTreeMap<(u32, u32), Option<Comparison>>,
    verify: V,
}

impl<'p, V: FnMut(u32, u32) -> Option<Comparison>> Verdicts<'p, V> {
    fn new(pairs: &'p [AcceptedPair], verify: V) -> Self {
        debug_assert!(pairs.is_sorted_by_key(|pair| (pair.a, pair.b)));
        Self {
            pairs,
            asked: BTreeMap::new(),
            verify,
        }
    }

    /// The verdict on two documents, with the canonical copy as its left side, if they are copies.
    fn on(&mut self, canonical: u32, other: u32) -> Option<Comparison> {
        if let Some(verdict) = accepted_verdict(self.pairs, canonical, other) {
            return Some(verdict);
        }
        let verify = &mut self.verify;
        *self
            .asked
            .entry((canonical, other))
            .or_insert_with(|| verify(canonical, other))
    }
}

/// The verdict on two documents with the canonical copy as the left side, if their pair is in the accepted `pairs` (ascending).
pub(crate) fn accepted_verdict(
    pairs: &[AcceptedPair],
    canonical: u32,
    other: u32,
) -> Option<Comparison> {
    let key = (canonical.min(other), canonical.max(other));
    let found = pairs.binary_search_by_key(&key, |pair| (pair.a, pair.b));
    let verdict = pairs[found.ok()?].comparison;
    Some(if canonical == key.0 {
        verdict
    } else {
        verdict.swapped()
    })
}

/// The cluster of each document. A cluster has the number of one of its documents.
struct Membership<'l> {
    lengths: &'l [usize],
    cluster_of: Vec<u32>,
    canonical_of: Vec<u32>,
    /// Members of each cluster, canonical copy included; empty for clusters that were merged into another one.
    members: Vec<Vec<u32>>,
}

impl<'l> Membership<'l> {
    /// Each document in its own cluster.
    fn new(lengths: &'l [usize], pairs: &[AcceptedPair]) -> Self {
        let alone: Vec<u32> = (0..lengths.len() as u32).collect();
        let mut members = vec![Vec::new(); lengths.len()];
        for document in pairs.iter().flat_map(|pair| [pair.a, pair.b]) {
            members[document as usize] = vec![document];
        }
        Self {
            lengths,
            cluster_of: alone.clone(),
            canonical_of: alone,
            members,
        }
    }

    fn cluster(&self, document: u32) -> usize {
        self.cluster_of[document as usize] as usize
    }

    fn together(&self, pair: &AcceptedPair) -> bool {
        self.cluster(pair.a) == self.cluster(pair.b)
    }

    /// Joins the clusters of a pair if all members of the other cluster are copies of the more complete canonical copy.
    fn join(
        &mut self,
        pair: &AcceptedPair,
        links: &Links,
        verdicts: &mut Verdicts<'_, impl FnMut(u32, u32) -> Option<Comparison>>,
    ) {
        if self.together(pair) {
            return;
        }
        let [mut stays, mut joins] = [pair.a, pair.b].map(|document| self.cluster(document));
        if self.are_kept_apart(stays, joins, links) {
            return;
        }
        if self.completeness(joins) > self.completeness(stays) {
            (stays, joins) = (joins, stays);
        }
        if self.holds(stays, joins, verdicts) {
            self.merge(stays, joins);
        }
    }

    /// Are all members of `other` copies of the canonical copy of `cluster`?
    fn holds(
        &mut self,
        cluster: usize,
        other: usize,
        verdicts: &mut Verdicts<'_, impl FnMut(u32, u32) -> Option<Comparison>>,
    ) -> bool {
        let canonical = self.canonical_of[cluster];
        let members = &mut self.members[other];
        let fails = |&member: &u32| verdicts.on(canonical, member).is_none();
        match members.iter().position(fails) {
            // Moved to the front, so that it is verified first when the next pair would join the two clusters.
            Some(failing) => {
                members.swap(0, failing);
                false
            }
            None => true,
        }
    }

    /// Are more than a quarter of the decided pairs between two clusters refused?
    fn are_kept_apart(&self, one: usize, other: usize, links: &Links) -> bool {
        let (mut smaller, mut larger) = (one, other);
        if self.members[smaller].len() > self.members[larger].len() {
            (smaller, larger) = (larger, smaller);
        }
        let links = self.members[smaller]
            .iter()
            .flat_map(|&member| links.links_of(member));
        let across = links.filter(|link| self.cluster(link.1) == larger);
        let (mut all, mut refused) = (0, 0);
        for link in across {
            all += 1;
            refused += usize::from(link.2);
        }
        MAX_REFUSED_RATIO * refused > all
    }

    fn completeness(&self, cluster: usize) -> (usize, Reverse<u32>) {
        let canonical = self.canonical_of[cluster];
        (self.lengths[canonical as usize], Reverse(canonical))
    }

    /// Moves the members of the smaller cluster; the canonical copy of `stays` stays.
    fn merge(&mut self, stays: usize, joins: usize) {
        let (mut from, mut to) = (joins, stays);
        if self.members[from].len() > self.members[to].len() {
            (from, to) = (to, from);
        }
        let moved = std::mem::take(&mut self.members[from]);
        for &member in &moved {
            self.cluster_of[member as usize] = to as u32;
        }
        self.members[to].extend(moved);
        self.canonical_of[to] = self.canonical_of[stays];
    }

    fn into_clusters(
        self,
        verdicts: &mut Verdicts<'_, impl FnMut(u32, u32) -> Option<Comparison>>,
    ) -> Vec<Anchored> {
        let clusters = self.members.into_iter().zip(self.canonical_of);
        let clusters = clusters.filter(|(members, _)| members.len() > 1);
        let anchored = clusters.map(|(mut members, canonical)| {
            members.sort_unstable();
            let copies = members.into_iter().filter(|&member| member != canonical);
            let copies = copies.filter_map(|copy| Some((copy, verdicts.on(canonical, copy)?)));
            let mut copies: Vec<_> = copies.collect();
            // Most clusters have one copy, in a list with room for four.
            copies.shrink_to_fit();
            Anchored { canonical, copies }
        });
        let mut anchored: Vec<Anchored> = anchored.collect();
        anchored.sort_by_key(|cluster| cluster.canonical);
        anchored
    }
}
