//! Where did a folded character come from? The map back to the original text.

use std::ops::Range;

use super::phrases::Found;

/// Receives, for every folded character, its byte offset in the folded text and its byte range in the original.
pub(super) trait Spans {
    /// Whether it keeps what it is told.
    const RECORDS: bool;
    fn push(&mut self, folded: usize, original: Range<usize>);

    /// Follows the replacement of phrases in `folded`.
    fn replace(&mut self, folded: &str, found: &[Found]);
}

/// Records nothing.
impl Spans for () {
    const RECORDS: bool = false;

    #[inline]
    fn push(&mut self, _: usize, _: Range<usize>) {}
    fn replace(&mut self, _: &str, _: &[Found]) {}
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Span {
    folded: usize,
    original: Range<usize>,
}

/// The map from a folded text back to its original, a row for each folded character.
///
/// ```
/// use reprint::normalize::Normalizer;
///
/// let folded = Normalizer::new().fold_with_offsets("７ 月\n20日。");
/// assert_eq!(folded.text, "7月20日");
/// let month = folded.text.find("月20").unwrap();
/// let original = folded.offsets.original(month..month + "月20".len());
/// assert_eq!(&"７ 月\n20日。"[original], "月\n20");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OffsetMap {
    spans: Vec<Span>,
}

impl OffsetMap {
    /// The byte range in the original that the byte range `folded` of the folded text came from; empty for an empty or
    /// outlying range. Both ends lie on character boundaries of the original. Cost: two binary searches.
    pub fn original(&self, folded: Range<usize>) -> Range<usize> {
        let from = self
            .spans
            .partition_point(|span| span.folded < folded.start);
        let to = self.spans.partition_point(|span| span.folded < folded.end);
        match self.spans.get(from..to) {
            Some([first, .., last]) => first.original.start..last.original.end,
            Some([only]) => only.original.clone(),
            _ => 0..0,
        }
    }
}

impl Spans for OffsetMap {
    const RECORDS: bool = true;

    fn push(&mut self, folded: usize, original: Range<usize>) {
        self.spans.push(Span { folded, original });
    }

    fn replace(&mut self, _: &str, found: &[Found]) {
        let mut spans = Vec::with_capacity(self.spans.len());
        let mut rest = self.spans.as_slice();
        let mut shift = 0_isize;
        let shifted = |span: &Span, shift: isize| Span {
            folded: span.folded.saturating_add_signed(shift),
            original: span.original.clone(),
        };
        for phrase in found {
            let before = rest.partition_point(|span| span.folded < phrase.start);
            let inside = rest.partition_point(|span| span.folded < phrase.end);
            spans.extend(rest[..before].iter().map(|span| shifted(span, shift)));
            let start = phrase.start.saturating_add_signed(shift);
            spans.extend(phrase_spans(&rest[before..inside], start, phrase.class));
            shift += phrase.class.len() as isize - (phrase.end - phrase.start) as isize;
            rest = &rest[inside..];
        }
        spans.extend(rest.iter().map(|span| shifted(span, shift)));
        self.spans = spans;
    }
}

/// Spans of the class that replaces a phrase: character by character where both are equally long, else each of its
/// characters stands for the whole phrase.
fn phrase_spans(old: &[Span], start: usize, class: &'static str) -> Vec<Span> {
    let whole = match old {
        [first, .., last] => first.original.start..last.original.end,
        [only] => only.original.clone(),
        [] => 0..0,
    };
    let aligned = class.chars().count() == old.len();
    class
        .char_indices()
        .enumerate()
        .map(|(nth, (at, _))| Span {
            folded: start + at,
            original: if aligned {
                old[nth].original.clone()
            } else {
                whole.clone()
            },
        })
        .collect()
}
