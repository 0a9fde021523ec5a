//! How often does a piece of work ask for memory, for how much, and how much does it hold at most?
//!
//! The program that calls this must have [`dhat::Alloc`] as its global allocator.

use std::path::Path;

use dhat::{HeapStats, Profiler};

/// What was asked for, of all threads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allocations {
    /// Requests, those included by which something grew.
    pub count: u64,
    /// Bytes of them; something that grew is counted again, by its whole new size.
    pub bytes: u64,
    /// Bytes held at the same time, without those that were held before.
    pub peak: u64,
}

/// Does `work` and counts.
///
/// # Panics
///
/// Where something else is being counted.
pub fn count(work: impl FnOnce()) -> Allocations {
    // The shortest traces that can be had, as nobody looks at them.
    let profiler = Profiler::builder().testing().trim_backtraces(Some(0));
    let _profiler = profiler.build();
    work();
    let seen = HeapStats::get();
    Allocations {
        count: seen.total_blocks,
        bytes: seen.total_bytes,
        peak: seen.max_bytes as u64,
    }
}

/// Does `work` and writes where it asked for memory to `path`, for the viewer of DHAT.
///
/// # Panics
///
/// Where something else is being counted.
pub fn trace(path: &Path, work: impl FnOnce()) {
    let profiler = Profiler::builder()
        .file_name(path)
        .trim_backtraces(Some(40));
    let _profiler = profiler.build();
    work();
}
