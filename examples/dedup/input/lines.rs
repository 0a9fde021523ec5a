//! What rows does a file of JSON lines hold? Read block by block, each row kept by its place.

use std::io::{self, Read};

use super::Reader;
use super::blocks::Blocks;
use super::rows::{self, Row, Rows};
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
        let mut blocks = Blocks::of(from);
        let mut lines = 0;
        loop {
            let block = match blocks.next() {
                Ok(Some(block)) => block,
                Ok(None) => return Ok(()),
                Err(error) => {
                    let error = format!(
                        "could not be unpacked or read from here on: {error}; check the file, the rows before this were read"
                    );
                    self.reject_row(file, lines, error);
                    return Ok(());
                }
            };
            let rows = rows::parse(
                block.bytes,
                &self.options.id_field,
                &self.options.text_field,
            );
            let origin = match origin {
                Some(origin) => origin.behind(block.offset),
                None => self.store.sources.keep(block.bytes)?,
            };
            let first = lines;
            lines += rows.lines;
            self.take(file, first, origin, rows);
        }
    }

    /// The rows of a block that starts at a line and an origin.
    pub(super) fn take(&mut self, file: u32, first: usize, origin: Origin, rows: Rows) {
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
