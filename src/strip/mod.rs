//! Which passages do several documents have in common, and where can they be cut?
//!
//! A *common passage* is a run of whole sentences that several documents have, equal when folded: the head of a site, a notice, a paragraph
//! that a hundred pages quote. It stays in one place, the first one of the document with the smallest id, and is cut everywhere else. Cuts
//! begin and end at the ends of sentences or paragraphs, so that no word, character or tag is split. A common text that begins in the
//! middle of a sentence is not cut, and neither are numbers alone. Every cut is listed with its text, so that all cuts can be undone.
//!
//! Every sentence that is cut stays in one place: each cut refers to an earlier place, in the order of ids and positions,
//! and the first place is never cut.
//!
//! Cost: one pass over the texts, in which each sentence is folded; 50 bytes of memory for each sentence, and as many for each
//! repeated one. A text in which every line is a sentence, such as a table, is cut between lines.
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

/// The conditions for a common passage.
///
/// ```
/// let options = reprint::strip::StripOptions::default();
/// assert_eq!((options.from, options.passage), (2, 30));
/// ```
#[derive(Clone, Debug)]
pub struct StripOptions {
    /// Minimum number of documents that have the passage; 2 or more.
    pub from: usize,
    /// Minimum [weight](crate::shingle::UnitKind::weight) of the passage: 30 is 30 characters of a script without spaces, or 15 words.
    pub passage: usize,
    /// The normalizer that folds the sentences.
    pub normalizer: Normalizer,
    /// Number of worker threads; one for each core by default.
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

/// A passage that is cut from a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cut {
    /// Its position in the text.
    pub span: Span,
    /// The position of the first document that has the passage. It is this document if it has the passage twice.
    pub first: usize,
}

/// A sentence of a document.
struct Sentence {
    /// The end of the sentence in the text, in bytes. The white space after the sentence is included.
    end: usize,
    /// Digest of the folded sentence; 0 if folding leaves nothing.
    digest: u128,
    /// Weight of the folded sentence; 0 if it has no letters. Numbers alone, such as the line numbers of a listing or a column of a
    /// table, are the same in many documents by chance.
    weight: u32,
}

/// Maximum number of sentences in a run that is just long enough. It keeps the cost linear in a long table of numbers.
const MAX_SENTENCES: usize = 64;

/// A place of a passage: the number of the document in the order of ids, and the number of the passage's first sentence.
type Place = (u32, u32);

/// The places of a passage.
#[derive(Clone, Copy)]
struct Occurrences {
    first: Place,
    /// The last counted document that has the passage.
    last: u32,
    documents: u32,
}

/// The cuts of each document, in input order, each list by place. Only documents that are `kept` are counted and cut. Of a document
/// with parts, only the whole document counts.
///
/// # Errors
///
/// If `from` is under 2, `passage` is 0, a document can't be read, or no thread can be started.
pub fn strip<D: Documents + ?Sized>(
    documents: &D,
    kept: &[bool],
    options: &StripOptions,
) -> Result<Vec<Vec<Cut>>, Error> {
    options.check()?;
    let documents = &Source::new(&documents);
    let min_weight = options.passage as u32;
    let pool = Pool::new(options.threads, &())?;
    let order = whole_by_id(documents, kept);
    let sentences = pool.map(order.len(), String::new, |folded, i| {
        sentences_of(&documents.text(order[i]), &options.normalizer, folded)
    });
    let passages = passages(&sentences, min_weight);
    let first = |key: u128| {
        let found = passages.get(&key)?;
        (found.documents as usize >= options.from).then_some(found.first)
    };
    let cut = |i: usize| {
        let found = cuts_of(&sentences, i as u32, min_weight, first);
        if found.is_empty() {
            return Vec::new();
        }
        let (ranges, keepers): (Vec<_>, Vec<u32>) = found.into_iter().unzip();
        let spans = spans(&documents.text(order[i]), &ranges).into_iter();
        let cuts = spans.zip(keepers).map(|(span, keeper)| Cut {
            span,
            first: order[keeper as usize],
        });
        cuts.collect()
    };
    let cuts = pool.map(order.len(), || (), |(), i| cut(i));
    documents.check()?;
    let mut all = vec![Vec::new(); documents.len()];
    for (position, cuts) in order.into_iter().zip(cuts) {
        all[position] = cuts;
    }
    Ok(all)
}

