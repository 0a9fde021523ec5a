//! Which options does the command line have?

use std::path::PathBuf;

use clap::{ArgAction, Parser, ValueEnum, ValueHint};
use clap_complete::Shell;
use encoding_rs::Encoding;
use reprint::Deduper;
use reprint::cluster::{DayOrder, Policy};
use reprint::report::AgainstShare;
use reprint::strip::StripOptions;
use reprint::verify::Relation;

use super::manual::below_help;
use super::nearest::nearest;
use super::screen::{Colour, HELP};
use crate::read::encoding;
use crate::read::html::Extent;
use crate::read::kind;
use crate::read::limits::Allowed;
use crate::read::rows::{MOST_TEXTS, TextField};
use crate::result::decisions::Decisions;
use crate::run::failure::Failure;
use crate::run::gather::globs::Globs;
use crate::run::settings::Settings;
use crate::store::fields::FieldNames;
use crate::store::memory::half_of_machine;

/// The default field of a row's id.
pub const ID_FIELD: &str = "id";

const INPUT: &str = "Input";
const COPIES: &str = "What counts as a copy";
const AGAINST: &str = "New against old";
const STAYING: &str = "Which copy is kept";
const RESULTS: &str = "Results";
const TERMINAL: &str = "Terminal and machine";

/// Find the same document printed again, and keep one copy of each
#[derive(Debug, Parser)]
#[command(name = "dedup", version, max_term_width = 80, styles = HELP)]
#[command(override_usage = "dedup [OPTIONS] <INPUT>...", long_about = ABOUT)]
#[command(after_help = SHORT, after_long_help = below_help())]
#[command(
    disable_help_flag = true,
    disable_version_flag = true,
    args_override_self = true
)]
pub struct Options {
    /// Files or folders, or - for JSONL from standard input
    ///
    /// A document is a file (.txt, .md, .html, .eml, .docx, .odt, .epub), a row (.jsonl, .ndjson, .csv, .tsv, .parquet), a mail
    /// (.mbox) or a page (.warc, .wet). The id of a file is its path; of a row, its field "id" or FILE:LINE; of a mail, FILE:NUMBER; of a page,
    /// its address. Folders are walked in sorted order. Text, rows, mail and pages may be packed (.gz, .zst, .xz, .bz2), also
    /// on standard input. The columns of a table are fields.
    #[arg(required_unless_present_any = ["completions", "man", "filter"], value_name = "INPUT", value_hint = ValueHint::AnyPath)]
    pub inputs: Vec<PathBuf>,

    /// Field of a row that holds its text [default: text]
    ///
    /// A list such as title,body makes one text of several fields. A dot leads into an object: article.body.
    #[arg(long, action = ArgAction::Set, value_name = "NAMES", value_delimiter = ',', num_args = 1, value_parser = field_name, help_heading = INPUT)]
    pub text_field: Vec<String>,

    /// Field that holds HTML
    ///
    /// All visible text of it is compared. Without --text-field, this field is the text.
    #[arg(long, action = ArgAction::Set, value_name = "NAMES", value_delimiter = ',', num_args = 1, value_parser = field_name, help_heading = INPUT)]
    pub html_field: Vec<String>,

    /// Field of a row that holds its id
    ///
    /// The id of a row without it is FILE:LINE.
    #[arg(long, value_name = "NAME", default_value = ID_FIELD, help_heading = INPUT)]
    pub id_field: String,

    /// Field of a row that holds its date
    ///
    /// Used by the criteria earliest and latest of --keep.
    #[arg(long, value_name = "NAME", default_value = "date", help_heading = INPUT)]
    pub date_field: String,

    /// Field of a row that holds its source
    ///
    /// Used by the criterion source=A,B of --keep, and by --min-sources.
    #[arg(long, value_name = "NAME", default_value = "source", help_heading = INPUT)]
    pub source_field: String,

    /// Read only files of folders that match this pattern
    ///
    /// For example '*.md' or 'docs/**/*.txt'; may be repeated. A pattern without a slash is matched with the file's name, a
    /// pattern that starts with a slash with the path below the given folder.
    #[arg(long, value_name = "GLOB", help_heading = INPUT)]
    pub include: Vec<String>,

