//! Which copies are kept, by the fields of the rows: their dates, numbers, sources and languages?

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use reprint::cluster::Policy;
use reprint::{Deduper, Document, Metadata};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::program::{code, errors, rows, run};
use crate::support::{Numbers, corpus};

const TEXT: &str = "The lighthouse keeper kept bees in the lee of the tower, and sold the honey to the ferry, jar by jar, in summer.";
const COPY: &str = "The lighthouse keeper kept bees in the lee of the tower - and sold the honey to the ferry, jar by jar, in summer!";
const OTHER: &str = "Two brothers who mended clocks on the same square for forty years did not speak, and nobody could remember why.";

fn folder(files: &[(&str, &[Value])]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, rows) in files {
        let lines: String = rows.iter().map(|row| format!("{row}\n")).collect();
        fs::write(folder.path().join(name), lines).unwrap();
    }
    folder
}

fn result(folder: &Path, options: &[&str], inputs: &[&str]) -> String {
    let all = [&["--force", "--output", "out"], options, inputs].concat();
    let output = run(folder, &all);
    assert_eq!(code(&output), 0, "{}", errors(&output));
    errors(&output)
}

fn stays(folder: &Path) -> Vec<String> {
    let clusters = rows(folder.join("out/clusters.jsonl"));
    let canonical = clusters
        .iter()
        .map(|row| row["canonical"].as_str().unwrap().to_owned());
    canonical.collect()
}

fn kept(folder: &Path) -> Vec<String> {
    let kept = rows(folder.join("out/kept.jsonl"));
    kept.iter()
        .map(|row| row["id"].as_str().unwrap().to_owned())
        .collect()
}

/// Copies with these values of a field.
fn copies(field: &str, values: &[Value]) -> Vec<Value> {
    let names = 'a'..='z';
    let rows = names
        .zip(values)
        .map(|(id, value)| json!({"id": id.to_string(), "text": TEXT, field: value}));
    rows.collect()
}

#[test]
fn dates_of_one_column_tell_the_day_from_the_month() {
    let column = |dates: &[&str]| {
        copies(
            "date",
            &dates.iter().map(|&date| json!(date)).collect::<Vec<_>>(),
        )
    };
    // If the day comes first, b is in February. If the month comes first, b is the latest.
    let rows = column(&["01/09/2024", "10/02/2024", "28/03/2024"]);
    let folder = folder(&[("in.jsonl", &rows)]);
    assert_eq!(
        result(folder.path(), &["--keep", "earliest"], &["in.jsonl"]),
        ""
    );
    assert_eq!(stays(folder.path()), ["b"]);
    result(folder.path(), &["--keep", "latest"], &["in.jsonl"]);
    assert_eq!(stays(folder.path()), ["a"]);
    // A single row elsewhere decides too, if no other row does.
    let alone = json!({"id": "z", "text": OTHER, "date": "12/31/2023"});
    fs::write(
        folder.path().join("in.jsonl"),
        format!("{}\n{}\n{alone}\n", rows[0], rows[1]),
    )
    .unwrap();
    assert_eq!(
        result(folder.path(), &["--keep", "latest"], &["in.jsonl"]),
        ""
    );
    assert_eq!(stays(folder.path()), ["b"]);
}

#[test]
fn dates_that_may_be_two_or_are_none_are_told_with_a_count_and_an_example() {
    let values = [
        json!("01/09/2024"),
        json!("10/02/2024"),
        json!("soon"),
        json!("3 March 2024"),
        json!(""),
        Value::Null,
    ];
    let folder = folder(&[("in.jsonl", &copies("date", &values))]);
    let said = result(folder.path(), &["--keep", "latest"], &["in.jsonl"]);
    assert_eq!(stays(folder.path()), ["d"]);
    assert!(
        said.contains("1 date of the field \"date\" could not be read, such as \"soon\" in c;"),
        "{said}"
    );
    assert!(said.contains("2 dates of the field \"date\" can be read with the day or the month first, such as \"01/09/2024\" in a;"), "{said}");
    assert!(said.contains("--date-order"), "{said}");
    let said = result(
        folder.path(),
        &["--keep", "latest", "--date-order", "month-first"],
        &["in.jsonl"],
    );
    assert_eq!(
        (stays(folder.path()), said.lines().count()),
        (vec!["b".to_owned()], 1)
    );
    let wrong = run(folder.path(), &["--date-order", "ymd", "in.jsonl"]);
    assert_eq!(code(&wrong), 2);
}

