//! What kind of file is this, by its name?

use std::path::Path;

use super::packing::Packing;

/// The endings that are read, as messages name them.
pub const FORMATS: &str = ".txt, .md, .html, .parquet, and .jsonl, .ndjson, .csv, .tsv, .warc, .wet, also packed as .gz or .zst";

#[derive(Clone, Copy)]
pub enum Kind {
    Text,
    /// A page of HTML.
    Page,
    /// JSON lines, packed as the name says.
    Rows(Option<Packing>),
    /// A web archive, packed or not.
    Archive,
    /// Separated fields, packed as the name says.
    Csv(Option<Packing>),
    Parquet,
}

impl Kind {
    pub fn of(path: &Path) -> Option<Self> {
        let name = path.file_name()?.to_string_lossy().to_lowercase();
        let is = |ending: &str| name.ends_with(ending);
        match () {
            () if is(".txt") || is(".md") => Some(Self::Text),
            () if [".html", ".htm", ".xhtml"].into_iter().any(is) => Some(Self::Page),
            () if is(".parquet") => Some(Self::Parquet),
            () => Self::of_packed(&name),
        }
    }

    /// Kinds that may be packed.
    fn of_packed(name: &str) -> Option<Self> {
        let packings = [(".gz", Packing::Gzip), (".zst", Packing::Zstd)];
        let packed = packings
            .into_iter()
            .find_map(|(ending, packing)| Some((name.strip_suffix(ending)?, Some(packing))));
        let (bare, packing) = packed.unwrap_or((name, None));
        let is = |ending: &str| bare.ends_with(ending);
        match () {
            () if is(".jsonl") || is(".ndjson") => Some(Self::Rows(packing)),
            () if is(".warc") || is(".wet") => Some(Self::Archive),
            () if is(".csv") || is(".tsv") => Some(Self::Csv(packing)),
            () => None,
        }
    }
}
