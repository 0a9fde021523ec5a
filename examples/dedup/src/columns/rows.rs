//! What rows does a row group hold? They become lines of JSON like any others.

use std::io;
use std::sync::{Mutex, PoisonError};

use super::{Batch, Group, Lost, Table, Tree};
use crate::read::rows::{Fields, Rows};
use crate::store::sources::{Origin, Sources};

/// Bytes of rows that are turned to JSON at once by one thread, and the most rows.
const TOGETHER: usize = 4 << 20;
const MOST_ROWS: usize = 4096;

/// What a row group holds, counted from its first row.
#[derive(Default)]
pub struct Found {
    /// The first row of each block, where it is kept, and its rows.
    pub blocks: Vec<(usize, Origin, Rows)>,
    pub lost: Vec<Lost>,
}

/// Reads the rows of a row group, and keeps them as lines of JSON.
pub fn read_group(
    table: &Table,
    number: usize,
    tree: &Tree,
    fields: Fields<'_>,
    sources: &Mutex<&mut Sources>,
) -> io::Result<Found> {
    let mut found = Found::default();
    let mut group = match Group::open(table, number) {
        Ok(group) => group,
        Err(why) => {
            let rows = 0..table.rows(number);
            found.lost.push(Lost { rows, why });
            return Ok(found);
        }
    };
    let together = (TOGETHER / table.row_size(number).max(1)).clamp(1, MOST_ROWS);
    while let Some(batch) = group.next(together) {
        let (block, failed) = block(tree, &batch);
        let mut rows = fields.rows(&block);
        rows.rejected.extend(failed);
        // Held for as long as bytes are copied, and for nothing that other threads could wait for.
        let origin = sources
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .keep(&block)?;
        found.blocks.push((batch.first, origin, rows));
        found.lost.extend(batch.lost);
    }
    Ok(found)
}

/// The rows of a batch as lines of JSON, blank for those that are not there; and those that can't be written.
fn block(tree: &Tree, batch: &Batch<'_>) -> (Vec<u8>, Vec<(usize, String)>) {
    let mut there = vec![true; batch.rows];
    for lost in &batch.lost {
        let of_batch = |row: usize| row.saturating_sub(batch.first).min(batch.rows);
        there[of_batch(lost.rows.start)..of_batch(lost.rows.end)].fill(false);
    }
    let (mut lines, mut failed) = (Vec::new(), Vec::new());
    for (row, there) in there.into_iter().enumerate() {
        let start = lines.len();
        let written = there.then(|| tree.write(batch.columns, row, &mut lines));
        if let Some(Err(error)) = written {
            lines.truncate(start);
            failed.push((row, error));
        }
        lines.push(b'\n');
    }
    (lines, failed)
}
