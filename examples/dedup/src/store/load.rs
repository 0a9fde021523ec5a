//! How much memory do the documents need that were read so far?

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fmt;
use std::num::NonZero;
use std::thread::available_parallelism;

use super::Store;
use crate::read::limits::{LEAST, Limits};

/// What was read so far, by what it weighs.
#[derive(Clone)]
pub struct Load {
    documents: usize,
    rejected: usize,
    /// Bytes of all texts, as they stand in the input.
    text: u64,
    /// Bytes of them that only escapes take.
    pub escapes: u64,
    /// Lengths of the longest, as many as are compared at once, the shortest first.
    longest: BinaryHeap<Reverse<u64>>,
    at_once: usize,
    /// Bytes of ids and messages.
    words: u64,
}

impl Load {
    pub fn new(threads: Option<usize>) -> Self {
        let threads = threads.or_else(|| available_parallelism().ok().map(NonZero::get));
        Self {
            documents: 0,
            rejected: 0,
            text: 0,
            escapes: 0,
            longest: BinaryHeap::new(),
            // Each thread has a pair.
            at_once: 2 * threads.unwrap_or(1).max(1),
            words: 0,
        }
    }

    /// Counts what was read since it was asked last.
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
        self.text += length;
        if self.longest.len() < self.at_once {
            self.longest.push(Reverse(length));
        } else if let Some(mut shortest) = self.longest.peek_mut()
            && shortest.0 < length
        {
            *shortest = Reverse(length);
        }
    }

    /// Fails when the documents need more than there may be.
    pub fn check(&self, limits: Limits) -> Result<(), NoRoom> {
        let needed = self.memory();
        match limits.memory {
            Some(allowed) if needed > allowed => Err(NoRoom {
                documents: self.documents,
                needed,
                allowed,
            }),
            _ => Ok(()),
        }
    }

    /// About the most memory that the run will hold, in bytes, but for what it finds: MB held of those foreseen, by two threads:
    ///
    /// | documents | held | foreseen |
    /// |---|---|---|
    /// | 10,000 of many kinds and languages, 45 MB | 58 | 194 |
    /// | a million rows of 8 to 30 Chinese characters, 57 MB | 1,308 | 1,543 |
    /// | a million rows of 4 to 12 words, 47 MB | 1,421 | 1,523 |
    /// | one of 20 MB, English | 257 | 409 |
    /// | one of 20 MB, Chinese | 395 | 408 |
    /// | two of 20 MB, Chinese, copies | 692 | 748 |
    /// | four of 20 MB, Chinese, two copies of each | 772 | 1,428 |
    ///
    /// Where the folded texts can't be written to a file, they are held as well: they are no longer than the texts.
    ///
    /// Pairs of copies come on top, 450 bytes each: that is not known before they were looked for, see `watch`.
    pub fn memory(&self) -> u64 {
        let documents = self.documents as u64;
        let longest: u64 = self.longest.iter().map(|length| length.0).sum();
        let text = self.text.saturating_sub(self.escapes);
        LEAST + 2 * text + 1350 * documents + 15 * longest + self.words
    }
}

/// The documents need more memory than the run may have.
#[derive(Debug)]
pub struct NoRoom {
    documents: usize,
    needed: u64,
    allowed: u64,
}

impl std::error::Error for NoRoom {}

impl fmt::Display for NoRoom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mb = |bytes: u64| bytes.div_ceil(1_000_000);
        write!(
            f,
            "the first {} documents need about {} MB of memory already, and --memory allows {} MB; allow more, or run on parts of the input first, and then on their kept.jsonl together",
            self.documents,
            mb(self.needed),
            mb(self.allowed)
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
        assert_eq!(load.memory(), (64 << 20) + 2 * 282 + 15 * 190);
        load.escapes = 82;
        assert_eq!(load.memory(), (64 << 20) + 2 * 200 + 15 * 190);
    }
}
