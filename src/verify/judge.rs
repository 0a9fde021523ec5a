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
//! | [`Letters`](Ground::Letters) | scans; texts of a line or two |
//! | [`Notes`](Ground::Notes) | editions with notes between the lines |
//!
//! and then what speaks against it: [`Objection`] lists it.

use crate::signature::Shared;
use crate::verify::body::best_body;
use crate::verify::collation::MinCollation;
use crate::verify::{
    Bounds, Collation, Comparison, Evidence, FURNITURE_FLOOR, Figures, Ground, Measures, Objection,
    Relation, SHORT,
};

/// Decides whether two different folded texts are copies. `between` tells whether other versions lie between the two.
pub fn judge(
    measures: &Measures<'_, '_>,
    evidence: Option<&Evidence>,
    bounds: &Bounds,
    between: bool,
) -> Comparison {
    let case = Case {
        measures,
        evidence,
        bounds,
        between,
    };
    let ground = RULES.into_iter().find(|rule| case.holds(*rule));
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
            objection,
            body: measures.known_body(),
            grams: measures.known_grams(),
            collation: measures.known_collation(),
            evidence: evidence.copied(),
        },
    }
}

/// The grounds, the cheapest first.
const RULES: [Ground; 6] = [
    Ground::Shingles,
    Ground::Body,
    Ground::Grams,
    Ground::Drift,
    Ground::Letters,
    Ground::Notes,
];

struct Case<'s, 't> {
    measures: &'s Measures<'s, 't>,
    evidence: Option<&'s Evidence>,
    bounds: &'s Bounds,
    between: bool,
}

impl Case<'_, '_> {
    fn holds(&self, ground: Ground) -> bool {
        let (measures, bounds) = (self.measures, self.bounds);
        match ground {
            Ground::Shingles => measures.overlap().jaccard() >= bounds.shingles,
            Ground::Body => self.body_holds(),
            Ground::Grams => self.grams_hold(bounds.grams),
            Ground::Drift => self.between && self.grams_hold(bounds.drift),
            Ground::Letters => self.letters_hold(),
            Ground::Notes => self.notes_hold(),
        }
    }

    fn body_holds(&self) -> bool {
        let (measures, bounds) = (self.measures, self.bounds);
        let overlap = measures.overlap();
        overlap.jaccard() >= FURNITURE_FLOOR * bounds.shingles
            && best_body(overlap).jaccard() >= bounds.body
            && measures.body().jaccard() >= bounds.body
    }

    fn grams_hold(&self, least: f64) -> bool {
        let measures = self.measures;
        lengths_agree(measures.letters(), least)
            && measures.weight() as f64 >= self.bounds.revised
            && measures.grams().jaccard() >= least
    }

    /// Do they agree letter by letter, as a print and its scan do?
    fn letters_hold(&self) -> bool {
        let measures = self.measures;
        let [left, right] = measures.letters();
        let least = if measures.weight() < SHORT {
            self.bounds.line
        } else {
            self.bounds.letters
        };
        if (left.min(right) as f64) < least * left.max(right) as f64 {
            return false;
        }
        let beyond = measures.weight().saturating_sub(LINE.0) as f64 / (LINE.1 - LINE.0) as f64;
        let misread = self.bounds.misread * beyond.min(1.0);
        let grams = measures.grams();
        let kept = grams.shared as f64 >= self.bounds.kept * grams.left.min(grams.right) as f64;
        kept && measures
            .collation_reaching(MinCollation {
                agreement: least,
                misread,
            })
            .is_some()
    }

    /// Is the shorter text whole in the longer one, in order, between notes?
    fn notes_hold(&self) -> bool {
        let measures = self.measures;
        let [left, right] = measures.letters();
        let (shorter, longer) = (left.min(right), left.max(right));
        if shorter < 30 || longer as f64 > 3.0 * shorter as f64 {
            return false;
        }
        let grams = measures.grams();
        if (grams.shared as f64) < 0.5 * grams.left.min(grams.right) as f64 {
            return false;
        }
        measures.collation().is_some_and(|collation| {
            let lost = if left < right { collation.only_left } else { collation.only_right };
            let lost = lost + collation.replaced;
            let inserted = (longer - shorter) as f64;
            collation.insertions >= 2
                && collation.longest_insertion <= 60
                && inserted <= 60.0 * (collation.insertions + 2) as f64
                && (lost as f64) <= 0.02 * shorter as f64
        })
    }

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

    /// Do they differ in the slots of a form?
    fn is_form(&self, evidence: &Evidence) -> bool {
        let Evidence {
            works,
            slots,
            in_slots,
            in_other_places,
            own,
            numbers,
            ..
        } = *evidence;
        let collation = match self.measures.collation() {
            Some(collation) => collation,
            None => return false,
        };
        let filled = in_slots as f64;
        let [left, right] = self.measures.letters();
        let shorter = left.min(right) as f64;
        let differs = collation.other as f64;
        filled > 0.0
            && filled >= 0.2 * (filled + in_other_places as f64)
            && filled > self.bounds.slots_of_own * (filled + own as f64)
            && collation.agreement() * left.max(right) as f64 >= 0.6 * shorter
            && (slots >= 3 || filled >= 0.007 * shorter)
            && (works >= 7
                || (filled >= 0.5 * differs && numbers)
                || self.measures.weight() <= 80)
    }

