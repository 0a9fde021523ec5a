//! What may one bad file cost? Only itself, neither the memory of the run nor the other documents.

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use flate2::{Compression, write::GzEncoder};
use parquet::data_type::{ByteArray, ByteArrayType};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use serde_json::Value;

use crate::office;
use crate::program::{code, errors, row, rows, run, run_within_seconds};
use crate::support::Numbers;

const GOOD: &str =
    "The old stone bridge over the river reopened on Monday after three years of repairs.";
const MB: u64 = 1_000_000;

/// The outcome of a run over the file and a good document, within 200 MB.
struct Outcome {
    errors: String,
    /// Files with something rejected.
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

#[test]
fn empty_records_with_long_heads_are_read_within_the_memory() {
    let fields = "a: b\r\n".repeat(10_000);
    let record =
        format!("WARC/1.0\r\nWARC-Type: metadata\r\nContent-Length: 0\r\n{fields}\r\n\r\n\r\n");
    let outcome = beside_a_good_document("heads.warc", |file| {
        fs::write(file, record.repeat(500)).unwrap();
    });
    assert!(outcome.rejected.is_empty(), "{}", outcome.errors);
    assert!(outcome.peak < 200 * MB, "{}", outcome.peak);
}

#[test]
fn a_mailbox_of_empty_mails_is_rejected_within_the_memory() {
    let mails = "From a 1:1\n\n".repeat(1_500_000);
    let outcome = beside_a_good_document("mails.mbox", |file| fs::write(file, mails).unwrap());
    assert_eq!(outcome.rejected.len(), 100_001, "{}", outcome.errors);
    assert!(outcome.peak < 200 * MB, "{}", outcome.peak);
}

/// A Parquet file with one value in every row. The file contains the value only once.
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
fn a_dictionary_that_unfolds_to_hundreds_of_megabytes_is_read_within_the_limit() {
    let value = "one long value of a dictionary ".repeat(13_000);
    let outcome = beside_a_good_document("rows.parquet", |file| {
        write_dictionary(file, &value, 1000);
        assert!(file.metadata().unwrap().len() < MB);
    });
    assert!(outcome.rejected.is_empty(), "{}", outcome.errors);
    assert!(outcome.peak < 200 * MB, "{}", outcome.peak);
}

#[test]
fn a_dictionary_of_more_rows_than_the_memory_suffices_for_costs_its_file() {
    let value = "one value of a dictionary that stands in each of very many rows ".repeat(2);
    let outcome = beside_a_good_document("rows.parquet", |file| {
        write_dictionary(file, &value, 1_000_000);
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

/// A Parquet file that consists of this index alone.
fn with_index(index: &[u8]) -> Vec<u8> {
    let length = (index.len() as u32).to_le_bytes();
    [&b"PAR1"[..], index, &length, b"PAR1"].concat()
}

#[test]
fn an_index_that_is_too_deep_or_declares_too_much_costs_its_file() {
    // 300,000 fields of a schema, all named `a`, each nested in the previous one.
    let mut levels = vec![0x15, 2, 0x19, 0xFC, 0xE0, 0xA7, 0x12];
    levels.extend([0x48, 1, b'a', 0x15, 2, 0].repeat(300_000));
    // A field that declares two billion nested fields.
    let field = [0x48, 1, b'a', 0x15, 0xFE, 0xFF, 0xFF, 0xFF, 0xF, 0];
    let declared = [&[0x15, 2, 0x19, 0x1C][..], &field, &[0]].concat();
    // Lists of lists. Each of the innermost lists declares two billion truth values.
    let mut values = vec![0xE9, 0xF9, 0xE8, 7];
    values.extend([0xF1, 0xFF, 0xFF, 0xFF, 0xFF, 7].repeat(1000));
    for (index, problem) in [
        (levels, "64 levels"),
        (declared, "not there"),
        (values, "too short"),
    ] {
        let bytes = with_index(&index);
        let outcome =
            beside_a_good_document("rows.parquet", |file| fs::write(file, bytes).unwrap());
        assert_eq!(outcome.rejected, ["rows.parquet"], "{}", outcome.errors);
        assert!(outcome.errors.contains(problem), "{}", outcome.errors);
        assert!(outcome.errors.contains("write it again"));
    }
}

/// One undamaged file of each format.
fn sound_files() -> Vec<(&'static str, Vec<u8>)> {
    let text = "The night watch counted the lanterns of the boats, and wrote their number down. "
        .repeat(12);
    let gzip = |bytes: &[u8]| {
        let mut packed = GzEncoder::new(Vec::new(), Compression::default());
        packed.write_all(bytes).unwrap();
        packed.finish().unwrap()
    };
    let rows: String = (0..20)
        .map(|i| row(&format!("r{i}"), &format!("{i} {text}")))
        .collect();
    let mail = format!(
        "From: a@b.example\nSubject: =?utf-8?Q?x?=\nContent-Type: text/plain; charset=utf-8\n\n{text}\n"
    );
    let page = format!(
        "<html><head><title>t</title></head><body><div><p>{text}</p><ruby>a<rt>b</rt></ruby></div></body></html>"
    );
    let archive = format!(
        "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://a.example/\r\nContent-Type: application/http\r\n\
         Content-Length: {}\r\n\r\nHTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n{page}\r\n\r\n",
        page.len() + 44
    );
    let crawl = format!(
        "WARC/1.0\r\nWARC-Type: conversion\r\nWARC-Target-URI: http://a.example/\r\nContent-Type: text/plain\r\n\
         Content-Length: {}\r\n\r\n{text}\r\n\r\n",
        text.len()
    );
    let table = tempfile::NamedTempFile::new().unwrap();
    write_dictionary(table.path(), &text, 30);
    let paragraphs = [text.as_str(), "The end."];
    let mut xz = liblzma::write::XzEncoder::new(Vec::new(), 6);
    xz.write_all(rows.as_bytes()).unwrap();
    let mut bzip2 = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::best());
    bzip2.write_all(rows.as_bytes()).unwrap();
    vec![
        ("txt", text.clone().into_bytes()),
        ("txt.gz", gzip(text.as_bytes())),
        ("jsonl", rows.clone().into_bytes()),
        ("jsonl.gz", gzip(rows.as_bytes())),
        ("jsonl.zst", zstd::encode_all(rows.as_bytes(), 3).unwrap()),
        ("jsonl.xz", xz.finish().unwrap()),
        ("jsonl.bz2", bzip2.finish().unwrap()),
        (
            "csv",
            format!("id,text\n1,\"{text}\"\n2,{}\n", text.replace(',', "")).into_bytes(),
        ),
        ("parquet", fs::read(table.path()).unwrap()),
        ("html", page.into_bytes()),
        ("eml", mail.clone().into_bytes()),
        (
            "mbox",
            format!("From a Fri Nov 27 08:00:00 2026\n{mail}\n")
                .repeat(3)
                .into_bytes(),
        ),
        ("warc", archive.clone().into_bytes()),
        ("warc.gz", gzip(archive.as_bytes())),
        ("wet", crawl.into_bytes()),
        ("md", text.clone().into_bytes()),
        (
            "tsv",
            format!("id\ttext\n1\t\"{text}\"\n2\t{text}\n").into_bytes(),
        ),
        ("docx", office::docx(&paragraphs)),
        ("odt", office::odt(&paragraphs)),
        ("epub", office::epub(&paragraphs)),
    ]
}

/// The bytes of a damaged file. Every other office document is damaged in a part before it is packed, because a checksum would detect damage
/// to packed bytes.
fn damaged(ending: &str, sound: &[u8], i: usize, numbers: &mut Numbers) -> Vec<u8> {
    let text = "The night watch counted the lanterns. ".repeat(9);
    let mut part = |start: &str, end: &str| {
        let xml = format!("{start}{text}{end}");
        String::from_utf8_lossy(&mutated(xml.as_bytes(), numbers)).into_owned()
    };
    match ending {
        "docx" if i.is_multiple_of(2) => {
            let xml = part(
                "<w:document xmlns:w='w'><w:body><w:p><w:pPr><w:tab/></w:pPr><w:r><w:t>",
                "</w:t></w:r></w:p><w:del><w:r><w:t>x</w:t></w:r></w:del></w:body></w:document>",
            );
            office::zip(&[("word/document.xml", &xml)])
        }
        "odt" if i.is_multiple_of(2) => {
            let xml = part(
                "<o:document-content xmlns:o='o' xmlns:text='t'><text:p><text:s/>",
                "<text:note><text:note-body>x &amp; y</text:note-body></text:note></text:p></o:document-content>",
            );
            office::zip(&[("content.xml", &xml)])
        }
        "epub" if i.is_multiple_of(2) => {
            let container = part(
                "<container><rootfile full-path='b.opf'/><x>",
                "</x></container>",
            );
            let package = part(
                "<package><item id='a' href='a.html' media-type='text/html'/><itemref idref='a'/><x>",
                "</x></package>",
            );
            let page = part(
                "<html><body><p>",
                "&nbsp;<ruby>a<rt>b</rt></ruby></p></body></html>",
            );
            office::zip(&[
                ("META-INF/container.xml", &container),
                ("b.opf", &package),
                ("a.html", &page),
            ])
        }
        _ => mutated(sound, numbers),
    }
}

/// The damaged bytes of a file.
fn mutated(bytes: &[u8], numbers: &mut Numbers) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for _ in 0..=numbers.below(3) {
        let (at, length) = (numbers.below(bytes.len()), 1 + numbers.below(40));
        let end = (at + length).min(bytes.len());
        match numbers.below(5) {
            0 => bytes[at] ^= 1 << numbers.below(8),
            1 => bytes.truncate(at.max(1)),
            2 => bytes[at..end].fill(numbers.below(256) as u8),
            3 => drop(bytes.drain(at..end)),
            _ => {
                let again = bytes[at..end].repeat(1 + numbers.below(50));
                bytes.splice(at..at, again);
            }
        }
        if bytes.is_empty() {
            bytes.push(0);
        }
    }
    bytes
}

/// Number of files in one run. The run may take ten seconds of processor time, so no file can take more.
const TOGETHER: usize = 20;

/// Runs over damaged files of each format, at least `each` of them. Prints their number and the outcomes.
#[expect(
    clippy::print_stdout,
    reason = "the figures of a proof that is run by hand"
)]
fn mutated_files_are_survived(each: usize) {
    let mut numbers = Numbers(17);
    let (mut files, mut runs, mut rejected) = (0, 0, 0);
    for (ending, sound) in sound_files() {
        for _ in 0..each.div_ceil(TOGETHER) {
            let inside = tempfile::tempdir().unwrap();
            let in_folder = inside.path().join("in");
            fs::create_dir(&in_folder).unwrap();
            for i in 0..TOGETHER {
                let bytes = damaged(ending, &sound, i, &mut numbers);
                fs::write(in_folder.join(format!("{i}.{ending}")), bytes).unwrap();
            }
            files += TOGETHER;
            runs += 1;
            rejected += usize::from(survived(inside.path(), ending));
        }
    }
    println!("{files} files in {runs} runs, {rejected} of which rejected something");
}

