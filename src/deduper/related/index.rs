//! Which texts have which seeds? One inverted index serves to find both passages and containment.

use crate::deduper::corpus::Corpus;
use crate::deduper::related::search::MAX_FORM_ITEM;
use crate::lsh::SeenTwice;
use crate::parallel::Pool;
use crate::signature::Seed;

/// Number of parts into which the keys are divided by their first bits. The parts are indexed one by one, and a worker holds the unsorted
/// entries of only one part.
const KEY_PARTS: usize = 64;

/// Number of values of the first two bytes of a key.
const BYTE_PAIRS: usize = 1 << 16;

/// A seed of a text. `seed` is its number among the seeds of the text, by key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Occurrence {
    pub(super) text: u32,
    pub(super) seed: u32,
}

/// Number of texts with a key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Frequency {
    pub(super) texts: u32,
    /// Number of [short](MAX_FORM_ITEM) texts among them.
    pub(super) short: u32,
}

/// The seeds that at least two texts have.
#[derive(Debug, Default)]
pub(super) struct SeedIndex {
    /// The texts of the index, ascending.
    indexed: Vec<u32>,
    /// Ascending.
    keys: Vec<u64>,
    frequencies: Vec<Frequency>,
    /// Where the occurrences of each key end. Those of the next key start there.
    ends: Vec<usize>,
    /// By key, then by text.
    occurrences: Vec<Occurrence>,
    /// Where the keys start that begin with each value of the first two bytes.
    starts: Vec<u32>,
}

impl SeedIndex {
    /// Indexes these texts, which must ascend. Cost: a sort of their seeds.
    pub(super) fn new(corpus: &Corpus<'_>, texts: &[u32], pool: &Pool) -> Self {
        let is_short = |text: u32| corpus.sketches[text as usize].weight() <= MAX_FORM_ITEM;
        let parts = pool.map(
            KEY_PARTS,
            || (),
            |(), part| Self::of_sorted(&entries(corpus, texts, part), is_short),
        );
        let mut index = Self {
            indexed: texts.to_vec(),
            ..Self::default()
        };
        for part in parts {
            let before = index.occurrences.len();
            index.keys.extend(part.keys);
            index.frequencies.extend(part.frequencies);
            index.ends.extend(part.ends.iter().map(|end| before + end));
            index.occurrences.extend(part.occurrences);
        }
        index.starts = starts(&index.keys);
        index
    }

    /// An index of frequencies only, which must be by ascending key. `indexed` are the counted texts that the corpus has.
    pub(super) fn of_frequencies(
        frequencies: impl Iterator<Item = (u64, Frequency)>,
        indexed: Vec<u32>,
    ) -> Self {
        let (keys, frequencies): (Vec<u64>, Vec<Frequency>) = frequencies.unzip();
        Self {
            indexed,
            starts: starts(&keys),
            ends: vec![0; keys.len()],
            keys,
            frequencies,
            occurrences: Vec::new(),
        }
    }

    /// An index of sorted entries, without keys that only one text has, and without `starts`.
    fn of_sorted(entries: &[(u64, Occurrence)], is_short: impl Fn(u32) -> bool) -> Self {
        let mut index = Self::default();
        for run in entries.chunk_by(|a, b| a.0 == b.0) {
            let mut frequency = Frequency::default();
            for of_text in run.chunk_by(|a, b| a.1.text == b.1.text) {
                frequency.texts += 1;
                frequency.short += u32::from(is_short(of_text[0].1.text));
            }
            if frequency.texts > 1 {
                index.keys.push(run[0].0);
                index.frequencies.push(frequency);
                let occurrences = run.iter().map(|&(_, occurrence)| occurrence);
                index.occurrences.extend(occurrences);
                index.ends.push(index.occurrences.len());
            }
        }
        index
    }

    /// Number of keys that at least two texts have.
    pub(super) fn len(&self) -> usize {
        self.keys.len()
    }

    /// The place of a key in the index, if at least two texts have it.
    pub(super) fn find(&self, key: u64) -> Option<usize> {
        let first = (key >> 48) as usize;
        let (from, to) = (*self.starts.get(first)?, *self.starts.get(first + 1)?);
        let near = self.keys.get(from as usize..to as usize)?;
        Some(from as usize + near.binary_search(&key).ok()?)
    }

    /// The occurrences of the key at a place, by text.
    pub(super) fn occurrences(&self, place: usize) -> &[Occurrence] {
        let from = place.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.occurrences[from..self.ends[place]]
    }

    /// Number of different texts with the key at a place.
    pub(super) fn texts(&self, place: usize) -> usize {
        self.frequencies[place].texts as usize
    }

    /// Number of short texts with the key at a place.
    pub(super) fn short_texts(&self, place: usize) -> usize {
        self.frequencies[place].short as usize
    }

    /// Is this text in the index?
    pub(super) fn has(&self, text: u32) -> bool {
        self.indexed.binary_search(&text).is_ok()
    }

    /// Number of different texts with a key. 1 if the index does not have it.
    pub(super) fn frequency(&self, key: u64) -> usize {
        self.find(key).map_or(1, |place| self.texts(place))
    }
}

/// The seeds with keys of one part, by key and text.
fn entries(corpus: &Corpus<'_>, texts: &[u32], part: usize) -> Vec<(u64, Occurrence)> {
    let part_of = |seed: &Seed| (seed.key >> (u64::BITS - KEY_PARTS.ilog2())) as usize;
    let mut entries = Vec::new();
    for &text in texts {
        let seeds = corpus.seeds(text);
        let from = seeds.partition_point(|seed| part_of(seed) < part);
        let of_part = (from as u32..).zip(&seeds[from..]);
        let of_part = of_part.take_while(|(_, seed)| part_of(seed) == part);
        entries.extend(of_part.map(|(seed, &Seed { key, .. })| (key, Occurrence { text, seed })));
    }
    entries.sort_unstable();
    entries
}

/// Where the keys start that begin with each value of the first two bytes, and where the last ones end.
fn starts(keys: &[u64]) -> Vec<u32> {
    let mut starts = vec![0; BYTE_PAIRS + 1];
    for &key in keys {
        starts[(key >> 48) as usize + 1] += 1;
    }
    for first in 0..BYTE_PAIRS {
        starts[first + 1] += starts[first];
    }
    starts
}

/// Removes seeds that no other text has.
pub(in crate::deduper) fn forget_single(corpus: &mut Corpus<'_>) {
    let texts = 0..corpus.sketches.len() as u32;
    let keys = texts.flat_map(|text| corpus.seeds(text));
    let lengths = corpus.sketches.iter().map(|sketch| sketch.seeds.len());
    let repeated = SeenTwice::new(keys.map(|seed| seed.key), lengths.sum());
    retain_seeds(corpus, |key| repeated.has(key));
}

/// Removes all seeds except those with these keys.
pub(in crate::deduper) fn retain_seeds(corpus: &mut Corpus<'_>, is_kept: impl Fn(u64) -> bool) {
    let lists = corpus.sketches.iter_mut().map(|sketch| &mut sketch.seeds);
    corpus.seeds.retain(lists, |seed| is_kept(seed.key));
}
