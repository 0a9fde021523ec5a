//! What is replaced in a folded text when all its characters are known? Phrases, and spellings that depend on their neighbours.

use std::borrow::Cow;
use std::ops::Range;

/// A range of a text, in bytes, and its replacement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Edit {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) to: Cow<'static, str>,
}

impl Edit {
    pub(super) fn new(range: Range<usize>, to: impl Into<Cow<'static, str>>) -> Self {
        Self {
            start: range.start,
            end: range.end,
            to: to.into(),
        }
    }

    /// Is the text replaced character by character? Then each new character corresponds to one old character. The numbers of bytes must be
    /// equal too, so that places in the new text are places in the old text without a look at either.
    pub(super) fn is_aligned(&self, text: &str) -> bool {
        let before = &text[self.start..self.end];
        before.len() == self.to.len() && before.chars().count() == self.to.chars().count()
    }
}

/// An edit that changed the length of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Shift {
    /// Its start, in bytes of the text before all edits.
    pub(super) start: u32,
    /// Bytes of the replaced text.
    pub(super) before: u16,
    /// Bytes of the replacement.
    pub(super) after: u16,
}

impl Shift {
    /// The stored form.
    pub(crate) fn to_bytes(self) -> [u8; 8] {
        let [a, b, c, d] = self.start.to_le_bytes();
        let ([e, f], [g, h]) = (self.before.to_le_bytes(), self.after.to_le_bytes());
        [a, b, c, d, e, f, g, h]
    }

    /// Reads the stored form.
    pub(crate) fn from_bytes([a, b, c, d, e, f, g, h]: [u8; 8]) -> Self {
        Self {
            start: u32::from_le_bytes([a, b, c, d]),
            before: u16::from_le_bytes([e, f]),
            after: u16::from_le_bytes([g, h]),
        }
    }
}

/// The edits of `text` that don't replace character by character.
pub(super) fn shifts(edits: &[Edit], text: &str) -> Vec<Shift> {
    let uneven = edits.iter().filter(|edit| !edit.is_aligned(text));
    let short = |length: usize| u16::try_from(length).unwrap_or(u16::MAX);
    let shifts = uneven.map(|edit| Shift {
        start: edit.start as u32,
        before: short(edit.end - edit.start),
        after: short(edit.to.len()),
    });
    shifts.collect()
}

/// Applies `edits` to `text`. They must be ascending and must not overlap.
pub(super) fn apply(text: &str, edits: &[Edit]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for edit in edits {
        out.push_str(&text[from..edit.start]);
        out.push_str(&edit.to);
        from = edit.end;
    }
    out.push_str(&text[from..]);
    out
}

/// A single list of edits with the same effect as `first` and after it `then`. `between` is the text after `first`.
pub(super) fn compose(first: &[Edit], then: &[Edit], between: &str) -> Vec<Edit> {
    let mut composed = Vec::with_capacity(first.len() + then.len());
    let mut first = first.iter().peekable();
    let mut then = then.iter().peekable();
    // The difference between a place in `between` and the same place in the original.
    let mut shift = 0_isize;
    loop {
        let image = |edit: &Edit, shift| {
            let start = edit.start.saturating_add_signed(shift);
            start..start + edit.to.len()
        };
        let starts = [
            first.peek().map(|edit| image(edit, shift).start),
            then.peek().map(|edit| edit.start),
        ];
        let Some(start) = starts.into_iter().flatten().min() else {
            return composed;
        };
        let original = start.saturating_add_signed(-shift);
        let (mut end, mut to, mut done) = (start, String::new(), start);
        loop {
            let touches = |next: usize, end: usize| next < end || next == start && end == start;
            if let Some(edit) = first.next_if(|edit| touches(image(edit, shift).start, end)) {
                end = end.max(image(edit, shift).end);
                shift += edit.to.len() as isize - (edit.end - edit.start) as isize;
            } else if let Some(edit) = then.next_if(|edit| touches(edit.start, end)) {
                end = end.max(edit.end);
                to.push_str(&between[done..edit.start]);
                to.push_str(&edit.to);
                done = edit.end;
            } else {
                break;
            }
        }
        to.push_str(&between[done..end]);
        composed.push(Edit::new(original..end.saturating_add_signed(-shift), to));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Edits of a text of this many bytes (ASCII), from gaps, lengths and replacements.
    fn edits(rows: &[(usize, usize, String)], length: usize) -> Vec<Edit> {
        let mut edits = Vec::new();
        let mut at = 0;
        for (gap, taken, to) in rows {
            let range = at + gap..at + gap + taken;
            if range.end > length {
                break;
            }
            at = range.end;
            edits.push(Edit::new(range, to.clone()));
        }
        edits
    }

    proptest! {
        #[test]
        fn composed_edits_do_what_both_do(
            text in "[a-z]{0,40}",
            first in prop::collection::vec((0_usize..5, 1_usize..4, "[A-Z]{1,4}"), 0..8),
            then in prop::collection::vec((0_usize..5, 1_usize..4, "[0-9]{1,4}"), 0..8),
        ) {
            let first = edits(&first, text.len());
            let between = apply(&text, &first);
            let then = edits(&then, between.len());
            let composed = compose(&first, &then, &between);
            prop_assert_eq!(apply(&text, &composed), apply(&between, &then));
            prop_assert!(composed.windows(2).all(|pair| pair[0].end <= pair[1].start));
        }
    }
}
