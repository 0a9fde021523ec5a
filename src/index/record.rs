//! How are bytes framed, so that other bytes are not taken for a record?
//!
//! A record is its length (4 bytes), a checksum (8 bytes) and its payload. The checksum also depends on the place of the record in its
//! file, so that a moved record counts as damaged.

use serde::Serialize;
use serde::de::DeserializeOwned;
use xxhash_rust::xxh3::xxh3_64_with_seed;

use crate::error::Error;
use crate::index::files::{AppendFile, damaged, refused};

/// Number of bytes before the payload.
pub(super) const HEADER: usize = 12;

/// Number of bytes that are read at once. If the whole record is among them, a second read is saved.
const READ_AHEAD: usize = 8 << 10;

/// The bytes of a record at a place of its file.
pub(super) fn framed(file: &AppendFile, place: u64, payload: &[u8]) -> Result<Vec<u8>, Error> {
    let Ok(length) = u32::try_from(payload.len()) else {
        let problem = "a document of 4 GB or more can't be kept; split it";
        return Err(refused(&file.path, problem));
    };
    let mut bytes = Vec::with_capacity(HEADER + payload.len());
    bytes.extend_from_slice(&length.to_le_bytes());
    bytes.extend_from_slice(&checksum(payload, place).to_le_bytes());
    bytes.extend_from_slice(payload);
    Ok(bytes)
}

/// Appends a record. Returns its place.
pub(super) fn append(file: &mut AppendFile, payload: &[u8]) -> Result<u64, Error> {
    let place = file.length();
    let bytes = framed(file, place, payload)?;
    file.append(&bytes)?;
    Ok(place)
}

/// The payload of the record at a place.
pub(super) fn read(file: &AppendFile, place: u64) -> Result<Vec<u8>, Error> {
    let left = file.length().saturating_sub(place);
    let ahead = usize::try_from(left).unwrap_or(READ_AHEAD).min(READ_AHEAD);
    let mut bytes = vec![0; ahead];
    file.read(place, &mut bytes)?;
    let Some((length, sum)) = header(&bytes) else {
        return Err(damaged(
            &file.path,
            format!("no record starts at byte {place}"),
        ));
    };
    if length as u64 + HEADER as u64 > left {
        return Err(wrong(file, place));
    }
    let known = bytes.len().min(HEADER + length);
    let mut payload = bytes[HEADER..known].to_vec();
    if payload.len() < length {
        let from = payload.len();
        payload.resize(length, 0);
        file.read(place + (HEADER + from) as u64, &mut payload[from..])?;
    }
    match checksum(&payload, place) == sum {
        true => Ok(payload),
        false => Err(wrong(file, place)),
    }
}

/// The value in the record at a place.
pub(super) fn read_value<T: DeserializeOwned>(file: &AppendFile, place: u64) -> Result<T, Error> {
    value(file, place, &read(file, place)?)
}

/// A payload as a value.
pub(super) fn value<T: DeserializeOwned>(
    file: &AppendFile,
    place: u64,
    payload: &[u8],
) -> Result<T, Error> {
    postcard::from_bytes(payload).map_err(|_| wrong(file, place))
}

/// A value as a payload.
pub(super) fn payload<T: Serialize + ?Sized>(value: &T) -> Vec<u8> {
    // Serialisation can't fail for these types: they have no maps of unknown length and no readers.
    postcard::to_allocvec(value).unwrap_or_default()
}

/// Calls `each` with the place and the payload of every record in a part of a file, in order.
pub(super) fn for_each(
    file: &AppendFile,
    from: u64,
    to: u64,
    mut each: impl FnMut(u64, Vec<u8>) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut place = from;
    let mut reader = Ahead::new(file, from);
    while place < to {
        let payload = reader.next()?;
        let length = (HEADER + payload.len()) as u64;
        each(place, payload)?;
        place += length;
    }
    Ok(())
}

/// Reads records one after the other, many bytes at a time.
struct Ahead<'f> {
    file: &'f AppendFile,
    /// The place of the bytes in the file.
    place: u64,
    bytes: Vec<u8>,
    /// Number of bytes that are used.
    used: usize,
}

impl<'f> Ahead<'f> {
    /// Number of bytes that are read at once.
    const BYTES: usize = 1 << 20;

    fn new(file: &'f AppendFile, place: u64) -> Self {
        Self {
            file,
            place,
            bytes: Vec::new(),
            used: 0,
        }
    }

    fn next(&mut self) -> Result<Vec<u8>, Error> {
        let place = self.place + self.used as u64;
        self.hold(HEADER)?;
        let Some((length, sum)) = header(&self.bytes[self.used..]) else {
            return Err(wrong(self.file, place));
        };
        let end = place + HEADER as u64 + length as u64;
        if end > self.file.length() {
            return Err(wrong(self.file, place));
        }
        self.hold(HEADER + length)?;
        let start = self.used + HEADER;
        let payload = self.bytes[start..start + length].to_vec();
        self.used = start + length;
        match checksum(&payload, place) == sum {
            true => Ok(payload),
            false => Err(wrong(self.file, place)),
        }
    }

    /// Reads further if fewer than `wanted` unused bytes are held.
    fn hold(&mut self, wanted: usize) -> Result<(), Error> {
        if self.bytes.len() - self.used >= wanted {
            return Ok(());
        }
        self.place += self.used as u64;
        let left = self.file.length().saturating_sub(self.place);
        let ahead = usize::try_from(left).unwrap_or(Self::BYTES);
        self.bytes.resize(ahead.min(Self::BYTES.max(wanted)), 0);
        self.used = 0;
        if self.bytes.len() < wanted {
            return Err(wrong(self.file, self.place));
        }
        self.file.read(self.place, &mut self.bytes)
    }
}

fn header(bytes: &[u8]) -> Option<(usize, u64)> {
    let (length, rest) = bytes.split_first_chunk()?;
    let sum = rest.first_chunk()?;
    Some((
        u32::from_le_bytes(*length) as usize,
        u64::from_le_bytes(*sum),
    ))
}

fn checksum(payload: &[u8], place: u64) -> u64 {
    xxh3_64_with_seed(payload, place)
}

fn wrong(file: &AppendFile, place: u64) -> Error {
    let problem = format!("the record at byte {place} does not have its checksum");
    damaged(&file.path, problem)
}
