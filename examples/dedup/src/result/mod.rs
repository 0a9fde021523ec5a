//! What is written about a run? The files of the result folder, the summary, and the page for people.

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

/// The input of a run and its results.
pub struct RunResult<'r> {
    /// The input.
    pub store: &'r Store,
    /// The input with the parts of its documents, if parts were requested.
    pub documents: &'r dyn Documents,
    pub parts: Option<Vec<(usize, &'r str, &'r Part)>>,
    pub report: &'r Report,
    /// The comparison with the reference, if there is one.
    pub compared: Option<&'r Compared>,
    /// The cuts in each document, if passages are cut.
    pub cuts: Option<&'r [Vec<Cut>]>,
    /// The annotation of each row, if no row is removed.
    pub annotations: Option<Annotations<'r>>,
    /// A person's decisions about an earlier result, if they were given.
    pub decisions: Option<&'r Decisions>,
    /// The order in which a person should look at the clusters.
    pub doubts: Doubts,
    /// Compares documents side by side, if a page for people was requested.
    pub page: Option<&'r Deduper>,
}
