//! What documents are there? Walks files and folders, reads rows, and rejects what can't be read with its place.

mod rows;

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;
use walkdir::WalkDir;

use crate::metadata::FieldNames;
use crate::options::Options;
use crate::store::{Body, Entry, Place, Rejected, Store};

/// Reads all inputs in the order given.
pub fn read(options: &Options) -> Store {
    let output = options.output.as_deref();
    let mut reader = Reader {
        options,
        store: Store {
            fields: FieldNames::of(options),
            ..Store::default()
        },
        read: HashSet::new(),
        output: output.and_then(|output| output.canonicalize().ok()),
    };
    for input in &options.inputs {
        reader.input(input);
    }
    reader.reject_repeated_ids();
    reader.store
}

struct Reader<'o> {
    options: &'o Options,
    store: Store,
    /// Files that were read, under whatever name.
    read: HashSet<PathBuf>,
    /// The output folder, where it exists: an earlier result is no input.
    output: Option<PathBuf>,
}

#[derive(Clone, Copy)]
enum Kind {
    Text,
    Rows,
    PackedRows,
}

fn kind(path: &Path) -> Option<Kind> {
    let name = path.file_name()?.to_string_lossy().to_lowercase();
    let is = |ending: &str| name.ends_with(ending);
    match () {
        () if is(".txt") || is(".md") => Some(Kind::Text),
        () if is(".jsonl") => Some(Kind::Rows),
        () if is(".jsonl.gz") => Some(Kind::PackedRows),
        () => None,
    }
}

/// A path as it was given, joined with `/`.
fn name(path: &Path) -> String {
    path.to_string_lossy()
        .replace(std::path::MAIN_SEPARATOR, "/")
}

impl Reader<'_> {
    fn input(&mut self, path: &Path) {
        if path == Path::new("-") {
            let mut bytes = Vec::new();
            let read = io::stdin().lock().read_to_end(&mut bytes);
            self.rows("-".into(), bytes, read.err());
        } else if !path.exists() {
            let error = "there is no such file or folder; check the path";
            self.reject(name(path), error);
        } else if path.is_dir() {
            self.folder(path);
        } else if let Some(kind) = kind(path) {
            self.file(path, kind);
        } else {
            let error = "not a kind of file that can be read; use .txt, .md, .jsonl or .jsonl.gz";
            self.reject(name(path), error);
        }
    }

    fn folder(&mut self, folder: &Path) {
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
                Ok(entry) => match kind(entry.path()) {
                    Some(kind) => {
                        found += 1;
                        self.file(entry.path(), kind);
                    }
                    None => others += 1,
                },
            }
        }
        if found == 0 {
            let error =
                "the folder holds no documents (.txt, .md, .jsonl, .jsonl.gz); check the path";
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
    }

    fn file(&mut self, path: &Path, kind: Kind) {
        let place = name(path);
        if path
            .canonicalize()
            .is_ok_and(|file| !self.read.insert(file))
        {
            let note = format!("{place}: read already, under this or another name; it counts once");
            self.store.notes.push(note);
            return;
        }
        let mut bytes = Vec::new();
        let read = File::open(path).and_then(|mut file| match kind {
            Kind::PackedRows => MultiGzDecoder::new(file).read_to_end(&mut bytes),
            Kind::Text | Kind::Rows => file.read_to_end(&mut bytes),
        });
        match (kind, read) {
            (Kind::Text, Ok(_)) => self.text(place, bytes),
            (Kind::Text, Err(error)) => self.reject(place, format!("could not be read: {error}")),
            (Kind::Rows | Kind::PackedRows, read) => self.rows(place, bytes, read.err()),
        }
    }

    fn text(&mut self, file: String, bytes: Vec<u8>) {
        match String::from_utf8(bytes) {
            Ok(mut text) => {
                if text.starts_with('\u{FEFF}') {
                    text.remove(0);
                }
                self.store.documents.push(Entry {
                    id: file.clone(),
                    file: self.store.files.len(),
                    place: Place { file, line: None },
                    body: Body::File,
                });
                self.store.files.push(text);
            }
            Err(error) => {
                let at = error.utf8_error().valid_up_to();
                self.reject(
                    file,
                    format!("not UTF-8 at byte {at}; convert it to UTF-8 first"),
                );
            }
        }
    }

    /// Rows that were read, up to an error in reading if there was one.
    fn rows(&mut self, file: String, bytes: Vec<u8>, cut: Option<io::Error>) {
        let rows = rows::parse(
            bytes,
            cut.is_some(),
            &self.options.id_field,
            &self.options.text_field,
        );
        if let Some(error) = cut {
            let line = Some(rows.lines + 1);
            let error = format!(
                "could not be unpacked or read from here on: {error}; check the file, the rows before this were read"
            );
            self.store.rejected.push(Rejected {
                place: Place {
                    file: file.clone(),
                    line,
                },
                error,
            });
        }
        for (line, error) in rows.rejected {
            let place = Place {
                file: file.clone(),
                line: Some(line),
            };
            self.store.rejected.push(Rejected { place, error });
        }
        for row in rows.rows {
            let place = Place {
                file: file.clone(),
                line: Some(row.line),
            };
            self.store.documents.push(Entry {
                id: row.id.unwrap_or_else(|| place.to_string()),
                file: self.store.files.len(),
                place,
                body: Body::Row {
                    row: row.row,
                    text: row.text,
                },
            });
        }
        self.store.files.push(rows.text);
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
        let mut places: HashMap<String, Place> = HashMap::new();
        let Store {
            documents,
            rejected,
            ..
        } = &mut self.store;
        documents.retain(|entry| match places.get(&entry.id) {
            None => {
                places.insert(entry.id.clone(), entry.place.clone());
                true
            }
            Some(earlier) => {
                let error = format!(
                    "the id {:?} was given before, at {earlier}; give each document its own, or name another field with --id-field",
                    entry.id
                );
                rejected.push(Rejected { place: entry.place.clone(), error });
                false
            }
        });
        rejected.sort_by(|a, b| (&a.place.file, a.place.line).cmp(&(&b.place.file, b.place.line)));
    }
}
