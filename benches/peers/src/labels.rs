//! How did people label these documents?
//!
//! A folder of labels has one or more of these files: `truth.tsv` (`id<TAB>cluster`), `ignore.tsv` (pairs of ids that are
//! neither right nor wrong) and `planted.tsv` (`copy<TAB>source`; further columns are ignored). Lines about documents that
//! are not in the input are skipped, so that the labels can be used for a part of it.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use reprint_peers::Clusters;

use crate::input::Input;

/// The numbers of two documents, the smaller one first.
pub type Pair = (usize, usize);

/// Labels by the numbers of the documents.
#[derive(Debug, Default)]
pub struct Labels {
    /// The true cluster of each document; `None` if the folder has no truth.
    pub truth: Option<Vec<usize>>,
    pub ignore: Vec<Pair>,
    /// Pairs of a copy and its source.
    pub planted: Vec<Pair>,
}

impl Labels {
    /// Reads the labels of a folder.
    pub fn read(folder: &Path, input: &Input) -> Result<Self> {
        let labels = Self {
            truth: columns(&folder.join("truth.tsv"))?.map(|rows| clusters(&rows, input)),
            ignore: pairs(&folder.join("ignore.tsv"), input)?,
            planted: pairs(&folder.join("planted.tsv"), input)?,
        };
        if labels.truth.is_none() && labels.planted.is_empty() {
            bail!("{}: neither truth nor planted pairs", folder.display());
        }
        Ok(labels)
    }

    /// The family of each document: a source and all its planted copies are one family.
    pub fn families(&self, documents: usize) -> Vec<usize> {
        let mut families = Clusters::alone(documents);
        for &(a, b) in &self.planted {
            families.join(a, b);
        }
        (0..documents).map(|it| families.first(it)).collect()
    }
}

/// Two numbers in the order of a `Pair`.
pub fn pair(a: usize, b: usize) -> Pair {
    (a.min(b), a.max(b))
}

/// The cluster of each document as a number. A document that is not in `rows` is alone.
pub fn clusters(rows: &[(String, String)], input: &Input) -> Vec<usize> {
    let mut clusters: Vec<usize> = (0..input.documents()).collect();
    let mut firsts = HashMap::new();
    for (id, name) in rows {
        if let Some(&number) = input.numbers.get(id) {
            clusters[number] = *firsts.entry(name).or_insert(number);
        }
    }
    clusters
}

fn pairs(path: &Path, input: &Input) -> Result<Vec<Pair>> {
    let rows = columns(path)?.unwrap_or_default();
    let number = |id: &String| input.numbers.get(id).copied();
    let pairs = rows
        .iter()
        .filter_map(|(a, b)| Some((number(a)?, number(b)?)));
    let mut pairs: Vec<Pair> = pairs.map(|(a, b)| pair(a, b)).collect();
    pairs.sort_unstable();
    pairs.dedup();
    pairs.retain(|(a, b)| a != b);
    Ok(pairs)
}

/// The first two columns of a file; `None` if the file does not exist.
pub fn columns(path: &Path) -> Result<Option<Vec<(String, String)>>> {
    if !path.exists() {
        return Ok(None);
    }
    let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
    let row = |line: &str| {
        let mut columns = line.split('\t').map(str::to_owned);
        columns.next().zip(columns.next())
    };
    let rows: Option<Vec<_>> = text.lines().filter(|it| !it.is_empty()).map(row).collect();
    rows.map(Some)
        .with_context(|| format!("{}: want two columns", path.display()))
}
