//! The bounds of the decision whether two texts are copies.
//!
//! They were chosen on the labelled sets that `benches/record` names; each sweep is recorded there.

use crate::verify::body_threshold;

/// Bounds of the figures that make two texts copies, and of those that speak against it.
///
/// A *gram* is a run of letters without spaces ([`grams`](crate::shingle::grams)). *Weight* is a length: a word counts two, and a
/// character of a script without spaces counts one ([`UnitKind::weight`](crate::shingle::UnitKind::weight)).
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
    /// Minimum Jaccard of shingles: the threshold itself.
    pub shingles: f64,
    /// Minimum Jaccard of shingles without head and foot: three eighths of the way from the threshold to 1.
    pub body: f64,
    /// Minimum Jaccard of grams: nine tenths of the threshold. Revision leaves more grams than shingles.
    pub grams: f64,
    /// Minimum Jaccard of grams where versions between the two texts are in the cluster: three fifths of the threshold.
    pub drift: f64,
    /// Minimum share of letters that agree where most changes are misread letters: the threshold itself.
    pub letters: f64,
    /// As above, for texts of a weight under [`SHORT_TEXT_WEIGHT`]: a quarter of the way from the threshold to 1.
    pub short_text_agreement: f64,
    /// Minimum share of the changed letters that must be misread; 0.56. Translations into a sister language reach 0.55.
    pub misread: f64,
    /// Minimum share of common grams in the text with fewer grams; 0.08. A scan with every third letter wrong keeps a tenth.
    pub kept: f64,
    /// Maximum share of letters in the slots of a form, out of these letters and those that only the two texts share; 0.2. Items of the
    /// labelled forms have 0.9, editions under 0.1.
    pub slots: f64,
    /// Minimum share of rare text in the text that binds two texts, where two other works are near; 0.5. The rest is furniture
    /// ([`Evidence`](crate::verify::Evidence)).
    pub furniture: f64,
    /// Increase of that minimum for each further work, where the two texts share hardly any rare text; 0.04.
    pub furniture_per_work: f64,
    /// Minimum similarity of a voting work to both texts, as a share of the similarity of the two; 0.4. An item of a form is as
    /// similar to any other item as to this one.
    pub voter: f64,
    /// Conflicting numbers per 100 of the longer text's weight that make two texts items of one form; 0.5.
    pub conflicts: f64,
    /// With this many misread words for each conflicting number, the numbers count as misread too; 2.
    pub misreadings_per_conflict: f64,
    /// Minimum number of places where a name from the head is replaced by another; 3.
    pub min_renamings: f64,
    /// Minimum weight of the longer text for grams to decide; 300. Shorter texts have too few rare grams.
    pub min_gram_weight: f64,
    /// Weight under which a text has one subject, named in its head; 400.
    pub single_subject_weight: f64,
    /// Maximum weight of a filled-in form; 3000. In longer texts, conflicting numbers are renumbered articles and tables.
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
            voter: 0.4,
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
    /// Minimum share of rare text in the text that binds two texts, where they share hardly any rare text and `works` other works are
    /// near.
    pub(crate) fn binding(&self, works: usize) -> f64 {
        self.furniture + self.furniture_per_work * works.saturating_sub(2) as f64
    }
}

/// Weight under which a text is a few lines. Its shingles are too few to decide, and a misread letter destroys several of them.
pub const SHORT_TEXT_WEIGHT: usize = 100;

/// How long is a text? The length decides how much one word or one misread letter means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Length {
    /// One changed character makes another title. A longer text may be a poem, whose editions differ in some characters.
    Title,
    /// A sentence or two: one word changes the meaning.
    Sentence,
    /// A few lines, under [`SHORT_TEXT_WEIGHT`].
    Lines,
    /// A small module or notice: its one subject may be named only twice.
    Notice,
    /// Anything longer.
    Text,
}

impl Length {
    /// The class of a weight.
    pub(super) fn of(weight: usize) -> Self {
        match weight {
            0..=14 => Self::Title,
            15..=60 => Self::Sentence,
            61..SHORT_TEXT_WEIGHT => Self::Lines,
            SHORT_TEXT_WEIGHT..=150 => Self::Notice,
            _ => Self::Text,
        }
    }
}

/// Minimum length ratio of two texts, as a share of the minimum Jaccard of their grams.
pub(super) const MIN_LENGTH_RATIO: f64 = 0.9;

