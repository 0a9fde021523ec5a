//! How do the documents of one index come into another?

use std::collections::HashMap;

use crate::error::{Error, IndexFault};
use crate::index::compact::Growing;
use crate::index::ledger::{Changes, Row};
use crate::index::manifest::Manifest;
use crate::index::merge::{Merge, staying};
use crate::index::{Index, described};

/// What became of the documents of an index that was merged into another.
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
    /// Documents that were added.
    pub added: usize,
    /// Documents that were there, of the same id and text.
    pub known: usize,
    /// Ids that were there with another text: their documents were not taken over. In the order of the other index.
    pub conflicts: Vec<String>,
}

impl Index {
    /// Adds all documents of another index, with their facts: nothing is signed again. They come in the order in which that index has
    /// them, as one change: after a crash, either none or all of them are there. A document of a known id stays as it is here.
    ///
    /// Cost: all of the other index is read and written once, and keys of this one as in [`add`](Self::add).
    ///
    /// # Errors
    ///
    /// Where the other index was made under other settings, and as [`add`](Self::add). Nothing was added then.
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

    /// Appends documents of another index to the files, and says what the manifest becomes by that.
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

    /// Writes the keys of texts that are new here. The runs of both are in one order, as it depends on nothing but keys and texts.
    fn add_keys_of(
        &self,
        other: &Self,
        rows: &[&Row],
        manifest: &mut Manifest,
    ) -> Result<(), Error> {
        let known = self.ledger.texts.len() as u32;
        // The numbers here of texts by their numbers there.
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
            entry: |run, key, text| match run < own.len() {
                true => Some(self.ledger.entry(key, text, text)),
                false => Some(other.ledger.entry(key, text, *numbers.get(&text)?)),
            },
        };
        let number = manifest.take_number();
        let merged = merge.write(&self.folder, number)?;
        manifest.runs.truncate(staying);
        manifest.runs.push(merged);
        Ok(())
    }
}
