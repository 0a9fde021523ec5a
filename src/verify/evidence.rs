//! What does the collection say of what two texts share, and of where they differ?
//!
//! Other *works* near the two are asked, each by one document: texts that share much with both and are no copies of either. Where
//! they have a third thing in a place where the two differ, that place is a *slot* of a form. What they share with both is
//! *furniture*: the text of the form, or of the site. What two texts share and others lack is their own.
//!
//! Cost: an alignment of each of the two with each other work, and a pass over the places where the two differ.

use std::ops::Range;

use crate::verify::Letters;
use crate::verify::changes::Change;
use crate::verify::distance::distance;

/// What other works near two texts say of them. Lengths are letters.
///
/// ```
/// assert_eq!(reprint::verify::Evidence::default().works, 0);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Evidence {
    /// Other works that were asked.
    pub works: usize,
    /// Places where the two differ and most others have a third thing.
    pub slots: usize,
    /// The longer of the two readings of these, added up.
    pub in_slots: usize,
    /// The same of the other places in which another work has a reading.
    pub in_other_places: usize,
    /// What the two have in common and most others have not.
    pub rare_overlap: usize,
    /// Does one of the slots hold a number?
    pub numbers: bool,
    /// What the two have in common, each letter divided by the number of works that have it, themselves counted as one.
    pub shared: f64,
    /// What each has and the other lacks, divided in the same way; of the two, the one that has less.
    pub unmatched: f64,
}

/// How a text runs beside another: the changes between the two, by their places in either.
#[derive(Clone, Debug, Default)]
pub(crate) struct Alignment {
    changes: Vec<Change>,
    /// Letters of the two texts.
    lengths: (usize, usize),
}

impl Alignment {
    /// Lays two texts beside each other.
    pub(crate) fn new(left: &Letters, right: &Letters) -> Self {
        Self {
            changes: crate::verify::changes::all_changes(left, right),
            lengths: (left.len(), right.len()),
        }
    }

    /// Bytes that it takes.
    pub(crate) fn bytes(&self) -> usize {
        self.changes.len() * size_of::<Change>()
    }

    /// The range of the left text, grown over all changes that it meets, and the range of the right one that stands there.
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
        // Between changes, both texts run on alike.
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

    /// Do both texts run on alike before and behind a range of the left one?
    fn is_framed(&self, range: &Range<usize>) -> bool {
        let first = self
            .changes
            .partition_point(|change| change.0.end < range.start);
        let before = first.checked_sub(1).map_or(0, |at| self.changes[at].0.end);
        let behind = self
            .changes
            .partition_point(|change| change.0.start <= range.end);
        let behind = self
            .changes
            .get(behind)
            .map_or(self.lengths.0, |change| change.0.start);
        let before = range.start - before.min(range.start);
        let behind = behind.max(range.end) - range.end;
        let starts = range.start == 0;
        let ends = range.end == self.lengths.0;
        (before >= MIN_FRAME_LETTERS || starts)
            && (behind >= MIN_FRAME_LETTERS || ends)
            && !(starts && ends)
    }

    /// The ranges of the left text that stand in no change.
    fn equal(&self) -> impl Iterator<Item = Range<usize>> + '_ {
        let ends = [0]
            .into_iter()
            .chain(self.changes.iter().map(|change| change.0.end));
        let starts = self.changes.iter().map(|change| change.0.start);
        ends.zip(starts.chain([self.lengths.0]))
            .map(|(end, start)| end..start)
    }

    /// For each letter of the left text, adds 1 where it stands in no change.
    fn count_equal(&self, counts: &mut [u16]) {
        for range in self.equal() {
            counts[range].iter_mut().for_each(|count| *count += 1);
        }
    }
}

/// Another work, beside the left text.
pub(crate) struct Voter<'v> {
    pub(crate) letters: &'v Letters,
    pub(crate) alignment: &'v Alignment,
}

/// Letters beyond its own length by which a place may grow before another work has no frame for it.
const MAX_PLACE_GROWTH: usize = 60;

/// Letters before and behind a place that another work must have as well.
const MIN_FRAME_LETTERS: usize = 4;

/// Letters of a reading that are compared: of a replaced body, its start tells as much as all of it.
const MAX_READING_LETTERS: usize = 120;

