//! How good is an answer?
//!
//! Two documents are a pair if they are in one cluster. Precision is the share of an answer's pairs that are right; recall
//! is the share of the right pairs that are in the answer. With `truth.tsv`, all pairs are counted. Without it, only pairs
//! with a document of the exact sample are counted; they are right if their Jaccard reaches the threshold or if they were
//! planted.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::Path;

use anyhow::Result;
use reprint_peers::Settings;
use serde::Deserialize;

use crate::exact::Sample;
use crate::input::Input;
use crate::labels::{self, Labels, Pair, pair};
use crate::prepare::Answer;

/// The quality of an answer. A share is `None` if there is nothing to divide by.
#[derive(Clone, Copy, Debug)]
pub struct Score {
    /// Number of clusters with more than one document.
    pub clusters: usize,
    pub precision: Option<f64>,
    pub recall: Option<f64>,
    /// Share of the planted pairs whose documents are in one cluster.
    pub planted: Option<f64>,
}

/// The standard by which answers are judged.
#[derive(Debug)]
pub struct Judge {
    pub input: Input,
    labels: Labels,
    /// The exact sample, if there is no truth.
    sample: Option<Sample>,
}

impl Judge {
    /// Reads the labels. If they contain no truth, compares a sample exactly.
    pub fn new(settings: &Settings, labels: Option<&Path>, size: usize) -> Result<Self> {
        let input = Input::read(&settings.input)?;
        let labels = match labels {
            Some(folder) => Labels::read(folder, &input)?,
            None => Labels::default(),
        };
        let mut sample = None;
        if labels.truth.is_none() {
            let mut compared = Sample::compare(settings, size)?;
            let planted = within(&compared.documents, &labels.families(input.documents()));
            compared.copies.extend(planted);
            sample = Some(compared);
        }
        Ok(Self {
            input,
            labels,
            sample,
        })
    }

    /// The names of precision and recall. Against the exact sample they are called `raw`: the sample only contains pairs
    /// that agree letter by letter. An engine that ignores script, width and layout finds more right pairs, and these would
    /// count as wrong.
    pub fn measures(&self) -> [&'static str; 2] {
        match self.sample {
            None => ["precision", "recall"],
            Some(_) => ["raw precision", "raw recall"],
        }
    }

    /// The standard in words, for the reader of the table.
    pub fn standard(&self) -> String {
        let planted = match self.labels.planted.len() {
            0 => String::new(),
            count => format!("; {count} planted pairs"),
        };
        match &self.sample {
            None => format!("precision and recall against labels{planted}"),
            Some(sample) => format!(
                "precision and recall against an exact comparison of {} documents with all others, {} right pairs{planted}",
                sample.documents.len(),
                sample.copies.len()
            ),
        }
    }

    /// The cluster of each document in an answer, by the document's number.
    pub fn read(&self, answer: &Path, kind: Answer) -> Result<Vec<usize>> {
        let rows = match kind {
            Answer::Lines => labels::columns(answer)?.unwrap_or_default(),
            Answer::Folder => rows_of_records(answer)?,
        };
        Ok(labels::clusters(&rows, &self.input))
    }

    /// Compares clusters with the right ones.
    pub fn score(&self, clusters: &[usize]) -> Score {
        let (found, right, hits) = match (&self.labels.truth, &self.sample) {
            (Some(truth), _) => counts_over_all(clusters, truth, &self.labels.ignore),
            (None, Some(sample)) => counts_of_sample(clusters, sample),
            (None, None) => (0, 0, 0),
        };
        let planted = &self.labels.planted;
        let together = planted.iter().filter(|(a, b)| clusters[*a] == clusters[*b]);
        Score {
            clusters: sizes(clusters.iter())
                .values()
                .filter(|it| **it > 1)
                .count(),
            precision: share(hits, found),
            recall: share(hits, right),
            planted: share(together.count(), planted.len()),
        }
    }
}

fn share(part: usize, whole: usize) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

/// The numbers of pairs found, of right pairs, and of pairs that are both.
fn counts_over_all(found: &[usize], right: &[usize], ignore: &[Pair]) -> (usize, usize, usize) {
    let both: Vec<(usize, usize)> = found.iter().copied().zip(right.iter().copied()).collect();
    let mut counts = (
        pairs_within(found.iter()),
        pairs_within(right.iter()),
        pairs_within(both.iter()),
    );
    for &(a, b) in ignore {
        let (is_found, is_right) = (found[a] == found[b], right[a] == right[b]);
        counts.0 -= usize::from(is_found);
        counts.1 -= usize::from(is_right);
        counts.2 -= usize::from(is_found && is_right);
    }
    counts
}

fn counts_of_sample(clusters: &[usize], sample: &Sample) -> (usize, usize, usize) {
    let found = within(&sample.documents, clusters);
    let hits = found.intersection(&sample.copies).count();
    (found.len(), sample.copies.len(), hits)
}

/// The pairs in a cluster with at least one document among `documents`.
fn within(documents: &[usize], clusters: &[usize]) -> HashSet<Pair> {
    let mut members: HashMap<usize, Vec<usize>> = HashMap::new();
    for (number, &cluster) in clusters.iter().enumerate() {
        members.entry(cluster).or_default().push(number);
    }
    let pairs = documents.iter().flat_map(|&a| {
        let others = members[&clusters[a]].iter().filter(move |&&b| b != a);
        others.map(move |&b| pair(a, b))
    });
    pairs.collect()
}

/// How often each thing occurs.
fn sizes<T: std::hash::Hash + Eq>(things: impl Iterator<Item = T>) -> HashMap<T, usize> {
    let mut sizes = HashMap::new();
    for thing in things {
        *sizes.entry(thing).or_default() += 1;
    }
    sizes
}

/// The number of pairs of equal things.
fn pairs_within<T: std::hash::Hash + Eq>(things: impl Iterator<Item = T>) -> usize {
    sizes(things)
        .values()
        .map(|size| size * (size - 1) / 2)
        .sum()
}

/// A row of the program's `clusters.jsonl`, which has no clusters of one document.
#[derive(Deserialize)]
struct Record {
    canonical: String,
    members: Vec<Member>,
}

#[derive(Deserialize)]
struct Member {
    id: String,
}

fn rows_of_records(answer: &Path) -> Result<Vec<(String, String)>> {
    let mut rows = Vec::new();
    for line in fs::read_to_string(answer)?.lines() {
        let record: Record = serde_json::from_str(line)?;
        let named = |member: Member| (member.id, record.canonical.clone());
        rows.extend(record.members.into_iter().map(named));
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_counted_over_all() {
        // Found are 0-1-2, right are 0-1 and 2-3: three pairs, two pairs, one pair in both. Without the pair 0-2: two, two,
        // one.
        let (found, right) = ([0, 0, 0, 3], [0, 0, 2, 2]);
        assert_eq!(counts_over_all(&found, &right, &[]), (3, 2, 1));
        assert_eq!(counts_over_all(&found, &right, &[(0, 2)]), (2, 2, 1));
    }

    #[test]
    fn pairs_of_a_sample_count_once() {
        let sample = Sample {
            documents: vec![0, 1],
            copies: HashSet::from([(0, 1), (1, 3)]),
        };
        // 0-1, 0-2 and 1-2 are found.
        assert_eq!(counts_of_sample(&[0, 0, 0, 3], &sample), (3, 2, 1));
    }
}
