//! From which figures on are two texts copies?
//!
//! The bounds were chosen on the labelled sets that `benches/record` names; each sweep is recorded there.

use crate::verify::body_threshold;

/// The figures from which two texts are copies, and from which they are not after all.
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
    /// Agreement letter by letter, where most changes are misread: the threshold itself.
    pub letters: f64,
    /// Agreement letter by letter of texts under [`SHORT`]: a quarter of the way from the threshold to 1.
    pub line: f64,
    /// Share of the letters in changes that must be misread, for two texts to be one read twice; 0.56, as translations into a
    /// sister language reach 0.55.
    pub misread: f64,
    /// Share of the grams of the text that has fewer, that must be left.
    pub kept: f64,
    /// slots
    pub slots_of_own: f64,
    /// furniture
    pub furniture: f64,
    /// slope
    pub furniture_slope: f64,
    /// near
    pub voter: f64,
    /// Conflicting numbers for each 100 of the longer text's weight from which two texts are items of one form; 0.5.
    pub conflicts: f64,
    /// Misread units for each conflict that explain it, as who misreads words misreads numbers; 2.
    pub explained: f64,
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
            letters: threshold,
            line: threshold + (1.0 - threshold) / 4.0,
            misread: 0.56,
            kept: 0.04,
            slots_of_own: 0.35,
            furniture: 0.5,
            furniture_slope: 0.04,
            voter: 0.6,
            conflicts: 0.5,
            explained: 2.0,
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
