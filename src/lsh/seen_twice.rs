//! Which keys may occur more than once? The filter drops the others before anything is sorted: most keys are of one document only.
//!
//! It is a Bloom filter with one hash that counts to two (Bloom, "Space/time trade-offs in hash coding with allowable errors", 1970). A
//! rejected key occurred once. An accepted key occurred twice, or collides with another key, as one in five to eight does. Cost: two
//! look-ups for each key, in a table of one or two bytes for each key.

/// Bits for each key, in the two bit tables together.
const BITS: usize = 8;

/// The keys that occurred twice, and a few others.
#[derive(Clone, Debug, Default)]
pub(crate) struct SeenTwice {
    once: Vec<u64>,
    twice: Vec<u64>,
}

impl SeenTwice {
    /// Counts `keys`. `count` is their approximate number. The last bits of the keys must be evenly distributed.
    pub(crate) fn new(keys: impl Iterator<Item = u64>, count: usize) -> Self {
        let words = (count * BITS / 2).div_ceil(64).next_power_of_two();
        let mut counted = Self {
            once: vec![0; words],
            twice: vec![0; words],
        };
        for key in keys {
            let (word, bit) = counted.place(key);
            counted.twice[word] |= counted.once[word] & bit;
            counted.once[word] |= bit;
        }
        counted
    }

    /// May this key have been counted more than once?
    #[inline]
    pub(crate) fn has(&self, key: u64) -> bool {
        let (word, bit) = self.place(key);
        self.twice[word] & bit != 0
    }

    #[inline]
    fn place(&self, key: u64) -> (usize, u64) {
        let word = (key >> 6) as usize & (self.once.len() - 1);
        (word, 1 << (key & 63))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shingle::mix;

    #[test]
    fn keys_counted_twice_are_kept_and_most_others_let_go() {
        let single = (0..10_000).map(mix);
        let double = || (10_000..11_000).map(mix);
        let repeated = SeenTwice::new(single.clone().chain(double()).chain(double()), 12_000);
        assert!(double().all(|key| repeated.has(key)));
        // Of 12,000 keys in 65,536 bits, a single key collides with another with a chance of 1 - e^(-12,000 / 65,536) = 0.17.
        let kept = single.filter(|&key| repeated.has(key)).count();
        assert!(kept < 2000, "{kept}");
    }

    #[test]
    fn no_keys_are_fine() {
        assert!(!SeenTwice::new(std::iter::empty(), 0).has(7));
    }
}
