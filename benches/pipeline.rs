//! How many bytes of text per second pass through the whole pipeline, from texts to clusters?
#![allow(missing_docs)] // `criterion_group!` makes a public function without any

use std::hint::black_box;

use criterion::{Criterion, SamplingMode, Throughput, criterion_group, criterion_main};
use reprint::lsh::MAX_DISTANCE;
use reprint::report::Cluster;
use reprint::signature::SimHashWidth;
use reprint::{Deduper, DeduperBuilder, Document};

use corpus::{Random, Script};

/// Number of documents that are not copies.
const ORIGINALS: usize = 1_800;

/// One in this many documents has a copy.
const COPIED: usize = 9;

/// Number of copies, and therefore of clusters.
const PLANTED: usize = ORIGINALS / COPIED;

/// Length of a head or foot in characters.
const FURNITURE: usize = 30;

/// About 5 MB in 2,000 documents. The id of a copy is that of its original and a `+`. The copy of a text in simplified
/// characters is in traditional characters.
fn documents() -> Vec<Document> {
    let mut random = Random::new(1);
    let mut documents = Vec::new();
    for i in 0..ORIGINALS {
        let (id, seed) = (format!("{i:04}"), random.bits());
        let script = Script::ALL[i % Script::ALL.len()];
        let bytes = 1_000 + random.below(3_000);
        documents.push(Document::new(&id, corpus::text(script, seed, bytes)));
        if i % COPIED == 0 {
            let copied = match script {
                Script::Simplified => Script::Traditional,
                other => other,
            };
            let text = corpus::text(copied, seed, bytes);
            let copy = corpus::edition(&text, seed, FURNITURE);
            documents.push(Document::new(id + "+", copy));
        }
    }
    documents
}

/// Whether a cluster consists of a planted copy and its original. Which of the two is kept depends on how the copy was
/// changed.
fn is_planted(cluster: &Cluster) -> bool {
    let mut ids: Vec<&str> = cluster
        .documents()
        .map(|document| document.id.as_str())
        .collect();
    ids.sort_unstable();
    matches!(ids[..], [original, copy] if copy.strip_suffix('+') == Some(original))
}

/// Runs the benchmark. It is also a test: there are at least `least` clusters, and all of them were planted.
fn run(c: &mut Criterion, name: &str, builder: DeduperBuilder, least: usize) {
    let documents = documents();
    let bytes: usize = documents.iter().map(|document| document.text.len()).sum();
    let deduper = builder.build().expect("the settings are in range");
    let mut group = c.benchmark_group("pipeline");
    group.throughput(Throughput::Bytes(bytes as u64));
    group.sampling_mode(SamplingMode::Flat);
    group.bench_function(name, |b| {
        b.iter(|| {
            let report = deduper.run(black_box(&documents)).expect("ids are unique");
            assert!((least..=PLANTED).contains(&report.clusters.len()));
            assert!(report.clusters.iter().all(is_planted));
            report
        });
    });
    group.finish();
}

fn settings(c: &mut Criterion) {
    let builder = Deduper::builder;
    run(c, "minhash", builder(), PLANTED);
    run(c, "minhash_one_thread", builder().threads(1), PLANTED);
    // Short copies may differ in more bits than SimHash can search. So a few may be missed, here 1 of 200.
    let simhash = builder().simhash(SimHashWidth::Bits128, 2 * MAX_DISTANCE);
    run(c, "simhash_128", simhash, PLANTED * 19 / 20);
}

criterion_group! {
    name = benches;
    config = corpus::criterion(10);
    targets = settings
}
criterion_main!(benches);
