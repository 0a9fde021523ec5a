//! Does the whole search find what a comparison of every pair finds?

use std::collections::BTreeSet;

use reprint::normalize::Normalizer;
use reprint::shingle::Shingler;
use reprint::signature::SimHashWidth;
use reprint::verify::{Comparison, Text, compare};
use reprint::{Deduper, DeduperBuilder};

use crate::support::{Numbers, corpus};

const THRESHOLD: f64 = 0.5;

fn every_pair(documents: &[(String, String)]) -> Vec<(usize, usize, Comparison)> {
    let folded: Vec<String> = documents
        .iter()
        .map(|(_, text)| Normalizer::new().fold(text))
        .collect();
    let shingles: Vec<Vec<u64>> = folded
        .iter()
        .map(|text| Shingler::default().hashes(text))
        .collect();
    let text = |i: usize| Text {
        original: &documents[i].1,
        folded: &folded[i],
        shingles: &shingles[i],
    };
    let n = documents.len();
    let pairs = (0..n).flat_map(|a| (a + 1..n).map(move |b| (a, b)));
    let verdicts = pairs.map(|(a, b)| (a, b, compare(text(a), text(b), THRESHOLD)));
    verdicts
        .filter(|(.., comparison)| comparison.relation.is_copy())
        .collect()
}

/// Pairs in the report: in one cluster with the canonical copy, or refused.
fn known_pairs(
    builder: DeduperBuilder,
    documents: &[(String, String)],
) -> BTreeSet<(usize, usize)> {
    let report = builder
        .threshold(THRESHOLD)
        .build()
        .unwrap()
        .run(documents)
        .unwrap();
    let ordered = |a: usize, b: usize| (a.min(b), a.max(b));
    let refused = report
        .refused
        .iter()
        .map(|pair| ordered(pair.a.position, pair.b.position));
    let clustered = report.clusters.iter().flat_map(|cluster| {
        let mut all: Vec<usize> = cluster
            .members
            .iter()
            .map(|member| member.document.position)
            .collect();
        all.push(cluster.canonical.position);
        let all = all
            .clone()
            .into_iter()
            .flat_map(move |a| all.clone().into_iter().map(move |b| (a, b)));
        all.filter(|(a, b)| a < b)
    });
    refused.chain(clustered).collect()
}

fn recall(builder: DeduperBuilder, documents: &[(String, String)]) -> f64 {
    let known = known_pairs(builder, documents);
    let all = every_pair(documents);
    assert!(
        all.len() > 100,
        "a corpus with too few copies tests nothing"
    );
    all.iter()
        .filter(|(a, b, _)| known.contains(&(*a, *b)))
        .count() as f64
        / all.len() as f64
}

#[test]
fn bands_find_the_copies_that_comparing_every_pair_finds() {
    let documents = corpus(7, 600);
    let found = recall(Deduper::builder(), &documents);
    assert!(
        found >= 0.95,
        "found {found} of all pairs, and 0.95 is promised"
    );
}

#[test]
fn simhash_finds_the_closest_copies() {
    // At J ≥ 0.9, the angle is under 0.46 rad. 24 of 128 bits stand for 0.59 rad, so nearly all pairs are found.
    let documents = corpus(7, 600);
    let known = known_pairs(
        Deduper::builder().simhash(SimHashWidth::Bits128, 24),
        &documents,
    );
    let close = every_pair(&documents);
    let close: Vec<_> = close
        .iter()
        .filter(|(.., comparison)| comparison.jaccard() >= 0.9)
        .collect();
    let found = close
        .iter()
        .filter(|(a, b, _)| known.contains(&(*a, *b)))
        .count();
    assert!(
        close.len() > 20 && found * 100 >= close.len() * 95,
        "{found} of {}",
        close.len()
    );
}

