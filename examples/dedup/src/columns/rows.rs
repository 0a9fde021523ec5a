//! Which rows does a row group have? They become lines of JSON, like all other rows.

use std::io;
use std::sync::{Mutex, PoisonError};

use super::{Batch, Group, Lost, Table, Tree};
use crate::read::reason::{Reason, ReasonKind};
use crate::read::rows::{Fields, Rows};
use crate::store::sources::{Origin, Sources};

/// Size in bytes of the rows that one thread converts to JSON in one step, and the maximum number of these rows.
const TOGETHER: usize = 4 << 20;
const MOST_ROWS: usize = 4096;

/// The rows of a row group, numbered from its first row.
#[derive(Default)]
pub struct Found {
    /// For each block: the number of its first row, the place where its lines are stored, and its rows.
    pub blocks: Vec<(usize, Origin, Rows)>,
    pub lost: Vec<Lost>,
}

/// Reads the rows of a row group, and stores them as lines of JSON.
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
            // The lock is held only while bytes are copied, so that other threads wait for nothing else.
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
    /// The lines; the line of a row that is missing is empty.
    lines: Vec<u8>,
    /// Rows that can't be written, numbered from the first row of the block.
    failed: Vec<(usize, Reason)>,
    rows: usize,
}

/// The rows of a batch from `first` on, until their lines have [`TOGETHER`] bytes. The lines may be longer than the file, as a
/// value of a dictionary is stored once in the file and in each row here.
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
