//! How are candidate pairs decided? First each by itself; those that are one work beyond doubt count once from then on. Then
//! those that remain, with what other works near them say.
//!
//! The nearest pairs of each text come first, in rounds. Texts that are one work by then are not compared again, and a text whose
//! nearest pairs were all refused for what other works say is not asked about again: so a hundred noisy copies of a story, or
//! thousands of pages of one form, cost a few comparisons each.

mod alone;
mod desk;
mod doubt;

use crate::cluster::{AcceptedPair, UnionFind};
use crate::deduper::neighbours::Nearby;
use crate::deduper::pairs::tasks;
use crate::document::Documents;
use crate::lsh::CandidatePair;
use crate::parallel::Pool;
use crate::report::Progress;
use crate::verify::{Ground, Objection};
#[cfg(feature = "index")]
pub(super) use alone::ROUNDS;
use alone::{Sorted, alone};
use desk::JudgedPair;
pub(super) use desk::{Desk, by_themselves};
use doubt::doubt;

/// Pairs of each text about which other works are asked, in the same way.
const OPEN_ROUNDS: [u32; 2] = [4, 16];

/// What must bind two editions for them to count as one work.
const BOUND: f64 = 0.8;

/// The verdicts on all pairs that were compared, but for the accepted ones.
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(super) struct Verdicts {
    /// The work of each text, by one of its texts.
    pub(super) work_of: Vec<u32>,
    /// Pairs that are alike by no ground, ascending.
    pub(super) unlike: Vec<CandidatePair>,
    /// Pairs that are alike, and are refused for what speaks against it, ascending.
    pub(super) vetoed: Vec<CandidatePair>,
}

impl Verdicts {
    /// Pairs that were decided, but for the accepted ones.
    pub(super) fn refused(&self) -> usize {
        self.unlike.len() + self.vetoed.len()
    }
}

/// Decides on all candidates: the verdicts, and the accepted pairs, ascending.
pub(super) fn verdicts<D: Documents + ?Sized>(
    nearby: &Nearby<'_, D>,
    pool: &Pool,
    progress: &dyn Progress,
) -> (Verdicts, Vec<AcceptedPair>) {
    let Sorted {
        alike: mut judged,
        unlike,
        items,
    } = alone(nearby, pool, progress);
    doubt(nearby, &mut judged, pool);
    let work_of = works(nearby, &judged);
    let first = with_works(nearby, &work_of, &judged, pool);
    let (work_of, decided) = once_more(nearby, &work_of, first, &judged, pool);
    let (accepted, refused): (Vec<AcceptedPair>, Vec<AcceptedPair>) = decided
        .into_iter()
        .partition(|pair| pair.comparison.relation.is_copy());
    let refused = refused.iter().map(|pair| (pair.a, pair.b));
    let mut vetoed: Vec<CandidatePair> = refused.chain(items).collect();
    vetoed.sort_unstable();
    let verdicts = Verdicts {
        work_of,
        unlike,
        vetoed,
    };
    (verdicts, accepted)
}

/// Texts that certain pairs hold together.
fn joined<D: Documents + ?Sized>(nearby: &Nearby<'_, D>, judged: &[JudgedPair]) -> UnionFind {
    let mut sets = UnionFind::new(nearby.corpus.sketches.len());
    for pair in judged.iter().filter(|pair| pair.certain) {
        sets.join(pair.a, pair.b);
    }
    sets
}

/// The work of each text: what is one beyond doubt is counted as one.
fn works<D: Documents + ?Sized>(nearby: &Nearby<'_, D>, judged: &[JudgedPair]) -> Vec<u32> {
    let texts = nearby.corpus.sketches.len();
    let mut works = joined(nearby, judged);
    for (text, first) in (0..).zip(nearby.corpus.first_equals()) {
        works.join(first, text);
    }
    (0..texts as u32).map(|text| works.find(text)).collect()
}

