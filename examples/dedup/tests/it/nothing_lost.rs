//! What must the program never do? Delete or replace a file that it has not read or written, or make somebody else do so.

use std::fs;
use std::path::Path;

use serde_json::Value;
use tempfile::TempDir;

use crate::program::{code, errors, row, rows, run};

const TEXT: &str = "The ferry across the sound was cancelled on Friday because of the storm, and it stayed in the harbour.";

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let file = folder.path().join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }
    folder
}

fn write(folder: &Path, options: &[&str], input: &str) -> (i32, String) {
    let arguments = [&["--quiet", "--output", "out"], options, &["--", input]].concat();
    let output = run(folder, &arguments);
    (code(&output), errors(&output))
}

#[test]
#[cfg(unix)] // elsewhere no name has a line end
fn what_may_be_deleted_are_the_paths_of_whole_files_that_were_read() {
    let rows_of = row("in/precious.txt", TEXT) + &row("in/b.txt", TEXT);
    let folder = folder(&[
        ("in/a.txt", TEXT),
        ("in/b.txt\nprecious.txt", TEXT),
        ("in/page.html", &format!("<p>{TEXT}</p>")),
        ("in/rows.jsonl", &rows_of),
        ("precious.txt", "nobody reads this one"),
    ]);
    let (status, errors) = write(folder.path(), &["--whole-page"], "in");
    assert_eq!(status, 0, "{errors}");
    let removed = rows(folder.path().join("out/removed.jsonl"));
    let files: Vec<&Value> = removed.iter().filter_map(|row| row.get("file")).collect();
    assert_eq!(files.len() + 2, removed.len(), "two are rows");
    for file in files {
        let file = file.as_str().unwrap();
        let text = fs::read_to_string(folder.path().join(file)).unwrap();
        assert!(text.contains(TEXT), "{file:?}");
    }
}

#[test]
#[cfg(unix)]
fn an_output_folder_keeps_its_mode() {
    use std::os::unix::fs::PermissionsExt;
    let folder = folder(&[("a.txt", TEXT), ("out/.keep", "")]);
    let out = folder.path().join("out");
    fs::remove_file(out.join(".keep")).unwrap();
    fs::set_permissions(&out, fs::Permissions::from_mode(0o700)).unwrap();
    for options in [&[][..], &["--force"]] {
        assert_eq!(write(folder.path(), options, "a.txt").0, 0);
        let mode = out.metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o700);
    }
}

#[test]
#[cfg(unix)]
fn an_output_that_is_a_link_to_nothing_is_told_before_the_work() {
    let folder = folder(&[]);
    std::os::unix::fs::symlink("gone", folder.path().join("out")).unwrap();
    // If the link were reported only after the work, the missing input would be reported first.
    let (status, errors) = write(folder.path(), &[], "no-such-input.txt");
    assert_eq!(status, 1);
    assert!(
        errors.contains("a link to a folder that is not there"),
        "{errors}"
    );
    assert!(!errors.contains("no-such-input"), "{errors}");
}

#[test]
fn a_file_of_somebody_with_the_name_of_a_result_is_never_replaced() {
    for other in [None, Some("{\"mine\": true}")] {
        let folder = folder(&[("a.txt", TEXT), ("out/kept.jsonl", "mine")]);
        if let Some(summary) = other {
            fs::write(folder.path().join("out/summary.json"), summary).unwrap();
        }
        let (status, errors) = write(folder.path(), &["--force"], "a.txt");
        assert_eq!(status, 1, "{errors}");
        assert!(
            errors.contains("no summary.json shows that a run wrote it"),
            "{errors}"
        );
        let kept = fs::read_to_string(folder.path().join("out/kept.jsonl")).unwrap();
        assert_eq!(kept, "mine");
    }
}

#[test]
fn an_earlier_result_within_the_input_is_left_out_with_a_note() {
    let folder = folder(&[("in/a.txt", TEXT), ("in/b.jsonl", &row("b", TEXT))]);
    let output = run(folder.path(), &["--quiet", "--output", "in/old", "in"]);
    assert_eq!(code(&output), 0, "{}", errors(&output));
    let (status, errors) = write(folder.path(), &[], "in");
    assert_eq!(status, 0, "{errors}");
    let note = "note: in: skipped 1 result of an earlier run: in/old\n";
    assert_eq!(errors, note);
    assert_eq!(rows(folder.path().join("out/kept.jsonl")).len(), 1);
}

#[test]
fn a_result_with_a_file_missing_is_not_finished() {
    let folder = folder(&[("a.txt", TEXT), ("b.txt", TEXT)]);
    let finished = "holds the result of this run";
    assert_eq!(write(folder.path(), &[], "a.txt").0, 0);
    let again = write(folder.path(), &["--resume"], "a.txt");
    assert!(again.0 == 0 && again.1.contains(finished), "{}", again.1);
    fs::remove_file(folder.path().join("out/clusters.jsonl")).unwrap();
    let again = write(folder.path(), &["--resume", "--force"], "a.txt");
    assert!(again.0 == 0 && !again.1.contains(finished), "{}", again.1);
    assert!(folder.path().join("out/clusters.jsonl").exists());
}

#[test]
#[cfg(unix)]
fn links_to_nothing_are_counted_once_and_only_of_kinds_that_are_read() {
    let folder = folder(&[("in/a.txt", TEXT)]);
    for name in ["in/b.txt", "in/c.md", "in/tool", "in/x.so"] {
        std::os::unix::fs::symlink("/no/such/file", folder.path().join(name)).unwrap();
    }
    let (status, errors) = write(folder.path(), &[], "in");
    let note = "note: in: skipped 2 links to files that are not there: b.txt, c.md\n";
    assert_eq!((status, errors.as_str()), (0, note));
}

#[test]
#[cfg(unix)]
fn files_under_two_names_are_counted_once_and_told_in_one_line() {
    let folder = folder(&[("in/a.txt", TEXT)]);
    for name in ["in/b.txt", "in/c.txt"] {
        std::os::unix::fs::symlink("a.txt", folder.path().join(name)).unwrap();
    }
    let (status, errors) = write(folder.path(), &[], "in");
    let note = "note: in: skipped 2 files that are given twice, under other names: b.txt, c.txt\n";
    assert_eq!((status, errors.as_str()), (0, note));
    assert_eq!(rows(folder.path().join("out/kept.jsonl")).len(), 1);
}
