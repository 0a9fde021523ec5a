//! What records does a web archive hold? Each is read whole. After a damaged record, reading continues where the next one
//! starts.

use std::io::{self, Read};

use memchr::{memchr_iter, memmem};

use super::unpack::WRONG_CHECKSUM;

/// Maximum length of a record's content in bytes; a longer record is rejected.
pub const LONGEST: usize = 64 << 20;

/// Maximum length in bytes of the fields before a record's content.
const HEAD: usize = 1 << 16;

/// Minimum bytes of one read.
const STEP: usize = 1 << 18;

/// One read adds at least this part of the bytes that are held. They are moved before it, so many small reads would move them
/// many times.
const ADDED: usize = 4;

/// Maximum number of line ends after a record that are looked at. If there are as many, the record is believed.
const LINE_ENDS: usize = 1 << 10;

/// About the memory of a field in addition to its name and value, in bytes.
const FIELD: usize = 144;

/// The bytes that start every record.
const FIRST: &[u8] = b"WARC/";

/// One record.
pub struct Record {
    /// Number of the record in the archive, from 1.
    pub number: usize,
    pub fields: Fields,
    pub content: Vec<u8>,
}

impl Record {
    /// About its memory in bytes.
    pub fn held(&self) -> usize {
        size_of::<Self>() + self.content.capacity() + self.fields.held()
    }
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

    fn held(&self) -> usize {
        let field = |(name, value): &(String, String)| FIELD + name.len() + value.len();
        self.0.iter().map(field).sum()
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
            let held = self.bytes.len();
            self.read(STEP.max(wanted - held).max(held / ADDED));
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
        let Some(end) = head_end(&self.rest()[..self.rest().len().min(HEAD)]) else {
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
        let ends = line_ends(&after[..after.len().min(LINE_ENDS)]);
        let after = &after[ends..];
        let is_doubtful = |error: &io::Error| error.kind() == WRONG_CHECKSUM;
        if after.is_empty() && self.failed.as_ref().is_some_and(is_doubtful) {
            return Err(self.cut().unwrap_or_default());
        }
        if !(after.is_empty() || after.starts_with(FIRST) || ends == LINE_ENDS) {
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

/// The position after the blank line that ends the head of a record. None if another record starts before it, so that no
/// bytes are looked at for two records.
fn head_end(bytes: &[u8]) -> Option<usize> {
    for end in memchr_iter(b'\n', bytes) {
        let next = &bytes[end + 1..];
        if next.starts_with(b"\n") {
            return Some(end + 2);
        }
        if next.starts_with(b"\r\n") {
            return Some(end + 3);
        }
        if next.starts_with(FIRST) {
            return None;
        }
    }
    None
}

/// The position after the first blank line.
pub fn blank_line(bytes: &[u8]) -> Option<usize> {
    let ends = [&b"\r\n\r\n"[..], b"\n\n"].map(|end| Some(memmem::find(bytes, end)? + end.len()));
    ends.into_iter().flatten().min()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(fields: &str, content: &str) -> String {
        let length = content.len();
        format!("WARC/1.0\r\nContent-Length: {length}\r\n{fields}\r\n{content}\r\n\r\n")
    }

    /// The contents of the records, and the number of faults.
    fn read(archive: &str) -> (Vec<String>, usize) {
        let mut records = Records::new(archive.as_bytes());
        let (mut contents, mut faults) = (Vec::new(), 0);
        while let Some(next) = records.next() {
            match next {
                Ok(record) => contents.push(String::from_utf8(record.content).unwrap()),
                Err(_) => faults += 1,
            }
        }
        (contents, faults)
    }

    #[test]
    fn a_head_ends_at_a_blank_line_before_the_next_record() {
        assert_eq!(head_end(b"WARC/1.0\r\na: b\r\n\r\nx"), Some(18));
        assert_eq!(head_end(b"WARC/1.0\na: b\n\nx"), Some(15));
        assert_eq!(head_end(b"WARC/1.0\na: b\nWARC/1.0\n\n"), None);
        assert_eq!(head_end(b"WARC/1.0\na: b\n"), None);
        let archive = format!("WARC/1.0\r\na: b\r\n{}", record("", "one"));
        assert_eq!(read(&archive), (vec!["one".into()], 1));
    }

    #[test]
    fn line_ends_after_a_record_may_be_many() {
        let ends = "\n".repeat(3 * LINE_ENDS);
        let archive = record("", "one") + &ends + &record("", "two");
        assert_eq!(read(&archive), (vec!["one".into(), "two".into()], 0));
    }

    #[test]
    fn lines_that_look_like_records_cost_no_more_than_their_length() {
        // Without a blank line, and with the length of a content that is not there.
        for part in ["WARC/\n", "WARC/1\nContent-Length: 9\n\n"] {
            let archive = part.repeat(400_000) + &record("", "last");
            let started = std::time::Instant::now();
            let (contents, faults) = read(&archive);
            assert_eq!(contents.last().map(String::as_str), Some("last"));
            assert!(faults >= 400_000, "{faults}");
            // A second on a usual machine; a minute if each head were searched to its maximum length.
            let time = started.elapsed();
            assert!(time < std::time::Duration::from_secs(15), "{time:?}");
        }
    }

    #[test]
    fn the_fields_of_a_record_count_as_memory() {
        let archive = record(&"a: b\r\n".repeat(10_000), "");
        let record = Records::new(archive.as_bytes()).next();
        let held = record.and_then(Result::ok).map(|record| record.held());
        assert!(held.is_some_and(|held| held > 10_000 * FIELD), "{held:?}");
    }
}
