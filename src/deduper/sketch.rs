//! What is remembered of each document while all are compared?

use xxhash_rust::xxh3::xxh3_128;

use crate::deduper::settings::{Settled, Signer};

/// A document's digest, size and signature.
pub(super) struct Sketch {
    /// Digest of the folded text; of the original where nothing is left of it, so that only exact equals meet.
    pub(super) digest: u128,
    /// Characters of the folded text.
    pub(super) length: usize,
    /// Bytes of the original.
    pub(super) bytes: usize,
    /// MinHash slots; none where SimHash is in use.
    pub(super) slots: Box<[u32]>,
    /// SimHash bits; 0 where MinHash is in use.
    pub(super) bits: u128,
}

/// What a worker reuses from document to document.
#[derive(Default)]
pub(super) struct Buffers {
    folded: String,
    pub(super) hashes: Vec<u64>,
}

impl Settled {
    /// Folds and cuts one text into the buffers.
    pub(super) fn shingle(&self, text: &str, buffers: &mut Buffers) {
        self.normalizer.fold_into(text, &mut buffers.folded);
        buffers.hashes.clear();
        self.shingler
            .hash_into(&buffers.folded, &mut buffers.hashes);
    }

    /// Folds, cuts and signs one text.
    pub(super) fn sketch(&self, text: &str, buffers: &mut Buffers) -> Sketch {
        self.shingle(text, buffers);
        let Buffers { folded, hashes } = buffers;
        let key = if folded.is_empty() {
            text
        } else {
            folded.as_str()
        };
        let mut sketch = Sketch {
            digest: xxh3_128(key.as_bytes()),
            length: folded.chars().count(),
            bytes: text.len(),
            slots: Box::default(),
            bits: 0,
        };
        match &self.signer {
            Signer::MinHash { hasher, .. } => {
                sketch.slots = vec![0; hasher.slots()].into();
                hasher.sign_into(hashes, &mut sketch.slots);
            }
            Signer::SimHash { hasher, .. } => sketch.bits = hasher.sign(hashes).bits(),
        }
        sketch
    }
}
