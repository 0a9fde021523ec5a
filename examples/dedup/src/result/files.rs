//! Where are the results written? Into a folder next to its final place, which is then moved there as a whole.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use reprint::report::records::{self, AgainstRecord, RemovedRecord};
use reprint::strip::{Cut, apply};
use reprint::{Documents, Part};
use serde::Serialize;

use super::against::Compared;
use super::annotate::{Annotation, Annotations, annotated};
use super::folder::SUMMARY;
use super::summary::Summary;
use super::{RunResult, against, kept_csv, page};
#[cfg(feature = "parquet")]
use crate::columns;
use crate::read::reason::ReasonKind;
use crate::store::sources::Slice;
use crate::store::{Body, Entry, Rejected, Store, text_or_nothing};

/// Size of the write buffer in bytes.
const WRITE_BYTES: usize = 1 << 18;

/// Number of relations or passages that are held as JSON in one step.
const BATCH: usize = 1 << 12;

/// Writes the files of a result.
pub struct ResultFiles<'f> {
    folder: &'f Path,
}

/// Facts about the written files that the user should know.
#[derive(Debug, Default)]
pub struct Written {
    /// Number of rows in which an existing field was replaced by the annotation.
    pub replaced: usize,
}

impl<'f> ResultFiles<'f> {
    /// Writes all files into an empty folder.
    pub fn write(
        folder: &'f Path,
        result: &RunResult<'_>,
        summary: &mut Summary<'_>,
    ) -> io::Result<Written> {
        Self { folder }.write_files(result, summary)
    }

    fn write_files(
        &self,
        result: &RunResult<'_>,
        summary: &mut Summary<'_>,
    ) -> io::Result<Written> {
        let started = std::time::Instant::now();
        let kept = || match &result.annotations {
            Some(annotations) => self.annotated(result.store, annotations),
            None => self.kept(result).map(|()| Written::default()),
        };
        let (kept, tables) = rayon::join(kept, || self.write_tables(result));
        let written = kept.and_then(|written| tables.map(|()| written))?;
        if let Some(deduper) = result.page {
            page::write(self.folder, result, summary, deduper)?;
        }
        summary.written(started.elapsed().as_secs_f64(), lengths(self.folder)?);
        fs::write(self.folder.join(SUMMARY), summary.json() + "\n")?;
        Ok(written)
    }

