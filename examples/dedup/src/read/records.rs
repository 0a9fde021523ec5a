//! What records does a web archive hold? Each is read whole. After a damaged record, reading continues where the next one
//! starts.

use std::io::{self, Read};

use memchr::memmem;

use super::unpack::WRONG_CHECKSUM;

/// Maximum length of a record's content in bytes; a longer record is rejected.
pub const LONGEST: usize = 64 << 20;

/// Maximum length in bytes of the fields before a record's content.
const HEAD: usize = 1 << 16;

/// Minimum bytes of one read.
const STEP: usize = 1 << 18;

/// The bytes that start every record.
const FIRST: &[u8] = b"WARC/";

/// One record.
pub struct Record {
    /// Number of the record in the archive, from 1.
    pub number: usize,
    pub fields: Fields,
    pub content: Vec<u8>,
}

/// A part that cannot be read as a record: its number, and why.
pub struct Fault {
    pub number: usize,
    pub error: String,
}

/// Names and values of fields, as in the headers of records and of HTTP.
#[derive(Debug, Default)]
pub struct Fields(Vec<(String, String)>);

impl Fields {
    /// Parses the lines up to a blank one; lines that are not fields are ignored.
    pub fn parse(head: &[u8]) -> Self {
        let mut fields: Vec<(String, String)> = Vec::new();
        for line in String::from_utf8_lossy(head).lines() {
            if line.starts_with([' ', '\t']) {
                if let Some((_, value)) = fields.last_mut() {
                    *value += " ";
                    *value += line.trim();
                }
            } else if let Some((name, value)) = line.split_once(':') {
                fields.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
            }
        }
        Self(fields)
    }

    /// The value of a field; `name` is in lower case.
    pub fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(other, _)| other == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// The records of a reader. The reader may continue after an error.
pub struct Records<R> {
    from: R,
    /// The bytes that were read. The first `given` of them are done with.
    bytes: Vec<u8>,
    given: usize,
    /// Offset of `bytes` in everything that was read.
    offset: u64,
    number: usize,
    ended: bool,
    failed: Option<io::Error>,
    /// Whether the last read failed before any byte was read.
    stuck: bool,
}

impl<R: Read> Records<R> {
    pub fn new(from: R) -> Self {
        Self {
            from,
            bytes: Vec::new(),
            given: 0,
            offset: 0,
            number: 0,
            ended: false,
            failed: None,
            stuck: false,
        }
    }

    /// The next record, or the fault of a part that is not a record.
    pub fn next(&mut self) -> Option<Result<Record, Fault>> {
        self.skip_line_ends();
        if self.rest().is_empty() && self.failed.is_none() {
            return None;
        }
        self.number += 1;
        let at = self.offset + self.given as u64;
        let record = self.record();
        Some(record.map_err(|error| {
            self.find_next();
            Fault {
                number: self.number,
                error: format!(
                    "the record at byte {at} can't be read: {error}; those after it are read"
                ),
            }
        }))
    }

    fn rest(&self) -> &[u8] {
        &self.bytes[self.given..]
    }

    /// Holds `wanted` bytes of the rest, if there are as many.
    fn fill(&mut self, wanted: usize) {
        if self.rest().len() >= wanted {
            return;
        }
        self.bytes.drain(..self.given);
        self.offset += self.given as u64;
        self.given = 0;
        while self.bytes.len() < wanted && !self.ended && self.failed.is_none() {
            self.read(STEP.max(wanted - self.bytes.len()));
        }
    }

    fn read(&mut self, room: usize) {
        let before = self.bytes.len();
        let read = (&mut self.from)
            .take(room as u64)
            .read_to_end(&mut self.bytes);
        let none = self.bytes.len() == before;
        match read {
            Ok(_) => (self.ended, self.stuck) = (none, false),
            Err(error) => {
                // If two reads in a row fail without a byte, the reader has ended.
                self.ended = none && self.stuck;
                self.stuck = none;
                self.failed = Some(error).filter(|_| !self.ended);
            }
        }
    }

    fn skip_line_ends(&mut self) {
        loop {
            self.fill(FIRST.len());
            let ends = line_ends(self.rest());
            if ends == 0 {
                return;
            }
            self.given += ends;
        }
    }

    /// The record that starts here. It must be followed by another record or by the end.
    fn record(&mut self) -> Result<Record, String> {
        self.fill(HEAD);
        if !self.rest().starts_with(FIRST) {
            return Err(self.cut().unwrap_or("it does not start with WARC/".into()));
        }
        let Some(end) = blank_line(&self.rest()[..self.rest().len().min(HEAD)]) else {
            return Err(self.cut().unwrap_or("no blank line ends its head".into()));
        };
        let fields = Fields::parse(&self.rest()[..end]);
        let length = fields
            .get("content-length")
            .and_then(|length| length.parse().ok());
        let length: usize = length.ok_or("it has no Content-Length that is a number")?;
        if length > LONGEST {
            return Err(format!("it is longer than {} MB", LONGEST >> 20));
        }
        let content = end..end + length;
        self.fill(content.end + HEAD);
        let after = self.rest().get(content.end..).ok_or_else(|| {
            let cut = format!("it is cut short, of {length} bytes");
            self.cut().unwrap_or(cut)
        })?;
        let after = &after[line_ends(after)..];
        let is_doubtful = |error: &io::Error| error.kind() == WRONG_CHECKSUM;
        if after.is_empty() && self.failed.as_ref().is_some_and(is_doubtful) {
            return Err(self.cut().unwrap_or_default());
        }
        if !(after.is_empty() || after.starts_with(FIRST)) {
            return Err(format!("no other record follows its {length} bytes"));
        }
        let record = Record {
            number: self.number,
            content: self.rest()[content.clone()].to_vec(),
            fields,
        };
        self.given += content.end;
        Ok(record)
    }

    /// The error that ended the input, if it was an error.
    fn cut(&self) -> Option<String> {
        let error = self.failed.as_ref()?;
        Some(format!("it could not be unpacked or read ({error})"))
    }

    /// After a part that is not a record, continues at the next record.
    fn find_next(&mut self) {
        let start = [b"\n", FIRST].concat();
        self.given += FIRST.len().min(self.rest().len());
        loop {
            if let Some(at) = memmem::find(self.rest(), &start) {
                self.given += at + 1;
                return;
            }
            self.given = self.bytes.len().saturating_sub(start.len()).max(self.given);
            if self.ended || self.failed.take().is_some() {
                self.given = self.bytes.len();
                return;
            }
            self.fill(STEP);
        }
    }
}

fn line_ends(bytes: &[u8]) -> usize {
    let ends = bytes
        .iter()
        .take_while(|byte| matches!(byte, b'\r' | b'\n'));
    ends.count()
}

/// The position after the first blank line.
pub fn blank_line(bytes: &[u8]) -> Option<usize> {
    let ends = [&b"\r\n\r\n"[..], b"\n\n"].map(|end| Some(memmem::find(bytes, end)? + end.len()));
    ends.into_iter().flatten().min()
}
