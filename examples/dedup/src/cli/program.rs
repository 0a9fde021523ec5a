//! Which steps does a run take, and which messages come between them?

use std::io::BufWriter;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use reprint::{Documents, Split};

use super::layout::count;
use super::options::{Format, Options};
use super::overview::Overview;
use super::progress::Bars;
use super::screen::{Label, Screen, print, print_data, unless_closed, warn};
use super::{asked, explain, rejections};
use crate::result::RunResult;
use crate::result::against::Compared;
use crate::result::annotate::{Annotations, FIELD};
use crate::result::decisions;
use crate::result::doubt::Doubts;
use crate::result::files::write_kept;
use crate::result::pairs;
use crate::result::summary::Summary;
use crate::run::failure::Failure;
use crate::run::reference::saved::References;
use crate::run::work::resume::Resumption;
use crate::run::work::{WorkFolder, watch};
use crate::run::{Run, gather};
use crate::store::Store;

/// Reads, compares, writes and prints.
pub fn run(options: &Options) -> Result<u8, Failure> {
    if options.explain.len() > 2 {
        return Err(Failure::TooManyToExplain(options.explain.len()));
    }
    let settings = options.settings()?;
    let deduper = options.deduper(settings.decisions.as_ref())?;
    let mut run = Run::new(&settings, deduper)?;
    let bars = Bars::new(options.quiet);
    let work = run.work()?;
    let comparing = Arc::new(AtomicBool::new(false));
    if let Some(memory) = options.memory {
        let comparing = Arc::clone(&comparing);
        watch::over(memory, comparing, |failure| warn(Label::Error, failure));
    }
    let started = Instant::now();
    let size = || gather::size(&settings);
    let mut store = bars.reading(size, |reading| run.read(reading))?;
    comparing.store(true, Ordering::Relaxed);
    rejections::report(&store.rejected);
    note(&store.notes);
    run.check_input(&store)?;
    let reference = bars.reading(|| None, |reading| run.read_reference(reading))?;
    let read = started.elapsed().as_secs_f64();
    run.limit_memory(&store);
    let compared = match reference {
        Some(reference) => Some(compare_with(&run, &mut store, reference, &bars)?),
        None => None,
    };
    let from_reference = compared.as_ref().map_or(0, |compared| compared.identity);
    let identity = match begin(&run, work.as_ref(), &store, from_reference)? {
        Next::Run(identity) => identity,
        Next::Done(work) => {
            print_earlier(options, work)?;
            return Ok(exit_status(&store));
        }
    };
    let split = options.split.then(|| Split::new(&store));
    let documents: &dyn Documents = match &split {
        Some(split) => split,
        None => &store,
    };
    explain::check(options, documents, &store.rejected)?;
    let report = run.compare(&store, documents, work.as_ref(), &bars);
    bars.finish();
    let mut report = report?;
    if let Some(decisions) = &settings.decisions {
        let applied = decisions::apply(decisions, &mut report, documents);
        note(asked::of_decisions(&applied));
    }
    asked::check(options, &store, &report).inspect_err(|_| {
        // This is not an interrupted run: with other options, it is another one.
        if let Some(work) = &work {
            work.states.forget();
        }
    })?;
    let cuts = run.strip(&store, &report)?;
    let annotations = options.annotate.then(|| Annotations::new(&store, &report));
    let doubts = match needs_doubts(options) {
        true => Doubts::new(&run.deduper, documents, &report),
        false => Doubts::default(),
    };
    let result = RunResult {
        store: &store,
        documents,
        parts: split.as_ref().map(|split| split.parts().collect()),
        report: &report,
        compared: compared.as_ref(),
        cuts: cuts.as_deref(),
        annotations,
        decisions: settings.decisions.as_ref(),
        doubts,
        page: options.report.then_some(&run.deduper),
    };
    let mut summary = Summary::new(&result, read, identity);
    if let Some(work) = work {
        write(&run, &bars, &work, &result, &mut summary)?;
    }
    if let Some(file) = &options.pairs {
        pairs::write(&report, file).map_err(|error| Failure::Output {
            place: file.clone(),
            error,
        })?;
    }
    match options.filter {
        true => print_kept(&result)?,
        false => print_result(options, &run, &result, &summary)?,
    }
    Ok(exit_status(&store))
}

