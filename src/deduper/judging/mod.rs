//! How are candidate pairs decided? First, each pair is judged by itself. Texts that are one work beyond doubt count as one text from then
//! on. Then the remaining pairs are judged with the evidence of other works near them.
//!
//! The nearest pairs of each text come first, in rounds. Texts that are already one work are not compared again. If all of the nearest
//! pairs of a text were refused because of other works, its other pairs are not tested. So a hundred noisy copies of a story, or thousands
//! of pages of one form, cost only a few comparisons each.

mod alone;
mod desk;
mod doubt;

use crate::cluster::{AcceptedPair, UnionFind};
#[cfg(feature = "index")]
use crate::deduper::neighbours::NearPair;
use crate::deduper::neighbours::Nearby;
use crate::deduper::pairs::tasks;
use crate::lsh::CandidatePair;
use crate::parallel::{BATCH, Pool};
use crate::report::Progress;
use crate::verify::{Comparison, Ground, Objection};
#[cfg(feature = "index")]
pub(super) use alone::ROUNDS;
#[cfg(feature = "index")]
use alone::at_once;
use alone::{Sorted, alone};
use desk::JudgedPair;
pub(super) use desk::{Desk, by_themselves};
use doubt::doubt;

/// The end of each round of pairs that are judged with other works, as `ROUNDS` without them.
const OPEN_ROUNDS: [u32; 2] = [4, 16];

/// Minimum share of rare text in what binds two editions, for them to count as one work.
const BOUND: f64 = 0.8;

/// The results of all pairs that were compared, except accepted pairs.
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(super) struct Verdicts {
    /// The work of each text, named by one of its texts.
    pub(super) work_of: Vec<u32>,
    /// Pairs for which no ground holds, ascending.
    pub(super) unlike: Vec<CandidatePair>,
    /// Alike pairs that were refused because of an objection, ascending.
    pub(super) vetoed: Vec<CandidatePair>,
}

impl Verdicts {
    /// Number of pairs that were decided and not accepted.
    pub(super) fn refused(&self) -> usize {
        self.unlike.len() + self.vetoed.len()
    }
}

/// Decides all candidate pairs. Returns the verdicts, and the accepted pairs, ascending.
///
/// Each alike pair is held only once, from here to the accepted pairs, because a million texts have hundreds of thousands of them.
pub(super) fn verdicts(
    nearby: &Nearby<'_>,
    pool: &Pool,
    progress: &dyn Progress,
) -> (Verdicts, Vec<AcceptedPair>) {
    together(nearby, alone(nearby, pool, progress), pool)
}

/// Decides pairs of the first text with others. The `others` are compared only if one of the `nearest` is alike. Returns the accepted pairs,
/// ascending. All pairs are of one text, so no chain of other pairs can hold two texts together, and each pair is compared.
#[cfg(feature = "index")]
pub(super) fn accepted_of_first(
    nearby: &Nearby<'_>,
    nearest: &[NearPair],
    others: &[NearPair],
    pool: &Pool,
) -> Vec<AcceptedPair> {
    let mut sorted = at_once(nearby, nearest, pool);
    if sorted.has_none_alike() {
        return Vec::new();
    }
    sorted.append(at_once(nearby, others, pool));
    together(nearby, sorted, pool).1
}

/// Decides pairs that were compared by themselves, with the evidence of other works.
fn together(nearby: &Nearby<'_>, sorted: Sorted, pool: &Pool) -> (Verdicts, Vec<AcceptedPair>) {
    let Sorted {
        alike: mut judged,
        unlike,
        items,
    } = sorted;
    doubt(nearby, &mut judged, pool);
    let first = works(nearby, &judged, |_| false);
    let decided = with_works(nearby, &first, &mut judged, pool);
    let work_of = works(nearby, &judged, |at| {
        decided[at] && is_one_work(&judged[at])
    });
    once_more(nearby, [&first, &work_of], &mut judged, &decided, pool);
    let mut vetoed = items;
    let mut decided = decided.into_iter();
    judged.retain(|pair| {
        let is_decided = decided.next() == Some(true);
        let is_copy = pair.comparison.relation.is_copy();
        if is_decided && !is_copy {
            vetoed.push(pair.pair());
        }
        is_decided && is_copy
    });
    vetoed.sort_unstable();
    let verdicts = Verdicts {
        work_of,
        unlike,
        vetoed,
    };
    let accepted = judged.into_iter().map(JudgedPair::accepted);
    (verdicts, accepted.collect())
}

/// The sets of texts that certain pairs connect.
fn joined(nearby: &Nearby<'_>, judged: &[JudgedPair]) -> UnionFind {
    let mut sets = UnionFind::new(nearby.corpus.sketches.len());
    for pair in judged.iter().filter(|pair| pair.certain) {
        sets.join(pair.a, pair.b);
    }
    sets
}

/// The work of each text before any pair is judged.
#[cfg(feature = "index")]
pub(super) fn known_works(nearby: &Nearby<'_>) -> Vec<u32> {
    works(nearby, &[], |_| false)
}

/// The work of each text. Texts of certain pairs are one work, and so are texts of pairs that are `known` to be one, by their place in
/// `judged`.
fn works(nearby: &Nearby<'_>, judged: &[JudgedPair], known: impl Fn(usize) -> bool) -> Vec<u32> {
    let texts = nearby.corpus.sketches.len();
    let mut works = joined(nearby, judged);
    for &(a, b) in &nearby.known {
        works.join(a, b);
    }
    for (_, pair) in judged.iter().enumerate().filter(|&(at, _)| known(at)) {
        works.join(pair.a, pair.b);
    }
    for (text, first) in (0..).zip(nearby.corpus.first_equals()) {
        works.join(first, text);
    }
    (0..texts as u32).map(|text| works.find(text)).collect()
}

