//! Which data about a document does its row have, in addition to the text?

use std::borrow::Cow;
use std::collections::BTreeMap;

use reprint::Metadata;
use serde_json::value::RawValue;

use crate::read::json::{field, leads_to, strict, unescape};
use crate::read::rows::TextField;

/// Names of the fields with a special meaning.
#[derive(Clone, Debug)]
pub struct FieldNames {
    /// Fields whose texts together are the text of a row.
    pub texts: Vec<TextField>,
    pub id: String,
    pub date: String,
    pub source: String,
}

/// The names in rows that this program makes, which are also the defaults of the options.
impl Default for FieldNames {
    fn default() -> Self {
        let text = TextField {
            name: "text".to_owned(),
            is_html: false,
        };
        let [id, date, source] = ["id", "date", "source"].map(str::to_owned);
        Self {
            texts: vec![text],
            id,
            date,
            source,
        }
    }
}

impl FieldNames {
    /// The name of a field in the metadata.
    pub fn in_metadata(&self, name: &str) -> String {
        match name {
            _ if name == self.date => "date",
            _ if name == self.source => "source",
            other => other,
        }
        .to_owned()
    }

    /// Is this a field for texts or ids? They are not metadata.
    pub fn is_no_metadata(&self, name: &str) -> bool {
        self.is_text(name) || name == self.id
    }

    /// Does this field have a text, itself or in a nested field?
    fn is_text(&self, name: &str) -> bool {
        let mut texts = self.texts.iter();
        texts.any(|text| leads_to(name, &text.name).is_some())
    }

    /// The other fields of a row, unchanged; of a list, each item.
    pub fn metadata(&self, json: &str) -> Metadata {
        type Row<'r> = BTreeMap<Cow<'r, str>, &'r RawValue>;
        let strict_row;
        let (json, row): (&str, Row<'_>) = match serde_json::from_str(json) {
            Ok(row) => (json, row),
            Err(_) => {
                strict_row = strict(json);
                (
                    &strict_row,
                    serde_json::from_str(&strict_row).unwrap_or_default(),
                )
            }
        };
        let mut metadata = Metadata::default();
        for (path, role) in [(&self.date, "date"), (&self.source, "source")] {
            let value = path.contains('.').then(|| field(json, path)).flatten();
            let values = value.map(plain_values).into_iter().flatten();
            metadata
                .other
                .extend(values.map(|value| (role.to_owned(), value)));
        }
        metadata.date = metadata.first_value("date").map(str::to_owned);
        metadata.source = metadata.first_value("source").map(str::to_owned);
        for (name, value) in row {
            let value = value.get();
            if self.is_text(&name) || name == self.id || value == "null" {
                continue;
            }
            let is_other_role = |role: &str, field: &String| name == role && *field != name;
            if is_other_role("date", &self.date) || is_other_role("source", &self.source) {
                // Another field has this role.
                continue;
            }
            let values = plain_values(value);
            let first = values.first();
            if name == self.date {
                metadata.date = first.cloned();
            } else if name == self.source {
                metadata.source = first.cloned();
            }
            // Under the names that the program's options use.
            let name = self.in_metadata(&name);
            metadata
                .other
                .extend(values.into_iter().map(|value| (name.clone(), value)));
        }
        metadata
    }
}

/// The text of a string; the items of a list, with nested lists as JSON; any other value as JSON. Nothing for an empty string.
fn plain_values(json: &str) -> Vec<String> {
    let plain = |json: &str| unescape(json).map_or_else(|| compact(json), Cow::into_owned);
    let items: Vec<&RawValue> = match json.starts_with('[') {
        true => serde_json::from_str(json).unwrap_or_default(),
        false => return Vec::from_iter(Some(plain(json)).filter(|plain| !plain.is_empty())),
    };
    let items = items.iter().map(|item| plain(item.get()));
    items.filter(|plain| !plain.is_empty()).collect()
}

/// JSON without the spaces between its parts, since writers differ in them.
fn compact(json: &str) -> String {
    let (mut inside, mut escaped) = (false, false);
    let stays = |c: &char| {
        inside ^= *c == '"' && !escaped;
        escaped = inside && *c == '\\' && !escaped;
        inside || !c.is_ascii_whitespace()
    };
    json.chars().filter(stays).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_agree_however_their_writer_set_spaces() {
        let spaced = r#"{ "a \" b" : [1,  2], "c": "\\" }"#;
        assert_eq!(plain_values(spaced), [r#"{"a \" b":[1,2],"c":"\\"}"#]);
        assert_eq!(plain_values("[1, \"x  y\", {}]"), ["1", "x  y", "{}"]);
    }

    #[test]
    fn a_list_gives_its_items_and_lists_in_it_stay_as_they_are() {
        let json = r#"["a", "", 5, ["b", ["c"]], {"d": null}]"#;
        let values = ["a", "5", r#"["b",["c"]]"#, r#"{"d":null}"#];
        assert_eq!(plain_values(json), values);
        assert_eq!(plain_values("[]"), [""; 0]);
        let deep = "[".repeat(1_000_000) + &"]".repeat(1_000_000);
        assert_eq!(plain_values(&deep), [&deep[1..deep.len() - 1]]);
    }
}
