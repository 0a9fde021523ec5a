//! How far is it? One line on a terminal, for the stage that the program is in; gone when it is done or has failed.

use std::fmt::Write;
use std::fs::File;
use std::io::Seek;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use indicatif::{DecimalBytes, HumanCount, HumanDuration};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};
use reprint::report::{Progress, Stage};

use crate::run::gather::Reading;

/// Between two looks at how far it is.
const TICK: Duration = Duration::from_millis(100);

/// Before this, neither a rate nor the time that is left is worth telling.
const SETTLED: Duration = Duration::from_secs(1);

/// The line of the current stage; none where standard error is no terminal.
pub struct Bars {
    bar: ProgressBar,
    /// Asked once for each document: cheaper than to move a bar that nobody sees.
    seen: bool,
}

impl Bars {
    pub fn new(quiet: bool) -> Self {
        let seen = !quiet && !ProgressDrawTarget::stderr().is_hidden();
        let bar = ProgressBar::hidden();
        Self { bar, seen }
    }

    fn show(&self, name: &'static str, steps: Option<u64>, unit: Unit) {
        if !self.seen {
            return;
        }
        self.bar.finish_and_clear();
        // Each of these draws: nobody should see the numbers of one stage with the name of another.
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
        // Also where one step takes long.
        self.bar.enable_steady_tick(TICK);
    }

    /// Shows how many bytes of all are read.
    pub fn reading<T>(
        &self,
        size: impl FnOnce() -> Option<u64> + Send,
        read: impl FnOnce(&BytesRead) -> T,
    ) -> T {
        let reading = BytesRead {
            seen: self.seen,
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
    /// A message about a failure has its line for itself.
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
}

/// What the steps of a stage are.
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
                // Writing to a string can't fail.
                let _ = self.far(state, out);
            }),
        )
    }

    /// "1,200 of 40,000 documents, 5,100/s, 8s left".
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

/// How many bytes of the inputs are read.
#[derive(Default)]
pub struct BytesRead {
    seen: bool,
    /// Bytes of the files before the current one.
    before: AtomicU64,
    current: Mutex<Option<File>>,
}

impl Reading for BytesRead {
    /// From here on this file is read. The system knows how far, whatever reads it: the place in a file is shared with its
    /// clones.
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

    /// This file was read as a whole, while others were read.
    fn whole(&self, path: &Path) {
        if self.seen {
            let size = path.metadata().map_or(0, |file| file.len());
            self.before.fetch_add(size, Ordering::Relaxed);
        }
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
