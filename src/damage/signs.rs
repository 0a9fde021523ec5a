//! Which marks and spaces between two equal letters are lost or wrong in one of two copies?

use crate::damage::Figure;
use crate::damage::reading::{LetterKind, Reading, gap, kind};
use crate::damage::walk::Run;
use crate::damage::words::{Agreed, LINE_END, SPACE};

/// A sign between two letters that one of two copies lacks or has wrong.
#[derive(Clone, Copy)]
pub(super) struct Sign {
    /// The letter of the pivot after the sign.
    pub at: usize,
    pub figure: Figure,
    /// Set if the sign is damage only when there are many of its kind.
    pub slight: Option<Slight>,
    /// Is this copy wrong, and not the pivot?
    pub is_mine: bool,
}

/// Signs that are damage only in large numbers: a few are a choice of the editor or the printer.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Slight {
    /// A comma that the copy lacks.
    Comma,
    /// A letter in a row of capitals, as in a heading or in the first words of a chapter.
    Shouted,
}

/// Number of gaps compared in one step.
const BLOCK: usize = 64;

/// Marks that an encoder may have replaced by a question mark.
const REPLACED: u16 = gap::QUOTE | gap::APOSTROPHE | gap::OTHER | gap::PAUSE;

/// The signs that differ between a copy and the pivot, in the order of the text. `agreed` holds the counts for the runs, if they were made.
pub(super) fn signs(
    pivot: &Reading<'_>,
    reading: &Reading<'_>,
    runs: &[Run],
    agreed: Option<Agreed>,
) -> Vec<Sign> {
    let mut signs = Signs {
        pivot,
        reading,
        runs,
        agreed,
        found: Vec::new(),
        line_ends: Vec::new(),
    };
    for run in runs {
        signs.of_run(run);
    }
    signs.line_ends();
    signs.found
}

struct Signs<'s, 't> {
    pivot: &'s Reading<'t>,
    reading: &'s Reading<'t>,
    runs: &'s [Run],
    agreed: Option<Agreed>,
    found: Vec<Sign>,
    line_ends: Vec<LineEnd>,
}

/// A line's end in one copy where the other continues without a space.
struct LineEnd {
    at: usize,
    is_mine: bool,
    /// Over 0 if the line ends between two words, under 0 if it ends within a word.
    told: f64,
    is_sure: bool,
}

/// Minimum number of line ends within words, or between words, for a copy to be known as wrapped that way.
const OFTEN: usize = 3;

/// Minimum ratio of these line ends to those of the other kind.
const OFTEN_FOR_EACH: usize = 3;

impl Signs<'_, '_> {
    fn push(&mut self, at: usize, figure: Figure, is_mine: bool) {
        self.found.push(Sign {
            at,
            figure,
            slight: None,
            is_mine,
        });
    }

    fn of_run(&mut self, run: &Run) {
        let left = &self.pivot.gaps[run.left..run.left + run.length];
        let right = &self.reading.gaps[run.right..run.right + run.length];
        for from in (0..run.length).step_by(BLOCK) {
            let to = (from + BLOCK).min(run.length);
            if left[from..to] == right[from..to] {
                continue;
            }
            for i in from..to {
                if left[i] != right[i] && (i > 0 || run.left == 0 && run.right == 0) {
                    self.of_gap(run.left + i, run.right + i);
                }
            }
        }
        let (l, r) = (run.left + run.length, run.right + run.length);
        let both_end = l == self.pivot.len() && r == self.reading.len();
        if both_end && self.pivot.gaps[l] != self.reading.gaps[r] {
            self.of_gap(l, r);
        }
    }

    /// Adds all differences before one letter.
    fn of_gap(&mut self, l: usize, r: usize) {
        let (left, right) = (self.pivot.gaps[l], self.reading.gaps[r]);
        self.marks(l, left, right, true);
        self.marks(l, right, left, false);
        self.capital(l, r);
        if (left | right) & !gap::CAPITAL != 0 {
            self.widths(l, left, right);
            self.paragraphs(l, left, right);
            self.spaces(l, r);
        }
    }

    /// The marks that `one` has and `other` may lack.
    fn marks(&mut self, at: usize, one: u16, other: u16, is_mine: bool) {
        if other & gap::QUESTION != 0 && one & gap::QUESTION == 0 && one & REPLACED != 0 {
            return self.push(at, Figure::Unread, is_mine);
        }
        if one & gap::QUESTION != 0 && other & REPLACED != 0 || other & gap::UNREAD != 0 {
            return;
        }
        if one & gap::SYMBOL != 0 && other & gap::SYMBOL == 0 {
            self.push(at, Figure::Marks, is_mine);
        }
        if one & gap::QUOTE != 0 && other & (gap::QUOTE | gap::APOSTROPHE) == 0 {
            self.push(at, Figure::Quotes, is_mine);
        }
        if one & gap::BRACKET != 0 && other & (gap::BRACKET | gap::QUOTE | gap::SYMBOL) == 0 {
            self.push(at, Figure::Marks, is_mine);
        }
        // A word divided by a line's end, where the hyphen was lost.
        if one & gap::HYPHEN != 0 && other & gap::PARTS == gap::SPACE {
            self.push(at, Figure::Marks, is_mine);
        }
        let ends = gap::STOP | gap::PAUSE | gap::OTHER;
        if one & ends != 0 && other & (ends | gap::HYPHEN) == 0 {
            self.found.push(Sign {
                at,
                figure: Figure::Marks,
                slight: (one & ends == gap::PAUSE).then_some(Slight::Comma),
                is_mine,
            });
        }
    }

