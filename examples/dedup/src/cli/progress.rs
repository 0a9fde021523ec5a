//! How far has the run come? One line on a terminal shows the current stage. It disappears when the stage is completed or
//! has failed.

use std::fmt::Write;
use std::fs::File;
use std::io::Seek;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use indicatif::{DecimalBytes, HumanCount, HumanDuration};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};
use reprint::report::{Progress, Stage};

use crate::run::gather::Reading;

/// Time between two updates.
const TICK: Duration = Duration::from_millis(100);

/// Before this time, neither a rate nor a remaining time is shown.
const SETTLED: Duration = Duration::from_secs(1);

/// The line of the current stage; not shown if standard error is not a terminal.
pub struct Bars {
    bar: ProgressBar,
    /// Whether the line is shown. It is checked for each document, which is cheaper than moving a hidden bar.
    seen: bool,
    /// Whether the run should end.
    is_stopped: Arc<AtomicBool>,
}

impl Bars {
    pub fn new(quiet: bool) -> Self {
        Self::until(quiet, Arc::default())
    }

    /// The line of a run that ends when the flag is set.
    pub fn until(quiet: bool, is_stopped: Arc<AtomicBool>) -> Self {
        Self {
            bar: ProgressBar::hidden(),
            seen: !quiet && !ProgressDrawTarget::stderr().is_hidden(),
            is_stopped,
        }
    }

    fn show(&self, name: &'static str, steps: Option<u64>, unit: Unit) {
        if !self.seen {
            return;
        }
        self.bar.finish_and_clear();
        // Each of these calls draws. While they are made, the line is hidden, so that numbers and names of two stages are
        // not mixed.
        self.bar.set_draw_target(ProgressDrawTarget::hidden());
        self.bar.reset();
        self.bar.set_prefix(name);
        match steps {
            Some(steps) => self.bar.set_length(steps),
            None => self.bar.unset_length(),
        }
        if let Some(style) = unit.style() {
            self.bar.set_style(style);
        }
        self.bar.set_draw_target(ProgressDrawTarget::stderr());
        // The line is also updated while one step takes long.
        self.bar.enable_steady_tick(TICK);
    }

    /// Shows how many bytes of the input are read.
    pub fn reading<T>(
        &self,
        size: impl FnOnce() -> Option<u64> + Send,
        read: impl FnOnce(&BytesRead) -> T,
    ) -> T {
        let reading = BytesRead {
            seen: self.seen,
            is_stopped: Arc::clone(&self.is_stopped),
            ..BytesRead::default()
        };
        if !self.seen {
            return read(&reading);
        }
        self.show("read", None, Unit::Bytes);
        let result = thread::scope(|scope| {
            let (end, ended) = mpsc::channel::<()>();
            let (bar, reading) = (&self.bar, &reading);
            scope.spawn(move || {
                if let Some(size) = size() {
                    bar.set_length(size);
                }
                while ended.recv_timeout(TICK) == Err(RecvTimeoutError::Timeout) {
                    bar.set_position(reading.bytes());
                }
            });
            let result = read(reading);
            drop(end);
            result
        });
        self.finish();
        result
    }

    /// Shows that results are being written.
    pub fn writing<T>(&self, write: impl FnOnce() -> T) -> T {
        self.show("write", None, Unit::Time);
        let result = write();
        self.finish();
        result
    }

    /// Clears the line.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

impl Drop for Bars {
    /// Clears the line, so that an error message has a line for itself.
    fn drop(&mut self) {
        self.finish();
    }
}

impl Progress for Bars {
    fn begin(&self, stage: Stage, steps: usize) {
        let unit = match stage {
            Stage::Sign => Unit::Count("documents"),
            Stage::Search => Unit::Count("bands"),
            _ => Unit::Count("pairs"),
        };
        self.show(stage.as_str(), Some(steps as u64), unit);
    }

    fn advance(&self, _: Stage, by: usize) {
        if self.seen {
            self.bar.inc(by as u64);
        }
    }

