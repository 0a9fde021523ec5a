//! Where do the results go? Into a folder that is written beside its place and moved there whole.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use reprint::Documents;
use reprint::report::{RelatedPair, records};
use serde::Serialize;

use crate::RunResult;
use crate::columns;
use crate::failure::Failure;
use crate::source::Slice;
use crate::store::Store;
use crate::summary::Summary;

/// The files of a result folder; a folder with others is never replaced.
const FILES: [&str; 9] = [
    "clusters.jsonl",
    "refused.jsonl",
    "kept.jsonl",
    "kept.parquet",
    "removed.jsonl",
    "rejected.jsonl",
    "relations.jsonl",
    "parts.jsonl",
    "summary.json",
];

/// Bytes written at once.
const WRITTEN: usize = 1 << 18;

/// Relations that are held as JSON at once.
const TOGETHER: usize = 1 << 12;

/// A folder to be; dropped unfinished, it leaves nothing behind.
pub struct ResultFolder {
    place: PathBuf,
    partial: PathBuf,
    force: bool,
}

impl ResultFolder {
    /// Checks that results can go to `place`, before any work is done.
    pub fn prepare(place: &Path, force: bool) -> Result<Self, Failure> {
        let fail = |error| Failure::Output {
            place: place.to_path_buf(),
            error,
        };
        if place.exists() {
            check_replaceable(place, force)?;
        }
        let place = if place.exists() {
            place.canonicalize()
        } else {
            std::path::absolute(place)
        };
        let place = place.map_err(fail)?;
        if std::env::current_dir().is_ok_and(|here| here == place) {
            return Err(fail(io::Error::other("this is the current folder")));
        }
        let (Some(parent), Some(name)) = (place.parent(), place.file_name()) else {
            return Err(fail(io::Error::from(io::ErrorKind::InvalidInput)));
        };
        fs::create_dir_all(parent).map_err(fail)?;
        let partial = create_partial(parent, &name.to_string_lossy()).map_err(fail)?;
        Ok(Self {
            place,
            partial,
            force,
        })
    }

    /// Writes everything and moves it to its place.
    pub fn write(self, result: &RunResult<'_>, summary: &mut Summary<'_>) -> Result<(), Failure> {
        let fail = |error| Failure::Output {
            place: self.place.clone(),
            error,
        };
        let written = self.write_files(result, summary);
        result.store.check()?;
        written.map_err(fail)?;
        if self.place.exists() {
            // Somebody may have put something there since.
            check_replaceable(&self.place, self.force)?;
        }
        self.move_to_place().map_err(fail)
    }

    fn write_files(&self, result: &RunResult<'_>, summary: &mut Summary<'_>) -> io::Result<()> {
        let started = std::time::Instant::now();
        let kept = || self.kept(result.store, &result.report.kept());
        let (kept, tables) = rayon::join(kept, || self.write_tables(result));
        kept.and(tables)?;
        summary.written(started.elapsed().as_secs_f64());
        fs::write(self.partial.join("summary.json"), summary.json() + "\n")
    }

    /// All files but the rows that stay, and the summary.
    fn write_tables(&self, result: &RunResult<'_>) -> io::Result<()> {
        let RunResult {
            store,
            documents,
            parts,
            report,
        } = result;
        self.rows("clusters.jsonl", records::clusters(report))?;
        if report.settings.limits.is_some() {
            self.relations(&report.relations, *documents)?;
        }
        self.rows("removed.jsonl", records::removed(report))?;
        if !store.tables.is_empty() {
            let stays = store.stays(&report.kept());
            columns::copy(&stays, &self.partial.join("kept.parquet"))?;
        }
        if !report.refused.is_empty() {
            self.rows("refused.jsonl", records::refused(report))?;
        }
        if !store.rejected.is_empty() {
            self.rows(
                "rejected.jsonl",
                store.rejected.iter().map(RejectedRecord::from),
            )?;
        }
        if let Some(parts) = parts {
            // Parts of one document follow each other: its text is asked for once.
            let rows = parts.chunk_by(|a, b| a.0 == b.0).flat_map(|of_one| {
                let (whole, ..) = of_one[0];
                let text = store.text(whole);
                let rows = of_one.iter().map(|&(_, id, part)| PartRecord {
                    id,
                    document: store.id(whole),
                    characters: [part.range.start, part.range.end]
                        .map(|end| characters(text.get(..end).unwrap_or_default())),
                    heading: &part.heading,
                });
                rows.collect::<Vec<_>>()
            });
            self.rows("parts.jsonl", rows)?;
        }
        Ok(())
    }

    fn file(&self, name: &str) -> io::Result<BufWriter<File>> {
        let file = File::create(self.partial.join(name))?;
        Ok(BufWriter::with_capacity(WRITTEN, file))
    }

    fn rows<R: Serialize>(&self, name: &str, rows: impl IntoIterator<Item = R>) -> io::Result<()> {
        let mut out = self.file(name)?;
        for row in rows {
            serde_json::to_writer(&mut out, &row)?;
            out.write_all(b"\n")?;
        }
        out.flush()
    }

