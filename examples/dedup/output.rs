//! Where do the results go? Into a folder that is written beside its place and moved there whole.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use reprint::Documents;
use reprint::report::{Report, records};
use serde::Serialize;

use crate::failure::Failure;
use crate::store::Store;
use crate::summary::Summary;

/// The files of a result folder; a folder with others is never replaced.
const FILES: [&str; 7] = [
    "clusters.jsonl",
    "refused.jsonl",
    "kept.jsonl",
    "removed.jsonl",
    "rejected.jsonl",
    "relations.jsonl",
    "summary.json",
];

/// A folder to be; dropped unfinished, it leaves nothing behind.
pub struct ResultFolder {
    place: PathBuf,
    partial: PathBuf,
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
        let place = std::path::absolute(place).map_err(fail)?;
        let (Some(parent), Some(name)) = (place.parent(), place.file_name()) else {
            return Err(fail(io::Error::from(io::ErrorKind::InvalidInput)));
        };
        fs::create_dir_all(parent).map_err(fail)?;
        let name = name.to_string_lossy();
        let partial = parent.join(format!(".{name}.{}.partial", std::process::id()));
        fs::create_dir(&partial).map_err(fail)?;
        Ok(Self { place, partial })
    }

    /// Writes everything and moves it to its place.
    pub fn write(
        self,
        store: &Store,
        report: &Report,
        summary: &mut Summary<'_>,
    ) -> Result<(), Failure> {
        let written = self
            .write_files(store, report, summary)
            .and_then(|()| self.move_to_place());
        written.map_err(|error| Failure::Output {
            place: self.place.clone(),
            error,
        })
    }

    fn write_files(
        &self,
        store: &Store,
        report: &Report,
        summary: &mut Summary<'_>,
    ) -> io::Result<()> {
        let started = std::time::Instant::now();
        self.rows("clusters.jsonl", records::clusters(report))?;
        self.rows("removed.jsonl", records::removed(report))?;
        if !report.refused.is_empty() {
            self.rows("refused.jsonl", records::refused(report))?;
        }
        if !store.rejected.is_empty() {
            self.rows(
                "rejected.jsonl",
                store.rejected.iter().map(RejectedRecord::from),
            )?;
        }
        self.kept(store, &report.kept())?;
        summary.written(started.elapsed().as_secs_f64());
        fs::write(self.partial.join("summary.json"), summary.json() + "\n")
    }

    fn rows<R: Serialize>(&self, name: &str, rows: impl IntoIterator<Item = R>) -> io::Result<()> {
        let mut out = BufWriter::new(File::create(self.partial.join(name))?);
        for row in rows {
            serde_json::to_writer(&mut out, &row)?;
            out.write_all(b"\n")?;
        }
        out.flush()
    }

    fn kept(&self, store: &Store, kept: &[bool]) -> io::Result<()> {
        let mut out = BufWriter::new(File::create(self.partial.join("kept.jsonl"))?);
        for position in (0..store.len()).filter(|&position| kept[position]) {
            match store.row(position) {
                Some(row) => out.write_all(row.as_bytes())?,
                None => {
                    let (id, text) = (store.id(position), store.text(position));
                    serde_json::to_writer(&mut out, &FileRecord { id, text: &text })?;
                }
            }
            out.write_all(b"\n")?;
        }
        out.flush()
    }

    /// An earlier result steps aside and is removed only when the new one is in place.
    fn move_to_place(&self) -> io::Result<()> {
        let aside = self.partial.with_extension("old");
        let replaces = self.place.exists();
        if replaces {
            fs::rename(&self.place, &aside)?;
        }
        if let Err(error) = fs::rename(&self.partial, &self.place) {
            if replaces {
                fs::rename(&aside, &self.place)?;
            }
            return Err(error);
        }
        if replaces {
            fs::remove_dir_all(aside)
        } else {
            Ok(())
        }
    }
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
