//! What are the values of one column in a row group? They are read some rows at a time, with the levels that show to which row each
//! value belongs. If a page is damaged, its rows are reported and reading continues after it.

use std::ops::Range;
use std::sync::Arc;

use parquet::basic::Type;
use parquet::column::page::{Page, PageReader};
use parquet::column::reader::{ColumnReaderImpl, get_column_reader, get_typed_column_reader};
use parquet::data_type::{
    AsBytes, BoolType, ByteArrayType, DataType, DoubleType, FixedLenByteArrayType, FloatType,
    Int32Type, Int64Type, Int96Type,
};
use parquet::errors::ParquetError;
use parquet::file::reader::SerializedPageReader;
use parquet::file::writer::SerializedColumnWriter;
use parquet::schema::types::ColumnDescPtr;

use super::pages::{Pages, Queue, check_values, damaged};
use crate::read::caught::caught;

/// Rows of a row group that could not be read, numbered from its first row, and the reason.
pub struct Lost {
    pub rows: Range<usize>,
    pub why: String,
}

/// The values of one column, of any type.
pub trait Values: Send {
    /// Replaces the rows read before by the next rows: `rows` of them, or fewer at the end of the column.
    fn read(&mut self, rows: usize) -> Vec<Lost>;
    /// Number of rows that were read, including lost ones.
    fn rows(&self) -> usize;
    /// The reason if the column ended too early.
    fn ended(&self) -> Option<&str>;
    /// The start of each row in the levels and values, and at the end of the list, the end of the last row.
    fn starts(&self) -> &[Start];
    /// How much of the path to a value is present; `None` in a column whose values are always present.
    fn definition(&self, level: usize) -> Option<i16>;
    /// The list that a value continues; `None` in a column without lists.
    fn repetition(&self, level: usize) -> Option<i16>;
    /// The bytes of a value, lowest byte first.
    fn value(&self, value: usize) -> Option<&[u8]>;
    /// Writes the kept rows.
    fn write(
        &self,
        stays: &dyn Fn(usize) -> bool,
        to: &mut SerializedColumnWriter<'_>,
    ) -> Result<(), ParquetError>;
}

/// The start of a row in the levels and in the values.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Start {
    pub level: usize,
    pub value: usize,
}

/// Counts from the headers of a column's pages.
pub struct Heads {
    pub pages: usize,
    /// Can the rows after a damaged page be identified?
    pub skips: bool,
}

/// Opens a column at its first row.
pub fn open(
    descr: ColumnDescPtr,
    pages: SerializedPageReader<Pages>,
    heads: Heads,
) -> Box<dyn Values> {
    match descr.physical_type() {
        Type::BOOLEAN => Box::new(Column::<BoolType>::new(descr, pages, heads)),
        Type::INT32 => Box::new(Column::<Int32Type>::new(descr, pages, heads)),
        Type::INT64 => Box::new(Column::<Int64Type>::new(descr, pages, heads)),
        Type::INT96 => Box::new(Column::<Int96Type>::new(descr, pages, heads)),
        Type::FLOAT => Box::new(Column::<FloatType>::new(descr, pages, heads)),
        Type::DOUBLE => Box::new(Column::<DoubleType>::new(descr, pages, heads)),
        Type::BYTE_ARRAY => Box::new(Column::<ByteArrayType>::new(descr, pages, heads)),
        Type::FIXED_LEN_BYTE_ARRAY => {
            Box::new(Column::<FixedLenByteArrayType>::new(descr, pages, heads))
        }
    }
}

struct Column<T: DataType> {
    descr: ColumnDescPtr,
    pages: SerializedPageReader<Pages>,
    /// Counts of the pages that were not read yet.
    heads: Heads,
    queue: Queue,
    reader: ColumnReaderImpl<T>,
    /// Kept for the reader that continues after a damaged page.
    dictionary: Option<Page>,
    /// Number of levels of the current page that were not read yet.
    left: usize,
    /// Number of rows of a damaged page that were not returned yet, and what is wrong with the page.
    gap: usize,
    damage: String,
    definitions: Vec<i16>,
    repetitions: Vec<i16>,
    values: Vec<T::T>,
    /// Starts of the rows that were returned. The levels and values after the last start belong to the next rows.
    starts: Vec<Start>,
    /// Number of rows returned before these.
    before: usize,
    all_read: bool,
    ended: Option<String>,
}

