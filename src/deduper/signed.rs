//! What is known of documents from an earlier run?

use xxhash_rust::xxh3::xxh3_128;

use crate::deduper::corpus::Corpus;
use crate::deduper::settings::Config;
use crate::deduper::sketch::Sketch;
use crate::deduper::source::Source;
use crate::report::Settings;
use crate::signature::Seed;
use crate::stages::texts::{RememberedTexts, TextWriter};
use crate::tables::Lists;
use crate::verify::Relation;

/// The result of signing the documents of a collection, for a run on the remaining ones
/// ([`Deduper::run_signed`](crate::Deduper::run_signed)). It is held in memory or on disk, as the [memory](crate::Deduper::with_memory) of
/// the first run allowed.
///
/// ```
/// use reprint::{Deduper, Remaining, verify::Relation};
///
/// let (news, archive) = ([("a", "One text."), ("b", "Another one.")], [("x", "One text.")]);
/// let deduper = Deduper::default();
/// let (against, signed) = deduper.against_and_sign(&news, &archive, &())?;
/// let rest = Remaining::new(&news, &against.dropped(&Relation::COPIES));
/// let report = deduper.run_signed(&rest, signed, &())?;
/// assert_eq!(report.counts, deduper.run(&rest)?.counts);
/// # Ok::<(), reprint::Error>(())
/// ```
#[derive(Debug)]
pub struct Signed {
    settings: Settings,
    /// Sorted by the hash of the id.
    documents: Vec<SignedDocument>,
    sketches: Vec<Sketch>,
    texts: RememberedTexts,
    seeds: Lists<Seed>,
}

/// A document with a signed text. Another document with the same folded text may have been signed in its place.
#[derive(Clone, Copy, Debug)]
struct SignedDocument {
    id: u128,
    text: u32,
    bytes: u32,
    /// Was this document the one that was signed?
    is_own: bool,
}

fn hash(id: &str) -> u128 {
    xxh3_128(id.as_bytes())
}

impl Signed {
    /// The first documents of a corpus: those of `documents`. `bytes` holds the length of the text of each.
    pub(super) fn new(corpus: Corpus<'_>, documents: &Source<'_>, bytes: &[u32]) -> Self {
        let mut signed = Vec::with_capacity(documents.len());
        for (text, sketch) in (0..).zip(&corpus.sketches) {
            let of_text = corpus.groups[text as usize].iter();
            let own = of_text.filter(|&&document| document < documents.len());
            signed.extend(own.map(|&document| SignedDocument {
                id: hash(documents.id(document)),
                text,
                bytes: bytes[document],
                is_own: sketch.signed() == document,
            }));
        }
        signed.sort_unstable_by_key(|document| document.id);
        Self {
            settings: corpus.settled.describe(),
            documents: signed,
            sketches: corpus.sketches,
            texts: corpus.texts,
            seeds: corpus.seeds,
        }
    }

    /// What is known of the documents in this order, and a writer for the rest. Nothing is known if the settings of the run sign texts in
    /// another way.
    pub(super) fn resume(
        self,
        config: &Config,
        documents: &Source<'_>,
        order: &[usize],
        fixed_bytes: usize,
    ) -> (KnownSketches, TextWriter) {
        if self.settings.scheme != config.sketcher().scheme()
            || config.relations != self.has_seeds()
        {
            return (
                KnownSketches::default(),
                TextWriter::new(config.scratch.as_ref(), fixed_bytes),
            );
        }
        let find = |&position: &usize| {
            let id = hash(documents.id(position));
            let at = self
                .documents
                .binary_search_by_key(&id, |document| document.id);
            at.ok().map(|at| self.documents[at])
        };
        let found: Vec<Option<SignedDocument>> = order.iter().map(find).collect();
        let mut is_there = vec![false; self.sketches.len()];
        for document in found.iter().flatten().filter(|document| document.is_own) {
            is_there[document.text as usize] = true;
        }
        // With other settings, texts of one folded form may be different texts. Then each text needs a separate sketch with all its seeds.
        // The sketch of a shared form lacks them: seeds that no other form had were forgotten.
        let by_form = config.apart.is_none() && config.level != Relation::Exact;
        let mut of_text = vec![0_u32; self.sketches.len()];
        for document in &self.documents {
            of_text[document.text as usize] += 1;
        }
        let is_alone = |document: &SignedDocument| of_text[document.text as usize] == 1;
        let known = KnownSketches {
            documents: found
                .into_iter()
                .map(|document| {
                    document.filter(|document| match by_form {
                        true => document.is_own || is_there[document.text as usize],
                        false => document.is_own && is_alone(document),
                    })
                })
                .collect(),
            sketches: self.sketches,
        };
        let writer = self
            .texts
            .reopen(self.seeds, config.scratch.as_ref(), fixed_bytes);
        (known, writer)
    }

    fn has_seeds(&self) -> bool {
        self.settings.limits.is_some()
    }
}

/// What is known of the documents of a run, in the order of their ids.
#[derive(Default)]
pub(super) struct KnownSketches {
    documents: Vec<Option<SignedDocument>>,
    sketches: Vec<Sketch>,
}

impl KnownSketches {
    /// The sketch of a document, and the bytes of its text. `place` is its place in the order, `position` its position in the input.
    pub(super) fn get(&self, place: usize, position: usize) -> Option<(Sketch, u32)> {
        let document = (*self.documents.get(place)?)?;
        let sketch = self.sketches[document.text as usize];
        Some((sketch.at(position), document.bytes))
    }
}
