//! How are the documents held? Each by its id and the place of its bytes, which are read when they are asked for.

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

/// Everything that was read, and what could not be.
#[derive(Default)]
pub struct Store {
    /// Names of the files.
    pub files: Vec<String>,
    pub documents: Vec<Entry>,
    /// Documents that were set aside, each with its place in the input, in ascending order.
    pub gone: Vec<(usize, Entry)>,
    pub rejected: Vec<Rejected>,
    /// What a person should know, but is no fault of the input.
    pub notes: Vec<String>,
    /// How many files (of archives, pages) were in each encoding.
    pub encodings: BTreeMap<&'static str, usize>,
    pub fields: FieldNames,
    pub sources: Sources,
    /// Texts that were made of fields of rows.
    pub made: Vec<Slice>,
    /// Is any Parquet file among the inputs, read or not?
    pub has_parquet: bool,
    /// Those whose rows that stay are copied.
    pub tables: Vec<Copied>,
    /// Files of separated fields whose rows that stay are written as such.
    pub separated: Option<Separated>,
}

/// Files of separated fields with the same columns.
pub struct Separated {
    pub columns: Vec<String>,
    /// Numbers of the files.
    pub files: HashSet<u32>,
}

/// A file that is read a second time, if it is still as it was.
pub struct Copied {
    /// Which of the files.
    #[cfg(feature = "parquet")]
    pub file: u32,
    pub path: PathBuf,
    pub state: Option<(u64, SystemTime)>,
}

/// A Parquet file and those of its rows that stay, counted from its first, in their order.
#[cfg(feature = "parquet")]
pub struct Stays {
    pub path: PathBuf,
    pub rows: Vec<usize>,
}

/// One document: where it stands in its file.
pub struct Entry {
    /// Short ones lie within.
    pub id: CompactString,
    /// Which of the files.
    pub file: u32,
    /// From 1; none for a whole file.
    pub line: Option<u32>,
    /// The row, or the text of a whole file.
    pub bytes: Slice,
    /// Of a row that is read where it stands, where somebody may change it.
    pub hash: Option<u32>,
    pub body: Body,
}

/// How a document's bytes are its text.
#[derive(Clone, Copy)]
pub enum Body {
    /// The whole file.
    File,
    /// A JSON row: where in it its text field stands, a JSON string with its quotation marks.
    Row { start: u32, length: u32 },
    /// The same, of a row that was made here and has our own names of the fields.
    Page { start: u32, length: u32 },
    /// A JSON row whose text stands nowhere in it: which of the texts that were made.
    Made(u32),
}

/// Where something was found, as a person would say it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub file: String,
    /// From 1; none for a whole file.
    pub line: Option<usize>,
}

pub struct Rejected {
    pub place: Place,
    pub reason: Reason,
}

/// Documents with the least keys are a sample's.
pub fn sample_key(id: &str) -> u64 {
    xxh3_64(id.as_bytes())
}

impl Store {
    /// The number of a file.
    pub fn name(&mut self, file: String) -> u32 {
        self.files.push(file);
        self.files.len() as u32 - 1
    }

    /// Keeps a text that was made; gives its number.
    pub fn make(&mut self, text: &str) -> io::Result<u32> {
        let origin = self.sources.keep(text.as_bytes())?;
        // No text is nearly as long as 4 GB.
        self.made.push(origin.slice(0, text.len() as u32));
        Ok(self.made.len() as u32 - 1)
    }

    /// The bytes that the text of a document takes where it stands.
    pub fn text_length(&self, entry: &Entry) -> u64 {
        match entry.body {
            Body::File => entry.bytes.len() as u64,
            Body::Row { length, .. } | Body::Page { length, .. } => u64::from(length),
            Body::Made(made) => self.made[made as usize].len() as u64,
        }
    }

    /// Leaves so many documents, chosen by their ids alone: in whatever order they come, the same ones.
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

    /// Takes out the documents that go, in the order of the input; the others move up.
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

    /// Where a document stands.
    pub fn place(&self, position: usize) -> Place {
        let entry = &self.documents[position];
        Place {
            file: self.files[entry.file as usize].clone(),
            line: entry.line.map(|line| line as usize),
        }
    }

    /// The bytes of the row of a document as it was, or as it was made of a page; none for a file of text.
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

    /// The text of a document, wherever it is listed.
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

    /// Fails where the bytes of a document are others than at first.
    fn check_bytes(&self, entry: &Entry, bytes: &[u8]) -> io::Result<()> {
        match entry.hash {
            Some(first) if first != hash(bytes) => Err(self.sources.note_change(entry.bytes)),
            _ => Ok(()),
        }
    }

    /// The bytes of rows that follow each other, with line ends between them.
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

    /// The rows of each Parquet file that stay.
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

    /// Was all that was asked for read, and read as it was at first?
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
        // The text is no metadata, and most of the row: it is not read again.
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

/// The text of a document; nothing where it can't be read, for what is shown only after [`Store::check`] has found nothing wrong.
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
