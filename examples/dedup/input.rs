//! What documents are there? Walks files and folders, reads rows, and rejects what can't be read with its place.

mod blocks;
mod csv;
mod header;
mod kind;
mod lines;
mod parquet;
mod rows;
mod text;

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use ::parquet::schema::types::TypePtr;
use flate2::read::MultiGzDecoder;
use walkdir::WalkDir;

use crate::failure::Failure;
use crate::metadata::FieldNames;
use crate::options::Options;
use crate::source::Sources;
use crate::store::{Place, Rejected, Store};
pub use kind::FORMATS;
use kind::Kind;

/// Reads all inputs in the order given.
pub fn read(options: &Options) -> Result<Store, Failure> {
    let output = options.output.as_deref();
    let mut reader = Reader {
        options,
        store: Store {
            fields: FieldNames::of(options),
            sources: Sources::beside(output),
            ..Store::default()
        },
        read: HashSet::new(),
        output: output.and_then(|output| output.canonicalize().ok()),
        schema: None,
    };
    let read = options
        .inputs
        .iter()
        .try_for_each(|input| reader.input(input));
    let read = read.and_then(|()| reader.store.sources.finish());
    read.map_err(|error| Failure::Unpacked {
        place: reader.store.sources.folder(),
        error,
    })?;
    reader.reject_repeated_ids();
    Ok(reader.store)
}

struct Reader<'o> {
    options: &'o Options,
    store: Store,
    /// Files that were read, under whatever name.
    read: HashSet<PathBuf>,
    /// The output folder, where it exists: an earlier result is no input.
    output: Option<PathBuf>,
    /// The columns of the first Parquet file, where rows are to be copied.
    schema: Option<Vec<TypePtr>>,
}

/// A path as it was given, joined with `/`.
fn name(path: &Path) -> String {
    path.to_string_lossy()
        .replace(std::path::MAIN_SEPARATOR, "/")
}

/// An error is one of keeping what was read: what can't be read is rejected.
impl Reader<'_> {
    fn input(&mut self, path: &Path) -> io::Result<()> {
        if path == Path::new("-") {
            return self.rows("-".into(), io::stdin().lock(), None);
        }
        if !path.exists() {
            let error = "there is no such file or folder; check the path";
            self.reject(name(path), error);
        } else if path.is_dir() {
            self.folder(path)?;
        } else if let Some(kind) = Kind::of(path) {
            self.file(path, kind)?;
        } else {
            let error = format!("not a kind of file that can be read; use {FORMATS}");
            self.reject(name(path), error);
        }
        Ok(())
    }

    fn folder(&mut self, folder: &Path) -> io::Result<()> {
        let (mut found, mut others) = (0, 0);
        let output = self.output.clone();
        let visible = |entry: &walkdir::DirEntry| {
            let hidden = entry.file_name().to_string_lossy().starts_with('.');
            let is_output = output.is_some() && entry.path().canonicalize().ok() == output;
            entry.depth() == 0 || !(hidden || is_output)
        };
        let walk = WalkDir::new(folder).sort_by_file_name().follow_links(true);
        for entry in walk.into_iter().filter_entry(visible) {
            match entry {
                Err(error) => {
                    let place = error.path().unwrap_or(folder).to_path_buf();
                    self.reject(name(&place), format!("could not be read: {error}"));
                }
                Ok(entry) if entry.file_type().is_dir() => {}
                Ok(entry) => match Kind::of(entry.path()) {
                    Some(kind) => {
                        found += 1;
                        self.file(entry.path(), kind)?;
                    }
                    None => others += 1,
                },
            }
        }
        if found == 0 {
            let error = format!("the folder holds no documents ({FORMATS}); check the path");
            self.reject(name(folder), error);
        } else if others > 0 {
            let files = if others == 1 {
                "1 file"
            } else {
                &format!("{others} files")
            };
            let note = format!("{}: left out {files} of other kinds", name(folder));
            self.store.notes.push(note);
        }
        Ok(())
    }

    fn file(&mut self, path: &Path, kind: Kind) -> io::Result<()> {
        let place = name(path);
        if path
            .canonicalize()
            .is_ok_and(|file| !self.read.insert(file))
        {
            let note = format!("{place}: read already, under this or another name; it counts once");
            self.store.notes.push(note);
            return Ok(());
        }
        match (File::open(path), kind) {
            (Err(error), _) => {
                self.reject(place, format!("could not be read: {error}"));
                Ok(())
            }
            (Ok(file), Kind::Text) => self.text(place, file),
            (Ok(file), Kind::PackedRows) => self.rows(place, MultiGzDecoder::new(file), None),
            (Ok(file), Kind::Parquet) => self.parquet(place, path, file),
            (Ok(file), Kind::Csv) => self.csv(place, file),
            (Ok(file), Kind::Rows) => {
                let origin = self.store.sources.open(path, &file);
                self.rows(place, file, origin)
            }
        }
    }

    /// `line` counts from 0.
    fn reject_row(&mut self, file: u32, line: usize, error: String) {
        let place = Place {
            file: self.store.files[file as usize].clone(),
            line: Some(line + 1),
        };
        self.store.rejected.push(Rejected { place, error });
    }

    fn reject(&mut self, file: String, error: impl Into<String>) {
        let place = Place { file, line: None };
        self.store.rejected.push(Rejected {
            place,
            error: error.into(),
        });
    }

    /// Of two documents with one id, the later is rejected.
    fn reject_repeated_ids(&mut self) {
        let store = &mut self.store;
        let mut first: HashMap<&str, usize> = HashMap::with_capacity(store.documents.len());
        let mut again = vec![false; store.documents.len()];
        for (position, entry) in store.documents.iter().enumerate() {
            let earlier = *first.entry(&entry.id).or_insert(position);
            if earlier == position {
                continue;
            }
            again[position] = true;
            let error = format!(
                "the id {:?} was given before, at {}; give each document its own, or name another field with --id-field",
                entry.id,
                store.place(earlier)
            );
            let place = store.place(position);
            store.rejected.push(Rejected { place, error });
        }
        let mut again = again.into_iter();
        store
            .documents
            .retain(|_| !again.next().unwrap_or_default());
        store
            .rejected
            .sort_by(|a, b| (&a.place.file, a.place.line).cmp(&(&b.place.file, b.place.line)));
    }
}
