//! SimHash by byte-lane accumulation.
//!
//! Charikar, "Similarity estimation techniques from rounding algorithms", STOC 2002; Manku, Jain, Das Sarma, "Detecting near-duplicates for
//! web crawling", WWW 2007. Bit i of the signature is the majority of bit i over all shingles. The counters of eight bits share a word: a
//! table spreads a byte over eight lanes, and the lanes are emptied before they can overflow.

use std::f64::consts::PI;

use crate::error::Error;
use crate::scheme::{Scheme, SchemeKind};
use crate::signature::mix;

/// Bits in a [`SimHash`].
///
/// ```
/// assert_eq!(reprint::signature::SimHashWidth::default().bits(), 64);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum SimHashWidth {
    /// 64 bits: separates near-copies from unrelated texts at about 10 to 12 bits.
    #[default]
    Bits64,
    /// 128 bits: separates them at about 20 bits, with half the relative error.
    Bits128,
}

impl SimHashWidth {
    /// 64 or 128.
    pub fn bits(self) -> u32 {
        match self {
            Self::Bits64 => 64,
            Self::Bits128 => 128,
        }
    }
}

/// Signs sets of shingles with SimHash.
///
/// ```
/// use reprint::{normalize::Normalizer, shingle::Shingler, signature::{SimHashWidth, SimHasher}};
///
/// let scheme = Shingler::default().scheme(&Normalizer::new());
/// let hasher = SimHasher::new(scheme, SimHashWidth::Bits64);
/// let signature = hasher.sign(&[0b11, 0b01, 0b01]); // a set: two distinct shingles, and ties are 0
/// assert_eq!(signature.bits(), 0b01);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SimHasher {
    scheme: Scheme,
    width: SimHashWidth,
}

/// The SimHash signature of one document.
///
/// ```
/// use reprint::{normalize::Normalizer, shingle::Shingler, signature::{SimHash, SimHashWidth, SimHasher}};
///
/// let scheme = Shingler::default().scheme(&Normalizer::new());
/// let hasher = SimHasher::new(scheme, SimHashWidth::Bits128);
/// let (a, b) = (hasher.sign(&[1, 2, 3]), hasher.sign(&[3, 2, 1]));
/// assert_eq!(a.distance(&b)?, 0);
/// assert_eq!(SimHash::from_bytes(&a.to_bytes())?, a);
/// # Ok::<(), reprint::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SimHash {
    pub(super) scheme: Scheme,
    pub(super) bits: u128,
}

impl SimHasher {
    /// A signer of this width for shingles made under the scheme `shingles`.
    pub fn new(shingles: Scheme, width: SimHashWidth) -> Self {
        Self {
            scheme: shingles.signature(SchemeKind::SimHash, width.bits()),
            width,
        }
    }

    /// The scheme of the signatures.
    pub fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// Signs a set of shingle hashes. Order and repetition don't matter. An empty set has no majority, so all its bits are 0. Cost: a sort,
    /// then about 4 ns for each distinct shingle for 64 bits.
    pub fn sign(&self, shingles: &[u64]) -> SimHash {
        let mut distinct = shingles.to_vec();
        distinct.sort_unstable();
        distinct.dedup();
        let low = majority(distinct.iter().copied());
        let high = match self.width {
            SimHashWidth::Bits64 => 0,
            SimHashWidth::Bits128 => majority(distinct.iter().map(|&hash| mix(hash))),
        };
        SimHash {
            scheme: self.scheme,
            bits: u128::from(high) << 64 | u128::from(low),
        }
    }
}

/// Byte `b` with bit i moved to the lowest bit of lane i.
const SPREAD: [u64; 256] = {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        let mut lane = 0;
        while lane < 8 {
            table[byte] |= ((byte as u64 >> lane) & 1) << (8 * lane);
            lane += 1;
        }
        byte += 1;
    }
    table
};

/// Bit i is set where it is set in more than half of the hashes.
fn majority(hashes: impl ExactSizeIterator<Item = u64>) -> u64 {
    let total = hashes.len() as u64;
    let mut counts = [0_u64; 64];
    let mut lanes = [0_u64; 8];
    let mut pending = 0;
    for hash in hashes {
        for (lane, byte) in lanes.iter_mut().zip(hash.to_le_bytes()) {
            *lane += SPREAD[usize::from(byte)];
        }
        pending += 1;
        if pending == u8::MAX {
            empty(&mut lanes, &mut counts);
            pending = 0;
        }
    }
    empty(&mut lanes, &mut counts);
    let set = counts
        .iter()
        .enumerate()
        .filter(|&(_, &count)| 2 * count > total);
    set.fold(0, |bits, (i, _)| bits | 1 << i)
}

fn empty(lanes: &mut [u64; 8], counts: &mut [u64; 64]) {
    for (lane, counts) in lanes.iter_mut().zip(counts.chunks_exact_mut(8)) {
        for (count, byte) in counts.iter_mut().zip(lane.to_le_bytes()) {
            *count += u64::from(byte);
        }
        *lane = 0;
    }
}

impl SimHash {
    /// The scheme that it was made under.
    pub fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// The bits. A 64-bit signature has its bits in the low half.
    pub fn bits(&self) -> u128 {
        self.bits
    }

    /// Number of differing bits, from 0 to the width.
    ///
    /// # Errors
    ///
    /// Where the schemes differ; the message names both.
    pub fn distance(&self, other: &Self) -> Result<u32, Error> {
        if self.scheme != other.scheme {
            return Err(Error::schemes(self.scheme, other.scheme));
        }
        Ok((self.bits ^ other.bits).count_ones())
    }

    /// Estimated cosine of the two sets, `|A∩B| / sqrt(|A||B|)`: `cos(π·distance/width)`. The distance is binomially distributed; the
    /// probability of each bit is the angle between the sets divided by π. So the standard error of the angle is
    /// `sqrt(angle·(π-angle)/width)`.
    ///
    /// # Errors
    ///
    /// Where the schemes differ; the message names both.
    pub fn cosine(&self, other: &Self) -> Result<f64, Error> {
        let share = f64::from(self.distance(other)?) / f64::from(self.scheme.size());
        Ok((PI * share).cos())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn naive(hashes: &[u64]) -> u64 {
        let ahead = |i: u32| {
            hashes
                .iter()
                .map(|hash| if hash >> i & 1 == 1 { 1 } else { -1 })
                .sum::<i64>()
        };
        (0..64)
            .filter(|&i| ahead(i) > 0)
            .fold(0, |bits, i| bits | 1 << i)
    }

    proptest! {
        #[test]
        fn lanes_count_like_a_loop(hashes in prop::collection::vec(any::<u64>(), 0..1200)) {
            prop_assert_eq!(majority(hashes.iter().copied()), naive(&hashes));
        }
    }
}
