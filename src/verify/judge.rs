//! Are these two texts copies of each other, by which figure, and what speaks against it?
//!
//! No single number tells reprints from strangers. A scan with every third letter wrong has hardly a shingle in common with
//! its print; two advisories of one form have four fifths. So the decision asks a list of rules, the cheap ones first:
//!
//! | ground | what it finds |
//! |---|---|
//! | [`Shingles`](Ground::Shingles) | editions |
//! | [`Body`](Ground::Body) | pages with a head and foot |
//! | [`Grams`](Ground::Grams) | years of revision, respelling |
//! | [`Drift`](Ground::Drift) | the same over more years, where other versions lie between |
//! | [`Letters`](Ground::Letters) | scans; texts of a line or two; another spelling throughout |
//! | [`Notes`](Ground::Notes) | editions with notes between the lines |
//!
//! and then what speaks against it: [`Objection`] lists it.

use crate::verify::bounds::*;
use crate::verify::rules::Grounds;
use crate::verify::{
    Bounds, Collation, Comparison, Evidence, Figures, Measures, Objection, Relation,
    SHORT_TEXT_WEIGHT,
};

/// Decides whether two different folded texts are copies. `between` tells whether other versions lie between the two.
pub fn judge(
    measures: &Measures<'_, '_>,
    evidence: Option<&Evidence>,
    bounds: &Bounds,
    allow_drift: bool,
) -> Comparison {
    let case = Case {
        measures,
        evidence,
        bounds,
    };
    let open = if allow_drift {
        Grounds::ALL
    } else {
        Grounds::ALL.without_drift()
    };
    let ground = bounds.ground(measures, open);
    let objection = ground.and_then(|_| case.objection());
    let copies = ground.is_some() && objection.is_none();
    Comparison {
        relation: if copies {
            Relation::Reprint
        } else {
            Relation::Distinct
        },
        overlap: measures.overlap(),
        figures: Figures {
            ground,
            similarity: ground.map_or(0.0, |ground| bounds.similarity(ground, measures)),
            objection,
            body: measures.known_body(),
            grams: measures.known_grams(),
            collation: measures.known_collation(),
            evidence: evidence.copied(),
        },
    }
}

struct Case<'s, 't> {
    measures: &'s Measures<'s, 't>,
    evidence: Option<&'s Evidence>,
    bounds: &'s Bounds,
}

impl Case<'_, '_> {
    /// What speaks against two texts that are much alike.
    fn objection(&self) -> Option<Objection> {
        self.evidence
            .and_then(|evidence| self.group_objection(evidence))
            .or_else(|| self.pair_objection())
    }

    /// What the collection says.
    fn group_objection(&self, evidence: &Evidence) -> Option<Objection> {
        if self.is_form(evidence) {
            return Some(Objection::Form);
        }
        self.is_furniture(evidence).then_some(Objection::Furniture)
    }

    /// Do they differ in the slots of a form? A form has more in its slots than its items have in common that others lack. How
    /// sure that is grows with the number of other works: few of them suffice where numbers, or hardly any other text, are in
    /// the slots.
    fn is_form(&self, evidence: &Evidence) -> bool {
        let Some(collation) = self.measures.collation() else {
            return false;
        };
        let filled = evidence.in_slots as f64;
        let share = |rest: usize| filled / (filled + rest as f64).max(1.0);
        let [left, right] = self.measures.letters();
        let (shorter, longer) = (left.min(right) as f64, left.max(right) as f64);
        let sure = evidence.works >= MIN_WORKS_OF_SURE_FORM
            || (evidence.numbers && filled >= 0.5 * collation.other as f64)
            || self.measures.weight() <= MAX_BRIEF_FORM_WEIGHT;
        filled > 0.0
            && sure
            && share(evidence.in_other_places) >= MIN_SLOT_SHARE
            && share(evidence.rare_overlap) > self.bounds.slots
            && collation.agreement() * longer >= MIN_COMMON_SHARE_OF_FORM * shorter
            && (evidence.slots >= MIN_SLOTS || filled >= MIN_FILLED_SHARE * shorter)
    }

    /// Is what they share the furniture of a site?
    fn is_furniture(&self, evidence: &Evidence) -> bool {
        if self.measures.weight() < MIN_FURNISHED_WEIGHT {
            return false;
        }
        let [left, right] = self.measures.letters();
        let nothing_own =
            (evidence.rare_overlap as f64) < MAX_RARE_SHARE_OF_FURNITURE * left.min(right) as f64;
        let least = if nothing_own {
            self.bounds.binding(evidence.works)
        } else {
            self.bounds.furniture
        };
        evidence.binding() < least
    }

