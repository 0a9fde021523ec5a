//! How much does every stage allocate, and how many instructions does it execute?
//!
//! `cargo run --release --manifest-path benches/steady/Cargo.toml`; how to read the results is in `benches/README.md`.

mod instructions;
mod options;
mod table;

use std::path::Path;

use anyhow::Result;
use clap::Parser;
use reprint_steady::allocations;
use reprint_steady::work::{Language, Stage, Work};

use crate::instructions::Counter;
use crate::options::Options;
use crate::table::Row;

#[global_allocator]
static ALLOCATOR: dhat::Alloc = dhat::Alloc;

fn main() -> Result<()> {
    let options = Options::parse();
    if let Some(path) = &options.trace {
        trace(path);
        return Ok(());
    }
    let counter = Counter::new(&options.valgrind);
    let rows = rows(counter.as_ref().ok())?;
    let facts = facts(&counter)?;
    for (name, fact) in &facts {
        println!("{name}: {fact}");
    }
    println!();
    table::print(&rows);
    if let Some(path) = &options.tsv {
        table::write(path, &rows, &facts)?;
    }
    Ok(())
}

fn rows(counter: Option<&Counter>) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    for language in Language::ALL {
        for stage in Stage::ALL {
            eprintln!("counting {} {}", language.name(), stage.name());
            rows.push(row(language, stage, counter)?);
        }
    }
    Ok(rows)
}

fn row(language: Language, stage: Stage, counter: Option<&Counter>) -> Result<Row> {
    let work = Work::new(language, stage);
    // Once without counting, because the first use unpacks the tables of the library.
    work.perform();
    Ok(Row {
        language,
        stage,
        documents: work.documents(),
        text_bytes: work.text_bytes(),
        allocations: allocations::count(|| work.perform()),
        instructions: counter
            .map(|counter| counter.count(language, stage))
            .transpose()?,
    })
}

/// The facts that are needed to read the table.
fn facts(counter: &Result<Counter>) -> Result<Vec<(&'static str, String)>> {
    let mut facts = Vec::new();
    for language in Language::ALL {
        let work = Work::new(language, Stage::Normalize);
        let (documents, bytes) = (work.documents(), work.text_bytes() as f64 / 1e3);
        facts.push((
            language.name(),
            format!("{documents} documents, {bytes:.0} KB"),
        ));
    }
    let instructions = match counter {
        Ok(counter) => format!("counted by {}", counter.version()?),
        Err(error) => format!("absent ({error:#})"),
    };
    facts.push(("instructions", instructions));
    Ok(facts)
}

fn trace(path: &Path) {
    let work = Work::new(Language::Chinese, Stage::RunWithRelations);
    work.perform();
    allocations::trace(path, || work.perform());
}
