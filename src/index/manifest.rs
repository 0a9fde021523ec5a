//! Which files are the index, and how much of each? What the manifest does not name is not part of the index.
//!
//! It is replaced in one step, and this is when a change takes effect. Everything that it names was written to the disk before.

use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

use crate::error::Error;
use crate::index::files::{damaged, refused, replace, storage};
use crate::index::record;
use crate::scheme::Scheme;

/// The name of the manifest in the folder.
pub(super) const MANIFEST: &str = "manifest";

/// The beginning of the manifest. It also identifies the format of the whole folder.
const FORM: &[u8] = b"reprint index 1\n";

/// The beginning of a manifest of any format.
const ANY_FORM: &[u8] = b"reprint index ";

/// The settings that decide the facts and the clusters.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Stamp {
    pub(super) scheme: Scheme,
    /// All settings, in words.
    pub(super) settings: String,
}

/// The part of a growing file that belongs to the index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Grown {
    pub(super) number: u64,
    pub(super) length: u64,
}

/// A run: a file of keys in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct RunFile {
    pub(super) number: u64,
    pub(super) length: u64,
    /// The place of its directory.
    pub(super) directory: u64,
    pub(super) entries: u64,
}

/// The file with the clusters of a generation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct GenerationFile {
    pub(super) file: Grown,
    /// Number of rows of the ledger when it was made.
    pub(super) rows: u64,
    /// Has nothing been added or removed since?
    pub(super) is_current: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Manifest {
    pub(super) stamp: Stamp,
    /// A note of the program that made the folder, such as its options.
    pub(super) note: String,
    /// The number of the next new file.
    pub(super) next_file: u64,
    pub(super) ledger: Grown,
    pub(super) texts: Grown,
    pub(super) facts: Grown,
    /// The largest first.
    pub(super) runs: Vec<RunFile>,
    /// Number of generations that were made.
    pub(super) generations: u64,
    pub(super) generation: Option<GenerationFile>,
}

impl Manifest {
    pub(super) fn read(folder: &Path) -> Result<Self, Error> {
        let path = folder.join(MANIFEST);
        let bytes = fs::read(&path).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => refused(
                folder,
                "this folder has no index; make one with `add`, or check the path",
            ),
            _ => storage(&path, error),
        })?;
        let Some(rest) = bytes.strip_prefix(FORM) else {
            return Err(match bytes.starts_with(ANY_FORM) {
                true => refused(folder, other_form(&bytes)),
                false => damaged(&path, "it does not begin as a manifest does"),
            });
        };
        let broken = || damaged(&path, "it does not have its checksum");
        let (sum, payload) = rest.split_first_chunk().ok_or_else(broken)?;
        if u64::from_le_bytes(*sum) != xxh3_64(payload) {
            return Err(broken());
        }
        postcard::from_bytes(payload).map_err(|_| broken())
    }

    /// Replaces the manifest in the folder.
    pub(super) fn write(&self, folder: &Path) -> Result<(), Error> {
        let payload = record::payload(self);
        let sum = xxh3_64(&payload).to_le_bytes();
        replace(folder, MANIFEST, &[FORM, &sum, &payload].concat())
    }

    /// Takes a number for a new file.
    pub(super) fn take_number(&mut self) -> u64 {
        self.next_file += 1;
        self.next_file - 1
    }
}

fn other_form(bytes: &[u8]) -> String {
    let line = bytes
        .split(|&byte| byte == b'\n')
        .next()
        .unwrap_or_default();
    format!(
        "it is of the form {:?}, and this version reads {:?}; use the version that made it, or make the index again",
        String::from_utf8_lossy(line),
        String::from_utf8_lossy(FORM).trim_end()
    )
}