    /// Writes all files except the kept rows and the summary.
    fn write_tables(&self, result: &RunResult<'_>) -> io::Result<()> {
        let RunResult {
            store,
            documents,
            parts,
            report,
            cuts,
            ..
        } = result;
        self.rows("clusters.jsonl", records::clusters(report))?;
        if report.settings.limits.is_some() {
            self.batches("relations.jsonl", &report.relations, |pairs, json| {
                records::relations_of(pairs, *documents).try_for_each(|row| push_row(&row?, json))
            })?;
            self.batches("passages.jsonl", &report.passages, |passages, json| {
                records::passages(passages, *documents).try_for_each(|row| push_row(&row?, json))
            })?;
        }
        self.removed(result)?;
        #[cfg(feature = "parquet")]
        if !store.tables.is_empty() {
            let stays = store.stays(&report.kept());
            columns::copy(&stays, &self.folder.join("kept.parquet"))?;
        }
        if store.separated.is_some() {
            kept_csv::write(store, &report.kept(), self.file("kept.csv")?)?;
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
        if let Some(cuts) = cuts {
            self.rows("stripped.jsonl", stripped_rows(store, cuts))?;
        }
        if let Some(parts) = parts {
            self.rows("parts.jsonl", part_rows(store, parts))?;
        }
        Ok(())
    }

    /// Writes the removed rows, and the relations to the reference.
    fn removed(&self, result: &RunResult<'_>) -> io::Result<()> {
        let store = result.store;
        let removed = match result.annotations {
            Some(_) => Vec::new(),
            None => records::removed(result.report),
        };
        let files = WholeFiles::new(store, result.compared.map(|compared| &compared.files));
        let removed = removed.into_iter().map(|row| RemovedRow {
            file: files.path(row.id),
            row,
            against: false,
        });
        let Some(compared) = result.compared else {
            return self.rows("removed.jsonl", removed);
        };
        self.rows("against.jsonl", against_rows(store, compared))?;
        let removed = with_gone(store, removed.collect(), compared, &files);
        self.rows("removed.jsonl", removed)
    }

    fn file(&self, name: &str) -> io::Result<BufWriter<File>> {
        let file = File::create(self.folder.join(name))?;
        Ok(BufWriter::with_capacity(WRITE_BYTES, file))
    }

    fn rows<R: Serialize>(&self, name: &str, rows: impl IntoIterator<Item = R>) -> io::Result<()> {
        let mut out = self.file(name)?;
        for row in rows {
            serde_json::to_writer(&mut out, &row)?;
            out.write_all(b"\n")?;
        }
        out.flush()
    }

    /// Writes the rows of many items. All threads convert them to JSON, some thousand at a time.
    fn batches<T: Sync>(
        &self,
        name: &str,
        items: &[T],
        rows: impl Fn(&[T], &mut Vec<u8>) -> io::Result<()> + Sync,
    ) -> io::Result<()> {
        let mut out = self.file(name)?;
        for some in items.chunks(BATCH) {
            let written = some.par_chunks(BATCH / 16).map(|items| {
                let mut json = Vec::new();
                rows(items, &mut json).map(|()| json)
            });
            for json in written.collect::<Vec<io::Result<Vec<u8>>>>() {
                out.write_all(&json?)?;
            }
        }
        out.flush()
    }

    fn kept(&self, result: &RunResult<'_>) -> io::Result<()> {
        let cuts = result.cuts.unwrap_or_default();
        write_kept(
            result.store,
            &result.report.kept(),
            cuts,
            self.file("kept.jsonl")?,
        )
    }

    /// Writes every row with its annotation.
    fn annotated(&self, store: &Store, annotations: &Annotations<'_>) -> io::Result<Written> {
        let mut out = self.file("kept.jsonl")?;
        let mut replaced = 0;
        for position in 0..store.len() {
            let annotation = annotations.get(position)?;
            match store.row(position) {
                Some(_) => {
                    let row = String::from_utf8(store.bytes(position)?);
                    let row = row.map_err(io::Error::other)?;
                    let (row, had) = annotated(&row, &annotation)?;
                    replaced += usize::from(had);
                    out.write_all(row.as_bytes())?;
                }
                None => {
                    let row = FileRecord {
                        id: store.id(position),
                        text: &store.text(position)?,
                        reprint: Some(annotation),
                    };
                    serde_json::to_writer(&mut out, &row)?;
                }
            }
            out.write_all(b"\n")?;
        }
        out.flush()?;
        Ok(Written { replaced })
    }
}

fn push_row<R: Serialize>(row: &R, json: &mut Vec<u8>) -> io::Result<()> {
    serde_json::to_writer(&mut *json, row)?;
    json.push(b'\n');
    Ok(())
}

/// Writes the kept rows. They are unchanged, except for the cuts in their texts.
pub fn write_kept<W: Write>(
    store: &Store,
    kept: &[bool],
    cuts: &[Vec<Cut>],
    mut out: W,
) -> io::Result<()> {
    // Consecutive rows of a file are copied together.
    let mut together: Option<(Slice, Vec<usize>)> = None;
    let copy = |out: &mut W, rows: Option<(Slice, Vec<usize>)>| match rows {
        Some((rows, positions)) => {
            out.write_all(&store.read_together(rows, positions.into_iter())?)?;
            out.write_all(b"\n")
        }
        None => Ok(()),
    };
    for position in (0..store.len()).filter(|&position| kept[position]) {
        if let Some(cuts) = cuts.get(position).filter(|cuts| !cuts.is_empty()) {
            copy(&mut out, together.take())?;
            out.write_all(&without(store, position, cuts)?)?;
            out.write_all(b"\n")?;
            continue;
        }
        let row = store.row(position);
        if let Some((rows, positions)) = &mut together
            && let Some(longer) = row.and_then(|row| rows.joined(row))
            && longer.len() <= WRITE_BYTES
        {
            *rows = longer;
            positions.push(position);
            continue;
        }
        let first = row.map(|row| (row, vec![position]));
        copy(&mut out, std::mem::replace(&mut together, first))?;
        if row.is_none() {
            let (id, text) = (store.id(position), store.text(position)?);
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

/// The row of a document without the cuts of its text.
fn without(store: &Store, position: usize, cuts: &[Cut]) -> io::Result<Vec<u8>> {
    let text = apply(&store.text(position)?, cuts);
    let (start, length) = match store.documents[position].body {
        Body::Row { start, length } | Body::Page { start, length } => {
            (start as usize, length as usize)
        }
        Body::File | Body::Made(_) => {
            let row = FileRecord {
                id: store.id(position),
                text: &text,
                reprint: None,
            };
            return Ok(serde_json::to_vec(&row)?);
        }
    };
    let mut row = store.bytes(position)?;
    let end = (start + length).min(row.len());
    row.splice(start.min(end)..end, serde_json::to_vec(&text)?);
    Ok(row)
}

/// The rows of `parts.jsonl`.
fn part_rows<'s>(
    store: &'s Store,
    parts: &'s [(usize, &'s str, &'s Part)],
) -> impl Iterator<Item = PartRecord<'s>> {
    // The parts of one document are consecutive: its text is read once.
    parts.chunk_by(|a, b| a.0 == b.0).flat_map(|of_one| {
        let (whole, ..) = of_one[0];
        let text = text_or_nothing(store, whole);
        let rows = of_one.iter().map(|&(_, id, part)| PartRecord {
            id,
            document: store.id(whole),
            characters: [part.range.start, part.range.end]
                .map(|end| characters(text.get(..end).unwrap_or_default())),
            heading: &part.heading,
        });
        rows.collect::<Vec<_>>()
    })
}

/// The rows of `stripped.jsonl`.
fn stripped_rows<'s>(
    store: &'s Store,
    cuts: &'s [Vec<Cut>],
) -> impl Iterator<Item = StrippedRecord<'s>> {
    let cut = (0..).zip(cuts).filter(|(_, cuts)| !cuts.is_empty());
    cut.flat_map(move |(position, cuts)| {
        let text = text_or_nothing(store, position);
        let rows = cuts.iter().map(|cut| StrippedRecord {
            id: store.id(position),
            span: [cut.span.characters.start, cut.span.characters.end],
            text: cut.span.of(&text).to_owned(),
            first: store.id(cut.first),
        });
        rows.collect::<Vec<_>>()
    })
}