    fn is_stopped(&self) -> bool {
        self.is_stopped.load(Ordering::Relaxed)
    }
}

/// The unit of the steps of a stage.
#[derive(Clone, Copy)]
enum Unit {
    Count(&'static str),
    Bytes,
    Time,
}

impl Unit {
    fn style(self) -> Option<ProgressStyle> {
        let template = match self {
            Self::Time => "{prefix:>7} {spinner} {elapsed}",
            _ => "{prefix:>7} {wide_bar} {far}",
        };
        let style = ProgressStyle::with_template(template).ok()?;
        let style = style.progress_chars("━╸─");
        Some(
            style.with_key("far", move |state: &ProgressState, out: &mut dyn Write| {
                // Writing to a string cannot fail.
                let _ = self.far(state, out);
            }),
        )
    }

    /// Text such as "1,200 of 40,000 documents, 5,100/s, 8s left".
    fn far(self, state: &ProgressState, out: &mut dyn Write) -> std::fmt::Result {
        let amount = |n: u64| match self {
            Self::Bytes => DecimalBytes(n).to_string(),
            _ => HumanCount(n).to_string(),
        };
        write!(out, "{}", amount(state.pos()))?;
        if let Some(all) = state.len() {
            write!(out, " of {}", amount(all))?;
        }
        if let Self::Count(name) = self {
            write!(out, " {name}")?;
        }
        if state.elapsed() < SETTLED {
            return Ok(());
        }
        write!(out, ", {}/s", amount(state.per_sec() as u64))?;
        if state.len().is_some() {
            write!(out, ", {:#} left", HumanDuration(state.eta()))?;
        }
        Ok(())
    }
}

/// Counts the bytes of the input that are read.
#[derive(Default)]
pub struct BytesRead {
    seen: bool,
    is_stopped: Arc<AtomicBool>,
    /// Bytes of the files before the current one.
    before: AtomicU64,
    current: Mutex<Option<File>>,
}

impl Reading for BytesRead {
    /// The file is read from now on. Its clone shares the read position, so the position shows how much was read.
    fn file(&self, file: &File) {
        if !self.seen {
            return;
        }
        if let Ok(mut current) = self.current.lock() {
            let size = |file: &File| file.metadata().map_or(0, |file| file.len());
            let read = current.as_ref().map_or(0, size);
            self.before.fetch_add(read, Ordering::Relaxed);
            *current = file.try_clone().ok();
        }
    }

    /// The file was read completely, while others were read.
    fn whole(&self, path: &Path) {
        if self.seen {
            let size = path.metadata().map_or(0, |file| file.len());
            self.before.fetch_add(size, Ordering::Relaxed);
        }
    }

    fn is_stopped(&self) -> bool {
        self.is_stopped.load(Ordering::Relaxed)
    }
}

impl BytesRead {
    fn bytes(&self) -> u64 {
        let place = |file: &mut File| file.stream_position().ok();
        let current = self.current.lock().ok();
        let read = current.and_then(|mut file| file.as_mut().and_then(place));
        self.before.load(Ordering::Relaxed) + read.unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Read, Write};

    use reprint::Deduper;

    #[test]
    fn a_run_ends_when_its_flag_is_set() {
        let bars = Bars::until(true, Arc::new(AtomicBool::new(true)));
        let documents = [("a", "One text."), ("b", "Another.")];
        let stopped = Deduper::default().run_with_progress(&documents, &bars);
        assert!(stopped.unwrap_err().is_stopped());
        assert!(bars.reading(|| None, |reading| reading.is_stopped()));
        let others = Bars::new(true);
        assert!(
            Deduper::default()
                .run_with_progress(&documents, &others)
                .is_ok()
        );
    }

    #[test]
    fn reading_knows_how_far_its_files_are_read() {
        let reading = BytesRead {
            seen: true,
            ..BytesRead::default()
        };
        assert_eq!(reading.bytes(), 0);
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(b"0123456789").unwrap();
        let mut first = File::open(file.path()).unwrap();
        reading.file(&first);
        first.read_exact(&mut [0; 4]).unwrap();
        assert_eq!(reading.bytes(), 4);
        let mut second = File::open(file.path()).unwrap();
        reading.file(&second);
        assert_eq!(reading.bytes(), 10);
        second.read_exact(&mut [0; 3]).unwrap();
        assert_eq!(reading.bytes(), 13);
    }
}
