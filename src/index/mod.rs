//! Documents that arrive every day: which earlier documents do they repeat?
//!
//! An [`Index`] is a folder. [`Index::add`] stores documents with their facts, and returns at once how each is related to the documents in
//! the index. [`Index::settle`] makes the next *generation* of clusters. These are the clusters of one run of the [`Deduper`] over all
//! documents in the index, whatever was added and removed before, and in which batches. Between two generations, an answer depends only on
//! the documents in the index and on the last generation: documents that it has in one cluster are one work where works are evidence.
//!
//! | file | holds |
//! |---|---|
//! | `manifest` | which files, and how much of each, are the index; replaced in one step |
//! | `ledger-N` | a record for each document that was added or removed |
//! | `texts-N`, `facts-N` | the texts and their facts, in packed blocks |
//! | `keys-N` | which texts have a key, in order, with a filter |
//! | `generation-N` | the clusters of the last generation |
//! | `lock` | which process writes |
//!
//! Every record has a checksum, which is tested whenever the record is read, so no answer is made from damaged bytes. When a call returns,
//! its changes have been written to the disk. One process writes; at the same time, others can read the last manifest.

mod answer;
mod blocks;
mod cache;
mod candidates;
mod change;
mod compact;
mod copies;
mod explain;
mod files;
mod filter;
mod generation;
mod keys;
mod ledger;
mod lock;
mod manifest;
mod merge;
mod record;
mod run;
mod union;
mod verify;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use crate::deduper::{Deduper, Source, order_by_id};
use crate::document::{Documents, text_of};
use crate::error::{Error, IndexFault};
use crate::facts::Facts;
use crate::parallel::Pool;
pub use answer::{Answer, IndexedRelation, Outcome};
use answer::{Asked, original};
use blocks::Blocks;
use cache::Cache;
use files::{AppendFile, FileKind, damaged, refused, storage, sync_folder};
use generation::Membership;
use ledger::{Ledger, Row};
use lock::Lock;
use manifest::{Grown, MANIFEST, Manifest, Stamp};
use run::Run;
pub use union::Merged;
pub use verify::{Verified, verify};

/// Maximum bytes of facts that are held for answers.
const FACTS_BYTES: usize = 32 << 20;

/// A folder of documents that are deduplicated as they arrive.
///
/// ```
/// use reprint::{Deduper, Index};
///
/// let folder = std::env::temp_dir().join(format!("reprint-doc-{}", std::process::id()));
/// let mut index = Index::create(&folder, Deduper::default(), "")?;
/// index.add(&[("monday", "The ferry to Holm stops on the first of November, the port office said.")])?;
/// let answers = index.add(&[("friday", "The ferry to Holm stops on the first of November; the port office said")])?;
/// assert_eq!(answers[0].relations[0].id, "monday");
/// assert_eq!(answers[0].relations[0].comparison.relation.as_str(), "same-text");
/// index.settle(&())?;
/// assert_eq!(index.clusters()?[0].canonical.id, "monday");
/// # drop(index);
/// # std::fs::remove_dir_all(folder).unwrap();
/// # Ok::<(), reprint::Error>(())
/// ```
pub struct Index {
    folder: PathBuf,
    deduper: Deduper,
    manifest: Manifest,
    ledger: Ledger,
    texts: Blocks,
    facts: Blocks,
    runs: Vec<Run>,
    /// The clusters of the last generation. It is held open, so that a reader keeps its generation when another process makes the next.
    generation: Option<AppendFile>,
    /// Facts by the number of their document.
    recent: Cache<u32, Facts>,
    membership: OnceLock<Membership>,
    /// The right to write. `None` for a reader.
    lock: Option<Lock>,
    /// Has a write failed, so that the files may differ from the manifest in memory?
    is_unsure: bool,
}

