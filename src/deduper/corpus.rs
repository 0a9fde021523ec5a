//! What do the later stages ask of a document? Its shingles again, and whether it is a copy of another.

use std::borrow::Cow;
use std::ops::Range;

use xxhash_rust::xxh3::xxh3_128;

use crate::deduper::lists::Lists;
use crate::deduper::settings::Config;
use crate::deduper::sketch::{Sketch, Stored};
use crate::document::Documents;
use crate::parallel::Pool;
use crate::signature::{Seed, Shared, equal_slots};
use crate::verify::{Grounds, Hints, PreparedText};

/// The documents in the order of their ids, one entry for each different folded text.
///
/// Everything behind it works on the positions of this order, so that no result depends on the order of the input, and a
/// smaller position is a smaller id.
pub(super) struct Corpus<'d, D: ?Sized> {
    pub(super) settled: &'d Config,
    pub(super) documents: &'d D,
    /// Positions in the input of all documents of one folded text, by id; the first stands for them.
    pub(super) groups: Vec<Vec<usize>>,
    /// The sketch of each group.
    pub(super) sketches: Vec<Sketch>,
    /// Their slots.
    pub(super) slots: Lists<u32>,
    /// Their seeds.
    pub(super) seeds: Lists<Seed>,
}

impl<D: Documents + ?Sized> Corpus<'_, D> {
    /// The MinHash slots of a text.
    pub(super) fn slots(&self, position: u32) -> &[u32] {
        self.slots.get(self.sketches[position as usize].slots)
    }

    /// A number of a text that depends on nothing else, for orders among texts.
    pub(super) fn rank(&self, position: u32) -> u64 {
        self.sketches[position as usize].digest as u64
    }

    /// The seeds of a text, by key.
    pub(super) fn seeds(&self, position: u32) -> &[Seed] {
        self.seeds.get(self.sketches[position as usize].seeds)
    }

    /// Lets go of the samples, by which copies are found and told.
    pub(super) fn forget_samples(&mut self, pool: &Pool) {
        pool.each(&mut self.sketches, |sketch| sketch.sample.forget(|_| true));
    }

    /// The folded text at a position.
    pub(super) fn folded(&self, position: u32) -> Cow<'_, str> {
        match self.sketches[position as usize].folded {
            Stored::Held(ref folded) => folded.as_ref().into(),
            Stored::Spilled { place, bytes } => self.kept(position, place, bytes).into(),
        }
    }

    /// The folded text as it was signed: as it was kept, or else folded again. None of it where the document itself is another
    /// one by now.
    fn kept(&self, position: u32, place: u64, bytes: usize) -> String {
        let digest = self.sketches[position as usize].digest;
        let intact = |folded: &String| xxh3_128(folded.as_bytes()) == digest;
        let again = || {
            let text = self.documents.text(self.sketches[position as usize].signed);
            Some(self.settled.normalizer.fold(&text)).filter(intact)
        };
        let kept = self.documents.spilled(place, bytes).filter(intact);
        kept.or_else(again).unwrap_or_default()
    }

    /// Where ranges of the folded text at a position came from in the original of a document that has it.
    pub(super) fn locate(
        &self,
        position: u32,
        document: usize,
        original: &str,
        folded: &[Range<usize>],
    ) -> Vec<Range<usize>> {
        let normalizer = &self.settled.normalizer;
        let sketch = &self.sketches[position as usize];
        if sketch.signed == document {
            normalizer.locate_shifted(original, folded, &sketch.shifts)
        } else {
            // Its regional words may be others.
            normalizer.locate(original, folded)
        }
    }

    /// The folded text at a position, and its shingles in text order.
    pub(super) fn shingled(&self, position: u32) -> (Cow<'_, str>, Vec<u64>) {
        let mut hashes = Vec::with_capacity(self.sketches[position as usize].shingles);
        let folded = self.folded(position);
        self.settled.shingler.hash_into(&folded, &mut hashes);
        (folded, hashes)
    }

    /// The text at a position, prepared for comparison with others.
    pub(super) fn prepared(&self, position: u32) -> PreparedText<'_> {
        let Sketch { signed, quotes, .. } = self.sketches[position as usize];
        PreparedText::new(self.folded(position), &self.settled.shingler).with_original(
            self.settled.normalizer,
            quotes,
            move || self.documents.text(signed),
        )
    }

    /// What the sampled grams of two texts have in common.
    pub(super) fn sampled(&self, a: u32, b: u32) -> Shared {
        let [a, b] = [a, b].map(|position| &self.sketches[position as usize].sample);
        a.shared(b)
    }

    /// How long each text is, for clustering; 0 for parts of documents, around which no cluster is made.
    pub(super) fn completeness(&self) -> Vec<usize> {
        let texts = self.groups.iter().zip(&self.sketches);
        let completeness = texts.map(|(group, sketch)| {
            let only_parts = group
                .iter()
                .all(|&document| self.documents.parent(document).is_some());
            if only_parts { 0 } else { sketch.length }
        });
        completeness.collect()
    }

    /// Is one of two texts a part of the other, in all documents that have it?
    pub(super) fn is_part_of(&self, a: u32, b: u32) -> bool {
        let part_of = |a: &[usize], b: &[usize]| {
            a.iter().all(|&part| {
                self.documents
                    .parent(part)
                    .is_some_and(|whole| b.contains(&whole))
            })
        };
        let [a, b] = [a, b].map(|text| self.groups[text as usize].as_slice());
        part_of(a, b) || part_of(b, a)
    }

    /// The grounds by which two texts may be copies, as far as is remembered of them.
    pub(super) fn open(&self, a: u32, b: u32) -> Grounds {
        if !self.settled.samples() {
            return Grounds::ALL.without_drift();
        }
        let open = self.settled.bounds.open(&self.hints(a, b));
        if self.settled.drift {
            open
        } else {
            open.without_drift()
        }
    }

    /// Does what is remembered of them leave it open that one is inside the other?
    pub(super) fn may_be_inside(&self, a: u32, b: u32) -> bool {
        let open = |hints: Hints<'_>| {
            self.settled
                .limits
                .may_be_inside(hints.slots, hints.distinct)
        };
        !self.settled.samples() || open(self.hints(a, b))
    }

    fn hints(&self, a: u32, b: u32) -> Hints<'_> {
        let slots = [a, b].map(|position| self.slots(position));
        let sketches = [a, b].map(|position| &self.sketches[position as usize]);
        Hints {
            slots: (equal_slots(slots[0], slots[1]), slots[0].len()),
            letters: sketches.map(|sketch| sketch.letters),
            distinct: sketches.map(|sketch| sketch.sample.distinct(sketch.shingles)),
            samples: sketches.map(|sketch| &sketch.sample),
            shared: self.sampled(a, b),
        }
    }
}
