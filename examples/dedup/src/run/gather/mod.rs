//! Which documents are there? This step walks files and folders, reads rows, and rejects what cannot be read, with its
//! place.

mod archive;
mod csv;
mod files;
pub mod globs;
mod lines;
mod mailbox;
mod pages;
mod sample;
#[cfg(feature = "parquet")]
mod tables;
mod walk;

use std::collections::{BTreeMap, HashSet};
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

#[cfg(feature = "parquet")]
use parquet::schema::types::TypePtr;
use walkdir::WalkDir;

use super::failure::Failure;
use super::settings::Settings;
use crate::read::encoding::{Counts, Said};
use crate::read::kind::{Format, Kind, remedy};
use crate::read::limits::{Limits, MAX_LISTED, brief};
use crate::read::reason::{Reason, ReasonKind};
use crate::store::load::{Load, NoRoom};
use crate::store::sources::Sources;
use crate::store::{Place, Rejected, Store};
use archive::Addresses;
use files::Waiting;
use pages::Pages;

/// The documents of a file may be this many times as long as the file; above that, the file is rejected if memory does not
/// suffice. Text is packed to a tenth of its length, and to a thirtieth if pages repeat each other.
const MOST_UNFOLDED: u64 = 100;

/// Reports how far reading has come.
pub trait Reading: Sync {
    /// The file is read from now on.
    fn file(&self, file: &File);

    /// The file was read completely, together with others.
    fn whole(&self, path: &Path);

    /// Should reading end now? It is asked after every block of rows, and after some files that are one document each.
    fn is_stopped(&self) -> bool {
        false
    }
}

/// Reports nothing.
impl Reading for () {
    fn file(&self, _: &File) {}

    fn whole(&self, _: &Path) {}
}

/// Total size of the input files in bytes, to show progress; none if standard input is one of the inputs.
pub fn size(settings: &Settings) -> Option<u64> {
    let inputs = &settings.inputs;
    let of_files = |input: &PathBuf| {
        let walk = WalkDir::new(input).follow_links(true).into_iter().flatten();
        let files = walk.filter(|entry| {
            entry.depth() == 0 || Kind::from_path(entry.path(), settings.other).is_some()
        });
        let sizes = files.filter_map(|entry| entry.metadata().ok().filter(|file| file.is_file()));
        sizes.map(|file| file.len()).sum::<u64>()
    };
    let standard_input = inputs.iter().any(|input| input == Path::new("-"));
    (!standard_input).then(|| inputs.iter().map(of_files).sum())
}

/// Reads all inputs in the given order.
pub fn read(settings: &Settings, reading: &dyn Reading) -> Result<Store, Failure> {
    let output = settings.output.as_deref();
    let sources = Sources::for_result(output);
    let mut reader = Gather {
        settings,
        reading,
        store: Store {
            fields: settings.fields.clone(),
            sources,
            ..Store::default()
        },
        limits: Limits::new(settings.memory),
        load: Load::new(settings.threads),
        rejected_rows: BTreeMap::new(),
        read: HashSet::new(),
        waiting: Waiting::default(),
        encodings: Counts::default(),
        pages: Pages::default(),
        addresses: Addresses::default(),
        output: output.and_then(|output| output.canonicalize().ok()),
        #[cfg(feature = "parquet")]
        schema: None,
    };
    let read = settings
        .inputs
        .iter()
        .try_for_each(|input| reader.input(input));
    let read = read.and_then(|()| match settings.sample {
        Some(count) => reader.read_sample(count),
        None => reader.read_waiting(),
    });
    let read = read.and_then(|()| Ok(reader.store.sources.finish()?));
    read.map_err(|stop| match stop {
        Stop::Asked => Failure::Stopped,
        Stop::NoRoom(no_room) => Failure::NoRoom(no_room),
        Stop::Keep(error) => Failure::Unpacked {
            place: reader.store.sources.folder(),
            error,
        },
    })?;
    reader.report_truncated_rejections();
    reader.reject_repeated_ids();
    reader.tell_encodings();
    reader.tell_missing_ids();
    if let Some(count) = settings.sample {
        reader.store.sample(count);
    }
    Ok(reader.store)
}

/// Why reading ends early. Input that cannot be read does not end it, but is rejected.
enum Stop {
    /// The run should end.
    Asked,
    /// The documents need more memory than is allowed.
    NoRoom(NoRoom),
    /// The input could not be kept.
    Keep(io::Error),
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Self::Keep(error)
    }
}

