//! What kind of thing differs: letters that were misread, words, or numbers?
//!
//! Two texts are laid beside each other along their grams: the longest order of those that each has once. What stands between is
//! a *change*, from one unit's edge to another's. A change in which most letters agree is *misread*: a scan, a typo, a spelling.
//! A change in which both sides have numbers, and other ones, is a *conflict*: two reports of one form differ in these, two
//! copies of one report don't.
//!
//! Cost: linear for texts that agree; Levenshtein's distance for each change, 64 letters at a time (Hyyrö, "A bit-vector
//! algorithm for computing Levenshtein and Damerau edit distances", 2003), up to [`CHANGE`] letters.

use std::ops::Range;

use rapidfuzz::distance::levenshtein;
use similar::{Algorithm, capture_diff_slices};

use crate::normalize::is_unspaced;
use crate::verify::align::equal_runs;
use crate::verify::numbers::is_number;
use crate::verify::{Letters, SHORT};

/// Letters on either side of a change up to which it is looked at; a longer one is another text.
pub const CHANGE: usize = 4000;

/// Of the shorter text's letters, the share that must start a gram in the common order for the texts to run beside each
/// other. Of a scan with every third letter wrong, a tenth do; of two texts about one thing, one in fifty.
const IN_ORDER: f64 = 0.04;

/// Share of letters that agree in a change from which it is misread.
const MISREAD: f64 = 0.5;

/// Characters of scripts without spaces up to which a change is one misread or lost character.
const CHARACTERS: usize = 2;

/// Words beside the numbers of a change up to which they stand in one place of a form; in more, they are part of another text.
const SLOT: usize = 12;

/// Units at the start of a text that say what it is about.
const HEAD: usize = 30;

/// Two texts beside each other, counted in letters.
///
/// ```
/// use reprint::verify::{Letters, collate};
///
/// let letters = [
///     "the lady wakehurst sailed on 12 may with 40 hands",
///     "tho lady wakehurat sailed on 12 may with 40 hands",
///     "the lady wakehurst sailed on 17 june with 40 hands",
/// ].map(Letters::of);
/// let scan = collate(&letters[0], &letters[1]).unwrap();
/// assert_eq!((scan.edits, scan.changes, scan.conflicts, scan.misread_units), (2, 2, 0, 2));
/// let other = collate(&letters[0], &letters[2]).unwrap();
/// assert_eq!((other.changes, other.conflicts), (1, 1));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Collation {
    /// Letters of the left text.
    pub left: usize,
    /// Letters of the right text.
    pub right: usize,
    /// Letters to insert, remove or replace to make one of the other.
    pub edits: usize,
    /// Letters in misread changes, on the longer side of each.
    pub misread: usize,
    /// Words, and characters of scripts without spaces, in misread changes; numbers left out.
    pub misread_units: usize,
    /// Letters in all other changes, on the longer side of each.
    pub other: usize,
    /// Changes.
    pub changes: usize,
    /// Short changes in which the numbers of both sides conflict; of those in the same two numbers, two.
    pub conflicts: usize,
    /// Short changes of words that stand in the head, and are changed in the same way again.
    pub renamed: usize,
    /// Letters, on the longer side of each, in changes between head and foot in which both say something, and other things:
    /// neither misread nor left out.
    pub replaced: usize,
}

impl Collation {
    /// Share of the longer text that needs no edit.
    pub fn agreement(&self) -> f64 {
        1.0 - self.edits as f64 / self.left.max(self.right).max(1) as f64
    }

    /// Of all letters in changes, the share in misread ones.
    pub fn misread_share(&self) -> f64 {
        self.misread as f64 / (self.misread + self.other).max(1) as f64
    }

    /// Share of the longer text's letters in changes in which both say other things, between head and foot.
    pub fn replaced_share(&self) -> f64 {
        self.replaced as f64 / self.left.max(self.right).max(1) as f64
    }

    /// The same seen from the other side.
    pub fn swapped(self) -> Self {
        Self {
            left: self.right,
            right: self.left,
            ..self
        }
    }
}

/// Lays two texts beside each other; none where they don't run beside each other at all.
pub fn collate(left: &Letters, right: &Letters) -> Option<Collation> {
    // Which of several longest orders is taken must not depend on the sides.
    if right.letters() < left.letters() {
        return collate(right, left).map(Collation::swapped);
    }
    let chain = one_order(left.anchors(right));
    let least = IN_ORDER * left.len().min(right.len()) as f64;
    if (chain.len() as f64) < least {
        return None;
    }
    let mut collation = Collation {
        left: left.len(),
        right: right.len(),
        ..Collation::default()
    };
    let mut told = Told::default();
    let changes = changes(left, right, &chain);
    for change in changes
        .into_iter()
        .flat_map(|change| parted(left, right, change))
    {
        collation.count(left, right, &change, &mut told);
    }
    collation.conflicts = told.conflicts();
    collation.renamed = told.renamed();
    Some(collation)
}

/// Letters up to which the distance of whole texts costs less than to lay them beside each other.
const BRIEF: usize = 1000;

