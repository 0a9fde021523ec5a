//! How are the documents held? As the bytes that were read, each text only unescaped when it is asked for.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use reprint::{Documents, Metadata};

use crate::metadata::FieldNames;

/// Everything that was read, and what could not be.
#[derive(Default)]
pub struct Store {
    /// Contents of the files, unpacked.
    pub files: Vec<String>,
    pub documents: Vec<Entry>,
    pub rejected: Vec<Rejected>,
    /// What a person should know, but is no fault of the input.
    pub notes: Vec<String>,
    pub fields: FieldNames,
}

/// One document: where it stands in its file.
pub struct Entry {
    pub id: String,
    pub file: usize,
    pub place: Place,
    pub body: Body,
}

/// How a document's bytes are its text.
pub enum Body {
    /// The whole file.
    File,
    /// A JSON row, with its text field: a JSON string with its quotation marks.
    Row {
        row: Range<usize>,
        text: Range<usize>,
    },
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
    /// The input row of a document as it was; none for a file.
    pub fn row(&self, position: usize) -> Option<&str> {
        let entry = &self.documents[position];
        match &entry.body {
            Body::File => None,
            Body::Row { row, .. } => self.files[entry.file].get(row.clone()),
        }
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
        let file = &self.files[entry.file];
        match &entry.body {
            Body::File => file.into(),
            Body::Row { text, .. } => unescape(&file[text.clone()]).unwrap_or_default(),
        }
    }

    fn metadata(&self, position: usize) -> Metadata {
        let row = self.row(position);
        row.map(|row| self.fields.metadata(row)).unwrap_or_default()
    }
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
