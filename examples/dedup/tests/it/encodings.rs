//! Files and rows that are not UTF-8, in the program's input.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use encoding_rs::{BIG5, Encoding, GB18030, SHIFT_JIS, WINDOWS_1251, WINDOWS_1252};
use serde_json::Value;
use tempfile::TempDir;

use crate::program::{code, errors, row, rows, run, run_with_input};

const SIMPLIFIED: &str =
    "入夏以来，白鹭江水位连日上涨。镇上的人把沙袋一只一只垒上堤岸，老人和孩子先搬到了学校。";
const TRADITIONAL: &str =
    "入夏以來，白鷺江水位連日上漲。鎮上的人把沙袋一只一只壘上堤岸，老人和孩子先搬到了學校。";
const RUSSIAN: &str = "Вчера у ратуши открыли новый мост через реку, и собралось много людей.";
const JAPANESE: &str = "昨日、市役所の前で新しい橋の開通式が行われ、多くの人が集まりました。";

fn encoded(text: &str, encoding: &'static Encoding) -> Vec<u8> {
    encoding.encode(text).0.into_owned()
}

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

fn folder(files: &[(&str, Vec<u8>)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        fs::write(folder.path().join(name), bytes).unwrap();
    }
    folder
}

fn summary(folder: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(folder.join("out/summary.json")).unwrap()).unwrap()
}

fn texts(folder: &Path) -> Vec<String> {
    let kept = rows(folder.join("out/kept.jsonl"));
    let text = |row: &Value| row["text"].as_str().unwrap().to_owned();
    kept.iter().map(text).collect()
}

#[test]
fn copies_in_different_encodings_are_copies_and_a_note_tells_what_was_guessed() {
    let folder = folder(&[
        ("a.txt", SIMPLIFIED.into()),
        ("b.txt", encoded(SIMPLIFIED, GB18030)),
        ("c.txt", encoded(TRADITIONAL, BIG5)),
        ("d.txt", utf16(TRADITIONAL)),
        ("e.md", encoded(RUSSIAN, WINDOWS_1251)),
    ]);
    let output = run(folder.path(), &["--output", "out", "."]);
    assert_eq!(code(&output), 0, "{}", errors(&output));
    let note = "note: 1 file read as Big5, 1 as GB18030, 1 as UTF-16LE, 1 as windows-1251, guessed from the bytes; if that is wrong, give --encoding NAME\n";
    assert_eq!(errors(&output), note);
    assert_eq!(texts(folder.path()), [SIMPLIFIED, RUSSIAN]);
    let removed = rows(folder.path().join("out/removed.jsonl"));
    let relations: Vec<&str> = removed
        .iter()
        .map(|row| row["relation"].as_str().unwrap())
        .collect();
    assert_eq!(relations, ["exact", "same-text", "same-text"]);
    let encodings = serde_json::json!(
        {"Big5": 1, "GB18030": 1, "UTF-16LE": 1, "UTF-8": 1, "windows-1251": 1});
    assert_eq!(summary(folder.path())["encodings"], encodings);
}

#[test]
fn encodings_are_in_no_summary_of_utf8() {
    let folder = folder(&[("a.txt", SIMPLIFIED.into())]);
    let output = run(folder.path(), &["--output", "out", "a.txt"]);
    assert_eq!((code(&output), errors(&output).as_str()), (0, ""));
    assert!(summary(folder.path()).get("encodings").is_none());
}

#[test]
fn rows_are_converted_from_plain_and_packed_files_and_standard_input() {
    let lines: String = (0..40)
        .map(|i| row(&format!("a{i}"), &format!("{i} {SIMPLIFIED}")))
        .collect();
    let gb18030 = encoded(&lines, GB18030);
    let big5 = encoded(&row("b", TRADITIONAL), BIG5);
    let folder = folder(&[
        ("a.jsonl", gb18030),
        ("u.jsonl", utf16(&row("u", JAPANESE))),
    ]);
    fs::write(folder.path().join("b.jsonl.gz"), packed_bytes(&big5)).unwrap();
    let input = encoded(&row("r", RUSSIAN), WINDOWS_1251);
    let arguments = [
        "--output",
        "out",
        "--threshold",
        "1",
        "--no-drift",
        "a.jsonl",
        "b.jsonl.gz",
        "u.jsonl",
        "-",
    ];
    let output = run_with_input(folder.path(), &arguments, &input);
    assert_eq!(code(&output), 0, "{}", errors(&output));
    let kept = texts(folder.path());
    assert_eq!(kept[0], format!("0 {SIMPLIFIED}"));
    assert!(kept.iter().any(|text| text == RUSSIAN) && kept.iter().any(|text| text == JAPANESE));
    let encodings = serde_json::json!({"Big5": 1, "GB18030": 1, "UTF-16LE": 1, "windows-1251": 1});
    assert_eq!(summary(folder.path())["encodings"], encodings);
}

