//! How are pages kept? Each page is made into a row.

use super::{Gather, Stop};
use crate::read::html::PageOptions;
use crate::read::page::{Page, Row};
use crate::store::{Body, Entry};

/// Counts the pages that have no main text.
#[derive(Default)]
pub struct Pages {
    all_of_it: usize,
}

impl Pages {
    /// A note for the user about these pages.
    pub fn note(&self) -> Option<String> {
        let pages = match self.all_of_it {
            0 => return None,
            1 => "1 page has".to_owned(),
            more => format!("{more} pages have"),
        };
        Some(format!("{pages} no main text; all visible text was taken"))
    }
}

impl Gather<'_> {
    pub(super) fn page_options(&self) -> PageOptions {
        PageOptions {
            extent: self.settings.extent,
            most_tags: self.limits.most_tags(),
        }
    }

    /// Keeps a page. `line` is the number of its record in the file.
    pub(super) fn keep_page(
        &mut self,
        file: u32,
        line: Option<u32>,
        id: String,
        page: &Page,
    ) -> Result<(), Stop> {
        self.pages.all_of_it += usize::from(page.all_of_it);
        let Row { json, text } = Row::from_page(&id, page)?;
        let start = text.start as u32;
        let bytes = self.store.sources.keep(json.as_bytes())?;
        self.store.documents.push(Entry {
            id: id.into(),
            file,
            line,
            // A page is never as long as 4 GB.
            bytes: bytes.slice(0, json.len() as u32),
            hash: None,
            body: Body::Page {
                start,
                length: text.len() as u32,
            },
        });
        Ok(())
    }
}
