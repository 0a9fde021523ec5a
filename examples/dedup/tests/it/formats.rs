//! The same documents in every kind of file give the same clusters. Damage costs only its own rows.

use std::fs::{self, File};
use std::path::Path;
use std::sync::Arc;

use parquet::basic::{Compression, ZstdLevel};
use parquet::column::writer::ColumnWriter;
use parquet::data_type::ByteArray;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::program::{code, errors, row, rows, run};
use crate::support::{Numbers, corpus};

const SCHEMA: &str = "message rows {
    required binary id (UTF8);
    optional binary text (UTF8);
    optional binary place (UTF8);
    optional int64 number;
    optional group tags (LIST) { repeated group list { optional binary element (UTF8); } }
    optional group origin { required int32 page; optional double share; }
}";

/// Number of rows in a row group.
const GROUP: usize = 50;

/// A row of the made-up collection. Some fields are null in some rows.
#[derive(Clone)]
struct Row {
    id: String,
    text: String,
    place: Option<&'static str>,
    number: Option<i64>,
    tags: Option<Vec<Option<String>>>,
    page: Option<(i32, Option<f64>)>,
}

fn collection() -> Vec<Row> {
    let row = |(i, (id, text)): (usize, (String, String))| Row {
        id,
        text: text + "\n\"字\", 第二行; end",
        place: [None, Some("河谷"), Some("Aske, \"old\" town")][i % 3],
        number: (i % 4 > 0).then_some(i as i64 * 1_000_000_007),
        tags: match i % 5 {
            0 => None,
            1 => Some(Vec::new()),
            _ => Some(vec![
                Some(format!("tag{}", i % 7)),
                None,
                Some("新闻".into()),
            ]),
        },
        page: (i % 2 == 0).then_some((i as i32, (i % 6 > 0).then_some(i as f64 / 8.0))),
    };
    corpus(11, 230).into_iter().enumerate().map(row).collect()
}

fn json_row(row: &Row) -> Value {
    let origin = row
        .page
        .map(|(page, share)| json!({"page": page, "share": share}));
    json!({"id": row.id, "text": row.text, "place": row.place, "number": row.number, "tags": row.tags,
        "origin": origin})
}

fn write_jsonl(rows: &[Row], to: &Path) {
    let lines: Vec<String> = rows
        .iter()
        .map(|row| json_row(row).to_string() + "\n")
        .collect();
    fs::write(to, lines.concat()).unwrap();
}

/// Id, text, place and number. Null is written as an empty field.
fn csv_text(rows: &[Row], delimiter: u8) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new();
    let mut writer = writer.delimiter(delimiter).from_writer(Vec::new());
    writer
        .write_record(["id", "text", "place", "number"])
        .unwrap();
    for row in rows {
        let number = row
            .number
            .map(|number| number.to_string())
            .unwrap_or_default();
        let fields = [&row.id, &row.text, row.place.unwrap_or_default(), &number];
        writer.write_record(fields).unwrap();
    }
    writer.into_inner().unwrap()
}

fn write_parquet(rows: &[Row], compression: Compression, to: &Path) {
    let schema = Arc::new(parse_message_type(SCHEMA).unwrap());
    let note = KeyValue::new("origin".into(), "made up: 编的".to_owned());
    let properties = WriterProperties::builder()
        .set_compression(compression)
        .set_data_page_row_count_limit(10)
        .set_write_batch_size(10)
        .set_key_value_metadata(Some(vec![note]))
        .build();
    let file = File::create(to).unwrap();
    let mut writer = SerializedFileWriter::new(file, schema, Arc::new(properties)).unwrap();
    for rows in rows.chunks(GROUP) {
        let mut group = writer.next_row_group().unwrap();
        for column in 0.. {
            let Some(mut out) = group.next_column().unwrap() else {
                break;
            };
            write_column(rows, column, out.untyped());
            out.close().unwrap();
        }
        group.close().unwrap();
    }
    writer.close().unwrap();
}

/// 1 for each row with a value, 0 for the others.
fn levels(rows: &[Row], has: impl Fn(&Row) -> bool) -> Vec<i16> {
    rows.iter().map(|row| i16::from(has(row))).collect()
}

