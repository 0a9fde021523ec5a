//! What are candidate pairs by themselves, without other works? The nearest pairs of each text are compared first, in rounds.

use crate::cluster::UnionFind;
use crate::deduper::judging::desk::{Alone, Desk, JudgedPair};
#[cfg(feature = "index")]
use crate::deduper::judging::known_works;
use crate::deduper::neighbours::{NearPair, Nearby};
use crate::deduper::pairs::tasks;
use crate::lsh::CandidatePair;
use crate::parallel::Pool;
use crate::report::{Progress, Stage};

/// The end of each round: candidates of a text are ordered by nearness, and a round compares those up to this place. Thousands of noisy
/// copies of one text are near each other. A chain of the nearest pairs is enough to hold them together.
pub(in crate::deduper) const ROUNDS: [u32; 4] = [4, 8, 16, 32];

/// Number of pairs of a text in a row in which the text is no copy. From this number on, a text is idle, and pairs of two idle texts are no
/// longer compared, because less near pairs are hardly more alike. Of the 7,100 alike pairs of 10,000 mixed texts, 10 are missed in this
/// way, and 15,000 comparisons are saved. With 4,000 items of one form, 60,000 of 74,000 comparisons are saved.
const IDLE: u32 = 4;

/// Candidate pairs that were decided by themselves.
#[derive(Default)]
pub(super) struct Sorted {
    /// Alike pairs, ascending once all are decided.
    pub(super) alike: Vec<JudgedPair>,
    /// Pairs that are not alike.
    pub(super) unlike: Vec<CandidatePair>,
    /// Pairs of items of a form, which were not compared.
    pub(super) items: Vec<CandidatePair>,
}

impl Sorted {
    fn sort(&mut self) {
        self.alike.sort_unstable_by_key(JudgedPair::pair);
        self.unlike.sort_unstable();
        self.items.sort_unstable();
    }

    fn push(&mut self, pair: CandidatePair, alone: Alone) {
        match alone {
            Alone::Alike(judged) => self.alike.push(*judged),
            Alone::Unlike => self.unlike.push(pair),
            Alone::Items => self.items.push(pair),
        }
    }

    /// The pairs that were decided after the list lengths were `before`.
    fn since(&self, before: [usize; 3]) -> Round<'_> {
        let [alike, unlike, items] = before;
        Round {
            alike: &self.alike[alike..],
            unlike: &self.unlike[unlike..],
            items: &self.items[items..],
        }
    }

    /// Is no pair alike, or of two items of a form?
    #[cfg(feature = "index")]
    pub(super) fn has_none_alike(&self) -> bool {
        self.alike.is_empty() && self.items.is_empty()
    }

    /// Adds other pairs.
    #[cfg(feature = "index")]
    pub(super) fn append(&mut self, mut other: Self) {
        self.alike.append(&mut other.alike);
        self.unlike.append(&mut other.unlike);
        self.items.append(&mut other.items);
        self.sort();
    }

    fn decided(&self) -> [usize; 3] {
        [self.alike.len(), self.unlike.len(), self.items.len()]
    }
}

/// The candidate pairs that one round decided.
struct Round<'s> {
    alike: &'s [JudgedPair],
    unlike: &'s [CandidatePair],
    items: &'s [CandidatePair],
}

impl Round<'_> {
    /// Counts, for each text, the pairs in which it is no copy. A round in which the text may be a copy sets its count to 0.
    fn count_refused(&self, refused: &mut [u32]) {
        let is_copy = |pair: &&JudgedPair| pair.comparison.relation.is_copy();
        let objected = self.alike.iter().filter(|pair| !is_copy(pair));
        let pairs = self.unlike.iter().chain(self.items).copied();
        let pairs = pairs.chain(objected.map(JudgedPair::pair));
        for text in pairs.flat_map(|(a, b)| [a, b]) {
            refused[text as usize] += 1;
        }
        for pair in self.alike.iter().filter(is_copy) {
            refused[pair.a as usize] = 0;
            refused[pair.b as usize] = 0;
        }
    }
}

/// Decides candidate pairs by themselves, the nearest pairs of each text first.
pub(super) fn alone(nearby: &Nearby<'_>, pool: &Pool, progress: &dyn Progress) -> Sorted {
    let order = nearby.order(|pair| nearby.pairs[pair as usize].is_candidate());
    let candidates = order.iter().filter(|&&order| order < u32::MAX).count();
    progress.begin(Stage::Verify, candidates);
    let texts = nearby.corpus.sketches.len();
    let (mut works, mut refused) = (UnionFind::new(texts), vec![0; texts]);
    let mut sorted = Sorted::default();
    let (mut from, mut compared) = (0, 0);
    for to in ROUNDS {
        let due = nearby.pairs.iter().zip(&order);
        let due = due.filter(|(_, order)| (from..to).contains(*order));
        let is_idle = |text: u32| refused[text as usize] >= IDLE;
        let due = due.filter(|(pair, _)| !is_idle(pair.a) || !is_idle(pair.b));
        let open = due.filter(|(pair, _)| works.find(pair.a) != works.find(pair.b));
        let pairs: Vec<NearPair> = open.map(|(pair, _)| *pair).collect();
        compared += pairs.len();
        let work_of: Vec<u32> = (0..texts as u32).map(|text| works.find(text)).collect();
        let before = sorted.decided();
        decide(nearby, &work_of, &pairs, pool, progress, &mut sorted);
        let round = sorted.since(before);
        round.count_refused(&mut refused);
        // Texts of different values are never joined, so a chain over such a pair holds nothing together.
        let is_apart = |pair: &JudgedPair| nearby.corpus.is_apart(pair.a, pair.b);
        let certain = round.alike.iter().filter(|pair| pair.certain);
        for pair in certain.filter(|pair| !is_apart(pair)) {
            works.join(pair.a, pair.b);
        }
        from = to;
    }
    progress.advance(Stage::Verify, candidates - compared);
    sorted.sort();
    sorted
}

/// Decides these pairs by themselves, all in one round, as [`alone`] does in its first round.
#[cfg(feature = "index")]
pub(super) fn at_once(nearby: &Nearby<'_>, pairs: &[NearPair], pool: &Pool) -> Sorted {
    let mut sorted = Sorted::default();
    decide(nearby, &known_works(nearby), pairs, pool, &(), &mut sorted);
    sorted.sort();
    sorted
}

/// Decides each of these pairs by itself.
fn decide(
    nearby: &Nearby<'_>,
    work_of: &[u32],
    pairs: &[NearPair],
    pool: &Pool,
    progress: &dyn Progress,
    sorted: &mut Sorted,
) {
    let tasks = tasks(nearby.corpus, pairs, NearPair::pair);
    pool.for_each(
        tasks.len(),
        || Desk::new(nearby, Some(work_of)),
        |desk, task| {
            let pairs = tasks[task].iter();
            let decided: Vec<_> = pairs.map(|pair| (pair.pair(), desk.alone(pair))).collect();
            progress.advance(Stage::Verify, decided.len());
            decided
        },
        |decided| {
            for (pair, alone) in decided {
                sorted.push(pair, alone);
            }
        },
    );
}
