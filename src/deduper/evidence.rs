//! What is the evidence for the relation of two documents?

use crate::deduper::run;
use crate::deduper::settings::Config;
use crate::deduper::source::Source;
use crate::error::Error;
use crate::report::{Evidence, Passage, Progress};
use crate::shingle::weight;
use crate::verify::{
    Comparison, Difference, DifferenceKind, Edition, FoldedPassage, Ground, Piece, Relation,
    Stretch, common_stretches, differences_along, passages, relate, side_by_side,
};

impl Config {
    /// Everything about the documents at two positions. A text that repeats itself can be aligned in more than one way. So the document
    /// with the smaller id is always on the left in the comparison, as in a run.
    pub(super) fn evidence(
        &self,
        documents: &Source<'_>,
        (a, b): (usize, usize),
        progress: &dyn Progress,
    ) -> Result<Evidence, Error> {
        if documents.id(b) < documents.id(a) {
            return Ok(self.evidence(documents, (b, a), progress)?.swapped());
        }
        let texts = [a, b].map(|position| documents.text(position));
        documents.check()?;
        let [left, right] =
            [0, 1].map(|side: usize| Edition::new(&texts[side], &self.normalizer, &self.shingler));
        let common = common_stretches(&left, &right);
        let found = uncounted_passages(&left, &right, &common);
        let comparison = match equal(&left, &right) {
            Some(equal) => Comparison::equal(equal),
            None => {
                let verdict = run::verdict(self, documents, (a, b), progress)?;
                self.related(verdict, [&left, &right], &found)
            }
        };
        let differences = match comparison.relation {
            Relation::Contains | Relation::Within => {
                said_differently(differences_along(&left, &right, &common))
            }
            // If an objection speaks against two alike texts, the differences show it.
            relation if relation.is_copy() || comparison.figures.objection.is_some() => {
                differences_along(&left, &right, &common)
            }
            _ => Vec::new(),
        };
        let document = |position| documents.named(position);
        Ok(Evidence {
            a: document(a),
            b: document(b),
            comparison,
            passages: self.long_passages(&left, &right, found),
            differences,
        })
    }

    /// The passages of two editions that are long enough to be reported.
    pub(super) fn common_passages(&self, left: &Edition<'_>, right: &Edition<'_>) -> Vec<Passage> {
        let found = uncounted_passages(left, right, &common_stretches(left, right));
        self.long_passages(left, right, found)
    }

    /// The passages that are long enough to be reported.
    fn long_passages(
        &self,
        left: &Edition<'_>,
        right: &Edition<'_>,
        mut found: Vec<FoldedPassage>,
    ) -> Vec<Passage> {
        found.retain(|passage| passage.weight >= self.limits.passage);
        located(left, right, &found)
    }

    /// The documents at two positions side by side. The alignment is that of the evidence.
    pub(super) fn side_by_side(
        &self,
        documents: &Source<'_>,
        a: usize,
        b: usize,
    ) -> Result<Vec<Piece>, Error> {
        if documents.id(b) < documents.id(a) {
            let pieces = self.side_by_side(documents, b, a)?.into_iter();
            return Ok(pieces.map(Piece::swapped).collect());
        }
        let texts = [a, b].map(|position| documents.text(position));
        documents.check()?;
        let [left, right] =
            [0, 1].map(|side: usize| Edition::new(&texts[side], &self.normalizer, &self.shingler));
        Ok(side_by_side(&left, &right))
    }

    /// The verdict of a run if it joins the two, or else the relation of the two alone. Two versions that are joined only because of other
    /// versions between them keep their [`Ground::Drift`](crate::verify::Ground::Drift).
    fn related(
        &self,
        mut comparison: Comparison,
        [left, right]: [&Edition<'_>; 2],
        passages: &[FoldedPassage],
    ) -> Comparison {
        if !comparison.relation.is_copy() || comparison.figures.ground == Some(Ground::Drift) {
            let weights = (weight(left.folded()), weight(right.folded()));
            let relation = relate(self.limits, false, comparison.overlap, weights, passages);
            comparison.relation = relation.unwrap_or(Relation::Distinct);
        }
        comparison
    }
}

/// The passages that these stretches make. The number of texts that have each passage is not counted.
fn uncounted_passages(
    left: &Edition<'_>,
    right: &Edition<'_>,
    common: &[Stretch],
) -> Vec<FoldedPassage> {
    let uncounted: Vec<_> = common.iter().map(|&stretch| (stretch, 2)).collect();
    passages(left.folded(), right.folded(), &uncounted)
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

/// The differences between a container and the contained text, in the text that both have.
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