/// Runs over the files of a folder and two good files. True if something was rejected.
fn survived(folder: &Path, ending: &str) -> bool {
    let inside = folder.join("in");
    fs::write(inside.join("good.txt"), GOOD).unwrap();
    let last = row("last", "The library on the hill closes at noon.");
    fs::write(inside.join("last.jsonl"), last).unwrap();
    // Ids repeat from file to file, so most rows are rejected as duplicates, after all code that reads them.
    let memory = (200 * MB).to_string();
    let options = ["--quiet", "--memory", &memory, "--output", "out", "in"];
    let output = run_within_seconds(folder, 10, &options);
    let errors = errors(&output);
    let status = output.status;
    let out = folder.join("out");
    let is_rejected = out.join("rejected.jsonl").exists();
    let right = if is_rejected { 3 } else { 0 };
    assert_eq!(status.code(), Some(right), "{ending}: {status}: {errors}");
    assert!(!errors.contains("panicked"), "{ending}: {errors}");
    let kept = rows(out.join("kept.jsonl"));
    for good in ["in/good.txt", "last"] {
        assert!(kept.iter().any(|row| row["id"] == good), "{ending}: {good}");
    }
    let summary = fs::read_to_string(out.join("summary.json")).unwrap();
    let summary: Value = serde_json::from_str(&summary).unwrap();
    let peak = summary["peak_memory_bytes"].as_u64().unwrap_or(0);
    assert!(peak < 200 * MB, "{ending}: {peak} bytes");
    is_rejected
}

#[test]
fn mutated_files_of_every_format_cost_only_themselves() {
    mutated_files_are_survived(TOGETHER);
}

/// `cargo test --release -p dedup --test it -- --ignored --nocapture thousands_of_mutated`
#[test]
#[ignore = "5,200 files; a release build takes a minute"]
fn thousands_of_mutated_files_of_every_format_cost_only_themselves() {
    mutated_files_are_survived(260);
}
