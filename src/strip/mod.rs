//! Which passages do several documents have, and where can they be cut out?
//!
//! The head of a site, a notice, a paragraph that a hundred pages quote: a *common passage* is a run of whole sentences that several
//! documents have, equal when folded. It stays in one place, the first of the document with the smallest id, and is cut everywhere
//! else. Cuts begin and end where sentences or paragraphs do, so that no word, character or tag is cut through; what is equal from the
//! middle of a sentence on stays. Every cut is listed with its text, so that all of them can be undone.
//!
//! Every sentence that is cut stays somewhere: a cut refers to a place before it, in the order of ids and places, and the first of all
//! places is never cut.
//!
//! Cost: one pass over the texts for their sentences, which are folded one by one; 50 bytes of memory for each sentence, and as many
//! for each that stands in several places. Text of which each line is a sentence of its own, as in a table, is cut between lines.
//!
//! ```
//! use reprint::strip::{StripOptions, strip, undo};
//!
//! let notice = "All rights reserved. No part of this page may be copied without a written permission of the editors of the paper.";
//! let documents = [
//!     ("a", format!("The ferry stops in November.\n\n{notice}\n")),
//!     ("b", format!("The weir gave way on Thursday.\n\n{notice}\n")),
//! ];
//! let stripped = strip(&documents, &[true, true], &StripOptions::default())?;
//! let [of_a, of_b] = [&stripped[0], &stripped[1]];
//! assert!(of_a.is_empty());
//! assert_eq!(of_b[0].first, 0);
//! let text = reprint::strip::apply(&documents[1].1, of_b);
//! assert_eq!(text, "The weir gave way on Thursday.\n\n");
//! assert_eq!(undo(&text, of_b.iter().map(|cut| (cut.span.characters.start, notice_with_break(notice)))), documents[1].1);
//! # fn notice_with_break(notice: &str) -> String { format!("{notice}\n") }
//! # Ok::<(), reprint::Error>(())
//! ```

mod sentences;

use std::collections::HashMap;
use std::ops::Range;

use xxhash_rust::xxh3::xxh3_128;

use crate::deduper::Source;
use crate::document::{Documents, Span, spans};
use crate::error::Error;
use crate::lsh::SeenTwice;
use crate::normalize::Normalizer;
use crate::parallel::Pool;
use crate::shingle::weight;
pub use sentences::sentence_ends;

/// From when on a passage is common.
///
/// ```
/// let options = reprint::strip::StripOptions::default();
/// assert_eq!((options.from, options.passage), (2, 30));
/// ```
#[derive(Clone, Debug)]
pub struct StripOptions {
    /// Documents that must have it, at least 2.
    pub from: usize,
    /// Weight of the shortest one ([`UnitKind::weight`](crate::shingle::UnitKind::weight)): 30 is 30 characters of a script without
    /// spaces, or 15 words.
    pub passage: usize,
    /// How sentences are folded.
    pub normalizer: Normalizer,
    /// Worker threads; one for each core by default.
    pub threads: Option<usize>,
}

impl Default for StripOptions {
    fn default() -> Self {
        Self {
            from: 2,
            passage: 30,
            normalizer: Normalizer::new(),
            threads: None,
        }
    }
}

/// A stretch of a document that is cut.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cut {
    /// Where it stands in the text.
    pub span: Span,
    /// The position of the document that keeps the passage; the document itself, where it has the passage twice.
    pub first: usize,
}

/// A sentence of a document, or a line without one.
struct Sentence {
    /// Where it ends in the text, the space behind it included.
    end: usize,
    /// Of the folded sentence; 0 where nothing is left of it.
    digest: u128,
    weight: u32,
}

/// Where a passage stands: a document by the order of ids, and a sentence of it.
type Place = (u32, u32);

/// What is known of a passage.
#[derive(Clone, Copy)]
struct Known {
    first: Place,
    /// The last document that had it, and how many did.
    last: u32,
    documents: u32,
}