/// Values with their definition and repetition levels.
fn write_column(rows: &[Row], column: usize, out: &mut ColumnWriter<'_>) {
    let bytes = |text: &str| ByteArray::from(text.as_bytes().to_vec());
    let texts = |of: &dyn Fn(&Row) -> Option<String>| -> (Vec<ByteArray>, Vec<i16>) {
        let texts: Vec<Option<String>> = rows.iter().map(of).collect();
        let levels = texts.iter().map(|text| i16::from(text.is_some())).collect();
        (
            texts.iter().flatten().map(|text| bytes(text)).collect(),
            levels,
        )
    };
    match (column, out) {
        (0, ColumnWriter::ByteArrayColumnWriter(out)) => {
            let (ids, _) = texts(&|row| Some(row.id.clone()));
            out.write_batch(&ids, None, None).unwrap();
        }
        (1 | 2, ColumnWriter::ByteArrayColumnWriter(out)) => {
            let (values, levels) = match column {
                1 => texts(&|row| Some(row.text.clone())),
                _ => texts(&|row| row.place.map(str::to_owned)),
            };
            out.write_batch(&values, Some(&levels), None).unwrap();
        }
        (3, ColumnWriter::Int64ColumnWriter(out)) => {
            let numbers: Vec<i64> = rows.iter().filter_map(|row| row.number).collect();
            let levels = levels(rows, |row| row.number.is_some());
            out.write_batch(&numbers, Some(&levels), None).unwrap();
        }
        (4, ColumnWriter::ByteArrayColumnWriter(out)) => {
            let (mut values, mut defined, mut repeated) = (Vec::new(), Vec::new(), Vec::new());
            for row in rows {
                let tags = row.tags.as_deref().unwrap_or_default();
                if tags.is_empty() {
                    defined.push(i16::from(row.tags.is_some()));
                    repeated.push(0);
                }
                for (place, tag) in tags.iter().enumerate() {
                    values.extend(tag.as_deref().map(bytes));
                    defined.push(if tag.is_some() { 3 } else { 2 });
                    repeated.push(i16::from(place > 0));
                }
            }
            out.write_batch(&values, Some(&defined), Some(&repeated))
                .unwrap();
        }
        (5, ColumnWriter::Int32ColumnWriter(out)) => {
            let pages: Vec<i32> = rows.iter().filter_map(|row| Some(row.page?.0)).collect();
            let levels = levels(rows, |row| row.page.is_some());
            out.write_batch(&pages, Some(&levels), None).unwrap();
        }
        (6, ColumnWriter::DoubleColumnWriter(out)) => {
            let shares: Vec<f64> = rows.iter().filter_map(|row| row.page?.1).collect();
            let level = |row: &Row| {
                row.page
                    .map_or(0, |(_, share)| 1 + i16::from(share.is_some()))
            };
            let levels: Vec<i16> = rows.iter().map(level).collect();
            out.write_batch(&shares, Some(&levels), None).unwrap();
        }
        _ => unreachable!("the schema has seven columns of these types"),
    }
}

const ZSTD: fn() -> Compression = || Compression::ZSTD(ZstdLevel::default());

/// Runs the program on a file and returns a file of the result.
fn result(folder: &TempDir, input: &str, file: &str) -> String {
    let out = format!("out-{input}");
    let done = run(folder.path(), &["--output", &out, input]);
    assert_eq!((code(&done), errors(&done).as_str()), (0, ""), "{input}");
    fs::read_to_string(folder.path().join(out).join(file)).unwrap()
}

#[test]
fn the_same_rows_in_every_kind_of_file_give_the_same_result() {
    let folder = tempfile::tempdir().unwrap();
    let rows = collection();
    let at = |name: &str| folder.path().join(name);
    write_jsonl(&rows, &at("a.jsonl"));
    write_parquet(&rows, Compression::SNAPPY, &at("snappy.parquet"));
    write_parquet(&rows, ZSTD(), &at("zstd.parquet"));
    // Separated fields cannot contain lists.
    let plain: Vec<Row> = rows
        .iter()
        .map(|row| Row {
            tags: None,
            page: None,
            ..row.clone()
        })
        .collect();
    write_jsonl(&plain, &at("plain.jsonl"));
    fs::write(at("comma.csv"), csv_text(&rows, b',')).unwrap();
    let marked = [b"\xEF\xBB\xBF".to_vec(), csv_text(&rows, b';')].concat();
    fs::write(at("semicolon.csv"), marked).unwrap();
    let tabs = String::from_utf8(csv_text(&rows, b'\t')).unwrap();
    fs::write(at("tab.tsv"), tabs.replace('\n', "\r\n")).unwrap();
    for file in ["clusters.jsonl", "relations.jsonl", "removed.jsonl"] {
        let expected = result(&folder, "a.jsonl", file);
        assert!(file == "relations.jsonl" || expected.lines().count() > 20);
        for input in ["snappy.parquet", "zstd.parquet"] {
            assert_eq!(
                result_again(&folder, input, file),
                expected,
                "{file} of {input}"
            );
        }
        let expected = result(&folder, "plain.jsonl", file);
        for input in ["comma.csv", "semicolon.csv"] {
            assert_eq!(
                result_again(&folder, input, file),
                expected,
                "{file} of {input}"
            );
        }
        for input in ["a.jsonl", "plain.jsonl"] {
            fs::remove_dir_all(at(&format!("out-{input}"))).unwrap();
        }
    }
    let same = result(&folder, "plain.jsonl", "removed.jsonl");
    assert_eq!(result(&folder, "tab.tsv", "removed.jsonl"), same);
}

