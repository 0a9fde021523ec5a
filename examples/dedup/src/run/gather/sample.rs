//! Which documents does a sample have? Those whose ids have the least hashes, in whatever order they come. The id of a file is its
//! path: only files of the sample are read. The id of a row stands in it: all rows are read.

use std::collections::BTreeSet;

use super::files::{WholeFile, next_files};
use super::{Gather, Stop};
use crate::store::sample_key;

/// The least keys, each once.
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

    /// May a document of this key be one of the sample?
    fn has_room_for(&self, key: u64) -> bool {
        self.keys.len() < self.count || self.keys.last().is_some_and(|&last| key <= last)
    }

    /// How many are lacking; at least one, as another may take the place of one that is there.
    fn lacking(&self) -> usize {
        (self.count - self.keys.len()).max(1)
    }
}

impl Gather<'_> {
    /// Reads those of the waiting files that the sample has, when all rows were read. A file that can't be read leaves its place to the
    /// next one.
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
        // Files were read after all rows: back to the order of the input.
        self.store.documents.sort_by_key(|entry| entry.file);
        Ok(())
    }
}
