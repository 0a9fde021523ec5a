//! Where does a record of separated fields end? At a line end outside quotation marks. A missing closing mark would make all
//! that follows part of the field. So a field must be closed within a limit, and before a delimiter or a line end; otherwise
//! its line is rejected.

use std::borrow::Cow;
use std::ops::Range;

use memchr::{memchr, memchr2};

/// Maximum number of fields of a record. The rest of its line is skipped, because no header has so many names.
const MOST_FIELDS: usize = 1 << 16;

/// What was found at the start of some bytes.
#[derive(Debug, PartialEq)]
pub enum Found {
    /// A record, and its length in bytes with its line end.
    Record(Vec<Field>, usize),
    /// A quotation mark is not closed: the number of its field, from 1, and the length in bytes of the first line.
    Unclosed(usize, usize),
    /// The end of the record is not among the bytes.
    Unfinished,
}

/// A field of a record.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// The range of the field, without the quotation marks around it.
    pub range: Range<usize>,
    /// Whether it contains doubled quotation marks; each pair means one mark.
    pub doubled: bool,
}

impl Field {
    pub fn text<'r>(&self, record: &'r str) -> Cow<'r, str> {
        let text = record.get(self.range.clone()).unwrap_or_default();
        if self.doubled {
            text.replace("\"\"", "\"").into()
        } else {
            text.into()
        }
    }
}

/// What follows a field.
enum After {
    Field(usize),
    End(usize),
    Unclosed,
    Unfinished,
}

/// The record at the start of `bytes`; `ended` if nothing follows them. A quoted field longer than `longest` counts as not
/// closed.
pub fn record(bytes: &[u8], delimiter: u8, ended: bool, longest: usize) -> Found {
    let mut fields = Vec::new();
    let mut at = 0;
    loop {
        let (field, after) = match bytes.get(at) {
            Some(b'"') => match quoted(bytes, at, delimiter, ended) {
                (field, _) if field.range.len() > longest => (field, After::Unclosed),
                other => other,
            },
            _ => bare(bytes, at, delimiter, ended),
        };
        fields.push(field);
        if fields.len() == MOST_FIELDS {
            let line = memchr(b'\n', bytes).map_or(bytes.len(), |end| end + 1);
            return Found::Record(fields, line);
        }
        match after {
            After::Field(next) => at = next,
            After::End(length) => return Found::Record(fields, length),
            After::Unfinished => return Found::Unfinished,
            After::Unclosed => {
                let line = memchr(b'\n', bytes).map_or(bytes.len(), |end| end + 1);
                return Found::Unclosed(fields.len(), line);
            }
        }
    }
}

/// A field without quotation marks around it.
fn bare(bytes: &[u8], start: usize, delimiter: u8, ended: bool) -> (Field, After) {
    let field = |end: usize| Field {
        range: start..end,
        doubled: false,
    };
    let rest = bytes.get(start..).unwrap_or_default();
    match memchr2(delimiter, b'\n', rest).map(|at| start + at) {
        Some(at) if bytes[at] == delimiter => (field(at), After::Field(at + 1)),
        Some(at) => (field(before_return(bytes, start, at)), After::End(at + 1)),
        None if ended => {
            let end = before_return(bytes, start, bytes.len());
            (field(end), After::End(bytes.len()))
        }
        None => (field(bytes.len()), After::Unfinished),
    }
}

/// The end of a line without the carriage return that some systems add.
fn before_return(bytes: &[u8], start: usize, end: usize) -> usize {
    if end > start && bytes[end - 1] == b'\r' {
        end - 1
    } else {
        end
    }
}

