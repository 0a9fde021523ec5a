//! Inputs that people have: mail, packed files of every format, files without an ending, and texts in several fields, in objects or in HTML.

use std::fs;
use std::io::Write;
use std::path::Path;

use flate2::{Compression, write::GzEncoder};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::program::{code, errors, printed, row, rows, run, run_with_input};

const TEXT: &str = "The night watch on the dyke counted the lanterns of the boats, and wrote their number in the book by the door.";
const OTHER: &str = "Bread was baked twice a week in the old mill, and children waited at the window for the burnt crusts.";

fn folder(files: &[(&str, &[u8])]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        let file = folder.path().join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, bytes).unwrap();
    }
    folder
}

/// The exit status and messages of a run, and the kept rows.
fn kept(folder: &Path, arguments: &[&str]) -> (i32, String, Vec<Value>) {
    let options = ["--quiet", "--force", "--output", "out"];
    let output = run(folder, &[&options[..], arguments].concat());
    let kept = match folder.join("out/kept.jsonl").exists() {
        true => rows(folder.join("out/kept.jsonl")),
        false => Vec::new(),
    };
    (code(&output), errors(&output), kept)
}

fn field<'r>(rows: &'r [Value], name: &str) -> Vec<&'r str> {
    let values = rows.iter().map(|row| row[name].as_str().unwrap_or("none"));
    values.collect()
}

type Pack = fn(&[u8]) -> Vec<u8>;

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::default());
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap()
}

fn xz(bytes: &[u8]) -> Vec<u8> {
    let mut packed = liblzma::write::XzEncoder::new(Vec::new(), 6);
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap()
}

fn bzip2(bytes: &[u8]) -> Vec<u8> {
    let mut packed = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::best());
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap()
}

fn mail(subject: &str, body: &str) -> String {
    format!(
        "From: Ann <ann@post.example>\nSubject: {subject}\nDate: Fri, 27 Nov 2026 08:00:00 +0000\n\n{body}\n"
    )
}

#[test]
fn every_format_is_read_packed_as_it_is_read_plain() {
    let mailbox = format!(
        "From ann Fri Nov 27 08:00:00 2026\n{}\n",
        mail("Lanterns", TEXT)
    );
    let page = format!("<html><body><p>{TEXT}</p></body></html>");
    let archive = format!(
        "WARC/1.0\r\nWARC-Type: conversion\r\nWARC-Target-URI: http://a.example/\r\nContent-Type: text/plain\r\n\
         Content-Length: {}\r\n\r\n{TEXT}\r\n\r\n",
        TEXT.len()
    );
    let formats = [
        ("a.txt", TEXT.to_owned()),
        ("a.md", TEXT.to_owned()),
        ("a.html", page),
        ("a.eml", mail("Lanterns", TEXT)),
        ("a.mbox", mailbox),
        ("a.jsonl", row("a", TEXT)),
        ("a.csv", format!("id,text\na,\"{TEXT}\"\n")),
        ("a.wet", archive),
    ];
    let packings: [(&str, Pack); 4] = [
        ("gz", gzip),
        ("zst", |bytes| zstd::encode_all(bytes, 3).unwrap()),
        ("xz", xz),
        ("bz2", bzip2),
    ];
    for (name, content) in &formats {
        for (ending, pack) in packings {
            let packed = format!("{name}.{ending}");
            let folder = folder(&[(&packed, &pack(content.as_bytes()))]);
            let (status, errors, kept) = kept(folder.path(), &["--whole-page", &packed]);
            assert_eq!((status, errors.as_str()), (0, ""), "{packed}");
            assert_eq!(field(&kept, "text"), [TEXT], "{packed}");
        }
    }
}

#[test]
fn a_text_whose_name_hides_its_packing_is_read_as_what_it_is_with_a_note() {
    let folder = folder(&[
        ("a.txt", &gzip(TEXT.as_bytes())),
        ("b.txt.xz", OTHER.as_bytes()),
    ]);
    let (status, errors, kept) = kept(folder.path(), &["a.txt", "b.txt.xz"]);
    assert_eq!((status, field(&kept, "text")), (0, vec![TEXT, OTHER]));
    assert!(
        errors.contains("a.txt: read as gzip, by its first bytes"),
        "{errors}"
    );
    assert!(
        errors.contains("b.txt.xz: read as not packed, by its first bytes"),
        "{errors}"
    );
}

