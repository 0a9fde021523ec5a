//! The sample articles: what a person would see in them, the program's library sees.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use reprint::verify::{DifferenceKind, Relation};
use reprint::{Deduper, Document, Span, Split};

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

fn position(articles: &[Document], id: &str) -> usize {
    articles
        .iter()
        .position(|article| article.id == id)
        .unwrap()
}

#[test]
fn the_compilation_contains_its_article_and_its_part_is_a_copy_of_it() {
    let articles = articles();
    let report = Deduper::default().run(&articles).unwrap();
    let pairs = report.relations.iter();
    let found: Vec<_> = pairs
        .map(|pair| (pair.a.id.as_str(), pair.relation, pair.b.id.as_str()))
        .collect();
    assert_eq!(found, [("compilation", Relation::Contains, "harvest")]);
    assert!(report.kept()[position(&articles, "harvest")]);

    let split = Split::new(&articles);
    let report = Deduper::default().run(&split).unwrap();
    let cluster = report.explain("compilation#2").cluster.unwrap();
    assert_eq!(cluster.canonical.id, "harvest");
    assert!(
        report.kept()[..articles.len()]
            .iter()
            .filter(|kept| !**kept)
            .count()
            == 4
    );
}

#[test]
fn what_differs_between_editions_is_told_by_kind() {
    let articles = articles();
    let [print, web, taiwan] =
        ["flood-print", "flood-web", "flood-taiwan"].map(|id| position(&articles, id));
    let evidence = Deduper::default().evidence(&articles, print, web).unwrap();
    let conflicts = evidence.conflicts().map(|conflict| {
        let bare = |span: &Span, place: usize| {
            span.of(&articles[place].text)
                .split_whitespace()
                .collect::<String>()
        };
        (bare(&conflict.left, print), bare(&conflict.right, web))
    });
    let expected = [("7月12日", "712日"), ("7月17日", "717日")];
    assert_eq!(
        conflicts.collect::<Vec<_>>(),
        expected.map(|(l, r)| (l.to_owned(), r.to_owned()))
    );
    let kinds = |a, b| -> BTreeSet<DifferenceKind> {
        let evidence = Deduper::default().evidence(&articles, a, b).unwrap();
        evidence
            .differences
            .iter()
            .map(|difference| difference.kind)
            .collect()
    };
    assert!(kinds(print, web).is_superset(&BTreeSet::from([
        DifferenceKind::Head,
        DifferenceKind::Foot,
        DifferenceKind::Body,
        DifferenceKind::Punctuation,
    ])));
    assert!(kinds(print, taiwan).contains(&DifferenceKind::Script));
}
