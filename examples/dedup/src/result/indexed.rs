//! What is written of an index? Rows of JSON, one for each document or one for the whole.

use reprint::index::{Answer, IndexedRelation, Merged, Verified};
use reprint::report::records::rounded;
use serde::Serialize;

/// A document that was added or asked about.
#[derive(Serialize)]
pub struct AnswerRow<'a> {
    id: &'a str,
    /// `new`, `known`, `conflict` or `replaced`.
    outcome: &'static str,
    relations: Vec<RelationRow<'a>>,
    generation: u64,
    clusters: &'a [String],
}

/// A document that was there before it.
#[derive(Serialize)]
struct RelationRow<'a> {
    id: &'a str,
    /// What the document that was asked about is to it.
    relation: &'static str,
    jaccard: f64,
    /// Of copies: how alike they are, by the figure that decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    similarity: Option<f64>,
    /// Share of the shingles of the document that was asked about that it has.
    in_other: f64,
    /// Share of its shingles that the document that was asked about has.
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
    /// Ids of documents that were not taken over.
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

/// A document that was to be removed.
#[derive(Serialize)]
pub struct RemovedRow<'a> {
    pub id: &'a str,
    /// Was it there?
    pub removed: bool,
}

/// The generation that `settle` left.
#[derive(Serialize)]
pub struct SettledRow {
    pub generation: u64,
    pub documents: usize,
    pub clusters: usize,
    /// That of the same clusters in `summary.json`.
    pub digest: String,
}

/// What `verify` found.
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

/// What `compact` left.
#[derive(Serialize)]
pub struct CompactedRow {
    pub documents: usize,
    /// Bytes of the folder before and after.
    pub bytes: [u64; 2],
}