    /// Skip files of folders that match this pattern
    ///
    /// Also whole folders, for example 'drafts'; may be repeated.
    #[arg(long, value_name = "GLOB", help_heading = INPUT)]
    pub exclude: Vec<String>,

    /// Compare only a sample of N documents
    ///
    /// The choice depends on the documents' ids, not on their order. Copies outside the sample are not found. Of documents that are
    /// files, only those of the sample are read; rows, mails and archived pages are all read, because their ids stand in them.
    #[arg(long, value_name = "N", value_parser = sample, help_heading = INPUT)]
    pub sample: Option<usize>,

    /// Read files without a known extension as this
    ///
    /// For example README, LICENSE or ls.1.gz, packed or not. Without it, such files in folders are skipped.
    #[arg(long = "as", value_name = "FORMAT", value_enum, help_heading = INPUT)]
    pub other: Option<Other>,

    /// Decode the input as this encoding, without guessing
    ///
    /// Applies to input without a byte order mark: utf-8, utf-16le, utf-16be, gb18030, big5, shift_jis, euc-jp, euc-kr,
    /// windows-1252, koi8-r, or any other name that browsers know.
    #[arg(long, value_name = "NAME", value_parser = encoding::named, help_heading = INPUT)]
    pub encoding: Option<&'static Encoding>,

    /// Take all text of an HTML page, not its main text
    ///
    /// All visible text, menus included.
    #[arg(long, help_heading = INPUT)]
    pub whole_page: bool,

    /// Compare numbered or headed parts as well
    ///
    /// The parts of ID are ID#1, ID#2 ...; parts are never removed.
    #[arg(long, help_heading = INPUT)]
    pub split: bool,

    /// Least similarity of two reprints [default: 0.6]
    ///
    /// Over 0 and at most 1. The similarity is the share of common shingles (windows of 5 characters or 3 words) among all
    /// shingles of the two documents; the limits of all other figures follow from it. At 1, only equal texts are copies.
    #[arg(long, value_name = "X", allow_negative_numbers = true, value_parser = at_most_1, help_heading = COPIES)]
    pub threshold: Option<f64>,

    /// Loosest relation that makes clusters [default: reprint]
    ///
    /// exact: the same characters. same-text: the same except for layout, punctuation, width and script. reprint: editions
    /// too.
    #[arg(long, value_name = "RELATION", value_parser = level, help_heading = COPIES)]
    pub level: Option<Relation>,

    /// Share of pairs at the threshold to find [default: 0.95]
    ///
    /// Fraction of the pairs at the threshold that the search must find; over 0 and under 1. More similar pairs are found
    /// with a higher probability. A higher value takes more time.
    #[arg(long, value_name = "X", allow_negative_numbers = true, value_parser = under_1, help_heading = COPIES)]
    pub recall: Option<f64>,

    /// Least share of a contained document [default: 0.6]
    ///
    /// A document is contained in another one that has at least this share of its shingles; over 0 and at most 1.
    #[arg(long, value_name = "X", allow_negative_numbers = true, value_parser = at_most_1, help_heading = COPIES)]
    pub containment: Option<f64>,

