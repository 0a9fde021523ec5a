//! How damaged is each copy of one text?
//!
//! Each copy is compared with the text that the copies agree on. If there are three or more copies, that is the text that at least half
//! of the other copies have, and text that only one copy has is no credit. If there are two copies, prose that one of them lacks counts
//! as lost, but repeated text, the furniture of a site, markup, notes and woven numbers are no credit. The other copies and fixed tables
//! decide which reading of a letter is right, never other documents: so no document elsewhere changes which copy of a cluster is kept.
//!
//! One copy, the *pivot*, is aligned with each of the others, so that the cost is linear in the length of their texts.

mod common;
mod consensus;
mod copy;
mod counts;
mod extra;
mod furniture;
mod notices;
mod pairs;
mod reading;
mod residue;
mod signs;
#[cfg(test)]
mod tests;
mod variant;
mod walk;
mod words;

use std::borrow::Cow;
use std::cmp::Reverse;

/// A kind of damage to a copy. Each kind has its own unit.
///
/// ```
/// use reprint::damage::Figure;
///
/// assert_eq!(Figure::Lost.as_str(), "letters_lost");
/// assert_eq!(Figure::Lost.phrase(1), "lacks 1 letter");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum Figure {
    /// Letters and digits of text that other copies have.
    Lost,
    /// Letters that are misread or mistyped.
    Misread,
    /// Punctuation marks that other copies have.
    Marks,
    /// Quotation marks that other copies have.
    Quotes,
    /// Numbers that other copies have.
    Numbers,
    /// Letters of text that occurs twice.
    Repeated,
    /// Letters that a site, a printer or a mail program put around the text or into it.
    Furniture,
    /// Letters of notes and readings between the words.
    Notes,
    /// Letters of text that only this copy has, out of three or more copies.
    Alone,
    /// Tags, entities and other signs of markup.
    Markup,
    /// Numbers of lines, verses, pages and notes, and times of subtitles, in between the words.
    Woven,
    /// Letters in lines that are quoted in a mail.
    Quoted,
    /// Characters in the place of unreadable ones: replacement characters, question marks for quotation marks, text that was
    /// encoded twice, line ends written out.
    Unread,
    /// Signs that no writer puts between words, and letters that are not words: dirt that a scan read as text.
    Stray,
    /// Spaces lost between words, or inserted into words.
    Spaces,
    /// Words divided by the end of a line.
    Breaks,
    /// Paragraphs that continue where other copies end one.
    Paragraphs,
    /// Letters that lost their case: small letters where other copies begin with a capital, or capitals throughout.
    Capitals,
    /// ASCII marks where other copies have the marks of the script.
    Plain,
    /// Letters in a special form of print or from another script, and hidden characters.
    Forms,
}

/// A row of the table of figures: the weight of one unit, in sixteenths of a lost letter; the name; the words for people.
struct Row {
    figure: Figure,
    weight: u64,
    name: &'static str,
    verb: &'static str,
    one: &'static str,
    many: &'static str,
}

impl Row {
    fn noun(&self, count: u64) -> &'static str {
        if count == 1 { self.one } else { self.many }
    }
}

const fn row(
    figure: Figure,
    weight: u64,
    name: &'static str,
    verb: &'static str,
    one: &'static str,
    many: &'static str,
) -> Row {
    Row {
        figure,
        weight,
        name,
        verb,
        one,
        many,
    }
}