impl Index {
    /// Makes an index in a new or empty folder. `note` is stored in it, for programs that want to remember their options
    /// ([`note`](Self::note)).
    ///
    /// # Errors
    ///
    /// If the folder is not empty or can't be written, or if the deduper finds candidates by SimHash.
    pub fn create(folder: &Path, deduper: Deduper, note: &str) -> Result<Self, Error> {
        if !deduper.samples() {
            let limit = "an index needs MinHash signatures";
            return Err(Error::setting("simhash", "on", limit));
        }
        make_folder(folder)?;
        // Before the lock, so that a folder that is refused gets no file; and again after it, because another process may have been first.
        check_empty(folder)?;
        let lock = Lock::take(folder)?;
        check_empty(folder)?;
        let manifest = begun(folder, stamp(&deduper), note)?;
        Self::with_manifest(folder, deduper, manifest, Some(lock))
    }

    /// Opens an index to write to it. Removes what an interrupted process left in the folder.
    ///
    /// # Errors
    ///
    /// If there is no index, if another process writes to it, if it was made with other settings than those of the deduper, or if it is
    /// damaged.
    pub fn open(folder: &Path, deduper: Deduper) -> Result<Self, Error> {
        // A folder without an index gets no lock file.
        Manifest::read(folder)?;
        let lock = Lock::take(folder)?;
        // Read again: only now does no other process replace it.
        let manifest = Manifest::read(folder)?;
        let index = Self::with_manifest(folder, deduper, manifest, Some(lock))?;
        index.clean()?;
        Ok(index)
    }

    /// Opens the last written state, to read it. A process that writes at the same time does not disturb it.
    ///
    /// # Errors
    ///
    /// As [`open`](Self::open), except that another process may write to the index.
    pub fn open_read_only(folder: &Path, deduper: Deduper) -> Result<Self, Error> {
        let mut manifest = Manifest::read(folder)?;
        loop {
            match Self::with_manifest(folder, deduper.clone(), manifest.clone(), None) {
                // The files may have been replaced after the manifest was read.
                Err(error) => {
                    let now = Manifest::read(folder)?;
                    if now == manifest {
                        return Err(error);
                    }
                    manifest = now;
                }
                opened => return opened,
            }
        }
    }

    /// The note of the index in a folder.
    ///
    /// # Errors
    ///
    /// If there is no index, or if its manifest is damaged.
    pub fn note(folder: &Path) -> Result<String, Error> {
        Ok(Manifest::read(folder)?.note)
    }

    /// Is there an index in a folder?
    pub fn exists(folder: &Path) -> bool {
        folder.join(MANIFEST).is_file()
    }

    /// Number of documents in the index.
    pub fn len(&self) -> usize {
        self.ledger.len()
    }

    /// Is the index without documents?
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Is a document with this id in the index?
    pub fn contains(&self, id: &str) -> bool {
        self.ledger.number_of(id).is_some()
    }

