//! How far is it? A bar for each stage, on a terminal.

use std::sync::Mutex;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use reprint::report::{Progress, Stage};

/// The bar of the current stage; hidden where standard error is no terminal.
pub struct Bars {
    quiet: bool,
    current: Mutex<ProgressBar>,
}

impl Bars {
    pub fn new(quiet: bool) -> Self {
        Self {
            quiet,
            current: Mutex::new(ProgressBar::hidden()),
        }
    }

    fn show(&self, name: &'static str, steps: Option<usize>) {
        let target = if self.quiet {
            ProgressDrawTarget::hidden()
        } else {
            ProgressDrawTarget::stderr()
        };
        let bar = ProgressBar::with_draw_target(steps.map(|n| n as u64), target).with_prefix(name);
        let template = match steps {
            Some(_) => "{prefix:>8} {bar:30} {human_pos}/{human_len} {per_sec} {eta}",
            None => "{prefix:>8} {spinner} {elapsed}",
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        if steps.is_none() {
            bar.enable_steady_tick(Duration::from_millis(100));
        }
        if let Ok(mut current) = self.current.lock() {
            current.finish_and_clear();
            *current = bar;
        }
    }

    /// Shows that inputs are being read.
    pub fn reading<T>(&self, read: impl FnOnce() -> T) -> T {
        self.show("read", None);
        let result = read();
        self.finish();
        result
    }

    /// Clears the line.
    pub fn finish(&self) {
        if let Ok(current) = self.current.lock() {
            current.finish_and_clear();
        }
    }
}

impl Progress for Bars {
    fn begin(&self, stage: Stage, steps: usize) {
        self.show(stage.as_str(), Some(steps));
    }

    fn advance(&self, _: Stage, by: usize) {
        if let Ok(current) = self.current.lock() {
            current.inc(by as u64);
        }
    }
}
