use std::io::{Seek, Write};

use flate2::{Compression, write::DeflateEncoder};
use rawzip::{CompressionMethod, ZipArchiveWriter};

use super::*;
use crate::read::html::Extent;

const PAGES: PageOptions = PageOptions {
    extent: Extent::Main,
    most_tags: 1000,
};

/// An archive of these parts: the name and the content of each.
fn zip(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut zip = ZipArchiveWriter::new(&mut bytes);
    for (name, text) in parts {
        let file = zip
            .new_file(name)
            .compression_method(CompressionMethod::DEFLATE);
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

fn read_bytes(bytes: &[u8], office: Office) -> Result<Page, Reason> {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(bytes).unwrap();
    file.rewind().unwrap();
    read(file, office, PAGES, Limits::new(Some(160 << 20)))
}

fn read_parts(parts: &[(&str, &str)], office: Office) -> Result<Page, Reason> {
    read_bytes(&zip(parts), office)
}

const W: &str = r#"<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>"#;

fn docx(body: &str) -> String {
    format!("<?xml version=\"1.0\"?>{W}{body}</w:body></w:document>")
}

#[test]
fn of_a_document_of_word_the_text_is_read_as_a_person_sees_it() {
    let body = docx(concat!(
        "<w:p><w:pPr><w:tabs><w:tab w:val='left'/></w:tabs></w:pPr>",
        "<w:r><w:t xml:space='preserve'>The ferry &amp; </w:t></w:r><w:r><w:t>boats</w:t><w:tab/><w:t>left.</w:t></w:r>",
        "<w:del><w:r><w:delText>never</w:delText><w:t>ever</w:t></w:r></w:del><w:ins><w:r><w:t> Early.</w:t></w:r></w:ins></w:p>",
        "<w:p><w:r><w:fldChar w:fldCharType='begin'/><w:instrText>PAGE \\* MERGEFORMAT</w:instrText></w:r><w:r><w:t>7</w:t></w:r>",
        "<w:r><w:footnoteReference w:id='1'/></w:r></w:p>",
        "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>one</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>two</w:t></w:r></w:p></w:tc></w:tr></w:tbl>",
        "<w:p><w:r><w:ruby><w:rt><w:r><w:t>かん</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>漢</w:t></w:r></w:rubyBase></w:ruby></w:r>",
        "<w:r><mc:AlternateContent xmlns:mc='x'><mc:Choice><w:t>字</w:t></mc:Choice><mc:Fallback><w:t>字</w:t></mc:Fallback></mc:AlternateContent></w:r></w:p>",
    ));
    let notes = "<w:footnotes xmlns:w='w'><w:footnote w:type='separator'><w:p><w:r><w:separator/></w:r></w:p></w:footnote>\
        <w:footnote w:id='1'><w:p><w:r><w:t>A note.</w:t></w:r></w:p></w:footnote></w:footnotes>";
    let core = "<cp:coreProperties xmlns:cp='c' xmlns:dc='d' xmlns:dcterms='t'><dc:title>Boats</dc:title>\
        <dc:creator>A. Writer</dc:creator><dcterms:created>2026-11-27T08:00:00Z</dcterms:created></cp:coreProperties>";
    let page = read_parts(
        &[
            (
                "word/header1.xml",
                &docx("<w:p><w:r><w:t>Head</w:t></w:r></w:p>"),
            ),
            ("word/document.xml", &body),
            ("word/footnotes.xml", notes),
            ("docProps/core.xml", core),
        ],
        Office::Docx,
    );
    let page = page.unwrap();
    assert_eq!(
        page.text,
        "The ferry & boats\tleft. Early.\n7\none\ntwo\n漢字\nA note."
    );
    assert_eq!(page.about.title.as_deref(), Some("Boats"));
    assert_eq!(page.about.author.as_deref(), Some("A. Writer"));
    assert_eq!(page.about.date.as_deref(), Some("2026-11-27T08:00:00Z"));
}

#[test]
fn the_main_text_of_word_is_where_the_file_says() {
    let list = r#"<Relationships><Relationship Id="a" Type="http://x/extended-properties" Target="y.xml"/>
        <Relationship Id="b" Type="http://x/officeDocument" Target="/word/document2.xml"/></Relationships>"#;
    let body = docx("<w:p><w:r><w:t>Text</w:t></w:r></w:p>").replace("w:", "ns0:");
    let parts = [("_rels/.rels", list), ("word/document2.xml", &body)];
    assert_eq!(read_parts(&parts, Office::Docx).unwrap().text, "Text");
}

const ODT: &str = "<?xml version='1.0' encoding='UTF-8'?><office:document-content xmlns:office='o' xmlns:text='t' xmlns:table='b' xmlns:svg='s' xmlns:draw='d'>\
    <office:body><office:text>";

#[test]
fn of_an_open_document_the_text_is_read_as_a_person_sees_it() {
    let body = format!(
        "{ODT}{}</office:text></office:body></office:document-content>",
        concat!(
            "<text:tracked-changes><text:changed-region><text:deletion><text:p>never</text:p></text:deletion></text:changed-region></text:tracked-changes>",
            "<text:h>The   ferry</text:h><text:p>Two<text:s text:c='3'/>boats<text:line-break/>left<text:note><text:note-citation>1</text:note-citation>",
            "<text:note-body><text:p>A note.</text:p></text:note-body></text:note>.<office:annotation><text:p>Check!</text:p></office:annotation></text:p>",
            "<table:table><table:table-row><table:table-cell><text:p>one</text:p></table:table-cell><table:table-cell><text:p>two</text:p></table:table-cell></table:table-row></table:table>",
            "<text:p><text:ruby><text:ruby-base>漢</text:ruby-base><text:ruby-text>かん</text:ruby-text></text:ruby>字<draw:frame><svg:title>Picture</svg:title></draw:frame></text:p>",
        )
    );
    let meta = "<office:document-meta xmlns:office='o' xmlns:dc='d' xmlns:meta='m'><dc:title>Boats</dc:title><dc:date>2026-11-28</dc:date>\
        <meta:creation-date>2026-11-27</meta:creation-date><dc:creator>A. Writer</dc:creator></office:document-meta>";
    let head =
        format!("{ODT}<text:p>Head</text:p></office:text></office:body></office:document-content>");
    let parts = [
        ("content.xml", body.as_str()),
        ("styles.xml", &head),
        ("meta.xml", meta),
    ];
    let page = read_parts(&parts, Office::Odt).unwrap();
    assert_eq!(
        page.text,
        "The ferry\nTwo boats\nleft.\none\ntwo\n漢字\nA note."
    );
    assert_eq!(page.about.author.as_deref(), Some("A. Writer"));
    assert_eq!(page.about.date.as_deref(), Some("2026-11-27"));
}

const CONTAINER: &str = r#"<container><rootfiles><rootfile full-path="OEBPS/book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>"#;

const PACKAGE: &str = r#"<package xmlns:dc="d"><metadata><dc:title>Boats &amp; ferries</dc:title><dc:creator>A. Writer</dc:creator></metadata>
    <manifest><item id="two" href="text/b%20b.xhtml" media-type="application/xhtml+xml"/>
    <item id="toc" href="toc.xhtml" media-type="application/xhtml+xml" properties="nav"/>
    <item id="one" href="text/a.xhtml" media-type="application/xhtml+xml"/>
    <item id="cover" href="cover.jpg" media-type="image/jpeg"/></manifest>
    <spine><itemref idref="cover"/><itemref idref="toc"/><itemref idref="one"/><itemref idref="two"/></spine></package>"#;

fn book<'p>(first: &'p str, second: &'p str) -> [(&'p str, &'p str); 6] {
    [
        ("mimetype", "application/epub+zip"),
        ("META-INF/container.xml", CONTAINER),
        ("OEBPS/text/b b.xhtml", second),
        ("OEBPS/text/a.xhtml", first),
        ("OEBPS/toc.xhtml", "<html><body>Contents</body></html>"),
        ("OEBPS/book.opf", PACKAGE),
    ]
}

#[test]
fn chapters_of_a_book_are_read_in_the_order_of_its_spine() {
    let first = "<?xml version='1.0'?><!DOCTYPE html><html><head><title/></head><body><h1>One</h1>\n\
        <p>The&nbsp;ferry\n  left <ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp></ruby>字.</p><script>x()</script>\
        <table><tr><td>one</td><td>two</td></tr></table></body></html>";
    // Not XML: a tag without an end.
    let second = "<html><head><title>T</title></head><body><h1>Two</h1><p>The end.<br>Really.</p></body></html>";
    let page = read_parts(&book(first, second), Office::Epub).unwrap();
    let text = "One\nThe\u{a0}ferry left 漢字.\none\ntwo\nTwo";
    assert!(page.text.starts_with(text), "{:?}", page.text);
    assert!(page.text.ends_with("The end.\nReally."), "{:?}", page.text);
    assert_eq!(page.about.title.as_deref(), Some("Boats & ferries"));
}

#[test]
fn a_book_without_one_of_its_chapters_or_with_an_encrypted_one_is_rejected() {
    let page = "<html><body>Text</body></html>";
    let parts = book(page, page);
    let missing = read_parts(&[&parts[..3], &parts[4..]].concat(), Office::Epub).unwrap_err();
    assert_eq!(missing.kind, ReasonKind::Damaged);
    assert!(
        missing.text.contains("OEBPS/text/a.xhtml"),
        "{}",
        missing.text
    );
    let list = "<encryption><CipherReference URI='OEBPS/text/a.xhtml'/></encryption>";
    let list = [("META-INF/encryption.xml", list)];
    let encrypted = read_parts(&[&parts[..], &list].concat(), Office::Epub).unwrap_err();
    assert!(encrypted.text.contains("encrypted"), "{}", encrypted.text);
}

#[test]
fn what_is_no_archive_or_damaged_or_encrypted_says_so() {
    let body = docx(&format!(
        "<w:p><w:r><w:t>{}</w:t></w:r></w:p>",
        "abc def ".repeat(50)
    ));
    let whole = zip(&[("word/document.xml", &body)]);
    let mut flipped = whole.clone();
    flipped[60] ^= 0x55;
    let compound = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 and more".to_vec();
    let odt = "<manifest><file-entry><encryption-data/></file-entry></manifest>";
    let cases = [
        (
            flipped,
            Office::Docx,
            ReasonKind::Damaged,
            "word/document.xml",
        ),
        (
            whole[..whole.len() / 2].to_vec(),
            Office::Docx,
            ReasonKind::Damaged,
            "cut off",
        ),
        (
            zip(&[("x", "y")]),
            Office::Docx,
            ReasonKind::Damaged,
            "word/document.xml",
        ),
        (compound, Office::Docx, ReasonKind::Malformed, "encrypted"),
        (
            b"text".to_vec(),
            Office::Odt,
            ReasonKind::Malformed,
            "no zip archive",
        ),
        (Vec::new(), Office::Odt, ReasonKind::Empty, "empty"),
        (
            zip(&[("META-INF/manifest.xml", odt)]),
            Office::Odt,
            ReasonKind::Unreadable,
            "encrypted",
        ),
        (
            zip(&[("content.xml", "<a><b></a>")]),
            Office::Odt,
            ReasonKind::Malformed,
            "well-formed",
        ),
        (
            zip(&[("content.xml", "<a/>")]),
            Office::Odt,
            ReasonKind::Empty,
            "no text",
        ),
    ];
    for (bytes, office, kind, words) in cases {
        let reason = read_bytes(&bytes, office).unwrap_err();
        assert_eq!(reason.kind, kind, "{words}: {}", reason.text);
        assert!(reason.text.contains(words), "{words}: {}", reason.text);
    }
}

#[test]
fn what_unfolds_to_more_than_the_memory_allows_is_too_large() {
    let body = docx(&format!(
        "<w:p><w:r><w:t>{}</w:t></w:r></w:p>",
        "a".repeat(11 << 20)
    ));
    let bomb = read_parts(&[("word/document.xml", &body)], Office::Docx).unwrap_err();
    assert_eq!(bomb.kind, ReasonKind::TooLarge, "{}", bomb.text);
    assert!(bomb.text.contains("--memory"), "{}", bomb.text);
    // Each chapter is small enough, but both together are not.
    let page = format!("<html><body>{}</body></html>", "a".repeat(6 << 20));
    let bomb = read_parts(&book(&page, &page), Office::Epub).unwrap_err();
    assert_eq!(bomb.kind, ReasonKind::TooLarge, "{}", bomb.text);
}
