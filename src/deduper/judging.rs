//! How are candidate pairs decided? First each by itself; those that are one work beyond doubt count once from then on. Then
//! those that remain, with what other works near them say.

use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::rc::Rc;

use crate::cluster::{AcceptedPair, UnionFind};
use crate::deduper::corpus::Corpus;
use crate::deduper::pairs::{Cache, tasks};
use crate::document::Documents;
use crate::lsh::CandidatePair;
use crate::parallel::Pool;
use crate::report::{Progress, Stage};
use crate::signature::{Sample, Shared};
use crate::verify::{
    Alignment, Comparison, Evidence, Ground, Measures, Objection, PreparedText, Voter, judge,
};

/// Bytes of prepared texts, and of alignments, that a worker keeps.
const CACHE_BYTES: usize = 12 << 20;

/// Other works that are asked about a pair. With 2, 4 and 8 of them, 542, 227 and 70 filled-in forms stayed joined.
const MAX_VOTERS: usize = 8;

/// Pairs of each text, the nearest first, about which other works are asked.
const MAX_OPEN_PAIRS: usize = 16;

/// Other works that are remembered for each text.
const MAX_NEIGHBOURS: usize = 12;

/// Shares of the bound under which, and over which, a sample suffices to tell whether two texts share furniture: under it, edits
/// that most others lack are not told from text of one's own.
const SURELY: (f64, f64) = (0.5, 1.4);

/// Share of the sampled grams of the shorter text from which another work is near.
const NEAR: f64 = 0.15;

/// A pair that is alike by some ground.
#[derive(Clone, Copy, Debug)]
pub(super) struct JudgedPair {
    pub(super) a: u32,
    pub(super) b: u32,
    pub(super) comparison: Comparison,
    /// One work beyond doubt?
    pub(super) certain: bool,
}

/// Which texts are one work, and which other works are near each text.
#[derive(Debug, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(super) struct Works {
    work_of: Vec<u32>,
    near: Vec<Vec<u32>>,
}

impl Works {
    /// Counts as one what is one beyond doubt; `met` are all pairs that the search met.
    pub(super) fn new<D: Documents + ?Sized>(
        corpus: &Corpus<'_, D>,
        judged: &[JudgedPair],
        met: &[CandidatePair],
    ) -> Self {
        let texts = corpus.sketches.len();
        let mut works = UnionFind::new(texts);
        for pair in judged.iter().filter(|pair| pair.certain) {
            works.join(pair.a, pair.b);
        }
        for (text, first) in (0..).zip(corpus.first_equals()) {
            works.join(first, text);
        }
        let work_of: Vec<u32> = (0..texts as u32).map(|text| works.find(text)).collect();
        let apart = met
            .iter()
            .copied()
            .filter(|&(a, b)| work_of[a as usize] != work_of[b as usize]);
        let mut near = vec![Vec::new(); texts];
        for sides in ranked(corpus, apart).chunk_by(|x, y| x.text == y.text) {
            let others = sides.iter().filter(|side| side.nearness >= NEAR);
            let others = others.map(|side| side.other);
            near[sides[0].text as usize] = one_of_each_work(&work_of, others, MAX_NEIGHBOURS);
        }
        Self { work_of, near }
    }

    /// The nearest other works of both of two texts, the nearest first.
    fn voters<D: Documents + ?Sized>(&self, corpus: &Corpus<'_, D>, a: u32, b: u32) -> Vec<u32> {
        let work = |text: u32| self.work_of[text as usize];
        let near = self.near[a as usize].iter().chain(&self.near[b as usize]);
        let near: BTreeSet<u32> = near.copied().collect();
        let others = near
            .into_iter()
            .filter(|&text| work(text) != work(a) && work(text) != work(b));
        // Two items of one form have no more in common with each other than with other items.
        let least = NEAR.max(corpus.settled.bounds.voter * nearness(corpus.sampled(a, b)));
        let sides = others.map(|other| {
            let to = |text: u32| nearness(corpus.sampled(text, other));
            Side::new(corpus, a, other, to(a).min(to(b)), 0)
        });
        let mut sides: Vec<Side> = sides.filter(|side| side.nearness >= least).collect();
        sides.sort_by(Side::order);
        let others = sides.iter().map(|side| side.other);
        one_of_each_work(&self.work_of, others, MAX_VOTERS)
    }
}

