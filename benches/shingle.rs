//! How many bytes of text per second are cut into hashed windows, and made into sets? The text is folded beforehand; bytes
//! are those of the original text.
#![allow(missing_docs)] // `criterion_group!` makes a public function without any

use std::collections::BTreeSet;
use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use reprint::normalize::Normalizer;
use reprint::shingle::{ShingleSet, Shingler};

use corpus::{MEGABYTE, Script};

/// The benchmark is also a test: there are as many hashes as windows.
fn hash(c: &mut Criterion) {
    let shingler = Shingler::default();
    let mut hashes = Vec::new();
    let mut group = c.benchmark_group("shingle/hash_into");
    for script in Script::ALL {
        let text = corpus::text(script, 1, MEGABYTE);
        let folded = Normalizer::new().fold(&text);
        let windows = shingler.windows(&folded).len();
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(script.name(), |b| {
            b.iter(|| {
                hashes.clear();
                shingler.hash_into(black_box(&folded), &mut hashes);
                assert_eq!(hashes.len(), windows);
            });
        });
    }
    group.finish();
}

/// The benchmark is also a test: there are as many shingles as a tree of them counts.
fn set(c: &mut Criterion) {
    let mut group = c.benchmark_group("shingle/set_of");
    for script in [Script::English, Script::Simplified] {
        let text = corpus::text(script, 1, MEGABYTE);
        let hashes = Shingler::default().hashes(&Normalizer::new().fold(&text));
        let distinct = hashes.iter().collect::<BTreeSet<_>>().len();
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(script.name(), |b| {
            b.iter(|| {
                let set = ShingleSet::from_hashes(black_box(&hashes));
                assert_eq!(set.len(), distinct);
                set
            });
        });
    }
    group.finish();
}

criterion_group! {
    name = benches;
    config = corpus::criterion(20);
    targets = hash, set
}
criterion_main!(benches);
