//! How are candidate pairs decided? First each by itself; those that are one work beyond doubt count once from then on. Then
//! those that remain, with what other works near them say.
//!
//! The nearest pairs of each text come first, in rounds. Texts that are one work by then are not compared again, and a text whose
//! nearest pairs were all refused for what other works say is not asked about again: so a hundred noisy copies of a story, or
//! thousands of pages of one form, cost a few comparisons each.

use std::rc::Rc;

use crate::cluster::{AcceptedPair, UnionFind};
use crate::deduper::corpus::Corpus;
use crate::deduper::neighbours::{NearPair, Nearby};
use crate::deduper::pairs::{Cache, tasks};
use crate::document::Documents;
use crate::lsh::CandidatePair;
use crate::parallel::Pool;
use crate::report::{Progress, Stage};
use crate::signature::{Held, Sample};
use crate::verify::{
    Alignment, Bounds, Comparison, Evidence, Ground, Measures, Objection, Places, PreparedText,
    Voter, judge,
};

/// Bytes of prepared texts, and of alignments, that a worker keeps.
const CACHE_BYTES: usize = 12 << 20;

/// Candidates of each text that are compared, the nearest first, up to which place in each round. Thousands of noisy copies of
/// one text are near each other, and a chain of the nearest holds them together.
pub(super) const ROUNDS: [u32; 4] = [4, 8, 16, 32];

/// Pairs of a text in a row in which it is no copy, from which on no further ones of two such texts are compared: what is less
/// near is hardly more alike. Of 7,100 pairs of 10,000 mixed texts that are alike, 10 are missed so, and 15,000 comparisons
/// saved; of 4,000 items of one form, 60,000 of 74,000.
const IDLE: u32 = 4;

/// Minimum other works whose samples show items of a form.
const MIN_ITEM_VOTERS: usize = 4;

/// Minimum sampled grams that two items of a form share.
const MIN_FORM_KEYS: usize = 8;

/// Minimum share of these that most other works have. With .8, and before `MAX_STRETCH`, 14 more wrong pairs of program files in
/// two dialects were joined.
const MIN_FORM_SHARE: f64 = 0.95;

/// Minimum sampled grams of each item that the other one lacks.
const MIN_SLOT_KEYS: usize = 4;

/// Maximum share of these that two other works have.
const MAX_HELD_SLOTS: f64 = 0.1;

/// Maximum share of these that stands in one stretch. Without this bound, versions of a news story that each have a paragraph of
/// their own were taken for items (recall .996 to .991).
const MAX_STRETCH: f64 = 0.5;

/// Pairs of each text about which other works are asked, in the same way.
const OPEN_ROUNDS: [u32; 2] = [4, 16];

/// Pairs of texts that seem to be one work that are looked at again, to tell a form from noisy copies.
const MAX_TESTS: usize = 16;

/// The same where one of them failed.
const MAX_CLOSE_TESTS: usize = 256;

/// Share of the letters in slots from which two texts that are certain by themselves are items of a form. Of two copies that are
/// misread in a slot here and there, most slots agree; of two items, few.
const MIN_DOUBTED: f64 = 0.5;

/// Tests that a part may fail before its other pairs are refused as well.
const MAX_REFUSALS: u8 = 2;

/// Shares of the bound under which, and over which, a sample suffices to tell whether two texts share furniture: under it, edits
/// that most others lack are not told from text of one's own.
const SURELY: (f64, f64) = (0.5, 1.4);

/// What must bind two editions for them to count as one work.
const BOUND: f64 = 0.8;

/// What a pair is by itself.
#[derive(Clone, Debug)]
enum Alone {
    /// Alike by some ground.
    Alike(Box<JudgedPair>),
    /// Alike by no ground.
    Unlike,
    /// Two items of a form, as the samples of other texts show; not compared.
    Items,
}

/// A pair that is alike by some ground.
#[derive(Clone, Copy, Debug)]
struct JudgedPair {
    a: u32,
    b: u32,
    comparison: Comparison,
    /// One work beyond doubt?
    certain: bool,
}

impl JudgedPair {
    fn pair(&self) -> CandidatePair {
        (self.a, self.b)
    }

