//! Which rows of equal keys meet, and which of these pairs are worth a look?

use std::borrow::Borrow;

use crate::deduper::Deduper;
use crate::deduper::columns::rows::{no_row, same_rows};
use crate::deduper::relevance::Relevance;
use crate::error::Error;
use crate::facts::Facts;
use crate::lsh::{self, BucketEntry, CandidatePair, for_each_meeting};
use crate::signature::estimate;
use crate::stages::proposed::MIN_MEETINGS;

/// Sampled grams by which two texts must meet to be looked at: how often a pair must be among those of [`gram_pairs`].
///
/// ```
/// assert_eq!(reprint::columns::MIN_GRAMS, 2);
/// ```
pub const MIN_GRAMS: usize = MIN_MEETINGS;

/// The pairs that meet by bands, by their rows, the smaller first: `keys` has a key of a band of a text, and `facts` are those of the text.
/// All rows of a key must be there, and those of several keys may be; no text may have a key twice.
///
/// Few texts of one key meet each other, many meet a leader that is like them ([`lsh::bucket_pairs`]), so that the pairs are no more than
/// fifteen times as many as the rows. Cost: a sort, and up to 32 looks for each text of a key that many have.
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
/// Where the columns have different numbers of rows, or 2³² or more.
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

/// The pairs that meet by sampled grams, by their rows, the smaller first, each as often as it does: `keys` has a gram of a text, and
/// `digests` its [digest](Facts::digest). All rows of a key must be there, and those of several keys may be; no text may have a key twice.
///
/// Of a gram that at most 16 texts have, all meet; of a more frequent one, each meets one or two others. Two texts are worth a look that
/// meet [`MIN_GRAMS`] times, whatever the keys. Cost: a sort.
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

/// What the two texts of each pair of rows may be to each other, by their facts alone. Pairs that are neither near nor may be copies
/// need not be looked at again, unless for what is inside what. Cost: 1 µs a pair.
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
/// Where a pair names a row that is not there.
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

/// A number of a text that depends on nothing else.
fn rank(digest: u128) -> u64 {
    digest as u64
}

/// Rows are numbered in 32 bits.
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
