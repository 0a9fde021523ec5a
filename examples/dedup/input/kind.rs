//! What kind of file is this, by its name?

use std::path::Path;

/// The endings that are read, as messages name them.
pub const FORMATS: &str = ".txt, .md, .jsonl, .jsonl.gz, .csv, .tsv, .parquet";

#[derive(Clone, Copy)]
pub enum Kind {
    Text,
    Rows,
    PackedRows,
    Csv,
    Parquet,
}

impl Kind {
    pub fn of(path: &Path) -> Option<Self> {
        let name = path.file_name()?.to_string_lossy().to_lowercase();
        let is = |ending: &str| name.ends_with(ending);
        match () {
            () if is(".txt") || is(".md") => Some(Self::Text),
            () if is(".jsonl") => Some(Self::Rows),
            () if is(".jsonl.gz") => Some(Self::PackedRows),
            () if is(".csv") || is(".tsv") => Some(Self::Csv),
            () if is(".parquet") => Some(Self::Parquet),
            () => None,
        }
    }
}
