//! How is a reference saved, so that later runs need neither read nor sign it? As one file with the texts, the facts about
//! them, and a hash of everything.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fs;
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use reprint::{Deduper, Documents, Facts, Metadata};
use serde::{Deserialize, Serialize};

use super::settings;
use crate::run::failure::Failure;
use crate::run::gather::{self, Reading};
use crate::run::settings::Settings;
use crate::run::work::records::{Records, value, values};
use crate::store::{Store, text_or_nothing};

/// The name of the file in the folder of a saved reference.
const FILE: &str = "reference.facts";

/// The first value of the file. It names the file's format and version.
const FORM: &str = "reprint reference 2";

/// A document and the facts about it.
#[derive(Serialize, Deserialize)]
pub struct SignedDocument {
    id: String,
    text: String,
    #[serde(with = "as_bytes")]
    facts: Facts,
}

/// Facts have a separate binary format.
mod as_bytes {
    use reprint::Facts;
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub fn serialize<S: Serializer>(facts: &Facts, to: S) -> Result<S::Ok, S::Error> {
        facts.to_bytes().serialize(to)
    }

    pub fn deserialize<'d, D: Deserializer<'d>>(from: D) -> Result<Facts, D::Error> {
        let bytes = <&[u8]>::deserialize(from)?;
        Facts::from_bytes(bytes).map_err(D::Error::custom)
    }
}

/// All reference documents: first the saved ones, then those that were read in this run.
pub struct References {
    saved: Vec<SignedDocument>,
    pub store: Store,
}

impl References {
    /// Reads all reference documents, and saves them if the settings say so.
    pub fn read(
        settings: &Settings,
        deduper: &Deduper,
        reading: &dyn Reading,
    ) -> Result<Self, Failure> {
        let is_saved = |path: &&PathBuf| path.join(FILE).is_file();
        let (saved, files): (Vec<&PathBuf>, Vec<&PathBuf>) =
            settings.against.iter().partition(is_saved);
        let files: Vec<PathBuf> = files.into_iter().cloned().collect();
        let store = match files.is_empty() {
            true => Store::default(),
            false => gather::read(&self::settings(settings, &files), reading)?,
        };
        let mut references = Self {
            saved: Vec::new(),
            store,
        };
        for folder in saved {
            references.saved.extend(load(folder, deduper)?);
        }
        if let Some(folder) = &settings.save_reference {
            references.sign(deduper);
            references
                .save(folder, deduper)
                .map_err(|error| Failure::Output {
                    place: folder.clone(),
                    error,
                })?;
        }
        Ok(references)
    }

    /// The files of the reference that are on this machine, by their real paths. The id of a saved document that was a file is its path.
    pub fn files(&self) -> HashSet<PathBuf> {
        let saved = self.saved.iter().map(|document| &document.id);
        let names = self.store.files.iter().chain(saved);
        names
            .filter_map(|name| fs::canonicalize(name).ok())
            .collect()
    }

    /// Signs the documents that were read in this run.
    fn sign(&mut self, deduper: &Deduper) {
        let store = &self.store;
        let signed = (0..store.len()).into_par_iter().map(|position| {
            let text = text_or_nothing(store, position).into_owned();
            SignedDocument {
                id: store.id(position).to_owned(),
                facts: deduper.facts(&text),
                text,
            }
        });
        let signed: Vec<SignedDocument> = signed.collect();
        self.saved.extend(signed);
        self.store.documents.clear();
    }

    /// Writes a temporary file first and renames it, so that a file with the final name is complete.
    fn save(&self, folder: &Path, deduper: &Deduper) -> io::Result<()> {
        fs::create_dir_all(folder)?;
        let unfinished = tempfile::NamedTempFile::new_in(folder)?;
        let mut out = Records::new(BufWriter::with_capacity(1 << 18, unfinished.as_file()));
        out.put(FORM)?;
        out.put(&deduper.settings().scheme.to_string())?;
        out.put(&self.saved.len())?;
        self.saved
            .iter()
            .try_for_each(|document| out.put(document))?;
        out.end()?;
        unfinished.as_file().sync_all()?;
        unfinished
            .persist(folder.join(FILE))
            .map_err(|error| error.error)?;
        Ok(())
    }
}

/// The documents of a saved reference.
fn load(folder: &Path, deduper: &Deduper) -> Result<Vec<SignedDocument>, Failure> {
    let fail = |why: String| Failure::Reference {
        folder: folder.to_owned(),
        why,
    };
    let file = fs::read(folder.join(FILE)).map_err(|error| fail(error.to_string()))?;
    let damaged = || fail("the saved reference is damaged or not whole".to_owned());
    let values = values(&file).ok_or_else(damaged)?;
    let ([form, scheme, count], documents) = values.split_first_chunk().ok_or_else(damaged)?;
    let form: String = value(form).ok_or_else(damaged)?;
    if form != FORM {
        return Err(fail(format!(
            "the saved reference is of the form {form:?}, not {FORM:?}"
        )));
    }
    let scheme: String = value(scheme).ok_or_else(damaged)?;
    let own = deduper.settings().scheme.to_string();
    if scheme != own {
        return Err(fail(format!(
            "the saved reference was made under {scheme}, this run is under {own}"
        )));
    }
    let count: usize = value(count).ok_or_else(damaged)?;
    if count != documents.len() {
        return Err(damaged());
    }
    let documents = documents.into_par_iter().map(|bytes| value(bytes));
    documents.collect::<Option<_>>().ok_or_else(damaged)
}

impl Documents for References {
    fn len(&self) -> usize {
        self.saved.len() + self.store.len()
    }

    fn id(&self, position: usize) -> &str {
        match self.saved.get(position) {
            Some(document) => &document.id,
            None => self.store.id(position - self.saved.len()),
        }
    }

    fn text(&self, position: usize) -> io::Result<Cow<'_, str>> {
        match self.saved.get(position) {
            Some(document) => Ok(document.text.as_str().into()),
            None => self.store.text(position - self.saved.len()),
        }
    }

    fn metadata(&self, position: usize) -> io::Result<Metadata> {
        match position.checked_sub(self.saved.len()) {
            Some(read) => self.store.metadata(read),
            None => Ok(Metadata::default()),
        }
    }

    fn facts(&self, position: usize) -> Option<&Facts> {
        self.saved.get(position).map(|document| &document.facts)
    }
}
