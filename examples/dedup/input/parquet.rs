//! What rows does a Parquet file hold? Row groups are read by all threads at once, and become lines of JSON like any others.

use std::fs::File;
use std::io;
use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;

use super::Reader;
use super::rows::{self, Rows};
use crate::columns::{Batch, Group, Lost, Table, Tree};
use crate::options::Options;
use crate::source::{Origin, Sources};

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
    pub(super) fn parquet(&mut self, file: String, from: File) -> io::Result<()> {
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
        let tree = Tree::of(table.fields());
        let mut first = 0;
        let groups: Vec<usize> = (0..table.groups()).collect();
        // A few at a time: what is found of them waits for its turn.
        for some in groups.chunks(rayon::current_num_threads().max(1)) {
            let sources = Mutex::new(&mut self.store.sources);
            let read = |&group: &usize| read_group(&table, group, &tree, self.options, &sources);
            let found: Vec<io::Result<Found>> = some.par_iter().map(read).collect();
            for (&group, found) in some.iter().zip(found) {
                self.take_group(file, first, found?);
                first += table.rows(group);
            }
        }
        Ok(())
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

    /// Why a file with these columns holds no documents, if it does not.
    pub(super) fn lacks_text(&self, columns: &[&str]) -> Option<String> {
        /// Columns that are named.
        const NAMED: usize = 20;
        let text = self.options.text_field.as_str();
        if columns.contains(&text) {
            return None;
        }
        let named: Vec<String> = columns.iter().take(NAMED).map(|name| cut(name)).collect();
        let more = match columns.len().saturating_sub(NAMED) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        Some(format!(
            "there is no column {text:?}, only {}{more}; name the one that holds the text with --text-field",
            named.join(", ")
        ))
    }
}

/// A column's name, of which the first characters will do.
fn cut(name: &str) -> String {
    const SHOWN: usize = 40;
    let shown: String = name.chars().take(SHOWN).collect();
    if shown.len() < name.len() {
        format!("{:?}", shown + "…")
    } else {
        format!("{name:?}")
    }
}

fn read_group(
    table: &Table,
    number: usize,
    tree: &Tree,
    options: &Options,
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
        let mut rows = rows::parse(&block, &options.id_field, &options.text_field);
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
