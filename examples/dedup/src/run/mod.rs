//! What are the steps of a run? Each step takes the results of the steps before it and prints nothing: messages for the user
//! are part of its result.

pub mod failure;
pub mod gather;
pub mod indexing;
pub mod reference;
pub mod settings;
pub mod work;

use rayon::ThreadPool;
use reprint::report::{Progress, Report};
use reprint::strip::Cut;
use reprint::{Deduper, Documents, Signed};

use crate::result::RunResult;
use crate::result::against::Compared;
use crate::result::files::{ResultFiles, Written};
use crate::result::summary::Summary;
use crate::store::memory::held;
use crate::store::{Body, Store};
use failure::Failure;
use gather::Reading;
use reference::saved::References;
use settings::Settings;
use work::WorkFolder;
use work::resume::{self, Identity, Resumption};
use work::states::OnlyIfUnchanged;

/// Memory in bytes that comparing takes in addition to the facts about each text: for the result, and for the prepared texts
/// that each thread keeps.
const RESERVE: u64 = 32 << 20;
const RESERVE_OF_THREAD: u64 = 16 << 20;

/// What all steps need.
pub struct Run<'s> {
    settings: &'s Settings,
    pub deduper: Deduper,
    pool: ThreadPool,
}

impl<'s> Run<'s> {
    pub fn new(settings: &'s Settings, deduper: Deduper) -> Result<Self, Failure> {
        let threads = settings.threads.unwrap_or(0);
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
        let pool = pool.build().map_err(Failure::Threads)?;
        Ok(Self {
            settings,
            deduper,
            pool,
        })
    }

    /// The folder for intermediate files, if the run writes a result.
    pub fn work(&self) -> Result<Option<WorkFolder>, Failure> {
        let Some(place) = &self.settings.output else {
            return Ok(None);
        };
        let work = WorkFolder::prepare(place, self.settings.force)?;
        if !self.settings.resume {
            work.check_place()?;
        }
        Ok(Some(work))
    }

    /// Reads all documents of the inputs.
    pub fn read(&self, reading: &dyn Reading) -> Result<Store, Failure> {
        self.pool.install(|| gather::read(self.settings, reading))
    }

    /// Limits the comparison to the part of `--memory` that the documents do not use. Data that does not fit is written to
    /// the folder of the unpacked input.
    pub fn limit_memory(&mut self, store: &Store) {
        let threads = self.pool.current_num_threads() as u64;
        let other = RESERVE + RESERVE_OF_THREAD * threads;
        let room = self.settings.allowed.map(|allowed| {
            let held = held().unwrap_or(allowed.bytes / 2);
            allowed.bytes.saturating_sub(held + other) as usize
        });
        let folder = store.sources.folder();
        let deduper = self.deduper.clone();
        self.deduper = deduper.with_memory(room.unwrap_or(usize::MAX), folder);
    }

    /// Checks that there are documents, and files whose rows can be copied if an option asks for that.
    pub fn check_input(&self, store: &Store) -> Result<(), Failure> {
        if self.settings.kept_parquet && !store.has_parquet {
            return Err(Failure::NoTables);
        }
        if self.settings.kept_csv && store.separated.is_none() {
            return Err(Failure::NoSeparated);
        }
        if store.is_empty() {
            return Err(Failure::NoDocuments);
        }
        Ok(())
    }

    /// Reads all documents of the reference collections; none if there is no collection.
    pub fn read_reference(&self, reading: &dyn Reading) -> Result<Option<References>, Failure> {
        if self.settings.against.is_empty() {
            return Ok(None);
        }
        let read = || References::read(self.settings, &self.deduper, reading);
        let references = self.pool.install(read)?;
        if references.is_empty() {
            return Err(Failure::NoReference);
        }
        Ok(Some(references))
    }

    /// Compares the documents with the reference, and sets aside the documents that are dropped for it. Also returns the
    /// facts about the other documents.
    pub fn against(
        &self,
        store: &mut Store,
        reference: &References,
        progress: &dyn Progress,
    ) -> Result<(Compared, Signed), Failure> {
        let compared = reference::compare(self.settings, &self.deduper, store, reference, progress);
        reference.store.check()?;
        compared
    }

    /// Begins or continues the run, and returns the hash that identifies it. `reference` is a hash of everything that the
    /// reference changes in the result, or 0 without a reference.
    pub fn begin(
        &self,
        work: &WorkFolder,
        store: &Store,
        reference: u128,
    ) -> Result<(String, Resumption), Failure> {
        let identity = || Identity::new(self.settings, &self.deduper, store, reference);
        let identity = self.pool.install(identity);
        let resumption = resume::begin(work, &identity, self.settings.resume)?;
        Ok((identity.any_order, resumption))
    }

    /// Compares the documents with each other; `signed` are the facts about them, if they are known.
    pub fn compare(
        &self,
        store: &Store,
        documents: &dyn Documents,
        signed: Option<Signed>,
        work: Option<&WorkFolder>,
        progress: &dyn Progress,
    ) -> Result<Report, Failure> {
        let deduper = &self.deduper;
        let states = work.map(|work| OnlyIfUnchanged {
            states: &work.states,
            store,
        });
        let report = match (states, signed) {
            (Some(states), Some(signed)) => {
                deduper.run_signed_with_checkpoints(documents, signed, progress, &states)
            }
            (Some(states), None) => deduper.run_with_checkpoints(documents, progress, &states),
            (None, Some(signed)) => deduper.run_signed(documents, signed, progress),
            (None, None) => deduper.run_with_progress(documents, progress),
        };
        check(store, work)?;
        Ok(report?)
    }

    /// The passages to be cut from each kept document, if passages are to be cut.
    pub fn strip(&self, store: &Store, report: &Report) -> Result<Option<Vec<Vec<Cut>>>, Failure> {
        let Some(options) = &self.settings.strip else {
            return Ok(None);
        };
        let mut cuts = reprint::strip::strip(store, &report.kept(), options)?;
        // A text that was made from several fields is not a part of its row, so nothing can be cut from it.
        for (entry, cuts) in store.documents.iter().zip(&mut cuts) {
            if matches!(entry.body, Body::Made(_)) {
                cuts.clear();
            }
        }
        Ok(Some(cuts))
    }

    /// Writes the result and moves it to its place.
    pub fn write(
        &self,
        work: &WorkFolder,
        result: &RunResult<'_>,
        summary: &mut Summary<'_>,
    ) -> Result<Written, Failure> {
        let folder = work.result()?;
        let write = || ResultFiles::write(&folder, result, summary);
        let written = self.pool.install(write);
        check(result.store, Some(work))?;
        let written = written.map_err(|error| Failure::Output {
            place: folder.clone(),
            error,
        })?;
        work.publish()?;
        Ok(written)
    }
}

/// Checks that the input has not changed since it was read. If it has, the states are removed, because no run can continue
/// from them.
fn check(store: &Store, work: Option<&WorkFolder>) -> Result<(), Failure> {
    let checked = store.check().inspect_err(|_| {
        if let Some(work) = work {
            work.states.forget();
        }
    });
    Ok(checked?)
}