#[test]
fn max_and_min_compare_the_numbers_or_dates_of_any_field() {
    let cases = [
        (["9", "10", "-1"], "b", "c"),
        (["1e3", "999.5", "n/a"], "a", "b"),
        (
            [
                "1669700650467246080",
                "1669700650467246082",
                "1669700650467246081",
            ],
            "b",
            "a",
        ),
        (["28 Feb 2024", "2023", "2024-02-27T23:00:00Z"], "a", "b"),
        (["March 2024", "2024年2月28日", "1700000000"], "a", "c"),
    ];
    for (values, max, min) in cases {
        let folder = folder(&[(
            "in.jsonl",
            &copies("score", &values.map(|value| json!(value))),
        )]);
        for (policy, expected) in [("max:score", max), ("min:score", min)] {
            result(folder.path(), &["--keep", policy], &["in.jsonl"]);
            assert_eq!(stays(folder.path()), [expected], "{policy} {values:?}");
        }
    }
    let numbers = folder(&[(
        "in.jsonl",
        &copies(
            "score",
            &[json!(9), json!(10.5), json!([11, 12]), json!(true)],
        ),
    )]);
    let said = result(numbers.path(), &["--keep", "max:score"], &["in.jsonl"]);
    assert_eq!(stays(numbers.path()), ["c"]);
    assert!(
        said.contains("1 value of the field \"score\" could not be read, such as \"true\" in d"),
        "{said}"
    );
    let csv = format!("id,text,published\na,\"{TEXT}\",1.3.2024\nb,\"{TEXT}\",28.2.2024\n");
    fs::write(numbers.path().join("in.csv"), csv).unwrap();
    result(
        numbers.path(),
        &["--keep", "min:published", "--date-field", "published"],
        &["in.csv"],
    );
    assert_eq!(stays(numbers.path()), ["b"]);
}

#[test]
fn a_field_that_no_row_has_is_told_and_ids_and_texts_are_none() {
    let folder = folder(&[("in.jsonl", &copies("score", &[json!(1), json!(2)]))]);
    let said = result(folder.path(), &["--keep", "max:scroe"], &["in.jsonl"]);
    assert!(
        said.contains(
            "--keep: no document with copies has the field \"scroe\"; did you mean \"score\"?"
        ),
        "{said}"
    );
    let said = result(folder.path(), &["--apart", "lang"], &["in.jsonl"]);
    assert!(
        said.contains("--apart: no document with copies has the field \"lang\""),
        "{said}"
    );
    for options in [
        ["--keep", "max:id"],
        ["--apart", "text"],
        ["--keep", "one-per:id"],
    ] {
        let output = run(folder.path(), &[&options[..], &["in.jsonl"]].concat());
        assert_eq!(code(&output), 2, "{}", errors(&output));
    }
}

#[test]
fn one_copy_stays_for_each_value_and_the_others_name_the_one_of_theirs() {
    let row =
        |id: &str, text: &str, site: Option<&str>| json!({"id": id, "text": text, "source": site});
    let rows_of = [
        row("a", TEXT, Some("x")),
        row("b", TEXT, Some("y")),
        row("c", COPY, Some("x")),
        row("d", COPY, Some("y")),
        row("e", TEXT, None),
        row("f", TEXT, None),
        row("g", OTHER, Some("x")),
    ];
    let folder = folder(&[("in.jsonl", &rows_of)]);
    result(
        folder.path(),
        &["--keep", "intact;one-per:source"],
        &["in.jsonl"],
    );
    let clusters = rows(folder.path().join("out/clusters.jsonl"));
    assert_eq!((clusters.len(), clusters[0]["size"].as_u64()), (1, Some(6)));
    let members = clusters[0]["members"].as_array().unwrap();
    let staying: Vec<&str> = members
        .iter()
        .filter(|member| member["stays"] == true)
        .map(|member| member["id"].as_str().unwrap())
        .collect();
    let removed = rows(folder.path().join("out/removed.jsonl"));
    let canonical = clusters[0]["canonical"].as_str().unwrap();
    let site = |id: &str| rows_of.iter().find(|row| row["id"] == id).unwrap()["source"].clone();
    assert_eq!(removed.len() + staying.len() + 1, 6);
    for row in &removed {
        let (id, stays) = (
            row["id"].as_str().unwrap(),
            row["canonical"].as_str().unwrap(),
        );
        assert_eq!(site(id), site(stays), "{row}");
        assert!(stays == canonical || staying.contains(&stays));
        assert!(
            row["relation"] == "exact" || row["relation"] == "same-text",
            "{row}"
        );
    }
    let mut all: Vec<&str> = staying.iter().copied().chain([canonical, "g"]).collect();
    all.sort_unstable();
    assert_eq!(kept(folder.path()), all);
    assert_eq!(all.len(), 4);
}

