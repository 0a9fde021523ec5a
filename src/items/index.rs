//! Which items stand in this text?

use std::ops::Range;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::items::MIN_ITEM_SHARE;
use crate::items::counts::{ItemCounts, TextSeeds};
use crate::items::extend::{Extension, Meeting};
use crate::items::seeds::seed_length;
use crate::shingle::letters_into;

/// Seeds by which an item is looked for: the rarest of each stretch. So many stretches at least, or else every seed, so that
/// light edits leave some.
const MIN_STRETCHES: usize = 64;

/// Letters of the longest stretch. Between two replaced words stand 25 letters on average, of which 17 must be whole for a stretch
/// of this length to keep its seed.
const MAX_STRETCH: usize = 8;

/// Items that are found by one seed. More have it in common only where it is part of a template; of those, the ones that have
/// least else.
const MAX_ITEMS_OF_SEED: usize = 256;

/// What common texts leave of a weight at least. So a text needs six sevenths of an item of which four or more others have as
/// much, and [`MIN_ITEM_SHARE`] of one that nobody else has.
pub(crate) const MIN_TEXT_WEIGHT: f64 = 0.25;

/// Share of an item's seeds, by what they weigh, from which a text is compared with it. Of seeds of eight letters, one word in six
/// leaves three in five.
const MIN_SEED_SHARE: f64 = 0.1;

/// Items, ready to be looked for in texts.
#[derive(Debug)]
pub struct ItemIndex {
    counts: ItemCounts,
    /// Where the postings of each key start, and where the last ones end.
    starts: Vec<u32>,
    postings: Vec<Posting>,
    /// What each key weighs before a text is looked at.
    weights: Vec<f32>,
    /// What the seeds of each item by which it is looked for weigh together.
    totals: Vec<f64>,
}

/// For each item, what the seeds weigh that a text has of it: a buffer to use again from text to text.
#[derive(Debug, Default)]
pub(crate) struct ItemSums {
    sums: Vec<f64>,
    /// The items of which a text has something, in the order in which they were met.
    met: Vec<u32>,
}

impl ItemSums {
    fn add(&mut self, item: u32, weight: f64) {
        let sum = &mut self.sums[item as usize];
        if *sum == 0.0 {
            self.met.push(item);
        }
        *sum += weight;
    }

    fn clear(&mut self, items: usize) {
        for item in self.met.drain(..) {
            self.sums[item as usize] = 0.0;
        }
        self.sums.resize(items, 0.0);
    }
}

/// A seed of an item.
#[derive(Clone, Copy, Debug, Default)]
struct Posting {
    item: u32,
    at: u32,
}

/// An item that stands in a text.
#[derive(Clone, Debug, PartialEq)]
pub struct FoundItem {
    /// Which item, from 0.
    pub item: usize,
    /// Share of the item that stands in the text, by what its letters weigh: rare ones more than common ones. From
    /// [`MIN_ITEM_SHARE`] to 1.
    pub share: f64,
    /// Share of its letters that stand there.
    pub letters: f64,
    /// What stands there, by the place in the item.
    pub passages: Vec<ItemPassage>,
}

/// A stretch of an item that stands in a text, perhaps with a few letters between that do not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemPassage {
    /// Letters of the item, spaces not counted.
    pub item: Range<usize>,
    /// Letters of the text, spaces not counted.
    pub text: Range<usize>,
    /// Letters that are equal.
    pub common: usize,
}

/// Where ranges of the letters of a folded text stand in its bytes. Cost: one look at each character.
///
/// ```
/// let letters = [1..3];
/// assert_eq!(reprint::items::letter_bytes("a b c", &letters), [2..5]);
/// ```
pub fn letter_bytes(folded: &str, letters: &[Range<usize>]) -> Vec<Range<usize>> {
    let places = folded.char_indices().filter(|&(_, c)| c != ' ');
    let places: Vec<(usize, char)> = places.collect();
    let bytes = letters.iter().map(|range| {
        let start = places.get(range.start).map_or(folded.len(), |&(at, _)| at);
        let last = range.end.checked_sub(1).and_then(|last| places.get(last));
        let end = last.map_or(start, |&(at, c)| at + c.len_utf8());
        start..end.max(start)
    });
    bytes.collect()
}

/// A seed that a text and an item have in common.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Hit {
    pub(super) item: u32,
    pub(super) text: u32,
    pub(super) at: u32,
    /// What the seed weighs, for the text that has it.
    pub(super) weight: f32,
}

impl ItemIndex {
    pub(super) fn new(counts: ItemCounts) -> Self {
        let keys = counts.keys.len();
        let mut index = Self {
            starts: vec![0; keys + 1],
            postings: Vec::new(),
            weights: (0..keys as u32).map(|key| counts.weight(key)).collect(),
            totals: Vec::with_capacity(counts.len()),
            counts,
        };
        let mut chosen: Vec<(u32, Posting)> = Vec::new();
        for item in 0..index.counts.len() {
            let first = chosen.len();
            index.choose(item, &mut chosen);
            let total = chosen[first..]
                .iter()
                .map(|&(key, _)| f64::from(index.weights[key as usize]));
            index.totals.push(total.sum());
        }
        index.fill(chosen);
        index
    }

