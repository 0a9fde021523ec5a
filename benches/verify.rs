//! How many bytes of text per second are compared exactly? Measured are the overlap of two sets, and the whole verdict on
//! two documents by their relation. Texts are folded and shingled beforehand; bytes are those of both originals.
#![allow(missing_docs)] // `criterion_group!` makes a public function without any

use std::collections::BTreeSet;
use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use reprint::Deduper;
use reprint::normalize::Normalizer;
use reprint::shingle::Shingler;
use reprint::verify::{DifferenceKind, Ground, Overlap, Relation, Text, compare};

use corpus::{MEGABYTE, Script};

/// Minimum Jaccard of two reprints.
const THRESHOLD: f64 = 0.6;

/// Length of a document in bytes.
const ARTICLE: usize = 4_000;

/// Length of a short document in bytes.
const NOTICE: usize = 1_000;

/// Length in characters of the head and of the foot of a copy. This is much for a notice and little for an article.
const FURNITURE: usize = 120;

/// A document with its folded text and its shingles.
struct Document {
    original: String,
    folded: String,
    shingles: Vec<u64>,
}

impl Document {
    fn new(original: String) -> Self {
        let folded = Normalizer::new().fold(&original);
        Self {
            shingles: Shingler::default().hashes(&folded),
            original,
            folded,
        }
    }

    fn text(&self) -> Text<'_> {
        Text {
            original: &self.original,
            folded: &self.folded,
            shingles: &self.shingles,
        }
    }
}

/// The overlap of two long texts, of a copy and of a different text. The benchmark is also a test: a tree gives the same
/// counts.
fn overlap(c: &mut Criterion) {
    let shingler = Shingler::default();
    let original = corpus::text(Script::Simplified, 1, MEGABYTE / 2);
    let copy = corpus::edition(&original, 1, MEGABYTE / 50);
    let stranger = corpus::text(Script::Simplified, 2, MEGABYTE / 2);
    let set = |text: &str| shingler.set(&Normalizer::new().fold(text));
    let left = set(&original);
    let mut group = c.benchmark_group("verify/overlap");
    for (name, text) in [("copy", &copy), ("stranger", &stranger)] {
        let right = set(text);
        let tree: BTreeSet<u64> = left.as_slice().iter().copied().collect();
        let shared = right
            .as_slice()
            .iter()
            .filter(|hash| tree.contains(hash))
            .count();
        group.throughput(Throughput::Bytes((original.len() + text.len()) as u64));
        group.bench_function(name, |b| {
            b.iter(|| {
                let overlap = Overlap::new(black_box(&left), black_box(&right));
                assert_eq!((overlap.shared, overlap.right), (shared, right.len()));
            });
        });
    }
    group.finish();
}

/// Pairs of a document of `bytes` and its partner. All documents without the partners are half a megabyte.
fn pairs(bytes: usize, partner: impl Fn(usize, &str) -> String) -> Vec<[Document; 2]> {
    let originals = corpus::texts(Script::Simplified, MEGABYTE / 2 / bytes, bytes);
    let pairs = originals.iter().enumerate();
    pairs
        .map(|(i, text)| [text.clone(), partner(i, text)].map(Document::new))
        .collect()
}

/// Verdicts on all pairs. The benchmark is also a test: the relation of each pair is known, and whether it is only found by
/// comparing the bodies.
fn verdicts(c: &mut Criterion, name: &str, expected: (Relation, bool), pairs: &[[Document; 2]]) {
    let documents = pairs.iter().flatten();
    let bytes: usize = documents.map(|document| document.original.len()).sum();
    let mut group = c.benchmark_group("verify/compare");
    group.throughput(Throughput::Bytes(bytes as u64));
    group.bench_function(name, |b| {
        b.iter(|| {
            for [left, right] in black_box(pairs) {
                let found = compare(left.text(), right.text(), THRESHOLD);
                assert_eq!(
                    (found.relation, found.figures.ground == Some(Ground::Body)),
                    expected
                );
            }
        });
    });
    group.finish();
}

fn relations(c: &mut Criterion) {
    let layout = |_, text: &str| corpus::layout(text);
    let same = pairs(ARTICLE, layout);
    verdicts(c, "same_text", (Relation::SameText, false), &same);

    let edition = |i, text: &str| corpus::edition(text, i as u64, FURNITURE);
    let long = pairs(ARTICLE, edition);
    verdicts(c, "reprint", (Relation::Reprint, false), &long);

    // Below the threshold as a whole, because head and foot are as long as the notice.
    let short = pairs(NOTICE, edition);
    verdicts(c, "reprint_in_furniture", (Relation::Reprint, true), &short);

    let stranger = |i, _: &str| corpus::text(Script::Simplified, !(i as u64), ARTICLE);
    let strangers = pairs(ARTICLE, stranger);
    verdicts(c, "distinct", (Relation::Distinct, false), &strangers);
}

/// The evidence for two editions: passages and differences with their places. The benchmark is also a test: the differences
/// at the head and the foot must be found.
fn evidence(c: &mut Criterion) {
    let original = corpus::text(Script::Simplified, 1, ARTICLE);
    let copy = corpus::edition(&original, 1, 10);
    let documents = [("original", original.as_str()), ("copy", copy.as_str())];
    let deduper = Deduper::default();
    let mut group = c.benchmark_group("verify/evidence");
    group.throughput(Throughput::Bytes((original.len() + copy.len()) as u64));
    group.bench_function("edition", |b| {
        b.iter(|| {
            let evidence = deduper.evidence(black_box(&documents), 0, 1).unwrap();
            let ends = [DifferenceKind::Head, DifferenceKind::Foot];
            let differs = |kind| {
                evidence
                    .differences
                    .iter()
                    .any(|difference| difference.kind == kind)
            };
            assert!(ends.into_iter().all(differs));
        });
    });
    group.finish();
}

criterion_group! {
    name = benches;
    config = corpus::criterion(20);
    targets = overlap, relations, evidence
}
criterion_main!(benches);
