//! Where are rows stored between stages? In memory, and in nameless files where memory is not enough.
//!
//! A [`Table`] has rows of a few numbers. They are partitioned by key when they are written, and a part is sorted when it is taken, so that
//! rows with equal keys are neighbours. A [`Heap`] has records of any length, and each is read by its place. [`Lists`] are lists in memory.
//! Every block and record has a checksum. If it can't be written or read, the error names the table. Rows are stored without compression,
//! because their keys are hashes: the difference of two sorted hashes saves only one byte in eight.

mod file;
mod heap;
mod lists;
mod table;

use std::path::PathBuf;

pub(crate) use heap::{Heap, Place};
pub(crate) use lists::{List, Lists};
pub(crate) use table::Table;

/// The place for data of a run that does not fit in memory.
#[derive(Clone, Debug)]
pub(crate) struct Scratch {
    /// The folder for temporary files.
    pub(crate) folder: PathBuf,
    /// Maximum bytes in memory.
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
