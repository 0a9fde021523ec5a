//! Which passages do two texts have in common?

use std::ops::Range;

use crate::lsh::MAX_RARE_DOCUMENTS;
use crate::verify::Stretch;
use crate::verify::align::diff_gap;
use crate::verify::stretches::disjoint;

/// Folded bytes of the widest gap inside a passage, about 50 ideographs or 25 words.
const GAP: usize = 150;

/// A passage that two texts have in common: equal in folded form, or interrupted by short changes.
///
/// ```
/// use reprint::verify::FoldedPassage;
///
/// let passage = FoldedPassage { left: 0..6, right: 3..9, common: 2, weight: 2, documents: 2 };
/// assert!(!passage.is_common_phrase());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoldedPassage {
    /// Where it stands in the left folded form, in bytes.
    pub left: Range<usize>,
    /// Where it stands in the right one.
    pub right: Range<usize>,
    /// Folded characters that are equal, spaces between words included.
    pub common: usize,
    /// The weight of their units ([`UnitKind::weight`](crate::shingle::UnitKind::weight)).
    pub weight: usize,
    /// Different documents that have it, copies counted once: as many as have its rarest seed; 2 where nobody counted.
    pub documents: usize,
}

impl FoldedPassage {
    /// Does it stand in so many documents that it tells nothing about two of them? ([`MAX_RARE_DOCUMENTS`])
    pub fn is_common_phrase(&self) -> bool {
        self.documents > MAX_RARE_DOCUMENTS
    }
}

/// The passages that `stretches` make, each given with the number of documents that have it; by their place on the left,
/// and none overlaps another in either text.
///
/// Stretches in one order with a gap on either side that is shorter than both are one passage, and what their gaps still
/// have in common, unit by unit, counts.
pub fn passages(left: &str, right: &str, stretches: &[(Stretch, usize)]) -> Vec<FoldedPassage> {
    let disjoint = disjoint(stretches);
    let joined = disjoint.chunk_by(|a, b| hang_together(&a.0, &b.0));
    joined
        .map(|stretches| passage(left, right, stretches))
        .collect()
}

fn hang_together(a: &Stretch, b: &Stretch) -> bool {
    let gap = |from: usize, to: usize| to.checked_sub(from);
    let gaps = gap(a.left_end(), b.left).zip(gap(a.right_end(), b.right));
    gaps.is_some_and(|(left, right)| left.max(right) <= GAP.min(a.bytes).min(b.bytes))
}

fn passage(left: &str, right: &str, stretches: &[(Stretch, usize)]) -> FoldedPassage {
    let between = stretches.windows(2).flat_map(|pair| {
        let (a, b) = (pair[0].0, pair[1].0);
        diff_gap(left, right, a.left_end()..b.left, a.right_end()..b.right)
    });
    let equal = stretches.iter().map(|stretch| stretch.0).chain(between);
    let (mut common, mut weight) = (0, 0);
    for stretch in equal {
        let text = &left[stretch.left..stretch.left_end()];
        common += text.chars().count();
        weight += crate::shingle::weight(text);
    }
    let (first, last) = (stretches[0].0, stretches[stretches.len() - 1].0);
    FoldedPassage {
        left: first.left..last.left_end(),
        right: first.right..last.right_end(),
        common,
        weight,
        documents: stretches.iter().map(|stretch| stretch.1).min().unwrap_or(2),
    }
}
