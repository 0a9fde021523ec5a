//! Which files of a folder are read?

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

use super::{Gather, Stop, name};
use crate::read::kind::FORMATS;
use crate::read::reason::ReasonKind;
use crate::result::folder::is_result;

/// Maximum number of names in a message; the others are only counted.
const NAMED: usize = 3;

/// Files and folders in a folder that are not read.
#[derive(Default)]
struct LeftOut {
    /// Names of files of other kinds.
    others: Vec<String>,
    /// Names of files that were read already, under other names.
    again: Vec<String>,
    /// Names of links to files that do not exist, if their kind would be read.
    links: Vec<String>,
    /// Folders with the result of an earlier run.
    results: Vec<String>,
}

impl Gather<'_> {
    pub(super) fn folder(&mut self, folder: &Path) -> Result<(), Stop> {
        let mut left_out = LeftOut::default();
        let mut found = 0;
        let output = self.output.clone();
        let mut walk = WalkDir::new(folder)
            .sort_by_file_name()
            .follow_links(true)
            .into_iter();
        while let Some(entry) = walk.next() {
            match entry {
                Err(error) => {
                    let place = error.path().unwrap_or(folder).to_path_buf();
                    if !is_dangling(&place) {
                        let error = format!("could not be read: {error}");
                        self.reject(name(&place), ReasonKind::Unreadable.because(error));
                    } else if self.kind(&place).is_some() {
                        left_out.links.push(file_name(&place));
                    }
                }
                Ok(entry) if entry.depth() > 0 && is_hidden(&entry, output.as_ref()) => {
                    pass_over(&mut walk, &entry);
                }
                Ok(entry) if entry.depth() > 0 && !self.is_wanted(folder, &entry) => {
                    pass_over(&mut walk, &entry);
                }
                Ok(entry) if entry.file_type().is_dir() => {
                    if entry.depth() > 0 && is_result(entry.path()) {
                        left_out.results.push(name(entry.path()));
                        walk.skip_current_dir();
                    }
                }
                Ok(entry) => match self.kind(entry.path()) {
                    Some(_) if self.is_read(entry.path()) => {
                        found += 1;
                        left_out.again.push(file_name(entry.path()));
                    }
                    Some(kind) => {
                        found += 1;
                        self.file(entry.path(), kind)?;
                    }
                    None => left_out.others.push(file_name(entry.path())),
                },
            }
        }
        if found == 0 {
            let error = format!("the folder has no documents ({FORMATS}); check the path");
            self.reject(name(folder), ReasonKind::Empty.because(error));
            left_out.others.clear();
        }
        let notes = left_out.notes();
        let notes = notes.map(|note| format!("{}: skipped {note}", name(folder)));
        self.store.notes.extend(notes);
        Ok(())
    }
}

impl Gather<'_> {
    /// Whether the patterns include a file, or do not exclude a folder.
    fn is_wanted(&self, root: &Path, entry: &DirEntry) -> bool {
        let path = entry.path().strip_prefix(root).unwrap_or(entry.path());
        match entry.file_type().is_dir() {
            true => !self.settings.globs.excludes(path),
            false => self.settings.globs.wants(path),
        }
    }
}

fn is_hidden(entry: &DirEntry, output: Option<&PathBuf>) -> bool {
    let hidden = entry.file_name().to_string_lossy().starts_with('.');
    let is_output = || output.is_some() && entry.path().canonicalize().ok().as_ref() == output;
    hidden || (entry.file_type().is_dir() && is_output())
}

fn pass_over(walk: &mut walkdir::IntoIter, entry: &DirEntry) {
    if entry.file_type().is_dir() {
        walk.skip_current_dir();
    }
}

/// Whether the path is a link to a missing file.
fn is_dangling(path: &Path) -> bool {
    let found = path.metadata();
    path.is_symlink() && found.is_err_and(|error| error.kind() == ErrorKind::NotFound)
}

fn file_name(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}

impl LeftOut {
    /// One note for each kind of skipped files.
    fn notes(&self) -> impl Iterator<Item = String> {
        let counted = |names: &[String], one: &str, more: &str| match names.len() {
            0 => None,
            1 => Some(format!("1 {one}: {}", named(names))),
            count => Some(format!("{count} {more}: {}", named(names))),
        };
        let notes = [
            counted(&self.others, "file of another kind", "files of other kinds"),
            counted(
                &self.again,
                "file that is given twice, under another name",
                "files that are given twice, under other names",
            ),
            counted(
                &self.links,
                "link to a file that is not there",
                "links to files that are not there",
            ),
            counted(
                &self.results,
                "result of an earlier run",
                "results of earlier runs",
            ),
        ];
        notes.into_iter().flatten()
    }
}

/// The first names, separated by commas.
fn named(names: &[String]) -> String {
    let more = if names.len() > NAMED { ", ..." } else { "" };
    format!("{}{more}", names[..names.len().min(NAMED)].join(", "))
}
