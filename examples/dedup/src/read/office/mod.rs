//! What is the text of office documents and electronic books? The text that a reader sees, without headers and footers of
//! pages, deleted text, field codes and ruby annotations.

mod archive;
mod docx;
mod epub;
mod lines;
mod odt;
mod xml;

use std::fs::File;

use self::archive::Archive;
use super::html::PageOptions;
use super::kind::Office;
use super::limits::Limits;
use super::page::Page;
use super::reason::{Reason, ReasonKind};

/// The text and the metadata of a file, or why it is rejected. A file with one damaged part is rejected as a whole.
pub fn read(
    file: File,
    office: Office,
    pages: PageOptions,
    limits: Limits,
) -> Result<Page, Reason> {
    let mut archive = Archive::open(file, limits)?;
    let page = match office {
        Office::Docx => docx::read(&mut archive),
        Office::Odt => odt::read(&mut archive),
        Office::Epub => epub::read(&mut archive, pages.most_tags),
    }?;
    if page.text.is_empty() {
        return Err(ReasonKind::Empty.because("it has no text; leave it out"));
    }
    Ok(page)
}

#[cfg(test)]
mod tests;
