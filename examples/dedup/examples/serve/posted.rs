//! Which documents are in a body?

use axum::http::StatusCode;
use reprint::{Document, Metadata};
use serde_json::{Map, Value};

use crate::refusal::Refusal;

/// The fields of a document. Others are refused: a misspelt one would be lost without a word.
const FIELDS: [&str; 4] = ["id", "text", "date", "source"];

/// The documents of a request.
#[derive(Debug)]
pub struct Posted {
    pub documents: Vec<Document>,
    /// Is the body a list? The answer has the same shape.
    pub is_list: bool,
}

impl Posted {
    /// Reads a body: an object, or a list of objects.
    pub fn parse(body: &[u8]) -> Result<Self, Refusal> {
        let value: Value = serde_json::from_slice(body).map_err(|error| {
            let place = format!("line {}, column {}", error.line(), error.column());
            bad("the body is no JSON; send a document, or a list of documents, in UTF-8").at(place)
        })?;
        match value {
            Value::Array(list) => {
                let documents = list.into_iter().enumerate();
                let documents =
                    documents.map(|(position, one)| document(one, &format!("/{position}")));
                Ok(Self {
                    documents: documents.collect::<Result<_, _>>()?,
                    is_list: true,
                })
            }
            one => Ok(Self {
                documents: vec![document(one, "")?],
                is_list: false,
            }),
        }
    }
}

fn document(value: Value, place: &str) -> Result<Document, Refusal> {
    let Value::Object(mut fields) = value else {
        return Err(bad("a document must be an object with \"id\" and \"text\"").at(place));
    };
    if let Some(other) = fields.keys().find(|name| !FIELDS.contains(&name.as_str())) {
        let error = format!("documents have no field {other:?}; they have {FIELDS:?}");
        return Err(bad(error).at(format!("{place}/{}", escaped(other))));
    }
    let id = required(&mut fields, "id", place)?;
    if id.is_empty() {
        return Err(bad("the id is empty; give each document its own").at(format!("{place}/id")));
    }
    let text = required(&mut fields, "text", place)?;
    let metadata = Metadata {
        date: optional(&mut fields, "date", place)?,
        source: optional(&mut fields, "source", place)?,
        other: Vec::new(),
    };
    Ok(Document::new(id, text).with_metadata(metadata))
}

fn required(fields: &mut Map<String, Value>, name: &str, place: &str) -> Result<String, Refusal> {
    match fields.remove(name) {
        Some(Value::String(text)) => Ok(text),
        Some(_) => Err(bad(format!("{name:?} must be a string")).at(format!("{place}/{name}"))),
        None => Err(bad(format!("the field {name:?} is missing")).at(place)),
    }
}

/// A field that may be missing or null.
fn optional(
    fields: &mut Map<String, Value>,
    name: &str,
    place: &str,
) -> Result<Option<String>, Refusal> {
    match fields.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(_) => required(fields, name, place).map(Some),
    }
}

fn bad(error: impl Into<String>) -> Refusal {
    Refusal::new(StatusCode::BAD_REQUEST, error)
}

/// A name in a JSON pointer (RFC 6901).
fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_document_and_a_list_are_read() {
        let one = Posted::parse(br#"{"id":"a","text":"One","date":"2026-11-27","source":null}"#);
        let one = one.unwrap();
        assert!(!one.is_list);
        assert_eq!(
            one.documents[0].metadata.date.as_deref(),
            Some("2026-11-27")
        );
        assert_eq!(one.documents[0].metadata.source, None);
        let list = Posted::parse(br#"[{"id":"a","text":""}]"#).unwrap();
        assert_eq!((list.documents.len(), list.is_list), (1, true));
        assert!(Posted::parse(b"[]").unwrap().documents.is_empty());
    }

    #[test]
    fn every_bad_body_is_refused_with_its_place() {
        let cases: [(&[u8], &str); 9] = [
            (b"{\"id\":", "line 1, column 6"),
            (b"\"\xff\"", "line 1, column 2"),
            (b"[[\"a\",\"One\"]]", "/0"),
            (b"7", ""),
            (br#"{"id":"a"}"#, ""),
            (br#"{"id":"","text":""}"#, "/id"),
            (br#"[{"id":"a","text":""},{"id":7,"text":""}]"#, "/1/id"),
            (br#"{"id":"a","text":"","date":2026}"#, "/date"),
            (br#"{"id":"a","text":"","a/b":1}"#, "/a~1b"),
        ];
        for (body, place) in cases {
            let refusal = Posted::parse(body).unwrap_err();
            let body = String::from_utf8_lossy(body);
            assert_eq!(refusal.status, StatusCode::BAD_REQUEST, "{body}");
            assert_eq!(refusal.place.as_deref(), Some(place), "{body}");
        }
    }
}
