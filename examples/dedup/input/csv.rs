//! What rows does a file of separated fields hold? Its first line names the fields; each record becomes a line of JSON, of
//! strings only, and goes the way of all rows.

mod records;

use std::fs::File;
use std::io::{self, Read};

use encoding_rs::{Encoding, UTF_8};
use memchr::memchr_iter;
use rayon::prelude::*;

use super::Reader;
use super::blocks::{Blocks, Piece};
use super::encoding::Recoded;
use super::unpack::Unpack;
use records::{Field, Found, record};

/// What may stand between fields, the likeliest first.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// Records that one thread turns to JSON.
const TOGETHER: usize = 64;

/// The first record of a file.
struct Header {
    delimiter: u8,
    /// The names as JSON keys, with a colon.
    keys: Vec<Vec<u8>>,
}

/// A record of a block.
struct Record<'b> {
    /// From 0.
    line: usize,
    bytes: &'b [u8],
    fields: Vec<Field>,
}

/// The records of some bytes, and what was found wrong between them.
struct Records<'b> {
    whole: Vec<Record<'b>>,
    rejected: Vec<(usize, String)>,
    /// Bytes and lines they take.
    length: usize,
    lines: usize,
}

/// How reading went on.
enum More {
    Some,
    Ended,
    /// Something is lost here; what follows is another record.
    Lost(String),
}

impl Reader<'_> {
    pub(super) fn csv(&mut self, name: String, from: File) -> io::Result<()> {
        match Unpack::of(from, self.limits.look_back()) {
            Ok(from) => self.separated(name, from),
            Err(error) => {
                self.reject(name, format!("could not be read: {error}"));
                Ok(())
            }
        }
    }

    fn separated(&mut self, name: String, from: impl Read) -> io::Result<()> {
        let from = Recoded::of(from, self.said());
        let encoding = from.found();
        let mut blocks = Blocks::of(from, self.limits.longest);
        let mut bytes = Vec::new();
        let mut more = self.add(&mut blocks, &mut bytes);
        let (header, length) = loop {
            let ended = !matches!(more, More::Some);
            match self.header(&bytes, ended) {
                Ok(Some(header)) => break header,
                Ok(None) if !ended => more = self.add(&mut blocks, &mut bytes),
                Ok(None) => {
                    let error = "there is no line that names the columns; write one first";
                    self.reject(name, error);
                    return Ok(());
                }
                Err(error) => {
                    self.reject(name, error);
                    return Ok(());
                }
            }
        };
        let mut lines = count_lines(&bytes[..length]);
        bytes.drain(..length);
        let file = self.store.name(name);
        loop {
            let found = header.records(&bytes, matches!(more, More::Ended));
            let (length, of_block) = (found.length, found.lines);
            self.take_records(file, lines, &header, found, encoding.encoding())?;
            lines += of_block;
            bytes.drain(..length);
            match more {
                More::Some => {}
                More::Ended => break,
                More::Lost(error) => {
                    lines += count_lines(&bytes);
                    bytes.clear();
                    self.reject_row(file, lines, error);
                    lines += 1;
                }
            }
            more = self.add(&mut blocks, &mut bytes);
        }
        let found = encoding.encoding().unwrap_or(UTF_8);
        self.encodings.add(found, encoding.guessed());
        Ok(())
    }

    /// Reads on.
    fn add(&self, blocks: &mut Blocks<impl Read>, bytes: &mut Vec<u8>) -> More {
        match blocks.next() {
            Some(Piece::Lines { bytes: more, .. }) => {
                bytes.extend_from_slice(more);
                More::Some
            }
            Some(Piece::TooLong(length)) => {
                More::Lost(self.limits.too_long(length).unwrap_or_default())
            }
            Some(Piece::Broken { error, .. }) => More::Lost(format!(
                "could not be read on: {error}; fetch or pack the file again, the rows before this line were read"
            )),
            None => More::Ended,
        }
    }

    /// The header with its length; none where it is not there as a whole.
    fn header(&self, bytes: &[u8], ended: bool) -> Result<Option<(Header, usize)>, String> {
        let blank = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        let start = blank.iter().position(|byte| !b"\r\n".contains(byte));
        let Some(start) = start.map(|start| bytes.len() - blank.len() + start) else {
            return Ok(None);
        };
        let text = self.options.text_field.as_str();
        let mut best: Option<(u8, Vec<String>, usize)> = None;
        for delimiter in DELIMITERS {
            let (fields, length) = match record(&bytes[start..], delimiter, ended) {
                Found::Record(fields, length) => (fields, start + length),
                Found::Unfinished => return Ok(None),
                Found::Unclosed(..) => continue,
            };
            let names = std::str::from_utf8(&bytes[start..length])
                .map_err(|_| "the names of the columns are not UTF-8; convert it to UTF-8 first")?;
            let names = fields
                .iter()
                .map(|field| field.text(names).trim().to_owned());
            let names: Vec<String> = names.collect();
            let worth = |names: &[String]| (names.iter().any(|name| name == text), names.len());
            if best
                .as_ref()
                .is_none_or(|(_, best, _)| worth(&names) > worth(best))
            {
                best = Some((delimiter, names, length));
            }
        }
        let (delimiter, names, length) =
            best.ok_or("a quotation mark among the names of the columns is not closed; close it")?;
        let plain: Vec<&str> = names.iter().map(String::as_str).collect();
        match self.lacks_text(&plain) {
            Some(error) => Err(error),
            None => Ok(Some((Header::of(delimiter, &plain), length))),
        }
    }

    /// The records of a block that starts at a line.
    fn take_records(
        &mut self,
        file: u32,
        first: usize,
        header: &Header,
        found: Records<'_>,
        encoding: Option<&'static Encoding>,
    ) -> io::Result<()> {
        for (line, error) in found.rejected {
            self.reject_row(file, first + line, error);
        }
        let parts = found
            .whole
            .par_chunks(TOGETHER)
            .map(|some| header.json(some));
        let (parts, rejected): (Vec<_>, Vec<_>) = parts.unzip();
        let lines = parts.concat();
        let mut rows = self.fields(encoding).rows(&lines);
        // Each record is a line; it is told by the line that it had.
        for row in &mut rows.rows {
            row.line = found.whole[row.line].line;
            row.id = row.id.take().filter(|id| !id.is_empty());
        }
        for (line, _) in &mut rows.rejected {
            *line = found.whole[*line].line;
        }
        rows.rejected.extend(rejected.into_iter().flatten());
        let origin = self.store.sources.keep(&lines)?;
        self.take(file, first, origin, rows);
        self.check_memory()
    }
}

