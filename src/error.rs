//! What went wrong, where, and what helps?

use std::fmt;
use std::io;

use crate::scheme::Scheme;

/// Everything that can fail in this library: a setting out of range, unlike schemes, an id given twice, a document that can't be read,
/// bytes that are no signature, temporary files that can't be written, threads that can't be started, a run that was stopped, an index folder that can't be
/// used.
///
/// The message names the place, the value and the remedy; the predicates tell the kinds apart.
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

/// What an index folder can be refused for.
#[cfg(feature = "index")]
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum IndexFault {
    /// The system refused to read or write.
    Storage { place: String, problem: String },
    /// Bytes of a file are not those that were written.
    Damaged { file: String, problem: String },
    /// Another process writes.
    Locked { folder: String, holder: String },
    /// It was made under other settings.
    Settings { made: String, given: String },
    /// Two indexes, each with its folder and its settings, are to become one.
    Unlike {
        into: (String, String),
        from: (String, String),
    },
    /// It can't be done with this index, or in this state of it.
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

    /// A document could not be read. An error of this library within the problem is given as it is.
    pub(crate) fn unreadable(id: &str, problem: io::Error) -> Self {
        problem.downcast().unwrap_or_else(|problem| {
            Self(Box::new(Kind::Document {
                id: id.to_owned(),
                problem: problem.to_string(),
            }))
        })
    }

    /// A document is not what it was when it was read first.
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

    /// A setting is out of range, or two settings exclude each other.
    pub fn is_setting(&self) -> bool {
        matches!(*self.0, Kind::Setting { .. })
    }

    /// Two artefacts were made under different schemes and can't be compared; an index folder under other settings.
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

    /// Another process writes to the index folder.
    #[cfg(feature = "index")]
    pub fn is_locked(&self) -> bool {
        matches!(*self.0, Kind::Index(IndexFault::Locked { .. }))
    }

    /// Two documents have one id.
    pub fn is_duplicate_id(&self) -> bool {
        matches!(*self.0, Kind::DuplicateId { .. })
    }

    /// The places in the input of two documents that have one id.
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

    /// A document could not be read, or was no longer what it was at first.
    pub fn is_unreadable(&self) -> bool {
        matches!(*self.0, Kind::Document { .. })
    }

    /// The run was stopped by its [progress](crate::report::Progress::is_stopped).
    pub fn is_stopped(&self) -> bool {
        matches!(*self.0, Kind::Stopped)
    }

    /// Rows that a run keeps in a temporary file could not be written, or not be read as they were written.
    pub fn is_table(&self) -> bool {
        matches!(*self.0, Kind::Table { .. })
    }

    /// Bytes that should hold a signature or facts don't; a file of an index folder is damaged.
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
