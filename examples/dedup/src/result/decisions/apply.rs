//! How do a person's decisions change the result of a run?

use std::collections::{BTreeMap, HashMap, HashSet};

use reprint::normalize::Normalizer;
use reprint::report::{Cluster, DocumentRef, Member, Report};
use reprint::shingle::Shingler;
use reprint::verify::{Comparison, Relation, Text, compare};
use reprint::{Documents, Metadata};

use super::{Decision, Decisions, Verdict};
use crate::store::text_or_nothing;

/// The effects of the decisions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Applied {
    /// Number of documents that left their clusters.
    pub separated: usize,
    /// Number of chosen documents that are canonical.
    pub chosen: usize,
    /// Ids that no document has.
    pub unknown: Vec<String>,
    /// Ids of documents that are no longer in one cluster with the canonical copy of their decision.
    pub without_cluster: Vec<String>,
}

/// Changes the clusters of a report according to the decisions.
///
/// A decision counts if its document and its canonical copy are in one cluster. It does not matter which document of the cluster is
/// canonical now. First all documents that are not copies leave, then the chosen ones become canonical.
pub fn apply(decisions: &Decisions, report: &mut Report, documents: &dyn Documents) -> Applied {
    let known: HashSet<&str> = (0..documents.len())
        .map(|position| documents.id(position))
        .collect();
    let mut applied = Applied::default();
    let mut changes: BTreeMap<usize, Changes> = BTreeMap::new();
    {
        let cluster_of = cluster_of(report);
        let decided = decisions.iter().filter(|one| one.decision != Verdict::Seen);
        for decision in decided {
            let id = decision.id.as_str();
            if !known.contains(id) {
                applied.unknown.push(id.to_owned());
                continue;
            }
            let cluster = cluster_of.get(id).copied();
            match cluster.filter(|_| cluster == cluster_of.get(&*decision.canonical).copied()) {
                Some(cluster) => changes.entry(cluster).or_default().add(decision),
                None => applied.without_cluster.push(id.to_owned()),
            }
        }
    }
    let threshold = report.settings.threshold;
    let change = Change {
        documents,
        threshold,
    };
    let mut separated = HashSet::new();
    for (number, changes) in &changes {
        applied.chosen += usize::from(changes.chosen.is_some());
        separated.extend(change.apply(&mut report.clusters[*number], changes));
    }
    applied.separated = separated.len();
    report
        .clusters
        .retain(|cluster| !cluster.members.is_empty());
    report
        .clusters
        .sort_by(|a, b| a.canonical.id.cmp(&b.canonical.id));
    report
        .accepted
        .retain(|pair| !separated.contains(&pair.a) && !separated.contains(&pair.b));
    applied
}

/// The number of the cluster of each document that is in a cluster.
fn cluster_of(report: &Report) -> HashMap<&str, usize> {
    let clusters = report.clusters.iter().enumerate();
    let documents = clusters.flat_map(|(number, cluster)| {
        let documents = cluster.documents();
        documents.map(move |document| (document.id.as_str(), number))
    });
    documents.collect()
}

/// The changes to one cluster.
#[derive(Default)]
struct Changes {
    separate: HashSet<String>,
    /// The document with the smallest id, if several were chosen.
    chosen: Option<String>,
}

impl Changes {
    fn add(&mut self, Decision { id, decision, .. }: &Decision) {
        match decision {
            Verdict::NotACopy => {
                self.separate.insert(id.clone());
            }
            Verdict::KeepThisOne => {
                self.chosen.get_or_insert_with(|| id.clone());
            }
            Verdict::Seen => {}
        }
    }
}

struct Change<'d> {
    documents: &'d dyn Documents,
    threshold: f64,
}