/// Lost text cannot be restored, so it weighs most. A misread letter is wrong and must be found first, so it weighs two letters. A
/// lost mark weighs half a letter, as the text can be read without it. Added text can be removed: furniture in one piece (an eighth
/// of a letter), woven numbers and markup one by one (a letter each).
const ROWS: [Row; 20] = [
    row(
        Figure::Lost,
        16,
        "letters_lost",
        "lacks",
        "letter",
        "letters",
    ),
    row(
        Figure::Misread,
        32,
        "letters_misread",
        "has",
        "misread letter",
        "misread letters",
    ),
    row(
        Figure::Marks,
        8,
        "marks_lost",
        "lacks",
        "punctuation mark",
        "punctuation marks",
    ),
    row(
        Figure::Quotes,
        8,
        "quotation_marks_lost",
        "lacks",
        "quotation mark",
        "quotation marks",
    ),
    row(
        Figure::Numbers,
        48,
        "numbers_lost",
        "lacks",
        "number",
        "numbers",
    ),
    row(
        Figure::Repeated,
        4,
        "letters_repeated",
        "has",
        "letter twice",
        "letters twice",
    ),
    row(
        Figure::Furniture,
        2,
        "letters_of_furniture",
        "has",
        "letter that is not of the text",
        "letters that are not of the text",
    ),
    row(
        Figure::Notes,
        8,
        "letters_of_notes",
        "has",
        "letter of notes",
        "letters of notes",
    ),
    row(
        Figure::Alone,
        1,
        "letters_alone",
        "has",
        "letter that no other copy has",
        "letters that no other copy has",
    ),
    row(
        Figure::Markup,
        16,
        "markup",
        "has",
        "piece of markup",
        "pieces of markup",
    ),
    row(
        Figure::Woven,
        16,
        "numbers_woven_in",
        "has",
        "number woven in",
        "numbers woven in",
    ),
    row(
        Figure::Quoted,
        1,
        "letters_quoted",
        "has",
        "letter in quoted lines",
        "letters in quoted lines",
    ),
    row(
        Figure::Unread,
        32,
        "characters_broken",
        "has",
        "broken character",
        "broken characters",
    ),
    row(
        Figure::Stray,
        8,
        "stray_signs",
        "has",
        "stray sign",
        "stray signs",
    ),
    row(
        Figure::Spaces,
        12,
        "spaces",
        "has",
        "space lost or gained",
        "spaces lost or gained",
    ),
    row(
        Figure::Breaks,
        2,
        "words_divided",
        "has",
        "word divided by a line's end",
        "words divided by a line's end",
    ),
    row(
        Figure::Paragraphs,
        4,
        "paragraphs_joined",
        "has",
        "paragraph joined to another",
        "paragraphs joined to others",
    ),
    row(
        Figure::Capitals,
        1,
        "capitals",
        "has",
        "letter that lost its case",
        "letters that lost their case",
    ),
    row(
        Figure::Plain,
        2,
        "marks_replaced",
        "has",
        "mark of another script",
        "marks of another script",
    ),
    row(
        Figure::Forms,
        8,
        "letters_in_other_forms",
        "has",
        "letter in another form",
        "letters in another form",
    ),
];

impl Figure {
    /// All figures, in the order of reports.
    pub fn all() -> impl Iterator<Item = Self> {
        ROWS.iter().map(|row| row.figure)
    }

    fn row(self) -> &'static Row {
        &ROWS[self as usize]
    }

    /// The name in files: `letters_lost`, `letters_misread`, `marks_lost` …
    pub fn as_str(self) -> &'static str {
        self.row().name
    }

    /// A phrase for people that says how much damage of this kind a copy has: `lacks 35 letters`.
    pub fn phrase(self, count: u64) -> String {
        let row = self.row();
        format!("{} {count} {}", row.verb, row.noun(count))
    }
}

impl std::fmt::Display for Figure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The damage of one copy: a count for each figure.
///
/// ```
/// use reprint::damage::{Damage, Figure};
///
/// let mut damage = Damage::default();
/// damage.add(Figure::Marks, 4);
/// assert_eq!(damage.get(Figure::Marks), 4);
/// // Four marks weigh as two letters of lost text.
/// assert_eq!(damage.letters(), 2.0);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Damage {
    // Every copy of a pair keeps these counts. With eight bytes each they would be a third of a run's result for a pair.
    counts: [u32; ROWS.len()],
}

impl Damage {
    /// The count of a figure.
    pub fn get(&self, figure: Figure) -> u64 {
        u64::from(self.counts[figure as usize])
    }

    /// Adds to the count of a figure. The count stops at 2³² - 1.
    pub fn add(&mut self, figure: Figure, count: u64) {
        let sum = self.get(figure).saturating_add(count);
        self.counts[figure as usize] = u32::try_from(sum).unwrap_or(u32::MAX);
    }

