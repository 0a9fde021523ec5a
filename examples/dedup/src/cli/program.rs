//! Which steps does a run take, and which messages are printed between them?

use std::io::{self, BufWriter};
use std::path::Path;
use std::time::Instant;

use reprint::report::Report;
use reprint::strip::Cut;
use reprint::{Documents, Index, Signed, Split};

use super::index::{Given, keep, open_or_create};
use super::layout::count;
use super::options::{Format, Options};
use super::overview::Overview;
use super::progress::Bars;
use super::rejections::{self, exit_status};
use super::screen::{Label, Screen, note, print, print_data, unless_closed, warn};
use super::{asked, explain};
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
use crate::run::settings::Settings;
use crate::run::work::WorkFolder;
use crate::run::work::resume::Resumption;
use crate::run::work::watch::Watch;
use crate::run::{Run, gather};
use crate::store::Store;

/// Reads, compares, writes and prints; then adds the documents to an index, if one is given.
pub fn run(options: &Options, index: Option<&Given>) -> Result<u8, Failure> {
    if options.explain.len() > 2 {
        return Err(Failure::TooManyToExplain(options.explain.len()));
    }
    let settings = options.settings()?;
    let watch = Watch::start(settings.allowed, |failure| warn(Label::Error, failure));
    let done = take_steps(options, &settings, &watch, index);
    done.map_err(|failure| watch.reason(failure))
}

fn take_steps(
    options: &Options,
    settings: &Settings,
    watch: &Watch,
    index: Option<&Given>,
) -> Result<u8, Failure> {
    let deduper = options.deduper(settings.decisions.as_ref())?;
    let mut steps = Steps {
        options,
        settings,
        run: Run::new(settings, deduper)?,
        bars: Bars::until(options.quiet, watch.is_stopped()),
        watch,
    };
    write_pairs(options, pairs::check)?;
    let work = steps.run.work()?;
    let (mut input, signed) = steps.read()?;
    // The index is opened before the work, because another process may be writing to it.
    let index = index.map(|given| {
        let opened = open_or_create(given, steps.run.deduper.clone());
        opened.map(|index| (index, &*given.folder))
    });
    let index = index.transpose()?;
    let (identity, work) = match begin(options, &steps.run, work.as_ref(), &input)? {
        Next::Run(identity) => (identity, work),
        Next::Done if options.explain.is_empty() => {
            tell_earlier(options, work.as_ref())?;
            return ended(&mut input.store, index);
        }
        // The result has no answer to --explain. Without the work folder, nothing of it is written again.
        Next::Done => (None, None),
    };
    let split = options
        .split
        .then(|| Split::new(&input.store))
        .transpose()?;
    let documents = Compare {
        input: &input,
        split: split.as_ref(),
    };
    let report = steps.compare(&documents, signed, work.as_ref())?;
    steps.finish(&documents, &report, work, identity)?;
    drop(split);
    ended(&mut input.store, index)
}

/// Adds the documents to the index, if there is one, and returns the exit status.
fn ended(store: &mut Store, index: Option<(Index, &Path)>) -> Result<u8, Failure> {
    if let Some((index, folder)) = index {
        let conflicts = keep(index, folder, store)?;
        store.rejected.extend(conflicts);
    }
    Ok(exit_status(&store.rejected))
}

/// What all steps need.
struct Steps<'s> {
    options: &'s Options,
    settings: &'s Settings,
    run: Run<'s>,
    bars: Bars,
    watch: &'s Watch,
}

/// The input that was read.
struct Input {
    store: Store,
    /// The comparison with a reference, if there is one.
    compared: Option<Compared>,
    /// The time that reading took, in seconds.
    seconds: f64,
}

/// The documents to be compared: those that were read, or these and their parts.
struct Compare<'i> {
    input: &'i Input,
    split: Option<&'i Split<'i, Store>>,
}

impl Compare<'_> {
    fn documents(&self) -> &dyn Documents {
        match self.split {
            Some(split) => split,
            None => &self.input.store,
        }
    }
}

