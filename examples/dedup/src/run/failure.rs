//! Why could a run not be completed? Each error has a message that says where it happened, what happened, and what to do.

use std::io;
use std::path::PathBuf;

use thiserror::Error;

use crate::read::feature::Missing;
use crate::read::kind::FORMATS;
use crate::read::limits::Allowed;
use crate::read::reason::Reason;
use crate::read::rows::MOST_TEXTS;
use crate::result::folder::Refusal;
use crate::result::{compared, decisions};
use crate::store;
use crate::store::load::NoRoom;

/// Errors that end the program. Input that cannot be read is rejected instead, and the run continues.
#[derive(Debug, Error)]
pub enum Failure {
    /// An option is out of range.
    #[error("--{0}")]
    Usage(reprint::Error),

    /// More than two ids are given to be explained.
    #[error("--explain was given {0} times; give it once or twice")]
    TooManyToExplain(usize),

    /// The text fields are more than one text can be made from.
    #[error("--text-field and --html-field name {0} fields; give at most {MOST_TEXTS}")]
    TooManyTexts(usize),

    /// Two results cannot be compared.
    #[error(transparent)]
    Compare(#[from] compared::Fault),

    /// A settings file cannot be used; `why` names the line, if the file could be read.
    #[error("--settings {}: {why}", file.display())]
    Settings { file: PathBuf, why: String },

    /// A file of decisions cannot be used.
    #[error(transparent)]
    Decisions(#[from] decisions::Fault),

    /// Decisions are given with a policy that keeps more than one copy or none.
    #[error(
        "--decisions: `one-per` and `container` in --keep decide about more than the canonical copy; leave one of the two options out"
    )]
    DecisionsWithOtherCopies,