    /// The ids of the documents in the index, in the order in which they were added.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        let present = self.ledger.present();
        present.map(|number| &*self.ledger.rows[number as usize].id)
    }

    /// The text of the document with this id. `None` if no document has the id.
    ///
    /// # Errors
    ///
    /// If the text can't be read or is damaged.
    pub fn text(&self, id: &str) -> Result<Option<String>, Error> {
        let number = self.ledger.number_of(id);
        let text = number.map(|number| self.text_of(self.row(number)));
        text.transpose()
    }

    /// Returns how each of these documents is related to the documents in the index. None of them is added. Cost: each document is signed
    /// and compared with a few others. The number of documents in the index has hardly any influence.
    ///
    /// # Errors
    ///
    /// If two documents have one id, or if something that is needed can't be read or is damaged.
    pub fn query<D: Documents + ?Sized>(&self, documents: &D) -> Result<Vec<Answer>, Error> {
        order_by_id(&Source::new(&documents))?;
        let pool = Pool::for_work(self.deduper.threads(), documents.len(), &())?;
        let answers = pool.map(
            documents.len(),
            || (),
            |(), position| {
                let text = text_of(documents, position)?;
                let (outcome, own) = self.outcome(documents.id(position), &text);
                self.answer(&Asked {
                    id: documents.id(position),
                    facts: Arc::new(self.deduper.facts(&text)),
                    text,
                    outcome,
                    before: u32::MAX,
                    own,
                })
            },
        );
        answers.into_iter().collect()
    }

    /// The outcome for a document, and its number if it is in the index.
    fn outcome(&self, id: &str, text: &str) -> (Outcome, Option<u32>) {
        let Some(number) = self.ledger.number_of(id) else {
            return (Outcome::New, None);
        };
        match self.row(number).original == original(text) {
            true => (Outcome::Known, Some(number)),
            false => (Outcome::Conflict, None),
        }
    }

    fn with_manifest(
        folder: &Path,
        deduper: Deduper,
        manifest: Manifest,
        lock: Option<Lock>,
    ) -> Result<Self, Error> {
        let given = stamp(&deduper);
        if given != manifest.stamp {
            return Err(Error::index(IndexFault::Settings {
                made: described(&manifest.stamp),
                given: described(&given),
            }));
        }
        let opened = Opened::new(folder, &manifest, lock.is_some())?;
        Ok(Self {
            folder: folder.to_owned(),
            deduper,
            ledger: Ledger::read(opened.ledger)?,
            texts: Blocks::new(opened.texts),
            facts: Blocks::new(opened.facts),
            runs: opened.runs,
            generation: opened.generation,
            manifest,
            recent: Cache::new(FACTS_BYTES),
            membership: OnceLock::new(),
            lock,
            is_unsure: false,
        })
    }

    /// Opens the files of the manifest again.
    fn reopen(&mut self) -> Result<(), Error> {
        let opened = Opened::new(&self.folder, &self.manifest, true)?;
        self.ledger = Ledger::read(opened.ledger)?;
        self.texts = Blocks::new(opened.texts);
        self.facts = Blocks::new(opened.facts);
        self.runs = opened.runs;
        self.generation = opened.generation;
        self.recent.clear();
        Ok(())
    }

    fn check_writable(&self) -> Result<(), Error> {
        let why = match (&self.lock, self.is_unsure) {
            (Some(_), false) => return Ok(()),
            (Some(_), true) => "an earlier write failed; open it again",
            (None, _) => "it was opened to be read only; open it to write",
        };
        Err(refused(&self.folder, why))
    }

    /// Lets a manifest take effect. All files that it names must be on the disk.
    fn commit(&mut self, manifest: Manifest) -> Result<(), Error> {
        let written = sync_folder(&self.folder).and_then(|()| manifest.write(&self.folder));
        // After a failure, it is not known which of the two manifests is on the disk.
        self.is_unsure = written.is_err();
        written?;
        self.manifest = manifest;
        // A file that could not be removed is removed next time.
        let _ = self.clean();
        Ok(())
    }

    /// Removes files that the manifest does not name.
    fn clean(&self) -> Result<(), Error> {
        let manifest = &self.manifest;
        let entries = fs::read_dir(&self.folder).map_err(|error| storage(&self.folder, error))?;
        let named = named_files(manifest);
        for entry in entries {
            let entry = entry.map_err(|error| storage(&self.folder, error))?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let is_ours = FileKind::ALL.iter().any(|kind| kind.is_name(&name));
            if is_ours && !named.contains(&name) {
                // A file that can't be removed only takes room. Nothing else depends on it.
                let _ = fs::remove_file(entry.path());
            }
        }
        Ok(())
    }

    /// The text of a document.
    fn text_of(&self, row: &Row) -> Result<String, Error> {
        let block = self.texts.block(row.text)?;
        let bytes = block.item(row.text.item).unwrap_or_default();
        let text = std::str::from_utf8(bytes).map_err(|_| self.texts.not_there(row.text))?;
        Ok(text.to_owned())
    }

    fn row(&self, document: u32) -> &Row {
        &self.ledger.rows[document as usize]
    }

    /// The facts of a document.
    fn facts_of(&self, document: u32) -> Result<Arc<Facts>, Error> {
        self.recent.get(document, || {
            let facts = self.read_facts(self.row(document))?;
            let size = facts.bytes();
            Ok((facts, size))
        })
    }

    fn read_facts(&self, row: &Row) -> Result<Facts, Error> {
        let block = self.facts.block(row.facts)?;
        let bytes = block.item(row.facts.item).unwrap_or_default();
        Facts::from_bytes(bytes).map_err(|_| {
            let problem = format!("the facts of document {:?} can't be read", row.id);
            damaged(&self.facts.file.path, problem)
        })
    }
}

