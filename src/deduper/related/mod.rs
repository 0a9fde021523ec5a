//! Which passages do documents that are no copies of each other have in common, and which documents are inside others?

mod contained;
mod index;
mod matches;
mod passages;
mod places;
mod rows;
mod search;

use std::ops::Range;

use crate::cluster::Anchored;
use crate::deduper::corpus::Corpus;
use crate::document::Span;
use crate::lsh::CandidatePair;
use crate::parallel::Pool;
use crate::report::{CommonPassage, Passage, Progress, RelatedPair, Stage};
use crate::verify::{FoldedPassage, Relation};
use contained::{ShortestTexts, Telling, candidates, length, may_contain};
use index::{Frequency, SeedIndex};
pub(super) use index::{forget_single, retain_seeds};
use passages::PassageFinder;
use places::locate;
pub(super) use search::{MAX_FORM_ITEM, MIN_DAMAGED_SEEDS, RelatedTexts};
use search::{RelationFinder, SeededText};

/// Maximum number of listed pairs of documents with the same two texts. If there are more, only the first document of each text is listed.
const MAX_LISTED_PAIRS: usize = 1000;

/// Maximum number of copies in a cluster, without the canonical copy, that are compared with a text that the canonical copy contains or is
/// inside of.
const MAX_COPIES: usize = 16;

/// Finds what the kept documents have in common: one of each cluster, and the documents in no cluster.
pub(super) struct Related<'r, 'd> {
    corpus: &'r Corpus<'d>,
    clusters: &'r [Anchored],
    /// For each text, the document that is kept with it.
    standing: Vec<Option<usize>>,
    /// The texts with a kept document, ascending.
    texts: Vec<u32>,
    index: SeedIndex,
    pool: &'r Pool<'r>,
    progress: &'r dyn Progress,
}

impl<'r, 'd> Related<'r, 'd> {
    pub(super) fn new(
        corpus: &'r Corpus<'d>,
        clusters: &'r [Anchored],
        pool: &'r Pool<'r>,
        progress: &'r dyn Progress,
    ) -> Self {
        let standing = standing(corpus, clusters);
        let texts = (0..).zip(&standing);
        let texts: Vec<u32> = texts
            .filter_map(|(text, standing)| standing.map(|_| text))
            .collect();
        let index = SeedIndex::new(corpus, &texts, pool);
        Self {
            corpus,
            clusters,
            standing,
            texts,
            index,
            pool,
            progress,
        }
    }

    /// All pairs of documents, one inside the other, by their ids: documents of different clusters, and within one cluster a part
    /// and the whole.
    pub(super) fn contained(&self) -> Vec<RelatedPair> {
        let corpus = self.corpus;
        let search = RelationFinder {
            corpus,
            index: &self.index,
            weighs_phrases: true,
        };
        let worth = candidates(corpus, &self.texts, &self.index, &Telling::Rare, self.pool);
        self.progress.begin(Stage::Relate, worth.len());
        let mut found = search.find_all(&worth, false, self.pool, self.progress);
        // These pairs are few in comparison, and are known only now.
        let copies = self.copies_of(&found);
        found.extend(search.find_all(&copies, false, self.pool, &()));
        let parts = self.parts_of_copies();
        found.extend(search.find_all(&parts, true, self.pool, &()));
        let mut related = of_documents(corpus, found, self.pool);
        related.sort_by(|x, y| (&x.a.id, &x.b.id).cmp(&(&y.a.id, &y.b.id)));
        related
    }

    /// All passages that are in two or more of the kept documents. Documents that are `gone` are left out.
    pub(super) fn passages(&self, gone: impl Fn(usize) -> bool) -> Vec<CommonPassage> {
        let standing = self.standing.iter();
        let standing: Vec<Option<usize>> = standing
            .map(|standing| standing.filter(|&document| !gone(document)))
            .collect();
        let finder = PassageFinder {
            corpus: self.corpus,
            index: &self.index,
            standing: &standing,
            pool: self.pool,
        };
        finder.find()
    }

    /// For each two related texts: pairs of the copies of one with the other.
    fn copies_of(&self, found: &[RelatedTexts]) -> Vec<CandidatePair> {
        let mut copies: Vec<&[(u32, _)]> = vec![&[]; self.standing.len()];
        for cluster in self.clusters {
            copies[cluster.canonical as usize] = &cluster.copies;
        }
        let sides = found.iter().flat_map(|found| {
            let (a, b) = found.pair;
            [(a, b), (b, a)]
        });
        let pairs = sides.flat_map(|(canonical, other)| {
            let copies = copies[canonical as usize].iter().take(MAX_COPIES);
            copies.map(move |&(copy, _)| (copy.min(other), copy.max(other)))
        });
        pairs
            .filter(|&pair| may_contain(self.corpus, pair))
            .collect()
    }