    /// Is what they share the furniture of a site?
    fn is_furniture(&self, evidence: &Evidence) -> bool {
        let Evidence {
            works,
            shared,
            unmatched,
            own,
            ..
        } = *evidence;
        if works < 2 || self.measures.weight() < 50 {
            return false;
        }
        let theirs = shared / (shared + 2.0 * unmatched);
        let [left, right] = self.measures.letters();
        let more = self.bounds.furniture_slope * (works as f64 - 2.0);
        let few = (own as f64) < 0.05 * left.min(right) as f64;
        theirs < self.bounds.furniture || (few && theirs < self.bounds.furniture + more)
    }

    /// What the two say of themselves.
    fn pair_objection(&self) -> Option<Objection> {
        let measures = self.measures;
        let weight = measures.weight();
        if self.is_answer() {
            return Some(Objection::Message);
        }
        let most = measures.most_conflicts() as f64 * 100.0;
        if weight as f64 >= self.bounds.brief && most < self.bounds.conflicts * weight as f64 {
            return None;
        }
        let collation = measures.collation()?;
        if weight <= SENTENCE && collation.opposites > 0 {
            return Some(Objection::Opposite);
        }
        if self.is_another_line(&collation) {
            return Some(Objection::Word);
        }
        if self.is_renamed(&collation) {
            return Some(Objection::Subject);
        }
        self.numbers_conflict(&collation).then_some(Objection::Numbers)
    }

    /// Does one of them quote the other, or both a third, and say something itself?
    fn is_answer(&self) -> bool {
        self.measures.weight() >= 60 && self.measures.answered() >= ANSWER
    }

    /// Are these two lines alike but for a word that is another one?
    fn is_another_line(&self, collation: &Collation) -> bool {
        self.measures.weight() <= SENTENCE
            && collation.other_words > 0
            && collation.misread == 0
    }

    /// Is the subject of the head another one, oftener than misreading explains?
    fn is_renamed(&self, collation: &Collation) -> bool {
        let renamed = collation.renamed as f64;
        if collation.renamed >= 2 && 10 * collation.renamed >= 6 * collation.changes && self.measures.weight() <= 150 {
            return true;
        }
        (self.measures.weight() as f64) < self.bounds.brief
            && renamed >= self.bounds.renamed
            && (collation.misread_units as f64) < self.bounds.explained * renamed
    }

    /// Do their numbers conflict as those of two items of one form do?
    fn numbers_conflict(&self, collation: &Collation) -> bool {
        let bounds = self.bounds;
        let weight = self.measures.weight() as f64;
        let conflicts = collation.conflicts as f64;
        let explained = collation.misread_units as f64 >= bounds.explained * conflicts;
        let often = |conflicts: f64| conflicts * 100.0 >= bounds.conflicts * weight;
        collation.conflicts > 0
            && weight <= bounds.form
            && often(conflicts)
            && !explained
            && !self.are_counters(collation)
    }

    /// Do the numbers that conflict stand in labels, as counters do, around the same prose?
    fn are_counters(&self, collation: &Collation) -> bool {
        let measures = self.measures;
        collation.conflicts >= 3
            && measures.weight() >= 100
            && collation.agreement() >= 0.85
            && measures.prose_share() >= 0.6
            && measures.conflicts_in_prose() == 0
    }
}

/// Weight up to which a text is a sentence or two.
const SENTENCE: usize = 60;

/// Letters of prose around a quotation that make an answer.
const ANSWER: usize = 80;

/// Can texts of so many letters have so many grams in common?
pub(super) fn lengths_agree([left, right]: [usize; 2], grams: f64) -> bool {
    left.min(right) as f64 > grams * left.max(right) as f64 * LENGTHS
}

/// Letters of the shorter text for each of the longer one, for each gram that they must have in common.
const LENGTHS: f64 = 0.9;

/// Weight up to which a text is a title or a line, and one word of it may be another; and from which another word makes another
/// notice of one form. In between, the less of the changes must be misread the shorter the text is.
const LINE: (usize, usize) = (20, 60);

impl Comparison {
    /// Are two texts one work beyond doubt: alike but for misread letters and what one of them lacks?
    pub(crate) fn is_certain(&self, measures: &Measures<'_, '_>) -> bool {
        if !self.relation.is_copy() {
            return false;
        }
        let Some(collation) = measures.collation() else {
            return false;
        };
        let grams = measures.grams();
        let novel = grams.left.min(grams.right) - grams.shared;
        let shorter = collation.left.min(collation.right);
        let only = collation.only_left.min(collation.only_right);
        let equal = shorter as f64 - (collation.edits - collation.left.abs_diff(collation.right).min(collation.edits)) as f64;
        let moved = shorter >= 200 && novel <= SEAM * collation.changes;
        let most = collation.only_left.max(collation.only_right) as f64;
        most <= 0.25 * shorter as f64 && (equal >= 0.6 * shorter as f64 || moved)
            && collation.conflicts * 8 <= collation.misread_units
            && (collation.replaced as f64 <= 0.2 * collation.misread as f64 || moved)
            && (only as f64 <= 0.1 * shorter as f64 || moved)
    }
}

/// Grams that are new on either side where text was cut or moved.
const SEAM: usize = 6;

/// What few other documents have is not asked any more.
#[allow(dead_code)]
fn unused(_: Shared) {}
