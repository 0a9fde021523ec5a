//! Which files does a result folder have, and which of them may be replaced or removed?

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use serde_json::Value;
use thiserror::Error;

use super::page;

/// Name of the working folder if it is inside the result folder.
pub const WITHIN: &str = ".partial";

/// The files of a result folder. A folder with other files is never replaced.
pub const FILES: [&str; 14] = [
    "clusters.jsonl",
    "refused.jsonl",
    "kept.jsonl",
    "kept.parquet",
    "kept.csv",
    "removed.jsonl",
    "rejected.jsonl",
    "relations.jsonl",
    "passages.jsonl",
    "against.jsonl",
    "stripped.jsonl",
    "parts.jsonl",
    page::PAGE,
    SUMMARY,
];

/// The file that every complete result has.
pub const SUMMARY: &str = "summary.json";

/// A file in the working folder that is present while a result is moved over an earlier one, file by file.
pub const MOVING: &str = "moving";

/// The folder of the page's data in a result, with numbered files.
const FOLDER: &str = page::FOLDER;

/// The reason why a folder can't become the place of a result.
#[derive(Debug, Error)]
pub enum Refusal {
    /// It has an earlier result, which is replaced only on request.
    #[error(
        "{} holds an earlier result; choose another folder, or replace it with --force",
        .0.display()
    )]
    EarlierResult(PathBuf),
    /// It has something other than a result.
    #[error(
        "{} is not empty, and {by} in it is no result file; choose an empty or new folder for --output",
        folder.display()
    )]
    Occupied { folder: PathBuf, by: String },
    /// It has a file with the name of a result file, but no summary shows that a run wrote it.
    #[error(
        "{} holds {file}, but no {SUMMARY} shows that a run wrote it; move the file, or choose another folder for --output",
        folder.display()
    )]
    Unknown { folder: PathBuf, file: String },
    /// Its entries can't be read.
    #[error("{}: {error}; choose a place that can be written", folder.display())]
    Unreadable { folder: PathBuf, error: io::Error },
}

/// Removes the files of a result, and nothing else.
pub fn remove_results(folder: &Path) -> io::Result<()> {
    let mut present = FILES
        .iter()
        .map(|name| folder.join(name))
        .filter(|file| file.exists());
    present.try_for_each(fs::remove_file)?;
    let chunks = folder.join(FOLDER);
    if !is_chunks(&chunks) {
        return Ok(());
    }
    for chunk in fs::read_dir(&chunks)? {
        fs::remove_file(chunk?.path())?;
    }
    fs::remove_dir(chunks)
}

/// Is this the folder of a result, with a summary that a run wrote?
pub fn is_result(folder: &Path) -> bool {
    let summary = fs::read(folder.join(SUMMARY)).ok();
    let summary = summary.and_then(|json| serde_json::from_slice(&json).ok());
    summary.is_some_and(|summary: Value| summary["settings"]["scheme"].is_string())
}

/// Makes the system write all files of a result to the disk.
pub fn sync(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            sync(&path)?;
        } else {
            File::open(path)?.sync_all()?;
        }
    }
    sync_entries(folder)
}

/// Makes the system write the list of a folder's entries to the disk.
#[cfg(unix)]
pub fn sync_entries(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

#[cfg(not(unix))]
pub fn sync_entries(_: &Path) -> io::Result<()> {
    Ok(())
}

/// Is this the folder of the page's data, with nothing else in it?
fn is_chunks(folder: &Path) -> bool {
    let numbered = |entry: io::Result<fs::DirEntry>| {
        entry.is_ok_and(|entry| {
            let file = entry.file_type().is_ok_and(|kind| kind.is_file());
            file && page::is_chunk(&entry.file_name().to_string_lossy())
        })
    };
    !folder.is_symlink() && fs::read_dir(folder).is_ok_and(|mut entries| entries.all(numbered))
}

/// Moves a result over an earlier one on the same volume, file by file, the summary last. Files that only the earlier result has are removed.
pub fn replace_results(from: &Path, to: &Path) -> io::Result<()> {
    if is_chunks(&to.join(FOLDER)) {
        fs::remove_dir_all(to.join(FOLDER))?;
    }
    if from.join(FOLDER).exists() {
        fs::rename(from.join(FOLDER), to.join(FOLDER))?;
    }
    for name in FILES {
        if from.join(name).exists() {
            fs::rename(from.join(name), to.join(name))?;
        } else if to.join(name).exists() {
            fs::remove_file(to.join(name))?;
        }
    }
    Ok(())
}

/// Checks that a folder is empty, or has an earlier result that may be replaced.
pub fn check_replaceable(place: &Path, force: bool) -> Result<(), Refusal> {
    let fail = |error| Refusal::Unreadable {
        folder: place.to_path_buf(),
        error,
    };
    let mut found = None;
    for entry in fs::read_dir(place).map_err(fail)? {
        let name = entry
            .map_err(fail)?
            .file_name()
            .to_string_lossy()
            .into_owned();
        if name == WITHIN {
            continue;
        }
        let chunks = name == FOLDER && is_chunks(&place.join(FOLDER));
        if !chunks && !FILES.contains(&name.as_str()) {
            let folder = place.to_path_buf();
            return Err(Refusal::Occupied { folder, by: name });
        }
        found = Some(name);
    }
    match found {
        // Files with these names may belong to the user. Only a summary, or an interrupted move, shows that a run wrote them.
        Some(file) if !is_result(place) && !place.join(WITHIN).join(MOVING).exists() => {
            Err(Refusal::Unknown {
                folder: place.to_path_buf(),
                file,
            })
        }
        Some(_) if !force => Err(Refusal::EarlierResult(place.to_path_buf())),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_result_replaces_an_earlier_one_file_by_file_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let [from, to] = ["from", "to"].map(|name| folder.path().join(name));
        for (place, files) in [
            (&from, ["kept.jsonl", "report/001.js"]),
            (&to, ["rejected.jsonl", "report/002.js"]),
        ] {
            fs::create_dir_all(place.join(FOLDER)).unwrap();
            for name in [SUMMARY].into_iter().chain(files) {
                fs::write(place.join(name), place.to_string_lossy().as_bytes()).unwrap();
            }
        }
        fs::write(to.join("mine.txt"), "mine").unwrap();
        replace_results(&from, &to).unwrap();
        for name in [SUMMARY, "kept.jsonl", "report/001.js"] {
            assert_eq!(
                fs::read_to_string(to.join(name)).unwrap(),
                from.to_string_lossy()
            );
        }
        assert!(to.join("mine.txt").exists());
        assert!(!to.join("rejected.jsonl").exists() && !to.join("report/002.js").exists());
    }
}
