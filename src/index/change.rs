//! How does a document come into the folder, and out of it?
//!
//! What is new is appended to the files and written to the disk; then a manifest that names it takes the place of the one before. What
//! was appended without that is overwritten by the next change.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use crate::deduper::order_by_id;
use crate::document::Documents;
use crate::error::Error;
use crate::facts::Facts;
use crate::index::answer::{Answer, Asked, Outcome, original};
use crate::index::files::FileKind;
use crate::index::keys::entries;
use crate::index::ledger::{Added, Change};
use crate::index::manifest::{Manifest, RunFile};
use crate::index::merge::{Merge, staying};
use crate::index::run::{Entry, Run};
use crate::index::{Index, record};
use crate::parallel::Pool;

/// A document that is to be added, signed.
struct Signed<'d> {
    position: usize,
    text: Cow<'d, str>,
    facts: Arc<Facts>,
    outcome: Outcome,
    own: Option<u32>,
}

impl Index {
    /// Adds documents. When it returns, they are on the disk; then each is compared with the documents that were there before it, those
    /// before it in `documents` included, so that the answers do not depend on batches. A document of a known id and the same text changes
    /// nothing; one of a known id and another text is not added ([`Outcome::Conflict`]).
    ///
    /// Cost: that of [`query`](Self::query), and a few writes a call: many documents in one call are much faster than a call each.
    ///
    /// # Errors
    ///
    /// Where two documents have one id, the index was opened to be read only, or the folder can't be read or written or is damaged.
    /// Nothing was added then, unless only the answers failed: adding the same again gives them.
    pub fn add<D: Documents + ?Sized>(&mut self, documents: &D) -> Result<Vec<Answer>, Error> {
        self.check_writable()?;
        order_by_id(documents)?;
        let pool = Pool::for_work(self.deduper.threads(), documents.len(), &())?;
        let mut signed = pool.map(
            documents.len(),
            || (),
            |(), position| self.signed(documents, position),
        );
        let first = self.ledger.rows.len() as u32;
        self.keep(documents, &signed)?;
        let mut next = first;
        for document in signed.iter_mut() {
            if document.outcome == Outcome::New {
                document.own = Some(next);
                next += 1;
            }
        }
        let answers = pool.map(
            signed.len(),
            || (),
            |(), i| self.answer_added(documents.id(signed[i].position), &signed[i]),
        );
        answers.into_iter().collect()
    }

