//! From which figures on are two texts copies?
//!
//! The bounds were chosen on the labelled sets that `benches/record` names; each sweep is recorded there.

use crate::verify::body_threshold;

/// The figures from which two texts are copies, and from which they are not after all.
///
/// ```
/// use reprint::verify::Bounds;
///
/// let bounds = Bounds::from_threshold(0.6);
/// assert_eq!((bounds.shingles, bounds.grams, bounds.letters), (0.6, 0.54, 0.6));
/// assert_eq!((bounds.body, bounds.short_text_agreement), (0.75, 0.7));
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
    /// Agreement letter by letter, where most changes are misread: the threshold itself.
    pub letters: f64,
    /// Agreement letter by letter of texts under [`SHORT_TEXT_WEIGHT`]: a quarter of the way from the threshold to 1.
    pub short_text_agreement: f64,
    /// Share of the letters in changes that must be misread, for two texts to be one read twice; 0.56, as translations into a
    /// sister language reach 0.55.
    pub misread: f64,
    /// Share of the grams of the text that has fewer that misreading must leave; 0.08. Of a scan with every third letter wrong, a
    /// tenth is left.
    pub kept: f64,
    /// Share of the letters in slots, of these and those that two texts have in common and most other works lack, from which
    /// the two are items of one form; 0.2, as items of the labelled forms have 0.9 and editions under 0.1.
    pub slots: f64,
    /// Share of what binds two texts that must be theirs and not furniture ([`Evidence`](crate::verify::Evidence)), where two
    /// other works are near; 0.5.
    pub furniture: f64,
    /// By how much that share grows for each further work, where the two have hardly anything that most others lack; 0.04.
    pub furniture_per_work: f64,
    /// How near another work must be to both texts, as a share of their own nearness, to be asked about them; 0.6. Two items of
    /// one form have no more in common with each other than with other items.
    pub voter: f64,
    /// Conflicting numbers for each 100 of the longer text's weight from which two texts are items of one form; 0.5.
    pub conflicts: f64,
    /// Misread units for each conflict that explain it, as who misreads words misreads numbers; 2.
    pub misreadings_per_conflict: f64,
    /// Places in which the subject of the head is called something else; 3.
    pub min_renamings: f64,
    /// Weight of the longer text from which their grams may decide: shorter ones have too little that is their own; 300.
    pub min_gram_weight: f64,
    /// Weight under which a text has one subject, that its head names; 400.
    pub single_subject_weight: f64,
    /// Weight up to which a text may be a filled-in form; in longer ones, articles and tables are renumbered; 3000.
    pub max_form_weight: f64,
}

impl Bounds {
    /// The bounds for a threshold.
    pub fn from_threshold(threshold: f64) -> Self {
        Self {
            shingles: threshold,
            body: body_threshold(threshold),
            grams: threshold * 0.9,
            drift: threshold * 3.0 / 5.0,
            letters: threshold,
            short_text_agreement: threshold + (1.0 - threshold) / 4.0,
            misread: 0.56,
            kept: 0.08,
            slots: 0.2,
            furniture: 0.5,
            furniture_per_work: 0.04,
            voter: 0.6,
            conflicts: 0.5,
            misreadings_per_conflict: 2.0,
            min_renamings: 3.0,
            min_gram_weight: 300.0,
            single_subject_weight: 400.0,
            max_form_weight: 3000.0,
        }
    }
}

impl Bounds {
    /// What must bind two texts where so many other works are near, and the two have hardly anything that most of these lack.
    pub(crate) fn binding(&self, works: usize) -> f64 {
        self.furniture + self.furniture_per_work * works.saturating_sub(2) as f64
    }
}

/// Weight, and number of shingles, under which a text is a line or two: too few shingles to go by, and every misread letter
/// destroys several.
pub const SHORT_TEXT_WEIGHT: usize = 100;

/// Fewest letters of the shorter text for each of the longer one, for each gram that they must have in common.
pub(super) const MIN_LENGTH_RATIO: f64 = 0.9;

/// Weight up to which a text is a title or a line, and one word of it may be another; and from which another word makes another
/// notice of one form. In between, the less of the changes must be misread the shorter the text is.
pub(super) const LINE: (usize, usize) = (20, 60);