    fn accepted(&self) -> AcceptedPair {
        AcceptedPair {
            a: self.a,
            b: self.b,
            comparison: self.comparison,
        }
    }
}

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

/// What one worker has at hand.
pub(super) struct Desk<'c, D: ?Sized> {
    corpus: &'c Corpus<'c, D>,
    nearby: &'c Nearby<'c, D>,
    /// The work of each text, once works are known.
    work_of: Option<&'c [u32]>,
    texts: Cache<u32, Rc<PreparedText<'c>>>,
    alignments: Cache<CandidatePair, Rc<Alignment>>,
}

impl<'c, D: Documents + ?Sized> Desk<'c, D> {
    pub(super) fn new(nearby: &'c Nearby<'c, D>, work_of: Option<&'c [u32]>) -> Self {
        Self {
            corpus: nearby.corpus,
            nearby,
            work_of,
            texts: Cache::new(CACHE_BYTES),
            alignments: Cache::new(CACHE_BYTES / 4),
        }
    }

    fn text(&mut self, text: u32) -> Rc<PreparedText<'c>> {
        let corpus = self.corpus;
        let sketch = &corpus.sketches[text as usize];
        let bytes = 16 * sketch.shingles() + 28 * sketch.letters() + sketch.folded.bytes();
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

    /// Do the samples of other texts show two items of a form?
    ///
    /// Most others have what the two share, none has what only one of the two has, and that is strewn over the text as slots
    /// are. Noisy copies of one text differ from this: where one is misread, others are right, so that they have what only one of
    /// the two has. Versions of one text differ as well: what each adds stands in a stretch or two.
    fn are_items(&self, (a, b): CandidatePair) -> bool {
        let Some(work_of) = self.work_of else {
            return false;
        };
        let voters = self.nearby.voters(a, b, |text| work_of[text as usize]);
        if voters.len() < MIN_ITEM_VOTERS {
            return false;
        }
        self.of_samples((a, b), &voters, |left, right, others| {
            let keys = left.held(right, others);
            let is_form = keys.shared.all >= MIN_FORM_KEYS && keys.shared.share() >= MIN_FORM_SHARE;
            let own = |held: Held| held.all >= MIN_SLOT_KEYS && held.share() <= MAX_HELD_SLOTS;
            let longest = || left.longest_stretch(right).max(right.longest_stretch(left));
            is_form && keys.unmatched.into_iter().all(own) && longest() <= MAX_STRETCH
        })
    }

    /// A pair by itself.
    fn alone(&mut self, pair: &NearPair) -> Alone {
        let (a, b) = pair.pair();
        if self.are_items((a, b)) {
            return Alone::Items;
        }
        let (left, right) = (self.text(a), self.text(b));
        let measures = Measures::new(&left, &right);
        let bounds = &self.corpus.settled.bounds;
        if bounds.ground(&measures, pair.open).is_none() {
            return Alone::Unlike;
        }
        let comparison = judge(&measures, None, bounds, false);
        let certain = comparison.is_certain(&measures);
        Alone::Alike(Box::new(JudgedPair {
            a,
            b,
            comparison: measures.noted_in(comparison),
            certain,
        }))
    }

    /// What `ask` finds in the samples of two texts and of others.
    fn of_samples<T>(
        &self,
        (a, b): CandidatePair,
        others: &[u32],
        ask: impl FnOnce(&Sample, &Sample, &[&Sample]) -> T,
    ) -> T {
        let recall = |&text: &u32| self.corpus.recall(text);
        let others: Vec<_> = others.iter().map(recall).collect();
        let others: Vec<&Sample> = others.iter().map(|other| other.sample()).collect();
        ask(recall(&a).sample(), recall(&b).sample(), &others)
    }

    /// What the samples of other works say of what two texts share.
    fn sampled(&self, a: u32, b: u32, voters: &[u32]) -> Evidence {
        let divided =
            |left: &Sample, right: &Sample, others: &[&Sample]| left.divided(right, others);
        let (shared, unmatched) = self.of_samples((a, b), voters, divided);
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
        let work_of = self.work_of?;
        let voters = self.nearby.voters(a, b, |text| work_of[text as usize]);
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
        let on_left = self.count_places((a, b), Places::All, &voters, &mut evidence);
        if is_open {
            let pair = self.alignment(a, b);
            let on_right = self.alignments(b, &voters);
            let both: Vec<_> = on_left
                .iter()
                .zip(&on_right)
                .map(|(left, right)| (&**left, &**right))
                .collect();
            evidence.count_letters(sides, &pair, &both);
        }
        Some(evidence)
    }