    /// What the two say of themselves.
    fn pair_objection(&self) -> Option<Objection> {
        let measures = self.measures;
        let weight = measures.weight();
        if self.is_answer() {
            return Some(Objection::Message);
        }
        let most = measures.most_conflicts() as f64 * 100.0;
        if weight as f64 >= self.bounds.single_subject_weight
            && most < self.bounds.conflicts * weight as f64
        {
            return None;
        }
        let collation = measures.collation()?;
        if weight <= MAX_SENTENCE_WEIGHT && collation.opposites > 0 {
            return Some(Objection::Opposite);
        }
        if self.is_another_line(&collation) {
            return Some(Objection::Word);
        }
        if self.is_renamed(&collation) {
            return Some(Objection::Subject);
        }
        self.numbers_conflict(&collation)
            .then_some(Objection::Numbers)
    }

    /// Does one of them quote the other, or both a third, and say something itself?
    fn is_answer(&self) -> bool {
        self.measures.weight() >= MAX_SENTENCE_WEIGHT
            && self.measures.answered() >= MIN_ANSWER_LETTERS
    }

    /// Are these two lines alike but for words, or characters, that are others?
    fn is_another_line(&self, collation: &Collation) -> bool {
        let weight = self.measures.weight();
        let words = weight <= MAX_SENTENCE_WEIGHT && collation.other_words > 0;
        let characters = weight <= MAX_TITLE_WEIGHT && collation.other_characters > 0;
        (words || characters) && collation.misread == 0
    }

    /// Is the subject of the head another one, oftener than misreading explains? In a text of a few lines, nothing else need
    /// be another.
    fn is_renamed(&self, collation: &Collation) -> bool {
        let weight = self.measures.weight();
        let renamed = collation.renamed as f64;
        let explained =
            collation.misread_units as f64 >= self.bounds.misreadings_per_conflict * renamed;
        let throughout = renamed >= self.bounds.min_renamings && !explained;
        let only =
            collation.renamed >= 2 && renamed >= MIN_RENAMED_SHARE * collation.changes as f64;
        ((weight as f64) < self.bounds.single_subject_weight && throughout)
            || (weight <= MAX_MODULE_WEIGHT && only)
    }

    /// Do their numbers conflict as those of two items of one form do?
    fn numbers_conflict(&self, collation: &Collation) -> bool {
        let bounds = self.bounds;
        let weight = self.measures.weight() as f64;
        let conflicts = collation.conflicts as f64;
        let misread = collation
            .misread_units
            .saturating_sub(collation.misread_again);
        let explained = misread as f64 >= bounds.misreadings_per_conflict * conflicts;
        let often = |conflicts: f64| conflicts * 100.0 >= bounds.conflicts * weight;
        collation.conflicts > 0
            && weight <= bounds.max_form_weight
            && often(conflicts)
            && !explained
            && !self.are_counters(collation)
    }

    /// Do the numbers that conflict stand in labels, as counters do, around the same prose?
    fn are_counters(&self, collation: &Collation) -> bool {
        let measures = self.measures;
        collation.conflicts >= MIN_COUNTERS
            && measures.weight() >= SHORT_TEXT_WEIGHT
            && collation.agreement() >= MIN_SAME_PAGE_AGREEMENT
            && measures.prose_share() >= MIN_PROSE_SHARE
            && measures.conflicts_in_prose() == 0
    }
}

impl Comparison {
    /// Are two copies one work beyond doubt: alike but for misread letters, text that moved, and a little that one of them
    /// lacks? Where both say something else in one place, that is open.
    pub(crate) fn is_certain(&self, measures: &Measures<'_, '_>) -> bool {
        if !self.relation.is_copy() {
            return false;
        }
        let Some(collation) = measures.collation() else {
            return false;
        };
        let grams = measures.grams();
        let novel = grams.left.min(grams.right) - grams.shared;
        let shorter = collation.left.min(collation.right) as f64;
        let moved =
            shorter >= MIN_MOVED_LETTERS && novel <= measures.most_at_a_seam() * collation.changes;
        let inside = collation.replaced_inside;
        let misread = inside as f64 <= MAX_CERTAIN_OTHER * collation.misread as f64;
        let at_ends = collation.replaced - inside;
        let lacking = (collation.only_left.max(collation.only_right) + at_ends) as f64;
        (misread || moved)
            && lacking <= MAX_CERTAIN_LACKING * shorter
            && MIN_MISREAD_PER_CONFLICT * collation.conflicts <= collation.misread_units
    }
}
