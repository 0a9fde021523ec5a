//! What does a run hold of each text while all are compared? A few numbers: 80 bytes, so that ten million texts fit.

use crate::facts;
use crate::tables::{List, Place};

/// A text's digest and sizes; of what is long, where it is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sketch {
    /// Digest of the folded text; of the original where nothing is left of it, so that only exact equals meet.
    pub(super) digest: u128,
    /// The folded text, which all later stages read.
    pub(super) folded: Place,
    /// Its signature, sample and phrases.
    pub(super) remembered: Place,
    /// Its seeds by key; none where relations are not asked for. Once relations are looked for, those that others have.
    pub(super) seeds: List,
    /// The position in the input of the document that was signed.
    signed: u32,
    length: u32,
    letters: u32,
    weight: u32,
    shingles: u32,
    all_seeds: u32,
    /// Has the original lines that are quoted, as in mail?
    pub(super) quotes: bool,
}

impl Sketch {
    /// Of what was found out of the document at a position in the input.
    pub(super) fn new(
        signed: usize,
        sketch: &facts::Sketch,
        folded: Place,
        (remembered, seeds): (Place, List),
    ) -> Self {
        // Texts of 4 GB are not read; a size beyond that is as good as the largest.
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

    /// What a saved run needs of it: what lies elsewhere is saved with it.
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

    /// The same text in a document at another position.
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

    /// The same without the spaces between words.
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

    /// How many different seeds it had.
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