/// The first text of each work, so many of them.
fn one_of_each_work(work_of: &[u32], texts: impl Iterator<Item = u32>, most: usize) -> Vec<u32> {
    let mut seen = BTreeSet::new();
    texts
        .filter(|&text| seen.insert(work_of[text as usize]))
        .take(most)
        .collect()
}

/// A pair as one of its texts sees it.
struct Side {
    text: u32,
    other: u32,
    nearness: f64,
    /// The digest of the other text, by which equally near ones are ordered: no order depends on a position.
    digest: u128,
    /// Which of the pairs given it is.
    pair: usize,
}

impl Side {
    fn new<D: Documents + ?Sized>(
        corpus: &Corpus<'_, D>,
        text: u32,
        other: u32,
        nearness: f64,
        pair: usize,
    ) -> Self {
        let digest = corpus.sketches[other as usize].digest;
        Self {
            text,
            other,
            nearness,
            digest,
            pair,
        }
    }

    /// By text, the nearest first.
    fn order(&self, other: &Self) -> Ordering {
        let nearer = other.nearness.total_cmp(&self.nearness);
        let of_text = self.text.cmp(&other.text);
        of_text.then(nearer).then(self.digest.cmp(&other.digest))
    }
}

/// Both sides of pairs, by text, the nearest first.
fn ranked<D: Documents + ?Sized>(
    corpus: &Corpus<'_, D>,
    pairs: impl Iterator<Item = CandidatePair>,
) -> Vec<Side> {
    let sides = pairs.enumerate().flat_map(|(pair, (a, b))| {
        let nearness = nearness(corpus.sampled(a, b));
        [(a, b), (b, a)].map(|(text, other)| Side::new(corpus, text, other, nearness, pair))
    });
    let mut sides: Vec<Side> = sides.collect();
    sides.sort_by(Side::order);
    sides
}

/// Share of the sampled grams of the text that has fewer, that the other has too.
fn nearness(shared: Shared) -> f64 {
    shared.keys as f64 / shared.left.min(shared.right).max(1) as f64
}

/// What one worker has at hand.
pub(super) struct Desk<'c, D: ?Sized> {
    corpus: &'c Corpus<'c, D>,
    works: Option<&'c Works>,
    texts: Cache<u32, Rc<PreparedText<'c>>>,
    alignments: Cache<CandidatePair, Rc<Alignment>>,
}

impl<'c, D: Documents + ?Sized> Desk<'c, D> {
    pub(super) fn new(corpus: &'c Corpus<'c, D>, works: Option<&'c Works>) -> Self {
        Self {
            corpus,
            works,
            texts: Cache::new(CACHE_BYTES),
            alignments: Cache::new(CACHE_BYTES / 4),
        }
    }

