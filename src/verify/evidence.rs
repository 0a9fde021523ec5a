//! What do similar documents show about two texts: which common text is rare, and which differences are slots of a form?
//!
//! Other *works* that are similar to the two texts vote, each by one document. A work shares much text with both and is a copy of
//! neither. A place where the two differ and most works have a third reading is a *slot* of a form. Text that the works share with
//! both is *furniture*, of the form or of the site. Common text that most works lack is *rare*.
//!
//! Cost: an alignment of each of the two texts with each work, and a pass over the places where the two differ.

use std::ops::Range;

use crate::verify::Letters;
use crate::verify::changes::{Change, is_at_an_end};
use crate::verify::distance::distance;

/// Votes of other works about two texts. Lengths are in letters.
///
/// ```
/// assert_eq!(reprint::verify::Evidence::default().works, 0);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Evidence {
    /// Number of other works that voted.
    pub works: usize,
    /// Places where the two differ and most works have a third reading.
    pub slots: usize,
    /// Letters in these places, on the longer side of each.
    pub in_slots: usize,
    /// Letters in the other places where a work has a reading, on the longer side of each.
    pub in_other_places: usize,
    /// Common letters that most works lack.
    pub rare_overlap: usize,
    /// Does one of the slots hold a number?
    pub numbers: bool,
    /// Common text; each letter or gram counts 1 / (1 + number of works that have it).
    pub shared: f64,
    /// Text that only one of the two has, counted in the same way; the smaller count of the two texts.
    pub unmatched: f64,
}

/// The changes between two texts, by their places in each.
#[derive(Clone, Debug, Default)]
pub(crate) struct Alignment {
    changes: Vec<Change>,
    /// Letters of the two texts.
    lengths: (usize, usize),
}

impl Alignment {
    /// Aligns two texts.
    pub(crate) fn new(left: &Letters, right: &Letters) -> Self {
        Self {
            changes: crate::verify::changes::all_changes(left, right),
            lengths: (left.len(), right.len()),
        }
    }

    /// Bytes of memory that it takes.
    pub(crate) fn bytes(&self) -> usize {
        self.changes.len() * size_of::<Change>()
    }

    /// A range of the left text, extended over all changes that it touches, with the matching range of the right text.
    fn around(&self, range: &Range<usize>) -> Change {
        let first = self
            .changes
            .partition_point(|change| change.0.end < range.start);
        let met = self.changes[first..]
            .iter()
            .take_while(|change| change.0.start <= range.end);
        let count = met.count();
        let met = &self.changes[first..first + count];
        let before = first.checked_sub(1).map(|before| &self.changes[before]);
        let ends = before.map_or((0, 0), |before| (before.0.end, before.1.end));
        // Between changes, both texts are equal, so offsets move in step.
        let start = met
            .first()
            .map_or(range.start, |met| met.0.start.min(range.start));
        let right_start = ends.1 + (start - ends.0);
        let (end, right_end) = match met.last() {
            Some(last) => {
                let end = last.0.end.max(range.end);
                (end, last.1.end + (end - last.0.end))
            }
            None => (range.end, right_start + (range.end - start)),
        };
        (start..end, right_start..right_end)
    }

    /// Are the two texts equal for some letters before and after a range of the left one?
    fn is_framed(&self, range: &Range<usize>) -> bool {
        let first = self
            .changes
            .partition_point(|change| change.0.end < range.start);
        let before = first.checked_sub(1).map_or(0, |at| self.changes[at].0.end);
        let after = self
            .changes
            .partition_point(|change| change.0.start <= range.end);
        let after = self
            .changes
            .get(after)
            .map_or(self.lengths.0, |change| change.0.start);
        let before = range.start - before.min(range.start);
        let after = after.max(range.end) - range.end;
        let starts = range.start == 0;
        let ends = range.end == self.lengths.0;
        (before >= MIN_FRAME_LETTERS || starts)
            && (after >= MIN_FRAME_LETTERS || ends)
            && !(starts && ends)
    }

