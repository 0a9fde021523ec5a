//! Where do rows lie between stages? In memory, or where that does not suffice in files without a name.
//!
//! [`Table`]: rows of a few numbers, partitioned by key as they are written; a part is sorted when it is taken, so that rows with equal
//! keys stand together. [`Heap`]: records of any length, each read by its place. [`Lists`]: lists in memory. Every block and record has a
//! checksum, and what can't be written or read is an error that names the table. Rows are stored as they are: their keys are
//! hashes, and of sorted hashes a difference saves one byte in eight.

mod file;
mod heap;
mod lists;
mod table;

use std::path::PathBuf;

pub(crate) use heap::{Heap, Place};
pub(crate) use lists::{List, Lists};
pub(crate) use table::Table;

/// Where a run may put what its memory does not suffice for.
#[derive(Clone, Debug)]
pub(crate) struct Scratch {
    /// The folder for temporary files.
    pub(crate) folder: PathBuf,
    /// Bytes that may be held in memory.
    pub(crate) bytes: usize,
}

impl Scratch {
    pub(crate) fn heap(&self, name: &'static str) -> Heap {
        Heap::new(name, &self.folder)
    }

    pub(crate) fn table<const W: usize>(&self, name: &'static str, parts: usize) -> Table<W> {
        Table::new(name, &self.folder, parts)
    }
}
