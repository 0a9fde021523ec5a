//! How are the kept rows copied into a new Parquet file? Column by column, as values with their levels, so that each type stays the
//! same. The new file has the schema, the compression and the notes of the first file.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::sync::Arc;

use parquet::errors::ParquetError;
use parquet::file::properties::{WriterProperties, WriterPropertiesPtr};
use parquet::file::writer::SerializedFileWriter;

use super::column::plain;
use super::group::open_column;
use super::table::Table;
use crate::store::Stays;

/// Size in bytes of the part of a column that is copied in one step, and the maximum number of its rows.
const TOGETHER: usize = 4 << 20;
const MOST_ROWS: usize = 4096;

/// Copies the kept rows of files with the same schema. Each row group becomes a row group.
pub fn copy(stays: &[Stays], to: &Path) -> io::Result<()> {
    let Some(first) = stays.first() else {
        return Ok(());
    };
    let table = open(first)?;
    let schema = table
        .metadata
        .file_metadata()
        .schema_descr()
        .root_schema_ptr();
    let out = BufWriter::new(File::create(to)?);
    let copied = SerializedFileWriter::new(out, schema, properties(&table));
    let mut out = copied.map_err(failed)?;
    for stays in stays {
        let table = open(stays)?;
        let mut before = 0;
        for group in 0..table.groups() {
            copy_group(&table, group, before, &stays.rows, &mut out)?;
            before += table.rows(group);
        }
    }
    out.into_inner().map_err(failed)?.flush()
}

fn open(stays: &Stays) -> io::Result<Table> {
    let name = stays.path.display();
    Table::open(File::open(&stays.path)?)
        .map_err(|error| io::Error::other(format!("{name}: {error}")))
}

fn failed(error: ParquetError) -> io::Error {
    io::Error::other(plain(&error))
}

/// The properties of the first file, as far as they are known.
fn properties(table: &Table) -> WriterPropertiesPtr {
    let notes = table.metadata.file_metadata().key_value_metadata();
    let mut properties = WriterProperties::builder().set_key_value_metadata(notes.cloned());
    let columns = table.metadata.row_groups().first();
    for column in columns.map_or(&[][..], |group| group.columns()) {
        let path = column.column_path();
        properties = properties
            .set_column_compression(path.clone(), column.compression())
            .set_column_dictionary_enabled(path.clone(), column.dictionary_page_offset().is_some());
    }
    Arc::new(properties.build())
}

/// Copies the rows of `rows` that are in this row group. `before` is the number of rows in the groups before it.
fn copy_group(
    table: &Table,
    group: usize,
    before: usize,
    rows: &[usize],
    to: &mut SerializedFileWriter<BufWriter<File>>,
) -> io::Result<()> {
    let from = rows.partition_point(|&row| row < before);
    let end = rows.partition_point(|&row| row < before + table.rows(group));
    let rows = &rows[from..end];
    if rows.is_empty() {
        return Ok(());
    }
    let stays = |row: usize| rows.binary_search(&(before + row)).is_ok();
    let meta = table.metadata.row_group(group);
    let together = (TOGETHER / table.row_size(group).max(1)).clamp(1, MOST_ROWS);
    let mut to = to.next_row_group().map_err(failed)?;
    let mut column = 0;
    while let Some(mut out) = to.next_column().map_err(failed)? {
        let mut values = open_column(table, meta, column).map_err(io::Error::other)?;
        loop {
            values.read(together);
            if values.rows() == 0 {
                break;
            }
            values.write(&stays, &mut out).map_err(failed)?;
        }
        out.close().map_err(failed)?;
        column += 1;
    }
    to.close().map_err(failed)?;
    Ok(())
}
