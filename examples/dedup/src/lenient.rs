//! How is JSON read that strict readers refuse? Programs write `NaN`, and cut a text within a character.

use std::borrow::Cow;

/// Numbers that JSON has no words for, as Python and JavaScript write them.
pub const NO_NUMBERS: [&str; 3] = ["-Infinity", "Infinity", "NaN"];

/// The row as strict JSON of the same length: numbers that JSON has no words for are empty strings, which count for nothing.
/// Borrowed where there are none.
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
}
