//! How are the documents of one index added to another?

use std::collections::HashMap;

use crate::error::{Error, IndexFault};
use crate::index::compact::Growing;
use crate::index::ledger::{Changes, Row};
use crate::index::manifest::Manifest;
use crate::index::merge::{Merge, staying};
use crate::index::{Index, described};

/// What happened to the documents of an index that was merged into another.
///
/// ```
/// use reprint::{Deduper, Index};
///
/// let folder = std::env::temp_dir().join(format!("reprint-merge-{}", std::process::id()));
/// let mut one = Index::create(&folder.join("one"), Deduper::default(), "")?;
/// let mut other = Index::create(&folder.join("other"), Deduper::default(), "")?;
/// one.add(&[("a", "One text."), ("b", "Two texts.")])?;
/// other.add(&[("a", "One text."), ("b", "Another text."), ("c", "ONE TEXT")])?;
/// let merged = one.merge(&other)?;
/// assert_eq!((merged.added, merged.known, merged.conflicts), (1, 1, vec!["b".to_owned()]));
/// # drop((one, other));
/// # std::fs::remove_dir_all(folder).unwrap();
/// # Ok::<(), reprint::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Merged {
    /// Number of documents that were added.
    pub added: usize,
    /// Number of documents that were in the index already, with the same id and text.
    pub known: usize,
    /// Ids that were in the index with another text, in the order of the other index. Their documents were not added.
    pub conflicts: Vec<String>,
}

impl Index {
    /// Adds all documents of another index, with their facts, so that nothing is signed again. They are added in the order of the other
    /// index, as one change: after a crash, either all of them are in the index or none. If an id is in both indexes, the document of this
    /// index stays.
    ///
    /// Cost: the whole other index is read and written once, and keys of this index as in [`add`](Self::add).
    ///
    /// # Errors
    ///
    /// If the other index was made with other settings, and as [`add`](Self::add). Then nothing was added.
    pub fn merge(&mut self, other: &Self) -> Result<Merged, Error> {
        self.check_writable()?;
        self.check_alike(other)?;
        let mut merged = Merged::default();
        let mut rows: Vec<&Row> = Vec::new();
        for row in other.ledger.present().map(|number| other.row(number)) {
            match self.ledger.number_of(&row.id) {
                None => rows.push(row),
                Some(own) if self.row(own).original == row.original => merged.known += 1,
                Some(_) => merged.conflicts.push(row.id.to_string()),
            }
        }
        merged.added = rows.len();
        if !rows.is_empty() {
            self.check_room(rows.len())?;
            let (changes, manifest) = self.or_forget(|index| index.append_of(other, &rows))?;
            self.take_effect(changes, manifest)?;
        }
        Ok(merged)
    }

    fn check_alike(&self, other: &Self) -> Result<(), Error> {
        let place = |index: &Self| {
            let folder = index.folder.display().to_string();
            (folder, described(&index.manifest.stamp))
        };
        match self.manifest.stamp == other.manifest.stamp {
            true => Ok(()),
            false => Err(Error::index(IndexFault::Unlike {
                into: place(self),
                from: place(other),
            })),
        }
    }

    /// Appends documents of another index to the files. Returns the changes, and the manifest that includes them.
    fn append_of(&mut self, other: &Self, rows: &[&Row]) -> Result<(Changes, Manifest), Error> {
        let mut files = Growing {
            ledger: &mut self.ledger.file,
            texts: &mut self.texts,
            facts: &mut self.facts,
        };
        let changes = files.copy(other, rows)?;
        let mut manifest = self.grown()?;
        self.add_keys_of(other, rows, &mut manifest)?;
        Ok((changes, manifest))
    }

    /// Writes the keys of texts that are new in this index. The runs of both indexes have the same order, because it depends only on keys
    /// and texts.
    fn add_keys_of(
        &self,
        other: &Self,
        rows: &[&Row],
        manifest: &mut Manifest,
    ) -> Result<(), Error> {
        let known = self.ledger.texts.len() as u32;
        // The number of each new text in this index, by its number in the other index.
        let mut numbers: HashMap<u32, u32> = HashMap::new();
        for row in rows {
            let folded = other.ledger.texts[row.folded as usize].folded;
            if self.ledger.text_of(folded).is_none() {
                let next = known + numbers.len() as u32;
                numbers.entry(row.folded).or_insert(next);
            }
        }
        if numbers.is_empty() {
            return Ok(());
        }
        let added = other.manifest.runs.iter().map(|run| run.entries).sum();
        let staying = staying(&manifest.runs, added);
        let own = &self.runs[staying..];
        let merge = Merge {
            runs: own.iter().chain(&other.runs).collect(),
            more: Vec::new(),
            entry: |run: usize, key: u64, text: u32| {
                if run < own.len() {
                    return self.ledger.entry(key, text, text).map(Some);
                }
                match numbers.get(&text) {
                    Some(&number) => other.ledger.entry(key, text, number).map(Some),
                    None => Ok(None),
                }
            },
        };
        let number = manifest.take_number();
        let merged = merge.write(&self.folder, number)?;
        manifest.runs.truncate(staying);
        manifest.runs.push(merged);
        Ok(())
    }
}
