//! How do the stages follow one another?

use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use xxhash_rust::xxh3::xxh3_128;

use crate::checkpoints::Checkpoints;
use crate::cluster::{AcceptedPair, Anchored, accepted_verdict, anchored};
use crate::deduper::apart::among_equals;
use crate::deduper::corpus::Corpus;
use crate::deduper::election::Elected;
use crate::deduper::fields::{Fields, Unread};
use crate::deduper::judging::{self, Desk, Verdicts};
use crate::deduper::lists::Lists;
use crate::deduper::neighbours::{NearPair, Nearby, screened};
use crate::deduper::related::{Related, forget_single};
use crate::deduper::settings::{Config, Signer};
use crate::deduper::sketch::{Buffers, Sketch, Stored};
use crate::document::Documents;
use crate::error::Error;
use crate::lsh::{
    Banding, BucketEntry, CandidatePair, KeyIndex, bucket_pairs, key_ranges, merge_pairs,
    within_distance,
};
use crate::parallel::Pool;
use crate::report::{
    Cluster, CommonPassage, Contained, Counts, FewSources, Progress, RefusedPair, RelatedPair,
    Report, Stage,
};
use crate::signature::{Seed, estimate, mix};
use crate::verify::{Comparison, Ground, Relation};

pub(super) fn run<D: Documents + ?Sized, C: Checkpoints>(
    config: &Config,
    documents: &D,
    progress: &dyn Progress,
    checkpoints: &C,
) -> Result<Report, Error> {
    let run = Run {
        config,
        documents,
        pool: Pool::new(config.threads, progress)?,
        progress,
        checkpoints,
    };
    let mut clock = Clock::start();
    let (mut corpus, bytes) = run.sign()?;
    clock.lap(Stage::Sign);
    let near = run.search(&mut corpus)?;
    let candidates = near.iter().filter(|pair| pair.is_candidate()).count();
    clock.lap(Stage::Search);
    let nearby = Nearby::new(&corpus, &near);
    let (verdicts, accepted) = run.verify(&nearby);
    clock.lap(Stage::Verify);
    let (clustered, mut elected) = run.cluster(&nearby, &verdicts, &accepted);
    drop(near);
    let unread = elected
        .iter_mut()
        .flat_map(|elected| std::mem::take(&mut elected.unread));
    let unread = corpus.unread_values(unread);
    corpus.put_first(&elected);
    corpus.forget_samples(&run.pool);
    let anchored: Vec<Anchored> = elected
        .iter()
        .map(|elected| elected.cluster.clone())
        .collect();
    let clusters = corpus.clusters(elected, &accepted);
    clock.lap(Stage::Cluster);
    let few_sources = corpus.few_sources(&clusters);
    let Relations {
        relations,
        contained,
        passages,
    } = run.relate(&corpus, &anchored, &clusters, &few_sources);
    clock.lap(Stage::Relate);
    // Whoever stopped the run while nothing was left to do is told so as well.
    run.pool.check();
    let texts = corpus.sketches.iter();
    Ok(Report {
        clusters,
        accepted: corpus.accepted(&accepted),
        refused: clustered.refused,
        relations,
        passages,
        contained,
        few_sources,
        unread,
        counts: Counts {
            documents: documents.len(),
            bytes,
            distinct_texts: texts.filter(|sketch| sketch.length > 0).count(),
            candidate_pairs: candidates,
            verified_pairs: accepted.len()
                + verdicts.unlike.len()
                + verdicts.vetoed.len()
                + clustered.counted,
        },
        settings: config.describe(),
        timings: clock.laps,
    })
}

/// The verdict of a run on the documents at two positions in the input. Cost: all stages up to verification.
pub(super) fn verdict<D: Documents + ?Sized>(
    config: &Config,
    documents: &D,
    (a, b): (usize, usize),
    progress: &dyn Progress,
) -> Result<Comparison, Error> {
    let run = Run {
        config,
        documents,
        pool: Pool::new(config.threads, progress)?,
        progress,
        checkpoints: &(),
    };
    let (mut corpus, _) = run.sign()?;
    let near = run.search(&mut corpus)?;
    let nearby = Nearby::new(&corpus, &near);
    let (verdicts, _) = run.verify(&nearby);
    let text_of = |document: usize| {
        let group = corpus
            .groups
            .iter()
            .position(|group| group.contains(&document));
        group.unwrap_or_default() as u32
    };
    let (a, b) = (text_of(a), text_of(b));
    let mut desk = Desk::new(&nearby, Some(&verdicts.work_of));
    let alone = desk.together(a, b, false);
    let versions = alone.figures.ground.is_none() && corpus.open(a, b).has(Ground::Drift);
    Ok(if versions {
        desk.together(a, b, true)
    } else {
        alone
    })
}

