//! How many items and texts have each seed of the items?

use std::ops::Range;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::items::index::ItemIndex;
use crate::items::seeds::for_each_seed;
use crate::shingle::{letters_into, sort_spread};

/// The distinct keys of all seeds of the items, ascending. Everywhere else, a key is represented by its position in this list.
#[derive(Debug)]
pub(super) struct KeyTable {
    keys: Vec<u64>,
    /// Start of each bucket of keys with equal first bits, and the end of the last bucket.
    starts: Vec<u32>,
    shift: u32,
    /// One bit for each prefix of a key, with eight times as many prefixes as keys. Most seeds of a text are in no item, and this
    /// table is small enough for the cache.
    bits: Vec<u64>,
    bits_shift: u32,
}

impl KeyTable {
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
        let bits_shift = shift.saturating_sub(3);
        let mut bits = vec![0_u64; 1 << (u64::BITS - bits_shift).saturating_sub(6)];
        for &key in &keys {
            let at = (key >> bits_shift) as usize;
            bits[at / 64] |= 1 << (at % 64);
        }
        Self {
            keys,
            starts,
            shift,
            bits,
            bits_shift,
        }
    }

    pub(super) fn len(&self) -> usize {
        self.keys.len()
    }

    /// May an item have this key? Of the keys that no item has, at most one in eight passes this test.
    #[inline]
    fn may_have(&self, key: u64) -> bool {
        let at = (key >> self.bits_shift) as usize;
        self.bits[at / 64] >> (at % 64) & 1 == 1
    }

    /// The position of a key in the list; `None` if no item has it.
    #[inline]
    pub(super) fn get(&self, key: u64) -> Option<u32> {
        let bucket = (key >> self.shift) as usize;
        let (from, to) = (self.starts[bucket], self.starts[bucket + 1]);
        let found = self.keys[from as usize..to as usize]
            .iter()
            .position(|&known| known == key)?;
        Some(from + found as u32)
    }
}

/// Number of seeds looked up in one batch.
const LOOKUP_BATCH: usize = 256;

/// Buffers to reuse from text to text.
#[derive(Debug, Default)]
pub(crate) struct SeedBuffers {
    letters: Vec<char>,
    sums: Vec<u64>,
}

/// The letters of a folded text, without the spaces. Unlike [`letters_into`] it has no branch, which is faster on long texts.
fn letters_of<'b>(folded: &str, buffer: &'b mut Vec<char>) -> &'b [char] {
    if buffer.len() < folded.len() {
        buffer.resize(folded.len(), '\0');
    }
    let mut count = 0;
    for c in folded.chars() {
        buffer[count] = c;
        count += usize::from(c != ' ');
    }
    &buffer[..count]
}

/// In place of a key, for a letter at which no seed starts.
const NO_SEED: u32 = u32::MAX;

/// The items, and how many items and texts have each of their seeds. All texts are counted before the search begins.
///
/// ```
/// use reprint::items::ItemCounts;
///
/// let counts = ItemCounts::new(&["one question of ten words or so for a test"]);
/// let seeds = counts.count("nothing of the kind");
/// assert!(counts.build().find("nothing of the kind", &seeds).is_empty());
/// ```
#[derive(Debug)]
pub struct ItemCounts {
    pub(super) letters: Vec<char>,
    /// End of the letters of each item.
    pub(super) ends: Vec<usize>,
    /// For each letter, the key of the seed that starts at it, or [`NO_SEED`].
    places: Vec<u32>,
    pub(super) keys: KeyTable,
    /// For each key, the number of items that have it, plus the number of other texts of the items' collection that have it.
    pub(super) item_counts: Vec<AtomicU32>,
    /// For each key, the number of texts that have it.
    pub(super) text_counts: Vec<AtomicU32>,
}

impl ItemCounts {
    /// Takes the folded items. Give each of several equal items only once, since seeds that two items share weigh less.
    pub fn new<S: AsRef<str>>(items: &[S]) -> Self {
        let (mut letters, mut ends) = (Vec::new(), Vec::with_capacity(items.len()));
        let (mut all, mut sums, mut of_item) = (Vec::new(), Vec::new(), Vec::new());
        let mut places = Vec::new();
        for item in items {
            letters_into(item.as_ref(), &mut of_item);
            let first = letters.len();
            letters.extend_from_slice(&of_item);
            places.resize(letters.len(), NO_SEED);
            for_each_seed(&of_item, &mut sums, |at, key| {
                places[first + at] = all.len() as u32;
                all.push(key);
            });
            ends.push(letters.len());
        }
        let keys = KeyTable::new(&all);
        // From the number of a seed to the position of its key in the list.
        for place in &mut places {
            let key = all.get(*place as usize).and_then(|&key| keys.get(key));
            *place = key.unwrap_or(NO_SEED);
        }
        let zeros = || (0..keys.len()).map(|_| AtomicU32::new(0)).collect();
        let mut counts = Self {
            item_counts: zeros(),
            text_counts: zeros(),
            places,
            letters,
            ends,
            keys,
        };
        counts.count_items();
        counts
    }

