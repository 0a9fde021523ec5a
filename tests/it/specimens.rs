//! Real articles, where they are at hand: in `../shared/specimens` beside the repository. Their texts are not ours to copy;
//! `samples.rs` holds the same cases in our own words.

use std::collections::BTreeSet;
use std::fs;
use std::io::{Read, Write, stderr};
use std::path::PathBuf;

use flate2::read::MultiGzDecoder;
use reprint::Deduper;

use crate::support::{cluster_ids, labelled_clusters};

/// The folder, or a note (past the test harness, which would hide it) that a test did not run.
fn folder(test: &str) -> Option<PathBuf> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/specimens");
    if folder.is_dir() {
        return Some(folder);
    }
    let note = format!(
        "NOT RUN: {test}: there are no specimens at {}\n",
        folder.display()
    );
    let _ = stderr().write_all(note.as_bytes());
    None
}

#[test]
fn of_the_five_articles_only_the_two_editions_join() {
    let Some(folder) = folder("of_the_five_articles_only_the_two_editions_join") else {
        return;
    };
    let read = |id: &str| {
        (
            id.to_owned(),
            fs::read_to_string(folder.join(format!("{id}.txt"))).unwrap(),
        )
    };
    let report = Deduper::default()
        .run(&["000", "001", "002", "003", "004"].map(read))
        .unwrap();
    let editions = BTreeSet::from(["000".to_owned(), "001".to_owned()]);
    assert_eq!(cluster_ids(&report), BTreeSet::from([editions]));
}

#[test]
fn every_variant_joins_its_article_and_no_other() {
    let Some(folder) = folder("every_variant_joins_its_article_and_no_other") else {
        return;
    };
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
    let documents: Vec<(String, String)> = rows.lines().map(document).collect();
    let report = Deduper::default().run(&documents).unwrap();
    let truth = fs::read_to_string(folder.join("truth.tsv")).unwrap();
    assert_eq!(cluster_ids(&report), labelled_clusters(&truth));
}
