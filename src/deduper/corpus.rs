//! What do the later stages need from a document? Its shingles again, and whether it is a copy of another.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::OnceLock;

use xxhash_rust::xxh3::xxh3_128;

use crate::deduper::groups::Groups;
use crate::deduper::settings::Config;
use crate::deduper::sketch::Sketch;
use crate::deduper::source::Source;
use crate::error::Error;
use crate::parallel::Pool;
use crate::signature::{Seed, Shared, equal_slots};
use crate::stages::shared_seeds::shared_seeds;
use crate::stages::texts::{Recalled, RememberedTexts};
use crate::tables::Lists;
use crate::verify::{Grounds, Hints, PreparedText};

/// The documents in the order of their ids, one entry for each different folded text.
///
/// The later stages use positions in this order. So no result depends on the order of the input, and a smaller position is a smaller id.
pub(super) struct Corpus<'d> {
    pub(super) settled: &'d Config,
    pub(super) documents: Source<'d>,
    /// Positions in the input of all documents of one folded text, by id. The first document stands for all of them.
    pub(super) groups: Groups,
    /// The sketch of each group.
    pub(super) sketches: Vec<Sketch>,
    /// For each text, a digest of the value that keeps it apart from others. Empty if no field keeps documents apart.
    pub(super) apart: Vec<u128>,
    /// The folded forms, signatures and samples of the texts.
    pub(super) texts: RememberedTexts,
    /// The seeds of the texts.
    pub(super) seeds: Lists<Seed>,
    /// If no folded text is stored: the folded form of each text that was folded again. Longer texts than [`MAX_HELD`] have none here.
    pub(super) folded_again: Vec<OnceLock<String>>,
}

/// Maximum characters of a folded text that is held after it was folded again.
const MAX_HELD: usize = 1 << 16;