#[test]
fn every_member_is_a_verified_copy_of_its_canonical_copy() {
    let documents = corpus(11, 400);
    let copies: BTreeSet<(usize, usize)> = every_pair(&documents)
        .iter()
        .map(|&(a, b, _)| (a, b))
        .collect();
    let report = Deduper::builder()
        .threshold(THRESHOLD)
        .build()
        .unwrap()
        .run(&documents)
        .unwrap();
    assert!(report.clusters.len() > 20);
    for cluster in &report.clusters {
        for member in &cluster.members {
            let (a, b) = (cluster.canonical.position, member.document.position);
            assert!(
                copies.contains(&(a.min(b), a.max(b))),
                "{} {}",
                cluster.canonical,
                member.document
            );
        }
    }
}

#[test]
fn the_canonical_copy_is_the_first_by_the_policy_that_all_others_are_copies_of() {
    let documents = corpus(13, 400);
    let pairs = every_pair(&documents);
    let copies: BTreeSet<(usize, usize)> = pairs.iter().map(|&(a, b, _)| (a, b)).collect();
    let is_copy = |a: usize, b: usize| copies.contains(&(a.min(b), a.max(b)));
    let letters = |position: usize| {
        documents[position]
            .1
            .chars()
            .filter(|c| c.is_alphanumeric())
            .count()
    };
    for (policy, longest) in [("longest", true), ("shortest", false)] {
        let builder = Deduper::builder()
            .threshold(THRESHOLD)
            .keep(policy.parse().unwrap());
        let report = builder.build().unwrap().run(&documents).unwrap();
        let rank = |position: usize| {
            let length = letters(position) as isize;
            (
                if longest { -length } else { length },
                documents[position].0.clone(),
            )
        };
        assert!(report.clusters.len() > 20);
        for cluster in &report.clusters {
            let members: Vec<usize> = cluster
                .documents()
                .map(|document| document.position)
                .collect();
            let able = members
                .iter()
                .filter(|&&a| members.iter().all(|&b| a == b || is_copy(a, b)));
            let first = able.map(|&member| rank(member)).min().unwrap();
            assert_eq!(rank(cluster.canonical.position), first, "{policy}");
        }
    }
}

#[test]
fn a_hot_bucket_gives_the_cluster_of_all_its_pairs() {
    // 300 variants of one slogan, each with a different name at its end. They share their buckets and are all alike.
    let slogan =
        "protect the river protect the town and come home safe from the long night on the levee";
    let documents: Vec<(String, String)> = (0..300)
        .map(|i| (format!("{i:03}"), format!("{slogan} {}", name(i))))
        .collect();
    let all_pairs = 300 * 299 / 2;
    assert_eq!(every_pair(&documents).len(), all_pairs);
    let report = Deduper::default().run(&documents).unwrap();
    assert_eq!(report.clusters.len(), 1);
    assert_eq!(report.clusters[0].members.len(), 299);
    assert!(
        report.counts.candidate_pairs < all_pairs / 2,
        "{:?}",
        report.counts
    );
}

#[test]
fn hot_buckets_of_several_kinds_keep_them_apart_and_whole() {
    // Ten articles with the same opening, each in 40 editions.
    let mut numbers = Numbers(17);
    let opening = words(&mut numbers, 30);
    let articles: Vec<String> = (0..10)
        .map(|_| format!("{opening} {}", words(&mut numbers, 60)))
        .collect();
    let edition = |i: usize| {
        (
            format!("{i:03}"),
            format!("{} {}", articles[i % 10], name(i * 7919)),
        )
    };
    let documents: Vec<(String, String)> = (0..400).map(edition).collect();
    let report = Deduper::default().run(&documents).unwrap();
    let sizes: Vec<usize> = report
        .clusters
        .iter()
        .map(|cluster| cluster.members.len() + 1)
        .collect();
    assert_eq!(sizes, [40; 10]);
}

/// A different word for each number. With numbers, the documents would be items of one form.
fn name(number: usize) -> String {
    let letter = |place: u32| char::from(b'a' + (number / 26_usize.pow(place) % 26) as u8);
    (0..6).map(letter).collect()
}

fn words(numbers: &mut Numbers, n: usize) -> String {
    let letters = |_| char::from(b'a' + numbers.below(26) as u8);
    let text: String = (0..6 * n).map(letters).collect();
    let words = text
        .as_bytes()
        .chunks(6)
        .map(|word| String::from_utf8_lossy(word).into_owned());
    words.collect::<Vec<_>>().join(" ")
}
