//! How are rows with equal keys brought together? A row is written to the part of its key, and a part is sorted when it is taken.

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use crate::error::Error;
use crate::tables::file::{CHECKSUM, TempFile, checksum};

/// Bytes gathered in all parts together before they are written.
const GATHERED: usize = 4 << 20;

/// Minimum and maximum bytes of a block: rows of one part that are written and read in one go.
const BLOCK: (usize, usize) = (4 << 10, 256 << 10);

/// Bytes of a number.
const NUMBER: usize = size_of::<u32>();

/// Rows of `W` numbers, in parts. Several threads may add rows at the same time; their order does not change the rows that a part gives.
#[derive(Debug)]
pub(crate) struct Table<const W: usize> {
    file: TempFile,
    parts: Vec<Mutex<Part<W>>>,
    /// Number of rows in a block.
    block: usize,
    /// The place of the next block.
    end: AtomicU64,
}

#[derive(Debug, Default)]
struct Part<const W: usize> {
    rows: Vec<[u32; W]>,
    /// Place and number of rows of each written block.
    blocks: Vec<(u64, u32)>,
}

impl<const W: usize> Table<W> {
    pub(crate) fn new(name: &'static str, folder: &Path, parts: usize) -> Self {
        let bytes = (GATHERED / parts.max(1)).clamp(BLOCK.0, BLOCK.1);
        Self::with_block(name, folder, parts, bytes / (W * NUMBER))
    }

    fn with_block(name: &'static str, folder: &Path, parts: usize, block: usize) -> Self {
        Self {
            file: TempFile::new(name, folder),
            parts: (0..parts).map(|_| Mutex::default()).collect(),
            block: block.max(1),
            end: AtomicU64::new(0),
        }
    }

    /// Number of parts.
    pub(crate) fn parts(&self) -> usize {
        self.parts.len()
    }

    /// Adds rows to a part. A number beyond the last part means the last part.
    pub(crate) fn add(&self, part: usize, rows: &[[u32; W]]) -> Result<(), Error> {
        let Some(part) = self.parts.get(part).or(self.parts.last()) else {
            return Ok(());
        };
        let mut part = part.lock().unwrap_or_else(PoisonError::into_inner);
        for rows in rows.chunks(self.block) {
            part.rows.extend_from_slice(rows);
            if part.rows.len() >= self.block {
                self.write(&mut part)?;
            }
        }
        Ok(())
    }

    fn write(&self, part: &mut Part<W>) -> Result<(), Error> {
        let bytes = part.rows.len() * W * NUMBER + CHECKSUM;
        let place = self.end.fetch_add(bytes as u64, Ordering::Relaxed);
        let mut block = Vec::with_capacity(bytes);
        block.extend(
            part.rows
                .as_flattened()
                .iter()
                .flat_map(|n| n.to_le_bytes()),
        );
        block.extend(checksum(&block, place));
        self.file.write(&block, place)?;
        part.blocks.push((place, part.rows.len() as u32));
        part.rows = Vec::new();
        Ok(())
    }

    /// Takes the rows of a part, in ascending order, out of the table. Cost: a sort, in memory.
    pub(crate) fn take(&self, part: usize) -> Result<Vec<[u32; W]>, Error> {
        let Some(part) = self.parts.get(part) else {
            return Ok(Vec::new());
        };
        let part = std::mem::take(&mut *part.lock().unwrap_or_else(PoisonError::into_inner));
        let mut rows = self.read(&part)?;
        rows.sort_unstable();
        Ok(rows)
    }

    fn read(&self, part: &Part<W>) -> Result<Vec<[u32; W]>, Error> {
        let written: usize = part.blocks.iter().map(|&(_, rows)| rows as usize).sum();
        let mut rows = Vec::with_capacity(written + part.rows.len());
        for &(place, count) in &part.blocks {
            let bytes = self.file.read(count as usize * W * NUMBER, place)?;
            let (numbers, _) = bytes.as_chunks::<NUMBER>();
            let (read, _) = numbers.as_chunks::<W>();
            rows.extend(read.iter().map(|row| row.map(u32::from_le_bytes)));
        }
        rows.extend_from_slice(&part.rows);
        Ok(rows)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    fn table(parts: usize, block: usize) -> Table<2> {
        Table::with_block("rows", &std::env::temp_dir(), parts, block)
    }

    proptest! {
        #[test]
        fn a_part_gives_its_rows_sorted_as_a_map_of_lists_does(
            given in prop::collection::vec((0_usize..5, prop::collection::vec(any::<[u32; 2]>(), 0..12)), 0..30),
            block in 1_usize..9,
        ) {
            let table = table(5, block);
            let mut twin: BTreeMap<usize, Vec<[u32; 2]>> = BTreeMap::new();
            for (part, rows) in &given {
                table.add(*part, rows).unwrap();
                twin.entry(*part).or_default().extend(rows);
            }
            for part in (0..table.parts()).rev() {
                let mut expected = twin.remove(&part).unwrap_or_default();
                expected.sort();
                prop_assert_eq!(table.take(part).unwrap(), expected);
                prop_assert!(table.take(part).unwrap().is_empty());
            }
        }
    }

    #[test]
    fn flipped_and_lost_bytes_are_an_error_that_names_the_table() {
        let filled = || {
            let table = table(1, 3);
            table.add(0, &[[7, 1], [9, 2], [8, 3], [0, 0]]).unwrap();
            table
        };
        let bytes = (3 * 2 * NUMBER + CHECKSUM) as u64;
        for at in 0..bytes {
            let flipped = filled();
            flipped.file.damage(at, |byte| *byte ^= 0x40);
            assert!(
                flipped.take(0).unwrap_err().to_string().contains("rows"),
                "{at}"
            );
            let cut = filled();
            cut.file.cut(at);
            assert!(cut.take(0).unwrap_err().is_table(), "{at}");
        }
        assert_eq!(filled().take(0).unwrap(), [[0, 0], [7, 1], [8, 3], [9, 2]]);
    }
}
