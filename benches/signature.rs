//! How many bytes of text a second are signed, as one long text and as many short ones, by each signer? The shingles are
//! made beforehand; the bytes are those of the text that they came from.
#![allow(missing_docs)] // `criterion_group!` makes a public function without any

mod corpus;

use std::fmt::Debug;
use std::hint::black_box;
use std::time::Duration;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use reprint::Scheme;
use reprint::normalize::Normalizer;
use reprint::shingle::Shingler;
use reprint::signature::{MinHasher, SimHashWidth, SimHasher};

use corpus::{MEGABYTE, Script};

/// Shingles of a short text: too few to fill 128 slots at once.
const SHORT: usize = 30;

fn scheme() -> Scheme {
    Shingler::default().scheme(&Normalizer::new())
}

/// Signs the shingles of a megabyte of Chinese, all at once and cut into short runs.
fn lengths<S: PartialEq + Debug>(c: &mut Criterion, name: &str, sign: impl Fn(&[u64]) -> S) {
    let text = corpus::text(Script::Simplified, 1, MEGABYTE);
    let hashes = Shingler::default().hashes(&Normalizer::new().fold(&text));
    let mut group = c.benchmark_group(format!("signature/{name}"));
    group.throughput(Throughput::Bytes(text.len() as u64));
    for (length, shingles) in [("long", hashes.len()), ("short", SHORT)] {
        let documents: Vec<&[u64]> = hashes.chunks(shingles).collect();
        let expected = signatures_of_reversed(&documents, &sign);
        group.bench_function(length, |b| {
            b.iter(|| {
                let signatures = documents.iter().map(|document| sign(black_box(document)));
                assert!(signatures.eq(expected.iter()));
            });
        });
    }
    group.finish();
}
