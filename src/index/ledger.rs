//! Which documents are in the index, and which texts do they have?
//!
//! The ledger has a record for each change, one after another. The documents in the index are the result of all changes. Documents with one
//! folded text share this text: its keys are stored once, and it is found once as a candidate.

use std::collections::HashMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::document::Metadata;
use crate::error::Error;
use crate::index::blocks::Place;
use crate::index::copies::{Copies, Known};
use crate::index::files::{AppendFile, damaged};
use crate::index::record;
use crate::index::run::Entry;
use crate::signature::mix;

/// A change.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Change {
    Added(Added),
    /// The document of this row was removed.
    Removed(u32),
}

/// Changes, each with the place of its record.
pub(super) type Changes = Vec<(u64, Change)>;

/// A document that was added.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Added {
    pub(super) id: String,
    pub(super) metadata: Metadata,
    /// Digest of its text.
    pub(super) original: u128,
    /// Digest of the folded text, and its length in characters.
    pub(super) folded: (u128, u64),
    pub(super) text: Place,
    pub(super) facts: Place,
}

/// A document, by its number, with the values that are often needed. The others are read from its record.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) id: Arc<str>,
    /// The place of its record.
    pub(super) record: u64,
    pub(super) original: u128,
    /// The number of its folded text.
    pub(super) folded: u32,
    pub(super) text: Place,
    pub(super) facts: Place,
    pub(super) is_present: bool,
}

/// A folded text, by its number.
#[derive(Clone, Debug)]
pub(super) struct TextRow {
    pub(super) folded: (u128, u64),
    /// The documents in the index that have this text.
    pub(super) documents: Copies,
    /// If many documents have it: those of each original.
    originals: Option<Box<Originals>>,
}

/// The documents of each original. Few texts have it, so it is held behind a pointer: every text has room for one.
#[derive(Clone, Debug, Default)]
struct Originals(HashMap<u128, Copies>);

impl Originals {
    fn add(&mut self, document: u32, rows: &[Row]) {
        let original = rows[document as usize].original;
        self.0.entry(original).or_default().push(document, rows);
    }
}

/// Number of documents of a text that are all looked at. If more documents have it, those of each original are kept separately.
const FEW_COPIES: usize = 32;

impl Known for [Row] {
    fn is_present(&self, document: u32) -> bool {
        self[document as usize].is_present
    }

    fn is_smaller(&self, one: u32, other: u32) -> bool {
        self[one as usize].id < self[other as usize].id
    }
}

impl TextRow {
    fn new(folded: (u128, u64)) -> Self {
        Self {
            folded,
            documents: Copies::default(),
            originals: None,
        }
    }

    /// Adds a document, whose number must be higher than those of the others.
    fn push(&mut self, document: u32, rows: &[Row]) {
        self.documents.push(document, rows);
        if let Some(originals) = &mut self.originals {
            originals.add(document, rows);
        } else if self.documents.leaves() > FEW_COPIES {
            let mut originals: Box<Originals> = Box::default();
            for document in self.documents.all(rows) {
                originals.add(document, rows);
            }
            self.originals = Some(originals);
        }
    }

    /// Removes a document that is no longer present.
    fn remove(&mut self, document: u32, rows: &[Row]) {
        self.documents.remove(document, rows);
        let original = rows[document as usize].original;
        if let Some(originals) = &mut self.originals
            && let Some(same) = originals.0.get_mut(&original)
        {
            same.remove(document, rows);
            if same.first().is_none() {
                originals.0.remove(&original);
            }
        }
    }

    /// Documents with a number under `before`, those with this original first, and then by id. Of each kind, at least the `most` with the
    /// smallest ids are among them.
    pub(super) fn equals(
        &self,
        original: u128,
        before: u32,
        most: usize,
        rows: &[Row],
    ) -> Vec<u32> {
        let is_other = |document: &u32| rows[*document as usize].original != original;
        let Some(originals) = &self.originals else {
            let mut all = self.documents.smallest(before, usize::MAX, rows);
            all.sort_by_key(is_other);
            return all;
        };
        let same = originals.0.get(&original);
        let mut all = same.map_or_else(Vec::new, |same| same.smallest(before, most, rows));
        let others = self.documents.smallest(before, most, rows).into_iter();
        all.extend(others.filter(is_other));
        all
    }

    /// The place of the text in the ring of a key that many texts have. As in a batch run, it depends only on the text and the key.
    pub(super) fn ring(&self, key: u64) -> u64 {
        ring(self.folded.0, key)
    }
}

/// The place of a text in the ring of a key, by the digest of the text. The kind of the key, in its upper half, does not count.
pub(super) fn ring(digest: u128, key: u64) -> u64 {
    mix(digest as u64 ^ mix(u64::from(key as u32)))
}

