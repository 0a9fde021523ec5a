//! How is a document summarised in a fixed size?
//!
//! | question | type |
//! |---|---|
//! | how similar are these two sets? (the default) | [`MinHash`]: estimates Jaccard with a standard error of `sqrt(j(1-j)/slots)`; misses short quotations in long texts |
//! | which documents are within a few bits, in 8 or 16 bytes each? | [`SimHash`]: estimates the angle between the sets; coarse under a Jaccard of 0.8 |
//!
//! Signatures are made only from shingle hashes, so order and repetition don't matter. Each carries its [`Scheme`](crate::Scheme), and
//! can't be compared with a signature of another scheme.

mod bytes;
mod minhash;
mod sample;
mod seeds;
mod simhash;

pub(crate) use crate::shingle::mix;
pub use minhash::{MAX_SLOTS, MinHash, MinHasher};
pub(crate) use minhash::{check_slots, equal_slots, estimate};
pub(crate) use sample::{Held, SampledGrams};
pub use sample::{SAMPLE, Sample, Shared};
pub use seeds::{GUARANTEED, Seed, seeds};
pub(crate) use seeds::{SEED_UNITS, SEEDS_APART, Seeds};
pub use simhash::{SimHash, SimHashWidth, SimHasher};
