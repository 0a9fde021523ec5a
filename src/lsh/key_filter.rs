//! Which keys may some document have? The filter drops other keys before anything is sorted.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::signature::mix;

/// A set of keys with one bit for each key, a Bloom filter (Bloom, "Space/time trade-offs in hash coding with allowable errors", 1970).
///
/// With `n` bits for each key, at most one in `n` of the other keys seems to be in the set.
#[derive(Debug)]
pub(crate) struct KeyFilter(Vec<AtomicU64>);

impl KeyFilter {
    /// An empty filter of at least `bits` bits.
    pub(crate) fn with_bits(bits: usize) -> Self {
        let words = bits.div_ceil(64).next_power_of_two();
        Self((0..words).map(|_| AtomicU64::new(0)).collect())
    }

    /// Adds a key. Several threads may add keys at the same time.
    #[inline]
    pub(crate) fn add(&self, key: u64) {
        let (word, bit) = self.place(key);
        self.0[word].fetch_or(bit, Ordering::Relaxed);
    }

    /// May the key be in the set? A key that was added always is.
    #[inline]
    pub(crate) fn has(&self, key: u64) -> bool {
        let (word, bit) = self.place(key);
        self.0[word].load(Ordering::Relaxed) & bit != 0
    }

    #[inline]
    fn place(&self, key: u64) -> (usize, u64) {
        let spread = mix(key);
        let word = (spread >> 6) as usize & (self.0.len() - 1);
        (word, 1 << (spread & 63))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_that_were_added_are_there_and_most_others_not() {
        let filter = KeyFilter::with_bits(8 * 10_000);
        (0..10_000).for_each(|key| filter.add(key));
        assert!((0..10_000).all(|key| filter.has(key)));
        // 10,000 keys in 131,072 bits: one in thirteen of the other keys collides with one of them.
        let kept = (10_000..20_000).filter(|&key| filter.has(key)).count();
        assert!(kept < 1000, "{kept}");
        assert!(!KeyFilter::with_bits(0).has(7));
    }
}
