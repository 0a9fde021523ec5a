//! Which annotation does each row get, if no row is removed?

use std::collections::HashSet;
use std::io;

use memchr::memmem;
use reprint::Documents;
use reprint::report::{Cluster, Report};
use serde::Serialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::read::json::{NO_NUMBERS, strict};
use crate::store::Store;

/// The name of the field that each row gets.
pub const FIELD: &str = "reprint";

/// The annotations of all documents.
pub struct Annotations<'r> {
    store: &'r Store,
    /// The cluster of each document.
    cluster_of: Vec<Option<&'r Cluster>>,
}

/// The value of the field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Annotation<'r> {
    /// The id of the copy that would be kept; for a document without copies, its own id.
    cluster: &'r str,
    /// Would this document be kept?
    canonical: bool,
    cluster_size: usize,
    /// Number of different sources in the cluster.
    sources: usize,
}

impl<'r> Annotations<'r> {
    pub fn new(store: &'r Store, report: &'r Report) -> Self {
        let mut cluster_of = vec![None; store.len()];
        for cluster in &report.clusters {
            for document in cluster.documents() {
                // Parts have positions after all documents of the input.
                if let Some(place) = cluster_of.get_mut(document.position) {
                    *place = Some(cluster);
                }
            }
        }
        Self { store, cluster_of }
    }

    pub fn get(&self, position: usize) -> io::Result<Annotation<'r>> {
        Ok(match self.cluster_of[position] {
            Some(cluster) => Annotation {
                cluster: &cluster.canonical.id,
                canonical: cluster.keeps(position),
                cluster_size: cluster.documents().count(),
                sources: cluster.sources,
            },
            None => Annotation {
                cluster: self.store.id(position),
                canonical: true,
                cluster_size: 1,
                sources: self.sources(position)?,
            },
        })
    }

    fn sources(&self, position: usize) -> io::Result<usize> {
        let metadata = self.store.metadata(position)?;
        Ok(metadata.values("source").collect::<HashSet<_>>().len())
    }
}

/// A row (a JSON object) with the annotation as its last field, and otherwise unchanged. The second value is true if the row
/// already had a field of that name, which is replaced.
pub fn annotated(row: &str, annotation: &Annotation<'_>) -> serde_json::Result<(String, bool)> {
    let value = serde_json::to_string(annotation)?;
    let (row, had) = match without_field(row)? {
        Some(without) => (without, true),
        None => (row.to_owned(), false),
    };
    // The row was already read as an object.
    let open = row.trim_end().strip_suffix('}').unwrap_or(&row).trim_end();
    let comma = if open.ends_with('{') { "" } else { "," };
    Ok((format!("{open}{comma}\"{FIELD}\":{value}}}"), had))
}

/// The row without the field; `None` if it does not have the field.
fn without_field(row: &str) -> serde_json::Result<Option<String>> {
    // A field name that is written with escapes has a backslash.
    let may_have = memmem::find(row.as_bytes(), FIELD.as_bytes()).is_some()
        || memmem::find(row.as_bytes(), b"\\").is_some();
    if !may_have {
        return Ok(None);
    }
    let strict = strict(row);
    let fields = serde_json::Deserializer::from_str(&strict).deserialize_map(AllFields)?;
    if fields.iter().all(|(name, _)| name != FIELD) {
        return Ok(None);
    }
    let others = fields.iter().filter(|(name, _)| name != FIELD);
    let others = others.map(|(name, value)| {
        let start = value.get().as_ptr() as usize - strict.as_ptr() as usize;
        let place = &row[start..];
        // In the strict row, an empty string of two characters replaces each of these words, which are longer.
        let word = NO_NUMBERS.iter().find(|word| place.starts_with(**word));
        let length = word.map_or(value.get().len(), |word| word.len());
        Ok(format!(
            "{}:{}",
            serde_json::to_string(name)?,
            &place[..length]
        ))
    });
    let others: Vec<String> = others.collect::<serde_json::Result<_>>()?;
    Ok(Some(format!("{{{}}}", others.join(","))))
}

/// The fields of an object in their order.
struct AllFields;

impl<'r> Visitor<'r> for AllFields {
    type Value = Vec<(String, &'r RawValue)>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'r>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut fields = Vec::new();
        while let Some(field) = map.next_entry()? {
            fields.push(field);
        }
        Ok(fields)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALONE: Annotation<'_> = Annotation {
        cluster: "a",
        canonical: true,
        cluster_size: 1,
        sources: 0,
    };

    #[test]
    fn a_row_stays_as_it_was_before_the_field_that_it_gets() {
        let field = r#""reprint":{"cluster":"a","canonical":true,"cluster_size":1,"sources":0}}"#;
        let row = r#"{ "text" : "\u4e00 \\",  "n": 1.50 }  "#;
        let (annotated, had) = annotated(row, &ALONE).unwrap();
        assert_eq!(
            annotated,
            format!(r#"{{ "text" : "\u4e00 \\",  "n": 1.50,{field}"#)
        );
        assert!(!had);
    }

    #[test]
    fn an_earlier_annotation_is_replaced_and_told() {
        for name in ["reprint", r"repr\u0069nt"] {
            let row = format!(r#"{{"text": "a \" }}", "{name}": {{"n": 1}}, "n": 1.50}}"#);
            let (annotated, had) = annotated(&row, &ALONE).unwrap();
            assert!(
                had && annotated.starts_with(r#"{"text":"a \" }","n":1.50,"reprint":{"cluster":"#),
                "{annotated}"
            );
        }
        let row = r#"{"reprint": 1, "x": -Infinity, "l": [NaN, 1], "text": "a"}"#;
        let (annotated_row, _) = annotated(row, &ALONE).unwrap();
        assert!(
            annotated_row.starts_with(r#"{"x":-Infinity,"l":[NaN, 1],"text":"a","reprint":{"#),
            "{annotated_row}"
        );
        let row = r#"{"text": "a reprint"}"#;
        assert!(!annotated(row, &ALONE).unwrap().1);
    }
}
