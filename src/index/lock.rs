//! Which process may write?

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::Write;
use std::path::Path;

use crate::error::{Error, IndexFault};
use crate::index::files::storage;

/// The name of the lock file in the folder.
pub(super) const LOCK: &str = "lock";

/// The right to write. The system releases it when the process ends in any way. The file names the process that holds it.
#[derive(Debug)]
pub(super) struct Lock {
    _file: File,
}

impl Lock {
    /// Takes the lock. If another process holds it, fails with the name of that process.
    pub(super) fn take(folder: &Path) -> Result<Self, Error> {
        let path = folder.join(LOCK);
        let mut options = OpenOptions::new();
        // The file is not truncated, because another process may hold it.
        options.write(true).create(true).truncate(false);
        let fail = |error: std::io::Error| storage(&path, error);
        let mut file = options.open(&path).map_err(fail)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(held(folder, &path)),
            Err(TryLockError::Error(error)) => return Err(fail(error)),
        }
        let holder = format!("process {}\n", std::process::id());
        file.set_len(0).map_err(fail)?;
        file.write_all(holder.as_bytes()).map_err(fail)?;
        Ok(Self { _file: file })
    }
}

fn held(folder: &Path, path: &Path) -> Error {
    let holder = fs::read_to_string(path).unwrap_or_default();
    let holder = match holder.trim() {
        "" => "another process".to_owned(),
        holder => holder.to_owned(),
    };
    Error::index(IndexFault::Locked {
        folder: folder.display().to_string(),
        holder,
    })
}
