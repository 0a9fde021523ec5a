//! How is a part of a file read while others read the file as well?

use std::fs::File;
use std::io;
use std::time::SystemTime;

use xxhash_rust::xxh3::xxh3_64;

/// A hash that shows, when the same bytes are read again, whether they have changed.
pub fn hash(bytes: &[u8]) -> u32 {
    xxh3_64(bytes) as u32
}

/// The length and the time of the last change of a file.
pub fn state(file: &File) -> Option<(u64, SystemTime)> {
    let metadata = file.metadata().ok()?;
    Some((metadata.len(), metadata.modified().ok()?))
}

/// Fills `bytes` from the offset `at`, independently of other readers of the file.
#[cfg(unix)]
pub fn read_at(file: &File, bytes: &mut [u8], at: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, bytes, at)
}

#[cfg(windows)]
pub fn read_at(file: &File, mut bytes: &mut [u8], mut at: u64) -> io::Result<()> {
    while !bytes.is_empty() {
        let read = std::os::windows::fs::FileExt::seek_read(file, bytes, at)?;
        if read == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        bytes = &mut bytes[read..];
        at += read as u64;
    }
    Ok(())
}
