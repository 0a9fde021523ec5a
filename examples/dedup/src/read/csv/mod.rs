//! What rows does a file of separated fields hold? Its first line names the fields. Each record becomes a line of JSON that
//! holds only strings, and is then read like any other row.

mod records;

use std::collections::HashSet;

use memchr::memchr_iter;

use super::header::lacks_text;
use super::reason::{Reason, ReasonKind};
use super::rows::TextField;
use records::{Field, Found, record};

/// The possible delimiters, the likeliest first.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// Maximum length of a quoted field in bytes. In a longer field, the closing quotation mark is taken to be missing.
pub const LONGEST: u64 = 64 << 20;

/// Maximum number of records that are held at once. If each line is one field in two bytes, a block has millions of records.
const MOST_RECORDS: usize = 1 << 14;

/// The first record of a file.
pub struct Header {
    delimiter: u8,
    /// The names as JSON keys, each with a colon.
    keys: Vec<Vec<u8>>,
    /// The names of the columns, all different.
    pub names: Vec<String>,
    /// Names that an earlier column has, too, and the new names of their columns.
    pub renamed: Vec<(String, String)>,
}

/// A record of a block.
pub struct Record<'b> {
    /// The line of the record in the block, from 0.
    pub line: usize,
    bytes: &'b [u8],
    fields: Vec<Field>,
}

/// The records of some bytes, and the lines that are not records.
pub struct Records<'b> {
    pub whole: Vec<Record<'b>>,
    pub rejected: Vec<(usize, Reason)>,
    /// The numbers of bytes and of lines that were parsed.
    pub length: usize,
    pub lines: usize,
}

/// The header and its length in bytes; none if the bytes do not contain the whole header.
pub fn header(
    bytes: &[u8],
    ended: bool,
    texts: &[TextField],
) -> Result<Option<(Header, usize)>, Reason> {
    let blank = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let start = blank.iter().position(|byte| !b"\r\n".contains(byte));
    let Some(start) = start.map(|start| bytes.len() - blank.len() + start) else {
        return Ok(None);
    };
    let is_named = |names: &[String]| {
        let mut names = names.iter();
        names.any(|name| texts.iter().any(|text| text.name == *name))
    };
    let mut best: Option<(u8, Vec<String>, usize)> = None;
    for delimiter in DELIMITERS {
        let (fields, length) = match record(&bytes[start..], delimiter, ended, LONGEST as usize) {
            Found::Record(fields, length) => (fields, start + length),
            Found::Unfinished => return Ok(None),
            Found::Unclosed(..) => continue,
        };
        let names = std::str::from_utf8(&bytes[start..length]).map_err(|_| {
            ReasonKind::Encoding
                .because("the names of the columns are not UTF-8; convert it to UTF-8 first")
        })?;
        let names = fields
            .iter()
            .map(|field| field.text(names).trim().to_owned());
        let names: Vec<String> = names.collect();
        let worth = |names: &[String]| (is_named(names), names.len());
        if best
            .as_ref()
            .is_none_or(|(_, best, _)| worth(&names) > worth(best))
        {
            best = Some((delimiter, names, length));
        }
    }
    let (delimiter, names, length) = best.ok_or_else(|| {
        ReasonKind::Malformed
            .because("a quotation mark among the names of the columns is not closed; close it")
    })?;
    let plain: Vec<&str> = names.iter().map(String::as_str).collect();
    match lacks_text(&plain, texts) {
        Some(error) => Err(error),
        None => Ok(Some((Header::new(delimiter, &plain), length))),
    }
}

/// The number of line ends in these bytes.
pub fn count_lines(bytes: &[u8]) -> usize {
    memchr_iter(b'\n', bytes).count()
}

impl Header {
    fn new(delimiter: u8, names: &[&str]) -> Self {
        let key = |name: &str| format!("{}:", serde_json::Value::from(name)).into_bytes();
        let (mut keys, mut own_names, mut renamed) = (Vec::new(), Vec::new(), Vec::new());
        let mut taken: HashSet<String> = HashSet::new();
        for (place, &name) in names.iter().enumerate() {
            // JSON parsers keep only one of two fields with the same name.
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
            own_names.push(own.clone());
            if !is_new {
                renamed.push((name.to_owned(), own.clone()));
            }
            taken.insert(own);
        }
        Self {
            delimiter,
            keys,
            names: own_names,
            renamed,
        }
    }

    /// The first whole records of some bytes; blank lines are skipped. The number of records is limited to save memory.
    pub fn records<'b>(&self, bytes: &'b [u8], ended: bool, longest: usize) -> Records<'b> {
        let mut found = Records {
            whole: Vec::new(),
            rejected: Vec::new(),
            length: 0,
            lines: 0,
        };
        while found.length < bytes.len() && found.whole.len() + found.rejected.len() < MOST_RECORDS
        {
            let rest = &bytes[found.length..];
            let (line, length) = (
                found.lines,
                match record(rest, self.delimiter, ended, longest) {
                    Found::Unfinished => break,
                    Found::Unclosed(field, length) => {
                        let error = format!(
                            "a quotation mark in field {field} is not closed; close it, and double those within a field"
                        );
                        found
                            .rejected
                            .push((found.lines, ReasonKind::Malformed.because(error)));
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

    /// The records as lines of JSON. A record that cannot be one becomes a blank line, and its line number and reason are
    /// listed.
    pub fn json(&self, records: &[Record<'_>]) -> (Vec<u8>, Vec<(usize, Reason)>) {
        let (mut lines, mut rejected) = (Vec::new(), Vec::new());
        for record in records {
            if let Err(error) = self.write(record, &mut lines) {
                rejected.push((record.line, error));
            }
            lines.push(b'\n');
        }
        (lines, rejected)
    }

    fn write(&self, record: &Record<'_>, out: &mut Vec<u8>) -> Result<(), Reason> {
        let text = simdutf8::compat::from_utf8(record.bytes).map_err(|error| {
            let at = error.valid_up_to();
            let text = format!("not UTF-8 at byte {at} of the row; convert it to UTF-8 first");
            ReasonKind::Encoding.because(text)
        })?;
        let (fields, names) = (record.fields.len(), self.keys.len());
        if fields != names {
            return Err(ReasonKind::Malformed.because(format!(
                "the row has {fields} fields and the header {names}; put fields with delimiters or line ends in quotation marks"
            )));
        }
        out.push(b'{');
        for (place, (key, field)) in self.keys.iter().zip(&record.fields).enumerate() {
            if place > 0 {
                out.push(b',');
            }
            out.extend_from_slice(key);
            // Writing to memory cannot fail.
            let _ = serde_json::to_writer(&mut *out, &field.text(text));
        }
        out.push(b'}');
        Ok(())
    }
}