/// Letters of an edit, at most: what is longer is text of one's own.
const MAX_EDIT_LETTERS: usize = 40;

/// Share of letters that agree in two readings that are one.
const MIN_READING_AGREEMENT: f64 = 0.6;

impl Evidence {
    /// Counts the grams that two texts share and that `others` have as well. Text that moved is in no common order, and yet
    /// in both.
    pub(crate) fn of_grams([left, right]: [&Letters; 2], others: &[&Letters]) -> Self {
        let (shared, unmatched) = left.divided_grams(right, others);
        Self {
            works: others.len(),
            shared,
            unmatched,
            ..Self::default()
        }
    }

    /// Share of what binds two texts that is theirs and not furniture, from 0 to 1.
    pub(crate) fn binding(&self) -> f64 {
        self.shared / (self.shared + 2.0 * self.unmatched).max(f64::MIN_POSITIVE)
    }

    /// Asks other works about the places in which two texts differ that run beside each other by `pair`.
    pub(crate) fn count_places(
        &mut self,
        texts: [&Letters; 2],
        pair: &Alignment,
        voters: &[Voter<'_>],
    ) {
        for change in &pair.changes {
            self.count_place(texts, pair, change, voters);
        }
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

    /// Counts what they share letter by letter, where that binds them more than their grams: a misread letter costs a gram
    /// each for all letters around it.
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

    fn count_place(
        &mut self,
        [left, right]: [&Letters; 2],
        pair: &Alignment,
        change: &Change,
        voters: &[Voter<'_>],
    ) {
        let length = change.0.len().max(change.1.len());
        if 3 * change.0.len().min(change.1.len()) < length {
            return;
        }
        let (mut readings, mut votes) = (Readings::default(), 0);
        let mut numbers = false;
        for voter in voters {
            let Some((place, others)) = voter.place(pair, change) else {
                continue;
            };
            let read = |text: &Letters, range: &Range<usize>| Reading::new(text, range);
            let (a, b) = (read(left, &place.0), read(right, &place.1));
            // One reading, misread in one of them: there is no other value for the rest to have a third one beside.
            if a.is_like(&b) {
                continue;
            }
            let theirs = read(voter.letters, &others);
            let shorter = place.0.len().min(place.1.len());
            if others.len() * 2 < shorter {
                continue;
            }
            votes += 1;
            numbers |= !a.digits.is_empty() && !b.digits.is_empty() && a.digits != b.digits;
            readings.count(a, b, theirs);
        }
        if votes == 0 {
            return;
        }
        if readings.is_slot(votes) {
            self.slots += 1;
            self.in_slots += length;
            self.numbers |= numbers;
        } else {
            self.in_other_places += length;
        }
    }
}

/// Is what only one text has in a change an edit of what the other kept, and most others have? The counts tell how many of the
/// others have each letter.
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

/// Are two sides of a change misread rather than other text?
fn is_close([left, right]: [&[char]; 2]) -> bool {
    let longer = left.len().max(right.len());
    if left.is_empty() || right.is_empty() || longer > 40 {
        return false;
    }
    distance(left, right) as f64 <= 0.5 * longer as f64
}

impl Voter<'_> {
    /// Where a change stands in the two texts and in this one, grown until its edges agree in all three; none where it has to
    /// grow too far.
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

/// What one text has in a place.
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

/// The readings of one place.
#[derive(Default)]
struct Readings {
    /// Voters that have what the left text has, or the right one.
    like_ours: usize,
    /// Each other reading with the number of its voters.
    third: Vec<(Reading, usize)>,
}

impl Readings {
    fn count(&mut self, a: Reading, b: Reading, theirs: Reading) {
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

    /// Have most voters a third thing, and not the same one?
    fn is_slot(&self, votes: usize) -> bool {
        let commonest = self
            .third
            .iter()
            .map(|&(_, votes)| votes)
            .max()
            .unwrap_or(0);
        let commonest = commonest.max(self.like_ours);
        2 * commonest <= votes + 2 && 2 * self.like_ours <= votes && !self.third.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Asks the other texts about the first two.
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
        evidence.count_places([left, right], &pair, &voters);
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