    /// The ranges of the left text outside all changes.
    fn equal(&self) -> impl Iterator<Item = Range<usize>> + '_ {
        let ends = [0]
            .into_iter()
            .chain(self.changes.iter().map(|change| change.0.end));
        let starts = self.changes.iter().map(|change| change.0.start);
        ends.zip(starts.chain([self.lengths.0]))
            .map(|(end, start)| end..start)
    }

    /// Adds 1 to the count of each letter of the left text that is in no change.
    fn count_equal(&self, counts: &mut [u16]) {
        for range in self.equal() {
            counts[range].iter_mut().for_each(|count| *count += 1);
        }
    }
}

/// The differing places of two texts about which other works vote.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Places {
    All,
    /// All but the start and the end of both texts: a site adds its own text there.
    Inside,
}

/// Another work, aligned with the left text.
pub(crate) struct Voter<'v> {
    pub(crate) letters: &'v Letters,
    pub(crate) alignment: &'v Alignment,
}

/// Maximum letters by which a place may grow beyond twice its length to reach edges that agree in all texts.
const MAX_PLACE_GROWTH: usize = 60;

/// Minimum equal letters before and after a place for a work to vote about it.
const MIN_FRAME_LETTERS: usize = 4;

/// Maximum letters of a reading that are compared. The start of a long replaced text is enough.
const MAX_READING_LETTERS: usize = 120;

/// Maximum letters of a place whose sides are names or values, even if their lengths differ much. In a longer place, a side that is
/// three times as long has text that the other lacks.
const MAX_NAME_LETTERS: usize = 40;

/// Maximum rare letters of an edit: a longer change is new text.
const MAX_EDIT_LETTERS: usize = 40;

/// Minimum share of letters that agree in two readings that count as one.
const MIN_READING_AGREEMENT: f64 = 0.6;

impl Evidence {
    /// Counts the grams of two texts, and how many of the `others` have each. Unlike an alignment, grams also find text that moved.
    pub(crate) fn of_grams([left, right]: [&Letters; 2], others: &[&Letters]) -> Self {
        let (shared, unmatched) = left.divided_grams(right, others);
        Self {
            works: others.len(),
            shared,
            unmatched,
            ..Self::default()
        }
    }

    /// Share of rare text in the text that binds two texts, from 0 to 1; the rest is furniture.
    pub(crate) fn binding(&self) -> f64 {
        self.shared / (self.shared + 2.0 * self.unmatched).max(f64::MIN_POSITIVE)
    }

