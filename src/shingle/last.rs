//! Which windows end with a unit? Those that started as many units before as the kind of their first unit demands.

use std::ops::Range;

use super::MAX_WINDOW;
use super::units::UnitKind;

/// The last units of a text. A window that has not ended yet starts with one of them.
pub(super) struct LastUnits {
    /// Start and kind of each unit, at the index of its number modulo [`MAX_WINDOW`].
    starts: [(usize, UnitKind); MAX_WINDOW],
    count: usize,
    /// How many of the last units in a row are words.
    words: usize,
    /// Has a window ended with the last unit?
    covered: bool,
    lengths: [(usize, UnitKind); 2],
}

impl LastUnits {
    pub(super) fn new(characters: usize, words: usize) -> Self {
        Self {
            starts: [(0, UnitKind::Word); MAX_WINDOW],
            count: 0,
            words: 0,
            covered: true,
            lengths: [(characters, UnitKind::Character), (words, UnitKind::Word)],
        }
    }

    /// Takes the next unit if it and enough units before it are words, so that exactly one window ends with it. Returns the start of that
    /// window.
    #[inline]
    pub(super) fn push_word(&mut self, word: Range<usize>) -> Option<usize> {
        let [(characters, _), (words, _)] = self.lengths;
        if self.words + 1 < characters.max(words) {
            return None;
        }
        self.starts[self.count % MAX_WINDOW] = (word.start, UnitKind::Word);
        self.count += 1;
        self.covered = true;
        let (start, _) = self.starts[self.count.wrapping_sub(words) % MAX_WINDOW];
        Some(start)
    }

    /// Takes the next unit. Calls `window` with the windows that end with it.
    pub(super) fn push(
        &mut self,
        unit: Range<usize>,
        kind: UnitKind,
        window: &mut impl FnMut(Range<usize>, UnitKind),
    ) {
        self.starts[self.count % MAX_WINDOW] = (unit.start, kind);
        self.count += 1;
        self.words = if kind == UnitKind::Word {
            self.words + 1
        } else {
            0
        };
        self.covered = false;
        for (length, kind) in self.lengths {
            let (start, first) = self.starts[self.count.wrapping_sub(length) % MAX_WINDOW];
            if first == kind && self.count >= length {
                self.covered = true;
                window(start..unit.end, kind);
            }
        }
    }

    /// Takes a run of characters of three bytes each. Calls `window` with the windows that end near the start of the run, where windows
    /// from before the run may still end. Returns the range of the other windows. All of them start with a character, and one ends with
    /// each further character.
    #[inline]
    pub(super) fn enter(
        &mut self,
        run: Range<usize>,
        window: &mut impl FnMut(Range<usize>, UnitKind),
    ) -> Range<usize> {
        let [(characters, _), (words, _)] = self.lengths;
        let before = 3 * (characters.max(words) - 1);
        let inside = run.end.min(run.start + before)..run.end;
        for at in (run.start..inside.start).step_by(3) {
            self.push(at..at + 3, UnitKind::Character, window);
        }
        if inside.is_empty() {
            return inside;
        }
        self.count += inside.len() / 3;
        self.words = 0;
        self.covered = true;
        for back in 1..=MAX_WINDOW.min(inside.len() / 3) {
            let unit = (run.end - 3 * back, UnitKind::Character);
            self.starts[(self.count - back) % MAX_WINDOW] = unit;
        }
        inside.start - 3 * (characters - 1)..inside.end
    }

    /// Adds a window that ends with the last unit, if there is none yet.
    pub(super) fn close(&self, folded: &str, window: &mut impl FnMut(Range<usize>, UnitKind)) {
        if self.covered {
            return;
        }
        let (_, last) = self.starts[(self.count - 1) % MAX_WINDOW];
        let [(characters, _), (words, _)] = self.lengths;
        let length = match last {
            UnitKind::Character => characters,
            UnitKind::Word => words,
        };
        let (start, _) = self.starts[self.count.saturating_sub(length) % MAX_WINDOW];
        window(start..folded.len(), last);
    }
}
