//! `dedup index …`: which of today's documents were there before?

mod given;

use std::ffi::OsString;
use std::fs;
use std::io::{self, BufRead, BufWriter, Write};
use std::path::{Path, PathBuf};

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand, ValueHint};
use reprint::report::records;
use reprint::{Deduper, Index};
use serde::Serialize;

use super::layout::count;
use super::options::Options;
use super::progress::Bars;
use super::rejections::{self, exit_status};
use super::screen::{HELP, Label, note, unless_closed, warn};
use crate::read::reason::ReasonKind;
use crate::result::indexed::{
    AnswerRow, CompactedRow, MergedRow, RemovedRow, SettledRow, VerifiedRow,
};
use crate::run::failure::Failure;
use crate::run::indexing::{self, IndexedDocuments};
use crate::run::{Run, gather};
use crate::store::{self, Place, Rejected, Store};
pub use given::Given;
use given::usage;

/// Keep an index of documents that come every day
#[derive(Debug, Parser)]
#[command(styles = HELP, max_term_width = 80)]
#[command(
    after_help = "Rows are printed as JSON, one a line. Exit status: 0 all done; 3 some input was rejected; 1 nothing could be done, or verify found damage; 2 wrong usage."
)]
struct Command {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Add documents, and print what each repeats
    ///
    /// The folder is made where there is none. The options by which a run reads and compares documents may be given then, such as
    /// --text-field or --threshold; they are kept in the folder. Later calls need none, and may not give others.
    Add(Documents),
    /// Print what documents repeat, without adding them
    Query(Documents),
    /// Add documents, and put those of known ids in the place of the old ones
    ///
    /// A document of a known id whose text or fields have changed takes the place of the old one, in one step. Else as add.
    Replace(Documents),
    /// Add the documents of other indexes
    ///
    /// Nothing is read or compared again: the other indexes must have the same settings. The folder is made where there is none, with
    /// the settings of the first of them.
    Merge {
        /// Folder of the index
        #[arg(value_hint = ValueHint::DirPath)]
        dir: PathBuf,
        /// Folders of the other indexes, which stay as they are
        #[arg(required = true, value_name = "OTHER", value_hint = ValueHint::DirPath)]
        others: Vec<PathBuf>,
    },
    /// Remove documents by their ids
    Remove {
        /// Folder of the index
        #[arg(value_hint = ValueHint::DirPath)]
        dir: PathBuf,
        /// Ids, or - for one a line from standard input
        #[arg(required = true, value_name = "ID")]
        ids: Vec<String>,
    },
    /// Print the clusters of all documents that are there
    ///
    /// The rows of clusters.jsonl of one run over them. Settles first where documents were added or removed.
    Clusters {
        /// Folder of the index
        #[arg(value_hint = ValueHint::DirPath)]
        dir: PathBuf,
    },
    /// Print which documents contain others
    ///
    /// The rows of relations.jsonl of one run over all documents that are there.
    Contained {
        /// Folder of the index
        #[arg(value_hint = ValueHint::DirPath)]
        dir: PathBuf,
        /// Show no progress
        #[arg(long)]
        quiet: bool,
    },
    /// Print the passages that documents have in common
    ///
    /// The rows of passages.jsonl of one run over all documents that are there.
    Passages {
        /// Folder of the index
        #[arg(value_hint = ValueHint::DirPath)]
        dir: PathBuf,
        /// Show no progress
        #[arg(long)]
        quiet: bool,
    },
    /// Make the next generation of clusters
    Settle {
        /// Folder of the index
        #[arg(value_hint = ValueHint::DirPath)]
        dir: PathBuf,
        /// Show no progress
        #[arg(long)]
        quiet: bool,
    },
    /// Read everything and compare every checksum
    Verify {
        /// Folder of the index
        #[arg(value_hint = ValueHint::DirPath)]
        dir: PathBuf,
    },
    /// Let go of what was removed
    Compact {
        /// Folder of the index
        #[arg(value_hint = ValueHint::DirPath)]
        dir: PathBuf,
    },
}

/// What `add`, `replace` and `query` get. The options are those of `dedup`, which reads them.
#[derive(Debug, clap::Args)]
struct Documents {
    /// Folder of the index
    #[arg(value_hint = ValueHint::DirPath)]
    dir: PathBuf,
    /// Files or folders, or - for JSONL from standard input
    #[arg(required = true, value_name = "INPUT", value_hint = ValueHint::AnyPath)]
    inputs: Vec<PathBuf>,
}

