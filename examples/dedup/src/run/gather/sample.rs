//! Which documents are in a sample? Those whose ids have the smallest hashes, in any order of the input. The id of a file is
//! its path, so only files of the sample are read. The id of a row is in the row, so all rows are read.

use std::collections::BTreeSet;

use super::files::{WholeFile, next_files};
use super::{Gather, Stop};
use crate::store::sample_key;

/// The smallest keys, each once.
struct Least {
    count: usize,
    keys: BTreeSet<u64>,
}

impl Least {
    fn add(&mut self, key: u64) {
        self.keys.insert(key);
        if self.keys.len() > self.count {
            self.keys.pop_last();
        }
    }

    /// Whether a document with this key may be in the sample.
    fn has_room_for(&self, key: u64) -> bool {
        self.keys.len() < self.count || self.keys.last().is_some_and(|&last| key <= last)
    }

    /// Number of documents that the sample lacks. It is at least one, because a document may replace another one.
    fn lacking(&self) -> usize {
        (self.count - self.keys.len()).max(1)
    }
}

impl Gather<'_> {
    /// Reads the waiting files that are in the sample, after all rows were read. If a file cannot be read, the next one
    /// takes its place.
    pub(super) fn read_sample(&mut self, count: usize) -> Result<(), Stop> {
        let files = std::mem::take(&mut self.waiting.files);
        let key = |file: &WholeFile| sample_key(&self.store.files[file.number as usize]);
        let mut files: Vec<(u64, WholeFile)> =
            files.into_iter().map(|file| (key(&file), file)).collect();
        files.sort_by_key(|(key, file)| (*key, file.number));
        let mut files = files.into_iter().peekable();
        let (keys, mut seen) = (BTreeSet::new(), 0);
        let mut least = Least { count, keys };
        loop {
            for entry in &self.store.documents[seen..] {
                least.add(sample_key(&entry.id));
            }
            seen = self.store.documents.len();
            let mut fitting = std::iter::from_fn(|| {
                let (_, file) = files.next_if(|(key, _)| least.has_room_for(*key))?;
                Some(file)
            });
            let some = next_files(&mut fitting, least.lacking());
            if some.is_empty() {
                break;
            }
            self.read_files(some)?;
        }
        // Files were read after all rows, so the order of the input is restored.
        self.store.documents.sort_by_key(|entry| entry.file);
        Ok(())
    }
}
