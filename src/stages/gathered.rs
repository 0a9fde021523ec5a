//! How do workers write to the parts of a table? They write many rows at once, so that they seldom wait for each other.

use crate::error::Error;
use crate::tables::Table;

/// Number of texts that one task reads.
pub(super) const CHUNK: usize = 1 << 10;

/// Approximate bytes of a part of a table. A worker holds up to four times as much while it joins the part.
pub(super) const PART_BYTES: usize = 4 << 20;

/// Maximum parts of a table. Each part gathers one block in memory before it writes it.
pub(super) const MAX_PARTS: usize = 1 << 10;

/// Maximum rows that a worker gathers for all parts of a table before it writes them.
const GATHERED_ROWS: usize = 1 << 15;

/// The rows that a worker has gathered for the parts of a table.
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

    /// Adds a row to a part. A number beyond the last part means the last part.
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

    /// Writes all gathered rows to the table.
    pub(super) fn write(&mut self) -> Result<(), Error> {
        self.count = 0;
        for (part, rows) in self.rows.iter_mut().enumerate() {
            self.table.add(part, rows)?;
            rows.clear();
        }
        Ok(())
    }
}
