//! What is the relation of two texts: by themselves, and with the evidence of the texts near them?

use std::borrow::Borrow;

use crate::deduper::Deduper;
use crate::deduper::columns::rows::{Batch, Rows, same_rows};
use crate::deduper::judging::{Desk, by_themselves};
use crate::deduper::neighbours::{NearPair, Nearby, screened};
use crate::deduper::source::Source;
use crate::error::Error;
use crate::facts::Facts;
use crate::lsh::{CandidatePair, merge_pairs};
use crate::parallel::Pool;
use crate::verify::{self, Comparison, Evidence, Measures};

/// The result for two texts by themselves.
///
/// ```
/// let measured = reprint::columns::Measured::default();
/// assert!(!measured.comparison.relation.is_copy());
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Measured {
    /// The verdict on the two texts, with every figure that was needed for it.
    pub comparison: Comparison,
    /// Are the two one work beyond doubt? Evidence from other texts can't change this, unless it shows that the whole group is one form.
    pub is_certain: bool,
}

/// Compares the two texts of each pair of rows by themselves. The first row of a pair is the left side. `facts` are those of the texts.
/// Equal folded texts are [same-text](verify::Relation::SameText), even if their originals differ.
///
/// Pairs that [may not be copies](crate::columns::Relevance::may_be_copies) are [distinct](verify::Relation::Distinct) at once. Cost: both
/// texts are folded, and cut once for all of their pairs that are next to each other; then the cost of finding the first ground that holds.
/// On average this is 100 to 200 µs a pair of pages.
///
/// ```
/// use reprint::{Deduper, columns, verify::Ground};
///
/// let deduper = Deduper::default();
/// let texts = [
///     "The ferry to Holm stops on the first of November, the port office said on Tuesday.",
///     "The ferry to Holm stops on the first of November, the port office said on Tuesday evening.",
/// ];
/// let facts = columns::sketch(&deduper, &texts)?.facts;
/// let measured = columns::measure(&deduper, &texts, &facts, &[(0, 1)])?;
/// assert_eq!(measured[0].comparison.figures.ground, Some(Ground::Shingles));
/// assert!(measured[0].is_certain);
/// # Ok::<(), reprint::Error>(())
/// ```
///
/// # Errors
///
/// If columns have different numbers of rows, if facts are of another scheme, or if a pair names a row that does not exist.
pub fn measure<T: AsRef<str>, F: Borrow<Facts>>(
    deduper: &Deduper,
    texts: &[T],
    facts: &[F],
    pairs: &[CandidatePair],
) -> Result<Vec<Measured>, Error> {
    measured(deduper, &Rows::new(texts, facts)?, pairs)
}

fn measured(
    deduper: &Deduper,
    rows: &Rows<'_>,
    pairs: &[CandidatePair],
) -> Result<Vec<Measured>, Error> {
    let batch = Batch::new(deduper, &Source::new(rows))?;
    let nearby = Nearby::new(&batch.corpus, &[]);
    let mut desk = Desk::new(&nearby, None);
    let measured = pairs.iter().map(|&pair| {
        let (a, b) = batch.pair(pair)?;
        if a == b {
            return Ok(equal());
        }
        let (left, right) = (desk.text(a), desk.text(b));
        let measures = Measures::new(&left, &right);
        let open = batch.corpus.open(a, b).without_drift();
        let found = by_themselves(&measures, open, &deduper.0.bounds);
        let found = found.map(|(comparison, is_certain)| Measured {
            comparison,
            is_certain,
        });
        Ok(found.unwrap_or_default())
    });
    measured.collect()
}

fn equal() -> Measured {
    Measured {
        comparison: Comparison::equal(verify::Relation::SameText),
        is_certain: true,
    }
}

