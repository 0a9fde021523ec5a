//! Collates two texts: which changes are misread letters, other words, or other numbers?
//!
//! Two texts are aligned along the longest common order of the grams that occur once in each. A *change* is the text between two
//! such grams, from one unit's edge to another's. In a *misread* change most letters agree: an error of scanning, a typo, another
//! spelling. In a *conflict* both sides have numbers that differ. Two reports of one form conflict; two copies of one report do
//! not.
//!
//! Cost: linear for texts that agree; Levenshtein's distance for each change, 64 letters at a time, up to [`MAX_CHANGE`] letters.

use std::ops::Range;

use crate::normalize::is_unspaced;
use crate::verify::Letters;
use crate::verify::bounds::Length;
use crate::verify::changes::{Change, all_changes, changes, one_order, parted};
use crate::verify::distance::{distance, fewest_edits};
use crate::verify::inspect::{Inspected, MAX_MISREAD_CHARACTERS};
use crate::verify::negation::is_opposite;
use crate::verify::series::are_labels;
use crate::verify::substitutions::Substitutions;

/// Maximum letters on each side of a change that is inspected; a longer one counts as other text.
pub const MAX_CHANGE: usize = 4000;

/// Minimum share of the shorter text's letters that start a gram in the common order. A scan with every third letter wrong has a
/// tenth; two texts about one subject have a fiftieth.
const MIN_SHARE_IN_ORDER: f64 = 0.04;

/// Maximum letters of a change that is too short for a passage: six or seven words.
const MAX_BRIEF: usize = 40;

/// Counts of the changes between two texts. Lengths are in letters.
///
/// ```
/// use reprint::verify::{Letters, collate};
///
/// let letters = [
///     "the lady wakehurst sailed on 12 may with 40 hands",
///     "tho lady wakehurat sailed on 12 may with 40 hands",
///     "the lady wakehurst sailed on 17 june with 40 hands",
/// ].map(Letters::new);
/// let scan = collate(&letters[0], &letters[1]).unwrap();
/// assert_eq!((scan.edits, scan.changes, scan.conflicts, scan.misread_units), (2, 2, 0, 2));
/// let other = collate(&letters[0], &letters[2]).unwrap();
/// assert_eq!((other.changes, other.conflicts), (1, 1));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Collation {
    /// Letters of the left text.
    pub left: usize,
    /// Letters of the right text.
    pub right: usize,
    /// Letters to insert, remove or replace to turn one text into the other.
    pub edits: usize,
    /// Letters in misread changes, on the longer side of each.
    pub misread: usize,
    /// Words, and characters of scripts without spaces, in misread changes; numbers are not counted.
    pub misread_units: usize,
    /// Misread units that repeat an earlier misreading. Scattered errors hardly ever repeat; a spelling or another name does.
    pub misread_again: usize,
    /// Letters in all other changes, on the longer side of each.
    pub other: usize,
    /// Letters in other changes at the ends of the texts.
    pub other_at_ends: usize,
    /// Edits of the other changes at the ends of the texts.
    pub edits_at_ends: usize,
    /// Number of changes.
    pub changes: usize,
    /// Short changes with conflicting numbers; the same two numbers count twice at most.
    pub conflicts: usize,
    /// Places where words of the head are replaced by other words, in the same way more than once.
    pub renamed: usize,
    /// Letters in changes where both sides have different text that is not misread; on the longer side of each.
    pub replaced: usize,
    /// As above, without changes at the ends of the texts.
    pub replaced_inside: usize,
    /// Changes of that kind that are too short for a moved passage: a name or a few words replace others.
    pub replaced_briefly: usize,
    /// Letters that only the left text has, in changes whose right side is empty.
    pub only_left: usize,
    /// Letters that only the right text has, in changes whose left side is empty.
    pub only_right: usize,
    /// Changes with one empty side, without those at the ends of the texts.
    pub insertions: usize,
    /// Letters of the longest insertion.
    pub longest_insertion: usize,
    /// In texts of a sentence or two: changes in which one text denies what the other says, and pairs of words that changed places.
    pub opposites: usize,
    /// Changes of a word into another word that is not an abbreviation of it.
    pub other_words: usize,
    /// Changes of several characters of a script without spaces into others.
    pub other_characters: usize,
}

