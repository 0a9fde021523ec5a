//! How much of an item is in a text, around the seeds that the two share?

use std::collections::HashMap;
use std::ops::Range;

use crate::items::index::ItemPassage;
use crate::items::numbers::{conflicts, values};
use crate::items::seeds::seed_length;

/// The start of a shared seed, in letters of the item and of the text.
#[derive(Clone, Copy, Debug)]
pub(super) struct SharedSeed {
    pub(super) item: usize,
    pub(super) text: usize,
}

/// A run of equal letters.
#[derive(Clone, Copy, Debug)]
struct EqualRun {
    item: usize,
    text: usize,
    length: usize,
}

impl EqualRun {
    fn item_end(&self) -> usize {
        self.item + self.length
    }

    fn text_end(&self) -> usize {
        self.text + self.length
    }
}

/// Maximum size of the table that compares the letters between two runs, in cells: 256 letters on each side. An item that is in a
/// text hardly ever has a longer gap.
const MAX_CELLS: usize = 1 << 16;

/// Maximum gap between two runs of one passage, in letters on either side.
const MAX_GAP: usize = 24;

/// Maximum length in letters of a gap in which a number can replace another one.
const MAX_NUMBER_GAP: usize = 16;

/// With this many other changes for each number that differs, the numbers count as misread too. The rule for two whole texts is the
/// same ([`Bounds`](crate::verify::Bounds)).
const CHANGES_PER_CONFLICT: usize = 2;