#[test]
fn documents_of_different_values_are_never_joined_whatever_the_order_and_the_number() {
    let mut numbers = Numbers(7);
    for round in 0..6_u64 {
        let mut documents: Vec<Document> = Vec::new();
        for (id, text) in corpus(100 + round, 40) {
            // Up to thirty equal copies of a text, with three values or without one.
            for copy in 0..[1, 2, 5, 30][numbers.below(4)] {
                let other = match numbers.below(4) {
                    0 => Vec::new(),
                    n => vec![("lang".to_owned(), format!("l{n}"))],
                };
                let metadata = Metadata {
                    other,
                    ..Metadata::default()
                };
                documents.push(
                    Document::new(format!("{id}-{copy:02}"), text.clone()).with_metadata(metadata),
                );
            }
        }
        let deduper = Deduper::builder().apart("lang").build().unwrap();
        let report = deduper.run(&documents).unwrap();
        let value = |position: usize| documents[position].metadata.first_value("lang");
        let mut cluster_of: BTreeMap<usize, usize> = BTreeMap::new();
        for (number, cluster) in report.clusters.iter().enumerate() {
            let values: BTreeSet<_> = cluster
                .documents()
                .map(|document| value(document.position))
                .collect();
            assert_eq!(values.len(), 1, "{values:?}");
            cluster_of.extend(
                cluster
                    .documents()
                    .map(|document| (document.position, number)),
            );
        }
        // Equal texts with one value are joined, as they would be without the others.
        let mut first: BTreeMap<(&str, Option<&str>), usize> = BTreeMap::new();
        for (position, document) in documents.iter().enumerate() {
            let of_text = *first
                .entry((&document.text, value(position)))
                .or_insert(position);
            assert!(of_text == position || cluster_of[&of_text] == cluster_of[&position]);
        }
        let mut shuffled = documents.clone();
        numbers.shuffle(&mut shuffled);
        let again = deduper.run(&shuffled).unwrap();
        let ids = |report: &reprint::report::Report| -> Vec<Vec<String>> {
            let clusters = report.clusters.iter();
            clusters
                .map(|cluster| {
                    cluster
                        .documents()
                        .map(|document| document.id.clone())
                        .collect()
                })
                .collect()
        };
        assert_eq!(ids(&report), ids(&again));
    }
}

#[test]
fn copies_of_one_value_are_found_among_copies_of_others() {
    // Without the values, all texts are one cluster. With them, there is one cluster for each value.
    let mut documents = Vec::new();
    for n in 0..60 {
        let words = "the weir gave way a little after two and took the footbridge four beehives and the skittle alley down to the railway embankment";
        let text = format!(
            "{words} by the Hundred of {} as the engineers found on Thursday",
            ["Long Barton", "Longbarton"][n % 2]
        );
        let other = vec![("split".to_owned(), format!("{}", n % 3))];
        let metadata = Metadata {
            other,
            ..Metadata::default()
        };
        documents.push(Document::new(format!("{n:02}"), text).with_metadata(metadata));
    }
    let all = Deduper::default().run(&documents).unwrap();
    let apart = Deduper::builder()
        .apart("split")
        .build()
        .unwrap()
        .run(&documents)
        .unwrap();
    assert_eq!((all.clusters.len(), apart.clusters.len()), (1, 3));
    assert!(
        apart
            .clusters
            .iter()
            .all(|cluster| cluster.documents().count() == 20)
    );
}

#[test]
fn a_document_within_another_of_a_different_value_stays() {
    let long = format!("{OTHER} {TEXT}");
    let document = |id: &str, text: &str, split: &str| {
        let other = vec![("split".to_owned(), split.to_owned())];
        Document::new(id, text).with_metadata(Metadata {
            other,
            ..Metadata::default()
        })
    };
    let keep: Policy = "intact;container".parse().unwrap();
    let builder = || Deduper::builder().keep(keep.clone());
    let documents = [
        document("long", &long, "train"),
        document("part", TEXT, "test"),
    ];
    assert_eq!(
        builder().build().unwrap().run(&documents).unwrap().kept(),
        [true, false]
    );
    assert_eq!(
        builder()
            .apart("split")
            .build()
            .unwrap()
            .run(&documents)
            .unwrap()
            .kept(),
        [true, true]
    );
}

fn sourced() -> Vec<Value> {
    let row = |id: &str, text: &str, source: Value| json!({"id": id, "text": text, "source": source, "n": 1.50});
    vec![
        row("a", TEXT, json!("x")),
        row("b", COPY, json!("y")),
        row("c", TEXT, json!("x")),
        row("d", OTHER, json!("x")),
        row("e", OTHER, Value::Null),
        row(
            "f",
            "A third text that nobody else has printed, with a goat in it.",
            json!("z"),
        ),
    ]
}

