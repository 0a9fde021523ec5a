//! How are the kept rows from files of separated fields written to a new file? With the columns of the first file.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{self, Write};

use crate::store::Store;

/// Writes the names of the columns, and the kept rows from the files that have these columns.
pub fn write(store: &Store, kept: &[bool], mut out: impl Write) -> io::Result<()> {
    let Some(separated) = &store.separated else {
        return Ok(());
    };
    record(&mut out, separated.columns.iter().map(String::as_str))?;
    for (position, entry) in store.documents.iter().enumerate() {
        if !kept[position] || !separated.files.contains(&entry.file) {
            continue;
        }
        let row = store.bytes(position)?;
        let values: BTreeMap<Cow<'_, str>, Cow<'_, str>> = serde_json::from_slice(&row)?;
        let values = separated.columns.iter().map(|name| {
            let value = values.get(name.as_str());
            value.map(Cow::as_ref).unwrap_or_default()
        });
        record(&mut out, values)?;
    }
    out.flush()
}

/// Writes fields separated by commas as one line. Fields with commas, quotation marks or line ends are put in quotation marks.
fn record<'f>(out: &mut impl Write, fields: impl Iterator<Item = &'f str>) -> io::Result<()> {
    for (number, field) in fields.enumerate() {
        if number > 0 {
            out.write_all(b",")?;
        }
        if field.contains([',', '"', '\n', '\r']) || (number == 0 && field.is_empty()) {
            write!(out, "\"{}\"", field.replace('"', "\"\""))?;
        } else {
            out.write_all(field.as_bytes())?;
        }
    }
    out.write_all(b"\n")
}

#[cfg(test)]
mod tests {
    #[test]
    fn fields_are_set_in_quotation_marks_where_they_need_them() {
        let mut out = Vec::new();
        super::record(&mut out, ["a", "b,c", "\"d\"", "", "e\nf"].into_iter()).unwrap();
        super::record(&mut out, [""].into_iter()).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert_eq!(text, "a,\"b,c\",\"\"\"d\"\"\",,\"e\nf\"\n\"\"\n");
    }
}