/// The records, and the state that results from them.
pub(super) struct Ledger {
    pub(super) file: AppendFile,
    pub(super) rows: Vec<Row>,
    pub(super) texts: Vec<TextRow>,
    by_id: HashMap<Arc<str>, u32>,
    by_text: HashMap<(u128, u64), u32>,
}

impl Ledger {
    /// Reads all records.
    pub(super) fn read(file: AppendFile) -> Result<Self, Error> {
        let mut ledger = Self {
            rows: Vec::new(),
            texts: Vec::new(),
            by_id: HashMap::new(),
            by_text: HashMap::new(),
            file,
        };
        let mut changes = Vec::new();
        let length = ledger.file.length();
        record::for_each(&ledger.file, 0, length, |place, payload| {
            changes.push((place, record::value(&ledger.file, place, &payload)?));
            Ok(())
        })?;
        for (place, change) in changes {
            ledger.apply(place, change)?;
        }
        Ok(ledger)
    }

    /// Applies a change whose record is in the file.
    pub(super) fn apply(&mut self, place: u64, change: Change) -> Result<(), Error> {
        match change {
            Change::Added(added) => self.insert(place, added),
            Change::Removed(number) => self.remove(number),
        }
        .ok_or_else(|| {
            let problem = format!("the change at byte {place} can't follow those before it");
            damaged(&self.file.path, problem)
        })
    }

    fn insert(&mut self, place: u64, added: Added) -> Option<()> {
        let number = u32::try_from(self.rows.len()).ok()?;
        let id: Arc<str> = added.id.into();
        if self.by_id.insert(Arc::clone(&id), number).is_some() {
            return None;
        }
        let folded = self.number_text(added.folded);
        self.rows.push(Row {
            id,
            record: place,
            original: added.original,
            folded,
            text: added.text,
            facts: added.facts,
            is_present: true,
        });
        let text = self.texts.get_mut(folded as usize)?;
        text.push(number, &self.rows);
        Some(())
    }

    /// The number of a folded text. A new text gets the next number.
    fn number_text(&mut self, folded: (u128, u64)) -> u32 {
        // There are at most as many texts as documents, which are fewer than 2^32.
        let next = self.texts.len() as u32;
        let number = *self.by_text.entry(folded).or_insert(next);
        if number == next {
            self.texts.push(TextRow::new(folded));
        }
        number
    }

    fn remove(&mut self, number: u32) -> Option<()> {
        let row = self.rows.get_mut(number as usize)?;
        if !std::mem::take(&mut row.is_present) {
            return None;
        }
        self.by_id.remove(&row.id);
        let text = self.texts.get_mut(row.folded as usize)?;
        text.remove(number, &self.rows);
        Some(())
    }

    /// The number of the document with this id.
    pub(super) fn number_of(&self, id: &str) -> Option<u32> {
        self.by_id.get(id).copied()
    }

    /// The number of a folded text, if any document has ever had it.
    pub(super) fn text_of(&self, folded: (u128, u64)) -> Option<u32> {
        self.by_text.get(&folded).copied()
    }

    /// Number of documents in the index.
    pub(super) fn len(&self) -> usize {
        self.by_id.len()
    }

    /// The entry for a key of a text in this ledger, with another number for the text.
    pub(super) fn entry(&self, key: u64, text: u32, number: u32) -> Result<Entry, Error> {
        let row = self.texts.get(text as usize).ok_or_else(|| {
            let problem = format!("it has no text {text}, which has the key {key}");
            damaged(&self.file.path, problem)
        })?;
        Ok(Entry {
            key,
            ring: row.ring(key),
            text: number,
        })
    }

    /// The numbers of the documents in the index, ascending.
    pub(super) fn present(&self) -> impl Iterator<Item = u32> {
        let rows = (0..).zip(&self.rows);
        rows.filter(|(_, row)| row.is_present)
            .map(|(number, _)| number)
    }

    /// The whole record of a document.
    pub(super) fn added(&self, row: &Row) -> Result<Added, Error> {
        match record::read_value(&self.file, row.record)? {
            Change::Added(added) => Ok(added),
            Change::Removed(_) => {
                let problem = format!("no document was added at byte {}", row.record);
                Err(damaged(&self.file.path, problem))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_of_a_text_that_is_not_there_is_an_error() {
        let name = format!("reprint-ledger-{}", std::process::id());
        let path = std::env::temp_dir().join(name);
        let ledger = Ledger::read(AppendFile::create(path.clone()).unwrap()).unwrap();
        let error = ledger.entry(5, 7, 7).unwrap_err();
        assert!(error.is_corrupt() && error.to_string().contains("no text 7"));
        std::fs::remove_file(path).unwrap();
    }
}