#[test]
fn annotated_rows_lose_nothing_and_say_what_a_run_would_do() {
    let folder = folder(&[("in.jsonl", &sourced())]);
    result(folder.path(), &[], &["in.jsonl"]);
    let (would_stay, clusters) = (
        kept(folder.path()),
        fs::read(folder.path().join("out/clusters.jsonl")).unwrap(),
    );
    result(folder.path(), &["--annotate"], &["in.jsonl"]);
    assert_eq!(
        fs::read(folder.path().join("out/clusters.jsonl")).unwrap(),
        clusters
    );
    assert!(rows(folder.path().join("out/removed.jsonl")).is_empty());
    let kept = fs::read_to_string(folder.path().join("out/kept.jsonl")).unwrap();
    let input = fs::read_to_string(folder.path().join("in.jsonl")).unwrap();
    assert_eq!(kept.lines().count(), 6);
    for (line, row) in kept.lines().zip(input.lines()) {
        let before = row.strip_suffix('}').unwrap();
        let annotation = line.strip_prefix(before).unwrap();
        assert!(
            annotation.starts_with(",\"reprint\":{\"cluster\":"),
            "{annotation}"
        );
    }
    let rows = rows(folder.path().join("out/kept.jsonl"));
    let staying: Vec<&str> = rows
        .iter()
        .filter(|row| row["reprint"]["canonical"] == true)
        .map(|row| row["id"].as_str().unwrap())
        .collect();
    assert_eq!(staying, would_stay);
    let sizes: Vec<(u64, u64)> = rows
        .iter()
        .map(|row| {
            ["cluster_size", "sources"]
                .map(|name| row["reprint"][name].as_u64().unwrap())
                .into()
        })
        .collect();
    assert_eq!(sizes, [(3, 2), (3, 2), (3, 2), (2, 1), (2, 1), (1, 1)]);
    // Weights of one divided by the number of copies add up to the number of texts.
    let weight: f64 = sizes.iter().map(|&(size, _)| 1.0 / size as f64).sum();
    assert!((weight - 3.0).abs() < 1e-9);
    let summary: Value =
        serde_json::from_slice(&fs::read(folder.path().join("out/summary.json")).unwrap()).unwrap();
    assert_eq!(
        (&summary["removed"], &summary["settings"]["annotate"]),
        (&json!(0), &json!(true))
    );
}

#[test]
fn rows_of_every_kind_are_annotated_and_an_earlier_annotation_is_replaced_with_a_note() {
    let folder = folder(&[("in.jsonl", &sourced()[..1])]);
    let place = folder.path();
    fs::write(
        place.join("b.csv"),
        format!("id,text,source\nb,\"{COPY}\",y\n"),
    )
    .unwrap();
    fs::write(place.join("c.txt"), TEXT).unwrap();
    fs::write(
        place.join("d.html"),
        format!("<html><body><p>{TEXT}</p></body></html>"),
    )
    .unwrap();
    let said = result(
        place,
        &["--annotate"],
        &["in.jsonl", "b.csv", "c.txt", "d.html"],
    );
    assert_eq!(said, "");
    let annotations = |name: &str| -> Vec<Value> {
        rows(place.join(name))
            .into_iter()
            .map(|row| row["reprint"].clone())
            .collect()
    };
    let first = annotations("out/kept.jsonl");
    assert_eq!(first.len(), 4);
    assert!(
        first
            .iter()
            .all(|one| one["cluster_size"] == 4 && one["sources"] == 2),
        "{first:?}"
    );
    assert_eq!(
        first.iter().filter(|one| one["canonical"] == true).count(),
        1
    );
    fs::copy(place.join("out/kept.jsonl"), place.join("again.jsonl")).unwrap();
    let said = result(place, &["--annotate"], &["again.jsonl"]);
    assert!(
        said.contains("4 rows had a field \"reprint\" already; --annotate replaced it"),
        "{said}"
    );
    assert_eq!(annotations("out/kept.jsonl"), first);
}

