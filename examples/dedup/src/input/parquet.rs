//! What rows does a Parquet file hold? Row groups are read by all threads at once, and become lines of JSON like any others.

use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use parquet::schema::types::TypePtr;
use rayon::prelude::*;

use super::Reader;
use super::rows::{Fields, Rows};
use crate::columns::{Batch, Group, Lost, Table, Tree};
use crate::source::{Origin, Sources, state};
use crate::store::Copied;

/// Bytes of rows that are turned to JSON at once by one thread, and the most rows.
const TOGETHER: usize = 4 << 20;
const MOST_ROWS: usize = 4096;

/// What a row group holds, counted from its first row.
#[derive(Default)]
struct Found {
    /// The first row of each block, where it is kept, and its rows.
    blocks: Vec<(usize, Origin, Rows)>,
    lost: Vec<Lost>,
}

impl Reader<'_> {
    pub(super) fn parquet(&mut self, file: String, path: &Path, from: File) -> io::Result<()> {
        self.store.has_parquet = true;
        let state = state(&from);
        let table = match Table::open(from) {
            Ok(table) => table,
            Err(error) => {
                let error = format!("not a Parquet file, or not all of it: {error}; write it anew");
                self.reject(file, error);
                return Ok(());
            }
        };
        let names: Vec<&str> = table.fields().iter().map(|field| field.name()).collect();
        if let Some(error) = self.lacks_text(&names) {
            self.reject(file, error);
            return Ok(());
        }
        let file = self.store.name(file);
        if self.options.kept_parquet {
            let path = path.to_owned();
            self.copy_later(Copied { file, path, state }, table.fields());
        }
        let tree = Tree::of(table.fields());
        let mut first = 0;
        let groups: Vec<usize> = (0..table.groups()).collect();
        // A few at a time: what is found of them waits for its turn.
        for some in groups.chunks(rayon::current_num_threads().max(1)) {
            let mut sources = std::mem::take(&mut self.store.sources);
            let shared = Mutex::new(&mut sources);
            let fields = self.fields(None);
            let read = |&group: &usize| read_group(&table, group, &tree, fields, &shared);
            let found: Vec<io::Result<Found>> = some.par_iter().map(read).collect();
            self.store.sources = sources;
            for (&group, found) in some.iter().zip(found) {
                self.take_group(file, first, found?);
                first += table.rows(group);
                self.check_memory()?;
            }
        }
        Ok(())
    }

    /// Rows of this file that stay are copied, if its columns are those of the first file.
    fn copy_later(&mut self, table: Copied, fields: &[TypePtr]) {
        let first = self.schema.get_or_insert_with(|| fields.to_vec());
        if first == fields {
            self.store.tables.push(table);
        } else {
            let note = format!(
                "{}: its columns are not those of the first Parquet file; what stays of it is in kept.jsonl only",
                self.store.files[table.file as usize]
            );
            self.store.notes.push(note);
        }
    }

    fn take_group(&mut self, file: u32, first: usize, found: Found) {
        for (row, origin, rows) in found.blocks {
            self.take(file, first + row, origin, rows);
        }
        for Lost { rows, why } in found.lost {
            let (start, end) = (first + rows.start, first + rows.end);
            let error = match rows.len() {
                1 => format!(
                    "row {end} is damaged: {why}; write the file anew, the other rows were read"
                ),
                _ => format!(
                    "rows {}-{end} are damaged: {why}; write the file anew, the other rows were read",
                    start + 1
                ),
            };
            self.reject_row(file, start, error);
        }
    }
}

fn read_group(
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