    /// How a text runs beside each of these.
    fn alignments(&mut self, text: u32, others: &[u32]) -> Vec<Rc<Alignment>> {
        let others = others.iter();
        others.map(|&other| self.alignment(text, other)).collect()
    }

    /// Asks other texts about the places in which two differ; returns how they run beside the left one.
    fn count_places(
        &mut self,
        (a, b): CandidatePair,
        places: Places,
        voters: &[u32],
        evidence: &mut Evidence,
    ) -> Vec<Rc<Alignment>> {
        let pair = self.alignment(a, b);
        let on_left = self.alignments(a, voters);
        let (left, right) = (self.text(a), self.text(b));
        let texts: Vec<Rc<PreparedText<'c>>> =
            voters.iter().map(|&voter| self.text(voter)).collect();
        let asked = texts.iter().zip(&on_left);
        let asked: Vec<Voter<'_>> = asked
            .map(|(text, alignment)| Voter {
                letters: text.letters(),
                alignment,
            })
            .collect();
        evidence.count_places([left.letters(), right.letters()], &pair, places, &asked);
        on_left
    }

    /// Are two texts that are one work by themselves items of a form after all, by what other texts near them say?
    fn is_form(&mut self, pair: &JudgedPair, voters: &[u32]) -> bool {
        let (a, b) = pair.pair();
        let mut evidence = self.sampled(a, b, voters);
        self.count_places((a, b), Places::Inside, voters, &mut evidence);
        let (left, right) = (self.text(a), self.text(b));
        let measures = Measures::compared(&left, &right, &pair.comparison);
        let bounds = Bounds {
            slots: MIN_DOUBTED,
            ..self.corpus.settled.bounds
        };
        let judged = judge(&measures, Some(&evidence), &bounds, false);
        judged.figures.objection == Some(Objection::Form)
    }

    /// Are two texts known to be one work?
    fn are_one_work(&self, a: u32, b: u32) -> bool {
        let are_one = |work_of: &[u32]| work_of[a as usize] == work_of[b as usize];
        self.work_of.is_some_and(are_one)
    }

    /// A pair with all that is known. Other works are not asked about what is certain without them, and was not doubted.
    pub(super) fn together(&mut self, a: u32, b: u32, between: bool) -> Comparison {
        let (left, right) = (self.text(a), self.text(b));
        self.decided((a, b), between, &Measures::new(&left, &right))
    }

    /// The same of a pair that was compared by itself.
    fn decided_again(&mut self, pair: &AcceptedPair) -> Comparison {
        let (left, right) = (self.text(pair.a), self.text(pair.b));
        let measures = Measures::compared(&left, &right, &pair.comparison);
        self.decided((pair.a, pair.b), false, &measures)
    }

    fn decided(
        &mut self,
        (a, b): CandidatePair,
        between: bool,
        measures: &Measures<'_, '_>,
    ) -> Comparison {
        let bounds = self.corpus.settled.bounds;
        let alone = judge(measures, None, &bounds, between);
        if alone.figures.ground.is_none() || (self.are_one_work(a, b) && alone.is_certain(measures))
        {
            return alone;
        }
        let replaced = measures
            .collation()
            .is_some_and(|collation| collation.replaced > 0);
        match self.evidence(a, b, replaced) {
            Some(evidence) => judge(measures, Some(&evidence), &bounds, between),
            None => alone,
        }
    }
}

/// Candidates that were decided by themselves.
#[derive(Default)]
struct Sorted {
    /// Pairs that are alike, ascending once all are decided.
    alike: Vec<JudgedPair>,
    /// Pairs that are not.
    unlike: Vec<CandidatePair>,
    /// Items of a form, which were not compared.
    items: Vec<CandidatePair>,
}

