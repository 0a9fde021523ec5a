//! Which pages of a Parquet file can be unpacked safely? Sizes are checked against the available bytes before memory is allocated,
//! because a damaged file may declare any size.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use parquet::basic::{Compression, Encoding, Type};
use parquet::column::page::{Page, PageMetadata, PageReader};
use parquet::errors::{ParquetError, Result};
use parquet::file::reader::{ChunkReader, Length};
use parquet::schema::types::ColumnDescriptor;

use crate::read::place::read_at;

/// Number of bytes read in one step for the header of a page.
const HEAD: usize = 512;

/// The part of a file that has the pages of one column in a row group. Several readers may use it at the same time.
pub struct Pages {
    pub file: Arc<File>,
    /// The end of this part.
    pub end: u64,
    pub compression: Compression,
}

impl Length for Pages {
    fn len(&self) -> u64 {
        self.end
    }
}

impl ChunkReader for Pages {
    type T = BufReader<Head>;

    /// Used only for the headers of pages.
    fn get_read(&self, start: u64) -> Result<Self::T> {
        let head = Head {
            file: Arc::clone(&self.file),
            start,
            at: start,
            end: self.end,
            compression: self.compression,
        };
        Ok(BufReader::with_capacity(HEAD, head))
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes> {
        if length as u64 > self.end.saturating_sub(start) {
            return Err(ParquetError::EOF("a page is cut off".into()));
        }
        let mut bytes = vec![0; length];
        read_at(&self.file, &mut bytes, start)?;
        Ok(bytes.into())
    }
}

/// The header of a page. It is checked on the first read, because readers may be created and not used.
pub struct Head {
    file: Arc<File>,
    start: u64,
    at: u64,
    end: u64,
    compression: Compression,
}

impl Read for Head {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let left = self.end.saturating_sub(self.at);
        let length = (to.len() as u64).min(left) as usize;
        read_at(&self.file, &mut to[..length], self.at)?;
        if self.at == self.start {
            check_sizes(&to[..length], left, self.compression)?;
        }
        self.at += length as u64;
        Ok(length)
    }
}

/// Checks the start of a page header: its kind, its unpacked size and its packed size, each as the byte 0x15 and a number.
fn check_sizes(head: &[u8], left: u64, compression: Compression) -> io::Result<()> {
    let mut head = head;
    let mut field = || {
        head = head.strip_prefix(&[0x15])?;
        let number = varint(&mut head)?;
        Some((number >> 1) ^ (number & 1).wrapping_neg())
    };
    let sizes = field().and_then(|_| Some((field()?, field()?)));
    let (unpacked, packed) = sizes.ok_or_else(|| io::Error::other("a page has no proper head"))?;
    if packed > left {
        return Err(io::Error::other("a page is longer than its column"));
    }
    if unpacked > most(packed, compression) {
        return Err(io::Error::other(format!(
            "a page of {packed} bytes can't hold the {unpacked} bytes that it declares"
        )));
    }
    Ok(())
}

/// Reads a number in groups of seven bits, the lowest group first, and moves `bytes` after it.
pub fn varint(bytes: &mut &[u8]) -> Option<u64> {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let (&byte, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u64::from(byte & 0x7F) << shift;
        if byte < 0x80 {
            return Some(number);
        }
    }
    None
}

/// The maximum size after unpacking this number of bytes.
fn most(packed: u64, compression: Compression) -> u64 {
    let times = match compression {
        Compression::UNCOMPRESSED => 1,
        // A copy of 64 bytes takes three bytes.
        Compression::SNAPPY => 22,
        Compression::LZ4 | Compression::LZ4_RAW => 256,
        Compression::GZIP(_) => 1_040,
        // Blocks of 128 KiB may take a few bytes. For these, memory is allocated while they are unpacked.
        Compression::ZSTD(_) | Compression::BROTLI(_) | Compression::LZO => 1 << 16,
    };
    packed.saturating_mul(times).saturating_add(64)
}

pub fn damaged(what: impl Into<String>) -> ParquetError {
    ParquetError::General(what.into())
}

/// Can a page have the number of values that it declares? Memory is allocated for that number.
pub fn check_values(page: &Page, column: &ColumnDescriptor) -> Result<()> {
    let values = u64::from(page.num_values());
    let bytes = page.buffer().len() as u64;
    if page.is_dictionary_page() && values.saturating_mul(least(column)) > bytes {
        return Err(damaged(format!(
            "a dictionary of {bytes} bytes can't hold {values} values"
        )));
    }
    let declared = declared_values(page, column).unwrap_or_default();
    if declared > values {
        return Err(damaged(format!(
            "a page of {values} values declares {declared}"
        )));
    }
    Ok(())
}

