//! What of a new collection is in a reference collection?

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
    /// The pairs, by the id of the new document, then of the reference document.
    pub pairs: Vec<AgainstPair>,
    /// New documents that were compared.
    pub documents: usize,
    /// Reference documents.
    pub references: usize,
    /// Pairs of different folded texts that the search proposed.
    pub candidate_pairs: usize,
    /// What decided the result.
    pub settings: Settings,
    /// How long each stage took, in order.
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
    /// The new one, by its position among the new ones.
    pub document: DocumentRef,
    /// The reference, by its position among the references.
    pub reference: DocumentRef,
    /// What the new one is to the reference: `Exact`, `SameText`, `Reprint`, `Contains` or `Within`. The new one is the left side.
    pub comparison: Comparison,
    /// Where one is inside the other: what they have in common, by the place in the new one, which is the left side.
    pub passages: Vec<Passage>,
}

impl Against {
    /// For each new document, in input order: is it dropped, where documents of these relations to a reference go?
    pub fn dropped(&self, relations: &[Relation]) -> Vec<bool> {
        let reasons = self.reasons(relations);
        reasons.iter().map(Option::is_some).collect()
    }

    /// For each new document, in input order, the pair for which it is dropped, where documents of these relations go: the closest
    /// relation, then the most alike reference, then the smallest id.
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

    /// How many new documents have each relation to some reference document, the closest one counted of each.
    pub fn share(&self) -> AgainstShare {
        let mut all = self.share_by(|_| Some(()));
        all.remove(&()).unwrap_or_default()
    }

    /// The same of each group of new documents, such as those of one source: `group` tells that of the document at a position.
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
    /// Where its relation stands among all.
    fn place(&self) -> Option<usize> {
        let relation = self.comparison.relation;
        AgainstShare::RELATIONS
            .iter()
            .position(|&known| known == relation)
    }

    /// Comes the closer of two pairs of one document first?
    fn closer(&self, other: &Self) -> Ordering {
        let alike = other
            .comparison
            .similarity()
            .total_cmp(&self.comparison.similarity());
        let ids = || self.reference.id.cmp(&other.reference.id);
        self.place().cmp(&other.place()).then(alike).then_with(ids)
    }
}

/// How much of some new documents is in the reference.
///
/// ```
/// let against = reprint::Deduper::default().against(&[("a", "One text."), ("b", "Another.")], &[("x", "One text")])?;
/// let share = against.share();
/// assert_eq!((share.documents, share.found(), share.of_relation), (2, 1, [0, 1, 0, 0, 0]));
/// # Ok::<(), reprint::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AgainstShare {
    /// How many there are.
    pub documents: usize,
    /// How many have each of the [`RELATIONS`](Self::RELATIONS) to a reference document, as the closest one.
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

    /// How many are in the reference, or have some of it.
    pub fn found(&self) -> usize {
        self.of_relation.iter().sum()
    }
}