/// For each document, in input order, what is cut from it, by place. Only documents that are `kept` count, and only these are cut.
///
/// # Errors
///
/// Where fewer than two documents make a passage common, a passage has no length, a document can't be read, or no thread can be started.
pub fn strip<D: Documents + ?Sized>(
    documents: &D,
    kept: &[bool],
    options: &StripOptions,
) -> Result<Vec<Vec<Cut>>, Error> {
    if options.from < 2 {
        let limit = "it must be at least 2: what one document has is no common passage";
        return Err(Error::setting("strip-from", options.from, limit));
    }
    if options.passage == 0 {
        return Err(Error::setting(
            "passage",
            options.passage,
            "it must be at least 1",
        ));
    }
    let documents = &Source::new(&documents);
    let pool = Pool::new(options.threads, &())?;
    let mut order: Vec<usize> = (0..documents.len()).collect();
    order.retain(|&position| {
        kept.get(position) == Some(&true) && documents.parent(position).is_none()
    });
    order.sort_by(|&a, &b| documents.id(a).cmp(documents.id(b)));
    let sentences = pool.map(order.len(), String::new, |folded, i| {
        sentences_of(&documents.text(order[i]), &options.normalizer, folded)
    });
    let known = passages(&sentences, options.passage as u32);
    let is_common = |known: &Known| known.documents as usize >= options.from;
    let cuts = pool.map(
        order.len(),
        || (),
        |(), i| {
            let found = cuts_of(&sentences, i as u32, options.passage as u32, |key| {
                known
                    .get(&key)
                    .filter(|known| is_common(known))
                    .map(|known| known.first)
            });
            let ranges: Vec<_> = found.iter().map(|(range, _)| range.clone()).collect();
            if ranges.is_empty() {
                return Vec::new();
            }
            let spans = spans(&documents.text(order[i]), &ranges)
                .into_iter()
                .zip(found);
            let cuts = spans.map(|(span, (_, first))| Cut {
                span,
                first: order[first as usize],
            });
            cuts.collect()
        },
    );
    documents.check()?;
    let mut all = vec![Vec::new(); documents.len()];
    for (position, cuts) in order.into_iter().zip(cuts) {
        all[position] = cuts;
    }
    Ok(all)
}

fn sentences_of(text: &str, normalizer: &Normalizer, folded: &mut String) -> Vec<Sentence> {
    let mut start = 0;
    let sentences = sentence_ends(text).into_iter().map(|end| {
        normalizer.fold_into(&text[start..end], folded);
        start = end;
        Sentence {
            end,
            digest: if folded.is_empty() {
                0
            } else {
                xxh3_128(folded.as_bytes())
            },
            weight: weight(folded) as u32,
        }
    });
    sentences.collect()
}

/// The shortest runs of sentences that are long enough for a passage: from each sentence on, and up to each sentence, so that the
/// last sentences of what two documents have in common are in some run as well. Each with its key.
///
/// A sentence of which nothing is left when folded begins and ends no run and is no part of a key: a line of dashes may stand in one
/// place and not in another.
fn runs(sentences: &[Sentence], least: u32) -> Vec<(Range<usize>, u128)> {
    let filled = sentences.iter().enumerate();
    let filled: Vec<(usize, &Sentence)> =
        filled.filter(|(_, sentence)| sentence.weight > 0).collect();
    let onward = (0..filled.len()).filter_map(|start| {
        let length = long_enough(filled[start..].iter(), least)?;
        Some(start..start + length)
    });
    let backward = (1..=filled.len()).filter_map(|end| {
        let length = long_enough(filled[..end].iter().rev(), least)?;
        Some(end - length..end)
    });
    let keyed = |run: Range<usize>| {
        let run = &filled[run];
        let bytes = run
            .iter()
            .flat_map(|(_, sentence)| sentence.digest.to_le_bytes());
        let bytes: Vec<u8> = bytes.collect();
        (run[0].0..run[run.len() - 1].0 + 1, xxh3_128(&bytes))
    };
    let mut ranges: Vec<Range<usize>> = onward.chain(backward).collect();
    ranges.sort_unstable_by_key(|range| (range.start, range.end));
    ranges.dedup();
    ranges.into_iter().map(keyed).collect()
}

