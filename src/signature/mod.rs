//! How is a document summed up in a fixed size?
//!
//! | question | type |
//! |---|---|
//! | how similar are these two sets? (the default) | [`MinHash`]: estimates Jaccard with a standard error of `sqrt(j(1-j)/slots)`; misses short quotations in long texts |
//! | which documents are within a few bits, in 8 or 16 bytes each? | [`SimHash`]: estimates the angle between the sets; coarse under a Jaccard of 0.8 |
//!
//! Signatures are made from shingle hashes alone, so order and repetition don't matter. Each carries its
//! [`Scheme`](crate::Scheme) and refuses to be compared with one of another.

mod bytes;
mod minhash;
mod seeds;
mod simhash;

pub use minhash::{MAX_SLOTS, MinHash, MinHasher};
pub(crate) use minhash::{check_slots, estimate};
pub use seeds::{GUARANTEED, Seed, seeds};
pub(crate) use seeds::{SEED_SHINGLES, SEEDS_APART};
pub use simhash::{SimHash, SimHashWidth, SimHasher};

/// A finaliser with full avalanche: SplitMix64's (Steele, Lea, Flood, "Fast splittable pseudorandom number generators",
/// 2014; constants of Stafford's variant 13).
#[inline]
pub(crate) fn mix(mut x: u64) -> u64 {
    x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ (x >> 31)
}
