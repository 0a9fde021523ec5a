//! From which place of the original did a folded character come?

use std::ops::Range;

use super::edits::{Edit, Shift};

/// Receives the byte offset of each folded character and its byte range in the original.
pub(super) trait OffsetSink {
    /// Does it keep the place of every character?
    const EVERY: bool;

    /// Does it need a character from `start` to `end` in the folded text?
    fn wants(&self, start: usize, end: usize) -> bool;
    fn push(&mut self, folded: usize, original: Range<usize>);

    /// Has it received all that it needs?
    fn are_complete(&self) -> bool {
        false
    }

    /// Adjusts the places to the edits of `folded`.
    fn replace(&mut self, folded: &str, edits: &[Edit]);
}

/// Records nothing.
impl OffsetSink for () {
    const EVERY: bool = false;

    #[inline]
    fn wants(&self, _: usize, _: usize) -> bool {
        false
    }

    #[inline]
    fn push(&mut self, _: usize, _: Range<usize>) {}
    fn replace(&mut self, _: &str, _: &[Edit]) {}
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Span {
    folded: usize,
    original: Range<usize>,
}

/// The map from a folded text back to its original, with one row for each folded character.
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
    /// The byte range in the original from which the byte range `folded` of the folded text came. It is empty for an empty range and for a
    /// range outside the text. Both ends are character boundaries of the original. Cost: two binary searches.
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

impl OffsetMap {
    /// Every character of the byte range `folded`: its start in the folded text, and its byte range in the original. Characters that came
    /// from one place together have the same range.
    pub fn characters(
        &self,
        folded: Range<usize>,
    ) -> impl Iterator<Item = (usize, Range<usize>)> + '_ {
        let from = self
            .spans
            .partition_point(|span| span.folded < folded.start);
        let within = self.spans[from..]
            .iter()
            .take_while(move |span| span.folded < folded.end);
        within.map(|span| (span.folded, span.original.clone()))
    }
}

impl OffsetMap {
    /// The map to an earlier text from which the original was made. `origin` converts the ranges of the original.
    pub(super) fn moved(mut self, origin: impl Fn(&Range<usize>) -> Range<usize>) -> Self {
        for span in &mut self.spans {
            span.original = origin(&span.original);
        }
        self
    }
}

impl OffsetSink for OffsetMap {
    const EVERY: bool = true;

    fn wants(&self, _: usize, _: usize) -> bool {
        true
    }

    fn push(&mut self, folded: usize, original: Range<usize>) {
        self.spans.push(Span { folded, original });
    }

    fn replace(&mut self, folded: &str, edits: &[Edit]) {
        let mut spans = Vec::with_capacity(self.spans.len());
        let mut rest = self.spans.as_slice();
        let mut shift = 0_isize;
        let shifted = |span: &Span, shift: isize| Span {
            folded: span.folded.saturating_add_signed(shift),
            original: span.original.clone(),
        };
        for edit in edits {
            let before = rest.partition_point(|span| span.folded < edit.start);
            let inside = rest.partition_point(|span| span.folded < edit.end);
            spans.extend(rest[..before].iter().map(|span| shifted(span, shift)));
            let start = edit.start.saturating_add_signed(shift);
            let aligned = edit.is_aligned(folded);
            spans.extend(edited_spans(
                &rest[before..inside],
                start,
                &edit.to,
                aligned,
            ));
            shift += edit.to.len() as isize - (edit.end - edit.start) as isize;
            rest = &rest[inside..];
        }
        spans.extend(rest.iter().map(|span| shifted(span, shift)));
        self.spans = spans;
    }
}

/// The spans of a text that replaces the characters of `old`. If both are aligned, each new character has the span of one old character;
/// otherwise each has the span of all of them.
fn edited_spans(old: &[Span], start: usize, to: &str, aligned: bool) -> Vec<Span> {
    let whole = match old {
        [first, .., last] => first.original.start..last.original.end,
        [only] => only.original.clone(),
        [] => 0..0,
    };
    to.char_indices()
        .enumerate()
        .map(|(nth, (at, _))| Span {
            folded: start + at,
            original: match old.get(nth).filter(|_| aligned) {
                Some(span) => span.original.clone(),
                None => whole.clone(),
            },
        })
        .collect()
}

