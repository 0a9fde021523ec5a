//! What does a run hold of each text while all are compared? A few numbers: 80 bytes, so that ten million texts fit into memory.

use crate::facts;
use crate::tables::{List, Place};

/// The digest and sizes of a text, and where its long data is kept.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sketch {
    /// Digest of the folded text. If nothing is left after folding, digest of the original, so that only exact equals have the same.
    pub(super) digest: u128,
    /// The folded text, which all later stages read.
    pub(super) folded: Place,
    /// Its signature, sample and phrases.
    pub(super) remembered: Place,
    /// Its seeds by key. Empty if relations are not looked for. Once the search for relations starts, only seeds that other texts have too.
    pub(super) seeds: List,
    /// The position in the input of the document that was signed.
    signed: u32,
    length: u32,
    letters: u32,
    weight: u32,
    shingles: u32,
    all_seeds: u32,
    /// Does the original have lines that are quoted, as in mail?
    pub(super) quotes: bool,
}

impl Sketch {
    /// Takes the result of signing the document at position `signed` in the input.
    pub(super) fn new(
        signed: usize,
        sketch: &facts::Sketch,
        folded: Place,
        (remembered, seeds): (Place, List),
    ) -> Self {
        // Texts of 4 GB are not read, so any larger size counts as the largest number.
        let narrow = |size: usize| u32::try_from(size).unwrap_or(u32::MAX);
        Self {
            digest: sketch.digest,
            folded,
            remembered,
            seeds,
            signed: narrow(signed),
            length: narrow(sketch.length),
            letters: narrow(sketch.letters),
            weight: narrow(sketch.weight),
            shingles: narrow(sketch.shingles),
            all_seeds: narrow(sketch.all_seeds),
            quotes: sketch.quotes,
        }
    }

    /// The numbers that a saved run needs. The data that is kept elsewhere is saved with them.
    pub(super) fn saved(&self) -> SavedSizes {
        SavedSizes {
            digest: self.digest,
            length: self.length,
            letters: self.letters,
            weight: self.weight,
            shingles: self.shingles,
            all_seeds: self.all_seeds,
            quotes: self.quotes,
        }
    }

    /// The sketch of the same text in a document at another position.
    pub(super) fn at(self, position: usize) -> Self {
        Self {
            signed: u32::try_from(position).unwrap_or(u32::MAX),
            ..self
        }
    }

    /// The position in the input of the document that was signed.
    pub(super) fn signed(&self) -> usize {
        self.signed as usize
    }

    /// Characters of the folded text.
    pub(super) fn length(&self) -> usize {
        self.length as usize
    }

    /// Characters of the folded text without the spaces between words.
    pub(super) fn letters(&self) -> usize {
        self.letters as usize
    }

    /// The weight of its units.
    pub(super) fn weight(&self) -> usize {
        self.weight as usize
    }

    /// Shingles, repeats included.
    pub(super) fn shingles(&self) -> usize {
        self.shingles as usize
    }

    /// Number of different seeds that it had when it was signed.
    pub(super) fn all_seeds(&self) -> usize {
        self.all_seeds as usize
    }
}

/// Digest and sizes of a text, as they are saved.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(super) struct SavedSizes {
    digest: u128,
    length: u32,
    letters: u32,
    weight: u32,
    shingles: u32,
    all_seeds: u32,
    quotes: bool,
}

impl SavedSizes {
    pub(super) fn sketch(self) -> facts::Sketch {
        facts::Sketch {
            digest: self.digest,
            length: self.length as usize,
            letters: self.letters as usize,
            weight: self.weight as usize,
            shingles: self.shingles as usize,
            all_seeds: self.all_seeds as usize,
            quotes: self.quotes,
            ..facts::Sketch::default()
        }
    }
}