impl Sorted {
    fn sort(&mut self) {
        self.alike.sort_unstable_by_key(JudgedPair::pair);
        self.unlike.sort_unstable();
        self.items.sort_unstable();
    }

    fn extend(&mut self, round: Self) {
        self.alike.extend(round.alike);
        self.unlike.extend(round.unlike);
        self.items.extend(round.items);
    }

    fn push(&mut self, pair: CandidatePair, alone: Alone) {
        match alone {
            Alone::Alike(judged) => self.alike.push(*judged),
            Alone::Unlike => self.unlike.push(pair),
            Alone::Items => self.items.push(pair),
        }
    }

    /// Counts for each text the pairs in which it is no copy, since the last round in which it may be one.
    fn count_refused(&self, refused: &mut [u32]) {
        let (open, objected): (Vec<&JudgedPair>, Vec<&JudgedPair>) = self
            .alike
            .iter()
            .partition(|pair| pair.comparison.relation.is_copy());
        let pairs = self.unlike.iter().chain(&self.items).copied();
        let pairs = pairs.chain(objected.into_iter().map(JudgedPair::pair));
        for text in pairs.flat_map(|(a, b)| [a, b]) {
            refused[text as usize] += 1;
        }
        for text in open.into_iter().flat_map(|pair| [pair.a, pair.b]) {
            refused[text as usize] = 0;
        }
    }
}

/// Decides on candidates by themselves, the nearest of each text first.
fn alone<D: Documents + ?Sized>(
    nearby: &Nearby<'_, D>,
    pool: &Pool,
    progress: &dyn Progress,
) -> Sorted {
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
        let round = one_round(nearby, &work_of, &pairs, pool, progress);
        round.count_refused(&mut refused);
        // A chain that leads through another value holds nothing together.
        let is_apart = |pair: &JudgedPair| nearby.corpus.is_apart(pair.a, pair.b);
        for pair in round
            .alike
            .iter()
            .filter(|pair| pair.certain && !is_apart(pair))
        {
            works.join(pair.a, pair.b);
        }
        sorted.extend(round);
        from = to;
    }
    progress.advance(Stage::Verify, candidates - compared);
    sorted.sort();
    sorted
}

/// Decides on each of these pairs by itself.
fn one_round<D: Documents + ?Sized>(
    nearby: &Nearby<'_, D>,
    work_of: &[u32],
    pairs: &[NearPair],
    pool: &Pool,
    progress: &dyn Progress,
) -> Sorted {
    let tasks = tasks(nearby.corpus, pairs, NearPair::pair);
    let rounds = pool.map(
        tasks.len(),
        || Desk::new(nearby, Some(work_of)),
        |desk, task| {
            let mut round = Sorted::default();
            for pair in &tasks[task] {
                round.push(pair.pair(), desk.alone(pair));
            }
            progress.advance(Stage::Verify, tasks[task].len());
            round
        },
    );
    let mut all = Sorted::default();
    rounds.into_iter().for_each(|round| all.extend(round));
    all
}

/// Looks again at what seems to be one work. In a brief form of a script without spaces, a name of two characters in a slot looks
/// like two misread ones; but misread characters differ from copy to copy and are right in most, while the items of a form have a
/// third thing in the same place.
fn doubt<D: Documents + ?Sized>(nearby: &Nearby<'_, D>, judged: &mut [JudgedPair], pool: &Pool) {
    let mut sets = joined(nearby, judged);
    let certain = (0..judged.len()).filter(|&at| judged[at].certain);
    let mut by_set: Vec<(u32, usize)> = certain.map(|at| (sets.find(judged[at].a), at)).collect();
    by_set.sort_unstable();
    let sets: Vec<Vec<usize>> = by_set
        .chunk_by(|x, y| x.0 == y.0)
        .map(|set| set.iter().map(|&(_, at)| at).collect())
        .collect();
    let known: &[JudgedPair] = judged;
    let doubted = pool.map(
        sets.len(),
        || Desk::new(nearby, None),
        |desk, i| doubted(desk, known, &sets[i]),
    );
    for at in doubted.concat() {
        judged[at].certain = false;
    }
}

