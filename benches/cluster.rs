//! How many accepted pairs per second are clustered? The cases are a chain that must not become one cluster, cliques that
//! must, and one crowd of copies, where most pairs are not among the accepted ones and have to be requested.
#![allow(missing_docs)] // `criterion_group!` makes a public function without any

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use reprint::cluster::{AcceptedPair, anchored};
use reprint::lsh::{BucketEntry, bucket_pairs, merge_pairs};
use reprint::verify::{Comparison, Figures, Overlap, Relation};

use corpus::Random;

/// Number of accepted pairs.
const PAIRS: usize = 10_000;

/// Number of documents in a clique. They make ten pairs.
const CLIQUE: usize = 5;

/// The verdict on two copies that share `shared` of 100 shingles.
fn copies(shared: usize) -> Comparison {
    Comparison {
        relation: Relation::Reprint,
        overlap: Overlap {
            shared,
            left: 100,
            right: 100,
        },
        figures: Figures::default(),
    }
}

/// The pairs as accepted pairs in ascending order; `shared` gives the number of shared shingles of each.
fn accepted(pairs: Vec<(u32, u32)>, mut shared: impl FnMut() -> usize) -> Vec<AcceptedPair> {
    let pairs = merge_pairs(pairs).into_iter();
    pairs
        .map(|(a, b)| AcceptedPair {
            a,
            b,
            comparison: copies(shared()),
        })
        .collect()
}

/// A collection to cluster.
struct Case {
    name: &'static str,
    pairs: Vec<AcceptedPair>,
    lengths: Vec<usize>,
    /// The verdict on every other pair; none if they are not copies.
    others: Option<Comparison>,
    clusters: usize,
    refused: usize,
}

/// Runs the benchmark. It is also a test, because the numbers of clusters and of refused pairs are known.
fn cluster(c: &mut Criterion, case: &Case) {
    let mut group = c.benchmark_group("cluster/anchored");
    group.throughput(Throughput::Elements(case.pairs.len() as u64));
    group.bench_function(case.name, |b| {
        b.iter(|| {
            let pairs = black_box(&case.pairs);
            let clustering = anchored(&case.lengths, pairs, &[], |_, _| case.others);
            assert_eq!(clustering.clusters.len(), case.clusters);
            assert_eq!(clustering.refused.len(), case.refused);
            clustering
        });
    });
    group.finish();
}

/// Each document is a copy of the next and of no other. Every second pair becomes a cluster; the other pairs are refused.
fn chain(c: &mut Criterion) {
    let pairs = (0..PAIRS as u32).map(|i| (i, i + 1)).collect();
    let case = Case {
        name: "chain",
        pairs: accepted(pairs, || 80),
        lengths: vec![1000; PAIRS + 1],
        others: None,
        clusters: PAIRS / 2,
        refused: PAIRS / 2,
    };
    cluster(c, &case);
}

/// Groups of documents that are all copies of each other.
fn cliques(c: &mut Criterion) {
    let mut random = Random::new(1);
    let pairs = (0..CLIQUE).flat_map(|b| (0..b).map(move |a| (a as u32, b as u32)));
    let pairs: Vec<(u32, u32)> = pairs.collect();
    let cliques = PAIRS / pairs.len();
    let all = (0..cliques).flat_map(|clique| {
        let first = (clique * CLIQUE) as u32;
        pairs.iter().map(move |(a, b)| (first + a, first + b))
    });
    let case = Case {
        name: "cliques",
        pairs: accepted(all.collect(), || 80 + random.below(20)),
        lengths: lengths(cliques * CLIQUE),
        others: None,
        clusters: cliques,
        refused: 0,
    };
    cluster(c, &case);
}

/// Copies that share one hot bucket, so that most of their pairs were never proposed.
fn crowd(c: &mut Criterion) {
    let mut random = Random::new(1);
    let documents = PAIRS / 2;
    let entries = (0..documents as u32).map(|position| BucketEntry { key: 42, position });
    let pairs = bucket_pairs(entries.collect(), u64::from, |_, _| true);
    let case = Case {
        name: "crowd",
        pairs: accepted(pairs, || 80 + random.below(20)),
        lengths: lengths(documents),
        others: Some(copies(80)),
        clusters: 1,
        refused: 0,
    };
    cluster(c, &case);
}

/// Lengths of documents that are all similar.
fn lengths(documents: usize) -> Vec<usize> {
    let mut random = Random::new(2);
    let lengths = (0..documents).map(|_| 1000 + random.below(500));
    lengths.collect()
}

criterion_group! {
    name = benches;
    config = corpus::criterion(20);
    targets = chain, cliques, crowd
}
criterion_main!(benches);
