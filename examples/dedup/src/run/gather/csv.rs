//! How are the rows of a file of separated fields kept? As lines of JSON.

use std::collections::HashSet;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use encoding_rs::{Encoding, UTF_8};
use rayon::prelude::*;

use super::{Gather, Stop};
use crate::read::blocks::{Blocks, Piece};
use crate::read::csv::{Header, LONGEST, Records, count_lines, header};
use crate::read::encoding::{Found as FoundEncoding, Recoded};
use crate::read::packing::Packing;
use crate::read::reason::{Reason, ReasonKind};
use crate::store::Separated;

/// Number of records that a thread converts to JSON at a time.
const TOGETHER: usize = 64;

/// The state of reading a file.
struct Lines {
    file: u32,
    /// Number of lines before the next record.
    read: usize,
    header: Header,
}

/// The result of reading more of a file.
enum More {
    /// Some whole lines were read.
    Lines,
    Ended,
    /// A line of this length in bytes was not held.
    TooLong(u64),
    /// A read failed; the flag says whether a line had begun.
    Broken(io::Error, bool),
}

impl Gather<'_> {
    /// Reads the rows of a file. `named` is the packing according to the file's name.
    pub(super) fn csv(
        &mut self,
        path: &Path,
        file: File,
        named: Option<Packing>,
    ) -> Result<(), Stop> {
        let Some(mut from) = self.unpack(path, &file, named) else {
            return Ok(());
        };
        let name = super::name(path);
        let recoded = Recoded::new(&mut from, self.said());
        let found = recoded.found();
        let mut blocks = Blocks::new(recoded, self.limits.longest);
        let mut bytes = Vec::new();
        let texts = self.settings.fields.texts.as_slice();
        let read = loop {
            let more = add(&mut blocks, &mut bytes);
            match header(&bytes, !matches!(more, More::Lines), texts) {
                Ok(None) if matches!(more, More::Lines) => {}
                other => break other.map(|header| (header, more)),
            }
        };
        match read {
            Ok((Some((header, length)), more)) => {
                for (first, name_of_later) in &header.renamed {
                    let note = format!(
                        "{name}: two columns have the name {first:?}; the later one is read as {name_of_later:?}"
                    );
                    self.store.notes.push(note);
                }
                let mut lines = Lines {
                    file: self.store.name(name.clone()),
                    read: count_lines(&bytes[..length]),
                    header,
                };
                self.write_later(lines.file, &lines.header.names);
                bytes.drain(..length);
                self.separated(&mut lines, bytes, blocks, more, &found)?;
                let encoding = found.encoding().unwrap_or(UTF_8);
                self.encodings.add(encoding, found.guessed());
            }
            Ok((None, more)) => {
                let error = self.why_no_header(&more);
                self.reject(name.clone(), error);
            }
            Err(error) => self.reject(name.clone(), error),
        }
        let notes = from.notes.iter().map(|note| format!("{name}: {note}"));
        self.store.notes.extend(notes);
        Ok(())
    }

    /// Marks a file so that its kept rows are written as CSV, if it has the same columns as the first file.
    fn write_later(&mut self, file: u32, columns: &[String]) {
        if !self.settings.kept_csv {
            return;
        }
        let first = self.store.separated.get_or_insert_with(|| Separated {
            columns: columns.to_vec(),
            files: HashSet::new(),
        });
        if first.columns == columns {
            first.files.insert(file);
        } else {
            let note = format!(
                "{}: its columns differ from those of the first CSV file; its kept rows are in kept.jsonl only",
                self.store.files[file as usize]
            );
            self.store.notes.push(note);
        }
    }

    fn why_no_header(&self, more: &More) -> Reason {
        match more {
            More::TooLong(length) if self.limits.too_long(*length).is_some() => {
                ReasonKind::TooLarge.because("its header is too long; write a shorter one")
            }
            More::Broken(error, _) => ReasonKind::Damaged.because(format!(
                "its header can't be read: {error}; download or pack the file again"
            )),
            More::Lines | More::Ended | More::TooLong(_) => ReasonKind::Malformed
                .because("there is no line that names the columns; write one first"),
        }
    }

    /// Reads the records after the header. `bytes` is the start of these records.
    fn separated(
        &mut self,
        lines: &mut Lines,
        mut bytes: Vec<u8>,
        mut blocks: Blocks<impl Read>,
        mut more: More,
        encoding: &FoundEncoding,
    ) -> Result<(), Stop> {
        let longest = LONGEST.min(self.limits.longest);
        loop {
            let ended = matches!(more, More::Ended);
            let mut taken = 0;
            loop {
                let rest = &bytes[taken..];
                let found = lines.header.records(rest, ended, longest as usize);
                let (length, of_some) = (found.length, found.lines);
                if length == 0 {
                    break;
                }
                self.take_records(lines, found, encoding.encoding())?;
                lines.read += of_some;
                taken += length;
            }
            bytes.drain(..taken);
            let (error, begun) = match more {
                More::Lines => (None, false),
                More::Ended => return Ok(()),
                More::TooLong(length) => (self.limits.too_long(length), true),
                More::Broken(error, begun) => {
                    let error = format!(
                        "can't be read from here on: {error}; the rows before this line were read; download or pack the file again"
                    );
                    (Some(ReasonKind::Damaged.because(error)), begun)
                }
            };
            if let Some(error) = error {
                // The record that had begun before the break is lost with it.
                self.reject_row(lines.file, lines.read, error);
                lines.read += count_lines(&bytes) + usize::from(begun);
                bytes.clear();
            }
            more = add(&mut blocks, &mut bytes);
        }
    }

    /// Keeps the records of a block.
    fn take_records(
        &mut self,
        lines: &Lines,
        found: Records<'_>,
        encoding: Option<&'static Encoding>,
    ) -> Result<(), Stop> {
        for (line, error) in found.rejected {
            self.reject_row(lines.file, lines.read + line, error);
        }
        let parts = found.whole.par_chunks(TOGETHER);
        let parts = parts.map(|some| lines.header.json(some));
        let (parts, rejected): (Vec<_>, Vec<_>) = parts.unzip();
        let json = parts.concat();
        let mut rows = self.fields(encoding).rows(&json);
        // Each record is a line of JSON here. Messages name the line of the record in the file.
        for (line, _) in &mut rows.rows {
            *line = found.whole[*line].line;
        }
        for (line, _) in &mut rows.rejected {
            *line = found.whole[*line].line;
        }
        rows.rejected.extend(rejected.into_iter().flatten());
        let origin = self.store.sources.keep(&json)?;
        self.take(lines.file, lines.read, origin, rows)?;
        self.check_memory()
    }
}

fn add(blocks: &mut Blocks<impl Read>, bytes: &mut Vec<u8>) -> More {
    match blocks.next() {
        Some(Piece::Lines { bytes: lines, .. }) => {
            bytes.extend_from_slice(lines);
            More::Lines
        }
        Some(Piece::TooLong(length)) => More::TooLong(length),
        Some(Piece::Broken { error, begun }) => More::Broken(error, begun),
        None => More::Ended,
    }
}
