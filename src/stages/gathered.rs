//! How do workers write to the parts of a table? Many rows at once, so that they seldom wait for each other.

use crate::error::Error;
use crate::tables::Table;

/// Texts that one task reads.
pub(super) const CHUNK: usize = 1 << 10;

/// Bytes of a part of a table, about, as it is joined: a worker holds up to four times as much meanwhile.
pub(super) const PART_BYTES: usize = 4 << 20;

/// Maximum parts of a table. Each part gathers a block.
pub(super) const MAX_PARTS: usize = 1 << 10;

/// Rows that a worker gathers for all parts of a table.
const GATHERED_ROWS: usize = 1 << 15;

/// Rows that a worker has for the parts of a table.
pub(super) struct Gathered<'t, const W: usize> {
    table: &'t Table<W>,
    rows: Vec<Vec<[u32; W]>>,
    count: usize,
}

impl<'t, const W: usize> Gathered<'t, W> {
    pub(super) fn new(table: &'t Table<W>) -> Self {
        Self {
            table,
            rows: vec![Vec::new(); table.parts()],
            count: 0,
        }
    }

    /// Adds a row to a part; those beyond the last part go to the last.
    pub(super) fn add(&mut self, part: usize, row: [u32; W]) -> Result<(), Error> {
        let last = self.rows.len().saturating_sub(1);
        if let Some(rows) = self.rows.get_mut(part.min(last)) {
            rows.push(row);
        }
        self.count += 1;
        if self.count >= GATHERED_ROWS {
            self.write()?;
        }
        Ok(())
    }

    /// Writes all of them to the table.
    pub(super) fn write(&mut self) -> Result<(), Error> {
        self.count = 0;
        for (part, rows) in self.rows.iter_mut().enumerate() {
            self.table.add(part, rows)?;
            rows.clear();
        }
        Ok(())
    }
}
