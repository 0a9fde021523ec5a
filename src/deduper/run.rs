//! In which order do the stages run, and what does each pass on?

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use xxhash_rust::xxh3::{Xxh3Default, xxh3_128};

use crate::checkpoints::{Checkpoints, Load, Save};
use crate::cluster::{AcceptedPair, Anchored, accepted_verdict, anchored};
use crate::deduper::apart::among_equals;
use crate::deduper::columns::Component;
use crate::deduper::corpus::Corpus;
use crate::deduper::election::Elected;
use crate::deduper::fields::Fields;
use crate::deduper::groups::Groups;
use crate::deduper::judging::{self, Desk, Verdicts};
use crate::deduper::neighbours::{NearPair, Nearby, screened};
use crate::deduper::related::{Related, forget_single};
use crate::deduper::results::versions_between;
use crate::deduper::settings::{Config, Signer};
use crate::deduper::signed::{KnownSketches, Signed};
use crate::deduper::sketch::{SavedSizes, Sketch};
use crate::deduper::source::Source;
use crate::error::Error;
use crate::facts::Buffers;
use crate::lsh::{CandidatePair, merge_pairs, within_distance};
use crate::parallel::Pool;
use crate::report::{
    Cluster, CommonPassage, Contained, Counts, FewSources, Progress, RefusedPair, RelatedPair,
    Report, Stage,
};
use crate::signature::{Sample, Seed, mix};
use crate::stages::proposed::Search;
use crate::stages::texts::{Recalled, TextWriter};
use crate::verify::{Comparison, Ground, Relation};

/// Runs all stages. `signed` has what is known of documents from an earlier run.
pub(super) fn run<C: Checkpoints>(
    config: &Config,
    documents: &Source<'_>,
    signed: Option<Signed>,
    progress: &dyn Progress,
    checkpoints: &C,
) -> Result<Report, Error> {
    let run = Run::new(config, documents, progress, checkpoints)?;
    let mut clock = Clock::start();
    let (mut corpus, bytes) = run.sign(signed)?;
    clock.lap(Stage::Sign);
    let near = run.search(&corpus)?;
    let candidates = near.iter().filter(|pair| pair.is_candidate()).count();
    clock.lap(Stage::Search);
    let nearby = Nearby::new(&corpus, &near);
    let (verdicts, accepted) = run.verify(&nearby)?;
    clock.lap(Stage::Verify);
    let (clustered, mut elected) = run.cluster(&nearby, &verdicts, &accepted)?;
    drop(near);
    let verified = accepted.len() + verdicts.refused() + clustered.counted;
    let between = versions_between(&elected, &accepted);
    let unread = elected
        .iter_mut()
        .flat_map(|elected| std::mem::take(&mut elected.unread));
    let unread = corpus.unread_values(unread);
    corpus.put_first(&elected);
    corpus.texts.forget_samples();
    let copies = corpus.accepted(&accepted);
    drop((accepted, verdicts));
    let anchored = elected.iter().map(|elected| elected.cluster.clone());
    let anchored: Vec<Anchored> = anchored.collect();
    let clusters = corpus.clusters(elected, &between);
    clock.lap(Stage::Cluster);
    let few_sources = corpus.few_sources(&clusters);
    let Relations {
        relations,
        contained,
        passages,
    } = run.relate(&mut corpus, &anchored, &clusters, &few_sources)?;
    clock.lap(Stage::Relate);
    corpus.check()?;
    // A stop that came when no work was left must be noticed too.
    run.pool.check();
    let texts = corpus.sketches.iter();
    let distinct_texts = texts.filter(|sketch| sketch.length() > 0).count();
    Ok(Report {
        clusters,
        accepted: copies,
        refused: clustered.refused,
        relations,
        passages,
        contained,
        few_sources,
        unread,
        counts: Counts {
            documents: documents.len(),
            bytes,
            distinct_texts,
            candidate_pairs: candidates,
            verified_pairs: verified,
        },
        settings: config.describe(),
        timings: clock.laps,
    })
}

