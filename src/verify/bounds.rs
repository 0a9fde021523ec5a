//! From which figures on are two texts copies?
//!
//! The bounds were chosen on the labelled sets that `benches/record` names; each sweep is recorded there.

use crate::signature::Shared;
use crate::verify::{FURNITURE_FLOOR, body_threshold};

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

/// Weight, and number of shingles, under which a text is a line or two: too few shingles to go by, and every misread letter
/// destroys several.
pub const SHORT: usize = 100;

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
