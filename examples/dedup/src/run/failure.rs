//! Why could nothing be done?

use std::fmt;
use std::path::PathBuf;

use crate::read::kind::FORMATS;
use crate::read::rows::MOST_TEXTS;
use crate::result::compared;
use crate::result::decisions;
use crate::result::folder::Refusal;
use crate::store;
use crate::store::load::NoRoom;

/// Errors that end the program. Input that can't be read is rejected instead, and the run continues.
#[derive(Debug)]
pub enum Failure {
    /// An option is out of range.
    Usage(reprint::Error),
    /// More than two documents are to be explained.
    TooManyToExplain(usize),
    /// More fields are to make a text than can.
    TooManyTexts(usize),
    /// Two results can't be compared.
    Compare(compared::Fault),
    /// A file of settings can't be used: which line, if it could be read.
    Settings { file: PathBuf, why: String },
    /// A file of decisions can't be used.
    Decisions(decisions::Fault),
    /// Decisions, with a policy that keeps more or fewer than one copy.
    DecisionsBeside,
    /// A pattern of --include or --exclude is invalid.
    Glob(globset::Error),
    /// A document that is to be explained is not there; perhaps another one was meant.
    UnknownId { id: String, meant: Option<String> },
    /// `--explain` names a file or a row that could not be read.
    ExplainRejected { id: String, error: String },
    /// An option asks for a field that is no metadata.
    NoMetadata { option: &'static str, field: String },
    /// Contained documents would be removed, but nothing is to be removed.
    AnnotatedContainer,
    /// Sources are asked for, and no document has one.
    NoSources(String),
    /// There is no Parquet file whose rows could be copied.
    NoTables,
    /// There is no file of separated fields whose rows could be written.
    NoSeparated,
    /// None of the inputs holds a document.
    NoDocuments,
    /// A saved reference can't be used: it is damaged, or made under other settings.
    Reference { folder: PathBuf, why: String },
    /// None of the reference collections holds a document.
    NoReference,
    /// The output folder has something else in it, or an earlier result and no `--force`.
    Occupied(Refusal),
    /// Reading or writing the output failed.
    Output {
        place: PathBuf,
        error: std::io::Error,
    },
    /// Another run has the same output.
    Locked(PathBuf),
    /// The run that is to be resumed was another one: in what.
    OtherRun(&'static str),
    /// There is no room for what is unpacked.
    Unpacked {
        place: PathBuf,
        error: std::io::Error,
    },
    /// The documents need more memory than the run may have.
    NoRoom(NoRoom),
    /// What is read, or from when on documents are compared, what is found, takes more memory than the run may have.
    Memory { allowed: u64, comparing: bool },
    /// The threads that were asked for could not be started.
    Threads(rayon::ThreadPoolBuildError),
    /// The input is no longer what it was.
    Store(store::Error),
    /// The folder of an index can't be used so.
    Index { folder: PathBuf, why: String },
    /// An option that means nothing to an index.
    NoOptionOfIndex(String),
    /// An index was made under other options than the one given.
    OtherOption {
        folder: PathBuf,
        given: String,
        made: String,
    },
    /// The library refused.
    Run(reprint::Error),
}

impl Failure {
    pub fn exit_status(&self) -> u8 {
        if matches!(
            self,
            Self::Usage(_)
                | Self::UnknownId { .. }
                | Self::ExplainRejected { .. }
                | Self::TooManyToExplain(_)
                | Self::TooManyTexts(_)
                | Self::Glob(_)
                | Self::Settings { .. }
                | Self::Decisions(_)
                | Self::DecisionsBeside
                | Self::NoMetadata { .. }
                | Self::AnnotatedContainer
                | Self::NoSources(_)
                | Self::NoTables
                | Self::NoSeparated
                | Self::Index { .. }
                | Self::NoOptionOfIndex(_)
                | Self::OtherOption { .. }
        ) {
            2
        } else {
            1
        }
    }
}

impl From<reprint::Error> for Failure {
    fn from(error: reprint::Error) -> Self {
        Self::Run(error)
    }
}

impl From<decisions::Fault> for Failure {
    fn from(fault: decisions::Fault) -> Self {
        Self::Decisions(fault)
    }
}

impl From<compared::Fault> for Failure {
    fn from(fault: compared::Fault) -> Self {
        Self::Compare(fault)
    }
}

impl From<store::Error> for Failure {
    fn from(error: store::Error) -> Self {
        Self::Store(error)
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Occupied(refusal)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage(error) => write!(f, "--{error}"),
            Self::TooManyToExplain(count) => write!(
                f,
                "--explain was given {count} times; give it once or twice"
            ),
            Self::Compare(compared::Fault::NoResult(folder)) => write!(
                f,
                "{}: this folder has no result of this program; give a folder that --output wrote",
                folder.display()
            ),
            Self::Compare(compared::Fault::Unreadable(file, error)) => {
                write!(
                    f,
                    "{}: {error}; run `dedup` again to write the result",
                    file.display()
                )
            }
            Self::Settings { file, why } => {
                write!(f, "--settings {}: {why}", file.display())
            }
            Self::Decisions(fault) => fault.fmt(f),
            Self::DecisionsBeside => write!(
                f,
                "--decisions: `one-per` and `container` in --keep decide about more than the canonical copy; leave one of the two options out"
            ),
            Self::Glob(error) => write!(
                f,
                "--include, --exclude: {error}; write a pattern such as '*.md', in quotation marks"
            ),
            Self::TooManyTexts(count) => write!(
                f,
                "--text-field and --html-field name {count} fields; give at most {MOST_TEXTS}"
            ),
            Self::UnknownId { id, meant } => {
                write!(f, "--explain {id:?}: no document has this id; ")?;
                match meant {
                    Some(meant) => write!(f, "did you mean {meant:?}?"),
                    None => f.write_str(
                        "the id of a file is its path as it was given, that of a row its id field",
                    ),
                }
            }
            Self::ExplainRejected { id, error } => {
                write!(f, "--explain {id:?}: it was rejected: {error}")
            }
            Self::NoMetadata { option, field } => write!(
                f,
                "{option}: {field:?} is the field of texts or ids and has another value in each row; choose another field"
            ),
            Self::AnnotatedContainer => write!(
                f,
                "--annotate removes nothing, but `container` in --keep removes documents; leave one of them out"
            ),
            Self::NoSources(field) => write!(
                f,
                "--min-sources: no document has the field {field:?}, so nothing would be kept; give the field of sources with --source-field"
            ),
            Self::NoTables => write!(
                f,
                "--kept-parquet: no input is a Parquet file; leave the option out, kept.jsonl has all kept rows"
            ),
            Self::NoSeparated => write!(
                f,
                "--kept-csv: no input is CSV; leave the option out, kept.jsonl has all kept rows"
            ),
            Self::NoDocuments => write!(
                f,
                "no document could be read; give files or folders with {FORMATS}, or - for standard input"
            ),
            Self::Reference { folder, why } => write!(
                f,
                "{}: {why}; make it again with --save-reference",
                folder.display()
            ),
            Self::NoReference => write!(
                f,
                "no reference document could be read; name files or folders with {FORMATS} after --against"
            ),
            Self::Occupied(refusal) => refusal.fmt(f),
            Self::Output { place, error } => write!(
                f,
                "{}: {error}; choose a place that can be written",
                place.display()
            ),
            Self::Locked(place) => write!(
                f,
                "{}: another run is writing its result there; wait for it, or choose another folder",
                place.display()
            ),
            Self::OtherRun(differs) => write!(
                f,
                "--resume: the interrupted run {differs}; give the same again, or start from the beginning without --resume"
            ),
            Self::Unpacked { place, error } => write!(
                f,
                "{}: {error}; unpacked input is kept there during the run: give --output on a volume with enough room",
                place.display()
            ),
            Self::NoRoom(error) => error.fmt(f),
            Self::Memory {
                allowed,
                comparing: true,
            } => write!(
                f,
                "comparing takes more than the {} MB of --memory, because many documents are similar; allow more (with --resume if there is an --output), or run on parts of the input first and then on their kept.jsonl together",
                allowed / 1_000_000
            ),
            Self::Memory { allowed, .. } => write!(
                f,
                "reading the input takes more than the {} MB of --memory; allow more, or use fewer --threads",
                allowed / 1_000_000
            ),
            Self::Threads(error) => write!(
                f,
                "the threads could not be started: {error}; use fewer --threads"
            ),
            Self::Index { folder, why } => write!(f, "{}: {why}", folder.display()),
            Self::NoOptionOfIndex(option) => write!(
                f,
                "{option}: `dedup index` does not have this option; leave it out"
            ),
            Self::OtherOption {
                folder,
                given,
                made,
            } => {
                let made = match made.as_str() {
                    "" => "no options",
                    made => made,
                };
                write!(
                    f,
                    "{given}: the index in {} was made with {made}; leave the option out, or make another index",
                    folder.display()
                )
            }
            Self::Store(error) => error.fmt(f),
            Self::Run(error) => error.fmt(f),
        }
    }
}
