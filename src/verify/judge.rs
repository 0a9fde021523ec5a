//! Are two texts copies of each other, by which figure, and what speaks against it?
//!
//! No single figure separates reprints from unrelated texts. A scan with every third letter wrong shares hardly a shingle with its
//! print; two advisories of one form share four fifths. So the decision tries a list of rules, the cheap ones first:
//!
//! | ground | what it finds |
//! |---|---|
//! | [`Shingles`](Ground::Shingles) | editions |
//! | [`Body`](Ground::Body) | pages with a head and foot |
//! | [`Grams`](Ground::Grams) | revised versions, other spellings |
//! | [`Drift`](Ground::Drift) | versions further apart, with other versions between them |
//! | [`Letters`](Ground::Letters) | scans; texts of a line or two; another spelling throughout |
//! | [`Notes`](Ground::Notes) | editions with notes between the lines |
//!
//! Then it looks for an [`Objection`]: a sign that the two are not copies.

use crate::verify::bounds::*;
use crate::verify::rules::Grounds;
use crate::verify::{
    Bounds, Collation, Comparison, Evidence, Figures, Measures, Objection, Relation,
};

/// Decides whether two different folded texts are copies. With `allow_drift`, the two are in one cluster with other versions
/// between them, so [`Ground::Drift`](crate::verify::Ground::Drift) may hold.
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
    measures.noted_in(Comparison {
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
            evidence: evidence.copied(),
            ..Figures::default()
        },
    })
}

struct Case<'s, 't> {
    measures: &'s Measures<'s, 't>,
    evidence: Option<&'s Evidence>,
    bounds: &'s Bounds,
}

impl Case<'_, '_> {
    /// The class of the longer text.
    fn length(&self) -> Length {
        Length::of(self.measures.weight())
    }

    /// The objection to two similar texts being copies, if there is one.
    fn objection(&self) -> Option<Objection> {
        self.evidence
            .and_then(|evidence| self.group_objection(evidence))
            .or_else(|| self.pair_objection())
    }

    /// The objection by other documents of the collection.
    fn group_objection(&self, evidence: &Evidence) -> Option<Objection> {
        if self.is_form(evidence) {
            return Some(Objection::Form);
        }
        self.is_furniture(evidence).then_some(Objection::Furniture)
    }

    /// Are the two items of one form, by the readings of other works where the two differ? Many other works make that sure. A few
    /// suffice where the slots hold numbers, or where the text is brief.
    fn is_form(&self, evidence: &Evidence) -> bool {
        let Some(collation) = self.measures.collation() else {
            return false;
        };
        let is_sure = evidence.works >= MIN_WORKS_OF_SURE_FORM
            || (evidence.numbers && evidence.in_slots as f64 >= 0.5 * collation.other as f64)
            || self.length() <= Length::Lines;
        let are_items = || {
            self.is_another_item(evidence, &collation)
                || self.is_another_table(evidence, &collation)
        };
        (is_sure && are_items()) || self.is_another_entry(evidence, &collation)
    }

    /// Is much text in the slots of a form, compared with the rare text that the two have in common?
    fn is_another_item(&self, evidence: &Evidence, collation: &Collation) -> bool {
        let filled = evidence.in_slots as f64;
        let share = |rest: usize| filled / (filled + rest as f64).max(1.0);
        let [left, right] = self.measures.letters();
        let (shorter, longer) = (left.min(right) as f64, left.max(right) as f64);
        filled > 0.0
            && share(evidence.in_other_places) >= MIN_SLOT_SHARE
            && share(evidence.rare_overlap) > self.bounds.slots
            && collation.agreement() * longer >= MIN_COMMON_SHARE_OF_FORM * shorter
            && (evidence.slots >= MIN_SLOTS || self.fills_slots(evidence))
    }

    /// Do the two name different subjects, where other works name a third one? Two pages of one handbook, on two commands, share long
    /// explanations that no other page has, and are still two pages.
    fn is_another_entry(&self, evidence: &Evidence, collation: &Collation) -> bool {
        collation.renamed >= MIN_NAMED
            && !self.is_explained(collation.misread_units, collation.renamed)
            && evidence.slots >= MIN_NAMED
            && evidence.in_slots >= evidence.in_other_places
            && self.fills_slots(evidence)
    }

    /// Do the two have different numbers where other works have a third one, and hardly any rare text in common?
    fn is_another_table(&self, evidence: &Evidence, collation: &Collation) -> bool {
        let [left, right] = self.measures.letters();
        evidence.numbers
            && collation.conflicts >= MIN_NAMED
            && !self.is_explained(collation.misread_units, collation.conflicts)
            && evidence.slots >= MIN_SLOTS
            && evidence.rare_overlap as f64 <= MAX_RARE_SHARE_OF_TABLE * left.min(right) as f64
            && self.fills_slots(evidence)
    }

