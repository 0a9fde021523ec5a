//! Which options does the command line have?

use std::path::PathBuf;

use anyhow::{Result, ensure};
use clap::Parser;
use reprint_peers::{Settings, Windows};

use crate::engine::{self, Engine};

/// The numbers of slots, bands and slots in a band. Some peers have fixed values.
const SLOTS: usize = 128;
const BANDS: usize = 16;
const ROWS: usize = 8;

/// Run reprint and other people's engines on one input, and print what each costs and what it finds.
#[derive(Debug, Parser)]
#[command(max_term_width = 100)]
pub struct Options {
    /// Documents: .jsonl or .jsonl.gz, a row with "id" and "text" each
    pub input: PathBuf,

    /// A folder with truth.tsv, ignore.tsv or planted.tsv; without truth, a sample is compared exactly
    #[arg(long, value_name = "FOLDER")]
    pub labels: Option<PathBuf>,

    /// How often each engine runs; the table has medians
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..))]
    pub runs: u32,

    /// Only this engine; may be given again
    #[arg(long, value_name = "NAME")]
    pub only: Vec<String>,

    /// The engines from PyPI as well; each is installed into an environment of its own
    #[arg(long)]
    pub python: bool,

    /// What peers compare, where they let one choose: chars:N or words:N
    #[arg(long, value_name = "UNIT:N", default_value = "chars:5")]
    pub windows: Windows,

    /// Jaccard from which peers, and the exact comparison, call two documents copies
    #[arg(long, value_name = "X", default_value_t = 0.7)]
    pub threshold: f64,

    /// Without truth: how many documents are compared exactly with all others
    #[arg(long, value_name = "N", default_value_t = 300)]
    pub sample: usize,

    /// Write every single run to this file
    #[arg(long, value_name = "FILE")]
    pub tsv: Option<PathBuf>,
}

impl Options {
    /// The requested engines, in the order of the table.
    pub fn engines(&self) -> Result<Vec<Engine>> {
        for name in &self.only {
            let known = engine::ALL.iter().any(|engine| engine.name == name);
            let names = engine::ALL.map(|engine| engine.name).join(", ");
            ensure!(known, "no engine {name}; there are {names}");
        }
        let wanted = |engine: &Engine| {
            if self.only.is_empty() {
                self.python || !engine.is_python()
            } else {
                self.only.iter().any(|name| name == engine.name)
            }
        };
        Ok(engine::ALL.into_iter().filter(wanted).collect())
    }

    /// The settings that every engine gets.
    pub fn settings(&self, input: PathBuf) -> Settings {
        Settings {
            input,
            windows: self.windows,
            slots: SLOTS,
            bands: BANDS,
            rows: ROWS,
            threshold: self.threshold,
        }
    }
}
