//! How much of an item stands around the seeds that it has in common with a text?

use std::ops::Range;

use crate::items::index::ItemPassage;
use crate::items::numbers::{conflicts, values};
use crate::items::seeds::seed_length;

/// Letters in which a seed that both have starts.
#[derive(Clone, Copy, Debug)]
pub(super) struct Meeting {
    pub(super) item: usize,
    pub(super) text: usize,
}

/// Letters that both have in a row.
#[derive(Clone, Copy, Debug)]
struct Run {
    item: usize,
    text: usize,
    length: usize,
}

impl Run {
    fn item_end(&self) -> usize {
        self.item + self.length
    }

    fn text_end(&self) -> usize {
        self.text + self.length
    }
}

/// Cells of the largest table in which the letters between two runs are compared: 256 letters on either side. Where more is
/// missing, most of the item is.
const MAX_CELLS: usize = 1 << 16;

/// Letters between two runs of one passage, on either side.
const MAX_GAP: usize = 24;

/// Letters of the longest gap in which a number stands for another one.
const MAX_NUMBER_GAP: usize = 16;

/// Other changes for each number that differs from which on the numbers count as misread too: as many as
/// [`Bounds`](crate::verify::Bounds) asks of two whole texts.
const CHANGES_PER_CONFLICT: usize = 2;

/// An item beside a text.
pub(super) struct Extension<'e> {
    item: &'e [char],
    text: &'e [char],
    weights: &'e [f64],
    /// The runs that were taken; none overlaps another in the item or in the text.
    runs: Vec<Run>,
}

impl<'e> Extension<'e> {
    pub(super) fn new(item: &'e [char], text: &'e [char], weights: &'e [f64]) -> Self {
        Self {
            item,
            text,
            weights,
            runs: Vec::new(),
        }
    }

    /// Follows the letters on both sides of each meeting, then looks between the runs.
    pub(super) fn extend(&mut self, meetings: impl Iterator<Item = Meeting>) {
        let mut runs = self.whole_runs(meetings);
        let weight = |run: &Run| self.weights[run.item..run.item_end()].iter().sum::<f64>();
        let mut weighed: Vec<(f64, Run)> = runs.drain(..).map(|run| (weight(&run), run)).collect();
        weighed.sort_by(|(a, x), (b, y)| {
            let heavier = b.total_cmp(a);
            heavier.then((x.text, x.item).cmp(&(y.text, y.item)))
        });
        for (_, run) in weighed {
            self.take_free(run);
        }
        self.fill_gaps();
    }

    /// The longest equal runs through the meetings.
    fn whole_runs(&self, meetings: impl Iterator<Item = Meeting>) -> Vec<Run> {
        // By diagonal: how far the item starts before the text's letter.
        let mut meetings: Vec<(usize, usize)> = meetings
            .map(|meeting| (meeting.text + self.item.len() - meeting.item, meeting.item))
            .collect();
        meetings.sort_unstable();
        let mut runs: Vec<Run> = Vec::new();
        let mut covered = (usize::MAX, 0);
        for (diagonal, item) in meetings {
            if covered.0 == diagonal && item < covered.1 {
                continue;
            }
            let text = diagonal + item - self.item.len();
            let run = self.around(item, text);
            covered = (diagonal, run.item_end());
            if run.length > 0 {
                runs.push(run);
            }
        }
        runs
    }

    /// The equal letters around a place.
    fn around(&self, item: usize, text: usize) -> Run {
        let before = self.item[..item]
            .iter()
            .rev()
            .zip(self.text[..text].iter().rev());
        let before = before.take_while(|(a, b)| a == b).count();
        let behind = self.item[item..].iter().zip(&self.text[text..]);
        let behind = behind.take_while(|(a, b)| a == b).count();
        Run {
            item: item - before,
            text: text - before,
            length: before + behind,
        }
    }

    /// Takes what no run before it has, at its ends.
    fn take_free(&mut self, mut run: Run) {
        for taken in &self.runs {
            for (start, taken_start, taken_end) in [
                (run.item, taken.item, taken.item_end()),
                (run.text, taken.text, taken.text_end()),
            ] {
                let end = start + run.length;
                if end <= taken_start || taken_end <= start {
                    continue;
                }
                // The longer of the two sides of what is taken.
                let (left, right) = (
                    taken_start.saturating_sub(start),
                    end.saturating_sub(taken_end),
                );
                if left >= right {
                    run.length = left;
                } else {
                    let cut = run.length - right;
                    run = Run {
                        item: run.item + cut,
                        text: run.text + cut,
                        length: right,
                    };
                }
                break;
            }
        }
        // What is cut for one of them may still be taken by another.
        let free = self.runs.iter().all(|taken| {
            (run.item_end() <= taken.item || taken.item_end() <= run.item)
                && (run.text_end() <= taken.text || taken.text_end() <= run.text)
        });
        if free && run.length > 0 && run.length >= self.shortest(run.item) {
            self.runs.push(run);
        }
    }

    /// Letters of the shortest run between others that is more than chance: half a seed.
    fn shortest(&self, item: usize) -> usize {
        self.item
            .get(item)
            .map_or(0, |&first| seed_length(first) / 2)
    }

