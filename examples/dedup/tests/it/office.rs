//! Office documents and books are documents like any others. Damage costs only its own file.

use std::fs;
use std::io::Write;

use flate2::{Compression, write::DeflateEncoder};
use rawzip::{CompressionMethod, ZipArchiveWriter};

use crate::program::{code, errors, rows, run};

const PARAGRAPHS: [&str; 3] = [
    "The night watch on the dyke counted the lanterns of the boats & ferries, and wrote their number in the book by the door.",
    "渡口的灯一盏一盏地亮起来，撑船的老人把竹篙横在膝上，等最后一个过河的人。",
    "In the morning the book was full, and nobody could say which of the boats had come back before the fog.",
];

/// A zip archive of these parts.
pub fn zip(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut zip = ZipArchiveWriter::new(&mut bytes);
    for (name, text) in parts {
        let file = zip.new_file(name);
        let file = file.compression_method(CompressionMethod::DEFLATE);
        let (mut entry, config) = file.start().unwrap();
        let packed = DeflateEncoder::new(&mut entry, Compression::default());
        let mut writer = config.wrap(packed);
        writer.write_all(text.as_bytes()).unwrap();
        let (packed, descriptor) = writer.finish().unwrap();
        packed.finish().unwrap();
        entry.finish(descriptor).unwrap();
    }
    zip.finish().unwrap();
    bytes
}

/// Paragraphs, each between an opening and a closing tag.
fn between(paragraphs: &[&str], start: &str, end: &str) -> String {
    let escaped = paragraphs.iter().map(|text| text.replace('&', "&amp;"));
    escaped.map(|text| format!("{start}{text}{end}")).collect()
}

pub fn docx(paragraphs: &[&str]) -> Vec<u8> {
    let body = between(paragraphs, "<w:p><w:r><w:t>", "</w:t></w:r></w:p>");
    let xml = format!("<w:document xmlns:w='w'><w:body>{body}</w:body></w:document>");
    zip(&[("word/document.xml", &xml)])
}

pub fn odt(paragraphs: &[&str]) -> Vec<u8> {
    let body = between(paragraphs, "<text:p>", "</text:p>");
    let xml = format!(
        "<office:document-content xmlns:office='o' xmlns:text='t'>{body}</office:document-content>"
    );
    zip(&[("content.xml", &xml)])
}

/// A book with a chapter for each paragraph.
pub fn epub(paragraphs: &[&str]) -> Vec<u8> {
    let chapters = paragraphs.iter().enumerate().map(|(i, text)| {
        let body = between(&[text], "<p>", "</p>");
        (
            format!("{i}.xhtml"),
            format!("<html><head><title/></head><body>{body}</body></html>"),
        )
    });
    let chapters: Vec<(String, String)> = chapters.collect();
    let names = || chapters.iter().map(|(name, _)| name);
    let items: String = names()
        .map(|name| format!("<item id='{name}' href='{name}' media-type='application/xhtml+xml'/>"))
        .collect();
    let spine: String = names()
        .map(|name| format!("<itemref idref='{name}'/>"))
        .collect();
    let package = format!("<package><manifest>{items}</manifest><spine>{spine}</spine></package>");
    let container =
        "<container><rootfiles><rootfile full-path='book.opf'/></rootfiles></container>";
    let mut parts = vec![
        ("META-INF/container.xml", container),
        ("book.opf", &package),
    ];
    parts.extend(
        chapters
            .iter()
            .map(|(name, page)| (name.as_str(), page.as_str())),
    );
    zip(&parts)
}

#[test]
fn one_text_as_docx_odt_epub_and_txt_is_one_cluster_and_what_is_damaged_costs_itself() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| fs::write(folder.path().join(name), bytes).unwrap();
    write("a.txt", PARAGRAPHS.join("\n\n").as_bytes());
    write("b.docx", &docx(&PARAGRAPHS));
    write("c.odt", &odt(&PARAGRAPHS));
    write("d.epub", &epub(&PARAGRAPHS));
    write(
        "other.docx",
        &docx(&["Bread was baked twice a week in the old mill, and children waited."]),
    );
    let damaged = docx(&PARAGRAPHS);
    write("cut.docx", &damaged[..damaged.len() - 30]);
    write("bomb.odt", &odt(&["0".repeat(20 << 20).as_str()]));
    let options = ["--quiet", "--memory", "100MB", "--output", "out", "."];
    let output = run(folder.path(), &options);
    assert_eq!(code(&output), 3, "{}", errors(&output));
    let clusters = rows(folder.path().join("out/clusters.jsonl"));
    assert_eq!((clusters.len(), &clusters[0]["size"]), (1, &4.into()));
    let removed = rows(folder.path().join("out/removed.jsonl"));
    assert!(
        removed.iter().all(|row| row["file"] == row["id"]),
        "{removed:?}"
    );
    let rejected = rows(folder.path().join("out/rejected.jsonl"));
    let rejected: Vec<_> = rejected
        .iter()
        .map(|row| (&row["file"], &row["kind"]))
        .collect();
    let expected = [
        (&"./bomb.odt".into(), &"too-large".into()),
        (&"./cut.docx".into(), &"damaged".into()),
    ];
    assert_eq!(rejected, expected);
}
