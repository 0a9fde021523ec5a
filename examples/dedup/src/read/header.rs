//! Does a table hold documents? If one of its columns is named as the text is.

use super::json::leads_to;
use super::reason::{Reason, ReasonKind};
use super::rows::TextField;

/// Columns that are named where none is.
const NAMED: usize = 20;

/// The first characters of a name that are shown.
const SHOWN: usize = 40;

/// Why a file with these columns holds no documents, if it does not.
pub fn lacks_text(columns: &[&str], texts: &[TextField]) -> Option<Reason> {
    let leads = |name: &&str| {
        texts
            .iter()
            .any(|text| leads_to(name, &text.name).is_some())
    };
    if columns.iter().any(leads) {
        return None;
    }
    let wanted: Vec<String> = texts
        .iter()
        .map(|text| format!("{:?}", text.name))
        .collect();
    let wanted = wanted.join(" or ");
    let named: Vec<String> = columns.iter().take(NAMED).map(|name| cut(name)).collect();
    let more = match columns.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let text = format!(
        "there is no column {wanted}, only {}{more}; name the one that holds the text with --text-field",
        named.join(", ")
    );
    Some(ReasonKind::Field.because(text))
}

fn cut(name: &str) -> String {
    let mut shown: String = name.chars().take(SHOWN).collect();
    if shown.len() < name.len() {
        shown.push('…');
    }
    format!("{shown:?}")
}
