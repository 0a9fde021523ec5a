//! How do the stages follow one another?

use std::time::{Duration, Instant};

use crate::cluster::{AcceptedPair, Anchored, accepted_verdict, anchored};
use crate::deduper::corpus::{Corpus, Counter};
use crate::deduper::election::Elected;
use crate::deduper::settings::{Settled, Signer};
use crate::deduper::sketch::{Buffers, Sketch};
use crate::deduper::{pairs, related};
use crate::document::Documents;
use crate::error::Error;
use crate::lsh::{
    Banding, BucketEntry, CandidatePair, Rare, bucket_pairs, key_ranges, merge_pairs,
    within_distance,
};
use crate::parallel::Pool;
use crate::report::{Counts, Progress, Report, Stage};
use crate::signature::estimate;

pub(super) fn run<D: Documents + ?Sized>(
    settled: &Settled,
    documents: &D,
    progress: &dyn Progress,
) -> Result<Report, Error> {
    let pool = Pool::new(settled.threads)?;
    let order = order_by_id(documents)?;
    let mut clock = Clock::start();
    let (mut corpus, bytes) = sign(settled, documents, &order, &pool, progress);
    related::forget_single(&mut corpus.sketches, &pool);
    clock.lap(Stage::Sign);
    let mut candidates = search(&mut corpus, &pool, progress)?;
    candidates.retain(|&(a, b)| !corpus.is_part_of(a, b));
    clock.lap(Stage::Search);
    progress.begin(Stage::Verify, candidates.len());
    let accepted = pairs::verify(&corpus, &candidates, &pool, progress);
    clock.lap(Stage::Verify);
    let lengths: Vec<usize> = corpus.sketches.iter().map(|sketch| sketch.length).collect();
    progress.begin(Stage::Cluster, accepted.len());
    let mut counter = Counter::default();
    let clustering = anchored(&corpus.completeness(), &accepted, |canonical, other| {
        corpus.accept_unproposed(canonical, other, &candidates, &mut counter)
    });
    let recounted = counter.counted;
    let refused = corpus.refused(&clustering.refused);
    let (elected, counted) = elect(&corpus, clustering.clusters, &accepted, &candidates, &pool);
    corpus.put_first(&elected);
    let anchored: Vec<Anchored> = elected
        .iter()
        .map(|elected| elected.cluster.clone())
        .collect();
    let clusters = corpus.clusters(elected);
    progress.advance(Stage::Cluster, accepted.len());
    clock.lap(Stage::Cluster);
    let relations = if settled.relations {
        related::relations(&corpus, settled.limits, &anchored, &pool, progress)
    } else {
        Vec::new()
    };
    let contained = corpus.contained(&clusters, &relations);
    clock.lap(Stage::Relate);
    Ok(Report {
        clusters,
        accepted: corpus.accepted(&accepted),
        refused,
        relations,
        contained,
        counts: Counts {
            documents: documents.len(),
            bytes,
            distinct_texts: lengths.iter().filter(|&&length| length > 0).count(),
            candidate_pairs: candidates.len(),
            verified_pairs: candidates.len() + recounted + counted,
        },
        settings: settled.describe(),
        timings: clock.laps,
    })
}

/// The copy that stays of every cluster, and of texts that have only equal copies; and how many pairs were counted for it.
fn elect<D: Documents + ?Sized>(
    corpus: &Corpus<'_, D>,
    mut clusters: Vec<Anchored>,
    accepted: &[AcceptedPair],
    candidates: &[CandidatePair],
    pool: &Pool,
) -> (Vec<Elected>, usize) {
    clusters.extend(corpus.equals_alone(&clusters));
    let elected = pool.map(
        clusters.len(),
        || (),
        |(), i| {
            let mut counter = Counter::default();
            let elected = corpus.elect(&clusters[i], |canonical, other| {
                let known = accepted_verdict(accepted, canonical, other);
                known.or_else(|| {
                    corpus.accept_unproposed(canonical, other, candidates, &mut counter)
                })
            });
            (elected, counter.counted)
        },
    );
    let (elected, counted): (Vec<Elected>, Vec<usize>) = elected.into_iter().unzip();
    (elected, counted.iter().sum())
}

struct Clock {
    last: Instant,
    laps: Vec<(Stage, Duration)>,
}

