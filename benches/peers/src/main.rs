//! What do other engines cost on an input, and what do they find?
//!
//! `cargo run --release --manifest-path benches/peers/Cargo.toml -- INPUT.jsonl --labels FOLDER`; the method and its limits
//! are in `benches/README.md`.

mod engine;
mod exact;
mod input;
mod judge;
mod labels;
#[path = "../../machine/mod.rs"]
mod machine;
mod measure;
mod options;
mod prepare;
mod race;
mod table;

use std::path::Path;

use anyhow::Result;
use clap::Parser;
use reprint_peers::Settings;

use crate::judge::Judge;
use crate::options::Options;
use crate::race::Runner;

fn main() -> Result<()> {
    let options = Options::parse();
    let scratch = tempfile::tempdir()?;
    let settings = options.settings(input::unpacked(&options.input, scratch.path())?);
    let mut runners = prepared(&options, &settings)?;
    measure::stay_on_one_core()?;
    race::run(&mut runners, options.runs, scratch.path())?;
    // Only now, because memory that is read here earlier would be counted as memory of the engines.
    let judge = Judge::new(&settings, options.labels.as_deref(), options.sample)?;
    report(&options, &judge, &runners, scratch.path())
}

fn prepared(options: &Options, settings: &Settings) -> Result<Vec<Runner>> {
    let mut runners = Vec::new();
    for engine in options.engines()? {
        eprintln!("preparing {}", engine.name);
        runners.push(Runner::new(engine, prepare::prepare(&engine, settings)));
    }
    Ok(runners)
}

fn report(options: &Options, judge: &Judge, runners: &[Runner], scratch: &Path) -> Result<()> {
    let rows: Result<Vec<_>> = runners.iter().map(|it| it.row(judge, scratch)).collect();
    let rows = rows?;
    let facts = facts(options, judge);
    for (name, fact) in &facts {
        println!("{name}: {fact}");
    }
    println!();
    table::print(&rows, judge.input.text_bytes, judge.measures());
    if let Some(path) = &options.tsv {
        table::write(path, &rows, &facts, judge.measures())?;
    }
    Ok(())
}

/// The facts that are needed to read the table.
fn facts(options: &Options, judge: &Judge) -> Vec<(&'static str, String)> {
    let input = format!(
        "{}, {} documents, {:.1} MB of text",
        file_name(&options.input),
        judge.input.documents(),
        judge.input.text_bytes as f64 / 1e6
    );
    let labels = options.labels.as_deref().map(file_name);
    vec![
        ("machine", machine::processor()),
        ("input", input),
        ("labels", labels.unwrap_or("none".into())),
        (
            "windows and threshold of the peers",
            format!("{}, {}", options.windows, options.threshold),
        ),
        ("runs", options.runs.to_string()),
        ("standard", judge.standard()),
    ]
}

/// The name without its folders, which have no meaning on other machines.
fn file_name(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}