fn result_again(folder: &TempDir, input: &str, file: &str) -> String {
    let found = result(folder, input, file);
    fs::remove_dir_all(folder.path().join(format!("out-{input}"))).unwrap();
    found
}

#[test]
fn rows_of_parquet_stay_as_rows_of_json_with_their_types() {
    let folder = tempfile::tempdir().unwrap();
    let some = &collection()[..120];
    write_parquet(some, Compression::SNAPPY, &folder.path().join("a.parquet"));
    let kept = result(&folder, "a.parquet", "kept.jsonl");
    let kept: Vec<Value> = kept
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert!(kept.len() > 60);
    for row in kept {
        let of_row = some.iter().find(|other| row["id"] == other.id).unwrap();
        assert_eq!(row, json_row(of_row));
    }
}

/// All rows of a Parquet file, by the crate's own reader of rows.
fn parquet_rows(path: &Path) -> (String, Vec<Value>) {
    let reader = SerializedFileReader::new(File::open(path).unwrap()).unwrap();
    let mut schema = Vec::new();
    parquet::schema::printer::print_schema(&mut schema, reader.metadata().file_metadata().schema());
    let rows = reader.get_row_iter(None).unwrap();
    let rows = rows.map(|row| row.unwrap().to_json_value()).collect();
    (String::from_utf8(schema).unwrap(), rows)
}

#[test]
fn kept_parquet_has_the_schema_and_exactly_the_rows_that_stay() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let rows_in = collection();
    let (first, second) = rows_in.split_at(130);
    write_parquet(first, ZSTD(), &at("a.parquet"));
    write_parquet(second, Compression::SNAPPY, &at("b.parquet"));
    write_jsonl(
        &[Row {
            id: "alone".into(),
            ..rows_in[0].clone()
        }],
        &at("c.jsonl"),
    );
    let inputs = [
        "--kept-parquet",
        "--output",
        "out",
        "a.parquet",
        "b.parquet",
        "c.jsonl",
    ];
    let done = run(folder.path(), &inputs);
    assert_eq!((code(&done), errors(&done).as_str()), (0, ""));
    let (schema, kept) = parquet_rows(&at("out/kept.parquet"));
    let (schema_in, all) = parquet_rows(&at("a.parquet"));
    assert_eq!(schema, schema_in);
    let all: Vec<Value> = all
        .into_iter()
        .chain(parquet_rows(&at("b.parquet")).1)
        .collect();
    let stays = rows(at("out/kept.jsonl"));
    let stays: Vec<&str> = stays
        .iter()
        .map(|row| row["id"].as_str().unwrap())
        .collect();
    let of_row = |row: &&Value| stays.contains(&row["id"].as_str().unwrap());
    let expected: Vec<&Value> = all.iter().filter(of_row).collect();
    assert!(expected.len() > 100 && expected.len() < all.len());
    assert_eq!(kept.iter().collect::<Vec<_>>(), expected);
    let reader = SerializedFileReader::new(File::open(at("out/kept.parquet")).unwrap()).unwrap();
    let notes = reader
        .metadata()
        .file_metadata()
        .key_value_metadata()
        .unwrap();
    assert_eq!(notes[0].value.as_deref(), Some("made up: 编的"));
    for group in reader.metadata().row_groups() {
        assert!(
            group
                .columns()
                .iter()
                .all(|column| column.compression() == ZSTD())
        );
    }
    // A second run replaces the file like any other result.
    let again = run(folder.path(), &["--output", "out", "--force", "c.jsonl"]);
    assert_eq!(code(&again), 0, "{}", errors(&again));
    assert!(!at("out/kept.parquet").exists());
}

