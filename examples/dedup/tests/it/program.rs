//! The bundled program as its users see it: files, exit status, messages, and bad input that costs only itself.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;
use std::time::Instant;

use flate2::{Compression, write::GzEncoder};
use serde_json::Value;
use tempfile::TempDir;

const TEXT: &str =
    "The old stone bridge over the river reopened on Monday after three years of repairs.";
const COPY: &str =
    "The old stone bridge over the river re-\nopened on Monday after three years of repairs!";
const OTHER: &str =
    "A new library opened its doors in the valley, and every chair was taken by noon.";

pub fn program() -> PathBuf {
    env!("CARGO_BIN_EXE_dedup").into()
}

/// The root of the repository.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

pub fn run(folder: &Path, arguments: &[&str]) -> Output {
    run_with_input(folder, arguments, b"")
}

pub fn run_with_input(folder: &Path, arguments: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new(program())
        .current_dir(folder)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // It is not a failure of the test if the program ends before it reads its input.
    let _ = child.stdin.take().unwrap().write_all(input);
    child.wait_with_output().unwrap()
}

/// How many times slower is this machine than a usual one? At least 1. A usual machine makes 50 million multiplications, each with the
/// previous product, in a tenth of a second.
fn slowness() -> f64 {
    static SLOWNESS: OnceLock<f64> = OnceLock::new();
    *SLOWNESS.get_or_init(|| {
        let started = Instant::now();
        let step = |last: u64, i: u64| {
            (last ^ i)
                .wrapping_mul(0x9E37_79B9_7F4A_7C15)
                .rotate_left(31)
        };
        std::hint::black_box((0..50_000_000).fold(1, step));
        (started.elapsed().as_secs_f64() / 0.1).max(1.0)
    })
}

/// Runs the program with a limit of this many seconds of processor time of a usual machine, if the system can limit it.
pub fn run_within_seconds(folder: &Path, seconds: u32, arguments: &[&str]) -> Output {
    if cfg!(not(unix)) {
        return run(folder, arguments);
    }
    let seconds = (f64::from(seconds) * slowness()).ceil();
    let limited = format!("ulimit -t {seconds}; exec \"$0\" \"$@\"");
    let mut command = Command::new("sh");
    command.current_dir(folder).args(["-c", &limited]);
    command.arg(program()).args(arguments).output().unwrap()
}

pub fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

