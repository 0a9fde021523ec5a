//! The figures of `evaluate`, compared with figures calculated by hand and with another scorer.
#![allow(clippy::print_stderr)] // says what it skips

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::corpus;

/// The program's printed output, and the JSON that it writes.
fn run(folder: &Path, options: &[&str]) -> (String, serde_json::Value) {
    let tests = std::env::current_exe().unwrap();
    let built = tests.ancestors().nth(2).unwrap().join("examples/evaluate");
    assert!(
        built.exists(),
        "build it first: cargo build --example evaluate"
    );
    let json = folder.join("figures.json");
    let run = Command::new(built)
        .arg(folder)
        .arg("--json")
        .arg(&json)
        .args(options)
        .output()
        .unwrap();
    assert!(
        run.status.success(),
        "{}",
        String::from_utf8_lossy(&run.stderr)
    );
    let figures = serde_json::from_str(&fs::read_to_string(json).unwrap()).unwrap();
    (String::from_utf8(run.stdout).unwrap(), figures)
}

fn evaluate(folder: &Path, options: &[&str]) -> serde_json::Value {
    run(folder, options).1
}

fn document(id: &str, text: &str) -> (String, String) {
    (id.to_owned(), text.to_owned())
}

/// Numbers of right pairs, found pairs, and pairs that are both.
fn counts(pairs: &serde_json::Value) -> [u64; 3] {
    ["right", "found", "hit"].map(|name| pairs[name].as_u64().unwrap())
}

fn write_set(folder: &Path, documents: &[(String, String)], truth: &str, ignore: &str) {
    fs::create_dir_all(folder).unwrap();
    let rows = documents
        .iter()
        .map(|(id, text)| serde_json::json!({"id": id, "text": text}).to_string() + "\n");
    fs::write(folder.join("docs.jsonl"), rows.collect::<String>()).unwrap();
    fs::write(folder.join("truth.tsv"), truth).unwrap();
    fs::write(folder.join("ignore.tsv"), ignore).unwrap();
}

#[test]
fn figures_are_those_worked_out_by_hand() {
    let folder = tempfile::tempdir().unwrap();
    // a and b are found. c and d are labelled as one text, and are not found. e has no copy.
    let documents = [
        document("a", "The levee held through the night."),
        document("b", "The levee held, through the night!"),
        document("c", "Volunteers from nine villages came with lamps."),
        document("d", "On Monday the ferry will not run."),
        document("e", "Harvest ended before the first rain."),
    ];
    let truth = "a\t1\nb\t1\nc\t2\nd\t2\ne\t3\n";
    write_set(&folder.path().join("five"), &documents, truth, "");
    let figures = evaluate(folder.path(), &[]);
    let clusters = &figures[0]["clusters"];
    let close = |name: &str, expected: f64| {
        let found = name
            .split('.')
            .fold(clusters, |value, key| &value[key])
            .as_f64()
            .unwrap();
        assert!(
            (found - expected).abs() < 1e-9,
            "{name}: {found}, not {expected}"
        );
    };
    close("pairs.precision", 1.0);
    close("pairs.recall", 0.5);
    close("pairs.f1", 2.0 / 3.0);
    // Of ten pairs, two are right. One pair is found, and it is right. The expected value is 0.2, the maximum 1.5.
    close("ari", (1.0 - 0.2) / (1.5 - 0.2));
    close("b_cubed_precision", 1.0);
    close("b_cubed_recall", 0.8);
    close("clusters", 4.0);
    close("largest", 2.0);
    // Two documents are right, two are missed, and one is rightly alone.
    close("core.duplicate_precision", 1.0);
    close("core.duplicate_recall", 0.5);
    close("core.other_precision", 1.0 / 3.0);
    close("core.accuracy", 0.6);
}

#[test]
fn curves_and_tables_are_written_for_sets_of_anyone() {
    let folder = tempfile::tempdir().unwrap();
    let documents = corpus(3, 60);
    let truth: String = documents
        .iter()
        .map(|(id, _)| format!("{id}\t{id}\n"))
        .collect();
    write_set(&folder.path().join("mine"), &documents, &truth, "");
    let curves = folder.path().join("curves");
    evaluate(folder.path(), &["--curves", curves.to_str().unwrap()]);
    let svg = fs::read_to_string(curves.join("mine.svg")).unwrap();
    assert!(svg.starts_with("<svg") && svg.contains("precision"));
}