impl Clock {
    fn start() -> Self {
        Self {
            last: Instant::now(),
            laps: Vec::new(),
        }
    }

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

/// Sketches every document and groups those of one folded text. Also returns the bytes of all documents.
fn sign<'d, D: Documents + ?Sized>(
    settled: &'d Settled,
    documents: &'d D,
    order: &[usize],
    pool: &Pool,
    progress: &dyn Progress,
) -> (Corpus<'d, D>, usize) {
    progress.begin(Stage::Sign, order.len());
    let sketches = pool.map(order.len(), Buffers::default, |buffers, i| {
        let sketch = settled.sketch(&documents.text(order[i]), buffers);
        progress.advance(Stage::Sign, 1);
        sketch
    });
    let whole = order
        .iter()
        .zip(&sketches)
        .filter(|(position, _)| documents.whole(**position).is_none());
    let bytes = whole.map(|(_, sketch)| sketch.bytes).sum();
    let groups = equal_texts(&sketches);
    let first_of: Vec<usize> = groups.iter().map(|group| group[0]).collect();
    let groups = groups
        .iter()
        .map(|group| group.iter().map(|&i| order[i]).collect())
        .collect();
    let mut sketches: Vec<Option<Sketch>> = sketches.into_iter().map(Some).collect();
    let sketches = first_of
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

/// Places of equal folded texts, ascending within a group and by their first.
fn equal_texts(sketches: &[Sketch]) -> Vec<Vec<usize>> {
    let key = |i: usize| (sketches[i].digest, sketches[i].length);
    let mut by_text: Vec<usize> = (0..sketches.len()).collect();
    by_text.sort_by_key(|&i| (key(i), i));
    let groups = by_text.chunk_by(|&a, &b| key(a) == key(b));
    let mut groups: Vec<Vec<usize>> = groups.map(<[usize]>::to_vec).collect();
    groups.sort_by_key(|group| group[0]);
    groups
}

/// Candidate pairs of different folded texts, ascending.
fn search<D: Documents + ?Sized>(
    corpus: &mut Corpus<'_, D>,
    pool: &Pool,
    progress: &dyn Progress,
) -> Result<Vec<CandidatePair>, Error> {
    let sketches = &corpus.sketches;
    let filled = |&position: &u32| sketches[position as usize].length > 0;
    let positions: Vec<u32> = (0..sketches.len() as u32).filter(filled).collect();
    match corpus.settled.signer {
        Signer::MinHash { banding, .. } => {
            progress.begin(Stage::Search, banding.bands() + RARE_PARTS);
            let mut pairs = by_bands(corpus, banding, &positions, pool, progress);
            pairs.extend(by_rare_grams(corpus, pool, progress));
            let pairs = merge_pairs(pairs);
            let corpus = &*corpus;
            Ok(pool.filter(&pairs, |&(a, b)| corpus.may_be_copies(a, b)))
        }
        Signer::SimHash {
            width, distance, ..
        } => {
            progress.begin(Stage::Search, 1);
            let bits: Vec<u128> = positions
                .iter()
                .map(|&p| sketches[p as usize].bits)
                .collect();
            let pairs = within_distance(&bits, width, distance)?;
            progress.advance(Stage::Search, 1);
            let position = |i: u32| positions[i as usize];
            Ok(pairs
                .into_iter()
                .map(|(a, b)| (position(a), position(b)))
                .collect())
        }
    }
}

/// Pairs that have a band of their signatures in common.
fn by_bands<D: Documents + ?Sized>(
    corpus: &Corpus<'_, D>,
    banding: Banding,
    positions: &[u32],
    pool: &Pool,
    progress: &dyn Progress,
) -> Vec<CandidatePair> {
    let slots = |position: u32| &corpus.sketches[position as usize].slots;
    let threshold = corpus.settled.threshold;
    let alike = |a, b| estimate(slots(a), slots(b)) >= threshold;
    let pairs = pool.map(
        banding.bands(),
        || (),
        |(), band| {
            let entry = |&position: &u32| {
                Some(BucketEntry {
                    key: banding.key(slots(position), band)?,
                    position,
                })
            };
            let pairs = bucket_pairs(positions.iter().filter_map(entry).collect(), alike);
            progress.advance(Stage::Search, 1);
            pairs
        },
    );
    pairs.concat()
}

/// Parts of the documents that are searched one by one: of a sixteenth of them, all pairs that share a gram are held.
const RARE_PARTS: usize = 16;

/// Pairs in the buckets up to which a quarter of them is held: 16 MB.
const FEW_MEETINGS: usize = 1 << 24;

/// Parts of the keys that are sorted one by one.
const KEY_PARTS: usize = 16;

/// Sampled grams of their own that two texts must share to be looked at.
const LEAST_SHARED: usize = 2;

/// Pairs that have grams in common which few other documents have: what noise and revision leave. Of all samples, these grams
/// only are kept.
fn by_rare_grams<D: Documents + ?Sized>(
    corpus: &mut Corpus<'_, D>,
    pool: &Pool,
    progress: &dyn Progress,
) -> Vec<CandidatePair> {
    let keys: Vec<&[u32]> = corpus
        .sketches
        .iter()
        .map(|sketch| sketch.sample.keys())
        .collect();
    let parts = key_ranges(&keys, KEY_PARTS);
    let among = |(): &mut (), i: usize| Rare::among(&keys, parts[i].clone());
    let rare = Rare::joined(pool.map(parts.len(), || (), among));
    // Every part looks at all buckets.
    let parts = if rare.meetings() > FEW_MEETINGS {
        RARE_PARTS
    } else {
        RARE_PARTS / 4
    };
    let part = keys.len().div_ceil(parts) as u32;
    let pairs = pool.map(
        parts,
        || (),
        |(), i| {
            let first = part * i as u32;
            let pairs = rare.pairs(first..first + part, LEAST_SHARED);
            progress.advance(Stage::Search, RARE_PARTS / parts);
            pairs
        },
    );
    pool.each(&mut corpus.sketches, |sketch| {
        sketch.sample.forget(|key| rare.is_common(key));
    });
    pairs.concat()
}