    /// Counts slots and rare common text by the votes of other works; `pair` aligns the two texts.
    pub(crate) fn count_places(
        &mut self,
        texts: [&Letters; 2],
        pair: &Alignment,
        places: Places,
        voters: &[Voter<'_>],
    ) {
        let asked = |change: &&Change| places == Places::All || !is_at_an_end(change, pair.lengths);
        let mut alike = Alike::default();
        for change in pair.changes.iter().filter(asked) {
            self.count_place(texts, pair, change, voters, &mut alike);
        }
        self.add_alike(&alike);
        let mut counts = vec![0_u16; texts[0].len()];
        voters
            .iter()
            .for_each(|voter| voter.alignment.count_equal(&mut counts));
        let few = voters.len().div_ceil(2);
        self.rare_overlap = pair
            .equal()
            .map(|range| {
                counts[range]
                    .iter()
                    .filter(|&&count| usize::from(count) < few)
                    .count()
            })
            .sum();
    }

    /// Replaces the counts of grams by counts of letters, if these give a higher `binding`. A misread letter destroys every gram around
    /// it, but only one letter.
    pub(crate) fn count_letters(
        &mut self,
        [left, right]: [&Letters; 2],
        pair: &Alignment,
        voters: &[(&Alignment, &Alignment)],
    ) {
        let mut of_left = vec![0_u16; left.len()];
        let mut of_right = vec![0_u16; right.len()];
        for (on_left, on_right) in voters {
            on_left.count_equal(&mut of_left);
            on_right.count_equal(&mut of_right);
        }
        let divided = |counts: &[u16]| {
            let parts = counts.iter().map(|&count| 1.0 / (1.0 + f64::from(count)));
            parts.sum::<f64>()
        };
        let shared = pair.equal().map(|range| divided(&of_left[range])).sum();
        let (mut only_left, mut only_right) = (0.0, 0.0);
        for change in &pair.changes {
            let sides = [
                &left.letters()[change.0.clone()],
                &right.letters()[change.1.clone()],
            ];
            let counts = (&of_left[change.0.clone()], &of_right[change.1.clone()]);
            if !is_close(sides) {
                let unmatched = |own: &[u16], other: &[u16]| match is_edit(own, other, voters.len())
                {
                    true => 0.0,
                    false => divided(own),
                };
                only_left += unmatched(counts.0, counts.1);
                only_right += unmatched(counts.1, counts.0);
            }
        }
        let letters = Self {
            shared,
            unmatched: f64::min(only_left, only_right),
            ..*self
        };
        if letters.binding() > self.binding() {
            *self = letters;
        }
    }

    /// Counts one place. Two readings that are alike may be one reading, misread in one of the texts, or similar values of two items.
    /// All places together decide which.
    fn count_place(
        &mut self,
        [left, right]: [&Letters; 2],
        pair: &Alignment,
        change: &Change,
        voters: &[Voter<'_>],
        alike: &mut Alike,
    ) {
        let votes = Votes::of([left, right], pair, change, voters);
        let length = change.0.len().max(change.1.len());
        match votes.kind() {
            PlaceKind::Unknown => {}
            PlaceKind::Slot => {
                self.slots += 1;
                self.in_slots += length;
                self.numbers |= votes.numbers;
            }
            PlaceKind::Other => self.in_other_places += length,
            PlaceKind::AlikeInSlot => {
                alike.slots += 1;
                alike.in_slots += length;
                alike.edits += edits(left, right, change);
            }
            PlaceKind::Alike => alike.elsewhere += edits(left, right, change),
        }
    }

    /// Counts places with two similar readings and a third one in most works as slots, if noise does not explain them. Noise is spread
    /// over the whole text; it is not limited to the slots of a form.
    fn add_alike(&mut self, alike: &Alike) {
        if alike.edits >= MIN_ALIKE_EDITS && alike.edits >= MIN_ALIKE_RATIO * alike.elsewhere {
            self.slots += alike.slots;
            self.in_slots += alike.in_slots;
        }
    }
}

/// Places where two texts have similar readings.
#[derive(Default)]
struct Alike {
    /// Places where most works have a third reading.
    slots: usize,
    /// Letters in these places, on the longer side of each.
    in_slots: usize,
    /// Edits between the two readings of these places.
    edits: usize,
    /// Edits in all other places with similar readings.
    elsewhere: usize,
}

/// Minimum edits in slots: a single edit may be one misread letter.
const MIN_ALIKE_EDITS: usize = 2;

/// Minimum ratio of edits in slots to those elsewhere.
const MIN_ALIKE_RATIO: usize = 8;

/// Edits of a change where both texts have letters.
fn edits(left: &Letters, right: &Letters, change: &Change) -> usize {
    let sides = [
        &left.letters()[change.0.clone()],
        &right.letters()[change.1.clone()],
    ];
    let longer = sides[0].len().max(sides[1].len());
    if sides.iter().any(|side| side.is_empty()) || longer > MAX_READING_LETTERS {
        return 0;
    }
    distance(sides[0], sides[1])
}

/// Is one side of a change an edit of the other side, which most works have? `own` and `other` count the works that have each
/// letter.
fn is_edit(own: &[u16], other: &[u16], voters: usize) -> bool {
    let rare = |counts: &[u16]| {
        let rare = counts
            .iter()
            .filter(|&&count| 2 * usize::from(count) <= voters);
        rare.count()
    };
    let edited = rare(own);
    edited <= MAX_EDIT_LETTERS && 2 * (other.len() - rare(other)) >= edited
}

/// Are the two sides of a change one text, misread?
fn is_close([left, right]: [&[char]; 2]) -> bool {
    let longer = left.len().max(right.len());
    if left.is_empty() || right.is_empty() || longer > 40 {
        return false;
    }
    distance(left, right) as f64 <= 0.5 * longer as f64
}

impl Voter<'_> {
    /// A change and its place in this work, extended until its edges agree in all three texts. `None` if it would grow too far.
    fn place(&self, pair: &Alignment, change: &Change) -> Option<(Change, Range<usize>)> {
        let mut place = change.clone();
        let widest = 2 * change.0.len().max(change.1.len()) + MAX_PLACE_GROWTH;
        loop {
            let (on_left, theirs) = self.alignment.around(&place.0);
            if on_left.len() > widest || theirs.len() > widest {
                return None;
            }
            let wider = pair.around(&on_left);
            if wider == place {
                return self
                    .alignment
                    .is_framed(&place.0)
                    .then_some((wider, theirs));
            }
            place = wider;
        }
    }
}

/// The text of one work in a place.
struct Reading {
    letters: Vec<char>,
    digits: String,
}

impl Reading {
    fn new(text: &Letters, range: &Range<usize>) -> Self {
        let end = range.end.min(range.start + MAX_READING_LETTERS);
        let letters = text.letters()[range.start..end].to_vec();
        let digits = letters.iter().filter(|c| c.is_ascii_digit()).collect();
        Self { letters, digits }
    }

