//! What kind of file is this, by its name?

use std::path::Path;

use super::packing::Packing;

/// The endings that are read, as messages name them.
pub const FORMATS: &str =
    ".txt, .md, .html, .jsonl, .jsonl.gz, .jsonl.zst, .csv, .tsv, .parquet, .warc, .warc.gz";

#[derive(Clone, Copy)]
pub enum Kind {
    Text,
    /// A page of HTML.
    Page,
    /// JSON lines, packed as the name says.
    Rows(Option<Packing>),
    /// Fields divided by commas or the like.
    Csv,
    Parquet,
    /// A web archive, packed or not.
    Archive,
}

impl Kind {
    pub fn of(path: &Path) -> Option<Self> {
        let name = path.file_name()?.to_string_lossy().to_lowercase();
        let is = |ending: &str| name.ends_with(ending);
        match () {
            () if is(".txt") || is(".md") => Some(Self::Text),
            () if [".html", ".htm", ".xhtml"].into_iter().any(is) => Some(Self::Page),
            () if is(".warc") || is(".warc.gz") => Some(Self::Archive),
            () if is(".jsonl") => Some(Self::Rows(None)),
            () if is(".jsonl.gz") => Some(Self::Rows(Some(Packing::Gzip))),
            () if is(".jsonl.zst") => Some(Self::Rows(Some(Packing::Zstd))),
            () if [".csv", ".tsv", ".csv.gz", ".tsv.gz"].into_iter().any(is) => Some(Self::Csv),
            () if is(".parquet") => Some(Self::Parquet),
            () => None,
        }
    }
}