impl Steps<'_> {
    /// Reads the input, and sets aside the documents that are dropped for a reference. If there is a reference, also returns
    /// the facts about the texts.
    fn read(&mut self) -> Result<(Input, Option<Signed>), Failure> {
        let started = Instant::now();
        let size = || gather::size(self.settings);
        let mut store = self.bars.reading(size, |reading| self.run.read(reading))?;
        self.watch.begin_comparing();
        rejections::report(&store.rejected);
        note(&store.notes);
        self.run.check_input(&store)?;
        let reference = (self.bars).reading(|| None, |reading| self.run.read_reference(reading))?;
        let seconds = started.elapsed().as_secs_f64();
        self.run.limit_memory(&store);
        let compared = reference
            .map(|reference| compare_with(&self.run, &mut store, reference, &self.bars))
            .transpose()?;
        let (compared, signed) = compared.unzip();
        let input = Input {
            store,
            compared,
            seconds,
        };
        Ok((input, signed))
    }

    /// Finds the copies, and applies the user's decisions if there are any.
    fn compare(
        &self,
        compare: &Compare<'_>,
        signed: Option<Signed>,
        work: Option<&WorkFolder>,
    ) -> Result<Report, Failure> {
        let (store, documents) = (&compare.input.store, compare.documents());
        explain::check(self.options, documents, &store.rejected)?;
        let report = (self.run).compare(store, documents, signed, work, &self.bars);
        self.bars.finish();
        let mut report = report?;
        if let Some(decisions) = &self.settings.decisions {
            let applied = decisions::apply(decisions, &mut report, documents);
            note(asked::of_decisions(&applied));
        }
        asked::check(self.options, store, &report).inspect_err(|_| {
            // The run counts as finished, not as interrupted: with other options, it is a different run.
            if let Some(work) = work {
                work.states.forget();
            }
        })?;
        Ok(report)
    }

    /// Writes the files and prints the answer.
    fn finish(
        &self,
        compare: &Compare<'_>,
        report: &Report,
        work: Option<WorkFolder>,
        identity: Option<String>,
    ) -> Result<(), Failure> {
        let cuts = self.run.strip(&compare.input.store, report)?;
        let result = self.result(compare, report, cuts.as_deref());
        let mut summary = Summary::new(&result, compare.input.seconds, identity);
        if let Some(work) = work {
            write(&self.run, &self.bars, &work, &result, &mut summary)?;
        }
        write_pairs(self.options, |file| pairs::write(report, file))?;
        match self.options.filter {
            true => print_kept(&result),
            false => print_result(self.options, &self.run, &result, &summary),
        }
    }

    /// Everything of the run that is written or printed.
    fn result<'r>(
        &'r self,
        compare: &'r Compare<'_>,
        report: &'r Report,
        cuts: Option<&'r [Vec<Cut>]>,
    ) -> RunResult<'r> {
        let (store, documents) = (&compare.input.store, compare.documents());
        let annotate = self.options.annotate;
        let doubts = match needs_doubts(self.options) {
            true => Doubts::new(&self.run.deduper, documents, report),
            false => Doubts::default(),
        };
        RunResult {
            store,
            documents,
            parts: compare.split.map(|split| split.parts().collect()),
            report,
            compared: compare.input.compared.as_ref(),
            cuts,
            annotations: annotate.then(|| Annotations::new(store, report)),
            decisions: self.settings.decisions.as_ref(),
            doubts,
            page: self.options.report.then_some(&self.run.deduper),
        }
    }
}

/// Compares the input with a reference, and adds the input of the reference that was rejected.
fn compare_with(
    run: &Run<'_>,
    store: &mut Store,
    reference: References,
    bars: &Bars,
) -> Result<(Compared, Signed), Failure> {
    let compared = run.against(store, &reference, bars);
    bars.finish();
    rejections::report(&reference.store.rejected);
    note(&reference.store.notes);
    let compared = compared?;
    store.rejected.extend(reference.store.rejected);
    Ok(compared)
}

/// Whether clusters are shown in the summary or on the report page.
fn needs_doubts(options: &Options) -> bool {
    let summary = options.format == Format::Text && options.explain.is_empty();
    options.report || (summary && !options.filter)
}

/// What remains to be done.
enum Next {
    /// The run. If results are written, with the hash that identifies it.
    Run(Option<String>),
    /// Nothing: the result exists already.
    Done,
}

fn begin(
    options: &Options,
    run: &Run<'_>,
    work: Option<&WorkFolder>,
    input: &Input,
) -> Result<Next, Failure> {
    let Some(work) = work else {
        return Ok(Next::Run(None));
    };
    let reference = input.compared.as_ref().map_or(0, |found| found.identity);
    let (identity, resumption) = run.begin(work, &input.store, reference)?;
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
            note([match options.explain.is_empty() {
                true => {
                    format!("--resume: nothing to do, {place} already holds the result of this run")
                }
                false => format!(
                    "--resume: {place} already holds the result of this run; the documents are compared again for --explain only"
                ),
            }]);
            return Ok(Next::Done);
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

/// Writes the pairs of a result that exists already, and prints its summary if JSON is wanted.
fn tell_earlier(options: &Options, work: Option<&WorkFolder>) -> Result<(), Failure> {
    let Some(work) = work else {
        return Ok(());
    };
    if options.pairs.is_some() {
        let earlier = pairs::Earlier::read(work.place())?;
        write_pairs(options, |file| earlier.write(file))?;
    }
    match options.format {
        Format::Json => print_data(&work.summary()?),
        Format::Text => Ok(()),
    }
}

/// Checks or writes the file of `--pairs`, if it is wanted.
fn write_pairs(
    options: &Options,
    write: impl FnOnce(&Path) -> io::Result<()>,
) -> Result<(), Failure> {
    let Some(file) = &options.pairs else {
        return Ok(());
    };
    write(file).map_err(|error| Failure::Output {
        place: file.clone(),
        error,
    })
}

/// Prints the kept rows.
fn print_kept(result: &RunResult<'_>) -> Result<(), Failure> {
    let store = result.store;
    let out = BufWriter::with_capacity(1 << 18, io::stdout().lock());
    let written = write_kept(
        store,
        &result.report.kept(),
        result.cuts.unwrap_or_default(),
        out,
    );
    store.check()?;
    unless_closed(written)
}

/// Prints the requested explanation, or else the summary.
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
