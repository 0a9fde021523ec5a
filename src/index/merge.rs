//! How are several runs merged into one?

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::path::Path;

use crate::error::Error;
use crate::index::manifest::RunFile;
use crate::index::run::{Entries, Entry, Run, RunWriter};

/// A run is written again together with new entries if it is at most this number of times as large as they are. So there are few runs, and
/// the number of times that an entry is written again is about the logarithm of their size to this base.
const GROWTH: u64 = 4;

/// Number of these runs, the largest first, that stay as they are when `added` entries are added.
pub(super) fn staying(runs: &[RunFile], mut added: u64) -> usize {
    let mut staying = runs.len();
    while let Some(last) = staying.checked_sub(1) {
        if runs[last].entries > GROWTH * added {
            break;
        }
        added += runs[last].entries;
        staying = last;
    }
    staying
}

/// Merges the entries of runs and others.
pub(super) struct Merge<'m, N> {
    pub(super) runs: Vec<&'m Run>,
    /// Further entries, in order.
    pub(super) more: Vec<Entry>,
    /// The new entry for a key and a text of a run, given the place of the run in `runs`. `None` if the entry is dropped, an error if the
    /// text is not known. The order of entries must stay the same.
    pub(super) entry: N,
}

/// A source of entries.
enum Source<'m> {
    /// A run, with its place in `runs`.
    Run(usize, Entries<'m>),
    More(std::vec::IntoIter<Entry>),
}

impl Source<'_> {
    /// The next entry that is not dropped.
    fn next(
        &mut self,
        renewed: &impl Fn(usize, u64, u32) -> Result<Option<Entry>, Error>,
    ) -> Result<Option<Entry>, Error> {
        match self {
            Self::More(more) => Ok(more.next()),
            Self::Run(place, run) => {
                while let Some((key, text)) = run.next()? {
                    if let Some(entry) = renewed(*place, key, text)? {
                        return Ok(Some(entry));
                    }
                }
                Ok(None)
            }
        }
    }
}

impl<N: Fn(usize, u64, u32) -> Result<Option<Entry>, Error>> Merge<'_, N> {
    /// Writes the merged entries to a new file.
    pub(super) fn write(self, folder: &Path, number: u64) -> Result<RunFile, Error> {
        let of_runs: u64 = self.runs.iter().map(|run| run.named.entries).sum();
        let most = of_runs + self.more.len() as u64;
        let mut out = RunWriter::create(folder, number, most)?;
        let runs = self.runs.iter().enumerate();
        let runs = runs.map(|(place, run)| Source::Run(place, run.entries()));
        let mut sources: Vec<Source<'_>> = runs.collect();
        sources.push(Source::More(self.more.into_iter()));
        let mut heads = BinaryHeap::new();
        for (at, source) in sources.iter_mut().enumerate() {
            heads.extend(source.next(&self.entry)?.map(|entry| Reverse((entry, at))));
        }
        while let Some(Reverse((entry, at))) = heads.pop() {
            out.push(entry)?;
            let next = sources[at].next(&self.entry)?;
            heads.extend(next.map(|entry| Reverse((entry, at))));
        }
        out.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_written_again_with_what_is_at_least_a_quarter_of_it() {
        let runs = |sizes: &[u64]| -> Vec<RunFile> {
            let run = |&entries: &u64| RunFile {
                number: 0,
                length: 0,
                directory: 0,
                entries,
            };
            sizes.iter().map(run).collect()
        };
        assert_eq!(staying(&runs(&[]), 10), 0);
        assert_eq!(staying(&runs(&[1000, 100]), 10), 2);
        assert_eq!(staying(&runs(&[1000, 100]), 30), 1);
        assert_eq!(staying(&runs(&[500, 100]), 30), 0);
    }
}
