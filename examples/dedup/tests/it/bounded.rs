//! What one bad file may cost: itself, and neither the memory of the run nor the other documents.

use std::fs::{self, File};
use std::path::Path;
use std::time::{Duration, Instant};

use parquet::data_type::{ByteArray, ByteArrayType};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use serde_json::Value;

use crate::program::{code, errors, rows, run};

const GOOD: &str =
    "The old stone bridge over the river reopened on Monday after three years of repairs.";
const MB: u64 = 1_000_000;

/// What came of a run over the file and a good document, within 200 MB.
struct Outcome {
    errors: String,
    /// Files of which something was rejected.
    rejected: Vec<String>,
    peak: u64,
    time: Duration,
}

fn beside_a_good_document(name: &str, write: impl FnOnce(&Path)) -> Outcome {
    let folder = tempfile::tempdir().unwrap();
    write(&folder.path().join(name));
    fs::write(folder.path().join("good.txt"), GOOD).unwrap();
    let started = Instant::now();
    let options = ["--quiet", "--memory", "200MB", "--output", "out"];
    let output = run(folder.path(), &[&options[..], &[name, "good.txt"]].concat());
    let time = started.elapsed();
    let errors = errors(&output);
    assert!(matches!(code(&output), 0 | 3), "{name}: {errors}");
    let out = folder.path().join("out");
    let kept = rows(out.join("kept.jsonl"));
    assert!(kept.iter().any(|row| row["id"] == "good.txt"), "{name}");
    let summary: Value =
        serde_json::from_str(&fs::read_to_string(out.join("summary.json")).unwrap()).unwrap();
    let rejected = match out.join("rejected.jsonl").exists() {
        true => rows(out.join("rejected.jsonl")),
        false => Vec::new(),
    };
    let file = |row: &Value| row["file"].as_str().unwrap().to_owned();
    Outcome {
        errors,
        rejected: rejected.iter().map(file).collect(),
        peak: summary["peak_memory_bytes"].as_u64().unwrap_or(0),
        time,
    }
}

#[test]
fn millions_of_lines_of_one_field_are_rejected_within_the_memory() {
    let csv = "id,text\n".to_owned() + &"a\n".repeat(2_000_000);
    let outcome = beside_a_good_document("rows.csv", |file| fs::write(file, csv).unwrap());
    assert_eq!(outcome.rejected.len(), 100_001, "{}", outcome.errors);
    assert!(outcome.peak < 200 * MB, "{}", outcome.peak);
}

#[test]
fn a_quotation_mark_that_is_never_closed_costs_its_file_and_no_gigabytes() {
    let line = "some words of a text that never ends\n";
    let csv = "id,text\n1,\"".to_owned() + &line.repeat(800_000);
    let outcome = beside_a_good_document("rows.csv", |file| fs::write(file, csv).unwrap());
    assert!(
        outcome.errors.contains("is not closed"),
        "{}",
        outcome.errors
    );
    assert!(outcome.peak < 200 * MB, "{}", outcome.peak);
}

#[test]
fn a_page_of_signs_or_of_tags_is_rejected_before_it_takes_the_memory() {
    for part in ["<", "<p>a", "<b>a</b> "] {
        let page = part.repeat(1_000_000);
        let outcome = beside_a_good_document("page.html", |file| fs::write(file, page).unwrap());
        assert_eq!(outcome.rejected, ["page.html"], "{}", outcome.errors);
        assert!(outcome.errors.contains("tags, which take too much memory"));
        assert!(outcome.peak < 200 * MB, "{part}: {}", outcome.peak);
    }
}

#[test]
fn a_page_of_entities_is_read_in_seconds() {
    let page = format!("<p>{}</p>", "bread &amp; butter ".repeat(100_000));
    let outcome = beside_a_good_document("page.html", |file| fs::write(file, page).unwrap());
    assert!(outcome.rejected.is_empty(), "{}", outcome.errors);
    assert!(outcome.time < Duration::from_secs(60), "{:?}", outcome.time);
}

/// A Parquet file with one value in each of so many rows, which stands in it once.
fn write_dictionary(file: &Path, value: &str, rows: usize) {
    let schema = parse_message_type("message rows { required binary text (UTF8); }").unwrap();
    let mut table = SerializedFileWriter::new(
        File::create(file).unwrap(),
        schema.into(),
        Default::default(),
    )
    .unwrap();
    let mut group = table.next_row_group().unwrap();
    let mut column = group.next_column().unwrap().unwrap();
    let values: Vec<ByteArray> = (0..rows).map(|_| value.into()).collect();
    column
        .typed::<ByteArrayType>()
        .write_batch(&values, None, None)
        .unwrap();
    column.close().unwrap();
    group.close().unwrap();
    table.close().unwrap();
}

#[test]
fn a_dictionary_that_unfolds_to_hundreds_of_megabytes_costs_its_file() {
    let value = "one long value of a dictionary ".repeat(13_000);
    let outcome = beside_a_good_document("rows.parquet", |file| {
        write_dictionary(file, &value, 1000);
        assert!(file.metadata().unwrap().len() < MB);
    });
    assert_eq!(outcome.rejected, ["rows.parquet"], "{}", outcome.errors);
    assert!(
        outcome.errors.contains("times as long as the file"),
        "{}",
        outcome.errors
    );
    assert!(outcome.peak < 200 * MB, "{}", outcome.peak);
}