/// The verdict of a run on the documents at two positions in the input. Cost: all stages up to verification.
pub(super) fn verdict(
    config: &Config,
    documents: &Source<'_>,
    (a, b): (usize, usize),
    progress: &dyn Progress,
) -> Result<Comparison, Error> {
    let run = Run::new(config, documents, progress, &())?;
    let (corpus, _) = run.sign(None)?;
    let near = run.search(&corpus)?;
    let nearby = Nearby::new(&corpus, &near);
    let (verdicts, _) = run.verify(&nearby)?;
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
    let verdict = match versions {
        true => desk.together(a, b, true),
        false => alone,
    };
    corpus.check()?;
    Ok(verdict)
}

/// The clusters of documents, and the accepted pairs. `met` returns the pairs of texts that share a key. Cost: all stages except the
/// search, in the caller's thread.
pub(super) fn component(
    config: &Config,
    documents: &Source<'_>,
    met: impl FnOnce(&Groups) -> Vec<CandidatePair>,
) -> Result<Component, Error> {
    let run = Run::of_caller(config, documents, &(), &());
    let (mut corpus, _) = run.sign(None)?;
    let met = match config.level {
        Relation::Reprint => merge_pairs(met(&corpus.groups)),
        _ => Vec::new(),
    };
    let near = screened(&corpus, &met, &run.pool);
    let nearby = Nearby::new(&corpus, &near);
    let (verdicts, accepted) = run.verify(&nearby)?;
    let (Clustered { refused, .. }, elected) = run.cluster(&nearby, &verdicts, &accepted)?;
    let between = versions_between(&elected, &accepted);
    corpus.put_first(&elected);
    Ok(Component {
        accepted: corpus.accepted(&accepted),
        clusters: corpus.clusters(elected, &between),
        refused,
    })
}

/// A run: what the stages need to know.
pub(super) struct Run<'r, C> {
    config: &'r Config,
    documents: Source<'r>,
    pub(super) pool: Pool<'r>,
    progress: &'r dyn Progress,
    checkpoints: &'r C,
    /// A digest of the settings and of the ids in their order. Computed when it is first needed.
    identity: OnceLock<u128>,
    /// A digest of these and of the texts.
    identity_of_texts: OnceLock<u128>,
}

/// What clustering returns in addition to the clusters.
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
struct Clustered {
    refused: Vec<RefusedPair>,
    /// Number of compared pairs that the search had not proposed.
    counted: usize,
}

/// The stages. Each one returns its saved result, or else computes its result and saves it.
impl<'r, C: Checkpoints> Run<'r, C> {
    /// A run that has not started. Fails if no thread can be started.
    pub(super) fn new(
        config: &'r Config,
        documents: &Source<'r>,
        progress: &'r dyn Progress,
        checkpoints: &'r C,
    ) -> Result<Self, Error> {
        Ok(Self {
            pool: Pool::new(config.threads, progress)?,
            ..Self::of_caller(config, documents, progress, checkpoints)
        })
    }

    /// A run without separate threads: all work is done in the caller's thread.
    pub(super) fn of_caller(
        config: &'r Config,
        documents: &Source<'r>,
        progress: &'r dyn Progress,
        checkpoints: &'r C,
    ) -> Self {
        Self {
            config,
            documents: documents.clone(),
            pool: Pool::of_caller(progress),
            progress,
            checkpoints,
            identity: OnceLock::new(),
            identity_of_texts: OnceLock::new(),
        }
    }

    /// The saved result of a stage. Fails if it was saved by a run of other documents or settings.
    fn load<H: Load, R: Load>(
        &self,
        stage: Stage,
        identity: u128,
    ) -> Result<Option<(H, Vec<R>)>, Error> {
        match self.checkpoints.load::<(u128, H), R>(stage) {
            Some(((own, head), rows)) if own == identity => Ok(Some((head, rows))),
            Some(_) => {
                let problem = format!(
                    "what was saved of the stage {stage:?} is of other documents or settings; start anew, without it"
                );
                Err(Error::bytes("checkpoint of this run", problem))
            }
            None => Ok(None),
        }
    }

