//! How do runs become one?

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::path::Path;

use crate::error::Error;
use crate::index::manifest::RunFile;
use crate::index::run::{Entries, Entry, Run, RunWriter};

/// Runs that are at most so many times as large as what is added are written again with it. So there are few runs, and an entry is
/// written again about as often as the logarithm of their size to this base.
const GROWTH: u64 = 4;

/// How many of these runs, the largest first, stay as they are when so many entries are added.
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

/// Entries of runs and others as one.
pub(super) struct Merge<'m, N, R> {
    pub(super) runs: &'m [Run],
    /// In order.
    pub(super) more: Vec<Entry>,
    /// The new number of a text; none where it goes.
    pub(super) renumber: N,
    /// The place of a text, by its old number, in the ring of a key.
    pub(super) ring: R,
}

/// Where entries come from.
enum Source<'m> {
    Run(Entries<'m>),
    More(std::vec::IntoIter<Entry>),
}

impl<N: Fn(u32) -> Option<u32>, R: Fn(u32, u64) -> u64> Merge<'_, N, R> {
    /// Writes them to a new file.
    pub(super) fn write(self, folder: &Path, number: u64) -> Result<RunFile, Error> {
        let of_runs: u64 = self.runs.iter().map(|run| run.named.entries).sum();
        let most = of_runs + self.more.len() as u64;
        let mut out = RunWriter::create(folder, number, most)?;
        let runs = self.runs.iter().map(|run| Source::Run(run.entries()));
        let mut sources: Vec<Source<'_>> = runs.collect();
        sources.push(Source::More(self.more.into_iter()));
        let (renumber, ring) = (self.renumber, self.ring);
        let next = |source: &mut Source<'_>| -> Result<Option<Entry>, Error> {
            match source {
                Source::More(more) => Ok(more.next()),
                Source::Run(run) => {
                    while let Some((key, old)) = run.next()? {
                        if let Some(text) = renumber(old) {
                            let ring = ring(old, key);
                            return Ok(Some(Entry { key, ring, text }));
                        }
                    }
                    Ok(None)
                }
            }
        };
        let mut heads = BinaryHeap::new();
        for (at, source) in sources.iter_mut().enumerate() {
            heads.extend(next(source)?.map(|entry| Reverse((entry, at))));
        }
        while let Some(Reverse((entry, at))) = heads.pop() {
            out.push(entry)?;
            heads.extend(next(&mut sources[at])?.map(|entry| Reverse((entry, at))));
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