    /// The rows of relations, written as JSON by all threads, some thousand at a time.
    fn relations(&self, pairs: &[RelatedPair], documents: &dyn Documents) -> io::Result<()> {
        let mut out = self.file("relations.jsonl")?;
        for some in pairs.chunks(TOGETHER) {
            let written = some.par_chunks(TOGETHER / 16).map(|pairs| {
                let mut json = Vec::new();
                for row in records::relations_of(pairs, documents) {
                    serde_json::to_writer(&mut json, &row)?;
                    json.push(b'\n');
                }
                Ok(json)
            });
            for json in written.collect::<Vec<io::Result<Vec<u8>>>>() {
                out.write_all(&json?)?;
            }
        }
        out.flush()
    }

    fn kept(&self, store: &Store, kept: &[bool]) -> io::Result<()> {
        let mut out = self.file("kept.jsonl")?;
        // Rows that follow each other in a file are copied together.
        let mut together: Option<Slice> = None;
        let copy = |out: &mut BufWriter<File>, rows: Option<Slice>| match rows {
            Some(rows) => {
                out.write_all(&store.sources.read(rows))?;
                out.write_all(b"\n")
            }
            None => Ok(()),
        };
        for position in (0..store.len()).filter(|&position| kept[position]) {
            let row = store.row(position);
            let longer = together.zip(row).and_then(|(rows, row)| rows.joined(row));
            if let Some(rows) = longer.filter(|rows| rows.len() <= WRITTEN) {
                together = Some(rows);
                continue;
            }
            copy(&mut out, std::mem::replace(&mut together, row))?;
            if row.is_none() {
                let (id, text) = (store.id(position), store.text(position));
                serde_json::to_writer(&mut out, &FileRecord { id, text: &text })?;
                out.write_all(b"\n")?;
            }
        }
        copy(&mut out, together)?;
        out.flush()
    }

    /// An earlier result, of which only result files are ever removed, steps aside until the new one is in place. A folder
    /// that can't step aside (the root of a volume) is filled file by file, the summary last.
    fn move_to_place(&self) -> io::Result<()> {
        if !self.place.exists() {
            return fs::rename(&self.partial, &self.place);
        }
        let aside = self.partial.with_extension("old");
        if fs::rename(&self.place, &aside).is_err() {
            remove_results(&self.place)?;
            let mut names = FILES.iter().filter(|name| self.partial.join(name).exists());
            return names
                .try_for_each(|name| fs::rename(self.partial.join(name), self.place.join(name)));
        }
        if let Err(error) = fs::rename(&self.partial, &self.place) {
            fs::rename(&aside, &self.place)?;
            return Err(error);
        }
        remove_results(&aside)?;
        fs::remove_dir(aside)
    }
}

/// Removes what a result is made of, nothing else.
fn remove_results(folder: &Path) -> io::Result<()> {
    let mut present = FILES
        .iter()
        .map(|name| folder.join(name))
        .filter(|file| file.exists());
    present.try_for_each(fs::remove_file)
}

/// A folder of a name that nobody has, beside the place of the result.
fn create_partial(parent: &Path, name: &str) -> io::Result<PathBuf> {
    let process = std::process::id();
    let free = (0..1000).map(|attempt| parent.join(format!(".{name}.{process}-{attempt}.partial")));
    let mut last = io::Error::from(io::ErrorKind::AlreadyExists);
    for partial in free {
        match fs::create_dir(&partial) {
            Ok(()) => return Ok(partial),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => last = error,
            Err(error) => return Err(error),
        }
    }
    Err(last)
}

impl Drop for ResultFolder {
    fn drop(&mut self) {
        // Gone already where it was moved to its place.
        let _ = fs::remove_dir_all(&self.partial);
    }
}

fn check_replaceable(place: &Path, force: bool) -> Result<(), Failure> {
    let fail = |error| Failure::Output {
        place: place.to_path_buf(),
        error,
    };
    let occupied = |by: String, result| {
        Err(Failure::Occupied {
            folder: place.to_path_buf(),
            by,
            result,
        })
    };
    let mut any = false;
    for entry in fs::read_dir(place).map_err(fail)? {
        let name = entry
            .map_err(fail)?
            .file_name()
            .to_string_lossy()
            .into_owned();
        if !FILES.contains(&name.as_str()) {
            return occupied(name, false);
        }
        any = true;
    }
    if any && !force {
        occupied(String::new(), true)
    } else {
        Ok(())
    }
}

#[derive(Serialize)]
struct FileRecord<'s> {
    id: &'s str,
    text: &'s str,
}

/// A row of `parts.jsonl`.
#[derive(Serialize)]
struct PartRecord<'s> {
    id: &'s str,
    /// The document that it is from.
    document: &'s str,
    /// Where it stands in that, end exclusive.
    #[serde(rename = "chars")]
    characters: [usize; 2],
    heading: &'s str,
}

fn characters(text: &str) -> usize {
    text.chars().count()
}

/// A row of `rejected.jsonl`.
#[derive(Serialize)]
struct RejectedRecord<'s> {
    file: &'s str,
    line: Option<usize>,
    error: &'s str,
}

impl<'s> From<&'s crate::store::Rejected> for RejectedRecord<'s> {
    fn from(rejected: &'s crate::store::Rejected) -> Self {
        Self {
            file: &rejected.place.file,
            line: rejected.place.line,
            error: &rejected.error,
        }
    }
}