/// What the stages need to know of their run.
pub(super) struct Run<'r, D: ?Sized, C> {
    pub(super) config: &'r Config,
    pub(super) documents: &'r D,
    pub(super) pool: Pool<'r>,
    pub(super) progress: &'r dyn Progress,
    pub(super) checkpoints: &'r C,
}

/// What clustering found beside the clusters.
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
struct Clustered {
    refused: Vec<RefusedPair>,
    /// Pairs counted that had not been proposed.
    counted: usize,
}

/// Each stage: what was saved of it, or else what it comes to, which is saved.
impl<'r, D: Documents + ?Sized, C: Checkpoints> Run<'r, D, C> {
    /// Also returns the bytes of all documents.
    pub(super) fn sign(&self) -> Result<(Corpus<'r, D>, usize), Error> {
        let (config, documents) = (self.config, self.documents);
        let order = order_by_id(documents)?;
        config.check_facts(documents)?;
        if let Some(((bytes, groups), rows)) = self.checkpoints.load(Stage::Sign) {
            let mut corpus = self.corpus_of(groups, rows);
            self.fold_again(&mut corpus);
            return Ok((corpus, bytes));
        }
        let (mut corpus, bytes) = sign(config, documents, &order, &self.pool, self.progress);
        forget_single(&mut corpus);
        let texts = (0..).zip(&corpus.sketches);
        let rows = texts.map(|(text, sketch)| (sketch, corpus.slots(text), corpus.seeds(text)));
        let rows: Vec<(&Sketch, &[u32], &[Seed])> = rows.collect();
        let head = (bytes, &corpus.groups);
        self.checkpoints.save(Stage::Sign, &head, &rows);
        Ok((corpus, bytes))
    }