const LEVEE: &str = "The levee held through the night. Volunteers from nine villages carried sand and lamps to the \
    eastern gate, and at four in the morning the river began to fall.";

/// `a` and `b` are one text, `c` is another. All labels are right.
fn three_documents() -> ([(String, String); 3], &'static str) {
    let documents = [
        document("a", "The levee held through the night."),
        document("b", "The levee held, through the night!"),
        document("c", "Harvest ended before the first rain."),
    ];
    (documents, "a\t1\nb\t1\nc\t2\n")
}

#[test]
fn only_pairs_of_own_documents_are_scored_among_others() {
    let folder = tempfile::tempdir().unwrap();
    let (documents, truth) = three_documents();
    write_set(&folder.path().join("three"), &documents, truth, "");
    let alone = evaluate(folder.path(), &[]);
    // The same ids as in the set, and copies of its texts.
    let others = [
        document("a", "Harvest ended before the first rain."),
        document("b", "Harvest ended — before the first rain!"),
        document("c", "The levee held through the night."),
    ];
    let elsewhere = tempfile::tempdir().unwrap();
    write_set(elsewhere.path(), &others, "", "");
    let file = elsewhere.path().join("docs.jsonl");
    let own = folder.path().join("three");
    let paths = [elsewhere.path(), &file, &own].map(|path| path.to_str().unwrap());
    let options = paths.map(|path| ["--among", path]).concat();
    assert_eq!(evaluate(folder.path(), &options), alone);
    assert_eq!(counts(&alone[0]["clusters"]["pairs"]), [1, 1, 1]);
    assert_eq!(alone[0]["clusters"]["clusters"], 2);
}

#[test]
fn pooled_sets_are_scored_one_by_one() {
    let folder = tempfile::tempdir().unwrap();
    let (documents, truth) = three_documents();
    write_set(&folder.path().join("first"), &documents, truth, "");
    // Other labels for the same documents. Pairs across the sets count for neither of them.
    write_set(
        &folder.path().join("second"),
        &documents,
        "a\t1\nb\t2\nc\t2\n",
        "",
    );
    let plain = evaluate(folder.path(), &[]);
    let assignments = folder.path().join("assigned");
    let options = ["--pooled", "--assignments", assignments.to_str().unwrap()];
    assert_eq!(evaluate(folder.path(), &options), plain);
    assert_eq!(counts(&plain[0]["clusters"]["pairs"]), [1, 1, 1]);
    assert_eq!(counts(&plain[1]["clusters"]["pairs"]), [1, 1, 0]);
    let assigned = fs::read_to_string(assignments.join("second.tsv")).unwrap();
    assert!(assigned.starts_with("a\tcluster "), "{assigned}");
}

#[test]
fn accepted_pairs_count_all_documents_of_equal_texts() {
    let folder = tempfile::tempdir().unwrap();
    let shorter = LEVEE.replace("nine villages", "villages");
    let documents = [
        document("a", LEVEE),
        document("b", &shorter),
        document("c", &shorter.replace(',', " —")),
        document("d", "Harvest ended before the first rain."),
    ];
    let truth = "a\t1\nb\t1\nc\t2\nd\t3\n";
    let set = folder.path().join("equal");
    write_set(&set, &documents, truth, "");
    let figures = evaluate(folder.path(), &[]);
    // One pair is right. a-b, a-c and b-c are accepted.
    let before = &figures[0]["pairs_before_clustering"];
    assert_eq!(counts(before), [1, 3, 1]);
    write_set(&set, &documents, truth, "c\ta\n");
    let figures = evaluate(folder.path(), &[]);
    assert_eq!(counts(&figures[0]["pairs_before_clustering"]), [1, 2, 1]);
    // The canonical copy of b and c is a document of another collection.
    let others = tempfile::tempdir().unwrap();
    write_set(others.path(), &documents[..1], "", "");
    write_set(&set, &documents[1..], "b\t1\nc\t1\nd\t2\n", "");
    let figures = evaluate(folder.path(), &["--among", others.path().to_str().unwrap()]);
    assert_eq!(counts(&figures[0]["pairs_before_clustering"]), [1, 1, 1]);
}