/// The common runs of an item and a text.
pub(super) struct Extension<'e> {
    item: &'e [char],
    text: &'e [char],
    weights: &'e [f64],
    /// No two of them overlap in the item or in the text.
    runs: Vec<EqualRun>,
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

    /// Extends each shared seed to both sides, then searches the gaps between these runs for shorter ones. The seeds must come in the order
    /// of the text.
    pub(super) fn extend(&mut self, seeds: impl Iterator<Item = SharedSeed>) {
        let mut runs = self.whole_runs(seeds);
        let weight = |run: &EqualRun| self.weights[run.item..run.item_end()].iter().sum::<f64>();
        let mut weighed: Vec<(f64, EqualRun)> =
            runs.drain(..).map(|run| (weight(&run), run)).collect();
        weighed.sort_by(|(a, x), (b, y)| {
            let heavier = b.total_cmp(a);
            heavier.then((x.text, x.item).cmp(&(y.text, y.item)))
        });
        for (_, run) in weighed {
            self.take_free(run);
        }
        self.fill_gaps();
    }

    /// The longest runs through the shared seeds. The seeds are not held: where both sides repeat themselves, they are many times as many as
    /// the letters.
    fn whole_runs(&self, seeds: impl Iterator<Item = SharedSeed>) -> Vec<EqualRun> {
        // The end in the item of the last run on each diagonal. A diagonal is the difference between the two positions; adding the length of
        // the item keeps it above 0.
        let mut covered: HashMap<usize, usize> = HashMap::new();
        let mut runs = Vec::new();
        for seed in seeds {
            let diagonal = seed.text + self.item.len() - seed.item;
            let end = covered.entry(diagonal).or_default();
            if seed.item < *end {
                continue;
            }
            let run = self.run_around(seed.item, seed.text);
            *end = run.item_end();
            if run.length > 0 {
                runs.push(run);
            }
        }
        runs
    }

    /// The run of equal letters around a pair of positions.
    fn run_around(&self, item: usize, text: usize) -> EqualRun {
        let before = self.item[..item]
            .iter()
            .rev()
            .zip(self.text[..text].iter().rev());
        let before = before.take_while(|(a, b)| a == b).count();
        let behind = self.item[item..].iter().zip(&self.text[text..]);
        let behind = behind.take_while(|(a, b)| a == b).count();
        EqualRun {
            item: item - before,
            text: text - before,
            length: before + behind,
        }
    }

    /// Adds the part of a run that does not overlap an earlier run.
    fn take_free(&mut self, mut run: EqualRun) {
        for taken in &self.runs {
            for (start, taken_start, taken_end) in [
                (run.item, taken.item, taken.item_end()),
                (run.text, taken.text, taken.text_end()),
            ] {
                let end = start + run.length;
                if end <= taken_start || taken_end <= start {
                    continue;
                }
                // Keep the longer of the two parts on either side of the earlier run.
                let (left, right) = (
                    taken_start.saturating_sub(start),
                    end.saturating_sub(taken_end),
                );
                if left >= right {
                    run.length = left;
                } else {
                    let cut = run.length - right;
                    run = EqualRun {
                        item: run.item + cut,
                        text: run.text + cut,
                        length: right,
                    };
                }
                break;
            }
        }
        // A part that was cut for one earlier run may still overlap another.
        let free = self.runs.iter().all(|taken| {
            (run.item_end() <= taken.item || taken.item_end() <= run.item)
                && (run.text_end() <= taken.text || taken.text_end() <= run.text)
        });
        if free && run.length > 0 && run.length >= self.min_run(run.item) {
            self.runs.push(run);
        }
    }

    /// Minimum length in letters of a run between others that is more than chance: half a seed.
    fn min_run(&self, item: usize) -> usize {
        self.item
            .get(item)
            .map_or(0, |&first| seed_length(first) / 2)
    }

    /// Adds shorter runs before, between and after the runs that were found.
    fn fill_gaps(&mut self) {
        self.runs.sort_by_key(|run| run.item);
        let runs = self.runs.clone();
        let ends = runs.iter().map(EqualRun::item_end);
        let starts = std::iter::once(0).chain(ends);
        for (i, start) in starts.enumerate() {
            let end = runs.get(i).map_or(self.item.len(), |run| run.item);
            if start >= end {
                continue;
            }
            let before = i.checked_sub(1).map(|before| runs[before]);
            let after = runs.get(i).copied();
            let taken = self.runs.len();
            for text in self.text_gaps(start..end, before, after) {
                self.fill_gap(start..end, text);
                if self.runs.len() > taken {
                    break;
                }
            }
        }
        self.runs.sort_by_key(|run| run.item);
    }

    /// The ranges of the text that may have the letters of a gap of the item. This is the range between the two runs around the gap
    /// if they are near each other; otherwise the ranges after the first run and before the second.
    fn text_gaps(
        &self,
        gap: Range<usize>,
        before: Option<EqualRun>,
        after: Option<EqualRun>,
    ) -> Vec<Range<usize>> {
        let room = gap.len() + gap.len() / 4 + MAX_GAP / 2;
        let behind_run =
            |run: EqualRun| run.text_end()..(run.text_end() + room).min(self.text.len());
        let before_run = |run: EqualRun| run.text.saturating_sub(room)..run.text;
        let between = before.zip(after).and_then(|(before, after)| {
            let letters = after.text.checked_sub(before.text_end())?;
            (letters <= room).then(|| before.text_end()..after.text)
        });
        match between {
            Some(between) => Vec::from([between]),
            None => {
                let behind = before.map(behind_run).into_iter();
                behind.chain(after.map(before_run)).collect()
            }
        }
    }

    /// Adds the longest run of a gap, then searches on both sides of it.
    fn fill_gap(&mut self, item: Range<usize>, text: Range<usize>) {
        if item.is_empty() || text.is_empty() || item.len() * text.len() > MAX_CELLS {
            return;
        }
        let Some(run) = self.longest_run(item.clone(), text.clone()) else {
            return;
        };
        let known = self.runs.len();
        self.take_free(run);
        if self.runs.len() == known {
            return;
        }
        self.fill_gap(item.start..run.item, text.start..run.text);
        self.fill_gap(run.item_end()..item.end, run.text_end()..text.end);
    }

    /// The longest run of two ranges, and the first one if several are equally long; `None` if it is so short that it may be chance.
    fn longest_run(&self, item: Range<usize>, text: Range<usize>) -> Option<EqualRun> {
        // For each letter of the text, the length of the run that ends there and at the current letter of the item.
        let mut lengths = vec![0_usize; text.len() + 1];
        let mut best: Option<EqualRun> = None;
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
                    best = Some(EqualRun {
                        item: at + 1 - length,
                        text: place + 1 - length,
                        length,
                    });
                }
            }
        }
        best.filter(|run| run.length >= self.min_run(run.item))
    }

    /// Start of each run in the item and in the text, and its length.
    #[cfg(test)]
    pub(super) fn runs(&self) -> Vec<(usize, usize, usize)> {
        let runs = self.runs.iter();
        runs.map(|run| (run.item, run.text, run.length)).collect()
    }

    /// Total weight of the letters of the item that are in the text.
    pub(super) fn weight(&self) -> f64 {
        let runs = self.runs.iter();
        let weights = runs.map(|run| self.weights[run.item..run.item_end()].iter().sum::<f64>());
        weights.sum()
    }

    /// Number of letters of the item that are in the text.
    pub(super) fn letters(&self) -> usize {
        self.runs.iter().map(|run| run.length).sum()
    }

    /// Does the text have the item with other numbers? This is so if at least half of its numbers are replaced and hardly anything
    /// else is. Where many words are misread too, the numbers may be misread as well.
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

    /// Joins runs to passages, if the gaps between them are short and the runs are in the same order on both sides.
    pub(super) fn passages(&self) -> Vec<ItemPassage> {
        let is_one_passage = |a: &EqualRun, b: &EqualRun| {
            let gap =
                |from: usize, to: usize| to.checked_sub(from).is_some_and(|gap| gap <= MAX_GAP);
            gap(a.item_end(), b.item) && gap(a.text_end(), b.text)
        };
        let chains = self.runs.chunk_by(is_one_passage);
        let passages = chains.map(|runs| ItemPassage {
            item: runs[0].item..runs[runs.len() - 1].item_end(),
            text: runs[0].text..runs[runs.len() - 1].text_end(),
            common: runs.iter().map(|run| run.length).sum(),
        });
        passages.collect()
    }
}
