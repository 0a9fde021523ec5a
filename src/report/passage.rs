//! Which passages do two documents have in common, in the texts that the reader sees?

use crate::document::Span;
use crate::lsh::MAX_RARE_DOCUMENTS;

/// A passage that two documents have in common: equal when folded, or interrupted by short changes.
///
/// ```
/// use reprint::{Span, report::Passage};
///
/// let span = Span { bytes: 0..6, characters: 0..2 };
/// let passage = Passage { left: span.clone(), right: span, common: 2, documents: 2 };
/// assert!(!passage.is_common_phrase());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Passage {
    /// Where it stands in the left document.
    pub left: Span,
    /// Where it stands in the right document.
    pub right: Span,
    /// Folded characters that are equal, spaces between words included.
    pub common: usize,
    /// Different documents that have it, copies counted once: as many as have its rarest seed; 2 where nobody counted.
    pub documents: usize,
}

impl Passage {
    /// Does it stand in so many documents that it tells nothing about two of them? ([`MAX_RARE_DOCUMENTS`])
    pub fn is_common_phrase(&self) -> bool {
        self.documents > MAX_RARE_DOCUMENTS
    }

    /// The same passage seen from the other side.
    pub(crate) fn swapped(self) -> Self {
        let Self { left, right, .. } = self;
        Self {
            left: right,
            right: left,
            ..self
        }
    }
}
