//! Decisions that a person made on the report page are applied by the next run.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::program::{code, errors, printed, row, rows, run};

const TEXT: &str = "The old lock keeper wrote the height of the river in his book every morning before the bell. \
    Nobody had asked him to, and nobody read it until the spring when the dam above the valley failed.";

/// Three editions of one text, and a document without copies.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let texts = [
        row("a", TEXT),
        row("b", &TEXT.replace("spring", "autumn")),
        row("c", &TEXT.replace("book", "ledger")),
        row(
            "alone",
            "On the second day of the fair the ferry carried four hundred people and eleven goats.",
        ),
    ];
    fs::write(folder.path().join("in.jsonl"), texts.concat()).unwrap();
    folder
}

/// A run with these decisions; returns its messages.
fn decide(folder: &Path, decisions: &[Value], more: &[&str]) -> String {
    let lines: String = decisions.iter().map(|line| format!("{line}\n")).collect();
    fs::write(folder.join("decisions.jsonl"), lines).unwrap();
    let arguments = ["--decisions", "decisions.jsonl", "--output", "out"];
    let arguments = [&arguments[..], &["--force", "in.jsonl"], more].concat();
    let output = run(folder, &arguments);
    assert_eq!(code(&output), 0, "{}", errors(&output));
    errors(&output)
}

fn ids(folder: &Path, file: &str) -> Vec<String> {
    let rows = rows(folder.join("out").join(file));
    let ids = rows
        .iter()
        .map(|row| row["id"].as_str().unwrap().to_owned());
    ids.collect()
}

fn decision(id: &str, canonical: &str, decision: &str) -> Value {
    json!({"id": id, "canonical": canonical, "decision": decision})
}

#[test]
fn what_is_not_a_copy_is_kept_and_the_chosen_one_is_canonical() {
    let folder = folder();
    let folder = folder.path();
    assert!(
        run(folder, &["--output", "out", "in.jsonl"])
            .status
            .success()
    );
    let before = rows(folder.join("out/clusters.jsonl"));
    let canonical = before[0]["canonical"].as_str().unwrap();
    let others: Vec<&str> = ["a", "b", "c"]
        .into_iter()
        .filter(|id| *id != canonical)
        .collect();
    let decisions = [
        decision(others[0], canonical, "not-a-copy"),
        decision(others[1], canonical, "keep-this-one"),
        decision("alone", "alone", "seen"),
    ];
    let said = decide(folder, &decisions, &[]);
    assert!(
        said.contains("--decisions: 1 document taken out of clusters, 1 canonical copy chosen"),
        "{said}"
    );
    let cluster = &rows(folder.join("out/clusters.jsonl"))[0];
    assert_eq!(cluster["canonical"], others[1]);
    assert_eq!(cluster["size"], 2);
    assert_eq!(cluster["reason"], "chosen by a decision");
    assert_eq!(ids(folder, "removed.jsonl"), [canonical]);
    assert_eq!(ids(folder, "kept.jsonl").len(), 3);
}

#[test]
fn the_same_decisions_give_the_same_result_and_resume_tells_them_from_others() {
    let folder = folder();
    let folder = folder.path();
    let chosen = [decision("c", "a", "keep-this-one")];
    decide(folder, &chosen, &["--threads", "1"]);
    let first = fs::read(folder.join("out/clusters.jsonl")).unwrap();
    decide(folder, &chosen, &["--threads", "2"]);
    assert_eq!(fs::read(folder.join("out/clusters.jsonl")).unwrap(), first);
    let said = decide(folder, &chosen, &["--resume"]);
    assert!(said.contains("already holds the result"), "{said}");
    let said = decide(folder, &[decision("c", "a", "not-a-copy")], &["--resume"]);
    assert!(said.contains("1 document taken out"), "{said}");
}

#[test]
fn unknown_ids_and_decisions_about_clusters_that_are_gone_are_told_with_a_remedy() {
    let folder = folder();
    let decisions = [
        decision("nobody", "a", "not-a-copy"),
        decision("somebody", "a", "keep-this-one"),
        decision("alone", "a", "not-a-copy"),
    ];
    let said = decide(folder.path(), &decisions, &[]);
    assert!(
        said.contains("2 ids unknown, such as \"nobody\"; give the same input"),
        "{said}"
    );
    assert!(
        said.contains("1 document no longer in a cluster")
            && said.contains("\"alone\"; decide again"),
        "{said}"
    );
    assert_eq!(ids(folder.path(), "removed.jsonl").len(), 2);
}

#[test]
fn a_file_that_is_no_file_of_decisions_ends_the_run_with_its_line() {
    let folder = folder();
    let folder = folder.path();
    let run_with = |arguments: &[&str]| run(folder, &[arguments, &["in.jsonl"]].concat());
    fs::write(folder.join("d.jsonl"), "\n{\"id\":\"a\"}\n").unwrap();
    let wrong = run_with(&["--decisions", "d.jsonl"]);
    assert_eq!(code(&wrong), 2);
    let said = errors(&wrong);
    assert!(
        said.contains("d.jsonl: line 2 is no decision: missing field"),
        "{said}"
    );
    assert!(printed(&wrong).is_empty());
    assert_eq!(code(&run_with(&["--decisions", "missing.jsonl"])), 2);
    fs::write(folder.join("d.jsonl"), "").unwrap();
    let beside = run_with(&["--decisions", "d.jsonl", "--keep", "intact;container"]);
    assert_eq!(code(&beside), 2);
    assert!(errors(&beside).contains("leave one"), "{}", errors(&beside));
    let beside = run_with(&["--decisions", "d.jsonl", "--min-sources", "2"]);
    assert_eq!(code(&beside), 2);
}
