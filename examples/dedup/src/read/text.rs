//! What does a file say that is one document?

use std::fs::File;
use std::path::Path;

use encoding_rs::Encoding;

use super::encoding::{Said, decode};
use super::html::{self, PageOptions};
use super::limits::Limits;
use super::page::Page;

/// What is in a file.
#[derive(Clone, Copy)]
pub enum Form {
    Text,
    Page,
}

/// What was read.
pub struct Document {
    pub content: Content,
    pub encoding: &'static Encoding,
    pub guessed: bool,
}

pub enum Content {
    Text(String),
    Page(Page),
}

/// Reads a file as this form of document, or says why it is rejected.
pub fn read(
    path: &Path,
    form: Form,
    said: Said,
    pages: PageOptions,
    limits: Limits,
) -> Result<Document, String> {
    let file = File::open(path).map_err(|error| format!("could not be read: {error}"))?;
    let bytes = limits.whole(file)?;
    let said = match (form, said) {
        (Form::Page, Said::Nothing) => html::charset(&bytes).map_or(said, Said::ByPage),
        _ => said,
    };
    let decoded = decode(&bytes, said)?;
    let (encoding, guessed) = (decoded.encoding, decoded.guessed);
    let content = match form {
        Form::Text => Content::Text(decoded.text.into_owned()),
        Form::Page => Content::Page(html::read(&decoded.text, pages)?),
    };
    Ok(Document {
        content,
        encoding,
        guessed,
    })
}