impl Change<'_> {
    /// Changes one cluster, and returns the positions of the documents that left it. A cluster without members is removed later.
    fn apply(&self, cluster: &mut Cluster, changes: &Changes) -> Vec<usize> {
        let leaves = |document: &DocumentRef| changes.separate.contains(&document.id);
        let left: Vec<usize> = cluster
            .documents()
            .filter(|document| leaves(document))
            .map(|document| document.position)
            .collect();
        let canonical_leaves = leaves(&cluster.canonical);
        cluster.members.retain(|member| !leaves(&member.document));
        if let Some(next) = self.next_canonical(cluster, changes, canonical_leaves) {
            self.promote(cluster, next);
        }
        if canonical_leaves {
            let stays = |member: &Member| !leaves(&member.document);
            cluster.members.retain(stays);
        }
        if changes.chosen.as_ref() == Some(&cluster.canonical.id) {
            cluster.reason = "chosen by a decision".to_owned();
        }
        if !left.is_empty() {
            self.forget_metadata(cluster);
        }
        left
    }

    /// The member that becomes canonical, if there is to be a change. It is the chosen one; or, if the canonical copy leaves, the
    /// least damaged one, and the one with the smallest id if there are several.
    fn next_canonical(
        &self,
        cluster: &Cluster,
        changes: &Changes,
        canonical_leaves: bool,
    ) -> Option<usize> {
        let members = || cluster.members.iter().enumerate();
        let chosen = changes.chosen.as_ref();
        let chosen = chosen.and_then(|id| members().find(|(_, member)| member.document.id == *id));
        let least = || members().min_by_key(|(_, member)| member.damage.weight());
        let next = chosen.or_else(|| canonical_leaves.then(least).flatten());
        next.map(|(number, _)| number)
    }

    /// Makes a member the canonical copy, and the canonical copy a member.
    fn promote(&self, cluster: &mut Cluster, number: usize) {
        let next = cluster.members.remove(number);
        let earlier = Member {
            document: std::mem::replace(&mut cluster.canonical, next.document),
            comparison: next.comparison.swapped(),
            via: next.via,
            damage: std::mem::replace(&mut cluster.damage, next.damage),
        };
        let text = Prepared::new(&text_or_nothing(self.documents, cluster.canonical.position));
        for member in &mut cluster.members {
            let other = Prepared::new(&text_or_nothing(self.documents, member.document.position));
            let comparison = text.compare(&other, self.threshold);
            if comparison.relation.is_copy() {
                member.comparison = comparison;
                member.via = None;
            } else {
                // By the two texts alone it is not a copy. It joined the cluster through the earlier canonical copy.
                member.comparison = joined(&earlier.comparison, &member.comparison, &comparison);
                member.via = Some(earlier.document.clone());
            }
        }
        cluster.reason = format!(
            "least damaged text without {}, which a decision took out",
            earlier.document
        );
        cluster.members.push(earlier);
        cluster
            .members
            .sort_by(|a, b| a.document.id.cmp(&b.document.id));
        self.forget_metadata(cluster);
    }

    /// Keeps only metadata of documents that are still in the cluster, with the values of the canonical copy first.
    fn forget_metadata(&self, cluster: &mut Cluster) {
        let all: Vec<Metadata> = cluster
            .documents()
            .map(|document| self.documents.metadata(document.position))
            .map(Result::unwrap_or_default)
            .collect();
        let of_any = |name: &str, value: &str| {
            all.iter()
                .any(|metadata| metadata.values(name).any(|one| one == value))
        };
        for (name, values) in &mut cluster.metadata {
            values.retain(|value| of_any(name, value));
            let first = |value: &String| all[0].values(name).any(|one| one == value);
            values.sort_by_key(|value| !first(value));
        }
        cluster.metadata.retain(|_, values| !values.is_empty());
        let sources = all.iter().flat_map(|metadata| metadata.values("source"));
        cluster.sources = sources.collect::<HashSet<_>>().len();
    }
}

/// The comparison of a member that is a copy of the earlier canonical copy only. Its measures are those of the weaker of the two steps.
fn joined(earlier: &Comparison, member: &Comparison, direct: &Comparison) -> Comparison {
    let weaker = match earlier.similarity() < member.similarity() {
        true => earlier,
        false => member,
    };
    Comparison {
        relation: Relation::Reprint,
        overlap: direct.overlap,
        figures: weaker.figures,
    }
}

/// A text and its shingles.
struct Prepared {
    original: String,
    folded: String,
    shingles: Vec<u64>,
}

impl Prepared {
    fn new(text: &str) -> Self {
        let folded = Normalizer::new().fold(text);
        Self {
            original: text.to_owned(),
            shingles: Shingler::default().hashes(&folded),
            folded,
        }
    }

