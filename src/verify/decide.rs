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
//!
//! The bounds were chosen on the labelled sets that `benches/record` names; each sweep is recorded there.

use std::cell::OnceCell;

use crate::shingle::ShingleSet;
use crate::signature::Shared;
use crate::verify::body::best_body;
use crate::verify::{
    Collation, Comparison, FURNITURE_FLOOR, Letters, Overlap, Relation, agreement_may_reach,
    body_overlap, body_threshold, collate,
};

/// The figures from which two texts are copies, and from which they are not after all.
///
/// ```
/// use reprint::verify::Bounds;
///
/// let bounds = Bounds::of(0.6);
/// assert_eq!((bounds.shingles, bounds.grams, bounds.own), (0.6, 0.54, 0.39));
/// assert_eq!((bounds.body, bounds.letters, bounds.line), (0.75, 0.6, 0.7));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bounds {
    /// Jaccard of shingles: the threshold itself.
    pub shingles: f64,
    /// Jaccard of shingles without head and foot: three eighths of the way from the threshold to 1.
    pub body: f64,
    /// Jaccard of grams, of which revision leaves more than of shingles: nine tenths of the threshold.
    pub grams: f64,
    /// Jaccard of grams of two texts in one cluster that other versions lie between: three fifths of the threshold.
    pub drift: f64,
    /// Jaccard of grams that few documents have: 0.65 of the threshold.
    pub own: f64,
    /// Agreement letter by letter, where most changes are misread: the threshold itself.
    pub letters: f64,
    /// Agreement letter by letter of texts under [`SHORT`]: a quarter of the way from the threshold to 1.
    pub line: f64,
    /// Share of the letters in changes that must be misread, for two texts to be one read twice; 0.56, as translations into a
    /// sister language reach 0.55.
    pub misread: f64,
    /// Conflicting numbers for each 100 of the longer text's weight from which two texts are items of one form; 0.5.
    pub conflicts: f64,
    /// Share of all changes that must be conflicts of numbers, as a revised text changes in other places too; 0.2.
    pub conflicts_of_changes: f64,
    /// Misread units for each conflict that explain it, as who misreads words misreads numbers; 2.
    pub explained: f64,
    /// Conflicts for each 100 of weight that nothing explains, if there is more than one; 2.
    pub flagrant: f64,
    /// Places in which the subject of the head is called something else; 3.
    pub renamed: f64,
    /// Weight of the longer text from which their grams may decide: shorter ones have too little that is their own; 300.
    pub revised: f64,
    /// Weight under which a text has one subject, that its head names; 400.
    pub brief: f64,
    /// Weight up to which a text may be a filled-in form; in longer ones, articles and tables are renumbered; 3000.
    pub form: f64,
}

impl Bounds {
    /// The bounds for a threshold.
    pub fn of(threshold: f64) -> Self {
        Self {
            shingles: threshold,
            body: body_threshold(threshold),
            grams: threshold * 0.9,
            drift: threshold * 3.0 / 5.0,
            own: threshold * 0.65,
            letters: threshold,
            line: threshold + (1.0 - threshold) / 4.0,
            misread: 0.56,
            conflicts: 0.5,
            conflicts_of_changes: 0.2,
            explained: 2.0,
            flagrant: 2.0,
            renamed: 3.0,
            revised: 300.0,
            brief: 400.0,
            form: 3000.0,
        }
    }
}

/// Weight, and number of shingles, under which a text is a line or two: too few shingles to go by, and every misread letter destroys several.
pub const SHORT: usize = 100;

/// Weight up to which a text is a title or a line, and one word of it may be another; and from which another word makes another
/// notice of one form. In between, the less of the changes must be misread the shorter the text is.
const LINE: (usize, usize) = (20, 60);

/// Of the grams of their own that two texts share, those that must stand in one place of both for the two to be laid beside
/// each other; and the same of texts of a line or two, where a lost word moves the rest.
const IN_PLACE: (f64, f64) = (0.75, 0.5);

