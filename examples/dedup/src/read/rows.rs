//! What documents does a block of JSONL hold? Lines are checked in parallel and are not copied.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use encoding_rs::Encoding;
use memchr::memchr_iter;
use memchr::memmem;
use rayon::prelude::*;
use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::encoding::name;
use super::html;
use super::json::{Found, field, leads_to, strict, unescape};
use super::limits::{LONGEST_ID, Limits, MAX_LISTED};
use super::place::hash;
use super::reason::{Reason, ReasonKind};

/// The rows of a block of lines. Line numbers count from the first line of the block.
#[derive(Default)]
pub struct Rows {
    /// Number of lines.
    pub lines: usize,
    /// Line number, from 0, and row.
    pub rows: Vec<(usize, Row)>,
    /// Line number, and why the line is rejected.
    pub rejected: Vec<(usize, Reason)>,
    /// Number of rejected lines that are not listed.
    pub unlisted: usize,
}

impl Rows {
    fn add(&mut self, parsed: Result<Option<Row>, Reason>) {
        let line = self.lines;
        self.lines += 1;
        match parsed {
            Ok(None) => {}
            Ok(Some(row)) => self.rows.push((line, row)),
            Err(error) if self.rejected.len() < MAX_LISTED => self.rejected.push((line, error)),
            Err(_) => self.unlisted += 1,
        }
    }
}

/// A row of a block. Its ranges are bytes of the block.
pub struct Row {
    pub id: Option<String>,
    pub row: Range<usize>,
    /// Hash of the bytes of the row.
    pub hash: u32,
    pub text: Text,
}

/// The text of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Text {
    /// The range of the text in the block, including its quotation marks.
    Stands(Range<usize>),
    /// A text that is not in the block, but was made from several fields or from HTML.
    Made(String),
}

/// The name of a field that holds text or HTML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextField {
    pub name: String,
    pub is_html: bool,
}

/// Maximum number of fields that a text can be made from.
pub const MOST_TEXTS: usize = 8;

/// Which fields are read, and how long rows may be.
#[derive(Clone, Copy)]
pub struct Fields<'f> {
    pub id: &'f str,
    /// The fields whose texts make up the text of the row, in this order.
    pub texts: &'f [TextField],
    pub most_tags: usize,
    /// The encoding that the rows were converted from; none if the file is in UTF-8.
    pub encoding: Option<&'static Encoding>,
    pub limits: Limits,
}

/// Number of lines that are parsed in parallel at a time: a block may hold millions of lines.
const TOGETHER: usize = 1 << 16;

/// The ranges of the lines, without their line ends.
fn lines(block: &[u8]) -> impl Iterator<Item = Range<usize>> {
    let last = Some(block.len()).filter(|_| !block.ends_with(b"\n"));
    let mut start = 0;
    memchr_iter(b'\n', block).chain(last).map(move |end| {
        let line = start..end;
        start = end + 1;
        line
    })
}