    /// Counts each key once for each item that has it.
    fn count_items(&mut self) {
        let mut last_items = vec![u32::MAX; self.keys.len()];
        for item in 0..self.len() {
            let range = self.range(item);
            let places = self.places[range].iter().map(|&place| place as usize);
            for place in places.filter(|&place| place != NO_SEED as usize) {
                if last_items[place] != item as u32 {
                    last_items[place] = item as u32;
                    *self.item_counts[place].get_mut() += 1;
                }
            }
        }
    }

    /// The seeds of an item: the letter at which each starts, and its key.
    pub(super) fn seeds_of(&self, item: usize) -> impl Iterator<Item = (usize, u32)> {
        let places = self.places[self.range(item)].iter().copied();
        places.enumerate().filter(|&(_, key)| key != NO_SEED)
    }

    /// The key of the seed that starts at a letter of an item.
    pub(super) fn key_at(&self, item: usize, at: usize) -> u32 {
        self.places[self.range(item)][at]
    }

    fn range(&self, item: usize) -> Range<usize> {
        let start = item.checked_sub(1).map_or(0, |before| self.ends[before]);
        start..self.ends[item]
    }

    /// Number of items.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Are there no items?
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Counts a folded text in which items are searched for, and returns the seeds that it shares with them, for
    /// [`find`](ItemIndex::find). Call it once for each text, from any thread.
    pub fn count(&self, text: &str) -> TextSeeds {
        self.count_in(text, &mut SeedBuffers::default())
    }

    /// As [`count`](Self::count), with buffers to reuse.
    pub(crate) fn count_in(&self, text: &str, buffers: &mut SeedBuffers) -> TextSeeds {
        let seeds = self.seeds(text, buffers);
        add(&self.text_counts, &seeds.keys());
        seeds
    }

    /// Counts a folded text that belongs to the items' own collection, but is not an item itself.
    pub fn count_with_items(&self, text: &str) {
        self.count_with_items_in(text, &mut SeedBuffers::default());
    }

    /// As [`count_with_items`](Self::count_with_items), with buffers to reuse.
    pub(crate) fn count_with_items_in(&self, text: &str, buffers: &mut SeedBuffers) {
        add(&self.item_counts, &self.seeds(text, buffers).keys());
    }

    /// Builds the index. The weights come from the texts counted so far.
    pub fn build(self) -> ItemIndex {
        ItemIndex::new(self)
    }

    /// The seeds of a folded text that occur in items.
    pub(super) fn seeds(&self, text: &str, buffers: &mut SeedBuffers) -> TextSeeds {
        let letters = letters_of(text, &mut buffers.letters);
        let mut seeds = Vec::new();
        // Two loops take half the time of one. The first has no unpredictable branch, and in the second no look-up waits for another one.
        let mut likely = [(0_u32, 0_u64); LOOKUP_BATCH];
        let mut count = 0;
        let mut look = |likely: &[(u32, u64)]| {
            let found = likely.iter().map(|&(at, key)| (at, self.keys.get(key)));
            seeds.extend(found.filter_map(|(at, key)| Some((at, key?))));
        };
        for_each_seed(letters, &mut buffers.sums, |at, key| {
            likely[count] = (at as u32, key);
            count += usize::from(self.keys.may_have(key));
            if count == LOOKUP_BATCH {
                look(&likely);
                count = 0;
            }
        });
        look(&likely[..count]);
        seeds.shrink_to_fit();
        TextSeeds(seeds)
    }

    /// The letters of an item.
    pub(super) fn item(&self, item: usize) -> &[char] {
        &self.letters[self.range(item)]
    }
}

/// The seeds that a text shares with items: the letter at which each starts, and its key.
///
/// ```
/// let counts = reprint::items::ItemCounts::new(&["one question of ten words or so for a test"]);
/// assert!(counts.count("nothing of the kind").is_empty());
/// assert!(!counts.count("another question of ten words").is_empty());
/// ```
#[derive(Clone, Debug, Default)]
pub struct TextSeeds(pub(super) Vec<(u32, u32)>);

impl TextSeeds {
    /// Does the text share no seed with the items?
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Size in bytes.
    pub(crate) fn bytes(&self) -> usize {
        size_of_val(self.0.as_slice())
    }

    /// The distinct keys, ascending.
    pub(super) fn keys(&self) -> Vec<u32> {
        let mut keys: Vec<u32> = self.0.iter().map(|&(_, key)| key).collect();
        keys.sort_unstable();
        keys.dedup();
        keys
    }
}

/// Adds one to the count of each of these keys.
fn add(counts: &[AtomicU32], keys: &[u32]) {
    for &key in keys {
        counts[key as usize].fetch_add(1, Ordering::Relaxed);
    }
}
