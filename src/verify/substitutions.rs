//! Which numbers and words are replaced by others throughout two texts? A name that is replaced everywhere means another subject; a
//! word that differs once is misread.

use std::ops::Range;

use crate::verify::Letters;
use crate::verify::changes::Change;
use crate::verify::inspect::{Inspected, MAX_MISREAD_CHARACTERS, numbers};
use crate::verify::spelling::{Spelling, spelling};

/// Units at the start of a text that name its subject.
const HEAD_UNITS: usize = 30;

/// Minimum number of respelled words, or of occurrences of one respelled word, that show the spelling of another edition.
const MIN_RESPELLED: usize = 3;

/// The short changes of two texts as pairs of left and right text.
#[derive(Default)]
pub(super) struct Substitutions {
    numbers: Vec<(String, String)>,
    words: Vec<Replaced>,
}

/// Words of the left text that are replaced by other words in the right one.
struct Replaced {
    words: (String, String),
    after_head: bool,
    /// Whether they may belong to the furniture of a site.
    furnished: bool,
    /// Number of misread units among them.
    misread_units: usize,
    change: Change,
}

impl Substitutions {
    /// Collects the short changes of two texts. With `furnished`, the ends of the texts may be furniture of a site.
    pub(super) fn new(
        left: &Letters,
        right: &Letters,
        changes: &[Inspected<'_>],
        furnished: bool,
    ) -> Self {
        let mut substitutions = Self::default();
        for change in changes.iter().filter(|change| change.is_place()) {
            substitutions.add(left, right, change, furnished && change.at_an_end);
        }
        substitutions.sort();
        substitutions
    }

    /// Adds a change. Numbers in furniture do not count, because a site adds its own numbers.
    fn add(&mut self, left: &Letters, right: &Letters, inspected: &Inspected<'_>, furnished: bool) {
        let change = inspected.change;
        if !furnished && inspected.numbering {
            self.numbers
                .push((left.text(&change.0), right.text(&change.1)));
        } else if !furnished && inspected.conflict {
            self.numbers
                .push((numbers(left, &change.0), numbers(right, &change.1)));
        } else if inspected.both && !inspected.conflict {
            self.replace(left, right, change, inspected.misread_units(), furnished);
        }
    }

    /// Number of conflicts of numbers.
    pub(super) fn conflicts(&mut self) -> usize {
        conflicts(&mut self.numbers)
    }

    /// Adds replaced words.
    fn replace(
        &mut self,
        left: &Letters,
        right: &Letters,
        change: &Change,
        misread_units: usize,
        furnished: bool,
    ) {
        let before = left.units_before(change.0.start);
        let change = whole_words(left, right, change);
        self.words.push(Replaced {
            words: (left.text(&change.0), right.text(&change.1)),
            after_head: before.min(right.units_before(change.1.start)) >= HEAD_UNITS,
            furnished,
            misread_units,
            change,
        });
    }

    /// Sorts the words. Equal replacements become neighbours.
    fn sort(&mut self) {
        let key = |replaced: &Replaced| {
            (
                replaced.furnished,
                replaced.after_head,
                replaced.change.0.start,
            )
        };
        self.words
            .sort_unstable_by(|a, b| a.words.cmp(&b.words).then(key(a).cmp(&key(b))));
    }

    /// Groups of equal replacements.
    fn groups(&self) -> impl Iterator<Item = &[Replaced]> {
        self.words.chunk_by(|a, b| a.words == b.words)
    }

    /// Number of places where words of the head are replaced by others, not merely respelled. Words that sound alike may be two names.
    /// They are one name in the spelling of another edition if they are replaced throughout, or if several words are respelled.
    pub(super) fn renamed(&self, left: &Letters, right: &Letters) -> usize {
        let times =
            |group: &[Replaced]| group.iter().filter(|replaced| !replaced.furnished).count();
        let may_be_renamed = |group: &[Replaced]| !group[0].after_head && times(group) > 1;
        if !self.groups().any(may_be_renamed) {
            return 0;
        }
        let spelled = |group: &[Replaced]| spelling(left, right, &group[0].change);
        let groups: Vec<_> = self.groups().map(|group| (group, spelled(group))).collect();
        let respelled = groups.iter().filter(|group| group.1 != Spelling::Other);
        let is_edition = respelled.count() >= MIN_RESPELLED;
        let renamed = groups.iter().filter(|(group, spelling)| {
            let is_respelled = match spelling {
                Spelling::Same => true,
                Spelling::Alike => is_edition || group.len() >= MIN_RESPELLED,
                Spelling::Other => false,
            };
            may_be_renamed(group) && !is_respelled
        });
        renamed.map(|(group, _)| times(group)).sum()
    }

    /// Number of misread units that repeat an earlier misreading.
    pub(super) fn repeated_units(&self) -> usize {
        let repeated = self.groups().flat_map(|group| &group[1..]);
        repeated.map(|replaced| replaced.misread_units).sum()
    }

    /// Number of pairs of words that changed places, so that the texts contradict each other (Barton beat Holm, Holm beat Barton).
    /// Words next to each other, or with one word between them (salt and pepper), do not count: their order has no meaning.
    pub(super) fn exchanged(&self, left: &Letters) -> usize {
        let pairs = self.words.iter().filter(|replaced| {
            let (own, other) = &replaced.words;
            let named = |word: &str| word.chars().count() >= MAX_MISREAD_CHARACTERS;
            named(own) && named(other) && own < other
        });
        let exchanged = pairs.filter(|replaced| {
            let (own, other) = &replaced.words;
            let back =
                |other_way: &&Replaced| (&other_way.words.1, &other_way.words.0) == (own, other);
            let place = |replaced: &Replaced| left.units_before(replaced.change.0.start);
            let found = self.words.iter().find(back);
            found.is_some_and(|found| {
                let (first, last) = if place(found) < place(replaced) {
                    (found, *replaced)
                } else {
                    (*replaced, found)
                };
                place(last) > left.units_before(first.change.0.end) + 1
            })
        });
        exchanged.count()
    }
}

/// Number of conflicts in pairs of left and right numbers. A pair counts at most twice: chapter 9 that became chapter 1 is one
/// change, even if it is named often.
fn conflicts(numbers: &mut [(String, String)]) -> usize {
    numbers.sort_unstable();
    let same = numbers.chunk_by(|a, b| a == b);
    same.map(|same| same.len().min(2)).sum()
}

/// A change, extended to whole words if the added letters are the same in both texts.
fn whole_words(left: &Letters, right: &Letters, change: &Change) -> Change {
    let around = |text: &Letters, range: &Range<usize>| {
        let units = text.units(range);
        let [first, last] = [units.start, units.end - 1].map(|unit| text.unit(unit));
        first.start.min(range.start)..last.end.max(range.end)
    };
    let whole = (around(left, &change.0), around(right, &change.1));
    let rest = |text: &'_ Letters, whole: &Range<usize>, change: &Range<usize>| {
        let letters = text.letters();
        [
            letters[whole.start..change.start].to_vec(),
            letters[change.end..whole.end].to_vec(),
        ]
    };
    if rest(left, &whole.0, &change.0) == rest(right, &whole.1, &change.1) {
        whole
    } else {
        change.clone()
    }
}
