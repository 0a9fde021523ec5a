//! How is work spread over threads? The only file that names rayon.
//!
//! Every function returns what a loop would return, in the same order, whatever the number of threads.

use rayon::prelude::*;

use crate::error::Error;

/// A pool of worker threads of its own, so that the caller's pools and settings stay untouched.
pub(crate) struct Pool(rayon::ThreadPool);

impl Pool {
    /// `threads` workers, or one for each core.
    pub(crate) fn new(threads: Option<usize>) -> Result<Self, Error> {
        let builder = rayon::ThreadPoolBuilder::new().num_threads(threads.unwrap_or(0));
        builder.build().map(Self).map_err(Error::threads)
    }

    /// `work(state, i)` for every `i` under `count`, in order; each worker makes its `state` once in a while and keeps it.
    pub(crate) fn map<S, R: Send>(
        &self,
        count: usize,
        state: impl Fn() -> S + Sync + Send,
        work: impl Fn(&mut S, usize) -> R + Sync + Send,
    ) -> Vec<R> {
        let items = (0..count).into_par_iter();
        self.0.install(|| items.map_init(state, work).collect())
    }

    /// `work(item)` for every item.
    pub(crate) fn each<T: Send>(&self, items: &mut [T], work: impl Fn(&mut T) + Sync + Send) {
        self.0.install(|| items.par_iter_mut().for_each(work));
    }
}