/// Runs an action on an index. `program` is the name by which the program was started; `arguments` start with `index`.
pub fn run(program: &str, arguments: &[OsString]) -> Result<u8, Failure> {
    if let Some(action) = arguments.get(1).filter(|_| !asks_for_help(arguments)) {
        let rest = arguments.get(2..).unwrap_or_default();
        let parse = |action| Given::parse(&called(program, action), rest);
        if action == "add" {
            return add(&parse("add")?, |index, documents| index.add(documents));
        }
        if action == "replace" {
            return add(&parse("replace")?, |index, documents| {
                index.replace(documents)
            });
        }
        if action == "query" {
            return query(&parse("query")?);
        }
    }
    let mut matches = command(program).get_matches_from(arguments);
    let asked = Command::from_arg_matches_mut(&mut matches).unwrap_or_else(|error| error.exit());
    match asked.action {
        // These actions are handled above; only their help comes here.
        Action::Add(documents) | Action::Replace(documents) | Action::Query(documents) => {
            Err(Failure::Index {
                folder: documents.dir,
                why: format!("{} inputs were not read", documents.inputs.len()),
            })
        }
        Action::Merge { dir, others } => merge(&dir, &others),
        Action::Remove { dir, ids } => remove(&dir, ids),
        Action::Clusters { dir } => clusters(&dir),
        Action::Contained { dir, quiet } => contained(&dir, quiet),
        Action::Passages { dir, quiet } => passages(&dir, quiet),
        Action::Settle { dir, quiet } => settle(&dir, quiet),
        Action::Verify { dir } => verify(&dir),
        Action::Compact { dir } => compact(&dir),
    }
}

/// An action as it is typed.
fn called(program: &str, action: &str) -> String {
    format!("{program} index {action}")
}

/// The command with the name by which the program was started.
fn command(program: &str) -> clap::Command {
    let command = Command::command().bin_name(format!("{program} index"));
    // These actions take the options of a run, which are parsed elsewhere.
    ["add", "query", "replace"]
        .into_iter()
        .fold(command, |command, action| {
            command.mut_subcommand(action, |of_action| {
                of_action.override_usage(usage(&called(program, action)))
            })
        })
}

fn asks_for_help(arguments: &[OsString]) -> bool {
    let words = arguments.iter().take_while(|word| *word != "--");
    words
        .into_iter()
        .any(|word| word == "-h" || word == "--help")
}

fn add(given: &Given, take: impl indexing::Take) -> Result<u8, Failure> {
    let options = given.options(None)?;
    // No index is made if no document could be read.
    let (mut store, deduper) = read(&options)?;
    let mut index = open_or_create(given, deduper)?;
    let mut out = Rows::new();
    let conflicts = indexing::add(&mut index, &store, take, |answers| out.answers(answers))?;
    rejections::report(&conflicts);
    store.rejected.extend(conflicts);
    Ok(exit_status(&store.rejected))
}

/// The index of a folder; a new one if there is none.
pub fn open_or_create(given: &Given, deduper: Deduper) -> Result<Index, Failure> {
    Ok(match Index::exists(&given.folder) {
        true => Index::open(&given.folder, deduper)?,
        false => Index::create(&given.folder, deduper, &given.note())?,
    })
}

/// The index of a folder, with the options that it keeps.
pub fn open(folder: &Path) -> Result<Index, Failure> {
    Ok(Index::open(folder, deduper(folder)?)?)
}

/// A new index with default options.
pub fn open_new(folder: &Path) -> Result<Index, Failure> {
    let given = Given::of_folder(folder);
    let deduper = given.options(Some(""))?.deduper(None)?;
    open_or_create(&given, deduper)
}

/// Adds the documents of a run to an index, and prints how many were added. Returns the documents that the index does not
/// take.
pub fn keep(mut index: Index, folder: &Path, store: &Store) -> Result<Vec<Rejected>, Failure> {
    let (kept, conflicts) = indexing::insert(&mut index, store)?;
    let folder = folder.display();
    note([format!(
        "{folder}: {} added, {} known",
        count(kept.new, "document"),
        kept.known
    )]);
    rejections::report(&conflicts);
    Ok(conflicts)
}

