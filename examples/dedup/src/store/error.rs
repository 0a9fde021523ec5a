//! Why are the documents no longer what they were?

use std::fmt;
use std::path::PathBuf;

/// What is wrong with documents that were read before.
#[derive(Debug)]
pub enum Error {
    /// A file was changed while it was read.
    Changed(PathBuf),
    /// Something could not be read a second time.
    Unreadable(String),
}

impl std::error::Error for Error {}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Changed(file) => write!(
                f,
                "{}: the file was changed while it was read; run again when nobody writes to it",
                file.display()
            ),
            Self::Unreadable(error) => write!(
                f,
                "what was read could not be read again: {error}; check the files and run again"
            ),
        }
    }
}
