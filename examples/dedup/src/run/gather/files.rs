//! What do files say that are one document each? They are read some at a time, on all threads, and kept in their order.

use std::fs;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::{Gather, Stop};
use crate::read::kind::Kind;
use crate::read::reason::ReasonKind;
use crate::read::text::{Content, Document, Options, read};
use crate::store::{Body, Entry};

/// Files, and bytes of them, that are held at once.
const FILES: usize = 256;
const BYTES: u64 = 64 << 20;

/// Files to be read.
#[derive(Default)]
pub struct Waiting {
    files: Vec<(String, PathBuf, Kind)>,
    bytes: u64,
}

impl Gather<'_> {
    /// Reads a file with others, or all that wait where that is enough.
    pub(super) fn wait(&mut self, name: String, path: &Path, kind: Kind) -> Result<(), Stop> {
        self.waiting.bytes += match kind.packing.is_some() || kind.format.is_packed() {
            // How long it is nobody knows: as many are held as there are threads.
            true => BYTES / rayon::current_num_threads() as u64,
            false => fs::metadata(path).map_or(0, |file| file.len()),
        };
        self.waiting.files.push((name, path.to_owned(), kind));
        if self.waiting.files.len() < FILES && self.waiting.bytes < BYTES {
            return Ok(());
        }
        self.read_waiting()
    }

    /// Reads all that wait, so that other documents can follow them.
    pub(super) fn read_waiting(&mut self) -> Result<(), Stop> {
        let waiting = std::mem::take(&mut self.waiting);
        let options = Options {
            said: self.said(),
            pages: self.page_options(),
            limits: self.limits,
        };
        let files = waiting.files.into_par_iter();
        let reading = self.reading;
        let read = files.map(|(name, path, kind)| {
            let document = read(&path, kind, options);
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

    fn keep(&mut self, name: String, document: Document) -> Result<(), Stop> {
        self.encodings.add(document.encoding, document.guessed);
        if let Some(is) = document.packed {
            self.note_packing(&name, is);
        }
        match document.content {
            Content::Text(text) => self.keep_text(name, &text),
            Content::Page(page) => {
                let file = self.store.name(name.clone());
                self.keep_page(file, None, name, &page)
            }
        }
    }

    fn keep_text(&mut self, name: String, text: &str) -> Result<(), Stop> {
        let Ok(length) = u32::try_from(text.len()) else {
            self.reject(
                name,
                ReasonKind::TooLarge.because("longer than 4 GB; split it"),
            );
            return Ok(());
        };
        let bytes = self.store.sources.keep(text.as_bytes())?.slice(0, length);
        let file = self.store.name(name);
        self.store.documents.push(Entry {
            id: self.store.files[file as usize].as_str().into(),
            file,
            line: None,
            bytes,
            hash: None,
            body: Body::File,
        });
        Ok(())
    }
}