    fn signed<'d, D: Documents + ?Sized>(&self, documents: &'d D, position: usize) -> Signed<'d> {
        let text = documents.text(position);
        let (outcome, own) = self.outcome(documents.id(position), &text);
        Signed {
            position,
            facts: Arc::new(self.deduper.facts(&text)),
            text,
            outcome,
            own,
        }
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
        let before = match (signed.outcome, signed.own) {
            (Outcome::New, Some(own)) => own,
            _ => u32::MAX,
        };
        self.answer(&Asked {
            id,
            text: signed.text.as_ref().into(),
            facts: Arc::clone(&signed.facts),
            outcome: signed.outcome,
            before,
            own: signed.own,
        })
    }

    /// Writes the new ones down.
    fn keep<D: Documents + ?Sized>(
        &mut self,
        documents: &D,
        signed: &[Signed<'_>],
    ) -> Result<(), Error> {
        let new = signed.iter().filter(|one| one.outcome == Outcome::New);
        let new: Vec<&Signed<'_>> = new.collect();
        if new.is_empty() {
            return Ok(());
        }
        let (changes, manifest) = self.or_forget(|index| index.append(documents, &new))?;
        let runs = self.or_forget(|index| index.new_runs(&manifest))?;
        self.commit(manifest)?;
        let named = &self.manifest.runs;
        self.runs.retain(|run| named.contains(&run.named));
        self.runs.extend(runs);
        self.apply(changes)
    }

    /// What `append` comes to. Where it fails, the files are what the manifest names again.
    fn or_forget<R>(
        &mut self,
        append: impl FnOnce(&mut Self) -> Result<R, Error>,
    ) -> Result<R, Error> {
        append(self).inspect_err(|_| {
            self.texts.file.set_length(self.manifest.texts.length);
            self.facts.file.set_length(self.manifest.facts.length);
            self.ledger.file.set_length(self.manifest.ledger.length);
        })
    }

    /// Appends documents to the files, and says what the manifest becomes by that.
    fn append<D: Documents + ?Sized>(
        &mut self,
        documents: &D,
        new: &[&Signed<'_>],
    ) -> Result<(Vec<(u64, Change)>, Manifest), Error> {
        let texts = self
            .texts
            .append(new.iter().map(|one| one.text.as_bytes()))?;
        let facts: Vec<Vec<u8>> = new.iter().map(|one| one.facts.to_bytes()).collect();
        let facts = self.facts.append(facts.iter().map(Vec::as_slice))?;
        let mut changes = Vec::with_capacity(new.len());
        for (one, (text, facts)) in new.iter().zip(texts.into_iter().zip(facts)) {
            let change = Change::Added(Added {
                id: documents.id(one.position).to_owned(),
                metadata: documents.metadata(one.position),
                original: original(&one.text),
                folded: (one.facts.digest(), one.facts.length() as u64),
                text,
                facts,
            });
            let place = record::append(&mut self.ledger.file, &record::payload(&change))?;
            changes.push((place, change));
        }
        let manifest = self.manifest.clone();
        let mut manifest = self.grown(manifest)?;
        self.add_keys(new, &mut manifest)?;
        Ok((changes, manifest))
    }

    /// A manifest that names all that was appended, once that is on the disk.
    fn grown(&self, mut manifest: Manifest) -> Result<Manifest, Error> {
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
            entry: |_, key, text| Some(self.ledger.entry(key, text, text)),
        };
        let number = manifest.take_number();
        let merged = merge.write(&self.folder, number)?;
        manifest.runs.truncate(staying);
        manifest.runs.push(merged);
        Ok(())
    }

    /// The runs of a manifest that are not open yet. They are the smallest, which come last.
    fn new_runs(&self, manifest: &Manifest) -> Result<Vec<Run>, Error> {
        let is_open = |named: &&RunFile| self.runs.iter().any(|run| run.named == **named);
        let new = manifest.runs.iter().filter(|named| !is_open(named));
        new.map(|&named| Run::open(&self.folder, named)).collect()
    }

    fn apply(&mut self, changes: Vec<(u64, Change)>) -> Result<(), Error> {
        let mut changes = changes.into_iter();
        changes.try_for_each(|(place, change)| self.ledger.apply(place, change))
    }

    /// Removes the documents of these ids; says of each whether it was there. Their texts stay in the files until
    /// [`compact`](Self::compact), and are in no answer.
    ///
    /// # Errors
    ///
    /// As [`add`](Self::add). Nothing was removed then.
    pub fn remove<I: AsRef<str>>(&mut self, ids: &[I]) -> Result<Vec<bool>, Error> {
        self.check_writable()?;
        let mut numbers: Vec<Option<u32>> = Vec::with_capacity(ids.len());
        for id in ids {
            let number = self.ledger.number_of(id.as_ref());
            // Of an id that is given twice, the second finds nothing.
            numbers.push(number.filter(|_| !numbers.contains(&number)));
        }
        let gone: Vec<u32> = numbers.iter().copied().flatten().collect();
        if !gone.is_empty() {
            let (changes, manifest) = self.or_forget(|index| index.append_removals(&gone))?;
            self.commit(manifest)?;
            self.apply(changes)?;
        }
        Ok(numbers.iter().map(Option::is_some).collect())
    }

    fn append_removals(&mut self, gone: &[u32]) -> Result<(Vec<(u64, Change)>, Manifest), Error> {
        let mut changes = Vec::with_capacity(gone.len());
        for &number in gone {
            let change = Change::Removed(number);
            let place = record::append(&mut self.ledger.file, &record::payload(&change))?;
            changes.push((place, change));
        }
        let manifest = self.grown(self.manifest.clone())?;
        Ok((changes, manifest))
    }

    /// Writes everything anew without the documents that were removed, and as one run of keys. Cost: all is read and written once.
    ///
    /// # Errors
    ///
    /// As [`add`](Self::add). The index is as before then.
    pub fn compact(&mut self) -> Result<(), Error> {
        self.check_writable()?;
        let manifest = self.compacted()?;
        self.commit(manifest)?;
        self.reopen()
    }

    /// The file of a kind in the folder.
    pub(super) fn path(&self, kind: FileKind, number: u64) -> std::path::PathBuf {
        self.folder.join(kind.name(number))
    }
}