    fn is_like(&self, other: &Self) -> bool {
        if self.digits != other.digits {
            return false;
        }
        let longer = self.letters.len().max(other.letters.len()).max(1);
        distance(&self.letters, &other.letters) as f64
            <= (1.0 - MIN_READING_AGREEMENT) * longer as f64
    }
}

/// The votes of the works about one place.
#[derive(Default)]
struct Votes {
    /// `alike` has the works for which the readings of the two texts are similar, `unlike` the others. The edges of a place depend on
    /// the work, so the readings do too.
    alike: Readings,
    unlike: Readings,
    numbers: bool,
}

/// The kind of a place, by the votes of other works.
enum PlaceKind {
    /// No work has this place.
    Unknown,
    /// Two readings where most works have a third one.
    Slot,
    Other,
    /// As `Slot`, but the two readings are similar.
    AlikeInSlot,
    Alike,
}

impl Votes {
    /// The readings of a place in two texts, and in each of the works that has it.
    fn of(
        [left, right]: [&Letters; 2],
        pair: &Alignment,
        change: &Change,
        voters: &[Voter<'_>],
    ) -> Self {
        let mut votes = Self::default();
        for voter in voters {
            let Some((place, theirs)) = voter.place(pair, change) else {
                continue;
            };
            let (l, r) = (place.0.len(), place.1.len());
            let (shorter, longer) = (l.min(r), l.max(r));
            let is_inserted = longer > MAX_NAME_LETTERS && 3 * shorter < longer;
            if shorter == 0 || is_inserted || theirs.len() * 2 < shorter {
                continue;
            }
            votes.count(
                Reading::new(left, &place.0),
                Reading::new(right, &place.1),
                Reading::new(voter.letters, &theirs),
            );
        }
        votes
    }

    fn count(&mut self, a: Reading, b: Reading, theirs: Reading) {
        if a.is_like(&b) {
            return self.alike.count(a, b, theirs);
        }
        self.numbers |= !a.digits.is_empty() && !b.digits.is_empty() && a.digits != b.digits;
        self.unlike.count(a, b, theirs);
    }

    fn kind(&self) -> PlaceKind {
        match (self.unlike.votes, self.alike.votes) {
            (0, 0) => PlaceKind::Unknown,
            (0, _) if self.alike.is_slot() => PlaceKind::AlikeInSlot,
            (0, _) => PlaceKind::Alike,
            _ if self.unlike.is_slot() => PlaceKind::Slot,
            _ => PlaceKind::Other,
        }
    }
}

/// The readings of one place.
#[derive(Default)]
struct Readings {
    votes: usize,
    /// Voters that have the reading of the left or the right text.
    like_ours: usize,
    /// Each third reading with the number of its voters.
    third: Vec<(Reading, usize)>,
}

impl Readings {
    fn count(&mut self, a: Reading, b: Reading, theirs: Reading) {
        self.votes += 1;
        if theirs.is_like(&a) || theirs.is_like(&b) {
            self.like_ours += 1;
            return;
        }
        match self
            .third
            .iter_mut()
            .find(|(known, _)| known.is_like(&theirs))
        {
            Some((_, votes)) => *votes += 1,
            None => self.third.push((theirs, 1)),
        }
    }

