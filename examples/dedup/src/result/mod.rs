//! What is written of a run? The files of the result folder, the summary, the page for people.

pub mod against;
pub mod annotate;
pub mod compared;
pub mod decisions;
pub mod doubt;
pub mod files;
pub mod folder;
pub mod indexed;
pub mod kept_csv;
pub mod openings;
pub mod page;
pub mod pairs;
pub mod summary;

use reprint::report::Report;
use reprint::strip::Cut;
use reprint::{Deduper, Documents, Part};

use crate::store::Store;
use against::Compared;
use annotate::Annotations;
use decisions::Decisions;
use doubt::Doubts;

/// What was read, and what came of it.
pub struct RunResult<'r> {
    /// The input.
    pub store: &'r Store,
    /// The input with the parts of its documents, where they were asked for.
    pub documents: &'r dyn Documents,
    pub parts: Option<Vec<(usize, &'r str, &'r Part)>>,
    pub report: &'r Report,
    /// What the reference has of the documents, if there is one.
    pub compared: Option<&'r Compared>,
    /// What is cut from each document, where passages are.
    pub cuts: Option<&'r [Vec<Cut>]>,
    /// What each row is to get, where nothing is removed.
    pub annotations: Option<Annotations<'r>>,
    /// What a person decided about an earlier result, where it was given.
    pub decisions: Option<&'r Decisions>,
    /// In which order a person should look at the clusters.
    pub doubts: Doubts,
    /// What sets two documents side by side, where a page for people was asked for.
    pub page: Option<&'r Deduper>,
}