struct Gather<'s> {
    settings: &'s Settings,
    reading: &'s dyn Reading,
    store: Store,
    limits: Limits,
    load: Load,
    /// Number of rejected rows of each file.
    rejected_rows: BTreeMap<u32, usize>,
    /// Canonical paths of the files that were read.
    read: HashSet<PathBuf>,
    /// Files that are one document each and wait to be read together.
    waiting: Waiting,
    encodings: Counts,
    pages: Pages,
    addresses: Addresses,
    /// The output folder, if it exists. An earlier result in it is not read as input.
    output: Option<PathBuf>,
    /// The columns of the first Parquet file, if rows are to be copied.
    #[cfg(feature = "parquet")]
    schema: Option<Vec<TypePtr>>,
}

/// A file that cannot be read, with the error of the system.
fn unreadable(error: &io::Error) -> Reason {
    ReasonKind::Unreadable.because(format!("could not be read: {error}"))
}

/// A path as it was given, with `/` between its parts.
fn name(path: &Path) -> String {
    path.to_string_lossy()
        .replace(std::path::MAIN_SEPARATOR, "/")
}

impl Gather<'_> {
    fn input(&mut self, path: &Path) -> Result<(), Stop> {
        if path == Path::new("-") {
            self.read_waiting()?;
            return self.rows_of_input(io::stdin().lock());
        }
        if !path.exists() {
            let error = "there is no such file or folder; check the path";
            self.reject(name(path), ReasonKind::Unreadable.because(error));
        } else if path.is_dir() {
            self.folder(path)?;
        } else if let Some(kind) = self.kind(path) {
            if self.is_read(path) {
                let note = format!(
                    "{}: given twice, under this or another name; it is read once",
                    name(path)
                );
                self.store.notes.push(note);
                return Ok(());
            }
            self.file(path, kind)?;
        } else {
            let error = format!("this file format can't be read; {}", remedy(path));
            self.reject(name(path), ReasonKind::OtherKind.because(error));
        }
        Ok(())
    }

    /// Whether a file was read already, under this or another name. Also marks it as read.
    fn is_read(&mut self, path: &Path) -> bool {
        let file = path.canonicalize();
        file.is_ok_and(|file| !self.read.insert(file))
    }

    /// The kind of a file, by its name or by `--as`.
    fn kind(&self, path: &Path) -> Option<Kind> {
        Kind::from_path(path, self.settings.other)
    }

    fn file(&mut self, path: &Path, kind: Kind) -> Result<(), Stop> {
        let place = name(path);
        let canonical = path.canonicalize().ok();
        let in_output = self.output.as_ref().zip(canonical);
        if in_output.is_some_and(|(output, file)| file.starts_with(output)) {
            let error =
                "it is in the output folder, whose files are replaced; copy it elsewhere first";
            self.reject(place, ReasonKind::OtherKind.because(error));
            return Ok(());
        }
        if let Some(missing) = kind.format.missing() {
            self.reject(place, ReasonKind::OtherKind.because(missing.remedy()));
            return Ok(());
        }
        // Opening a pipe may wait forever, and a device may have no end.
        if path.metadata().is_ok_and(|path| !path.is_file()) {
            let error = "neither a file nor a folder; give what it holds on standard input, as -";
            self.reject(place, ReasonKind::OtherKind.because(error));
            return Ok(());
        }
        if matches!(
            kind.format,
            Format::Text | Format::Page | Format::Manual | Format::Mail | Format::Office(_)
        ) {
            return self.wait(place, path, kind);
        }
        self.read_waiting()?;
        let file = File::open(path).inspect(|file| self.reading.file(file));
        let before = (self.store.documents.len(), self.load.clone());
        let read = match (file, kind.format) {
            (Err(error), _) => {
                self.reject(place, unreadable(&error));
                Ok(())
            }
            (Ok(file), Format::Rows) => self.rows_of_file(path, file, kind.packing),
            (Ok(file), Format::Csv) => self.csv(path, file, kind.packing),
            (Ok(file), Format::Mailbox) => self.mailbox(path, file, kind.packing),
            #[cfg(feature = "parquet")]
            (Ok(file), Format::Parquet) => self.parquet(place, path, file),
            (Ok(file), _) => self.archive(place, file),
        };
        match read.and_then(|()| self.check_memory()) {
            // Which files are rejected must not depend on the machine.
            Err(Stop::NoRoom(no_room))
                if self.settings.memory.is_some() && self.unfolds(path, before.0) =>
            {
                // Only this file is rejected; the documents of the others are kept.
                self.store.documents.truncate(before.0);
                self.load = before.1;
                let error = format!(
                    "its documents are more than {MOST_UNFOLDED} times as long as the file, and {no_room}"
                );
                self.reject(name(path), ReasonKind::TooLarge.because(error));
                Ok(())
            }
            other => other,
        }
    }

    /// Whether the documents from `first` on are so much longer than their file that this can hardly be intended.
    fn unfolds(&self, path: &Path, first: usize) -> bool {
        let documents = self.store.documents.get(first..).unwrap_or_default();
        let bytes: u64 = documents.iter().map(|entry| entry.bytes.len() as u64).sum();
        let length = path.metadata().map_or(u64::MAX, |file| file.len());
        bytes / MOST_UNFOLDED > length
    }

    /// Fails if the input that was read so far needs more memory than is allowed, or if the run should end.
    fn check_memory(&mut self) -> Result<(), Stop> {
        if self.reading.is_stopped() {
            return Err(Stop::Asked);
        }
        self.load.add(&self.store);
        let checked = self.load.check(self.settings.allowed);
        checked.map_err(Stop::NoRoom)
    }

    /// What is known about the encoding before a file is looked at.
    fn said(&self) -> Said {
        self.settings.encoding.map_or(Said::Nothing, Said::ByUser)
    }

    /// Adds the notes about encodings and pages. Encodings are only listed if there is one other than UTF-8.
    fn tell_encodings(&mut self) {
        let notes = [self.encodings.note(), self.pages.note()];
        self.store.notes.extend(notes.into_iter().flatten());
        let all = std::mem::take(&mut self.encodings.all);
        if all.keys().any(|&name| name != "UTF-8") {
            self.store.encodings = all;
        }
    }

    /// Adds a note if the user named an id field that no row has. Rows without the default field `id` are common and get no
    /// note.
    fn tell_missing_ids(&mut self) {
        let (store, field) = (&mut self.store, &self.settings.fields.id);
        if !self.settings.names_ids {
            return;
        }
        let mut rows =
            (0..store.documents.len()).filter(|&row| store.documents[row].line.is_some());
        let by_place = |row: usize| *store.documents[row].id == *store.place(row).to_string();
        if rows.clone().next().is_some() && rows.all(by_place) {
            store.notes.push(format!(
                "--id-field: no row has the field {field:?}; FILE:LINE is used as the id"
            ));
        }
    }

    /// Rejects a row. `line` counts from 0.
    fn reject_row(&mut self, file: u32, line: usize, reason: Reason) {
        let count = self.rejected_rows.entry(file).or_default();
        *count += 1;
        if *count > MAX_LISTED {
            return;
        }
        let place = Place {
            file: self.store.files[file as usize].clone(),
            line: Some(line + 1),
        };
        self.store.rejected.push(Rejected { place, reason });
    }

    /// Counts rejected rows of a file that are not listed.
    fn count_unlisted(&mut self, file: u32, rows: usize) {
        if rows > 0 {
            *self.rejected_rows.entry(file).or_default() += rows;
        }
    }

    fn report_truncated_rejections(&mut self) {
        for (file, rows) in std::mem::take(&mut self.rejected_rows) {
            if rows > MAX_LISTED {
                let file = self.store.files[file as usize].clone();
                let error = format!(
                    "{} more rows could not be read; check the file, and --text-field",
                    rows - MAX_LISTED
                );
                self.reject(file, ReasonKind::Field.because(error));
            }
        }
    }

    fn reject(&mut self, file: String, reason: Reason) {
        let place = Place { file, line: None };
        self.store.rejected.push(Rejected { place, reason });
    }

    /// If two documents have the same id, the later one is rejected.
    fn reject_repeated_ids(&mut self) {
        let store = &mut self.store;
        let id = |position: u32| &*store.documents[position as usize].id;
        let mut by_id: Vec<u32> = (0..store.documents.len() as u32).collect();
        by_id.sort_unstable_by_key(|&position| (id(position), position));
        let same = by_id.chunk_by(|&a, &b| id(a) == id(b));
        let later = same.flat_map(|same| same[1..].iter().map(|&later| (later, same[0])));
        let mut later: Vec<(u32, u32)> = later.collect();
        later.sort_unstable();
        let mut again = vec![false; store.documents.len()];
        for (position, earlier) in later {
            let [position, earlier] = [position, earlier].map(|position| position as usize);
            again[position] = true;
            let error = format!(
                "the id {:?} is taken by {}; give each document its own id, or choose another field with --id-field",
                brief(&store.documents[position].id),
                store.place(earlier)
            );
            let place = store.place(position);
            let reason = ReasonKind::Id.because(error);
            store.rejected.push(Rejected { place, reason });
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
