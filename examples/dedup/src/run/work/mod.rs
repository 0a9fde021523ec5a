//! Where are the files of a run before its result is in place? In a hidden folder next to the result. If the run is killed,
//! the folder remains, and the next run can continue from it.

pub mod records;
pub mod resume;
pub mod states;
pub mod watch;

use std::fs::{self, File, TryLockError};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use crate::result::folder::{
    MOVING, SUMMARY, WITHIN, check_replaceable, is_result, remove_results, replace_results, sync,
    sync_entries,
};
use crate::run::failure::Failure;
use states::{Mark, States, UNFINISHED};

/// The folder for the files of a run that writes a result.
pub struct WorkFolder {
    /// The final place of the result.
    place: PathBuf,
    folder: PathBuf,
    /// Whether an earlier result may be replaced.
    force: bool,
    pub states: States,
    /// Locked during the run. The operating system unlocks it when the process ends in any way.
    _lock: File,
}

/// Names of files and folders in this folder.
const LOCK: &str = "lock";
const RESULT: &str = "result";
const OLD: &str = "old";

impl WorkFolder {
    /// Locks the folder for a result at `place` before any work is done, and restores an earlier result that a killed run
    /// had moved aside.
    pub fn prepare(place: &Path, force: bool) -> Result<Self, Failure> {
        let fail = |error| Failure::Output {
            place: place.to_path_buf(),
            error,
        };
        let (place, folder) = places(place).map_err(fail)?;
        let work = Self {
            states: States::in_folder(&folder),
            _lock: locked(&folder, &place)?,
            place,
            folder,
            force,
        };
        work.put_back().map_err(fail)?;
        Ok(work)
    }

    /// Fails if the place of the result holds something that may not be replaced.
    pub fn check_place(&self) -> Result<(), Failure> {
        if self.place.exists() {
            check_replaceable(&self.place, self.force)?;
        }
        Ok(())
    }

    /// The summary of the result that is in place.
    pub fn summary(&self) -> Result<String, Failure> {
        fs::read_to_string(self.place.join(SUMMARY)).map_err(|error| self.failure(error))
    }

    /// Whether the result of this run is in place.
    pub fn holds_result_of(&self, run: &str) -> bool {
        let summary = self.summary().ok();
        let summary = summary.and_then(|json| serde_json::from_str(&json).ok());
        summary.is_some_and(|summary: Value| {
            let files = summary["files"].as_object();
            summary["run"] == run && files.is_some_and(|files| self.has_files(files))
        })
    }

    /// Whether the place of the result has files of these names and lengths.
    fn has_files(&self, files: &Map<String, Value>) -> bool {
        files.iter().all(|(name, bytes)| {
            let file = self.place.join(name).metadata();
            file.is_ok_and(|file| Some(file.len()) == bytes.as_u64())
        })
    }

    /// Starts from the beginning, without the states of earlier runs.
    pub fn begin(&self, mark: &Mark) -> Result<(), Failure> {
        self.states.begin(mark).map_err(|error| self.failure(error))
    }

    /// Why this run could not be resumed if it were interrupted; none if it could.
    pub fn why_not_resumable(&self) -> Option<String> {
        let error = self.states.failed()?;
        let folder = self.folder.display();
        Some(format!(
            "{folder}: {error}; this run can't be continued with --resume"
        ))
    }

    /// The place of the result.
    pub fn place(&self) -> &Path {
        &self.place
    }

    /// Makes an empty folder for the files of the result.
    pub fn result(&self) -> Result<PathBuf, Failure> {
        let result = self.folder.join(RESULT);
        let made = remove_folder(&result).and_then(|()| fs::create_dir(&result));
        made.map_err(|error| self.failure(error))?;
        Ok(result)
    }

    fn failure(&self, error: io::Error) -> Failure {
        Failure::Output {
            place: self.place.clone(),
            error,
        }
    }

    /// Writes the result to the disk and moves it to its place. An earlier result is exchanged for it in one step if the
    /// system supports that. Otherwise it is moved aside until the new one is in place; if the folder is itself a volume, it
    /// is replaced file by file.
    pub fn publish(&self) -> Result<(), Failure> {
        // Something may have been put into the place since the first check.
        self.check_place()?;
        self.move_to_place().map_err(|error| self.failure(error))?;
        self.states.forget();
        Ok(())
    }

    fn move_to_place(&self) -> io::Result<()> {
        let (result, old) = (self.folder.join(RESULT), self.folder.join(OLD));
        sync(&result)?;
        if self.folder.starts_with(&self.place) {
            return self.move_files(&result);
        }
        if !self.place.exists() {
            fs::rename(&result, &self.place)?;
            return self.sync_place();
        }
        // The permissions of the folder are kept, because its owner chose them.
        fs::set_permissions(&result, self.place.metadata()?.permissions())?;
        if swap(&result, &self.place) {
            // The earlier result is now in the work folder and is removed with it.
            return self.sync_place();
        }
        fs::rename(&self.place, &old)?;
        if let Err(error) = fs::rename(result, &self.place) {
            fs::rename(&old, &self.place)?;
            return Err(error);
        }
        self.sync_place()?;
        // The result is in place. Remains of the old one are removed by the next run.
        let _ = remove_folder(&old);
        Ok(())
    }