fn packed_bytes(bytes: &[u8]) -> Vec<u8> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap()
}

#[test]
fn of_rows_in_gb18030_only_the_damaged_one_is_rejected() {
    let line = |i: usize| encoded(&row(&i.to_string(), &format!("{i}，{SIMPLIFIED}")), GB18030);
    let mut lines: Vec<Vec<u8>> = (0..60).map(line).collect();
    let middle = lines[30].len() / 2;
    lines[30][middle] = 0xFF;
    let folder = folder(&[("a.jsonl", lines.concat())]);
    let output = run(folder.path(), &["--output", "out", "a.jsonl"]);
    assert_eq!(code(&output), 3);
    let rejected = rows(folder.path().join("out/rejected.jsonl"));
    assert_eq!(
        (rejected.len(), rejected[0]["line"].as_u64()),
        (1, Some(31))
    );
    let error = rejected[0]["error"].as_str().unwrap();
    assert!(error.contains("not GB18030 after character"), "{error}");
    assert_eq!(summary(folder.path())["documents"], 59);
}

#[test]
fn rows_of_another_encoding_among_utf8_are_rejected_and_the_file_stays_utf8() {
    let mut lines: Vec<Vec<u8>> = (0..20)
        .map(|i| row(&i.to_string(), SIMPLIFIED).into_bytes())
        .collect();
    lines[7] = encoded(&row("7", SIMPLIFIED), GB18030);
    let folder = folder(&[("a.jsonl", lines.concat())]);
    let output = run(folder.path(), &["--output", "out", "a.jsonl"]);
    let rejected = rows(folder.path().join("out/rejected.jsonl"));
    assert_eq!((code(&output), rejected.len()), (3, 1));
    assert_eq!(rejected[0]["line"], 8);
    assert!(
        rejected[0]["error"]
            .as_str()
            .unwrap()
            .contains("not UTF-8 at byte")
    );
}

#[test]
fn an_encoding_that_begins_behind_megabytes_of_ascii_is_found() {
    let ascii: String = (0..60_000)
        .map(|i| row(&format!("a{i}"), &format!("line {i} of a longer list")))
        .collect();
    assert!(ascii.len() > 3 << 20);
    let rest = encoded(&row("j", JAPANESE), SHIFT_JIS);
    let folder = folder(&[("a.jsonl", [ascii.as_bytes(), &rest].concat())]);
    let output = run(
        folder.path(),
        &["--output", "out", "--no-relations", "a.jsonl"],
    );
    assert_eq!(code(&output), 0, "{}", errors(&output));
    assert!(texts(folder.path()).contains(&JAPANESE.to_owned()));
}

#[test]
fn what_is_damaged_or_no_text_is_rejected_with_a_remedy() {
    let mut damaged = SIMPLIFIED.as_bytes().to_vec();
    damaged.remove(31);
    let image = b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR\0\0\0\x10\0\0\0\x10\x08\x06\0\0\0\x1F\xF3\xFFa";
    let folder = folder(&[
        ("damaged.txt", damaged),
        ("image.txt", image.to_vec()),
        ("rows.jsonl", row("fine", RUSSIAN).into()),
    ]);
    let output = run(folder.path(), &["--output", "out", "."]);
    assert_eq!(code(&output), 3);
    let rejected = rows(folder.path().join("out/rejected.jsonl"));
    let said: Vec<(&str, &str)> = rejected
        .iter()
        .map(|row| {
            (
                row["file"].as_str().unwrap(),
                row["error"].as_str().unwrap(),
            )
        })
        .collect();
    let expected = [
        ("./damaged.txt", "damaged UTF-8: byte 30 can't be read"),
        ("./image.txt", "not text"),
    ];
    assert_eq!(said.len(), expected.len(), "{said:?}");
    for ((file, error), (at, start)) in said.into_iter().zip(expected) {
        assert!(file == at && error.starts_with(start), "{file} {error}");
    }
}

