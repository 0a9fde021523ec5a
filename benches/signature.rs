//! How many bytes of text per second does each signer sign, as one long text and as many short ones? The shingles are made
//! beforehand; bytes are those of their text.
#![allow(missing_docs)] // `criterion_group!` makes a public function without any

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use reprint::Scheme;
use reprint::normalize::Normalizer;
use reprint::shingle::{Shingler, Shingles};
use reprint::signature::{MinHasher, SimHashWidth, SimHasher, seeds};

use corpus::{MEGABYTE, Script};

/// Number of shingles of a short text: too few to fill 128 slots at once.
const SHORT: usize = 30;

fn scheme() -> Scheme {
    Shingler::default().scheme(&Normalizer::new())
}

/// Signs the shingles of a megabyte of Chinese, all at once and cut into short runs. The benchmark is also a test: the same
/// shingles in reverse order must give the same signatures.
fn lengths<S: PartialEq>(c: &mut Criterion, name: &str, sign: impl Fn(&[u64]) -> S) {
    let text = corpus::text(Script::Simplified, 1, MEGABYTE);
    let hashes = Shingler::default().hashes(&Normalizer::new().fold(&text));
    let mut group = c.benchmark_group(format!("signature/{name}"));
    group.throughput(Throughput::Bytes(text.len() as u64));
    for (length, shingles) in [("long", hashes.len()), ("short", SHORT)] {
        let documents: Vec<&[u64]> = hashes.chunks(shingles).collect();
        let reversed = |document: &&[u64]| document.iter().rev().copied().collect::<Vec<u64>>();
        let expected: Vec<S> = documents.iter().map(|d| sign(&reversed(d))).collect();
        group.bench_function(length, |b| {
            b.iter(|| {
                let signatures = documents.iter().map(|document| sign(black_box(document)));
                assert!(signatures.zip(&expected).all(|(a, b)| a == *b));
            });
        });
    }
    group.finish();
}

fn minhash(c: &mut Criterion) {
    let hasher = MinHasher::new(scheme(), 128).expect("128 slots are in range");
    lengths(c, "minhash_128", |shingles| hasher.sign(shingles));
}

fn simhash(c: &mut Criterion) {
    for width in [SimHashWidth::Bits64, SimHashWidth::Bits128] {
        let hasher = SimHasher::new(scheme(), width);
        let name = format!("simhash_{}", width.bits());
        lengths(c, &name, |shingles| hasher.sign(shingles));
    }
}

/// Seeds of a megabyte of Chinese, and of English. The benchmark is also a test: a twelfth to a quarter of the shingles are
/// kept.
fn sampling(c: &mut Criterion) {
    let mut group = c.benchmark_group("signature/seeds");
    for (name, script) in [
        ("chinese", Script::Simplified),
        ("english", Script::English),
    ] {
        let text = corpus::text(script, 1, MEGABYTE);
        let mut shingles = Shingles::default();
        Shingler::default().cut_into(&Normalizer::new().fold(&text), &mut shingles);
        let count = shingles.hashes.len();
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(name, |b| {
            b.iter(|| {
                let kept = seeds(black_box(&shingles)).len();
                assert!((count / 12..count / 4).contains(&kept));
            });
        });
    }
    group.finish();
}

criterion_group! {
    name = benches;
    config = corpus::criterion(20);
    targets = minhash, simhash, sampling
}
criterion_main!(benches);