impl Collation {
    /// Share of the longer text that needs no edit.
    pub fn agreement(&self) -> f64 {
        1.0 - self.edits as f64 / self.left.max(self.right).max(1) as f64
    }

    /// Share of misread letters in all changed letters; 1 if only spaces change.
    pub fn misread_share(&self) -> f64 {
        match self.misread + self.other {
            0 => 1.0,
            changed => self.misread as f64 / changed as f64,
        }
    }

    /// Agreement and share of misread letters without the ends of the texts, where a site may add a head and a foot.
    pub(super) fn inside(&self) -> MinCollation {
        let ends = self.other_at_ends;
        let inside = Self {
            left: self.left.max(self.right).saturating_sub(ends),
            right: 0,
            edits: self.edits - self.edits_at_ends,
            other: self.other - ends,
            ..*self
        };
        MinCollation {
            agreement: inside.agreement(),
            misread: inside.misread_share(),
        }
    }

    /// Share of the longer text's letters in changes where both sides have other text.
    pub fn replaced_share(&self) -> f64 {
        self.replaced as f64 / self.left.max(self.right).max(1) as f64
    }

    /// The same seen from the other side.
    pub fn swapped(self) -> Self {
        Self {
            left: self.right,
            right: self.left,
            only_left: self.only_right,
            only_right: self.only_left,
            ..self
        }
    }
}

/// Collates two texts; `None` if they have no common order.
pub fn collate(left: &Letters, right: &Letters) -> Option<Collation> {
    collate_if(left, right, MinCollation::ANY)
}

/// Maximum letters of texts whose whole distance is computed first.
const MAX_WHOLE_DISTANCE_LETTERS: usize = 1000;

/// Can the [agreement](Collation::agreement) of two texts reach `least`? No alignment needs fewer edits than their distance.
pub(super) fn agreement_may_reach(left: &Letters, right: &Letters, least: f64) -> bool {
    let longer = left.len().max(right.len());
    let most = ((1.0 - least) * longer as f64).ceil() as usize;
    longer > MAX_WHOLE_DISTANCE_LETTERS || distance(left.letters(), right.letters()) <= most
}

/// Minimum figures of a collation.
#[derive(Clone, Copy, Debug)]
pub(super) struct MinCollation {
    /// Minimum [agreement](Collation::agreement).
    pub(super) agreement: f64,
    /// Minimum [share of misread letters](Collation::misread_share).
    pub(super) misread: f64,
}

impl MinCollation {
    /// Every collation reaches it.
    const ANY: Self = Self {
        agreement: f64::NEG_INFINITY,
        misread: f64::NEG_INFINITY,
    };

    /// Does a collation reach these figures?
    pub(super) fn is_reached_by(&self, collation: &Collation) -> bool {
        collation.agreement() >= self.agreement && collation.misread_share() >= self.misread
    }

    fn is_any(&self) -> bool {
        self.agreement == f64::NEG_INFINITY
    }

    /// Can the collation of two texts of these lengths reach the agreement?
    pub(super) fn reachable_with_lengths(&self, [left, right]: [usize; 2]) -> bool {
        let most = Collation {
            left,
            right,
            edits: left.abs_diff(right),
            ..Collation::default()
        };
        most.agreement() >= self.agreement
    }

    /// Can a collation still reach these figures? All its changes have `letters` letters; the changes not counted yet cost at least
    /// `to_come` edits.
    fn may_be_reached(&self, so_far: &Collation, letters: usize, to_come: usize) -> bool {
        let best = Collation {
            edits: so_far.edits + to_come,
            misread: letters - so_far.other,
            ..*so_far
        };
        best.agreement() >= self.agreement && best.misread_share() >= self.misread
    }
}

