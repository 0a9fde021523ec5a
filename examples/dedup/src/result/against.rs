//! What is written about documents that a reference collection has?

use std::collections::{BTreeMap, HashSet};
use std::path::PathBuf;

use reprint::report::records::{RemovedRecord, rounded};
use reprint::report::{Against, AgainstPair, AgainstShare};
use reprint::verify::Relation;
use serde_json::{Map, Value, json};

/// The comparison of the documents with the reference.
pub struct Compared {
    pub against: Against,
    /// For each document of the input: was it set aside?
    pub dropped: Vec<bool>,
    /// Bytes of the texts that were set aside.
    pub bytes: usize,
    /// The relations that cause a document to be removed.
    pub relations: Vec<Relation>,
    pub by_source: BTreeMap<String, AgainstShare>,
    /// A hash of everything in the reference that changes the result.
    pub identity: u128,
    /// The files of the reference, if the input has whole files. If the input has one of them as well, it may be the only copy.
    pub files: HashSet<PathBuf>,
}

impl Compared {
    /// Number of documents that were set aside.
    pub fn gone(&self) -> usize {
        self.dropped.iter().filter(|&&dropped| dropped).count()
    }

    /// For each document that was set aside, its place in the input and the pair that was the reason.
    pub fn reasons(&self) -> impl Iterator<Item = (usize, &AgainstPair)> {
        let reasons = self.against.reasons(&self.relations).into_iter();
        let reasons = reasons.zip(&self.dropped).enumerate();
        reasons.filter_map(|(position, (pair, dropped))| {
            pair.filter(|_| *dropped).map(|pair| (position, pair))
        })
    }

    /// Number of documents by their relation to a reference.
    pub fn share(&self) -> AgainstShare {
        self.against.share()
    }

    /// The object of `summary.json`.
    pub fn json(&self) -> Value {
        let mut value = of_share(&self.share());
        value["reference_documents"] = json!(self.against.references);
        value["dropped"] = json!(self.gone());
        value["drop"] = json!(
            self.relations
                .iter()
                .map(|relation| relation.as_str())
                .collect::<Vec<_>>()
        );
        if !self.by_source.is_empty() {
            let sources = self
                .by_source
                .iter()
                .map(|(source, share)| (source.clone(), of_share(share)));
            value["sources"] = Value::Object(sources.collect());
        }
        value
    }
}

fn of_share(share: &AgainstShare) -> Value {
    let relations = AgainstShare::RELATIONS.iter().zip(share.of_relation);
    let relations = relations.map(|(relation, count)| (relation.to_string(), json!(count)));
    json!({
        "documents": share.documents,
        "found": share.found(),
        "relations": Map::from_iter(relations),
    })
}

/// The row of `removed.jsonl` for a document that was removed because of a reference.
pub fn removed(pair: &AgainstPair) -> RemovedRecord<'_> {
    RemovedRecord {
        id: &pair.document.id,
        canonical: Some(&pair.reference.id),
        relation: pair.comparison.relation.as_str(),
        jaccard: Some(rounded(pair.comparison.jaccard())),
        similarity: Some(rounded(pair.comparison.similarity())),
        sources: None,
    }
}