#[test]
fn kept_parquet_without_parquet_is_wrong_usage_and_another_schema_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let rows = collection();
    write_jsonl(&rows[..3], &folder.path().join("a.jsonl"));
    let done = run(
        folder.path(),
        &["--kept-parquet", "--output", "out", "a.jsonl"],
    );
    assert_eq!(code(&done), 2);
    assert!(
        errors(&done).contains("--kept-parquet"),
        "{}",
        errors(&done)
    );
    // A file that cannot be read is not a usage error.
    fs::write(folder.path().join("bad.parquet"), "no Parquet").unwrap();
    let inputs = [
        "--kept-parquet",
        "--output",
        "bad",
        "a.jsonl",
        "bad.parquet",
    ];
    let done = run(folder.path(), &inputs);
    assert_eq!(code(&done), 3, "{}", errors(&done));
    assert!(!folder.path().join("bad/kept.parquet").exists());
    write_parquet(&rows[..9], ZSTD(), &folder.path().join("a.parquet"));
    let schema = "message rows { required binary text (UTF8); }";
    let schema = Arc::new(parse_message_type(schema).unwrap());
    let file = File::create(folder.path().join("b.parquet")).unwrap();
    let mut writer = SerializedFileWriter::new(file, schema, Arc::default()).unwrap();
    let mut group = writer.next_row_group().unwrap();
    let mut out = group.next_column().unwrap().unwrap();
    write_column(&rows[9..10], 0, out.untyped());
    out.close().unwrap();
    group.close().unwrap();
    writer.close().unwrap();
    let inputs = [
        "--kept-parquet",
        "--output",
        "out",
        "a.parquet",
        "b.parquet",
    ];
    let done = run(folder.path(), &inputs);
    assert_eq!(code(&done), 0);
    assert!(
        errors(&done).starts_with("note: b.parquet"),
        "{}",
        errors(&done)
    );
    let kept = parquet_rows(&folder.path().join("out/kept.parquet")).1;
    assert!(!kept.is_empty() && kept.len() <= 9);
}

#[test]
fn a_damaged_page_costs_its_rows_only() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let rows_in = &collection()[..150];
    write_parquet(rows_in, ZSTD(), &at("a.parquet"));
    let reader = SerializedFileReader::new(File::open(at("a.parquet")).unwrap()).unwrap();
    let text = reader.metadata().row_group(1).column(1).byte_range();
    let mut bytes = fs::read(at("a.parquet")).unwrap();
    // In the last page of the texts, far after its header.
    let last = (text.0 + text.1) as usize - 40;
    bytes[last..last + 30].fill(0xA5);
    fs::write(at("b.parquet"), bytes).unwrap();
    let done = run(folder.path(), &["--output", "out", "b.parquet"]);
    assert_eq!(code(&done), 3, "{}", errors(&done));
    let rejected = rows(at("out/rejected.jsonl"));
    assert_eq!(rejected.len(), 1, "{rejected:?}");
    let error = rejected[0]["error"].as_str().unwrap();
    assert!(
        error.contains("-100 are damaged") && error.contains("text"),
        "{error}"
    );
    let line = rejected[0]["line"].as_u64().unwrap() as usize;
    assert!(line > 50 && line < 100, "{line}");
    let summary: Value =
        serde_json::from_str(&fs::read_to_string(at("out/summary.json")).unwrap()).unwrap();
    assert_eq!(summary["documents"], 150 - (101 - line));
}

#[test]
fn flipped_bits_and_cuts_neither_panic_nor_end_the_program() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let rows = &collection()[..100];
    write_jsonl(&rows[..2], &at("good.jsonl"));
    let mut numbers = Numbers(17);
    for (kind, compression) in [
        Compression::SNAPPY,
        ZSTD(),
        Compression::UNCOMPRESSED,
        Compression::LZ4_RAW,
    ]
    .into_iter()
    .enumerate()
    {
        write_parquet(rows, compression, &at("whole.parquet"));
        let whole = fs::read(at("whole.parquet")).unwrap();
        for round in 0..30 {
            let mut bytes = whole.clone();
            // The index at the end is small, but damage to it has the largest effect.
            let from = if round % 2 == 0 {
                0
            } else {
                bytes.len() * 9 / 10
            };
            let place = from + numbers.below(bytes.len() - from);
            if round % 10 == 9 {
                bytes.truncate(place);
            } else {
                bytes[place] ^= 1 << numbers.below(8);
            }
            fs::write(at("bad.parquet"), bytes).unwrap();
            let done = run(
                folder.path(),
                &["--no-relations", "good.jsonl", "bad.parquet"],
            );
            let said = errors(&done);
            assert!([0, 3].contains(&code(&done)), "{kind} {round}: {said}");
            let plain = |line: &str| line.starts_with("rejected: ") || line.starts_with("note: ");
            assert!(said.lines().all(plain), "{kind} {round}: {said}");
        }
    }
}

