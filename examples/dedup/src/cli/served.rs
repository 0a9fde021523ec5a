//! How does another program open an index and write the same rows as this one? `serve` does this.

use std::path::Path;

use reprint::index::Answer;
use reprint::report::Evidence;
use reprint::{Documents, Index};

use super::{explain, index};
use crate::result::indexed::AnswerRow;
use crate::run::failure::Failure;

/// Opens the index of a folder for writing, with the options that it keeps. If the folder is missing or empty, a new index
/// with default options is made in it.
///
/// # Errors
///
/// If another process is writing to the index, or if it cannot be read or is damaged. The message says what to do.
pub fn open_index(folder: &Path) -> Result<Index, String> {
    let opened = match Index::exists(folder) {
        true => index::open(folder),
        false => index::open_new(folder),
    };
    opened.map_err(|failure: Failure| failure.to_string())
}

/// The row that `dedup index add` and `query` print for an answer, without the line end.
///
/// # Errors
///
/// No errors are known: a row has only strings and finite numbers.
pub fn answer_row(answer: &Answer) -> Result<String, String> {
    serde_json::to_string(&AnswerRow::from(answer)).map_err(|error| error.to_string())
}

/// The JSON that `--explain A --explain B --format json` prints for two documents, on one line.
pub fn evidence_row(documents: &dyn Documents, evidence: &Evidence) -> String {
    explain::evidence_json(documents, evidence).to_string()
}
