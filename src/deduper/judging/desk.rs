//! What does one worker find out about a pair, by itself and with what other works say?

use std::rc::Rc;

use crate::cluster::AcceptedPair;
use crate::deduper::corpus::Corpus;
use crate::deduper::neighbours::{NearPair, Nearby};
use crate::deduper::pairs::Cache;
use crate::lsh::CandidatePair;
use crate::signature::{Held, Sample};
use crate::verify::{
    Alignment, Bounds, Comparison, Evidence, Grounds, Measures, Objection, Places, PreparedText,
    Voter, judge,
};

/// Bytes of prepared texts, and of alignments, that a worker keeps.
const CACHE_BYTES: usize = 12 << 20;

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

/// Share of the letters in slots from which two texts that are certain by themselves are items of a form. Of two copies that are
/// misread in a slot here and there, most slots agree; of two items, few.
const MIN_DOUBTED: f64 = 0.5;

/// Shares of the bound under which, and over which, a sample suffices to decide whether two texts share furniture. Between them, edits
/// that most others lack look like own text in a sample.
const SURELY: (f64, f64) = (0.5, 1.4);

/// What a pair is by itself.
#[derive(Clone, Debug)]
pub(super) enum Alone {
    /// Alike by some ground.
    Alike(Box<JudgedPair>),
    /// Alike by no ground.
    Unlike,
    /// Two items of a form, as the samples of other texts show; not compared.
    Items,
}

/// A pair that is alike by some ground.
#[derive(Clone, Copy, Debug)]
pub(super) struct JudgedPair {
    pub(super) a: u32,
    pub(super) b: u32,
    pub(super) comparison: Comparison,
    /// One work beyond doubt?
    pub(super) certain: bool,
}

impl JudgedPair {
    pub(super) fn pair(&self) -> CandidatePair {
        (self.a, self.b)
    }

    pub(super) fn accepted(self) -> AcceptedPair {
        AcceptedPair {
            a: self.a,
            b: self.b,
            comparison: self.comparison,
        }
    }
}

/// What two texts are by themselves, and whether they are one work beyond doubt; none where they are alike by none of the `open` grounds.
pub(in crate::deduper) fn by_themselves(
    measures: &Measures<'_, '_>,
    open: Grounds,
    bounds: &Bounds,
) -> Option<(Comparison, bool)> {
    bounds.ground(measures, open)?;
    let comparison = judge(measures, None, bounds, false);
    let certain = comparison.is_certain(measures);
    Some((measures.noted_in(comparison), certain))
}

/// What one worker has at hand.
pub(in crate::deduper) struct Desk<'c> {
    corpus: &'c Corpus<'c>,
    pub(super) nearby: &'c Nearby<'c>,
    /// The work of each text, once works are known.
    work_of: Option<&'c [u32]>,
    texts: Cache<u32, Rc<PreparedText<'c>>>,
    alignments: Cache<CandidatePair, Rc<Alignment>>,
}

impl<'c> Desk<'c> {
    pub(in crate::deduper) fn new(nearby: &'c Nearby<'c>, work_of: Option<&'c [u32]>) -> Self {
        Self {
            corpus: nearby.corpus,
            nearby,
            work_of,
            texts: Cache::new(CACHE_BYTES),
            alignments: Cache::new(CACHE_BYTES / 4),
        }
    }

    pub(in crate::deduper) fn text(&mut self, text: u32) -> Rc<PreparedText<'c>> {
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
    pub(super) fn alone(&mut self, pair: &NearPair) -> Alone {
        let (a, b) = pair.pair();
        if self.are_items((a, b)) {
            return Alone::Items;
        }
        let (left, right) = (self.text(a), self.text(b));
        let measures = Measures::new(&left, &right);
        match by_themselves(&measures, pair.open, &self.corpus.settled.bounds) {
            None => Alone::Unlike,
            Some((comparison, certain)) => Alone::Alike(Box::new(JudgedPair {
                a,
                b,
                comparison,
                certain,
            })),
        }
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

    /// What other works say of a pair that was not decided before; none where there are not two.
    pub(in crate::deduper) fn own(&mut self, a: u32, b: u32) -> Option<Evidence> {
        let (left, right) = (self.text(a), self.text(b));
        let replaced = replaces(&Measures::new(&left, &right));
        self.evidence(a, b, replaced)
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

    /// Are two texts that are one work by themselves items of a form after all, by what other texts near them say? Where noise is
    /// thick, an other text may be misread beside a misread letter, and so have a third thing; but most have what one of the two
    /// has. Of two items, most places are slots.
    pub(super) fn is_form(&mut self, pair: &JudgedPair, voters: &[u32]) -> bool {
        let (a, b) = pair.pair();
        let mut evidence = self.sampled(a, b, voters);
        self.count_places((a, b), Places::Inside, voters, &mut evidence);
        if evidence.in_slots < evidence.in_other_places {
            return false;
        }
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
    pub(in crate::deduper) fn together(&mut self, a: u32, b: u32, between: bool) -> Comparison {
        let (left, right) = (self.text(a), self.text(b));
        self.decided((a, b), between, &Measures::new(&left, &right))
    }

    /// The same of a pair that was compared by itself.
    pub(super) fn decided_again(&mut self, pair: &JudgedPair) -> Comparison {
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
        match self.evidence(a, b, replaces(measures)) {
            Some(evidence) => judge(measures, Some(&evidence), &bounds, between),
            None => alone,
        }
    }
}

/// Have two texts other text, or letters that may be misread, in one place?
fn replaces(measures: &Measures<'_, '_>) -> bool {
    let collation = measures.collation();
    collation.is_some_and(|collation| collation.replaced + collation.misread > 0)
}
