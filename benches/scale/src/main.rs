//! How do time and memory grow with the input?
//!
//! `cargo run --release --manifest-path benches/scale/Cargo.toml`; the method and the results are in `benches/README.md`.

mod case;
mod input;
mod judge;
#[path = "../../machine/mod.rs"]
mod machine;
mod measure;
mod options;
mod program;
mod random;
mod row;
mod table;
mod text;

use std::path::Path;

use anyhow::Result;
use clap::Parser;

use crate::case::Case;
use crate::input::Input;
use crate::measure::{Bounds, Outcome, measure};
use crate::options::Options;
use crate::row::{Row, Run};

/// Numbers of threads. The second run is compared with the first.
const THREADS: [usize; 2] = [1, 2];

fn main() -> Result<()> {
    let options = Options::parse();
    let program = program::ready(options.program.as_deref())?;
    let mut rows: Vec<Row> = Vec::new();
    for case in options.cases()? {
        let row = match skipped(&case, &rows) {
            Some(reason) => Row::without_runs(case, reason),
            None => run(&case, &program, &options)?,
        };
        rows.push(row);
        // Written after each case, so that the results are on disk if a long series is interrupted.
        if let Some(path) = &options.tsv {
            table::write(path, &rows, &facts(&options))?;
        }
    }
    for (name, fact) in facts(&options) {
        println!("{name}: {fact}");
    }
    println!();
    table::print(&rows);
    Ok(())
}

/// Why a case is not run: a smaller case of its kind was not finished.
fn skipped(case: &Case, rows: &[Row]) -> Option<String> {
    let smaller = |row: &&Row| row.case.grows_into(case) && !row.note.is_empty();
    let row = rows.iter().find(smaller)?;
    Some(format!("not run, as {} was not finished", row.case.name))
}

fn run(case: &Case, program: &Path, options: &Options) -> Result<Row> {
    eprintln!("{}: writing the input", case.name);
    let scratch = tempfile::tempdir_in(options.scratch())?;
    let input = Input::write(case, options.seed, &scratch.path().join("input.jsonl"))?;
    let mut row = Row::new(*case, &input);
    for threads in THREADS {
        let folder = scratch.path().join(format!("result-{threads}"));
        let bounds = Bounds {
            threads,
            cpu_seconds: options.limit,
        };
        match measure(program, &input, &folder, bounds)? {
            Outcome::Ended(cost) => {
                eprintln!("{}: {:.1} s on {threads}", case.name, cost.wall_seconds);
                row.runs.push(Run::new(threads, cost, &folder)?);
            }
            Outcome::Stopped(reason) => {
                eprintln!("{}: {reason}", case.name);
                row.note = reason;
                break;
            }
        }
    }
    Ok(row)
}

/// The facts that are needed to read the table.
fn facts(options: &Options) -> Vec<(&'static str, String)> {
    vec![
        ("machine", machine::processor()),
        ("seed", options.seed.to_string()),
        ("limit of a run", format!("{} CPU s", options.limit)),
    ]
}