/// A row of `stripped.jsonl`: the text of a cut, and its place in the original text.
#[derive(Serialize)]
struct StrippedRecord<'s> {
    id: &'s str,
    /// In characters, end exclusive.
    span: [usize; 2],
    text: String,
    /// The document in which the passage is kept.
    first: &'s str,
}

/// The files of a folder, and their lengths in bytes.
fn lengths(folder: &Path) -> io::Result<BTreeMap<String, u64>> {
    let mut lengths = BTreeMap::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let file = entry.metadata()?;
        if file.is_file() {
            lengths.insert(entry.file_name().to_string_lossy().into_owned(), file.len());
        }
    }
    Ok(lengths)
}

/// The paths of the documents that are a whole file, by their ids.
struct WholeFiles<'s>(HashMap<&'s str, &'s str>);

impl<'s> WholeFiles<'s> {
    /// Without those that are `kept` because a reference has them.
    fn new(store: &'s Store, kept: Option<&HashSet<PathBuf>>) -> Self {
        let paths = store
            .whole_files()
            .map(|entry| (&*entry.id, store.files[entry.file as usize].as_str()));
        // A path that is not UTF-8 was changed: it has replacement characters. It may then be the path of another file, so it is left out.
        let paths = paths.filter(|(_, path)| !path.contains(char::REPLACEMENT_CHARACTER));
        let is_kept = |path: &str| {
            let real = || fs::canonicalize(path).ok();
            kept.is_some_and(|kept| {
                !kept.is_empty() && real().is_none_or(|real| kept.contains(&real))
            })
        };
        Self(paths.filter(|(_, path)| !is_kept(path)).collect())
    }

