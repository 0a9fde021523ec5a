//! How is work spread over threads, and how is it stopped? The only file that names rayon.
//!
//! Every function returns what a loop would return, in the same order, whatever the number of threads.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use rayon::prelude::*;

use crate::error::Error;
use crate::report::Progress;

/// Results that are held at once, where they are handed on or kept elsewhere.
pub(crate) const BATCH: usize = 64;

/// A pool of worker threads of its own, so that the caller's pools and settings stay untouched.
pub(crate) struct Pool<'p> {
    /// None where the caller's thread does the work: a few documents take less time than waking a thread.
    threads: Option<rayon::ThreadPool>,
    progress: &'p dyn Progress,
}

/// What unwinds the workers of a run that is stopped. No hook for panics sees it.
struct Stopped;

impl<'p> Pool<'p> {
    /// `threads` workers, or one for each core; `progress` can stop them.
    pub(crate) fn new(threads: Option<usize>, progress: &'p dyn Progress) -> Result<Self, Error> {
        let builder = rayon::ThreadPoolBuilder::new().num_threads(threads.unwrap_or(0));
        let threads = Some(builder.build().map_err(Error::threads)?);
        Ok(Self { threads, progress })
    }

    /// As [`new`](Self::new), or the caller's thread alone where there is so little to do.
    #[cfg(feature = "index")]
    pub(crate) fn for_work(
        threads: Option<usize>,
        count: usize,
        progress: &'p dyn Progress,
    ) -> Result<Self, Error> {
        match count {
            0..=1 => Ok(Self::of_caller(progress)),
            _ => Self::new(threads, progress),
        }
    }

    /// The caller's thread alone.
    pub(crate) fn of_caller(progress: &'p dyn Progress) -> Self {
        let threads = None;
        Self { threads, progress }
    }

    /// `work(state, i)` for every `i` under `count`, in order; each worker makes its `state` once in a while and keeps it.
    pub(crate) fn map<S, R: Send>(
        &self,
        count: usize,
        state: impl Fn() -> S + Sync + Send,
        work: impl Fn(&mut S, usize) -> R + Sync + Send,
    ) -> Vec<R> {
        let work = |state: &mut S, i| {
            self.check();
            work(state, i)
        };
        let Some(threads) = &self.threads else {
            let mut state = state();
            return (0..count).map(|i| work(&mut state, i)).collect();
        };
        let items = (0..count).into_par_iter();
        threads.install(|| items.map_init(state, work).collect())
    }

    /// As [`map`](Self::map), but the results are handed on in order, [`BATCH`] at a time, so that few are held at once.
    pub(crate) fn for_each<S, R: Send>(
        &self,
        count: usize,
        state: impl Fn() -> S + Sync + Send,
        work: impl Fn(&mut S, usize) -> R + Sync + Send,
        mut take: impl FnMut(R),
    ) {
        for from in (0..count).step_by(BATCH) {
            let batch = BATCH.min(count - from);
            let results = self.map(batch, &state, |state, i| work(state, from + i));
            results.into_iter().for_each(&mut take);
        }
    }

    /// Goes no further where the run is stopped. Unwinding leaves the depths of a stage without an error in every signature on
    /// the way; programs that abort instead are not stopped.
    pub(crate) fn check(&self) {
        if cfg!(panic = "unwind") && self.progress.is_stopped() {
            resume_unwind(Box::new(Stopped));
        }
    }
}

/// What a run comes to that works with a [`Pool`]; an error if it was stopped.
pub(crate) fn until_stopped<R>(run: impl FnOnce() -> Result<R, Error>) -> Result<R, Error> {
    // What the run owns is dropped on the way, and what it borrows is only read.
    let result = catch_unwind(AssertUnwindSafe(run));
    result.unwrap_or_else(|panic| match panic.downcast::<Stopped>() {
        Ok(_) => Err(Error::stopped()),
        Err(panic) => resume_unwind(panic),
    })
}