/// Can the [agreement](Collation::agreement) of two texts reach this? No order of theirs needs fewer edits than their distance.
pub(super) fn agreement_may_reach(left: &Letters, right: &Letters, least: f64) -> bool {
    let (left, right) = (left.letters(), right.letters());
    let longer = left.len().max(right.len());
    let most = ((1.0 - least) * longer as f64).ceil() as usize;
    let edits = || {
        let most = levenshtein::Args::default().score_cutoff(most);
        levenshtein::distance_with_args(left.iter().copied(), right.iter().copied(), &most)
    };
    longer > BRIEF || edits().is_some()
}

/// Letters that stand in one place of two texts.
type Change = (Range<usize>, Range<usize>);

impl Collation {
    fn count(&mut self, left: &Letters, right: &Letters, change: &Change, told: &mut Told) {
        let sides = [
            &left.letters()[change.0.clone()],
            &right.letters()[change.1.clone()],
        ];
        let longer = sides[0].len().max(sides[1].len());
        let edits = distance(sides[0], sides[1]);
        self.changes += 1;
        self.edits += edits;
        let (on_left, on_right) = (said(left, &change.0), said(right, &change.1));
        let conflict = !on_left.0.is_empty() && !on_right.0.is_empty() && on_left.0 != on_right.0;
        let units = on_left.1.max(on_right.1);
        let close = 1.0 - edits as f64 / longer.max(1) as f64 >= MISREAD;
        let character = longer <= CHARACTERS && sides.concat().into_iter().all(is_unspaced);
        let heads = change.0.start == 0 && change.1.start == 0;
        let feet = change.0.end == left.len() && change.1.end == right.len();
        let both = sides.iter().all(|side| !side.is_empty());
        if (close || character) && (units > 0 || !conflict) {
            self.misread += longer;
            self.misread_units += units;
        } else {
            self.other += longer;
            self.replaced += if both && !heads && !feet { longer } else { 0 };
        }
        // What a site puts before and behind a text has numbers of its own; a line may begin or end with one.
        let furnished = left.weight().max(right.weight()) >= SHORT && (heads || feet);
        if units > SLOT || furnished {
            return;
        }
        if conflict {
            told.numbers.push((on_left.0, on_right.0));
        } else if both {
            let head = left
                .units_before(change.0.start)
                .min(right.units_before(change.1.start))
                < HEAD;
            told.words
                .push((left.text(&change.0), right.text(&change.1), !head));
        }
    }
}

/// What stands in the places of a form, on the left and on the right.
#[derive(Default)]
struct Told {
    numbers: Vec<(String, String)>,
    /// With: behind the head.
    words: Vec<(String, String, bool)>,
}

impl Told {
    /// How many conflicts there are, one of the same two numbers counted twice at most: chapter 9 that became chapter 1 is one
    /// change, however often it is named.
    fn conflicts(&mut self) -> usize {
        self.numbers.sort_unstable();
        let same = self.numbers.chunk_by(|a, b| a == b);
        same.map(|same| same.len().min(2)).sum()
    }

    /// How often what stands in the head is called something else.
    fn renamed(&mut self) -> usize {
        self.words.sort_unstable();
        let same = self.words.chunk_by(|a, b| (&a.0, &a.1) == (&b.0, &b.1));
        let renamed = same.filter(|same| same.len() > 1 && !same[0].2);
        renamed.map(<[_]>::len).sum()
    }
}

/// Edits between two sides of a change; all of it, where it is too long to be looked at.
fn distance(left: &[char], right: &[char]) -> usize {
    let longer = left.len().max(right.len());
    if left.is_empty() || right.is_empty() || longer > CHANGE {
        return longer;
    }
    levenshtein::distance(left.iter().copied(), right.iter().copied())
}

/// The numbers of a range, as one string, and how many other units it has: `7月20日` and `720日` say the same digits, and only
/// lost a mark.
fn said(text: &Letters, range: &Range<usize>) -> (String, usize) {
    let (mut numbers, mut unit) = (String::new(), String::new());
    let mut words = 0;
    for range in text.units(range) {
        unit.clear();
        unit.extend(&text.letters()[range]);
        if is_number(&unit) {
            numbers.push_str(&unit);
        } else {
            words += 1;
        }
    }
    (numbers, words)
}

/// Of anchors by their left place, the longest choice that also ascends on the right. Cost: n log n, linear where most do.
fn one_order(anchors: Vec<(usize, usize)>) -> Vec<(usize, usize)> {
    if anchors.is_sorted_by(|a, b| a.1 < b.1) {
        return anchors;
    }
    // The anchor that ends the best order of each length, and for each anchor the one before it.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(anchors.len());
    for (i, &(_, right)) in anchors.iter().enumerate() {
        let follows = ends.last().is_none_or(|&last| anchors[last].1 < right);
        let length = if follows {
            ends.len()
        } else {
            ends.partition_point(|&end| anchors[end].1 < right)
        };
        before.push(length.checked_sub(1).map(|shorter| ends[shorter]));
        if length == ends.len() {
            ends.push(i);
        } else {
            ends[length] = i;
        }
    }
    let mut last = ends.last().copied();
    let mut chain = Vec::with_capacity(ends.len());
    while let Some(i) = last {
        chain.push(anchors[i]);
        last = before[i];
    }
    chain.reverse();
    chain
}

