//! How do the stages follow one another?

use std::time::Instant;

use crate::cluster::{Anchored, anchored};
use crate::deduper::pairs;
use crate::deduper::settings::{Settled, Signer};
use crate::deduper::sketch::{Buffers, Sketch};
use crate::document::Documents;
use crate::error::Error;
use crate::lsh::{BucketEntry, CandidatePair, bucket_pairs, merge_pairs, within_distance};
use crate::parallel::Pool;
use crate::report::{Cluster, Counts, DocumentRef, Member, Progress, RefusedPair, Report, Stage};
use crate::shingle::ShingleSet;
use crate::signature::estimate;
use crate::verify::{Comparison, Overlap, Relation, relation_of};

/// Standard errors by which an estimate must stay under the threshold before a pair that no band proposed is let go
/// without counting: one in 30,000 at the threshold.
const ESTIMATE_MARGIN: f64 = 4.0;

/// The documents in the order of their ids, one entry for each different folded text.
///
/// Everything behind it works on the positions of this order, so that no result depends on the order of the input, and a
/// smaller position is a smaller id.
pub(super) struct Corpus<'d, D: ?Sized> {
    pub(super) settled: &'d Settled,
    documents: &'d D,
    /// Positions in the input of all documents of one folded text, by id; the first stands for them.
    groups: Vec<Vec<usize>>,
    /// The sketch of each group.
    pub(super) sketches: Vec<Sketch>,
}

pub(super) fn run<D: Documents + ?Sized>(
    settled: &Settled,
    documents: &D,
    progress: &dyn Progress,
) -> Result<Report, Error> {
    let pool = Pool::new(settled.threads)?;
    let order = order_by_id(documents)?;
    let mut clock = Clock::default();
    let (corpus, bytes) = sign(settled, documents, order, &pool, progress);
    clock.lap(Stage::Sign);
    let candidates = search(&corpus, &pool, progress)?;
    clock.lap(Stage::Search);
    progress.begin(Stage::Verify, candidates.len());
    let accepted = pairs::verify(&corpus, &candidates, &pool, progress);
    clock.lap(Stage::Verify);
    let lengths: Vec<usize> = corpus.sketches.iter().map(|sketch| sketch.length).collect();
    progress.begin(Stage::Cluster, lengths.len());
    let mut asked = 0;
    let clustering = anchored(&lengths, &accepted, |canonical, other| {
        corpus.verify_unproposed(canonical, other, &candidates, &mut asked)
    });
    let refused = clustering.refused.iter().map(|pair| RefusedPair {
        a: corpus.first(pair.a),
        b: corpus.first(pair.b),
        overlap: pair.overlap,
    });
    let refused = refused.collect();
    let clusters = corpus.clusters(clustering.clusters);
    progress.advance(Stage::Cluster, lengths.len());
    clock.lap(Stage::Cluster);
    Ok(Report {
        clusters,
        refused,
        counts: Counts {
            documents: documents.len(),
            bytes,
            distinct_texts: lengths.iter().filter(|&&length| length > 0).count(),
            candidate_pairs: candidates.len(),
            verified_pairs: candidates.len() + asked,
        },
        settings: settled.describe(),
        timings: clock.laps,
    })
}

struct Clock {
    last: Instant,
    laps: Vec<(Stage, std::time::Duration)>,
}

impl Default for Clock {
    fn default() -> Self {
        Self {
            last: Instant::now(),
            laps: Vec::new(),
        }
    }
}

impl Clock {
    fn lap(&mut self, stage: Stage) {
        self.laps.push((stage, self.last.elapsed()));
        self.last = Instant::now();
    }
}

/// Positions in the input, by id.
fn order_by_id<D: Documents + ?Sized>(documents: &D) -> Result<Vec<usize>, Error> {
    if u32::try_from(documents.len()).is_err() {
        let limit = "it must be under 2^32; split the collection";
        return Err(Error::setting(
            "number of documents",
            documents.len(),
            limit,
        ));
    }
    let mut order: Vec<usize> = (0..documents.len()).collect();
    order.sort_by(|&a, &b| documents.id(a).cmp(documents.id(b)));
    let twice = order
        .windows(2)
        .find(|pair| documents.id(pair[0]) == documents.id(pair[1]));
    match twice {
        Some(pair) => Err(Error::duplicate_id(documents.id(pair[0]), pair[0], pair[1])),
        None => Ok(order),
    }
}

