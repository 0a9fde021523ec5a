//! What can be asked for.

use std::path::PathBuf;
use std::str::FromStr;

use clap::Parser;
use reprint::shingle::Shingler;
use reprint::verify::Bounds;
use reprint::{Deduper, Error};

/// Measure how well reprints are found, on sets that people labelled.
///
/// A set is a folder with `docs.jsonl` or `docs.jsonl.gz` (rows with `id` and `text`) and one or more of: `truth.tsv`
/// (id, cluster; every document), `ignore.tsv` (pairs of ids that are neither right nor wrong), `truth2.tsv` (container,
/// contained), `ignore2.tsv`, `planted.tsv` (copy, source), `pairs.tsv` (id, id, grade). Columns stand between tabs, and there is
/// no row of headings.
#[derive(Debug, Parser)]
#[command(name = "evaluate")]
pub struct Options {
    /// The folder with the sets.
    pub folder: PathBuf,
    /// Only these sets; all by default.
    #[arg(long = "set", value_name = "NAME")]
    pub sets: Vec<String>,
    /// Jaccard from which two documents are reprints.
    #[arg(long, value_name = "X")]
    pub threshold: Option<f64>,
    /// Set something else: recall, containment, passage, characters, words, or a bound of the decision: shingles, body,
    /// grams, drift, letters, short_text_agreement, misread, kept, slots, furniture, furniture_per_work, voter, conflicts,
    /// misreadings_per_conflict, min_renamings, min_gram_weight, single_subject_weight, max_form_weight.
    #[arg(long = "with", value_name = "NAME=VALUE")]
    pub with: Vec<Setting>,
    /// Run once for each value, and print precision and recall of each.
    #[arg(long, value_name = "NAME=V1,V2,…")]
    pub sweep: Option<Sweep>,
    /// Compare each set's documents with these documents too. Only pairs of the set's own documents are scored. PATH is a folder
    /// with docs.jsonl or docs.jsonl.gz, or a .jsonl or .jsonl.gz file. May be repeated.
    #[arg(long, value_name = "PATH")]
    pub among: Vec<PathBuf>,
    /// Run all sets together in one run, not each in a run of its own. Only pairs within a set are scored.
    #[arg(long)]
    pub pooled: bool,
    /// Write all figures as JSON.
    #[arg(long, value_name = "FILE")]
    pub json: Option<PathBuf>,
    /// Print what changed since FILE, which an earlier run wrote with --json.
    #[arg(long, value_name = "FILE", conflicts_with = "sweep")]
    pub against: Option<PathBuf>,
    /// Draw precision and recall over the threshold, one SVG a set. Runs each set ten times more.
    #[arg(long, value_name = "DIR")]
    pub curves: Option<PathBuf>,
    /// Write which cluster each document is in, one TSV a set.
    #[arg(long, value_name = "DIR")]
    pub assignments: Option<PathBuf>,
}

/// A setting and its value.
#[derive(Clone, Debug)]
pub struct Setting {
    pub name: String,
    pub value: f64,
}

impl FromStr for Setting {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let sweep: Sweep = text.parse()?;
        match sweep.values.as_slice() {
            &[value] => Ok(Self {
                name: sweep.name,
                value,
            }),
            _ => Err("give one value".into()),
        }
    }
}

/// A setting and several values.
#[derive(Clone, Debug)]
pub struct Sweep {
    pub name: String,
    pub values: Vec<f64>,
}

impl FromStr for Sweep {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, values) = text.split_once('=').ok_or("write NAME=VALUE")?;
        let values: Result<Vec<f64>, _> = values.split(',').map(str::parse).collect();
        let values = values.map_err(|_| format!("{text:?}: values must be numbers"))?;
        Tuning::default().with(name, values[0])?;
        Ok(Self {
            name: name.to_owned(),
            values,
        })
    }
}

/// How the search is set.
#[derive(Clone, Debug)]
pub struct Tuning {
    pub bounds: Bounds,
    recall: Option<f64>,
    containment: Option<f64>,
    passage: Option<f64>,
    characters: Option<f64>,
    words: Option<f64>,
}

impl Default for Tuning {
    fn default() -> Self {
        Self {
            bounds: Bounds::from_threshold(Deduper::default().settings().threshold),
            recall: None,
            containment: None,
            passage: None,
            characters: None,
            words: None,
        }
    }
}

impl Tuning {
    pub fn of(options: &Options) -> Result<Self, String> {
        let mut tuning = Self::default();
        if let Some(threshold) = options.threshold {
            tuning = tuning.with("threshold", threshold)?;
        }
        for Setting { name, value } in &options.with {
            tuning = tuning.with(name, *value)?;
        }
        Ok(tuning)
    }

    /// The same with one setting changed. A threshold moves all bounds.
    pub fn with(&self, name: &str, value: f64) -> Result<Self, String> {
        let mut changed = self.clone();
        let bounds = &mut changed.bounds;
        match name {
            "threshold" => *bounds = Bounds::from_threshold(value),
            "shingles" => bounds.shingles = value,
            "body" => bounds.body = value,
            "grams" => bounds.grams = value,
            "drift" => bounds.drift = value,
            "letters" => bounds.letters = value,
            "short_text_agreement" => bounds.short_text_agreement = value,
            "misread" => bounds.misread = value,
            "kept" => bounds.kept = value,
            "slots" => bounds.slots = value,
            "furniture" => bounds.furniture = value,
            "furniture_per_work" => bounds.furniture_per_work = value,
            "voter" => bounds.voter = value,
            "conflicts" => bounds.conflicts = value,
            "misreadings_per_conflict" => bounds.misreadings_per_conflict = value,
            "min_renamings" => bounds.min_renamings = value,
            "min_gram_weight" => bounds.min_gram_weight = value,
            "single_subject_weight" => bounds.single_subject_weight = value,
            "max_form_weight" => bounds.max_form_weight = value,
            "recall" => changed.recall = Some(value),
            "containment" => changed.containment = Some(value),
            "passage" => changed.passage = Some(value),
            "characters" => changed.characters = Some(value),
            "words" => changed.words = Some(value),
            _ => {
                return Err(format!(
                    "there is no setting {name:?}; --help names them, at --with"
                ));
            }
        }
        Ok(changed)
    }

    pub fn deduper(&self, relations: bool) -> Result<Deduper, Error> {
        let mut shingler = Shingler::builder();
        if let Some(units) = self.characters {
            shingler = shingler.character_window(units as usize);
        }
        if let Some(units) = self.words {
            shingler = shingler.word_window(units as usize);
        }
        let mut builder = Deduper::builder()
            .bounds(self.bounds)
            .shingler(shingler.build()?)
            .relations(relations);
        if let Some(share) = self.recall {
            builder = builder.recall(share);
        }
        if let Some(share) = self.containment {
            builder = builder.containment(share);
        }
        if let Some(weight) = self.passage {
            builder = builder.passage(weight as usize);
        }
        builder.build()
    }
}
