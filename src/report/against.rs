//! How much of a new collection is in a reference collection?

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::time::Duration;

use crate::document::DocumentRef;
use crate::report::{Passage, Settings, Stage};
use crate::verify::{Comparison, Relation};

/// New documents that are copies of reference documents, contain them or are inside them.
///
/// ```
/// use reprint::{Deduper, verify::Relation};
///
/// let against = Deduper::default().against(&[("a", "One text."), ("b", "Another.")], &[("a", "One text")])?;
/// assert_eq!(against.pairs.len(), 1);
/// assert_eq!(against.dropped(&[Relation::Exact]), [false, false]);
/// assert_eq!(against.dropped(&Relation::COPIES), [true, false]);
/// # Ok::<(), reprint::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Against {
    /// The pairs, by the id of the new document, then by that of the reference document.
    pub pairs: Vec<AgainstPair>,
    /// Number of new documents that were compared.
    pub documents: usize,
    /// Number of reference documents.
    pub references: usize,
    /// Number of pairs of different folded texts that the search proposed.
    pub candidate_pairs: usize,
    /// The settings that decided the result.
    pub settings: Settings,
    /// The duration of each stage, in order.
    pub timings: Vec<(Stage, Duration)>,
}

/// A new document and a reference document.
///
/// ```
/// let against = reprint::Deduper::default().against(&[("a", "One text.")], &[("x", "One text")])?;
/// let pair = &against.pairs[0];
/// assert_eq!((pair.document.id.as_str(), pair.reference.id.as_str()), ("a", "x"));
/// assert_eq!(pair.comparison.relation.as_str(), "same-text");
/// # Ok::<(), reprint::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct AgainstPair {
    /// The new document, by its position among the new ones.
    pub document: DocumentRef,
    /// The reference, by its position among the references.
    pub reference: DocumentRef,
    /// The relation of the new document to the reference: `Exact`, `SameText`, `Reprint`, `Contains` or `Within`. The new document is
    /// the left side.
    pub comparison: Comparison,
    /// If one is inside the other: the passages that they share, by the place in the new document, which is the left side.
    pub passages: Vec<Passage>,
}

impl Against {
    /// Whether each new document is dropped, in input order. It is dropped if it has one of these relations to a reference.
    pub fn dropped(&self, relations: &[Relation]) -> Vec<bool> {
        let reasons = self.reasons(relations);
        reasons.iter().map(Option::is_some).collect()
    }

    /// For each new document, in input order, the pair that is the reason to drop it, if documents of these relations are dropped. It
    /// is the pair with the closest relation, then with the most similar reference, then with the smallest id.
    pub fn reasons(&self, relations: &[Relation]) -> Vec<Option<&AgainstPair>> {
        let mut reasons: Vec<Option<&AgainstPair>> = vec![None; self.documents];
        for pair in &self.pairs {
            if !relations.contains(&pair.comparison.relation) {
                continue;
            }
            let known = &mut reasons[pair.document.position];
            if known.is_none_or(|known| pair.closer(known) == Ordering::Less) {
                *known = Some(pair);
            }
        }
        reasons
    }

    /// Numbers of new documents by their relation to a reference document; for each document, its closest relation counts.
    pub fn share(&self) -> AgainstShare {
        let mut all = self.share_by(|_| Some(()));
        all.remove(&()).unwrap_or_default()
    }

    /// As [`share`](Self::share), for each group of new documents, such as those of one source. `group` gives the group of the document
    /// at a position; a document without a group is not counted.
    pub fn share_by<K: Ord>(
        &self,
        group: impl Fn(usize) -> Option<K>,
    ) -> BTreeMap<K, AgainstShare> {
        let mut shares: BTreeMap<K, AgainstShare> = BTreeMap::new();
        for (position, reason) in self
            .reasons(&AgainstShare::RELATIONS)
            .into_iter()
            .enumerate()
        {
            let Some(group) = group(position) else {
                continue;
            };
            let share = shares.entry(group).or_default();
            share.documents += 1;
            if let Some(place) = reason.and_then(AgainstPair::place) {
                share.of_relation[place] += 1;
            }
        }
        shares
    }
}

impl AgainstPair {
    /// The index of its relation in [`AgainstShare::RELATIONS`].
    fn place(&self) -> Option<usize> {
        let relation = self.comparison.relation;
        AgainstShare::RELATIONS
            .iter()
            .position(|&known| known == relation)
    }

    /// Orders two pairs of one document: the closer pair comes first.
    fn closer(&self, other: &Self) -> Ordering {
        let alike = other
            .comparison
            .similarity()
            .total_cmp(&self.comparison.similarity());
        let ids = || self.reference.id.cmp(&other.reference.id);
        self.place().cmp(&other.place()).then(alike).then_with(ids)
    }
}

/// Numbers of new documents that are in the reference, by relation.
///
/// ```
/// let against = reprint::Deduper::default().against(&[("a", "One text."), ("b", "Another.")], &[("x", "One text")])?;
/// let share = against.share();
/// assert_eq!((share.documents, share.found(), share.of_relation), (2, 1, [0, 1, 0, 0, 0]));
/// # Ok::<(), reprint::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AgainstShare {
    /// Number of all new documents.
    pub documents: usize,
    /// Number of documents for which each of the [`RELATIONS`](Self::RELATIONS) is the closest one to a reference document.
    pub of_relation: [usize; 5],
}

impl AgainstShare {
    /// The relations that are reported, the closest first.
    pub const RELATIONS: [Relation; 5] = [
        Relation::Exact,
        Relation::SameText,
        Relation::Reprint,
        Relation::Within,
        Relation::Contains,
    ];

    /// Number of documents that are in the reference, or share some of it.
    pub fn found(&self) -> usize {
        self.of_relation.iter().sum()
    }
}