    fn save<H: Save, R: Save>(&self, stage: Stage, identity: u128, head: &H, rows: &[R]) {
        self.checkpoints.save(stage, &(identity, head), rows);
    }

    /// A digest of the settings and of the ids in their order.
    fn identity(&self) -> u128 {
        *self.identity.get_or_init(|| self.digest_of_ids())
    }

    fn digest_of_ids(&self) -> u128 {
        let Config { drift, bounds, .. } = self.config;
        let settings = format!("{:?} {drift} {bounds:?}", self.config.describe());
        let mut digest = Xxh3Default::new();
        digest.update(settings.as_bytes());
        for position in 0..self.documents.len() {
            let id = self.documents.id(position);
            digest.update(&(id.len() as u64).to_le_bytes());
            digest.update(id.as_bytes());
        }
        digest.digest128()
    }

    /// A digest of the settings, the ids and the texts.
    fn identity_of(&self, corpus: &Corpus<'_>) -> u128 {
        *self.identity_of_texts.get_or_init(|| {
            let mut digest = Xxh3Default::new();
            digest.update(&self.identity().to_le_bytes());
            for sketch in &corpus.sketches {
                digest.update(&sketch.digest.to_le_bytes());
            }
            digest.digest128()
        })
    }

    /// Signs the documents. Also returns the number of bytes of all whole documents.
    fn sign(&self, signed: Option<Signed>) -> Result<(Corpus<'r>, usize), Error> {
        if let Some(((bytes, groups, apart), rows)) = self.load(Stage::Sign, self.identity())? {
            let corpus = self.corpus_of(groups, apart, &rows)?;
            return Ok((corpus, bytes));
        }
        let (corpus, bytes) = self.sign_anew(signed)?;
        let whole = (0..).zip(bytes);
        let whole = whole.filter(|&(position, _)| self.documents.parent(position).is_none());
        let bytes = whole.map(|(_, bytes)| bytes as usize).sum();
        if let Some(rows) = saved_texts(&corpus) {
            let head = (bytes, &corpus.groups, &corpus.apart);
            self.save(Stage::Sign, self.identity(), &head, &rows);
        }
        Ok((corpus, bytes))
    }

    /// Signs the documents that are not in `signed`. Saved results are not used. Also returns the bytes of each document, by its position.
    pub(super) fn sign_anew(
        &self,
        signed: Option<Signed>,
    ) -> Result<(Corpus<'r>, Vec<u32>), Error> {
        let (config, documents) = (self.config, &self.documents);
        let order = order_by_id(documents)?;
        config.check_facts(documents)?;
        let (mut corpus, bytes) =
            sign(config, documents, &order, signed, &self.pool, self.progress)?;
        // If some texts are on disk, such seeds are dropped later, before the search for relations.
        if corpus.all_held() {
            forget_single(&mut corpus);
        }
        Ok((corpus, bytes))
    }

