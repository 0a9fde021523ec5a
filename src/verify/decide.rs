//! Are these two texts copies of each other, and by which figure?
//!
//! No single number tells reprints from strangers. A scan with every third letter wrong has hardly a shingle in common with
//! its print; two advisories of one form have four fifths. So the decision looks at several figures, the cheap ones first:
//!
//! | ground | what it finds | figure, and its bound at a threshold of 0.6 |
//! |---|---|---|
//! | [`Shingles`](Ground::Shingles) | editions | Jaccard of shingles ≥ 0.6 |
//! | [`Body`](Ground::Body) | pages with a head and foot | Jaccard of shingles without them ≥ 0.75 |
//! | [`Grams`](Ground::Grams) | years of revision, respelling | Jaccard of grams ≥ 0.54, and of what is [their own](Figures::own) ≥ 0.39 |
//! | [`Letters`](Ground::Letters) | scans; texts of a line or two | agreement letter by letter ≥ 0.6, ≥ 0.7 in short texts, where most of the changes are misread or the text is but a line |
//!
//! and then asks whether the two are items of one form after all:
//!
//! | objection | what differs |
//! |---|---|
//! | [`Numbers`](Objection::Numbers) | numbers and dates, oftener than misreading explains |
//! | [`Subject`](Objection::Subject) | in a brief text, what the head names, three times or more |
//! | [`Common`](Objection::Common) | in a brief text of more than a line, words between head and foot that each has for itself, while what they share stands in many documents |

use std::borrow::Cow;
use std::cell::OnceCell;

use crate::shingle::ShingleSet;
use crate::signature::Shared;
use crate::verify::body::best_body;
use crate::verify::bounds::{grams_may_reach, lengths_agree};
use crate::verify::collation::{Least, agreement_may_reach, collate_if};
use crate::verify::tally::Tally;
use crate::verify::{
    Bounds, Collation, Comparison, FURNITURE_FLOOR, Figures, Ground, Letters, Objection, Overlap,
    Relation, SHORT, body_overlap, collate, letters,
};

/// Weight up to which a text is a title or a line, and one word of it may be another; and from which another word makes another
/// notice of one form. In between, the less of the changes must be misread the shorter the text is.
const LINE: (usize, usize) = (20, 60);

/// The most shingles for each gram that scattered changes leave, as Jaccards: of words, and of characters of scripts without
/// spaces, of which a shingle is hardly longer than a gram. With one letter in fifty wrong it is 0.74 and 0.97.
const SCATTERED: (f64, f64) = (0.75, 0.97);

/// Grams of its own from which a text says something that the form it was printed on does not.
const OF_OWN: usize = 8;

/// Share of its letters that an item of a form has for itself, where a revised text has a phrase.
const REPLACED: f64 = 0.1;

/// One side of a decision: what is asked for is made once, for all pairs.
pub(crate) struct Side<'t> {
    folded: Cow<'t, str>,
    shingles: Vec<u64>,
    set: OnceCell<ShingleSet>,
    letters: OnceCell<Letters>,
    tally: OnceCell<Tally>,
}

impl<'t> Side<'t> {
    /// A folded text with its shingles, in text order.
    pub(crate) fn new(folded: impl Into<Cow<'t, str>>, shingles: Vec<u64>) -> Self {
        Self {
            folded: folded.into(),
            shingles,
            set: OnceCell::new(),
            letters: OnceCell::new(),
            tally: OnceCell::new(),
        }
    }

    /// Has it fewer shingles than [`SHORT`]?
    fn is_short(&self) -> bool {
        self.shingles.len() < SHORT
    }

    fn set(&self) -> &ShingleSet {
        self.set.get_or_init(|| ShingleSet::of(&self.shingles))
    }

    /// How many letters it has.
    fn len(&self) -> usize {
        let taken = self.letters.get();
        taken.map_or_else(|| letters(&self.folded), Letters::len)
    }