impl Corpus<'_> {
    /// The signature and the sample of a text.
    pub(super) fn recall(&self, position: u32) -> Recalled<'_> {
        self.texts
            .recall(self.sketches[position as usize].remembered)
    }

    /// The bits of the SimHash of a text.
    pub(super) fn simhash(&self, position: u32) -> u128 {
        let text = self
            .texts
            .recall_once(self.sketches[position as usize].remembered);
        let words = text.slots().iter().rev();
        words.fold(0, |bits, &word| bits << 32 | u128::from(word))
    }

    /// A number that depends only on the text, to order texts.
    pub(super) fn rank(&self, position: u32) -> u64 {
        self.sketches[position as usize].digest as u64
    }

    /// The seeds of a text, by key.
    pub(super) fn seeds(&self, position: u32) -> &[Seed] {
        self.seeds.get(self.sketches[position as usize].seeds)
    }

    /// If some texts are on disk together with all their seeds, takes into memory the seeds that several texts share.
    pub(super) fn hold_shared_seeds(&mut self, pool: &Pool) -> Result<(), Error> {
        let Some(scratch) = self.settled.scratch.as_ref().filter(|_| !self.all_held()) else {
            return Ok(());
        };
        let all = self.sketches.iter().map(Sketch::all_seeds).sum();
        let seeds = |text: u32| {
            let sketch = &self.sketches[text as usize];
            match self.texts.is_held(sketch.remembered) {
                true => Cow::from(self.seeds.get(sketch.seeds)),
                false => Cow::from(self.texts.seeds(sketch.remembered)),
            }
        };
        let (seeds, of_text) = shared_seeds(self.sketches.len(), all, seeds, scratch, pool)?;
        self.seeds = seeds;
        for (sketch, seeds) in self.sketches.iter_mut().zip(of_text) {
            sketch.seeds = seeds;
        }
        self.check()
    }

    /// Fails if something of a document could not be read so far.
    pub(super) fn check(&self) -> Result<(), Error> {
        self.documents.check()?;
        self.texts.check()
    }

    /// Is everything that is known of the texts in memory?
    pub(super) fn all_held(&self) -> bool {
        let mut sketches = self.sketches.iter();
        sketches.all(|sketch| self.texts.is_held(sketch.remembered))
    }

    /// The folded text at a position: the stored one, or else the document folded again.
    pub(super) fn folded(&self, position: u32) -> Cow<'_, str> {
        let sketch = &self.sketches[position as usize];
        let held = self.folded_again.get(position as usize);
        let held = held.filter(|_| sketch.length() <= MAX_HELD);
        let again = || match held {
            Some(held) => Cow::Borrowed(held.get_or_init(|| self.fold_again(sketch)).as_str()),
            None => Cow::Owned(self.fold_again(sketch)),
        };
        self.texts.folded(sketch.folded).unwrap_or_else(again)
    }

    /// The folded text of a document, which is read again. Empty if the document has changed since it was signed; the change is noted.
    fn fold_again(&self, sketch: &Sketch) -> String {
        let text = self.documents.text(sketch.signed());
        let folded = self.settled.normalizer.fold(&text);
        if xxh3_128(folded.as_bytes()) == sketch.digest {
            return folded;
        }
        self.documents.note_change(sketch.signed());
        String::new()
    }

    /// Finds the ranges in the original of a document from which ranges of its folded text came.
    pub(super) fn locate(
        &self,
        position: u32,
        document: usize,
        original: &str,
        folded: &[Range<usize>],
    ) -> Vec<Range<usize>> {
        let normalizer = &self.settled.normalizer;
        let sketch = &self.sketches[position as usize];
        if sketch.signed() == document {
            let text = self.texts.recall_once(sketch.remembered);
            normalizer.locate_shifted(original, folded, text.shifts())
        } else {
            // Another document may have other regional words.
            normalizer.locate(original, folded)
        }
    }

    /// The folded text at a position, and its shingles in text order.
    pub(super) fn shingled(&self, position: u32) -> (Cow<'_, str>, Vec<u64>) {
        let mut hashes = Vec::with_capacity(self.sketches[position as usize].shingles());
        let folded = self.folded(position);
        self.settled.shingler.hash_into(&folded, &mut hashes);
        (folded, hashes)
    }

    /// The text at a position, prepared for comparison with others.
    pub(super) fn prepared(&self, position: u32) -> PreparedText<'_> {
        let sketch = &self.sketches[position as usize];
        let (signed, quotes) = (sketch.signed(), sketch.quotes);
        PreparedText::new(self.folded(position), &self.settled.shingler).with_original(
            self.settled.normalizer,
            quotes,
            move || self.documents.text(signed),
        )
    }

    /// What the sampled grams of two texts have in common.
    pub(super) fn sampled(&self, a: u32, b: u32) -> Shared {
        let [a, b] = [a, b].map(|position| self.recall(position));
        a.sample().shared(b.sample())
    }

    /// The length of each text, for clustering. 0 for parts of documents, because a part is never canonical in a cluster with whole
    /// documents.
    pub(super) fn completeness(&self) -> Vec<usize> {
        let texts = self.groups.iter().zip(&self.sketches);
        let completeness = texts.map(|(group, sketch)| {
            let only_parts = group
                .iter()
                .all(|&document| self.documents.parent(document).is_some());
            if only_parts { 0 } else { sketch.length() }
        });
        completeness.collect()
    }

    /// Is one of two texts a part of the other, in every document that has it?
    pub(super) fn is_part_of(&self, a: u32, b: u32) -> bool {
        let part_of = |a: &[usize], b: &[usize]| {
            a.iter().all(|&part| {
                self.documents
                    .parent(part)
                    .is_some_and(|whole| b.contains(&whole))
            })
        };
        let [a, b] = [a, b].map(|text| &self.groups[text as usize]);
        part_of(a, b) || part_of(b, a)
    }

    /// The grounds by which two texts may be copies, judged by the signatures and samples.
    pub(super) fn open(&self, a: u32, b: u32) -> Grounds {
        self.hinted(a, b).1
    }

    /// As [`open`](Self::open), and what the sampled grams of the two have in common.
    pub(super) fn hinted(&self, a: u32, b: u32) -> (Shared, Grounds) {
        let recalled = [a, b].map(|position| self.recall(position));
        let hints = self.hints(a, b, &recalled);
        let open = match self.settled.samples() {
            true => self.settled.bounds.open(&hints),
            false => Grounds::ALL,
        };
        let with_drift = self.settled.samples() && self.settled.drift;
        (
            hints.shared,
            if with_drift {
                open
            } else {
                open.without_drift()
            },
        )
    }

    /// May one of the two be inside the other, judged by the signatures and samples?
    pub(super) fn may_be_inside(&self, a: u32, b: u32) -> bool {
        let open = |hints: Hints<'_>| {
            self.settled
                .limits
                .may_be_inside(hints.slots, hints.distinct)
        };
        let recalled = [a, b].map(|position| self.recall(position));
        !self.settled.samples() || open(self.hints(a, b, &recalled))
    }

    fn hints<'r>(&self, a: u32, b: u32, recalled: &'r [Recalled<'_>; 2]) -> Hints<'r> {
        let [left, right] = recalled;
        let sketches = [a, b].map(|position| &self.sketches[position as usize]);
        let distinct =
            |text: &Recalled<'_>, sketch: &Sketch| text.sample().distinct(sketch.shingles());
        Hints {
            slots: (equal_slots(left.slots(), right.slots()), left.slots().len()),
            letters: sketches.map(Sketch::letters),
            distinct: [distinct(left, sketches[0]), distinct(right, sketches[1])],
            samples: [left.sample(), right.sample()],
            shared: left.sample().shared(right.sample()),
        }
    }
}
