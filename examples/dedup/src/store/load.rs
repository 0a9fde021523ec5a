//! How much memory is needed for the documents that were read so far?

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fmt;
use std::num::NonZero;
use std::thread::available_parallelism;

use super::Store;
use crate::read::limits::{Allowed, LEAST};

/// Minimum size of a document in memory, in bytes: its place in the input, its id, and its data in the comparison.
const PER_DOCUMENT: u64 = 200;

/// The documents that were read so far, as counts that determine the memory.
#[derive(Clone)]
pub struct Load {
    documents: usize,
    rejected: usize,
    /// Lengths of the longest texts, as many as are compared at the same time; the shortest is on top.
    longest: BinaryHeap<Reverse<u64>>,
    at_once: usize,
    /// Total bytes of ids and messages.
    words: u64,
}

impl Load {
    pub fn new(threads: Option<usize>) -> Self {
        let threads = threads.or_else(|| available_parallelism().ok().map(NonZero::get));
        Self {
            documents: 0,
            rejected: 0,
            longest: BinaryHeap::new(),
            // Each thread compares one pair.
            at_once: 2 * threads.unwrap_or(1).max(1),
            words: 0,
        }
    }

    /// Counts the documents and rejections that were added since the last call.
    pub fn add(&mut self, store: &Store) {
        for entry in store.documents.get(self.documents..).unwrap_or_default() {
            self.add_text(store.text_length(entry));
            self.words += entry.id.len() as u64;
        }
        for rejected in store.rejected.get(self.rejected..).unwrap_or_default() {
            self.words += (rejected.reason.text.len() + rejected.place.file.len()) as u64 + 100;
        }
        self.documents = store.documents.len();
        self.rejected = store.rejected.len();
    }

    fn add_text(&mut self, length: u64) {
        if self.longest.len() < self.at_once {
            self.longest.push(Reverse(length));
        } else if let Some(mut shortest) = self.longest.peek_mut()
            && shortest.0 < length
        {
            *shortest = Reverse(length);
        }
    }

    /// Fails if the documents need more memory than is allowed.
    pub fn check(&self, allowed: Option<Allowed>) -> Result<(), NoRoom> {
        let needed = self.memory();
        match allowed {
            Some(allowed) if needed > allowed.bytes => Err(NoRoom {
                documents: self.documents,
                needed,
                allowed,
            }),
            _ => Ok(()),
        }
    }

    /// Roughly the minimum memory that the run needs, in bytes, without its results. Other data about the texts goes to disk where
    /// necessary. Pairs of copies need 450 bytes each in addition. Their number is unknown before the search, see `watch`.
    pub fn memory(&self) -> u64 {
        let documents = self.documents as u64;
        let longest: u64 = self.longest.iter().map(|length| length.0).sum();
        LEAST + PER_DOCUMENT * documents + 15 * longest + self.words
    }
}

/// The documents need more memory than the limit of the run allows.
#[derive(Debug)]
pub struct NoRoom {
    documents: usize,
    needed: u64,
    allowed: Allowed,
}

impl std::error::Error for NoRoom {}

impl fmt::Display for NoRoom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the first {} documents need about {} MB of memory already, more than the {}; allow more, or run on parts of the input first, and then on their kept.jsonl together",
            self.documents,
            self.needed.div_ceil(1_000_000),
            self.allowed
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_that_are_compared_at_once_count_most() {
        let mut load = Load::new(Some(1));
        for length in [5, 100, 7, 90, 80] {
            load.add_text(length);
        }
        assert_eq!(load.memory(), (64 << 20) + 15 * 190);
    }
}