pub fn errors(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

pub fn rows(path: PathBuf) -> Vec<Value> {
    let text =
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

pub fn row(id: &str, text: &str) -> String {
    serde_json::json!({"id": id, "text": text}).to_string() + "\n"
}

/// A folder with a text, a copy of it and an unrelated text.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("in")).unwrap();
    for (name, text) in [("a.txt", TEXT), ("b.md", COPY), ("c.txt", OTHER)] {
        fs::write(folder.path().join("in").join(name), text).unwrap();
    }
    folder
}

#[test]
fn the_result_folder_holds_what_the_contract_says() {
    let folder = folder();
    let output = run(folder.path(), &["--output", "out", "in"]);
    assert_eq!((code(&output), errors(&output).as_str()), (0, ""));
    let out = folder.path().join("out");
    let clusters = rows(out.join("clusters.jsonl"));
    assert_eq!(clusters.len(), 1);
    assert_eq!(clusters[0]["canonical"], "in/a.txt");
    assert_eq!(clusters[0]["size"], 2);
    assert_eq!(clusters[0]["members"][0]["relation"], "canonical");
    let copy = serde_json::json!(
        {"id": "in/b.md", "relation": "same-text", "jaccard": 1.0, "similarity": 1.0, "in_canonical": 1.0, "of_canonical": 1.0, "damage": clusters[0]["members"][1]["damage"]});
    assert_eq!(clusters[0]["members"][1], copy);
    assert!(clusters[0]["members"][0]["damage"].is_object());
    let removed = serde_json::json!(
        {"id": "in/b.md", "canonical": "in/a.txt", "relation": "same-text", "jaccard": 1.0, "similarity": 1.0, "file": "in/b.md"});
    assert_eq!(rows(out.join("removed.jsonl")), [removed]);
    let kept = rows(out.join("kept.jsonl"));
    assert_eq!(
        kept,
        [
            serde_json::json!({"id": "in/a.txt", "text": TEXT}),
            serde_json::json!({"id": "in/c.txt", "text": OTHER})
        ]
    );
    let summary: Value =
        serde_json::from_str(&fs::read_to_string(out.join("summary.json")).unwrap()).unwrap();
    for (field, value) in [
        ("documents", 3),
        ("clusters", 1),
        ("removed", 1),
        ("rejected", 0),
    ] {
        assert_eq!(summary[field], value, "{field}");
    }
    for field in [
        "bytes",
        "candidate_pairs",
        "verified_pairs",
        "relations",
        "passages",
        "settings",
        "seconds",
        "peak_memory_bytes",
    ] {
        assert!(summary.get(field).is_some(), "{field}");
    }
    assert!(
        summary["settings"]["scheme"]
            .as_str()
            .unwrap()
            .starts_with("minhash-128:")
    );
    let mut names: Vec<_> = fs::read_dir(&out)
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    names.sort();
    assert_eq!(
        names,
        [
            "clusters.jsonl",
            "kept.jsonl",
            "passages.jsonl",
            "relations.jsonl",
            "removed.jsonl",
            "summary.json"
        ]
    );
}

#[test]
fn the_summary_names_each_cluster_and_why() {
    let output = run(folder().path(), &["in"]);
    let text = String::from_utf8(output.stdout).unwrap();
    for part in [
        "3 documents",
        "1 cluster with 2 documents",
        "1. kept                in/a.txt",
        "same-text  100.0 %  in/b.md",
    ] {
        assert!(text.contains(part), "{part} in\n{text}");
    }
}

#[test]
fn rows_come_from_plain_packed_and_standard_input_and_stay_as_they_were() {
    let folder = tempfile::tempdir().unwrap();
    let first = "{\"text\": \"One  \\u4e00 and \\\"only\\\" text of this kind.\", \"id\": 7, \"more\": [1, {\"x\": null}]}";
    let second = "{\"id\":\"b\",\"text\":\"Something else, quite unlike the others.\"}";
    fs::write(
        folder.path().join("a.jsonl"),
        format!("\u{FEFF}{first}\r\n\n{second}"),
    )
    .unwrap();
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed
        .write_all(row("c", "ONE 一 and “only” text of this kind").as_bytes())
        .unwrap();
    fs::write(folder.path().join("b.jsonl.gz"), packed.finish().unwrap()).unwrap();
    let input = "{\"text\": \"A row without an id, from standard input.\"}\n";
    let arguments = ["--output", "out", "a.jsonl", "b.jsonl.gz", "-"];
    let output = run_with_input(folder.path(), &arguments, input.as_bytes());
    assert_eq!((code(&output), errors(&output).as_str()), (0, ""));
    let out = folder.path().join("out");
    let kept = fs::read_to_string(out.join("kept.jsonl")).unwrap();
    assert_eq!(kept, format!("{first}\n{second}\n{input}"));
    assert_eq!(rows(out.join("removed.jsonl"))[0]["id"], "c");
    assert_eq!(rows(out.join("clusters.jsonl"))[0]["canonical"], "7");
}

#[test]
fn other_fields_can_hold_id_and_text() {
    let folder = tempfile::tempdir().unwrap();
    let row = |url: &str, body: &str| {
        serde_json::json!({"url": url, "body": body, "text": 5}).to_string() + "\n"
    };
    fs::write(
        folder.path().join("a.jsonl"),
        row("x", TEXT) + &row("y", COPY),
    )
    .unwrap();
    let arguments = [
        "--text-field",
        "body",
        "--id-field",
        "url",
        "--format",
        "json",
        "a.jsonl",
    ];
    let output = run(folder.path(), &arguments);
    let summary: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        (summary["documents"].as_u64(), summary["clusters"].as_u64()),
        (Some(2), Some(1))
    );
}

