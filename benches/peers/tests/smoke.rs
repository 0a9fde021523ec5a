//! Do the runner, our program and a peer still fit together? Both must find a planted exact copy in a tiny input.
//!
//! It builds the outer project, which takes minutes if it has not been built yet.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

/// Documents that have no window of five characters in common, and a copy of one of them.
fn input() -> String {
    let mut rows = String::new();
    for (number, first) in ['a', 'g', 'm', 's'].into_iter().enumerate() {
        writeln!(rows, r#"{{"id":"d{number}","text":"{}"}}"#, text(first)).unwrap();
    }
    writeln!(rows, r#"{{"id":"copy","text":"{}"}}"#, text('g')).unwrap();
    rows
}

/// Sixty different words of four letters, all from the six letters that start with `first`.
fn text(first: char) -> String {
    let letter = |at: usize| char::from(first as u8 + (at % 6) as u8);
    let word = |number: usize| -> String {
        let digits = (0..4).scan(number, |rest, _| {
            let digit = *rest;
            *rest /= 6;
            Some(letter(digit))
        });
        digits.collect()
    };
    let words: Vec<String> = (0..60).map(|number| word(number * 7)).collect();
    words.join(" ")
}

fn run(folder: &Path) -> String {
    let (input, table) = (folder.join("input.jsonl"), folder.join("runs.tsv"));
    let mut runner = Command::new(env!("CARGO_BIN_EXE_reprint-peers"));
    runner.arg(&input).arg("--labels").arg(folder);
    runner.args(["--runs", "2", "--only", "reprint", "--only", "gaoya"]);
    runner.arg("--tsv").arg(&table);
    assert!(runner.status().unwrap().success());
    fs::read_to_string(table).unwrap()
}

#[test]
fn our_program_and_gaoya_find_an_exact_copy() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("input.jsonl"), input()).unwrap();
    fs::write(folder.path().join("planted.tsv"), "copy\td1\texact\n").unwrap();
    let table = run(folder.path());
    for engine in ["reprint", "gaoya"] {
        let runs: Vec<&str> = table
            .lines()
            .filter(|line| line.split('\t').next() == Some(engine))
            .collect();
        assert_eq!(runs.len(), 2, "{table}");
        // One cluster; precision, recall and the share of planted pairs are 1; no note.
        let judged = "\t1\t1.000000\t1.000000\t1.000000\t";
        assert!(runs.iter().all(|run| run.ends_with(judged)), "{table}");
    }
}