    /// Pairs of a canonical copy and a copy in its cluster, if one is only a part of the other.
    fn parts_of_copies(&self) -> Vec<CandidatePair> {
        let copies = self.clusters.iter().flat_map(|cluster| {
            let copies = cluster.copies.iter();
            copies.map(|&(copy, comparison)| (cluster.canonical, copy, comparison))
        });
        let limits = self.corpus.settled.limits;
        let parts = copies.filter_map(|(canonical, copy, comparison)| {
            limits.containment(comparison.overlap, true)?;
            Some((canonical.min(copy), canonical.max(copy)))
        });
        parts
            .filter(|&(a, b)| !self.corpus.is_part_of(a, b))
            .collect()
    }
}

/// For each text, the document that is kept with it. A copy has none, and parts of documents are not kept.
fn standing(corpus: &Corpus<'_>, clusters: &[Anchored]) -> Vec<Option<usize>> {
    let whole = |&document: &usize| corpus.documents.parent(document).is_none();
    let groups = corpus.groups.iter();
    let mut standing: Vec<Option<usize>> = groups
        .map(|group| group.iter().copied().find(whole))
        .collect();
    for (copy, _) in clusters.iter().flat_map(|cluster| &cluster.copies) {
        standing[*copy as usize] = None;
    }
    standing
}

/// Relations of texts of two collections: those that were `found`, and those of the pairs that are `worth` comparing (`None` if no pair can
/// be). Common phrases are not discounted here: a reference document that is in many new documents is related to each of them.
pub(super) fn across(
    corpus: &Corpus<'_>,
    worth: Option<impl Fn(CandidatePair) -> bool>,
    mut found: Vec<RelatedTexts>,
    pool: &Pool,
    progress: &dyn Progress,
) -> Vec<RelatedPair> {
    if let Some(worth) = worth {
        let texts: Vec<u32> = (0..corpus.groups.len() as u32).collect();
        let index = SeedIndex::new(corpus, &texts, pool);
        let telling = Telling::All(ShortestTexts::new(corpus, &index));
        let mut pairs = candidates(corpus, &texts, &index, &telling, pool);
        pairs.retain(|&pair| worth(pair));
        let search = RelationFinder {
            corpus,
            index: &index,
            weighs_phrases: false,
        };
        progress.begin(Stage::Relate, pairs.len());
        found.extend(search.find_all(&pairs, false, pool, progress));
    }
    of_documents(corpus, found, pool)
}

/// The texts after the first one that the first text contains or is inside of. `frequencies` are the numbers of texts with each key, by
/// ascending key.
#[cfg(feature = "index")]
pub(super) fn of_first(
    corpus: &Corpus<'_>,
    frequencies: impl Iterator<Item = (u64, u32)>,
) -> Vec<RelatedTexts> {
    // The numbers of short texts are not known here.
    let frequencies = frequencies.map(|(key, texts)| (key, Frequency { texts, short: 0 }));
    let index = &SeedIndex::of_frequencies(frequencies, Vec::new());
    let search = RelationFinder {
        corpus,
        index,
        weighs_phrases: true,
    };
    let first = SeededText::new(corpus, 0, index);
    let others = 1..corpus.groups.len() as u32;
    let found = others.filter_map(|text| {
        let other = SeededText::new(corpus, text, index);
        search.find((0, text), false, &first, &other)
    });
    found.collect()
}

/// For each pair: is one of its texts inside the other, and by which passages of the documents? Each side of a pair is a document and its
/// text. `shared` has, for each key in ascending order, the numbers of kept texts and of short kept texts with it. `stays` has the kept
/// texts of this corpus.
pub(super) fn of_pairs(
    corpus: &Corpus<'_>,
    shared: impl Iterator<Item = (u64, [u32; 2])>,
    stays: Vec<u32>,
    pairs: &[[(usize, u32); 2]],
    are_copies: bool,
) -> Vec<Option<(RelatedTexts, Vec<Passage>)>> {
    let several = shared.filter(|&(_, [texts, _])| texts > 1);
    let frequencies = several.map(|(key, [texts, short])| (key, Frequency { texts, short }));
    let index = &SeedIndex::of_frequencies(frequencies, stays);
    let search = RelationFinder {
        corpus,
        index,
        weighs_phrases: true,
    };
    let found = pairs.iter().map(|&[(left, a), (right, b)]| {
        if a == b || !may_contain(corpus, (a, b)) {
            return None;
        }
        let [x, y] = [a, b].map(|text| SeededText::new(corpus, text, index));
        let found = search.find((a, b), are_copies, &x, &y)?;
        let wanted = found.passages.iter().flat_map(|passage| {
            [
                (left, a, passage.left.clone()),
                (right, b, passage.right.clone()),
            ]
        });
        let wanted: Vec<(usize, u32, Range<usize>)> = wanted.collect();
        let spans = locate(corpus, &wanted, &Pool::of_caller(&()));
        let passages = found.passages.iter().zip(spans.chunks(2));
        let passages = passages.map(|(passage, spans)| located(passage, spans));
        let passages = passages.collect();
        Some((found, passages))
    });
    found.collect()
}

