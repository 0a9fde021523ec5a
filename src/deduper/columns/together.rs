//! Which clusters do the documents of a component make?

use crate::deduper::Deduper;
use crate::deduper::columns::rows::{no_row, text_of};
use crate::deduper::run;
use crate::deduper::source::Source;
use crate::document::Documents;
use crate::error::Error;
use crate::lsh::CandidatePair;
use crate::report::{Cluster, CopyPair, RefusedPair};

/// The result of [`component`].
///
/// ```
/// let found = reprint::columns::component(&reprint::Deduper::default(), &[("a", "One text."), ("b", "One text")], &[])?;
/// assert_eq!(found.clusters[0].canonical.id, "a");
/// assert!(found.accepted.is_empty() && found.refused.is_empty());
/// # Ok::<(), reprint::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Component {
    /// The clusters of two documents or more, by canonical id. Positions are rows of the component.
    pub clusters: Vec<Cluster>,
    /// The pairs that were judged to be copies, by their ids.
    pub accepted: Vec<CopyPair>,
    /// Copies that are in different clusters.
    pub refused: Vec<RefusedPair>,
}

/// The clusters of documents that are connected by pairs of their texts. `pairs` are pairs of rows that share a key; the first document of
/// a text stands for all its documents. Only pairs that are [near](crate::columns::Relevance::is_near) or
/// [may be copies](crate::columns::Relevance::may_be_copies) count, but there may be others among them. Documents of one folded text need
/// no pair.
///
/// The clusters of a whole component are those of a run over all documents. A pair is judged with the texts near its two texts, and the
/// decisions on these depend in turn on the texts near them, but on no others. Documents that have [facts](crate::Documents::facts) are not
/// signed again. Dates with two readings are read with what the other dates of the component show. If that matters, set the
/// [order of day and month](crate::DeduperBuilder::day_order).
///
/// Cost: as in a run of these documents, in the caller's thread. In a mixed collection, near pairs connect nearly all texts (9,839 of
/// 10,000; 2,369 of 7,955 Chinese articles). Then the component saves the cost of the search, but not of judging.
///
/// ```
/// use reprint::{Deduper, columns};
///
/// let documents = [
///     ("a", "The ferry to Holm stops on the first of November, the port office said on Tuesday."),
///     ("b", "The ferry to Holm stops on the first of November, the port office said on Tuesday evening."),
///     ("c", "THE FERRY TO HOLM STOPS ON THE FIRST OF NOVEMBER, the port office said on Tuesday"),
/// ];
/// let found = columns::component(&Deduper::default(), &documents, &[(0, 1)])?;
/// assert_eq!(found.clusters[0].members.len(), 2);
/// # Ok::<(), reprint::Error>(())
/// ```
///
/// # Errors
///
/// If two documents have one id, if facts are of another scheme, or if a pair names a row that does not exist.
pub fn component<D: Documents + ?Sized>(
    deduper: &Deduper,
    documents: &D,
    pairs: &[CandidatePair],
) -> Result<Component, Error> {
    let beyond = pairs.iter().flat_map(|&(a, b)| [a, b]);
    let beyond = beyond.max().filter(|&row| row as usize >= documents.len());
    if let Some(row) = beyond {
        return Err(no_row(row, documents.len()));
    }
    run::component(&deduper.0, &Source::new(&documents), |groups| {
        let text_of = text_of(groups, documents.len());
        let text = |row: u32| text_of.get(row as usize).copied().unwrap_or_default();
        let met = pairs.iter().map(|&(a, b)| (text(a), text(b)));
        let met = met.filter(|(a, b)| a != b);
        met.map(|(a, b)| (a.min(b), a.max(b))).collect()
    })
}
