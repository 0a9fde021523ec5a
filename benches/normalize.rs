//! How many bytes of text per second are folded? Measured by script, with the offsets in the original, and with accents
//! removed.
#![allow(missing_docs)] // `criterion_group!` makes a public function without any

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use reprint::normalize::Normalizer;

use corpus::{MEGABYTE, Script};

/// Folds into one buffer, as the pipeline does. The benchmark is also a test: the folded text has the length that the slower
/// function with offsets gives.
fn fold(c: &mut Criterion, name: &str, normalizer: Normalizer, text: &str) {
    let expected = normalizer.fold_with_offsets(text).text.len();
    let mut folded = String::new();
    let mut group = c.benchmark_group("normalize");
    group.throughput(Throughput::Bytes(text.len() as u64));
    group.bench_function(name, |b| {
        b.iter(|| {
            normalizer.fold_into(black_box(text), &mut folded);
            assert_eq!(folded.len(), expected);
        });
    });
    group.finish();
}

fn scripts(c: &mut Criterion) {
    for script in Script::ALL {
        let text = corpus::text(script, 1, MEGABYTE);
        fold(
            c,
            &format!("fold/{}", script.name()),
            Normalizer::new(),
            &text,
        );
    }
}

fn without_accents(c: &mut Criterion) {
    let text = corpus::text(Script::Mixed, 1, MEGABYTE);
    let normalizer = Normalizer::new().strip_accents(true);
    fold(c, "strip_accents/mixed", normalizer, &text);
}

fn with_offsets(c: &mut Criterion) {
    let normalizer = Normalizer::new();
    let mut group = c.benchmark_group("normalize/fold_with_offsets");
    for script in Script::ALL {
        let text = corpus::text(script, 1, MEGABYTE);
        let expected = normalizer.fold(&text).len();
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(script.name(), |b| {
            b.iter(|| {
                let folded = normalizer.fold_with_offsets(black_box(&text));
                assert_eq!(folded.text.len(), expected);
                folded
            });
        });
    }
    group.finish();
}

criterion_group! {
    name = benches;
    config = corpus::criterion(20);
    targets = scripts, without_accents, with_offsets
}
criterion_main!(benches);
