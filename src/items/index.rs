//! Which items does a text contain?

use std::ops::Range;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::items::MIN_ITEM_SHARE;
use crate::items::counts::{ItemCounts, SeedBuffers, TextSeeds};
use crate::items::extend::{Extension, SharedSeed};
use crate::items::seeds::seed_length;
use crate::shingle::letters_into;

/// Minimum number of stretches of an item. Only the rarest seed of each stretch is indexed, so that long items don't fill the
/// index. With this many stretches, light edits leave some seeds whole. All seeds of shorter items are indexed.
const MIN_STRETCHES: usize = 64;

/// Maximum length of a stretch in letters. Where one word in six is replaced, there are 25 letters between two replaced words on
/// average, and a stretch of eight needs a run of 15 whole letters to keep its seed.
const MAX_STRETCH: usize = 8;

/// Maximum number of items that one seed leads to. A seed of more items is part of a template. It then leads to the items with the
/// lowest weight, as these have the fewest other seeds by which they can be found.
const MAX_ITEMS_OF_SEED: usize = 256;

/// Maximum number of places of one seed in an item that repeats itself, the first ones.
const MAX_PLACES_OF_SEED: usize = 256;

/// Minimum factor by which other texts with a seed reduce its weight. Without a limit, a passage that many texts have would weigh
/// nothing, and the rest of the item alone would decide.
pub(crate) const MIN_TEXT_WEIGHT: f64 = 0.25;

/// Minimum share of an item's seeds, by weight, that a text must have to be compared with the item. Where one word in six is
/// replaced, three in five seeds of eight letters are whole.
const MIN_SEED_SHARE: f64 = 0.1;

/// Items, ready to be found in texts.
#[derive(Debug)]
pub struct ItemIndex {
    counts: ItemCounts,
    /// Start of the postings of each key, and the end of the last ones.
    starts: Vec<u32>,
    postings: Vec<Posting>,
    /// Weight of each key.
    weights: Vec<f32>,
    /// For each item, the total weight of its indexed seeds.
    totals: Vec<f64>,
    /// Does an item have one of its indexed seeds in several places?
    repeats: Vec<bool>,
}

/// For each item, the weight of the seeds that a text shares with it. A buffer that is reused from text to text.
#[derive(Debug, Default)]
pub(crate) struct ItemSums {
    sums: Vec<f64>,
    /// The items with a sum above 0, in any order.
    touched: Vec<u32>,
}

impl ItemSums {
    fn add(&mut self, item: u32, weight: f64) {
        let sum = &mut self.sums[item as usize];
        if *sum == 0.0 {
            self.touched.push(item);
        }
        *sum += weight;
    }

    fn clear(&mut self, items: usize) {
        for item in self.touched.drain(..) {
            self.sums[item as usize] = 0.0;
        }
        self.sums.resize(items, 0.0);
    }
}

/// An indexed seed of an item: the letter of the item at which it first starts, and in how many places of the item it is. One posting
/// stands for all of them: a text that repeats the same letters would otherwise lead to each place from each of its own places.
#[derive(Clone, Copy, Debug, Default)]
struct Posting {
    item: u32,
    at: u32,
    places: u32,
}

/// A chosen seed of an item: its key, and the letter of the item at which it starts.
type Chosen = (u32, u32);

/// An item that was found in a text.
#[derive(Clone, Debug, PartialEq)]
pub struct FoundItem {
    /// The number of the item, from 0.
    pub item: usize,
    /// Share of the item that is in the text, with each letter weighted by how rare the seed around it is. From [`MIN_ITEM_SHARE`]
    /// to 1.
    pub share: f64,
    /// Share of its letters that are in the text. From [`MIN_ITEM_SHARE`] to 1.
    pub letters: f64,
    /// The common passages, in the order of the item.
    pub passages: Vec<ItemPassage>,
}

/// A passage that an item and a text have in common, apart from single letters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemPassage {
    /// Its letters in the item, spaces not counted.
    pub item: Range<usize>,
    /// Its letters in the text, spaces not counted.
    pub text: Range<usize>,
    /// Number of equal letters.
    pub common: usize,
}

