//! What is remembered of each document while all are compared?

use xxhash_rust::xxh3::xxh3_128;

use crate::deduper::lists::List;
use crate::deduper::settings::{Config, Signer};
use crate::document::Documents;
use crate::kernels;
use crate::normalize::Shift;
use crate::shingle::{CodedLetters, Shingles};
use crate::signature::{Sample, SampledGrams, Seed, Seeds};
use crate::verify::quotes;

/// A document's digest, size and signature; of what is long, where it is.
#[derive(Clone, Debug, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(super) struct Sketch {
    /// The position in the input of the document that was signed.
    pub(super) signed: usize,
    /// Digest of the folded text; of the original where nothing is left of it, so that only exact equals meet.
    pub(super) digest: u128,
    /// A digest of the value that keeps it apart from other documents; 0 for none.
    pub(super) apart: u128,
    /// The folded text, which all later stages read. Not saved: folding again is no slower than reading it.
    #[cfg_attr(feature = "serde", serde(skip))]
    pub(super) folded: Stored,
    /// The phrases by which its length changed when it was folded.
    #[cfg_attr(feature = "serde", serde(skip))]
    pub(super) shifts: Box<[Shift]>,
    /// Characters of the folded text.
    pub(super) length: usize,
    /// The same without the spaces between words.
    pub(super) letters: usize,
    /// The weight of its units.
    pub(super) weight: usize,
    /// Shingles, repeats included.
    pub(super) shingles: usize,
    /// Bytes of the original.
    pub(super) bytes: usize,
    /// Has the original lines that are quoted, as in mail?
    pub(super) quotes: bool,
    /// MinHash slots; none where SimHash is in use.
    #[cfg_attr(feature = "serde", serde(skip))]
    pub(super) slots: List,
    /// Grams, first all, then those that few documents have; none where SimHash is in use.
    pub(super) sample: Sample,
    /// SimHash bits; 0 where MinHash is in use.
    pub(super) bits: u128,
    /// Its seeds by key; none where relations are not asked for. Once relations are looked for, those that others have.
    #[cfg_attr(feature = "serde", serde(skip))]
    pub(super) seeds: List,
    /// How many different seeds it had.
    pub(super) all_seeds: usize,
}

/// Where a folded text is.
#[derive(Clone, Debug)]
pub(super) enum Stored {
    Held(Box<str>),
    /// Where the documents keep it.
    Spilled {
        place: u64,
        bytes: usize,
    },
}

impl Default for Stored {
    fn default() -> Self {
        Self::Held(Box::default())
    }
}

impl Stored {
    /// Bytes that it takes when it is looked at, beside what the run holds.
    pub(super) fn fetched_bytes(&self) -> usize {
        match *self {
            Self::Held(_) => 0,
            Self::Spilled { bytes, .. } => bytes,
        }
    }

    /// Spills it to the documents if they can, or else holds it in memory.
    pub(super) fn of<D: Documents + ?Sized>(folded: &str, documents: &D) -> Self {
        let bytes = folded.len();
        match documents.spill(folded) {
            Some(place) => Self::Spilled { place, bytes },
            None => Self::Held(folded.into()),
        }
    }
}

/// What a worker reuses from document to document.
#[derive(Default)]
pub(super) struct Buffers {
    /// The folded form of the text that was sketched last.
    pub(super) folded: String,
    shingles: Shingles,
    letters: CodedLetters,
    kept: SampledGrams,
    seeds: Seeds,
    /// Its slots.
    pub(super) slots: Vec<u32>,
    /// Its seeds by key.
    pub(super) by_key: Vec<Seed>,
}

impl Buffers {
    /// The digest of the text that was folded last.
    pub(super) fn digest(&self, text: &str) -> u128 {
        digest(&self.folded, text)
    }
}

/// Of a folded text; of the original where nothing is left of it.
fn digest(folded: &str, text: &str) -> u128 {
    let key = if folded.is_empty() { text } else { folded };
    xxh3_128(key.as_bytes())
}

impl Config {
    /// Folds and cuts one text into the buffers; returns the phrases by which its length changed.
    fn shingle(&self, text: &str, buffers: &mut Buffers) -> Vec<Shift> {
        let shifts = self
            .normalizer
            .fold_noting_shifts(text, &mut buffers.folded);
        self.shingler
            .cut_into(&buffers.folded, &mut buffers.shingles);
        shifts
    }

    /// Folds, cuts and signs one text. Its folded form, slots and seeds are left in the buffers, for the caller to put somewhere.
    pub(super) fn sketch(&self, text: &str, buffers: &mut Buffers) -> Sketch {
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
        if self.relations {
            by_key.extend(seeds.of(shingles));
            by_key.sort_unstable();
            sketch.all_seeds = by_key.chunk_by(|a, b| a.key == b.key).count();
        }
        match &self.signer {
            Signer::MinHash { hasher, .. } => {
                slots.resize(hasher.slots(), 0);
                hasher.sign_into(&shingles.hashes, slots);
                letters.read(folded);
                sketch.sample = Sample::from_letters(letters, kept);
            }
            Signer::SimHash { hasher, .. } => sketch.bits = hasher.sign(&shingles.hashes).bits(),
        }
        sketch
    }
}
