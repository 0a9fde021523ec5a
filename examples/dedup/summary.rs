//! What should a person, or a script, know at the end?

use std::fmt::Write;

use reprint::Documents;
use reprint::report::{Cluster, Member, RelatedPair, Report, Search};
use reprint::verify::{Ground, Relation};
use serde_json::{Map, Value, json};

use crate::{RunResult, watch};

/// Clusters that the printed summary shows before it refers to the files.
const SHOWN: usize = 50;

/// Headings of one document that it shows.
const HEADINGS: usize = 12;

pub struct Summary<'r> {
    result: &'r RunResult<'r>,
    report: &'r Report,
    /// Seconds of reading, and of writing where results were written.
    read: f64,
    written: Option<f64>,
}

impl<'r> Summary<'r> {
    pub fn new(result: &'r RunResult<'r>, read: f64) -> Self {
        Self {
            result,
            report: result.report,
            read,
            written: None,
        }
    }

    /// Results were written in so many seconds.
    pub fn written(&mut self, seconds: f64) {
        self.written = Some(seconds);
    }

    fn rejected(&self) -> usize {
        self.result.store.rejected.len()
    }

    fn removed(&self) -> usize {
        self.documents() - self.kept()
    }

    /// Documents of the input; parts of them do not count.
    fn documents(&self) -> usize {
        self.result.store.len()
    }

    fn kept(&self) -> usize {
        let kept = self.report.kept();
        kept[..self.documents()]
            .iter()
            .filter(|&&kept| kept)
            .count()
    }

    /// The object of `summary.json`.
    pub fn json(&self) -> String {
        let report = self.report;
        let relations = [Relation::Exact, Relation::SameText, Relation::Reprint];
        let copies = relations.map(|relation| (relation.to_string(), report.members_of(relation)));
        let others = [Relation::Contains, Relation::Shares];
        let others = others.map(|relation| (relation.to_string(), report.pairs_of(relation)));
        let relations = copies.into_iter().chain(others);
        let relations = relations.map(|(name, count)| (name, json!(count)));
        let value = json!({
            "documents": self.documents(),
            "bytes": report.counts.bytes,
            "parts": self.result.parts.as_ref().map(Vec::len),
            "clusters": report.clusters.len(),
            "removed": self.removed(),
            "rejected": self.rejected(),
            "refused_pairs": report.refused.len(),
            "candidate_pairs": report.counts.candidate_pairs,
            "verified_pairs": report.counts.verified_pairs,
            "relations": Map::from_iter(relations),
            "settings": self.settings(),
            "seconds": self.seconds(),
            "peak_memory_bytes": watch::peak(),
        });
        format!("{value:#}")
    }

