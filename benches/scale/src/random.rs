//! How are random numbers generated? From a scrambled counter (SplitMix64): it is small, and the same on every machine.

#[derive(Debug)]
pub struct Random(u64);

impl Random {
    /// A separate stream for each key.
    pub fn of<const N: usize>(key: [u64; N]) -> Self {
        let mix = |state, part| scrambled(scrambled(state) ^ part);
        Self(key.into_iter().fold(0, mix))
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        scrambled(self.0)
    }

    /// A number under `limit`. Larger numbers are slightly less frequent, here by one part in billions.
    pub fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit as u64) as usize
    }

    /// A rank from 0 and under `ranks`. Its frequency is about inversely proportional to its place, as that of words is.
    pub fn rank(&mut self, ranks: usize) -> usize {
        let share = (self.next() >> 11) as f64 / (1_u64 << 53) as f64;
        ((ranks as f64).powf(share) as usize - 1).min(ranks - 1)
    }
}

/// The last step of SplitMix64: each input bit changes half of the output bits.
pub fn scrambled(state: u64) -> u64 {
    let state = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let state = (state ^ (state >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    state ^ (state >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_low_rank_is_common() {
        let mut random = Random::of([1]);
        let ranks: Vec<usize> = (0..10_000).map(|_| random.rank(1_000)).collect();
        let first = ranks.iter().filter(|&&rank| rank == 0).count();
        // ln 2 / ln 1000 is one in ten.
        assert!((900..1_100).contains(&first), "{first}");
        assert!(ranks.iter().all(|&rank| rank < 1_000));
    }
}