    /// The signed corpus, from its saved rows. The texts are folded again.
    fn corpus_of(
        &self,
        groups: Groups,
        apart: Vec<u128>,
        rows: &[SavedText<Sample, Vec<u32>, Vec<Seed>>],
    ) -> Result<Corpus<'r>, Error> {
        let (config, documents) = (self.config, &self.documents);
        let writer = TextWriter::new(config.scratch.as_ref(), fixed_bytes(documents));
        let sketches = self.pool.map(rows.len(), String::new, |folded, i| {
            let SavedText(sizes, sample, slots, seeds) = &rows[i];
            let signed = groups[i].first().copied().unwrap_or_default();
            let text = documents.text(signed);
            let shifts = config.normalizer.fold_noting_shifts(&text, folded);
            let mut sketch = sizes.sketch();
            sketch.sample = sample.clone();
            sketch.shifts = shifts.into();
            let kept = writer.keep(&mut sketch, slots, seeds);
            Sketch::new(signed, &sketch, writer.keep_folded(folded), kept)
        });
        documents.check()?;
        let (texts, seeds) = writer.finish()?;
        Ok(Corpus {
            settled: config,
            documents: documents.clone(),
            groups,
            sketches,
            apart,
            texts,
            seeds,
            folded_again: Vec::new(),
        })
    }

    /// As [`search`](Self::search), but only for pairs for which `meet` holds, and for other pairs of near texts that are evidence about
    /// them. Each pair for which `meet` holds must have a text of `one_side`.
    pub(super) fn search_across(
        &self,
        corpus: &Corpus<'_>,
        one_side: &[bool],
        meet: impl Fn(CandidatePair) -> bool,
    ) -> Result<Vec<NearPair>, Error> {
        if self.config.level != Relation::Reprint {
            return Ok(Vec::new());
        }
        let mut across = search(corpus, Some(one_side), &self.pool, self.progress)?;
        across.retain(|&(a, b)| meet((a, b)) && !corpus.is_part_of(a, b));
        let mut near = screened(corpus, &across, &self.pool);
        let mut asked = vec![false; corpus.sketches.len()];
        for pair in near.iter().filter(|pair| pair.is_candidate()) {
            asked[pair.a as usize] = true;
            asked[pair.b as usize] = true;
        }
        if asked.contains(&true) {
            near.extend(self.near_texts(corpus, &asked, meet)?);
        }
        near.sort_unstable_by_key(NearPair::pair);
        corpus.check()?;
        Ok(near)
    }

    /// Near pairs of the texts that are `asked` about, without those for which `meet` holds. None of them is a candidate.
    fn near_texts(
        &self,
        corpus: &Corpus<'_>,
        asked: &[bool],
        meet: impl Fn(CandidatePair) -> bool,
    ) -> Result<Vec<NearPair>, Error> {
        let mut others = search(corpus, Some(asked), &self.pool, &())?;
        others.retain(|&(a, b)| {
            let is_asked = asked[a as usize] || asked[b as usize];
            is_asked && !meet((a, b)) && !corpus.is_part_of(a, b)
        });
        let mut others = screened(corpus, &others, &self.pool);
        for pair in &mut others {
            pair.open = std::iter::empty().collect();
        }
        others.retain(NearPair::is_near);
        corpus.check()?;
        Ok(others)
    }

    /// The pairs that are near each other or may be copies.
    pub(super) fn search(&self, corpus: &Corpus<'_>) -> Result<Vec<NearPair>, Error> {
        let identity = self.identity_of(corpus);
        if let Some(((), near)) = self.load(Stage::Search, identity)? {
            return Ok(near);
        }
        let mut met = if self.config.level == Relation::Reprint {
            search(corpus, None, &self.pool, self.progress)?
        } else {
            Vec::new()
        };
        met.retain(|&(a, b)| !corpus.is_part_of(a, b));
        let near = screened(corpus, &met, &self.pool);
        corpus.check()?;
        self.save(Stage::Search, identity, &(), &near);
        Ok(near)
    }

    fn verify(&self, nearby: &Nearby<'_>) -> Result<(Verdicts, Vec<AcceptedPair>), Error> {
        let identity = self.identity_of(nearby.corpus);
        if let Some(saved) = self.load(Stage::Verify, identity)? {
            return Ok(saved);
        }
        let (mut verdicts, mut accepted) = judging::verdicts(nearby, &self.pool, self.progress);
        // Pairs that a field keeps apart are neither joined nor a reason against joining others.
        let is_apart = |&(a, b): &CandidatePair| nearby.corpus.is_apart(a, b);
        verdicts.vetoed.retain(|pair| !is_apart(pair));
        accepted.retain(|pair| !is_apart(&(pair.a, pair.b)));
        nearby.corpus.check()?;
        self.save(Stage::Verify, identity, &verdicts, &accepted);
        Ok((verdicts, accepted))
    }

    fn cluster(
        &self,
        nearby: &Nearby<'_>,
        verdicts: &Verdicts,
        accepted: &[AcceptedPair],
    ) -> Result<(Clustered, Vec<Elected>), Error> {
        let identity = self.identity_of(nearby.corpus);
        if let Some(saved) = self.load(Stage::Cluster, identity)? {
            return Ok(saved);
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
        drop(desk);
        let (elected, counted_again) = elect(clustering.clusters, accepted, &known, &self.pool);
        let clustered = Clustered {
            refused: corpus.refused(&clustering.refused),
            counted: counted + counted_again,
        };
        self.progress.advance(Stage::Cluster, accepted.len());
        corpus.check()?;
        self.save(Stage::Cluster, identity, &clustered, &elected);
        Ok((clustered, elected))
    }

    fn relate(
        &self,
        corpus: &mut Corpus<'_>,
        anchored: &[Anchored],
        clusters: &[Cluster],
        few_sources: &[FewSources],
    ) -> Result<Relations, Error> {
        if !self.config.relations {
            return Ok(Relations::default());
        }
        let identity = self.identity_of(corpus);
        let saved: Option<(Vec<RelatedPair>, Vec<CommonPassage>)> =
            self.load(Stage::Relate, identity)?;
        if let Some((relations, passages)) = saved {
            return Ok(Relations {
                contained: corpus.contained(clusters, &relations, few_sources),
                relations,
                passages,
            });
        }
        corpus.hold_shared_seeds(&self.pool)?;
        let related = Related::new(corpus, anchored, &self.pool, self.progress);
        let relations = related.contained();
        let contained = corpus.contained(clusters, &relations, few_sources);
        let gone = few_sources.iter().map(|few| few.document.position);
        let gone = gone.chain(contained.iter().map(|gone| gone.document.position));
        let gone: HashSet<usize> = gone.collect();
        let passages = related.passages(|document| gone.contains(&document));
        corpus.check()?;
        self.save(Stage::Relate, identity, &relations, &passages);
        Ok(Relations {
            relations,
            contained,
            passages,
        })
    }
}