#[test]
fn a_row_of_csv_that_is_wrong_costs_itself_and_is_told_by_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let lines: [&[u8]; 11] = [
        b"\xEF\xBB\xBFid,text\r\n",
        b"good,\"One line,\r\nand another: \"\"quoted\"\".\"\r\n",
        b"few\r\n",
        b"many,a,b\r\n",
        b"\r\n",
        b"latin,caf\xE9\r\n",
        b"open,\"this one is never closed\r\n",
        b"next,\"but the next is, with other words in it\"\r\n",
        b",a row without an id of its own\r\n",
        b"last,\"open at the end\r\n",
        b"end,the last line of all",
    ];
    fs::write(folder.path().join("a.csv"), lines.concat()).unwrap();
    let done = run(folder.path(), &["--output", "out", "a.csv"]);
    assert_eq!(code(&done), 3, "{}", errors(&done));
    let rejected = rows(folder.path().join("out/rejected.jsonl"));
    let places: Vec<u64> = rejected
        .iter()
        .map(|row| row["line"].as_u64().unwrap())
        .collect();
    assert_eq!(places, [4, 5, 7, 8, 11], "{rejected:?}");
    let kept = rows(folder.path().join("out/kept.jsonl"));
    let texts: Vec<(&str, &str)> = kept
        .iter()
        .map(|row| (row["id"].as_str().unwrap(), row["text"].as_str().unwrap()))
        .collect();
    assert_eq!(
        texts,
        [
            ("good", "One line,\r\nand another: \"quoted\"."),
            ("next", "but the next is, with other words in it"),
            ("", "a row without an id of its own"),
            ("end", "the last line of all")
        ]
    );
    let explained = run(folder.path(), &["--explain", "a.csv:10", "a.csv"]);
    assert_eq!(
        code(&explained),
        3,
        "its id is its place: {}",
        errors(&explained)
    );
    let explained = run(folder.path(), &["--explain", "a.csv:7", "a.csv"]);
    assert_eq!(code(&explained), 2);
    let said = "--explain \"a.csv:7\": it was rejected: ";
    assert!(errors(&explained).contains(said), "{}", errors(&explained));
}

#[test]
fn a_table_without_the_text_column_is_rejected_with_the_columns_it_has() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.csv"), "name;body\nx;y\n").unwrap();
    fs::write(folder.path().join("b.parquet"), "no Parquet").unwrap();
    fs::write(folder.path().join("empty.csv"), "").unwrap();
    write_parquet(&collection()[..5], ZSTD(), &folder.path().join("c.parquet"));
    let done = run(
        folder.path(),
        &[
            "--text-field",
            "words",
            "a.csv",
            "b.parquet",
            "c.parquet",
            "empty.csv",
        ],
    );
    assert_eq!(code(&done), 1);
    let said = errors(&done);
    for part in [
        "a.csv: there is no column \"words\", only \"name\", \"body\"; name the one",
        "b.parquet: not a complete Parquet file",
        "c.parquet: there is no column \"words\", only \"id\", \"text\"",
        "empty.csv: there is no line that names the columns",
    ] {
        assert!(said.contains(part), "{part} in\n{said}");
    }
    let done = run(
        folder.path(),
        &["--text-field", "body", "--id-field", "name", "a.csv"],
    );
    assert_eq!(code(&done), 0);
}

#[test]
fn a_table_that_is_damaged_before_its_header_tells_the_damage() {
    let folder = tempfile::tempdir().unwrap();
    let mut packed = vec![0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3];
    packed.extend([0xFF; 40]);
    fs::write(folder.path().join("rows.csv.gz"), packed).unwrap();
    let output = run(folder.path(), &["rows.csv.gz"]);
    assert_eq!(code(&output), 1);
    let errors = errors(&output);
    assert!(errors.contains("its header can't be read"), "{errors}");
}