    fn text(&mut self, text: u32) -> Rc<PreparedText<'c>> {
        let corpus = self.corpus;
        let sketch = &corpus.sketches[text as usize];
        let bytes = 16 * sketch.shingles + 28 * sketch.letters + sketch.folded.fetched_bytes();
        self.texts
            .get(text, || (Rc::new(corpus.prepared(text)), bytes))
    }

    /// How `a` runs beside `b`.
    fn alignment(&mut self, a: u32, b: u32) -> Rc<Alignment> {
        let (left, right) = (self.text(a), self.text(b));
        self.alignments.get((a, b), || {
            let alignment = Alignment::new(left.letters(), right.letters());
            let bytes = alignment.bytes();
            (Rc::new(alignment), bytes)
        })
    }

    /// A pair by itself, if it is alike by some ground.
    fn alone(&mut self, a: u32, b: u32) -> Option<JudgedPair> {
        let (left, right) = (self.text(a), self.text(b));
        let measures = Measures::new(&left, &right);
        let comparison = judge(&measures, None, &self.corpus.settled.bounds, false);
        comparison.figures.ground?;
        let certain = comparison.is_certain(&measures);
        Some(JudgedPair {
            a,
            b,
            comparison,
            certain,
        })
    }

    /// What the samples of other works say of what two texts share.
    fn sampled(&self, a: u32, b: u32, voters: &[u32]) -> Evidence {
        let sample = |text: u32| &self.corpus.sketches[text as usize].sample;
        let others: Vec<&Sample> = voters.iter().map(|&voter| sample(voter)).collect();
        let (shared, unmatched) = sample(a).divided(sample(b), &others);
        Evidence {
            works: voters.len(),
            shared,
            unmatched,
            ..Evidence::default()
        }
    }

    /// What other works say of a pair; none where there are not two. The cheap questions come first: whether the two share more
    /// than furniture, and whether they differ in a place where both say something.
    fn evidence(&mut self, a: u32, b: u32, replaced: bool) -> Option<Evidence> {
        let voters = self.works?.voters(self.corpus, a, b);
        if voters.len() < 2 {
            return None;
        }
        let sampled = self.sampled(a, b, &voters);
        if sampled.binding() < SURELY.0 * self.corpus.settled.bounds.binding(2) {
            return Some(sampled);
        }
        let bound = self.corpus.settled.bounds.binding(voters.len());
        let bound_surely = sampled.binding() >= SURELY.1 * bound;
        if bound_surely && !replaced {
            return Some(sampled);
        }
        let texts: Vec<Rc<PreparedText<'c>>> =
            voters.iter().map(|&voter| self.text(voter)).collect();
        let (left, right) = (self.text(a), self.text(b));
        let sides = [left.letters(), right.letters()];
        let others: Vec<_> = texts.iter().map(|text| text.letters()).collect();
        let mut evidence = if bound_surely {
            sampled
        } else {
            Evidence::of_grams(sides, &others)
        };
        let is_open = evidence.binding() < bound;
        if !replaced && !is_open {
            return Some(evidence);
        }
        let pair = self.alignment(a, b);
        let on_left: Vec<_> = voters
            .iter()
            .map(|&voter| self.alignment(a, voter))
            .collect();
        let aligned = on_left.iter().zip(others);
        let aligned: Vec<Voter<'_>> = aligned
            .map(|(alignment, letters)| Voter { letters, alignment })
            .collect();
        evidence.count_places(sides, &pair, &aligned);
        if is_open {
            let on_right: Vec<_> = voters
                .iter()
                .map(|&voter| self.alignment(b, voter))
                .collect();
            let both: Vec<_> = on_left
                .iter()
                .zip(&on_right)
                .map(|(left, right)| (&**left, &**right))
                .collect();
            evidence.count_letters(sides, &pair, &both);
        }
        Some(evidence)
    }

    /// A pair with all that is known. Other works are not asked about what is certain without them.
    pub(super) fn together(&mut self, a: u32, b: u32, between: bool) -> Comparison {
        let bounds = self.corpus.settled.bounds;
        let (left, right) = (self.text(a), self.text(b));
        let measures = Measures::new(&left, &right);
        let alone = judge(&measures, None, &bounds, between);
        if alone.figures.ground.is_none() || alone.is_certain(&measures) {
            return alone;
        }
        let replaced = measures
            .collation()
            .is_some_and(|collation| collation.replaced > 0);
        match self.evidence(a, b, replaced) {
            Some(evidence) => judge(&measures, Some(&evidence), &bounds, between),
            None => alone,
        }
    }
}

/// Decides on every pair by itself; returns those that are alike, ascending.
pub(super) fn alone<D: Documents + ?Sized>(
    corpus: &Corpus<'_, D>,
    pairs: &[CandidatePair],
    pool: &Pool,
    progress: &dyn Progress,
) -> Vec<JudgedPair> {
    let tasks = tasks(corpus, pairs);
    let judged = pool.map(
        tasks.len(),
        || Desk::new(corpus, None),
        |desk, task| {
            let judged = tasks[task].iter().filter_map(|&(a, b)| desk.alone(a, b));
            let judged: Vec<JudgedPair> = judged.collect();
            progress.advance(Stage::Verify, tasks[task].len());
            judged
        },
    );
    let mut judged = judged.concat();
    judged.sort_unstable_by_key(|pair| (pair.a, pair.b));
    judged
}

