//! What do files say that are one document each? They are read some at a time, on all threads, and kept in their order.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use encoding_rs::Encoding;
use rayon::prelude::*;

use super::Reader;
use super::encoding::{Said, decode};
use super::html::{self, Extent};
use super::limits::Limits;
use super::page::Page;
use crate::store::{Body, Entry};

/// Files, and bytes of them, that are held at once.
const FILES: usize = 256;
const BYTES: u64 = 64 << 20;

/// What is in a file.
#[derive(Clone, Copy)]
pub enum Form {
    Text,
    Page,
}

/// Files to be read.
#[derive(Default)]
pub struct Waiting {
    files: Vec<(String, PathBuf, Form)>,
    bytes: u64,
}

/// What was read.
struct Document {
    content: Content,
    encoding: &'static Encoding,
    guessed: bool,
}

enum Content {
    Text(String),
    Page(Page),
}

impl Reader<'_> {
    /// Reads a file with others, or all that wait where that is enough.
    pub(super) fn wait(&mut self, name: String, path: &Path, form: Form) -> io::Result<()> {
        self.waiting.bytes += fs::metadata(path).map_or(0, |file| file.len());
        self.waiting.files.push((name, path.to_owned(), form));
        if self.waiting.files.len() < FILES && self.waiting.bytes < BYTES {
            return Ok(());
        }
        self.read_waiting()
    }

    /// Reads all that wait, so that other documents can follow them.
    pub(super) fn read_waiting(&mut self) -> io::Result<()> {
        let waiting = std::mem::take(&mut self.waiting);
        let (said, extent, limits) = (self.said(), self.extent(), self.limits);
        let files = waiting.files.into_par_iter();
        let reading = self.reading;
        let read = files.map(|(name, path, form)| {
            let document = read(&path, form, said, extent, limits);
            reading.whole(&path);
            (name, document)
        });
        for (name, document) in read.collect::<Vec<_>>() {
            match document {
                Ok(document) => self.keep(name, document)?,
                Err(error) => self.reject(name, error),
            }
        }
        self.check_memory()
    }

    fn keep(&mut self, name: String, document: Document) -> io::Result<()> {
        self.encodings.add(document.encoding, document.guessed);
        match document.content {
            Content::Text(text) => self.keep_text(name, &text),
            Content::Page(page) => {
                let file = self.store.name(name.clone());
                self.keep_page(file, None, name, &page)
            }
        }
    }

    fn keep_text(&mut self, name: String, text: &str) -> io::Result<()> {
        let Ok(length) = u32::try_from(text.len()) else {
            self.reject(name, "longer than 4 GB; split it");
            return Ok(());
        };
        let bytes = self.store.sources.keep(text.as_bytes())?.slice(0, length);
        let file = self.store.name(name);
        self.store.documents.push(Entry {
            id: self.store.files[file as usize].clone(),
            file,
            line: None,
            bytes,
            body: Body::File,
        });
        Ok(())
    }
}

fn read(
    path: &Path,
    form: Form,
    said: Said,
    extent: Extent,
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
        Form::Page => Content::Page(html::read(&decoded.text, extent)?),
    };
    Ok(Document {
        content,
        encoding,
        guessed,
    })
}
