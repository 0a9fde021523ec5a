//! `dedup index`: the program's answers about documents that arrive every day. No acknowledged document may be lost.

use std::collections::{BTreeMap, BTreeSet};
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
fn a_document_takes_the_place_of_an_old_one_and_indexes_become_one() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let index = |arguments: &[&str], input: &str| {
        let arguments = [&["index"], arguments].concat();
        run_with_input(folder, &arguments, input.as_bytes())
    };
    index(
        &["replace", "news", "-"],
        &(row("a", MONDAY) + &row("b", "One text.")),
    );
    let corrected = row("a", &MONDAY.replace(", ", "; "));
    let replaced = index(&["replace", "news", "-"], &(corrected + &row("c", MONDAY)));
    assert_eq!(code(&replaced), 0, "{}", errors(&replaced));
    let outcomes: Vec<Value> = printed(&replaced)
        .iter()
        .map(|row| row["outcome"].clone())
        .collect();
    assert_eq!(outcomes, ["replaced", "new"]);
    assert_eq!(printed(&replaced)[1]["relations"][0]["id"], "a");

    index(
        &["add", "other", "-"],
        &(row("b", "Another text.") + &row("c", MONDAY) + &row("d", MONDAY)),
    );
    let merged = index(&["merge", "news", "other"], "");
    assert_eq!(code(&merged), 3, "{}", errors(&merged));
    let expected =
        serde_json::json!({"index": "other", "added": 1, "known": 1, "conflicts": ["b"]});
    assert_eq!(printed(&merged), [expected]);
    assert!(errors(&merged).contains("\"b\""), "{}", errors(&merged));
    // The folder does not exist yet.
    let both = index(&["merge", "both", "news", "other"], "");
    assert_eq!(printed(&both)[0]["added"], 4);
    let clusters = index(&["clusters", "news"], "");
    assert!(!clusters.stdout.is_empty());
    assert_eq!(index(&["clusters", "both"], "").stdout, clusters.stdout);

    let options = ["add", "--threshold", "0.7", "strict", "-"];
    index(&options, &row("e", MONDAY));
    let refused = index(&["merge", "news", "strict"], "");
    assert_eq!((code(&refused), refused.stdout.len()), (1, 0));
    assert!(errors(&refused).contains("strict was made under"));
}

#[test]
fn a_run_leaves_an_index_of_its_input_and_keeps_to_the_options_of_one_that_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let monday = row("a", MONDAY) + &row("b", &MONDAY.to_uppercase());
    fs::write(folder.join("monday.jsonl"), monday).unwrap();
    let other = row("b", "Another text.") + &row("c", MONDAY);
    fs::write(folder.join("tuesday.jsonl"), other).unwrap();
    let summary = |output: &std::process::Output| -> Value {
        serde_json::from_slice(&output.stdout).unwrap()
    };
    let first = ["--index", "ix", "--level", "same-text", "--format", "json"];
    let ran = run(folder, &[&first[..], &["monday.jsonl"]].concat());
    assert_eq!(code(&ran), 0, "{}", errors(&ran));
    assert_eq!(summary(&ran)["clusters"], 1);
    assert!(errors(&ran).contains("ix: 2 documents added, 0 known"));
    let again = run(
        folder,
        &["--index", "ix", "--format", "json", "tuesday.jsonl"],
    );
    assert_eq!(code(&again), 3, "{}", errors(&again));
    let summary = summary(&again);
    assert_eq!(
        (&summary["documents"], &summary["settings"]["level"]),
        (&2.into(), &"same-text".into())
    );
    assert!(
        errors(&again).contains("1 document added, 0 known") && errors(&again).contains("\"b\"")
    );
    let clusters = printed(&run(folder, &["index", "clusters", "ix"]));
    assert_eq!((clusters.len(), &clusters[0]["size"]), (1, &3.into()));
    let refused = run(
        folder,
        &["--index", "ix", "--level", "exact", "tuesday.jsonl"],
    );
    assert_eq!((code(&refused), refused.stdout.len()), (2, 0));
    assert!(
        errors(&refused).contains("--level=same-text"),
        "{}",
        errors(&refused)
    );
}