impl<T: DataType> Column<T> {
    fn new(descr: ColumnDescPtr, pages: SerializedPageReader<Pages>, heads: Heads) -> Self {
        let queue = Queue::default();
        Self {
            reader: reader(&descr, &queue),
            descr,
            pages,
            heads,
            queue,
            dictionary: None,
            left: 0,
            gap: 0,
            damage: String::new(),
            definitions: Vec::new(),
            repetitions: Vec::new(),
            values: Vec::new(),
            starts: Vec::new(),
            before: 0,
            all_read: false,
            ended: None,
        }
    }

    fn levels(&self) -> usize {
        if self.descr.max_def_level() > 0 {
            self.definitions.len()
        } else {
            self.values.len()
        }
    }

    /// The starts of the whole rows in the buffers, at most `most` rows. In a column with lists, a row ends where the next one begins.
    fn whole_rows(&self, most: usize) -> Vec<Start> {
        let defined = self.descr.max_def_level();
        let (mut starts, mut value) = (Vec::new(), 0);
        for level in 0..self.levels() {
            if self.repetitions.get(level).is_none_or(|&level| level == 0) {
                starts.push(Start { level, value });
                if starts.len() > most {
                    return starts;
                }
            }
            value += usize::from(
                self.definitions
                    .get(level)
                    .is_none_or(|&level| level == defined),
            );
        }
        // If the column was cut off, its last list may be incomplete.
        let last = self.gap > 0 || (self.all_read && self.ended.is_none());
        if last || self.descr.max_rep_level() == 0 {
            let level = self.levels();
            starts.push(Start { level, value });
        }
        starts
    }

    /// Removes the rows that were returned.
    fn forget(&mut self) {
        let Some(end) = self.starts.last().copied() else {
            return;
        };
        self.before += self.starts.len() - 1;
        self.definitions
            .drain(..end.level.min(self.definitions.len()));
        self.repetitions
            .drain(..end.level.min(self.repetitions.len()));
        self.values.drain(..end.value.min(self.values.len()));
        self.starts.clear();
    }

    /// Makes one step towards more rows: fills a gap, reads from the current page, or opens the next page.
    fn step(&mut self, wanted: usize, held: usize) -> Option<Lost> {
        if self.gap > 0 {
            return Some(self.fill_gap(wanted, held));
        }
        if self.left == 0 {
            self.next_page();
        } else if let Err(error) = self.read_page(wanted.max(1)) {
            if self.descr.max_rep_level() > 0 {
                // The number of rows in the remaining levels is unknown.
                self.end(error);
            } else {
                self.lose_page(self.left, error);
            }
        }
        None
    }

    /// Fills the place of lost rows with empty values.
    fn fill_gap(&mut self, wanted: usize, held: usize) -> Lost {
        let rows = self.gap.min(wanted);
        self.gap -= rows;
        if self.descr.max_def_level() > 0 {
            self.definitions.resize(self.definitions.len() + rows, 0);
        } else {
            self.values
                .resize(self.values.len() + rows, T::T::default());
        }
        if self.descr.max_rep_level() > 0 {
            self.repetitions.resize(self.repetitions.len() + rows, 0);
        }
        let start = self.before + held;
        Lost {
            rows: start..start + rows,
            why: self.damage.clone(),
        }
    }

    fn read_page(&mut self, rows: usize) -> Result<(), String> {
        let held = (
            self.definitions.len(),
            self.repetitions.len(),
            self.values.len(),
        );
        let read = caught(|| {
            let read = self.reader.read_records(
                rows.min(self.left),
                Some(&mut self.definitions),
                Some(&mut self.repetitions),
                &mut self.values,
            );
            // If the dictionary is damaged, values may be missing. Such values panic when they are accessed.
            let new = self.values.get(held.2..).unwrap_or_default();
            new.iter().for_each(|value| _ = value.as_bytes());
            read
        });
        let error = match read {
            Ok(Ok((records, _, levels))) if records + levels > 0 && levels <= self.left => {
                self.left -= levels;
                return Ok(());
            }
            Ok(Ok(_)) => "a page holds fewer values than it declares".to_owned(),
            Ok(Err(error)) => plain(&error),
            // The message of the panic is for programmers.
            Err(_) => "a page holds what are no values".to_owned(),
        };
        self.definitions.truncate(held.0);
        self.repetitions.truncate(held.1);
        self.values.truncate(held.2);
        Err(error)
    }