    /// Least length of a common passage [default: 30]
    ///
    /// In characters of a script without spaces; a word of any other script counts as two. Below 30, only some passages are
    /// found, below 11 hardly any.
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = characters, help_heading = COPIES)]
    pub passage: Option<usize>,

    /// Find copies only
    ///
    /// Not documents that are contained in others, and no common passages. Saves a third of the time.
    #[arg(long, conflicts_with_all = ["containment", "passage"], help_heading = COPIES)]
    pub no_relations: bool,

    /// Never join documents that differ in this field
    ///
    /// For translations, licences, or the splits of a data set. Even equal texts are kept apart. Rows without the field are
    /// joined with each other only.
    #[arg(long, value_name = "FIELD", help_heading = COPIES)]
    pub apart: Option<String>,

    /// Don't follow a text through its versions
    ///
    /// Without this option, an early and a late version may be joined by the versions between them. With it, each member of a
    /// cluster is itself similar enough to the canonical copy.
    #[arg(long, help_heading = COPIES)]
    pub no_drift: bool,

    /// Compare with this reference collection
    ///
    /// Files or folders, read like the input; may be repeated. Reference documents are never removed and never written.
    /// against.jsonl lists each document that is a copy of a reference document, contains one or is inside one. Short items are
    /// found even if they were edited lightly.
    #[arg(long, value_name = "PATH", value_hint = ValueHint::AnyPath, help_heading = AGAINST)]
    pub against: Vec<PathBuf>,

    /// Save the reference in this folder, ready for use
    ///
    /// Later runs read it with --against DIR, which is faster than reading the files that it was made of.
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath, requires = "against", help_heading = AGAINST)]
    pub save_reference: Option<PathBuf>,

    /// Remove documents with these relations to a reference
    ///
    /// A list of exact, same-text, reprint, within, contains, or none; exact,same-text,reprint by default. They are removed before
    /// clusters are made.
    #[arg(long, action = ArgAction::Set, value_name = "RELATIONS", value_delimiter = ',', num_args = 1, value_parser = dropped, requires = "against", default_value = "exact,same-text,reprint", hide_default_value = true, help_heading = AGAINST)]
    pub drop: Vec<Dropped>,

    /// Criteria that choose the copy to keep, in order
    ///
    /// A list, separated by semicolons; later criteria break ties. intact: the copy that is least damaged, measured against
    /// what the copies agree on. complete: the longest text without additions. earliest, latest: by date. source=A,B: from the
    /// source that comes first in the list. longest, shortest: by all letters and digits. first: in the order of the input.
    /// max:FIELD, min:FIELD: by the numbers or dates of a field. Two words change how many documents are kept. one-per:FIELD:
    /// one copy of each cluster for each value of the field. container: documents are also removed if nine tenths of them are
    /// contained in a kept one.
    #[arg(long, value_name = "POLICY", default_value_t, value_parser = policy, help_heading = STAYING)]
    pub keep: Policy,

    /// What comes first in a date like 02/03/2024
    ///
    /// day-first or month-first. Without it, the other dates of the field decide: if one is 28/02/2024, the day comes first.
    /// Ambiguous dates are ranked last, with a note.
    #[arg(long, value_name = "ORDER", value_parser = day_order, help_heading = STAYING)]
    pub date_order: Option<DayOrder>,

    /// Keep a text only if at least K sources have it
    ///
    /// Counts the different values of the source field in a cluster; a list counts all its items, a document without a source
    /// counts none. Texts with fewer sources are removed with the relation few-sources.
    #[arg(long, value_name = "K", value_parser = sources, default_value_t = 1, hide_default_value = true, help_heading = STAYING)]
    pub min_sources: usize,

    /// Remove nothing, but add a field to each row
    ///
    /// kept.jsonl then has all rows, each with the field reprint: cluster (id of the canonical copy), canonical (whether this
    /// row is it), cluster_size, and sources (number of different sources in the cluster).
    #[arg(long, requires = "output", conflicts_with_all = ["min_sources", "kept_parquet", "kept_csv"], help_heading = STAYING)]
    pub annotate: bool,

    /// Apply the decisions of this file, from the report page
    ///
    /// One JSON object a line with id, canonical (id of the canonical copy of its cluster) and decision. not-a-copy: the
    /// document leaves its cluster and is kept. keep-this-one: it becomes the canonical copy. seen: nothing changes. Can't be
    /// used with --min-sources, nor with one-per or container in --keep.
    #[arg(long, value_name = "FILE", conflicts_with = "min_sources", value_hint = ValueHint::FilePath, help_heading = STAYING)]
    pub decisions: Option<PathBuf>,

    /// Cut repeated passages from the kept texts
    ///
    /// A passage is a run of whole sentences of at least --passage characters that two or more kept documents have. It stays in the
    /// document with the smallest id, in its first place there, and is cut everywhere else. Lines of numbers alone do not count
    /// towards its length. stripped.jsonl lists every cut, enough to undo it. Can't be used with --kept-csv and --kept-parquet, which
    /// write whole rows.
    #[arg(long, conflicts_with_all = ["annotate", "kept_parquet", "kept_csv"], help_heading = RESULTS)]
    pub strip: bool,

    /// Cut passages that at least this many kept documents have
    #[arg(long, value_name = "N", value_parser = strip_from, conflicts_with_all = ["annotate", "kept_parquet", "kept_csv"], help_heading = RESULTS)]
    pub strip_from: Option<usize>,

    /// Write the results to this folder
    ///
    /// The folder appears when the result is complete, never before.
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath, help_heading = RESULTS)]
    pub output: Option<PathBuf>,

    /// Add the documents to the index in this folder as well
    ///
    /// The folder is made where there is none, with the options of this run; those of an index that is there hold for the run. For
    /// dedup index, which tells what later documents repeat.
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath, help_heading = RESULTS)]
    pub index: Option<PathBuf>,

    /// Write kept rows of Parquet as Parquet as well
    ///
    /// kept.parquet has the kept rows of all Parquet files that have the columns of the first one, with the same types,
    /// compression and metadata.
    #[arg(long, requires = "output", help_heading = RESULTS)]
    pub kept_parquet: bool,

    /// Print the kept rows and nothing else
    ///
    /// Reads standard input if no input is given: dedup --filter < rows.jsonl > kept.jsonl
    #[arg(long, conflicts_with_all = ["output", "explain", "format", "annotate"], help_heading = RESULTS)]
    pub filter: bool,

    /// Write pairs to this file, as tab-separated values
    ///
    /// Columns: a, b, relation, jaccard. A line for each copy with its canonical copy, and for each pair of related documents.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = RESULTS)]
    pub pairs: Option<PathBuf>,

    /// Write kept rows of CSV as CSV as well
    ///
    /// kept.csv has the kept rows of all .csv and .tsv files that have the columns of the first one.
    #[arg(long, requires = "output", help_heading = RESULTS)]
    pub kept_csv: bool,

    /// Replace an earlier result in the output folder
    #[arg(long, requires = "output", help_heading = RESULTS)]
    pub force: bool,

    /// Write a report page for people as well
    ///
    /// report.html shows the clusters, the most doubtful first, copies side by side with their differences, and common passages.
    /// It opens in any browser, without a network. A large report has its data in the folder report next to it. Decisions that
    /// are made on the page can be exported and applied with --decisions.
    #[arg(long, requires = "output", help_heading = RESULTS)]
    pub report: bool,

    /// Continue an interrupted run
    ///
    /// Continues after the last completed stage of a run with the same input, settings and output. The result has the same
    /// bytes as that of an uninterrupted run. A finished run is not made again: --pairs is written from its result; for --explain,
    /// the documents are compared again.
    #[arg(long, requires = "output", help_heading = RESULTS)]
    pub resume: bool,

    /// Explain one document, or compare two
    ///
    /// Given once: the document's cluster, relations and common passages, instead of the summary. Given twice: the relation of the two
    /// documents, their differences and common passages.
    #[arg(long, value_name = "ID", num_args = 1, allow_hyphen_values = true, help_heading = RESULTS)]
    pub explain: Vec<String>,

    /// Format of the summary or explanation
    #[arg(long, value_enum, default_value_t = Format::Text, help_heading = RESULTS)]
    pub format: Format,

    /// Worker threads [default: all cores]
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = threads, help_heading = TERMINAL)]
    pub threads: Option<usize>,

    /// Memory limit, such as 4GB [default: half of the machine's]
    ///
    /// For example 512MB, 4GB or 2GiB. The default is half of the memory of the machine or of the container on Linux, and no limit on
    /// other systems. No result depends on it. What the program knows of the texts is kept on disk where the limit does not suffice, next
    /// to the output or else in the system's temporary folder: the size of the texts and about 6 kB a document while the run lasts. The
    /// results are the same. 200 bytes a document and copies that are found (2 kB each) stay in memory; the program ends with a message
    /// when these need more (on Linux also after reading). Rows and texts over 256 MB are rejected, or over a sixteenth of a limit that is given, if that is less.
    #[arg(long, value_name = "SIZE", value_parser = crate::read::limits::memory, help_heading = TERMINAL)]
    pub memory: Option<u64>,

    /// Read options from this file
    ///
    /// One option a line, such as `threshold 0.7`; lines that start with # are comments. Options on the command line have
    /// priority.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = TERMINAL)]
    pub settings: Option<PathBuf>,

    /// Show no progress
    #[arg(long, help_heading = TERMINAL)]
    pub quiet: bool,

    /// When to use colour
    #[arg(long, value_name = "WHEN", value_enum, default_value_t = Colour::Auto, help_heading = TERMINAL)]
    pub color: Colour,

    /// Print completions for a shell
    #[arg(long, value_name = "SHELL", value_enum, exclusive = true, help_heading = TERMINAL)]
    pub completions: Option<Shell>,

    /// Print the man page
    #[arg(long, exclusive = true, help_heading = TERMINAL)]
    pub man: bool,

    /// Print help: -h in short, --help in full
    #[arg(short, long, action = ArgAction::Help, help_heading = TERMINAL)]
    help: Option<bool>,

    /// Print the version
    #[arg(short = 'V', long, action = ArgAction::Version, help_heading = TERMINAL)]
    version: Option<bool>,
}

