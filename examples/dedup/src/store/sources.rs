//! Where are the bytes of the documents while the program works? On disk. Plain rows stay in their original files. All other bytes
//! are unpacked into one file without a name, if they are more than a few MB. It disappears when the program ends.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::SystemTime;

use super::Error;
use crate::read::place::{read_at, state};

/// Maximum number of files whose rows are read in place. Rows of further files are copied, since a process may not have many files open.
const OPEN: usize = 64;

/// Maximum number of bytes kept in memory before a file is created for them.
const FEW: usize = 4 << 20;

/// Some bytes of a source: the number of the source, the start, and the length.
#[derive(Clone, Copy, Debug)]
// Each document has one, so that padding would be costly.
#[repr(C, packed(4))]
pub struct Slice {
    source: u32,
    start: u64,
    len: u32,
}

impl Slice {
    pub fn len(self) -> usize {
        self.len as usize
    }

    /// The position of this slice within a slice that contains it.
    pub fn within(self, outer: Self) -> Range<usize> {
        let start = self.start.saturating_sub(outer.start) as usize;
        start..start + self.len()
    }

    /// The slice of two rows and the line end between them, if there is nothing else between them.
    pub fn joined(self, next: Self) -> Option<Self> {
        let follows = self.source == next.source
            && self.start + u64::from(self.len) + 1 == next.start
            && self.len.checked_add(next.len)? < u32::MAX;
        follows.then(|| Self {
            len: self.len + 1 + next.len,
            ..self
        })
    }
}

/// A position in a source, from which slices are cut.
#[derive(Clone, Copy, Debug, Default)]
pub struct Origin {
    source: u32,
    start: u64,
}

impl Origin {
    /// A position further on in the same source.
    pub fn after(self, bytes: u64) -> Self {
        Self {
            start: self.start + bytes,
            ..self
        }
    }

    pub fn slice(self, start: usize, len: u32) -> Slice {
        Slice {
            source: self.source,
            start: self.start + start as u64,
            len,
        }
    }
}

/// A file that is read in place.
struct Open {
    path: PathBuf,
    file: File,
    /// Its length and modification time when it was opened.
    state: Option<(u64, SystemTime)>,
}

/// The sources of all documents' bytes.
#[derive(Default)]
pub struct Sources {
    open: Vec<Open>,
    /// Bytes that are in no file in this form, while they are few.
    few: Vec<u8>,
    /// All these bytes, once they are many.
    unpacked: Option<BufWriter<File>>,
    /// Number of bytes unpacked so far.
    length: u64,
    /// The folder for unpacked bytes; `None` for the temporary folder of the system.
    folder: Option<PathBuf>,
    /// The first failure to read something again.
    failed: OnceLock<String>,
    /// The first source that had different bytes when it was read again.
    changed: OnceLock<u32>,
}

/// The number of the source of unpacked bytes.
const UNPACKED: u32 = u32::MAX;

impl Sources {
    /// Unpacked bytes go to the same volume as the result, if there is to be a result.
    pub fn for_result(result: Option<&Path>) -> Self {
        let folder = result.and_then(|result| std::path::absolute(result).ok());
        let folder = folder.and_then(|folder| folder.parent().map(Path::to_owned));
        Self {
            folder: folder.filter(|folder| folder.is_dir()),
            ..Self::default()
        }
    }

    /// Registers a file to be read in place, unless there are too many already.
    pub fn open(&mut self, path: &Path, file: &File) -> Option<Origin> {
        if self.open.len() >= OPEN || !file.metadata().is_ok_and(|file| file.is_file()) {
            return None;
        }
        let file = file.try_clone().ok()?;
        self.open.push(Open {
            path: path.to_owned(),
            state: state(&file),
            file,
        });
        let source = self.open.len() as u32 - 1;
        Some(Origin { source, start: 0 })
    }

    /// Stores bytes that are in no file in this form, with a line end after them. So the parts are separated like lines.
    pub fn keep(&mut self, bytes: &[u8]) -> io::Result<Origin> {
        let start = self.length;
        self.length += bytes.len() as u64 + 1;
        if self.unpacked.is_none() && self.few.len() + bytes.len() > FEW {
            let file = tempfile::tempfile_in(self.folder())?;
            let unpacked = self.unpacked.insert(BufWriter::new(file));
            unpacked.write_all(&std::mem::take(&mut self.few))?;
        }
        match &mut self.unpacked {
            Some(unpacked) => {
                unpacked.write_all(bytes)?;
                unpacked.write_all(b"\n")?;
            }
            None => self.few.extend(bytes.iter().chain(b"\n")),
        }
        let source = UNPACKED;
        Ok(Origin { source, start })
    }

