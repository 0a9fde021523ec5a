//! What do the engines read, and how much of it is there?

use std::collections::HashMap;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use flate2::read::MultiGzDecoder;
use reprint_peers::documents;

/// The documents by number, in the order of the input.
#[derive(Debug, Default)]
pub struct Input {
    pub numbers: HashMap<String, usize>,
    /// UTF-8, without the JSON around it.
    pub text_bytes: usize,
}

impl Input {
    /// Reads names and lengths; the texts stay where they are.
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

    /// How many there are.
    pub fn documents(&self) -> usize {
        self.numbers.len()
    }
}

/// The input as a `.jsonl` file. It is unpacked once for all: not every peer reads gzip, and none should pay for it.
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
