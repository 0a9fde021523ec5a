//! Which numbers and words stand for others throughout two texts? A name that is another one wherever it stands is another subject;
//! a word that is misread once is misread.

use crate::verify::Letters;
use crate::verify::changes::Change;
use crate::verify::inspect::{Inspected, MAX_MISREAD_CHARACTERS, numbers};
use crate::verify::spelling::{Spelling, spelling};
use std::ops::Range;

/// Units at the start of a text that say what it is about.
const HEAD_UNITS: usize = 30;

/// Times that one word, or words, that are spelled in another way, from which it is the spelling of an edition.
const MIN_RESPELLED: usize = 3;

/// What stands in the places of a form, on the left and on the right.
#[derive(Default)]
pub(super) struct Substitutions {
    numbers: Vec<(String, String)>,
    words: Vec<Replaced>,
}

/// Words of the left text for which the right one has others.
struct Replaced {
    words: (String, String),
    behind_head: bool,
    /// They may belong to what a site puts before and behind a text.
    furnished: bool,
    /// How many of them were misread.
    misread_units: usize,
    change: Change,
}

impl Substitutions {
    /// What the short changes of two texts say. `furnished` tells whether a site may put something before and behind a text.
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

    /// What a site puts before and behind a text has numbers of its own; a line may begin or end with one.
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

    /// How many conflicts of numbers there are.
    pub(super) fn conflicts(&self) -> usize {
        conflicts(self.numbers.clone())
    }

    /// Adds words that stand for others.
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
            behind_head: before.min(right.units_before(change.1.start)) >= HEAD_UNITS,
            furnished,
            misread_units,
            change,
        });
    }

    /// Sorts the words, so that those which are replaced in one way stand together.
    fn sort(&mut self) {
        let key = |replaced: &Replaced| {
            (
                replaced.furnished,
                replaced.behind_head,
                replaced.change.0.start,
            )
        };
        self.words
            .sort_unstable_by(|a, b| a.words.cmp(&b.words).then(key(a).cmp(&key(b))));
    }

    /// Words that are replaced in one way, together.
    fn groups(&self) -> impl Iterator<Item = &[Replaced]> {
        self.words.chunk_by(|a, b| a.words == b.words)
    }

    /// How often what stands in the head is called something else, and not merely spelled in another way. Words that sound
    /// alike may be two names; throughout a text, or where several words do, they are one in the spelling of another edition.
    pub(super) fn renamed(&self, left: &Letters, right: &Letters) -> usize {
        let times =
            |group: &[Replaced]| group.iter().filter(|replaced| !replaced.furnished).count();
        let may_be_renamed = |group: &[Replaced]| !group[0].behind_head && times(group) > 1;
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

    /// Misread units that are misread in the same way before.
    pub(super) fn repeated_units(&self) -> usize {
        let repeated = self.groups().flat_map(|group| &group[1..]);
        repeated.map(|replaced| replaced.misread_units).sum()
    }

    /// Pairs of words that stand in each other's place, of which one text says of either what the other says of the other
    /// (Barton beat Holm). Beside each other, or with one word between (salt and pepper), their order says nothing.
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

/// How many conflicts these numbers of the left text and of the right one are, one of the same two counted twice at most: chapter
/// 9 that became chapter 1 is one change, however often it is named.
pub(super) fn conflicts(mut numbers: Vec<(String, String)>) -> usize {
    numbers.sort_unstable();
    let same = numbers.chunk_by(|a, b| a == b);
    same.map(|same| same.len().min(2)).sum()
}

/// A change with the rest of the words that it begins and ends in, where that is the same in both texts.
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
