//! Where do passages of folded texts stand in the originals? Each document is looked through once for all of its passages.

use std::ops::Range;

use crate::deduper::corpus::Corpus;
use crate::document::{Documents, Span, spans};
use crate::parallel::Pool;
use crate::report::RelatedPair;

/// One side of a passage.
struct Side {
    document: usize,
    pair: u32,
    passage: u32,
    is_left: bool,
}

impl Side {
    fn folded(&self, related: &[RelatedPair]) -> Range<usize> {
        let passage = &related[self.pair as usize].passages[self.passage as usize];
        let span = if self.is_left {
            &passage.left
        } else {
            &passage.right
        };
        span.bytes.clone()
    }

    fn put(&self, related: &mut [RelatedPair], found: Span) {
        let passage = &mut related[self.pair as usize].passages[self.passage as usize];
        let span = if self.is_left {
            &mut passage.left
        } else {
            &mut passage.right
        };
        *span = found;
    }
}

/// Turns the places of all passages from those in the folded texts into those in the originals.
pub(super) fn locate<D: Documents + ?Sized>(
    corpus: &Corpus<'_, D>,
    related: &mut [RelatedPair],
    pool: &Pool,
) {
    let sides = sides(related);
    let of_document: Vec<&[Side]> = sides.chunk_by(|a, b| a.document == b.document).collect();
    let texts = texts(corpus);
    let all: &[RelatedPair] = related;
    let found = pool.map(
        of_document.len(),
        || (),
        |(), i| {
            let document = of_document[i][0].document;
            let ranges: Vec<_> = of_document[i].iter().map(|side| side.folded(all)).collect();
            let original = corpus.documents.text(document);
            let located = corpus.locate(texts[document], document, &original, &ranges);
            spans(&original, &located)
        },
    );
    for (side, found) in sides.iter().zip(found.into_iter().flatten()) {
        side.put(related, found);
    }
}

/// Both sides of all passages, by document.
fn sides(related: &[RelatedPair]) -> Vec<Side> {
    let mut sides = Vec::new();
    for (pair, of_pair) in (0..).zip(related) {
        for passage in 0..of_pair.passages.len() as u32 {
            for (document, is_left) in [(&of_pair.a, true), (&of_pair.b, false)] {
                sides.push(Side {
                    document: document.position,
                    pair,
                    passage,
                    is_left,
                });
            }
        }
    }
    sides.sort_by_key(|side| side.document);
    sides
}

/// The text of each document.
fn texts<D: Documents + ?Sized>(corpus: &Corpus<'_, D>) -> Vec<u32> {
    let mut texts = vec![0; corpus.documents.len()];
    for (text, group) in (0..).zip(corpus.groups.iter()) {
        for &document in group {
            texts[document] = text;
        }
    }
    texts
}
