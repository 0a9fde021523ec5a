//! The sample articles: what a person would see in them, the program's library sees.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use reprint::{Deduper, Document};

use crate::support::cluster_ids;

fn articles() -> Vec<Document> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/articles");
    let files = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let document = |path: std::path::PathBuf| {
        let id = path.file_stem().unwrap().to_string_lossy().into_owned();
        Document::new(id, fs::read_to_string(path).unwrap())
    };
    files.map(document).collect()
}

fn set(ids: &[&str]) -> BTreeSet<String> {
    ids.iter().map(|id| (*id).to_owned()).collect()
}

#[test]
fn editions_join_and_articles_on_the_same_topic_stay_apart() {
    let articles = articles();
    assert_eq!(articles.len(), 12);
    let report = Deduper::default().run(&articles).unwrap();
    let flood = set(&["flood-print", "flood-web", "flood-taiwan", "flood-hongkong"]);
    let bridge = set(&["bridge-print", "bridge-web"]);
    assert_eq!(cluster_ids(&report), BTreeSet::from([flood, bridge]));
    assert!(report.refused.is_empty());
}
