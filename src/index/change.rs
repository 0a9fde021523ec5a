//! How is a document added to the folder, and how is it removed?
//!
//! New data is appended to the files and written to the disk. Then a manifest that names it replaces the one before. Data that was appended
//! without a manifest is overwritten by the next change.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::deduper::{Source, order_by_id};
use crate::document::{Documents, metadata_of, text_of};
use crate::error::Error;
use crate::facts::Facts;
use crate::index::answer::{Answer, Asked, Outcome, original};
use crate::index::files::{FileKind, refused};
use crate::index::keys::entries;
use crate::index::ledger::{Added, Change, Changes};
use crate::index::manifest::{Manifest, RunFile};
use crate::index::merge::{Merge, staying};
use crate::index::run::{Entry, Run};
use crate::index::{Index, record};
use crate::parallel::Pool;

/// A signed document that may be added.
struct Signed<'d> {
    position: usize,
    text: Cow<'d, str>,
    facts: Arc<Facts>,
    outcome: Outcome,
    /// Its number, if it is in the index.
    own: Option<u32>,
    /// The number of the document that it replaces.
    old: Option<u32>,
}

/// What happens to a document if its id is in the index with another text?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum KnownIds {
    Refused,
    Replaced,
}

impl Index {
    /// Adds documents. When it returns, they are on the disk. Each document is compared with all documents that were in the index before
    /// it, including earlier ones in `documents`, so that the answers do not depend on batches. A document with a known id and the same
    /// text changes nothing. A document with a known id and another text is not added ([`Outcome::Conflict`]).
    ///
    /// Cost: that of [`query`](Self::query), and a few writes a call. One call with many documents is much faster than one call for each.
    ///
    /// # Errors
    ///
    /// If two documents have one id, if the index was opened to be read only, or if the folder can't be read or written or is damaged. Then
    /// nothing was added, unless only the answers failed: adding the same documents again returns these.
    pub fn add<D: Documents + ?Sized>(&mut self, documents: &D) -> Result<Vec<Answer>, Error> {
        self.take(documents, KnownIds::Refused)
    }

    /// Adds documents. A document whose id is in the index with another text or other metadata replaces the old one
    /// ([`Outcome::Replaced`]). All removals and additions are one change: after a crash, either all of it is in the index or nothing. A
    /// document that replaces another counts as added last, and is compared with the documents in the index without the old ones. Otherwise
    /// as [`add`](Self::add).
    ///
    /// ```
    /// use reprint::{Deduper, Index, index::Outcome};
    ///
    /// let folder = std::env::temp_dir().join(format!("reprint-replace-{}", std::process::id()));
    /// let mut index = Index::create(&folder, Deduper::default(), "")?;
    /// index.add(&[("today", "The ferry leaves at six.")])?;
    /// let answers = index.replace(&[("today", "The ferry leaves at seven.")])?;
    /// assert_eq!(answers[0].outcome, Outcome::Replaced);
    /// assert_eq!(index.text("today")?.as_deref(), Some("The ferry leaves at seven."));
    /// # drop(index);
    /// # std::fs::remove_dir_all(folder).unwrap();
    /// # Ok::<(), reprint::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`add`](Self::add).
    pub fn replace<D: Documents + ?Sized>(&mut self, documents: &D) -> Result<Vec<Answer>, Error> {
        self.take(documents, KnownIds::Replaced)
    }

    /// As [`add`](Self::add), without comparing the documents. It is for many documents, when it is not yet of interest what they repeat.
    /// Returns the outcome for each. Cost: that of signing, and a few writes a call.
    ///
    /// ```
    /// use reprint::{Deduper, Index, index::Outcome};
    ///
    /// let folder = std::env::temp_dir().join(format!("reprint-insert-{}", std::process::id()));
    /// let mut index = Index::create(&folder, Deduper::default(), "")?;
    /// assert_eq!(index.insert(&[("a", "One text."), ("b", "ONE TEXT")])?, [Outcome::New; 2]);
    /// index.settle(&())?;
    /// assert_eq!(index.clusters()?.len(), 1);
    /// # drop(index);
    /// # std::fs::remove_dir_all(folder).unwrap();
    /// # Ok::<(), reprint::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`add`](Self::add).
    pub fn insert<D: Documents + ?Sized>(&mut self, documents: &D) -> Result<Vec<Outcome>, Error> {
        let signed = self.kept(documents, KnownIds::Refused)?;
        Ok(signed.iter().map(|one| one.outcome).collect())
    }

    fn take<D: Documents + ?Sized>(
        &mut self,
        documents: &D,
        known: KnownIds,
    ) -> Result<Vec<Answer>, Error> {
        let signed = self.kept(documents, known)?;
        let pool = Pool::for_work(self.deduper.threads(), documents.len(), &())?;
        let answers = pool.map(
            signed.len(),
            || (),
            |(), i| self.answer_added(documents.id(signed[i].position), &signed[i]),
        );
        answers.into_iter().collect()
    }

