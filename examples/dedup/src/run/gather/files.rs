//! How are files read that are one document each? They are read in groups, on all threads, and kept in their order.

use std::fs;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::{Gather, Stop};
use crate::read::kind::Kind;
use crate::read::reason::ReasonKind;
use crate::read::text::{Content, Document, Options, read};
use crate::store::{Body, Entry};

/// Maximum number of files, and maximum bytes of files, that are held at once.
const FILES: usize = 256;
const BYTES: u64 = 64 << 20;

/// Files that wait to be read.
#[derive(Default)]
pub struct Waiting {
    pub files: Vec<WholeFile>,
    bytes: u64,
}

/// A file that is one document.
pub struct WholeFile {
    /// Index of the file's name in the store.
    pub number: u32,
    path: PathBuf,
    kind: Kind,
    /// Number of bytes that are held while the file is read.
    bytes: u64,
}

impl WholeFile {
    fn new(number: u32, path: &Path, kind: Kind) -> Self {
        let bytes = match kind.packing.is_some() || kind.format.is_packed() {
            // The unpacked length is unknown. This share lets as many packed files be read at once as there are threads.
            true => BYTES / rayon::current_num_threads() as u64,
            false => fs::metadata(path).map_or(0, |file| file.len()),
        };
        Self {
            number,
            path: path.to_owned(),
            kind,
            bytes,
        }
    }
}

/// The next files that fit into memory together, at most `most`.
pub fn next_files(files: &mut impl Iterator<Item = WholeFile>, most: usize) -> Vec<WholeFile> {
    let (mut some, mut bytes) = (Vec::new(), 0);
    while some.len() < most.min(FILES)
        && bytes < BYTES
        && let Some(file) = files.next()
    {
        bytes += file.bytes;
        some.push(file);
    }
    some
}

impl Gather<'_> {
    /// Adds a file to the waiting files, and reads them if they are enough. For a sample, no file is read until all files
    /// are known.
    pub(super) fn wait(&mut self, name: String, path: &Path, kind: Kind) -> Result<(), Stop> {
        let number = self.store.name(name);
        let file = WholeFile::new(number, path, kind);
        self.waiting.bytes += file.bytes;
        self.waiting.files.push(file);
        if self.waiting.files.len() < FILES && self.waiting.bytes < BYTES {
            return Ok(());
        }
        self.read_waiting()
    }

    /// Reads all waiting files, so that other documents can follow them.
    pub(super) fn read_waiting(&mut self) -> Result<(), Stop> {
        if self.settings.sample.is_some() {
            return Ok(());
        }
        let waiting = std::mem::take(&mut self.waiting);
        self.read_files(waiting.files)
    }

    pub(super) fn read_files(&mut self, files: Vec<WholeFile>) -> Result<(), Stop> {
        let options = Options {
            said: self.said(),
            pages: self.page_options(),
            limits: self.limits,
        };
        let reading = self.reading;
        let read = files.into_par_iter().map(|file| {
            let document = read(&file.path, file.kind, options);
            reading.whole(&file.path);
            (file.number, document)
        });
        for (file, document) in read.collect::<Vec<_>>() {
            match document {
                Ok(document) => self.keep(file, document)?,
                Err(error) => self.reject(self.store.files[file as usize].clone(), error),
            }
        }
        self.check_memory()
    }

    fn keep(&mut self, file: u32, document: Document) -> Result<(), Stop> {
        let name = self.store.files[file as usize].clone();
        self.encodings.add(document.encoding, document.guessed);
        if let Some(is) = document.packed {
            self.note_packing(&name, is);
        }
        match document.content {
            Content::Text(text) => self.keep_text(file, name, &text),
            Content::Page(page) => self.keep_page(file, None, name, &page),
        }
    }

    fn keep_text(&mut self, file: u32, name: String, text: &str) -> Result<(), Stop> {
        let Ok(length) = u32::try_from(text.len()) else {
            self.reject(
                name,
                ReasonKind::TooLarge.because("longer than 4 GB; split it"),
            );
            return Ok(());
        };
        let bytes = self.store.sources.keep(text.as_bytes())?.slice(0, length);
        self.store.documents.push(Entry {
            id: name.into(),
            file,
            line: None,
            bytes,
            hash: None,
            body: Body::File,
        });
        Ok(())
    }
}
