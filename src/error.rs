//! What went wrong, where, and what helps?

use std::fmt;
use std::io;

use crate::scheme::Scheme;

/// Everything that can fail in this library: a setting out of range, different schemes, a duplicate id, a document that can't be read,
/// bytes that are not a signature, temporary files that can't be written, threads that can't be started, a run that was stopped, an index
/// folder that can't be used.
///
/// The message names the place, the value and the remedy. The predicates distinguish the kinds.
///
/// ```
/// let error = reprint::Deduper::builder().threshold(1.5).build().unwrap_err();
/// assert!(error.is_setting());
/// assert_eq!(error.to_string(), "threshold is 1.5: it must be over 0 and at most 1");
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Error(Box<Kind>);

#[derive(Clone, Debug, PartialEq)]
enum Kind {
    Setting {
        name: &'static str,
        value: String,
        limit: String,
    },
    Schemes(Scheme, Scheme),
    DuplicateId {
        id: String,
        first: usize,
        second: usize,
    },
    Document {
        id: String,
        problem: String,
    },
    Bytes {
        what: &'static str,
        problem: String,
    },
    Table {
        name: &'static str,
        problem: String,
    },
    Threads(String),
    Stopped,
    #[cfg(feature = "index")]
    Index(IndexFault),
}

/// Why an index folder is refused.
#[cfg(feature = "index")]
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum IndexFault {
    /// The system could not read or write.
    Storage { place: String, problem: String },
    /// The bytes of a file are not those that were written.
    Damaged { file: String, problem: String },
    /// Another process is writing.
    Locked { folder: String, holder: String },
    /// The index was made under other settings.
    Settings { made: String, given: String },
    /// Two indexes that should be merged have different settings. Each is given with its folder and its settings.
    Unlike {
        into: (String, String),
        from: (String, String),
    },
    /// This index, or its present state, does not allow the operation.
    Refused { folder: String, problem: String },
}

impl Error {
    pub(crate) fn setting(
        name: &'static str,
        value: impl fmt::Display,
        limit: impl Into<String>,
    ) -> Self {
        Self(Box::new(Kind::Setting {
            name,
            value: value.to_string(),
            limit: limit.into(),
        }))
    }

    pub(crate) fn schemes(left: Scheme, right: Scheme) -> Self {
        Self(Box::new(Kind::Schemes(left, right)))
    }

    pub(crate) fn duplicate_id(id: &str, first: usize, second: usize) -> Self {
        Self(Box::new(Kind::DuplicateId {
            id: id.to_owned(),
            first,
            second,
        }))
    }

    /// A document could not be read. If `problem` contains an error of this library, that error is returned.
    pub(crate) fn unreadable(id: &str, problem: io::Error) -> Self {
        problem.downcast().unwrap_or_else(|problem| {
            Self(Box::new(Kind::Document {
                id: id.to_owned(),
                problem: problem.to_string(),
            }))
        })
    }

    /// The text of a document has changed since it was read first.
    pub(crate) fn changed(id: &str) -> Self {
        Self::unreadable(id, io::Error::other("its text has changed"))
    }

    pub(crate) fn bytes(what: &'static str, problem: impl Into<String>) -> Self {
        Self(Box::new(Kind::Bytes {
            what,
            problem: problem.into(),
        }))
    }

    pub(crate) fn table(name: &'static str, problem: impl Into<String>) -> Self {
        Self(Box::new(Kind::Table {
            name,
            problem: problem.into(),
        }))
    }

    pub(crate) fn threads(problem: impl fmt::Display) -> Self {
        Self(Box::new(Kind::Threads(problem.to_string())))
    }

    pub(crate) fn stopped() -> Self {
        Self(Box::new(Kind::Stopped))
    }

    #[cfg(feature = "index")]
    pub(crate) fn index(fault: IndexFault) -> Self {
        Self(Box::new(Kind::Index(fault)))
    }

    /// Is a setting out of range, or do two settings exclude each other?
    pub fn is_setting(&self) -> bool {
        matches!(*self.0, Kind::Setting { .. })
    }

