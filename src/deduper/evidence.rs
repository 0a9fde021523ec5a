//! What shows that two documents are what they are to each other?

use std::cell::OnceCell;
use std::collections::{BTreeMap, HashSet};

use crate::deduper::settings::Settled;
use crate::deduper::sketch::Buffers;
use crate::document::{DocumentRef, Documents};
use crate::lsh::COMMON;
use crate::report::{Evidence, Passage};
use crate::shingle::weight;
use crate::signature::Shared;
use crate::verify::{
    Comparison, Difference, DifferenceKind, Edition, FoldedPassage, Ground, Piece, Relation, Side,
    common_stretches, decide, differences_along, passages, relate, side_by_side,
};

impl Settled {
    /// Everything about the documents at two positions, from whichever side: a text that repeats itself can be aligned in more
    /// than one way, and runs look from the smaller id.
    pub(super) fn evidence<D: Documents + ?Sized>(
        &self,
        documents: &D,
        a: usize,
        b: usize,
    ) -> Evidence {
        if documents.id(b) < documents.id(a) {
            return self.evidence(documents, b, a).swapped();
        }
        let texts = [a, b].map(|position| documents.text(position));
        let [left, right] =
            [0, 1].map(|side: usize| Edition::of(&texts[side], &self.normalizer, &self.shingler));
        let common = common_stretches(&left, &right);
        let uncounted: Vec<_> = common.iter().map(|&stretch| (stretch, 2)).collect();
        let found = passages(left.folded(), right.folded(), &uncounted);
        let comparison = self.verdict(documents, (a, b), [&left, &right], &found);
        let differences = match comparison.relation {
            Relation::Contains | Relation::Within => {
                said_differently(differences_along(&left, &right, &common))
            }
            // Where something speaks against two that are much alike, it is among the differences.
            relation if relation.is_copy() || comparison.figures.objection.is_some() => {
                differences_along(&left, &right, &common)
            }
            _ => Vec::new(),
        };
        let least = self.limits.passage;
        let long: Vec<FoldedPassage> = found
            .into_iter()
            .filter(|passage| passage.weight >= least)
            .collect();
        let document = |position| DocumentRef {
            position,
            id: documents.id(position).to_owned(),
            is_part: documents.whole(position).is_some(),
        };
        Evidence {
            a: document(a),
            b: document(b),
            comparison,
            passages: located(&left, &right, &long),
            differences,
        }
    }

    /// The documents at two positions side by side, as the evidence has them.
    pub(super) fn side_by_side<D: Documents + ?Sized>(
        &self,
        documents: &D,
        a: usize,
        b: usize,
    ) -> Vec<Piece> {
        if documents.id(b) < documents.id(a) {
            let pieces = self.side_by_side(documents, b, a).into_iter();
            return pieces.map(Piece::swapped).collect();
        }
        let texts = [a, b].map(|position| documents.text(position));
        let [left, right] =
            [0, 1].map(|side: usize| Edition::of(&texts[side], &self.normalizer, &self.shingler));
        side_by_side(&left, &right)
    }

    /// As in a run. Two versions that only come together where others lie between them are told by their
    /// [`Ground::Drift`](crate::verify::Ground::Drift).
    fn verdict<D: Documents + ?Sized>(
        &self,
        documents: &D,
        (a, b): (usize, usize),
        [left, right]: [&Edition<'_>; 2],
        passages: &[FoldedPassage],
    ) -> Comparison {
        if let Some(equal) = equal(left, right) {
            return Comparison::equal(equal);
        }
        let sides =
            [left, right].map(|edition| Side::new(edition.folded(), edition.hashes().to_vec()));
        let counted = OnceCell::new();
        let own = || *counted.get_or_init(|| self.samples().then(|| self.own(documents, a, b)));
        let decide = |between| decide(&sides[0], &sides[1], self.bounds, between, own);
        let mut comparison = decide(false);
        if !comparison.relation.is_copy() {
            if self.drift && comparison.figures.ground.is_none() {
                let versions = decide(true).figures;
                if versions.ground == Some(Ground::Drift) {
                    comparison.figures = versions;
                }
            }
            let weights = (weight(left.folded()), weight(right.folded()));
            let relation = relate(self.limits, false, comparison.overlap, weights, passages);
            comparison.relation = relation.unwrap_or(Relation::Distinct);
        }
        comparison
    }

    /// What the sampled grams of two documents that few others have share, as in a run. Cost: a pass over all documents.
    fn own<D: Documents + ?Sized>(&self, documents: &D, a: usize, b: usize) -> Shared {
        let mut buffers = Buffers::default();
        let mut sample = |position: usize| {
            let sketch = self.sketch(&documents.text(position), &mut buffers);
            (sketch.digest, sketch.sample)
        };
        let mut samples = [a, b].map(|position| sample(position).1);
        let keys = samples.iter().flat_map(|sample| sample.keys());
        let mut counts: BTreeMap<u32, usize> = keys.map(|&key| (key, 0)).collect();
        let mut seen = HashSet::new();
        for (digest, sample) in (0..documents.len()).map(&mut sample) {
            if seen.insert(digest) {
                for key in sample.keys() {
                    counts.entry(*key).and_modify(|count| *count += 1);
                }
            }
        }
        let common = counts.into_iter().filter(|&(_, count)| count > COMMON);
        let common: Vec<u32> = common.map(|(key, _)| key).collect();
        samples
            .iter_mut()
            .for_each(|sample| sample.forget(|key| common.binary_search(&key).is_ok()));
        samples[0].shared(&samples[1])
    }
}

fn equal(left: &Edition<'_>, right: &Edition<'_>) -> Option<Relation> {
    if left.original() == right.original() {
        Some(Relation::Exact)
    } else {
        (left.folded() == right.folded() && !left.folded().is_empty()).then_some(Relation::SameText)
    }
}

fn located(left: &Edition<'_>, right: &Edition<'_>, found: &[FoldedPassage]) -> Vec<Passage> {
    let ranges = |side: fn(&FoldedPassage) -> &std::ops::Range<usize>| {
        found.iter().map(side).cloned().collect::<Vec<_>>()
    };
    let lefts = left.spans(&ranges(|passage| &passage.left));
    let rights = right.spans(&ranges(|passage| &passage.right));
    let sides = lefts.into_iter().zip(rights);
    let passages = found
        .iter()
        .zip(sides)
        .map(|(passage, (left, right))| Passage {
            left,
            right,
            common: passage.common,
            documents: passage.documents,
        });
    passages.collect()
}

/// Of a container and what is inside, the differences in what both have.
fn said_differently(differences: Vec<Difference>) -> Vec<Difference> {
    let outside = |kind| matches!(kind, DifferenceKind::Head | DifferenceKind::Foot);
    let both = |difference: &Difference| {
        !difference.left.bytes.is_empty() && !difference.right.bytes.is_empty()
    };
    let said = differences.into_iter().filter(|difference| {
        difference.kind == DifferenceKind::Punctuation
            || (both(difference) && !outside(difference.kind))
    });
    said.collect()
}
