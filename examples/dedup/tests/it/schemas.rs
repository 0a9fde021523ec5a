//! The result files are checked against the JSON Schemas of `schemas`.

use std::fs;
use std::path::Path;

use jsonschema::Validator;
use serde_json::{Value, json};

use crate::program::{code, errors, row, run};

const TEXT: &str = "The old lock keeper wrote the height of the river in his book every morning before the bell. \
    Nobody had asked him to, and nobody read it until the spring when the dam above the valley failed.";

fn schema(name: &str) -> Value {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas");
    let text = fs::read_to_string(folder.join(name).with_extension("json"));
    let text = text.unwrap_or_else(|error| panic!("{name} has no schema: {error}"));
    serde_json::from_str(&text).unwrap()
}

/// The same schema without fields that it does not describe. Readers must accept new fields, but all of ours are described.
fn closed(mut schema: Value) -> Value {
    match &mut schema {
        Value::Object(object) => {
            if object.contains_key("properties") && !object.contains_key("additionalProperties") {
                object.insert("additionalProperties".into(), json!(false));
            }
            for (_, value) in object.iter_mut() {
                *value = closed(value.take());
            }
        }
        Value::Array(values) => {
            for value in values {
                *value = closed(value.take());
            }
        }
        _ => {}
    }
    schema
}

fn check(validator: &Validator, place: &str, json: &str) {
    let value: Value = serde_json::from_str(json).unwrap();
    let faults: Vec<String> = validator
        .iter_errors(&value)
        .map(|fault| format!("{}: {fault}", fault.instance_path()))
        .collect();
    assert!(faults.is_empty(), "{place}: {faults:?} in {json}");
}

/// Checks all files of a result, and returns the names of the files that have rows.
fn check_result(folder: &Path) -> Vec<String> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let Some((stem, "jsonl" | "json")) = name.rsplit_once('.') else {
            continue;
        };
        let validator = jsonschema::validator_for(&closed(schema(stem))).unwrap();
        let text = fs::read_to_string(&path).unwrap();
        match name.ends_with(".jsonl") {
            true => text.lines().for_each(|line| check(&validator, &name, line)),
            false => check(&validator, &name, &text),
        }
        if !text.is_empty() {
            names.push(name);
        }
    }
    names.sort();
    names
}

/// Input that gives a row in every file of a result.
fn input(folder: &Path) {
    let digest = format!(
        "A digest of the week from the river towns, in which the editors have put what seemed worth keeping to them. {TEXT} \
         The ferry carried four hundred people and eleven goats on the second day of the fair, and came back empty."
    );
    let rows = [
        row("a", TEXT),
        row("b", &format!("{TEXT}!")),
        row("c", &TEXT.replace("spring", "autumn")),
        row("digest", &digest),
        json!({"id": "sourced", "text": "One source has this.", "source": "s"}).to_string() + "\n",
        "{broken\n".to_owned(),
    ];
    fs::write(folder.join("rows.jsonl"), rows.concat()).unwrap();
    fs::write(
        folder.join("latin.txt"),
        b"caf\xE9, th\xE9 et g\xE2teau: la carte du mus\xE9e",
    )
    .unwrap();
    fs::write(
        folder.join("latin-copy.txt"),
        b"caf\xE9, th\xE9 et g\xE2teau: la carte du mus\xE9e",
    )
    .unwrap();
}

