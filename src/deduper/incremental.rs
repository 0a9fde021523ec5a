//! What does an index ask about texts of which it has the facts?

use crate::deduper::against::against_in;
use crate::deduper::neighbours::is_near;
use crate::deduper::settings::Signer;
use crate::deduper::{Deduper, Facts};
use crate::document::Documents;
use crate::error::Error;
use crate::parallel::{Pool, until_stopped};
use crate::report::Against;
use crate::signature::{Sample, Seed, equal_slots};
use crate::verify::{Hints, Relation};

impl Facts {
    /// Digest of the folded text; of the original where nothing is left of it.
    pub(crate) fn digest(&self) -> u128 {
        self.sketch.digest
    }

    /// Characters of the folded text.
    pub(crate) fn length(&self) -> usize {
        self.sketch.length
    }

    pub(crate) fn sample(&self) -> &Sample {
        &self.sketch.sample
    }

    pub(crate) fn seeds(&self) -> &[Seed] {
        &self.seeds
    }

    /// Bytes that it takes in memory, about.
    pub(crate) fn size(&self) -> usize {
        let keys = self.sample().keys().len();
        size_of::<Self>() + 4 * self.slots.len() + 6 * keys + 12 * self.seeds.len()
    }
}

/// What two texts may be to each other, by their facts alone.
pub(crate) struct Relevance {
    /// Worth comparing as copies.
    pub(crate) may_be_copies: bool,
    /// Near enough to be asked about a pair.
    pub(crate) is_near: bool,
    /// One may be inside the other.
    pub(crate) may_be_inside: bool,
}

impl Deduper {
    /// The bucket keys of the bands of a signature; none under SimHash, and none where only equal texts are copies.
    pub(crate) fn band_keys(&self, facts: &Facts) -> Vec<u64> {
        let Signer::MinHash { banding, .. } = self.0.signer else {
            return Vec::new();
        };
        if !self.looks_for_reprints() || facts.length() == 0 {
            return Vec::new();
        }
        let bands = 0..banding.bands();
        bands
            .filter_map(|band| banding.key(&facts.slots, band))
            .collect()
    }

    /// Are texts copies that are not equal?
    pub(crate) fn looks_for_reprints(&self) -> bool {
        self.0.level == Relation::Reprint
    }

    /// Are candidates found by bands and samples?
    pub(crate) fn samples(&self) -> bool {
        self.0.samples()
    }

    /// Worker threads, where their number is set.
    pub(crate) fn threads(&self) -> Option<usize> {
        self.0.threads
    }

    /// What two texts may be to each other. Cost: that of two short merges.
    pub(crate) fn relevance(&self, a: &Facts, b: &Facts) -> Relevance {
        let both = [a, b];
        let shared = a.sample().shared(b.sample());
        let hints = Hints {
            slots: (equal_slots(&a.slots, &b.slots), a.slots.len()),
            letters: both.map(|facts| facts.sketch.letters),
            distinct: both.map(|facts| facts.sample().distinct(facts.sketch.shingles)),
            samples: both.map(Facts::sample),
            shared,
        };
        let open = self.0.bounds.open(&hints).without_drift();
        Relevance {
            may_be_copies: self.looks_for_reprints() && !open.is_empty(),
            is_near: is_near(shared),
            may_be_inside: self.0.relations
                && self.0.limits.may_be_inside(hints.slots, hints.distinct),
        }
    }

    /// As [`against`](Self::against), by the caller's thread alone.
    pub(crate) fn against_few<D: Documents + ?Sized, R: Documents + ?Sized>(
        &self,
        documents: &D,
        reference: &R,
    ) -> Result<Against, Error> {
        let pool = Pool::of_caller(&());
        until_stopped(|| against_in(&self.0, documents, reference, pool, &()))
    }

    /// All settings that decide a result, in words. The bounds follow from the threshold, and from this version of the crate.
    pub(crate) fn stamp(&self) -> String {
        let config = &self.0;
        let settings = config.describe();
        let limits = settings.limits.map_or("none".to_owned(), |limits| {
            format!("{} {}", limits.containment, limits.passage)
        });
        let date_order = settings.day_order.map(|order| order.to_string());
        format!(
            "threshold {}, level {}, drift {}, containment and passage {limits}, keep {}, date order {}, apart {}, min-sources {}",
            settings.threshold,
            settings.level,
            config.drift,
            settings.keep,
            date_order.unwrap_or("by the dates".to_owned()),
            settings.apart.as_deref().unwrap_or("none"),
            settings.min_sources,
        )
    }
}