/// Grams of their own that two texts must share to be compared for what noise left of them, as one phrase leaves three or
/// four; and texts of a line or two.
const SHARED: (usize, usize) = (5, 2);

/// The same as a share of those of the shorter text: of scans with every third letter wrong, one in ten is left.
const LEFT: f64 = 0.05;

/// The fewest shingles for each gram that revision leaves, as Jaccards: of versions with half of their grams, half as many.
const LEFT_OF_GRAMS: f64 = 0.3;

/// The most shingles for each gram that scattered changes leave, as Jaccards: of words, and of characters of scripts without
/// spaces, of which a shingle is hardly longer than a gram. With one letter in fifty wrong it is 0.74 and 0.97.
const SCATTERED: (f64, f64) = (0.75, 0.97);

/// Grams of its own from which a text says something that the form it was printed on does not.
const OF_OWN: usize = 8;

/// Share of its letters that an item of a form has for itself, where a revised text has a phrase.
const REPLACED: f64 = 0.1;

/// Letters of the shorter text for each of the longer one, for each gram that they must have in common.
const LENGTHS: f64 = 0.9;

impl Bounds {
    /// Do two texts share what few other documents have?
    pub(crate) fn is_their_own(&self, own: Shared) -> bool {
        own.jaccard() >= self.own
    }

    /// Do two texts, both `short` or not, run beside each other by the grams of their own? Copies of a line that many others
    /// copy have none; they go by the `jaccard` of their shingles.
    pub(super) fn run_beside(&self, own: Shared, short: bool, jaccard: f64) -> bool {
        let (share, least) = if short {
            (IN_PLACE.1, SHARED.1)
        } else {
            (IN_PLACE.0, SHARED.0)
        };
        let in_place = own.in_place as f64 >= share * own.keys as f64;
        let left = own.keys as f64 >= LEFT * own.left.min(own.right) as f64;
        in_place
            && ((own.keys >= least && left)
                || (short && jaccard >= FURNITURE_FLOOR * self.shingles))
    }
}

/// Can texts of this Jaccard of shingles have so many grams in common?
pub(super) fn grams_may_reach(jaccard: f64, grams: f64) -> bool {
    jaccard >= LEFT_OF_GRAMS * grams
}

/// Can texts of so many letters have so many grams in common?
pub(super) fn lengths_agree([left, right]: [usize; 2], grams: f64) -> bool {
    left.min(right) as f64 > grams * left.max(right) as f64 * LENGTHS
}

/// Which figure made two texts copies.
///
/// ```
/// assert_eq!(reprint::verify::Ground::Grams.to_string(), "grams");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Ground {
    /// The Jaccard of their shingles.
    Shingles,
    /// The same without the head and foot of the longer one.
    Body,
    /// The Jaccard of their grams, and of those that are their own.
    Grams,
    /// The same, though less: other versions lie between the two.
    Drift,
    /// Their agreement letter by letter.
    Letters,
}

impl Ground {
    /// Its name in files: `shingles`, `body`, `grams`, `drift`, `letters`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Shingles => "shingles",
            Self::Body => "body",
            Self::Grams => "grams",
            Self::Drift => "drift",
            Self::Letters => "letters",
        }
    }
}

impl std::fmt::Display for Ground {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Why two texts that are much alike are no copies.
///
/// ```
/// assert_eq!(reprint::verify::Objection::Numbers.to_string(), "numbers");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Objection {
    /// Their numbers and dates conflict: two items of one form.
    Numbers,
    /// What the head is about is called something else throughout: two items of one form.
    Subject,
    /// What they have in common is common to many documents: a form, a footer, a licence.
    Common,
}

impl Objection {
    /// Its name in files: `numbers`, `subject`, `common`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Numbers => "numbers",
            Self::Subject => "subject",
            Self::Common => "common",
        }
    }
}

