//! How is a document with metadata kept that is not a row? It is made into a row.

use std::io;

use serde::Serialize;

/// The text and the metadata of a page.
#[derive(Debug, Default)]
pub struct Page {
    pub text: String,
    pub about: About,
    /// Whether no main text was found, so that `text` is all visible text of the page.
    pub all_of_it: bool,
}

/// The fields of a page in addition to its id and text.
#[derive(Debug, Default, Serialize)]
pub struct About {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub author: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

/// A JSON row, and the range of its text in it.
pub struct Row {
    pub json: String,
    pub text: std::ops::Range<usize>,
}

impl Row {
    pub fn from_page(id: &str, page: &Page) -> io::Result<Self> {
        let (id, text) = (
            serde_json::to_string(id)?,
            serde_json::to_string(&page.text)?,
        );
        let head = format!("{{\"id\":{id},\"text\":");
        let about = serde_json::to_string(&page.about)?;
        let about = about.trim_start_matches('{');
        let comma = if about == "}" { "" } else { "," };
        Ok(Self {
            text: head.len()..head.len() + text.len(),
            json: format!("{head}{text}{comma}{about}"),
        })
    }
}
