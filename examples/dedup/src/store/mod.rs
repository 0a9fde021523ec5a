//! How are the documents stored? Each one by its id and the position of its bytes, which are read when they are needed.

mod error;
pub mod fields;
pub mod load;
pub mod memory;
pub mod sources;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::collections::HashSet;
use std::fmt;
use std::fs::File;
use std::io;
use std::path::PathBuf;
use std::time::SystemTime;

use compact_str::CompactString;
use reprint::{Documents, Metadata};
use xxhash_rust::xxh3::xxh3_64;

use crate::read::json::unescape;
use crate::read::place::{hash, state};
use crate::read::reason::Reason;
pub use error::Error;
use fields::FieldNames;
use sources::{Slice, Sources};

/// All documents that were read, and the inputs that could not be read.
#[derive(Default)]
pub struct Store {
    /// Names of the files.
    pub files: Vec<String>,
    pub documents: Vec<Entry>,
    /// Documents that were set aside, each with its place in the input, in ascending order.
    pub gone: Vec<(usize, Entry)>,
    pub rejected: Vec<Rejected>,
    /// Messages for the user that are not about faults of the input.
    pub notes: Vec<String>,
    /// Number of files in each encoding, including pages and files in archives.
    pub encodings: BTreeMap<&'static str, usize>,
    pub fields: FieldNames,
    pub sources: Sources,
    /// Texts that were put together from fields of rows.
    pub made: Vec<Slice>,
    /// Is any Parquet file among the inputs, read or not?
    pub has_parquet: bool,
    /// Parquet files whose kept rows are copied.
    pub tables: Vec<Copied>,
    /// Files of separated fields whose kept rows are written in the same form.
    pub separated: Option<Separated>,
}

/// Files of separated fields with the same columns.
pub struct Separated {
    pub columns: Vec<String>,
    /// Numbers of the files.
    pub files: HashSet<u32>,
}

/// A file that is read a second time, if it has not changed.
pub struct Copied {
    /// Number of the file.
    #[cfg(feature = "parquet")]
    pub file: u32,
    pub path: PathBuf,
    pub state: Option<(u64, SystemTime)>,
}

/// A Parquet file and its kept rows, in order, numbered from its first row.
#[cfg(feature = "parquet")]
pub struct Stays {
    pub path: PathBuf,
    pub rows: Vec<usize>,
}

/// A document and its position in a file.
pub struct Entry {
    /// Short ids are stored inline.
    pub id: CompactString,
    /// Number of the file.
    pub file: u32,
    /// Line from 1; `None` for a whole file.
    pub line: Option<u32>,
    /// The bytes of the row, or the text of a whole file.
    pub bytes: Slice,
    /// A hash of a row that is read in place, where the file may be changed meanwhile.
    pub hash: Option<u32>,
    pub body: Body,
}

/// How the text of a document is found in its bytes.
#[derive(Clone, Copy)]
pub enum Body {
    /// The whole file.
    File,
    /// A JSON row: the position of its text field, a JSON string with its quotation marks.
    Row { start: u32, length: u32 },
    /// As `Row`, for a row that this program made, with its own names of the fields.
    Page { start: u32, length: u32 },
    /// A JSON row that does not have the text in one piece: the number of the text in `made`.
    Made(u32),
}

/// The place of something in the input, as shown to people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub file: String,
    /// Line from 1; `None` for a whole file.
    pub line: Option<usize>,
}

pub struct Rejected {
    pub place: Place,
    pub reason: Reason,
}

/// The key for sampling: the documents with the lowest keys are in the sample.
pub fn sample_key(id: &str) -> u64 {
    xxh3_64(id.as_bytes())
}

impl Store {
    /// The documents that are whole files, with those that are gone.
    pub fn whole_files(&self) -> impl Iterator<Item = &Entry> {
        let gone = self.gone.iter().map(|(_, entry)| entry);
        let all = self.documents.iter().chain(gone);
        all.filter(|entry| entry.line.is_none())
    }

    /// Adds a file, and returns its number.
    pub fn name(&mut self, file: String) -> u32 {
        self.files.push(file);
        self.files.len() as u32 - 1
    }