    fn text(&self) -> Text<'_> {
        Text {
            original: &self.original,
            folded: &self.folded,
            shingles: &self.shingles,
        }
    }

    fn compare(&self, other: &Self, threshold: f64) -> Comparison {
        compare(self.text(), other.text(), threshold)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use reprint::Deduper;

    const TEXT: &str = "The old lock keeper wrote the height of the river in his book every morning before the bell. \
        Nobody had asked him to, and nobody read it until the spring when the dam above the valley failed.";

    /// Three copies of a text, and two of another.
    fn documents() -> Vec<(&'static str, String)> {
        let other = "On the second day of the fair the ferry carried four hundred people and eleven goats, and one bell.";
        vec![
            ("a", TEXT.to_owned()),
            ("b", TEXT.replace("spring", "autumn")),
            ("c", TEXT.replace("book", "ledger")),
            ("x", other.to_owned()),
            ("y", format!("{other}!")),
        ]
    }

    fn decided(lines: &[(&str, &str, &str)]) -> (Report, Applied) {
        let lines = lines.iter().map(|(id, canonical, decision)| {
            format!("{{\"id\":{id:?},\"canonical\":{canonical:?},\"decision\":{decision:?}}}\n")
        });
        let decisions = Decisions::parse(&lines.collect::<String>()).unwrap();
        let documents = documents();
        let documents: Vec<(&str, &str)> = documents
            .iter()
            .map(|(id, text)| (*id, text.as_str()))
            .collect();
        let mut report = Deduper::default().run(&documents).unwrap();
        let applied = apply(&decisions, &mut report, &documents);
        (report, applied)
    }

    fn clusters(report: &Report) -> Vec<Vec<&str>> {
        let clusters = report.clusters.iter();
        let ids = clusters.map(|cluster| cluster.documents().map(|one| one.id.as_str()).collect());
        ids.collect()
    }

    #[test]
    fn what_is_no_copy_stays_and_leaves_its_cluster() {
        let (before, _) = decided(&[]);
        let canonical = before.clusters[0].canonical.id.clone();
        let other = ["b", "c"].into_iter().find(|id| *id != canonical).unwrap();
        let (report, applied) = decided(&[(other, &canonical, "not-a-copy")]);
        assert_eq!((applied.separated, applied.chosen), (1, 0));
        assert_eq!(clusters(&report)[0].len(), 2);
        assert_eq!(report.kept().iter().filter(|kept| **kept).count(), 3);
        let (report, _) = decided(&[("y", "x", "not-a-copy")]);
        assert_eq!(clusters(&report).len(), 1);
    }

    #[test]
    fn the_chosen_one_is_canonical_and_all_others_are_compared_with_it() {
        for chosen in ["a", "b", "c"] {
            let (report, applied) = decided(&[(chosen, "a", "keep-this-one")]);
            assert_eq!(applied.chosen, 1);
            let cluster = &report.clusters[0];
            assert_eq!(cluster.canonical.id, chosen);
            assert_eq!(cluster.reason, "chosen by a decision");
            assert_eq!(cluster.members.len(), 2);
            for member in &cluster.members {
                assert_eq!(member.comparison.relation, Relation::Reprint);
                assert!(member.comparison.similarity() >= report.settings.threshold);
            }
        }
    }

    #[test]
    fn a_canonical_copy_that_is_no_copy_leaves_the_others_together() {
        let (before, _) = decided(&[]);
        let canonical = before.clusters[0].canonical.id.clone();
        let (report, applied) = decided(&[(&canonical, &canonical, "not-a-copy")]);
        assert_eq!(applied.separated, 1);
        let cluster = &report.clusters[0];
        assert!(cluster.documents().all(|one| one.id != canonical));
        assert_eq!(cluster.members.len(), 1);
        assert!(cluster.reason.contains("without"), "{}", cluster.reason);
    }

    #[test]
    fn decisions_about_unknown_ids_and_clusters_that_are_gone_change_nothing() {
        let (before, _) = decided(&[]);
        let (report, applied) = decided(&[
            ("nobody", "a", "not-a-copy"),
            ("x", "a", "not-a-copy"),
            ("b", "gone", "keep-this-one"),
            ("c", "a", "seen"),
        ]);
        assert_eq!(applied.unknown, ["nobody"]);
        assert_eq!(applied.without_cluster, ["b", "x"]);
        assert_eq!(clusters(&report), clusters(&before));
    }
}