#[test]
fn bad_input_is_rejected_with_its_place_and_all_other_documents_are_processed() {
    let folder = folder();
    let rows_file = [
        row("good", OTHER).as_bytes(),
        b"not json\n",
        b"{\"id\": \"no text\"}\n",
        b"{\"id\": \"number\", \"text\": 5}\n",
        b"{\"id\": [1], \"text\": \"x\"}\n",
        b"{\"id\": \"latin\", \"text\": \"caf\xC3\xA9 caf\xE9\"}\n",
        b"{\"id\": \"half\", \"text\": \"\\ud83\"}\n",
        b"[1, 2]\n",
        row("good", TEXT).as_bytes(),
        row("last", "An unfinished last line is a row as well.")
            .trim_end()
            .as_bytes(),
    ]
    .concat();
    fs::write(folder.path().join("rows.jsonl"), rows_file).unwrap();
    fs::write(folder.path().join("latin.txt"), b"caf\xC3\xA9 caf\xE9").unwrap();
    fs::write(folder.path().join("page.pdf"), b"%PDF").unwrap();
    fs::write(
        folder.path().join("cut.jsonl.gz"),
        &packed(&row("packed", OTHER))[..20],
    )
    .unwrap();
    fs::create_dir(folder.path().join("empty")).unwrap();
    let inputs = [
        "in",
        "rows.jsonl",
        "latin.txt",
        "page.pdf",
        "cut.jsonl.gz",
        "empty",
        "missing.txt",
    ];
    let output = run(folder.path(), &[&["--output", "out"], &inputs[..]].concat());
    assert_eq!(code(&output), 3, "{}", errors(&output));
    let rejected = rows(folder.path().join("out/rejected.jsonl"));
    let said = |row: &Value| {
        (
            row["file"].as_str().unwrap().to_owned(),
            row["line"].as_u64(),
        )
    };
    let mut places: Vec<_> = rejected.iter().map(said).collect();
    places.sort();
    let lines = (2..=9).map(|line| ("rows.jsonl".to_owned(), Some(line)));
    let files =
        ["empty", "latin.txt", "missing.txt", "page.pdf"].map(|file| (file.to_owned(), None));
    let mut expected: Vec<_> = lines
        .chain(files)
        .chain([("cut.jsonl.gz".to_owned(), Some(1))])
        .collect();
    expected.sort();
    assert_eq!(places, expected);
    let of = |file: &str, line: Option<u64>| {
        let row = rejected
            .iter()
            .find(|row| said(row) == (file.to_owned(), line))
            .unwrap();
        row["error"].as_str().unwrap().to_owned()
    };
    assert!(of("rows.jsonl", Some(3)).contains("--text-field"));
    assert!(
        of("rows.jsonl", Some(9)).contains("rows.jsonl:1"),
        "both places of an id are named"
    );
    assert!(of("latin.txt", None).contains("UTF-8"));
    assert!(of("missing.txt", None).contains("no such file"));
    for row in &rejected {
        let place = row["file"].as_str().unwrap();
        assert!(errors(&output).contains(place), "{place} on standard error");
    }
    let kept = rows(folder.path().join("out/kept.jsonl"));
    let ids: Vec<&str> = kept.iter().map(|row| row["id"].as_str().unwrap()).collect();
    assert_eq!(
        ids,
        ["in/a.txt", "good", "last"],
        "c.txt and good are one text; the smaller id stays: {kept:?}"
    );
}

pub fn packed(text: &str) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(text.as_bytes()).unwrap();
    packed.finish().unwrap()
}

#[test]
fn rows_before_a_cut_in_a_packed_file_are_kept() {
    let folder = tempfile::tempdir().unwrap();
    let mut numbers = crate::support::Numbers(5);
    let rows_text: String = (0..2000)
        .map(|i| row(&i.to_string(), &numbers.next().to_string()))
        .collect();
    let whole = packed(&rows_text);
    fs::write(
        folder.path().join("cut.jsonl.gz"),
        &whole[..whole.len() / 2],
    )
    .unwrap();
    let output = run(folder.path(), &["--output", "out", "cut.jsonl.gz"]);
    assert_eq!(code(&output), 3);
    let kept = rows(folder.path().join("out/kept.jsonl")).len();
    assert!(kept > 500, "{kept}");
    let rejected = rows(folder.path().join("out/rejected.jsonl"));
    assert_eq!(rejected[0]["line"], kept as u64 + 1);
}

