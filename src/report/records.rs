//! The rows of the result files, as serialisable records.
//!
//! ```
//! use reprint::{Deduper, report::records};
//!
//! let report = Deduper::default().run(&[("a", "One text."), ("b", "One text")])?;
//! let row = serde_json::to_string(&records::clusters(&report).next()).unwrap();
//! assert!(row.starts_with(r#"{"canonical":"a","size":2,"reason":"#));
//! assert!(row.contains(r#"{"id":"b","relation":"same-text","jaccard":1.0,"#));
//! # Ok::<(), reprint::Error>(())
//! ```

use serde::Serialize;

use crate::report::{Cluster, Report};
use crate::verify::Comparison;

/// A row of `clusters.jsonl`.
///
/// ```
/// use reprint::{Deduper, report::records};
///
/// let report = Deduper::default().run(&[("a", "One text."), ("b", "One text")])?;
/// assert_eq!(records::clusters(&report).next().unwrap().size, 2);
/// # Ok::<(), reprint::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ClusterRecord<'r> {
    /// Id of the canonical copy.
    pub canonical: &'r str,
    /// Members with the canonical copy.
    pub size: usize,
    /// Why it is the canonical copy.
    pub reason: &'r str,
    /// The canonical copy, then the others by id.
    pub members: Vec<MemberRecord<'r>>,
}

/// A member in a row of `clusters.jsonl`.
///
/// ```
/// use reprint::{Deduper, report::records};
///
/// let report = Deduper::default().run(&[("a", "One text."), ("b", "One text")])?;
/// assert_eq!(records::clusters(&report).next().unwrap().members[0].relation, "canonical");
/// # Ok::<(), reprint::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MemberRecord<'r> {
    /// Its id.
    pub id: &'r str,
    /// `canonical`, `exact`, `same-text` or `reprint`.
    pub relation: &'static str,
    /// Jaccard with the canonical copy.
    pub jaccard: f64,
    /// Share of its shingles that the canonical copy has.
    pub in_canonical: f64,
    /// Share of the canonical copy's shingles that it has.
    pub of_canonical: f64,
}

/// A row of `removed.jsonl`.
///
/// ```
/// use reprint::{Deduper, report::records};
///
/// let report = Deduper::default().run(&[("a", "One text."), ("b", "One text")])?;
/// assert_eq!(records::removed(&report)[0].id, "b");
/// # Ok::<(), reprint::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RemovedRecord<'r> {
    /// Id of the copy that goes.
    pub id: &'r str,
    /// Id of the copy that stays for it.
    pub canonical: &'r str,
    /// `exact`, `same-text` or `reprint`.
    pub relation: &'static str,
    /// Jaccard with the canonical copy.
    pub jaccard: f64,
}

/// A row of `refused.jsonl`: two copies of each other in different clusters.
///
/// ```
/// use reprint::{Deduper, report::records};
///
/// let report = Deduper::default().run(&[("a", "One text."), ("b", "One text")])?;
/// assert_eq!(records::refused(&report).count(), 0);
/// # Ok::<(), reprint::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RefusedRecord<'r> {
    /// The smaller id.
    pub a: &'r str,
    /// The other.
    pub b: &'r str,
    /// Their Jaccard.
    pub jaccard: f64,
}

/// The rows of `clusters.jsonl`, by canonical id.
pub fn clusters(report: &Report) -> impl Iterator<Item = ClusterRecord<'_>> {
    report.clusters.iter().map(cluster)
}

fn cluster(cluster: &Cluster) -> ClusterRecord<'_> {
    let canonical = MemberRecord {
        id: &cluster.canonical.id,
        relation: "canonical",
        jaccard: 1.0,
        in_canonical: 1.0,
        of_canonical: 1.0,
    };
    let others = cluster.members.iter();
    let others = others.map(|other| member(&other.document.id, &other.comparison));
    ClusterRecord {
        canonical: &cluster.canonical.id,
        size: cluster.members.len() + 1,
        reason: &cluster.reason,
        members: std::iter::once(canonical).chain(others).collect(),
    }
}

fn member<'r>(id: &'r str, comparison: &Comparison) -> MemberRecord<'r> {
    MemberRecord {
        id,
        relation: comparison.relation.as_str(),
        jaccard: rounded(comparison.jaccard()),
        in_canonical: rounded(comparison.right_in_left()),
        of_canonical: rounded(comparison.left_in_right()),
    }
}

/// The rows of `removed.jsonl`, in input order.
pub fn removed(report: &Report) -> Vec<RemovedRecord<'_>> {
    let mut rows = Vec::new();
    for cluster in &report.clusters {
        rows.extend(cluster.members.iter().map(|member| (cluster, member)));
    }
    rows.sort_by_key(|(_, member)| member.document.position);
    let rows = rows.into_iter().map(|(cluster, member)| RemovedRecord {
        id: &member.document.id,
        canonical: &cluster.canonical.id,
        relation: member.comparison.relation.as_str(),
        jaccard: rounded(member.comparison.jaccard()),
    });
    rows.collect()
}

/// The rows of `refused.jsonl`, by their ids.
pub fn refused(report: &Report) -> impl Iterator<Item = RefusedRecord<'_>> {
    report.refused.iter().map(|pair| RefusedRecord {
        a: &pair.a.id,
        b: &pair.b.id,
        jaccard: rounded(pair.comparison.jaccard()),
    })
}

/// To six places: more is noise, and shorter to read.
fn rounded(share: f64) -> f64 {
    (share * 1e6).round() / 1e6
}
