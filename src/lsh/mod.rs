//! Which pairs are worth comparing?
//!
//! Pairs that share a bucket. [`Banding`] divides a MinHash signature into bands of rows. Documents with an equal band share a bucket; the
//! probability is a steep curve in their similarity, set by a threshold and a target recall. [`bucket_pairs`] turns the keys of one band
//! into pairs, with linear work for buckets of any size. [`within_distance`] is an alternative for SimHash: it finds all pairs of values
//! within k bits, by multi-index hashing.
//!
//! This module knows only keys and positions, not what they mean. It *proposes* pairs; verification decides.
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

/// Maximum number of documents in which a passage may occur and still be evidence about a pair of them. In more documents, it is a common
/// phrase.
pub const MAX_RARE_DOCUMENTS: usize = 16;

/// Two positions that are worth comparing, the smaller first.
pub type CandidatePair = (u32, u32);

/// Sorts candidate pairs and drops repeats. This is how the candidates of several bands are merged.
pub fn merge_pairs(mut pairs: Vec<CandidatePair>) -> Vec<CandidatePair> {
    pairs.sort_unstable();
    pairs.dedup();
    pairs
}
