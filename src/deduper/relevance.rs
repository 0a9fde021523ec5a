//! What relations may two texts have, by their facts alone?

use crate::deduper::Deduper;
use crate::deduper::neighbours::{NearPair, nearness};
use crate::deduper::related::MIN_DAMAGED_SEEDS;
use crate::deduper::settings::Signer;
use crate::facts::Facts;
use crate::signature::{Seed, equal_slots};
use crate::verify::{Grounds, Hints, Relation};

/// The relations that two texts may have, by their facts alone ([`may_be_copies`](crate::columns::may_be_copies)).
///
/// ```
/// let texts = ["One text of a few words, no more.", "Another one."];
/// let sketches = reprint::columns::sketch(&reprint::Deduper::default(), &texts)?;
/// let found = reprint::columns::may_be_copies(&reprint::Deduper::default(), &sketches.facts, &[(0, 1)])?;
/// assert!(!found[0].may_be_copies() && !found[0].is_near() && !found[0].may_be_inside());
/// # Ok::<(), reprint::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Relevance {
    /// Shared sampled grams, as a share of those of the text that has fewer.
    nearness: f32,
    /// The grounds by which the two may be copies.
    open: Grounds,
    /// May one be inside the other?
    pub(crate) may_be_inside: bool,
}

impl Relevance {
    /// Are the two worth comparing as copies?
    pub fn may_be_copies(self) -> bool {
        !self.open.is_empty()
    }

    /// Are the two so near that each is evidence about pairs of the other?
    pub fn is_near(self) -> bool {
        self.pair(0, 0).is_near()
    }

    /// May one be inside the other? Always false if the deduper does not look for relations.
    pub fn may_be_inside(self) -> bool {
        self.may_be_inside
    }

    /// Shared sampled grams, as a share of those of the text that has fewer; from 0 to 1.
    pub fn nearness(self) -> f32 {
        self.nearness
    }

    /// The pair as the stages use it.
    pub(super) fn pair(self, a: u32, b: u32) -> NearPair {
        NearPair {
            a,
            b,
            nearness: self.nearness,
            open: self.open,
        }
    }
}

impl Deduper {
    /// The bucket keys of the bands of a signature. Empty for SimHash signatures, and if only equal texts are copies.
    pub(crate) fn band_keys(&self, facts: &Facts) -> Vec<u64> {
        let Signer::MinHash { banding, .. } = self.0.signer else {
            return Vec::new();
        };
        if !self.looks_for_reprints() || facts.length() == 0 {
            return Vec::new();
        }
        let bands = 0..banding.bands();
        bands
            .filter_map(|band| banding.key(facts.slots(), band))
            .collect()
    }

    /// May texts that are not equal be copies?
    pub(crate) fn looks_for_reprints(&self) -> bool {
        self.0.level == Relation::Reprint
    }

    /// The relations that two texts may have. Cost: a few short merges.
    pub(crate) fn relevance(&self, a: &Facts, b: &Facts) -> Relevance {
        let both = [a, b];
        let shared = a.sample().shared(b.sample());
        let hints = Hints {
            slots: (equal_slots(a.slots(), b.slots()), a.slots().len()),
            letters: both.map(|facts| facts.sketch().letters),
            distinct: both.map(|facts| facts.sample().distinct(facts.sketch().shingles)),
            samples: both.map(Facts::sample),
            shared,
        };
        let open = match self.looks_for_reprints() {
            true => self.0.bounds.open(&hints).without_drift(),
            false => std::iter::empty().collect(),
        };
        let may_be_inside = || {
            let limits = self.0.limits;
            let [fewer, more] = match a.seeds().len() <= b.seeds().len() {
                true => both,
                false => [b, a],
            };
            let least = MIN_DAMAGED_SEEDS * fewer.sketch().all_seeds as f64;
            limits.may_be_inside(hints.slots, hints.distinct)
                && common_seeds(fewer.seeds(), more.seeds()) as f64 >= least.max(1.0)
        };
        Relevance {
            nearness: nearness(shared),
            open,
            may_be_inside: self.0.relations && may_be_inside(),
        }
    }
}

/// Number of different seeds of one list that another list has too. Both lists are by key.
fn common_seeds(fewer: &[Seed], more: &[Seed]) -> usize {
    let keys = fewer
        .chunk_by(|a, b| a.key == b.key)
        .map(|same| same[0].key);
    let mut rest = more;
    keys.filter(|&key| {
        rest = &rest[rest.partition_point(|seed| seed.key < key)..];
        rest.first().is_some_and(|seed| seed.key == key)
    })
    .count()
}