/// Decides on the pairs that are alike with what other works say.
pub(super) fn with_works<D: Documents + ?Sized>(
    corpus: &Corpus<'_, D>,
    works: &Works,
    judged: &[JudgedPair],
    pool: &Pool,
) -> Vec<AcceptedPair> {
    let open: Vec<CandidatePair> = judged
        .iter()
        .filter(|pair| !pair.certain)
        .map(|pair| (pair.a, pair.b))
        .collect();
    // Those of other values are decided for what they say of works: they take no place of those that may be joined.
    let (others, own): (Vec<CandidatePair>, Vec<CandidatePair>) =
        open.into_iter().partition(|&(a, b)| corpus.is_apart(a, b));
    let mut near = [nearest(corpus, &own), nearest(corpus, &others)].concat();
    near.sort_unstable();
    let tasks = tasks(corpus, &near);
    let decided = pool.map(
        tasks.len(),
        || Desk::new(corpus, Some(works)),
        |desk, task| {
            let decided = tasks[task].iter().map(|&(a, b)| {
                let comparison = desk.together(a, b, false);
                AcceptedPair { a, b, comparison }
            });
            decided.collect::<Vec<_>>()
        },
    );
    let certain = judged
        .iter()
        .filter(|pair| pair.certain)
        .map(|pair| AcceptedPair {
            a: pair.a,
            b: pair.b,
            comparison: pair.comparison,
        });
    let mut decided = decided.concat();
    decided.extend(certain);
    decided.sort_unstable_by_key(|pair| (pair.a, pair.b));
    decided
}

/// The pairs that are among the nearest of either text: of thousands of pages of one form, each is alike to all others, and
/// other works are asked about a few pairs of each only. The rest is not decided.
fn nearest<D: Documents + ?Sized>(
    corpus: &Corpus<'_, D>,
    pairs: &[CandidatePair],
) -> Vec<CandidatePair> {
    let sides = ranked(corpus, pairs.iter().copied());
    let of_each = sides.chunk_by(|x, y| x.text == y.text);
    let near = of_each.flat_map(|sides| sides.iter().take(MAX_OPEN_PAIRS));
    let near: BTreeSet<usize> = near.map(|side| side.pair).collect();
    near.into_iter().map(|at| pairs[at]).collect()
}

/// Works are counted again, now that versions are known to be one: those that were refused for what other works have are
/// decided once more.
pub(super) fn once_more<D: Documents + ?Sized>(
    corpus: &Corpus<'_, D>,
    before: &Works,
    mut decided: Vec<AcceptedPair>,
    judged: &[JudgedPair],
    met: &[CandidatePair],
    pool: &Pool,
) -> (Works, Vec<AcceptedPair>) {
    let one_work = |pair: &AcceptedPair| {
        let figures = &pair.comparison.figures;
        let bound = figures
            .evidence
            .is_none_or(|evidence| evidence.binding() >= BOUND);
        pair.comparison.relation.is_copy() && figures.ground == Some(Ground::Shingles) && bound
    };
    let mut known = judged.to_vec();
    for known in &mut known {
        known.certain |= place(&decided, known.a, known.b).is_ok_and(|at| one_work(&decided[at]));
    }
    let works = Works::new(corpus, &known, met);
    let is_open = |pair: &&JudgedPair| {
        place(&decided, pair.a, pair.b).is_ok_and(|at| {
            let objection = decided[at].comparison.figures.objection;
            matches!(objection, Some(Objection::Form | Objection::Furniture))
                && before.voters(corpus, pair.a, pair.b) != works.voters(corpus, pair.a, pair.b)
        })
    };
    let open: Vec<JudgedPair> = judged.iter().filter(is_open).copied().collect();
    for again in with_works(corpus, &works, &open, pool) {
        if let Ok(at) = place(&decided, again.a, again.b) {
            decided[at] = again;
        }
    }
    (works, decided)
}

/// Where a pair stands among ascending ones.
fn place(pairs: &[AcceptedPair], a: u32, b: u32) -> Result<usize, usize> {
    pairs.binary_search_by_key(&(a, b), |pair| (pair.a, pair.b))
}

/// What must bind two editions for them to count as one work.
const BOUND: f64 = 0.8;