/// What documents have in common that are not copies.
#[derive(Default)]
struct Relations {
    relations: Vec<RelatedPair>,
    contained: Vec<Contained>,
    passages: Vec<CommonPassage>,
}

/// A text as it is saved: its sizes, sample, signature and seeds.
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
struct SavedText<S, W, E>(SavedSizes, S, W, E);

/// Texts to be saved, borrowed from memory.
type SavedTexts<'c> = Vec<SavedText<&'c Sample, &'c [u32], &'c [Seed]>>;

/// The signed texts, to be saved. `None` if some of them are on disk: signing them again is no slower than copying them.
fn saved_texts<'c>(corpus: &'c Corpus<'_>) -> Option<SavedTexts<'c>> {
    let texts = (0..).zip(&corpus.sketches);
    let saved = texts.map(|(text, sketch)| {
        let Recalled::Held { slots, sample, .. } = corpus.recall(text) else {
            return None;
        };
        Some(SavedText(sketch.saved(), sample, slots, corpus.seeds(text)))
    });
    saved.collect()
}

/// What is known of pairs after all candidate pairs are decided.
struct Known<'k> {
    nearby: &'k Nearby<'k>,
    verdicts: &'k Verdicts,
}

impl<'k> Known<'k> {
    fn desk(&self) -> Desk<'k> {
        Desk::new(self.nearby, Some(&self.verdicts.work_of))
    }

    /// The comparison of a canonical copy and another member if they are copies. The pair was not accepted before. Versions of one text may
    /// have drifted further apart than two copies may be.
    fn verify_with_canonical(
        &self,
        desk: &mut Desk<'k>,
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
        let open = corpus.open(pair.0, pair.1);
        let versions = open.has(Ground::Drift);
        let compared = self.verdicts.unlike.binary_search(&pair).is_ok();
        if !versions && (compared || open.is_empty()) {
            return None;
        }
        *counted += 1;
        // An alignment may depend on the side of a text. A pair has one verdict, whichever text is canonical.
        let comparison = desk.together(pair.0, pair.1, versions);
        let comparison = match canonical == pair.0 {
            true => comparison,
            false => comparison.swapped(),
        };
        comparison.relation.is_copy().then_some(comparison)
    }
}