impl RelationFinder<'_, '_> {
    /// The relations of these pairs, in any order. The longer text of a pair is prepared once for all its pairs.
    fn find_all(
        &self,
        candidates: &[CandidatePair],
        are_copies: bool,
        pool: &Pool,
        progress: &dyn Progress,
    ) -> Vec<RelatedTexts> {
        let corpus = self.corpus;
        let turned = candidates
            .iter()
            .map(|&(a, b)| match length(corpus, a) < length(corpus, b) {
                true => (b, a),
                false => (a, b),
            });
        let mut turned: Vec<CandidatePair> = turned.collect();
        turned.sort_unstable();
        turned.dedup();
        let of_longer: Vec<&[CandidatePair]> = turned.chunk_by(|a, b| a.0 == b.0).collect();
        let found = pool.map(
            of_longer.len(),
            || (),
            |(), i| {
                let longer = SeededText::new(corpus, of_longer[i][0].0, self.index);
                let found = of_longer[i].iter().filter_map(|&pair| {
                    let shorter = SeededText::new(corpus, pair.1, self.index);
                    self.find(pair, are_copies, &longer, &shorter)
                });
                let found: Vec<RelatedTexts> = found.collect();
                progress.advance(Stage::Relate, of_longer[i].len());
                found
            },
        );
        found.into_iter().flatten().collect()
    }
}

/// The related documents of related texts. Passages are located in the original texts.
fn of_documents(corpus: &Corpus<'_>, found: Vec<RelatedTexts>, pool: &Pool) -> Vec<RelatedPair> {
    let mut listed: Vec<(&RelatedTexts, usize, usize)> = Vec::new();
    for found in &found {
        let documents = documents_of(corpus, found.pair);
        listed.extend(documents.map(|(a, b)| (found, a, b)));
    }
    let wanted = listed.iter().flat_map(|&(found, a, b)| {
        let (left, right) = found.pair;
        found.passages.iter().flat_map(move |passage| {
            [
                (a, left, passage.left.clone()),
                (b, right, passage.right.clone()),
            ]
        })
    });
    let wanted: Vec<(usize, u32, Range<usize>)> = wanted.collect();
    let mut spans = locate(corpus, &wanted, pool).into_iter();
    let pairs = listed.iter().map(|&(found, a, b)| {
        let spans = spans.by_ref().take(2 * found.passages.len());
        related(corpus, found, [a, b], &spans.collect::<Vec<_>>())
    });
    pairs.collect()
}

/// All pairs of documents of two texts.
fn documents_of<'c>(
    corpus: &'c Corpus<'_>,
    (a, b): CandidatePair,
) -> impl Iterator<Item = (usize, usize)> + use<'c> {
    let [a, b] = [a, b].map(|text| &corpus.groups[text as usize]);
    let few = a.len() * b.len() <= MAX_LISTED_PAIRS;
    let [a, b] = [a, b].map(|group| if few { group } else { &group[..1] });
    let pairs = a
        .iter()
        .flat_map(move |&left| b.iter().map(move |&right| (left, right)));
    let whole = |position| corpus.documents.parent(position);
    pairs.filter(move |&(left, right)| whole(left) != Some(right) && whole(right) != Some(left))
}

/// The pair of documents, the container first. `spans` has two spans for each passage.
fn related(
    corpus: &Corpus<'_>,
    found: &RelatedTexts,
    documents: [usize; 2],
    spans: &[Span],
) -> RelatedPair {
    let [a, b] = documents.map(|position| corpus.document(position));
    let passages = found.passages.iter().zip(spans.chunks(2));
    let passages = passages.map(|(passage, spans)| located(passage, spans));
    let pair = RelatedPair {
        a,
        b,
        relation: found.relation,
        overlap: found.overlap,
        passages: passages.collect(),
    };
    match found.relation {
        Relation::Within => pair.swapped(),
        _ => pair,
    }
}

fn located(passage: &FoldedPassage, spans: &[Span]) -> Passage {
    let span = |side: usize| spans.get(side).cloned().unwrap_or_default();
    Passage {
        left: span(0),
        right: span(1),
        common: passage.common,
        documents: passage.documents,
    }
}