/// Sketches every document and groups those of one folded text. Also returns the bytes of all texts.
fn sign<'d, D: Documents + ?Sized>(
    settled: &'d Settled,
    documents: &'d D,
    order: Vec<usize>,
    pool: &Pool,
    progress: &dyn Progress,
) -> (Corpus<'d, D>, usize) {
    progress.begin(Stage::Sign, order.len());
    let sketches = pool.map(order.len(), Buffers::default, |buffers, i| {
        let sketch = settled.sketch(&documents.text(order[i]), buffers);
        progress.advance(Stage::Sign, 1);
        sketch
    });
    let bytes = sketches.iter().map(|sketch| sketch.bytes).sum();
    let mut by_text: Vec<usize> = (0..order.len()).collect();
    by_text.sort_by_key(|&i| (sketches[i].digest, sketches[i].length));
    let same = |&a: &usize, &b: &usize| {
        sketches[a].digest == sketches[b].digest && sketches[a].length == sketches[b].length
    };
    let mut firsts: Vec<&[usize]> = by_text.chunk_by(same).collect();
    firsts.sort_by_key(|group| group[0]);
    let groups = firsts
        .iter()
        .map(|group| group.iter().map(|&i| order[i]).collect())
        .collect();
    let firsts: Vec<usize> = firsts.iter().map(|group| group[0]).collect();
    let mut sketches: Vec<Option<Sketch>> = sketches.into_iter().map(Some).collect();
    let sketches = firsts
        .iter()
        .filter_map(|&first| sketches[first].take())
        .collect();
    (
        Corpus {
            settled,
            documents,
            groups,
            sketches,
        },
        bytes,
    )
}

/// Candidate pairs of different folded texts.
fn search<D: Documents + ?Sized>(
    corpus: &Corpus<'_, D>,
    pool: &Pool,
    progress: &dyn Progress,
) -> Result<Vec<CandidatePair>, Error> {
    let sketches = &corpus.sketches;
    let filled = |&position: &u32| sketches[position as usize].length > 0;
    let positions: Vec<u32> = (0..sketches.len() as u32).filter(filled).collect();
    match corpus.settled.signer {
        Signer::MinHash { banding, .. } => {
            progress.begin(Stage::Search, banding.bands());
            let pairs = pool.map(
                banding.bands(),
                || (),
                |(), band| {
                    let key =
                        |position: u32, band| banding.key(&sketches[position as usize].slots, band);
                    let entries = positions.iter().filter_map(|&position| {
                        let tie = key(position, (band + 1) % banding.bands())?;
                        Some(BucketEntry {
                            key: key(position, band)?,
                            tie,
                            position,
                        })
                    });
                    let pairs = bucket_pairs(entries.collect());
                    progress.advance(Stage::Search, 1);
                    pairs
                },
            );
            Ok(merge_pairs(pairs.concat()))
        }
        Signer::SimHash {
            width, distance, ..
        } => {
            progress.begin(Stage::Search, 1);
            let values: Vec<u128> = positions
                .iter()
                .map(|&p| sketches[p as usize].bits)
                .collect();
            let pairs = within_distance(&values, width, distance)?;
            progress.advance(Stage::Search, 1);
            let position = |i: u32| positions[i as usize];
            Ok(pairs
                .into_iter()
                .map(|(a, b)| (position(a), position(b)))
                .collect())
        }
    }
}