/// The start or end of a range in the folded text.
struct Mark {
    folded: usize,
    is_end: bool,
    range: usize,
}

/// Records the places of a few ranges of the folded text, and no others.
pub(super) struct RangeLocator {
    /// Ascending places in the folded text before its edits.
    marks: Vec<Mark>,
    next: usize,
    /// The end of the last character in the original.
    last_end: usize,
    found: Vec<Range<usize>>,
}

impl RangeLocator {
    /// A locator for `ranges` of the folded text. `shifts` are the edits that changed its length.
    pub(super) fn new(ranges: &[Range<usize>], shifts: &[Shift]) -> Self {
        let ends = ranges
            .iter()
            .enumerate()
            .filter(|(_, range)| !range.is_empty());
        let ends = ends.flat_map(|(i, range)| [(range.start, false, i), (range.end, true, i)]);
        let mut marks: Vec<Mark> = ends
            .map(|(folded, is_end, range)| Mark {
                folded,
                is_end,
                range,
            })
            .collect();
        marks.sort_by_key(|mark| mark.folded);
        undo_edits(&mut marks, shifts);
        // Ends inside one edit may be in another order now.
        marks.sort_by_key(|mark| mark.folded);
        Self {
            marks,
            next: 0,
            last_end: 0,
            found: vec![0..0; ranges.len()],
        }
    }

    /// The byte range in the original of each range. It is empty for an empty range.
    pub(super) fn finish(mut self) -> Vec<Range<usize>> {
        for mark in &self.marks[self.next..] {
            let found = &mut self.found[mark.range];
            if mark.is_end {
                found.end = self.last_end;
            } else {
                found.start = usize::MAX;
            }
        }
        let found = self.found.into_iter();
        let found = found.map(|range| if range.is_empty() { 0..0 } else { range });
        found.collect()
    }
}

/// Moves the marks from the folded text to the text before its edits. A place inside an edit that is not aligned becomes the start or the
/// end of the edit, as in [`edited_spans`].
fn undo_edits(marks: &mut [Mark], shifts: &[Shift]) {
    let mut edits = shifts.iter().peekable();
    let mut shift = 0_isize;
    for mark in marks {
        let starts = |edit: &Shift, shift| (edit.start as usize).saturating_add_signed(shift);
        while let Some(passed) =
            edits.next_if(|edit| starts(edit, shift) + usize::from(edit.after) <= mark.folded)
        {
            shift += passed.after as isize - passed.before as isize;
        }
        let inside = edits
            .peek()
            .filter(|edit| mark.folded > starts(edit, shift));
        mark.folded = match inside {
            Some(edit) if mark.is_end => edit.start as usize + usize::from(edit.before),
            Some(edit) => edit.start as usize,
            None => mark.folded.saturating_add_signed(-shift),
        };
    }
}

impl OffsetSink for RangeLocator {
    const EVERY: bool = false;

    #[inline]
    fn are_complete(&self) -> bool {
        self.next == self.marks.len()
    }

    #[inline]
    fn wants(&self, _: usize, end: usize) -> bool {
        self.marks
            .get(self.next)
            .is_some_and(|mark| mark.folded <= end)
    }

    #[inline]
    fn push(&mut self, folded: usize, original: Range<usize>) {
        while let Some(mark) = self
            .marks
            .get(self.next)
            .filter(|mark| mark.folded <= folded)
        {
            let found = &mut self.found[mark.range];
            if mark.is_end {
                found.end = self.last_end;
            } else {
                found.start = original.start;
            }
            self.next += 1;
        }
        self.last_end = original.end;
    }

    fn replace(&mut self, _: &str, _: &[Edit]) {}
}
