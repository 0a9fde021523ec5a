//! How is work divided among threads, and how is it stopped? This is the only file that names rayon.
//!
//! Every function returns the same as a loop would, in the same order, whatever the number of threads.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use rayon::prelude::*;

use crate::error::Error;
use crate::report::Progress;

/// Number of results that are held at once before they are passed on or stored elsewhere.
pub(crate) const BATCH: usize = 64;

/// A separate pool of worker threads, so that the pools and settings of the caller are not touched.
pub(crate) struct Pool<'p> {
    /// `None` if the thread of the caller does the work: for a few documents, this takes less time than waking a thread.
    threads: Option<rayon::ThreadPool>,
    progress: &'p dyn Progress,
}

/// Payload of the unwinding that ends the workers of a stopped run. Panic hooks don't see it.
struct Stopped;

impl<'p> Pool<'p> {
    /// A pool of `threads` workers, or of one for each core. `progress` can stop them.
    pub(crate) fn new(threads: Option<usize>, progress: &'p dyn Progress) -> Result<Self, Error> {
        let builder = rayon::ThreadPoolBuilder::new().num_threads(threads.unwrap_or(0));
        let threads = Some(builder.build().map_err(Error::threads)?);
        Ok(Self { threads, progress })
    }

    /// As [`new`](Self::new), but with only the thread of the caller if `count` is at most 1.
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

    /// A pool that uses only the thread of the caller.
    pub(crate) fn of_caller(progress: &'p dyn Progress) -> Self {
        let threads = None;
        Self { threads, progress }
    }

    /// The results of `work(state, i)` for every `i` under `count`, in order. Each worker makes a `state` from time to time and uses it
    /// again.
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

    /// As [`map`](Self::map), but passes the results to `take` in order, [`BATCH`] at a time, so that only a few are held at once.
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

    /// Ends the work if the run is stopped. Unwinding leaves the depths of a stage, so that not every function on the way must return an
    /// error. Programs that abort on panic can't be stopped.
    pub(crate) fn check(&self) {
        if cfg!(panic = "unwind") && self.progress.is_stopped() {
            resume_unwind(Box::new(Stopped));
        }
    }
}

/// The result of a run that works with a [`Pool`]; an error if the run was stopped.
pub(crate) fn until_stopped<R>(run: impl FnOnce() -> Result<R, Error>) -> Result<R, Error> {
    // This is safe to unwind: values that the run owns are dropped, and values that it borrows are only read.
    let result = catch_unwind(AssertUnwindSafe(run));
    result.unwrap_or_else(|panic| match panic.downcast::<Stopped>() {
        Ok(_) => Err(Error::stopped()),
        Err(panic) => resume_unwind(panic),
    })
}
