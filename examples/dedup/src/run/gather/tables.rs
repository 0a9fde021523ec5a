//! How are the rows of a Parquet file read? All threads read row groups in parallel, and the rows become lines of JSON.

use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::Mutex;

use parquet::schema::types::TypePtr;
use rayon::prelude::*;

use super::{Gather, Stop};
use crate::columns::{Found, Lost, Table, Tree, read_group};
use crate::read::header::lacks_text;
use crate::read::place::state;
use crate::read::reason::ReasonKind;
use crate::store::Copied;

impl Gather<'_> {
    pub(super) fn parquet(&mut self, file: String, path: &Path, from: File) -> Result<(), Stop> {
        self.store.has_parquet = true;
        let state = state(&from);
        let table = match Table::open(from) {
            Ok(table) => table,
            Err(error) => {
                let error = format!("not a complete Parquet file: {error}; write it again");
                self.reject(file, ReasonKind::Damaged.because(error));
                return Ok(());
            }
        };
        let names: Vec<&str> = table.fields().iter().map(|field| field.name()).collect();
        if let Some(error) = lacks_text(&names, &self.settings.fields.texts) {
            self.reject(file, error);
            return Ok(());
        }
        let file = self.store.name(file);
        if self.settings.kept_parquet {
            let path = path.to_owned();
            self.copy_later(Copied { file, path, state }, table.fields());
        }
        let tree = Tree::new(table.fields());
        let mut first = 0;
        let groups: Vec<usize> = (0..table.groups()).collect();
        // Only a few groups at a time, because their rows are held until it is their turn.
        for some in groups.chunks(rayon::current_num_threads().max(1)) {
            let mut sources = std::mem::take(&mut self.store.sources);
            let shared = Mutex::new(&mut sources);
            let fields = self.fields(None);
            let read = |&group: &usize| read_group(&table, group, &tree, fields, &shared);
            let found: Vec<io::Result<Found>> = some.par_iter().map(read).collect();
            self.store.sources = sources;
            for (&group, found) in some.iter().zip(found) {
                self.take_group(file, first, found?)?;
                first += table.rows(group);
                self.check_memory()?;
            }
        }
        Ok(())
    }

    /// Marks a file so that its kept rows are copied, if it has the same columns as the first file.
    fn copy_later(&mut self, table: Copied, fields: &[TypePtr]) {
        let first = self.schema.get_or_insert_with(|| fields.to_vec());
        if first == fields {
            self.store.tables.push(table);
        } else {
            let note = format!(
                "{}: its columns differ from those of the first Parquet file; its kept rows are in kept.jsonl only",
                self.store.files[table.file as usize]
            );
            self.store.notes.push(note);
        }
    }

    fn take_group(&mut self, file: u32, first: usize, found: Found) -> Result<(), Stop> {
        for (row, origin, rows) in found.blocks {
            self.take(file, first + row, origin, rows)?;
        }
        for Lost { rows, why } in found.lost {
            let (start, end) = (first + rows.start, first + rows.end);
            let error = match rows.len() {
                1 => format!(
                    "row {end} is damaged: {why}; the other rows were read; write the file again"
                ),
                _ => format!(
                    "rows {}-{end} are damaged: {why}; the other rows were read; write the file again",
                    start + 1
                ),
            };
            self.reject_row(file, start, ReasonKind::Damaged.because(error));
        }
        Ok(())
    }
}
