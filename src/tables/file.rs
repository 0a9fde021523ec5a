//! How is a temporary file made that has no name, and that is gone when the run ends?

use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock, PoisonError};

use xxhash_rust::xxh3::xxh3_64_with_seed;

use crate::error::Error;

/// Bytes of a checksum.
pub(super) const CHECKSUM: usize = 8;

/// Maximum number of names that are tried. Other runs may have files in the same folder.
const MAX_NAMES: u32 = 1 << 16;

/// The file of one table. It is made when it is first written to. All its blocks and records end with a [`checksum`].
#[derive(Debug)]
pub(super) struct TempFile {
    /// The name of the table, for messages.
    table: &'static str,
    folder: PathBuf,
    file: OnceLock<File>,
    making: Mutex<()>,
}

impl TempFile {
    pub(super) fn new(table: &'static str, folder: &Path) -> Self {
        Self {
            table,
            folder: folder.to_owned(),
            file: OnceLock::new(),
            making: Mutex::new(()),
        }
    }

    /// Writes bytes at a place. They must end with their [`checksum`].
    pub(super) fn write(&self, bytes: &[u8], place: u64) -> Result<(), Error> {
        let written = self.made().and_then(|file| write_at(file, bytes, place));
        written.map_err(|error| {
            let folder = self.folder.display();
            self.fail(format!(
                "a temporary file in {folder} could not be written: {error}; make room there, or name another folder"
            ))
        })
    }

    /// Reads `length` bytes at a place. Their checksum must follow them.
    pub(super) fn read(&self, length: usize, place: u64) -> Result<Vec<u8>, Error> {
        let mut bytes = vec![0; length + CHECKSUM];
        let read = match self.file.get() {
            Some(file) => read_at(file, &mut bytes, place),
            None => Err(ErrorKind::UnexpectedEof.into()),
        };
        read.map_err(|error| {
            self.fail(format!(
                "its temporary file could not be read: {error}; run again"
            ))
        })?;
        if bytes[length..] != checksum(&bytes[..length], place) {
            let problem = "bytes of its temporary file are not what was written; check the disk";
            return Err(self.fail(problem.to_owned()));
        }
        bytes.truncate(length);
        Ok(bytes)
    }

    fn fail(&self, problem: String) -> Error {
        Error::table(self.table, problem)
    }

    fn made(&self) -> io::Result<&File> {
        let _making = self.making.lock().unwrap_or_else(PoisonError::into_inner);
        match self.file.get() {
            Some(file) => Ok(file),
            None => {
                let file = nameless(&self.folder)?;
                Ok(self.file.get_or_init(|| file))
            }
        }
    }

    /// Changes the byte at a place.
    #[cfg(test)]
    pub(super) fn damage(&self, place: u64, change: impl Fn(&mut u8)) {
        let file = self.file.get().unwrap();
        let mut byte = [0];
        read_at(file, &mut byte, place).unwrap();
        change(&mut byte[0]);
        write_at(file, &byte, place).unwrap();
    }

    #[cfg(test)]
    pub(super) fn cut(&self, length: u64) {
        self.file.get().unwrap().set_len(length).unwrap();
    }
}

/// The checksum of bytes at a place. It depends on the place, so that bytes written to a wrong place are found.
pub(super) fn checksum(bytes: &[u8], place: u64) -> [u8; CHECKSUM] {
    xxh3_64_with_seed(bytes, place).to_le_bytes()
}

/// A file that is deleted when it is closed, even if the program is killed.
fn nameless(folder: &Path) -> io::Result<File> {
    let process = std::process::id();
    for number in 0..MAX_NAMES {
        let path = folder.join(format!(".reprint-{process}-{number}.tmp"));
        let mut options = OpenOptions::new();
        options.read(true).write(true).create_new(true);
        #[cfg(windows)]
        {
            // FILE_FLAG_DELETE_ON_CLOSE.
            std::os::windows::fs::OpenOptionsExt::custom_flags(&mut options, 0x0400_0000);
        }
        match options.open(&path) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            opened => {
                let file = opened?;
                #[cfg(unix)]
                std::fs::remove_file(&path)?;
                return Ok(file);
            }
        }
    }
    Err(ErrorKind::AlreadyExists.into())
}

#[cfg(unix)]
fn write_at(file: &File, bytes: &[u8], at: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::write_all_at(file, bytes, at)
}

#[cfg(unix)]
fn read_at(file: &File, bytes: &mut [u8], at: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, bytes, at)
}

#[cfg(windows)]
fn write_at(file: &File, mut bytes: &[u8], mut at: u64) -> io::Result<()> {
    while !bytes.is_empty() {
        let written = std::os::windows::fs::FileExt::seek_write(file, bytes, at)?;
        if written == 0 {
            return Err(ErrorKind::WriteZero.into());
        }
        bytes = &bytes[written..];
        at += written as u64;
    }
    Ok(())
}

#[cfg(windows)]
fn read_at(file: &File, mut bytes: &mut [u8], mut at: u64) -> io::Result<()> {
    while !bytes.is_empty() {
        let read = std::os::windows::fs::FileExt::seek_read(file, bytes, at)?;
        if read == 0 {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        bytes = &mut bytes[read..];
        at += read as u64;
    }
    Ok(())
}

#[cfg(not(any(unix, windows)))]
fn write_at(_: &File, _: &[u8], _: u64) -> io::Result<()> {
    Err(ErrorKind::Unsupported.into())
}

#[cfg(not(any(unix, windows)))]
fn read_at(_: &File, _: &mut [u8], _: u64) -> io::Result<()> {
    Err(ErrorKind::Unsupported.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_left_in_the_folder_even_while_the_file_is_in_use() {
        let folder = std::env::temp_dir().join(format!("reprint-test-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let files = [1, 2].map(|_| TempFile::new("rows", &folder));
        for file in &files {
            file.write(&checksum(b"", 0), 0).unwrap();
        }
        let names = || std::fs::read_dir(&folder).unwrap().count();
        assert!(cfg!(windows) || names() == 0);
        drop(files);
        assert_eq!(names(), 0);
        std::fs::remove_dir(&folder).unwrap();
    }

    #[test]
    fn a_folder_that_is_not_there_is_an_error_with_the_table_and_the_folder() {
        let file = TempFile::new("bands", Path::new("no/such/folder"));
        let message = file.write(b"x", 0).unwrap_err().to_string();
        assert!(
            message.contains("bands") && message.contains("no/such/folder"),
            "{message}"
        );
    }
}