    /// Signs documents and stores the new ones.
    fn kept<'d, D: Documents + ?Sized>(
        &mut self,
        documents: &'d D,
        known: KnownIds,
    ) -> Result<Vec<Signed<'d>>, Error> {
        self.check_writable()?;
        order_by_id(&Source::new(&documents))?;
        let pool = Pool::for_work(self.deduper.threads(), documents.len(), &())?;
        let signed = pool.map(
            documents.len(),
            || (),
            |(), position| self.signed(documents, position, known),
        );
        let mut signed = signed.into_iter().collect::<Result<Vec<_>, _>>()?;
        let first = self.ledger.rows.len() as u32;
        self.keep(documents, &signed)?;
        let added = signed.iter_mut().filter(|one| one.outcome.is_added());
        (first..)
            .zip(added)
            .for_each(|(number, one)| one.own = Some(number));
        Ok(signed)
    }

    fn signed<'d, D: Documents + ?Sized>(
        &self,
        documents: &'d D,
        position: usize,
        known: KnownIds,
    ) -> Result<Signed<'d>, Error> {
        let id = documents.id(position);
        let text = text_of(documents, position)?;
        let (mut outcome, own) = self.outcome(id, &text);
        let mut old = None;
        if known == KnownIds::Replaced {
            let is_other = match own {
                Some(own) => {
                    self.ledger.added(self.row(own))?.metadata != metadata_of(documents, position)?
                }
                None => outcome == Outcome::Conflict,
            };
            if is_other {
                outcome = Outcome::Replaced;
                old = self.ledger.number_of(id);
            }
        }
        Ok(Signed {
            position,
            facts: Arc::new(self.deduper.facts(&text)),
            text,
            outcome,
            own,
            old,
        })
    }

    fn answer_added(&self, id: &str, signed: &Signed<'_>) -> Result<Answer, Error> {
        if signed.outcome == Outcome::Conflict {
            return Ok(Answer {
                id: id.to_owned(),
                outcome: Outcome::Conflict,
                relations: Vec::new(),
                generation: self.generation(),
                clusters: Vec::new(),
            });
        }
        let before = signed.own.filter(|_| signed.outcome.is_added());
        self.answer(&Asked {
            id,
            text: signed.text.as_ref().into(),
            facts: Arc::clone(&signed.facts),
            outcome: signed.outcome,
            before: before.unwrap_or(u32::MAX),
            own: signed.own,
        })
    }

    /// Stores the documents that are added.
    fn keep<D: Documents + ?Sized>(
        &mut self,
        documents: &D,
        signed: &[Signed<'_>],
    ) -> Result<(), Error> {
        let new = signed.iter().filter(|one| one.outcome.is_added());
        let new: Vec<&Signed<'_>> = new.collect();
        if new.is_empty() {
            return Ok(());
        }
        self.check_room(new.len())?;
        let (changes, manifest) = self.or_forget(|index| index.append(documents, &new))?;
        self.take_effect(changes, manifest)
    }

    /// Fails if the index can't number this many more documents.
    pub(super) fn check_room(&self, more: usize) -> Result<(), Error> {
        let all = self.ledger.rows.len().saturating_add(more);
        // The highest number stands for no document.
        match u32::try_from(all) {
            Ok(_) => Ok(()),
            Err(_) => Err(refused(
                &self.folder,
                "it has had 2^32 documents, removed ones included; compact it, or begin another index",
            )),
        }
    }

    /// Lets appended changes take effect.
    pub(super) fn take_effect(
        &mut self,
        changes: Changes,
        manifest: Manifest,
    ) -> Result<(), Error> {
        let runs = self.or_forget(|index| index.new_runs(&manifest))?;
        self.commit(manifest)?;
        let named = &self.manifest.runs;
        self.runs.retain(|run| named.contains(&run.named));
        self.runs.extend(runs);
        self.apply(changes)
    }

    /// The result of `append`. If it fails, the files have again the lengths that the manifest names.
    pub(super) fn or_forget<R>(
        &mut self,
        append: impl FnOnce(&mut Self) -> Result<R, Error>,
    ) -> Result<R, Error> {
        append(self).inspect_err(|_| {
            self.texts.file.set_length(self.manifest.texts.length);
            self.facts.file.set_length(self.manifest.facts.length);
            self.ledger.file.set_length(self.manifest.ledger.length);
        })
    }

    /// Appends documents to the files. Returns the changes, and the manifest that includes them.
    fn append<D: Documents + ?Sized>(
        &mut self,
        documents: &D,
        new: &[&Signed<'_>],
    ) -> Result<(Changes, Manifest), Error> {
        let old = new.iter().filter_map(|one| one.old);
        let mut changes = self.append_removals(old)?;
        let texts = self
            .texts
            .append(new.iter().map(|one| one.text.as_bytes()))?;
        let facts: Vec<Vec<u8>> = new.iter().map(|one| one.facts.to_bytes()).collect();
        let facts = self.facts.append(facts.iter().map(Vec::as_slice))?;
        for (one, (text, facts)) in new.iter().zip(texts.into_iter().zip(facts)) {
            let change = Change::Added(Added {
                id: documents.id(one.position).to_owned(),
                metadata: metadata_of(documents, one.position)?,
                original: original(&one.text),
                folded: (one.facts.digest(), one.facts.length() as u64),
                text,
                facts,
            });
            let place = record::append(&mut self.ledger.file, &record::payload(&change))?;
            changes.push((place, change));
        }
        let mut manifest = self.grown()?;
        self.add_keys(new, &mut manifest)?;
        Ok((changes, manifest))
    }

    /// A manifest that names all appended data. The data is on the disk when this returns.
    pub(super) fn grown(&self) -> Result<Manifest, Error> {
        let mut manifest = self.manifest.clone();
        for file in [&self.texts.file, &self.facts.file, &self.ledger.file] {
            file.sync()?;
        }
        manifest.texts.length = self.texts.file.length();
        manifest.facts.length = self.facts.file.length();
        manifest.ledger.length = self.ledger.file.length();
        if let Some(generation) = &mut manifest.generation {
            generation.is_current = false;
        }
        Ok(manifest)
    }

    /// Writes the keys of texts that no document had before.
    fn add_keys(&self, new: &[&Signed<'_>], manifest: &mut Manifest) -> Result<(), Error> {
        let known = self.ledger.texts.len() as u32;
        let mut numbers: HashMap<(u128, u64), u32> = HashMap::new();
        let mut more: Vec<Entry> = Vec::new();
        for one in new {
            let folded = (one.facts.digest(), one.facts.length() as u64);
            let next = known + numbers.len() as u32;
            if self.ledger.text_of(folded).is_none() && !numbers.contains_key(&folded) {
                numbers.insert(folded, next);
                more.extend(entries(&self.deduper, &one.facts, next));
            }
        }
        if more.is_empty() {
            return Ok(());
        }
        more.sort_unstable();
        let staying = staying(&manifest.runs, more.len() as u64);
        let merge = Merge {
            runs: self.runs[staying..].iter().collect(),
            more,
            entry: |_: usize, key: u64, text: u32| self.ledger.entry(key, text, text).map(Some),
        };
        let number = manifest.take_number();
        let merged = merge.write(&self.folder, number)?;
        manifest.runs.truncate(staying);
        manifest.runs.push(merged);
        Ok(())
    }

    /// The runs of a manifest that are not open yet. They are the smallest runs, which come last.
    fn new_runs(&self, manifest: &Manifest) -> Result<Vec<Run>, Error> {
        let is_open = |named: &&RunFile| self.runs.iter().any(|run| run.named == **named);
        let new = manifest.runs.iter().filter(|named| !is_open(named));
        new.map(|&named| Run::open(&self.folder, named)).collect()
    }

    fn apply(&mut self, changes: Changes) -> Result<(), Error> {
        let mut changes = changes.into_iter();
        changes.try_for_each(|(place, change)| self.ledger.apply(place, change))
    }

    /// Removes the documents with these ids. Returns, for each id, whether it was in the index. Their texts stay in the files until
    /// [`compact`](Self::compact), but are in no answer.
    ///
    /// # Errors
    ///
    /// As [`add`](Self::add). Then nothing was removed.
    pub fn remove<I: AsRef<str>>(&mut self, ids: &[I]) -> Result<Vec<bool>, Error> {
        self.check_writable()?;
        let mut seen: HashSet<u32> = HashSet::new();
        let numbers = ids.iter().map(|id| {
            let number = self.ledger.number_of(id.as_ref());
            // If an id is given twice, the second finds nothing.
            number.filter(|&number| seen.insert(number))
        });
        let numbers: Vec<Option<u32>> = numbers.collect();
        if numbers.iter().any(Option::is_some) {
            let (changes, manifest) = self.or_forget(|index| {
                let changes = index.append_removals(numbers.iter().copied().flatten())?;
                Ok((changes, index.grown()?))
            })?;
            self.take_effect(changes, manifest)?;
        }
        Ok(numbers.iter().map(Option::is_some).collect())
    }

    fn append_removals(&mut self, gone: impl Iterator<Item = u32>) -> Result<Changes, Error> {
        let mut changes = Vec::new();
        for number in gone {
            let change = Change::Removed(number);
            let place = record::append(&mut self.ledger.file, &record::payload(&change))?;
            changes.push((place, change));
        }
        Ok(changes)
    }

    /// Writes all files again without the removed documents, with one run of keys. Cost: everything is read and written once.
    ///
    /// # Errors
    ///
    /// As [`add`](Self::add). Then the index is as before.
    pub fn compact(&mut self) -> Result<(), Error> {
        self.check_writable()?;
        let manifest = self.compacted()?;
        self.commit(manifest)?;
        // Until the new files are open, what is open are the deleted ones: a write to them would be lost.
        self.is_unsure = true;
        self.reopen()?;
        self.is_unsure = false;
        Ok(())
    }

    /// The path of a file in the folder, by its kind and number.
    pub(super) fn path(&self, kind: FileKind, number: u64) -> std::path::PathBuf {
        self.folder.join(kind.name(number))
    }
}
