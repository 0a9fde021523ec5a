//! By which keys is a text found?

use crate::deduper::Deduper;
use crate::facts::Facts;
use crate::index::ledger::ring;
use crate::index::run::Entry;

/// The kind of a key. All keys of one kind are together in the order of keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum KeyKind {
    /// A band of the signature. Texts that are much alike share bands.
    Band,
    /// A sampled gram. It remains in common after noise and revision.
    Gram,
    /// A seed. Texts with a common passage share seeds.
    Seed,
}

/// Number of bits of a key without its kind. Keys of 32 bits take a third of the room of longer ones. In a million texts, one of a hundred
/// keys of bands and seeds is shared with an unrelated text by chance; the facts then rule that text out.
const BITS: u32 = u32::BITS;

impl KeyKind {
    fn key(self, hash: u32) -> u64 {
        (self as u64) << BITS | u64::from(hash)
    }

    /// The kind of a key.
    pub(super) fn of(key: u64) -> Self {
        match key >> BITS {
            0 => Self::Band,
            1 => Self::Gram,
            _ => Self::Seed,
        }
    }
}

/// The keys of a text, ascending, each once.
pub(super) fn keys(deduper: &Deduper, facts: &Facts) -> Vec<u64> {
    if facts.length() == 0 {
        return Vec::new();
    }
    let bands = deduper.band_keys(facts).into_iter();
    let bands = bands.map(|hash| KeyKind::Band.key(high(hash)));
    let grams: &[u32] = match deduper.looks_for_reprints() {
        true => facts.sample().keys(),
        false => &[],
    };
    let grams = grams.iter().map(|&hash| KeyKind::Gram.key(hash));
    let seeds = facts.seeds().iter();
    let seeds = seeds.map(|seed| seed_key(seed.key));
    let mut keys: Vec<u64> = bands.chain(grams).chain(seeds).collect();
    keys.sort_unstable();
    keys.dedup();
    keys
}

fn high(hash: u64) -> u32 {
    (hash >> BITS) as u32
}

/// The key of a seed.
pub(super) fn seed_key(seed: u64) -> u64 {
    KeyKind::Seed.key(high(seed))
}

/// The entries of a text.
pub(super) fn entries(deduper: &Deduper, facts: &Facts, text: u32) -> impl Iterator<Item = Entry> {
    let digest = facts.digest();
    let keys = keys(deduper, facts).into_iter();
    keys.map(move |key| Entry {
        key,
        ring: ring(digest, key),
        text,
    })
}