impl Options {
    /// The names of the fields of rows.
    pub fn fields(&self) -> FieldNames {
        FieldNames {
            texts: self.text_fields(),
            id: self.id_field.clone(),
            date: self.date_field.clone(),
            source: self.source_field.clone(),
        }
    }

    fn text_fields(&self) -> Vec<TextField> {
        let html = self.html_field.iter();
        let more = html.filter(|name| !self.text_field.contains(name));
        let names: Vec<&String> = self.text_field.iter().chain(more).collect();
        let fields = names.into_iter().map(|name| TextField {
            name: name.clone(),
            is_html: self.html_field.contains(name),
        });
        let fields: Vec<TextField> = fields.collect();
        match fields.is_empty() {
            true => FieldNames::default().texts,
            false => fields,
        }
    }

    /// The settings for the steps of a run.
    pub fn settings(&self) -> Result<Settings, Failure> {
        self.check_features()?;
        let globs = Globs::new(&self.include, &self.exclude).map_err(Failure::Glob)?;
        let standard_input = || vec![PathBuf::from("-")];
        Ok(Settings {
            inputs: match self.inputs.is_empty() {
                true => standard_input(),
                false => self.inputs.clone(),
            },
            globs,
            sample: self.sample,
            fields: self.fields(),
            names_ids: self.id_field != ID_FIELD,
            other: self.other.map(Other::format),
            encoding: self.encoding,
            extent: if self.whole_page {
                Extent::Whole
            } else {
                Extent::Main
            },
            split: self.split,
            drift: !self.no_drift,
            keep: self.keep.clone(),
            against: self.against.clone(),
            save_reference: self.save_reference.clone(),
            drop: self.drop.iter().filter_map(|dropped| dropped.0).collect(),
            strip: (self.strip || self.strip_from.is_some()).then(|| {
                let usual = StripOptions::default();
                StripOptions {
                    from: self.strip_from.unwrap_or(usual.from),
                    passage: self.passage.unwrap_or(usual.passage),
                    threads: self.threads,
                    ..usual
                }
            }),
            annotate: self.annotate,
            output: self.output.clone(),
            kept_parquet: self.kept_parquet,
            kept_csv: self.kept_csv,
            force: self.force,
            report: self.report,
            decisions: self.decisions()?,
            resume: self.resume,
            threads: self.threads,
            memory: self.memory,
            allowed: self.allowed(),
        })
    }

