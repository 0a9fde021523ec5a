//! What do the engines read, and how long is it?

use std::collections::HashMap;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use flate2::read::MultiGzDecoder;
use reprint_peers::documents;

/// The ids of the documents with their numbers, in the order of the input.
#[derive(Debug, Default)]
pub struct Input {
    pub numbers: HashMap<String, usize>,
    /// Length of all texts in bytes of UTF-8, without the JSON around them.
    pub text_bytes: usize,
}

impl Input {
    /// Reads the ids and the lengths; texts are not kept.
    pub fn read(path: &Path) -> Result<Self> {
        let mut input = Self::default();
        for document in documents(path)? {
            let document = document?;
            input.text_bytes += document.text.len();
            let number = input.numbers.len();
            let earlier = input.numbers.insert(document.id, number);
            ensure!(
                earlier.is_none(),
                "document {number} has an earlier one's id"
            );
        }
        Ok(input)
    }

    /// The number of documents.
    pub fn documents(&self) -> usize {
        self.numbers.len()
    }
}

/// The input as a `.jsonl` file. It is unpacked once for all engines: not every peer reads gzip, and its time should not be
/// measured.
pub fn unpacked(input: &Path, scratch: &Path) -> Result<PathBuf> {
    let name = input.to_string_lossy();
    if name.ends_with(".jsonl") {
        return Ok(std::path::absolute(input)?);
    }
    if !name.ends_with(".jsonl.gz") {
        bail!("{name}: want .jsonl or .jsonl.gz");
    }
    let unpacked = scratch.join("input.jsonl");
    let mut packed = MultiGzDecoder::new(File::open(input).with_context(|| name.to_string())?);
    io::copy(&mut packed, &mut File::create(&unpacked)?)?;
    Ok(unpacked)
}
