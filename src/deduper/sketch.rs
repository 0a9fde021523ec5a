//! What is remembered of each document while all are compared?

use xxhash_rust::xxh3::xxh3_128;

use crate::deduper::settings::{Settled, Signer};
use crate::kernels;
use crate::shingle::{CodedLetters, Shingles};
use crate::signature::{Kept, Sample, SeedKeys};

/// A document's digest, size and signature.
pub(super) struct Sketch {
    /// Digest of the folded text; of the original where nothing is left of it, so that only exact equals meet.
    pub(super) digest: u128,
    /// The folded text, which all later stages read.
    pub(super) folded: Box<str>,
    /// Characters of the folded text.
    pub(super) length: usize,
    /// The same without the spaces between words.
    pub(super) letters: usize,
    /// Shingles, repeats included.
    pub(super) shingles: usize,
    /// Bytes of the original.
    pub(super) bytes: usize,
    /// MinHash slots; none where SimHash is in use.
    pub(super) slots: Box<[u32]>,
    /// Grams, first all, then those that few documents have; none where SimHash is in use.
    pub(super) sample: Sample,
    /// SimHash bits; 0 where MinHash is in use.
    pub(super) bits: u128,
    /// The keys of its seeds; none where relations are not asked for.
    pub(super) seeds: Box<[u64]>,
}

/// What a worker reuses from document to document.
#[derive(Default)]
pub(super) struct Buffers {
    folded: String,
    shingles: Shingles,
    letters: CodedLetters,
    kept: Kept,
    seeds: SeedKeys,
}

impl Settled {
    /// Folds and cuts one text into the buffers.
    fn shingle(&self, text: &str, buffers: &mut Buffers) {
        self.normalizer.fold_into(text, &mut buffers.folded);
        self.shingler
            .cut_into(&buffers.folded, &mut buffers.shingles);
    }

    /// Folds, cuts and signs one text.
    pub(super) fn sketch(&self, text: &str, buffers: &mut Buffers) -> Sketch {
        self.shingle(text, buffers);
        let Buffers {
            folded,
            shingles,
            letters,
            kept,
            seeds,
        } = buffers;
        let key = if folded.is_empty() {
            text
        } else {
            folded.as_str()
        };
        let (length, spaces) = kernels::characters(folded.as_bytes());
        let mut sketch = Sketch {
            digest: xxh3_128(key.as_bytes()),
            folded: folded.as_str().into(),
            length,
            letters: length - spaces,
            shingles: shingles.hashes.len(),
            bytes: text.len(),
            slots: Box::default(),
            sample: Sample::default(),
            bits: 0,
            seeds: Box::default(),
        };
        if self.relations {
            sketch.seeds = seeds.of(shingles).into();
        }
        match &self.signer {
            Signer::MinHash { hasher, .. } => {
                sketch.slots = vec![0; hasher.slots()].into();
                hasher.sign_into(&shingles.hashes, &mut sketch.slots);
                letters.read(folded);
                sketch.sample = Sample::of_letters(letters, kept);
            }
            Signer::SimHash { hasher, .. } => sketch.bits = hasher.sign(&shingles.hashes).bits(),
        }
        sketch
    }
}