fn query(given: &Given) -> Result<u8, Failure> {
    let options = given.options(Some(&Index::note(&given.folder)?))?;
    let (store, deduper) = read(&options)?;
    let index = Index::open_read_only(&given.folder, deduper)?;
    let mut out = Rows::new();
    indexing::query(&index, &store, |answers| out.answers(answers))?;
    Ok(exit_status(&store.rejected))
}

/// The documents of the inputs, and the deduper to compare them.
fn read(options: &Options) -> Result<(Store, Deduper), Failure> {
    let settings = options.settings()?;
    let run = Run::new(&settings, options.deduper(None)?)?;
    let bars = Bars::new(options.quiet);
    let size = || gather::size(&settings);
    let store = bars.reading(size, |reading| run.read(reading))?;
    rejections::report(&store.rejected);
    note(&store.notes);
    run.check_input(&store)?;
    Ok((store, run.deduper))
}

fn merge(folder: &Path, others: &[PathBuf]) -> Result<u8, Failure> {
    let mut index = match (Index::exists(folder), others.first()) {
        (false, Some(first)) => Index::create(folder, deduper(first)?, &Index::note(first)?)?,
        _ => open(folder)?,
    };
    let mut out = Rows::new();
    let mut conflicts = Vec::new();
    for other in others {
        let merged = index.merge(&Index::open_read_only(other, deduper(other)?)?)?;
        let name = other.to_string_lossy();
        out.row(&MergedRow::new(&name, &merged))?;
        out.flush()?;
        let place = || Place {
            file: name.clone().into_owned(),
            line: None,
        };
        let ids = merged.conflicts.iter();
        conflicts.extend(ids.map(|id| indexing::conflict(id, place())));
    }
    rejections::report(&conflicts);
    Ok(exit_status(&conflicts))
}

fn contained(folder: &Path, quiet: bool) -> Result<u8, Failure> {
    let index = to_relate(folder)?;
    let pairs = shown(quiet, |bars| index.contained(bars))?;
    let documents = IndexedDocuments::new(&index);
    let mut out = Rows::new();
    out.rows(records::relations_of(&pairs, &documents))?;
    out.flush()?;
    Ok(0)
}

fn passages(folder: &Path, quiet: bool) -> Result<u8, Failure> {
    let index = to_relate(folder)?;
    let passages = shown(quiet, |bars| index.passages(bars))?;
    let documents = IndexedDocuments::new(&index);
    let mut out = Rows::new();
    out.rows(records::passages(&passages, &documents))?;
    out.flush()?;
    Ok(0)
}

/// Does work while its progress is shown.
fn shown<R>(quiet: bool, work: impl FnOnce(&Bars) -> R) -> R {
    let bars = Bars::new(quiet);
    let done = work(&bars);
    bars.finish();
    done
}

/// The index. Adds a note if it was made without relations.
fn to_relate(folder: &Path) -> Result<Index, Failure> {
    let deduper = deduper(folder)?;
    if deduper.settings().limits.is_none() {
        let folder = folder.display();
        note([format!(
            "{folder} was made with --no-relations: it has none; make another index without this option"
        )]);
    }
    Ok(Index::open_read_only(folder, deduper)?)
}

fn remove(folder: &Path, ids: Vec<String>) -> Result<u8, Failure> {
    let mut index = open(folder)?;
    let ids = match ids.iter().any(|id| id == "-") {
        true => ids_of_input()?,
        false => ids,
    };
    let removed = index.remove(&ids)?;
    let mut out = Rows::new();
    for (id, removed) in ids.iter().zip(&removed) {
        let removed = *removed;
        out.row(&RemovedRow { id, removed })?;
    }
    out.flush()?;
    let unknown = ids.iter().zip(&removed).filter(|(_, removed)| !**removed);
    let unknown: Vec<Rejected> = unknown.map(|(id, _)| unknown_id(id)).collect();
    rejections::report(&unknown);
    Ok(exit_status(&unknown))
}

fn unknown_id(id: &str) -> Rejected {
    let reason = ReasonKind::Id.because("no document of the index has this id; check it");
    let place = Place {
        file: id.to_owned(),
        line: None,
    };
    Rejected { place, reason }
}