    /// Stores a text that was put together, and returns its number.
    pub fn make(&mut self, text: &str) -> io::Result<u32> {
        let origin = self.sources.keep(text.as_bytes())?;
        // No text is nearly as long as 4 GB.
        self.made.push(origin.slice(0, text.len() as u32));
        Ok(self.made.len() as u32 - 1)
    }

    /// Number of bytes that the text of a document takes in its source.
    pub fn text_length(&self, entry: &Entry) -> u64 {
        match entry.body {
            Body::File => entry.bytes.len() as u64,
            Body::Row { length, .. } | Body::Page { length, .. } => u64::from(length),
            Body::Made(made) => self.made[made as usize].len() as u64,
        }
    }

    /// Keeps this number of documents. They are chosen by their ids alone, so that any order of the input gives the same ones.
    pub fn sample(&mut self, count: usize) {
        if self.documents.len() <= count {
            return;
        }
        let by_hash = |entry: &Entry| sample_key(&entry.id);
        let mut hashes: Vec<u64> = self.documents.iter().map(by_hash).collect();
        let least = match count.checked_sub(1) {
            Some(last) => *hashes.select_nth_unstable(last).1,
            None => 0,
        };
        let mut left = count;
        self.documents.retain(|entry| {
            let stays = left > 0 && by_hash(entry) <= least;
            left -= usize::from(stays);
            stays
        });
    }

    /// Takes out the documents marked in `goes`, in the order of the input. The positions of the others move up.
    pub fn set_aside(&mut self, goes: &[bool]) {
        let all = std::mem::take(&mut self.documents);
        for (place, entry) in all.into_iter().enumerate() {
            match goes.get(place) {
                Some(true) => self.gone.push((place, entry)),
                _ => self.documents.push(entry),
            }
        }
    }

    /// The place in the input of each document that was not set aside.
    pub fn places(&self) -> Vec<usize> {
        let mut gone = self.gone.iter().map(|&(place, _)| place).peekable();
        let all = 0..self.documents.len() + self.gone.len();
        all.filter(|place| gone.next_if_eq(place).is_none())
            .collect()
    }

    /// The place of a document in the input.
    pub fn place(&self, position: usize) -> Place {
        let entry = &self.documents[position];
        Place {
            file: self.files[entry.file as usize].clone(),
            line: entry.line.map(|line| line as usize),
        }
    }

    /// The bytes of a document's row, as it was in the input or as it was made from a page; `None` for a file of text.
    pub fn row(&self, position: usize) -> Option<Slice> {
        let entry = &self.documents[position];
        match entry.body {
            Body::File => None,
            Body::Row { .. } | Body::Page { .. } | Body::Made(_) => Some(entry.bytes),
        }
    }

    /// The bytes of a document: its row, or the text of a file.
    pub fn bytes(&self, position: usize) -> io::Result<Vec<u8>> {
        self.bytes_of(&self.documents[position])
    }

    fn bytes_of(&self, entry: &Entry) -> io::Result<Vec<u8>> {
        let bytes = self.sources.read(entry.bytes)?;
        self.check_bytes(entry, &bytes)?;
        Ok(bytes)
    }

    /// The text of a document in any of the lists.
    pub fn text_of(&self, entry: &Entry) -> io::Result<String> {
        let bytes = match entry.body {
            Body::Made(made) => self.sources.read(self.made[made as usize]),
            _ => self.bytes_of(entry),
        }?;
        let text = match entry.body {
            Body::File | Body::Made(_) => String::from_utf8(bytes).ok(),
            Body::Row { start, length } | Body::Page { start, length } => {
                let text = bytes.get(start as usize..start as usize + length as usize);
                let text = text.and_then(|text| simdutf8::basic::from_utf8(text).ok());
                text.and_then(unescape).map(Cow::into_owned)
            }
        };
        text.ok_or_else(|| self.sources.note_change(entry.bytes))
    }

    /// Fails if the bytes of a document have changed since they were first read.
    fn check_bytes(&self, entry: &Entry, bytes: &[u8]) -> io::Result<()> {
        match entry.hash {
            Some(first) if first != hash(bytes) => Err(self.sources.note_change(entry.bytes)),
            _ => Ok(()),
        }
    }