    /// The figures that are not zero.
    pub fn figures(&self) -> impl Iterator<Item = (Figure, u64)> + '_ {
        Figure::all()
            .map(|figure| (figure, self.get(figure)))
            .filter(|(_, count)| *count > 0)
    }

    /// The weight of all figures together, in letters of lost text.
    pub fn letters(&self) -> f64 {
        self.weight() as f64 / 16.0
    }

    /// As [`letters`](Self::letters), in sixteenths of a letter. Copies are ordered by this number.
    pub fn weight(&self) -> u64 {
        ROWS.iter()
            .map(|row| row.weight.saturating_mul(self.get(row.figure)))
            .fold(0, u64::saturating_add)
    }

    /// Of the damage that it has in excess of `better`, is more than half the weight text, marks or numbers that it lacks?
    pub(crate) fn lacks_most_beside(&self, better: &Self) -> bool {
        let (mut lacked, mut all) = (0, 0);
        for (figure, count) in self.figures() {
            let row = figure.row();
            let weight = row.weight * count.saturating_sub(better.get(figure));
            all += weight;
            lacked += if row.verb == "lacks" { weight } else { 0 };
        }
        2 * lacked > all
    }

    /// Why a copy with this damage ranks after `better`, in words: names the three figures with the heaviest excess.
    ///
    /// ```
    /// use reprint::damage::{Damage, Figure};
    ///
    /// let mut damage = Damage::default();
    /// damage.add(Figure::Lost, 35);
    /// damage.add(Figure::Marks, 28);
    /// assert_eq!(damage.worse_than(&Damage::default()), "lacks 35 letters and 28 punctuation marks");
    /// ```
    pub fn worse_than(&self, better: &Self) -> String {
        self.in_words(better, SAID)
    }

    /// All figures in words, the heaviest first; empty where there is no damage.
    pub fn describe(&self) -> String {
        self.in_words(&Self::default(), ROWS.len())
    }

    /// The excess over `better` in words, the heaviest first.
    fn in_words(&self, better: &Self, most: usize) -> String {
        let more =
            |(figure, count): (Figure, u64)| (figure, count.saturating_sub(better.get(figure)));
        let mut more: Vec<(Figure, u64)> = self
            .figures()
            .map(more)
            .filter(|(_, count)| *count > 0)
            .collect();
        more.sort_by_key(|&(figure, count)| {
            (Reverse(figure.row().weight.saturating_mul(count)), figure)
        });
        more.truncate(most);
        let mut said = String::new();
        let mut verb = "";
        let last = more.len().saturating_sub(1);
        for (i, &(figure, count)) in more.iter().enumerate() {
            said += match i {
                0 => "",
                _ if i == last => " and ",
                _ => ", ",
            };
            let row = figure.row();
            // A verb is written once for all figures that follow with the same verb.
            if row.verb != verb {
                said = said + row.verb + " ";
                verb = row.verb;
            }
            said += &format!("{count} {}", row.noun(count));
        }
        said
    }
}

#[cfg(feature = "serde")]
impl Damage {
    /// The figures that are not zero, by name, as in `clusters.jsonl`.
    pub fn by_name(&self) -> std::collections::BTreeMap<&'static str, u64> {
        self.figures()
            .map(|(figure, count)| (figure.as_str(), count))
            .collect()
    }
}

/// Maximum number of figures that a reason names.
const SAID: usize = 3;

/// The measurements of one copy.
///
/// ```
/// let [copy] = reprint::damage::measure(["One text."].map(Into::into))[..] else { unreachable!() };
/// assert_eq!((copy.letters, copy.damage.letters()), (7, 0.0));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Measured {
    /// The damage of this copy.
    pub damage: Damage,
    /// Letters and digits of its text, without text that was put around it, woven into it or repeated.
    pub letters: u64,
}

/// Measures the copies of one text against each other; the results are in the order of the texts. The first copy is the pivot: a
/// long copy is a good choice. Equal texts count as one copy. A text over 4 GB is measured up to there.
///
/// Cost: each text is read once and aligned with the pivot, which is linear in the length of all texts. Memory
/// holds the pivot and one other text.
///
/// ```
/// use reprint::damage::{Figure, measure};
///
/// let clean = "The ferry stops in November. The islanders asked for a smaller boat, and the county has no pier for it.";
/// let cut = "The ferry stops in November.";
/// let marked = clean.replace("The", "<b>The</b>");
/// let measured = measure([clean, cut, &marked].map(Into::into));
/// assert_eq!(measured[0].damage.letters(), 0.0);
/// assert_eq!(measured[1].damage.get(Figure::Lost), 58);
/// assert_eq!(measured[2].damage.get(Figure::Markup), 4);
/// ```
pub fn measure<'t>(texts: impl IntoIterator<Item = Cow<'t, str>>) -> Vec<Measured> {
    consensus::measure(texts.into_iter())
}
