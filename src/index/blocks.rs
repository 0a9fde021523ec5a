//! How are texts and facts stored? Several together make a block, and each block is packed and has a checksum.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::index::cache::Cache;
use crate::index::files::{AppendFile, damaged, refused};
use crate::index::record;

/// Bytes of a block before it is packed; a block with a longer item is longer. Blocks are small because an answer reads a few items from
/// any place, and must unpack a block for each.
const BLOCK_BYTES: usize = 16 << 10;

/// Compression level of zstd. Text is packed to 40 %, ten times as fast as it is signed.
const LEVEL: i32 = 3;

/// The place of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Place {
    /// The place of its block in the file.
    pub(super) block: u64,
    /// The number of the item in the block.
    pub(super) item: u32,
}

/// The items of a block.
pub(super) struct Block {
    /// Where each item ends.
    ends: Vec<usize>,
    bytes: Vec<u8>,
}

impl Block {
    /// An item by its number.
    pub(super) fn item(&self, item: u32) -> Option<&[u8]> {
        let item = item as usize;
        let start = match item.checked_sub(1) {
            Some(before) => *self.ends.get(before)?,
            None => 0,
        };
        self.bytes.get(start..*self.ends.get(item)?)
    }

    /// Number of items.
    pub(super) fn len(&self) -> u32 {
        self.ends.len() as u32
    }

    fn size(&self) -> usize {
        self.bytes.len() + 8 * self.ends.len()
    }

    /// Unpacks a block. `None` if the payload is not that of a block.
    pub(super) fn unpacked(payload: &[u8]) -> Option<Self> {
        let (lengths, packed): (Vec<u32>, &[u8]) = postcard::take_from_bytes(payload).ok()?;
        let mut end = 0_usize;
        let ends = lengths.into_iter().map(|length| {
            end += length as usize;
            end
        });
        let ends: Vec<usize> = ends.collect();
        let bytes = zstd::bulk::decompress(packed, end).ok()?;
        (bytes.len() == end).then_some(Self { ends, bytes })
    }
}

/// A file of blocks.
pub(super) struct Blocks {
    pub(super) file: AppendFile,
    recent: Cache<u64, Block>,
}

/// Maximum bytes of unpacked blocks of a file that are held.
const CACHE_BYTES: usize = 16 << 20;

impl Blocks {
    pub(super) fn new(file: AppendFile) -> Self {
        Self {
            file,
            recent: Cache::new(CACHE_BYTES),
        }
    }

    /// The block of an item.
    pub(super) fn block(&self, place: Place) -> Result<Arc<Block>, Error> {
        let block = self.recent.get(place.block, || {
            let payload = record::read(&self.file, place.block)?;
            let block = Block::unpacked(&payload);
            let block = block.ok_or_else(|| self.not_there(place))?;
            let size = block.size();
            Ok::<_, Error>((block, size))
        })?;
        match place.item < block.len() {
            true => Ok(block),
            false => Err(self.not_there(place)),
        }
    }

    /// The error for a place without a block, or with a block that has no such item.
    pub(super) fn not_there(&self, place: Place) -> Error {
        let problem = format!(
            "no item {} in the block at byte {}",
            place.item, place.block
        );
        damaged(&self.file.path, problem)
    }

    /// Appends items. Returns their places.
    pub(super) fn append<'i>(
        &mut self,
        items: impl Iterator<Item = &'i [u8]>,
    ) -> Result<Vec<Place>, Error> {
        let mut places = Vec::new();
        let (mut lengths, mut bytes): (Vec<u32>, Vec<u8>) = Default::default();
        for item in items {
            places.push(Place {
                block: self.file.length(),
                item: lengths.len() as u32,
            });
            let length = u32::try_from(item.len()).map_err(|_| {
                let problem = "a document of 4 GB or more can't be kept; split it";
                refused(&self.file.path, problem)
            })?;
            lengths.push(length);
            bytes.extend_from_slice(item);
            if bytes.len() >= BLOCK_BYTES {
                self.flush(&mut lengths, &mut bytes)?;
            }
        }
        if !lengths.is_empty() {
            self.flush(&mut lengths, &mut bytes)?;
        }
        Ok(places)
    }

    fn flush(&mut self, lengths: &mut Vec<u32>, bytes: &mut Vec<u8>) -> Result<(), Error> {
        let mut payload = record::payload(lengths);
        let packed = zstd::bulk::compress(bytes, LEVEL);
        let packed =
            packed.map_err(|error| crate::index::files::storage(&self.file.path, error))?;
        payload.extend_from_slice(&packed);
        record::append(&mut self.file, &payload)?;
        lengths.clear();
        bytes.clear();
        Ok(())
    }
}
