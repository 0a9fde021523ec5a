//! What does a row say of its document beside the text?

use std::borrow::Cow;
use std::collections::BTreeMap;

use jiff::civil::{Date, DateTime};
use jiff::{Timestamp, tz::TimeZone};
use reprint::Metadata;
use serde_json::value::RawValue;

use crate::options::Options;
use crate::store::unescape;

/// Names of the fields that mean something.
#[derive(Clone, Debug, Default)]
pub struct FieldNames {
    text: String,
    id: String,
    date: String,
    source: String,
}

impl FieldNames {
    pub fn of(options: &Options) -> Self {
        Self {
            text: options.text_field.clone(),
            id: options.id_field.clone(),
            date: options.date_field.clone(),
            source: options.source_field.clone(),
        }
    }

    /// Those of rows that are made here.
    pub fn own() -> Self {
        let [text, id, date, source] = ["text", "id", "date", "source"].map(str::to_owned);
        Self {
            text,
            id,
            date,
            source,
        }
    }

    /// The other fields of a row, as they are; of a list, each item. A date that can't be read counts for nothing.
    pub fn metadata(&self, row: &str) -> Metadata {
        let row: BTreeMap<Cow<'_, str>, &RawValue> = serde_json::from_str(row).unwrap_or_default();
        let mut metadata = Metadata::default();
        for (name, value) in row {
            let value = value.get();
            if name == self.text || name == self.id || value == "null" {
                continue;
            }
            let values = plain_values(value);
            let first = values.first();
            if name == self.date {
                metadata.date = first.and_then(|first| date(first));
            } else if name == self.source {
                metadata.source = first.cloned();
            }
            // Under the names that the program's options have for them.
            let name = match name {
                _ if name == self.date => "date".to_owned(),
                _ if name == self.source => "source".to_owned(),
                other => other.into_owned(),
            };
            metadata
                .other
                .extend(values.into_iter().map(|value| (name.clone(), value)));
        }
        metadata
    }
}

/// A string's text; of a list each item, lists in it as JSON; all else as JSON. Nothing for an empty string.
fn plain_values(json: &str) -> Vec<String> {
    let plain = |json: &str| unescape(json).map_or_else(|| compact(json), Cow::into_owned);
    let items: Vec<&RawValue> = match json.starts_with('[') {
        true => serde_json::from_str(json).unwrap_or_default(),
        false => return Vec::from_iter(Some(plain(json)).filter(|plain| !plain.is_empty())),
    };
    let items = items.iter().map(|item| plain(item.get()));
    items.filter(|plain| !plain.is_empty()).collect()
}

/// Without spaces between the parts, which writers set as they like.
fn compact(json: &str) -> String {
    let (mut inside, mut escaped) = (false, false);
    let stays = |c: &char| {
        inside ^= *c == '"' && !escaped;
        escaped = inside && *c == '\\' && !escaped;
        inside || !c.is_ascii_whitespace()
    };
    json.chars().filter(stays).collect()
}

/// A date, or a date with a time, in the forms that rows have, as ISO 8601 that sorts by time. Times with an offset are
/// taken to UTC; whole numbers are seconds or milliseconds since 1970.
fn date(plain: &str) -> Option<String> {
    let plain = plain.trim();
    let utc = |time: Timestamp| time.to_zoned(TimeZone::UTC).datetime().to_string();
    let number = || {
        let number: i64 = plain
            .parse()
            .ok()
            .filter(|number: &i64| *number > 99_999_999)?;
        let milliseconds = if number > 99_999_999_999 {
            number
        } else {
            number * 1000
        };
        Timestamp::from_millisecond(milliseconds).ok()
    };
    let timestamp = || plain.parse::<Timestamp>().ok();
    let mail = || Some(jiff::fmt::rfc2822::parse(plain).ok()?.timestamp());
    if let Some(time) = number().or_else(timestamp).or_else(mail) {
        return Some(utc(time));
    }
    let month = plain.len() == 7 && plain.is_char_boundary(4) && plain[4..].starts_with('-');
    if (month && format!("{plain}-01").parse::<Date>().is_ok())
        || plain.parse::<u16>().is_ok_and(|year| year > 999)
    {
        return Some(plain.to_owned());
    }
    let spaced = [
        "%Y/%m/%d %H:%M:%S",
        "%Y/%m/%d %H:%M",
        "%Y-%m-%d %H:%M",
        "%Y年%m月%d日 %H:%M",
    ];
    let at = |form: &&str| DateTime::strptime(form, plain).ok();
    if let Some(time) = spaced.iter().find_map(at) {
        return Some(time.to_string());
    }
    let days = [
        "%Y/%m/%d",
        "%Y.%m.%d",
        "%Y年%m月%d日",
        "%B %d, %Y",
        "%d %B %Y",
    ];
    let on = |form: &&str| Date::strptime(form, plain).ok();
    if let Some(day) = days.iter().find_map(on) {
        return Some(day.to_string());
    }
    let day = plain.parse::<Date>().ok().filter(|_| plain.len() <= 10);
    let time = || plain.parse::<DateTime>().ok();
    day.map(|day| day.to_string())
        .or_else(|| Some(time()?.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_gives_its_items_and_lists_in_it_stay_json() {
        let json = r#"["a", "", 5, ["b", ["c"]], {"d": null}]"#;
        let values = ["a", "5", r#"["b",["c"]]"#, r#"{"d":null}"#];
        assert_eq!(plain_values(json), values);
        assert_eq!(plain_values("[]"), [""; 0]);
        let deep = "[".repeat(1_000_000) + &"]".repeat(1_000_000);
        assert_eq!(plain_values(&deep), [&deep[1..deep.len() - 1]]);
    }

    #[test]
    fn values_agree_however_their_writer_set_spaces() {
        let spaced = r#"{ "a \" b" : [1,  2], "c": "\\" }"#;
        assert_eq!(plain_values(spaced), [r#"{"a \" b":[1,2],"c":"\\"}"#]);
        assert_eq!(plain_values("[1, \"x  y\", {}]"), ["1", "x  y", "{}"]);
    }
}