    fn settings(&self) -> Value {
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
            "search": search,
            "character_window": settings.character_window,
            "word_window": settings.word_window,
            "containment": settings.limits.map(|limits| limits.containment),
            "passage": settings.limits.map(|limits| limits.passage),
            "keep": settings.keep.to_string(),
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

    /// For people.
    pub fn text(&self) -> String {
        let mut out = self.head();
        self.parts(&mut out);
        for (number, cluster) in self.report.clusters.iter().enumerate().take(SHOWN) {
            let _ = write!(
                out,
                "\n{}. {}",
                number + 1,
                describe(cluster, self.result.documents)
            );
        }
        if self.report.clusters.len() > SHOWN {
            let more = self.report.clusters.len() - SHOWN;
            let _ = writeln!(
                out,
                "\n... and {more} more clusters: --output DIR writes all of them"
            );
        }
        self.relations(&mut out);
        for pair in self.report.refused.iter().take(SHOWN) {
            let _ = writeln!(
                out,
                "\nNot joined: {} and {} are alike ({:.1} %), but one of them is no copy of the other's canonical copy.",
                pair.a,
                pair.b,
                100.0 * pair.comparison.similarity()
            );
        }
        out
    }

    /// What is inside what, and how many passages are shared.
    fn relations(&self, out: &mut String) {
        let contains = |pair: &&RelatedPair| pair.comparison.relation == Relation::Contains;
        let mut inside = self.report.relations.iter().filter(contains).peekable();
        if inside.peek().is_some() {
            out.push('\n');
        }
        for pair in inside.take(SHOWN) {
            let share = 100.0 * pair.comparison.right_in_left();
            let _ = writeln!(out, "{} contains {}: {share:.1} % of it", pair.a, pair.b);
        }
        for gone in self.report.contained.iter().take(SHOWN) {
            let _ = writeln!(
                out,
                "{} goes: it is within {}, which stays",
                gone.document, gone.container
            );
        }
        let contained = self.report.pairs_of(Relation::Contains);
        if contained > SHOWN {
            let _ = writeln!(
                out,
                "... and {} more: --output DIR writes all of them",
                contained - SHOWN
            );
        }
        let shared = self.report.pairs_of(Relation::Shares);
        if shared > 0 {
            let share = if shared == 1 {
                "pair of documents shares a passage"
            } else {
                "pairs of documents share passages"
            };
            let _ = writeln!(
                out,
                "\n{shared} other {share}: --explain ID shows those of one, --output DIR writes all."
            );
        }
    }

    /// What each compilation is made of.
    fn parts(&self, out: &mut String) {
        let parts = self.result.parts.iter().flatten().collect::<Vec<_>>();
        for parts in parts.chunk_by(|a, b| a.0 == b.0).take(SHOWN) {
            let headings: Vec<String> = parts
                .iter()
                .map(|(_, _, part)| opening(&part.heading))
                .collect();
            let whole = self.result.store.id(parts[0].0);
            let more = if headings.len() > HEADINGS {
                ", ..."
            } else {
                ""
            };
            let _ = writeln!(
                out,
                "{whole}: {} parts ({}{more})",
                parts.len(),
                headings[..headings.len().min(HEADINGS)].join(", ")
            );
        }
    }

    fn head(&self) -> String {
        let removed = self.removed();
        let clusters = self.report.clusters.iter();
        let clustered = clusters
            .flat_map(Cluster::documents)
            .filter(|document| !document.is_part)
            .count();
        let mut out = format!(
            "{}, {} of text: {} with {}; {} can go, {} stay.\n",
            count(self.documents(), "document"),
            bytes(self.report.counts.bytes),
            count(self.report.clusters.len(), "cluster"),
            count(clustered, "document"),
            count(removed, "copy"),
            self.kept(),
        );
        if self.rejected() > 0 {
            let _ = writeln!(
                out,
                "{} rejected: see standard error.",
                count(self.rejected(), "input")
            );
        }
        out
    }
}

/// "1 copy", "3 copies".
fn count(n: usize, noun: &str) -> String {
    match (n, noun.strip_suffix('y')) {
        (1, _) => format!("1 {noun}"),
        (_, Some(stem)) => format!("{n} {stem}ies"),
        _ => format!("{n} {noun}s"),
    }
}

fn bytes(n: usize) -> String {
    match n {
        0..10_000 => format!("{n} bytes"),
        10_000..10_000_000 => format!("{:.1} kB", n as f64 / 1e3),
        _ => format!("{:.1} MB", n as f64 / 1e6),
    }
}

/// A cluster over several lines: what stays and why, then each copy and why it belongs to it.
fn describe(cluster: &Cluster, documents: &dyn Documents) -> String {
    let opening = opening(&documents.text(cluster.canonical.position));
    let mut out = format!(
        "{} stays: {}\n   \"{opening}\"\n",
        cluster.canonical, cluster.reason
    );
    for member in &cluster.members {
        let _ = writeln!(out, "   {}: {}", member.document, why(member));
    }
    out
}

pub fn why(member: &Member) -> String {
    let comparison = &member.comparison;
    if let Some(equal) = equal(comparison.relation) {
        return equal.into();
    }
    format!(
        "{}, {:.1} % alike{}: it has {:.1} % of the canonical copy, which has {:.1} % of it",
        comparison.relation,
        100.0 * comparison.jaccard(),
        match comparison.figures.ground {
            Some(Ground::Body) => " without head and foot".into(),
            Some(Ground::Grams | Ground::Drift) => {
                format!(
                    " by shingles, {:.1} % by grams",
                    100.0 * comparison.similarity()
                )
            }
            Some(Ground::Letters) => {
                format!(
                    " by shingles, {:.1} % letter by letter",
                    100.0 * comparison.similarity()
                )
            }
            _ => String::new(),
        },
        100.0 * comparison.left_in_right(),
        100.0 * comparison.right_in_left()
    )
}

/// How two texts are equal, if they are.
pub fn equal(relation: Relation) -> Option<&'static str> {
    match relation {
        Relation::Exact => Some("exact, the same characters"),
        Relation::SameText => {
            Some("same-text, equal but for layout, punctuation, script or regional words")
        }
        _ => None,
    }
}

/// The first words of a text, on one line.
fn opening(text: &str) -> String {
    const CHARACTERS: usize = 36;
    let flat = text
        .trim_start_matches('\u{FEFF}')
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    let start: String = flat.chars().take(CHARACTERS).collect();
    if start.len() < flat.len() {
        start + "…"
    } else {
        start
    }
}