    /// A capital in one copy only. Capitals in a row are a choice of the printer; a single capital begins a name or a sentence.
    fn capital(&mut self, l: usize, r: usize) {
        let (left, right) = (&self.pivot.gaps, &self.reading.gaps);
        if (left[l] ^ right[r]) & gap::CAPITAL == 0 {
            return;
        }
        let on_left = left[l] & gap::CAPITAL != 0;
        let (gaps, at) = if on_left { (left, l) } else { (right, r) };
        let within = |at: usize| {
            at > 0
                && gaps
                    .get(at)
                    .is_some_and(|bits| bits & gap::CAPITAL != 0 && bits & gap::PARTS == 0)
        };
        let is_shouted = within(at) || within(at + 1);
        self.found.push(Sign {
            at: l,
            figure: Figure::Capitals,
            slight: is_shouted.then_some(Slight::Shouted),
            is_mine: on_left != is_shouted,
        });
    }

    /// The kinds of the pivot's letters before and after a gap.
    fn kinds(&self, l: usize) -> (Option<LetterKind>, Option<LetterKind>) {
        let letter = |at: usize| self.pivot.letters.get(at).map(|&letter| kind(letter));
        (l.checked_sub(1).and_then(letter), letter(l))
    }

    /// An ASCII mark in one copy only, between ideographs.
    fn widths(&mut self, l: usize, left: u16, right: u16) {
        let unspaced = self.kinds(l).0 == Some(LetterKind::Unspaced);
        if unspaced && left & right & gap::MARKS != 0 && (left ^ right) & gap::PLAIN != 0 {
            self.push(l, Figure::Plain, right & gap::PLAIN != 0);
        }
    }

    fn paragraphs(&mut self, l: usize, left: u16, right: u16) {
        for (one, other, is_mine) in [(left, right, true), (right, left, false)] {
            if one & gap::PARAGRAPH != 0 && other & gap::BREAK == 0 {
                self.push(l, Figure::Paragraphs, is_mine);
            }
        }
    }

    fn spaces(&mut self, l: usize, r: usize) {
        let (Some(before), Some(behind)) = self.kinds(l) else {
            return;
        };
        let (left, right) = (self.pivot.gaps[l], self.reading.gaps[r]);
        let joined = |bits: u16| bits & gap::PARTS == 0;
        if before == LetterKind::Unspaced && behind == LetterKind::Unspaced
            || joined(left) && right & gap::HYPHEN != 0
            || joined(right) && left & gap::HYPHEN != 0
        {
            return self.breaks(l, left, right);
        }
        let parted = |bits: u16| bits & (gap::SPACE | gap::BREAK) != 0;
        if before != behind
            || before == LetterKind::Unspaced
            || parted(left) == parted(right)
            || (left | right) & (gap::MARKS | gap::HYPHEN) != 0
        {
            return;
        }
        let agreed = self
            .agreed
            .get_or_insert_with(|| Agreed::new(self.pivot, self.runs));
        let (reading, at) = if parted(left) {
            (self.pivot, l)
        } else {
            (self.reading, r)
        };
        let told = agreed.space(reading, at, parted(left));
        let is_line_end = reading.gaps[at] & gap::SPACE == 0;
        let least = if is_line_end { LINE_END } else { SPACE };
        let is_sure = told > least || told < -SPACE;
        if is_sure {
            self.push(l, Figure::Spaces, parted(right) == (told < 0.0));
        }
        if is_line_end {
            self.line_ends.push(LineEnd {
                at: l,
                is_mine: parted(right),
                told,
                is_sure,
            });
        }
    }

    /// Decides the doubtful line ends. If the known line ends of a copy are mostly within words, the doubtful ones are too. If they
    /// are mostly between words, the other copy lost the spaces there.
    fn line_ends(&mut self) {
        let ends = std::mem::take(&mut self.line_ends);
        for (is_mine, within) in [(false, false), (false, true), (true, false), (true, true)] {
            let of_copy = || ends.iter().filter(|end| end.is_mine == is_mine);
            let is_so = |end: &&LineEnd| end.told != 0.0 && (end.told < 0.0) == within;
            let so = of_copy().filter(is_so).count();
            let otherwise = of_copy().count() - so;
            if so < OFTEN || so < OFTEN_FOR_EACH * otherwise {
                continue;
            }
            for end in of_copy().filter(is_so).filter(|end| !end.is_sure) {
                self.push(end.at, Figure::Spaces, is_mine == within);
            }
        }
    }

    /// A line's end within a word, in one copy only.
    fn breaks(&mut self, l: usize, left: u16, right: u16) {
        let held = |bits: u16| bits & gap::BREAK != 0 && bits & gap::MARKS == 0;
        let joined = |bits: u16| bits & gap::PARTS == 0;
        for (one, other, is_mine) in [(left, right, false), (right, left, true)] {
            if held(one) && joined(other) {
                self.push(l, Figure::Breaks, is_mine);
            }
        }
    }
}
