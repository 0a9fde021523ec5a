//! How is a document kept that has metadata and is no row? As a row made of it.

use std::io;

use serde::Serialize;

use super::Reader;
use super::html::Extent;
use crate::store::{Body, Entry};

/// The text of a page, and what it says of it.
#[derive(Debug, Default)]
pub struct Page {
    pub text: String,
    pub about: About,
    /// No main text was told from the rest, so this is all that can be seen of the page.
    pub all_of_it: bool,
}

/// The fields beside id and text.
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

/// Pages without a main text.
#[derive(Default)]
pub struct Pages {
    all_of_it: usize,
}

impl Pages {
    /// What a person should know of them.
    pub fn note(&self) -> Option<String> {
        let pages = match self.all_of_it {
            0 => return None,
            1 => "1 page has".to_owned(),
            more => format!("{more} pages have"),
        };
        Some(format!(
            "{pages} no main text that can be told from the rest; all that can be seen was taken"
        ))
    }
}

impl Reader<'_> {
    pub(super) fn extent(&self) -> Extent {
        if self.options.whole_page {
            Extent::Whole
        } else {
            Extent::Main
        }
    }

    /// `line` is the number of the record in its file.
    pub(super) fn keep_page(
        &mut self,
        file: u32,
        line: Option<u32>,
        id: String,
        page: &Page,
    ) -> io::Result<()> {
        self.pages.all_of_it += usize::from(page.all_of_it);
        let Row { json, text } = Row::of(&id, page)?;
        let start = text.start as u32;
        let bytes = self.store.sources.keep(json.as_bytes())?;
        self.store.documents.push(Entry {
            id,
            file,
            line,
            // No page is nearly as long as 4 GB.
            bytes: bytes.slice(0, json.len() as u32),
            body: Body::Page {
                start,
                length: text.len() as u32,
            },
        });
        Ok(())
    }
}

/// A JSON row, and where its text stands in it.
struct Row {
    json: String,
    text: std::ops::Range<usize>,
}

impl Row {
    fn of(id: &str, page: &Page) -> io::Result<Self> {
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