/// Fewest letters of a text that notes may stand in.
pub(super) const MIN_ANNOTATED_LETTERS: usize = 30;
/// Letters of an annotated text for each of the plain one, at most.
pub(super) const MAX_ANNOTATION_RATIO: f64 = 3.0;
/// Share of the plain text's grams that notes leave.
pub(super) const MIN_ANNOTATED_GRAM_SHARE: f64 = 0.5;
/// Fewest notes between the lines: one is an insertion.
pub(super) const MIN_NOTES: usize = 2;
/// Letters of a note, at most: a longer one is text of its own.
pub(super) const MAX_NOTE_LETTERS: usize = 60;
/// Share of the plain text that the annotated one may lack.
pub(super) const MAX_LOST_SHARE: f64 = 0.02;

/// Other works from which a form is sure.
pub(super) const MIN_WORKS_OF_SURE_FORM: usize = 7;
/// Weight up to which a text is so brief a form that two other works suffice.
pub(super) const MAX_BRIEF_FORM_WEIGHT: usize = 80;
/// Of all places where others have a reading, the share that must be slots.
pub(super) const MIN_SLOT_SHARE: f64 = 0.2;
/// Share of the shorter text that two items of one form have in common, at least.
pub(super) const MIN_COMMON_SHARE_OF_FORM: f64 = 0.6;
/// Fewest slots of a form, or else the share of the text in them: in long contracts, few letters are filled in.
pub(super) const MIN_SLOTS: usize = 3;
/// See [`MIN_SLOTS`].
pub(super) const MIN_FILLED_SHARE: f64 = 0.007;

/// Weight from which a text may have furniture.
pub(super) const MIN_FURNISHED_WEIGHT: usize = 50;
/// Share of the text that two have in common and most others lack, under which all they share may be furniture.
pub(super) const MAX_RARE_SHARE_OF_FURNITURE: f64 = 0.05;

/// Weight up to which a text is a sentence or two, that a word makes another one.
pub(super) const MAX_SENTENCE_WEIGHT: usize = 60;
/// The same for characters of scripts without spaces: editions of a poem have other readings.
pub(super) const MAX_TITLE_WEIGHT: usize = 14;
/// Letters of prose around a quotation that make an answer: some fifteen words.
pub(super) const MIN_ANSWER_LETTERS: usize = 80;

/// Weight up to which a text has one subject that may be named twice only, such as a small module.
pub(super) const MAX_MODULE_WEIGHT: usize = 150;
/// Of the changes of such a text, the share that must rename its subject.
pub(super) const MIN_RENAMED_SHARE: f64 = 0.6;

/// Fewest conflicting numbers that may be counters: one is a correction.
pub(super) const MIN_COUNTERS: usize = 3;
/// Agreement letter by letter of a page that was fetched twice.
pub(super) const MIN_SAME_PAGE_AGREEMENT: f64 = 0.85;
/// Share of such a page that must be prose.
pub(super) const MIN_PROSE_SHARE: f64 = 0.6;

/// Letters from which text may have moved.
pub(super) const MIN_MOVED_LETTERS: f64 = 200.0;
/// Letters replaced for each misread one, at most, in two texts that are one work beyond doubt.
pub(super) const MAX_CERTAIN_OTHER: f64 = 0.2;
/// Share of the shorter text that one of two such texts may lack.
pub(super) const MAX_CERTAIN_LACKING: f64 = 0.25;
/// Misread units that must go with each conflict of numbers in two such texts.
pub(super) const MIN_MISREAD_PER_CONFLICT: usize = 8;

/// Share of the grams that two texts must have in common to be looked at as one in another spelling, within a head and a foot: of
/// Czech without its accents, a fifth is left.
pub(super) const MIN_RESPELLED_GRAM_SHARE: f64 = 0.15;
/// Words in another spelling for each of the text's weight, at least. Two items of one form are spelled alike; of German with
/// ae, oe and ue for umlauts, every seventh word is another.
pub(super) const MIN_RESPELLED_SHARE: f64 = 0.05;
/// Jaccard of shingles for that of grams, at most, where spaces are lost or gained throughout; where words are others, both
/// suffer.
pub(super) const MAX_RESPACED_RATIO: f64 = 0.5;
