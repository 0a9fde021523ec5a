//! Which rows of equal keys are paired, and which of these pairs are worth comparing?

use std::borrow::Borrow;

use crate::deduper::Deduper;
use crate::deduper::columns::rows::{no_row, same_rows};
use crate::deduper::relevance::Relevance;
use crate::error::Error;
use crate::facts::Facts;
use crate::lsh::{self, BucketEntry, CandidatePair, for_each_meeting};
use crate::signature::estimate;
use crate::stages::proposed::MIN_MEETINGS;

/// Minimum number of shared sampled grams of two texts that are worth comparing: how often [`gram_pairs`] must return a pair.
///
/// ```
/// assert_eq!(reprint::columns::MIN_GRAMS, 2);
/// ```
pub const MIN_GRAMS: usize = MIN_MEETINGS;

/// Pairs of rows that share a key of a band; the smaller row comes first. `keys` has one key of a text, and `facts` are those of the text.
/// All rows of a key must be in the input, and it may have the rows of several keys. No text may have the same key twice.
///
/// If a key has few texts, all of them are paired. If it has many, each is paired with a leader that is like it ([`lsh::bucket_pairs`]). So
/// there are at most fifteen times as many pairs as rows. Cost: a sort, and up to 32 comparisons for each text of a key with many texts.
///
/// ```
/// use reprint::{Deduper, columns};
///
/// let deduper = Deduper::default();
/// let facts = columns::sketch(&deduper, &["One text.", "Another.", "A third."])?.facts;
/// assert_eq!(columns::bucket_pairs(&deduper, &[7, 9, 7], &facts)?, [(0, 2)]);
/// # Ok::<(), reprint::Error>(())
/// ```
///
/// # Errors
///
/// If the columns have different numbers of rows, or 2³² rows or more.
pub fn bucket_pairs<F: Borrow<Facts>>(
    deduper: &Deduper,
    keys: &[u64],
    facts: &[F],
) -> Result<Vec<CandidatePair>, Error> {
    same_rows("facts", facts.len(), keys.len())?;
    count(keys.len())?;
    let entries = keys.iter().zip(0..);
    let entries = entries.map(|(&key, position)| BucketEntry { key, position });
    let facts = |row: u32| facts[row as usize].borrow();
    let alike = |a, b| estimate(facts(a).slots(), facts(b).slots()) >= deduper.0.threshold;
    Ok(lsh::bucket_pairs(
        entries.collect(),
        |row| rank(facts(row).digest()),
        alike,
    ))
}

/// Pairs of rows that share a sampled gram, once for each shared gram; the smaller row comes first. `keys` has one gram of a text, and
/// `digests` its [digest](Facts::digest). All rows of a key must be in the input, and it may have the rows of several keys. No text may
/// have the same key twice.
///
/// If at most 16 texts have a gram, all of them are paired. If more have it, each text is paired with one or two others. Two texts are
/// worth comparing if they are paired [`MIN_GRAMS`] times, by whatever keys. Cost: a sort.
///
/// ```
/// use reprint::columns;
///
/// assert_eq!(columns::gram_pairs(&[5, 5, 8], &[1, 2, 3])?, [(0, 1)]);
/// # Ok::<(), reprint::Error>(())
/// ```
///
/// # Errors
///
/// As [`bucket_pairs`].
pub fn gram_pairs(keys: &[u32], digests: &[u128]) -> Result<Vec<CandidatePair>, Error> {
    same_rows("digests", digests.len(), keys.len())?;
    count(keys.len())?;
    let entries = keys.iter().zip(0_u64..);
    let entries = entries.map(|(&key, row)| u64::from(key) << 32 | row);
    let mut entries: Vec<u64> = entries.collect();
    entries.sort_unstable();
    let mut pairs = Vec::new();
    for_each_meeting(
        &entries,
        |row| rank(digests[row as usize]),
        |pair| pairs.push(pair),
    );
    Ok(pairs)
}

/// The relations that the two texts of each pair of rows may have, by their facts alone. Pairs that are neither near nor may be copies need
/// no further step, except to find out which text is inside the other. Cost: 1 µs a pair.
///
/// ```
/// use reprint::{Deduper, columns};
///
/// let deduper = Deduper::default();
/// let facts = columns::sketch(&deduper, &["One text of a few words.", "One text of a few words more."])?.facts;
/// assert!(columns::may_be_copies(&deduper, &facts, &[(0, 1)])?[0].may_be_copies());
/// # Ok::<(), reprint::Error>(())
/// ```
///
/// # Errors
///
/// If a pair names a row that does not exist.
pub fn may_be_copies<F: Borrow<Facts>>(
    deduper: &Deduper,
    facts: &[F],
    pairs: &[CandidatePair],
) -> Result<Vec<Relevance>, Error> {
    let of = |row: u32| {
        let known = facts.get(row as usize).map(Borrow::borrow);
        known.ok_or_else(|| no_row(row, facts.len()))
    };
    let found = pairs
        .iter()
        .map(|&(a, b)| Ok(deduper.relevance(of(a)?, of(b)?)));
    found.collect()
}

/// A number that depends only on the text.
fn rank(digest: u128) -> u64 {
    digest as u64
}

/// Fails if there are more rows than 32 bits can number.
fn count(rows: usize) -> Result<(), Error> {
    match u32::try_from(rows) {
        Ok(_) => Ok(()),
        Err(_) => Err(Error::setting(
            "rows",
            rows,
            "they must be under 2^32; give the rows of fewer keys at once",
        )),
    }
}