    /// Were two artefacts made under different schemes, so that they can't be compared, or an index folder under other settings?
    pub fn is_scheme_mismatch(&self) -> bool {
        #[cfg(feature = "index")]
        if matches!(
            *self.0,
            Kind::Index(IndexFault::Settings { .. } | IndexFault::Unlike { .. })
        ) {
            return true;
        }
        matches!(*self.0, Kind::Schemes(..))
    }

    /// Is another process writing to the index folder?
    #[cfg(feature = "index")]
    pub fn is_locked(&self) -> bool {
        matches!(*self.0, Kind::Index(IndexFault::Locked { .. }))
    }

    /// Do two documents have the same id?
    pub fn is_duplicate_id(&self) -> bool {
        matches!(*self.0, Kind::DuplicateId { .. })
    }

    /// The positions in the input of the two documents with the same id.
    ///
    /// ```
    /// let error = reprint::Deduper::default().run(&[("a", "One"), ("b", "Two"), ("a", "Three")]).unwrap_err();
    /// assert_eq!(error.duplicates(), Some([0, 2]));
    /// ```
    pub fn duplicates(&self) -> Option<[usize; 2]> {
        match *self.0 {
            Kind::DuplicateId { first, second, .. } => Some([first, second]),
            _ => None,
        }
    }

    /// Could a document not be read, or has it changed since it was read first?
    pub fn is_unreadable(&self) -> bool {
        matches!(*self.0, Kind::Document { .. })
    }

    /// Was the run stopped by its [progress](crate::report::Progress::is_stopped)?
    pub fn is_stopped(&self) -> bool {
        matches!(*self.0, Kind::Stopped)
    }

    /// Could rows in a temporary file of the run not be written, or not be read as they were written?
    pub fn is_table(&self) -> bool {
        matches!(*self.0, Kind::Table { .. })
    }

    /// Are bytes that should hold a signature or facts invalid, or is a file of an index folder damaged?
    pub fn is_corrupt(&self) -> bool {
        #[cfg(feature = "index")]
        if matches!(*self.0, Kind::Index(IndexFault::Damaged { .. })) {
            return true;
        }
        matches!(*self.0, Kind::Bytes { .. })
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.0 {
            Kind::Setting { name, value, limit } => write!(f, "{name} is {value}: {limit}"),
            Kind::Schemes(left, right) => write!(
                f,
                "{left} and {right} can't be compared: make both with the same version, normalizer, shingler and size"
            ),
            Kind::DuplicateId { id, first, second } => write!(
                f,
                "documents {first} and {second} both have the id {id:?}: give each document its own id"
            ),
            Kind::Document { id, problem } => write!(
                f,
                "the document {id:?} could not be read: {problem}; see that nobody changes it, and run again"
            ),
            Kind::Bytes { what, problem } => write!(f, "these bytes are no {what}: {problem}"),
            Kind::Table { name, problem } => write!(f, "table {name:?}: {problem}"),
            Kind::Threads(problem) => write!(
                f,
                "the worker threads could not be started: {problem}; ask for fewer threads"
            ),
            Kind::Stopped => f.write_str("the run was stopped by its progress; start it again"),
            #[cfg(feature = "index")]
            Kind::Index(fault) => fault.fmt(f),
        }
    }
}

#[cfg(feature = "index")]
impl fmt::Display for IndexFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Storage { place, problem } => {
                write!(
                    f,
                    "{place}: {problem}; choose a folder that can be read and written"
                )
            }
            Self::Damaged { file, problem } => write!(
                f,
                "{file} is damaged: {problem}; restore the folder from a copy, or make the index again"
            ),
            Self::Locked { folder, holder } => {
                write!(
                    f,
                    "{folder}: {holder} writes to this index; wait until it has ended"
                )
            }
            Self::Settings { made, given } => write!(
                f,
                "the index was made under ({made}), and ({given}) was asked for; give the settings that it was made with, or make another index"
            ),
            Self::Unlike { into, from } => write!(
                f,
                "{} was made under ({}), and {} under ({}); only indexes of the same settings can be merged: add the documents of {} from their files",
                from.0, from.1, into.0, into.1, from.0
            ),
            Self::Refused { folder, problem } => write!(f, "{folder}: {problem}"),
        }
    }
}

impl std::error::Error for Error {}