/// The evidence of the works near two texts, for each of the `pairs` of rows: how much of the text that the two share is rare, and which of
/// their differences are slots of a form. `None` if fewer than two works are near both texts, or if the two are equal.
///
/// `near` are the pairs of rows that share a key. All pairs with one of the two texts must be among them. Up to eight of the nearest works
/// vote. `works` has the work of each row as a number: rows with one number are one work and count once. Cost: up to 16 alignments a pair.
/// Pairs that are next to each other share them.
///
/// ```
/// use reprint::{Deduper, columns};
///
/// let deduper = Deduper::default();
/// let card = |name: &str, day: u32| format!("Membership card of the rowing club at Holm harbour. Name of the member: {name}. Valid until the {day}th of May, at all gates and at the boat house. Please show it when you are asked to.");
/// let texts = [card("Ada Norling", 12), card("Bo Quist", 13), card("Cyrus Wendt", 14), card("Dora Lamm", 15)];
/// let facts = columns::sketch(&deduper, &texts)?.facts;
/// let near = [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)];
/// let evidence = columns::own(&deduper, &texts, &facts, &near, &[0, 1, 2, 3], &[(0, 1)])?;
/// // Two other cards have what the two share.
/// assert_eq!(evidence[0].map(|evidence| evidence.works), Some(2));
/// let judged = columns::judge(&deduper, &texts, &facts, &[(0, 1)], &evidence)?;
/// assert!(!judged[0].relation.is_copy());
/// # Ok::<(), reprint::Error>(())
/// ```
///
/// # Errors
///
/// As [`measure`].
pub fn own<T: AsRef<str>, F: Borrow<Facts>>(
    deduper: &Deduper,
    texts: &[T],
    facts: &[F],
    near: &[CandidatePair],
    works: &[u32],
    pairs: &[CandidatePair],
) -> Result<Vec<Option<Evidence>>, Error> {
    let rows = Rows::new(texts, facts)?;
    same_rows("works", works.len(), texts.len())?;
    asked(deduper, &rows, near, works, pairs)
}

fn asked(
    deduper: &Deduper,
    rows: &Rows<'_>,
    near: &[CandidatePair],
    works: &[u32],
    pairs: &[CandidatePair],
) -> Result<Vec<Option<Evidence>>, Error> {
    let batch = Batch::new(deduper, &Source::new(rows))?;
    let near = near_pairs(&batch, near)?;
    let first = |text: &[usize]| text.first().and_then(|&row| works.get(row)).copied();
    let groups = batch.corpus.groups.iter();
    let work_of: Vec<u32> = groups.map(|rows| first(rows).unwrap_or_default()).collect();
    let nearby = Nearby::new(&batch.corpus, &near);
    let mut desk = Desk::new(&nearby, Some(&work_of));
    let evidence = pairs.iter().map(|&pair| {
        let (a, b) = batch.pair(pair)?;
        Ok(if a == b { None } else { desk.own(a, b) })
    });
    evidence.collect()
}

/// These pairs of rows as pairs of texts, if the two are near each other or may be copies; ascending.
fn near_pairs(batch: &Batch<'_>, pairs: &[CandidatePair]) -> Result<Vec<NearPair>, Error> {
    let mut met = Vec::with_capacity(pairs.len());
    for &pair in pairs {
        let (a, b) = batch.pair(pair)?;
        met.extend((a != b).then_some((a.min(b), a.max(b))));
    }
    Ok(screened(
        &batch.corpus,
        &merge_pairs(met),
        &Pool::of_caller(&()),
    ))
}

/// The verdict on each of the `pairs` of rows, with the evidence of other works: the result of [`own`], or `None` for a pair without such
/// evidence. The first row of a pair is the left side.
///
/// ```
/// use reprint::{Deduper, columns};
///
/// let deduper = Deduper::default();
/// let texts = ["We meet in room 12 on Monday.", "We meet in room 14 on Monday."];
/// let facts = columns::sketch(&deduper, &texts)?.facts;
/// let judged = columns::judge(&deduper, &texts, &facts, &[(0, 1)], &[None])?;
/// assert!(!judged[0].relation.is_copy());
/// # Ok::<(), reprint::Error>(())
/// ```
///
/// # Errors
///
/// As [`measure`].
pub fn judge<T: AsRef<str>, F: Borrow<Facts>>(
    deduper: &Deduper,
    texts: &[T],
    facts: &[F],
    pairs: &[CandidatePair],
    evidence: &[Option<Evidence>],
) -> Result<Vec<Comparison>, Error> {
    let rows = Rows::new(texts, facts)?;
    same_rows("evidence", evidence.len(), pairs.len())?;
    judged(deduper, &rows, pairs, evidence)
}

fn judged(
    deduper: &Deduper,
    rows: &Rows<'_>,
    pairs: &[CandidatePair],
    evidence: &[Option<Evidence>],
) -> Result<Vec<Comparison>, Error> {
    let batch = Batch::new(deduper, &Source::new(rows))?;
    let nearby = Nearby::new(&batch.corpus, &[]);
    let mut desk = Desk::new(&nearby, None);
    let judged = pairs.iter().zip(evidence).map(|(&pair, evidence)| {
        let (a, b) = batch.pair(pair)?;
        if a == b {
            return Ok(equal().comparison);
        }
        let (left, right) = (desk.text(a), desk.text(b));
        let measures = Measures::new(&left, &right);
        let bounds = &deduper.0.bounds;
        Ok(verify::judge(&measures, evidence.as_ref(), bounds, false))
    });
    judged.collect()
}