    /// The bytes of consecutive rows, with the line ends between them.
    pub fn read_together(
        &self,
        rows: Slice,
        positions: impl Iterator<Item = usize>,
    ) -> io::Result<Vec<u8>> {
        let bytes = self.sources.read(rows)?;
        for position in positions {
            let entry = &self.documents[position];
            let row = entry.bytes.within(rows);
            self.check_bytes(entry, bytes.get(row).unwrap_or_default())?;
        }
        Ok(bytes)
    }

    /// The kept rows of each Parquet file.
    #[cfg(feature = "parquet")]
    pub fn stays(&self, kept: &[bool]) -> Vec<Stays> {
        let mut rows: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
        for (entry, _) in self.documents.iter().zip(kept).filter(|(_, kept)| **kept) {
            if let Some(line) = entry.line {
                rows.entry(entry.file).or_default().push(line as usize - 1);
            }
        }
        let stays = self.tables.iter().map(|table| Stays {
            path: table.path.clone(),
            rows: rows.remove(&table.file).unwrap_or_default(),
        });
        stays.collect()
    }

    /// Could everything be read, and is it unchanged?
    pub fn check(&self) -> Result<(), Error> {
        let changed = |table: &&Copied| {
            let now = File::open(&table.path).ok().and_then(|file| state(&file));
            table.state.is_some() && now != table.state
        };
        if let Some(table) = self.tables.iter().find(changed) {
            return Err(Error::Changed(table.path.clone()));
        }
        self.sources.check()
    }
}

impl Documents for Store {
    fn len(&self) -> usize {
        self.documents.len()
    }

    fn id(&self, position: usize) -> &str {
        &self.documents[position].id
    }

    fn text(&self, position: usize) -> io::Result<Cow<'_, str>> {
        self.text_of(&self.documents[position]).map(Cow::from)
    }

    fn metadata(&self, position: usize) -> io::Result<Metadata> {
        let entry = &self.documents[position];
        let mut row = match entry.body {
            Body::File => Vec::new(),
            Body::Row { .. } | Body::Page { .. } | Body::Made(_) => self.bytes_of(entry)?,
        };
        // The text is not metadata, and it is most of the row: it is not parsed again.
        if let Body::Row { start, length } | Body::Page { start, length } = entry.body {
            let text = start as usize..start as usize + length as usize;
            if row
                .get(text.clone())
                .is_some_and(|text| text.starts_with(b"\""))
            {
                row.splice(text, *b"\"\"");
            }
        }
        let row = String::from_utf8(row).map_err(|_| self.sources.note_change(entry.bytes))?;
        Ok(match entry.body {
            Body::Page { .. } => FieldNames::default().metadata(&row),
            Body::File | Body::Row { .. } | Body::Made(_) => self.fields.metadata(&row),
        })
    }
}

/// The text of a document, or an empty text if it can't be read. For output that is shown only after [`Store::check`] has succeeded.
pub fn text_or_nothing(documents: &dyn Documents, position: usize) -> Cow<'_, str> {
    documents.text(position).unwrap_or_default()
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}:{line}", self.file),
            None => f.write_str(&self.file),
        }
    }
}

impl fmt::Display for Rejected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.reason)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_that_was_changed_in_place_without_its_time_is_told() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let write = |text: &str| std::fs::write(file.path(), text).unwrap();
        write(r#"{"text":"first"}"#);
        let time = file.as_file().metadata().unwrap().modified().unwrap();
        let mut store = Store::default();
        let origin = store.sources.open(file.path(), file.as_file()).unwrap();
        store.documents.push(Entry {
            id: "a".into(),
            file: 0,
            line: Some(1),
            bytes: origin.slice(0, 16),
            hash: Some(hash(br#"{"text":"first"}"#)),
            body: Body::Row {
                start: 8,
                length: 7,
            },
        });
        assert_eq!(store.text(0).unwrap(), "first");
        assert!(store.check().is_ok());
        write(r#"{"text":"other"}"#);
        file.as_file().set_modified(time).unwrap();
        assert!(store.check().is_ok(), "nobody has read it since");
        let error = store.text(0).unwrap_err().to_string();
        assert!(error.contains("was changed while it was read"), "{error}");
        assert!(matches!(store.check(), Err(Error::Changed(_))));
    }
}
