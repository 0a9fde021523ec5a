//! Which passages do two texts have in common?

use std::ops::Range;

use crate::lsh::MAX_RARE_DOCUMENTS;
use crate::verify::Stretch;
use crate::verify::align::diff_gap;
use crate::verify::stretches::disjoint;

/// Maximum gap inside a passage, in bytes of the folded text: about 50 ideographs or 25 words.
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
    /// Bytes of the left folded text.
    pub left: Range<usize>,
    /// Bytes of the right folded text.
    pub right: Range<usize>,
    /// Number of equal folded characters, including spaces between words.
    pub common: usize,
    /// The weight of their units ([`UnitKind::weight`](crate::shingle::UnitKind::weight)).
    pub weight: usize,
    /// Number of different documents with the passage; copies count once. It is the number for its rarest seed, or 2 if nothing was
    /// counted.
    pub documents: usize,
}

impl FoldedPassage {
    /// Is it in too many documents to show that two of them are related? ([`MAX_RARE_DOCUMENTS`])
    pub fn is_common_phrase(&self) -> bool {
        self.documents > MAX_RARE_DOCUMENTS
    }
}

/// The passages that `stretches` make, ordered by their place on the left. Each stretch is given with the number of documents that
/// have it. No two passages overlap in either text.
///
/// Consecutive stretches form one passage if they are in one order, and if the gap between them is on either side no longer than both
/// of them. The units that these gaps still have in common count as well.
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
