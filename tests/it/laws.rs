//! Laws that are true for any text.

use proptest::prelude::*;
use reprint::normalize::Normalizer;
use reprint::shingle::{ShingleSet, Shingler};
use reprint::signature::{MinHasher, SimHashWidth, SimHasher};
use reprint::verify::{Overlap, Relation, Text, compare};
use reprint::{Deduper, Scheme};

fn scheme() -> Scheme {
    Shingler::default().scheme(&Normalizer::new())
}

fn relation(left: &str, right: &str, threshold: f64) -> Relation {
    let folded = [left, right].map(|text| Normalizer::new().fold(text));
    let shingles = folded
        .each_ref()
        .map(|folded| Shingler::default().hashes(folded));
    let text = |original, side: usize| Text {
        original,
        folded: &folded[side],
        shingles: &shingles[side],
    };
    compare(text(left, 0), text(right, 1), threshold).relation
}

/// A text of 30 words, and the same text with some words replaced or removed, or with words added before and after it.
fn edited() -> impl Strategy<Value = (String, String)> {
    let word = || {
        prop::sample::select(vec![
            "river", "town", "night", "road", "bridge", "levee", "boat", "rain",
        ])
    };
    let words = prop::collection::vec((word(), 0_u32..1000), 30);
    let edits = prop::collection::vec((0_usize..30, any::<bool>()), 0..8);
    let ends = (
        prop::collection::vec(word(), 0..20),
        prop::collection::vec(word(), 0..20),
    );
    (words, edits, ends).prop_map(|(words, edits, (head, foot))| {
        let words: Vec<String> = words.iter().map(|(word, n)| format!("{word}{n}")).collect();
        let mut other: Vec<String> = words.clone();
        for (at, drop) in edits {
            other[at] = if drop { String::new() } else { "other".into() };
        }
        (
            words.join(" "),
            [head.join(" "), other.join(" "), foot.join(" ")].join(" "),
        )
    })
}

