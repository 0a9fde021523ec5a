//! What can be asked for on the command line?

use std::path::PathBuf;

use clap::{Parser, ValueEnum};
use reprint::cluster::Policy;

/// Find documents that are the same one printed again - in another layout, punctuation, script or edition - and keep one
/// canonical copy of each.
#[derive(Debug, Parser)]
#[command(name = "dedup", version, max_term_width = 100, after_help = EXAMPLES)]
pub struct Options {
    /// Files or folders: .txt and .md (one document a file), .jsonl, .jsonl.gz, .csv, .tsv and .parquet (one a row); - reads
    /// JSONL from standard input
    #[arg(required = true, value_name = "INPUT")]
    pub inputs: Vec<PathBuf>,

    /// Write the results to this folder, which appears whole or not at all
    #[arg(long, value_name = "DIR")]
    pub output: Option<PathBuf>,

    /// Write the rows of Parquet files that stay to kept.parquet as well, with the columns and the compression that they had
    #[arg(long, requires = "output")]
    pub kept_parquet: bool,

    /// Replace an earlier result in the output folder
    #[arg(long, requires = "output")]
    pub force: bool,

    /// Jaccard of shingles from which two documents are reprints, over 0 and at most 1 [default: 0.6]
    #[arg(long, value_name = "X", allow_negative_numbers = true)]
    pub threshold: Option<f64>,

    /// Share of the pairs at the threshold that the search must propose, over 0 and under 1 [default: 0.95]
    #[arg(long, value_name = "X", allow_negative_numbers = true)]
    pub recall: Option<f64>,

    /// Share of one document inside another from which it is within it, over 0 and at most 1 [default: 0.6]
    #[arg(long, value_name = "X", allow_negative_numbers = true)]
    pub containment: Option<f64>,

    /// Shortest passage that two documents share, in characters of a script without spaces, a word counting as two; of
    /// those under 30, only some are found, under 11 hardly any [default: 30]
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    pub passage: Option<usize>,

    /// Look for copies only, not for documents inside others or passages in common; a third less work
    #[arg(long, conflicts_with_all = ["containment", "passage"])]
    pub no_relations: bool,

    /// Don't follow a text through its versions: every member of a cluster is as much a copy of the canonical one as any two
    /// copies are
    #[arg(long)]
    pub no_drift: bool,

    /// Compare the numbered or headed parts of each document on their own as well, as ID#1, ID#2 ...; parts are neither kept
    /// nor removed
    #[arg(long)]
    pub split: bool,

    /// Which copy of a cluster stays: a list, divided by semicolons, of source=A,B, intact, complete, earliest, latest,
    /// longest, shortest, first, each asked where those before it see no difference; container in it lets documents go
    /// of which nine tenths are within another one
    #[arg(long, value_name = "POLICY", default_value_t)]
    pub keep: Policy,

    /// Worker threads [default: all cores]
    #[arg(long, value_name = "N")]
    pub threads: Option<usize>,

    /// The field of a row that holds the text
    #[arg(long, value_name = "NAME", default_value = "text")]
    pub text_field: String,

    /// The field of a row that holds the id; FILE:LINE where a row has none
    #[arg(long, value_name = "NAME", default_value = "id")]
    pub id_field: String,

    /// The field of a row that holds its date, for --keep earliest and latest
    #[arg(long, value_name = "NAME", default_value = "date")]
    pub date_field: String,

    /// The field of a row that holds its source, for --keep source=A,B
    #[arg(long, value_name = "NAME", default_value = "source")]
    pub source_field: String,

    /// Print why, instead of the summary: once, that document's cluster and relations; twice, what is between those two
    #[arg(long, value_name = "ID", num_args = 1)]
    pub explain: Vec<String>,

    /// How the summary is printed on standard output
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,

    /// Show no progress
    #[arg(long)]
    pub quiet: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    Text,
    /// One JSON object, as in summary.json
    Json,
}

const EXAMPLES: &str = "\
Examples:
  dedup examples/articles
  dedup --output result news.jsonl.gz archive/
  zcat rows.jsonl.gz | dedup --text-field body --id-field url --format json -

Exit status: 0 all read; 3 some input was rejected, the results are complete for the rest; 2 wrong usage;
1 nothing could be done.";
