//! Which copies stay beside the canonical one, where one stays for each value of a field?

use std::collections::HashSet;

use crate::deduper::corpus::Corpus;
use crate::deduper::election::Candidate;
use crate::shingle::ShingleSet;
use crate::verify::{Comparison, Overlap, Relation};

/// A document that stays, with those that go for it; it is the left side of their comparisons.
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(super) struct Standing {
    pub(super) document: usize,
    pub(super) removed: Vec<(usize, Comparison)>,
}

impl Corpus<'_> {
    /// The first of the `candidates` (the best first) of each value but that of the `canonical` document; `verdict` decides
    /// pairs of texts, if they are copies. Parts of documents neither stay nor go.
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

    /// Two members of one cluster. Both are copies of its canonical copy, and so editions of one text, whether or not they
    /// would be copies by themselves.
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
