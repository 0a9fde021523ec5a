//! What rows does a row group hold? They become lines of JSON like any others.

use std::io;
use std::sync::{Mutex, PoisonError};

use super::{Batch, Group, Lost, Table, Tree};
use crate::read::reason::{Reason, ReasonKind};
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
        let mut first = 0;
        while first < batch.rows {
            let Block {
                lines,
                failed,
                rows: count,
            } = block(tree, &batch, first);
            let mut rows = fields.rows(&lines);
            rows.rejected.extend(failed);
            // Held for as long as bytes are copied, and for nothing that other threads could wait for.
            let origin = sources
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .keep(&lines)?;
            found.blocks.push((batch.first + first, origin, rows));
            first += count;
        }
        found.lost.extend(batch.lost);
    }
    Ok(found)
}

/// Rows as lines of JSON.
struct Block {
    /// Blank for those that are not there.
    lines: Vec<u8>,
    /// Rows that can't be written, counted from the first of these.
    failed: Vec<(usize, Reason)>,
    rows: usize,
}

/// The rows of a batch from one on, as many as are not too long together: values of a dictionary stand once in the file, and
/// in each row here.
fn block(tree: &Tree, batch: &Batch<'_>, first: usize) -> Block {
    let (mut lines, mut failed) = (Vec::new(), Vec::new());
    let mut row = first;
    while row < batch.rows && lines.len() < TOGETHER {
        let start = lines.len();
        let in_file = batch.first + row;
        let there = !batch.lost.iter().any(|lost| lost.rows.contains(&in_file));
        let written = there.then(|| tree.write(batch.columns, row, &mut lines));
        if let Some(Err(error)) = written {
            lines.truncate(start);
            failed.push((row - first, ReasonKind::Malformed.because(error)));
        }
        lines.push(b'\n');
        row += 1;
    }
    Block {
        lines,
        failed,
        rows: row - first,
    }
}
