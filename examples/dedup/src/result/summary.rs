//! Which results of a run does a script need? What is shown to people is made from the same numbers.

use std::collections::BTreeMap;

use reprint::Documents;
use reprint::report::{Cluster, Report, Search};
use reprint::verify::Relation;
use serde_json::{Map, Value, json};

use super::RunResult;
use crate::store::memory;

pub struct Summary<'r> {
    result: &'r RunResult<'r>,
    report: &'r Report,
    /// Seconds of reading; seconds of writing, if results were written.
    read: f64,
    written: Option<f64>,
    /// A hash that identifies the run, if results are written.
    run: Option<String>,
    /// The other files of the result, and their lengths in bytes.
    files: BTreeMap<String, u64>,
}

impl<'r> Summary<'r> {
    pub fn new(result: &'r RunResult<'r>, read: f64, run: Option<String>) -> Self {
        Self {
            result,
            report: result.report,
            read,
            written: None,
            run,
            files: BTreeMap::new(),
        }
    }

    /// Notes the files that were written and the seconds that it took.
    pub fn written(&mut self, seconds: f64, files: BTreeMap<String, u64>) {
        self.written = Some(seconds);
        self.files = files;
    }

    /// A hash that identifies the run, if results are written.
    pub fn run(&self) -> Option<&str> {
        self.run.as_deref()
    }

    /// Number of inputs that could not be read.
    pub fn rejected(&self) -> usize {
        self.result.store.rejected.len()
    }

    /// Number of removed documents.
    pub fn removed(&self) -> usize {
        self.documents() - self.kept()
    }

    /// Number of documents of the input that were set aside because a reference has them.
    pub fn set_aside(&self) -> usize {
        self.result.store.gone.len()
    }

    /// Number of documents from which passages were cut.
    pub fn stripped(&self) -> usize {
        let cuts = self.result.cuts.unwrap_or_default();
        cuts.iter().filter(|cuts| !cuts.is_empty()).count()
    }

    /// Number of documents of the input; their parts do not count.
    pub fn documents(&self) -> usize {
        self.result.store.len() + self.set_aside()
    }

    /// Number of documents of the input that are in a cluster.
    pub fn clustered(&self) -> usize {
        let clusters = self.report.clusters.iter();
        clusters
            .flat_map(Cluster::documents)
            .filter(|document| !document.is_part)
            .count()
    }

    /// Number of kept documents.
    pub fn kept(&self) -> usize {
        if self.result.annotations.is_some() {
            return self.documents();
        }
        let kept = self.report.kept();
        kept[..self.result.store.len()]
            .iter()
            .filter(|&&kept| kept)
            .count()
    }

    /// Bytes of all texts of the input.
    pub fn bytes(&self) -> usize {
        let gone = self.result.compared.map_or(0, |compared| compared.bytes);
        self.report.counts.bytes + gone
    }

    /// The object of `summary.json`.
    pub fn json(&self) -> String {
        let report = self.report;
        let relations = [Relation::Exact, Relation::SameText, Relation::Reprint];
        let copies = relations.map(|relation| (relation.to_string(), report.members_of(relation)));
        let contained = (Relation::Contains.to_string(), report.relations.len());
        let relations = copies.into_iter().chain([contained]);
        let relations = relations.map(|(name, count)| (name, json!(count)));
        let mut value = json!({
            "documents": self.documents(),
            "bytes": self.bytes(),
            "parts": self.result.parts.as_ref().map(Vec::len),
            "clusters": report.clusters.len(),
            "removed": self.removed(),
            "rejected": self.rejected(),
            "refused_pairs": report.refused.len(),
            "candidate_pairs": report.counts.candidate_pairs,
            "verified_pairs": report.counts.verified_pairs,
            "relations": Map::from_iter(relations),
            "passages": report.passages.len(),
            "settings": self.settings(),
            "digest": report.digest(),
            "run": self.run,
            "seconds": self.seconds(),
            "peak_memory_bytes": memory::peak(),
        });
        if let Some(compared) = self.result.compared {
            value["against"] = compared.json();
        }
        if let Some(cuts) = self.result.cuts {
            let all = cuts.iter().flatten();
            let characters: usize = all.clone().map(|cut| cut.span.characters.len()).sum();
            value["stripped"] = json!({
                "documents": self.stripped(),
                "passages": all.count(),
                "chars": characters,
            });
        }
        if !self.files.is_empty() {
            value["files"] = json!(self.files);
        }
        let encodings = &self.result.store.encodings;
        if !encodings.is_empty() {
            value["encodings"] = json!(encodings);
        }
        format!("{value:#}")
    }

    pub fn settings(&self) -> Value {
        let settings = &self.report.settings;
        let search = match settings.search {
            Search::MinHash {
                slots,
                recall,
                bands,
                rows,
            } => {
                json!({"by": "minhash", "slots": slots, "recall": recall, "bands": bands, "rows": rows})
            }
            Search::SimHash { bits, distance } => {
                json!({"by": "simhash", "bits": bits, "distance": distance})
            }
            _ => Value::Null,
        };
        json!({
            "threshold": settings.threshold,
            "level": settings.level.as_str(),
            "search": search,
            "character_window": settings.character_window,
            "word_window": settings.word_window,
            "containment": settings.limits.map(|limits| limits.containment),
            "passage": settings.limits.map(|limits| limits.passage),
            "keep": settings.keep.to_string(),
            "date_order": settings.day_order.map(|order| order.to_string()),
            "apart": settings.apart,
            "min_sources": settings.min_sources,
            "annotate": self.result.annotations.is_some(),
            "scheme": settings.scheme.to_string(),
        })
    }

    fn seconds(&self) -> Value {
        let stages = self.report.timings.iter();
        let stages = stages.map(|(stage, time)| (stage.to_string(), time.as_secs_f64()));
        let read = [("read".to_owned(), self.read)];
        let written = self.written.map(|seconds| ("write".to_owned(), seconds));
        let all = read.into_iter().chain(stages).chain(written);
        Value::Object(
            all.map(|(stage, seconds)| (stage, json!(seconds)))
                .collect(),
        )
    }
}