/// How many of these sentences are together long enough for a passage, if all are.
fn long_enough<'s>(
    mut sentences: impl Iterator<Item = &'s (usize, &'s Sentence)>,
    least: u32,
) -> Option<usize> {
    let mut weight = 0;
    let last = sentences.position(|(_, sentence)| {
        weight += sentence.weight;
        weight >= least
    });
    last.map(|last| last + 1)
}

/// The passages that stand in several places, and some others, by their keys.
fn passages(sentences: &[Vec<Sentence>], least: u32) -> HashMap<u128, Known> {
    let keys = sentences
        .iter()
        .flat_map(|of_document| runs(of_document, least));
    let count: usize = sentences.iter().map(Vec::len).sum();
    let repeated = SeenTwice::new(keys.map(|(_, key)| key as u64), 2 * count);
    let mut known: HashMap<u128, Known> = HashMap::new();
    for (document, of_document) in (0..).zip(sentences) {
        let runs = runs(of_document, least).into_iter();
        for (range, key) in runs.filter(|&(_, key)| repeated.has(key as u64)) {
            let place = (document, range.start as u32);
            let passage = known.entry(key).or_insert(Known {
                first: place,
                last: document,
                documents: 1,
            });
            passage.first = passage.first.min(place);
            if passage.last != document {
                passage.last = document;
                passage.documents += 1;
            }
        }
    }
    known
}

/// The byte ranges to cut from one document, each with the document that keeps what stands there.
fn cuts_of(
    all: &[Vec<Sentence>],
    document: u32,
    least: u32,
    first: impl Fn(u128) -> Option<Place>,
) -> Vec<(Range<usize>, u32)> {
    let sentences = &all[document as usize];
    // For each sentence the document that keeps it: the first of those of all passages that it is in.
    let mut keeper: Vec<Option<u32>> = vec![None; sentences.len()];
    for (range, key) in runs(sentences, least) {
        if let Some(first) = first(key).filter(|&first| first < (document, range.start as u32)) {
            for sentence in &mut keeper[range] {
                *sentence = Some(sentence.map_or(first.0, |known| known.min(first.0)));
            }
        }
    }
    let mut cuts: Vec<(Range<usize>, u32)> = Vec::new();
    let mut start = 0;
    for (sentence, keeper) in sentences.iter().zip(keeper) {
        if let Some(first) = keeper {
            match cuts.last_mut() {
                Some((range, known)) if range.end == start && *known == first => {
                    range.end = sentence.end
                }
                _ => cuts.push((start..sentence.end, first)),
            }
        }
        start = sentence.end;
    }
    cuts
}

/// A text without what is cut from it.
///
/// ```
/// use reprint::{Span, strip::{Cut, apply}};
///
/// let span = Span { bytes: 5..10, characters: 5..10 };
/// assert_eq!(apply("One. Two. Three.", &[Cut { span, first: 0 }]), "One. Three.");
/// ```
pub fn apply(text: &str, cuts: &[Cut]) -> String {
    let mut left = String::with_capacity(text.len());
    let mut from = 0;
    for cut in cuts {
        left.push_str(text.get(from..cut.span.bytes.start).unwrap_or_default());
        from = cut.span.bytes.end;
    }
    left.push_str(text.get(from..).unwrap_or_default());
    left
}

/// The text as it was, from what is left of it and the cuts: where each began, in characters of the text as it was, and what it took,
/// by place.
///
/// ```
/// assert_eq!(reprint::strip::undo("One. Three.", [(5, "Two. ")]), "One. Two. Three.");
/// ```
pub fn undo<S: AsRef<str>>(left: &str, cuts: impl IntoIterator<Item = (usize, S)>) -> String {
    let mut text = String::with_capacity(left.len());
    let (mut rest, mut written) = (left, 0);
    for (start, cut) in cuts {
        let between = start.saturating_sub(written);
        let end = rest
            .char_indices()
            .nth(between)
            .map_or(rest.len(), |(at, _)| at);
        text.push_str(&rest[..end]);
        rest = &rest[end..];
        text.push_str(cut.as_ref());
        written = start + cut.as_ref().chars().count();
    }
    text.push_str(rest);
    text
}

#[cfg(test)]
mod tests;
