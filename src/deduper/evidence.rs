//! What shows that two documents are what they are to each other?

use crate::deduper::settings::Settled;
use crate::document::{DocumentRef, Documents};
use crate::report::{Evidence, Passage};
use crate::shingle::weight;
use crate::verify::{
    Comparison, Difference, DifferenceKind, Edition, FoldedPassage, Relation, Text,
    common_stretches, compare, differences_along, passages, relate,
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
        let found = passages(&left.reading(), &right.reading(), &uncounted);
        let comparison = self.verdict(&left, &right, &found);
        let differences = match comparison.relation {
            relation if relation.is_copy() => differences_along(&left, &right, &common),
            Relation::Contains | Relation::Within => {
                said_differently(differences_along(&left, &right, &common))
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

    fn verdict(
        &self,
        left: &Edition<'_>,
        right: &Edition<'_>,
        passages: &[FoldedPassage],
    ) -> Comparison {
        let [l, r] = [left, right].map(|edition| Text {
            original: edition.original(),
            folded: edition.folded(),
            shingles: edition.hashes(),
        });
        let mut comparison = compare(l, r, self.threshold);
        if !comparison.relation.is_copy() {
            let weights = (weight(left.folded()), weight(right.folded()));
            let relation = relate(self.limits, false, comparison.overlap, weights, passages);
            comparison.relation = relation.unwrap_or(Relation::Distinct);
        }
        comparison
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
