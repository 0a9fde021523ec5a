//! How does one worker judge a pair, by itself and with the evidence of other works?

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

/// Maximum bytes of prepared texts that a worker keeps; for alignments, a quarter of this.
const CACHE_BYTES: usize = 12 << 20;

/// Minimum number of other works whose samples can show that two texts are items of a form.
const MIN_ITEM_VOTERS: usize = 4;

/// Minimum sampled grams that two items of a form share.
const MIN_FORM_KEYS: usize = 8;

/// Minimum share of these grams that most other works have. With .8, and before `MAX_STRETCH` existed, 14 more wrong pairs of program files
/// in two dialects were joined.
const MIN_FORM_SHARE: f64 = 0.95;

/// Minimum sampled grams of each item that the other item lacks.
const MIN_SLOT_KEYS: usize = 4;

/// Maximum share of these grams that at least two other works have.
const MAX_HELD_SLOTS: f64 = 0.1;

/// Maximum share of these grams that is in one stretch. Without this bound, versions of a news story that each have one paragraph of their
/// own were taken for items (recall .996 to .991).
const MAX_STRETCH: f64 = 0.5;

/// Minimum share of the letters in slots for two texts to be items of a form although they are certain by themselves. Two copies that are
/// misread in a slot here and there agree in most slots; two items agree in few.
const MIN_DOUBTED: f64 = 0.5;

/// A sample is enough to decide whether two texts share only furniture if its figure is under the first or over the second of these shares
/// of the bound. Between them, a sample can't tell edits that most other texts lack from rare text.
const SURELY: (f64, f64) = (0.5, 1.4);

/// The result for a pair by itself.
#[derive(Clone, Debug)]
pub(super) enum Alone {
    /// Alike by some ground.
    Alike(Box<JudgedPair>),
    /// Alike by no ground.
    Unlike,
    /// Two items of a form, as the samples of other texts show. They were not compared.
    Items,
}

/// A pair that is alike by some ground.
#[derive(Clone, Copy, Debug)]
pub(super) struct JudgedPair {
    pub(super) a: u32,
    pub(super) b: u32,
    pub(super) comparison: Comparison,
    /// Are the two one work beyond doubt?
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

/// The comparison of two texts by themselves, and whether they are one work beyond doubt. `None` if none of the `open` grounds holds.
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

/// The state of one worker: the texts and alignments that it keeps, and the works that are known.
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

    /// The alignment of `a` with `b`.
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
    /// They do if most other texts have what the two share, if hardly any has what only one of the two has, and if these differences are
    /// spread over the text as slots are. Noisy copies of one text are different: where one is misread, others are right, so others have
    /// what only one of the two has. Versions of one text are different too: what each adds is in one stretch or two.
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

    /// Judges a pair by itself.
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

    /// Calls `ask` with the samples of two texts and of others, and returns its result.
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

    /// The evidence of other works about what two texts share, from samples only.
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

    /// The evidence of other works about a pair. `None` if there are fewer than two other works. The cheap tests come first: whether the
    /// two share more than furniture, and whether they differ in a place where both have text.
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

    /// The evidence of other works about a pair that was not decided before. `None` if there are fewer than two other works.
    pub(in crate::deduper) fn own(&mut self, a: u32, b: u32) -> Option<Evidence> {
        let (left, right) = (self.text(a), self.text(b));
        let replaced = replaces(&Measures::new(&left, &right));
        self.evidence(a, b, replaced)
    }

    /// The alignments of a text with each of `others`.
    fn alignments(&mut self, text: u32, others: &[u32]) -> Vec<Rc<Alignment>> {
        let others = others.iter();
        others.map(|&other| self.alignment(text, other)).collect()
    }

    /// Counts what other texts have in the places in which two texts differ. Returns the alignments of the left text with the other texts.
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

    /// Are two texts that are one work by themselves items of a form after all, by the evidence of other texts near them? In very noisy
    /// text, another copy may be misread in a place where one of the two is misread too, and so have a third reading. But most copies have
    /// the reading of one of the two. If the two are items, most places are slots.
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

    /// Judges a pair with everything that is known. Other works are not consulted if the two are known to be one work and are certain by
    /// themselves.
    pub(in crate::deduper) fn together(&mut self, a: u32, b: u32, between: bool) -> Comparison {
        let (left, right) = (self.text(a), self.text(b));
        self.decided((a, b), between, &Measures::new(&left, &right))
    }

    /// As [`together`](Self::together), for a pair that was compared by itself before.
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

/// Do two texts have different text, or letters that may be misread, in the same place?
fn replaces(measures: &Measures<'_, '_>) -> bool {
    let collation = measures.collation();
    collation.is_some_and(|collation| collation.replaced + collation.misread > 0)
}
