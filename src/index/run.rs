//! Which texts have a key? A run is a file of keys in order, which is read block by block.
//!
//! The entries of a key are in the order of the ring in a batch run ([`KeyIndex`](crate::lsh::KeyIndex)), so that the neighbours of a text
//! in the ring are found without reading all entries.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::index::cache::Cache;
use crate::index::files::{AppendFile, FileKind, damaged};
use crate::index::filter::{self, FilterBuilder};
use crate::index::ledger::TextRow;
use crate::index::manifest::RunFile;
use crate::index::record;
use crate::kernels::ahead;
use std::path::Path;

/// A key of a text. Entries are in the order of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Entry {
    pub(super) key: u64,
    pub(super) ring: u64,
    pub(super) text: u32,
}

/// Number of entries of a block.
const BLOCK_ENTRIES: usize = 128;

/// Maximum number of blocks with a key for which all of its texts are read.
const MAX_BLOCKS: usize = 2;

/// The first entry of a block, and the place of the block.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Fence {
    key: u64,
    ring: u64,
    place: u64,
}

/// The directory at the end of the file.
#[derive(Debug, Serialize, Deserialize)]
struct Directory {
    fences: Vec<Fence>,
    /// The place of each page of the filter.
    filter: Vec<u64>,
}

/// A file of entries in order.
pub(super) struct Run {
    pub(super) file: AppendFile,
    pub(super) named: RunFile,
    directory: Directory,
    blocks: Cache<usize, Vec<(u64, u32)>>,
    pages: Cache<usize, Vec<u8>>,
}

/// Maximum bytes of blocks of a run that are held; the same for pages of the filter.
const CACHE_BYTES: usize = 32 << 20;

/// The position of an entry in a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Position {
    block: usize,
    entry: usize,
}

impl Run {
    pub(super) fn open(folder: &Path, named: RunFile) -> Result<Self, Error> {
        let path = folder.join(FileKind::Keys.name(named.number));
        let file = AppendFile::open(path, named.length, false)?;
        let directory = record::read_value(&file, named.directory)?;
        Ok(Self {
            file,
            named,
            directory,
            blocks: Cache::new(CACHE_BYTES),
            pages: Cache::new(CACHE_BYTES),
        })
    }

    /// May an entry have this key? If false, no entry has it.
    pub(super) fn may_have(&self, key: u64) -> Result<bool, Error> {
        let pages = self.directory.filter.len();
        let Some(page) = filter::page_of(key, pages) else {
            return Ok(false);
        };
        let bits = self.pages.get(page, || {
            let place = self.directory.filter[page];
            let bits = record::read(&self.file, place)?;
            let size = bits.len();
            Ok::<_, Error>((bits, size))
        })?;
        Ok(filter::may_have(&bits, key))
    }

    /// The entries of a block.
    fn block(&self, block: usize) -> Result<Arc<Vec<(u64, u32)>>, Error> {
        self.blocks.get(block, || {
            let Some(fence) = self.directory.fences.get(block) else {
                return Err(damaged(&self.file.path, format!("it has no block {block}")));
            };
            let entries = unpacked(&self.file, fence.place)?;
            let size = 16 * entries.len();
            Ok((entries, size))
        })
    }

    /// Appends the texts of a key to `texts`, in order. Returns false if they are in too many blocks to be worth reading. `fence` is the
    /// first fence that may have the key. It is 0 for the first key, and each call moves it on for the next key, which must not be smaller.
    pub(super) fn few(
        &self,
        key: u64,
        fence: &mut usize,
        texts: &mut Vec<u32>,
    ) -> Result<bool, Error> {
        let fences = &self.directory.fences;
        *fence += ahead(&fences[*fence..], |fence| fence.key < key);
        let from = fence.saturating_sub(1);
        let with_key = fences[from..].iter().take_while(|fence| fence.key <= key);
        let count = with_key.take(MAX_BLOCKS + 1).count();
        if count > MAX_BLOCKS {
            return Ok(false);
        }
        for block in from..from + count {
            let entries = self.block(block)?;
            let first = entries.partition_point(|entry| entry.0 < key);
            let of_key = entries[first..].iter().take_while(|entry| entry.0 == key);
            texts.extend(of_key.map(|entry| entry.1));
        }
        Ok(true)
    }

    /// The entry at a position, if there is one.
    pub(super) fn entry(&self, at: Position) -> Result<Option<(u64, u32)>, Error> {
        if at.block >= self.directory.fences.len() {
            return Ok(None);
        }
        Ok(self.block(at.block)?.get(at.entry).copied())
    }

    /// The position of the first entry that is not before this place of a ring.
    pub(super) fn find(&self, texts: &[TextRow], key: u64, ring: u64) -> Result<Position, Error> {
        let fences = &self.directory.fences;
        let after = fences.partition_point(|fence| (fence.key, fence.ring) <= (key, ring));
        let block = after.saturating_sub(1);
        if fences.is_empty() {
            return Ok(Position { block, entry: 0 });
        }
        let entries = self.block(block)?;
        let before = |&(other, text): &(u64, u32)| {
            let place = || texts.get(text as usize).map_or(0, |text| text.ring(key));
            other < key || (other == key && place() < ring)
        };
        let entry = entries.partition_point(before);
        Ok(match entry < entries.len() {
            true => Position { block, entry },
            false => Position {
                block: block + 1,
                entry: 0,
            },
        })
    }

