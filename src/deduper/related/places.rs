//! Where in the originals are ranges of folded texts? Each document is read once for all its ranges.

use std::ops::Range;

use crate::deduper::corpus::Corpus;
use crate::document::{Span, spans};
use crate::parallel::Pool;

/// The spans in the originals of ranges of folded texts, in the same order. Each range is given with its document and text.
pub(super) fn locate(
    corpus: &Corpus<'_>,
    wanted: &[(usize, u32, Range<usize>)],
    pool: &Pool,
) -> Vec<Span> {
    let mut order: Vec<usize> = (0..wanted.len()).collect();
    order.sort_by_key(|&at| wanted[at].0);
    let of_document: Vec<&[usize]> = order
        .chunk_by(|&a, &b| wanted[a].0 == wanted[b].0)
        .collect();
    let found = pool.map(
        of_document.len(),
        || (),
        |(), i| {
            let (document, text, _) = wanted[of_document[i][0]];
            let ranges = of_document[i].iter().map(|&at| wanted[at].2.clone());
            let ranges: Vec<Range<usize>> = ranges.collect();
            let original = corpus.documents.text(document);
            let located = corpus.locate(text, document, &original, &ranges);
            spans(&original, &located)
        },
    );
    let mut located = vec![Span::default(); wanted.len()];
    for (&at, span) in order.iter().zip(found.into_iter().flatten()) {
        located[at] = span;
    }
    located
}