    /// What was signed, from its rows: sketches with their slots and seeds.
    fn corpus_of(
        &self,
        groups: Vec<Vec<usize>>,
        rows: Vec<(Sketch, Vec<u32>, Vec<Seed>)>,
    ) -> Corpus<'r, D> {
        let (mut slots, mut seeds) = (Lists::default(), Lists::default());
        let sketches = rows
            .into_iter()
            .map(|(sketch, its_slots, its_seeds)| Sketch {
                slots: slots.push(&its_slots),
                seeds: seeds.push(&its_seeds),
                ..sketch
            });
        Corpus {
            settled: self.config,
            documents: self.documents,
            groups,
            sketches: sketches.collect(),
            slots,
            seeds,
        }
    }

    /// Folds the first text of every group, which was signed.
    fn fold_again(&self, corpus: &mut Corpus<'_, D>) {
        let groups = &corpus.groups;
        let folded = self.pool.map(groups.len(), String::new, |folded, i| {
            let text = self.documents.text(groups[i][0]);
            let normalizer = &self.config.normalizer;
            let shifts = normalizer.fold_noting_shifts(&text, folded);
            (Stored::of(folded, self.documents), shifts.into())
        });
        for (sketch, folded) in corpus.sketches.iter_mut().zip(folded) {
            (sketch.folded, sketch.shifts) = folded;
        }
    }

    /// The same for pairs of two sides, and for what else is near the texts of such pairs: that is all that is asked about them.
    pub(super) fn search_across(
        &self,
        corpus: &mut Corpus<'_, D>,
        meet: impl Fn(CandidatePair) -> bool,
    ) -> Result<Vec<NearPair>, Error> {
        if self.config.level != Relation::Reprint {
            return Ok(Vec::new());
        }
        let mut met = search(corpus, &self.pool, self.progress)?;
        met.retain(|&(a, b)| !corpus.is_part_of(a, b));
        let (across, mut others): (Vec<_>, Vec<_>) = met.into_iter().partition(|&pair| meet(pair));
        let mut near = screened(corpus, &across, &self.pool);
        let mut asked = vec![false; corpus.sketches.len()];
        for pair in near.iter().filter(|pair| pair.is_candidate()) {
            asked[pair.a as usize] = true;
            asked[pair.b as usize] = true;
        }
        others.retain(|&(a, b)| asked[a as usize] || asked[b as usize]);
        let mut others = screened(corpus, &others, &self.pool);
        for pair in &mut others {
            pair.open = std::iter::empty().collect();
        }
        near.extend(others.into_iter().filter(NearPair::is_near));
        near.sort_unstable_by_key(NearPair::pair);
        Ok(near)
    }

    /// The pairs that are near each other or may be copies.
    pub(super) fn search(&self, corpus: &mut Corpus<'_, D>) -> Result<Vec<NearPair>, Error> {
        if let Some(((), near)) = self.checkpoints.load(Stage::Search) {
            return Ok(near);
        }
        let mut met = if self.config.level == Relation::Reprint {
            search(corpus, &self.pool, self.progress)?
        } else {
            Vec::new()
        };
        met.retain(|&(a, b)| !corpus.is_part_of(a, b));
        let near = screened(corpus, &met, &self.pool);
        self.checkpoints.save(Stage::Search, &(), &near);
        Ok(near)
    }

    fn verify(&self, nearby: &Nearby<'_, D>) -> (Verdicts, Vec<AcceptedPair>) {
        if let Some(saved) = self.checkpoints.load(Stage::Verify) {
            return saved;
        }
        let (mut verdicts, mut accepted) = judging::verdicts(nearby, &self.pool, self.progress);
        // Documents that are kept apart by a value are neither joined nor a reason not to join others.
        let is_apart = |&(a, b): &CandidatePair| nearby.corpus.is_apart(a, b);
        verdicts.vetoed.retain(|pair| !is_apart(pair));
        accepted.retain(|pair| !is_apart(&(pair.a, pair.b)));
        self.checkpoints.save(Stage::Verify, &verdicts, &accepted);
        (verdicts, accepted)
    }

    fn cluster(
        &self,
        nearby: &Nearby<'_, D>,
        verdicts: &Verdicts,
        accepted: &[AcceptedPair],
    ) -> (Clustered, Vec<Elected>) {
        if let Some(saved) = self.checkpoints.load(Stage::Cluster) {
            return saved;
        }
        self.progress.begin(Stage::Cluster, accepted.len());
        let corpus = nearby.corpus;
        let known = Known { nearby, verdicts };
        let mut desk = known.desk();
        let mut counted = 0;
        let clustering = anchored(
            &corpus.completeness(),
            accepted,
            &verdicts.vetoed,
            |canonical, other| {
                self.pool.check();
                known.verify_with_canonical(&mut desk, (canonical, other), &mut counted)
            },
        );
        let (elected, counted_again) = elect(clustering.clusters, accepted, &known, &self.pool);
        let clustered = Clustered {
            refused: corpus.refused(&clustering.refused),
            counted: counted + counted_again,
        };
        self.progress.advance(Stage::Cluster, accepted.len());
        self.checkpoints.save(Stage::Cluster, &clustered, &elected);
        (clustered, elected)
    }

    fn relate(
        &self,
        corpus: &Corpus<'_, D>,
        anchored: &[Anchored],
        clusters: &[Cluster],
        few_sources: &[FewSources],
    ) -> Relations {
        if !self.config.relations {
            return Relations::default();
        }
        let contained =
            |relations: &[RelatedPair]| corpus.contained(clusters, relations, few_sources);
        let saved: Option<(Vec<RelatedPair>, Vec<CommonPassage>)> =
            self.checkpoints.load(Stage::Relate);
        if let Some((relations, passages)) = saved {
            return Relations {
                contained: contained(&relations),
                relations,
                passages,
            };
        }
        let related = Related::new(corpus, anchored, &self.pool, self.progress);
        let relations = related.contained();
        let contained = contained(&relations);
        let gone = few_sources.iter().map(|few| few.document.position);
        let gone = gone.chain(contained.iter().map(|gone| gone.document.position));
        let gone: HashSet<usize> = gone.collect();
        let passages = related.passages(|document| gone.contains(&document));
        self.checkpoints.save(Stage::Relate, &relations, &passages);
        Relations {
            relations,
            contained,
            passages,
        }
    }
}

