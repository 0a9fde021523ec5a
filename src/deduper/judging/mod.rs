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
use crate::lsh::CandidatePair;
use crate::parallel::{BATCH, Pool};
use crate::report::Progress;
use crate::verify::{Comparison, Ground, Objection};
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
///
/// Each pair that is alike is held once, from here to the accepted ones: of a million texts, there are hundreds of thousands.
pub(super) fn verdicts(
    nearby: &Nearby<'_>,
    pool: &Pool,
    progress: &dyn Progress,
) -> (Verdicts, Vec<AcceptedPair>) {
    let Sorted {
        alike: mut judged,
        unlike,
        items,
    } = alone(nearby, pool, progress);
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

/// Texts that certain pairs hold together.
fn joined(nearby: &Nearby<'_>, judged: &[JudgedPair]) -> UnionFind {
    let mut sets = UnionFind::new(nearby.corpus.sketches.len());
    for pair in judged.iter().filter(|pair| pair.certain) {
        sets.join(pair.a, pair.b);
    }
    sets
}

/// The work of each text: what is one beyond doubt is counted as one, and what is `known` to be by its place among the pairs.
fn works(nearby: &Nearby<'_>, judged: &[JudgedPair], known: impl Fn(usize) -> bool) -> Vec<u32> {
    let texts = nearby.corpus.sketches.len();
    let mut works = joined(nearby, judged);
    for (_, pair) in judged.iter().enumerate().filter(|&(at, _)| known(at)) {
        works.join(pair.a, pair.b);
    }
    for (text, first) in (0..).zip(nearby.corpus.first_equals()) {
        works.join(first, text);
    }
    (0..texts as u32).map(|text| works.find(text)).collect()
}

/// Decides on the pairs that are alike with what other works say; returns which are decided.
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

/// A pair about which other works are asked.
struct OpenPair {
    /// Where it stands among the pairs that are alike.
    at: u32,
    /// Its place among the open pairs of one of its texts, the nearest first.
    order: u32,
}

/// The pairs that are alike and not certain.
fn open_pairs(nearby: &Nearby<'_>, judged: &[JudgedPair]) -> Vec<OpenPair> {
    let open = (0..).zip(judged).filter(|(_, pair)| !pair.certain);
    // Pairs that a value keeps apart are decided for what they say of works: they take no place of those that may be joined.
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

/// Marks the texts whose pairs here were all refused for what other works say.
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

/// Is a pair refused for what other works say?
fn is_refused_by_works(pair: &JudgedPair) -> bool {
    let objection = pair.comparison.figures.objection;
    matches!(objection, Some(Objection::Form | Objection::Furniture))
}

/// Decides on some of the pairs with what other works say; `some` are their places.
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

/// Works are counted `again`, now that versions are known to be one: those that were refused for what other works had `before`
/// are decided once more.
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

/// Are two versions one work, as their shingles and what binds them say?
fn is_one_work(pair: &JudgedPair) -> bool {
    let figures = &pair.comparison.figures;
    let bound = figures
        .evidence
        .is_none_or(|evidence| evidence.binding() >= BOUND);
    pair.comparison.relation.is_copy() && figures.ground == Some(Ground::Shingles) && bound
}
