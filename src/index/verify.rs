//! Is every byte of an index the one that was written?

use std::path::Path;

use crate::error::Error;
use crate::facts::Facts;
use crate::index::answer::original;
use crate::index::blocks::{Blocks, Place};
use crate::index::files::{AppendFile, FileKind, damaged};
use crate::index::ledger::{Ledger, Row, TextRow};
use crate::index::manifest::{Grown, Manifest};
use crate::index::record;
use crate::index::run::Run;
use crate::report::Cluster;

/// Maximum number of faults of one file that are reported.
const MAX_FAULTS: usize = 20;

/// The result of [`verify`].
///
/// ```no_run
/// let verified = reprint::index::verify("news".as_ref())?;
/// assert!(verified.faults.is_empty(), "{:?}", verified.faults);
/// # Ok::<(), reprint::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verified {
    /// Number of documents in the index.
    pub documents: usize,
    /// Number of bytes that were read.
    pub bytes: u64,
    /// The faults: file, place and what is wrong there.
    pub faults: Vec<String>,
}

/// Reads a whole index, made with any settings. Tests every checksum, the digest of every document's text, and the order of keys. Cost:
/// everything is read once. Another process may write at the same time.
///
/// # Errors
///
/// If there is no index in the folder.
pub fn verify(folder: &Path) -> Result<Verified, Error> {
    loop {
        let manifest = match Manifest::read(folder) {
            Ok(manifest) => manifest,
            Err(error) if error.is_corrupt() => {
                return Ok(Verified {
                    faults: vec![error.to_string()],
                    ..Verified::default()
                });
            }
            Err(error) => return Err(error),
        };
        let verified = Verification::of(folder, &manifest);
        // If files were replaced in the meantime, that is no fault.
        let is_same = || Manifest::read(folder).is_ok_and(|now| now == manifest);
        if verified.faults.is_empty() || is_same() {
            return Ok(verified);
        }
    }
}

/// A verification in progress.
struct Verification<'v> {
    folder: &'v Path,
    verified: Verified,
}

impl<'v> Verification<'v> {
    fn of(folder: &'v Path, manifest: &Manifest) -> Verified {
        let mut verification = Self {
            folder,
            verified: Verified::default(),
        };
        let ledger = verification.open(FileKind::Ledger, manifest.ledger);
        let ledger = ledger.and_then(|file| verification.noted(Ledger::read(file)));
        if let Some(ledger) = &ledger {
            verification.verified.documents = ledger.len();
        }
        verification.texts(manifest, ledger.as_ref());
        verification.facts(manifest, ledger.as_ref());
        for &named in &manifest.runs {
            verification.verified.bytes += named.length;
            let run = Run::open(folder, named);
            let run = run.and_then(|run| run.check(ledger.as_ref().map(|ledger| &*ledger.texts)));
            verification.noted(run);
        }
        if let Some(generation) = manifest.generation {
            verification.generation(generation.file);
        }
        verification.verified
    }

    fn noted<T>(&mut self, read: Result<T, Error>) -> Option<T> {
        read.map_err(|error| self.verified.faults.push(error.to_string()))
            .ok()
    }

    fn open(&mut self, kind: FileKind, grown: Grown) -> Option<AppendFile> {
        self.verified.bytes += grown.length;
        let path = self.folder.join(kind.name(grown.number));
        self.noted(AppendFile::open(path, grown.length, false))
    }

    fn texts(&mut self, manifest: &Manifest, ledger: Option<&Ledger>) {
        let is_right = |_: &Ledger, row: &Row, bytes: &[u8]| {
            std::str::from_utf8(bytes).is_ok_and(|text| original(text) == row.original)
        };
        let file = (FileKind::Texts, manifest.texts);
        self.items(file, ledger, |row| row.text, is_right);
    }

    fn facts(&mut self, manifest: &Manifest, ledger: Option<&Ledger>) {
        let is_right = |ledger: &Ledger, row: &Row, bytes: &[u8]| {
            let digest = ledger.texts[row.folded as usize].folded.0;
            Facts::from_bytes(bytes).is_ok_and(|facts| facts.digest() == digest)
        };
        let file = (FileKind::Facts, manifest.facts);
        self.items(file, ledger, |row| row.facts, is_right);
    }

    /// Tests the items of a file. Each document has one, and every block has items of documents. Without a ledger, only the checksums can
    /// be tested.
    fn items(
        &mut self,
        (kind, grown): (FileKind, Grown),
        ledger: Option<&Ledger>,
        place_of: impl Fn(&Row) -> Place,
        is_right: impl Fn(&Ledger, &Row, &[u8]) -> bool,
    ) {
        let Some(file) = self.open(kind, grown) else {
            return;
        };
        let blocks = Blocks::new(file);
        let Some(ledger) = ledger else {
            self.noted(records(&blocks.file));
            return;
        };
        let before = self.verified.faults.len();
        for row in &ledger.rows {
            let place = place_of(row);
            let read = blocks.block(place).and_then(|block| {
                match is_right(ledger, row, block.item(place.item).unwrap_or_default()) {
                    true => Ok(()),
                    false => Err(blocks.not_there(place)),
                }
            });
            self.noted(read);
            if self.verified.faults.len() - before >= MAX_FAULTS {
                return;
            }
        }
    }

    fn generation(&mut self, grown: Grown) {
        let Some(file) = self.open(FileKind::Generation, grown) else {
            return;
        };
        let read = record::for_each(&file, 0, file.length(), |place, payload| {
            record::value::<Cluster>(&file, place, &payload).map(|_| ())
        });
        self.noted(read);
    }
}

/// Reads all records of a file.
fn records(file: &AppendFile) -> Result<(), Error> {
    record::for_each(file, 0, file.length(), |_, _| Ok(()))
}

impl Run {
    /// Tests that the entries are in order, that their number is right, that their texts are known, and that all keys pass the filter.
    fn check(&self, texts: Option<&[TextRow]>) -> Result<(), Error> {
        // All records of the file, including the directory at its end.
        records(&self.file)?;
        let fault = |problem: String| Err(damaged(&self.file.path, problem));
        let (mut count, mut last) = (0, (0, 0));
        self.for_each(|key, text| {
            count += 1;
            let ring = match texts {
                Some(texts) => match texts.get(text as usize) {
                    Some(text) => text.ring(key),
                    None => {
                        return fault(format!("key {key} is of text {text}, which is not there"));
                    }
                },
                None => u64::MAX,
            };
            if (key, ring) < last {
                return fault(format!("key {key} is out of order"));
            }
            last = (key, ring);
            match self.may_have(key)? {
                true => Ok(()),
                false => fault(format!("the filter lacks key {key}")),
            }
        })?;
        match count == self.named.entries {
            true => Ok(()),
            false => fault(format!("{count} entries of {}", self.named.entries)),
        }
    }
}
