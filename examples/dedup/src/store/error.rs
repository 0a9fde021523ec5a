//! How can the documents have changed since they were read?

use std::path::PathBuf;

/// A problem with documents that were already read.
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