/// A field between quotation marks. The first mark is at `mark`.
fn quoted(bytes: &[u8], mark: usize, delimiter: u8, ended: bool) -> (Field, After) {
    let mut doubled = false;
    let mut from = mark + 1;
    let close = loop {
        let rest = bytes.get(from..).unwrap_or_default();
        let close = memchr(b'"', rest).map(|at| from + at);
        match close {
            Some(close) if bytes.get(close + 1) == Some(&b'"') => {
                doubled = true;
                from = close + 2;
            }
            other => break other,
        }
    };
    let field = Field {
        range: mark + 1..close.unwrap_or(bytes.len()),
        doubled,
    };
    let after = match close {
        Some(close) => behind_mark(bytes, close + 1, delimiter, ended),
        None if ended => After::Unclosed,
        None => After::Unfinished,
    };
    (field, after)
}

/// What follows the mark that closes a field.
fn behind_mark(bytes: &[u8], at: usize, delimiter: u8, ended: bool) -> After {
    match bytes.get(at..).unwrap_or_default() {
        [b'\n', ..] => After::End(at + 1),
        [b'\r', b'\n', ..] => After::End(at + 2),
        [first, ..] if *first == delimiter => After::Field(at + 1),
        [] | [b'\r'] if ended => After::End(bytes.len()),
        [] | [b'\r'] => After::Unfinished,
        _ => After::Unclosed,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn all(text: &str, delimiter: u8) -> Vec<Vec<String>> {
        let (mut rest, mut records) = (text, Vec::new());
        while let Found::Record(fields, length) = record(rest.as_bytes(), delimiter, true, 99) {
            let texts = fields.iter().map(|field| field.text(rest).into_owned());
            let texts: Vec<String> = texts.collect();
            if texts != [""] || rest.starts_with('"') {
                records.push(texts);
            }
            rest = &rest[length..];
            if rest.is_empty() {
                break;
            }
        }
        records
    }

    #[test]
    fn line_ends_delimiters_and_marks_may_stand_between_marks() {
        let text = "a,\"one\r\ntwo, \"\"three\"\"\",c\r\n\"\",,\n";
        let expected = [["a", "one\r\ntwo, \"three\"", "c"], ["", "", ""]];
        assert_eq!(all(text, b','), expected);
    }

    #[test]
    fn a_mark_that_is_not_closed_before_a_delimiter_is_unclosed() {
        let found = record(b"1,\"open\n2,\"closed\"\n", b',', true, 99);
        assert_eq!(found, Found::Unclosed(2, 8));
        assert_eq!(
            record(b"1,\"open\n2,3\n", b',', false, 99),
            Found::Unfinished
        );
        assert_eq!(
            record(b"1,\"open\n2,3\n", b',', true, 99),
            Found::Unclosed(2, 8)
        );
        assert_eq!(
            record(b"\"a\" b,c\n", b',', true, 99),
            Found::Unclosed(1, 8)
        );
    }

    #[test]
    fn a_record_whose_end_is_not_there_yet_is_unfinished() {
        let whole = b"a,\"b\"\"c\"\r\n";
        for cut in 1..whole.len() {
            assert_eq!(
                record(&whole[..cut], b',', false, 99),
                Found::Unfinished,
                "{cut}"
            );
        }
    }

    proptest! {
        /// The `csv` crate reads the same fields from its own output, and from bare fields with marks inside.
        #[test]
        fn records_are_those_of_another_reader(
            rows in prop::collection::vec(prop::collection::vec("[a\",;\n 字]{0,5}", 3), 0..6),
            bare in "[a, ]{1,3}x\"[a\"]{0,3}",
        ) {
            let mut writer = csv::Writer::from_writer(Vec::new());
            for row in &rows {
                writer.write_record(row).unwrap();
            }
            let text = String::from_utf8(writer.into_inner().unwrap()).unwrap() + &bare + "\n";
            let mut reader = csv::ReaderBuilder::new();
            reader.has_headers(false).flexible(true);
            let other = reader.from_reader(text.as_bytes()).into_records();
            let other: Vec<Vec<String>> = other
                .map(|row| row.unwrap().iter().map(str::to_owned).collect())
                .collect();
            prop_assert_eq!(all(&text, b','), other);
        }
    }
}
