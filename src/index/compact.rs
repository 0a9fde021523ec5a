//! What is left when what was removed is let go?

use std::collections::HashMap;

use crate::error::Error;
use crate::index::blocks::Blocks;
use crate::index::files::{AppendFile, FileKind};
use crate::index::ledger::{Added, Change, Row};
use crate::index::manifest::{Grown, Manifest};
use crate::index::merge::Merge;
use crate::index::{Index, record};

/// Documents that are held at once.
const BATCH: usize = 256;

/// The new files that grow.
struct Rewritten {
    ledger: AppendFile,
    texts: Blocks,
    facts: Blocks,
}

impl Index {
    /// Writes new files of all that is there; gives the manifest that names them.
    pub(super) fn compacted(&self) -> Result<Manifest, Error> {
        let mut manifest = self.manifest.clone();
        let number = manifest.take_number();
        let create = |kind| AppendFile::create(self.path(kind, number));
        let mut files = Rewritten {
            ledger: create(FileKind::Ledger)?,
            texts: Blocks::new(create(FileKind::Texts)?),
            facts: Blocks::new(create(FileKind::Facts)?),
        };
        let numbers: Vec<u32> = self.ledger.present().collect();
        let rows: Vec<&Row> = numbers
            .iter()
            .map(|&number| &self.ledger.rows[number as usize])
            .collect();
        for rows in rows.chunks(BATCH) {
            self.rewrite(rows, &mut files)?;
        }
        let grown = |file: &AppendFile| -> Result<Grown, Error> {
            file.sync()?;
            let length = file.length();
            Ok(Grown { number, length })
        };
        manifest.ledger = grown(&files.ledger)?;
        manifest.texts = grown(&files.texts.file)?;
        manifest.facts = grown(&files.facts.file)?;
        if let Some(generation) = &mut manifest.generation {
            let before = |&&number: &&u32| u64::from(number) < generation.rows;
            generation.rows = numbers.iter().filter(before).count() as u64;
        }
        self.merge_all(&rows, &mut manifest)?;
        Ok(manifest)
    }

    /// Appends some documents to the new files.
    fn rewrite(&self, rows: &[&Row], files: &mut Rewritten) -> Result<(), Error> {
        let texts = rows.iter().map(|row| self.text_of(row));
        let texts: Vec<String> = texts.collect::<Result<_, _>>()?;
        let facts = rows.iter().map(|row| {
            let block = self.facts.block(row.facts)?;
            Ok(block.item(row.facts.item).unwrap_or_default().to_vec())
        });
        let facts: Vec<Vec<u8>> = facts.collect::<Result<_, Error>>()?;
        let texts = files.texts.append(texts.iter().map(String::as_bytes))?;
        let facts = files.facts.append(facts.iter().map(Vec::as_slice))?;
        for (row, (text, facts)) in rows.iter().zip(texts.into_iter().zip(facts)) {
            let added = self.ledger.added(row)?;
            let change = Change::Added(Added {
                text,
                facts,
                ..added
            });
            record::append(&mut files.ledger, &record::payload(&change))?;
        }
        Ok(())
    }

    /// One run of the keys of the texts that are left, which are numbered as they come.
    fn merge_all(&self, rows: &[&Row], manifest: &mut Manifest) -> Result<(), Error> {
        let mut numbers: HashMap<u32, u32> = HashMap::new();
        for row in rows {
            let next = numbers.len() as u32;
            numbers.entry(row.folded).or_insert(next);
        }
        let merge = Merge {
            runs: &self.runs,
            more: Vec::new(),
            renumber: |text: u32| numbers.get(&text).copied(),
            ring: |text: u32, key| self.ledger.texts[text as usize].ring(key),
        };
        let number = manifest.take_number();
        manifest.runs = vec![merge.write(&self.folder, number)?];
        Ok(())
    }
}
