//! How often does a piece of work request memory, how many bytes, and how many does it hold at most?
//!
//! The program that calls this must have [`dhat::Alloc`] as its global allocator.

use std::path::Path;

use dhat::{HeapStats, Profiler};

/// The allocations of all threads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allocations {
    /// Number of requests, including those that make a block grow.
    pub count: u64,
    /// Requested bytes. A block that grows counts again, with its whole new size.
    pub bytes: u64,
    /// Maximum bytes held at the same time, without those held before the work.
    pub peak: u64,
}

/// Does `work` and counts its allocations.
///
/// # Panics
///
/// If something else is being counted.
pub fn count(work: impl FnOnce()) -> Allocations {
    // The shortest possible traces, because they are not used.
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

/// Does `work` and writes the places of its allocations to `path`, for the viewer of DHAT.
///
/// # Panics
///
/// If something else is being counted.
pub fn trace(path: &Path, work: impl FnOnce()) {
    let profiler = Profiler::builder()
        .file_name(path)
        .trim_backtraces(Some(40));
    let _profiler = profiler.build();
    work();
}