/// Converts ranges of letters (spaces not counted) of a folded text to ranges of its bytes. Cost: one pass over the text.
///
/// ```
/// let letters = [1..3];
/// assert_eq!(reprint::items::letter_bytes("a b c", &letters), [2..5]);
/// ```
pub fn letter_bytes(folded: &str, letters: &[Range<usize>]) -> Vec<Range<usize>> {
    let mut places = Vec::with_capacity(folded.len());
    let letters_at = folded.char_indices().filter(|&(_, c)| c != ' ');
    places.extend(letters_at.map(|(at, _)| at));
    let start = |letter: usize| places.get(letter).copied().unwrap_or(folded.len());
    let end = |letter: usize| folded[..start(letter)].trim_end_matches(' ').len();
    let bytes = letters.iter().map(|range| {
        let from = start(range.start);
        from..end(range.end).max(from)
    });
    bytes.collect()
}

/// A seed that a text and an item have in common: the item, and the start of the seed in letters of the text and of the item. If the item
/// has the seed in several places, the first one stands for all.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Hit {
    pub(super) item: u32,
    pub(super) text: u32,
    pub(super) at: u32,
    /// Weight of the seed, for all its places together.
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
            repeats: Vec::with_capacity(counts.len()),
            counts,
        };
        index.count_postings();
        index.fill_postings();
        index.limit_postings();
        index
    }

    /// Chooses the rarest seed of each stretch of an item, and the first one if several are equally rare. They replace those in `chosen`.
    fn choose_seeds(&self, item: usize, chosen: &mut Vec<Chosen>) {
        let stretch = (self.letters(item) / MIN_STRETCHES).clamp(1, MAX_STRETCH);
        let seeds: Vec<(usize, u32)> = self.counts.seeds_of(item).collect();
        let frequency =
            |key: u32| load(&self.counts.item_counts, key) + load(&self.counts.text_counts, key);
        chosen.clear();
        for of_stretch in seeds.chunk_by(|a, b| a.0 / stretch == b.0 / stretch) {
            let rarest = of_stretch.iter().min_by_key(|&&(_, key)| frequency(key));
            chosen.extend(rarest.map(|&(at, key)| (key, at as u32)));
        }
    }

    /// Sums the weights of the chosen seeds of each item, and counts the items of each key. They are chosen again later, because a list of
    /// all of them would take more memory than the postings.
    fn count_postings(&mut self) {
        let mut chosen = Vec::new();
        for item in 0..self.len() {
            self.choose_seeds(item, &mut chosen);
            let weights = chosen.iter();
            let weights = weights.map(|&(key, _)| f64::from(self.weights[key as usize]));
            let total: f64 = weights.sum();
            self.totals.push(total);
            chosen.sort_unstable();
            let mut repeats = false;
            for same in chosen.chunk_by(|a, b| a.0 == b.0) {
                self.starts[same[0].0 as usize + 1] += 1;
                repeats |= same.len() > 1;
            }
            self.repeats.push(repeats);
        }
        for key in 1..self.starts.len() {
            self.starts[key] += self.starts[key - 1];
        }
    }

    /// Sorts the chosen seeds of all items into postings by key: a counting sort. The postings of a key are by item.
    fn fill_postings(&mut self) {
        let mut ends = self.starts.clone();
        let count = self.starts.last().map_or(0, |&all| all as usize);
        self.postings = vec![Posting::default(); count];
        let mut chosen = Vec::new();
        for item in 0..self.len() {
            self.choose_seeds(item, &mut chosen);
            chosen.sort_unstable();
            for same in chosen.chunk_by(|a, b| a.0 == b.0) {
                let (key, at) = same[0];
                let end = &mut ends[key as usize];
                self.postings[*end as usize] = Posting {
                    item: item as u32,
                    at,
                    places: same.len() as u32,
                };
                *end += 1;
            }
        }
    }

    /// Keeps at most [`MAX_ITEMS_OF_SEED`] postings of each key: those of the items with the lowest weight.
    fn limit_postings(&mut self) {
        let totals = &self.totals;
        let by_total = |a: &Posting, b: &Posting| {
            let [x, y] = [a, b].map(|posting| totals[posting.item as usize]);
            x.total_cmp(&y).then((a.item, a.at).cmp(&(b.item, b.at)))
        };
        let mut kept = 0;
        let mut start = 0;
        for end in &mut self.starts[1..] {
            let of_key = start..*end as usize;
            if of_key.len() > MAX_ITEMS_OF_SEED {
                self.postings[of_key.clone()].sort_by(by_total);
            }
            let count = of_key.len().min(MAX_ITEMS_OF_SEED);
            self.postings.copy_within(start..start + count, kept);
            start = of_key.end;
            kept += count;
            *end = kept as u32;
        }
        self.postings.truncate(kept);
    }

    /// Number of items.
    pub fn len(&self) -> usize {
        self.counts.len()
    }

    /// Are there no items?
    pub fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }

    /// Number of letters of an item, spaces not counted.
    pub fn letters(&self, item: usize) -> usize {
        self.counts.item(item).len()
    }

    /// The items that a folded text contains, ascending. `seeds` is the result of [`count`](ItemCounts::count) for the text.
    pub fn find(&self, text: &str, seeds: &TextSeeds) -> Vec<FoundItem> {
        let hits = self.hits(seeds, &mut ItemSums::default());
        self.find_at(text, seeds, &hits)
    }

    /// The seeds of a text that was already counted.
    pub(crate) fn seeds(&self, text: &str, buffers: &mut SeedBuffers) -> TextSeeds {
        self.counts.seeds(text, buffers)
    }

    /// As [`find`](Self::find), for known [hits](Self::hits) of the text.
    pub(crate) fn find_at(&self, text: &str, seeds: &TextSeeds, hits: &[Hit]) -> Vec<FoundItem> {
        let of_items = hits.chunk_by(|a, b| a.item == b.item);
        let windows = of_items.filter_map(|hits| self.heaviest_window(hits));
        let windows: Vec<&[Hit]> = windows.collect();
        if windows.is_empty() {
            return Vec::new();
        }
        let mut letters = Vec::with_capacity(text.len());
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

    /// Minimum weight of the seeds that a text must share with an item for the two to be compared.
    fn min_shared_weight(&self, item: u32) -> f64 {
        MIN_SEED_SHARE * self.totals[item as usize]
    }

    /// The seeds that a text shares with items, sorted by item; only items with enough shared seeds are included. Most texts share
    /// a few seeds with many items and enough seeds with no item. Sums for each item show that without sorting the hits.
    pub(crate) fn hits(&self, seeds: &TextSeeds, sums: &mut ItemSums) -> Vec<Hit> {
        sums.clear(self.len());
        for &(_, key) in &seeds.0 {
            let weight = f64::from(self.weights[key as usize]);
            for posting in self.postings(key) {
                sums.add(posting.item, f64::from(posting.places) * weight);
            }
        }
        let has_enough = |item: u32| sums.sums[item as usize] >= self.min_shared_weight(item);
        if !sums.touched.iter().any(|&item| has_enough(item)) {
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
                weight: posting.places as f32 * self.weights[key as usize],
            }));
        }
        hits.sort_unstable_by_key(|hit| (hit.item, hit.text, hit.at));
        hits
    }

    /// The hits of one item that are in the heaviest window of the text; `None` if their weight is too low to compare the two.
    fn heaviest_window<'h>(&self, hits: &'h [Hit]) -> Option<&'h [Hit]> {
        let item = hits[0].item;
        let (window, shared) = best_window(hits, window_length(self.letters(item as usize)));
        (shared >= self.min_shared_weight(item)).then(|| &hits[window])
    }

    /// Compares the item of these hits with the text; `None` if the item is not in it. `keys` are those of the text, ascending.
    fn compare(&self, text: &[char], hits: &[Hit], keys: &[u32]) -> Option<FoundItem> {
        let number = hits[0].item as usize;
        let item = self.counts.item(number);
        let weight = self.seed_weights(number, keys);
        let letter_weights = letter_weights(item, &weight);
        let mut extension = Extension::new(item, text, &letter_weights);
        let seed = |at: u32, hit: &Hit| SharedSeed {
            item: at as usize,
            text: hit.text as usize,
        };
        if self.repeats[number] {
            let places = self.places(number);
            let all = hits.iter().flat_map(|hit| {
                let places = self.places_of(hit, &places).iter();
                places.map(move |&(_, at)| seed(at, hit))
            });
            extension.extend(all);
        } else {
            extension.extend(hits.iter().map(|hit| seed(hit.at, hit)));
        }
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

    /// The chosen seeds of an item, by key and place.
    fn places(&self, item: usize) -> Vec<Chosen> {
        let mut places = Vec::new();
        self.choose_seeds(item, &mut places);
        places.sort_unstable();
        places
    }

    /// The places of the seed of a hit, among the [`places`](Self::places) of its item.
    fn places_of<'p>(&self, hit: &Hit, places: &'p [Chosen]) -> &'p [Chosen] {
        let key = self.counts.key_at(hit.item as usize, hit.at as usize);
        let from = places.partition_point(|&(other, _)| other < key);
        let count = places[from..].partition_point(|&(other, _)| other == key);
        &places[from..from + count.min(MAX_PLACES_OF_SEED)]
    }

    /// The letters of its item at which the seed of a hit starts.
    #[cfg(test)]
    pub(super) fn starts_of(&self, hit: &Hit) -> Vec<u32> {
        let places = self.places(hit.item as usize);
        let of_hit = self.places_of(hit, &places).iter();
        of_hit.map(|&(_, at)| at).collect()
    }

    /// The weight of the seed at each letter of an item. It depends on the number of other items and other texts that have the
    /// seed, without this item and the text with these keys. A letter at which no seed starts gets the weight of the seed before.
    fn seed_weights(&self, item: usize, keys: &[u32]) -> Vec<f64> {
        let mut weights = vec![f64::NAN; self.letters(item)];
        for (at, key) in self.counts.seeds_of(item) {
            let here = u64::from(keys.binary_search(&key).is_ok());
            let others = load(&self.counts.item_counts, key).saturating_sub(1);
            weights[at] = weight(
                others,
                load(&self.counts.text_counts, key).saturating_sub(here),
            );
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
    /// Weight of a seed for an item and a text that have it.
    fn weight(&self, key: u32) -> f32 {
        let others = load(&self.item_counts, key).saturating_sub(1);
        weight(others, load(&self.text_counts, key).saturating_sub(1)) as f32
    }
}

fn load(counts: &[AtomicU32], key: u32) -> u64 {
    u64::from(counts[key as usize].load(Ordering::Relaxed))
}

/// Weight of a seed, from the number of other items and texts that have it.
fn weight(other_items: u64, other_texts: u64) -> f64 {
    let share = |others: u64| 1.0 / (1 + others) as f64;
    share(other_items) * share(other_texts).max(MIN_TEXT_WEIGHT)
}

/// Weight of each letter of an item: the weight of the seed with this letter in its middle.
fn letter_weights(item: &[char], seeds: &[f64]) -> Vec<f64> {
    let weights = item.iter().enumerate().map(|(at, &letter)| {
        let seed = at.saturating_sub(seed_length(letter) / 2);
        seeds[seed]
    });
    weights.collect()
}

/// Number of letters that an inserted phrase may add to an item of any length.
const MAX_INSERTED: usize = 32;

/// Length in letters of the window of a text that must contain all seeds of an item: one and a half times the letters of
/// the item, and an inserted phrase.
fn window_length(letters: usize) -> usize {
    letters + letters / 2 + MAX_INSERTED
}

/// The heaviest window of these hits, as a range of hits, and its weight. The hits are sorted by position in the text; a window has
/// at most `length` letters. Each seed of the item counts once. Of equally heavy windows the first is taken.
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