    /// Moves the files one by one. A marker file exists meanwhile: if the run is killed, it lets the next run replace the
    /// remaining files.
    fn move_files(&self, result: &Path) -> io::Result<()> {
        let moving = self.folder.join(MOVING);
        File::create(&moving)?.sync_all()?;
        replace_results(result, &self.place)?;
        sync_entries(&self.place)?;
        fs::remove_file(moving)
    }

    /// Writes the parent folder to the disk, because the place of the result is an entry in it.
    fn sync_place(&self) -> io::Result<()> {
        self.place.parent().map_or(Ok(()), sync_entries)
    }

    /// Restores the earlier result if a run was killed between the two moves.
    fn put_back(&self) -> io::Result<()> {
        let old = self.folder.join(OLD);
        if !old.exists() {
            return Ok(());
        }
        if is_result(&self.place) {
            return remove_folder(&old);
        }
        // An empty folder may have been made there since. A folder with content is not removed.
        if self.place.exists() {
            fs::remove_dir(&self.place)?;
        }
        fs::rename(old, &self.place)
    }

    /// Leaves only the files from which another run can continue, or else nothing.
    fn tidy(&self) -> io::Result<()> {
        remove_folder(&self.folder.join(RESULT))?;
        if !self.states.done().is_empty() {
            return Ok(());
        }
        self.states.forget();
        for name in [UNFINISHED, MOVING, LOCK] {
            let file = self.folder.join(name);
            if file.exists() {
                fs::remove_file(file)?;
            }
        }
        fs::remove_dir(&self.folder)
    }
}

impl Drop for WorkFolder {
    fn drop(&mut self) {
        // Files that cannot be removed do no harm.
        let _ = self.tidy();
    }
}

/// Exchanges two folders in one step; false if the system cannot.
#[cfg(target_os = "linux")]
fn swap(one: &Path, other: &Path) -> bool {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE).is_ok()
}

#[cfg(not(target_os = "linux"))]
fn swap(_: &Path, _: &Path) -> bool {
    false
}

/// The absolute path of the result, and the path of the work folder. The work folder is next to the result, or inside it if
/// the result's folder is itself a volume.
fn places(place: &Path) -> io::Result<(PathBuf, PathBuf)> {
    if place.is_symlink() && !place.exists() {
        return Err(io::Error::other(
            "this is a link to a folder that is not there",
        ));
    }
    let place = if place.exists() {
        place.canonicalize()?
    } else {
        std::path::absolute(place)?
    };
    if std::env::current_dir().is_ok_and(|here| here == place) {
        return Err(io::Error::other("this is the current folder"));
    }
    let (Some(parent), Some(name)) = (place.parent(), place.file_name()) else {
        return Err(io::Error::from(ErrorKind::InvalidInput));
    };
    fs::create_dir_all(parent)?;
    let next_to = parent.join(format!(".{}.partial", name.to_string_lossy()));
    let folder = if is_volume(&place, parent) {
        place.join(WITHIN)
    } else {
        next_to
    };
    Ok((place, folder))
}

/// Whether a folder is the root of a volume. If so, no other folder can be moved to its place.
#[cfg(unix)]
fn is_volume(place: &Path, parent: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let volume = |folder: &Path| folder.metadata().ok().map(|folder| folder.dev());
    volume(place).is_some_and(|of_place| volume(parent) != Some(of_place))
}

#[cfg(not(unix))]
fn is_volume(_: &Path, _: &Path) -> bool {
    false
}

/// Makes the folder, unless a killed run left one, and locks it for this run.
fn locked(folder: &Path, place: &Path) -> Result<File, Failure> {
    let made = match fs::create_dir(folder) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        made => made,
    };
    let lock = made.and_then(|()| File::create(folder.join(LOCK)));
    let lock = lock.map_err(|error| Failure::Output {
        place: folder.to_path_buf(),
        error,
    })?;
    match lock.try_lock() {
        Err(TryLockError::WouldBlock) => Err(Failure::Locked(place.to_path_buf())),
        // Some network volumes do not support locks.
        Ok(()) | Err(TryLockError::Error(_)) => Ok(lock),
    }
}

/// Removes a folder that contains only files of results, if it exists.
fn remove_folder(folder: &Path) -> io::Result<()> {
    if !folder.exists() {
        return Ok(());
    }
    remove_results(folder)?;
    fs::remove_dir(folder)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;

    const OURS: &str = r#"{"settings":{"scheme":"s"}}"#;

    #[test]
    fn at_every_moment_the_old_or_the_new_result_is_in_its_place() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("out");
        let publish = || {
            let work = WorkFolder::prepare(&place, true).unwrap();
            let result = work.result().unwrap();
            fs::write(result.join(SUMMARY), OURS).unwrap();
            work.publish().unwrap();
        };
        publish();
        let done = AtomicBool::new(false);
        std::thread::scope(|scope| {
            let (summary, done) = (place.join(SUMMARY), &done);
            let seen = scope.spawn(move || {
                let mut always = true;
                while !done.load(Ordering::Relaxed) {
                    always &= fs::read_to_string(&summary).is_ok_and(|text| text == OURS);
                }
                always
            });
            for _ in 0..100 {
                publish();
            }
            done.store(true, Ordering::Relaxed);
            assert!(seen.join().unwrap() || cfg!(not(target_os = "linux")));
        });
        let names: Vec<_> = fs::read_dir(folder.path()).unwrap().collect();
        assert_eq!(names.len(), 1, "nothing else is left");
    }
}
