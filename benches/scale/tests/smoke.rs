//! Do the runner and our program still fit together? All copies planted among a thousand documents must be found.
//!
//! It builds the outer project, which takes minutes where that has not been done.

use std::fs;
use std::process::Command;

#[test]
fn all_copies_among_a_thousand_documents_are_found() {
    let folder = tempfile::tempdir().unwrap();
    let table = folder.path().join("runs.tsv");
    let mut runner = Command::new(env!("CARGO_BIN_EXE_reprint-scale"));
    runner.args(["--only", "1000", "--tsv"]).arg(&table);
    assert!(runner.status().unwrap().success());
    let table = fs::read_to_string(table).unwrap();
    let runs: Vec<Vec<&str>> = table
        .lines()
        .filter(|line| line.starts_with("1000\t"))
        .map(|line| line.split('\t').collect())
        .collect();
    assert_eq!(runs.len(), 2, "{table}");
    for run in runs {
        let (planted_clusters, planted_copies) = (run[3], run[4]);
        let (clusters, mixed, copies) = (run[9], run[10], run[11]);
        assert_eq!((clusters, mixed), (planted_clusters, "0"), "{table}");
        assert_eq!(copies, planted_copies, "{table}");
        assert_eq!(run[13], "", "{table}");
    }
}
