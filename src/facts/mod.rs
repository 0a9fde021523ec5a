//! What is known of one text, whatever else there is?
//!
//! A [`Sketcher`] folds a text, cuts and signs it: that costs one pass over the text and depends on nothing else, so that it never
//! goes stale. [`Facts`] keep what it found out, with bytes of their own.

mod bytes;
mod sketch;

use crate::error::Error;
use crate::scheme::Scheme;
use crate::signature::Sample;
use crate::signature::Seed;

pub(crate) use bytes::Remembered;
pub(crate) use sketch::{Buffers, Hasher, Sketch, Sketcher};

/// What signing found out about one text: sizes, digest, signature, samples and seeds. About 1.7 kB for a text of a page.
///
/// It belongs to the settings of signing ([`scheme`](Self::scheme)) and to this version of the crate. Documents that
/// [have it](crate::Documents::facts) are folded, but not signed, in a run.
///
/// ```
/// let deduper = reprint::Deduper::default();
/// let facts = deduper.facts("One text.");
/// assert_eq!(facts.scheme(), deduper.settings().scheme);
/// assert_eq!(reprint::Facts::from_bytes(&facts.to_bytes())?, facts);
/// # Ok::<(), reprint::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    scheme: Scheme,
    /// Were seeds looked for?
    has_seeds: bool,
    sketch: Sketch,
    slots: Vec<u32>,
    seeds: Vec<Seed>,
}

impl Facts {
    /// Signs one text.
    pub(crate) fn new(sketcher: &Sketcher<'_>, text: &str) -> Self {
        let mut buffers = Buffers::default();
        let mut sketch = sketcher.sketch(text, &mut buffers);
        // They belong to the way in which a run folds its texts.
        sketch.shifts = Box::default();
        Self {
            scheme: sketcher.scheme(),
            has_seeds: sketcher.seeds,
            sketch,
            slots: buffers.slots,
            seeds: buffers.by_key,
        }
    }

    /// What decided them; facts of another scheme are refused.
    pub fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// Digest and sizes of the text, and its sample.
    pub(crate) fn sketch(&self) -> &Sketch {
        &self.sketch
    }

    /// The signature.
    pub(crate) fn slots(&self) -> &[u32] {
        &self.slots
    }

    /// The seeds, by key.
    pub(crate) fn seeds(&self) -> &[Seed] {
        &self.seeds
    }

    /// Digest of the folded text; of the original where nothing is left of it. Texts of one digest and one length are equal to a run.
    ///
    /// ```
    /// let deduper = reprint::Deduper::default();
    /// assert_eq!(deduper.facts("One text.").digest(), deduper.facts("ONE TEXT!").digest());
    /// ```
    pub fn digest(&self) -> u128 {
        self.sketch.digest
    }

    /// Characters of the folded text; 0 where nothing is left of it.
    ///
    /// ```
    /// let deduper = reprint::Deduper::default();
    /// assert_eq!(["One text.", "?!"].map(|text| deduper.facts(text).length()), [8, 0]);
    /// ```
    pub fn length(&self) -> usize {
        self.sketch.length
    }

    pub(crate) fn sample(&self) -> &Sample {
        &self.sketch.sample
    }

    /// Bytes that they take in memory, about.
    #[cfg(feature = "index")]
    pub(crate) fn bytes(&self) -> usize {
        let lists = size_of_val(&*self.slots) + size_of_val(&*self.seeds);
        size_of::<Self>() + lists + self.sample().bytes()
    }

    /// The stored form, with a checksum; the form belongs to this version of the crate.
    pub fn to_bytes(&self) -> Vec<u8> {
        bytes::write(self)
    }

    /// Reads the stored form.
    ///
    /// # Errors
    ///
    /// Where the bytes are no facts, or were damaged.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        bytes::read(bytes)
    }
}

impl Sketcher<'_> {
    /// The sketch of a text, by facts where these are of that text.
    pub(crate) fn sketch_with(
        &self,
        facts: Option<&Facts>,
        text: &str,
        buffers: &mut Buffers,
    ) -> Sketch {
        let known = facts.filter(|facts| facts.has_seeds || !self.seeds);
        let known = known.and_then(|facts| self.known(facts, text, buffers));
        known.unwrap_or_else(|| self.sketch(text, buffers))
    }

    /// None where the facts are of another text.
    fn known(&self, facts: &Facts, text: &str, buffers: &mut Buffers) -> Option<Sketch> {
        let shifts = self
            .normalizer
            .fold_noting_shifts(text, &mut buffers.folded);
        let is_same =
            facts.sketch.bytes == text.len() && facts.sketch.digest == buffers.digest(text);
        is_same.then(|| {
            buffers.slots.clone_from(&facts.slots);
            buffers.by_key.clear();
            if self.seeds {
                buffers.by_key.extend_from_slice(&facts.seeds);
            }
            Sketch {
                shifts: shifts.into(),
                ..facts.sketch.clone()
            }
        })
    }
}