/// Decides the alike pairs with the evidence of other works. Returns, for each pair, whether it is decided.
fn with_works(
    nearby: &Nearby<'_>,
    work_of: &[u32],
    judged: &mut [JudgedPair],
    pool: &Pool,
) -> Vec<bool> {
    let mut decided: Vec<bool> = judged.iter().map(|pair| pair.certain).collect();
    let open = open_pairs(nearby, judged);
    let mut hopeless = vec![false; work_of.len()];
    let mut from = 0;
    for to in OPEN_ROUNDS {
        let due = open.iter().filter(|open| (from..to).contains(&open.order));
        let due = due.map(|open| open.at);
        let is_open = |&at: &u32| {
            let pair = &judged[at as usize];
            !hopeless[pair.a as usize] && !hopeless[pair.b as usize]
        };
        let round: Vec<u32> = due.filter(is_open).collect();
        ask(nearby, work_of, &round, judged, pool);
        for &at in &round {
            decided[at as usize] = true;
        }
        let found = round.iter().map(|&at| &judged[at as usize]);
        mark_hopeless(found, &mut hopeless);
        from = to;
    }
    decided
}

/// A pair to be judged with the evidence of other works.
struct OpenPair {
    /// Its place in the list of alike pairs.
    at: u32,
    /// Its order among the open pairs ([`Nearby::order`]).
    order: u32,
}

/// The pairs that are alike and not certain.
fn open_pairs(nearby: &Nearby<'_>, judged: &[JudgedPair]) -> Vec<OpenPair> {
    let open = (0..).zip(judged).filter(|(_, pair)| !pair.certain);
    // Pairs of different values are decided only for what they show about works. They come separately, so that they take no place from
    // pairs that may be joined.
    let (others, own): (Vec<(u32, CandidatePair)>, _) = open
        .map(|(at, pair)| (at, pair.pair()))
        .partition(|&(_, (a, b))| nearby.corpus.is_apart(a, b));
    let ordered = |pairs: Vec<(u32, CandidatePair)>| {
        let order = nearby.order_of(pairs.iter().map(|&(_, pair)| pair));
        let pairs = pairs.into_iter().zip(order);
        pairs.map(|((at, _), order)| OpenPair { at, order })
    };
    ordered(own).chain(ordered(others)).collect()
}

/// Marks the texts whose pairs in this round were all refused because of other works.
fn mark_hopeless<'p>(decided: impl Iterator<Item = &'p JudgedPair> + Clone, hopeless: &mut [bool]) {
    for pair in decided.clone().filter(|pair| is_refused_by_works(pair)) {
        hopeless[pair.a as usize] = true;
        hopeless[pair.b as usize] = true;
    }
    for pair in decided.filter(|pair| !is_refused_by_works(pair)) {
        hopeless[pair.a as usize] = false;
        hopeless[pair.b as usize] = false;
    }
}

/// Was a pair refused because of other works?
fn is_refused_by_works(pair: &JudgedPair) -> bool {
    let objection = pair.comparison.figures.objection;
    matches!(objection, Some(Objection::Form | Objection::Furniture))
}

/// Decides some of the pairs with the evidence of other works. `some` are their places in `judged`.
fn ask(nearby: &Nearby<'_>, work_of: &[u32], some: &[u32], judged: &mut [JudgedPair], pool: &Pool) {
    let tasks = tasks(nearby.corpus, some, |&at| judged[at as usize].pair());
    for tasks in tasks.chunks(BATCH) {
        let decided = pool.map(
            tasks.len(),
            || Desk::new(nearby, Some(work_of)),
            |desk, task| {
                let pairs = tasks[task].iter();
                let decided = pairs.map(|&at| desk.decided_again(&judged[at as usize]));
                decided.collect::<Vec<Comparison>>()
            },
        );
        for (&at, comparison) in tasks.iter().flatten().zip(decided.into_iter().flatten()) {
            judged[at as usize].comparison = comparison;
        }
    }
}

/// Decides pairs once more that were refused because of other works, if their voters have changed: the works `before` were those of certain
/// pairs, and in the works `again` versions count as one.
fn once_more(
    nearby: &Nearby<'_>,
    [before, again]: [&[u32]; 2],
    judged: &mut [JudgedPair],
    decided: &[bool],
    pool: &Pool,
) {
    let voters = |works: &[u32], a, b| nearby.voters(a, b, |text| works[text as usize]);
    let is_open = |(pair, decided): (&JudgedPair, bool)| {
        decided
            && is_refused_by_works(pair)
            && voters(before, pair.a, pair.b) != voters(again, pair.a, pair.b)
    };
    let pairs = judged.iter().zip(decided.iter().copied());
    let open = (0..).zip(pairs).filter(|&(_, pair)| is_open(pair));
    let open: Vec<u32> = open.map(|(at, _)| at).collect();
    ask(nearby, again, &open, judged, pool);
}

/// Are two versions one work, by their shingles and by what binds them?
fn is_one_work(pair: &JudgedPair) -> bool {
    let figures = &pair.comparison.figures;
    let bound = figures
        .evidence
        .is_none_or(|evidence| evidence.binding() >= BOUND);
    pair.comparison.relation.is_copy() && figures.ground == Some(Ground::Shingles) && bound
}
