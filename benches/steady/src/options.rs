//! Which options does the command line have?

use std::path::PathBuf;

use clap::Parser;

/// Count what every stage allocates and executes, and print it.
#[derive(Debug, Parser)]
#[command(max_term_width = 100)]
pub struct Options {
    /// Write the sums over all documents to this file
    #[arg(long, value_name = "FILE")]
    pub tsv: Option<PathBuf>,

    /// The program that counts instructions; where it is missing, they are left out
    #[arg(long, value_name = "PROGRAM", default_value = "valgrind")]
    pub valgrind: PathBuf,

    /// Only write where a Chinese run with relations allocates, as JSON for the viewer of DHAT
    #[arg(long, value_name = "FILE")]
    pub trace: Option<PathBuf>,
}