#[test]
fn what_is_inside_what_and_what_is_in_common_are_the_rows_of_one_run() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let stories = corpus(9, 6);
    let stories: Vec<&str> = stories.iter().map(|(_, text)| text.as_str()).collect();
    let week = stories[..4].join("\n\n");
    let other_week = stories[2..].join("\n\n");
    let rows = [
        ("week", week.as_str()),
        ("one", stories[0]),
        ("other", &other_week),
    ];
    let rows: String = rows.iter().map(|(id, text)| row(id, text)).collect();
    fs::write(folder.join("rows.jsonl"), rows).unwrap();
    assert_eq!(code(&run(folder, &["--output", "out", "rows.jsonl"])), 0);
    assert_eq!(code(&run(folder, &["index", "add", "ix", "rows.jsonl"])), 0);
    for (command, file) in [("contained", "relations"), ("passages", "passages")] {
        let printed = run(folder, &["index", command, "ix"]);
        assert_eq!(code(&printed), 0, "{}", errors(&printed));
        let expected = fs::read(folder.join(format!("out/{file}.jsonl"))).unwrap();
        assert!(!expected.is_empty(), "{file}");
        assert_eq!(printed.stdout, expected, "{file}");
    }
    run(
        folder,
        &["index", "add", "--no-relations", "copies", "rows.jsonl"],
    );
    let none = run(folder, &["index", "contained", "copies"]);
    assert_eq!((code(&none), none.stdout.len()), (0, 0));
    assert!(
        errors(&none).contains("--no-relations"),
        "{}",
        errors(&none)
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
    // A folder with that name is nevertheless an input.
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

/// 1,500 rows in five files, so that adding them takes long enough to be interrupted.
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

/// The rows of some documents with another ending, which is given by its number.
fn with_ending(documents: &[(String, String)], ending: usize) -> String {
    let rows = documents.iter().map(|(id, text)| match ending {
        0 => row(id, text),
        _ => row(id, &format!("{text} Part {ending}.")),
    });
    rows.collect()
}

/// The known state of an index whose writers were killed.
struct Known {
    documents: Vec<(String, String)>,
    /// The endings that the text of each document in the index may have: one, or two if a replacement was interrupted.
    endings: BTreeMap<String, Vec<usize>>,
}

/// What a killed program was doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Action {
    Add,
    Remove,
    Replace,
    Merge,
    Settle,
    Compact,
}

impl Action {
    const ALL: [Self; 6] = [
        Self::Add,
        Self::Remove,
        Self::Replace,
        Self::Merge,
        Self::Settle,
        Self::Compact,
    ];
}

impl Known {
    /// Every seventh id in the index.
    fn some(&self) -> Vec<String> {
        self.endings.keys().step_by(7).cloned().collect()
    }

    /// The arguments that start an action. Its files are written first.
    fn arguments(&self, folder: &Path, action: Action, turn: usize) -> Vec<String> {
        let part = turn % 5;
        let words = match action {
            Action::Add => vec!["add".into(), "ix".into(), format!("{part}.jsonl")],
            Action::Remove => [vec!["remove".into(), "ix".into()], self.some()].concat(),
            Action::Replace => {
                let ids = self.some();
                let documents = self.documents.iter().filter(|(id, _)| ids.contains(id));
                let rows = with_ending(&documents.cloned().collect::<Vec<_>>(), turn);
                fs::write(folder.join("other.jsonl"), rows).unwrap();
                vec!["replace".into(), "ix".into(), "other.jsonl".into()]
            }
            Action::Merge => vec!["merge".into(), "ix".into(), format!("part{part}")],
            Action::Settle => vec!["settle".into(), "ix".into()],
            Action::Compact => vec!["compact".into(), "ix".into()],
        };
        [vec!["index".into()], words].concat()
    }

