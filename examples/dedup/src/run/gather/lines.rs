//! How are the rows of a file of JSON lines read? Block by block. Of each row, only its place is kept.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use encoding_rs::{Encoding, UTF_8};

use super::{Gather, Stop, unreadable};
use crate::read::blocks::{Blocks, Piece};
use crate::read::encoding::Recoded;
use crate::read::packing::Packing;
use crate::read::reason::ReasonKind;
use crate::read::rows::{Fields, Row, Rows, Text};
use crate::read::unpack::Unpack;
use crate::store::sources::Origin;
use crate::store::{Body, Entry};

impl Gather<'_> {
    /// Reads the rows of a file. `named` is the packing according to the file's name.
    pub(super) fn rows_of_file(
        &mut self,
        path: &Path,
        file: File,
        named: Option<Packing>,
    ) -> Result<(), Stop> {
        let Some(from) = self.unpack(path, &file, named) else {
            return Ok(());
        };
        let origin = match from.packing() {
            None => self.store.sources.open(path, &file),
            Some(_) => None,
        };
        self.rows(super::name(path), from, origin)
    }

    /// The bytes of a file, or none if it was rejected. `named` is the packing according to the file's name.
    pub(super) fn unpack<'f>(
        &mut self,
        path: &Path,
        file: &'f File,
        named: Option<Packing>,
    ) -> Option<Unpack<&'f File>> {
        let name = super::name(path);
        let mut from = match Unpack::new(file, self.limits.look_back()) {
            Ok(from) => from,
            Err(error) => {
                self.reject(name, unreadable(&error));
                return None;
            }
        };
        if named.is_some() && from.is_empty() {
            let error = "an empty file, not a packed one; fetch it again";
            self.reject(name, ReasonKind::Empty.because(error));
            return None;
        }
        if named != from.packing() {
            let is = from.packing().map_or("not packed", Packing::name);
            self.note_packing(&name, is);
        }
        Some(from)
    }

    /// Notes that a file is not packed as its name says.
    pub(super) fn note_packing(&mut self, name: &str, is: &str) {
        let note = format!("{name}: read as {is}, by its first bytes and not by its name");
        self.store.notes.push(note);
    }

    /// Reads the rows of standard input, packed or not.
    pub(super) fn rows_of_input(&mut self, input: impl Read) -> Result<(), Stop> {
        match Unpack::new(input, self.limits.look_back()) {
            Ok(from) => self.rows("-".into(), from, None),
            Err(error) => {
                self.reject("-".into(), unreadable(&error));
                Ok(())
            }
        }
    }

    /// Reads the rows. Without an `origin`, the store keeps their bytes.
    fn rows(
        &mut self,
        name: String,
        mut from: Unpack<impl Read>,
        origin: Option<Origin>,
    ) -> Result<(), Stop> {
        let file = self.store.name(name.clone());
        let recoded = Recoded::new(&mut from, self.said());
        let found = recoded.found();
        let mut blocks = Blocks::new(recoded, self.limits.longest);
        let mut lines = 0;
        while let Some(piece) = blocks.next() {
            match piece {
                Piece::Lines { bytes, offset } => {
                    // Converted rows are not in the file, so they have no origin.
                    let origin = origin.filter(|_| found.encoding().is_none());
                    let origin = origin.map(|origin| origin.after(offset));
                    lines += self.block(file, lines, bytes, origin, found.encoding())?;
                }
                Piece::TooLong(length) => {
                    if let Some(reason) = self.limits.too_long(length) {
                        self.reject_row(file, lines, reason);
                    }
                    lines += 1;
                }
                Piece::Broken { error, begun } => {
                    let error = format!(
                        "can't be read from here on: {error}; the rows before this line were read; download or pack the file again"
                    );
                    self.reject_row(file, lines, ReasonKind::Damaged.because(error));
                    lines += usize::from(begun);
                }
            }
        }
        let encoding = found.encoding().unwrap_or(UTF_8);
        self.encodings.add(encoding, found.guessed());
        let notes = from.notes.iter().map(|note| format!("{name}: {note}"));
        self.store.notes.extend(notes);
        Ok(())
    }

    /// Keeps the rows of a block, and returns the number of its lines. `first` is the number of lines before the block.
    fn block(
        &mut self,
        file: u32,
        first: usize,
        bytes: &[u8],
        origin: Option<Origin>,
        encoding: Option<&'static Encoding>,
    ) -> Result<usize, Stop> {
        let rows = self.fields(encoding).rows(bytes);
        let lines = rows.lines;
        let origin = match origin {
            Some(origin) => origin,
            // The block has no rows, so nothing of it is read again.
            None if rows.rows.is_empty() => Origin::default(),
            None => self.store.sources.keep(bytes)?,
        };
        self.take(file, first, origin, rows)?;
        self.check_memory()?;
        Ok(lines)
    }

    /// Which fields are read, for rows that were converted from an encoding.
    pub(super) fn fields(&self, encoding: Option<&'static Encoding>) -> Fields<'_> {
        Fields {
            id: &self.settings.fields.id,
            texts: &self.settings.fields.texts,
            most_tags: self.limits.most_tags(),
            encoding,
            limits: self.limits,
        }
    }

    /// Adds the rows of a block to the documents. `first` is the number of lines before the block.
    pub(super) fn take(
        &mut self,
        file: u32,
        first: usize,
        origin: Origin,
        rows: Rows,
    ) -> Result<(), Stop> {
        for (line, error) in rows.rejected {
            self.reject_row(file, first + line, error);
        }
        self.count_unlisted(file, rows.unlisted);
        for (line, found) in rows.rows {
            let Row {
                id,
                row,
                hash,
                text,
            } = found;
            let line = first + line + 1;
            let place = || format!("{}:{line}", self.store.files[file as usize]);
            let id = id.unwrap_or_else(place);
            let body = match text {
                Text::Stands(text) => Body::Row {
                    start: (text.start - row.start) as u32,
                    length: text.len() as u32,
                },
                Text::Made(text) => Body::Made(self.store.make(&text)?),
            };
            self.store.documents.push(Entry {
                id: id.into(),
                file,
                line: Some(line as u32),
                bytes: origin.slice(row.start, row.len() as u32),
                hash: Some(hash),
                body,
            });
        }
        Ok(())
    }
}
