//! What rows does a file of separated fields hold? Its first line names the fields; each record becomes a line of JSON, of
//! strings only, and goes the way of all rows.

mod records;

use std::collections::HashSet;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use encoding_rs::{Encoding, UTF_8};
use memchr::memchr_iter;
use rayon::prelude::*;

use super::Reader;
use super::blocks::{Blocks, Piece};
use super::encoding::{Found as FoundEncoding, Recoded};
use super::packing::Packing;
use records::{Field, Found, record};

/// What may stand between fields, the likeliest first.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// The longest quoted field, in bytes: what is longer was never closed.
const LONGEST: u64 = 64 << 20;

/// Records that one thread turns to JSON.
const TOGETHER: usize = 64;

/// The first record of a file.
struct Header {
    delimiter: u8,
    /// The names as JSON keys, with a colon.
    keys: Vec<Vec<u8>>,
    /// Names that an earlier column has too, and what their columns are named instead.
    renamed: Vec<(String, String)>,
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

/// How far a file was read.
struct Lines {
    file: u32,
    /// Lines before the next record.
    read: usize,
    header: Header,
}

/// How reading went on.
enum More {
    /// By some whole lines.
    Lines,
    Ended,
    /// By a line that was not held.
    TooLong(u64),
    /// Not at all; a line may have been begun.
    Broken(io::Error, bool),
}

impl Reader<'_> {
    /// The rows of a file, which its name says is packed like this.
    pub(super) fn csv(
        &mut self,
        path: &Path,
        file: File,
        named: Option<Packing>,
    ) -> io::Result<()> {
        let Some(mut from) = self.unpack(path, &file, named) else {
            return Ok(());
        };
        let name = super::name(path);
        let recoded = Recoded::of(&mut from, self.said());
        let found = recoded.found();
        let mut blocks = Blocks::of(recoded, self.limits.longest);
        let mut bytes = Vec::new();
        let read = loop {
            let more = add(&mut blocks, &mut bytes);
            match self.header(&bytes, !matches!(more, More::Lines)) {
                Ok(None) if matches!(more, More::Lines) => {}
                other => break other.map(|header| (header, more)),
            }
        };
        match read {
            Ok((Some((header, length)), more)) => {
                for (first, name_of_later) in &header.renamed {
                    let note = format!(
                        "{name}: two columns are named {first:?}; the later one is read as {name_of_later:?}"
                    );
                    self.store.notes.push(note);
                }
                let mut lines = Lines {
                    file: self.store.name(name.clone()),
                    read: count_lines(&bytes[..length]),
                    header,
                };
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

    fn why_no_header(&self, more: &More) -> String {
        match more {
            More::TooLong(length) => self.limits.too_long(*length).unwrap_or_default(),
            More::Broken(error, _) => {
                format!(
                    "could not be read as far as its header: {error}; fetch or pack the file again"
                )
            }
            More::Lines | More::Ended => {
                "there is no line that names the columns; write one first".into()
            }
        }
    }

    /// The records behind the header, of which `bytes` are the first.
    fn separated(
        &mut self,
        lines: &mut Lines,
        mut bytes: Vec<u8>,
        mut blocks: Blocks<impl Read>,
        mut more: More,
        encoding: &FoundEncoding,
    ) -> io::Result<()> {
        let longest = LONGEST.min(self.limits.longest);
        loop {
            let ended = matches!(more, More::Ended);
            let found = lines.header.records(&bytes, ended, longest as usize);
            let (length, of_block) = (found.length, found.lines);
            self.take_records(lines, found, encoding.encoding())?;
            lines.read += of_block;
            bytes.drain(..length);
            let (error, begun) = match more {
                More::Lines => (None, false),
                More::Ended => return Ok(()),
                More::TooLong(length) => (self.limits.too_long(length), true),
                More::Broken(error, begun) => {
                    let error = format!(
                        "could not be read on: {error}; fetch or pack the file again, the rows before this line were read"
                    );
                    (Some(error), begun)
                }
            };
            if let Some(error) = error {
                // With the record that was begun before it.
                self.reject_row(lines.file, lines.read, error);
                lines.read += count_lines(&bytes) + usize::from(begun);
                bytes.clear();
            }
            more = add(&mut blocks, &mut bytes);
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
            let (fields, length) = match record(&bytes[start..], delimiter, ended, LONGEST as usize)
            {
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

    /// The records of a block.
    fn take_records(
        &mut self,
        lines: &Lines,
        found: Records<'_>,
        encoding: Option<&'static Encoding>,
    ) -> io::Result<()> {
        for (line, error) in found.rejected {
            self.reject_row(lines.file, lines.read + line, error);
        }
        let parts = found.whole.par_chunks(TOGETHER);
        let parts = parts.map(|some| lines.header.json(some));
        let (parts, rejected): (Vec<_>, Vec<_>) = parts.unzip();
        let json = parts.concat();
        let mut rows = self.fields(encoding).rows(&json);
        // Each record is a line; it is told by the line that it had.
        for row in &mut rows.rows {
            row.line = found.whole[row.line].line;
        }
        for (line, _) in &mut rows.rejected {
            *line = found.whole[*line].line;
        }
        rows.rejected.extend(rejected.into_iter().flatten());
        let origin = self.store.sources.keep(&json)?;
        self.take(lines.file, lines.read, origin, rows);
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

fn count_lines(bytes: &[u8]) -> usize {
    memchr_iter(b'\n', bytes).count()
}

impl Header {
    fn of(delimiter: u8, names: &[&str]) -> Self {
        let key = |name: &str| format!("{}:", serde_json::Value::from(name)).into_bytes();
        let (mut keys, mut renamed) = (Vec::new(), Vec::new());
        let mut taken: HashSet<String> = HashSet::new();
        for (place, &name) in names.iter().enumerate() {
            // Readers of JSON take one of two fields of one name, and lose the other.
            let numbered = (2..).map(|number| format!("{name}_{number}"));
            let free = |other: &String| !taken.contains(other) && !names.contains(&other.as_str());
            let is_new = !taken.contains(name);
            let own = match is_new {
                true => name.to_owned(),
                false => numbered
                    .into_iter()
                    .find(free)
                    .unwrap_or_else(|| place.to_string()),
            };
            keys.push(key(&own));
            if !is_new {
                renamed.push((name.to_owned(), own.clone()));
            }
            taken.insert(own);
        }
        Self {
            delimiter,
            keys,
            renamed,
        }
    }

    /// The whole records at the start of some bytes; blank lines are none.
    fn records<'b>(&self, bytes: &'b [u8], ended: bool, longest: usize) -> Records<'b> {
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
                match record(rest, self.delimiter, ended, longest) {
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