    /// Its weight and numbers, which are known where its letters are.
    fn tally(&self) -> &Tally {
        match self.letters.get() {
            Some(letters) => letters.tally(),
            None => self.tally.get_or_init(|| Tally::of(&self.folded)),
        }
    }

    fn letters(&self) -> &Letters {
        self.letters.get_or_init(|| Letters::of(&self.folded))
    }
}

/// Decides whether two different folded texts are copies; `between` tells whether other versions lie between the two. `own`
/// gives the overlap of their own grams, where a collection is known; without one, all are.
pub(crate) fn decide(
    left: &Side<'_>,
    right: &Side<'_>,
    bounds: Bounds,
    between: bool,
    own: impl Fn() -> Option<Shared>,
) -> Comparison {
    let mut decision = Decision {
        left,
        right,
        bounds,
        between,
        own,
        overlap: Overlap::of(left.set(), right.set()),
        figures: Figures::default(),
    };
    decision.figures.ground = decision.by_shingles().or_else(|| decision.by_letters());
    if decision.figures.ground.is_some() {
        decision.figures.objection = decision.objection();
    }
    let Figures {
        ground, objection, ..
    } = decision.figures;
    let copies = ground.is_some() && objection.is_none();
    Comparison {
        relation: if copies {
            Relation::Reprint
        } else {
            Relation::Distinct
        },
        overlap: decision.overlap,
        figures: decision.figures,
    }
}

struct Decision<'s, F> {
    left: &'s Side<'s>,
    right: &'s Side<'s>,
    bounds: Bounds,
    between: bool,
    own: F,
    overlap: Overlap,
    figures: Figures,
}