#[test]
fn an_empty_id_is_no_id() {
    let folder = tempfile::tempdir().unwrap();
    let lines: String = ["One text.", "Another one.", "One text."]
        .map(|text| row("", text))
        .concat();
    fs::write(folder.path().join("in.jsonl"), lines).unwrap();
    let output = run(folder.path(), &["--output", "out", "in.jsonl"]);
    assert_eq!((code(&output), errors(&output).as_str()), (0, ""));
    let removed = rows(folder.path().join("out/removed.jsonl"));
    assert_eq!(
        (removed[0]["id"].as_str(), removed[0]["canonical"].as_str()),
        (Some("in.jsonl:3"), Some("in.jsonl:1"))
    );
}

#[test]
fn rows_that_strict_readers_refuse_are_read_and_kept_as_they_are() {
    let folder = tempfile::tempdir().unwrap();
    let lines = [
        r#"{"id":"nan","score":NaN,"list":[1,-Infinity],"text":"One text, that is not short."}"#,
        r#"{"id":"half","name":"\ud83d","text":"One text, that is not short. \ud83d"}"#,
        r#"{"id":"score","score":2.5,"text":"One text, that is not short."}"#,
        r#"{"id":NaN,"text":"Another text, which has no id."}"#,
        r#"{"id":"no","text":NaN}"#,
        r#"{"id":"bad","score":Nan,"text":"A row that nobody can read."}"#,
    ];
    fs::write(folder.path().join("in.jsonl"), lines.join("\n")).unwrap();
    let read = |options: &[&str]| {
        let output = run(
            folder.path(),
            &[options, &["--force", "--output", "out", "in.jsonl"]].concat(),
        );
        assert_eq!(code(&output), 3, "{}", errors(&output));
        let file = |name: &str| fs::read_to_string(folder.path().join("out").join(name)).unwrap();
        (
            file("kept.jsonl"),
            file("clusters.jsonl"),
            rows(folder.path().join("out/rejected.jsonl")),
        )
    };
    let (kept, clusters, rejected) = read(&["--keep", "max:score"]);
    assert_eq!(kept, format!("{}\n{}\n", lines[2], lines[3]));
    assert!(
        clusters.contains(r#""canonical":"score","size":3"#),
        "{clusters}"
    );
    let rejected: Vec<u64> = rejected
        .iter()
        .map(|row| row["line"].as_u64().unwrap())
        .collect();
    assert_eq!(rejected, [5, 6]);
    // The annotation comes after the original fields.
    let (kept, ..) = read(&["--annotate"]);
    for (line, row) in kept.lines().zip(lines) {
        assert!(line.starts_with(row.strip_suffix('}').unwrap()), "{line}");
    }
}

#[test]
fn a_later_column_of_the_same_name_gets_a_name_of_its_own_and_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let csv = "id,text,text,text_2,n,n\n1,Nine geese were handed in,other,x,5,6\n2,A brass bell was found,other,y,7,8\n";
    fs::write(folder.path().join("in.csv"), csv).unwrap();
    let output = run(folder.path(), &["--output", "out", "in.csv"]);
    assert_eq!(code(&output), 0);
    let said = errors(&output);
    assert!(
        said.contains(
            r#"in.csv: two columns have the name "text"; the later one is read as "text_3""#
        ),
        "{said}"
    );
    assert!(
        said.contains(r#"two columns have the name "n"; the later one is read as "n_2""#),
        "{said}"
    );
    let kept = fs::read_to_string(folder.path().join("out/kept.jsonl")).unwrap();
    let first = r#"{"id":"1","text":"Nine geese were handed in","text_3":"other","text_2":"x","n":"5","n_2":"6"}"#;
    assert_eq!(kept.lines().next(), Some(first));
}

#[test]
fn other_names_of_json_lines_are_read_packed_or_not() {
    let folder = tempfile::tempdir().unwrap();
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut gz, row("b", "One text.").as_bytes()).unwrap();
    fs::write(folder.path().join("a.ndjson"), row("a", "One text.")).unwrap();
    fs::write(folder.path().join("b.NDJSON.gz"), gz.finish().unwrap()).unwrap();
    let output = run(folder.path(), &["--output", "out", "."]);
    assert_eq!((code(&output), errors(&output).as_str()), (0, ""));
    assert_eq!(rows(folder.path().join("out/removed.jsonl"))[0]["id"], "b");
}