fn config() -> ProptestConfig {
    ProptestConfig {
        cases: 256,
        failure_persistence: None,
        ..Default::default()
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn relations_are_symmetric((left, right) in edited(), threshold in 0.2_f64..0.95) {
        prop_assert_eq!(relation(&left, &right, threshold), relation(&right, &left, threshold));
    }

    #[test]
    fn bodies_are_symmetric_at_any_threshold(
        shared in 1_usize..60, left in 0_usize..60, right in 0_usize..60, threshold in 0.1_f64..1.0, at in 0_usize..60,
    ) {
        // Common shingles, with the shingles of one side before, among or after them.
        let list = |own: usize, from: u64| {
            let own = (0..own as u64).map(|i| from + i);
            let mut list: Vec<u64> = (0..shared as u64).collect();
            list.splice(at.min(shared)..at.min(shared), own);
            list
        };
        let (left, right) = (list(left, 1000), list(right, 2000));
        let text = |original, shingles| Text { original, folded: original, shingles };
        let forth = compare(text("a", &left), text("b", &right), threshold);
        let back = compare(text("b", &right), text("a", &left), threshold);
        prop_assert_eq!(forth.relation, back.relation);
        prop_assert_eq!(forth.jaccard(), back.jaccard());
    }

    #[test]
    fn every_text_is_exactly_itself(text in any::<String>()) {
        prop_assert_eq!(relation(&text, &text, 0.6), Relation::Exact);
    }

    #[test]
    fn jaccard_of_a_text_with_itself_is_one_unless_it_is_empty(text in any::<String>()) {
        let folded = Normalizer::new().fold(&text);
        let set = Shingler::default().set(&folded);
        let jaccard = Overlap::new(&set, &set).jaccard();
        prop_assert_eq!(jaccard, if folded.is_empty() { 0.0 } else { 1.0 });
    }

    #[test]
    fn order_and_repetition_do_not_change_a_signature(
        mut hashes in prop::collection::vec(any::<u64>(), 1..300), seed in any::<u64>(),
    ) {
        let min = MinHasher::new(scheme(), 64).unwrap();
        let sim = SimHasher::new(scheme(), SimHashWidth::Bits128);
        let before = (min.sign(&hashes), sim.sign(&hashes), ShingleSet::from_hashes(&hashes));
        let repeated = hashes[(seed as usize) % hashes.len()];
        hashes.push(repeated);
        crate::support::Numbers(seed).shuffle(&mut hashes);
        prop_assert_eq!(before, (min.sign(&hashes), sim.sign(&hashes), ShingleSet::from_hashes(&hashes)));
    }

    #[test]
    fn signatures_survive_their_bytes_and_damage_is_refused(
        hashes in prop::collection::vec(any::<u64>(), 0..50), cut in any::<prop::sample::Index>(),
    ) {
        use reprint::signature::{MinHash, SimHash};
        let min = MinHasher::new(scheme(), 32).unwrap().sign(&hashes);
        prop_assert_eq!(MinHash::from_bytes(&min.to_bytes()).unwrap(), min.clone());
        let sim = SimHasher::new(scheme(), SimHashWidth::Bits64).sign(&hashes);
        prop_assert_eq!(SimHash::from_bytes(&sim.to_bytes()).unwrap(), sim);
        for bytes in [min.to_bytes(), sim.to_bytes()] {
            let part = &bytes[..cut.index(bytes.len())];
            prop_assert!(MinHash::from_bytes(part).is_err_and(|error| error.is_corrupt()));
            prop_assert!(SimHash::from_bytes(part).is_err_and(|error| error.is_corrupt()));
        }
        prop_assert!(MinHash::from_bytes(&sim.to_bytes()).unwrap_err().is_corrupt());
    }

    #[test]
    fn any_texts_at_all_give_a_result(texts in prop::collection::vec(any::<String>(), 0..8)) {
        let documents: Vec<(String, String)> =
            texts.into_iter().enumerate().map(|(i, text)| (i.to_string(), text)).collect();
        let report = Deduper::default().run(&documents).unwrap();
        let members: usize = report.clusters.iter().map(|cluster| cluster.members.len()).sum();
        prop_assert_eq!(report.kept().iter().filter(|kept| **kept).count() + members, documents.len());
    }

    #[test]
    fn what_is_folded_comes_from_where_the_map_says(text in any::<String>()) {
        let folded = Normalizer::new().fold_with_offsets(&text);
        let starts: Vec<usize> = folded.text.char_indices().map(|(at, _)| at).collect();
        let mut last = 0;
        for at in starts {
            let original = folded.offsets.original(at..at + 1);
            prop_assert!(text.is_char_boundary(original.start) && text.is_char_boundary(original.end));
            prop_assert!(original.start < original.end && original.start >= last);
            last = original.start;
        }
    }
}

#[test]
fn empty_texts_match_only_their_exact_equals() {
    let documents = [
        ("a", ""),
        ("b", ""),
        ("c", "!!!"),
        ("d", "…"),
        ("e", "!!!"),
        ("f", "\u{FEFF}"),
    ];
    let report = Deduper::default().run(&documents).unwrap();
    let clusters: Vec<_> = report
        .clusters
        .iter()
        .map(|cluster| {
            (
                cluster.canonical.id.as_str(),
                cluster.members[0].document.id.as_str(),
            )
        })
        .collect();
    assert_eq!(clusters, [("a", "b"), ("c", "e")]);
    assert_eq!(report.members_of(Relation::Exact), 2);
}

#[test]
fn texts_shorter_than_a_window_work() {
    let documents = [
        ("a", "甲"),
        ("b", "甲。"),
        ("c", "乙"),
        ("d", "one two"),
        ("e", "One two!"),
        ("f", "two one"),
    ];
    let report = Deduper::default().run(&documents).unwrap();
    let clusters: Vec<_> = report
        .clusters
        .iter()
        .map(|cluster| cluster.canonical.id.as_str())
        .collect();
    // The copies with a punctuation mark are the most complete ones.
    assert_eq!(clusters, ["b", "e"]);
    assert_eq!(report.members_of(Relation::SameText), 2);
}

#[test]
fn unlike_schemes_are_refused_by_both_their_names() {
    let shingler = Shingler::builder().word_window(4).build().unwrap();
    let other = shingler.scheme(&Normalizer::new());
    let sign = |scheme, slots| MinHasher::new(scheme, slots).unwrap().sign(&[1, 2, 3]);
    let (left, right) = (sign(scheme(), 64), sign(other, 64));
    for (left, right) in [(left.clone(), right), (left, sign(scheme(), 128))] {
        let error = left.jaccard(&right).unwrap_err();
        assert!(error.is_scheme_mismatch());
        for scheme in [left.scheme(), right.scheme()] {
            assert!(error.to_string().contains(&scheme.to_string()), "{error}");
        }
    }
    let sim = |scheme| SimHasher::new(scheme, SimHashWidth::Bits64).sign(&[1]);
    assert!(
        sim(scheme())
            .distance(&sim(other))
            .unwrap_err()
            .is_scheme_mismatch()
    );
}

#[test]
fn one_id_for_two_documents_is_an_error_that_names_both_places() {
    let error = Deduper::default()
        .run(&[("a", "x"), ("b", "y"), ("a", "z")])
        .unwrap_err();
    assert!(error.is_duplicate_id());
    assert_eq!(
        error.to_string(),
        "documents 0 and 2 both have the id \"a\": give each document its own id"
    );
}