#[test]
fn mails_of_a_mailbox_are_documents_with_what_their_heads_say() {
    let start = "From ann Fri Nov 27 08:00:00 2026\n";
    let mails = [
        mail("Lanterns", TEXT),
        mail("Re: Lanterns", TEXT),
        mail("Bread", OTHER),
    ];
    let mailbox: String = mails
        .iter()
        .map(|mail| format!("{start}{mail}\n"))
        .collect();
    let folder = folder(&[("box.mbox", mailbox.as_bytes())]);
    let (status, errors, kept) = kept(folder.path(), &["box.mbox"]);
    assert_eq!((status, errors.as_str()), (0, ""));
    assert_eq!(field(&kept, "id"), ["box.mbox:1", "box.mbox:3"]);
    assert_eq!(field(&kept, "title"), ["Lanterns", "Bread"]);
    assert_eq!(field(&kept, "source"), ["post.example", "post.example"]);
    assert_eq!(field(&kept, "author"), ["Ann", "Ann"]);
    let removed = rows(folder.path().join("out/removed.jsonl"));
    assert_eq!(removed[0].get("file"), None, "a mail is no file");
}

#[test]
fn files_whose_names_tell_nothing_are_read_as_is_said_and_others_by_their_names() {
    let manual = format!(".TH X 1\n.SH NAME\nx \\- \\fBone\\fP\n.PP\n{TEXT}\n");
    let folder = folder(&[
        ("in/README", OTHER.as_bytes()),
        ("in/x.1.gz", &gzip(manual.as_bytes())),
        ("in/a.txt", TEXT.as_bytes()),
    ]);
    let (status, errors, rows) = kept(folder.path(), &["in"]);
    let note = "note: in: skipped 2 files of other kinds: README, x.1.gz\n";
    assert_eq!((status, errors.as_str(), rows.len()), (0, note, 1));
    let (status, errors, rows) = kept(folder.path(), &["--as", "man", "in"]);
    assert_eq!((status, errors.as_str()), (0, ""));
    let ids = field(&rows, "id");
    assert!(ids.contains(&"in/README"), "{ids:?}");
    let manual = rows.iter().find(|row| row["id"] == "in/x.1.gz");
    if let Some(manual) = manual {
        assert_eq!(manual["text"], format!("\nNAME\nx - one\n\n{TEXT}\n"));
    }
}

#[test]
fn a_kind_that_is_not_read_is_told_with_what_turns_it_into_text() {
    let folder = folder(&[("a.rtf", b"{\\rtf1"), ("b.pdf", b"%PDF"), ("c.x", b"x")]);
    let (status, errors, _) = kept(folder.path(), &["a.rtf", "b.pdf", "c.x"]);
    assert_eq!(status, 1);
    for remedy in ["pandoc -t plain", "pdftotext", "--as"] {
        assert!(errors.contains(remedy), "{remedy}: {errors}");
    }
}

#[test]
fn a_text_is_made_of_several_fields_of_nested_ones_and_of_html() {
    let input = [
        json!({"id": "a", "title": "The dyke", "article": {"body": TEXT}}),
        json!({"id": "html", "title": "The dyke", "article": {"body": format!("<p>{}</p><script>x</script>", TEXT.replace("boats", "<b>boats</b>"))}}),
        json!({"id": "no title", "title": null, "article": {"body": OTHER}}),
        json!({"id": "no body", "title": "Alone"}),
    ];
    let lines: String = input.iter().map(|row| format!("{row}\n")).collect();
    let folder = folder(&[("rows.jsonl", lines.as_bytes())]);
    let options = [
        "--text-field",
        "title,article.body",
        "--html-field",
        "article.body",
        "rows.jsonl",
    ];
    let (status, errors, kept) = kept(folder.path(), &options);
    assert_eq!((status, errors.as_str()), (0, ""));
    assert_eq!(
        kept,
        [input[0].clone(), input[2].clone(), input[3].clone()],
        "rows as they were"
    );
    let removed = rows(folder.path().join("out/removed.jsonl"));
    assert_eq!(
        (&removed[0]["id"], &removed[0]["relation"]),
        (&json!("html"), &json!("exact"))
    );
}

#[test]
fn a_text_that_is_no_string_is_rejected_for_what_it_is_with_its_line() {
    let values = ["null", "[\"a\"]", "{\"a\": 1}", "7", "true"];
    let kinds = ["null", "a list", "an object", "a number", "true or false"];
    let mut lines: String = values
        .iter()
        .map(|value| format!("{{\"text\": {value}}}\n"))
        .collect();
    lines += &row("good", TEXT);
    let folder = folder(&[("rows.jsonl", lines.as_bytes())]);
    let (status, _, _) = kept(folder.path(), &["rows.jsonl"]);
    assert_eq!(status, 3);
    let rejected = rows(folder.path().join("out/rejected.jsonl"));
    for (line, (rejected, kind)) in rejected.iter().zip(kinds).enumerate() {
        assert_eq!(rejected["line"], line + 1);
        let error = rejected["error"].as_str().unwrap();
        assert!(
            error.starts_with(&format!("the field \"text\" is {kind}, ")),
            "{error}"
        );
    }
    assert_eq!(rejected.len(), kinds.len());
}

