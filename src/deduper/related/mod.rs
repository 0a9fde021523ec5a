//! Which documents that are no copies of each other are related, and by which passages?

mod candidates;
mod places;
mod search;

use std::ops::Range;

use crate::cluster::Anchored;
use crate::deduper::corpus::Corpus;
use crate::deduper::pairs::{Recent, tasks};
use crate::document::{Documents, Span};
use crate::lsh::{CandidatePair, SharedKeys};
use crate::parallel::Pool;
use crate::report::{Passage, Progress, RelatedPair, Stage};
use crate::verify::{FoldedPassage, Limits, Relation};
use candidates::candidates;
pub(super) use candidates::forget_single;
#[cfg(feature = "index")]
pub(super) use search::MIN_DAMAGED_SEEDS;
pub(super) use search::RelatedTexts;
use search::{RelationFinder, SeededText};

/// Bytes that a worker keeps of the texts that it compared last.
const CACHE_BYTES: usize = 3 << 20;

/// Documents of two texts that are listed pair by pair; where more have the same two texts, only the first of each text.
const MAX_LISTED_PAIRS: usize = 1000;

/// All relations of documents, by their ids: between those of different clusters, and of parts to the whole within one.
pub(super) fn relations<D: Documents + ?Sized>(
    corpus: &Corpus<'_, D>,
    limits: Limits,
    clusters: &[Anchored],
    pool: &Pool,
    progress: &dyn Progress,
) -> Vec<RelatedPair> {
    let cluster_of = cluster_of(corpus.groups.len(), clusters);
    let (meetings, mut candidates) = candidates(corpus, &cluster_of, pool);
    candidates.retain(|&(a, b)| !corpus.is_part_of(a, b));
    candidates.extend(parts_of_copies(limits, clusters));
    progress.begin(Stage::Relate, candidates.len());
    let search = RelationFinder {
        corpus,
        limits,
        cluster_of: &cluster_of,
    };
    let found = search.find_all(&candidates, &meetings, pool, progress);
    let mut related = search.of_documents(found);
    places::locate(corpus, &mut related, pool);
    related.sort_by(|x, y| (&x.a.id, &x.b.id).cmp(&(&y.a.id, &y.b.id)));
    related
}

/// Relations of texts of two collections: those that were `found`, and pairs that are `worth` a look, if any can be. Of these, only
/// those of which one is inside the other.
pub(super) fn across<D: Documents + ?Sized>(
    corpus: &Corpus<'_, D>,
    worth: Option<impl Fn(CandidatePair) -> bool>,
    found: Vec<RelatedTexts>,
    pool: &Pool,
    progress: &dyn Progress,
) -> Vec<RelatedPair> {
    let cluster_of = cluster_of(corpus.groups.len(), &[]);
    let search = RelationFinder {
        corpus,
        limits: corpus.settled.limits,
        cluster_of: &cluster_of,
    };
    let mut all = vec![found];
    if let Some(worth) = worth {
        let (meetings, mut candidates) = candidates(corpus, &cluster_of, pool);
        candidates.retain(|&(a, b)| worth((a, b)) && !corpus.is_part_of(a, b));
        progress.begin(Stage::Relate, candidates.len());
        let found = search
            .find_all(&candidates, &meetings, pool, progress)
            .into_iter()
            .flatten();
        all.push(
            found
                .filter(|found| found.relation != Relation::Shares)
                .collect(),
        );
    }
    let mut related = search.of_documents(all);
    places::locate(corpus, &mut related, pool);
    related
}

/// Which texts the first one contains or is inside, of those that come after it. `frequencies` has the keys that others share with it.
#[cfg(feature = "index")]
pub(super) fn of_first<D: Documents + ?Sized>(
    corpus: &Corpus<'_, D>,
    frequencies: &SharedKeys,
) -> Vec<RelatedTexts> {
    let cluster_of = cluster_of(corpus.groups.len(), &[]);
    let search = RelationFinder {
        corpus,
        limits: corpus.settled.limits,
        cluster_of: &cluster_of,
    };
    let text = |text| SeededText::new(corpus, text, frequencies);
    let first = text(0);
    let others = 1..corpus.groups.len() as u32;
    let found = others.filter_map(|other| search.find((0, other), &first, &text(other)));
    found
        .filter(|found| found.relation != Relation::Shares)
        .collect()
}

