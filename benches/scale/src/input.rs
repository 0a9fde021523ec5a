//! How is an input written, and what is planted in it?

use std::collections::HashSet;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::Result;
use serde::Serialize;

use crate::case::Case;

/// A file of rows, and its known properties.
#[derive(Debug)]
pub struct Input {
    pub path: PathBuf,
    /// Length of the texts in bytes, without the JSON around them.
    pub text_bytes: usize,
    pub planted: Planted,
}

/// What the program should find.
#[derive(Clone, Copy, Debug, Default)]
pub struct Planted {
    pub clusters: usize,
    /// Number of documents that are copies of an earlier one.
    pub copies: usize,
}

#[derive(Serialize)]
struct Row {
    id: String,
    text: String,
}

impl Input {
    pub fn write(case: &Case, seed: u64, path: &Path) -> Result<Self> {
        let mut out = BufWriter::new(File::create(path)?);
        let mut text_bytes = 0;
        let mut copied = HashSet::new();
        let mut copies = 0;
        for number in 0..case.documents {
            let original = case.original(seed, number);
            if original != number {
                copies += 1;
                copied.insert(original as u32);
            }
            let (id, text) = (id(number, original), case.text(seed, number));
            text_bytes += text.len();
            serde_json::to_writer(&mut out, &Row { id, text })?;
            out.write_all(b"\n")?;
        }
        out.flush()?;
        let planted = Planted {
            clusters: copied.len(),
            copies,
        };
        Ok(Self {
            path: path.into(),
            text_bytes,
            planted,
        })
    }
}

/// The id of a document: `17` is an original, `17+523` is the copy of it with number 523. So the answer can be judged
/// without a list of what was planted.
fn id(number: usize, original: usize) -> String {
    if number == original {
        number.to_string()
    } else {
        format!("{original}+{number}")
    }
}