    /// Learns from what the program printed before it was killed.
    fn learn(&mut self, folder: &Path, action: Action, turn: usize) {
        let text = fs::read_to_string(folder.join("printed")).unwrap();
        // A complete row of the output was acknowledged.
        let whole = text.rfind('\n').map_or("", |end| &text[..end]);
        let rows = whole
            .lines()
            .map(|line| serde_json::from_str(line).unwrap());
        let rows: Vec<Value> = rows.collect();
        let ids = rows.iter().filter_map(|row| row["id"].as_str());
        let ids: BTreeSet<String> = ids.map(str::to_owned).collect();
        match action {
            Action::Add => ids.into_iter().for_each(|id| {
                self.endings.entry(id).or_insert_with(|| vec![0]);
            }),
            // A document that was being removed may be there or not.
            Action::Remove => self.some().iter().for_each(|id| {
                self.endings.remove(id);
            }),
            Action::Replace => self.some().into_iter().for_each(|id| {
                let endings = self.endings.entry(id.clone()).or_default();
                match ids.contains(&id) {
                    true => *endings = vec![turn],
                    false => endings.push(turn),
                }
            }),
            Action::Merge if !rows.is_empty() => {
                let conflicts = rows[0]["conflicts"].as_array().unwrap();
                let part = self.documents.chunks(300).nth(turn % 5).unwrap();
                let taken = part
                    .iter()
                    .filter(|(id, _)| !conflicts.contains(&id.as_str().into()));
                taken.for_each(|(id, _)| {
                    self.endings.entry(id.clone()).or_insert_with(|| vec![0]);
                });
            }
            Action::Merge | Action::Settle | Action::Compact => {}
        }
    }

    /// Checks that the index is undamaged, and that every acknowledged document is there with its text.
    fn check(&self, folder: &Path, action: Action) {
        let verified = run(folder, &["index", "verify", "ix"]);
        assert_eq!(code(&verified), 0, "{action:?}: {}", errors(&verified));
        let mut found: BTreeSet<String> = BTreeSet::new();
        let endings: BTreeSet<usize> = self.endings.values().flatten().copied().collect();
        for ending in endings {
            let has = |(id, _): &&(String, String)| {
                let endings = self.endings.get(id);
                endings.is_some_and(|endings| endings.contains(&ending))
            };
            let documents = self.documents.iter().filter(has).cloned();
            let asked = with_ending(&documents.collect::<Vec<_>>(), ending);
            let asked = run_with_input(folder, &["index", "query", "ix", "-"], asked.as_bytes());
            let answers = printed(&asked).into_iter();
            let known = answers.filter(|row| row["outcome"] == "known");
            found.extend(known.map(|row| row["id"].as_str().unwrap().to_owned()));
        }
        let lost: Vec<&String> = self
            .endings
            .keys()
            .filter(|id| !found.contains(*id))
            .collect();
        assert!(lost.is_empty(), "{action:?}: {lost:?}");
    }
}

/// Kills the program at a number of random moments while it adds, removes, replaces, merges, settles and compacts. No acknowledged document is
/// lost, and nothing is damaged.
fn killed_at_random(times: usize, seed: u64) {
    let folder = collection();
    let folder = folder.path();
    for part in 0..5 {
        let (index, rows) = (format!("part{part}"), format!("{part}.jsonl"));
        assert_eq!(code(&run(folder, &["index", "add", &index, &rows])), 0);
    }
    let mut numbers = Numbers(seed);
    let mut known = Known {
        documents: corpus(11, 1500),
        endings: BTreeMap::new(),
    };
    let mut takes = BTreeMap::from(Action::ALL.map(|action| (action, Duration::from_millis(400))));
    let mut killed = 0;
    // Ending 0 is the ending of the texts that are added first.
    for turn in 1.. {
        let action = match folder.join("ix/manifest").exists() && !known.endings.is_empty() {
            true => Action::ALL[numbers.below(Action::ALL.len())],
            false => Action::Add,
        };
        let arguments = known.arguments(folder, action, turn);
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let mut child = start(folder, &arguments);
        let started = Instant::now();
        let takes = takes.get_mut(&action).unwrap();
        sleep(takes.mul_f64(numbers.below(1000) as f64 / 900.0));
        let has_ended = child.try_wait().unwrap().is_some();
        child.kill().unwrap();
        child.wait().unwrap();
        match has_ended {
            true => *takes = (*takes).min(started.elapsed()),
            false => *takes = takes.mul_f64(1.2),
        }
        if folder.join("ix/manifest").exists() {
            known.learn(folder, action, turn);
            known.check(folder, action);
        }
        killed += usize::from(!has_ended);
        if killed == times {
            return;
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