#[test]
fn titles_are_part_of_a_page_and_readings_are_not() {
    let page = |title: &str, body: &str| {
        format!(
            "<html><head><title>{title}</title></head><body><article><p>{body}</p><p>{OTHER} {OTHER}</p></article></body></html>"
        )
    };
    let plain = "古い水門の番人は、毎朝鐘の前に川の高さを帳面に書いた。";
    let ruby = "<ruby>古<rp>(</rp><rt>ふる</rt><rp>)</rp></ruby>い<ruby>水門<rt>すいもん</rt></ruby>の番人は、毎朝鐘の前に川の高さを帳面に書いた。";
    let folder = folder(&[
        ("a.html", page("Class Reader", plain).as_bytes()),
        ("b.html", page("Class Writer", plain).as_bytes()),
        ("c.html", page("Class Reader", ruby).as_bytes()),
    ]);
    let output = run(
        folder.path(),
        &[
            "--quiet", "--output", "out", "--level", "exact", "a.html", "b.html", "c.html",
        ],
    );
    assert_eq!(code(&output), 0, "{}", errors(&output));
    let kept = rows(folder.path().join("out/kept.jsonl"));
    assert_eq!(field(&kept, "id"), ["a.html", "b.html"]);
    assert!(
        field(&kept, "text")[1].starts_with("Class Writer\n\n"),
        "{kept:?}"
    );
}

#[test]
fn patterns_choose_files_of_folders_and_whole_folders() {
    let folder = folder(&[
        ("in/a.txt", TEXT.as_bytes()),
        ("in/b.md", b"b"),
        ("in/drafts/c.txt", b"c"),
        ("in/deep/drafts/d.txt", b"d"),
        ("in/deep/e.txt", b"e"),
    ]);
    let cases: [(&[&str], &[&str]); 4] = [
        (&["--include", "*.md"], &["in/b.md"]),
        (
            &["--exclude", "drafts", "--include", "*.txt"],
            &["in/a.txt", "in/deep/e.txt"],
        ),
        (
            &["--exclude", "/drafts", "--exclude", "*.md"],
            &["in/a.txt", "in/deep/drafts/d.txt", "in/deep/e.txt"],
        ),
        (&["--include", "deep/*"], &["in/deep/e.txt"]),
    ];
    for (options, ids) in cases {
        let (status, errors, kept) = kept(folder.path(), &[options, &["in"]].concat());
        assert_eq!((status, errors.as_str()), (0, ""), "{options:?}");
        assert_eq!(field(&kept, "id"), ids, "{options:?}");
    }
    let wrong = run(folder.path(), &["--include", "a[", "in"]);
    assert_eq!(code(&wrong), 2, "{}", errors(&wrong));
}

#[test]
fn a_sample_is_of_the_same_documents_in_any_order() {
    let all: Vec<String> = (0..200)
        .map(|i| row(&format!("d{i}"), &format!("{TEXT} {i} {}", i * 7919)))
        .collect();
    let forwards = all.concat();
    let backwards: String = all.iter().rev().map(String::as_str).collect();
    let folder = folder(&[
        ("f.jsonl", forwards.as_bytes()),
        ("b.jsonl", backwards.as_bytes()),
    ]);
    let sample = |file: &str| {
        let options = ["--sample", "20", "--level", "exact", file];
        let (status, errors, kept) = kept(folder.path(), &options);
        assert_eq!((status, errors.as_str()), (0, ""));
        let mut ids: Vec<String> = field(&kept, "id").into_iter().map(str::to_owned).collect();
        ids.sort();
        ids
    };
    let ids = sample("f.jsonl");
    assert_eq!(ids.len(), 20);
    assert_eq!(sample("b.jsonl"), ids);
}

