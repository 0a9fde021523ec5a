//! Where do the results go? Into a folder that is written beside its place and moved there whole.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use reprint::Documents;
use reprint::report::{RelatedPair, records};
use serde::Serialize;

use crate::annotate::{Annotation, Annotations, FIELD, annotated};
use crate::columns;
use crate::failure::Failure;
use crate::page;
use crate::run::RunResult;
use crate::source::Slice;
use crate::store::Store;
use crate::summary::Summary;
use crate::terminal::layout::count;
use crate::terminal::screen::{Label, warn};
use crate::work::WITHIN;

/// The files of a result folder; a folder with others is never replaced.
pub const FILES: [&str; 10] = [
    "clusters.jsonl",
    "refused.jsonl",
    "kept.jsonl",
    "kept.parquet",
    "removed.jsonl",
    "rejected.jsonl",
    "relations.jsonl",
    "parts.jsonl",
    page::PAGE,
    SUMMARY,
];

/// What a whole result has.
pub const SUMMARY: &str = "summary.json";

/// The folder among them, of numbered files.
const FOLDER: &str = page::FOLDER;

/// Bytes written at once.
const WRITTEN: usize = 1 << 18;

/// Relations that are held as JSON at once.
const TOGETHER: usize = 1 << 12;

/// Writes the files of a result.
pub struct ResultFiles {
    folder: PathBuf,
}

impl ResultFiles {
    /// All of them, in an empty folder.
    pub fn write(
        folder: PathBuf,
        result: &RunResult<'_>,
        summary: &mut Summary<'_>,
    ) -> Result<(), Failure> {
        let files = Self { folder };
        files
            .write_files(result, summary)
            .map_err(|error| Failure::Output {
                place: files.folder,
                error,
            })
    }

    fn write_files(&self, result: &RunResult<'_>, summary: &mut Summary<'_>) -> io::Result<()> {
        let started = std::time::Instant::now();
        let kept = || match &result.annotations {
            Some(annotations) => self.annotated(result.store, annotations),
            None => self.kept(result.store, &result.report.kept()),
        };
        let (kept, tables) = rayon::join(kept, || self.write_tables(result));
        kept.and(tables)?;
        if let Some(deduper) = result.page {
            page::write(&self.folder, result, summary, deduper)?;
        }
        summary.written(started.elapsed().as_secs_f64());
        fs::write(self.folder.join(SUMMARY), summary.json() + "\n")
    }

    /// All files but the rows that stay, and the summary.
    fn write_tables(&self, result: &RunResult<'_>) -> io::Result<()> {
        let RunResult {
            store,
            documents,
            parts,
            report,
            annotations,
            ..
        } = result;
        self.rows("clusters.jsonl", records::clusters(report))?;
        if report.settings.limits.is_some() {
            self.relations(&report.relations, *documents)?;
        }
        let removed = match annotations {
            Some(_) => Vec::new(),
            None => records::removed(report),
        };
        self.rows("removed.jsonl", removed)?;
        if !store.tables.is_empty() {
            let stays = store.stays(&report.kept());
            columns::copy(&stays, &self.folder.join("kept.parquet"))?;
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
        let file = File::create(self.folder.join(name))?;
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
                let row = FileRecord {
                    id,
                    text: &text,
                    reprint: None,
                };
                serde_json::to_writer(&mut out, &row)?;
                out.write_all(b"\n")?;
            }
        }
        copy(&mut out, together)?;
        out.flush()
    }

    /// Every row with what is known of it.
    fn annotated(&self, store: &Store, annotations: &Annotations<'_>) -> io::Result<()> {
        let mut out = self.file("kept.jsonl")?;
        let mut replaced = 0;
        for position in 0..store.len() {
            let annotation = annotations.get(position);
            match store.row(position) {
                Some(row) => {
                    // What is no UTF-8 any more was changed since, which is found out when all is done.
                    let row = String::from_utf8(store.sources.read(row)).unwrap_or_default();
                    let (row, had) = annotated(&row, &annotation)?;
                    replaced += usize::from(had);
                    out.write_all(row.as_bytes())?;
                }
                None => {
                    let row = FileRecord {
                        id: store.id(position),
                        text: &store.text(position),
                        reprint: Some(annotation),
                    };
                    serde_json::to_writer(&mut out, &row)?;
                }
            }
            out.write_all(b"\n")?;
        }
        if replaced > 0 {
            let rows = count(replaced, "row");
            warn(
                Label::Note,
                format_args!("{rows} had a field {FIELD:?} already; --annotate replaced it"),
            );
        }
        out.flush()
    }
}

