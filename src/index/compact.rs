//! What remains in the files when removed documents are dropped?

use std::collections::HashMap;

use crate::error::Error;
use crate::index::blocks::Blocks;
use crate::index::files::{AppendFile, FileKind};
use crate::index::ledger::{Added, Change, Changes, Row};
use crate::index::manifest::{Grown, Manifest};
use crate::index::merge::Merge;
use crate::index::{Index, record};

/// Maximum number of documents that are held at once.
const BATCH: usize = 256;

/// Bytes of texts that are held at once, and the last text of a batch in addition.
const BATCH_BYTES: usize = 8 << 20;

/// Files to which documents are appended.
pub(super) struct Growing<'g> {
    pub(super) ledger: &'g mut AppendFile,
    pub(super) texts: &'g mut Blocks,
    pub(super) facts: &'g mut Blocks,
}

impl Growing<'_> {
    /// Appends documents of an index. Returns the changes with their places.
    pub(super) fn copy(&mut self, index: &Index, rows: &[&Row]) -> Result<Changes, Error> {
        let mut changes = Vec::with_capacity(rows.len());
        let mut rest = rows;
        while !rest.is_empty() {
            let texts = first_texts(index, rest, BATCH_BYTES)?;
            let (rows, others) = rest.split_at(texts.len());
            self.copy_batch(index, rows, &texts, &mut changes)?;
            rest = others;
        }
        Ok(changes)
    }

    fn copy_batch(
        &mut self,
        index: &Index,
        rows: &[&Row],
        texts: &[String],
        changes: &mut Changes,
    ) -> Result<(), Error> {
        let facts = rows.iter().map(|row| {
            let block = index.facts.block(row.facts)?;
            Ok(block.item(row.facts.item).unwrap_or_default().to_vec())
        });
        let facts: Vec<Vec<u8>> = facts.collect::<Result<_, Error>>()?;
        let texts = self.texts.append(texts.iter().map(String::as_bytes))?;
        let facts = self.facts.append(facts.iter().map(Vec::as_slice))?;
        for (row, (text, facts)) in rows.iter().zip(texts.into_iter().zip(facts)) {
            let added = index.ledger.added(row)?;
            let change = Change::Added(Added {
                text,
                facts,
                ..added
            });
            let place = record::append(self.ledger, &record::payload(&change))?;
            changes.push((place, change));
        }
        Ok(())
    }
}

/// The texts of the first of these documents, up to the one with which they have `most` bytes.
fn first_texts(index: &Index, rows: &[&Row], most: usize) -> Result<Vec<String>, Error> {
    let mut texts = Vec::new();
    let mut bytes = 0;
    for row in rows.iter().take(BATCH) {
        let text = index.text_of(row)?;
        bytes += text.len();
        texts.push(text);
        if bytes >= most {
            break;
        }
    }
    Ok(texts)
}

impl Index {
    /// Writes new files with all documents in the index. Returns the manifest that names them.
    pub(super) fn compacted(&self) -> Result<Manifest, Error> {
        let mut manifest = self.manifest.clone();
        let number = manifest.take_number();
        let create = |kind| AppendFile::create(self.path(kind, number));
        let mut ledger = create(FileKind::Ledger)?;
        let mut texts = Blocks::new(create(FileKind::Texts)?);
        let mut facts = Blocks::new(create(FileKind::Facts)?);
        let numbers: Vec<u32> = self.ledger.present().collect();
        let rows = numbers.iter().map(|&number| self.row(number));
        let rows: Vec<&Row> = rows.collect();
        let mut files = Growing {
            ledger: &mut ledger,
            texts: &mut texts,
            facts: &mut facts,
        };
        files.copy(self, &rows)?;
        let grown = |file: &AppendFile| -> Result<Grown, Error> {
            file.sync()?;
            let length = file.length();
            Ok(Grown { number, length })
        };
        manifest.ledger = grown(&ledger)?;
        manifest.texts = grown(&texts.file)?;
        manifest.facts = grown(&facts.file)?;
        if let Some(generation) = &mut manifest.generation {
            let before = |&&number: &&u32| u64::from(number) < generation.rows;
            generation.rows = numbers.iter().filter(before).count() as u64;
        }
        self.merge_all(&rows, &mut manifest)?;
        Ok(manifest)
    }

    /// Writes one run with the keys of the remaining texts, which get new numbers in the order of their first documents.
    fn merge_all(&self, rows: &[&Row], manifest: &mut Manifest) -> Result<(), Error> {
        let mut numbers: HashMap<u32, u32> = HashMap::new();
        for row in rows {
            let next = numbers.len() as u32;
            numbers.entry(row.folded).or_insert(next);
        }
        let merge = Merge {
            runs: self.runs.iter().collect(),
            more: Vec::new(),
            entry: |_: usize, key: u64, text: u32| match numbers.get(&text) {
                Some(&number) => self.ledger.entry(key, text, number).map(Some),
                None => Ok(None),
            },
        };
        let number = manifest.take_number();
        manifest.runs = vec![merge.write(&self.folder, number)?];
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deduper::Deduper;

    #[test]
    fn a_batch_ends_with_the_text_that_fills_it() {
        let name = format!("reprint-compact-{}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        let mut index = Index::create(&folder, Deduper::default(), "").unwrap();
        let documents = [("a", "One text."), ("b", "Another."), ("c", "A third one.")];
        index.insert(&documents).unwrap();
        let rows: Vec<&Row> = index.ledger.rows.iter().collect();
        let texts = |most| first_texts(&index, &rows, most).unwrap().len();
        assert_eq!([texts(1), texts(10), texts(1000)], [1, 2, 3]);
        drop(index);
        std::fs::remove_dir_all(folder).unwrap();
    }
}