    /// The memory that the run may take.
    fn allowed(&self) -> Option<Allowed> {
        let is_given = self.memory.is_some();
        let bytes = self.memory.or_else(half_of_machine)?;
        Some(Allowed { bytes, is_given })
    }

    /// Fails if an option needs a feature that this build lacks.
    fn check_features(&self) -> Result<(), Failure> {
        match kind::Format::Parquet.missing() {
            Some(missing) if self.kept_parquet => Err(Failure::MissingFeature {
                option: "--kept-parquet",
                missing,
            }),
            _ => Ok(()),
        }
    }

    /// The user's decisions about an earlier result.
    fn decisions(&self) -> Result<Option<Decisions>, Failure> {
        let Some(file) = &self.decisions else {
            return Ok(None);
        };
        if self.keep.one_per_field().is_some() || self.keep.drops_contained() {
            return Err(Failure::DecisionsWithOtherCopies);
        }
        Ok(Some(Decisions::read(file)?))
    }

    /// The deduper with the options for comparing documents.
    pub fn deduper(&self, decisions: Option<&Decisions>) -> Result<Deduper, Failure> {
        let fields = self.fields();
        self.check_fields(&fields)?;
        let keep = self
            .keep
            .clone()
            .map_fields(|name| fields.in_metadata(name));
        let keep = match decisions {
            Some(decisions) => decisions.before(keep),
            None => keep,
        };
        let mut builder = Deduper::builder()
            .relations(!self.no_relations)
            .drift(!self.no_drift)
            .min_sources(self.min_sources)
            .keep(keep);
        if let Some(field) = &self.apart {
            builder = builder.apart(fields.in_metadata(field));
        }
        if let Some(order) = self.date_order {
            builder = builder.day_order(order);
        }
        if let Some(threshold) = self.threshold {
            builder = builder.threshold(threshold);
        }
        if let Some(level) = self.level {
            builder = builder.level(level);
        }
        if let Some(recall) = self.recall {
            builder = builder.recall(recall);
        }
        if let Some(containment) = self.containment {
            builder = builder.containment(containment);
        }
        if let Some(passage) = self.passage {
            builder = builder.passage(passage);
        }
        if let Some(threads) = self.threads {
            builder = builder.threads(threads);
        }
        builder.build().map_err(Failure::Usage)
    }

