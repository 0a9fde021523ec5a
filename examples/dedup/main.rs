//! Finds which documents are the same one printed again, and keeps one canonical copy of each.
//!
//! `cargo run --release --example dedup -- examples/articles`

mod caught;
mod columns;
mod explain;
mod failure;
mod input;
mod metadata;
mod options;
mod output;
mod progress;
mod source;
mod store;
mod summary;

use std::io::{ErrorKind, Write};
use std::process::ExitCode;
use std::time::Instant;

use clap::Parser;
use reprint::report::Report;
use reprint::{Deduper, Documents, Part, Split};

use failure::Failure;
use options::{Format, Options};
use output::ResultFolder;
use progress::Bars;
use store::Store;
use summary::Summary;

/// Rejections shown before they are only counted.
const SHOWN: usize = 50;

fn main() -> ExitCode {
    match run(&Options::parse()) {
        Ok(code) => code,
        Err(failure) => {
            warn(format_args!("error: {failure}"));
            failure.exit_code()
        }
    }
}

fn run(options: &Options) -> Result<ExitCode, Failure> {
    if options.explain.len() > 2 {
        return Err(Failure::TooManyToExplain(options.explain.len()));
    }
    let deduper = options.deduper()?;
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(options.threads.unwrap_or(0))
        .build()
        .map_err(Failure::Threads)?;
    let folder = options
        .output
        .as_deref()
        .map(|dir| ResultFolder::prepare(dir, options.force));
    let folder = folder.transpose()?;
    let bars = Bars::new(options.quiet);
    let started = Instant::now();
    let store = bars.reading(|| pool.install(|| input::read(options)))?;
    let read_seconds = started.elapsed().as_secs_f64();
    for rejected in store.rejected.iter().take(SHOWN) {
        warn(format_args!("rejected: {rejected}"));
    }
    if store.rejected.len() > SHOWN {
        let more = store.rejected.len() - SHOWN;
        warn(format_args!(
            "rejected: ... and {more} more; --output DIR writes all of them"
        ));
    }
    for note in &store.notes {
        warn(format_args!("note: {note}"));
    }
    if options.kept_parquet && store.tables.is_empty() {
        return Err(Failure::NoTables);
    }
    if store.is_empty() {
        return Err(Failure::NoDocuments);
    }
    let split = options.split.then(|| Split::of(&store));
    let documents: &dyn Documents = match &split {
        Some(split) => split,
        None => &store,
    };
    let report = deduper.run_with_progress(documents, &bars)?;
    bars.finish();
    store.check()?;
    let result = RunResult {
        store: &store,
        documents,
        parts: split.as_ref().map(|split| split.parts().collect()),
        report: &report,
    };
    let mut summary = Summary::new(&result, read_seconds);
    if let Some(folder) = folder {
        pool.install(|| folder.write(&result, &mut summary))?;
    }
    let answer = explain::answer(options, &deduper, documents, &report)?;
    store.check()?;
    print(&answer.unwrap_or_else(|| match options.format {
        Format::Text => summary.text(),
        Format::Json => summary.json() + "\n",
    }))?;
    Ok(ExitCode::from(if store.rejected.is_empty() {
        0
    } else {
        3
    }))
}

/// What was read, and what came of it.
pub struct RunResult<'r> {
    /// The input.
    store: &'r Store,
    /// The input with the parts of its documents, where they were asked for.
    documents: &'r dyn Documents,
    parts: Option<Vec<(usize, &'r str, &'r Part)>>,
    report: &'r Report,
}

/// To standard output; a reader that has gone away is no failure, a full disk is.
fn print(text: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(Failure::Output {
            place: "standard output".into(),
            error,
        }),
        _ => Ok(()),
    }
}

/// To standard error.
fn warn(message: std::fmt::Arguments<'_>) {
    let _ = writeln!(std::io::stderr(), "{message}");
}

impl Options {
    fn deduper(&self) -> Result<Deduper, Failure> {
        let mut builder = Deduper::builder()
            .relations(!self.no_relations)
            .drift(!self.no_drift)
            .keep(self.keep.clone());
        if let Some(threshold) = self.threshold {
            builder = builder.threshold(threshold);
        }
        if let Some(recall) = self.recall {
            builder = builder.recall(recall);
        }
        if let Some(containment) = self.containment {
            builder = builder.containment(containment);
        }
        if let Some(passage) = self.passage {
            builder = builder.passage(passage);
        }
        if let Some(threads) = self.threads {
            builder = builder.threads(threads);
        }
        builder.build().map_err(Failure::Usage)
    }
}
