//! Why are the documents no longer what they were?

use std::path::PathBuf;

/// What is wrong with documents that were read before.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file was changed while it was read.
    #[error(
        "{}: the file was changed while it was read; run again when nobody writes to it",
        .0.display()
    )]
    Changed(PathBuf),
    /// Something could not be read a second time.
    #[error("what was read could not be read again: {0}; check the files and run again")]
    Unreadable(String),
}
