//! Do the runner and our program still fit together?
//!
//! It builds the outer project, which takes minutes if it has not been built yet.

use std::fs;
use std::process::Command;

/// Indices of columns in a row.
const PLANTED: std::ops::Range<usize> = 3..5;
const CLUSTERS: usize = 9;
const MIXED: usize = 10;
const COPIES: usize = 11;
const NOTE: usize = 13;

/// The rows of one input in the file of all runs.
fn rows(input: &str, options: &[&str]) -> Vec<Vec<String>> {
    let folder = tempfile::tempdir().unwrap();
    let table = folder.path().join("runs.tsv");
    let mut runner = Command::new(env!("CARGO_BIN_EXE_reprint-scale"));
    runner.args(["--only", input]).args(options);
    assert!(runner.arg("--tsv").arg(&table).status().unwrap().success());
    let table = fs::read_to_string(table).unwrap();
    let rows = table.lines().map(|line| line.split('\t').map(String::from));
    let rows = rows.map(Iterator::collect::<Vec<String>>);
    rows.filter(|row| row[0] == input).collect()
}

#[test]
fn all_copies_among_a_thousand_documents_are_found() {
    let rows = rows("1000", &[]);
    assert_eq!(rows.len(), 2);
    for row in rows {
        let found = [&row[CLUSTERS], &row[COPIES]];
        assert_eq!(row[PLANTED].iter().collect::<Vec<_>>(), found);
        assert_eq!((row[MIXED].as_str(), row[NOTE].as_str()), ("0", ""));
    }
}

#[test]
fn a_run_that_takes_too_long_is_stopped_and_says_so() {
    let rows = rows("one-form", &["--limit", "1"]);
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0][NOTE], "over 1 CPU s with --threads 1");
    assert_eq!(rows[0][CLUSTERS], "");
}
