//! The steps of a run over columns, for programs that hold and join rows themselves: table engines, or a separate index.
//!
//! Each function is one step of [`Deduper::run`] and decides as the run does. It takes slices and returns columns. It knows only the rows
//! that it is given, by their places in them, and keeps nothing. The caller joins rows of equal keys, counts and sorts.
//!
//! | step | rows in | rows out |
//! |---|---|---|
//! | [`fold`] | texts | folded texts |
//! | [`sketch`] | texts | their [facts](crate::Facts), and their keys |
//! | [`bucket_pairs`], [`gram_pairs`] | texts with equal keys | pairs that share a key |
//! | [`may_be_copies`] | pairs that share a key | which of them are worth comparing |
//! | [`measure`] | pairs worth comparing | the relation of two texts by themselves |
//! | [`own`] | the same, with the texts near them | how much of the text that two texts share is rare, and not that of a form or a site |
//! | [`judge`] | pairs, with the evidence of other texts | copies or not, and why |
//! | [`component`] | the documents of texts that are connected by pairs that are near or worth comparing | their clusters |
//! | [`contained`] | pairs that share seeds | which text is inside the other |
//! | [`passages`] | pairs | common passages |
//!
//! Only texts with others near them are judged by more than one pair, and all of these pairs are in one component. So a run over all
//! documents and [`component`] over each component make the same clusters, and no text is needed twice. [`measure`], [`own`] and [`judge`]
//! do the same for single pairs. They are for callers that have works to count themselves or need the figures. A run compares the nearest
//! pairs first and leaves out pairs that these have decided; single pairs can't do this.
//!
//! Equal folded texts are one text: group by [`digest`](crate::Facts::digest) and length before looking for pairs. These steps support only
//! MinHash signatures, and no field that keeps documents [apart](crate::DeduperBuilder::apart).
//!
//! ```
//! use std::collections::BTreeMap;
//! use reprint::{Deduper, Document, cluster::UnionFind, columns};
//!
//! let deduper = Deduper::default();
//! let documents = [
//!     Document::new("a", "The ferry to Holm stops on the first of November, the port office said on Tuesday."),
//!     Document::new("b", "The ferry to Holm stops on the first of November, the port office said on Tuesday evening."),
//!     Document::new("c", "The weir at Long Barton gave way on the night of the sixteenth."),
//! ];
//! let texts = documents.each_ref().map(|document| &document.text);
//! let sketches = columns::sketch(&deduper, &texts)?;
//!
//! // Rows of equal keys meet. An engine groups by key.
//! let mut rows_of: BTreeMap<u64, Vec<u32>> = BTreeMap::new();
//! for (row, keys) in (0..).zip(sketches.bands.iter()) {
//!     keys.iter().for_each(|&key| rows_of.entry(key).or_default().push(row));
//! }
//! let mut pairs = Vec::new();
//! for (key, rows) in rows_of {
//!     let facts: Vec<_> = rows.iter().map(|&row| &sketches.facts[row as usize]).collect();
//!     let met = columns::bucket_pairs(&deduper, &vec![key; rows.len()], &facts)?;
//!     pairs.extend(met.into_iter().map(|(a, b)| (rows[a as usize], rows[b as usize])));
//! }
//! pairs.sort();
//! pairs.dedup();
//! assert_eq!(pairs, [(0, 1)]);
//! assert!(columns::may_be_copies(&deduper, &sketches.facts, &pairs)?[0].may_be_copies());
//!
//! // What hangs together is judged together.
//! let together = &documents[..2];
//! let found = columns::component(&deduper, together, &pairs)?;
//! assert_eq!(found.clusters, deduper.run(&documents)?.clusters);
//! # Ok::<(), reprint::Error>(())
//! ```

mod judged;
mod pairs;
mod related;
mod rows;
mod together;

use crate::deduper::Deduper;
use crate::deduper::related::MAX_FORM_ITEM;
use crate::error::Error;
use crate::facts::Facts;

pub use crate::deduper::relevance::Relevance;
pub use judged::{Measured, judge, measure, own};
pub use pairs::{MIN_GRAMS, bucket_pairs, gram_pairs, may_be_copies};
pub use related::{Containment, SharedSeeds, contained, passages};
pub use together::{Component, component};