#[test]
fn text_that_was_encoded_twice_is_a_copy_and_is_written_as_it_stands() {
    let twice = |text: &str| {
        WINDOWS_1252
            .decode_without_bom_handling(text.as_bytes())
            .0
            .into_owned()
    };
    let escaped = twice(SIMPLIFIED)
        .chars()
        .map(|c| format!("\\u{:04x}", u32::from(c)))
        .collect::<String>();
    let lines = [
        row("clean", SIMPLIFIED),
        row("twice", &twice(SIMPLIFIED)),
        format!("{{\"id\":\"escaped\",\"text\":\"{escaped}\"}}\n"),
        row("other", &twice(RUSSIAN)),
    ];
    let folder = folder(&[
        ("twice.txt", twice(SIMPLIFIED).into()),
        ("rows.jsonl", lines.concat().into()),
    ]);
    let output = run(folder.path(), &["--output", "out", "."]);
    assert_eq!(code(&output), 0, "{}", errors(&output));
    let clusters = rows(folder.path().join("out/clusters.jsonl"));
    assert_eq!(clusters.len(), 1, "{clusters:?}");
    assert_eq!(clusters[0]["canonical"], "clean");
    let kept = rows(folder.path().join("out/kept.jsonl"));
    let other = kept.iter().find(|row| row["id"] == "other").unwrap();
    assert_eq!(other["text"], twice(RUSSIAN));
}

#[test]
fn a_named_encoding_is_used_for_files_and_rows_and_an_unknown_one_is_wrong_usage() {
    let short = encoded("Żółw", encoding_rs::ISO_8859_2);
    let line = encoded(&row("a", "Ręka i łąka"), encoding_rs::ISO_8859_2);
    let folder = folder(&[("a.txt", short), ("a.jsonl", line)]);
    let arguments = [
        "--encoding",
        "latin2",
        "--output",
        "out",
        "a.txt",
        "a.jsonl",
    ];
    let output = run(folder.path(), &arguments);
    assert_eq!((code(&output), errors(&output).as_str()), (0, ""));
    assert_eq!(texts(folder.path()), ["Żółw", "Ręka i łąka"]);
    let unknown = run(folder.path(), &["--encoding", "klingon", "a.txt"]);
    assert_eq!(code(&unknown), 2);
    assert!(
        errors(&unknown).contains("use one such as utf-8"),
        "{}",
        errors(&unknown)
    );
}

#[test]
fn a_cut_packed_file_in_another_encoding_keeps_the_rows_before_the_cut() {
    let mut numbers = crate::support::Numbers(9);
    let lines: String = (0..2000)
        .map(|i| row(&i.to_string(), &format!("{SIMPLIFIED} {}", numbers.next())))
        .collect();
    let whole = packed_bytes(&encoded(&lines, GB18030));
    let folder = folder(&[("cut.jsonl.gz", whole[..whole.len() / 2].to_vec())]);
    let output = run(folder.path(), &["--output", "out", "cut.jsonl.gz"]);
    assert_eq!(code(&output), 3);
    assert!(texts(folder.path()).len() > 500);
    assert_eq!(rows(folder.path().join("out/rejected.jsonl")).len(), 1);
}

/// Real articles, see `specimens.rs`.
#[test]
fn every_encoded_specimen_joins_its_article() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/specimens");
    if !root.join("encodings").is_dir() {
        let _ = std::io::stderr()
            .write_all(b"NOT RUN: every_encoded_specimen_joins_its_article: no specimens\n");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let articles = ["000", "001", "002", "003", "004"].map(|id| format!("{id}.txt"));
    let mut arguments = vec![
        "--output",
        out.to_str().unwrap(),
        "--no-relations",
        "encodings",
    ];
    arguments.extend(articles.iter().map(String::as_str));
    let output = run(&root, &arguments);
    assert_eq!(code(&output), 0, "{}", errors(&output));
    let clusters = rows(out.join("clusters.jsonl"));
    // 000 and 001 are two editions of one article.
    assert_eq!(clusters.len(), 4);
    for cluster in clusters {
        let members = cluster["members"].as_array().unwrap();
        let article = |member: &Value| {
            let id = member["id"]
                .as_str()
                .unwrap()
                .rsplit('/')
                .next()
                .unwrap()
                .to_owned();
            id[..3].replace("001", "000")
        };
        let first = article(&members[0]);
        assert!(members.iter().all(|member| article(member) == first));
        assert_eq!(members.len(), if first == "000" { 12 } else { 6 });
    }
}

#[test]
fn rows_in_iso_2022_jp_are_read_whose_bytes_are_all_ascii() {
    let folder = tempfile::tempdir().unwrap();
    let text = "市立図書館は来月から日曜日も開館することになった。";
    let rows = format!("id,text\na,{text}\nb,{text}\n");
    let (bytes, _, lost) = encoding_rs::ISO_2022_JP.encode(&rows);
    assert!(bytes.is_ascii() && !lost);
    fs::write(folder.path().join("rows.csv"), bytes).unwrap();
    let output = run(folder.path(), &["--output", "out", "rows.csv"]);
    assert_eq!(code(&output), 0, "{}", errors(&output));
    let kept = fs::read_to_string(folder.path().join("out/kept.jsonl")).unwrap();
    assert_eq!(kept, format!("{{\"id\":\"a\",\"text\":\"{text}\"}}\n"));
}
