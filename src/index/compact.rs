//! What remains in the files when removed documents are dropped?

use std::collections::HashMap;

use crate::error::Error;
use crate::index::blocks::Blocks;
use crate::index::files::{AppendFile, FileKind};
use crate::index::ledger::{Added, Change, Changes, Row};
use crate::index::manifest::{Grown, Manifest};
use crate::index::merge::Merge;
use crate::index::{Index, record};

/// Number of documents that are held at once.
const BATCH: usize = 256;

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
        for rows in rows.chunks(BATCH) {
            self.copy_batch(index, rows, &mut changes)?;
        }
        Ok(changes)
    }

    fn copy_batch(
        &mut self,
        index: &Index,
        rows: &[&Row],
        changes: &mut Changes,
    ) -> Result<(), Error> {
        let texts = rows.iter().map(|row| index.text_of(row));
        let texts: Vec<String> = texts.collect::<Result<_, _>>()?;
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
            entry: |_, key, text: u32| {
                let number = numbers.get(&text)?;
                Some(self.ledger.entry(key, text, *number))
            },
        };
        let number = manifest.take_number();
        manifest.runs = vec![merge.write(&self.folder, number)?];
        Ok(())
    }
}