/// Weights between which the minimum share of misread changes rises from 0 to [`Bounds::misread`]. In a title or a line, a copy may
/// have another word; in a longer notice, another word makes another item of the form.
pub(super) const LINE: (usize, usize) = (20, 60);

/// Minimum letters of a text with notes between its lines.
pub(super) const MIN_ANNOTATED_LETTERS: usize = 30;
/// Maximum length ratio of the annotated text and the plain one.
pub(super) const MAX_ANNOTATION_RATIO: f64 = 3.0;
/// Minimum share of the plain text's grams that the annotated text has.
pub(super) const MIN_ANNOTATED_GRAM_SHARE: f64 = 0.5;
/// Minimum number of notes: a single one is an insertion.
pub(super) const MIN_NOTES: usize = 2;
/// Maximum letters of a note: a longer one is a separate text.
pub(super) const MAX_NOTE_LETTERS: usize = 60;
/// Maximum share of the plain text that the annotated one lacks.
pub(super) const MAX_LOST_SHARE: f64 = 0.02;

/// Minimum number of other works that make a form sure without further signs.
pub(super) const MIN_WORKS_OF_SURE_FORM: usize = 7;
/// Minimum share of slots in the letters of all places where other works have a reading.
pub(super) const MIN_SLOT_SHARE: f64 = 0.2;
/// Minimum share of the shorter text that two items of one form have in common.
pub(super) const MIN_COMMON_SHARE_OF_FORM: f64 = 0.6;
/// Minimum number of slots of a form, unless [`MIN_FILLED_SHARE`] is reached.
pub(super) const MIN_SLOTS: usize = 3;
/// Minimum share of the text in slots, where they are fewer than [`MIN_SLOTS`]. In long contracts, few letters are filled in.
pub(super) const MIN_FILLED_SHARE: f64 = 0.007;

/// Minimum places where another subject is named, or where a number differs: a single one may be a correction.
pub(super) const MIN_NAMED: usize = 2;
/// Maximum share of rare common text in the shorter of two tables of one kind. Versions of one table share more rare text.
pub(super) const MAX_RARE_SHARE_OF_TABLE: f64 = 0.12;

/// Share of rare common text in the shorter text. Under it, all that the two share may be furniture.
pub(super) const MAX_RARE_SHARE_OF_FURNITURE: f64 = 0.05;

/// Minimum letters of prose around a quotation that make an answer: some fifteen words.
pub(super) const MIN_ANSWER_LETTERS: usize = 80;

/// Minimum share of the changes in a [`Length::Notice`] that rename its subject.
pub(super) const MIN_RENAMED_SHARE: f64 = 0.6;

/// Minimum number of conflicting numbers that can be counters: a single one is a correction.
pub(super) const MIN_COUNTERS: usize = 3;
/// Minimum share of letters that agree in a page that was fetched twice.
pub(super) const MIN_SAME_PAGE_AGREEMENT: f64 = 0.85;
/// Minimum share of prose in such a page.
pub(super) const MIN_PROSE_SHARE: f64 = 0.6;
/// Minimum letters of such a page that few other pages have, where menus leave less prose: about a paragraph.
pub(super) const MIN_OWN_LETTERS: usize = 100;
/// Minimum ratio of these letters to those in slots. Two bills of one customer share a name and an address that other bills lack, and
/// differ in a date and a sum.
pub(super) const MIN_OWN_PER_SLOT: usize = 8;

/// Minimum letters of a text in which passages may have moved.
pub(super) const MIN_MOVED_LETTERS: f64 = 200.0;
/// Maximum replaced letters per misread letter in two texts that are certainly one work.
pub(super) const MAX_CERTAIN_OTHER: f64 = 0.2;
/// Maximum share of the shorter text that one of two such texts may lack.
pub(super) const MAX_CERTAIN_LACKING: f64 = 0.25;
/// Minimum misread words per conflicting number in two such texts.
pub(super) const MIN_MISREAD_PER_CONFLICT: usize = 8;

/// Minimum share of common grams for a respelled text inside a head and a foot. Czech without its accents keeps a fifth.
pub(super) const MIN_RESPELLED_GRAM_SHARE: f64 = 0.15;
/// Minimum respelled words per weight of the text. Two items of one form are spelled alike; in German with ae, oe and ue for
/// umlauts, every seventh word differs.
pub(super) const MIN_RESPELLED_SHARE: f64 = 0.05;
/// Maximum ratio of the Jaccard of shingles to that of grams where spaces are lost or gained throughout. Other words lower both.
pub(super) const MAX_RESPACED_RATIO: f64 = 0.5;