/// For every cluster, and for every text that has only equal copies, the copy that is kept. Also returns the number of pairs that were
/// compared for it.
fn elect(
    mut clusters: Vec<Anchored>,
    accepted: &[AcceptedPair],
    known: &Known<'_>,
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
    // Dates with two readings are read again, with what the other dates of their field show. This needs the metadata of all documents, so
    // it is done only if there are such dates.
    let open = all.into_iter().filter(|&i| elected[i].has_open_dates);
    let open: Vec<usize> = open.collect();
    if !open.is_empty() {
        fields.learn(corpus, pool);
        for (&i, (again, _)) in open.iter().zip(elect(&fields, &open)) {
            elected[i] = again;
        }
    }
    (elected, counted.iter().sum())
}

/// Measures the time of each stage.
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

/// Positions in the input, by id. Fails if two documents have one id.
pub(crate) fn order_by_id(documents: &Source<'_>) -> Result<Vec<usize>, Error> {
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

/// Bytes of memory that a run needs for every document, wherever the texts are: its sketch, its place in groups and orders, and a few
/// neighbours.
const FIXED_BYTES: usize = 160;

fn fixed_bytes(documents: &Source<'_>) -> usize {
    documents.len().saturating_mul(FIXED_BYTES)
}

/// Sketches every document and groups the documents of one folded text. Also returns the bytes of each document, by its position.
pub(super) fn sign<'d>(
    config: &'d Config,
    documents: &Source<'d>,
    order: &[usize],
    signed: Option<Signed>,
    pool: &Pool,
    progress: &dyn Progress,
) -> Result<(Corpus<'d>, Vec<u32>), Error> {
    progress.begin(Stage::Sign, order.len());
    let fixed = fixed_bytes(documents);
    let (known, writer) = match signed {
        Some(signed) => signed.resume(config, documents, order, fixed),
        None => (
            KnownSketches::default(),
            TextWriter::new(config.scratch.as_ref(), fixed),
        ),
    };
    let found = pool.map(order.len(), Buffers::default, |buffers, i| {
        let position = order[i];
        progress.advance(Stage::Sign, 1);
        if let Some(known) = known.get(i, position) {
            return known;
        }
        let text = documents.text(position);
        let sketcher = config.sketcher();
        let mut found = sketcher.sketch_with(documents.facts(position), &text, buffers);
        let kept = writer.keep(&mut found, &buffers.slots, &buffers.by_key);
        let folded = writer.keep_folded(&buffers.folded);
        let bytes = u32::try_from(text.len()).unwrap_or(u32::MAX);
        (Sketch::new(position, &found, folded, kept), bytes)
    });
    let mut bytes = vec![0; order.len()];
    for (&position, &(_, of_document)) in order.iter().zip(&found) {
        bytes[position] = of_document;
    }
    let mut sketches: Vec<Sketch> = found.into_iter().map(|(sketch, _)| sketch).collect();
    let (mut texts, seeds) = writer.finish()?;
    let mut apart = config.apart_values(documents, order, pool);
    let mut firsts = equal_texts(&sketches, &apart);
    if config.level == Relation::Exact {
        part_originals(&mut firsts, |place| documents.text(order[place]));
    }
    let groups = Groups::new(&firsts, order);
    let mut is_first = (0..).zip(&firsts).map(|(place, &first)| place == first);
    sketches.retain(|_| is_first.next().unwrap_or_default());
    sketches.shrink_to_fit();
    let mut is_first = (0..).zip(&firsts).map(|(place, &first)| place == first);
    apart.retain(|_| is_first.next().unwrap_or_default());
    texts.retain(sketches.iter_mut().map(|sketch| &mut sketch.remembered));
    let corpus = Corpus {
        settled: config,
        documents: documents.clone(),
        groups,
        sketches,
        apart,
        texts,
        seeds,
        folded_again: Vec::new(),
    };
    corpus.check()?;
    Ok((corpus, bytes))
}