/// The sample articles, named relative to the root of the repository.
const ARTICLES: &str = "examples/articles";

#[test]
fn rows_of_different_files_stay_lines_of_their_own() {
    let folder = TempDir::new().unwrap();
    let pack = |name: &str, text: &str| {
        let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
        packed.write_all(text.as_bytes()).unwrap();
        fs::write(folder.path().join(name), packed.finish().unwrap()).unwrap();
    };
    let row = |id: &str, text: &str| format!(r#"{{"id":"{id}","text":"{text}"}}"#);
    // Neither file ends with a line break. A blank or a removed document is between their rows.
    pack("a.jsonl.gz", &row("a", TEXT));
    pack("b.jsonl.gz", &format!(" {}", row("b", OTHER)));
    fs::write(folder.path().join("c.txt"), "x").unwrap();
    fs::write(folder.path().join("d.txt"), "x").unwrap();
    pack(
        "e.jsonl.gz",
        &row("e", "Something else altogether is said here."),
    );
    let inputs = ["c.txt", "a.jsonl.gz", "b.jsonl.gz", "d.txt", "e.jsonl.gz"];
    let output = run(
        folder.path(),
        &[&["--quiet", "--output", "out"], &inputs[..]].concat(),
    );
    assert_eq!(code(&output), 0, "{}", errors(&output));
    let kept = rows(folder.path().join("out/kept.jsonl"));
    let ids: Vec<&str> = kept.iter().map(|row| row["id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["c.txt", "a", "b", "e"]);
}

fn run_on_articles(arguments: &[&str]) -> Output {
    run(&root(), &[arguments, &["--quiet", ARTICLES]].concat())
}

pub fn printed(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

#[test]
fn relations_are_written_with_places_in_characters() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let output = run_on_articles(&["--output", out.to_str().unwrap()]);
    assert_eq!((code(&output), errors(&output).as_str()), (0, ""));
    let relations = rows(out.join("relations.jsonl"));
    assert_eq!(relations.len(), 1);
    let relation = &relations[0];
    assert_eq!(relation["a"], "examples/articles/compilation.txt");
    assert_eq!(relation["b"], "examples/articles/harvest.txt");
    assert_eq!(
        (&relation["relation"], &relation["b_in_a"]),
        (&"contains".into(), &1.0.into())
    );
    let passage = &relation["passages"][0];
    let end = |side: &str, end: usize| passage[side][end].as_u64().unwrap() as usize;
    let text = fs::read_to_string(root().join("examples/articles/compilation.txt")).unwrap();
    let slice: String = text
        .chars()
        .skip(end("a", 0))
        .take(end("a", 1) - end("a", 0))
        .collect();
    assert_eq!(passage["text"], slice);
    assert_eq!((end("b", 0), passage["documents"].as_u64()), (0, Some(2)));
    let summary: Value =
        serde_json::from_str(&fs::read_to_string(out.join("summary.json")).unwrap()).unwrap();
    let passages = rows(out.join("passages.jsonl"));
    let harvest = passages
        .iter()
        .find(|passage| passage["places"][1]["id"] == "examples/articles/harvest.txt");
    let place = &harvest.unwrap()["places"][0];
    assert_eq!(
        (&place["id"], &place["span"]),
        (&relation["a"], &passage["a"])
    );
    assert_eq!(
        (&summary["relations"]["contains"], &summary["passages"]),
        (&1.into(), &passages.len().into())
    );
    assert_eq!(
        (
            &summary["settings"]["containment"],
            &summary["settings"]["keep"]
        ),
        (&0.6.into(), &"intact;complete;earliest".into())
    );

    let output = run_on_articles(&[
        "--no-relations",
        "--force",
        "--output",
        out.to_str().unwrap(),
    ]);
    assert_eq!(code(&output), 0);
    assert!(!out.join("relations.jsonl").exists() && !out.join("passages.jsonl").exists());
}

#[test]
fn explain_tells_of_one_document_or_of_two() {
    let one = run_on_articles(&["--explain", "examples/articles/flood-print.txt"]);
    let one = printed(&one);
    for said in [
        "which stays: ",
        "Accepted pairs:",
        "Script or regional wording only",
    ] {
        assert!(one.contains(said), "{said}: {one}");
    }
    let pair = [
        "--explain",
        "examples/articles/flood-web.txt",
        "--explain",
        "examples/articles/flood-print.txt",
    ];
    let text = printed(&run_on_articles(&pair));
    assert!(text.contains("712日 against 7月12日"), "{text}");
    let json = run_on_articles(&[pair.as_slice(), &["--format", "json"]].concat());
    let json: Value = serde_json::from_slice(&json.stdout).unwrap();
    let numbers = json["differences"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|difference| difference["kind"] == "number");
    let numbers: Vec<_> = numbers
        .map(|number| {
            (
                number["a_text"].as_str().unwrap(),
                number["b_text"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(numbers, [("712日", "7月12日"), ("717日", "7月17日")]);

    let strangers = run_on_articles(&[
        "--explain",
        "examples/articles/drill.txt",
        "--explain",
        "examples/articles/tunnel.txt",
    ]);
    assert!(
        printed(&strangers).contains("distinct, 0.0 % alike"),
        "{}",
        printed(&strangers)
    );
    let unknown = run_on_articles(&["--explain", "nobody"]);
    assert_eq!(code(&unknown), 2);
    assert!(errors(&unknown).contains("no document has this id"));
    let thrice = run_on_articles(&["--explain", "a", "--explain", "b", "--explain", "c"]);
    assert_eq!(code(&thrice), 2);
}

#[test]
fn a_field_of_ids_that_no_row_has_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("in.jsonl");
    let rows = [
        "{\"id\": \"one\", \"text\": \"the first row\"}",
        "{\"text\": \"another one\"}",
    ];
    fs::write(&file, rows.join("\n")).unwrap();
    let told = |arguments: &[&str]| {
        let done = run(folder.path(), &[arguments, &["in.jsonl"]].concat());
        assert_eq!(code(&done), 0);
        errors(&done).contains("--id-field: no row has the field \"idd\"")
    };
    assert!(told(&["--id-field", "idd"]));
    assert!(!told(&["--id-field", "id"]));
    fs::write(&file, rows[1]).unwrap();
    assert!(!told(&[]), "rows without an id are usual");
}

#[test]
fn parts_of_compilations_are_compared_but_never_kept_or_removed() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let output = run_on_articles(&["--split", "--output", out.to_str().unwrap()]);
    assert_eq!(code(&output), 0);
    assert!(
        printed(&output).contains("compilation.txt: 4 parts (一、夜市盡頭的修傘攤, "),
        "{}",
        printed(&output)
    );
    let parts = rows(out.join("parts.jsonl"));
    assert_eq!(parts.len(), 4);
    assert_eq!(parts[1]["id"], "examples/articles/compilation.txt#2");
    assert_eq!(parts[1]["document"], "examples/articles/compilation.txt");
    let clusters = rows(out.join("clusters.jsonl"));
    let harvest = clusters
        .iter()
        .find(|cluster| cluster["canonical"] == "examples/articles/harvest.txt")
        .unwrap();
    assert_eq!(harvest["members"][1]["id"], parts[1]["id"]);
    assert_eq!(rows(out.join("kept.jsonl")).len(), 8);
    assert_eq!(rows(out.join("removed.jsonl")).len(), 4);
}

#[test]
fn the_policy_reads_dates_and_sources_of_rows_and_the_report_merges_them() {
    let folder = tempfile::tempdir().unwrap();
    let row = |id: &str, when: &str, from: &str| {
        serde_json::json!({"id": id, "text": TEXT, "when": when, "from": from, "tags": ["bridge", id]}).to_string() + "\n"
    };
    let input = [
        row("a", "2021/10/9", "b.example"),
        row("b", "2021-08-17T09:00:00+02:00", "http://a.example/1"),
    ]
    .concat();
    fs::write(folder.path().join("in.jsonl"), input).unwrap();
    let canonical = |keep: &str| {
        let arguments = [
            "--keep",
            keep,
            "--date-field",
            "when",
            "--source-field",
            "from",
            "--force",
            "--output",
            "out",
            "in.jsonl",
        ];
        let output = run(folder.path(), &arguments);
        assert_eq!(code(&output), 0, "{}", errors(&output));
        rows(folder.path().join("out/clusters.jsonl")).remove(0)
    };
    for (keep, id) in [
        ("earliest", "b"),
        ("latest", "a"),
        ("source=b.example,a.example", "a"),
        ("source=a.example", "b"),
        ("first", "a"),
    ] {
        assert_eq!(canonical(keep)["canonical"], id, "{keep}");
    }
    let merged = serde_json::json!({
        "date": ["2021-08-17T09:00:00+02:00", "2021/10/9"],
        "source": ["http://a.example/1", "b.example"],
        "tags": ["bridge", "b", "a"],
    });
    assert_eq!(canonical("earliest")["metadata"], merged);
    let wrong = run(folder.path(), &["--keep", "newest", "in.jsonl"]);
    assert_eq!(code(&wrong), 2);
    assert!(
        errors(&wrong).contains("intact, complete, earliest"),
        "{}",
        errors(&wrong)
    );
}

#[test]
fn dates_are_read_as_people_write_them() {
    let written = [
        ("2021-10-09", Some("2021-10-09")),
        ("2021-10-09 08:30:00", Some("2021-10-09T08:30:00")),
        ("2021-10-09T08:31:00+08:00", Some("2021-10-09T00:31:00")),
        ("2021/10/8", Some("2021-10-08")),
        ("2021年10月7日", Some("2021-10-07")),
        ("2021.10.06", Some("2021-10-06")),
        ("Sat, 09 Oct 2021 08:32:00 GMT", Some("2021-10-09T08:32:00")),
        ("1633768380", Some("2021-10-09T08:33:00")),
        ("1633768440000", Some("2021-10-09T08:34:00")),
        ("2021-10", Some("2021-10")),
        ("2021", Some("2021")),
        ("October 5, 2021", Some("2021-10-05")),
        ("", None),
        ("yesterday", None),
        ("-5", None),
        ("20211399", None),
    ];
    let folder = tempfile::tempdir().unwrap();
    // One cluster for each date. Its reason says how the date was read.
    let row = |id: String, text: &str, date: &str| {
        serde_json::json!({"id": id, "text": text, "date": date}).to_string() + "\n"
    };
    let mut input = String::new();
    for (number, (date, _)) in written.iter().enumerate() {
        let text = format!("number {number}");
        input += &row(format!("{number:02}"), &text, date);
        input += &row(format!("{number:02}-later"), &text, "9999-12-31");
    }
    fs::write(folder.path().join("in.jsonl"), input).unwrap();
    let output = run(
        folder.path(),
        &["--keep", "earliest", "--output", "out", "in.jsonl"],
    );
    assert_eq!(code(&output), 0);
    let clusters = rows(folder.path().join("out/clusters.jsonl"));
    assert_eq!(clusters.len(), written.len());
    for (cluster, (written, read)) in clusters.iter().zip(written) {
        let reason = cluster["reason"].as_str().unwrap();
        match read {
            Some(read) => assert!(
                reason.starts_with(&format!("the earliest: {read}, ")),
                "{written}: {reason}"
            ),
            None => assert!(
                reason.ends_with("has no date that can be read"),
                "{written}: {reason}"
            ),
        }
    }
}

#[test]
fn nothing_to_do_is_status_1_and_wrong_usage_status_2() {
    let folder = folder();
    fs::create_dir(folder.path().join("empty")).unwrap();
    let cases: [(&[&str], i32, &str); 9] = [
        (&["missing"], 1, "missing: there is no such file or folder"),
        (&["empty"], 1, "empty: the folder has no documents"),
        (
            &["--threshold", "1.5", "in"],
            2,
            "--threshold is 1.5: it must be over 0 and at most 1",
        ),
        (&["--threshold", "-1", "in"], 2, "--threshold is -1"),
        (&["--threshold", "x", "in"], 2, "--threshold"),
        (
            &["--recall", "1", "in"],
            2,
            "--recall is 1: it must be over 0 and under 1",
        ),
        (
            &["--threads", "0", "in"],
            2,
            "--threads is 0: it must be from 1 to 1024",
        ),
        (&["--nonsense", "in"], 2, "--nonsense"),
        (&[], 2, "INPUT"),
    ];
    for (arguments, status, message) in cases {
        let output = run(folder.path(), arguments);
        assert_eq!(code(&output), status, "{arguments:?}");
        assert!(
            errors(&output).contains(message),
            "{arguments:?}: {}",
            errors(&output)
        );
    }
}

#[test]
fn an_output_that_can_not_be_written_or_is_in_use_is_refused_before_any_work() {
    let folder = folder();
    let output = run(folder.path(), &["--output", "in/a.txt/out", "in"]);
    assert_eq!(code(&output), 1);
    assert!(
        errors(&output).contains("in/a.txt/out") && errors(&output).contains("choose a place"),
        "{}",
        errors(&output)
    );

    let output = run(folder.path(), &["--output", "in", "--force", "in"]);
    assert_eq!(code(&output), 1);
    assert!(
        errors(&output).contains("is not empty"),
        "{}",
        errors(&output)
    );
    assert!(
        folder.path().join("in/a.txt").exists(),
        "what is no result is never replaced"
    );

    assert_eq!(code(&run(folder.path(), &["--output", "out", "in"])), 0);
    let output = run(folder.path(), &["--output", "out", "in"]);
    assert_eq!(code(&output), 1);
    assert!(errors(&output).contains("earlier result") && errors(&output).contains("--force"));
    assert_eq!(
        code(&run(
            folder.path(),
            &["--output", "out", "--force", "in/a.txt"]
        )),
        0
    );
    assert_eq!(rows(folder.path().join("out/kept.jsonl")).len(), 1);
    let left: Vec<_> = fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(left.len(), 2, "nothing half-written is left: {left:?}");
}

#[test]
fn threads_and_the_order_of_inputs_change_no_byte() {
    let folder = tempfile::tempdir().unwrap();
    let documents = crate::support::corpus(21, 300);
    let (left, right) = documents.split_at(150);
    for (name, part) in [("left.jsonl", left), ("right.jsonl", right)] {
        let text: String = part.iter().map(|(id, text)| row(id, text)).collect();
        fs::write(folder.path().join(name), text).unwrap();
    }
    let result = |threads: &str, inputs: [&str; 2]| {
        let output = run(
            folder.path(),
            &[
                "--output",
                "out",
                "--force",
                "--threads",
                threads,
                inputs[0],
                inputs[1],
            ],
        );
        assert_eq!(code(&output), 0, "{}", errors(&output));
        let read = |name: &str| fs::read_to_string(folder.path().join("out").join(name)).unwrap();
        let mut kept: Vec<String> = read("kept.jsonl").lines().map(str::to_owned).collect();
        let mut removed: Vec<String> = read("removed.jsonl").lines().map(str::to_owned).collect();
        kept.sort();
        removed.sort();
        let mut summary: Value = serde_json::from_str(&read("summary.json")).unwrap();
        for field in ["seconds", "peak_memory_bytes"] {
            summary.as_object_mut().unwrap().remove(field);
        }
        (read("clusters.jsonl"), kept, removed, summary)
    };
    let expected = result("1", ["left.jsonl", "right.jsonl"]);
    for threads in ["1", "2", "8"] {
        assert_eq!(result(threads, ["left.jsonl", "right.jsonl"]), expected);
        assert_eq!(result(threads, ["right.jsonl", "left.jsonl"]), expected);
    }
}
