//! What rows does a file of JSON lines hold? Read block by block, each row kept by its place.

use std::io::{self, Read};

use encoding_rs::{Encoding, UTF_8};

use super::Reader;
use super::blocks::Blocks;
use super::encoding::Recoded;
use super::rows::{self, Fields, Row, Rows};
use crate::source::Origin;
use crate::store::{Body, Entry};

impl Reader<'_> {
    /// The rows of a file, up to an error in reading if there is one; they are kept where they have no `origin`.
    pub(super) fn rows(
        &mut self,
        file: String,
        from: impl Read,
        origin: Option<Origin>,
    ) -> io::Result<()> {
        let file = self.store.name(file);
        let from = Recoded::of(from, self.said());
        let found = from.found();
        let mut blocks = Blocks::of(from);
        let mut lines = 0;
        loop {
            let block = match blocks.next() {
                Ok(Some(block)) => block,
                Ok(None) => break,
                Err(error) => {
                    let error = format!(
                        "could not be unpacked or read from here on: {error}; check the file, the rows before this were read"
                    );
                    self.reject_row(file, lines, error);
                    break;
                }
            };
            let rows = rows::parse(block.bytes, self.fields(found.encoding()));
            let origin = match origin {
                // What was converted stands nowhere.
                Some(origin) if found.encoding().is_none() => origin.behind(block.offset),
                _ => self.store.sources.keep(block.bytes)?,
            };
            let first = lines;
            lines += rows.lines;
            self.take(file, first, origin, rows);
        }
        let encoding = found.encoding().unwrap_or(UTF_8);
        self.encodings.add(encoding, found.guessed());
        Ok(())
    }

    fn fields(&self, encoding: Option<&'static Encoding>) -> Fields<'_> {
        Fields {
            id: &self.options.id_field,
            text: &self.options.text_field,
            encoding,
            as_it_stands: self.options.encoding.is_some(),
        }
    }

    /// The rows of a block that starts at a line and an origin.
    fn take(&mut self, file: u32, first: usize, origin: Origin, rows: Rows) {
        for (line, error) in rows.rejected {
            self.reject_row(file, first + line, error);
        }
        for Row {
            line,
            id,
            row,
            text,
        } in rows.rows
        {
            let line = first + line + 1;
            let place = || format!("{}:{line}", self.store.files[file as usize]);
            self.store.documents.push(Entry {
                id: id.unwrap_or_else(place),
                file,
                line: Some(line as u32),
                bytes: origin.slice(row.start, row.len() as u32),
                body: Body::Row {
                    start: (text.start - row.start) as u32,
                    length: text.len() as u32,
                },
            });
        }
    }
}