fn ids_of_input() -> Result<Vec<String>, Failure> {
    let lines: io::Result<Vec<String>> = io::stdin().lock().lines().collect();
    let mut ids = lines.map_err(|error| Failure::Output {
        place: "standard input".into(),
        error,
    })?;
    ids.retain(|id| !id.is_empty());
    Ok(ids)
}

fn clusters(folder: &Path) -> Result<u8, Failure> {
    let deduper = deduper(folder)?;
    let mut index = Index::open_read_only(folder, deduper.clone())?;
    if !index.is_settled() {
        index = Index::open(folder, deduper)?;
        index.settle(&())?;
    }
    let mut out = Rows::new();
    for cluster in index.clusters()? {
        out.row(&records::cluster(&cluster))?;
    }
    out.flush()?;
    Ok(0)
}

fn settle(folder: &Path, quiet: bool) -> Result<u8, Failure> {
    let mut index = open(folder)?;
    shown(quiet, |bars| index.settle(bars))?;
    let clusters = index.clusters()?;
    let mut out = Rows::new();
    out.row(&SettledRow {
        generation: index.generation(),
        documents: index.len(),
        clusters: clusters.len(),
        digest: reprint::report::digest(&clusters),
    })?;
    out.flush()?;
    Ok(0)
}

fn verify(folder: &Path) -> Result<u8, Failure> {
    let verified = reprint::index::verify(folder)?;
    let mut out = Rows::new();
    out.row(&VerifiedRow::from(&verified))?;
    out.flush()?;
    for fault in &verified.faults {
        warn(Label::Error, fault);
    }
    Ok(u8::from(!verified.faults.is_empty()))
}

fn compact(folder: &Path) -> Result<u8, Failure> {
    let mut index = open(folder)?;
    let before = bytes(folder);
    index.compact()?;
    let mut out = Rows::new();
    out.row(&CompactedRow {
        documents: index.len(),
        bytes: [before, bytes(folder)],
    })?;
    out.flush()?;
    Ok(0)
}

/// Total size in bytes of the files in a folder.
fn bytes(folder: &Path) -> u64 {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let files = entries.filter_map(|entry| entry.metadata().ok());
    files.map(|file| file.len()).sum()
}

/// The deduper with the options that the folder keeps.
fn deduper(folder: &Path) -> Result<Deduper, Failure> {
    let given = Given::of_folder(folder);
    let options = given.options(Some(&Index::note(folder)?))?;
    options.deduper(None)
}

/// Rows of JSON on standard output.
struct Rows(BufWriter<io::StdoutLock<'static>>);

impl Rows {
    fn new() -> Self {
        Self(BufWriter::with_capacity(1 << 16, io::stdout().lock()))
    }

    /// Prints a row for each answer, and flushes them, so that a reader of the pipe gets them immediately.
    fn answers(&mut self, answers: &[reprint::index::Answer]) -> Result<(), Failure> {
        answers
            .iter()
            .try_for_each(|answer| self.row(&AnswerRow::from(answer)))?;
        self.flush()
    }

    fn row(&mut self, row: &impl Serialize) -> Result<(), Failure> {
        let written = serde_json::to_writer(&mut self.0, row).map_err(io::Error::from);
        unless_closed(written.and_then(|()| self.0.write_all(b"\n")))
    }

    /// Prints rows whose texts are read from the index.
    fn rows<R: Serialize>(
        &mut self,
        mut rows: impl Iterator<Item = io::Result<R>>,
    ) -> Result<(), Failure> {
        rows.try_for_each(|row| self.row(&row.map_err(unreadable)?))
    }

    fn flush(&mut self) -> Result<(), Failure> {
        unless_closed(self.0.flush())
    }
}

/// The error of the index when a text could not be read.
fn unreadable(error: io::Error) -> Failure {
    match error.downcast::<reprint::Error>() {
        Ok(error) => error.into(),
        Err(error) => store::Error::Unreadable(error.to_string()).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn help_has_the_name_by_which_the_program_was_started() {
        let mut command = command("reprints");
        command.build();
        for action in ["add", "merge", "clusters"] {
            let of_action = command.find_subcommand_mut(action).unwrap();
            let help = of_action.render_long_help().to_string();
            assert!(
                help.contains(&format!("Usage: reprints index {action} ")),
                "{help}"
            );
            assert!(!help.contains("dedup"), "{help}");
        }
    }
}