/// What documents that are no copies have in common.
#[derive(Default)]
struct Relations {
    relations: Vec<RelatedPair>,
    contained: Vec<Contained>,
    passages: Vec<CommonPassage>,
}

/// What is known of pairs once all candidates are decided.
struct Known<'k, D: ?Sized> {
    nearby: &'k Nearby<'k, D>,
    verdicts: &'k Verdicts,
}

impl<'k, D: Documents + ?Sized> Known<'k, D> {
    fn desk(&self) -> Desk<'k, D> {
        Desk::new(self.nearby, Some(&self.verdicts.work_of))
    }

    /// The verdict on a canonical copy and another member that were not accepted as a pair, if they are copies. Versions of one
    /// text may have drifted further than any two texts.
    fn verify_with_canonical(
        &self,
        desk: &mut Desk<'k, D>,
        (canonical, other): CandidatePair,
        counted: &mut usize,
    ) -> Option<Comparison> {
        let corpus = self.nearby.corpus;
        let pair = (canonical.min(other), canonical.max(other));
        if self.verdicts.vetoed.binary_search(&pair).is_ok()
            || corpus.is_part_of(canonical, other)
            || corpus.is_apart(canonical, other)
        {
            return None;
        }
        let open = corpus.open(canonical, other);
        let versions = open.has(Ground::Drift);
        let compared = self.verdicts.unlike.binary_search(&pair).is_ok();
        if !versions && (compared || open.is_empty()) {
            return None;
        }
        *counted += 1;
        let comparison = desk.together(canonical, other, versions);
        comparison.relation.is_copy().then_some(comparison)
    }
}

/// The copy that stays of every cluster, and of texts that have only equal copies; and how many pairs were counted for it.
fn elect<D: Documents + ?Sized>(
    mut clusters: Vec<Anchored>,
    accepted: &[AcceptedPair],
    known: &Known<'_, D>,
    pool: &Pool,
) -> (Vec<Elected>, usize) {
    let corpus = known.nearby.corpus;
    clusters.extend(corpus.equals_alone(&clusters));
    let mut fields = Fields::new(corpus);
    let elect = |fields: &Fields, some: &[usize]| {
        pool.map(
            some.len(),
            || known.desk(),
            |desk, i| {
                let mut counted = 0;
                let elected = corpus.elect(&clusters[some[i]], fields, |canonical, other| {
                    let accepted = accepted_verdict(accepted, canonical, other);
                    accepted.or_else(|| {
                        known.verify_with_canonical(desk, (canonical, other), &mut counted)
                    })
                });
                (elected, counted)
            },
        )
    };
    let all: Vec<usize> = (0..clusters.len()).collect();
    let (mut elected, counted): (Vec<Elected>, Vec<usize>) =
        elect(&fields, &all).into_iter().unzip();
    // Dates that may be two are read once more with what the other dates of their field tell. To ask all documents for theirs
    // costs a look at each row, so that it is done only where it can help.
    let is_open = |elected: &Elected| elected.unread.iter().any(Unread::is_ambiguous);
    let open: Vec<usize> = all.into_iter().filter(|&i| is_open(&elected[i])).collect();
    if !open.is_empty() {
        fields.learn(corpus, pool);
        for (&i, (again, _)) in open.iter().zip(elect(&fields, &open)) {
            elected[i] = again;
        }
    }
    (elected, counted.iter().sum())
}

/// How long the stages take, one after the other.
pub(super) struct Clock {
    last: Instant,
    laps: Vec<(Stage, Duration)>,
}

impl Clock {
    pub(super) fn start() -> Self {
        Self {
            last: Instant::now(),
            laps: Vec::new(),
        }
    }

    pub(super) fn lap(&mut self, stage: Stage) {
        self.laps.push((stage, self.last.elapsed()));
        self.last = Instant::now();
    }

    pub(super) fn into_laps(self) -> Vec<(Stage, Duration)> {
        self.laps
    }
}