/// Minimum number of bytes of a value.
fn least(column: &ColumnDescriptor) -> u64 {
    match column.physical_type() {
        Type::BOOLEAN => 1,
        Type::INT32 | Type::FLOAT | Type::BYTE_ARRAY => 4,
        Type::INT64 | Type::DOUBLE => 8,
        Type::INT96 => 12,
        Type::FIXED_LEN_BYTE_ARRAY => u64::try_from(column.type_length()).map_or(1, |n| n.max(1)),
    }
}

/// The number of values that the encoding declares. Only encodings by differences have it, after the levels.
fn declared_values(page: &Page, column: &ColumnDescriptor) -> Option<u64> {
    let differences = matches!(
        page.encoding(),
        Encoding::DELTA_BINARY_PACKED
            | Encoding::DELTA_LENGTH_BYTE_ARRAY
            | Encoding::DELTA_BYTE_ARRAY
    );
    if !differences {
        return None;
    }
    let mut values = page.buffer().get(levels(page, column)?..)?;
    // Two fields about the blocks come first.
    varint(&mut values)?;
    varint(&mut values)?;
    varint(&mut values)
}

/// Number of bytes of the levels before the values of a page.
fn levels(page: &Page, column: &ColumnDescriptor) -> Option<usize> {
    match page {
        Page::DictionaryPage { .. } => Some(0),
        Page::DataPageV2 {
            def_levels_byte_len,
            rep_levels_byte_len,
            ..
        } => Some(*def_levels_byte_len as usize + *rep_levels_byte_len as usize),
        Page::DataPage { buf, .. } => {
            let kinds = [column.max_rep_level(), column.max_def_level()];
            let kinds = kinds.into_iter().filter(|&level| level > 0).count();
            (0..kinds).try_fold(0, |at: usize, _| {
                let length = buf.get(at..at + 4)?.first_chunk()?;
                at.checked_add(4 + u32::from_le_bytes(*length) as usize)
            })
        }
    }
}

/// The queue of pages from which a column's values are read. Pages are added one at a time, so that a damaged page can be left out.
#[derive(Clone, Default)]
pub struct Queue(Arc<Mutex<VecDeque<Page>>>);

impl Queue {
    pub fn put(&self, page: Page) {
        self.lock().push_back(page);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, VecDeque<Page>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl PageReader for Queue {
    fn get_next_page(&mut self) -> Result<Option<Page>> {
        Ok(self.lock().pop_front())
    }

    fn peek_next_page(&mut self) -> Result<Option<PageMetadata>> {
        Ok(self.lock().front().map(|page| PageMetadata {
            num_rows: None,
            num_levels: Some(page.num_values() as usize),
            is_dict: page.is_dictionary_page(),
        }))
    }

    fn skip_next_page(&mut self) -> Result<()> {
        self.lock().pop_front();
        Ok(())
    }

    /// Whether a row continues in the next page is known only when that page is read.
    fn at_record_boundary(&mut self) -> Result<bool> {
        Ok(false)
    }
}

impl Iterator for Queue {
    type Item = Result<Page>;

    fn next(&mut self) -> Option<Self::Item> {
        self.get_next_page().transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(unpacked: u8, packed: u8) -> Vec<u8> {
        vec![0x15, 0, 0x15, 2 * unpacked, 0x15, 2 * packed, 0]
    }

    #[test]
    fn sizes_that_can_not_be_are_refused() {
        let check = |head: &[u8], left| check_sizes(head, left, Compression::UNCOMPRESSED).is_ok();
        assert!(check(&head(10, 10), 10));
        assert!(!check(&head(10, 10), 9));
        let huge = [0x15, 0, 0x15, 0xFE, 0xFF, 0xFF, 0xFF, 0x0F, 0x15, 20];
        assert!(!check(&huge, 100));
        let negative = [0x15, 0, 0x15, 20, 0x15, 3];
        assert!(!check(&negative, 100));
        for cut in 0..5 {
            assert!(!check(&head(10, 10)[..cut], 10));
        }
    }

    #[test]
    fn a_number_of_seven_bit_groups_ends_where_it_says() {
        let mut bytes: &[u8] = &[0x96, 0x01, 7];
        assert_eq!(varint(&mut bytes), Some(150));
        assert_eq!(bytes, [7]);
        assert_eq!(varint(&mut [0xFF; 12].as_slice()), None);
    }
}
