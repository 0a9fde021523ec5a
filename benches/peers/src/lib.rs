//! What do all engines of the comparison have in common?
//!
//! An engine is a process. It is started as `ENGINE INPUT WINDOWS SLOTS BANDS ROWS THRESHOLD`, reads `INPUT` (JSONL with
//! `id` and `text`), and writes a line `id<TAB>cluster` for each document to standard output, in the order of the input.
//! This library has the parts that do not depend on the peer: settings, reading, union-find and writing. For the scripts in
//! `python`, `common.py` has the same parts.

use std::fmt;
use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;

/// The settings that every engine gets.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The file of documents, not packed.
    pub input: PathBuf,
    /// The windows that are compared.
    pub windows: Windows,
    /// Number of slots of a signature.
    pub slots: usize,
    /// Number of bands of a signature.
    pub bands: usize,
    /// Number of slots in a band.
    pub rows: usize,
    /// Minimum Jaccard of two copies.
    pub threshold: f64,
}

impl Settings {
    /// Parses the command line of an engine.
    pub fn from_args() -> Result<Self> {
        let args: Vec<String> = std::env::args().skip(1).collect();
        let [input, windows, slots, bands, rows, threshold] = args.as_slice() else {
            bail!("want INPUT WINDOWS SLOTS BANDS ROWS THRESHOLD");
        };
        let settings = Self {
            input: input.into(),
            windows: windows.parse()?,
            slots: slots.parse()?,
            bands: bands.parse()?,
            rows: rows.parse()?,
            threshold: threshold.parse()?,
        };
        ensure!(settings.bands * settings.rows == settings.slots);
        Ok(settings)
    }

    /// The command line that `from_args` reads.
    pub fn to_args(&self) -> Vec<String> {
        vec![
            self.input.display().to_string(),
            self.windows.to_string(),
            self.slots.to_string(),
            self.bands.to_string(),
            self.rows.to_string(),
            self.threshold.to_string(),
        ]
    }

    /// The documents, one at a time, so that no engine has to keep texts that it does not need.
    pub fn documents(&self) -> Result<impl Iterator<Item = Result<Document>>> {
        documents(&self.input)
    }
}

/// A row of the input.
#[derive(Debug, Deserialize)]
pub struct Document {
    /// The id in the labels and in the answer.
    pub id: String,
    /// The text that is compared.
    pub text: String,
}

/// The rows of a JSONL file.
pub fn documents(path: &Path) -> Result<impl Iterator<Item = Result<Document>> + use<>> {
    let file = File::open(path).with_context(|| path.display().to_string())?;
    let lines = BufReader::with_capacity(1 << 16, file).lines();
    Ok(lines.enumerate().map(|(number, line)| {
        serde_json::from_str(&line?).with_context(|| format!("line {}", number + 1))
    }))
}

/// The unit of a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Unicode code points.
    Characters,
    /// Text between white space.
    Words,
}

/// The windows that are compared: all runs of `size` units of the raw text. Written as `chars:5` or `words:3`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Windows {
    /// The unit of a window.
    pub unit: Unit,
    /// Number of units in a window.
    pub size: usize,
}

impl Windows {
    /// Calls `take` with each window. A text that is shorter than a window is one window.
    pub fn each(self, text: &str, take: impl FnMut(&str)) {
        match self.unit {
            Unit::Characters => self.each_of_characters(text, take),
            Unit::Words => self.each_of_words(text, take),
        }
    }

    fn each_of_characters(self, text: &str, mut take: impl FnMut(&str)) {
        let mut bounds: Vec<usize> = text.char_indices().map(|(place, _)| place).collect();
        bounds.push(text.len());
        if bounds.len() <= self.size {
            return take(text);
        }
        for window in bounds.windows(self.size + 1) {
            take(&text[window[0]..window[self.size]]);
        }
    }

    fn each_of_words(self, text: &str, mut take: impl FnMut(&str)) {
        let words: Vec<&str> = text.split_whitespace().collect();
        if words.len() < self.size {
            return take(&words.join(" "));
        }
        for window in words.windows(self.size) {
            take(&window.join(" "));
        }
    }
}

impl FromStr for Windows {
    type Err = anyhow::Error;

    fn from_str(written: &str) -> Result<Self> {
        let (unit, size) = written.split_once(':').context("want chars:N or words:N")?;
        let unit = match unit {
            "chars" => Unit::Characters,
            "words" => Unit::Words,
            _ => bail!("want chars:N or words:N"),
        };
        let size = size.parse()?;
        ensure!(size > 0, "a window has at least one unit");
        Ok(Self { unit, size })
    }
}

impl fmt::Display for Windows {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = match self.unit {
            Unit::Characters => "chars",
            Unit::Words => "words",
        };
        write!(f, "{unit}:{}", self.size)
    }
}

/// Union-find over documents. Their numbers follow the order of the input; a cluster is named by its first document.
#[derive(Debug)]
pub struct Clusters {
    parents: Vec<usize>,
}

impl Clusters {
    /// Clusters of one document each.
    pub fn alone(documents: usize) -> Self {
        Self {
            parents: (0..documents).collect(),
        }
    }

    /// The first document of the cluster that contains `number`.
    pub fn first(&mut self, mut number: usize) -> usize {
        while self.parents[number] != number {
            self.parents[number] = self.parents[self.parents[number]];
            number = self.parents[number];
        }
        number
    }

    /// Joins the clusters of two documents.
    pub fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.first(a), self.first(b));
        self.parents[a.max(b)] = a.min(b);
    }

    /// Prints the answer of an engine to standard output.
    pub fn print(mut self, ids: &[String]) -> Result<()> {
        let mut out = BufWriter::new(io::stdout().lock());
        for (number, id) in ids.iter().enumerate() {
            writeln!(out, "{id}\t{}", self.first(number))?;
        }
        Ok(out.flush()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn windows(written: &str, text: &str) -> Vec<String> {
        let mut all = Vec::new();
        let windows: Windows = written.parse().unwrap();
        windows.each(text, |window| all.push(window.to_owned()));
        all
    }

    #[test]
    fn windows_run_over_characters_or_words() {
        assert_eq!(windows("chars:2", "白鷺江"), ["白鷺", "鷺江"]);
        assert_eq!(windows("words:2", "a bc\nd"), ["a bc", "bc d"]);
    }

    #[test]
    fn a_short_text_is_its_own_window() {
        assert_eq!(windows("chars:5", "江"), ["江"]);
        assert_eq!(windows("chars:2", "白鷺"), ["白鷺"]);
        assert_eq!(windows("words:3", "a b"), ["a b"]);
    }

    #[test]
    fn a_cluster_goes_by_its_first_document() {
        let mut clusters = Clusters::alone(4);
        clusters.join(3, 2);
        clusters.join(1, 3);
        let firsts: Vec<usize> = (0..4).map(|number| clusters.first(number)).collect();
        assert_eq!(firsts, [0, 1, 1, 1]);
    }
}
