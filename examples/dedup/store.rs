//! How are the documents held? As the bytes that were read, each text only unescaped when it is asked for.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use memchr::memchr;
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

/// The text of a string in valid JSON; borrowed where it has no escapes. None for what is no string, or has half a pair of
/// surrogates.
pub fn unescape(json: &str) -> Option<Cow<'_, str>> {
    let mut rest = json.strip_prefix('"')?.strip_suffix('"')?;
    let Some(mut at) = memchr(b'\\', rest.as_bytes()) else {
        return Some(rest.into());
    };
    let mut text = String::with_capacity(rest.len());
    loop {
        text.push_str(&rest[..at]);
        let Some((c, length)) = escaped(&rest.as_bytes()[at + 1..]) else {
            return serde_json::from_str::<String>(json).ok().map(Cow::Owned);
        };
        text.push(c);
        rest = &rest[at + 1 + length..];
        match memchr(b'\\', rest.as_bytes()) {
            Some(next) => at = next,
            None => break,
        }
    }
    text.push_str(rest);
    Some(text.into())
}

/// The character that an escape stands for, and its length without the backslash; none for a surrogate.
#[inline]
fn escaped(bytes: &[u8]) -> Option<(char, usize)> {
    let c = match bytes.first()? {
        b'n' => '\n',
        b'"' => '"',
        b'\\' => '\\',
        b'/' => '/',
        b't' => '\t',
        b'r' => '\r',
        b'b' => '\u{8}',
        b'f' => '\u{C}',
        b'u' => return Some((four_digits(bytes.get(1..5)?)?, 5)),
        _ => return None,
    };
    Some((c, 1))
}

fn four_digits(hex: &[u8]) -> Option<char> {
    let digit = |&byte: &u8| char::from(byte).to_digit(16);
    let cp = hex
        .iter()
        .try_fold(0, |cp, byte| Some(cp << 4 | digit(byte)?))?;
    char::from_u32(cp)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_string_is_unescaped_as_serde_json_does_it() {
        let pieces = [
            "a",
            "字",
            "\\n",
            "\\\"",
            "\\\\",
            "\\/",
            "\\b",
            "\\f",
            "\\r",
            "\\t",
            "\\u4e2d",
            "\\u0041",
            "\\u00E9",
            "\\ud83d\\ude00",
            "\\ud83d",
            "\\ude00",
            "\\u0000",
            "",
        ];
        for (first, second) in pieces
            .iter()
            .flat_map(|a| pieces.iter().map(move |b| (a, b)))
        {
            for json in [
                format!("\"{first}{second}\""),
                format!("\"{first}zwischen{second}.\""),
            ] {
                let slow = serde_json::from_str::<String>(&json).ok();
                assert_eq!(unescape(&json).map(Cow::into_owned), slow, "{json}");
            }
        }
        for other in ["", "1", "null", "[\"a\"]"] {
            assert_eq!(unescape(other), None, "{other}");
        }
    }
}