    /// The rarest seed of each stretch of an item, the first of equally rare ones.
    fn choose(&self, item: usize, chosen: &mut Vec<(u32, Posting)>) {
        let stretch = (self.letters(item) / MIN_STRETCHES).clamp(1, MAX_STRETCH);
        let seeds: Vec<(usize, u32)> = self.counts.seeds_of(item).collect();
        let frequency = |key: u32| load(&self.counts.beside, key) + load(&self.counts.texts, key);
        for of_stretch in seeds.chunk_by(|a, b| a.0 / stretch == b.0 / stretch) {
            let rarest = of_stretch.iter().min_by_key(|&&(_, key)| frequency(key));
            chosen.extend(rarest.map(|&(at, key)| {
                let posting = Posting {
                    item: item as u32,
                    at: at as u32,
                };
                (key, posting)
            }));
        }
    }

    /// Takes the seeds of all items, those of each item together.
    fn fill(&mut self, mut chosen: Vec<(u32, Posting)>) {
        chosen.sort_by_key(|&(key, posting)| (key, posting.item, posting.at));
        for of_key in chosen.chunk_by_mut(|a, b| a.0 == b.0) {
            let totals = &self.totals;
            if of_key.len() > MAX_ITEMS_OF_SEED {
                let total = |posting: &Posting| totals[posting.item as usize];
                of_key.sort_by(|(_, a), (_, b)| {
                    let order = total(a).total_cmp(&total(b));
                    order.then((a.item, a.at).cmp(&(b.item, b.at)))
                });
            }
            let kept = of_key.iter().take(MAX_ITEMS_OF_SEED);
            self.starts[of_key[0].0 as usize + 1] = of_key.len().min(MAX_ITEMS_OF_SEED) as u32;
            self.postings.extend(kept.map(|&(_, posting)| posting));
        }
        for key in 1..self.starts.len() {
            self.starts[key] += self.starts[key - 1];
        }
    }

    /// How many items there are.
    pub fn len(&self) -> usize {
        self.counts.len()
    }

    /// Are there none?
    pub fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }

    /// The letters of an item, spaces not counted.
    pub fn letters(&self, item: usize) -> usize {
        self.counts.item(item).len()
    }

    /// The items that stand in a folded text, of which `seeds` are those that were [counted](ItemCounts::count); ascending.
    pub fn find(&self, text: &str, seeds: &TextSeeds) -> Vec<FoundItem> {
        let hits = self.hits(seeds, &mut ItemSums::default());
        self.find_at(text, seeds, &hits)
    }

    /// The seeds of a text that was counted, once more.
    pub(crate) fn seeds(&self, text: &str) -> TextSeeds {
        self.counts.seeds(text)
    }

    /// As [`find`](Self::find), with the [hits](Self::hits) of the text.
    pub(crate) fn find_at(&self, text: &str, seeds: &TextSeeds, hits: &[Hit]) -> Vec<FoundItem> {
        let of_items = hits.chunk_by(|a, b| a.item == b.item);
        let windows = of_items.filter_map(|hits| self.window(hits));
        let windows: Vec<&[Hit]> = windows.collect();
        if windows.is_empty() {
            return Vec::new();
        }
        let mut letters = Vec::new();
        letters_into(text, &mut letters);
        let keys = seeds.keys();
        let found = windows.into_iter();
        found
            .filter_map(|hits| self.compare(&letters, hits, &keys))
            .collect()
    }

    fn postings(&self, key: u32) -> &[Posting] {
        let [from, to] = [key, key + 1].map(|key| self.starts[key as usize] as usize);
        &self.postings[from..to]
    }

    /// Of the seeds of an item, what a text must have at least for the two to be compared.
    fn least(&self, item: u32) -> f64 {
        MIN_SEED_SHARE * self.totals[item as usize]
    }

    /// Where the seeds of a text meet items of which it has enough, by item. Most texts have some seeds of many items and enough of
    /// none, which their sums tell without a sort.
    pub(crate) fn hits(&self, seeds: &TextSeeds, sums: &mut ItemSums) -> Vec<Hit> {
        sums.clear(self.len());
        for &(_, key) in &seeds.0 {
            let weight = f64::from(self.weights[key as usize]);
            for posting in self.postings(key) {
                sums.add(posting.item, weight);
            }
        }
        let has_enough = |item: u32| sums.sums[item as usize] >= self.least(item);
        if !sums.met.iter().any(|&item| has_enough(item)) {
            return Vec::new();
        }
        let mut hits = Vec::new();
        for &(at, key) in &seeds.0 {
            let postings = self.postings(key).iter();
            let postings = postings.filter(|posting| has_enough(posting.item));
            hits.extend(postings.map(|posting| Hit {
                item: posting.item,
                text: at,
                at: posting.at,
                weight: self.weights[key as usize],
            }));
        }
        hits.sort_unstable_by_key(|hit| (hit.item, hit.text, hit.at));
        hits
    }

    /// Of the hits of one item, those in the window that has most of it, if that is enough to compare the two.
    fn window<'h>(&self, hits: &'h [Hit]) -> Option<&'h [Hit]> {
        let item = hits[0].item;
        let (window, met) = best_window(hits, window_length(self.letters(item as usize)));
        (met >= self.least(item)).then(|| &hits[window])
    }

    /// Does the item of these hits stand in the text? `keys` are those of the text, ascending.
    fn compare(&self, text: &[char], hits: &[Hit], keys: &[u32]) -> Option<FoundItem> {
        let number = hits[0].item as usize;
        let item = self.counts.item(number);
        let weight = self.seed_weights(number, keys);
        let meetings = hits.iter().map(|hit| Meeting {
            item: hit.at as usize,
            text: hit.text as usize,
        });
        let letter_weights = letter_weights(item, &weight);
        let mut extension = Extension::new(item, text, &letter_weights);
        extension.extend(meetings);
        let all: f64 = letter_weights.iter().sum();
        let share = extension.weight() / all;
        let letters = extension.letters() as f64 / item.len() as f64;
        let is_inside = share >= MIN_ITEM_SHARE && letters >= MIN_ITEM_SHARE;
        (is_inside && !extension.has_other_numbers()).then(|| FoundItem {
            item: number,
            share,
            letters,
            passages: extension.passages(),
        })
    }

    /// What each seed of an item weighs, by the letter that it starts with, for a text of these keys: by how many other items and
    /// texts have it. Letters that start none weigh as the last seed.
    fn seed_weights(&self, item: usize, keys: &[u32]) -> Vec<f64> {
        let mut weights = vec![f64::NAN; self.letters(item)];
        for (at, key) in self.counts.seeds_of(item) {
            let here = u64::from(keys.binary_search(&key).is_ok());
            let others = load(&self.counts.beside, key).saturating_sub(1);
            weights[at] = weight(others, load(&self.counts.texts, key).saturating_sub(here));
        }
        let mut last = 1.0;
        for weight in &mut weights {
            if weight.is_nan() {
                *weight = last;
            }
            last = *weight;
        }
        weights
    }
}

