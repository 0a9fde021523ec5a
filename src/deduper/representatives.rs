//! If one document is kept for each value of a field, which copies are kept in addition to the canonical copy?

use std::collections::HashSet;

use crate::deduper::corpus::Corpus;
use crate::deduper::election::Candidate;
use crate::shingle::ShingleSet;
use crate::verify::{Comparison, Overlap, Relation};

/// A document that is kept, and the documents that are removed in favour of it. The kept document is the left side of their comparisons.
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(super) struct Standing {
    pub(super) document: usize,
    pub(super) removed: Vec<(usize, Comparison)>,
}

impl Corpus<'_> {
    /// The best document of each value, except the value of the `canonical` document. `candidates` are ordered, the best first. `verdict`
    /// compares two texts and returns a comparison if they are copies. Parts of documents are neither kept nor removed here.
    pub(super) fn representatives(
        &self,
        candidates: &[Candidate],
        canonical: usize,
        mut verdict: impl FnMut(u32, u32) -> Option<Comparison>,
    ) -> Vec<Standing> {
        let whole = |position: usize| self.documents.parent(position).is_none();
        let Some(field) = self
            .settled
            .policy
            .one_per_field()
            .filter(|_| whole(canonical))
        else {
            return Vec::new();
        };
        let value = |candidate: &Candidate| -> Vec<String> {
            candidate
                .claim
                .metadata
                .values(field)
                .map(str::to_owned)
                .collect()
        };
        let candidates: Vec<&Candidate> = candidates
            .iter()
            .filter(|candidate| whole(candidate.document))
            .collect();
        let mut seen: HashSet<Vec<String>> = candidates
            .iter()
            .filter(|candidate| candidate.document == canonical)
            .map(|candidate| value(candidate))
            .collect();
        let mut standing = Vec::new();
        for (at, first) in candidates.iter().enumerate() {
            let own = value(first);
            if seen.contains(&own) {
                continue;
            }
            let removed = candidates[at + 1..]
                .iter()
                .filter(|other| value(other) == own);
            let removed =
                removed.map(|other| (other.document, self.compared(first, other, &mut verdict)));
            standing.push(Standing {
                document: first.document,
                removed: removed.collect(),
            });
            seen.insert(own);
        }
        standing
    }

    /// Compares two members of one cluster. Both are copies of its canonical copy, so they are editions of one text even if `verdict` does
    /// not find them to be copies of each other.
    fn compared(
        &self,
        stays: &Candidate,
        goes: &Candidate,
        verdict: &mut impl FnMut(u32, u32) -> Option<Comparison>,
    ) -> Comparison {
        if stays.text == goes.text {
            let [a, b] = [stays, goes].map(|candidate| self.documents.text(candidate.document));
            return Comparison::equal(if a == b {
                Relation::Exact
            } else {
                Relation::SameText
            });
        }
        verdict(stays.text, goes.text).unwrap_or_else(|| {
            let [a, b] =
                [stays, goes].map(|side| ShingleSet::from_hashes(&self.shingled(side.text).1));
            Comparison {
                relation: Relation::Reprint,
                overlap: Overlap::new(&a, &b),
                ..Comparison::default()
            }
        })
    }
}