    fn path(&self, id: &str) -> Option<&'s str> {
        self.0.get(id).copied()
    }
}

/// A row of `removed.jsonl`.
#[derive(Serialize)]
struct RemovedRow<'s> {
    #[serde(flatten)]
    row: RemovedRecord<'s>,
    /// The path of a document that is a whole file, which the user may delete.
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<&'s str>,
    /// Is the canonical document a reference?
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    against: bool,
}

/// The rows of `against.jsonl`.
fn against_rows<'s>(
    store: &'s Store,
    compared: &'s Compared,
) -> impl Iterator<Item = AgainstRecord<'s>> {
    let all = AllDocuments::of(store);
    // The pairs of one document are consecutive: its text is read once.
    let mut known = (usize::MAX, Cow::Borrowed(""));
    compared.against.pairs.iter().map(move |pair| {
        let position = pair.document.position;
        if known.0 != position && !pair.passages.is_empty() {
            known = (
                position,
                Cow::Owned(store.text_of(all.entry(position)).unwrap_or_default()),
            );
        }
        records::against(pair, &known.1, compared.dropped[position])
    })
}

/// All documents that were read, including those that were set aside, by their places in the input.
struct AllDocuments<'s>(Vec<&'s Entry>);

impl<'s> AllDocuments<'s> {
    fn of(store: &'s Store) -> Self {
        let gone = store.gone.iter().map(|(place, entry)| (*place, entry));
        let left = store.places().into_iter().zip(&store.documents);
        let mut all: Vec<(usize, &Entry)> = gone.chain(left).collect();
        all.sort_by_key(|&(place, _)| place);
        Self(all.into_iter().map(|(_, entry)| entry).collect())
    }

    fn entry(&self, place: usize) -> &'s Entry {
        self.0[place]
    }
}

/// The rows of all removed documents in input order, including those removed because of a reference.
fn with_gone<'s>(
    store: &'s Store,
    removed: Vec<RemovedRow<'s>>,
    compared: &'s Compared,
    files: &WholeFiles<'s>,
) -> impl Iterator<Item = RemovedRow<'s>> {
    let places: HashMap<&str, usize> = (0..store.len())
        .map(|position| store.id(position))
        .zip(store.places())
        .collect();
    let place = |row: &RemovedRow<'_>| places.get(row.row.id).copied().unwrap_or_default();
    let mut rows: Vec<(usize, RemovedRow<'s>)> =
        removed.into_iter().map(|row| (place(&row), row)).collect();
    rows.extend(compared.reasons().map(|(place, pair)| {
        let row = against::removed(pair);
        let file = files.path(row.id);
        (
            place,
            RemovedRow {
                file,
                row,
                against: true,
            },
        )
    }));
    rows.sort_by_key(|&(place, _)| place);
    rows.into_iter().map(|(_, row)| row)
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
    /// The document that the part is from.
    document: &'s str,
    /// Its place in the document, in characters, end exclusive.
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
    kind: ReasonKind,
    error: &'s str,
}

impl<'s> From<&'s Rejected> for RejectedRecord<'s> {
    fn from(rejected: &'s Rejected) -> Self {
        Self {
            file: &rejected.place.file,
            line: rejected.place.line,
            kind: rejected.reason.kind,
            error: &rejected.reason.text,
        }
    }
}
