//! Why does a document stay or go, and what is the relation of two documents?

use std::collections::HashMap;

use crate::document::DocumentRef;
use crate::report::{Cluster, Contained, Passage, RefusedPair, RelatedPair, Report};
use crate::verify::{Comparison, Difference};

/// Two copies that verification accepted.
///
/// ```
/// let pair = reprint::report::CopyPair { a: 0, b: 1, jaccard: 0.9 };
/// assert!(pair.jaccard > 0.6);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CopyPair {
    /// Position in the input of the document with the smaller id.
    pub a: usize,
    /// Position in the input of the other document.
    pub b: usize,
    /// Their Jaccard of shingles.
    pub jaccard: f64,
}

/// All that a report says about one document.
///
/// ```
/// let report = reprint::Deduper::default().run(&[("a", "铜墙铁壁"), ("b", "銅牆鐵壁"), ("c", "别的")])?;
/// assert_eq!(report.explain("b").cluster.unwrap().canonical.id, "a");
/// assert!(report.explain("c").cluster.is_none());
/// # Ok::<(), reprint::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Explanation<'r> {
    /// The cluster of the document.
    pub cluster: Option<&'r Cluster>,
    /// Pairs of different texts that made the cluster.
    pub accepted: Vec<(&'r DocumentRef, &'r DocumentRef, f64)>,
    /// Pairs of a member with a copy outside the cluster. One of the two is not a copy of the other's canonical copy.
    pub refused: Vec<&'r RefusedPair>,
    /// The pairs in which it contains another document or is inside one.
    pub relations: Vec<&'r RelatedPair>,
    /// The container that makes this document go, if the policy asks for that.
    pub contained: Option<&'r Contained>,
}

impl Report {
    /// The entries of this report about the document with this id. They are empty if the id is unknown or the document is in no pair.
    pub fn explain(&self, id: &str) -> Explanation<'_> {
        let cluster = self
            .clusters
            .iter()
            .find(|cluster| cluster.documents().any(|document| document.id == id));
        let members = cluster.into_iter().flat_map(Cluster::documents);
        let members: HashMap<usize, &DocumentRef> =
            members.map(|member| (member.position, member)).collect();
        let member = |position: usize| members.get(&position).copied();
        let accepted = self.accepted.iter();
        let accepted =
            accepted.filter_map(|pair| Some((member(pair.a)?, member(pair.b)?, pair.jaccard)));
        let is = |document: &DocumentRef| document.id == id;
        let inside =
            |document: &DocumentRef| is(document) || members.contains_key(&document.position);
        Explanation {
            cluster,
            accepted: accepted.collect(),
            refused: self
                .refused
                .iter()
                .filter(|pair| inside(&pair.a) || inside(&pair.b))
                .collect(),
            relations: self
                .relations
                .iter()
                .filter(|pair| is(&pair.a) || is(&pair.b))
                .collect(),
            contained: self
                .contained
                .iter()
                .find(|contained| is(&contained.document)),
        }
    }
}

/// The relation of two documents, with the evidence for it.
///
/// ```
/// use reprint::{Deduper, verify::{DifferenceKind, Relation}};
///
/// let documents = [("print", "7 月 20 日，南京禄口机场发生疫情以来"), ("web", "720日,南京禄口机场发生疫情以来")];
/// let evidence = Deduper::default().evidence(&documents, 0, 1)?;
/// assert_eq!(evidence.comparison.relation, Relation::Reprint);
/// assert_eq!(evidence.conflicts().next().unwrap().right.of(documents[1].1), "720日");
/// # Ok::<(), reprint::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Evidence {
    /// The left document.
    pub a: DocumentRef,
    /// The right document.
    pub b: DocumentRef,
    /// The verdict, with the counts.
    pub comparison: Comparison,
    /// The passages that they share, by the place in `a`.
    pub passages: Vec<Passage>,
    /// Their differences, by the place in `a`. For copies, these are all differences; if one contains the other, only those where both
    /// have text.
    pub differences: Vec<Difference>,
}

impl Evidence {
    /// The same evidence seen from the other side.
    pub(crate) fn swapped(self) -> Self {
        let mut passages: Vec<Passage> = self.passages.into_iter().map(Passage::swapped).collect();
        passages.sort_by_key(|passage| passage.left.bytes.start);
        let mut differences: Vec<Difference> = self
            .differences
            .into_iter()
            .map(Difference::swapped)
            .collect();
        differences
            .sort_by_key(|difference| (difference.left.bytes.start, difference.right.bytes.start));
        Self {
            a: self.b,
            b: self.a,
            comparison: self.comparison.swapped(),
            passages,
            differences,
        }
    }

    /// The numbers and dates that conflict.
    pub fn conflicts(&self) -> impl Iterator<Item = &Difference> {
        let differences = self.differences.iter();
        differences.filter(|difference| difference.kind.is_conflict())
    }
}