/// The files of a manifest.
struct Opened {
    ledger: AppendFile,
    texts: AppendFile,
    facts: AppendFile,
    runs: Vec<Run>,
    generation: Option<AppendFile>,
}

impl Opened {
    fn new(folder: &Path, manifest: &Manifest, writable: bool) -> Result<Self, Error> {
        let open = |kind: FileKind, grown: Grown| {
            let path = folder.join(kind.name(grown.number));
            let file = AppendFile::open(path, grown.length, writable)?;
            if writable {
                file.cut_off()?;
            }
            Ok(file)
        };
        let runs = manifest.runs.iter();
        Ok(Self {
            ledger: open(FileKind::Ledger, manifest.ledger)?,
            texts: open(FileKind::Texts, manifest.texts)?,
            facts: open(FileKind::Facts, manifest.facts)?,
            runs: runs
                .map(|&named| Run::open(folder, named))
                .collect::<Result<_, _>>()?,
            generation: (manifest.generation)
                .map(|generation| open(FileKind::Generation, generation.file))
                .transpose()?,
        })
    }
}

/// The names of all files that a manifest names.
fn named_files(manifest: &Manifest) -> Vec<String> {
    let grown = [
        (FileKind::Ledger, manifest.ledger.number),
        (FileKind::Texts, manifest.texts.number),
        (FileKind::Facts, manifest.facts.number),
    ];
    let runs = manifest.runs.iter().map(|run| (FileKind::Keys, run.number));
    let generation = manifest.generation.iter();
    let generation = generation.map(|generation| (FileKind::Generation, generation.file.number));
    let all = grown.into_iter().chain(runs).chain(generation);
    all.map(|(kind, number)| kind.name(number)).collect()
}

fn stamp(deduper: &Deduper) -> Stamp {
    Stamp {
        scheme: deduper.settings().scheme,
        settings: deduper.stamp(),
    }
}

fn described(stamp: &Stamp) -> String {
    format!("{}: {}", stamp.scheme, stamp.settings)
}

/// Makes a folder, and those above it that are missing. Their names are on the disk when this returns.
fn make_folder(folder: &Path) -> Result<(), Error> {
    let missing = |folder: &&Path| !folder.as_os_str().is_empty() && !folder.exists();
    let new: Vec<&Path> = folder.ancestors().take_while(missing).collect();
    fs::create_dir_all(folder).map_err(|error| storage(folder, error))?;
    for made in new {
        let above = made.parent().filter(|above| !above.as_os_str().is_empty());
        // A folder that can't be opened to be read can still get a folder. Then nothing more can be done.
        let _ = sync_folder(above.unwrap_or(Path::new(".")));
    }
    Ok(())
}

/// The manifest of an empty index, and its empty files.
fn begun(folder: &Path, stamp: Stamp, note: &str) -> Result<Manifest, Error> {
    let empty = Grown {
        number: 0,
        length: 0,
    };
    let manifest = Manifest {
        stamp,
        note: note.to_owned(),
        next_file: 1,
        ledger: empty,
        texts: empty,
        facts: empty,
        runs: Vec::new(),
        generations: 0,
        generation: None,
    };
    for kind in [FileKind::Ledger, FileKind::Texts, FileKind::Facts] {
        AppendFile::create(folder.join(kind.name(0)))?.sync()?;
    }
    // The names of the files must be on the disk before that of the manifest.
    sync_folder(folder)?;
    manifest.write(folder)?;
    Ok(manifest)
}

/// Fails if a folder has anything except what an interrupted `create` left.
fn check_empty(folder: &Path) -> Result<(), Error> {
    let entries = fs::read_dir(folder).map_err(|error| storage(folder, error))?;
    for entry in entries {
        let name = entry.map_err(|error| storage(folder, error))?.file_name();
        let name = name.to_string_lossy();
        let left = [lock::LOCK, "manifest.new"].contains(&&*name)
            || [FileKind::Ledger, FileKind::Texts, FileKind::Facts]
                .iter()
                .any(|kind| kind.name(0) == name);
        if !left {
            let problem = match name == MANIFEST {
                true => "it holds an index already; open it".to_owned(),
                false => format!("{name} is in it; choose a new or empty folder"),
            };
            return Err(refused(folder, problem));
        }
    }
    Ok(())
}
