//! Which files does each target start from? Writes them to `corpus/TARGET`.

use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

use flate2::{Compression, write::GzEncoder};
use parquet::data_type::{ByteArray, ByteArrayType};
use parquet::errors::ParquetError;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use parquet::schema::types::TypePtr;

const ROWS: &str = concat!(
    r#"{"id": "a", "text": "A row, its id and its text.", "date": "2026-11-22", "more": [1, "two", [3]]}"#,
    "\n",
    r#"{"text": "\u4e00\ud83d\ude00 \"quoted\" \n", "id": 7, "source": {"deep": [[[[1]]]]}}"#,
    "\r\n\n",
    r#"{"id": null, "text": "白鷺江漲水的那幾夜"}"#,
);

fn main() -> io::Result<()> {
    let rows = ROWS.as_bytes();
    let many = ROWS.repeat(40);
    let gz = gzip(rows)?;
    let zst = zstd(rows, false)?;
    seed(
        "rows",
        &[
            rows,
            b"\xEF\xBB\xBF{\"text\": \"x\"}",
            b"[1]\n{}\nnull\n{\"text\": 5}",
        ],
    )?;
    seed(
        "gzip",
        &[
            &gz,
            &[&gz[..], &gz].concat(),
            &gzip(many.as_bytes())?,
            &named(&gz),
        ],
    )?;
    let skipped = b"\x50\x2A\x4D\x18\x02\0\0\0ab";
    seed(
        "zstd",
        &[
            &zst,
            &zstd(many.as_bytes(), true)?,
            &[&skipped[..], &zst, &zst].concat(),
        ],
    )?;
    seed(
        "text",
        &[
            "白鷺江漲水的那幾夜".as_bytes(),
            b"\xEF\xBB\xBFtext\r\n",
            b"caf\xE9",
        ],
    )?;
    seed(
        "csv",
        &[
            "id,text\r\na,\"two\nlines, \"\"quoted\"\"\"\nb,白鷺江\n".as_bytes(),
            b"text;id\n\"never closed;1\nsecond;2\n",
            b"text\tid\nx\t1\t2\n",
        ],
    )?;
    seed(
        "html",
        &[
            PAGE.as_bytes(),
            b"<p>a<p>b<table><tr><td>c<script>d</script>",
        ],
    )?;
    let mail = MAIL.as_bytes();
    seed("mail", &[mail, b"Subject: =?gb2312?B?1tDOxA==?=\n\nx"])?;
    let mailbox = format!("From a Fri Nov 27 08:00:00 2026\n{MAIL}\n");
    seed("mailbox", &[mailbox.repeat(2).as_bytes()])?;
    seed("xz", &[&xz(rows)?, &xz(many.as_bytes())?])?;
    seed("bzip2", &[&bzip2(rows)?, &bzip2(many.as_bytes())?])?;
    seed("warc", &[ARCHIVE.as_bytes(), &gzip(ARCHIVE.as_bytes())?])?;
    seed("parquet", &[&table()?])?;
    seed("docx", &[&zip(&[("word/document.xml", WORD)])?])?;
    seed("odt", &[&zip(&[("content.xml", OPEN_DOCUMENT)])?])?;
    let container = "<container><rootfile full-path='b.opf'/></container>";
    let package = "<package><item id='a' href='a.html' media-type='text/html'/><itemref idref='a'/></package>";
    let book = [
        ("META-INF/container.xml", container),
        ("b.opf", package),
        ("a.html", PAGE),
    ];
    seed("epub", &[&zip(&book)?])
}

const WORD: &str = concat!(
    "<w:document xmlns:w='w'><w:body><w:p><w:pPr/><w:r><w:t>One &amp; two</w:t><w:tab/></w:r></w:p>",
    "<w:del><w:r><w:t>gone</w:t></w:r></w:del></w:body></w:document>",
);

const OPEN_DOCUMENT: &str = concat!(
    "<o:document-content xmlns:o='o' xmlns:text='t'><text:p>One<text:s/>two",
    "<text:note><text:note-body>three</text:note-body></text:note></text:p></o:document-content>",
);