    /// Do the slots hold more than a few letters of a long text? The year of a law is only a few letters.
    fn fills_slots(&self, evidence: &Evidence) -> bool {
        let [left, right] = self.measures.letters();
        evidence.in_slots as f64 >= MIN_FILLED_SHARE * left.min(right) as f64
    }

    /// Are there enough misread units to count this many names or numbers as misread too?
    fn is_explained(&self, misread_units: usize, others: usize) -> bool {
        misread_units as f64 >= self.bounds.misreadings_per_conflict * others as f64
    }

    /// Is the common text the furniture of a site?
    fn is_furniture(&self, evidence: &Evidence) -> bool {
        if self.length() <= Length::Sentence {
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

    /// The objection by the two texts alone.
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
        if self.length() <= Length::Sentence && collation.opposites > 0 {
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

    /// Does one text quote the other and add text, or do both quote a third one and add text?
    fn is_answer(&self) -> bool {
        self.length() > Length::Sentence && self.measures.answered() >= MIN_ANSWER_LETTERS
    }

    /// Are these two lines that differ in words or characters, none of them misread?
    fn is_another_line(&self, collation: &Collation) -> bool {
        let length = self.length();
        let words = length <= Length::Sentence && collation.other_words > 0;
        let characters = length <= Length::Title && collation.other_characters > 0;
        (words || characters) && collation.misread == 0
    }

    /// Is the subject named in the head replaced more often than misreading explains? In a text of a few lines, it is enough if hardly
    /// anything else changes.
    fn is_renamed(&self, collation: &Collation) -> bool {
        let weight = self.measures.weight();
        let renamed = collation.renamed as f64;
        let explained = self.is_explained(collation.misread_units, collation.renamed);
        let throughout = renamed >= self.bounds.min_renamings && !explained;
        let only =
            collation.renamed >= 2 && renamed >= MIN_RENAMED_SHARE * collation.changes as f64;
        ((weight as f64) < self.bounds.single_subject_weight && throughout)
            || (self.length() <= Length::Notice && only)
    }

    /// Do the numbers conflict as often as in two items of one form?
    fn numbers_conflict(&self, collation: &Collation) -> bool {
        let bounds = self.bounds;
        let weight = self.measures.weight() as f64;
        let conflicts = collation.conflicts as f64;
        let misread = collation
            .misread_units
            .saturating_sub(collation.misread_again);
        let explained = self.is_explained(misread, collation.conflicts);
        let often = |conflicts: f64| conflicts * 100.0 >= bounds.conflicts * weight;
        collation.conflicts > 0
            && weight <= bounds.max_form_weight
            && often(conflicts)
            && !explained
            && !self.are_counters(collation)
    }

    /// Are all conflicting numbers in labels around the same prose, as counters are?
    fn are_counters(&self, collation: &Collation) -> bool {
        let measures = self.measures;
        collation.conflicts >= MIN_COUNTERS
            && self.length() > Length::Lines
            && collation.agreement() >= MIN_SAME_PAGE_AGREEMENT
            && (measures.prose_share() >= MIN_PROSE_SHARE || self.have_own_text())
            && measures.conflicts_in_prose() == 0
    }

    /// Do the two have much text in common that few other works have, and little text in the slots?
    fn have_own_text(&self) -> bool {
        self.evidence.is_some_and(|evidence| {
            evidence.rare_overlap >= MIN_OWN_LETTERS
                && evidence.rare_overlap >= MIN_OWN_PER_SLOT * evidence.in_slots
        })
    }
}

impl Comparison {
    /// Are two copies certainly one work? They may differ in misread letters, in moved text and in a little text that one of them
    /// lacks. It is not certain where both have different text in one place.
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
        // A replaced name is not a seam: ten replacements by one name add as many new grams as one.
        let seams = collation.changes - collation.replaced_briefly;
        let moved = shorter >= MIN_MOVED_LETTERS && novel <= measures.most_at_a_seam() * seams;
        let inside = collation.replaced_inside;
        let misread = inside as f64 <= MAX_CERTAIN_OTHER * collation.misread as f64;
        let at_ends = collation.replaced - inside;
        let lacking = (collation.only_left.max(collation.only_right) + at_ends) as f64;
        (misread || moved)
            && lacking <= MAX_CERTAIN_LACKING * shorter
            && MIN_MISREAD_PER_CONFLICT * collation.conflicts <= collation.misread_units
    }
}
