//! Which grams of a text stand for all of them?
//!
//! Those whose hash is under a limit: the same in every text, so that two samples tell what the texts have in common
//! (FracMinHash: Irber et al., "Lightweight compositional analysis of metagenomes with FracMinHash", 2022). The limit falls
//! with the length of the text, so that about [`SAMPLE`] are kept of any; two samples are compared under the lower limit of
//! the two.

/// Keys that are kept of a text, on average; all where it has no more.
pub const SAMPLE: usize = 128;

/// A sample of a text's grams: 4 bytes each.
///
/// ```
/// use reprint::signature::{SAMPLE, Sample};
///
/// let hashes: Vec<u64> = (1..=100).map(|i: u64| i << 32).collect();
/// assert_eq!(Sample::of(&hashes).keys(), Vec::from_iter(1..=100));
/// let many: Vec<u64> = (0..100_000_u64).map(|i| i.wrapping_mul(0x9E37_79B9_7F4A_7C15)).collect();
/// assert!(Sample::of(&many).keys().len().abs_diff(SAMPLE) < SAMPLE / 4);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sample {
    limit: u32,
    keys: Box<[u32]>,
}

impl Sample {
    /// Samples the hashes of a text, repeats included.
    pub fn of(hashes: &[u64]) -> Self {
        let all = hashes.len().max(1) as u64;
        let limit = (u64::from(u32::MAX) * SAMPLE as u64 / all).min(u64::from(u32::MAX)) as u32;
        let keys = hashes.iter().map(|hash| (hash >> 32) as u32);
        let mut keys: Vec<u32> = keys.filter(|&key| key <= limit).collect();
        keys.sort_unstable();
        keys.dedup();
        Self {
            limit,
            keys: keys.into(),
        }
    }

    /// The keys, ascending.
    pub fn keys(&self) -> &[u32] {
        &self.keys
    }

    /// Keeps these keys only, of which all are its own.
    pub(crate) fn keep(&mut self, keys: Vec<u32>) {
        debug_assert!(keys.is_sorted() && keys.iter().all(|key| *key <= self.limit));
        self.keys = keys.into();
    }

    /// The keys of two samples that can be compared: those under the lower limit of the two.
    pub fn comparable<'s>(&'s self, other: &'s Self) -> (&'s [u32], &'s [u32]) {
        let limit = self.limit.min(other.limit);
        let under = |keys: &'s [u32]| &keys[..keys.partition_point(|&key| key <= limit)];
        (under(&self.keys), under(&other.keys))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signature::mix;

    #[test]
    fn samples_of_texts_of_different_lengths_tell_what_they_share() {
        let hashes = |range: std::ops::Range<u64>| range.map(mix).collect::<Vec<_>>();
        let (short, long) = (Sample::of(&hashes(0..1000)), Sample::of(&hashes(0..4000)));
        let (short, long) = short.comparable(&long);
        assert!(short.iter().all(|key| long.contains(key)));
        assert!((short.len() as f64 / long.len() as f64 - 0.25).abs() < 0.1);
    }
}
