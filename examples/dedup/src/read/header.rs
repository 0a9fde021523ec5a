//! Does a table hold documents? It does if one of its columns has the name of a text field.

use super::json::leads_to;
use super::reason::{Reason, ReasonKind};
use super::rows::TextField;

/// Maximum number of columns that the message lists when no column fits.
const NAMED: usize = 20;

/// Maximum number of characters of a column's name that are shown.
const SHOWN: usize = 40;

/// Why a file with these columns holds no documents; none if it does hold documents.
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
