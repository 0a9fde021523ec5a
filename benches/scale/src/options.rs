//! Which options does the command line have?

use std::env;
use std::path::PathBuf;

use anyhow::{Result, ensure};
use clap::Parser;

use crate::case::{self, Case};

/// Run the bundled program on made-up inputs of growing size, and print what each costs with one thread and with two.
#[derive(Debug, Parser)]
#[command(max_term_width = 100)]
pub struct Options {
    /// Our program [default: built from the package two folders up]
    #[arg(long, value_name = "PATH")]
    pub program: Option<PathBuf>,

    /// Only this input; may be given again
    #[arg(long, value_name = "NAME")]
    pub only: Vec<String>,

    /// CPU seconds after which a run is stopped; larger inputs of its kind are then left out
    #[arg(long, value_name = "SECONDS", default_value_t = 300)]
    pub limit: u64,

    /// Another seed makes other texts of the same kind
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,

    /// Where inputs and results are put for a while; the largest take some gigabytes [default: the system's temporary folder]
    #[arg(long, value_name = "DIR")]
    pub scratch: Option<PathBuf>,

    /// Write every single run to this file, with the seconds of each stage
    #[arg(long, value_name = "FILE")]
    pub tsv: Option<PathBuf>,
}

impl Options {
    /// The requested inputs, in the order of the table.
    pub fn cases(&self) -> Result<Vec<Case>> {
        for name in &self.only {
            let known = case::ALL.iter().any(|case| case.name == name);
            let names = case::ALL.map(|case| case.name).join(", ");
            ensure!(known, "no input {name}; there are {names}");
        }
        let wanted =
            |case: &Case| self.only.is_empty() || self.only.iter().any(|name| name == case.name);
        Ok(case::ALL.into_iter().filter(wanted).collect())
    }

    pub fn scratch(&self) -> PathBuf {
        self.scratch.clone().unwrap_or_else(env::temp_dir)
    }
}
