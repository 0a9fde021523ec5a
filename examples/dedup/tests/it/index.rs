//! `dedup index`: what the program says of documents that come every day, and that nothing acknowledged is lost.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

use crate::program::{code, errors, program, row, run, run_with_input};
use crate::support::{Numbers, corpus};

const MONDAY: &str = "The ferry to Holm stops on the first of November, the port office said on Monday. \
    The last boat leaves at six in the evening, and the next one in April.";

/// The rows that the program printed.
fn printed(output: &std::process::Output) -> Vec<Value> {
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[test]
fn documents_of_every_day_are_told_from_those_before() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let monday = row("monday", MONDAY) + &row("other", "The weir at Long Barton gave way.");
    fs::write(folder.join("monday.jsonl"), monday).unwrap();
    let added = run(folder, &["index", "add", "news", "monday.jsonl"]);
    assert_eq!(code(&added), 0, "{}", errors(&added));
    assert!(printed(&added).iter().all(|row| row["outcome"] == "new"));

    let friday = row("friday", &MONDAY.replace(", ", "; "));
    let asked = run_with_input(folder, &["index", "query", "news", "-"], friday.as_bytes());
    let told = &printed(&asked)[0];
    assert_eq!(
        (&told["id"], &told["outcome"]),
        (&"friday".into(), &"new".into())
    );
    assert_eq!(told["relations"][0]["id"], "monday");
    assert_eq!(told["relations"][0]["relation"], "same-text");

    let added = run_with_input(folder, &["index", "add", "news", "-"], friday.as_bytes());
    assert_eq!(printed(&added)[0]["relations"], told["relations"]);
    let again = run_with_input(folder, &["index", "add", "news", "-"], friday.as_bytes());
    assert_eq!(code(&again), 0);
    assert_eq!(printed(&again)[0]["outcome"], "known");

    let other = row("friday", "Another text under a known id.");
    let rejected = run_with_input(folder, &["index", "add", "news", "-"], other.as_bytes());
    assert_eq!((code(&rejected), printed(&rejected).len()), (3, 0));
    assert!(
        errors(&rejected).contains("\"friday\""),
        "{}",
        errors(&rejected)
    );

    let clusters = run(folder, &["index", "clusters", "news"]);
    fs::write(folder.join("friday.jsonl"), &friday).unwrap();
    let whole = run(folder, &["--output", "out", "monday.jsonl", "friday.jsonl"]);
    assert_eq!(code(&whole), 0, "{}", errors(&whole));
    assert_eq!(
        clusters.stdout,
        fs::read(folder.join("out/clusters.jsonl")).unwrap()
    );
    let summary: Value =
        serde_json::from_slice(&fs::read(folder.join("out/summary.json")).unwrap()).unwrap();
    let settled = run(folder, &["index", "settle", "news"]);
    assert_eq!(printed(&settled)[0]["digest"], summary["digest"]);
    assert_eq!(
        printed(&settled)[0]["generation"],
        1,
        "nothing has changed since"
    );

    let removed = run_with_input(
        folder,
        &["index", "remove", "news", "-"],
        b"monday\nnobody\n",
    );
    assert_eq!(code(&removed), 3);
    assert_eq!(printed(&removed)[0]["removed"], true);
    assert_eq!(printed(&removed)[1]["removed"], false);
    let compacted = run(folder, &["index", "compact", "news"]);
    assert_eq!(printed(&compacted)[0]["documents"], 2);
    assert!(
        run(folder, &["index", "clusters", "news"])
            .stdout
            .is_empty()
    );
    let verified = run(folder, &["index", "verify", "news"]);
    assert_eq!(
        (code(&verified), &printed(&verified)[0]["documents"]),
        (0, &2.into())
    );
}

#[test]
fn settings_are_kept_in_the_folder_and_others_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let rows = "{\"name\":\"a\",\"body\":\"One text.\"}\n{\"name\":\"b\",\"body\":\"One text\"}\n";
    fs::write(folder.join("rows.jsonl"), rows).unwrap();
    let options = [
        "--text-field",
        "body",
        "--id-field",
        "name",
        "--level",
        "exact",
    ];
    let made = [&["index", "add"], &options[..], &["kept", "rows.jsonl"]].concat();
    let made = run(folder, &made);
    assert_eq!(code(&made), 0, "{}", errors(&made));
    let again = run(folder, &["index", "add", "kept", "rows.jsonl"]);
    assert!(printed(&again).iter().all(|row| row["outcome"] == "known"));
    assert!(
        run(folder, &["index", "clusters", "kept"])
            .stdout
            .is_empty(),
        "none is exact"
    );
    let other = run(
        folder,
        &["index", "add", "--level", "reprint", "kept", "rows.jsonl"],
    );
    assert_eq!(code(&other), 2);
    assert!(
        errors(&other).contains("--level=exact"),
        "{}",
        errors(&other)
    );
    let nonsense = run(
        folder,
        &[
            "index",
            "query",
            "kept",
            "rows.jsonl",
            "--report",
            "--output",
            "x",
        ],
    );
    assert_eq!(code(&nonsense), 2);
    let none = run(folder, &["index", "query", "nowhere", "rows.jsonl"]);
    assert_eq!(code(&none), 1);
    assert!(errors(&none).contains("no index"), "{}", errors(&none));
    // A folder of that name is an input all the same.
    fs::create_dir(folder.join("index")).unwrap();
    fs::write(folder.join("index/a.txt"), MONDAY).unwrap();
    assert_eq!(code(&run(folder, &["./index"])), 0);
}

