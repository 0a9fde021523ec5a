//! The grams of a text, indexed to find the grams that two texts share.

use crate::kernels::{count_common, shared};
use crate::shingle::{grams, sort_spread};
use crate::verify::Overlap;

/// The grams of one text, each known by the upper 32 bits of its hash.
#[derive(Clone, Debug, Default)]
pub(super) struct GramIndex {
    /// The distinct grams, ascending.
    distinct: Vec<u32>,
    /// The grams that occur once, ascending, each with its place in the lower 32 bits.
    once: Vec<u64>,
}

impl GramIndex {
    /// Sorts the grams of a text.
    pub(super) fn new(letters: &[char]) -> Self {
        let mut placed = Vec::with_capacity(letters.len());
        grams(letters).for_each(|hash| placed.push((hash & UPPER) | placed.len() as u64));
        Self::from_sorted(&sort_spread(&placed))
    }

    /// Builds the index from sorted grams with their places.
    fn from_sorted(placed: &[u64]) -> Self {
        let (mut distinct, mut once) = (vec![0; placed.len()], vec![0; placed.len()]);
        let (mut distinct_to, mut once_to) = (0, 0);
        let mut before = u64::MAX;
        for (i, &gram) in placed.iter().enumerate() {
            let this = gram >> 32;
            let next = placed.get(i + 1).map_or(u64::MAX, |next| next >> 32);
            // Each entry is written, and kept only if the index advances: a branch would often be mispredicted.
            distinct[distinct_to] = this as u32;
            once[once_to] = gram;
            distinct_to += usize::from(before != this);
            once_to += usize::from((before != this) & (this != next));
            before = this;
        }
        distinct.truncate(distinct_to);
        once.truncate(once_to);
        Self { distinct, once }
    }

    /// Counts of distinct grams: those of each text, and those that both share.
    pub(super) fn overlap(&self, other: &Self) -> Overlap {
        Overlap {
            shared: shared(&self.distinct, &other.distinct),
            left: self.distinct.len(),
            right: other.distinct.len(),
        }
    }

    /// Weighted counts of the grams that the other text has, and of those that it lacks. Each gram counts 1 / (1 + number of `others`
    /// that have it). Cost: a merge with each text.
    pub(super) fn divided(&self, other: &Self, others: &[&Self]) -> (f64, f64) {
        let mut counts = vec![0; self.distinct.len()];
        for other in others {
            count_common(&self.distinct, &other.distinct, &mut counts);
        }
        let mut is_shared = vec![0; self.distinct.len()];
        count_common(&self.distinct, &other.distinct, &mut is_shared);
        let mut parts = [0.0; 2];
        for (count, is_shared) in counts.into_iter().zip(is_shared) {
            parts[usize::from(is_shared)] += 1.0 / (1.0 + f64::from(count));
        }
        let [lacking, shared] = parts;
        (shared, lacking)
    }

    /// Calls `met` with the two places of each gram that occurs once in each text.
    pub(super) fn unique_common(&self, other: &Self, mut met: impl FnMut(usize, usize)) {
        let (left, right) = (self.once.as_slice(), other.once.as_slice());
        let mut both = vec![(0, 0); left.len().min(right.len()) + 1];
        let (mut l, mut r, mut found) = (0, 0, 0);
        while let (Some(&a), Some(&b)) = (left.get(l), right.get(r)) {
            both[found] = (a as u32, b as u32);
            found += usize::from(half(a) == half(b));
            l += usize::from(half(a) <= half(b));
            r += usize::from(half(b) <= half(a));
        }
        for &(left, right) in &both[..found] {
            met(left as usize, right as usize);
        }
    }
}

/// Mask of the bits of an indexed gram that are its hash; the other bits are its place.
const UPPER: u64 = !(u32::MAX as u64);

fn half(gram: u64) -> u32 {
    (gram >> 32) as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::{BTreeMap, BTreeSet};

    /// Each gram with all its places.
    fn by_gram(placed: &[u64]) -> BTreeMap<u32, Vec<usize>> {
        let mut grams: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
        for &gram in placed {
            grams
                .entry(half(gram))
                .or_default()
                .push(gram as u32 as usize);
        }
        grams
    }

    fn placed(grams: &[u8]) -> Vec<u64> {
        let places = grams.iter().zip(0_u64..);
        let mut placed: Vec<u64> = places
            .map(|(&gram, at)| u64::from(gram) << 32 | at)
            .collect();
        placed.sort_unstable();
        placed
    }

    proptest! {
        #[test]
        fn grams_that_stand_once_meet_once(
            left in prop::collection::vec(0_u8..30, 0..40),
            right in prop::collection::vec(0_u8..30, 0..40),
        ) {
            let placed = [&left, &right].map(|grams| placed(grams));
            let grams = [0, 1].map(|side: usize| by_gram(&placed[side]));
            let sides = [0, 1].map(|side: usize| GramIndex::from_sorted(&placed[side]));
            let shared = grams[0].keys().filter(|gram| grams[1].contains_key(gram));
            let overlap = Overlap { shared: shared.count(), left: grams[0].len(), right: grams[1].len() };
            prop_assert_eq!(sides[0].overlap(&sides[1]), overlap);
            let mut met = BTreeSet::new();
            sides[0].unique_common(&sides[1], |left, right| assert!(met.insert((left, right))));
            let once = grams[0].iter().filter_map(|(gram, left)| {
                match (left.as_slice(), grams[1].get(gram)?.as_slice()) {
                    (&[left], &[right]) => Some((left, right)),
                    _ => None,
                }
            });
            prop_assert_eq!(met, once.collect::<BTreeSet<_>>());
        }
    }
}
