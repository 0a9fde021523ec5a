//! Leaves out keys that no document of interest has, before any sorting.

use crate::signature::mix;

/// Bits for each key of interest. At most one in eight of the other keys seems to be of interest.
const BITS: usize = 8;

/// The keys of some documents, each as one bit (Bloom, "Space/time trade-offs in hash coding with allowable errors", 1970).
#[derive(Clone, Debug)]
pub(crate) struct KeyFilter(Vec<u64>);

impl KeyFilter {
    /// The filter of `keys`, about `count` of them.
    pub(crate) fn new(keys: impl Iterator<Item = u64>, count: usize) -> Self {
        let words = (count * BITS).div_ceil(64).next_power_of_two();
        let mut filter = Self(vec![0; words]);
        for key in keys {
            let (word, bit) = filter.place(key);
            filter.0[word] |= bit;
        }
        filter
    }

    /// May it be one of the keys?
    #[inline]
    pub(crate) fn has(&self, key: u64) -> bool {
        let (word, bit) = self.place(key);
        self.0[word] & bit != 0
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
    fn keys_of_interest_are_kept_and_most_others_left_out() {
        let filter = KeyFilter::new(0..10_000, 10_000);
        assert!((0..10_000).all(|key| filter.has(key)));
        // 10,000 keys in 131,072 places: one in thirteen others meets one.
        let kept = (10_000..20_000).filter(|&key| filter.has(key)).count();
        assert!(kept < 1000, "{kept}");
        assert!(!KeyFilter::new(std::iter::empty(), 0).has(7));
    }
}
