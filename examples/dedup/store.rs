//! How are the documents held? Each by its id and the place of its bytes, which are read when they are asked for.

use std::borrow::Cow;
use std::fmt;

use reprint::{Documents, Metadata};

use crate::failure::Failure;
use crate::metadata::FieldNames;
use crate::source::{Slice, Sources};

/// Everything that was read, and what could not be.
#[derive(Default)]
pub struct Store {
    /// Names of the files.
    pub files: Vec<String>,
    pub documents: Vec<Entry>,
    pub rejected: Vec<Rejected>,
    /// What a person should know, but is no fault of the input.
    pub notes: Vec<String>,
    pub fields: FieldNames,
    pub sources: Sources,
}

/// One document: where it stands in its file.
pub struct Entry {
    pub id: String,
    /// Which of the files.
    pub file: u32,
    /// From 1; none for a whole file.
    pub line: Option<u32>,
    /// The row, or the text of a whole file.
    pub bytes: Slice,
    pub body: Body,
}

/// How a document's bytes are its text.
#[derive(Clone, Copy)]
pub enum Body {
    /// The whole file.
    File,
    /// A JSON row: where in it its text field stands, a JSON string with its quotation marks.
    Row { start: u32, length: u32 },
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
    pub error: String,
}

impl Store {
    /// The number of a file.
    pub fn name(&mut self, file: String) -> u32 {
        self.files.push(file);
        self.files.len() as u32 - 1
    }

    /// Where a document stands.
    pub fn place(&self, position: usize) -> Place {
        let entry = &self.documents[position];
        Place {
            file: self.files[entry.file as usize].clone(),
            line: entry.line.map(|line| line as usize),
        }
    }

    /// The bytes of the input row of a document as it was; none for a file.
    pub fn row(&self, position: usize) -> Option<Slice> {
        let entry = &self.documents[position];
        match entry.body {
            Body::File => None,
            Body::Row { .. } => Some(entry.bytes),
        }
    }

    /// Was all that was asked for read, and read as it was at first?
    pub fn check(&self) -> Result<(), Failure> {
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

    fn text(&self, position: usize) -> Cow<'_, str> {
        let entry = &self.documents[position];
        let bytes = match entry.body {
            Body::File => entry.bytes,
            Body::Row { start, length } => entry.bytes.part(start, length),
        };
        // What is no UTF-8 any more was changed since, which is found out when all is done.
        let text = String::from_utf8(self.sources.read(bytes)).unwrap_or_default();
        match entry.body {
            Body::File => text.into(),
            Body::Row { .. } => unescaped(text).into(),
        }
    }

    fn metadata(&self, position: usize) -> Metadata {
        let row = self.row(position).map(|row| self.sources.read(row));
        let row = row.and_then(|row| String::from_utf8(row).ok());
        row.map(|row| self.fields.metadata(&row))
            .unwrap_or_default()
    }
}

/// The text of a JSON string, in place where it has no escapes.
fn unescaped(mut json: String) -> String {
    if json.contains('\\') {
        return unescape(&json).unwrap_or_default().into_owned();
    }
    json.pop();
    json.drain(..json.len().min(1));
    json
}

/// The text of a JSON string; borrowed where it has no escapes.
pub fn unescape(json: &str) -> Option<Cow<'_, str>> {
    let inner = json.strip_prefix('"')?.strip_suffix('"')?;
    if inner.contains('\\') {
        serde_json::from_str::<String>(json).ok().map(Cow::Owned)
    } else {
        Some(inner.into())
    }
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
        write!(f, "{}: {}", self.place, self.error)
    }
}
