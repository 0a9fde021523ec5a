//! What is known of one text, whatever else there is, so that it need not be signed again?

use crate::deduper::Deduper;
use crate::deduper::settings::Config;
use crate::deduper::sketch::{Buffers, Sketch};
use crate::document::Documents;
use crate::error::Error;
use crate::scheme::Scheme;
use crate::signature::Seed;

/// What signing found out about one text: sizes, digest, signature, samples and seeds. About 1.7 kB for a text of a page.
///
/// It belongs to the settings of signing ([`scheme`](Self::scheme)) and to this version of the crate. Documents that
/// [have it](Documents::facts) are folded, but not signed, in a run.
///
/// ```
/// let deduper = reprint::Deduper::default();
/// let facts = deduper.facts("One text.");
/// assert_eq!(facts.scheme(), deduper.settings().scheme);
/// ```
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Facts {
    scheme: Scheme,
    /// Were seeds looked for?
    has_seeds: bool,
    pub(super) sketch: Sketch,
    pub(super) slots: Vec<u32>,
    pub(super) seeds: Vec<Seed>,
}

impl Facts {
    /// What decided them; facts of another scheme are refused.
    pub fn scheme(&self) -> Scheme {
        self.scheme
    }
}

impl Deduper {
    /// Signs one text ahead of the runs that it is in. Cost: about 10 ns a byte.
    pub fn facts(&self, text: &str) -> Facts {
        let mut buffers = Buffers::default();
        let sketch = self.0.sketch(text, &mut buffers);
        Facts {
            scheme: self.0.scheme(),
            has_seeds: self.0.relations,
            sketch,
            slots: buffers.slots,
            seeds: buffers.by_key,
        }
    }
}

impl Config {
    /// Fails where a document has facts of another scheme.
    pub(super) fn check_facts<D: Documents + ?Sized>(&self, documents: &D) -> Result<(), Error> {
        let own = self.scheme();
        let schemes =
            (0..documents.len()).filter_map(|position| Some(documents.facts(position)?.scheme));
        match schemes.into_iter().find(|&scheme| scheme != own) {
            Some(other) => Err(Error::schemes(own, other)),
            None => Ok(()),
        }
    }

    /// The sketch of a document, by its facts where they are of its text.
    pub(super) fn sketch_of<D: Documents + ?Sized>(
        &self,
        documents: &D,
        position: usize,
        buffers: &mut Buffers,
    ) -> Sketch {
        let text = documents.text(position);
        let known = documents.facts(position);
        let known = known.filter(|facts| facts.has_seeds || !self.relations);
        let known = known.and_then(|facts| self.known_sketch(facts, &text, buffers));
        known.unwrap_or_else(|| self.sketch(&text, buffers))
    }

    /// None where the facts are of another text.
    fn known_sketch(&self, facts: &Facts, text: &str, buffers: &mut Buffers) -> Option<Sketch> {
        let shifts = self
            .normalizer
            .fold_noting_shifts(text, &mut buffers.folded);
        let is_same =
            facts.sketch.bytes == text.len() && facts.sketch.digest == buffers.digest(text);
        is_same.then(|| {
            buffers.slots.clone_from(&facts.slots);
            buffers.by_key.clear();
            if self.relations {
                buffers.by_key.extend_from_slice(&facts.seeds);
            }
            Sketch {
                shifts: shifts.into(),
                ..facts.sketch.clone()
            }
        })
    }
}
