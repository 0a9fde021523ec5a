//! Is this a Parquet file, and what is in its index at the end?

use std::fs::File;
use std::sync::Arc;

use parquet::file::metadata::{ParquetMetaData, ParquetMetaDataReader};
use parquet::schema::types::{ColumnDescPtr, TypePtr};

use super::column::flat;
use super::footer;
use crate::read::caught::caught;

/// A Parquet file and its index.
pub struct Table {
    pub file: Arc<File>,
    /// Length in bytes.
    pub length: u64,
    pub metadata: ParquetMetaData,
}

impl Table {
    /// Reads the index.
    pub fn open(file: File) -> Result<Self, String> {
        let length = file.metadata().map_err(|error| error.to_string())?.len();
        footer::check(&file, length)?;
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

    /// Number of rows of a row group; 0 if the index has an impossible number.
    pub fn rows(&self, group: usize) -> usize {
        usize::try_from(self.metadata.row_group(group).num_rows()).unwrap_or(0)
    }

    /// The innermost columns, which have the values.
    pub fn columns(&self) -> &[ColumnDescPtr] {
        self.metadata.file_metadata().schema_descr().columns()
    }

    /// The outermost columns, which are the fields of a row.
    pub fn fields(&self) -> &[TypePtr] {
        self.metadata.file_metadata().schema().get_fields()
    }

    /// Average size of a row in memory, in bytes.
    pub fn row_size(&self, group: usize) -> usize {
        let bytes = self.metadata.row_group(group).total_byte_size();
        usize::try_from(bytes).unwrap_or(0) / self.rows(group).max(1)
    }
}
