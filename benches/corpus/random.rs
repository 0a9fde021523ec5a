//! How are random numbers generated? With SplitMix64 (Steele, Lea, Flood, "Fast splittable pseudorandom number generators",
//! 2014).

/// A generator that gives the same numbers on every machine.
pub struct Random(u64);

impl Random {
    /// A generator with this seed.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next 64 random bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut x = self.0;
        x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        x ^ (x >> 31)
    }

    /// A random number under `limit`; `limit` must not be 0.
    pub fn below(&mut self, limit: usize) -> usize {
        ((u128::from(self.bits()) * limit as u128) >> 64) as usize
    }

    /// A random number under `limit`. Small numbers are much more frequent, because the number is drawn under a limit that
    /// is drawn itself.
    pub fn skewed(&mut self, limit: usize) -> usize {
        let limit = self.below(limit) + 1;
        self.below(limit)
    }

    /// One of `items`, all with the same probability.
    pub fn pick<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.below(items.len())]
    }

    /// Is true once in `n` times on average.
    pub fn once_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    /// A random ideograph; most of them are rare.
    pub fn ideograph(&mut self) -> char {
        let offset = self.below(0x5000) as u32;
        char::from_u32(0x4E00 + offset).unwrap_or('一')
    }

    /// `count` random numbers of 64 bits.
    pub fn take(&mut self, count: usize) -> Vec<u64> {
        (0..count).map(|_| self.bits()).collect()
    }
}