impl std::fmt::Display for Objection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What was looked at beside the shingles, as far as the decision needed it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Figures {
    /// What made them copies, if something did.
    pub ground: Option<Ground>,
    /// What speaks against it.
    pub objection: Option<Objection>,
    /// Shingles without the head and foot of the longer text ([`body_overlap`]).
    pub body: Option<Overlap>,
    /// Distinct grams of both.
    pub grams: Option<Overlap>,
    /// Of a sample of their grams, those that at most [`COMMON`](crate::lsh::COMMON) documents of the collection have.
    pub own: Option<Overlap>,
    /// How they run beside each other.
    pub collation: Option<Collation>,
}

impl Figures {
    /// The figure that decided; the Jaccard of all shingles where none did.
    pub(super) fn deciding(&self, overlap: Overlap) -> f64 {
        let decided = match self.ground {
            Some(Ground::Body) => self.body.map(|body| body.jaccard()),
            Some(Ground::Grams | Ground::Drift) => self.grams.map(|grams| grams.jaccard()),
            Some(Ground::Letters) => self.collation.map(|collation| collation.agreement()),
            Some(Ground::Shingles) | None => None,
        };
        decided.unwrap_or_else(|| overlap.jaccard())
    }

    pub(super) fn swapped(self) -> Self {
        Self {
            body: self.body.map(Overlap::swapped),
            grams: self.grams.map(Overlap::swapped),
            own: self.own.map(Overlap::swapped),
            collation: self.collation.map(Collation::swapped),
            ..self
        }
    }
}

/// One side of a decision: what is asked for is made once, for all pairs.
pub(crate) struct Side {
    folded: String,
    shingles: Vec<u64>,
    set: OnceCell<ShingleSet>,
    letters: OnceCell<Letters>,
}

impl Side {
    /// A folded text with its shingles, in text order.
    pub(crate) fn new(folded: impl Into<String>, shingles: Vec<u64>) -> Self {
        Self {
            folded: folded.into(),
            shingles,
            set: OnceCell::new(),
            letters: OnceCell::new(),
        }
    }

    /// Has it fewer shingles than [`SHORT`]?
    fn is_short(&self) -> bool {
        self.shingles.len() < SHORT
    }

    fn set(&self) -> &ShingleSet {
        self.set.get_or_init(|| ShingleSet::of(&self.shingles))
    }

    fn letters(&self) -> &Letters {
        self.letters.get_or_init(|| Letters::of(&self.folded))
    }
}

/// Decides whether two different folded texts are copies; `between` tells whether other versions lie between the two. `own`
/// gives the overlap of their own grams, where a collection is known; without one, all are.
pub(crate) fn decide(
    left: &Side,
    right: &Side,
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
    left: &'s Side,
    right: &'s Side,
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
        let theirs = own.is_none_or(|own| self.bounds.is_their_own(own))
            && grams_may_reach(self.overlap.jaccard(), least);
        // Of scattered changes, shingles suffer more than grams of any kind.
        let fewer = own.is_none_or(|own| self.overlap.jaccard() <= own.jaccard());
        let short = self.left.is_short() && self.right.is_short();
        let jaccard = self.overlap.jaccard();
        let beside =
            own.is_none_or(|own| self.bounds.run_beside(own, short, jaccard)) && (fewer || short);
        if !theirs && !beside {
            return None;
        }
        let (left, right) = (self.left.letters(), self.right.letters());
        if !lengths_agree([left.len(), right.len()], least) {
            return None;
        }
        let grams = left.grams(right);
        self.figures.grams = Some(grams);
        if grams.jaccard() >= least && self.weight() as f64 >= self.bounds.revised {
            if theirs {
                let enough = grams.jaccard() >= self.bounds.grams;
                return Some(if enough { Ground::Grams } else { Ground::Drift });
            }
            self.figures.objection = Some(Objection::Common);
        }
        if !beside || !self.may_be_misread(grams) || !self.agree() {
            return None;
        }
        self.figures.objection = None;
        Some(Ground::Letters)
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
        agreement_may_reach(self.left.letters(), self.right.letters(), least)
            && self.collation().is_some_and(|collation| {
                collation.agreement() >= least && collation.misread_share() >= misread
            })
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
        let (left, right) = (self.left.letters(), self.right.letters());
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
        let (left, right) = (self.left.letters(), self.right.letters());
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
