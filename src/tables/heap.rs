//! How are records of any length stored so that each can be read alone?

use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::error::Error;
use crate::tables::file::{TempFile, checksum};

/// Bytes that are gathered before they are written.
const BLOCK: usize = 1 << 20;

/// The place of a record.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(C, packed(4))]
pub(crate) struct Place {
    start: u64,
    bytes: u32,
}

impl Place {
    /// The place of a record that is in no heap. Its owner holds it under this number.
    pub(crate) fn held(number: usize) -> Self {
        Self {
            start: number as u64,
            bytes: u32::MAX,
        }
    }

    /// The number under which the owner holds the record; `None` where it is in a heap.
    pub(crate) fn number(self) -> Option<usize> {
        (self.bytes == u32::MAX).then_some(self.start as usize)
    }

    /// The place of a record; `None` where it is too long.
    pub(crate) fn new(start: u64, bytes: usize) -> Option<Self> {
        let bytes = u32::try_from(bytes).ok().filter(|&bytes| bytes < u32::MAX);
        Some(Self {
            start,
            bytes: bytes?,
        })
    }

    pub(crate) fn start(self) -> u64 {
        self.start
    }

    /// Bytes of the record; 0 where its owner holds it.
    pub(crate) fn bytes(self) -> usize {
        self.number().map_or(self.bytes as usize, |_| 0)
    }
}

/// Records in a file, one after another.
#[derive(Debug)]
pub(crate) struct Heap {
    name: &'static str,
    file: TempFile,
    tail: Mutex<Tail>,
}

/// Bytes that are not written yet.
#[derive(Debug, Default)]
struct Tail {
    start: u64,
    bytes: Vec<u8>,
}

impl Heap {
    pub(crate) fn new(name: &'static str, folder: &Path) -> Self {
        Self {
            name,
            file: TempFile::new(name, folder),
            tail: Mutex::default(),
        }
    }

    /// Adds a record of less than 4 GB. A record that can't be written is not added.
    pub(crate) fn push(&self, record: &[u8]) -> Result<Place, Error> {
        let mut tail = self.tail();
        let start = tail.start + tail.bytes.len() as u64;
        let place = Place::new(start, record.len());
        let place = place.ok_or_else(|| {
            let problem = "a record has 4 GB or more; split the document";
            Error::table(self.name, problem)
        })?;
        tail.bytes.extend_from_slice(record);
        tail.bytes.extend(checksum(record, start));
        if tail.bytes.len() >= BLOCK {
            let before = (start - tail.start) as usize;
            let written = self.write(&mut tail);
            written.inspect_err(|_| tail.bytes.truncate(before))?;
        }
        Ok(place)
    }

    /// Writes all added records, so that they can be read.
    pub(crate) fn flush(&self) -> Result<(), Error> {
        let mut tail = self.tail();
        if !tail.bytes.is_empty() {
            self.write(&mut tail)?;
        }
        tail.bytes = Vec::new();
        Ok(())
    }

    /// The record at a place.
    pub(crate) fn get(&self, place: Place) -> Result<Vec<u8>, Error> {
        self.file.read(place.bytes(), place.start)
    }

    fn tail(&self) -> MutexGuard<'_, Tail> {
        self.tail.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self, tail: &mut Tail) -> Result<(), Error> {
        self.file.write(&tail.bytes, tail.start)?;
        tail.start += tail.bytes.len() as u64;
        tail.bytes.clear();
        Ok(())
    }
}

/// Bytes that a stored record takes in addition to its content.
#[cfg(test)]
const BESIDE: u64 = crate::tables::file::CHECKSUM as u64;

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    fn heap() -> Heap {
        Heap::new("records", &std::env::temp_dir())
    }

    proptest! {
        #[test]
        fn records_are_read_as_they_were_written(
            records in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..50), 0..40),
        ) {
            let heap = heap();
            let mut twin: BTreeMap<u64, &[u8]> = BTreeMap::new();
            let mut places = Vec::new();
            for (i, record) in records.iter().enumerate() {
                let place = heap.push(record).unwrap();
                prop_assert_eq!(twin.insert(place.start(), record), None);
                places.push(place);
                if i % 7 == 0 {
                    heap.flush().unwrap();
                }
            }
            heap.flush().unwrap();
            for place in places.into_iter().rev() {
                prop_assert_eq!(&heap.get(place).unwrap(), twin[&place.start()]);
            }
        }
    }

    #[test]
    fn flipped_and_lost_bytes_are_an_error_that_names_the_table() {
        let heap = heap();
        let first = heap.push(b"one").unwrap();
        let second = heap.push(b"the other").unwrap();
        heap.flush().unwrap();
        for at in first.start()..first.start() + 3 + BESIDE {
            heap.file.damage(at, |byte| *byte ^= 4);
            assert!(heap.get(first).unwrap_err().to_string().contains("records"));
            heap.file.damage(at, |byte| *byte ^= 4);
        }
        assert_eq!(heap.get(first).unwrap(), b"one");
        heap.file.cut(second.start() + 9 + BESIDE - 1);
        assert!(
            heap.get(second)
                .unwrap_err()
                .to_string()
                .contains("records")
        );
    }

    #[test]
    fn what_its_owner_holds_is_told_from_what_is_in_a_heap() {
        assert_eq!(Place::held(7).number(), Some(7));
        assert_eq!(Place::held(7).bytes(), 0);
        let place = Place::new(1 << 40, 12).unwrap();
        assert_eq!(
            (place.number(), place.bytes(), place.start()),
            (None, 12, 1 << 40)
        );
        assert_eq!(Place::new(0, u32::MAX as usize), None);
    }
}
