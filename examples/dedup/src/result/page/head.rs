//! What is in the page from the start? Totals, the distribution of clusters and copies, the rejected inputs, and the places of all other data.

use reprint::report::records::rounded;
use reprint::report::{Cluster, Report};
use reprint::verify::{DifferenceKind, Relation};
use serde::Serialize;
use serde_json::Value;

use super::chunks::Streamed;
use super::{MAX_COMPARED, MAX_MEMBERS, MAX_REFUSED, MAX_RELATED};
use crate::result::RunResult;
use crate::result::decisions::{Decision, Decisions};
use crate::result::summary::Summary;
use crate::store::Rejected;

/// Ranges of cluster sizes that are counted together, from the first number to the second.
const SIZES: [(usize, usize); 9] = [
    (2, 2),
    (3, 3),
    (4, 4),
    (5, 5),
    (6, 10),
    (11, 20),
    (21, 50),
    (51, 100),
    (101, usize::MAX),
];

/// Number of steps that divide the range of similarities.
const STEPS: usize = 20;

#[derive(Serialize)]
pub struct Head<'r> {
    totals: Totals,
    settings: Value,
    kinds: Vec<&'static str>,
    /// For each range of sizes: its start, its end (`None` without a limit), and the number of clusters with that many documents.
    sizes: Vec<(usize, Option<usize>, usize)>,
    /// Number of clusters by the similarity of their least similar copy, in steps from 0 to 1. Clusters of equal texts are counted in `equal`.
    least: [usize; STEPS],
    equal: usize,
    clusters: Streamed,
    related: Streamed,
    passages: Streamed,
    refused: Streamed,
    rejected: Vec<(&'r str, Option<usize>, &'r str)>,
    limits: Limits,
    /// A hash that identifies the run. The reader's browser stores decisions with it.
    run: &'r str,
    /// Earlier decisions that were applied in this run.
    decisions: Vec<&'r Decision>,
}

#[derive(Serialize)]
struct Totals {
    documents: usize,
    bytes: usize,
    clusters: usize,
    clustered: usize,
    removed: usize,
    kept: usize,
    contains: usize,
    passages: usize,
    refused: usize,
    rejected: usize,
    exact: usize,
    same_text: usize,
    reprint: usize,
}

/// Maximum numbers of what the page shows.
#[derive(Serialize)]
struct Limits {
    set: usize,
    listed: usize,
    related: usize,
    few: usize,
}

impl<'r> Head<'r> {
    pub fn new(
        result: &'r RunResult<'_>,
        summary: &'r Summary<'_>,
        [clusters, related, passages, refused]: [Streamed; 4],
    ) -> Self {
        let report = result.report;
        let rejected = result.store.rejected.iter().take(MAX_REFUSED);
        Self {
            totals: Totals::new(report, summary),
            settings: summary.settings(),
            kinds: DifferenceKind::ALL.map(DifferenceKind::as_str).into(),
            sizes: sizes(report),
            least: least(report),
            equal: report
                .clusters
                .iter()
                .filter(|cluster| least_similarity(cluster) >= 1.0)
                .count(),
            clusters,
            related,
            passages,
            refused,
            rejected: rejected.map(row).collect(),
            limits: Limits {
                set: MAX_COMPARED,
                listed: MAX_MEMBERS,
                related: MAX_RELATED,
                few: MAX_REFUSED,
            },
            run: summary.run().unwrap_or_default(),
            decisions: result
                .decisions
                .into_iter()
                .flat_map(Decisions::iter)
                .collect(),
        }
    }
}

impl Totals {
    fn new(report: &Report, summary: &Summary<'_>) -> Self {
        Self {
            documents: summary.documents(),
            bytes: summary.bytes(),
            clusters: report.clusters.len(),
            clustered: summary.clustered(),
            removed: summary.removed(),
            kept: summary.kept(),
            contains: report.relations.len(),
            passages: report.passages.len(),
            refused: report.refused.len(),
            rejected: summary.rejected(),
            exact: report.members_of(Relation::Exact),
            same_text: report.members_of(Relation::SameText),
            reprint: report.members_of(Relation::Reprint),
        }
    }
}

fn row(rejected: &Rejected) -> (&str, Option<usize>, &str) {
    let place = &rejected.place;
    (&place.file, place.line, &rejected.reason.text)
}

fn sizes(report: &Report) -> Vec<(usize, Option<usize>, usize)> {
    let clusters = report.clusters.iter();
    let sizes: Vec<usize> = clusters.map(|cluster| cluster.members.len() + 1).collect();
    let counted = SIZES.iter().map(|&(from, to)| {
        let within = sizes.iter().filter(|&&size| from <= size && size <= to);
        (from, (to < usize::MAX).then_some(to), within.count())
    });
    counted.collect()
}

fn least(report: &Report) -> [usize; STEPS] {
    let mut counts = [0; STEPS];
    let clusters = report.clusters.iter().map(least_similarity);
    for similarity in clusters.filter(|similarity| *similarity < 1.0) {
        let step = (similarity * STEPS as f64) as usize;
        counts[step.min(STEPS - 1)] += 1;
    }
    counts
}

/// Similarity of the copy that is least similar to the canonical copy, rounded as in the list of clusters.
pub fn least_similarity(cluster: &Cluster) -> f64 {
    let members = cluster.members.iter();
    let similarity = members.map(|member| rounded(member.comparison.similarity()));
    similarity.fold(1.0, f64::min)
}