impl Fields<'_> {
    /// Reads the rows of a block of whole lines.
    pub fn rows(self, block: &[u8]) -> Rows {
        let mut found = Rows::default();
        let mut lines = lines(block);
        loop {
            let together = lines.by_ref().take(TOGETHER).collect::<Vec<_>>();
            if together.is_empty() {
                return found;
            }
            let parsed = together
                .into_par_iter()
                .map(|range| self.row(block, range))
                .collect::<Vec<_>>();
            for parsed in parsed {
                found.add(parsed);
            }
        }
    }

    /// Parses the row in this range of the block; none if the line is blank.
    fn row(self, block: &[u8], range: Range<usize>) -> Result<Option<Row>, Reason> {
        if let Some(error) = self.limits.too_long(range.len() as u64) {
            return Err(error);
        }
        let line = &block[range];
        let line = simdutf8::compat::from_utf8(line)
            .map_err(|error| self.fault(&line[..error.valid_up_to()]))?;
        let bare = line
            .strip_prefix('\u{FEFF}')
            .unwrap_or(line)
            .trim_matches([' ', '\t', '\r']);
        if bare.is_empty() {
            return Ok(None);
        }
        let found = self.parse(bare).or_else(|error| match strict(bare) {
            Cow::Borrowed(_) => Err(error),
            Cow::Owned(strict) => self.parse(&strict),
        });
        let found = found.map_err(|error| {
            ReasonKind::Malformed.because(format!("not a JSON object: {error}"))
        })?;
        let id = found.id.map(|id| &bare[id]);
        let values = found.texts.map(|text| text.map(|text| &bare[text]));
        let text = self.text(bare, values)?;
        if u32::try_from(bare.len()).is_err() {
            let text = "the row is longer than 4 GB; split it";
            return Err(ReasonKind::TooLarge.because(text));
        }
        let start = |part: &str| part.as_ptr() as usize - block.as_ptr() as usize;
        let span = |part: &str| start(part)..start(part) + part.len();
        Ok(Some(Row {
            id: self.id(id)?,
            row: span(bare),
            hash: hash(bare.as_bytes()),
            text: match text {
                Value::Stands(text) => Text::Stands(span(text)),
                Value::Made(text) => Text::Made(text),
            },
        }))
    }

    /// The text of a row, from the values of its text fields.
    fn text<'r>(self, row: &str, values: Values<&'r str>) -> Result<Value<'r>, Reason> {
        if let ([TextField { is_html: false, .. }], Some(text)) = (self.texts, values[0]) {
            self.unescaped(&self.texts[0], text)?;
            return Ok(Value::Stands(text));
        }
        let mut parts = Vec::new();
        for (field, value) in self.texts.iter().zip(values) {
            let Some(value) = value.filter(|&value| value != "null") else {
                continue;
            };
            let part = self.unescaped(field, value)?;
            let part = match field.is_html {
                true => html::fragment(&part, self.most_tags)
                    .map_err(|reason| reason.in_part(&format!("the field {:?}", field.name)))?,
                false => part.into_owned(),
            };
            parts.push(part);
        }
        if parts.is_empty() {
            let wanted: Vec<String> = self
                .texts
                .iter()
                .map(|field| format!("{:?}", field.name))
                .collect();
            return Err(ReasonKind::Field.because(format!(
                "the row has no field {}; it has {}: name the one that holds the text with --text-field",
                wanted.join(" or "),
                names(row)
            )));
        }
        parts.retain(|part| !part.is_empty());
        let text = parts.join("\n\n");
        Ok(Value::Made(text))
    }

    /// The text of a JSON string, or why the value is not one.
    fn unescaped<'r>(self, field: &TextField, value: &'r str) -> Result<Cow<'r, str>, Reason> {
        if value.starts_with('"')
            && memmem::find(value.as_bytes(), b"\\u").is_none()
            && !field.is_html
            && self.texts.len() == 1
        {
            return Ok(value.into());
        }
        let kind = match value.as_bytes().first() {
            Some(b'"') => {
                return unescape(value).ok_or_else(|| {
                    let text = format!("the field {:?} is not a valid JSON string", field.name);
                    ReasonKind::Malformed.because(text)
                });
            }
            Some(b'n') => "null",
            Some(b'[') => "a list",
            Some(b'{') => "an object",
            Some(b't' | b'f') => "true or false",
            _ => "a number",
        };
        Err(ReasonKind::Field.because(format!(
            "the field {:?} is {kind}, and a text is a string; name another field with --text-field",
            field.name
        )))
    }

    /// The ranges of the id and of the texts in a row.
    fn parse(self, row: &str) -> serde_json::Result<Places> {
        let mut json = serde_json::Deserializer::from_str(row);
        let found = json.deserialize_map(self)?;
        json.end()?;
        let place = |part: &str| {
            let start = part.as_ptr() as usize - row.as_ptr() as usize;
            start..start + part.len()
        };
        Ok(Places {
            id: found.id.found().map(place),
            texts: found.texts.map(|text| text.found().map(place)),
        })
    }

    /// Why a row is rejected that is not valid in its encoding; `good` are the bytes before the fault.
    fn fault(self, good: &[u8]) -> Reason {
        let text = match self.encoding {
            None => {
                let at = good.len();
                format!(
                    "not UTF-8 at byte {at} of the row; convert it to UTF-8 first, or name the file's encoding with --encoding"
                )
            }
            Some(encoding) => {
                let characters = String::from_utf8_lossy(good).chars().count();
                format!(
                    "not {} after character {characters} of the row, as the file is; repair the row, or name the file's encoding with --encoding",
                    name(encoding)
                )
            }
        };
        ReasonKind::Encoding.because(text)
    }

    /// The id: the text of a string, or the digits of a number.
    fn id(self, json: Option<&str>) -> Result<Option<String>, Reason> {
        let number = |json: &str| json.starts_with(|c: char| c == '-' || c.is_ascii_digit());
        let id = match json {
            // An empty id would be the same id for all rows that have none.
            None | Some("null" | "\"\"") => return Ok(None),
            // NaN or Infinity. `strict` replaced it by the two quotation marks of an empty string, so the range has two
            // characters.
            Some("Na" | "In" | "-I") => return Ok(None),
            Some(json) if number(json) => json.to_owned(),
            Some(json) => unescape(json).map(Cow::into_owned).ok_or_else(|| {
                let text = format!("the field {:?} is neither a string nor a number", self.id);
                ReasonKind::Id.because(text)
            })?,
        };
        match id.len() {
            0..=LONGEST_ID => Ok(Some(id)),
            length => Err(ReasonKind::Id.because(format!(
                "the field {:?} is {length} bytes long, an id has at most {LONGEST_ID}; name another field with --id-field",
                self.id
            ))),
        }
    }
}