/// Removes what a result is made of, nothing else.
pub fn remove_results(folder: &Path) -> io::Result<()> {
    let mut present = FILES
        .iter()
        .map(|name| folder.join(name))
        .filter(|file| file.exists());
    present.try_for_each(fs::remove_file)?;
    let chunks = folder.join(FOLDER);
    if !is_chunks(&chunks) {
        return Ok(());
    }
    for chunk in fs::read_dir(&chunks)? {
        fs::remove_file(chunk?.path())?;
    }
    fs::remove_dir(chunks)
}

/// Is this the folder beside the page, with nothing else in it?
fn is_chunks(folder: &Path) -> bool {
    let numbered = |entry: io::Result<fs::DirEntry>| {
        entry.is_ok_and(|entry| {
            let file = entry.file_type().is_ok_and(|kind| kind.is_file());
            file && page::is_chunk(&entry.file_name().to_string_lossy())
        })
    };
    !folder.is_symlink() && fs::read_dir(folder).is_ok_and(|mut entries| entries.all(numbered))
}

/// Moves a result over an earlier one on the same volume, file by file, the summary last; what the new one has not goes.
pub fn replace_results(from: &Path, to: &Path) -> io::Result<()> {
    if is_chunks(&to.join(FOLDER)) {
        fs::remove_dir_all(to.join(FOLDER))?;
    }
    if from.join(FOLDER).exists() {
        fs::rename(from.join(FOLDER), to.join(FOLDER))?;
    }
    for name in FILES {
        if from.join(name).exists() {
            fs::rename(from.join(name), to.join(name))?;
        } else if to.join(name).exists() {
            fs::remove_file(to.join(name))?;
        }
    }
    Ok(())
}

/// Is a folder empty, or does it hold an earlier result that may be replaced?
pub fn check_replaceable(place: &Path, force: bool) -> Result<(), Failure> {
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
        if name == WITHIN {
            continue;
        }
        let chunks = name == FOLDER && is_chunks(&place.join(FOLDER));
        if !chunks && !FILES.contains(&name.as_str()) {
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
    #[serde(skip_serializing_if = "Option::is_none")]
    reprint: Option<Annotation<'s>>,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_result_replaces_an_earlier_one_file_by_file_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let [from, to] = ["from", "to"].map(|name| folder.path().join(name));
        for (place, files) in [
            (&from, ["kept.jsonl", "report/001.js"]),
            (&to, ["rejected.jsonl", "report/002.js"]),
        ] {
            fs::create_dir_all(place.join(FOLDER)).unwrap();
            for name in [SUMMARY].into_iter().chain(files) {
                fs::write(place.join(name), place.to_string_lossy().as_bytes()).unwrap();
            }
        }
        fs::write(to.join("mine.txt"), "mine").unwrap();
        replace_results(&from, &to).unwrap();
        for name in [SUMMARY, "kept.jsonl", "report/001.js"] {
            assert_eq!(
                fs::read_to_string(to.join(name)).unwrap(),
                from.to_string_lossy()
            );
        }
        assert!(to.join("mine.txt").exists());
        assert!(!to.join("rejected.jsonl").exists() && !to.join("report/002.js").exists());
    }
}
