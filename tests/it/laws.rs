//! Laws that hold for any text.

use proptest::prelude::*;
use reprint::normalize::Normalizer;
use reprint::shingle::{ShingleSet, Shingler};
use reprint::signature::{MinHasher, SimHashWidth, SimHasher};
use reprint::verify::{Overlap, Relation, Text, compare};
use reprint::{Deduper, Scheme};

fn scheme() -> Scheme {
    Shingler::default().scheme(&Normalizer::new())
}

fn relation(left: &str, right: &str) -> Relation {
    let folded = [left, right].map(|text| Normalizer::new().fold(text));
    let shingles = folded
        .each_ref()
        .map(|folded| Shingler::default().hashes(folded));
    let text = |original, side: usize| Text {
        original,
        folded: &folded[side],
        shingles: &shingles[side],
    };
    compare(text(left, 0), text(right, 1), 0.6).relation
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
    fn relations_are_symmetric(left in ".{0,40}", right in ".{0,40}") {
        prop_assert_eq!(relation(&left, &right), relation(&right, &left));
    }

    #[test]
    fn every_text_is_exactly_itself(text in any::<String>()) {
        prop_assert_eq!(relation(&text, &text), Relation::Exact);
    }

    #[test]
    fn jaccard_of_a_text_with_itself_is_one_unless_it_is_empty(text in any::<String>()) {
        let folded = Normalizer::new().fold(&text);
        let set = Shingler::default().set(&folded);
        let jaccard = Overlap::of(&set, &set).jaccard();
        prop_assert_eq!(jaccard, if folded.is_empty() { 0.0 } else { 1.0 });
    }

    #[test]
    fn order_and_repetition_do_not_change_a_signature(
        mut hashes in prop::collection::vec(any::<u64>(), 1..300), seed in any::<u64>(),
    ) {
        let min = MinHasher::new(scheme(), 64).unwrap();
        let sim = SimHasher::new(scheme(), SimHashWidth::Bits128);
        let before = (min.sign(&hashes), sim.sign(&hashes), ShingleSet::of(&hashes));
        let repeated = hashes[(seed as usize) % hashes.len()];
        hashes.push(repeated);
        crate::support::Numbers(seed).shuffle(&mut hashes);
        prop_assert_eq!(before, (min.sign(&hashes), sim.sign(&hashes), ShingleSet::of(&hashes)));
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
        let bytes = sim.to_bytes();
        let error = SimHash::from_bytes(&bytes[..cut.index(bytes.len())]).unwrap_err();
        prop_assert!(error.is_corrupt());
        prop_assert!(MinHash::from_bytes(&bytes).unwrap_err().is_corrupt());
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
    assert_eq!(clusters, ["a", "d"]);
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