    /// The fields that options name, each with its option.
    pub fn asked_fields(&self) -> Vec<(&'static str, &str)> {
        let keep = self.keep.compared_fields().into_iter();
        let keep = keep.chain(self.keep.one_per_field());
        let keep = keep.map(|field| ("--keep", field));
        let apart = self.apart.iter().map(|field| ("--apart", field.as_str()));
        keep.chain(apart).collect()
    }

    fn check_fields(&self, fields: &FieldNames) -> Result<(), Failure> {
        if fields.texts.len() > MOST_TEXTS {
            return Err(Failure::TooManyTexts(fields.texts.len()));
        }
        if self.annotate && self.keep.drops_contained() {
            return Err(Failure::AnnotatedContainer);
        }
        let asked = self.asked_fields();
        let wrong = asked
            .into_iter()
            .find(|(_, field)| fields.is_no_metadata(field));
        wrong.map_or(Ok(()), |(option, field)| {
            let field = field.to_owned();
            Err(Failure::NoMetadata { option, field })
        })
    }
}

/// Formats of files without a known extension.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Other {
    /// Plain text
    Text,
    /// Text with Markdown in it
    Markdown,
    /// Pages of HTML
    Html,
    /// Sources of manual pages
    Man,
    /// One mail a file
    Mail,
    /// Many mails a file
    Mbox,
}