/// What stands before, between and behind the grams of a chain, by units.
fn changes(left: &Letters, right: &Letters, chain: &[(usize, usize)]) -> Vec<Change> {
    let mut found: Vec<Change> = Vec::new();
    let mut end = (0_usize, 0_usize);
    let ends = (left.len(), right.len());
    for &(l, r) in chain.iter().chain([&ends]) {
        let length = if (l, r) == ends {
            0
        } else {
            left.gram_length(l)
        };
        // Where a gram overlaps the one before differently in the two texts, its first letters are taken.
        let taken = end.0.saturating_sub(l).max(end.1.saturating_sub(r));
        if taken > length || (taken == length && length > 0) {
            continue;
        }
        let gap = (end.0..l + taken, end.1..r + taken);
        end = (l + length, r + length);
        if !gap.0.is_empty() || !gap.1.is_empty() {
            push(left, right, &mut found, gap);
        }
    }
    found
}

/// Adds a change without the letters that agree at its ends, grown to the edges of units; one that reaches the last becomes
/// one with it.
fn push(left: &Letters, right: &Letters, found: &mut Vec<Change>, gap: Change) {
    let (l, r) = (
        &left.letters()[gap.0.clone()],
        &right.letters()[gap.1.clone()],
    );
    let head = l.iter().zip(r).take_while(|(a, b)| a == b).count();
    let (l, r) = (&l[head..], &r[head..]);
    let foot = l
        .iter()
        .rev()
        .zip(r.iter().rev())
        .take_while(|(a, b)| a == b)
        .count();
    if l.len() == foot && r.len() == foot {
        return;
    }
    let mut change = (
        gap.0.start + head..gap.0.end - foot,
        gap.1.start + head..gap.1.end - foot,
    );
    let last = found.last().map_or((0, 0), |last| (last.0.end, last.1.end));
    let room = (change.0.start - last.0.min(change.0.start))
        .min(change.1.start - last.1.min(change.1.start));
    let edge =
        |back: &usize| left.is_edge(change.0.start - back) && right.is_edge(change.1.start - back);
    let back = (0..=room).take(LONGEST_UNIT).find(edge).unwrap_or(0);
    let alike = |on: &usize| {
        let (l, r) = (change.0.end + on, change.1.end + on);
        left.is_edge(l) && right.is_edge(r)
    };
    let same = |on: &usize| {
        *on == 0
            || left
                .letters()
                .get(change.0.end + on - 1)
                .is_some_and(|letter| right.letters().get(change.1.end + on - 1) == Some(letter))
    };
    let on = (0..LONGEST_UNIT).take_while(same).find(alike).unwrap_or(0);
    change = (
        change.0.start - back..change.0.end + on,
        change.1.start - back..change.1.end + on,
    );
    match found.last_mut() {
        Some(last) if change.0.start <= last.0.end && change.1.start <= last.1.end => {
            last.0.end = change.0.end.max(last.0.end);
            last.1.end = change.1.end.max(last.1.end);
        }
        _ => found.push(change),
    }
}

/// A change as several, where units in it agree that are no accident.
fn parted(left: &Letters, right: &Letters, change: Change) -> Vec<Change> {
    let units = [left.units(&change.0), right.units(&change.1)];
    if units
        .iter()
        .any(|units| units.len() < 2 || units.len() > CHANGE)
    {
        return vec![change];
    }
    let (l, r) = (pieces(left, &units[0]), pieces(right, &units[1]));
    let operations = capture_diff_slices(Algorithm::Histogram, &l, &r);
    let mut parts = Vec::new();
    let mut from = (change.0.start, change.1.start);
    // Fewer equal units than changed ones on both sides agree by accident.
    for run in equal_runs(&operations).filter(|run| run.length >= run.changed) {
        let (l, r, n) = (run.left, run.right, run.length);
        let (l, r) = (
            units[0][l].start..units[0][l + n - 1].end,
            units[1][r].start..units[1][r + n - 1].end,
        );
        parts.push((from.0..l.start.max(from.0), from.1..r.start.max(from.1)));
        from = (l.end, r.end);
    }
    parts.push((
        from.0..change.0.end.max(from.0),
        from.1..change.1.end.max(from.1),
    ));
    parts.retain(|(l, r)| !l.is_empty() || !r.is_empty());
    parts
}

fn pieces<'t>(text: &'t Letters, units: &[Range<usize>]) -> Vec<&'t [char]> {
    let pieces = units.iter().map(|unit| &text.letters()[unit.clone()]);
    pieces.collect()
}

/// Letters to either side after which no edge of a unit is looked for.
const LONGEST_UNIT: usize = 40;