impl<D: Documents + ?Sized> Corpus<'_, D> {
    /// The shingles of the text at a position.
    pub(super) fn shingles(&self, position: u32) -> ShingleSet {
        let text = self.documents.text(self.groups[position as usize][0]);
        self.settled
            .shingler
            .set(&self.settled.normalizer.fold(&text))
    }

    /// Decides a pair while clustering. A pair that was proposed has been decided already, and one whose signatures are
    /// far under the threshold needs no count; `asked` counts the others.
    fn verify_unproposed(
        &self,
        canonical: u32,
        other: u32,
        candidates: &[CandidatePair],
        asked: &mut usize,
    ) -> Option<Overlap> {
        let pair = (canonical.min(other), canonical.max(other));
        if candidates.binary_search(&pair).is_ok() || !self.may_be_copies(canonical, other) {
            return None;
        }
        *asked += 1;
        let overlap = Overlap::of(&self.shingles(canonical), &self.shingles(other));
        let relation = relation_of(overlap, self.settled.threshold);
        (relation == Relation::Reprint).then_some(overlap)
    }

    fn may_be_copies(&self, a: u32, b: u32) -> bool {
        let [a, b] = [a, b].map(|position| &self.sketches[position as usize].slots);
        let threshold = self.settled.threshold;
        let error = (threshold * (1.0 - threshold) / a.len().max(1) as f64).sqrt();
        a.is_empty() || estimate(a, b) >= threshold - ESTIMATE_MARGIN * error
    }

    fn document(&self, position: usize) -> DocumentRef {
        DocumentRef {
            position,
            id: self.documents.id(position).to_owned(),
        }
    }

    /// The document that stands for its folded text.
    fn first(&self, position: u32) -> DocumentRef {
        self.document(self.groups[position as usize][0])
    }

    /// Clusters with all their documents, by canonical id: the anchored ones, and texts that have only equal copies.
    fn clusters(&self, anchored: Vec<Anchored>) -> Vec<Cluster> {
        let mut alone = vec![true; self.groups.len()];
        for cluster in &anchored {
            alone[cluster.canonical as usize] = false;
            cluster
                .copies
                .iter()
                .for_each(|&(copy, _)| alone[copy as usize] = false);
        }
        let alone = (0..self.groups.len())
            .filter(|&position| alone[position] && self.groups[position].len() > 1);
        let equals = alone.map(|position| Anchored {
            canonical: position as u32,
            copies: Vec::new(),
        });
        let mut all: Vec<Anchored> = anchored.into_iter().chain(equals).collect();
        all.sort_by_key(|cluster| cluster.canonical);
        all.iter().map(|cluster| self.cluster(cluster)).collect()
    }

    fn cluster(&self, anchored: &Anchored) -> Cluster {
        let own = anchored.canonical as usize;
        let canonical = self.groups[own][0];
        let text = self.documents.text(canonical);
        let equals = self.groups[own][1..].iter().map(|&position| {
            let exact = self.documents.text(position) == text;
            let relation = if exact {
                Relation::Exact
            } else {
                Relation::SameText
            };
            self.member(position, relation, Overlap::default())
        });
        let reprints = anchored.copies.iter().flat_map(|&(copy, overlap)| {
            let group = &self.groups[copy as usize];
            group
                .iter()
                .map(move |&position| self.member(position, Relation::Reprint, overlap))
        });
        let mut members: Vec<Member> = equals.chain(reprints).collect();
        members.sort_by(|a, b| a.document.id.cmp(&b.document.id));
        Cluster {
            canonical: self.document(canonical),
            reason: self.reason(anchored),
            members,
        }
    }

    fn member(&self, position: usize, relation: Relation, overlap: Overlap) -> Member {
        Member {
            document: self.document(position),
            comparison: Comparison { relation, overlap },
        }
    }

    fn reason(&self, anchored: &Anchored) -> String {
        let length = |position: u32| self.sketches[position as usize].length;
        let own = length(anchored.canonical);
        let longest = anchored.copies.iter().map(|&(copy, _)| length(copy)).max();
        let equals = self.groups[anchored.canonical as usize].len() > 1;
        match longest {
            Some(longest) if longest < own && !equals => {
                format!("the longest copy: {own} folded characters, the next has {longest}")
            }
            Some(longest) if longest < own => format!(
                "the longest text: {own} folded characters, the next has {longest}; of those as long, the smallest id"
            ),
            _ => format!(
                "no copy is longer ({own} folded characters); of those as long, the smallest id"
            ),
        }
    }
}