#[test]
fn every_row_of_a_result_is_as_its_schema_says() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    input(folder);
    let articles = Path::new(env!("CARGO_MANIFEST_DIR")).join("../articles");
    let articles = articles.to_string_lossy().into_owned();
    let runs: [&[&str]; 3] = [
        &["--split"],
        &["--annotate"],
        &["--min-sources", "2", "--keep", "latest;first"],
    ];
    let mut names = Vec::new();
    for more in runs {
        let arguments = ["--output", "out", "--force", "rows.jsonl", "latin.txt"];
        let arguments = [&arguments[..], &["latin-copy.txt", &articles], more].concat();
        let output = run(folder, &arguments);
        assert_eq!(code(&output), 3, "{}", errors(&output));
        // All files of the first run are checked. Of the other runs, only three files are.
        if names.is_empty() {
            names = check_result(&folder.join("out"));
        } else {
            for name in ["kept.jsonl", "removed.jsonl", "summary.json"] {
                let stem = name.rsplit_once('.').unwrap().0;
                let validator = jsonschema::validator_for(&closed(schema(stem))).unwrap();
                let text = fs::read_to_string(folder.join("out").join(name)).unwrap();
                match name.ends_with(".jsonl") {
                    true => text.lines().for_each(|line| check(&validator, name, line)),
                    false => check(&validator, name, &text),
                }
            }
        }
    }
    for name in [
        "clusters",
        "relations",
        "passages",
        "kept",
        "removed",
        "rejected",
        "parts",
    ] {
        assert!(
            names.contains(&format!("{name}.jsonl")),
            "{name} in {names:?}"
        );
    }
}

#[test]
fn every_row_about_a_reference_and_about_cuts_is_as_its_schema_says() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let notice = "Readers are asked to bring their books back before the first of May, the day on which the library closes \
        for the works on the roof of the reading room. The desk at the north door takes books until nine in the evening.";
    let about = |id: &str, text: &str| {
        row(
            id,
            &format!("{text} {notice} The next letter comes in June."),
        )
    };
    let rows = [
        row("copy", TEXT),
        about(
            "mill",
            "The mill at the lower weir grinds again since Monday, with new stones from the quarry.",
        ),
        about(
            "ferry",
            "A ferry runs to the island on Sundays, and takes bicycles for half of a ticket.",
        ),
    ];
    fs::write(folder.join("rows.jsonl"), rows.concat()).unwrap();
    fs::write(folder.join("old.jsonl"), row("kept", TEXT)).unwrap();
    let arguments = [
        "--against",
        "old.jsonl",
        "--strip",
        "--output",
        "out",
        "rows.jsonl",
    ];
    let output = run(folder, &arguments);
    assert_eq!(code(&output), 0, "{}", errors(&output));
    let names = check_result(&folder.join("out"));
    for name in ["against.jsonl", "stripped.jsonl", "removed.jsonl"] {
        assert!(names.contains(&name.to_owned()), "{name} in {names:?}");
    }
}

#[test]
fn every_row_that_an_index_prints_is_as_its_schema_says() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    input(folder);
    let validator = jsonschema::validator_for(&closed(schema("index"))).unwrap();
    let calls: [&[&str]; 10] = [
        &["add", "ix", "rows.jsonl"],
        &["replace", "ix", "rows.jsonl"],
        &["merge", "both", "ix"],
        &["settle", "ix"],
        &["add", "ix", "rows.jsonl", "latin.txt"],
        &["query", "ix", "latin-copy.txt"],
        &["remove", "ix", "a", "nobody"],
        &["settle", "ix"],
        &["compact", "ix"],
        &["verify", "ix"],
    ];
    for call in calls {
        let output = run(folder, &[&["index"], call].concat());
        let printed = String::from_utf8(output.stdout.clone()).unwrap();
        assert!(!printed.is_empty(), "{call:?}: {}", errors(&output));
        printed
            .lines()
            .for_each(|line| check(&validator, call[0], line));
    }
}

#[test]
fn schemas_tell_wrong_rows_and_are_schemas() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas");
    for entry in fs::read_dir(folder).unwrap() {
        let name = entry.unwrap().file_name().to_string_lossy().into_owned();
        let stem = name.strip_suffix(".json").unwrap();
        assert!(jsonschema::meta::is_valid(&schema(stem)), "{name}");
        let validator = jsonschema::validator_for(&schema(stem)).unwrap();
        let wrong = json!({"id": 7, "reprint": 7, "canonical": 7});
        assert!(!validator.is_valid(&wrong), "{name} takes anything");
    }
    let decisions = jsonschema::validator_for(&closed(schema("decisions"))).unwrap();
    check(
        &decisions,
        "decisions",
        r#"{"id":"b","canonical":"a","decision":"keep-this-one"}"#,
    );
}
