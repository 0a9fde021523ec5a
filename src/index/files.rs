//! How is a file written so that the data named in the manifest is complete, and how is it read at a place?

use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::error::{Error, IndexFault};

/// An error of the system at a path.
pub(super) fn storage(path: &Path, error: impl fmt::Display) -> Error {
    Error::index(IndexFault::Storage {
        place: path.display().to_string(),
        problem: error.to_string(),
    })
}

/// The error for bytes that differ from those that were written.
pub(super) fn damaged(path: &Path, problem: impl Into<String>) -> Error {
    Error::index(IndexFault::Damaged {
        file: path.display().to_string(),
        problem: problem.into(),
    })
}

/// The error for something that can't be done with this folder.
pub(super) fn refused(folder: &Path, problem: impl Into<String>) -> Error {
    Error::index(IndexFault::Refused {
        folder: folder.display().to_string(),
        problem: problem.into(),
    })
}

/// The kinds of numbered files in the folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FileKind {
    Ledger,
    Texts,
    Facts,
    Keys,
    Generation,
}

impl FileKind {
    /// All kinds.
    pub(super) const ALL: [Self; 5] = [
        Self::Ledger,
        Self::Texts,
        Self::Facts,
        Self::Keys,
        Self::Generation,
    ];

    /// The beginning of the names of such files.
    pub(super) fn prefix(self) -> &'static str {
        match self {
            Self::Ledger => "ledger-",
            Self::Texts => "texts-",
            Self::Facts => "facts-",
            Self::Keys => "keys-",
            Self::Generation => "generation-",
        }
    }

    /// Is it the name of a file of this kind? A user's own `texts-notes.md` is not.
    pub(super) fn is_name(self, name: &str) -> bool {
        let number = name.strip_prefix(self.prefix());
        number.is_some_and(|number| {
            number.len() >= 6 && number.bytes().all(|byte| byte.is_ascii_digit())
        })
    }

    /// The name of the file with this number.
    pub(super) fn name(self, number: u64) -> String {
        format!("{}{number:06}", self.prefix())
    }
}

/// A file that only grows. Bytes after its length are from a write that was not completed.
#[derive(Debug)]
pub(super) struct AppendFile {
    pub(super) path: PathBuf,
    file: File,
    length: u64,
}

impl AppendFile {
    /// Creates an empty file.
    pub(super) fn create(path: PathBuf) -> Result<Self, Error> {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(true);
        let file = options.open(&path).map_err(|error| storage(&path, error))?;
        let length = 0;
        Ok(Self { path, file, length })
    }

    /// Opens the first `length` bytes of a file.
    pub(super) fn open(path: PathBuf, length: u64, writable: bool) -> Result<Self, Error> {
        let file = OpenOptions::new().read(true).write(writable).open(&path);
        let file = file.map_err(|error| storage(&path, error))?;
        let there = file.metadata().map_err(|error| storage(&path, error))?;
        if there.len() < length {
            let problem = format!("it has {} bytes of {length}", there.len());
            return Err(damaged(&path, problem));
        }
        Ok(Self { path, file, length })
    }

    pub(super) fn length(&self) -> u64 {
        self.length
    }

    /// Drops what was appended after this length.
    pub(super) fn set_length(&mut self, length: u64) {
        self.length = length.min(self.length);
    }

    /// Cuts off what an interrupted process appended and did not name in the manifest.
    pub(super) fn cut_off(&self) -> Result<(), Error> {
        let cut = self.file.set_len(self.length);
        cut.map_err(|error| storage(&self.path, error))
    }

    /// Writes bytes at the end.
    pub(super) fn append(&mut self, bytes: &[u8]) -> Result<(), Error> {
        let written = write_all_at(&self.file, bytes, self.length);
        written.map_err(|error| storage(&self.path, error))?;
        self.length += bytes.len() as u64;
        Ok(())
    }

    /// Makes the system write appended bytes to the disk.
    pub(super) fn sync(&self) -> Result<(), Error> {
        let synced = self.file.sync_data();
        synced.map_err(|error| storage(&self.path, error))
    }

    /// Fills the buffer with the bytes from a place on.
    pub(super) fn read(&self, place: u64, buffer: &mut [u8]) -> Result<(), Error> {
        if place.saturating_add(buffer.len() as u64) > self.length {
            return Err(damaged(&self.path, format!("nothing is at byte {place}")));
        }
        let read = read_exact_at(&self.file, buffer, place);
        read.map_err(|error| storage(&self.path, error))
    }
}

/// Writes a file under another name first and then renames it, so that the file with this name is always complete.
pub(super) fn replace(folder: &Path, name: &str, bytes: &[u8]) -> Result<(), Error> {
    let unfinished = folder.join(format!("{name}.new"));
    let place = folder.join(name);
    let write = || {
        let mut file = File::create(&unfinished)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&unfinished, &place)
    };
    write().map_err(|error| storage(&place, error))?;
    sync_folder(folder)
}

/// Makes the system write to the disk which files a folder has.
#[cfg(unix)]
pub(super) fn sync_folder(folder: &Path) -> Result<(), Error> {
    let synced = File::open(folder).and_then(|folder| folder.sync_all());
    synced.map_err(|error| storage(folder, error))
}

#[cfg(not(unix))]
pub(super) fn sync_folder(_: &Path) -> Result<(), Error> {
    Ok(())
}

#[cfg(unix)]
fn read_exact_at(file: &File, buffer: &mut [u8], place: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, buffer, place)
}

#[cfg(unix)]
fn write_all_at(file: &File, bytes: &[u8], place: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::write_all_at(file, bytes, place)
}

#[cfg(windows)]
fn read_exact_at(file: &File, mut buffer: &mut [u8], mut place: u64) -> io::Result<()> {
    while !buffer.is_empty() {
        match std::os::windows::fs::FileExt::seek_read(file, buffer, place)? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            read => {
                buffer = &mut buffer[read..];
                place += read as u64;
            }
        }
    }
    Ok(())
}

#[cfg(windows)]
fn write_all_at(file: &File, mut bytes: &[u8], mut place: u64) -> io::Result<()> {
    while !bytes.is_empty() {
        let written = std::os::windows::fs::FileExt::seek_write(file, bytes, place)?;
        if written == 0 {
            return Err(io::ErrorKind::WriteZero.into());
        }
        bytes = &bytes[written..];
        place += written as u64;
    }
    Ok(())
}