/// The canonical copy of each text, itself where it is alone.
fn cluster_of(texts: usize, clusters: &[Anchored]) -> Vec<u32> {
    let mut cluster_of: Vec<u32> = (0..texts as u32).collect();
    for cluster in clusters {
        for &(copy, _) in &cluster.copies {
            cluster_of[copy as usize] = cluster.canonical;
        }
    }
    cluster_of
}

/// Copies in one cluster of which one is but a part of the canonical one, or the other way round.
fn parts_of_copies(limits: Limits, clusters: &[Anchored]) -> impl Iterator<Item = CandidatePair> {
    let copies = clusters.iter().flat_map(|cluster| {
        let copies = cluster.copies.iter();
        copies.map(|&(copy, comparison)| (cluster.canonical, copy, comparison))
    });
    copies.filter_map(move |(canonical, copy, comparison)| {
        limits.containment(comparison.overlap, true)?;
        Some((canonical.min(copy), canonical.max(copy)))
    })
}

impl<D: Documents + ?Sized> RelationFinder<'_, '_, D> {
    /// The relations of these pairs.
    fn find_all(
        &self,
        candidates: &[CandidatePair],
        meetings: &SharedKeys,
        pool: &Pool,
        progress: &dyn Progress,
    ) -> Vec<Vec<RelatedTexts>> {
        let corpus = self.corpus;
        let tasks = tasks(corpus, candidates, |&pair| pair);
        let recent = || Recent::new(CACHE_BYTES, SeededText::bytes);
        pool.map(tasks.len(), recent, |cuts, task| {
            let found = tasks[task].iter().filter_map(|&pair| {
                let cut = |text| SeededText::new(corpus, text, meetings);
                let (left, right) = cuts.pair(pair, corpus, cut)?;
                self.find(pair, left, right)
            });
            let found: Vec<RelatedTexts> = found.collect();
            progress.advance(Stage::Relate, tasks[task].len());
            found
        })
    }

    /// The related documents of related texts, with passages whose places are those in the folded texts.
    fn of_documents(&self, found: Vec<Vec<RelatedTexts>>) -> Vec<RelatedPair> {
        // Counted first: a list that grows takes up to twice its size.
        let all = found.iter().flatten();
        let all = all.map(|found| self.listed(found.pair).count()).sum();
        let mut related = Vec::with_capacity(all);
        for found in found.into_iter().flatten() {
            let listed = self.listed(found.pair);
            related.extend(listed.map(|(a, b)| self.related(&found, a, b)));
        }
        related
    }

    /// The documents of two texts, pair by pair.
    fn listed(&self, (a, b): CandidatePair) -> impl Iterator<Item = (usize, usize)> {
        let [a, b] = [a, b].map(|text| self.corpus.groups[text as usize].as_slice());
        let few = a.len() * b.len() <= MAX_LISTED_PAIRS;
        let [a, b] = [a, b].map(|group| if few { group } else { &group[..1] });
        let pairs = a
            .iter()
            .flat_map(move |&left| b.iter().map(move |&right| (left, right)));
        let whole = |position| self.corpus.documents.parent(position);
        pairs.filter(move |&(left, right)| whole(left) != Some(right) && whole(right) != Some(left))
    }

    /// The pair with the container first, or else the smaller id.
    fn related(&self, found: &RelatedTexts, a: usize, b: usize) -> RelatedPair {
        let [a, b] = [a, b].map(|position| self.corpus.document(position));
        let passages = found.passages.iter().map(unlocated).collect();
        let pair = RelatedPair {
            a,
            b,
            relation: found.relation,
            overlap: found.overlap,
            passages,
        };
        let backwards = match found.relation {
            Relation::Within => true,
            Relation::Contains => false,
            _ => pair.b.id < pair.a.id,
        };
        if backwards { pair.swapped() } else { pair }
    }
}

/// A passage that still has its places in the folded texts.
fn unlocated(passage: &FoldedPassage) -> Passage {
    let span = |range: &Range<usize>| Span {
        bytes: range.clone(),
        characters: 0..0,
    };
    Passage {
        left: span(&passage.left),
        right: span(&passage.right),
        common: passage.common,
        documents: passage.documents,
    }
}