impl StripOptions {
    fn check(&self) -> Result<(), Error> {
        if self.from < 2 {
            let limit = "it must be at least 2: what one document has is no common passage";
            return Err(Error::setting("strip-from", self.from, limit));
        }
        if self.passage == 0 {
            return Err(Error::setting(
                "passage",
                self.passage,
                "it must be at least 1",
            ));
        }
        Ok(())
    }
}

/// The positions of the documents that are kept, without parts of other documents, by id.
fn whole_by_id(documents: &Source<'_>, kept: &[bool]) -> Vec<usize> {
    let is_whole = |&position: &usize| {
        kept.get(position) == Some(&true) && documents.parent(position).is_none()
    };
    let mut order: Vec<usize> = (0..documents.len()).filter(is_whole).collect();
    order.sort_by(|&a, &b| documents.id(a).cmp(documents.id(b)));
    order
}

/// The sentences of a text; `folded` is a buffer to reuse.
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
            weight: match folded.contains(char::is_alphabetic) {
                true => weight(folded) as u32,
                false => 0,
            },
        }
    });
    sentences.collect()
}

/// The shortest runs of sentences that are long enough for a passage, each with its key. One run starts at each sentence and one
/// ends at each sentence, so that the last sentences of a common passage are in a run as well.
///
/// A sentence that folds to nothing, such as a line of dashes, neither begins nor ends a run and is not part of a key, as one
/// document may have it and another may not.
fn runs(sentences: &[Sentence], min_weight: u32) -> Vec<(Range<usize>, u128)> {
    let filled = sentences.iter().enumerate();
    let filled: Vec<(usize, &Sentence)> = filled
        .filter(|(_, sentence)| sentence.digest != 0)
        .collect();
    let onward = (0..filled.len()).filter_map(|start| {
        let length = long_enough(filled[start..].iter(), min_weight)?;
        Some(start..start + length)
    });
    let backward = (1..=filled.len()).filter_map(|end| {
        let length = long_enough(filled[..end].iter().rev(), min_weight)?;
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

/// The number of sentences, counted from the first, that are together long enough for a passage; `None` if the first
/// [`MAX_SENTENCES`] are too short.
fn long_enough<'s>(
    sentences: impl Iterator<Item = &'s (usize, &'s Sentence)>,
    min_weight: u32,
) -> Option<usize> {
    let mut weight = 0;
    let last = sentences.take(MAX_SENTENCES).position(|(_, sentence)| {
        weight += sentence.weight;
        weight >= min_weight
    });
    last.map(|last| last + 1)
}

/// The repeated passages by their keys. A few passages that are not repeated may be among them.
fn passages(sentences: &[Vec<Sentence>], min_weight: u32) -> HashMap<u128, Occurrences> {
    let keys = sentences
        .iter()
        .flat_map(|of_document| runs(of_document, min_weight));
    let count: usize = sentences.iter().map(Vec::len).sum();
    let repeated = SeenTwice::new(keys.map(|(_, key)| key as u64), 2 * count);
    let mut found: HashMap<u128, Occurrences> = HashMap::new();
    for (document, of_document) in (0..).zip(sentences) {
        let runs = runs(of_document, min_weight).into_iter();
        for (range, key) in runs.filter(|&(_, key)| repeated.has(key as u64)) {
            let place = (document, range.start as u32);
            let passage = found.entry(key).or_insert(Occurrences {
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
    found
}

/// The byte ranges to cut from one document, each with the first document that has the passage.
fn cuts_of(
    all: &[Vec<Sentence>],
    document: u32,
    min_weight: u32,
    first: impl Fn(u128) -> Option<Place>,
) -> Vec<(Range<usize>, u32)> {
    let sentences = &all[document as usize];
    // For each sentence that is cut, the first document that has one of its passages.
    let mut keeper: Vec<Option<u32>> = vec![None; sentences.len()];
    for (range, key) in runs(sentences, min_weight) {
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

/// The text without its cuts.
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

/// Puts the cuts back into a text. `cuts` has the start of each cut, in characters of the original text, and its text, by place.
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