    /// Do most voters have a third reading that is not the same for all?
    fn is_slot(&self) -> bool {
        let commonest = self
            .third
            .iter()
            .map(|&(_, votes)| votes)
            .max()
            .unwrap_or(0);
        let commonest = commonest.max(self.like_ours);
        2 * commonest <= self.votes + 2
            && 2 * self.like_ours <= self.votes
            && !self.third.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The votes of the other texts about the first two.
    fn evidence(texts: &[&str]) -> Evidence {
        let letters: Vec<Letters> = texts.iter().map(|text| Letters::new(text)).collect();
        let (sides, others) = letters.split_at(2);
        let [left, right] = [&sides[0], &sides[1]];
        let pair = Alignment::new(left, right);
        let on_left: Vec<_> = others
            .iter()
            .map(|other| Alignment::new(left, other))
            .collect();
        let on_right: Vec<_> = others
            .iter()
            .map(|other| Alignment::new(right, other))
            .collect();
        let mut evidence = Evidence::of_grams([left, right], &Vec::from_iter(others));
        let voters = others.iter().zip(&on_left);
        let voters: Vec<_> = voters
            .map(|(letters, alignment)| Voter { letters, alignment })
            .collect();
        evidence.count_places([left, right], &pair, Places::All, &voters);
        let both: Vec<_> = on_left.iter().zip(&on_right).collect();
        evidence.count_letters([left, right], &pair, &both);
        evidence
    }

    const FORM: [&str; 5] = [
        "this is to say that mister aldous has been let into the reading room of the library until winter",
        "this is to say that mister pemberton has been let into the reading room of the library until winter",
        "this is to say that mister quigley has been let into the reading room of the library until winter",
        "this is to say that mister whitcombe has been let into the reading room of the library until winter",
        "this is to say that mister yarrow has been let into the reading room of the library until winter",
    ];

    #[test]
    fn where_others_have_a_third_thing_is_a_slot() {
        let evidence = evidence(&FORM);
        assert_eq!(
            (evidence.works, evidence.slots, evidence.rare_overlap),
            (3, 1, 0)
        );
        assert_eq!(
            (evidence.in_slots, evidence.in_other_places),
            ("pemberton".len(), 0)
        );
    }

    #[test]
    fn readings_that_are_alike_are_slots_unless_letters_are_misread_elsewhere() {
        let alike = FORM[1].replace("pemberton", "pemberley");
        let texts = [FORM[1], &alike, FORM[0], FORM[2], FORM[3], FORM[4]];
        assert_eq!((evidence(&texts).slots, evidence(&texts).in_slots), (1, 9));
        let misread = alike.replace("reading", "rcadirg");
        let texts = [FORM[1], &misread, FORM[0], FORM[2], FORM[3], FORM[4]];
        assert_eq!((evidence(&texts).slots, evidence(&texts).in_slots), (0, 0));
        let one_letter = FORM[1].replace("pemberton", "pemberten");
        let texts = [FORM[1], &one_letter, FORM[0], FORM[2], FORM[3], FORM[4]];
        assert_eq!(evidence(&texts).slots, 0);
    }

    #[test]
    fn an_edit_that_others_lack_is_no_slot_and_binds_as_before() {
        let edited = FORM[0].replace("until winter", "every tuesday");
        let evidence = evidence(&[FORM[0], &edited, FORM[0], FORM[0], FORM[0]]);
        assert_eq!((evidence.slots, evidence.in_slots), (0, 0));
        assert_eq!(evidence.binding(), 1.0);
    }

    #[test]
    fn what_only_the_two_have_in_common_is_their_own() {
        let with = |text: &str| format!("{text} and may bring two friends of good repute with him");
        let (left, right) = (with(FORM[0]), with(FORM[1]));
        let evidence = evidence(&[&left, &right, FORM[2], FORM[3], FORM[4]]);
        assert!(evidence.rare_overlap >= "andmaybringtwofriendsofgoodrepute".len());
    }
}
