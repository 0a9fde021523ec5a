//! How well are reprints found? Runs over labelled sets and compares what is found with what people said.
//!
//! `cargo run --release --example evaluate -- FOLDER`: each folder in it with a `truth.tsv`, `truth2.tsv`, `planted.tsv` or
//! `pairs.tsv` beside a `docs.jsonl` (or `.gz`) is a set; `--help` tells their columns.

#![allow(clippy::print_stdout, clippy::print_stderr)]

mod changes;
mod collection;
mod curve;
mod links;
mod options;
mod pool;
mod run;
mod score;
mod set;
mod table;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::slice::Chunks;

use clap::Parser;

use crate::collection::Collection;
use crate::options::{Options, Sweep, Tuning};
use crate::run::{Outcome, evaluate};
use crate::set::Set;

fn main() -> ExitCode {
    match work(&Options::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("evaluate: {message}");
            ExitCode::FAILURE
        }
    }
}

/// What is run, and with which settings.
struct Plan {
    folders: Vec<PathBuf>,
    /// Whether all sets are in one run.
    pooled: bool,
    /// Documents that are in every run.
    others: Vec<Collection>,
    tuning: Tuning,
}

impl Plan {
    fn new(options: &Options) -> Result<Self, String> {
        Ok(Self {
            folders: set::folders(&options.folder, &options.sets)?,
            pooled: options.pooled,
            tuning: Tuning::of(options)?,
            others: Collection::read_all(&options.among)?,
        })
    }

    /// The folders of the sets of each run.
    fn runs(&self) -> Chunks<'_, PathBuf> {
        let sets = if self.pooled { self.folders.len() } else { 1 };
        self.folders.chunks(sets)
    }

    fn evaluate(&self, sets: &[Set]) -> Result<Vec<Outcome>, String> {
        evaluate(sets, &self.others, &self.tuning)
    }
}

fn work(options: &Options) -> Result<(), String> {
    let plan = Plan::new(options)?;
    match &options.sweep {
        Some(sweep) => table::sweep(&sweeps(&plan, sweep)?, sweep),
        None => report(options, &plan)?,
    }
    Ok(())
}

/// All sets once; with the files that were asked for.
fn report(options: &Options, plan: &Plan) -> Result<(), String> {
    let earlier = options.against.as_deref().map(changes::read).transpose()?;
    let mut outcomes = Vec::new();
    for folders in plan.runs() {
        let sets = read_sets(folders)?;
        let found = plan.evaluate(&sets)?;
        if let Some(folder) = &options.assignments {
            write_assignments(folder, &sets, &found)?;
        }
        if let Some(folder) = &options.curves {
            write_curves(folder, &sets, plan)?;
        }
        outcomes.extend(found);
    }
    if let Some(path) = &options.json {
        let rows = serde_json::to_string_pretty(&outcomes).map_err(|error| error.to_string())?;
        write(path, &(rows + "\n"))?;
    }
    table::print(&outcomes);
    if let Some(earlier) = &earlier {
        print!("\n{}", changes::describe(earlier, &outcomes));
    }
    Ok(())
}

fn read_sets(folders: &[PathBuf]) -> Result<Vec<Set>, String> {
    folders.iter().map(|folder| Set::read(folder)).collect()
}

fn write_assignments(folder: &Path, sets: &[Set], outcomes: &[Outcome]) -> Result<(), String> {
    for (set, outcome) in sets.iter().zip(outcomes) {
        let file = |ending: &str| folder.join(format!("{}{ending}", set.name));
        write(&file(".tsv"), &outcome.assignment(set))?;
        write(&file(".contain.tsv"), &outcome.containers())?;
    }
    Ok(())
}

fn write_curves(folder: &Path, sets: &[Set], plan: &Plan) -> Result<(), String> {
    let curves = curve::points(sets, &plan.others, &plan.tuning)?;
    for (set, points) in sets.iter().zip(&curves) {
        let file = folder.join(format!("{}.svg", set.name));
        write(&file, &curve::drawn(&set.name, points)?)?;
    }
    Ok(())
}

/// The outcomes of all sets for each value of a sweep.
fn sweeps(plan: &Plan, sweep: &Sweep) -> Result<Vec<Vec<Outcome>>, String> {
    let mut by_value = vec![Vec::new(); sweep.values.len()];
    for folders in plan.runs() {
        let sets = read_sets(folders)?;
        for (outcomes, value) in by_value.iter_mut().zip(&sweep.values) {
            let tuning = plan.tuning.with(&sweep.name, *value)?;
            outcomes.extend(evaluate(&sets, &plan.others, &tuning)?);
        }
    }
    Ok(by_value)
}

fn write(path: &Path, text: &str) -> Result<(), String> {
    let failed = |error: std::io::Error| format!("{}: {error}", path.display());
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(failed)?;
    }
    fs::write(path, text).map_err(failed)
}
