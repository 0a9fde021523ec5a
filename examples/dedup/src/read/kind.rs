//! What kind of file is this, judging by its name?

use std::path::Path;

use super::feature::Missing;
use super::packing::{ENDINGS, Packing};

/// The endings that are read, as messages list them.
pub const FORMATS: &str = ".txt, .md, .html, .eml, .mbox, .jsonl, .ndjson, .csv, .tsv, .warc, .wet, also packed as .gz, .zst, .xz or .bz2, and .parquet, .docx, .odt, .epub";

/// What a file holds and how it is packed, according to its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kind {
    pub format: Format,
    pub packing: Option<Packing>,
}

/// What a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Text,
    /// A page of HTML.
    Page,
    /// The source of a manual page.
    Manual,
    /// One mail.
    Mail,
    Mailbox,
    /// JSON lines.
    Rows,
    /// Separated fields.
    Csv,
    /// A web archive.
    Archive,
    Parquet,
    Office(Office),
}

/// Documents and books that are zip archives of XML.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Office {
    Docx,
    Odt,
    Epub,
}

impl Format {
    /// The feature that this format needs, if this build lacks it.
    pub fn missing(self) -> Option<Missing> {
        match self {
            Self::Parquet if !cfg!(feature = "parquet") => Some(Missing("parquet")),
            Self::Office(_) if !cfg!(feature = "office") => Some(Missing("office")),
            _ => None,
        }
    }

    /// Whether the format is itself a packed one. Such a file is not read if it is packed once more.
    pub fn is_packed(self) -> bool {
        matches!(self, Self::Parquet | Self::Office(_))
    }
}

/// The formats by their endings.
const FORMATS_BY_ENDING: [(&str, Format); 17] = [
    (".txt", Format::Text),
    (".md", Format::Text),
    (".html", Format::Page),
    (".htm", Format::Page),
    (".xhtml", Format::Page),
    (".eml", Format::Mail),
    (".mbox", Format::Mailbox),
    (".jsonl", Format::Rows),
    (".ndjson", Format::Rows),
    (".csv", Format::Csv),
    (".tsv", Format::Csv),
    (".warc", Format::Archive),
    (".wet", Format::Archive),
    (".parquet", Format::Parquet),
    (".docx", Format::Office(Office::Docx)),
    (".odt", Format::Office(Office::Odt)),
    (".epub", Format::Office(Office::Epub)),
];

/// Kinds of files that are not read, and the commands that convert them to text.
const CONVERTED: [(&str, &str); 4] = [
    (".pdf", "pdftotext FILE.pdf"),
    (".rtf", "pandoc -t plain -o FILE.txt FILE.rtf"),
    (".doc", "libreoffice --headless --convert-to txt FILE.doc"),
    (".json", "jq -c '.[]' FILE.json > FILE.jsonl"),
];

impl Kind {
    /// The kind of a file by its name. A file with no known ending has the format `other`.
    pub fn from_path(path: &Path, other: Option<Format>) -> Option<Self> {
        let name = path.file_name()?.to_string_lossy().to_lowercase();
        let packed = ENDINGS
            .iter()
            .find_map(|&(ending, packing)| Some((name.strip_suffix(ending)?, Some(packing))));
        let (bare, packing) = packed.unwrap_or((&name, None));
        let format = FORMATS_BY_ENDING
            .iter()
            .find(|(ending, _)| bare.ends_with(ending))
            .map(|&(_, format)| format);
        let format = format.or(other)?;
        (packing.is_none() || !format.is_packed()).then_some(Self { format, packing })
    }
}

/// What the user can do with a file of another kind.
pub fn remedy(path: &Path) -> String {
    let name = path.to_string_lossy().to_lowercase();
    let found = CONVERTED.iter().find(|(ending, _)| name.ends_with(ending));
    match found {
        Some((_, command)) => format!("convert it to text first, for example with `{command}`"),
        None => format!("use {FORMATS}, or say with --as what it holds"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endings_tell_format_and_packing_in_any_case() {
        let of = |name: &str| Kind::from_path(Path::new(name), None);
        let kind = |format, packing| Some(Kind { format, packing });
        assert_eq!(of("a/B.TXT.GZ"), kind(Format::Text, Some(Packing::Gzip)));
        assert_eq!(of("a.b.html"), kind(Format::Page, None));
        assert_eq!(
            of("x.warc.wet.xz"),
            kind(Format::Archive, Some(Packing::Xz))
        );
        assert_eq!(of("x.ndjson.bz2"), kind(Format::Rows, Some(Packing::Bzip2)));
        assert_eq!(of("x.parquet"), kind(Format::Parquet, None));
        assert_eq!(of("X.Docx"), kind(Format::Office(Office::Docx), None));
        for other in [
            "x.parquet.gz",
            "x.epub.zst",
            "README",
            "x.gz",
            "x.jpg",
            "txt",
        ] {
            assert_eq!(of(other), None, "{other}");
        }
        let manual = Kind::from_path(Path::new("ls.1.gz"), Some(Format::Manual));
        assert_eq!(manual, kind(Format::Manual, Some(Packing::Gzip)));
    }
}
