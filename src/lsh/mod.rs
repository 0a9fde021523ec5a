//! Which pairs are worth comparing?
//!
//! Those that meet in a bucket. [`Banding`] cuts a MinHash signature into bands of rows; documents with an equal band meet,
//! and the chance of that is a steep curve in their similarity, set from a threshold and a target recall. [`bucket_pairs`]
//! turns the keys of one band into pairs, with linear work for buckets of any size. [`within_distance`] is the other way:
//! all pairs of SimHash values within k bits, by multi-index hashing.
//!
//! This module sees only keys and positions: what they mean is its callers' business. It *proposes*; verification decides.
//!
//! Sources: Indyk, Motwani, "Approximate nearest neighbors", STOC 1998; Norouzi, Punjani, Fleet, "Fast search in Hamming
//! space with multi-index hashing", CVPR 2012.

mod banding;
mod buckets;
mod hamming;
mod key_filter;
mod keys;
mod seen_twice;

pub use banding::Banding;
pub(crate) use banding::check_threshold;
pub use buckets::{BucketEntry, HOT_BUCKET, bucket_pairs};
pub(crate) use hamming::check_distance;
pub use hamming::{MAX_DISTANCE, within_distance};
pub(crate) use key_filter::KeyFilter;
pub use keys::KeyIndex;
pub(crate) use keys::{for_each_meeting, ranges as key_ranges};
pub(crate) use seen_twice::SeenTwice;

/// Maximum documents of a passage that is evidence about a pair of them. In more documents, it is a common phrase.
pub const MAX_RARE_DOCUMENTS: usize = 16;

/// Two positions worth comparing, the smaller first.
pub type CandidatePair = (u32, u32);

/// Ascending, each pair once: the form in which candidates of several bands are merged.
pub fn merge_pairs(mut pairs: Vec<CandidatePair>) -> Vec<CandidatePair> {
    pairs.sort_unstable();
    pairs.dedup();
    pairs
}