fn count_lines(bytes: &[u8]) -> usize {
    memchr_iter(b'\n', bytes).count()
}

impl Header {
    fn of(delimiter: u8, names: &[&str]) -> Self {
        let key = |name: &&str| format!("{}:", serde_json::Value::from(*name)).into_bytes();
        Self {
            delimiter,
            keys: names.iter().map(key).collect(),
        }
    }

    /// The whole records at the start of some bytes; blank lines are none.
    fn records<'b>(&self, bytes: &'b [u8], ended: bool) -> Records<'b> {
        let mut found = Records {
            whole: Vec::new(),
            rejected: Vec::new(),
            length: 0,
            lines: 0,
        };
        while found.length < bytes.len() {
            let rest = &bytes[found.length..];
            let (line, length) = (
                found.lines,
                match record(rest, self.delimiter, ended) {
                    Found::Unfinished => break,
                    Found::Unclosed(field, length) => {
                        let error = format!(
                            "a quotation mark in field {field} is not closed; close it, and double those within a field"
                        );
                        found.rejected.push((found.lines, error));
                        length
                    }
                    Found::Record(fields, length) => {
                        let bytes = &rest[..length];
                        let blank = bytes.iter().all(|byte| b"\r\n".contains(byte));
                        if !blank {
                            let line = found.lines;
                            found.whole.push(Record {
                                line,
                                bytes,
                                fields,
                            });
                        }
                        length
                    }
                },
            );
            found.lines = line + count_lines(&rest[..length]);
            found.length += length;
        }
        found
    }

    /// Records as lines of JSON, blank for those that can't be, which are told by their line.
    fn json(&self, records: &[Record<'_>]) -> (Vec<u8>, Vec<(usize, String)>) {
        let (mut lines, mut rejected) = (Vec::new(), Vec::new());
        for record in records {
            if let Err(error) = self.write(record, &mut lines) {
                rejected.push((record.line, error));
            }
            lines.push(b'\n');
        }
        (lines, rejected)
    }

    fn write(&self, record: &Record<'_>, out: &mut Vec<u8>) -> Result<(), String> {
        let text = simdutf8::compat::from_utf8(record.bytes).map_err(|error| {
            let at = error.valid_up_to();
            format!("not UTF-8 at byte {at} of the row; convert it to UTF-8 first")
        })?;
        let (fields, names) = (record.fields.len(), self.keys.len());
        if fields != names {
            return Err(format!(
                "the row has {fields} fields and the header {names}; put fields with delimiters or line ends in quotation marks"
            ));
        }
        out.push(b'{');
        for (place, (key, field)) in self.keys.iter().zip(&record.fields).enumerate() {
            if place > 0 {
                out.push(b',');
            }
            out.extend_from_slice(key);
            // Memory takes all that is written.
            let _ = serde_json::to_writer(&mut *out, &field.text(text));
        }
        out.push(b'}');
        Ok(())
    }
}
