//! How is JSON read that strict parsers refuse? Programs write `NaN`, and cut a text inside a character.

use std::borrow::Cow;
use std::fmt;

use memchr::memchr;
use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

/// Numbers that JSON cannot express, as Python and JavaScript write them.
pub const NO_NUMBERS: [&str; 3] = ["-Infinity", "Infinity", "NaN"];

/// The row as strict JSON of the same length. Numbers that JSON cannot express become empty strings, which count as missing.
/// Borrowed if the row has no such numbers.
pub fn strict(row: &str) -> Cow<'_, str> {
    let mut out = String::new();
    let (mut copied, mut at, mut inside) = (0, 0, false);
    let bytes = row.as_bytes();
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'\\' if inside => at += 1,
            b'"' => inside = !inside,
            b'N' | b'I' | b'-' if !inside => {
                let word = NO_NUMBERS
                    .iter()
                    .find(|word| bytes[at..].starts_with(word.as_bytes()));
                if let Some(word) = word {
                    out += &row[copied..at];
                    out += &format!("{:width$}", "\"\"", width = word.len());
                    at += word.len();
                    copied = at;
                    continue;
                }
            }
            _ => {}
        }
        at += 1;
    }
    if copied == 0 {
        return row.into();
    }
    (out + &row[copied..]).into()
}

/// The text of a string in valid JSON; borrowed if it has no escapes. An unpaired surrogate, left by a program that cut a
/// text inside a character, becomes U+FFFD. None if the JSON is not a string.
pub fn unescape(json: &str) -> Option<Cow<'_, str>> {
    let mut rest = json.strip_prefix('"')?.strip_suffix('"')?;
    let Some(mut at) = memchr(b'\\', rest.as_bytes()) else {
        return Some(rest.into());
    };
    let mut text = String::with_capacity(rest.len());
    loop {
        text.push_str(&rest[..at]);
        let (c, length) = escaped(&rest.as_bytes()[at + 1..])?;
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

/// The character of an escape, and the length of the escape without its backslash.
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
        b'u' => {
            let first = four_digits(bytes.get(1..5)?)?;
            return Some(char::from_u32(first).map_or_else(|| surrogate(first, bytes), |c| (c, 5)));
        }
        _ => return None,
    };
    Some((c, 1))
}

/// The character of a surrogate pair. `first` is the first of the pair; its second may follow in the bytes.
fn surrogate(first: u32, bytes: &[u8]) -> (char, usize) {
    let second = bytes
        .get(5..11)
        .and_then(|next| four_digits(next.strip_prefix(b"\\u")?));
    match char::decode_utf16([first as u16, second.unwrap_or_default() as u16]).next() {
        Some(Ok(c)) => (c, 11),
        _ => (char::REPLACEMENT_CHARACTER, 5),
    }
}

fn four_digits(hex: &[u8]) -> Option<u32> {
    let digit = |&byte: &u8| char::from(byte).to_digit(16);
    hex.iter()
        .try_fold(0, |cp, byte| Some(cp << 4 | digit(byte)?))
}

/// The value of a field of a row, as JSON. `a.b` is the field `b` of the object in the field `a`, unless the row itself has
/// a field named `a.b`. If two fields have the same name, the later one counts. None if there is no such field, or if the
/// row is not an object.
pub fn field<'r>(row: &'r str, path: &str) -> Option<&'r str> {
    let mut json = serde_json::Deserializer::from_str(row);
    json.deserialize_map(Path(path)).ok().flatten()
}

/// Whether a field of this name is at the path, or is an object that may contain it.
pub fn leads_to(name: &str, path: &str) -> Option<Found> {
    match path.strip_prefix(name)? {
        "" => Some(Found::Itself),
        rest => rest.starts_with('.').then_some(Found::Within),
    }
}

/// Where the value at a path is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    Itself,
    Within,
}

struct Path<'p>(&'p str);

impl<'r> Visitor<'r> for Path<'_> {
    type Value = Option<&'r str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'r>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let (mut itself, mut within) = (None, None);
        while let Some(name) = map.next_key::<Cow<'_, str>>()? {
            match leads_to(&name, self.0) {
                None => {
                    map.next_value::<IgnoredAny>()?;
                }
                Some(Found::Itself) => itself = Some(map.next_value::<&RawValue>()?.get()),
                Some(Found::Within) => {
                    let value = map.next_value::<&RawValue>()?.get();
                    within = within.or(field(value, &self.0[name.len() + 1..]));
                }
            }
        }
        Ok(itself.or(within))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_number_becomes_an_empty_string_of_the_same_length() {
        let row = r#"{"a": NaN, "b":[-Infinity,1,Infinity], "NaN": "a \" NaN -Infinity", "c": -5}"#;
        let expected =
            r#"{"a": "" , "b":[""       ,1,""      ], "NaN": "a \" NaN -Infinity", "c": -5}"#;
        assert_eq!(strict(row), expected);
        assert_eq!(row.len(), expected.len());
    }

    #[test]
    fn strict_rows_and_broken_ones_stay() {
        for row in [
            r#"{"a": "NaN", "b": -1}"#,
            r#"{"a": "NaN"#,
            "",
            r#"{"a": Nan}"#,
            "\"\\",
        ] {
            assert!(
                matches!(strict(row), Cow::Borrowed(same) if same == row),
                "{row}"
            );
        }
    }

    #[test]
    fn half_of_a_pair_of_surrogates_is_one_replacement_character() {
        for (json, text) in [
            (r#""cut \ud83d""#, "cut \u{FFFD}"),
            (r#""\ude00 cut""#, "\u{FFFD} cut"),
            (r#""\ud83d\ud83d\ude00""#, "\u{FFFD}😀"),
            (r#""\ud83d\n\ud83dx""#, "\u{FFFD}\n\u{FFFD}x"),
        ] {
            assert_eq!(unescape(json).as_deref(), Some(text), "{json}");
        }
    }

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
                let Ok(slow) = serde_json::from_str::<String>(&json) else {
                    continue;
                };
                assert_eq!(unescape(&json).as_deref(), Some(slow.as_str()), "{json}");
            }
        }
        for other in ["", "1", "null", "[\"a\"]"] {
            assert_eq!(unescape(other), None, "{other}");
        }
    }

    #[test]
    fn a_path_finds_the_field_itself_or_one_within() {
        let row = r#"{"a": {"b": {"c": 1}, "b.c": 2}, "d.e": "x", "d": {"e": "y"}, "l": [1]}"#;
        for (path, value) in [
            ("a.b", Some(r#"{"c": 1}"#)),
            ("a.b.c", Some("2")),
            ("d.e", Some(r#""x""#)),
            ("d", Some(r#"{"e": "y"}"#)),
            ("a.x", None),
            ("l.0", None),
            ("", None),
        ] {
            assert_eq!(field(row, path), value, "{path}");
        }
        assert_eq!(field("[1]", "a"), None);
    }
}
