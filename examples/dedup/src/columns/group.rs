//! Which rows of a row group can be read? Those that can be read in every column; the others are reported.

use std::sync::Arc;

use parquet::column::page::PageReader;
use parquet::file::metadata::{ColumnChunkMetaData, RowGroupMetaData};
use parquet::file::reader::SerializedPageReader;

use super::column::{self, Heads, Lost, Values, flat};
use super::pages::Pages;
use super::table::Table;
use crate::read::caught::caught;

/// A row group that is read some rows at a time.
pub struct Group {
    columns: Vec<Box<dyn Values>>,
    names: Vec<String>,
    /// Number of its rows, and number of the rows that were already returned or lost.
    rows: usize,
    given: usize,
}

/// Some rows of a row group, stored by column.
pub struct Batch<'g> {
    pub columns: &'g [Box<dyn Values>],
    /// The number of the first of these rows.
    pub first: usize,
    pub rows: usize,
    /// The lost rows. Rows after the end of this batch may be among them.
    pub lost: Vec<Lost>,
}

impl Group {
    pub fn open(table: &Table, number: usize) -> Result<Self, String> {
        let group = table.metadata.row_group(number);
        let columns = (0..group.num_columns())
            .map(|column| open_column(table, group, column))
            .collect::<Result<Vec<_>, String>>()?;
        if columns.len() != table.columns().len() {
            return Err("its number of columns is not that of the file".into());
        }
        Ok(Self {
            columns,
            names: table.columns().iter().map(|c| c.path().string()).collect(),
            rows: table.rows(number),
            given: 0,
        })
    }

    /// The next rows, at most `rows` of them; `None` at the end.
    pub fn next(&mut self, rows: usize) -> Option<Batch<'_>> {
        let (first, wanted) = (self.given, rows.min(self.rows - self.given));
        if wanted == 0 {
            return None;
        }
        let mut lost = Vec::new();
        for (values, name) in self.columns.iter_mut().zip(&self.names) {
            lost.extend(values.read(wanted).into_iter().map(|lost| Lost {
                why: format!("the column {name:?}: {}", lost.why),
                ..lost
            }));
        }
        let rows = self.columns.iter().map(|values| values.rows()).min();
        let rows = rows.unwrap_or(0).min(wanted);
        self.given += rows;
        if rows < wanted {
            lost.push(self.rest());
            self.given = self.rows;
        }
        Some(Batch {
            columns: &self.columns,
            first,
            rows,
            lost,
        })
    }

    /// The rows after the end of the shortest column.
    fn rest(&self) -> Lost {
        let columns = self.columns.iter().zip(&self.names);
        let shortest = columns.min_by_key(|(values, _)| values.rows());
        let why = shortest.map(|(values, name)| {
            let why = values.ended().unwrap_or("it ends there");
            format!("the column {name:?}: {why}")
        });
        Lost {
            rows: self.given..self.rows,
            why: why.unwrap_or_else(|| "there are no columns".into()),
        }
    }
}

/// Opens a column of a row group at its first row, if the column's position and its pages agree with the file's index.
pub fn open_column(
    table: &Table,
    group: &RowGroupMetaData,
    column: usize,
) -> Result<Box<dyn Values>, String> {
    let meta = group.column(column);
    let descr = table.columns().get(column).ok_or("no such column")?;
    let opened = caught(|| {
        let (start, length) = meta.byte_range();
        let end = start.checked_add(length).filter(|&end| end <= table.length);
        let end = end.ok_or("it is said to reach past the end of the file")?;
        let pages = Arc::new(Pages {
            file: Arc::clone(&table.file),
            end,
            compression: meta.compression(),
        });
        let open = || {
            let reader = SerializedPageReader::new(Arc::clone(&pages), meta, 0, None);
            reader.map_err(|error| column::plain(&error))
        };
        let lists = descr.max_rep_level() > 0;
        let heads = count(open()?, meta, group.num_rows(), lists)?;
        Ok(column::open(Arc::clone(descr), open()?, heads))
    });
    let name = descr.path().string();
    opened
        .and_then(|opened: Result<_, String>| opened)
        .map_err(|error| format!("the column {name:?}: {error}"))
}

/// Counts the values and rows that the page headers declare. The counts must agree with the file's index.
fn count(
    mut pages: SerializedPageReader<Pages>,
    meta: &ColumnChunkMetaData,
    rows: i64,
    lists: bool,
) -> Result<Heads, String> {
    let mut heads = Heads {
        pages: 0,
        skips: true,
    };
    let (mut values, mut declared) = (0_i64, 0_i64);
    loop {
        // A damaged header, and the data after it, is reported when it is read.
        heads.pages += 1;
        let Ok(head) = flat(caught(|| pages.peek_next_page())) else {
            return Ok(heads);
        };
        let Some(head) = head else { break };
        if !head.is_dict {
            let levels = head.num_levels.unwrap_or(0);
            values = values.saturating_add_unsigned(levels as u64);
            let of_page = head.num_rows.or((!lists).then_some(levels));
            heads.skips &= of_page.is_some();
            declared = declared.saturating_add_unsigned(of_page.unwrap_or(0) as u64);
        }
        if flat(caught(|| pages.skip_next_page())).is_err() {
            return Ok(heads);
        }
    }
    if values != meta.num_values() || (heads.skips && declared != rows) {
        let said = meta.num_values();
        return Err(format!(
            "its pages declare {values} values in {declared} rows, the file's index {said} in {rows}"
        ));
    }
    Ok(heads)
}
