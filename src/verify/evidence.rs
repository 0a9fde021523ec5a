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
    pub own: usize,
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

    /// The same seen from the other side.
    pub(crate) fn swapped(&self) -> Self {
        let swap = |change: &Change| (change.1.clone(), change.0.clone());
        Self {
            changes: self.changes.iter().map(swap).collect(),
            lengths: (self.lengths.1, self.lengths.0),
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
        let start = met.first().map_or(range.start, |met| met.0.start.min(range.start));
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
        let behind = self.changes.partition_point(|change| change.0.start <= range.end);
        let behind = self.changes.get(behind).map_or(self.lengths.0, |change| change.0.start);
        let before = range.start - before.min(range.start);
        let behind = behind.max(range.end) - range.end;
        let starts = range.start == 0;
        let ends = range.end == self.lengths.0;
        (before >= FRAME || starts) && (behind >= FRAME || ends) && !(starts && ends)
    }

    /// For each letter of the left text, adds 1 where it stands in no change.
    fn count_equal(&self, counts: &mut [u16]) {
        let mut from = 0;
        for change in &self.changes {
            counts[from..change.0.start].iter_mut().for_each(|count| *count += 1);
            from = change.0.end;
        }
        counts[from..].iter_mut().for_each(|count| *count += 1);
    }
}

/// Another work, beside the left and the right text.
pub(crate) struct Voter<'v> {
    pub(crate) letters: &'v Letters,
    pub(crate) left: &'v Alignment,
    pub(crate) right: &'v Alignment,
}

/// Letters beyond its own length by which a place may grow before another work has no frame for it.
const WIDEST: usize = 60;

/// Letters before and behind a place that another work must have as well.
const FRAME: usize = 4;

/// Letters of a reading that are compared: of a replaced body, its start tells as much as all of it.
const READ: usize = 120;

/// Share of letters that agree in two readings that are one.
const ALIKE: f64 = 0.6;

impl Evidence {
    /// Asks other works about two texts that run beside each other by `pair`.
    pub(crate) fn new([left, right]: [&Letters; 2], pair: &Alignment, voters: &[Voter<'_>]) -> Self {
        let mut evidence = Self {
            works: voters.len(),
            ..Self::default()
        };
        for change in &pair.changes {
            evidence.count_place([left, right], pair, change, voters);
        }
        evidence.count_furniture([left, right], pair, voters);
        evidence
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

    fn count_furniture(&mut self, [left, right]: [&Letters; 2], pair: &Alignment, voters: &[Voter<'_>]) {
        let mut of_left = vec![0_u16; left.len()];
        let mut of_right = vec![0_u16; right.len()];
        for voter in voters {
            voter.left.count_equal(&mut of_left);
            voter.right.count_equal(&mut of_right);
        }
        let most = voters.len() as u16 / 2;
        let divided = |counts: &[u16]| counts.iter().map(|&count| 1.0 / (1.0 + f64::from(count))).sum::<f64>();
        let mut from = 0;
        let (mut only_left, mut only_right) = (0.0, 0.0);
        let ends = (left.len()..left.len(), right.len()..right.len());
        for change in pair.changes.iter().chain([&ends]) {
            let equal = &of_left[from..change.0.start];
            self.shared += divided(equal);
            self.own += equal.iter().filter(|&&count| count < voters.len() as u16 - most).count();
            from = change.0.end;
            let close = is_close(
                &left.letters()[change.0.clone()],
                &right.letters()[change.1.clone()],
            );
            if !close {
                only_left += divided(&of_left[change.0.clone()]);
                only_right += divided(&of_right[change.1.clone()]);
            }
        }
        self.unmatched = f64::min(only_left, only_right);
        // Text that moved is in no common order, and yet in both.
        let others: Vec<&Letters> = voters.iter().map(|voter| voter.letters).collect();
        let (shared, unmatched) = left.divided_grams(right, &others);
        if unmatched * self.shared < self.unmatched * shared {
            (self.shared, self.unmatched) = (shared, unmatched);
        }
    }
}

fn is_close(left: &[char], right: &[char]) -> bool {
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
        let widest = 2 * change.0.len().max(change.1.len()) + WIDEST;
        loop {
            let (on_left, theirs) = self.left.around(&place.0);
            if on_left.len() > widest || theirs.len() > widest {
                return None;
            }
            let wider = pair.around(&on_left);
            if wider == place {
                let framed = self.left.is_framed(&place.0) && self.right.is_framed(&place.1);
                return framed.then_some((wider, theirs));
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
        let end = range.end.min(range.start + READ);
        let letters = text.letters()[range.start..end].to_vec();
        let digits = letters.iter().filter(|c| c.is_ascii_digit()).collect();
        Self { letters, digits }
    }

    fn is_like(&self, other: &Self) -> bool {
        if self.digits != other.digits {
            return false;
        }
        let longer = self.letters.len().max(other.letters.len()).max(1);
        distance(&self.letters, &other.letters) as f64 <= (1.0 - ALIKE) * longer as f64
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
        match self.third.iter_mut().find(|(known, _)| known.is_like(&theirs)) {
            Some((_, votes)) => *votes += 1,
            None => self.third.push((theirs, 1)),
        }
    }

    /// Have most voters a third thing, and not the same one?
    fn is_slot(&self, votes: usize) -> bool {
        let commonest = self.third.iter().map(|&(_, votes)| votes).max().unwrap_or(0);
        let commonest = commonest.max(self.like_ours);
        2 * commonest <= votes + 2 && 2 * self.like_ours <= votes && !self.third.is_empty()
    }
}