/// Decides on the pairs that are alike with what other works say; returns those that are decided, ascending.
fn with_works<D: Documents + ?Sized>(
    nearby: &Nearby<'_, D>,
    work_of: &[u32],
    judged: &[JudgedPair],
    pool: &Pool,
) -> Vec<AcceptedPair> {
    let (certain, open): (Vec<&JudgedPair>, Vec<&JudgedPair>) =
        judged.iter().partition(|pair| pair.certain);
    let mut decided: Vec<AcceptedPair> = certain.into_iter().map(JudgedPair::accepted).collect();
    // Pairs that a value keeps apart are decided for what they say of works: they take no place of those that may be joined.
    let is_apart = |pair: &&JudgedPair| nearby.corpus.is_apart(pair.a, pair.b);
    let (others, own): (Vec<&JudgedPair>, Vec<&JudgedPair>) = open.into_iter().partition(is_apart);
    let order_of = |pairs: &[&JudgedPair]| nearby.order_of(pairs.iter().map(|pair| pair.pair()));
    let order = [order_of(&own), order_of(&others)].concat();
    let open = [own, others].concat();
    let mut hopeless = vec![false; work_of.len()];
    let mut from = 0;
    for to in OPEN_ROUNDS {
        let due = open.iter().zip(&order);
        let due = due.filter(|(_, order)| (from..to).contains(*order));
        let due = due.filter(|(pair, _)| !hopeless[pair.a as usize] && !hopeless[pair.b as usize]);
        let round: Vec<AcceptedPair> = due.map(|(pair, _)| pair.accepted()).collect();
        let found = asked(nearby, work_of, &round, pool);
        mark_hopeless(&found, &mut hopeless);
        decided.extend(found);
        from = to;
    }
    decided.sort_unstable_by_key(|pair| (pair.a, pair.b));
    decided
}

/// Marks texts of which all these pairs were refused for what other works say.
fn mark_hopeless(decided: &[AcceptedPair], hopeless: &mut [bool]) {
    for pair in decided.iter().filter(|pair| is_refused_by_works(pair)) {
        hopeless[pair.a as usize] = true;
        hopeless[pair.b as usize] = true;
    }
    for pair in decided.iter().filter(|pair| !is_refused_by_works(pair)) {
        hopeless[pair.a as usize] = false;
        hopeless[pair.b as usize] = false;
    }
}

/// Is a pair refused for what other works say?
fn is_refused_by_works(pair: &AcceptedPair) -> bool {
    let objection = pair.comparison.figures.objection;
    matches!(objection, Some(Objection::Form | Objection::Furniture))
}

/// Decides on these pairs with what other works say.
fn asked<D: Documents + ?Sized>(
    nearby: &Nearby<'_, D>,
    work_of: &[u32],
    pairs: &[AcceptedPair],
    pool: &Pool,
) -> Vec<AcceptedPair> {
    let tasks = tasks(nearby.corpus, pairs, |pair| (pair.a, pair.b));
    let decided = pool.map(
        tasks.len(),
        || Desk::new(nearby, Some(work_of)),
        |desk, task| {
            let decided = tasks[task].iter().map(|pair| AcceptedPair {
                comparison: desk.decided_again(pair),
                ..*pair
            });
            decided.collect::<Vec<_>>()
        },
    );
    decided.concat()
}

/// Works are counted again, now that versions are known to be one: those that were refused for what other works have are
/// decided once more.
fn once_more<D: Documents + ?Sized>(
    nearby: &Nearby<'_, D>,
    before: &[u32],
    mut decided: Vec<AcceptedPair>,
    judged: &[JudgedPair],
    pool: &Pool,
) -> (Vec<u32>, Vec<AcceptedPair>) {
    let mut known = judged.to_vec();
    for known in &mut known {
        known.certain |=
            place(&decided, known.a, known.b).is_ok_and(|at| is_one_work(&decided[at]));
    }
    let work_of = works(nearby, &known);
    let voters = |works: &[u32], a, b| nearby.voters(a, b, |text| works[text as usize]);
    let is_open = |pair: &&AcceptedPair| {
        is_refused_by_works(pair)
            && voters(before, pair.a, pair.b) != voters(&work_of, pair.a, pair.b)
    };
    let open: Vec<AcceptedPair> = decided.iter().filter(is_open).copied().collect();
    for again in asked(nearby, &work_of, &open, pool) {
        if let Ok(at) = place(&decided, again.a, again.b) {
            decided[at] = again;
        }
    }
    (work_of, decided)
}

/// Are two versions one work, as their shingles and what binds them say?
fn is_one_work(pair: &AcceptedPair) -> bool {
    let figures = &pair.comparison.figures;
    let bound = figures
        .evidence
        .is_none_or(|evidence| evidence.binding() >= BOUND);
    pair.comparison.relation.is_copy() && figures.ground == Some(Ground::Shingles) && bound
}

/// Where a pair stands among ascending ones.
fn place(pairs: &[AcceptedPair], a: u32, b: u32) -> Result<usize, usize> {
    pairs.binary_search_by_key(&(a, b), |pair| (pair.a, pair.b))
}