/// As [`collate`], but `None` if the collation does not reach `least`. Returns as soon as that is certain.
pub(super) fn collate_if(
    left: &Letters,
    right: &Letters,
    least: MinCollation,
) -> Option<Collation> {
    if !least.reachable_with_lengths([left.len(), right.len()]) {
        return None;
    }
    // Puts the sides in a fixed order: the choice among several longest orders must not depend on which text is the left one.
    if right.letters() < left.letters() {
        return collate_if(right, left, least).map(Collation::swapped);
    }
    let chain = one_order(left.anchors(right));
    let fewest = MIN_SHARE_IN_ORDER * left.len().min(right.len()) as f64;
    if (chain.len() as f64) < fewest {
        return None;
    }
    let mut collation = Collation {
        left: left.len(),
        right: right.len(),
        ..Collation::default()
    };
    let changes = changes(left, right, &chain);
    let fewest = |change: &Change| fewest_edits_if_parted(left, right, change);
    if !least.is_any() {
        let at_least = Collation {
            edits: changes.iter().map(fewest).sum(),
            ..collation
        };
        if at_least.agreement() < least.agreement {
            return None;
        }
    }
    let mut parts = Vec::new();
    for change in changes {
        parted(left, right, change, &mut parts);
    }
    let letters = parts.iter().map(longer).sum();
    let mut to_come = parts.iter().map(length_edits).sum();
    let length = Length::of(left.weight().max(right.weight()));
    let brief = length <= Length::Sentence;
    let mut inspected = Vec::with_capacity(parts.len());
    for change in &parts {
        if !least.may_be_reached(&collation, letters, to_come) {
            return None;
        }
        let change = Inspected::new(left, right, change);
        collation.count(left, right, &change, brief);
        to_come -= length_edits(change.change);
        inspected.push(change);
    }
    if !least.may_be_reached(&collation, letters, 0) {
        return None;
    }
    for passages in inspected.chunk_by(are_in_one_place) {
        collation.count_exchanged(passages);
    }
    let mut substitutions = Substitutions::new(left, right, &inspected, length > Length::Lines);
    collation.conflicts = substitutions.conflicts();
    collation.renamed = substitutions.renamed(left, right);
    collation.misread_again = substitutions.repeated_units();
    if brief {
        collation.opposites += substitutions.exchanged(left);
    }
    Some(collation)
}

/// Lower bound of the edits of a change, however it is split. Where the change begins or ends inside a unit, its parts may lack the
/// letters of that unit outside the change. These letters are subtracted.
fn fewest_edits_if_parted(left: &Letters, right: &Letters, change: &Change) -> usize {
    let outside = |text: &Letters, range: &Range<usize>| {
        let units = text.units(range);
        if units.is_empty() {
            return 0;
        }
        let (first, last) = (text.unit(units.start), text.unit(units.end - 1));
        range.start.saturating_sub(first.start) + last.end.saturating_sub(range.end)
    };
    let outside = outside(left, &change.0) + outside(right, &change.1);
    let sides = (
        &left.letters()[change.0.clone()],
        &right.letters()[change.1.clone()],
    );
    fewest_edits(sides.0, sides.1).saturating_sub(outside)
}

/// The letters of a change on its longer side.
fn longer(change: &Change) -> usize {
    change.0.len().max(change.1.len())
}

/// Lower bound of the edits of a change: the difference of the lengths of its sides.
fn length_edits(change: &Change) -> usize {
    change.0.len().abs_diff(change.1.len())
}

impl Collation {
    fn count(&mut self, left: &Letters, right: &Letters, change: &Inspected<'_>, brief: bool) {
        let longer = change.longer();
        self.changes += 1;
        self.edits += change.edits;
        if change.same_value {
            self.misread += longer;
            return;
        }
        if change.misread {
            self.misread += longer;
            self.misread_units += change.units;
        } else {
            self.other += longer;
            if change.at_an_end {
                self.other_at_ends += longer;
                self.edits_at_ends += change.edits;
            }
            let has_word = [(left, &change.change.0), (right, &change.change.1)]
                .into_iter()
                .any(|(text, range)| has_word(text, range));
            self.count_other(change.sides, change.at_an_end, has_word);
        }
        if change.units == 1 && are_labels(left, right, change.change) {
            self.other_words += 1;
        }
        if brief && is_opposite(left, right, change.change) {
            self.opposites += 1;
        }
    }
}