#[test]
fn damage_is_named_with_its_file() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let rows = row("a", MONDAY);
    run_with_input(folder, &["index", "add", "news", "-"], rows.as_bytes());
    let path = folder.join("news/texts-000000");
    let mut bytes = fs::read(&path).unwrap();
    bytes[40] ^= 4;
    fs::write(&path, bytes).unwrap();
    let verified = run(folder, &["index", "verify", "news"]);
    assert_eq!(code(&verified), 1);
    let faults = printed(&verified)[0]["faults"].to_string();
    assert!(faults.contains("texts-000000"), "{faults}");
    let copy = row("b", &MONDAY.replace("six", "seven"));
    let asked = run_with_input(folder, &["index", "query", "news", "-"], copy.as_bytes());
    assert_eq!((code(&asked), asked.stdout.len()), (1, 0));
}

/// 1,500 rows in five files, so that adding them takes long enough to be cut off.
fn collection() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (file, some) in corpus(11, 1500).chunks(300).enumerate() {
        let rows: String = some.iter().map(|(id, text)| row(id, text)).collect();
        fs::write(folder.path().join(format!("{file}.jsonl")), rows).unwrap();
    }
    folder
}

fn start(folder: &Path, arguments: &[&str]) -> Child {
    let mut command = Command::new(program());
    command.current_dir(folder).args(arguments);
    let out = fs::File::create(folder.join("printed")).unwrap();
    command.stdout(out).stderr(Stdio::null());
    command.spawn().unwrap()
}

/// Kills the program at so many random moments while it adds, removes, settles and compacts. Nothing that was acknowledged is lost, and nothing is
/// damaged.
fn killed_at_random(times: usize, seed: u64) {
    let folder = collection();
    let folder = folder.path();
    let mut numbers = Numbers(seed);
    let mut acknowledged: BTreeSet<String> = BTreeSet::new();
    let mut takes = [Duration::from_millis(400); 4];
    for turn in 0..times {
        let file = format!("{}.jsonl", turn % 5);
        let action = numbers.below(4);
        let removed: Vec<String> = match action {
            1 => acknowledged.iter().step_by(7).cloned().collect(),
            _ => Vec::new(),
        };
        let ids: Vec<&str> = removed.iter().map(String::as_str).collect();
        let arguments = match action {
            1 if !ids.is_empty() => [&["index", "remove", "ix"], &ids[..]].concat(),
            2 if turn > 0 => vec!["index", "settle", "ix"],
            3 if turn > 0 => vec!["index", "compact", "ix"],
            _ => vec!["index", "add", "ix", &file],
        };
        let mut child = start(folder, &arguments);
        let started = Instant::now();
        sleep(takes[action].mul_f64(numbers.below(1000) as f64 / 900.0));
        let has_ended = child.try_wait().unwrap().is_some();
        child.kill().unwrap();
        child.wait().unwrap();
        if has_ended {
            takes[action] = takes[action].min(started.elapsed());
        } else {
            takes[action] = takes[action].mul_f64(1.2);
        }
        if !folder.join("ix/manifest").exists() {
            continue;
        }
        let verified = run(folder, &["index", "verify", "ix"]);
        assert_eq!(code(&verified), 0, "{arguments:?}: {}", errors(&verified));
        // A row that is whole in the output was acknowledged.
        let text = fs::read_to_string(folder.join("printed")).unwrap();
        let whole = text.rfind('\n').map_or("", |end| &text[..end]);
        let rows = whole
            .lines()
            .filter_map(|line| serde_json::from_str::<Value>(line).ok());
        for row in rows {
            let id = row["id"].as_str().unwrap_or_default().to_owned();
            match arguments[1] {
                "add" => acknowledged.insert(id),
                "remove" => acknowledged.remove(&id),
                _ => false,
            };
        }
        // What was being removed may be there or not.
        acknowledged.retain(|id| arguments[1] != "remove" || !removed.contains(id));
        let asked: String = corpus(11, 1500)
            .iter()
            .filter(|(id, _)| acknowledged.contains(id))
            .map(|(id, text)| row(id, text))
            .collect();
        if !asked.is_empty() {
            let asked = run_with_input(folder, &["index", "query", "ix", "-"], asked.as_bytes());
            let answers = printed(&asked);
            assert_eq!(answers.len(), acknowledged.len());
            assert!(
                answers.iter().all(|row| row["outcome"] == "known"),
                "{arguments:?}"
            );
        }
    }
}

#[test]
fn killed_at_ten_random_moments_nothing_acknowledged_is_lost() {
    killed_at_random(10, 1);
}

/// Takes minutes: `cargo test -p dedup --release -- --ignored killed_at_two_hundred`.
#[test]
#[ignore = "takes minutes"]
fn killed_at_two_hundred_random_moments_nothing_acknowledged_is_lost() {
    killed_at_random(200, 2);
}
