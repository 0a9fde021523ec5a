//! How is a text folded, cut and signed in one pass?

use xxhash_rust::xxh3::xxh3_128;

use crate::kernels;
use crate::normalize::{Normalizer, Shift};
use crate::scheme::Scheme;
use crate::shingle::{CodedLetters, Shingler, Shingles};
use crate::signature::{MinHasher, Sample, SampledGrams, Seed, Seeds, SimHasher};
use crate::verify::quotes;

/// Digest, sizes and sample of a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sketch {
    /// Digest of the folded text. Where the folded text is empty, it is the digest of the original, so that only exactly equal texts share
    /// it.
    pub(crate) digest: u128,
    /// The phrases that changed the length of the text when it was folded.
    pub(crate) shifts: Box<[Shift]>,
    /// Number of characters of the folded text.
    pub(crate) length: usize,
    /// Number of characters without the spaces between words.
    pub(crate) letters: usize,
    /// Weight of all units.
    pub(crate) weight: usize,
    /// Number of shingles, repeats included.
    pub(crate) shingles: usize,
    /// Bytes of the original.
    pub(crate) bytes: usize,
    /// Does the original have quoted lines, as in mail?
    pub(crate) quotes: bool,
    /// The sampled grams; empty where SimHash is in use.
    pub(crate) sample: Sample,
    /// Number of distinct seeds.
    pub(crate) all_seeds: usize,
}

/// How signatures are made.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Hasher {
    MinHash(MinHasher),
    SimHash(SimHasher),
}

/// Settings for folding, cutting and signing texts.
#[derive(Clone, Debug)]
pub(crate) struct Sketcher<'s> {
    pub(crate) normalizer: Normalizer,
    pub(crate) shingler: &'s Shingler,
    pub(crate) hasher: Hasher,
    /// Are seeds looked for?
    pub(crate) seeds: bool,
}

/// Buffers that a worker uses again for each document.
#[derive(Default)]
pub(crate) struct Buffers {
    /// The folded form of the text that was sketched last.
    pub(crate) folded: String,
    shingles: Shingles,
    letters: CodedLetters,
    kept: SampledGrams,
    seeds: Seeds,
    /// The signature: MinHash slots, or the bits of a SimHash in four words, the lowest first.
    pub(crate) slots: Vec<u32>,
    /// The seeds, by key.
    pub(crate) by_key: Vec<Seed>,
}

impl Buffers {
    /// The digest of the text that was folded last.
    pub(crate) fn digest(&self, text: &str) -> u128 {
        digest(&self.folded, text)
    }
}

/// Digest of a folded text, or of the original where the folded text is empty.
fn digest(folded: &str, text: &str) -> u128 {
    let key = if folded.is_empty() { text } else { folded };
    xxh3_128(key.as_bytes())
}

impl Sketcher<'_> {
    /// The scheme of the signatures, which decides the facts of a text.
    pub(crate) fn scheme(&self) -> Scheme {
        match &self.hasher {
            Hasher::MinHash(hasher) => hasher.scheme(),
            Hasher::SimHash(hasher) => hasher.scheme(),
        }
    }

    /// Folds and cuts one text into the buffers. Returns the phrases that changed its length.
    fn shingle(&self, text: &str, buffers: &mut Buffers) -> Vec<Shift> {
        let shifts = self
            .normalizer
            .fold_noting_shifts(text, &mut buffers.folded);
        self.shingler
            .cut_into(&buffers.folded, &mut buffers.shingles);
        shifts
    }

    /// Folds, cuts and signs one text. The folded form, the signature and the seeds stay in the buffers, where the caller can take them.
    pub(crate) fn sketch(&self, text: &str, buffers: &mut Buffers) -> Sketch {
        let shifts = self.shingle(text, buffers);
        let Buffers {
            folded,
            shingles,
            letters,
            kept,
            seeds,
            slots,
            by_key,
        } = buffers;
        slots.clear();
        by_key.clear();
        let (length, spaces) = kernels::characters(folded.as_bytes());
        let mut sketch = Sketch {
            digest: digest(folded, text),
            shifts: shifts.into(),
            length,
            letters: length - spaces,
            weight: self.shingler.length(&shingles.kinds),
            shingles: shingles.hashes.len(),
            bytes: text.len(),
            quotes: quotes(text),
            ..Sketch::default()
        };
        if self.seeds {
            by_key.extend(seeds.of(shingles));
            by_key.sort_unstable();
            sketch.all_seeds = by_key.chunk_by(|a, b| a.key == b.key).count();
        }
        match &self.hasher {
            Hasher::MinHash(hasher) => {
                slots.resize(hasher.slots(), 0);
                hasher.sign_into(&shingles.hashes, slots);
                letters.read(folded);
                sketch.sample = Sample::from_letters(letters, kept);
            }
            Hasher::SimHash(hasher) => {
                let bits = hasher.sign(&shingles.hashes).bits();
                slots.extend([0, 32, 64, 96].map(|shift| (bits >> shift) as u32));
            }
        }
        sketch
    }
}