#[test]
fn a_text_of_fewer_sources_than_asked_for_goes_and_is_told() {
    let folder = folder(&[("in.jsonl", &sourced())]);
    result(
        folder.path(),
        &["--min-sources", "2", "--keep", "first"],
        &["in.jsonl"],
    );
    assert_eq!(kept(folder.path()), ["a"]);
    let removed = rows(folder.path().join("out/removed.jsonl"));
    let few = |id: &str, sources: usize| json!({"id": id, "canonical": null, "relation": "few-sources", "sources": sources});
    assert_eq!(removed.len(), 5);
    assert_eq!(removed[2..], [few("d", 1), few("e", 1), few("f", 1)]);
    assert_eq!(
        (&removed[0]["canonical"], &removed[0]["relation"]),
        (&json!("a"), &json!("same-text"))
    );
    // The clusters are the same as in any other run.
    assert_eq!(rows(folder.path().join("out/clusters.jsonl")).len(), 2);
    result(folder.path(), &["--min-sources", "3"], &["in.jsonl"]);
    assert!(kept(folder.path()).is_empty());
}

#[test]
fn sources_are_counted_alike_over_shards_and_in_any_order() {
    let mut all = sourced();
    let parts = folder(&[("1.jsonl", &all[3..]), ("2.jsonl", &all[..3])]);
    all.reverse();
    fs::write(
        parts.path().join("all.jsonl"),
        all.iter().map(|row| format!("{row}\n")).collect::<String>(),
    )
    .unwrap();
    let mut seen = BTreeSet::new();
    for inputs in [
        &["1.jsonl", "2.jsonl"][..],
        &["2.jsonl", "1.jsonl"],
        &["all.jsonl"],
    ] {
        for options in [&["--annotate"][..], &["--min-sources", "2"]] {
            result(parts.path(), options, inputs);
            let mut kept = rows(parts.path().join("out/kept.jsonl"));
            kept.sort_by_key(|row| row["id"].to_string());
            seen.insert((options[0], json!(kept).to_string()));
        }
    }
    assert_eq!(seen.len(), 2);
}

#[test]
fn senseless_combinations_are_refused_with_the_remedy() {
    let folder = folder(&[(
        "in.jsonl",
        &[
            json!({"id": "a", "text": TEXT}),
            json!({"id": "b", "text": TEXT}),
        ],
    )]);
    for (options, part) in [
        (&["--annotate"][..], "--output"),
        (
            &["--annotate", "--output", "out", "--min-sources", "2"],
            "--min-sources",
        ),
        (
            &["--annotate", "--output", "out", "--kept-parquet"],
            "--kept-parquet",
        ),
        (
            &[
                "--annotate",
                "--output",
                "out",
                "--keep",
                "intact;container",
            ],
            "leave one of them out",
        ),
        (&["--min-sources", "2"], "--source-field"),
        (&["--min-sources", "2", "--output", "out"], "--source-field"),
        (&["--min-sources", "0"], "at least 1"),
        (&["--keep", "one-per:a;one-per:b"], "name it once"),
        (&["--keep", "maxx:score"], "'max'"),
    ] {
        let output = run(folder.path(), &[options, &["in.jsonl"]].concat());
        assert_eq!(code(&output), 2, "{options:?}");
        assert!(
            errors(&output).contains(part),
            "{options:?}: {}",
            errors(&output)
        );
        assert!(!folder.path().join("out").exists());
        assert!(!folder.path().join(".out.partial").exists());
    }
}

#[test]
fn a_run_that_was_annotated_is_another_one_to_resume() {
    let folder = folder(&[("in.jsonl", &sourced())]);
    result(folder.path(), &[], &["in.jsonl"]);
    let said = result(folder.path(), &["--annotate", "--resume"], &["in.jsonl"]);
    assert!(!said.contains("holds the result of this run"), "{said}");
    assert_eq!(rows(folder.path().join("out/kept.jsonl")).len(), 6);
    let said = result(folder.path(), &["--annotate", "--resume"], &["in.jsonl"]);
    assert!(said.contains("holds the result of this run"), "{said}");
}

#[test]
fn explain_tells_what_keeps_two_equal_texts_apart() {
    let folder = folder(&[("in.jsonl", &copies("lang", &[json!("en"), json!("fr")]))]);
    let explain = |format: &str| {
        let options = ["--apart", "lang", "--format", format];
        let ids = ["--explain", "a", "--explain", "b", "in.jsonl"];
        let output = run(folder.path(), &[&options[..], &ids].concat());
        assert_eq!(code(&output), 0, "{}", errors(&output));
        String::from_utf8(output.stdout).unwrap()
    };
    let text = explain("text");
    assert!(
        text.contains(r#"Never joined: "lang" is ["en"] in the first and ["fr"] in the second"#),
        "{text}"
    );
    let value: Value = serde_json::from_str(&explain("json")).unwrap();
    assert_eq!(
        value["apart"],
        json!({"field": "lang", "a": ["en"], "b": ["fr"]})
    );
}