impl<F: Fn() -> Option<Shared>> Decision<'_, F> {
    /// What their sampled grams share that few others have.
    fn own(&mut self) -> Option<Shared> {
        let own = (self.own)();
        self.figures.own = own.map(Overlap::from);
        own
    }

    fn by_shingles(&mut self) -> Option<Ground> {
        let (overlap, bounds) = (self.overlap, self.bounds);
        let jaccard = overlap.jaccard();
        if jaccard >= bounds.shingles {
            return Some(Ground::Shingles);
        }
        if jaccard < FURNITURE_FLOOR * bounds.shingles || best_body(overlap).jaccard() < bounds.body
        {
            return None;
        }
        let body = body_overlap(&self.left.shingles, &self.right.shingles, overlap);
        self.figures.body = Some(body);
        (body.jaccard() >= bounds.body).then_some(Ground::Body)
    }

    fn by_letters(&mut self) -> Option<Ground> {
        let own = self.own();
        let least = if self.between {
            self.bounds.drift
        } else {
            self.bounds.grams
        };
        let jaccard = self.overlap.jaccard();
        let theirs =
            own.is_none_or(|own| self.bounds.is_their_own(own)) && grams_may_reach(jaccard, least);
        // Of scattered changes, shingles suffer more than grams of any kind.
        let fewer = own.is_none_or(|own| jaccard <= own.jaccard());
        let short = self.left.is_short() && self.right.is_short();
        let beside =
            own.is_none_or(|own| self.bounds.run_beside(own, short, jaccard)) && (fewer || short);
        if !theirs && !beside {
            return None;
        }
        let lengths = [self.left.len(), self.right.len()];
        if !lengths_agree(lengths, least) || !(theirs || self.may_agree(lengths)) {
            return None;
        }
        let grams = self.left.letters().grams(self.right.letters());
        self.figures.grams = Some(grams);
        if grams.jaccard() >= least && self.weight() as f64 >= self.bounds.revised {
            if theirs {
                let enough = grams.jaccard() >= self.bounds.grams;
                return Some(if enough { Ground::Grams } else { Ground::Drift });
            }
            self.figures.objection = Some(Objection::Common);
        }
        let misread = beside && self.may_be_misread(grams) && self.agree();
        misread.then(|| {
            self.figures.objection = None;
            Ground::Letters
        })
    }

    /// Can texts of so many letters agree as [`agree`](Self::agree) asks for, whatever their weight?
    fn may_agree(&self, lengths: [usize; 2]) -> bool {
        let least = Least {
            agreement: self.bounds.letters.min(self.bounds.line),
            misread: 0.0,
        };
        least.may_be_reached_by(lengths)
    }

    /// Do they agree letter by letter, as a print and its scan do?
    fn agree(&mut self) -> bool {
        let least = if self.weight() < SHORT {
            self.bounds.line
        } else {
            self.bounds.letters
        };
        let beyond = self.weight().saturating_sub(LINE.0) as f64 / (LINE.1 - LINE.0) as f64;
        let misread = self.bounds.misread * beyond.min(1.0);
        let asked = Least {
            agreement: least,
            misread,
        };
        let (left, right) = (self.left.letters(), self.right.letters());
        self.figures.collation = collate_if(left, right, asked);
        self.figures.collation.is_some() && agreement_may_reach(left, right, least)
    }

    /// Scattered changes leave far fewer shingles than grams; where whole passages differ, both go alike.
    fn may_be_misread(&self, grams: Overlap) -> bool {
        let (left, right) = (self.left.letters(), self.right.letters());
        let spaced = self.weight() * 2 < left.len().max(right.len());
        let most = if spaced { SCATTERED.0 } else { SCATTERED.1 };
        self.weight() < SHORT || self.overlap.jaccard() <= most * grams.jaccard()
    }

    /// The weight of the longer text.
    fn weight(&self) -> usize {
        let (left, right) = (self.left.tally(), self.right.tally());
        left.weight().max(right.weight())
    }

    fn collation(&mut self) -> Option<Collation> {
        if self.figures.collation.is_none() {
            self.figures.collation = collate(self.left.letters(), self.right.letters());
        }
        self.figures.collation
    }

    /// What speaks against two texts that are much alike.
    fn objection(&mut self) -> Option<Objection> {
        let (left, right) = (self.left.tally(), self.right.tally());
        let weight = self.weight() as f64;
        let most = left.conflicts_at_most(right) as f64 * 100.0;
        if weight >= self.bounds.brief && most < self.bounds.conflicts * weight {
            return None;
        }
        let collation = self.collation()?;
        if self.is_renamed(&collation) {
            return Some(Objection::Subject);
        }
        if self.numbers_conflict(&collation) {
            return Some(Objection::Numbers);
        }
        self.is_form(&collation).then_some(Objection::Common)
    }

    /// Is what they share common to many, where each says something of its own in the middle of it?
    fn is_form(&mut self, collation: &Collation) -> bool {
        let brief = self.weight() >= LINE.1 && (self.weight() as f64) < self.bounds.brief;
        let other = collation.replaced_share() >= REPLACED
            && collation.misread_share() < self.bounds.misread;
        if !brief || !other {
            return false;
        }
        let own = self.own();
        own.is_some_and(|own| own.left.min(own.right) >= OF_OWN && !self.bounds.is_their_own(own))
    }

    /// Is the subject of the head another one, oftener than misreading explains?
    fn is_renamed(&self, collation: &Collation) -> bool {
        let renamed = collation.renamed as f64;
        (self.weight() as f64) < self.bounds.brief
            && renamed >= self.bounds.renamed
            && (collation.misread_units as f64) < self.bounds.explained * renamed
    }

    /// Do their numbers conflict as those of two items of one form do?
    fn numbers_conflict(&self, collation: &Collation) -> bool {
        let bounds = self.bounds;
        let weight = self.weight();
        let often =
            |conflicts: usize, least: f64| conflicts as f64 * 100.0 >= least * weight as f64;
        let conflicts = collation.conflicts;
        let explained = collation.misread_units as f64 >= bounds.explained * conflicts as f64;
        let among_others =
            (conflicts as f64) < bounds.conflicts_of_changes * collation.changes as f64;
        let flagrant = conflicts > 1 && often(conflicts, bounds.flagrant);
        conflicts > 0
            && (flagrant
                || (weight as f64 <= bounds.form
                    && often(conflicts, bounds.conflicts)
                    && !explained
                    && !among_others))
    }
}