    /// Looks for shorter runs before, between and behind those that are there.
    fn fill_gaps(&mut self) {
        self.runs.sort_by_key(|run| run.item);
        let runs = self.runs.clone();
        let ends = runs.iter().map(Run::item_end);
        let starts = std::iter::once(0).chain(ends);
        for (i, start) in starts.enumerate() {
            let end = runs.get(i).map_or(self.item.len(), |run| run.item);
            if start >= end {
                continue;
            }
            let before = i.checked_sub(1).map(|before| runs[before]);
            let behind = runs.get(i).copied();
            let taken = self.runs.len();
            for text in self.gaps(start..end, before, behind) {
                self.fill(start..end, text);
                if self.runs.len() > taken {
                    break;
                }
            }
        }
        self.runs.sort_by_key(|run| run.item);
    }

    /// Where in the text the letters of a gap of the item may stand: between its two runs, or else behind the one or before the
    /// other.
    fn gaps(
        &self,
        gap: Range<usize>,
        before: Option<Run>,
        behind: Option<Run>,
    ) -> Vec<Range<usize>> {
        let room = gap.len() + gap.len() / 4 + MAX_GAP / 2;
        let after = |run: Run| run.text_end()..(run.text_end() + room).min(self.text.len());
        let ahead = |run: Run| run.text.saturating_sub(room)..run.text;
        let between = before.zip(behind).and_then(|(before, behind)| {
            let letters = behind.text.checked_sub(before.text_end())?;
            (letters <= room).then(|| before.text_end()..behind.text)
        });
        match between {
            Some(between) => Vec::from([between]),
            None => {
                let after = before.map(after).into_iter();
                after.chain(behind.map(ahead)).collect()
            }
        }
    }

    /// Takes the longest run of a gap, then those on both sides of it.
    fn fill(&mut self, item: Range<usize>, text: Range<usize>) {
        if item.is_empty() || text.is_empty() || item.len() * text.len() > MAX_CELLS {
            return;
        }
        let Some(run) = self.longest(item.clone(), text.clone()) else {
            return;
        };
        let known = self.runs.len();
        self.take_free(run);
        if self.runs.len() == known {
            return;
        }
        self.fill(item.start..run.item, text.start..run.text);
        self.fill(run.item_end()..item.end, run.text_end()..text.end);
    }

    /// The longest equal run of two ranges, the first of equally long ones; none that is shorter than chance makes.
    fn longest(&self, item: Range<usize>, text: Range<usize>) -> Option<Run> {
        // Lengths of the runs that end at each letter of the text, of the row before and of this one.
        let mut lengths = vec![0_usize; text.len() + 1];
        let mut best: Option<Run> = None;
        for at in item.clone() {
            let mut diagonal = 0;
            for (column, place) in text.clone().enumerate() {
                let above = std::mem::replace(&mut diagonal, lengths[column + 1]);
                let length = if self.item[at] == self.text[place] {
                    above + 1
                } else {
                    0
                };
                lengths[column + 1] = length;
                if length > best.map_or(0, |best| best.length) {
                    best = Some(Run {
                        item: at + 1 - length,
                        text: place + 1 - length,
                        length,
                    });
                }
            }
        }
        best.filter(|run| run.length >= self.shortest(run.item))
    }

    /// Where each run starts in the item and in the text, and its letters.
    #[cfg(test)]
    pub(super) fn runs(&self) -> Vec<(usize, usize, usize)> {
        let runs = self.runs.iter();
        runs.map(|run| (run.item, run.text, run.length)).collect()
    }

    /// What the letters of the item that stand in the text weigh.
    pub(super) fn weight(&self) -> f64 {
        let runs = self.runs.iter();
        let weights = runs.map(|run| self.weights[run.item..run.item_end()].iter().sum::<f64>());
        weights.sum()
    }

    /// How many letters of the item stand in the text.
    pub(super) fn letters(&self) -> usize {
        self.runs.iter().map(|run| run.length).sum()
    }

    /// Does the text have the item with other numbers: another one in the place of at least half of its numbers, and hardly any
    /// other change? Who misreads words misreads numbers.
    pub(super) fn has_other_numbers(&self) -> bool {
        let pairs = self.runs.windows(2);
        let gaps = pairs.filter_map(|pair| {
            let gap = |from: usize, to: usize| {
                (from <= to && to - from <= MAX_NUMBER_GAP).then_some(from..to)
            };
            gap(pair[0].item_end(), pair[1].item).zip(gap(pair[0].text_end(), pair[1].text))
        });
        let (mut places, mut other) = (0, 0);
        for (item, text) in gaps {
            places += 1;
            other += conflicts((self.item, item), (self.text, text));
        }
        other > 0
            && 2 * other >= values(self.item).len()
            && (CHANGES_PER_CONFLICT + 1) * other > places
    }

    /// Runs in one order with short gaps between them, as passages.
    pub(super) fn passages(&self) -> Vec<ItemPassage> {
        let hang_together = |a: &Run, b: &Run| {
            let gap =
                |from: usize, to: usize| to.checked_sub(from).is_some_and(|gap| gap <= MAX_GAP);
            gap(a.item_end(), b.item) && gap(a.text_end(), b.text)
        };
        let chains = self.runs.chunk_by(hang_together);
        let passages = chains.map(|runs| ItemPassage {
            item: runs[0].item..runs[runs.len() - 1].item_end(),
            text: runs[0].text..runs[runs.len() - 1].text_end(),
            common: runs.iter().map(|run| run.length).sum(),
        });
        passages.collect()
    }
}
