//! The page of `--report` is complete, harmless, and the same on every machine. Its behaviour in a browser is tested in `tests/browser`.

use std::fs;
use std::path::Path;

use serde_json::Value;
use tempfile::TempDir;

use crate::program::{code, errors, row, run};
use crate::support::Numbers;

const TEXT: &str = "The old lock keeper wrote the height of the river in his book every morning before the bell. \
    Nobody had asked him to, and nobody read it until the spring when the dam above the valley failed.";

/// A folder with these rows in `rows.jsonl`.
fn folder(rows: &[String]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("rows.jsonl"), rows.concat()).unwrap();
    folder
}

/// Runs with `--report` and reads the page.
fn page(folder: &Path, more: &[&str]) -> String {
    let arguments = ["--report", "--output", "out", "--force", "rows.jsonl"];
    let output = run(folder, &[&arguments, more].concat());
    assert!(matches!(code(&output), 0 | 3), "{}", errors(&output));
    fs::read_to_string(folder.join("out/report.html")).unwrap()
}

/// The JSON of the element with this id.
fn part(page: &str, id: &str) -> Value {
    let start = format!("<script type=\"application/json\" id=\"{id}\">");
    let (_, rest) = page.split_once(&start).unwrap();
    let (json, _) = rest.split_once("</script>").unwrap();
    serde_json::from_str(json).unwrap()
}

/// Rows of `n` short texts without common words. Each text occurs twice.
fn pairs(n: usize) -> Vec<String> {
    let mut numbers = Numbers(5);
    let mut word = || format!("w{:x}", numbers.next());
    let pair = |i: usize| {
        let text = (0..40).map(|_| word()).collect::<Vec<_>>().join(" ");
        let copy = format!("{text}!");
        [
            row(&format!("{i:05}-a"), &text),
            row(&format!("{i:05}-b"), &copy),
        ]
        .concat()
    };
    (0..n).map(pair).collect()
}

#[test]
fn the_page_tells_clusters_pairs_and_rejected_rows() {
    let copy = TEXT.replace("until the spring", "until one spring");
    let folder = folder(&[row("a", TEXT), row("b", &copy), "{broken\n".to_owned()]);
    let page = page(folder.path(), &[]);
    let head = part(&page, "head");
    assert_eq!(head["totals"]["removed"], 1);
    assert_eq!(head["clusters"]["count"], 1);
    assert_eq!(head["rejected"][0][0], "rows.jsonl");
    assert_eq!(head["rejected"][0][1], 3);
    let entries = part(&page, "chunk-0");
    assert_eq!(entries[0][2]["members"][1]["id"], "b");
    assert_eq!(entries[0][2]["text"], TEXT);
    let pieces = entries[1][2]["pieces"].as_array().unwrap();
    let kinds = head["kinds"].as_array().unwrap();
    let body = kinds.iter().position(|kind| kind == "body").unwrap();
    let changed = pieces.iter().filter(|piece| piece[0] == body);
    let changed: Vec<(&Value, &Value)> = changed.map(|piece| (&piece[1], &piece[2])).collect();
    assert_eq!(changed, [(&"the".into(), &"one".into())]);
    let list = part(&page, "chunk-1");
    assert_eq!(list[0][0], "a");
    assert_eq!(list[0][4][0], "b");
}

#[test]
fn no_page_is_written_unless_it_is_asked_for() {
    let folder = folder(&[row("a", TEXT), row("b", TEXT)]);
    let output = run(folder.path(), &["--output", "out", "rows.jsonl"]);
    assert_eq!(code(&output), 0);
    assert!(!folder.path().join("out/report.html").exists());
    let output = run(folder.path(), &["--report", "rows.jsonl"]);
    assert_eq!(code(&output), 2);
    assert!(errors(&output).contains("--output"), "{}", errors(&output));
}

#[test]
fn the_page_asks_nobody_on_the_network() {
    let folder = folder(&[row("a", TEXT), row("b", TEXT)]);
    let page = page(folder.path(), &[]);
    // The namespace of SVG looks like an address, but is never requested.
    let page = page.replace("http://www.w3.org/2000/svg", "");
    for address in ["http:", "https:", "src=\"//", "@import", "url("] {
        assert!(!page.contains(address), "{address}");
    }
    assert!(page.contains("default-src 'none'"));
}

#[test]
fn nothing_of_a_document_becomes_markup() {
    let hostile = "</script><script>alert(1)</script><!-- \u{2028}\u{2029} ' \" ${x} %%head%% &lt;";
    let text = format!("{hostile} {TEXT}");
    let folder = folder(&[
        row(hostile, &text),
        row("b", &text),
        row("c", &format!("{text}!!")),
    ]);
    let page = page(folder.path(), &[]);
    assert!(!page.contains("alert(1)</script>") && !page.contains("<!--"));
    assert!(!page.contains(['\u{2028}', '\u{2029}']));
    let canonical = part(&page, "chunk-0")[0][2]["text"].clone();
    assert_eq!(canonical, text);
    // The head, a list, its entries, and the page's own script.
    assert_eq!(page.matches("</script>").count(), 4);
}

#[test]
fn the_page_is_the_same_by_one_thread_and_by_two() {
    let folder = folder(&pairs(300));
    let one = page(folder.path(), &["--threads", "1"]);
    let two = page(folder.path(), &["--threads", "2"]);
    assert!(one == two);
}

#[test]
fn a_large_result_goes_into_numbered_files_which_go_with_it() {
    let folder = folder(&pairs(1500));
    let large = page(folder.path(), &[]);
    assert!(!large.contains("id=\"chunk-0\""));
    let chunks = folder.path().join("out/report");
    let head = part(&large, "head");
    let last = head["refused"]["list"][1].as_u64().unwrap();
    assert_eq!(fs::read_dir(&chunks).unwrap().count() as u64, last);
    let first = fs::read_to_string(chunks.join("000.js")).unwrap();
    let entries = first.strip_prefix("reprintChunk(0,").unwrap();
    let entries = entries.strip_suffix(");\n").unwrap();
    let entries: Value = serde_json::from_str(entries).unwrap();
    assert_eq!(entries[1][2]["pieces"][1][1], "!");

    fs::write(folder.path().join("rows.jsonl"), pairs(3).concat()).unwrap();
    let small = page(folder.path(), &[]);
    assert!(small.contains("id=\"chunk-0\""));
    assert!(!chunks.exists());
}

#[test]
fn a_folder_called_report_with_anything_else_in_it_is_left_alone() {
    let folder = folder(&pairs(1));
    page(folder.path(), &[]);
    let kept = folder.path().join("out/report");
    fs::create_dir(&kept).unwrap();
    fs::write(kept.join("000.js"), "").unwrap();
    fs::write(kept.join("thesis.txt"), "mine").unwrap();
    let output = run(
        folder.path(),
        &["--report", "--output", "out", "--force", "rows.jsonl"],
    );
    assert_eq!(code(&output), 1);
    assert!(
        errors(&output).contains("report in it is no result file"),
        "{}",
        errors(&output)
    );
    assert_eq!(fs::read_to_string(kept.join("thesis.txt")).unwrap(), "mine");
}