impl Collation {
    /// Counts a change that is not misread.
    fn count_other(&mut self, [left, right]: [&[char]; 2], at_an_end: bool, has_word: bool) {
        let longer = left.len().max(right.len());
        if !left.is_empty() && !right.is_empty() {
            self.replaced += longer;
            self.replaced_inside += if at_an_end { 0 } else { longer };
            self.replaced_briefly += usize::from(longer <= MAX_BRIEF);
            let unspaced = left.iter().chain(right).copied().all(is_unspaced);
            self.other_words += usize::from(has_word && !unspaced && are_other_words(left, right));
            self.other_characters += usize::from(unspaced && are_other_characters(left, right));
            return;
        }
        self.only_left += left.len();
        self.only_right += right.len();
        if !at_an_end {
            self.insertions += 1;
            self.longest_insertion = self.longest_insertion.max(longer);
        }
    }
}

/// Is the equal text between two changes short, compared with the changes? Two unlike passages may share a few words by chance.
fn are_in_one_place(first: &Inspected<'_>, second: &Inspected<'_>) -> bool {
    let between = second.change.0.start - first.change.0.end;
    between * MIN_EXCHANGED_RATIO <= first.longer().max(second.longer())
}

impl Collation {
    /// Counts the text that only one side has, in one place, as replaced text. The equal words between would otherwise make insertions
    /// of it.
    fn count_exchanged(&mut self, place: &[Inspected<'_>]) {
        let is_counted = |change: &&Inspected<'_>| !change.misread && !change.same_value;
        let mut only = [0; 2];
        let (mut inserted, mut is_inside) = (0, true);
        for change in place
            .iter()
            .filter(is_counted)
            .filter(|change| !change.both)
        {
            let [left, right] = change.sides.map(<[char]>::len);
            only = [only[0] + left, only[1] + right];
            inserted += usize::from(!change.at_an_end);
            is_inside &= !change.at_an_end;
        }
        if only[0].min(only[1]) < MIN_EXCHANGED {
            return;
        }
        self.only_left -= only[0];
        self.only_right -= only[1];
        self.insertions -= inserted;
        self.replaced += only[0].max(only[1]);
        self.replaced_inside += if is_inside { only[0].max(only[1]) } else { 0 };
    }
}

/// Minimum letters that only one text has, in each of the two, for them to be two passages in one place.
const MIN_EXCHANGED: usize = 40;

/// Minimum ratio of the longer of two changes to the equal letters between them, for the changes to be in one place.
const MIN_EXCHANGED_RATIO: usize = 8;

/// [Conflicts](Collation::conflicts) in the changes that `counts` accepts.
pub(super) fn conflicts_where(
    left: &Letters,
    right: &Letters,
    counts: impl Fn(&Change) -> bool,
) -> usize {
    let changes = all_changes(left, right);
    let counted = changes.iter().filter(|change| counts(change));
    let counted: Vec<_> = counted
        .map(|change| Inspected::new(left, right, change))
        .collect();
    let furnished = Length::of(left.weight().max(right.weight())) > Length::Lines;
    Substitutions::new(left, right, &counted, furnished).conflicts()
}

/// Minimum letters of the longer and the shorter word of a change for it to count as another word.
const WORD: (usize, usize) = (4, 3);

/// Is one of the words of a change long enough to count? `in the` is as long, but neither word is.
fn has_word(text: &Letters, range: &Range<usize>) -> bool {
    let units = text.units(range);
    units
        .into_iter()
        .any(|unit| text.unit(unit).len() >= WORD.0)
}

/// Are the two sides of an unlike change two words, neither of them an abbreviation of the other?
fn are_other_words(left: &[char], right: &[char]) -> bool {
    let (shorter, longer) = if left.len() <= right.len() {
        (left, right)
    } else {
        (right, left)
    };
    let numbered = longer.iter().any(char::is_ascii_digit);
    let long = longer.len() >= WORD.0 && shorter.len() >= WORD.1;
    !numbered && long && !abbreviates(shorter, longer)
}

/// Are the two sides of a change several characters, and not the same ones in another order?
fn are_other_characters(left: &[char], right: &[char]) -> bool {
    let mut sides = [left.to_vec(), right.to_vec()];
    sides.iter_mut().for_each(|side| side.sort_unstable());
    left.len().min(right.len()) >= MAX_MISREAD_CHARACTERS && sides[0] != sides[1]
}

/// Are the letters of the short word in the long one, in order, starting with the first?
fn abbreviates(short: &[char], long: &[char]) -> bool {
    let mut rest = long.iter();
    short.first() == long.first() && short.iter().all(|letter| rest.any(|other| other == letter))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normalize::Normalizer;
    use crate::signature::mix;
    use proptest::prelude::*;

    fn collated(left: &str, right: &str) -> Collation {
        let folded = [left, right].map(|text| Normalizer::new().fold(text));
        let [left, right] = [0, 1].map(|side: usize| Letters::new(&folded[side]));
        collate(&left, &right).unwrap()
    }

    #[test]
    fn passages_in_one_place_are_replaced_text_whatever_few_words_they_share() {
        let text = |from: u64, to: u64| -> String {
            let word =
                |at: u64| format!("{}", mix(at) >> 44).replace(|digit: char| digit < '2', "v");
            let words = (from..to).map(word).collect::<Vec<_>>().join(" x");
            words
                .chars()
                .map(|c| c.to_digit(10).map_or(c, |d| char::from(b'a' + d as u8)))
                .collect()
        };
        let (head, foot) = (text(0, 30), text(100, 130));
        let page = |body: &str| format!("{head} {body} {foot}");
        let body = [text(200, 230), text(228, 260)];
        let found = collated(&page(&body[0]), &page(&body[1]));
        assert!(found.replaced_inside > 150, "{found:?}");
        // A passage that only one text has is an insertion.
        let found = collated(&page(""), &page(&body[1]));
        assert_eq!((found.replaced, found.insertions), (0, 1), "{found:?}");
    }

    #[test]
    fn items_of_a_series_are_numbered() {
        for (left, right) in [
            ("Essays on Fishing Vol. I", "Essays on Fishing Vol. II"),
            ("Récits de pêche, tome IX", "Récits de pêche, tome XI"),
            ("河上钓鱼日记上册", "河上钓鱼日记下册"),
        ] {
            assert_eq!(collated(left, right).conflicts, 1, "{left}, {right}");
        }
        // A word, a misreading, and a sign that numbers nothing.
        for (left, right) in [
            ("then I went fishing again", "then V went fishing again"),
            (
                "the third chapter III begins",
                "the third chapter Ill begins",
            ),
            ("渔人立在桥上看明月", "渔人立在桥下看明月"),
        ] {
            assert_eq!(collated(left, right).conflicts, 0, "{left}, {right}");
        }
    }

    #[test]
    fn letters_that_label_are_other_words() {
        let labels = collated("the plan B of the harbour", "the plan C of the harbour");
        assert_eq!(labels.other_words, 1);
        for (left, right) in [
            ("for a quiet word with him", "for n quiet word with him"),
            ("what the boat didn't carry", "what the boat didn'd carry"),
            ("in emergency at an exit", "in cmergency at an exit"),
        ] {
            assert_eq!(collated(left, right).other_words, 0, "{left}, {right}");
        }
    }

    #[test]
    fn two_short_words_are_no_other_word() {
        let misread = collated(
            "a lieutenant in the mounted company",
            "a lieutenant m tho mounted company",
        );
        assert_eq!(misread.other_words, 0);
        let other = collated(
            "a lieutenant of the mounted company",
            "a lieutenant of my harbour company",
        );
        assert_eq!(other.other_words, 1);
    }

    #[test]
    fn two_names_that_change_places_say_the_opposite() {
        let exchanged = |left, right| collated(left, right).opposites;
        assert_eq!(
            exchanged("红帆队点球战胜蓝锚队捧杯", "蓝锚队点球战胜红帆队捧杯"),
            1
        );
        assert_eq!(
            exchanged("红帆队点球战胜蓝锚队捧杯", "红帆队点球战胜白鸥队捧杯"),
            0
        );
        assert_eq!(exchanged("鲱鱼和鳗鱼都卖完了", "鳗鱼和鲱鱼都卖完了"), 0);
    }

    #[test]
    fn a_name_that_is_spelled_otherwise_throughout_is_no_other_name() {
        let text = "NAME sent a herring. NAME said it was fresh, but the cat of NAME had left it, and NAME ate bread.";
        let renamed = |left, right| {
            let named = |name| text.replace("NAME", name);
            collated(&named(left), &named(right)).renamed
        };
        assert_eq!(renamed("Kiev", "Kyiv"), 0);
        assert_eq!(renamed("Peking", "Beijing"), 0);
        assert_eq!(renamed("Kiev", "Lviv"), 4);
        assert_eq!(renamed("Anderson", "Andersen"), 4);
    }

    #[test]
    fn what_is_misread_in_one_way_again_is_counted() {
        let again = collated(
            "Meyer mends nets and Meyer sells fish on Sundays",
            "Meier mends nets and Meier sells fish on Sundays",
        );
        assert_eq!((again.misread_units, again.misread_again), (2, 1));
    }

    #[test]
    fn a_name_with_other_digits_is_another_name() {
        let other = collated("the program sha1sum reads", "the program sha256sum reads");
        assert_eq!((other.misread, other.replaced_inside), (0, 3));
        let misread = collated("in the year 1887 at sea", "in the year l387 at sea");
        assert_eq!(misread.replaced_inside, 0);
    }

    #[test]
    fn spaces_alone_are_no_change() {
        let spaced = collated("a boat in the harbour", "aboat inthe harbour");
        assert_eq!((spaced.changes, spaced.misread_share()), (0, 1.0));
    }

    /// Short words and some Chinese. Each piece is replaced with a chance of `wrong` in 100.
    fn text(pieces: usize, wrong: u64, seed: u64) -> String {
        let piece = |at: usize| {
            let own = mix(at as u64 ^ 7 << 40);
            let wrong = (mix(at as u64 ^ seed) % 100 < wrong).then(|| mix(own ^ seed));
            match wrong.unwrap_or(own) {
                piece if piece % 9 == 0 => "2019年".to_owned(),
                piece if piece % 5 == 0 => char::from_u32(0x4E00 + (piece >> 8) as u32 % 40)
                    .into_iter()
                    .collect(),
                piece => {
                    (0..1 + piece % 5)
                        .map(|i| char::from(b'a' + (mix(piece ^ i) % 20) as u8))
                        .collect::<String>()
                        + " "
                }
            }
        };
        (0..pieces).map(piece).collect()
    }

    proptest! {
        #[test]
        fn what_is_told_early_would_have_been_told_late(
            pieces in 5_usize..400,
            wrong in (0_u64..90, 0_u64..90),
            seed in any::<u64>(),
            agreement in 0.2_f64..1.0,
            misread in 0.0_f64..0.8,
            cut in 0_usize..30,
        ) {
            let folded = [text(pieces, wrong.0, seed), text(pieces - cut.min(pieces), wrong.1, !seed)]
                .map(|text| Normalizer::new().fold(&text));
            let [left, right] = [0, 1].map(|side: usize| Letters::new(&folded[side]));
            let least = MinCollation { agreement, misread };
            let late = collate(&left, &right).filter(|collation| {
                collation.agreement() >= agreement && collation.misread_share() >= misread
            });
            prop_assert_eq!(collate_if(&left, &right, least), late);
        }
    }
}