/// Positions in the input, by id. Fails where two documents have one id.
pub(super) fn order_by_id<D: Documents + ?Sized>(documents: &D) -> Result<Vec<usize>, Error> {
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
    config: &'d Config,
    documents: &'d D,
    order: &[usize],
    pool: &Pool,
    progress: &dyn Progress,
) -> (Corpus<'d, D>, usize) {
    progress.begin(Stage::Sign, order.len());
    let (mut sketches, mut slots, seeds) = sketches(config, documents, order, pool, progress);
    let whole = order
        .iter()
        .zip(&sketches)
        .filter(|(position, _)| documents.parent(**position).is_none());
    let bytes = whole.map(|(_, sketch)| sketch.bytes).sum();
    let mut groups = equal_texts(&sketches);
    if config.level == Relation::Exact {
        groups = equal_originals(groups, |place| documents.text(order[place]));
    }
    let first_of: Vec<usize> = groups.iter().map(|group| group[0]).collect();
    let groups = groups
        .iter()
        .map(|group| group.iter().map(|&i| order[i]).collect())
        .collect();
    let mut sketches: Vec<Sketch> = first_of
        .iter()
        .map(|&first| std::mem::take(&mut sketches[first]))
        .collect();
    // The slots of equal texts go; of the seeds, more are forgotten at once.
    let lists = sketches.iter_mut().map(|sketch| &mut sketch.slots);
    slots.retain(lists, |_| true);
    (
        Corpus {
            settled: config,
            documents,
            groups,
            sketches,
            slots,
            seeds,
        },
        bytes,
    )
}

/// The sketches of all documents in this order, their slots and their seeds.
fn sketches<D: Documents + ?Sized>(
    config: &Config,
    documents: &D,
    order: &[usize],
    pool: &Pool,
    progress: &dyn Progress,
) -> (Vec<Sketch>, Lists<u32>, Lists<Seed>) {
    let lists = Mutex::new((Lists::default(), Lists::default()));
    let sketches = pool.map(order.len(), Buffers::default, |buffers, i| {
        let mut sketch = config.sketch_of(documents, order[i], buffers);
        sketch.signed = order[i];
        sketch.apart = config.apart_value(documents, order[i]);
        sketch.folded = Stored::of(&buffers.folded, documents);
        let mut lists = lists.lock().unwrap_or_else(PoisonError::into_inner);
        sketch.slots = lists.0.push(&buffers.slots);
        sketch.seeds = lists.1.push(&buffers.by_key);
        drop(lists);
        progress.advance(Stage::Sign, 1);
        sketch
    });
    let (slots, seeds) = lists.into_inner().unwrap_or_else(PoisonError::into_inner);
    (sketches, slots, seeds)
}

/// Places of equal folded texts that nothing keeps apart, ascending within a group and by their first.
fn equal_texts(sketches: &[Sketch]) -> Vec<Vec<usize>> {
    let key = |i: usize| (sketches[i].digest, sketches[i].length, sketches[i].apart);
    let mut by_text: Vec<usize> = (0..sketches.len()).collect();
    by_text.sort_by_key(|&i| (key(i), i));
    let groups = by_text.chunk_by(|&a, &b| key(a) == key(b));
    let mut groups: Vec<Vec<usize>> = groups.map(<[usize]>::to_vec).collect();
    groups.sort_by_key(|group| group[0]);
    groups
}

/// The same groups, parted where the originals differ.
fn equal_originals<'t>(
    groups: Vec<Vec<usize>>,
    text: impl Fn(usize) -> Cow<'t, str>,
) -> Vec<Vec<usize>> {
    let mut parted: Vec<Vec<usize>> = Vec::with_capacity(groups.len());
    for group in groups {
        let mut by_original: BTreeMap<u128, Vec<usize>> = BTreeMap::new();
        for place in group {
            let digest = xxh3_128(text(place).as_bytes());
            by_original.entry(digest).or_default().push(place);
        }
        parted.extend(by_original.into_values());
    }
    parted.sort_by_key(|group| group[0]);
    parted
}

