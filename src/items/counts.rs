//! How common is each seed of the items?

use std::ops::Range;
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
    /// A bit for each of eight times as many prefixes as there are keys. Most keys of a text are none of these, which a small
    /// table tells faster.
    bits: Vec<u64>,
    bits_shift: u32,
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

    /// May some item have a key? Of keys that none has, one in eight or fewer seem to be there.
    #[inline]
    fn may_have(&self, key: u64) -> bool {
        let at = (key >> self.bits_shift) as usize;
        self.bits[at / 64] >> (at % 64) & 1 == 1
    }

    /// The place of a key among all; none where no item has it.
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

/// Seeds that are looked up together.
const LIKELY: usize = 256;

/// The letters of a folded text, without the spaces.
fn letters_of(folded: &str) -> Vec<char> {
    let mut letters = vec!['\0'; folded.len()];
    let mut count = 0;
    for c in folded.chars() {
        letters[count] = c;
        count += usize::from(c != ' ');
    }
    letters.truncate(count);
    letters
}

/// The place of a letter that starts no seed.
const NO_SEED: u32 = u32::MAX;

/// Items, and how many of them and of other texts have each of their seeds. Texts are counted before items are looked for.
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
    /// Where the letters of each item end.
    pub(super) ends: Vec<usize>,
    /// For each letter, the place among all keys of the seed that it starts; [`NO_SEED`] where it starts none.
    places: Vec<u32>,
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
        let mut counts = Self {
            beside: zeros(),
            texts: zeros(),
            places: vec![NO_SEED; letters.len()],
            letters,
            ends,
            keys,
        };
        for item in 0..counts.ends.len() {
            counts.place_seeds(item, &mut sums);
        }
        counts
    }

    /// Notes the keys of an item's seeds, and counts each once.
    fn place_seeds(&mut self, item: usize, sums: &mut Vec<u64>) {
        let range = self.range(item);
        let places = &mut self.places[range.clone()];
        for_each_seed(&self.letters[range], sums, |at, key| {
            places[at] = self.keys.get(key).unwrap_or(NO_SEED);
        });
        let mut distinct: Vec<u32> = places.to_vec();
        distinct.sort_unstable();
        distinct.dedup();
        distinct.retain(|&place| place != NO_SEED);
        add(&self.beside, &distinct);
    }

    /// The seeds of an item: the letter that each starts with, and its key.
    pub(super) fn seeds_of(&self, item: usize) -> impl Iterator<Item = (usize, u32)> {
        let places = self.places[self.range(item)].iter().copied();
        places.enumerate().filter(|&(_, key)| key != NO_SEED)
    }

    fn range(&self, item: usize) -> Range<usize> {
        let start = item.checked_sub(1).map_or(0, |before| self.ends[before]);
        start..self.ends[item]
    }

    /// How many items there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Are there none?
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Counts a folded text in which items are looked for, and returns what it has in common with them, for
    /// [`find`](ItemIndex::find). Each text is counted once, whichever thread does so.
    pub fn count(&self, text: &str) -> TextSeeds {
        let seeds = self.seeds(text);
        add(&self.texts, &seeds.keys());
        seeds
    }

    /// Counts a folded text of the items' own collection that is no item.
    pub fn count_beside(&self, text: &str) {
        add(&self.beside, &self.seeds(text).keys());
    }

    /// The index, by the texts that were counted so far.
    pub fn build(self) -> ItemIndex {
        ItemIndex::new(self)
    }

    /// The seeds of a folded text that some item has.
    pub(super) fn seeds(&self, text: &str) -> TextSeeds {
        let letters = letters_of(text);
        let mut seeds = Vec::new();
        // No branch on what can't be foreseen, and then looks of which none waits for another: half the time of one loop.
        let mut likely = [(0_u32, 0_u64); LIKELY];
        let mut count = 0;
        let mut look = |likely: &[(u32, u64)]| {
            let found = likely.iter().map(|&(at, key)| (at, self.keys.get(key)));
            seeds.extend(found.filter_map(|(at, key)| Some((at, key?))));
        };
        for_each_seed(&letters, &mut Vec::new(), |at, key| {
            likely[count] = (at as u32, key);
            count += usize::from(self.keys.may_have(key));
            if count == LIKELY {
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

/// The seeds that a text has in common with some item.
///
/// ```
/// let counts = reprint::items::ItemCounts::new(&["one question of ten words or so for a test"]);
/// assert!(counts.count("nothing of the kind").is_empty());
/// assert!(!counts.count("another question of ten words").is_empty());
/// ```
#[derive(Clone, Debug, Default)]
pub struct TextSeeds(pub(super) Vec<(u32, u32)>);

impl TextSeeds {
    /// Are there none?
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Bytes that they take, about.
    pub(crate) fn bytes(&self) -> usize {
        size_of_val(self.0.as_slice())
    }

    /// The keys, each once, ascending.
    pub(super) fn keys(&self) -> Vec<u32> {
        let mut keys: Vec<u32> = self.0.iter().map(|&(_, key)| key).collect();
        keys.sort_unstable();
        keys.dedup();
        keys
    }
}

fn add(counts: &[AtomicU32], places: &[u32]) {
    for &place in places {
        counts[place as usize].fetch_add(1, Ordering::Relaxed);
    }
}