impl Other {
    fn format(self) -> kind::Format {
        match self {
            Self::Text | Self::Markdown => kind::Format::Text,
            Self::Html => kind::Format::Page,
            Self::Man => kind::Format::Manual,
            Self::Mail => kind::Format::Mail,
            Self::Mbox => kind::Format::Mailbox,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    Text,
    /// One JSON object, as in summary.json
    Json,
}

/// The library checks the range itself.
fn at_most_1(text: &str) -> Result<f64, String> {
    number(text, "over 0 and at most 1, such as 0.6")
}

fn under_1(text: &str) -> Result<f64, String> {
    number(text, "over 0 and under 1, such as 0.95")
}

fn field_name(name: &str) -> Result<String, String> {
    match name.trim() {
        "" => Err("a field has a name; give names with commas between them".into()),
        name => Ok(name.to_owned()),
    }
}

fn level(text: &str) -> Result<Relation, String> {
    let levels = [Relation::Exact, Relation::SameText, Relation::Reprint];
    let found = levels.into_iter().find(|level| level.as_str() == text);
    found.ok_or_else(|| "not a level; give exact, same-text or reprint".into())
}

/// A relation for which documents are dropped; none for the word `none`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dropped(Option<Relation>);

fn dropped(text: &str) -> Result<Dropped, String> {
    if text == "none" {
        return Ok(Dropped(None));
    }
    let relations = AgainstShare::RELATIONS;
    let found = relations
        .into_iter()
        .find(|relation| relation.as_str() == text);
    let found = found.map(|relation| Dropped(Some(relation)));
    found.ok_or_else(|| {
        "not a relation; give exact, same-text, reprint, within, contains or none".into()
    })
}

fn number(text: &str, range: &str) -> Result<f64, String> {
    text.parse()
        .map_err(|_| format!("not a number; give one {range}"))
}

fn characters(text: &str) -> Result<usize, String> {
    whole_number(text, "from 1 on, such as 30")
}

fn sample(text: &str) -> Result<usize, String> {
    whole_number(text, "such as 1000")
}

fn sources(text: &str) -> Result<usize, String> {
    whole_number(text, "from 1 on, such as 2")
}

fn strip_from(text: &str) -> Result<usize, String> {
    let range = "from 2 on, such as 3";
    match whole_number(text, range)? {
        0 | 1 => Err(format!(
            "what one document has is no common passage; give a number {range}"
        )),
        from => Ok(from),
    }
}

fn day_order(text: &str) -> Result<DayOrder, String> {
    text.parse()
        .map_err(|_| "it must be day-first or month-first".to_owned())
}

fn threads(text: &str) -> Result<usize, String> {
    whole_number(text, "from 1 to 1024")
}

fn whole_number(text: &str, range: &str) -> Result<usize, String> {
    text.parse()
        .map_err(|_| format!("not a whole number; give one {range}"))
}

/// The names of the criteria of a policy.
const CRITERIA: [&str; 12] = [
    "source",
    "intact",
    "complete",
    "earliest",
    "latest",
    "longest",
    "shortest",
    "first",
    "max",
    "min",
    "one-per",
    "container",
];

fn policy(list: &str) -> Result<Policy, String> {
    list.parse().map_err(|error: reprint::Error| {
        let words = list
            .split(';')
            .map(|word| word.split(['=', ':']).next().unwrap_or(word).trim());
        let mut unknown = words.filter(|word| !word.is_empty() && !CRITERIA.contains(word));
        let meant = unknown.find_map(|word| nearest(word, CRITERIA.into_iter()));
        let tip = meant.map(|meant| format!("\n\n  tip: a similar word exists: '{meant}'"));
        // The parser of the options has named the option and the value already.
        let error = error.to_string();
        let must = error
            .rsplit_once(": ")
            .map_or(error.as_str(), |(_, must)| must);
        format!("{must}{}", tip.unwrap_or_default())
    })
}

const ABOUT: &str = "\
Finds documents that are copies of each other - in another layout, punctuation, script or edition - and keeps one canonical \
copy of each. Prints a summary; with --output, also writes the full result as files. Never changes its input.";

const SHORT: &str = "--help shows more, with examples.";

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn every_option_stands_in_a_group_and_its_short_help_on_a_line() {
        let command = Options::command();
        command.clone().debug_assert();
        for option in command.get_opts() {
            let name = option.get_id();
            assert!(option.get_help_heading().is_some(), "{name}");
            let help = option.get_help().unwrap().to_string();
            assert!(help.len() <= 60, "{name}: {help}");
        }
    }

    #[test]
    fn without_a_limit_half_of_the_machines_memory_is_the_limit() {
        let settings = |words: &[&str]| {
            let words = [&["dedup", "in"][..], words].concat();
            Options::parse_from(words).settings().unwrap()
        };
        let default = settings(&[]);
        let bytes = default.allowed.map(|allowed| allowed.bytes);
        assert_eq!((default.memory, bytes), (None, half_of_machine()));
        assert!(default.allowed.is_none_or(|allowed| !allowed.is_given));
        assert_eq!(bytes.is_some(), cfg!(target_os = "linux"));
        let given = settings(&["--memory", "4GB"]);
        let bytes = given.allowed.map(|allowed| allowed.bytes);
        assert_eq!(
            (given.memory, bytes),
            (Some(4_000_000_000), Some(4_000_000_000))
        );
        assert!(given.allowed.is_some_and(|allowed| allowed.is_given));
    }

    #[test]
    fn all_words_of_a_policy_are_known() {
        let value = |word| match word {
            "source" => "=a",
            "max" | "min" | "one-per" => ":field",
            _ => "",
        };
        for word in CRITERIA {
            assert!(policy(&format!("{word}{}", value(word))).is_ok(), "{word}");
        }
        let wrong = policy("complete;intcat").unwrap_err();
        assert!(
            wrong.ends_with("tip: a similar word exists: 'intact'"),
            "{wrong}"
        );
    }
}
