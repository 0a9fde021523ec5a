//! Real articles, if they are available: in `../shared/specimens` next to the repository. We may not copy their texts. For each claim,
//! `samples.rs` has a test with our own texts, which runs everywhere. A test that does not run here says so.

use std::collections::BTreeSet;
use std::fs;
use std::io::{Read, Write, stderr};
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;
use reprint::report::CommonPassage;
use reprint::verify::Relation;
use reprint::{Deduper, Span, Split};

use crate::support::{cluster_ids, labelled_clusters};

/// The folder. Without it, a note (past the test harness, which would hide it) says that a test did not run, and which test in `samples.rs`
/// checks the same.
fn folder(test: &str, instead: &str) -> Option<PathBuf> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/specimens");
    if folder.is_dir() {
        return Some(folder);
    }
    let note = format!(
        "NOT RUN: {test}: there are no specimens at {}; the sample articles are checked by samples::{instead}\n",
        folder.display()
    );
    let _ = stderr().write_all(note.as_bytes());
    None
}

/// The articles and their variants.
fn rows(folder: &Path) -> Vec<(String, String)> {
    let mut rows = String::new();
    let packed = fs::File::open(folder.join("docs.jsonl.gz")).unwrap();
    MultiGzDecoder::new(packed)
        .read_to_string(&mut rows)
        .unwrap();
    let document = |row: &str| {
        let row: serde_json::Value = serde_json::from_str(row).unwrap();
        (
            row["id"].as_str().unwrap().to_owned(),
            row["text"].as_str().unwrap().to_owned(),
        )
    };
    rows.lines().map(document).collect()
}

#[test]
fn of_the_five_articles_only_the_two_editions_join() {
    let Some(folder) = folder(
        "of_the_five_articles_only_the_two_editions_join",
        "editions_join_and_articles_on_the_same_topic_stay_apart",
    ) else {
        return;
    };
    let report = Deduper::default().run(&articles(&folder)).unwrap();
    let editions = BTreeSet::from(["000".to_owned(), "001".to_owned()]);
    assert_eq!(cluster_ids(&report), BTreeSet::from([editions]));
}

fn articles(folder: &Path) -> Vec<(String, String)> {
    let read = |id: &str| {
        (
            id.to_owned(),
            fs::read_to_string(folder.join(format!("{id}.txt"))).unwrap(),
        )
    };
    ["000", "001", "002", "003", "004"].map(read).into()
}

#[test]
fn of_the_other_articles_two_pairs_quote_one_source() {
    let Some(folder) = folder(
        "of_the_other_articles_two_pairs_quote_one_source",
        "two_articles_that_quote_one_source_share_the_quotation_and_nothing_else",
    ) else {
        return;
    };
    let documents = articles(&folder);
    let report = Deduper::default().run(&documents).unwrap();
    assert!(report.relations.is_empty());
    let ids = |passage: &CommonPassage| {
        let places = passage.places.iter();
        places
            .map(|place| documents[place.position].0.as_str())
            .collect::<Vec<_>>()
    };
    let found = report
        .passages
        .iter()
        .map(|passage| (ids(passage), passage.chars));
    let expected = [(vec!["002", "003"], 38), (vec!["003", "004"], 32)];
    assert_eq!(found.collect::<Vec<_>>(), expected);
}

#[test]
fn the_print_edition_stays_in_any_order_and_three_numbers_conflict() {
    let Some(folder) = folder(
        "the_print_edition_stays_in_any_order_and_three_numbers_conflict",
        "the_print_edition_stays_in_any_order_and_what_differs_is_told_by_kind",
    ) else {
        return;
    };
    let mut articles = articles(&folder);
    for _ in 0..2 {
        articles.reverse();
        let report = Deduper::default().run(&articles).unwrap();
        assert_eq!(report.clusters[0].canonical.id, "000");
        assert!(
            report.clusters[0]
                .reason
                .starts_with("most complete text: ")
        );
    }
    let evidence = Deduper::default().evidence(&articles, 0, 1).unwrap();
    let bare = |span: &Span, text: &str| span.of(text).split_whitespace().collect::<String>();
    let conflicts = evidence.conflicts().map(|conflict| {
        (
            bare(&conflict.left, &articles[0].1),
            bare(&conflict.right, &articles[1].1),
        )
    });
    let expected = [
        ("7月20日", "720日"),
        ("7月30日", "730日"),
        ("30期156条", "30156条"),
    ];
    assert_eq!(
        conflicts.collect::<Vec<_>>(),
        expected.map(|(l, r)| (l.to_owned(), r.to_owned()))
    );
}

#[test]
fn the_compilation_has_six_parts_and_each_finds_its_article() {
    let Some(folder) = folder(
        "the_compilation_has_six_parts_and_each_finds_its_article",
        "the_compilation_contains_its_article_and_its_part_is_a_copy_of_it",
    ) else {
        return;
    };
    let singles = [
        "003.01",
        "003.02:t2s",
        "003.03",
        "003.04:t2s",
        "003.06",
        "003.07:t2s",
    ];
    let documents: Vec<(String, String)> = rows(&folder)
        .into_iter()
        .filter(|(id, _)| id == "003" || singles.contains(&id.as_str()))
        .collect();
    let split = Split::new(&documents).unwrap();
    let of_compilation = split
        .parts()
        .filter(|(whole, ..)| documents[*whole].0 == "003");
    assert_eq!(of_compilation.count(), 6);
    let report = Deduper::default().run(&split).unwrap();
    for (number, single) in (1..).zip(singles) {
        let part = format!("003#{number}");
        let cluster = report.explain(&part).cluster.unwrap();
        assert_eq!(cluster.canonical.id, single);
    }
    assert_eq!(
        report.kept()[..documents.len()],
        vec![true; documents.len()]
    );
}

#[test]
fn every_single_article_is_within_the_compilation_and_in_no_other() {
    let Some(folder) = folder(
        "every_single_article_is_within_the_compilation_and_in_no_other",
        "the_compilation_contains_its_article_and_its_part_is_a_copy_of_it",
    ) else {
        return;
    };
    let report = Deduper::default().run(&rows(&folder)).unwrap();
    let contains = report
        .relations
        .iter()
        .filter(|pair| pair.relation == Relation::Contains);
    let found: BTreeSet<(&str, &str)> = contains
        .map(|pair| (pair.a.id.as_str(), pair.b.id.as_str()))
        .collect();
    let truth = fs::read_to_string(folder.join("truth2.tsv")).unwrap();
    let row = |line: &'static str| {
        let mut columns = line.split('\t');
        (columns.next().unwrap(), columns.next().unwrap())
    };
    let truth: &'static str = truth.leak();
    assert_eq!(found, truth.lines().map(row).collect());
}

#[test]
fn every_variant_joins_its_article_and_no_other() {
    let Some(folder) = folder(
        "every_variant_joins_its_article_and_no_other",
        "variants_made_of_the_articles_join_them_and_no_other",
    ) else {
        return;
    };
    let report = Deduper::default().run(&rows(&folder)).unwrap();
    let truth = fs::read_to_string(folder.join("truth.tsv")).unwrap();
    assert_eq!(cluster_ids(&report), labelled_clusters(&truth));
}
