//! The sample articles: does the library find what a person would find in them?

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

    let split = Split::new(&articles).unwrap();
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
fn the_print_edition_stays_in_any_order_and_what_differs_is_told_by_kind() {
    let mut articles = articles();
    for _ in 0..2 {
        articles.reverse();
        let report = Deduper::default().run(&articles).unwrap();
        let canonical = |cluster: &reprint::report::Cluster| cluster.canonical.id.clone();
        let canonical: BTreeSet<String> = report.clusters.iter().map(canonical).collect();
        assert_eq!(canonical, set(&["flood-print", "bridge-print"]));
    }
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

#[test]
fn two_articles_that_quote_one_source_share_the_quotation_and_nothing_else() {
    let quotation =
        "“桥修好的那天，请把第一张渡船票留给我，我要站在桥中间把它撕掉，再把碎纸撒进江里。”";
    let mut articles = articles();
    articles.retain(|article| ["drill", "levee", "volunteers"].contains(&article.id.as_str()));
    for id in ["drill", "levee"] {
        let place = position(&articles, id);
        let text = &mut articles[place].text;
        let middle = text.char_indices().nth(text.chars().count() / 2);
        text.insert_str(middle.unwrap().0, quotation);
    }
    let report = Deduper::default().run(&articles).unwrap();
    assert!(report.clusters.is_empty());
    assert!(report.relations.is_empty(), "{:?}", report.relations);
    let [passage] = report.passages.as_slice() else {
        panic!("{:?}", report.passages);
    };
    let places = passage.places.iter();
    let ids: Vec<&str> = places
        .map(|place| articles[place.position].id.as_str())
        .collect();
    assert_eq!(ids, ["drill", "levee"]);
    // The number of letters and digits in the quotation.
    let letters = quotation.chars().filter(|c| c.is_alphanumeric()).count();
    assert!(passage.chars.abs_diff(letters) <= 2, "{}", passage.chars);
}

/// A way to print a text again: its name, and the function that changes the text.
type Variant = (&'static str, fn(&str) -> String);

/// What can change when a text is printed again.
const VARIANTS: [Variant; 4] = [
    ("wrapped", |text| {
        let chars: Vec<char> = text.chars().collect();
        let lines = chars.chunks(24).map(String::from_iter);
        lines.collect::<Vec<_>>().join("\n")
    }),
    ("unpunctuated", |text| {
        let kept = text
            .chars()
            .filter(|c| c.is_alphanumeric() || c.is_whitespace());
        kept.collect()
    }),
    ("framed", |text| {
        format!("Home | News | Letters\n{text}\nAll rights reserved. Write to the editor.")
    }),
    ("misread", |text| {
        let chars = text.chars().enumerate();
        chars
            .map(|(i, c)| if i % 60 == 59 { '口' } else { c })
            .collect()
    }),
];

#[test]
fn variants_made_of_the_articles_join_them_and_no_other() {
    let singles = ["drill", "harvest", "levee", "tunnel", "volunteers"];
    let mut articles = articles();
    articles.retain(|article| singles.contains(&article.id.as_str()));
    let variants: Vec<Document> = articles
        .iter()
        .flat_map(|article| {
            VARIANTS.map(|(name, make)| {
                Document::new(format!("{} {name}", article.id), make(&article.text))
            })
        })
        .collect();
    let expected = singles.iter().map(|id| {
        let names = VARIANTS.map(|(name, _)| format!("{id} {name}"));
        names
            .into_iter()
            .chain([(*id).to_owned()])
            .collect::<BTreeSet<_>>()
    });
    let expected: BTreeSet<_> = expected.collect();
    let report = Deduper::default()
        .run(&[articles, variants].concat())
        .unwrap();
    assert_eq!(cluster_ids(&report), expected);
}
