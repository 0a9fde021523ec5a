//! How many keys per second are turned into candidate pairs? The keys are almost all different, fill their buckets, or are
//! all the same. And how many SimHash values per second are compared with all others?
#![allow(missing_docs)] // `criterion_group!` makes a public function without any

use std::hint::black_box;

use criterion::{BatchSize, Criterion, SamplingMode, Throughput, criterion_group, criterion_main};
use reprint::lsh::{BucketEntry, HOT_BUCKET, bucket_pairs, within_distance};
use reprint::signature::SimHashWidth;

use corpus::Random;

/// Number of keys of a band.
const KEYS: usize = 100_000;

/// Number of keys that occur twice.
const TWICE: usize = 1_000;

/// Number of SimHash values.
const VALUES: usize = 20_000;

/// Proposes pairs for documents with these keys. The benchmark is also a test, because the number of pairs is known.
fn propose(c: &mut Criterion, name: &str, keys: &[u64], pairs: usize) {
    let entries = keys.iter().zip(0..);
    let entries: Vec<BucketEntry> = entries
        .map(|(&key, position)| BucketEntry { key, position })
        .collect();
    let mut group = c.benchmark_group("lsh/bucket_pairs");
    group.throughput(Throughput::Elements(keys.len() as u64));
    group.bench_function(name, |b| {
        let run = |entries| {
            let found = bucket_pairs(entries, u64::from, |_, _| true);
            assert_eq!(found.len(), pairs);
            found
        };
        b.iter_batched(|| entries.clone(), run, BatchSize::LargeInput);
    });
    group.finish();
}

fn buckets(c: &mut Criterion) {
    let mut keys = Random::new(1).take(KEYS - TWICE);
    keys.extend_from_within(..TWICE);
    propose(c, "random", &keys, TWICE);

    let buckets = KEYS / HOT_BUCKET;
    let full: Vec<u64> = keys[..buckets].repeat(HOT_BUCKET);
    let pairs_of_one = HOT_BUCKET * (HOT_BUCKET - 1) / 2;
    propose(c, "full_buckets", &full, buckets * pairs_of_one);

    // In a hot bucket, all documents are paired with one leader only.
    propose(c, "one_hot_bucket", &[42; KEYS], KEYS - 1);
}

/// Random values, and for some of them a second value that differs in exactly `distance` bits.
fn values(distance: u32) -> Vec<u128> {
    let near = VALUES / 20;
    let mut values = Random::new(3).take(VALUES - near);
    for i in 0..near {
        let flipped = (0..distance).fold(values[i], |value, bit| {
            value ^ 1 << ((5 * bit + i as u32) % 64)
        });
        values.push(flipped);
    }
    values.into_iter().map(u128::from).collect()
}

/// The number of pairs, found by comparing all values with all others.
fn brute_force(values: &[u128], distance: u32) -> usize {
    let near = |a: u128| move |&&b: &&u128| (a ^ b).count_ones() <= distance;
    let later = |i: usize| values[i + 1..].iter().filter(near(values[i])).count();
    (0..values.len()).map(later).sum()
}

/// The benchmark is also a test: brute force must find the same number of pairs.
fn distances(c: &mut Criterion) {
    let mut group = c.benchmark_group("lsh/within_distance");
    group.throughput(Throughput::Elements(VALUES as u64));
    group.sample_size(10).sampling_mode(SamplingMode::Flat);
    for distance in [3, 12] {
        let values = values(distance);
        let pairs = brute_force(&values, distance);
        group.bench_function(format!("k{distance}"), |b| {
            b.iter(|| {
                let found = within_distance(black_box(&values), SimHashWidth::Bits64, distance);
                assert_eq!(found.map(|found| found.len()), Ok(pairs));
            });
        });
    }
    group.finish();
}

criterion_group! {
    name = benches;
    config = corpus::criterion(20);
    targets = buckets, distances
}
criterion_main!(benches);
