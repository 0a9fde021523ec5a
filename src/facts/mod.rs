//! What is known about one text, independent of all other texts?
//!
//! A [`Sketcher`] folds, cuts and signs a text. This costs one pass over the text and depends on nothing else, so the result never goes
//! stale. [`Facts`] are this result in a form that can be stored as bytes.

mod bytes;
mod sketch;

use crate::error::Error;
use crate::scheme::Scheme;
use crate::signature::Sample;
use crate::signature::Seed;

pub(crate) use bytes::Remembered;
pub(crate) use sketch::{Buffers, Hasher, Sketch, Sketcher};

/// The result of signing one text: sizes, digest, signature, sample and seeds. About 1.7 kB for a text of a page.
///
/// Facts are valid for one version of the crate and for the settings of signing ([`scheme`](Self::scheme)). In a run, documents that [have
/// facts](crate::Documents::facts) are folded, but not signed.
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
        // Shifts depend on how a run folds its texts, so each run finds them again.
        sketch.shifts = Box::default();
        Self {
            scheme: sketcher.scheme(),
            has_seeds: sketcher.seeds,
            sketch,
            slots: buffers.slots,
            seeds: buffers.by_key,
        }
    }

    /// The scheme under which the facts were made. Facts of another scheme are refused.
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

    /// Digest of the folded text, or of the original where the folded text is empty. A run treats texts of equal digest and length as
    /// equal.
    ///
    /// ```
    /// let deduper = reprint::Deduper::default();
    /// assert_eq!(deduper.facts("One text.").digest(), deduper.facts("ONE TEXT!").digest());
    /// ```
    pub fn digest(&self) -> u128 {
        self.sketch.digest
    }

    /// Number of characters of the folded text; 0 where the folded text is empty.
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

    /// Approximate bytes in memory.
    #[cfg(feature = "index")]
    pub(crate) fn bytes(&self) -> usize {
        let lists = size_of_val(&*self.slots) + size_of_val(&*self.seeds);
        size_of::<Self>() + lists + self.sample().bytes()
    }

    /// The stored form, with a checksum. It can be read only by the same version of the crate.
    pub fn to_bytes(&self) -> Vec<u8> {
        bytes::write(self)
    }

    /// Reads the stored form.
    ///
    /// # Errors
    ///
    /// Where the bytes are not facts, or are damaged.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        bytes::read(bytes)
    }
}

impl Sketcher<'_> {
    /// The sketch of a text. It is made from `facts` if they belong to this text, and by signing otherwise.
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

    /// `None` where the facts are of another text.
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
