//! What kind of file is this, by its name?

use std::path::Path;

/// The endings that are read, as messages name them.
pub const FORMATS: &str = ".txt, .md, .html, .jsonl, .jsonl.gz, .warc, .warc.gz";

#[derive(Clone, Copy)]
pub enum Kind {
    Text,
    /// A page of HTML.
    Page,
    Rows,
    PackedRows,
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
            () if is(".jsonl") => Some(Self::Rows),
            () if is(".jsonl.gz") => Some(Self::PackedRows),
            () => None,
        }
    }
}