#[test]
fn a_sample_reads_only_the_files_that_it_has_and_is_the_same_among_rows() {
    let folder = folder(&[]);
    let name = |i: usize| format!("in/{i:03}.txt");
    fs::create_dir(folder.path().join("in")).unwrap();
    let texts: Vec<String> = (0..200)
        .map(|i| format!("{OTHER} {i} {}", i * 7919))
        .collect();
    let as_row = |i: usize| row(&name(i), &texts[i]);
    fs::write(
        folder.path().join("rows.jsonl"),
        (0..200).map(as_row).collect::<String>(),
    )
    .unwrap();
    // Rows in the middle of the files. Half of the documents are rows.
    let middle: String = (50..150).map(as_row).collect();
    fs::write(folder.path().join("in/050.jsonl"), middle).unwrap();
    for i in (0..50).chain(150..200) {
        fs::write(folder.path().join(name(i)), &texts[i]).unwrap();
    }
    let ids = |rows: &[Value]| {
        field(rows, "id")
            .into_iter()
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let sample = |count: &str, input: &str| {
        kept(
            folder.path(),
            &["--sample", count, "--level", "exact", input],
        )
    };
    let (status, errors, of_rows) = sample("20", "rows.jsonl");
    assert_eq!((status, errors.as_str()), (0, ""));
    let of_rows = ids(&of_rows);
    let (status, _, of_files) = sample("20", "in");
    assert_eq!((status, &ids(&of_files)), (0, &of_rows));
    // A file that is not in the sample is not read, so its damage is not reported.
    let chosen = |i: &usize| of_rows.contains(&name(*i));
    let files = || (0..50).chain(150..200);
    for i in files().filter(|i| !chosen(i)) {
        fs::write(folder.path().join(name(i)), b"\0\x01\x02").unwrap();
    }
    let (status, _, same) = sample("20", "in");
    assert_eq!((status, &ids(&same)), (0, &of_rows));
    // If a chosen file cannot be read, it is rejected, and another file takes its place if there is one.
    let first = files().find(chosen).unwrap();
    fs::write(folder.path().join(name(first)), b"\0\x01\x02").unwrap();
    let (status, errors, others) = sample("20", "in");
    assert_eq!((status, others.len()), (3, 20), "{errors}");
}

#[test]
fn a_filter_prints_the_rows_that_stay_and_nothing_else() {
    let folder = folder(&[]);
    let input = [row("a", TEXT), row("b", OTHER), row("c", TEXT)];
    let output = run_with_input(folder.path(), &["--filter"], input.concat().as_bytes());
    assert_eq!((code(&output), errors(&output).as_str()), (0, ""));
    assert_eq!(printed(&output), input[..2].concat());
    let broken = run_with_input(
        folder.path(),
        &["--filter"],
        (input.concat() + "{\n").as_bytes(),
    );
    assert_eq!((code(&broken), printed(&broken)), (3, input[..2].concat()));
}

#[test]
fn pairs_are_a_table_whatever_is_in_the_ids() {
    let input = row("a\tb\n", TEXT) + &row("c", TEXT) + &row("d", OTHER);
    let folder = folder(&[("rows.jsonl", input.as_bytes())]);
    let output = run(
        folder.path(),
        &["--quiet", "--pairs", "pairs.tsv", "rows.jsonl"],
    );
    assert_eq!(code(&output), 0, "{}", errors(&output));
    let pairs = fs::read_to_string(folder.path().join("pairs.tsv")).unwrap();
    assert_eq!(pairs, "a\tb\trelation\tjaccard\na\\tb\\n\tc\texact\t1\n");
}

#[test]
fn two_results_are_compared_by_their_clusters() {
    let copy = TEXT.replace("counted the lanterns", "counted all lanterns");
    let input = row("a", TEXT) + &row("b", &copy) + &row("c", TEXT) + &row("d", OTHER);
    let folder = folder(&[("rows.jsonl", input.as_bytes())]);
    for (out, options) in [("one", &[][..]), ("two", &["--level", "exact"])] {
        let arguments = [&["--quiet", "--output", out], options, &["rows.jsonl"]].concat();
        assert_eq!(code(&run(folder.path(), &arguments)), 0);
    }
    let same = run(folder.path(), &["compare", "one", "one"]);
    assert_eq!(
        (code(&same), printed(&same).as_str()),
        (0, "0 clusters changed, 1 the same\n")
    );
    let differing = run(folder.path(), &["compare", "one", "two"]);
    let text = printed(&differing);
    assert_eq!(code(&differing), 4, "{text}");
    assert!(
        text.starts_with(
            "1 cluster changed, 0 the same\nsetting level: \"reprint\" before, \"exact\" now\n"
        ),
        "{text}"
    );
    assert!(text.contains("\na\n  - b\n"), "{text}");
    let none = run(folder.path(), &["compare", "one", "nowhere"]);
    assert_eq!(code(&none), 1);
    assert!(
        errors(&none).contains("no result of this program"),
        "{}",
        errors(&none)
    );
}

#[test]
fn rows_of_csv_that_stay_are_written_as_csv() {
    let csv = format!("id,text,note\n1,\"{TEXT}\",\"a, \"\"b\"\"\"\n2,\"{TEXT}\",\n");
    let more = format!("id;text;note\n3;{OTHER};\n");
    let odd = "text,id\nof other columns,4\n";
    let folder = folder(&[
        ("a.csv", csv.as_bytes()),
        ("b.csv.gz", &gzip(more.as_bytes())),
        ("c.csv", odd.as_bytes()),
    ]);
    let (status, errors, _) = kept(folder.path(), &["--kept-csv", "a.csv", "b.csv.gz", "c.csv"]);
    let note = "note: c.csv: its columns differ from those of the first CSV file; its kept rows are in kept.jsonl only\n";
    assert_eq!((status, errors.as_str()), (0, note));
    let written = fs::read_to_string(folder.path().join("out/kept.csv")).unwrap();
    let quoted = TEXT.contains(',').then(|| format!("\"{TEXT}\"")).unwrap();
    let other = format!("\"{OTHER}\"");
    let expected = format!("id,text,note\n1,{quoted},\"a, \"\"b\"\"\"\n3,{other},\n");
    assert_eq!(written, expected);
    fs::write(folder.path().join("d.txt"), TEXT).unwrap();
    assert_eq!(kept(folder.path(), &["--kept-csv", "d.txt"]).0, 2);
}

#[test]
fn options_of_a_file_count_less_than_those_that_are_typed() {
    let copy = TEXT.replace("counted the lanterns", "counted all lanterns");
    let input = row("a", TEXT) + &row("b", &copy);
    let settings = b"# of this project\nlevel = exact\nno-relations\n";
    let folder = folder(&[("rows.jsonl", input.as_bytes()), ("dedup.conf", settings)]);
    let count = |options: &[&str]| {
        kept(folder.path(), &[options, &["rows.jsonl"]].concat())
            .2
            .len()
    };
    assert_eq!(count(&["--settings", "dedup.conf"]), 2);
    assert_eq!(
        count(&["--settings", "dedup.conf", "--level", "reprint"]),
        1
    );
    fs::write(folder.path().join("dedup.conf"), "[level]\n").unwrap();
    let (status, errors, _) = kept(folder.path(), &["--settings", "dedup.conf", "rows.jsonl"]);
    assert_eq!(status, 2);
    assert!(errors.contains("line 1 names no option"), "{errors}");
}

#[test]
fn what_is_rejected_has_a_kind_that_scripts_can_ask_for() {
    let gz = gzip(row("x", TEXT).repeat(2000).as_bytes());
    let repeated = row("twice", TEXT) + &row("twice", OTHER);
    let long = row("long", &TEXT.repeat(50_000));
    let files: [(&str, &[u8], &str); 9] = [
        ("a.rtf", b"{\\rtf1", "other-kind"),
        ("a.docx", b"PK", "damaged"),
        ("b.jsonl.gz", b"", "empty"),
        ("c.jsonl.gz", &gz[..gz.len() / 2], "damaged"),
        ("d.txt", b"a\0b\x01c\x02", "encoding"),
        ("e.jsonl", b"{broken\n", "malformed"),
        ("f.jsonl", b"{\"text\": null}\n", "field"),
        ("g.jsonl", repeated.as_bytes(), "id"),
        ("h.jsonl", long.as_bytes(), "too-large"),
    ];
    let written: Vec<(&str, &[u8])> = files
        .iter()
        .map(|(name, bytes, _)| (*name, *bytes))
        .collect();
    let folder = folder(&written);
    let names: Vec<&str> = files
        .iter()
        .map(|file| file.0)
        .chain(["gone.txt"])
        .collect();
    let (status, errors, _) = kept(folder.path(), &[&["--memory", "80MB"], &names[..]].concat());
    assert_eq!(status, 3, "{errors}");
    let rejected = rows(folder.path().join("out/rejected.jsonl"));
    let expected = files
        .iter()
        .map(|file| (file.0, file.2))
        .chain([("gone.txt", "unreadable")]);
    for (name, kind) in expected {
        let of_file = rejected.iter().filter(|row| row["file"] == name);
        let kinds: Vec<&str> = of_file.map(|row| row["kind"].as_str().unwrap()).collect();
        assert!(kinds.contains(&kind), "{name}: {kinds:?}");
    }
}
