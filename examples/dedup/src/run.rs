//! What does the program do, one step after the other?

use std::process::ExitCode;
use std::time::Instant;

use rayon::ThreadPool;
use reprint::report::Report;
use reprint::{Deduper, Documents, Part, Split};

use crate::annotate::Annotations;
use crate::failure::Failure;
use crate::input;
use crate::options::{Format, Options};
use crate::output::ResultFiles;
use crate::store::Store;
use crate::summary::Summary;
use crate::terminal::overview::Overview;
use crate::terminal::progress::Bars;
use crate::terminal::screen::{Label, Screen, print, print_data, warn};
use crate::terminal::{asked, explain, rejections};
use crate::work::resume::{self, Begun, Identity};
use crate::work::states::Sound;
use crate::work::{WorkFolder, watch};

/// What was read, and what came of it.
pub struct RunResult<'r> {
    /// The input.
    pub store: &'r Store,
    /// The input with the parts of its documents, where they were asked for.
    pub documents: &'r dyn Documents,
    pub parts: Option<Vec<(usize, &'r str, &'r Part)>>,
    pub report: &'r Report,
    /// What each row is to get, where nothing is removed.
    pub annotations: Option<Annotations<'r>>,
    /// What sets two documents side by side, where a page for people was asked for.
    pub page: Option<&'r Deduper>,
}

/// Reads, compares, writes and prints.
pub fn run(options: &Options) -> Result<ExitCode, Failure> {
    let run = Run::of(options)?;
    let work = run.work()?;
    let started = Instant::now();
    let store = run.read()?;
    let read = started.elapsed().as_secs_f64();
    let identity = work.as_ref().map(|work| run.begin(work, &store));
    let identity = match identity.transpose()? {
        Some((_, Begun::Finished)) => {
            run.print_earlier(work.as_ref())?;
            return Ok(exit_code(&store));
        }
        Some((identity, Begun::Running)) => Some(identity),
        None => None,
    };
    let split = options.split.then(|| Split::of(&store));
    let documents: &dyn Documents = match &split {
        Some(split) => split,
        None => &store,
    };
    let report = run.compare(&store, documents, work.as_ref())?;
    asked::check(options, &store, &report).inspect_err(|_| {
        // It is no run that was cut off: with other options, it is another one.
        if let Some(work) = &work {
            work.states.forget();
        }
    })?;
    let annotations = options.annotate.then(|| Annotations::new(&store, &report));
    let result = RunResult {
        store: &store,
        documents,
        parts: split.as_ref().map(|split| split.parts().collect()),
        report: &report,
        annotations,
        page: options.report.then_some(&run.deduper),
    };
    let mut summary = Summary::new(&result, read, identity);
    if let Some(work) = work {
        run.write(&work, &result, &mut summary)?;
    }
    run.print(&result, &summary)?;
    Ok(exit_code(&store))
}

fn exit_code(store: &Store) -> ExitCode {
    ExitCode::from(if store.rejected.is_empty() { 0 } else { 3 })
}

/// Was all read as it was at first? Nobody can go on with input that is gone.
fn check(store: &Store, work: Option<&WorkFolder>) -> Result<(), Failure> {
    store.check().inspect_err(|_| {
        if let Some(work) = work {
            work.states.forget();
        }
    })
}

/// What all steps need.
struct Run<'o> {
    options: &'o Options,
    deduper: Deduper,
    pool: ThreadPool,
    bars: Bars,
}

impl<'o> Run<'o> {
    fn of(options: &'o Options) -> Result<Self, Failure> {
        if options.explain.len() > 2 {
            return Err(Failure::TooManyToExplain(options.explain.len()));
        }
        let threads = options.threads.unwrap_or(0);
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
        Ok(Self {
            options,
            deduper: options.deduper()?,
            pool: pool.build().map_err(Failure::Threads)?,
            bars: Bars::new(options.quiet),
        })
    }

    /// The folder to work in, where there will be a result.
    fn work(&self) -> Result<Option<WorkFolder>, Failure> {
        let Options { output, force, .. } = self.options;
        let work = output
            .as_deref()
            .map(|dir| WorkFolder::prepare(dir, *force));
        let work = work.transpose()?;
        if let Some(work) = work.as_ref().filter(|_| !self.options.resume) {
            work.check_place()?;
        }
        if let Some(memory) = self.options.memory {
            watch::over(memory);
        }
        Ok(work)
    }

    fn read(&self) -> Result<Store, Failure> {
        let size = || input::size(&self.options.inputs);
        let store = self.bars.reading(size, |reading| {
            self.pool.install(|| input::read(self.options, reading))
        })?;
        rejections::tell(&store.rejected);
        for note in &store.notes {
            warn(Label::Note, note);
        }
        if self.options.kept_parquet && !store.has_parquet {
            return Err(Failure::NoTables);
        }
        if store.is_empty() {
            return Err(Failure::NoDocuments);
        }
        Ok(store)
    }

    /// Also tells the run by a hash.
    fn begin(&self, work: &WorkFolder, store: &Store) -> Result<(String, Begun), Failure> {
        let identity = || Identity::of(self.options, &self.deduper, store);
        let identity = self.pool.install(identity);
        let begun = resume::begin(work, &identity, self.options.resume)?;
        Ok((identity.any_order, begun))
    }

    fn compare(
        &self,
        store: &Store,
        documents: &dyn Documents,
        work: Option<&WorkFolder>,
    ) -> Result<Report, Failure> {
        explain::check(self.options, documents, &store.rejected)?;
        let report = match work {
            Some(work) => {
                let states = Sound {
                    states: &work.states,
                    store,
                };
                self.deduper
                    .run_with_checkpoints(documents, &self.bars, &states)
            }
            None => self.deduper.run_with_progress(documents, &self.bars),
        };
        self.bars.finish();
        store.folded.forget();
        check(store, work)?;
        Ok(report?)
    }

    fn write(
        &self,
        work: &WorkFolder,
        result: &RunResult<'_>,
        summary: &mut Summary<'_>,
    ) -> Result<(), Failure> {
        work.warn_of_states();
        let folder = work.result()?;
        let write = || ResultFiles::write(folder, result, summary);
        self.bars.writing(|| self.pool.install(write))?;
        check(result.store, Some(work))?;
        work.publish()
    }

    /// The summary of a result that is there already, as far as it is data.
    fn print_earlier(&self, work: Option<&WorkFolder>) -> Result<(), Failure> {
        match work.map(WorkFolder::summary) {
            Some(summary) if self.options.format == Format::Json => print_data(&summary?),
            _ => Ok(()),
        }
    }

    /// The answer to what was asked, or what a person should know.
    fn print(&self, result: &RunResult<'_>, summary: &Summary<'_>) -> Result<(), Failure> {
        let (options, screen) = (self.options, Screen::of_stdout());
        let (documents, report) = (result.documents, result.report);
        let answer = explain::answer(options, screen, &self.deduper, documents, report)?;
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
}