    /// Finishes writing, after all bytes were stored.
    pub fn finish(&mut self) -> io::Result<()> {
        self.unpacked.as_mut().map_or(Ok(()), Write::flush)
    }

    /// The folder for unpacked bytes and other temporary files.
    pub fn folder(&self) -> PathBuf {
        self.folder.clone().unwrap_or_else(std::env::temp_dir)
    }

    /// The bytes of a slice. A failure is also noted for [`check`](Self::check).
    pub fn read(&self, slice: Slice) -> io::Result<Vec<u8>> {
        let mut bytes = vec![0; slice.len()];
        let read = self.read_into(slice, &mut bytes);
        read.inspect_err(|error| {
            // Only the first failure is reported.
            let _ = self.failed.set(error.to_string());
        })?;
        Ok(bytes)
    }

    fn read_into(&self, slice: Slice, bytes: &mut [u8]) -> io::Result<()> {
        let gone = || io::Error::from(io::ErrorKind::NotFound);
        let file = match (slice.source, &self.unpacked) {
            (UNPACKED, Some(unpacked)) => unpacked.get_ref(),
            (UNPACKED, None) => {
                let start = slice.start as usize;
                let few = self.few.get(start..start + bytes.len());
                bytes.copy_from_slice(few.ok_or_else(gone)?);
                return Ok(());
            }
            (source, _) => &self.open.get(source as usize).ok_or_else(gone)?.file,
        };
        read_at(file, bytes, slice.start)
    }

    /// Notes that a slice has changed since it was first read, for [`check`](Self::check), and returns the matching error.
    pub fn note_change(&self, slice: Slice) -> io::Error {
        // Only the first change is reported.
        let _ = self.changed.set(slice.source);
        let problem = self.check().err();
        problem.map_or_else(|| io::ErrorKind::InvalidData.into(), io::Error::other)
    }

    /// Was everything read without failure and without change?
    pub fn check(&self) -> Result<(), Error> {
        let is_other = |open: &&Open| open.state.is_some() && state(&open.file) != open.state;
        let read = self.changed.get().copied().unwrap_or(UNPACKED);
        let read = self.open.get(read as usize);
        if let Some(open) = self.open.iter().find(is_other).or(read) {
            return Err(Error::Changed(open.path.clone()));
        }
        self.failed
            .get()
            .map_or(Ok(()), |error| Err(Error::Unreadable(error.clone())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slices_of_a_file_and_of_what_is_kept_are_read_again() {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(b"one\ntwo\nthree").unwrap();
        let mut sources = Sources::default();
        let rows = sources.open(file.path(), file.as_file()).unwrap();
        sources.keep(b"before").unwrap();
        let kept = sources.keep(b"four five").unwrap();
        let (one, two) = (rows.slice(0, 3), rows.after(4).slice(0, 3));
        assert_eq!(sources.read(two).unwrap(), b"two");
        assert_eq!(sources.read(kept.slice(5, 4)).unwrap(), b"five");
        let both = one.joined(two).unwrap();
        assert_eq!(sources.read(both).unwrap(), b"one\ntwo");
        assert!(two.joined(one).is_none() && one.joined(kept.slice(0, 4)).is_none());
        sources.keep(&vec![b'x'; FEW]).unwrap();
        sources.finish().unwrap();
        assert!(sources.few.is_empty());
        assert_eq!(sources.read(kept.slice(5, 4)).unwrap(), b"five");
        assert!(sources.check().is_ok());
    }

    #[test]
    fn a_file_that_grew_or_shrank_is_told() {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(b"one\n").unwrap();
        let mut sources = Sources::default();
        let rows = sources.open(file.path(), file.as_file()).unwrap();
        file.write_all(b"two\n").unwrap();
        assert!(matches!(sources.check(), Err(Error::Changed(_))));
        file.as_file().set_len(0).unwrap();
        assert!(sources.read(rows.slice(0, 3)).is_err());
        assert!(sources.check().is_err());
    }
}