#[test]
fn changes_since_an_earlier_run_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let (documents, truth) = three_documents();
    write_set(&folder.path().join("changed"), &documents, truth, "");
    write_set(&folder.path().join("same"), &documents, truth, "");
    evaluate(folder.path(), &[]);
    let earlier = folder.path().join("earlier.json");
    fs::rename(folder.path().join("figures.json"), &earlier).unwrap();
    let other_truth = "a\t1\nb\t2\nc\t2\n";
    write_set(&folder.path().join("changed"), &documents, other_truth, "");
    write_set(&folder.path().join("new"), &documents, truth, "");
    let (printed, _) = run(folder.path(), &["--against", earlier.to_str().unwrap()]);
    let change = "precision 1.0000 → 0.0000, recall 1.0000 → 0.0000 (1 of 1 → 0 of 1 pairs), wrong pairs 0 → 1";
    let lines: Vec<&str> = printed.lines().rev().take(3).collect();
    assert_eq!(
        lines,
        [
            "unchanged: 1 of 3 sets",
            "new: not in the earlier figures",
            &format!("changed: {change}; before clustering: {change}"),
        ]
    );
}

#[test]
fn figures_equal_those_of_the_other_scorer() {
    let scorer = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/eval/score.py");
    if !scorer.exists() {
        eprintln!("skipped: there is no {}", scorer.display());
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let documents = corpus(5, 300);
    // Wrong labels of all kinds: groups of three documents, whatever they are.
    let labelled = documents.iter().enumerate();
    let truth: String = labelled
        .map(|(i, (id, _))| format!("{id}\t{}\n", i / 3))
        .collect();
    let ignore = format!(
        "{}\t{}\n{}\t{}\n",
        documents[0].0, documents[1].0, documents[3].0, documents[9].0
    );
    let set = folder.path().join("threes");
    write_set(&set, &documents, &truth, &ignore);
    let assignments = folder.path().join("assigned");
    let figures = evaluate(
        folder.path(),
        &["--assignments", assignments.to_str().unwrap()],
    );
    let score = |mode: &str, more: &[&str]| {
        let run = Command::new("python3")
            .arg(&scorer)
            .arg(mode)
            .arg(assignments.join("threes.tsv"))
            .arg(set.join("truth.tsv"))
            .args(more)
            .output()
            .unwrap();
        String::from_utf8(run.stdout).unwrap()
    };
    let ignored = set.join("ignore.tsv");
    let printed = score(
        "clusters",
        &["--json", "--ignore", ignored.to_str().unwrap()],
    );
    let other: serde_json::Value = serde_json::from_str(printed.lines().last().unwrap()).unwrap();
    let ours = &figures[0]["clusters"];
    for (name, value) in [
        ("P", &ours["pairs"]["precision"]),
        ("R", &ours["pairs"]["recall"]),
        ("F1", &ours["pairs"]["f1"]),
        ("ARI", &ours["ari"]),
        ("B3P", &ours["b_cubed_precision"]),
        ("B3R", &ours["b_cubed_recall"]),
        ("B3F", &ours["b_cubed_f1"]),
        ("true_pairs", &ours["pairs"]["right"]),
        ("pred_pairs", &ours["pairs"]["found"]),
        ("pred_clusters", &ours["clusters"]),
    ] {
        let (ours, other) = (value.as_f64().unwrap(), other[name].as_f64().unwrap());
        assert!(
            (ours - other).abs() < 1e-9,
            "{name}: {ours} against {other}"
        );
    }
    let core = score("core", &[]);
    let accuracy = format!(
        "accuracy(exact set) {:.4}",
        ours["core"]["accuracy"].as_f64().unwrap()
    );
    let mean = format!(
        "precisions) {:.4}",
        ours["core"]["macro_f1"].as_f64().unwrap()
    );
    assert!(
        core.contains(&accuracy) && core.contains(&mean),
        "{core}: {accuracy}, {mean}"
    );
}
