//! What are the settings of a run? The command line as plain values, independent of the names of its options.

use std::path::PathBuf;

use encoding_rs::Encoding;
use reprint::cluster::Policy;
use reprint::strip::StripOptions;
use reprint::verify::Relation;

use super::gather::globs::Globs;
use crate::read::html::Extent;
use crate::read::kind::Format;
use crate::read::limits::Allowed;
use crate::result::decisions::Decisions;
use crate::store::fields::FieldNames;

/// Everything that the steps of a run need to know, except the settings of the comparison.
#[derive(Clone, Debug)]
pub struct Settings {
    pub inputs: Vec<PathBuf>,
    /// Which files of folders are read.
    pub globs: Globs,
    /// Number of documents of the sample, if only a sample is taken.
    pub sample: Option<usize>,
    pub fields: FieldNames,
    /// Whether the user named an id field other than the default.
    pub names_ids: bool,
    /// Format of files without a known ending.
    pub other: Option<Format>,
    /// Encoding of all input that has no byte order mark.
    pub encoding: Option<&'static Encoding>,
    /// How much of an HTML page is read.
    pub extent: Extent,
    /// Whether parts of documents are compared, too.
    pub split: bool,
    /// Whether two versions of a text may be copies because of the versions between them.
    pub drift: bool,
    pub keep: Policy,
    /// Files and folders of the reference collections.
    pub against: Vec<PathBuf>,
    /// Where the reference is saved together with the facts about its documents, if it is saved.
    pub save_reference: Option<PathBuf>,
    /// Relations to a reference document that make a document be dropped.
    pub drop: Vec<Relation>,
    /// How repeated passages are cut from the kept texts, if they are cut.
    pub strip: Option<StripOptions>,
    /// Whether all rows are kept, each with a field about its cluster.
    pub annotate: bool,
    pub output: Option<PathBuf>,
    pub kept_parquet: bool,
    pub kept_csv: bool,
    /// Whether an earlier result may be replaced.
    pub force: bool,
    /// Whether an HTML page for readers is written.
    pub report: bool,
    /// The user's decisions about an earlier result.
    pub decisions: Option<Decisions>,
    pub resume: bool,
    pub threads: Option<usize>,
    /// The memory limit that the user gave, in bytes.
    pub memory: Option<u64>,
    /// The memory that the run may take; none if the user gave no limit and the memory of the machine is unknown.
    pub allowed: Option<Allowed>,
}