impl ItemCounts {
    /// What a seed weighs before a text is looked at.
    fn weight(&self, key: u32) -> f32 {
        let others = load(&self.beside, key).saturating_sub(1);
        weight(others, load(&self.texts, key).saturating_sub(1)) as f32
    }
}

fn load(counts: &[AtomicU32], key: u32) -> u64 {
    u64::from(counts[key as usize].load(Ordering::Relaxed))
}

/// What a seed weighs that so many other items and texts have.
fn weight(other_items: u64, other_texts: u64) -> f64 {
    let share = |others: u64| 1.0 / (1 + others) as f64;
    share(other_items) * share(other_texts).max(MIN_TEXT_WEIGHT)
}

/// What each letter of an item weighs: as the seed in the middle of which it stands.
fn letter_weights(item: &[char], seeds: &[f64]) -> Vec<f64> {
    let weights = item.iter().enumerate().map(|(at, &letter)| {
        let seed = at.saturating_sub(seed_length(letter) / 2);
        seeds[seed]
    });
    weights.collect()
}

/// Letters of a text in which an item may stand: half as many again as it has, and a short phrase between its parts.
fn window_length(letters: usize) -> usize {
    letters + letters / 2 + 4 * SHORT_PHRASE
}

/// Letters of a short phrase.
const SHORT_PHRASE: usize = 8;

/// The hits, by their place in the text, that stand within so many letters and weigh most together, each seed of the item once; and
/// what they weigh. Of equally heavy windows the first.
pub(super) fn best_window(hits: &[Hit], length: usize) -> (Range<usize>, f64) {
    let seeds = hits.iter().map(|hit| hit.at).max().unwrap_or(0);
    let mut seen = vec![0_u32; seeds as usize + 1];
    let (mut from, mut sum) = (0, 0.0);
    let mut best = (0..0, 0.0);
    for (to, hit) in hits.iter().enumerate() {
        let times = &mut seen[hit.at as usize];
        if *times == 0 {
            sum += f64::from(hit.weight);
        }
        *times += 1;
        while (hit.text - hits[from].text) as usize > length {
            let times = &mut seen[hits[from].at as usize];
            *times -= 1;
            if *times == 0 {
                sum -= f64::from(hits[from].weight);
            }
            from += 1;
        }
        if sum > best.1 {
            best = (from..to + 1, sum);
        }
    }
    best
}
