//! Is this a Parquet file, and what does its index at the end say?

use std::fs::File;
use std::sync::Arc;

use parquet::file::metadata::{ParquetMetaData, ParquetMetaDataReader};
use parquet::schema::types::{ColumnDescPtr, TypePtr};

use super::column::flat;
use crate::read::caught::caught;

/// A Parquet file and its index.
pub struct Table {
    pub file: Arc<File>,
    /// In bytes.
    pub length: u64,
    pub metadata: ParquetMetaData,
}

impl Table {
    /// Reads the index.
    pub fn open(file: File) -> Result<Self, String> {
        let length = file.metadata().map_err(|error| error.to_string())?.len();
        let read = caught(|| ParquetMetaDataReader::new().parse_and_finish(&file));
        Ok(Self {
            metadata: flat(read)?,
            file: Arc::new(file),
            length,
        })
    }

    pub fn groups(&self) -> usize {
        self.metadata.num_row_groups()
    }

    /// Rows of a row group; none where the index has a number that can't be.
    pub fn rows(&self, group: usize) -> usize {
        usize::try_from(self.metadata.row_group(group).num_rows()).unwrap_or(0)
    }

    /// Innermost columns: those that hold values.
    pub fn columns(&self) -> &[ColumnDescPtr] {
        self.metadata.file_metadata().schema_descr().columns()
    }

    /// Outermost columns: the fields of a row.
    pub fn fields(&self) -> &[TypePtr] {
        self.metadata.file_metadata().schema().get_fields()
    }

    /// Bytes of a row on average, in memory.
    pub fn row_size(&self, group: usize) -> usize {
        let bytes = self.metadata.row_group(group).total_byte_size();
        usize::try_from(bytes).unwrap_or(0) / self.rows(group).max(1)
    }
}