/// Compares the input with a reference, and takes over what was rejected of that.
fn compare_with(
    run: &Run<'_>,
    store: &mut Store,
    reference: References,
    bars: &Bars,
) -> Result<Compared, Failure> {
    let compared = run.against(store, &reference, bars);
    bars.finish();
    rejections::report(&reference.store.rejected);
    note(&reference.store.notes);
    let compared = compared?;
    store.rejected.extend(reference.store.rejected);
    Ok(compared)
}

/// Are clusters shown to a person?
fn needs_doubts(options: &Options) -> bool {
    let summary = options.format == Format::Text && options.explain.is_empty();
    options.report || (summary && !options.filter)
}

fn exit_status(store: &Store) -> u8 {
    if store.rejected.is_empty() { 0 } else { 3 }
}

fn note(notes: impl IntoIterator<Item = impl std::fmt::Display>) {
    for note in notes {
        warn(Label::Note, note);
    }
}

/// What is left to be done.
enum Next<'w> {
    /// The run, of this identity where results are written.
    Run(Option<String>),
    /// Nothing: its result is there.
    Done(&'w WorkFolder),
}

fn begin<'w>(
    run: &Run<'_>,
    work: Option<&'w WorkFolder>,
    store: &Store,
    reference: u128,
) -> Result<Next<'w>, Failure> {
    let Some(work) = work else {
        return Ok(Next::Run(None));
    };
    let (identity, resumption) = run.begin(work, store, reference)?;
    match resumption {
        Resumption::FromStart(notes) => note(notes),
        Resumption::Continued(stages) => {
            let done: Vec<&str> = stages.iter().map(|stage| stage.as_str()).collect();
            let done = done.join(" ");
            note([format!(
                "--resume: continuing an interrupted run; done: read {done}"
            )]);
        }
        Resumption::Finished => {
            let place = work.place().display();
            note([format!(
                "--resume: nothing to do, {place} already holds the result of this run"
            )]);
            return Ok(Next::Done(work));
        }
    }
    Ok(Next::Run(Some(identity)))
}

fn write(
    run: &Run<'_>,
    bars: &Bars,
    work: &WorkFolder,
    result: &RunResult<'_>,
    summary: &mut Summary<'_>,
) -> Result<(), Failure> {
    note(work.why_not_resumable());
    let written = bars.writing(|| run.write(work, result, summary))?;
    if written.replaced > 0 {
        let rows = count(written.replaced, "row");
        note([format!(
            "{rows} had a field {FIELD:?} already; --annotate replaced it"
        )]);
    }
    Ok(())
}

/// The summary of a result that is there already, as far as it is data.
fn print_earlier(options: &Options, work: &WorkFolder) -> Result<(), Failure> {
    match options.format {
        Format::Json => print_data(&work.summary()?),
        Format::Text => Ok(()),
    }
}

/// The rows that stay.
fn print_kept(result: &RunResult<'_>) -> Result<(), Failure> {
    let store = result.store;
    let out = BufWriter::with_capacity(1 << 18, std::io::stdout().lock());
    let written = write_kept(
        store,
        &result.report.kept(),
        result.cuts.unwrap_or_default(),
        out,
    );
    unless_closed(written)?;
    Ok(store.check()?)
}

/// The answer to what was asked, or what a person should know.
fn print_result(
    options: &Options,
    run: &Run<'_>,
    result: &RunResult<'_>,
    summary: &Summary<'_>,
) -> Result<(), Failure> {
    let screen = Screen::of_stdout();
    let (documents, report) = (result.documents, result.report);
    let answer = explain::answer(options, screen, &run.deduper, documents, report)?;
    result.store.check()?;
    let overview = || {
        let output = options.output.as_deref();
        Overview {
            result,
            summary,
            output,
            screen,
        }
        .text()
    };
    match options.format {
        Format::Text => print(&answer.unwrap_or_else(overview)),
        Format::Json => print_data(&answer.unwrap_or_else(|| summary.json() + "\n")),
    }
}