/// One list for each row: what Arrow calls a column of lists.
///
/// ```
/// let mut lists = reprint::columns::Lists::default();
/// lists.push([1, 2]);
/// lists.push([]);
/// assert_eq!(lists.iter().collect::<Vec<_>>(), [&[1, 2][..], &[]]);
/// assert_eq!((lists.offsets, lists.values), (vec![0, 2, 2], vec![1, 2]));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lists<T> {
    /// Where the list of each row starts in `values`, and where the last list ends.
    pub offsets: Vec<usize>,
    /// The values of all rows, list after list.
    pub values: Vec<T>,
}

impl<T> Default for Lists<T> {
    /// A column without rows.
    fn default() -> Self {
        Self {
            offsets: vec![0],
            values: Vec::new(),
        }
    }
}

impl<T> Lists<T> {
    /// Adds a row.
    pub fn push(&mut self, list: impl IntoIterator<Item = T>) {
        self.values.extend(list);
        self.offsets.push(self.values.len());
    }

    /// The list of each row.
    pub fn iter(&self) -> impl Iterator<Item = &[T]> {
        let ends = self.offsets.windows(2);
        ends.map(|ends| self.values.get(ends[0]..ends[1]).unwrap_or_default())
    }
}

/// The result of [`sketch`], one row for each text.
///
/// ```
/// let sketches = reprint::columns::sketch(&reprint::Deduper::default(), &["One text.", ""])?;
/// assert_eq!(sketches.facts.len(), 2);
/// assert_eq!(sketches.bands.iter().nth(1), Some(&[][..]));
/// # Ok::<(), reprint::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sketches {
    /// What later steps need to know of a text: about 2.9 kB each in their [stored form](Facts::to_bytes), for texts of a page.
    pub facts: Vec<Facts>,
    /// The keys of the bands of the signatures, different for each band. Texts that are much alike share a key.
    pub bands: Lists<u64>,
    /// The sampled grams, ascending. They remain in common after noise and revision.
    pub grams: Lists<u32>,
    /// The keys of the seeds, ascending, each once. Texts with a common passage share a key. Empty if the deduper does not look for
    /// relations.
    pub seeds: Lists<u64>,
    /// Whether the text is so short that its passages may be a form that many texts share: up to 100 words, or 200 characters of a script
    /// without spaces.
    pub short: Vec<bool>,
}

/// Folds texts: editions of one text have equal folded forms. Cost: 3 to 13 ns a byte, most for Chinese.
///
/// ```
/// use reprint::{Deduper, columns};
///
/// assert_eq!(columns::fold(&Deduper::default(), &["７ 月\n20日，資訊", "7月20日信息"]), ["7月20日信息"; 2]);
/// ```
pub fn fold<T: AsRef<str>>(deduper: &Deduper, texts: &[T]) -> Vec<String> {
    let normalizer = &deduper.0.normalizer;
    let folded = texts.iter().map(|text| normalizer.fold(text.as_ref()));
    folded.collect()
}

/// Folds texts, cuts them into shingles and signs them. Cost: 13 to 20 ns a byte.
///
/// # Errors
///
/// If the deduper looks for candidates by SimHash.
pub fn sketch<T: AsRef<str>>(deduper: &Deduper, texts: &[T]) -> Result<Sketches, Error> {
    let mut sketches = Sketches::default();
    for text in texts {
        let facts = signed(deduper, text.as_ref())?;
        sketches.bands.push(deduper.band_keys(&facts));
        let grams = match deduper.looks_for_reprints() {
            true => facts.sample().keys(),
            false => &[],
        };
        sketches.grams.push(grams.iter().copied());
        let seeds = facts.seeds().chunk_by(|a, b| a.key == b.key);
        sketches.seeds.push(seeds.map(|same| same[0].key));
        sketches.short.push(facts.sketch().weight <= MAX_FORM_ITEM);
        sketches.facts.push(facts);
    }
    Ok(sketches)
}

fn signed(deduper: &Deduper, text: &str) -> Result<Facts, Error> {
    match deduper.0.samples() {
        true => Ok(deduper.facts(text)),
        false => {
            let limit = "columns know MinHash signatures only; build the deduper without it";
            Err(Error::setting("simhash", "on", limit))
        }
    }
}
