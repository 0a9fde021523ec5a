//! How common is each seed of the items?

use std::sync::atomic::{AtomicU32, Ordering};

use crate::items::index::ItemIndex;
use crate::items::seeds::for_each_seed;
use crate::shingle::{letters_into, sort_spread};

/// The distinct keys of all seeds of the items; each is known by its place among them.
#[derive(Debug)]
pub(super) struct Keys {
    keys: Vec<u64>,
    /// Where the keys of each bucket start, by their first bits; and where the last ends.
    starts: Vec<u32>,
    shift: u32,
}

impl Keys {
    fn new(all: &[u64]) -> Self {
        let mut keys = sort_spread(all);
        keys.dedup();
        let bits = keys.len().max(2).next_power_of_two().trailing_zeros();
        let shift = u64::BITS - bits;
        let mut starts = vec![0_u32; (1 << bits) + 1];
        for &key in &keys {
            starts[(key >> shift) as usize + 1] += 1;
        }
        for bucket in 1..starts.len() {
            starts[bucket] += starts[bucket - 1];
        }
        Self {
            keys,
            starts,
            shift,
        }
    }

    pub(super) fn len(&self) -> usize {
        self.keys.len()
    }

    /// The place of a key among all; none where no item has it.
    #[inline]
    pub(super) fn get(&self, key: u64) -> Option<u32> {
        let bucket = (key >> self.shift) as usize;
        let (from, to) = (self.starts[bucket], self.starts[bucket + 1]);
        let found = self.keys[from as usize..to as usize].iter().position(|&known| known == key)?;
        Some(from + found as u32)
    }
}

/// Items, and how many of them and of other texts have each of their seeds. Texts are counted before items are looked for.
///
/// ```
/// use reprint::items::ItemCounts;
///
/// let counts = ItemCounts::new(&["one question of ten words or so for a test".to_owned()]);
/// counts.count("nothing of the kind");
/// assert!(counts.build().find("nothing of the kind").is_empty());
/// ```
#[derive(Debug)]
pub struct ItemCounts {
    pub(super) letters: Vec<char>,
    /// Where the letters of each item end.
    pub(super) ends: Vec<usize>,
    pub(super) keys: Keys,
    /// Items, and texts of their own collection, that have each seed.
    pub(super) beside: Vec<AtomicU32>,
    /// Texts that have each seed.
    pub(super) texts: Vec<AtomicU32>,
}

impl ItemCounts {
    /// Takes the folded items. Each counts as one work: give equal items once.
    pub fn new<S: AsRef<str>>(items: &[S]) -> Self {
        let (mut letters, mut ends) = (Vec::new(), Vec::with_capacity(items.len()));
        let (mut all, mut sums, mut of_item) = (Vec::new(), Vec::new(), Vec::new());
        for item in items {
            letters_into(item.as_ref(), &mut of_item);
            for_each_seed(&of_item, &mut sums, |_, key| all.push(key));
            letters.extend_from_slice(&of_item);
            ends.push(letters.len());
        }
        let keys = Keys::new(&all);
        let zeros = || (0..keys.len()).map(|_| AtomicU32::new(0)).collect();
        let counts = Self {
            beside: zeros(),
            texts: zeros(),
            letters,
            ends,
            keys,
        };
        let mut places = Vec::new();
        for item in 0..counts.ends.len() {
            counts.places(counts.item(item), &mut sums, &mut places);
            add(&counts.beside, &places);
        }
        counts
    }

    /// How many items there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Are there none?
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Counts a folded text in which items are looked for. Each text is counted once, whichever thread does so.
    pub fn count(&self, text: &str) {
        self.count_in(&self.texts, text);
    }

    /// Counts a folded text of the items' own collection that is no item.
    pub fn count_beside(&self, text: &str) {
        self.count_in(&self.beside, text);
    }

    /// The index, by the texts that were counted so far.
    pub fn build(self) -> ItemIndex {
        ItemIndex::new(self)
    }

    fn count_in(&self, counts: &[AtomicU32], text: &str) {
        let (mut letters, mut places) = (Vec::new(), Vec::new());
        letters_into(text, &mut letters);
        self.places(&letters, &mut Vec::new(), &mut places);
        add(counts, &places);
    }

    /// The letters of an item.
    pub(super) fn item(&self, item: usize) -> &[char] {
        let start = item.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.letters[start..self.ends[item]]
    }

    /// The places among all keys of the seeds that these letters have, each once, ascending.
    fn places(&self, letters: &[char], sums: &mut Vec<u64>, places: &mut Vec<u32>) {
        places.clear();
        for_each_seed(letters, sums, |_, key| places.extend(self.keys.get(key)));
        places.sort_unstable();
        places.dedup();
    }
}

fn add(counts: &[AtomicU32], places: &[u32]) {
    for &place in places {
        counts[place as usize].fetch_add(1, Ordering::Relaxed);
    }
}
