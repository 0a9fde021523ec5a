//! What are the results for one input?

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::case::Case;
use crate::input::{Input, Planted};
use crate::judge::{self, Found};
use crate::measure::Cost;

/// An input and all its runs.
#[derive(Debug)]
pub struct Row {
    pub case: Case,
    pub text_bytes: usize,
    pub planted: Planted,
    pub runs: Vec<Run>,
    /// Why runs are missing.
    pub note: String,
}

#[derive(Debug)]
pub struct Run {
    pub threads: usize,
    pub cost: Cost,
    /// As the program reports it: the kernel's account would start with the peak of the parent process.
    pub peak_bytes: u64,
    pub found: Found,
    /// Wall time of each stage in seconds, by name.
    pub stages: Vec<(String, f64)>,
}

/// The part of `summary.json` with the time and the memory of the run.
#[derive(Deserialize)]
struct Summary {
    seconds: Map<String, Value>,
    peak_memory_bytes: u64,
}

impl Row {
    pub fn new(case: Case, input: &Input) -> Self {
        Self {
            case,
            text_bytes: input.text_bytes,
            planted: input.planted,
            runs: Vec::new(),
            note: String::new(),
        }
    }

    pub fn without_runs(case: Case, note: String) -> Self {
        Self {
            case,
            text_bytes: 0,
            planted: Planted::default(),
            runs: Vec::new(),
            note,
        }
    }
}

impl Run {
    pub fn new(threads: usize, cost: Cost, folder: &Path) -> Result<Self> {
        let summary = summary(&folder.join("summary.json"))?;
        let stage = |(name, seconds): (String, Value)| Some((name, seconds.as_f64()?));
        Ok(Self {
            threads,
            cost,
            peak_bytes: summary.peak_memory_bytes,
            found: judge::found(folder)?,
            stages: summary.seconds.into_iter().filter_map(stage).collect(),
        })
    }

    /// The slowest stage, and its share of the time of all stages.
    pub fn slowest(&self) -> Option<(&str, f64)> {
        let all: f64 = self.stages.iter().map(|(_, seconds)| seconds).sum();
        let slowest = self.stages.iter().max_by(|a, b| a.1.total_cmp(&b.1));
        slowest.map(|(stage, seconds)| (stage.as_str(), seconds / all))
    }
}

fn summary(path: &Path) -> Result<Summary> {
    let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
    Ok(serde_json::from_str(&text)?)
}
