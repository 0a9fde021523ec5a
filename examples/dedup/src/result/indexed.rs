//! What is written about an index? Rows of JSON: one for each document, or one for the whole index.

use reprint::index::{Answer, IndexedRelation, Merged, Verified};
use reprint::report::records::rounded;
use serde::Serialize;

/// A document that was added or queried.
#[derive(Serialize)]
pub struct AnswerRow<'a> {
    id: &'a str,
    /// `new`, `known`, `conflict` or `replaced`.
    outcome: &'static str,
    relations: Vec<RelationRow<'a>>,
    generation: u64,
    clusters: &'a [String],
}

/// A document that was already in the index.
#[derive(Serialize)]
struct RelationRow<'a> {
    id: &'a str,
    /// The relation of the queried document to this one.
    relation: &'static str,
    jaccard: f64,
    /// For copies: their similarity, by the measure that decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    similarity: Option<f64>,
    /// Share of the shingles of the queried document that this one has.
    in_other: f64,
    /// Share of the shingles of this document that the queried one has.
    of_other: f64,
}

impl<'a> From<&'a Answer> for AnswerRow<'a> {
    fn from(answer: &'a Answer) -> Self {
        Self {
            id: &answer.id,
            outcome: answer.outcome.as_str(),
            relations: answer.relations.iter().map(RelationRow::from).collect(),
            generation: answer.generation,
            clusters: &answer.clusters,
        }
    }
}

impl<'a> From<&'a IndexedRelation> for RelationRow<'a> {
    fn from(other: &'a IndexedRelation) -> Self {
        let comparison = &other.comparison;
        let is_copy = comparison.relation.is_copy();
        Self {
            id: &other.id,
            relation: comparison.relation.as_str(),
            jaccard: rounded(comparison.jaccard()),
            similarity: is_copy.then(|| rounded(comparison.similarity())),
            in_other: rounded(comparison.left_in_right()),
            of_other: rounded(comparison.right_in_left()),
        }
    }
}

/// An index that was merged into another.
#[derive(Serialize)]
pub struct MergedRow<'a> {
    index: &'a str,
    added: usize,
    known: usize,
    /// Ids of documents that were not added.
    conflicts: &'a [String],
}

impl<'a> MergedRow<'a> {
    pub fn new(index: &'a str, merged: &'a Merged) -> Self {
        Self {
            index,
            added: merged.added,
            known: merged.known,
            conflicts: &merged.conflicts,
        }
    }
}

/// A document that was requested to be removed.
#[derive(Serialize)]
pub struct RemovedRow<'a> {
    pub id: &'a str,
    /// Was it in the index?
    pub removed: bool,
}

/// The generation after `settle`.
#[derive(Serialize)]
pub struct SettledRow {
    pub generation: u64,
    pub documents: usize,
    pub clusters: usize,
    /// The digest of the same clusters in `summary.json`.
    pub digest: String,
}

/// The result of `verify`.
#[derive(Serialize)]
pub struct VerifiedRow<'a> {
    documents: usize,
    bytes: u64,
    faults: &'a [String],
}

impl<'a> From<&'a Verified> for VerifiedRow<'a> {
    fn from(verified: &'a Verified) -> Self {
        Self {
            documents: verified.documents,
            bytes: verified.bytes,
            faults: &verified.faults,
        }
    }
}

/// The state after `compact`.
#[derive(Serialize)]
pub struct CompactedRow {
    pub documents: usize,
    /// Size of the folder in bytes, before and after.
    pub bytes: [u64; 2],
}
