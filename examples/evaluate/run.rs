//! Runs one set and scores it.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt::Write;

use reprint::report::Report;
use reprint::verify::Relation;
use serde::Serialize;

use crate::options::Tuning;
use crate::score::{Clusters, Labels, Pairs, graded, together};
use crate::set::{Pair, Set, ordered};

/// What came out for one set.
#[derive(Clone, Debug, Serialize)]
pub struct Outcome {
    pub set: String,
    pub documents: usize,
    pub threshold: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clusters: Option<Clusters>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub containment: Option<Pairs>,
    /// Planted copies, and how many are in one cluster with their source.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub planted: Option<(usize, usize)>,
    /// By grade: pairs, and how many are in one cluster or related.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub graded: Option<BTreeMap<String, (usize, usize)>>,
    #[serde(skip)]
    cluster_of: HashMap<String, usize>,
    #[serde(skip)]
    contained: HashSet<Pair>,
}

pub fn evaluate(set: &Set, tuning: &Tuning) -> Result<Outcome, String> {
    let relations = set.contained.is_some() || set.graded.is_some();
    let failed = |error: reprint::Error| format!("{}: {error}", set.name);
    let deduper = tuning.deduper(relations).map_err(failed)?;
    let report = deduper.run(&set.documents).map_err(failed)?;
    let cluster_of = cluster_of(&report);
    let contained = contained(&report);
    let score = |truth: &Vec<Pair>| Labels::new(truth, &cluster_of).score(&set.ignore);
    Ok(Outcome {
        set: set.name.clone(),
        documents: set.documents.len(),
        threshold: tuning.bounds.shingles,
        clusters: set.truth.as_ref().map(score),
        containment: set
            .contained
            .as_ref()
            .map(|right| Pairs::ordered(&contained, right, &set.ignore_contained)),
        planted: set
            .planted
            .as_ref()
            .map(|pairs| (pairs.len(), together(pairs, &cluster_of))),
        graded: set
            .graded
            .as_ref()
            .map(|pairs| graded(pairs, &cluster_of, &related(&report))),
        cluster_of,
        contained,
    })
}

fn cluster_of(report: &Report) -> HashMap<String, usize> {
    let members = report
        .clusters
        .iter()
        .enumerate()
        .flat_map(|(number, cluster)| {
            cluster
                .documents()
                .map(move |document| (document.id.clone(), number))
        });
    members.collect()
}

fn contained(report: &Report) -> HashSet<Pair> {
    let contains = report
        .relations
        .iter()
        .filter(|pair| pair.relation == Relation::Contains);
    contains
        .map(|pair| (pair.a.id.clone(), pair.b.id.clone()))
        .collect()
}

/// All pairs that are listed as related.
fn related(report: &Report) -> HashSet<Pair> {
    let related = report.relations.iter();
    let pairs = related.map(|pair| (pair.a.id.clone(), pair.b.id.clone()));
    pairs.map(ordered).collect()
}

impl Outcome {
    /// Each document and its cluster, as `score.py` and others read it.
    pub fn assignment(&self, set: &Set) -> String {
        let mut text = String::new();
        for (id, _) in &set.documents {
            let cluster = self.cluster_of.get(id);
            let _ = match cluster {
                Some(number) => writeln!(text, "{id}\tcluster {number}"),
                None => writeln!(text, "{id}\talone {id}"),
            };
        }
        text
    }

    /// Containers and what they contain.
    pub fn containers(&self) -> String {
        let mut rows: Vec<String> = self
            .contained
            .iter()
            .map(|(a, b)| format!("{a}\t{b}\n"))
            .collect();
        rows.sort();
        rows.concat()
    }
}