/// Of certain pairs that hang together, those that are not certain after all.
///
/// The pairs are joined, the most alike first, and some that join two parts are put to the test. Where one fails, all that come
/// after the last one that passed are tested.
fn doubted<D: Documents + ?Sized>(
    desk: &mut Desk<'_, D>,
    judged: &[JudgedPair],
    set: &[usize],
) -> Vec<usize> {
    let mut set = set.to_vec();
    let similarity = |at: &usize| judged[*at].comparison.similarity();
    set.sort_by(|x, y| similarity(y).total_cmp(&similarity(x)).then(x.cmp(y)));
    let pairs: Vec<&JudgedPair> = set.iter().map(|&at| &judged[at]).collect();
    let Some(sound) = sound_joins(desk, &pairs) else {
        return Vec::new();
    };
    let mut parts = Parts::of(&pairs);
    let mut tests = 0;
    let mut doubted = Vec::new();
    for (&at, &judged) in set.iter().zip(&pairs) {
        let pair = judged.pair();
        if parts.are_one(pair) {
            continue;
        }
        let is_one = parts.joins < sound || {
            tests += 1;
            tests <= MAX_CLOSE_TESTS && parts.may_be_one(pair) && !parts.is_form(desk, judged)
        };
        if is_one {
            parts.join(pair);
        } else {
            parts.refuse(pair);
            doubted.push(at);
        }
    }
    doubted
}

/// How many of the first joins are beyond doubt, where one of those that are tested is not; none where all are.
fn sound_joins<D: Documents + ?Sized>(
    desk: &mut Desk<'_, D>,
    pairs: &[&JudgedPair],
) -> Option<usize> {
    let mut parts = Parts::of(pairs);
    let step = (parts.texts.len() - 1).div_ceil(MAX_TESTS);
    let mut sound = 0;
    for &judged in pairs {
        let pair = judged.pair();
        if parts.are_one(pair) {
            continue;
        }
        if (parts.joins + 1).is_multiple_of(step) {
            if parts.is_form(desk, judged) {
                return Some(sound);
            }
            sound = parts.joins + 1;
        }
        parts.join(pair);
    }
    None
}

/// Texts that hang together, and the parts of them that were joined so far.
struct Parts {
    /// Ascending.
    texts: Vec<u32>,
    works: UnionFind,
    joins: usize,
    /// Tests that each part failed.
    refusals: Vec<u8>,
}

impl Parts {
    fn of(pairs: &[&JudgedPair]) -> Self {
        let mut texts: Vec<u32> = pairs.iter().flat_map(|pair| [pair.a, pair.b]).collect();
        texts.sort_unstable();
        texts.dedup();
        Self {
            works: UnionFind::new(texts.len()),
            joins: 0,
            refusals: vec![0; texts.len()],
            texts,
        }
    }

    /// The part of a text; a text outside is one of its own.
    fn part(&mut self, text: u32) -> u32 {
        match self.texts.binary_search(&text) {
            Ok(at) => self.works.find(at as u32),
            Err(_) => self.texts.len() as u32 + text,
        }
    }

    fn are_one(&mut self, (a, b): CandidatePair) -> bool {
        self.part(a) == self.part(b)
    }

    /// Texts that are most alike come first: what the first ones refuse, the others do.
    fn may_be_one(&mut self, (a, b): CandidatePair) -> bool {
        let parts = [a, b].map(|text| self.part(text) as usize);
        parts.iter().all(|&part| self.refusals[part] < MAX_REFUSALS)
    }

    fn refuse(&mut self, (a, b): CandidatePair) {
        for part in [a, b].map(|text| self.part(text) as usize) {
            self.refusals[part] = self.refusals[part].saturating_add(1);
        }
    }

    fn join(&mut self, (a, b): CandidatePair) {
        let (a, b) = (self.part(a), self.part(b));
        self.works.join(a, b);
        self.joins += 1;
    }

    /// Are two parts items of a form, by what other texts near these two say?
    fn is_form<D: Documents + ?Sized>(
        &mut self,
        desk: &mut Desk<'_, D>,
        pair: &JudgedPair,
    ) -> bool {
        let voters = desk.nearby.voters(pair.a, pair.b, |text| self.part(text));
        voters.len() >= 2 && desk.is_form(pair, &voters)
    }
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
