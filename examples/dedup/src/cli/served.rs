//! How does another program open an index and write its rows as this one does? `serve` does.

use std::path::Path;

use reprint::index::Answer;
use reprint::report::Evidence;
use reprint::{Documents, Index};

use super::{explain, index};
use crate::result::indexed::AnswerRow;
use crate::run::failure::Failure;

/// Opens the index of a folder to write to it, with the options that it keeps. A folder that is missing or empty gets a new index with
/// default options.
///
/// # Errors
///
/// If another process writes to the index, or it can't be read or is damaged: with the remedy.
pub fn open_index(folder: &Path) -> Result<Index, String> {
    let opened = match Index::exists(folder) {
        true => index::open(folder),
        false => index::open_new(folder),
    };
    opened.map_err(|failure: Failure| failure.to_string())
}

/// The row that `dedup index add` and `query` print of an answer, without the end of the line.
///
/// # Errors
///
/// None that is known: a row has only strings and finite numbers.
pub fn answer_row(answer: &Answer) -> Result<String, String> {
    serde_json::to_string(&AnswerRow::from(answer)).map_err(|error| error.to_string())
}

/// What `--explain A --explain B --format json` prints of two documents, on one line.
pub fn evidence_row(documents: &dyn Documents, evidence: &Evidence) -> String {
    explain::evidence_json(documents, evidence).to_string()
}
