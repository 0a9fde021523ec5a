//! Where do passages stand in the texts that the reader sees?

use std::ops::Range;

use crate::lsh::COMMON;

/// A stretch of an original text, end exclusive, in both units that people count in.
///
/// ```
/// use reprint::report::Span;
///
/// let span = Span { bytes: 3..6, characters: 1..2 };
/// assert_eq!(span.of("铜墙铁壁"), "墙");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Span {
    /// Bytes in UTF-8; both ends are character boundaries.
    pub bytes: Range<usize>,
    /// Unicode characters.
    pub characters: Range<usize>,
}

impl Span {
    /// The stretch itself, of the text that it was found in.
    pub fn of<'t>(&self, original: &'t str) -> &'t str {
        original.get(self.bytes.clone()).unwrap_or_default()
    }
}

/// A passage that two documents have in common: equal when folded, or interrupted by short changes.
///
/// ```
/// use reprint::report::{Passage, Span};
///
/// let span = Span { bytes: 0..6, characters: 0..2 };
/// let passage = Passage { left: span.clone(), right: span, common: 2, documents: 2 };
/// assert!(!passage.is_common_phrase());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
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
    /// Does it stand in so many documents that it tells nothing about two of them? ([`COMMON`])
    pub fn is_common_phrase(&self) -> bool {
        self.documents > COMMON
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

/// Byte ranges of a text as spans. Cost: one pass over the text.
pub(crate) fn spans(text: &str, ranges: &[Range<usize>]) -> Vec<Span> {
    let mut ends: Vec<usize> = ranges
        .iter()
        .flat_map(|range| [range.start, range.end])
        .collect();
    ends.sort_unstable();
    ends.dedup();
    let (mut from, mut count) = (0, 0);
    let counts = ends.iter().map(|&end| {
        let end = end.min(text.len());
        count += starts(&text.as_bytes()[from..end]);
        from = end;
        count
    });
    let counts: Vec<usize> = counts.collect();
    let count = |end: usize| ends.binary_search(&end).map_or(0, |at| counts[at]);
    let spans = ranges.iter().map(|range| Span {
        bytes: range.clone(),
        characters: count(range.start)..count(range.end),
    });
    spans.collect()
}

/// Characters that start in these bytes.
fn starts(bytes: &[u8]) -> usize {
    bytes.iter().filter(|&&byte| byte & 0xC0 != 0x80).count()
}
