//! How well are reprints found? Runs over labelled sets and compares what is found with what people said.
//!
//! `cargo run --release --example evaluate -- FOLDER`: each folder in it with a `truth.tsv`, `truth2.tsv`, `planted.tsv` or
//! `pairs.tsv` beside a `docs.jsonl` (or `.gz`) is a set; `--help` tells their columns.

#![allow(clippy::print_stdout, clippy::print_stderr)]

mod curve;
mod options;
mod run;
mod score;
mod set;
mod table;

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use clap::Parser;

use crate::options::{Options, Tuning};
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

fn work(options: &Options) -> Result<(), String> {
    let folders = set::folders(&options.folder, &options.sets)?;
    let tuning = Tuning::of(options)?;
    match &options.sweep {
        Some(sweep) => table::sweep(&sweeps(&folders, sweep, &tuning)?, sweep),
        None => report(options, &folders, &tuning)?,
    }
    Ok(())
}

/// All sets once; with the files that were asked for.
fn report(
    options: &Options,
    folders: &[std::path::PathBuf],
    tuning: &Tuning,
) -> Result<(), String> {
    let mut outcomes = Vec::new();
    for folder in folders {
        let set = Set::read(folder)?;
        let outcome = evaluate(&set, tuning)?;
        if let Some(assignments) = &options.assignments {
            write(
                &assignments.join(format!("{}.tsv", set.name)),
                &outcome.assignment(&set),
            )?;
            write(
                &assignments.join(format!("{}.contain.tsv", set.name)),
                &outcome.containers(),
            )?;
        }
        if let Some(curves) = &options.curves {
            let points = curve::points(&set, tuning)?;
            write(
                &curves.join(format!("{}.svg", set.name)),
                &curve::drawn(&set.name, &points)?,
            )?;
        }
        outcomes.push(outcome);
    }
    if let Some(path) = &options.json {
        let rows = serde_json::to_string_pretty(&outcomes).map_err(|error| error.to_string())?;
        write(path, &(rows + "\n"))?;
    }
    table::print(&outcomes);
    Ok(())
}

/// The outcomes of all sets for each value of a sweep.
fn sweeps(
    folders: &[std::path::PathBuf],
    sweep: &options::Sweep,
    tuning: &Tuning,
) -> Result<Vec<Vec<Outcome>>, String> {
    let mut by_value = vec![Vec::new(); sweep.values.len()];
    for folder in folders {
        let set = Set::read(folder)?;
        for (outcomes, value) in by_value.iter_mut().zip(&sweep.values) {
            outcomes.push(evaluate(&set, &tuning.with(&sweep.name, *value)?)?);
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