    pub(super) fn next(&self, at: Position) -> Result<Position, Error> {
        let entries = self.block(at.block)?;
        Ok(match at.entry + 1 < entries.len() {
            true => Position {
                entry: at.entry + 1,
                ..at
            },
            false => Position {
                block: at.block + 1,
                entry: 0,
            },
        })
    }

    pub(super) fn previous(&self, at: Position) -> Result<Option<Position>, Error> {
        if let Some(entry) = at.entry.checked_sub(1) {
            return Ok(Some(Position { entry, ..at }));
        }
        let Some(block) = at.block.checked_sub(1) else {
            return Ok(None);
        };
        let entry = self.block(block)?.len().saturating_sub(1);
        Ok(Some(Position { block, entry }))
    }

    /// Calls `each` with every key and text, in order. Blocks that were read are not held.
    pub(super) fn for_each(
        &self,
        mut each: impl FnMut(u64, u32) -> Result<(), Error>,
    ) -> Result<(), Error> {
        for fence in &self.directory.fences {
            for (key, text) in unpacked(&self.file, fence.place)? {
                each(key, text)?;
            }
        }
        Ok(())
    }

    /// All entries, read block by block.
    pub(super) fn entries(&self) -> Entries<'_> {
        Entries {
            run: self,
            block: 0,
            entries: Vec::new().into_iter(),
        }
    }
}

/// The keys and texts of a run, in order.
pub(super) struct Entries<'r> {
    run: &'r Run,
    block: usize,
    entries: std::vec::IntoIter<(u64, u32)>,
}

impl Entries<'_> {
    pub(super) fn next(&mut self) -> Result<Option<(u64, u32)>, Error> {
        loop {
            if let Some(entry) = self.entries.next() {
                return Ok(Some(entry));
            }
            let Some(fence) = self.run.directory.fences.get(self.block) else {
                return Ok(None);
            };
            self.entries = unpacked(&self.run.file, fence.place)?.into_iter();
            self.block += 1;
        }
    }
}

/// The keys and texts of the block at a place in the file.
fn unpacked(file: &AppendFile, place: u64) -> Result<Vec<(u64, u32)>, Error> {
    let mut entries: Vec<(u64, u32)> = record::read_value(file, place)?;
    let mut key = 0_u64;
    for entry in &mut entries {
        key = key.wrapping_add(entry.0);
        entry.0 = key;
    }
    Ok(entries)
}

/// Writes a run, entry by entry.
pub(super) struct RunWriter {
    file: AppendFile,
    number: u64,
    block: Vec<(u64, u32)>,
    first: (u64, u64),
    last: u64,
    directory: Directory,
    filter: FilterBuilder,
    entries: u64,
}

impl RunWriter {
    /// Creates a file for at most `most` entries.
    pub(super) fn create(folder: &Path, number: u64, most: u64) -> Result<Self, Error> {
        let file = AppendFile::create(folder.join(FileKind::Keys.name(number)))?;
        Ok(Self {
            file,
            number,
            block: Vec::with_capacity(BLOCK_ENTRIES),
            first: (0, 0),
            last: 0,
            directory: Directory {
                fences: Vec::new(),
                filter: Vec::new(),
            },
            filter: FilterBuilder::for_keys(most),
            entries: 0,
        })
    }

    /// Adds an entry, which must not be before the last one.
    pub(super) fn push(&mut self, entry: Entry) -> Result<(), Error> {
        if self.block.is_empty() {
            self.first = (entry.key, entry.ring);
            self.last = 0;
        }
        self.block
            .push((entry.key.wrapping_sub(self.last), entry.text));
        self.last = entry.key;
        self.filter.add(entry.key);
        self.entries += 1;
        match self.block.len() < BLOCK_ENTRIES {
            true => Ok(()),
            false => self.flush(),
        }
    }

    fn flush(&mut self) -> Result<(), Error> {
        let place = record::append(&mut self.file, &record::payload(&self.block))?;
        let (key, ring) = self.first;
        self.directory.fences.push(Fence { key, ring, place });
        self.block.clear();
        Ok(())
    }

    /// Writes the remaining entries, the filter and the directory, and makes the system write all of it to the disk.
    pub(super) fn finish(mut self) -> Result<RunFile, Error> {
        if !self.block.is_empty() {
            self.flush()?;
        }
        for page in self.filter.pages() {
            let place = record::append(&mut self.file, page)?;
            self.directory.filter.push(place);
        }
        let directory = record::append(&mut self.file, &record::payload(&self.directory))?;
        self.file.sync()?;
        Ok(RunFile {
            number: self.number,
            length: self.file.length(),
            directory,
            entries: self.entries,
        })
    }
}
