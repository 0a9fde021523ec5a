//! Finds which documents are the same one printed again, and keeps one canonical copy of each.
//!
//! `cargo run --release --example dedup -- examples/articles`

mod caught;
mod columns;
mod explain;
mod failure;
mod input;
mod layout;
mod manual;
mod metadata;
mod nearest;
mod options;
mod output;
mod overview;
mod page;
mod progress;
mod rejections;
mod resume;
mod screen;
mod source;
mod states;
mod store;
mod summary;
mod watch;
mod work;

use std::process::ExitCode;
use std::time::Instant;

use clap::Parser;
use reprint::report::Report;
use reprint::{Deduper, Documents, Part, Split};

use failure::Failure;
use options::{Format, Options};
use output::ResultFiles;
use overview::Overview;
use progress::Bars;
use resume::{Begun, Identity};
use screen::{Colour, Label, Screen, print, print_data, warn};
use store::Store;
use summary::Summary;
use work::WorkFolder;

fn main() -> ExitCode {
    let arguments = std::env::args_os().map(|argument| argument.to_string_lossy().into_owned());
    Colour::asked(arguments).set();
    let options = Options::parse();
    let done = match beside(&options) {
        Some(done) => done,
        None => run(&options),
    };
    done.unwrap_or_else(|failure| {
        warn(Label::Error, &failure);
        failure.exit_code()
    })
}

/// What is printed without any input: completions, the man page.
fn beside(options: &Options) -> Option<Result<ExitCode, Failure>> {
    let page = match options.completions {
        Some(shell) => manual::completions(shell),
        None if options.man => manual::page(),
        None => return None,
    };
    Some(print_data(&page).map(|()| ExitCode::SUCCESS))
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
    let work = options.output.as_deref();
    let work = work.map(|dir| WorkFolder::prepare(dir, options.force));
    let work = work.transpose()?;
    if let Some(work) = work.as_ref().filter(|_| !options.resume) {
        work.check_place()?;
    }
    if let Some(memory) = options.memory {
        watch::over(memory);
    }
    let bars = Bars::new(options.quiet);
    let started = Instant::now();
    let size = || input::size(&options.inputs);
    let store = bars.reading(size, |reading| {
        pool.install(|| input::read(options, reading))
    })?;
    let read_seconds = started.elapsed().as_secs_f64();
    rejections::tell(&store.rejected);
    for note in &store.notes {
        warn(Label::Note, note);
    }
    if options.kept_parquet && !store.has_parquet {
        return Err(Failure::NoTables);
    }
    if store.is_empty() {
        return Err(Failure::NoDocuments);
    }
    let identity = work.as_ref().map(|work| {
        let identity = pool.install(|| Identity::of(options, &deduper, &store));
        resume::begin(work, &identity, options.resume).map(|begun| (identity.any_order, begun))
    });
    let identity = identity.transpose()?;
    if identity
        .as_ref()
        .is_some_and(|(_, begun)| *begun == Begun::Finished)
    {
        return Ok(exit_code(&store));
    }
    let split = options.split.then(|| Split::of(&store));
    let documents: &dyn Documents = match &split {
        Some(split) => split,
        None => &store,
    };
    explain::check(options, documents)?;
    let report = match &work {
        Some(work) => deduper.run_with_checkpoints(documents, &bars, &work.states)?,
        None => deduper.run_with_progress(documents, &bars)?,
    };
    bars.finish();
    store.check()?;
    let result = RunResult {
        store: &store,
        documents,
        parts: split.as_ref().map(|split| split.parts().collect()),
        report: &report,
        page: options.report.then_some(&deduper),
    };
    let run = identity.map(|(run, _)| run);
    let mut summary = Summary::new(&result, read_seconds, run);
    if let Some(work) = work {
        work.warn_of_states();
        let folder = work.result()?;
        bars.writing(|| pool.install(|| ResultFiles::write(folder, &result, &mut summary)))?;
        // Nobody can go on with input that is gone.
        store.check().inspect_err(|_| work.states.forget())?;
        work.publish()?;
    }
    let screen = Screen::of_stdout();
    let answer = explain::answer(options, screen, &deduper, documents, &report)?;
    store.check()?;
    let overview = || {
        let output = options.output.as_deref();
        let (result, summary) = (&result, &summary);
        Overview {
            result,
            summary,
            output,
            screen,
        }
        .text()
    };
    match options.format {
        Format::Text => print(&answer.unwrap_or_else(overview))?,
        Format::Json => print_data(&answer.unwrap_or_else(|| summary.json() + "\n"))?,
    }
    Ok(exit_code(&store))
}

fn exit_code(store: &Store) -> ExitCode {
    ExitCode::from(if store.rejected.is_empty() { 0 } else { 3 })
}

/// What was read, and what came of it.
pub struct RunResult<'r> {
    /// The input.
    store: &'r Store,
    /// The input with the parts of its documents, where they were asked for.
    documents: &'r dyn Documents,
    parts: Option<Vec<(usize, &'r str, &'r Part)>>,
    report: &'r Report,
    /// What sets two documents side by side, where a page for people was asked for.
    page: Option<&'r Deduper>,
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