/// The names of a row's fields, as many as fit on a line.
fn names(row: &str) -> String {
    const CHARACTERS: usize = 60;
    let row = strict(row);
    let mut fields = serde_json::Deserializer::from_str(&row);
    let names = fields.deserialize_map(Names).unwrap_or_default();
    let mut out = String::new();
    for (number, name) in names.iter().enumerate() {
        let comma = if number > 0 { ", " } else { "" };
        if number > 0 && out.chars().count() + name.chars().count() > CHARACTERS {
            return out + ", ...";
        }
        out += &format!(
            "{comma}{:?}",
            name.chars().take(CHARACTERS).collect::<String>()
        );
    }
    if names.is_empty() {
        out += "none";
    }
    out
}

/// Reads the names of a row's fields.
struct Names;

impl<'r> Visitor<'r> for Names {
    type Value = Vec<String>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'r>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut names = Vec::new();
        while let Some((name, _)) = map.next_entry::<String, IgnoredAny>()? {
            names.push(name);
        }
        Ok(names)
    }
}

/// One value for each text field.
type Values<T> = [Option<T>; MOST_TEXTS];

/// The text of a row: raw JSON of the row, or a text that was made.
enum Value<'r> {
    Stands(&'r str),
    Made(String),
}

/// Ranges of the id and of the texts in a row.
struct Places {
    id: Option<Range<usize>>,
    texts: Values<Range<usize>>,
}

/// The values of the id field and of the text fields, as raw JSON.
#[derive(Default)]
pub struct RawFields<'r> {
    id: Sought<'r>,
    texts: [Sought<'r>; MOST_TEXTS],
}

/// What was found for a path: the field of this name, or a field within an object.
#[derive(Clone, Copy, Default)]
struct Sought<'r> {
    itself: Option<&'r str>,
    within: Option<&'r str>,
}

impl<'r> Sought<'r> {
    /// Takes the value of a field if the field is at the path or contains it.
    fn look(&mut self, name: &str, path: &str, value: &'r str) {
        match leads_to(name, path) {
            Some(Found::Itself) => self.itself = Some(value),
            Some(Found::Within) => {
                self.within = self.within.or(field(value, &path[name.len() + 1..]));
            }
            None => {}
        }
    }

    fn found(self) -> Option<&'r str> {
        self.itself.or(self.within)
    }
}

impl<'r> Visitor<'r> for Fields<'_> {
    type Value = RawFields<'r>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'r>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut found = RawFields::default();
        while let Some(name) = map.next_key::<Cow<'_, str>>()? {
            let wanted = |path: &str| leads_to(&name, path).is_some();
            if !wanted(self.id) && !self.texts.iter().any(|field| wanted(&field.name)) {
                map.next_value::<IgnoredAny>()?;
                continue;
            }
            let value = map.next_value::<&RawValue>()?.get();
            found.id.look(&name, self.id, value);
            for (text, field) in found.texts.iter_mut().zip(self.texts) {
                text.look(&name, &field.name, value);
            }
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_row_is_rejected_and_those_around_it_are_read() {
        let fields = Fields {
            id: "id",
            texts: &[TextField {
                name: "text".into(),
                is_html: false,
            }],
            most_tags: 0,
            encoding: None,
            limits: Limits::new(Some(16 * 39)),
        };
        let block = [
            r#"{"text": "\u4e00\u4e8c"}"#,
            r#"{"text": "plain"}"#,
            r#"{"text": "one of forty bytes with this"}"#,
        ];
        let rows = fields.rows(block.join("\n").as_bytes());
        assert_eq!(rows.rows.len(), 2);
        assert_eq!((rows.lines, rows.rejected.len()), (3, 1));
        assert!(rows.rejected[0].1.text.starts_with("40 bytes long"));
    }
}