    /// A pattern of --include or --exclude is invalid.
    #[error(
        "--include, --exclude: {0:?} is no pattern, a bracket in it is not closed; write a pattern such as '*.md', in quotation marks"
    )]
    Glob(String),

    /// No document has the id that is to be explained; `meant` is a similar id, if there is one.
    #[error("--explain {id:?}: no document has this id; {}", which_id(meant.as_deref()))]
    UnknownId { id: String, meant: Option<String> },

    /// `--explain` names a file or a row that could not be read.
    #[error("--explain {id:?}: it was rejected: {reason}")]
    ExplainRejected { id: String, reason: Reason },

    /// An option names a field that is not metadata.
    #[error(
        "{option}: {field:?} is the field of texts or ids and has another value in each row; choose another field"
    )]
    NoMetadata { option: &'static str, field: String },

    /// Contained documents would be removed, but with --annotate nothing is removed.
    #[error(
        "--annotate removes nothing, but `container` in --keep removes documents; leave one of them out"
    )]
    AnnotatedContainer,

    /// A minimum number of sources is given, but no document has a source.
    #[error(
        "--min-sources: no document has the field {0:?}, so nothing would be kept; give the field of sources with --source-field"
    )]
    NoSources(String),

    /// No input is a Parquet file, so no rows can be copied.
    #[error(
        "--kept-parquet: no input is a Parquet file; leave the option out, kept.jsonl has all kept rows"
    )]
    NoTables,

    /// An option needs a feature that this build lacks.
    #[error("{option}: {}", missing.remedy())]
    MissingFeature {
        option: &'static str,
        missing: Missing,
    },

    /// No input is a file of separated fields, so no rows can be written as CSV.
    #[error("--kept-csv: no input is CSV; leave the option out, kept.jsonl has all kept rows")]
    NoSeparated,

    /// None of the inputs holds a document.
    #[error(
        "no document could be read; give files or folders with {FORMATS}, or - for standard input"
    )]
    NoDocuments,

    /// A saved reference cannot be used, because it is damaged or was made with other settings.
    #[error("{}: {why}; make it again with --save-reference", folder.display())]
    Reference { folder: PathBuf, why: String },

    /// None of the reference collections holds a document.
    #[error(
        "no reference document could be read; name files or folders with {FORMATS} after --against"
    )]
    NoReference,

    /// The output folder has other content, or it has an earlier result and `--force` is not given.
    #[error(transparent)]
    Occupied(#[from] Refusal),

    /// Reading or writing the output failed.
    #[error("{}: {error}; choose a place that can be written", place.display())]
    Output { place: PathBuf, error: io::Error },

    /// Another run writes to the same output.
    #[error(
        "{}: another run is writing its result there; wait for it, or choose another folder",
        .0.display()
    )]
    Locked(PathBuf),

    /// The run to be resumed differs from this one; the text says in what.
    #[error(
        "--resume: the interrupted run {0}; give the same again, or start from the beginning without --resume"
    )]
    OtherRun(&'static str),

    /// There is no room for the unpacked input.
    #[error(
        "{}: {error}; unpacked input is kept there during the run: give --output on a volume with enough room",
        place.display()
    )]
    Unpacked { place: PathBuf, error: io::Error },

    /// The documents need more memory than the run may use.
    #[error(transparent)]
    NoRoom(NoRoom),

    /// The run was asked to end.
    #[error("the run was stopped; start it again")]
    Stopped,

    /// Reading needs more memory than the run may use.
    #[error("reading the input takes more than the {0}; allow more, or use fewer --threads")]
    MemoryOfReading(Allowed),

    /// Comparing needs more memory than the run may use.
    #[error(
        "comparing takes more than the {0}, because many documents are similar; allow more (with --resume if there is an --output), or run on parts of the input first and then on their kept.jsonl together"
    )]
    MemoryOfComparing(Allowed),

    /// The requested number of threads could not be started.
    #[error("the threads could not be started: {0}; use fewer --threads")]
    Threads(rayon::ThreadPoolBuildError),

    /// The input has changed since it was read.
    #[error(transparent)]
    Store(#[from] store::Error),

    /// The folder of an index cannot be used in this way.
    #[error("{}: {why}", folder.display())]
    Index { folder: PathBuf, why: String },

    /// An option does not apply to an index.
    #[error("{0}: an index does not have this option; leave it out")]
    NoOptionOfIndex(String),

    /// An index was made with other options than the given one.
    #[error(
        "{given}: the index in {} was made with {}; leave the option out, or make another index",
        folder.display(),
        options_in_words(made)
    )]
    OtherOption {
        folder: PathBuf,
        given: String,
        made: String,
    },

    /// An error of the library.
    #[error(transparent)]
    Run(#[from] reprint::Error),
}

impl Failure {
    /// Whether the run was asked to end.
    pub fn is_stopped(&self) -> bool {
        match self {
            Self::Stopped => true,
            Self::Run(error) => error.is_stopped(),
            _ => false,
        }
    }

    /// The exit status: 2 if other options would help, 1 otherwise.
    pub fn exit_status(&self) -> u8 {
        match self {
            Self::Usage(_)
            | Self::UnknownId { .. }
            | Self::ExplainRejected { .. }
            | Self::TooManyToExplain(_)
            | Self::TooManyTexts(_)
            | Self::Glob(_)
            | Self::Settings { .. }
            | Self::Decisions(_)
            | Self::DecisionsWithOtherCopies
            | Self::NoMetadata { .. }
            | Self::AnnotatedContainer
            | Self::NoSources(_)
            | Self::NoTables
            | Self::MissingFeature { .. }
            | Self::NoSeparated
            | Self::Index { .. }
            | Self::NoOptionOfIndex(_)
            | Self::OtherOption { .. } => 2,
            _ => 1,
        }
    }
}

/// The options with which an index was made, as a message names them.
fn options_in_words(made: &str) -> &str {
    match made {
        "" => "no options",
        made => made,
    }
}

/// What to give as an id if no document has the given one.
fn which_id(meant: Option<&str>) -> String {
    match meant {
        Some(meant) => format!("did you mean {meant:?}?"),
        None => "the id of a file is its path as it was given, that of a row its id field".into(),
    }
}