const PAGE: &str = concat!(
    "<!doctype html><html lang=zh><head><meta charset=utf-8><title>A page</title>",
    "<meta name=author content=A><meta property=article:published_time content=2026-11-22></head>",
    "<body><nav><a href=/>Home</a></nav><article><h1>白鷺江</h1><p>One paragraph &amp; more.</p>",
    "<p>Another one.</p></article><footer>Foot</footer></body></html>",
);

const MAIL: &str = concat!(
    "From: A <a@b.example>\nSubject: =?utf-8?Q?One_mail?=\nDate: Fri, 27 Nov 2026 08:00:00 +0800\n",
    "Content-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain\n\nOne text.\n",
    "--b\nContent-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: base64\n\nPHA+T25lIHRleHQ8L3A+\n--b--\n",
);

const ARCHIVE: &str = concat!(
    "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://a.example/\r\n",
    "WARC-Date: 2026-11-22T00:00:00Z\r\nContent-Type: application/http; msgtype=response\r\n",
    "Content-Length: 96\r\n\r\nHTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n",
    "<p>One page with some words in it.</p>\r\n\r\n",
    "WARC/1.0\r\nWARC-Type: conversion\r\nWARC-Target-URI: http://b.example/\r\n",
    "Content-Type: text/plain\r\nContent-Length: 5\r\n\r\nplain\r\n\r\n",
);

/// A table with two columns and two rows.
fn table() -> io::Result<Vec<u8>> {
    let schema = "message rows { required binary id (UTF8); optional binary text (UTF8); }";
    let schema = parse_message_type(schema).map_err(io::Error::other)?;
    let mut file = Vec::new();
    write_table(&mut file, schema.into()).map_err(io::Error::other)?;
    Ok(file)
}

fn write_table(file: &mut Vec<u8>, schema: TypePtr) -> Result<(), ParquetError> {
    let mut table = SerializedFileWriter::new(file, schema, Arc::default())?;
    let mut group = table.next_row_group()?;
    let columns: [(&[&str], Option<&[i16]>); 2] =
        [(&["a", "b"], None), (&["白鷺江"], Some(&[1, 0]))];
    for (values, present) in columns {
        let values: Vec<ByteArray> = values.iter().map(|&value| value.into()).collect();
        if let Some(mut column) = group.next_column()? {
            column
                .typed::<ByteArrayType>()
                .write_batch(&values, present, None)?;
            column.close()?;
        }
    }
    group.close()?;
    table.close()?;
    Ok(())
}

fn seed(target: &str, seeds: &[&[u8]]) -> io::Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("corpus")
        .join(target);
    fs::create_dir_all(&folder)?;
    let mut numbered = seeds.iter().enumerate();
    numbered.try_for_each(|(number, seed)| fs::write(folder.join(format!("seed-{number}")), seed))
}

fn gzip(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::default());
    packed.write_all(bytes)?;
    packed.finish()
}

/// The same gzip stream with a file name in its header.
fn named(gz: &[u8]) -> Vec<u8> {
    [&gz[..3], &[8], &gz[4..10], b"rows.jsonl\0", &gz[10..]].concat()
}

fn xz(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut packed = liblzma::write::XzEncoder::new(Vec::new(), 6);
    packed.write_all(bytes)?;
    packed.finish()
}

/// A zip archive of parts that are not compressed.
fn zip(parts: &[(&str, &str)]) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut zip = rawzip::ZipArchiveWriter::new(&mut bytes);
    for (name, text) in parts {
        let (mut entry, config) = zip.new_file(name).start().map_err(io::Error::other)?;
        let mut writer = config.wrap(&mut entry);
        writer.write_all(text.as_bytes())?;
        let (_, descriptor) = writer.finish().map_err(io::Error::other)?;
        entry.finish(descriptor).map_err(io::Error::other)?;
    }
    zip.finish().map_err(io::Error::other)?;
    Ok(bytes)
}

fn bzip2(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut packed = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::best());
    packed.write_all(bytes)?;
    packed.finish()
}

fn zstd(bytes: &[u8], checksum: bool) -> io::Result<Vec<u8>> {
    let mut packed = zstd::Encoder::new(Vec::new(), 3)?;
    packed.include_checksum(checksum)?;
    packed.write_all(bytes)?;
    packed.finish()
}
