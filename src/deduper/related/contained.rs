//! Which pairs of documents are worth comparing, because one document may be inside the other?

use std::collections::HashMap;

use crate::deduper::corpus::Corpus;
use crate::deduper::related::index::SeedIndex;
use crate::deduper::related::search::{MIN_DAMAGED_SEEDS, SeedCounts};
use crate::lsh::{CandidatePair, MAX_RARE_DOCUMENTS, merge_pairs};
use crate::parallel::Pool;

/// Number of texts with a common seed, the shortest ones, that may be inside all other texts with this seed. This holds only if common
/// phrases count.
const SHORTEST: usize = 8;

/// Which shared seeds show that one text may be inside another?
pub(super) enum Telling {
    /// Seeds that at most [`MAX_RARE_DOCUMENTS`] texts have.
    Rare,
    /// All seeds. For a seed that more texts have, only the shortest texts may be inside the others.
    All(ShortestTexts),
}

/// For each common key, by its place in the index: the longest of its shortest texts, as its length and the text.
pub(super) struct ShortestTexts(HashMap<usize, (usize, u32)>);

impl ShortestTexts {
    pub(super) fn new(corpus: &Corpus<'_>, index: &SeedIndex) -> Self {
        let common = (0..index.len()).filter(|&key| index.texts(key) > MAX_RARE_DOCUMENTS);
        let last = common.map(|key| {
            let texts = index.occurrences(key).chunk_by(|a, b| a.text == b.text);
            let texts = texts.map(|of_text| length(corpus, of_text[0].text));
            let mut texts: Vec<(usize, u32)> = texts.collect();
            let last = *texts.select_nth_unstable(SHORTEST - 1).1;
            (key, last)
        });
        Self(last.collect())
    }
}

/// The order of texts, the shortest first.
pub(super) fn length(corpus: &Corpus<'_>, text: u32) -> (usize, u32) {
    (corpus.sketches[text as usize].length(), text)
}

/// Pairs in which one text has enough seeds of the other to contain it. Cost for each seed: the texts that have it, which are at most 16,
/// and more only for the shortest texts with a common seed.
pub(super) fn candidates(
    corpus: &Corpus<'_>,
    texts: &[u32],
    index: &SeedIndex,
    telling: &Telling,
    pool: &Pool,
) -> Vec<CandidatePair> {
    let pairs = pool.map(texts.len(), Vec::new, |met, i| {
        let text = texts[i];
        met.clear();
        push_met(corpus, text, index, telling, met);
        met.sort_unstable();
        let all = corpus.sketches[text as usize].all_seeds();
        let telling = match telling {
            Telling::Rare => SeedCounts::new(all, corpus.seeds(text), index).own,
            Telling::All(_) => all,
        };
        let enough = |met: usize| met as f64 >= MIN_DAMAGED_SEEDS * telling as f64;
        let near = met.chunk_by(|a, b| a == b).filter(|met| enough(met.len()));
        let pairs = near.map(|met| (text.min(met[0]), text.max(met[0])));
        let pairs = pairs.filter(|&pair| may_contain(corpus, pair));
        pairs.collect::<Vec<_>>()
    });
    merge_pairs(pairs.into_iter().flatten().collect())
}

/// May one of two texts contain the other, and is it not a part of that document?
pub(super) fn may_contain(corpus: &Corpus<'_>, (a, b): CandidatePair) -> bool {
    !corpus.is_part_of(a, b) && corpus.may_be_inside(a, b)
}

/// Appends the other texts that have a seed of this text, once for each shared seed.
fn push_met(
    corpus: &Corpus<'_>,
    text: u32,
    index: &SeedIndex,
    telling: &Telling,
    met: &mut Vec<u32>,
) {
    for seeds in corpus.seeds(text).chunk_by(|a, b| a.key == b.key) {
        let Some(key) = index.find(seeds[0].key) else {
            continue;
        };
        let tells = match telling {
            _ if index.texts(key) <= MAX_RARE_DOCUMENTS => true,
            Telling::Rare => false,
            Telling::All(shortest) => {
                let last = shortest.0.get(&key);
                last.is_some_and(|&last| length(corpus, text) <= last)
            }
        };
        if tells {
            let having = index.occurrences(key).chunk_by(|a, b| a.text == b.text);
            let others = having.map(|of_text| of_text[0].text);
            met.extend(others.filter(|&other| other != text));
        }
    }
}