    fn next_page(&mut self) {
        let Some(left) = self.heads.pages.checked_sub(1) else {
            return self.all_read = true;
        };
        self.heads.pages = left;
        let head = caught(|| self.pages.peek_next_page());
        let head = match flat(head) {
            Ok(Some(head)) => head,
            Ok(None) => return self.all_read = true,
            Err(error) => return self.end(error),
        };
        let page = match caught(|| self.pages.get_next_page()) {
            Ok(Ok(Some(page))) => page,
            Ok(Ok(None)) => return self.all_read = true,
            // After a panic, the position of the page reader is unknown.
            Err(panic) => return self.end(panic),
            Ok(Err(error)) => {
                let rows = head.num_rows.or(head.num_levels).unwrap_or(0);
                return self.lose_page(rows, plain(&error));
            }
        };
        if let Err(error) = check_values(&page, &self.descr) {
            return self.lose_page(
                head.num_rows.or(head.num_levels).unwrap_or(0),
                plain(&error),
            );
        }
        if page.is_dictionary_page() {
            self.dictionary = Some(page.clone());
        } else {
            self.left = page.num_values() as usize;
        }
        self.queue.put(page);
    }

    /// Skips the rest of a page. Reading continues after it if the number of its rows is known.
    fn lose_page(&mut self, rows: usize, why: String) {
        self.left = 0;
        if !self.heads.skips {
            return self.end(why);
        }
        (self.gap, self.damage) = (rows, why);
        self.queue = Queue::default();
        self.reader = reader(&self.descr, &self.queue);
        if let Some(dictionary) = &self.dictionary {
            self.queue.put(dictionary.clone());
        }
    }

    fn end(&mut self, why: String) {
        self.all_read = true;
        self.ended = Some(why);
    }
}

fn reader<T: DataType>(descr: &ColumnDescPtr, queue: &Queue) -> ColumnReaderImpl<T> {
    get_typed_column_reader(get_column_reader(
        Arc::clone(descr),
        Box::new(queue.clone()),
    ))
}

/// Treats a panic and an error alike, as users need no difference.
pub fn flat<T>(result: Result<Result<T, ParquetError>, String>) -> Result<T, String> {
    result.and_then(|result| result.map_err(|error| plain(&error)))
}

/// The message of an error, without the names that programmers use.
pub fn plain(error: &ParquetError) -> String {
    match error {
        ParquetError::General(error) | ParquetError::EOF(error) => error.clone(),
        ParquetError::External(error) => error.to_string(),
        error => error.to_string(),
    }
}

impl<T: DataType> Values for Column<T> {
    fn read(&mut self, rows: usize) -> Vec<Lost> {
        self.forget();
        let mut lost = Vec::new();
        loop {
            let starts = self.whole_rows(rows);
            let held = starts.len().saturating_sub(1);
            if held >= rows || self.all_read {
                self.starts = starts;
                return lost;
            }
            lost.extend(self.step(rows - held, held));
        }
    }

    fn rows(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    fn ended(&self) -> Option<&str> {
        self.ended.as_deref()
    }

    fn starts(&self) -> &[Start] {
        &self.starts
    }

    fn definition(&self, level: usize) -> Option<i16> {
        self.definitions.get(level).copied()
    }

    fn repetition(&self, level: usize) -> Option<i16> {
        self.repetitions.get(level).copied()
    }

    fn value(&self, value: usize) -> Option<&[u8]> {
        self.values.get(value).map(AsBytes::as_bytes)
    }

    fn write(
        &self,
        stays: &dyn Fn(usize) -> bool,
        to: &mut SerializedColumnWriter<'_>,
    ) -> Result<(), ParquetError> {
        let (mut definitions, mut repetitions) = (Vec::new(), Vec::new());
        let mut values = Vec::new();
        for row in (0..self.rows()).filter(|&row| stays(self.before + row)) {
            let (start, end) = (self.starts[row], self.starts[row + 1]);
            let levels = start.level..end.level;
            definitions.extend(self.definitions.get(levels.clone()).unwrap_or_default());
            repetitions.extend(self.repetitions.get(levels).unwrap_or_default());
            let of_row = self.values.get(start.value..end.value);
            values.extend_from_slice(of_row.ok_or_else(|| damaged("a row lacks values"))?);
        }
        let given = |levels: Vec<i16>, most: i16| (most > 0).then_some(levels);
        let definitions = given(definitions, self.descr.max_def_level());
        let repetitions = given(repetitions, self.descr.max_rep_level());
        to.typed::<T>()
            .write_batch(&values, definitions.as_deref(), repetitions.as_deref())?;
        Ok(())
    }
}
