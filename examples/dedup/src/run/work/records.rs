//! How are many values written to one file so that damage is detected?

use std::io::{self, Read, Write};

use serde::{Serialize, de::DeserializeOwned};
use xxhash_rust::xxh3::Xxh3Default;

/// A file of values. The length of each value precedes it, and the hash of all values ends the file.
pub struct Records<F> {
    file: F,
    hash: Xxh3Default,
    value: Vec<u8>,
}

fn invalid(error: postcard::Error) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, error)
}

impl<F> Records<F> {
    pub fn new(file: F) -> Self {
        Self {
            file,
            hash: Xxh3Default::new(),
            value: Vec::new(),
        }
    }
}

/// Decodes a value.
pub fn value<T: DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    postcard::from_bytes(bytes).ok()
}

/// The encoded values of a whole file, to be decoded with [`value`]; none if the file is damaged.
pub fn values(mut file: &[u8]) -> Option<Vec<&[u8]>> {
    let (mut values, mut hash) = (Vec::new(), Xxh3Default::new());
    while file.len() > HASH {
        let (length, rest) = file.split_first_chunk::<8>()?;
        let length = usize::try_from(u64::from_le_bytes(*length)).ok()?;
        let (value, rest) = rest.split_at_checked(length)?;
        hash.update(value);
        values.push(value);
        file = rest;
    }
    (file == hash.digest().to_le_bytes()).then_some(values)
}

/// Length in bytes of the hash at the end.
const HASH: usize = 8;

impl<W: Write> Records<W> {
    pub fn put<T: Serialize + ?Sized>(&mut self, value: &T) -> io::Result<()> {
        self.value.clear();
        let bytes = postcard::to_extend(value, std::mem::take(&mut self.value)).map_err(invalid)?;
        self.value = bytes;
        self.hash.update(&self.value);
        self.file
            .write_all(&(self.value.len() as u64).to_le_bytes())?;
        self.file.write_all(&self.value)
    }

    pub fn end(mut self) -> io::Result<()> {
        self.file.write_all(&self.hash.digest().to_le_bytes())?;
        self.file.flush()
    }
}

impl<R: Read> Records<R> {
    fn number(&mut self) -> Option<u64> {
        let mut bytes = [0; 8];
        self.file.read_exact(&mut bytes).ok()?;
        Some(u64::from_le_bytes(bytes))
    }

    /// The next value; none if the file is damaged.
    pub fn take<T: DeserializeOwned>(&mut self) -> Option<T> {
        self.read()?;
        postcard::from_bytes(&self.value).ok()
    }

    fn read(&mut self) -> Option<()> {
        let length = self.number()?;
        self.value.clear();
        let read = (&mut self.file).take(length).read_to_end(&mut self.value);
        if read.ok()? as u64 != length {
            return None;
        }
        self.hash.update(&self.value);
        Some(())
    }

    pub fn was_whole(mut self) -> bool {
        self.number() == Some(self.hash.digest())
    }
}
