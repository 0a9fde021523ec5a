//! Helpers for several tests: seeded numbers, clusters as sets.

use std::collections::{BTreeMap, BTreeSet};

use reprint::report::Report;
use reprint::{Deduper, Documents};

/// SplitMix64 (Steele, Lea, Flood 2014). It is seeded, so that a failure can be reproduced.
pub struct Numbers(pub u64);

impl Numbers {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut x = self.0;
        x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        x ^ (x >> 31)
    }

    /// A number less than `n`.
    pub fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }

    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for i in (1..items.len()).rev() {
            items.swap(i, self.below(i + 1));
        }
    }
}

/// A run with a policy in its text form.
pub fn run_keeping(policy: &str, documents: &(impl Documents + ?Sized)) -> Report {
    let keep = policy.parse().unwrap();
    let deduper = Deduper::builder().keep(keep).build().unwrap();
    deduper.run(documents).unwrap()
}

/// The clusters of a report as sets of ids.
pub fn cluster_ids(report: &Report) -> BTreeSet<BTreeSet<String>> {
    let ids = |cluster: &reprint::report::Cluster| {
        let members = cluster
            .members
            .iter()
            .map(|member| member.document.id.clone());
        members.chain([cluster.canonical.id.clone()]).collect()
    };
    report.clusters.iter().map(ids).collect()
}

/// Clusters of at least two documents, from `id<TAB>cluster` rows.
pub fn labelled_clusters(tsv: &str) -> BTreeSet<BTreeSet<String>> {
    let mut clusters: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for (id, cluster) in tsv.lines().filter_map(|line| line.split_once('\t')) {
        clusters.entry(cluster).or_default().insert(id.to_owned());
    }
    clusters.into_values().filter(|ids| ids.len() > 1).collect()
}

/// `n` documents of about 60 words, a third of them copies of an earlier one with some words changed.
pub fn corpus(seed: u64, n: usize) -> Vec<(String, String)> {
    let mut numbers = Numbers(seed);
    let mut texts: Vec<Vec<String>> = Vec::new();
    for i in 0..n {
        let mut words: Vec<String> = match numbers.below(3) {
            0 if i > 0 => texts[numbers.below(i)].clone(),
            _ => (0..40 + numbers.below(40))
                .map(|_| word(&mut numbers))
                .collect(),
        };
        for _ in 0..numbers.below(6) {
            let at = numbers.below(words.len());
            words[at] = word(&mut numbers);
        }
        texts.push(words);
    }
    let id = |i: usize| format!("d{i:04}");
    texts
        .iter()
        .enumerate()
        .map(|(i, words)| (id(i), words.join(" ")))
        .collect()
}

fn word(numbers: &mut Numbers) -> String {
    format!("w{}", numbers.below(5000)).replace(|c: char| c.is_ascii_digit(), "x")
        + &letters(numbers)
}

fn letters(numbers: &mut Numbers) -> String {
    (0..3)
        .map(|_| char::from(b'a' + numbers.below(26) as u8))
        .collect()
}

/// The result of a run, without its times.
pub fn without_times(mut report: Report) -> Report {
    report.timings.clear();
    report
}
