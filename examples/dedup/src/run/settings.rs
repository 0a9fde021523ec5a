//! What was asked of a run? The command line as plain values, whatever its options are called.

use std::path::PathBuf;

use encoding_rs::Encoding;
use reprint::cluster::Policy;
use reprint::strip::StripOptions;
use reprint::verify::Relation;

use super::gather::globs::Globs;
use crate::read::html::Extent;
use crate::read::kind::Format;
use crate::result::decisions::Decisions;
use crate::store::fields::FieldNames;

/// Everything that the steps of a run need to know, but for what compares documents.
#[derive(Clone, Debug)]
pub struct Settings {
    pub inputs: Vec<PathBuf>,
    /// Which files of folders are wanted.
    pub globs: Globs,
    /// Of how many documents a sample is taken, if it is.
    pub sample: Option<usize>,
    pub fields: FieldNames,
    /// Is another field of ids asked for than the usual one?
    pub names_ids: bool,
    /// Format of files without a known extension.
    pub other: Option<Format>,
    /// That of all input without a mark of its own.
    pub encoding: Option<&'static Encoding>,
    /// How much of a page of HTML is read.
    pub extent: Extent,
    /// Are parts of documents compared as well?
    pub split: bool,
    /// May a text be followed through its versions?
    pub drift: bool,
    pub keep: Policy,
    /// Reference collections.
    pub against: Vec<PathBuf>,
    /// Where the reference is kept with what signing found out, if it is.
    pub save_reference: Option<PathBuf>,
    /// The relations to a reference document for which a document goes.
    pub drop: Vec<Relation>,
    /// From when on passages are cut from the texts that stay, if they are.
    pub strip: Option<StripOptions>,
    /// Are all rows kept, each with a field about its cluster?
    pub annotate: bool,
    pub output: Option<PathBuf>,
    pub kept_parquet: bool,
    pub kept_csv: bool,
    /// May an earlier result be replaced?
    pub force: bool,
    /// Is a page for people wanted?
    pub report: bool,
    /// What a person decided about an earlier result.
    pub decisions: Option<Decisions>,
    pub resume: bool,
    pub threads: Option<usize>,
    /// In bytes.
    pub memory: Option<u64>,
}