/// Candidate pairs of different folded texts, ascending.
fn search<D: Documents + ?Sized>(
    corpus: &Corpus<'_, D>,
    pool: &Pool,
    progress: &dyn Progress,
) -> Result<Vec<CandidatePair>, Error> {
    let sketches = &corpus.sketches;
    let filled = |&position: &u32| sketches[position as usize].length > 0;
    let first_equals = corpus.first_equals();
    let is_first = |&position: &u32| first_equals[position as usize] == position;
    let all: Vec<u32> = (0..sketches.len() as u32).filter(filled).collect();
    let positions: Vec<u32> = all.iter().copied().filter(is_first).collect();
    match corpus.settled.signer {
        Signer::MinHash { banding, .. } => {
            progress.begin(Stage::Search, banding.bands() + GRAM_PARTS);
            let mut pairs = by_bands(corpus, banding, &positions, pool, progress, |_| 0);
            pairs.extend(by_grams(corpus, &first_equals, pool, progress));
            if corpus.settled.apart.is_some() {
                pairs = among_equals(corpus, &first_equals, pairs);
                // In a hot bucket, a document meets leaders of other values: once more among those of its own.
                let value = |position: u32| mix(sketches[position as usize].apart as u64);
                pairs.extend(by_bands(corpus, banding, &all, pool, &(), value));
            }
            Ok(merge_pairs(pairs))
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
            let pairs = pairs
                .into_iter()
                .map(|(a, b)| (position(a), position(b)))
                .collect();
            Ok(merge_pairs(among_equals(corpus, &first_equals, pairs)))
        }
    }
}

/// Pairs that have a band of their signatures and a `value` in common.
fn by_bands<D: Documents + ?Sized>(
    corpus: &Corpus<'_, D>,
    banding: Banding,
    positions: &[u32],
    pool: &Pool,
    progress: &dyn Progress,
    value: impl Fn(u32) -> u64 + Sync,
) -> Vec<CandidatePair> {
    let slots = |position: u32| corpus.slots(position);
    let threshold = corpus.settled.threshold;
    let alike = |a, b| estimate(slots(a), slots(b)) >= threshold;
    let rank = |position: u32| corpus.rank(position);
    let pairs = pool.map(
        banding.bands(),
        || (),
        |(), band| {
            let entry = |&position: &u32| {
                Some(BucketEntry {
                    key: banding.key(slots(position), band)? ^ value(position),
                    position,
                })
            };
            let pairs = bucket_pairs(positions.iter().filter_map(entry).collect(), rank, alike);
            progress.advance(Stage::Search, 1);
            pairs
        },
    );
    pairs.concat()
}

/// Parts of the documents that are searched one by one: of a sixteenth of them, all pairs that share a gram are held.
const GRAM_PARTS: usize = 16;

/// Pairs in the buckets up to which a quarter of them is held: 16 MB.
const FEW_MEETINGS: usize = 1 << 24;

/// Parts of the keys that are sorted one by one.
const KEY_PARTS: usize = 16;

/// Sampled grams by which two texts must meet to be looked at.
const MIN_MEETINGS: usize = 2;

/// Pairs that have sampled grams in common: what noise and revision leave.
fn by_grams<D: Documents + ?Sized>(
    corpus: &Corpus<'_, D>,
    first_equals: &[u32],
    pool: &Pool,
    progress: &dyn Progress,
) -> Vec<CandidatePair> {
    let texts = (0..).zip(first_equals).zip(&corpus.sketches);
    let keys: Vec<&[u32]> = texts
        .map(|((text, &first), sketch)| match first == text {
            true => sketch.sample.keys(),
            false => &[],
        })
        .collect();
    let parts = key_ranges(&keys, KEY_PARTS);
    let ranks: Vec<u64> = (0..keys.len() as u32)
        .map(|text| corpus.rank(text))
        .collect();
    let among = |(): &mut (), i: usize| KeyIndex::among(&keys, &ranks, parts[i].clone());
    let index = KeyIndex::joined(pool.map(parts.len(), || (), among));
    // Every part looks at all buckets.
    let parts = if index.meetings() > FEW_MEETINGS {
        GRAM_PARTS
    } else {
        GRAM_PARTS / 4
    };
    let part = keys.len().div_ceil(parts) as u32;
    let pairs = pool.map(
        parts,
        || (),
        |(), i| {
            let first = part * i as u32;
            let pairs = index.pairs(first..first + part, MIN_MEETINGS);
            progress.advance(Stage::Search, GRAM_PARTS / parts);
            pairs
        },
    );
    pairs.concat()
}
