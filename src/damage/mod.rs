//! How damaged is each copy of one text?
//!
//! Copies are compared with what they agree on. Of three or more, that is what at least half of the others have, and text that only
//! one has is no credit; of two, prose that one lacks is lost, but text said twice, the furniture of a site, markup, notes and
//! woven numbers are no credit. The other copies and fixed tables decide which reading of a letter is right,
//! never other documents: so no document elsewhere changes which copy of a cluster stays.
//!
//! One copy, the *pivot*, is aligned with each of the others, so that the cost is linear in their text.

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

/// What can be wrong with a copy. Each has its unit.
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
    /// Letters and digits of text that others have.
    Lost,
    /// Letters that are misread or mistyped.
    Misread,
    /// Punctuation marks that others have.
    Marks,
    /// Quotation marks that others have.
    Quotes,
    /// Numbers that others have.
    Numbers,
    /// Letters of text that stands twice.
    Repeated,
    /// Letters that a site, a printer or a mail program put around the text or into it.
    Furniture,
    /// Letters of notes and readings between the words.
    Notes,
    /// Letters of text that no other of three or more copies has.
    Alone,
    /// Tags, entities and other signs of markup.
    Markup,
    /// Numbers of lines, verses, pages and notes, and times of subtitles, between the words.
    Woven,
    /// Letters in lines that are quoted in a mail.
    Quoted,
    /// Characters that stand for what could not be read: replacement characters, question marks for quotation marks, text that
    /// was encoded twice, line ends written out.
    Unread,
    /// Signs that no writer puts between words, and letters that are no words: dirt that a scan read.
    Stray,
    /// Spaces lost between words, or put into them.
    Spaces,
    /// Words that a line's end divides.
    Breaks,
    /// Paragraphs that run on where others end one.
    Paragraphs,
    /// Letters that lost their case: small where others begin with a capital, or capitals throughout.
    Capitals,
    /// Marks of ASCII where others have those of the script.
    Plain,
    /// Letters in a form of print, of another script, or hidden.
    Forms,
}

/// How many letters of lost text one of each figure weighs, in sixteenths; its name; how a person says it.
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

/// Nobody can put back what is lost, so it weighs most. A misread letter is wrong and has to be found first: two letters. A mark
/// is half a letter, to be read without. What was added can be taken out: furniture in one piece (a sixteenth), woven numbers
/// and markup one by one.
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
    /// All of them, in the order of reports.
    pub fn all() -> impl Iterator<Item = Self> {
        ROWS.iter().map(|row| row.figure)
    }

    fn row(self) -> &'static Row {
        &ROWS[self as usize]
    }

    /// Its name in files: `letters_lost`, `letters_misread`, `marks_lost` …
    pub fn as_str(self) -> &'static str {
        self.row().name
    }

    /// How a person says that a copy has so much of it: `lacks 35 letters`.
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

/// What is wrong with one copy, figure by figure.
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
    // Every copy has them: eight bytes each would be a third of what a run finds out of a pair.
    counts: [u32; ROWS.len()],
}

impl Damage {
    /// How much there is of a figure.
    pub fn get(&self, figure: Figure) -> u64 {
        u64::from(self.counts[figure as usize])
    }

    /// Adds to a figure, up to 2³² - 1.
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

    /// All figures as one, in letters of lost text.
    pub fn letters(&self) -> f64 {
        self.weight() as f64 / 16.0
    }

    /// The same in sixteenths of a letter, by which copies are ordered.
    pub fn weight(&self) -> u64 {
        ROWS.iter()
            .map(|row| row.weight.saturating_mul(self.get(row.figure)))
            .fold(0, u64::saturating_add)
    }

    /// Does what it lacks weigh more than half of what it is worse in than `better`?
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

    /// Why a copy with this damage comes after `better`, in words: the three figures that weigh most of those that it has more of.
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

    /// All figures in words, the weightiest first; empty where there are none.
    pub fn describe(&self) -> String {
        self.in_words(&Self::default(), ROWS.len())
    }

    /// What it has more of than `better`, the weightiest first.
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
            // A verb holds for all that follow it.
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
    /// The figures that are not zero, by their names, as in `clusters.jsonl`.
    pub fn by_name(&self) -> std::collections::BTreeMap<&'static str, u64> {
        self.figures()
            .map(|(figure, count)| (figure.as_str(), count))
            .collect()
    }
}

/// Figures that a reason names.
const SAID: usize = 3;

/// One copy, measured.
///
/// ```
/// let [copy] = reprint::damage::measure(["One text."].map(Into::into))[..] else { unreachable!() };
/// assert_eq!((copy.letters, copy.damage.letters()), (7, 0.0));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Measured {
    /// What is wrong with it.
    pub damage: Damage,
    /// Letters and digits of its text, without what was put around it, woven into it or repeated.
    pub letters: u64,
}

/// Measures the copies of one text against each other, in their order. The first is the pivot: a copy that is long is a good one.
/// Equal texts have one voice. A text over 4 GB is measured up to there.
///
/// Cost: each is read once and aligned with the pivot, linear in all their text; memory of the pivot and one more.
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