/// For each place, the first place that has an equal folded text and is not kept apart from it.
fn equal_texts(sketches: &[Sketch], apart: &[u128]) -> Vec<u32> {
    let key = |place: u32| {
        let sketch = &sketches[place as usize];
        (sketch.digest, sketch.length(), apart.get(place as usize))
    };
    let mut by_text: Vec<u32> = (0..sketches.len() as u32).collect();
    by_text.sort_unstable_by_key(|&place| (key(place), place));
    let mut firsts = vec![0; sketches.len()];
    for equal in by_text.chunk_by(|&a, &b| key(a) == key(b)) {
        equal
            .iter()
            .for_each(|&place| firsts[place as usize] = equal[0]);
    }
    firsts
}

/// Separates equal folded texts that have different originals.
fn part_originals<'t>(firsts: &mut [u32], text: impl Fn(usize) -> Cow<'t, str>) {
    let mut repeated = vec![false; firsts.len()];
    for (place, &first) in (0..).zip(&*firsts) {
        repeated[first as usize] |= place != first;
    }
    let mut first_of: HashMap<(u32, u128), u32> = HashMap::new();
    for (place, first) in (0..).zip(firsts) {
        if repeated[*first as usize] {
            let digest = xxh3_128(text(place as usize).as_bytes());
            *first = *first_of.entry((*first, digest)).or_insert(place);
        }
    }
}

/// Candidate pairs of different folded texts, ascending. If only some texts are `wanted`, pairs of two other texts may be missing.
fn search(
    corpus: &Corpus<'_>,
    wanted: Option<&[bool]>,
    pool: &Pool,
    progress: &dyn Progress,
) -> Result<Vec<CandidatePair>, Error> {
    let sketches = &corpus.sketches;
    let filled = |&position: &u32| sketches[position as usize].length() > 0;
    let first_equals = corpus.first_equals();
    let is_first = |&position: &u32| first_equals[position as usize] == position;
    let all: Vec<u32> = (0..sketches.len() as u32).filter(filled).collect();
    let firsts: Vec<u32> = all.iter().copied().filter(is_first).collect();
    match corpus.settled.signer {
        Signer::MinHash { banding, .. } => {
            let search = Search {
                texts: &corpus.texts,
                place: |position: u32| sketches[position as usize].remembered,
                rank: |position: u32| corpus.rank(position),
                count: sketches.len(),
                wanted,
                banding,
                threshold: corpus.settled.threshold,
                scratch: corpus.settled.scratch.as_ref(),
                pool,
                progress,
            };
            if corpus.settled.apart.is_none() {
                return Ok(merge_pairs(search.pairs(&firsts, &[], |_| 0)?.0));
            }
            // In a bucket with many documents, a document is paired with leaders, which may have other values. So it is also paired with
            // leaders of its own value.
            let value = |position: u32| mix(corpus.apart[position as usize] as u64);
            let (pairs, of_one_value) = search.pairs(&firsts, &all, value)?;
            let mut pairs = among_equals(corpus, &first_equals, pairs);
            pairs.extend(of_one_value);
            Ok(merge_pairs(pairs))
        }
        Signer::SimHash {
            width, distance, ..
        } => {
            progress.begin(Stage::Search, 1);
            let bits: Vec<u128> = firsts.iter().map(|&text| corpus.simhash(text)).collect();
            let pairs = within_distance(&bits, width, distance)?;
            progress.advance(Stage::Search, 1);
            let position = |i: u32| firsts[i as usize];
            let pairs = pairs
                .into_iter()
                .map(|(a, b)| (position(a), position(b)))
                .collect();
            Ok(merge_pairs(among_equals(corpus, &first_equals, pairs)))
        }
    }
}
