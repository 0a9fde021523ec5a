//! Runs sets and scores each.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt::Write;

use serde::Serialize;

use crate::collection::Collection;
use crate::links::{EqualTexts, Links};
use crate::options::Tuning;
use crate::pool::Pool;
use crate::score::{Clusters, Labels, Pairs, graded, together};
use crate::set::{Pair, Set};

/// What came out for one set.
#[derive(Clone, Debug, Serialize)]
pub struct Outcome {
    pub set: String,
    pub documents: usize,
    pub threshold: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clusters: Option<Clusters>,
    /// The pairs that were accepted as copies before clustering.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pairs_before_clustering: Option<Pairs>,
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

/// Runs the sets in one run, together with the other documents, and scores each set on pairs of its own documents.
pub fn evaluate(
    sets: &[Set],
    others: &[Collection],
    tuning: &Tuning,
) -> Result<Vec<Outcome>, String> {
    let relations = |set: &Set| set.contained.is_some() || set.graded.is_some();
    let failed = |error: reprint::Error| {
        let names: Vec<&str> = sets.iter().map(|set| set.name.as_str()).collect();
        format!("{}: {error}", names.join(", "))
    };
    let pool = Pool::new(sets, others);
    let deduper = tuning.deduper(sets.iter().any(relations)).map_err(failed)?;
    let report = deduper.run(&pool.documents).map_err(failed)?;
    let equal_texts = EqualTexts::new(&report, &pool);
    let outcomes = sets.iter().zip(&pool.ranges).map(|(set, range)| {
        let links = Links::new(&report, &equal_texts, set, range);
        Outcome::new(set, links, tuning.bounds.shingles)
    });
    Ok(outcomes.collect())
}

impl Outcome {
    fn new(set: &Set, links: Links, threshold: f64) -> Self {
        let labels = set
            .truth
            .as_ref()
            .map(|truth| Labels::new(truth, &links.cluster_of));
        let clusters = labels.map(|labels| labels.score(&set.ignore));
        let before = clusters
            .as_ref()
            .map(|clusters| Pairs::accepted(set, &links.accepted, clusters.pairs.right));
        let contained =
            |right: &Vec<Pair>| Pairs::ordered(&links.contained, right, &set.ignore_contained);
        let planted = |pairs: &Vec<Pair>| (pairs.len(), together(pairs, &links.cluster_of));
        let by_grade =
            |pairs: &Vec<(Pair, String)>| graded(pairs, &links.cluster_of, &links.related);
        Self {
            set: set.name.clone(),
            documents: set.documents.len(),
            threshold,
            clusters,
            pairs_before_clustering: before,
            containment: set.contained.as_ref().map(contained),
            planted: set.planted.as_ref().map(planted),
            graded: set.graded.as_ref().map(by_grade),
            cluster_of: links.cluster_of,
            contained: links.contained,
        }
    }

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
