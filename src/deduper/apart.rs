//! Which documents are never joined, whatever their texts?
//!
//! If a field keeps documents apart, a text of the corpus has only documents of one folded text and one value. The search uses each folded
//! text only once. So equal texts of several values neither fill its buckets nor count as several works. What the search finds for one
//! holds for all of them.

use std::collections::HashMap;

use xxhash_rust::xxh3::Xxh3Default;

use crate::deduper::corpus::Corpus;
use crate::deduper::settings::Config;
use crate::deduper::source::Source;
use crate::lsh::CandidatePair;
use crate::parallel::Pool;

impl Config {
    /// The digests of the values of all documents in this order. Empty if no field keeps documents apart.
    pub(super) fn apart_values(
        &self,
        documents: &Source<'_>,
        order: &[usize],
        pool: &Pool,
    ) -> Vec<u128> {
        let count = self.apart.as_ref().map_or(0, |_| order.len());
        let value = |(): &mut (), i: usize| self.apart_value(documents, order[i]);
        pool.map(count, || (), value)
    }

    /// A digest of the value that keeps a document apart from documents of other values. 0 if it has no value, or if no field keeps
    /// documents apart.
    pub(super) fn apart_value(&self, documents: &Source<'_>, position: usize) -> u128 {
        let Some(field) = &self.apart else {
            return 0;
        };
        let metadata = documents.metadata(position);
        let mut digest = Xxh3Default::new();
        let mut values = metadata.values(field).peekable();
        if values.peek().is_none() {
            return 0;
        }
        for value in values {
            // The length comes first, so that no two different lists make the same bytes.
            digest.update(&(value.len() as u64).to_le_bytes());
            digest.update(value.as_bytes());
        }
        digest.digest128()
    }
}

impl Corpus<'_> {
    /// Do two texts have different values? Then they are never joined.
    pub(super) fn is_apart(&self, a: u32, b: u32) -> bool {
        let [a, b] = [a, b].map(|text| self.apart.get(text as usize));
        a != b
    }

    /// For each text, the first text that is equal to it. This is the text itself if no field keeps documents apart.
    pub(super) fn first_equals(&self) -> Vec<u32> {
        let texts = 0..self.sketches.len() as u32;
        if self.settled.apart.is_none() {
            return texts.collect();
        }
        let mut first = HashMap::new();
        let key = |text: u32| {
            let sketch = &self.sketches[text as usize];
            (sketch.digest, sketch.length())
        };
        texts
            .map(|text| *first.entry(key(text)).or_insert(text))
            .collect()
    }
}

/// Extends pairs of first equals to all their equals: adds each pair of texts that are equal to the two and have one value. The result is
/// not ordered.
pub(super) fn among_equals(
    corpus: &Corpus<'_>,
    first_equals: &[u32],
    mut pairs: Vec<CandidatePair>,
) -> Vec<CandidatePair> {
    let mut equals: HashMap<u32, Vec<u32>> = HashMap::new();
    for (text, &first) in (0..).zip(first_equals) {
        equals.entry(first).or_default().push(text);
    }
    let of = |first: u32| equals.get(&first).map_or(&[][..], Vec::as_slice);
    let more = pairs.iter().flat_map(|&(a, b)| {
        let both = of(a)
            .iter()
            .flat_map(move |&x| of(b).iter().map(move |&y| (x, y)));
        both.filter(move |&pair| pair != (a, b) && !corpus.is_apart(pair.0, pair.1))
    });
    let more: Vec<CandidatePair> = more.map(|(x, y)| (x.min(y), x.max(y))).collect();
    pairs.extend(more);
    pairs
}
