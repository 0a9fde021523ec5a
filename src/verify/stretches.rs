//! Which stretches do two texts have in common, wherever they are?
//!
//! An *anchor* is a shingle of one text with an equal shingle of the other. Each anchor is extended to both sides as far as the
//! texts agree. A general diff does not work here: it looks for one common order, so it fails on an article inside a compilation.
//!
//! Cost: a sort of the anchors, and one comparison of each stretch, eight bytes at a time.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::ops::Range;

use crate::shingle::{Shingles, is_boundary};
use crate::signature::Seed;

/// Maximum occurrences in one text of a shingle that is an anchor. A refrain would have too many pairs of places.
const MAX_OCCURRENCES: usize = 4;

/// Whole units that two folded texts have in common, in bytes.
///
/// ```
/// use reprint::verify::{Stretch, stretches};
///
/// let (left, right) = ("before the water comes", "he said before the water came");
/// let found = stretches(left, right, vec![(7, 15)]);
/// assert_eq!(found, [Stretch { left: 0, right: 8, bytes: "before the water".len() }]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stretch {
    /// Start on the left.
    pub left: usize,
    /// Start on the right.
    pub right: usize,
    /// Length in bytes.
    pub bytes: usize,
}

impl Stretch {
    /// End on the left.
    pub fn left_end(&self) -> usize {
        self.left + self.bytes
    }

    /// End on the right.
    pub fn right_end(&self) -> usize {
        self.right + self.bytes
    }
}

/// The longest stretches through `anchors`, ordered by their place on the left. An anchor is a place on the left and a place on the
/// right where a unit starts; further anchors inside a stretch change nothing. Stretches may overlap where a text repeats itself.
pub fn stretches(left: &str, right: &str, mut anchors: Vec<(usize, usize)>) -> Vec<Stretch> {
    let diagonal = |(l, r): (usize, usize)| l.wrapping_sub(r);
    anchors.sort_unstable_by_key(|&anchor| (diagonal(anchor), anchor.0));
    let mut found: Vec<Stretch> = Vec::new();
    for (l, r) in anchors {
        let inside = found.last().is_some_and(|last| {
            diagonal((last.left, last.right)) == diagonal((l, r)) && l < last.left_end()
        });
        if !inside {
            found.extend(extend_anchor(left, right, l, r));
        }
    }
    found.sort_unstable();
    found
}

/// The stretch through one anchor.
fn extend_anchor(left: &str, right: &str, l: usize, r: usize) -> Option<Stretch> {
    let at_boundary = |l, r| is_boundary(left, l) && is_boundary(right, r);
    let (left_bytes, right_bytes) = (left.as_bytes(), right.as_bytes());
    if !at_boundary(l, r) {
        return None;
    }
    let mut after = equal_start(&left_bytes[l..], &right_bytes[r..]);
    while !at_boundary(l + after, r + after) || (after > 0 && left_bytes[l + after - 1] == b' ') {
        after -= 1;
    }
    let mut before = equal_end(&left_bytes[..l], &right_bytes[..r]);
    while !at_boundary(l - before, r - before) || (before > 0 && left_bytes[l - before] == b' ') {
        before -= 1;
    }
    (after > 0).then_some(Stretch {
        left: l - before,
        right: r - before,
        bytes: before + after,
    })
}

/// Number of equal bytes at the start of two texts.
fn equal_start(left: &[u8], right: &[u8]) -> usize {
    let (left_words, right_words) = (left.chunks_exact(8), right.chunks_exact(8));
    let alike = left_words.zip(right_words).take_while(|(l, r)| l == r);
    let from = 8 * alike.count();
    let rest = left[from..].iter().zip(&right[from..]);
    from + rest.take_while(|(l, r)| l == r).count()
}

/// Number of equal bytes at the end of two texts.
fn equal_end(left: &[u8], right: &[u8]) -> usize {
    let (left_words, right_words) = (left.rchunks_exact(8), right.rchunks_exact(8));
    let alike = left_words.zip(right_words).take_while(|(l, r)| l == r);
    let behind = 8 * alike.count();
    let (left, right) = (&left[..left.len() - behind], &right[..right.len() - behind]);
    let rest = left.iter().rev().zip(right.iter().rev());
    behind + rest.take_while(|(l, r)| l == r).count()
}

/// Anchors for [`stretches`] from the seeds of two texts, each sorted by key: the places of equal seeds. If either text has a seed
/// more than four times, only its first places in the two texts form an anchor, and its last places. These lead through a text that
/// repeats itself.
pub fn seed_anchors(left: &[Seed], right: &[Seed]) -> Vec<(usize, usize)> {
    let mut anchors = Vec::new();
    let place = |seed: &Seed| seed.place as usize;
    let (mut l, mut r) = (0, 0);
    while let (Some(a), Some(b)) = (left.get(l), right.get(r)) {
        if a.key != b.key {
            l += usize::from(a.key < b.key);
            r += usize::from(b.key < a.key);
            continue;
        }
        let same = of_key(&left[l..], a.key);
        let met = of_key(&right[r..], a.key);
        (l, r) = (l + same.len(), r + met.len());
        if same.len() <= MAX_OCCURRENCES && met.len() <= MAX_OCCURRENCES {
            let pairs = same
                .iter()
                .flat_map(|l| met.iter().map(move |r| (place(l), place(r))));
            anchors.extend(pairs);
        } else if let (Some(first), Some(last)) = (met.first(), met.last()) {
            anchors.push((place(&same[0]), place(first)));
            anchors.push((place(&same[same.len() - 1]), place(last)));
        }
    }
    anchors
}

/// The seeds with this key at the start of a sorted list.
fn of_key(seeds: &[Seed], key: u64) -> &[Seed] {
    let count = seeds.iter().take_while(|seed| seed.key == key).count();
    &seeds[..count]
}

/// As [`seed_anchors`], from all shingles. Cost: a sort of both.
pub fn rare_anchors(left: &Shingles, right: &Shingles) -> Vec<(usize, usize)> {
    let seeds = |shingles: &Shingles| {
        let seeds = shingles.hashes.iter().zip(&shingles.starts);
        let mut seeds: Vec<Seed> = seeds.map(|(&key, &place)| Seed { key, place }).collect();
        seeds.sort_unstable();
        seeds
    };
    seed_anchors(&seeds(left), &seeds(right))
}

/// The gap between two stretches, as bytes of the two folded texts.
pub(super) type Gap = (Range<usize>, Range<usize>);

/// The gaps before, between and after stretches that ascend on both sides: one more than there are stretches. `ends` are the
/// lengths of the folded texts.
pub(super) fn gaps(ends: (usize, usize), stretches: &[Stretch]) -> Vec<Gap> {
    let mut from = (0, 0);
    let starts = stretches
        .iter()
        .map(|stretch| (stretch.left, stretch.right));
    let behind = stretches
        .iter()
        .map(|stretch| (stretch.left_end(), stretch.right_end()));
    let bounds = starts.chain([ends]).zip(behind.chain([ends]));
    let gaps = bounds.map(|(to, next)| {
        let gap = (from.0..to.0, from.1..to.1);
        from = next;
        gap
    });
    gaps.collect()
}

/// The stretches, cut so that no two overlap in either text, ordered by their place on the left. Where two overlap, the longer one
/// keeps the common part. Each keeps the value that was given with it.
pub(super) fn disjoint<T: Copy>(stretches: &[(Stretch, T)]) -> Vec<(Stretch, T)> {
    let mut claims = stretches.to_vec();
    claims.sort_by_key(|(stretch, _)| (Reverse(stretch.bytes), stretch.left, stretch.right));
    let (mut on_left, mut on_right) = (Taken::default(), Taken::default());
    let mut kept = Vec::new();
    for (stretch, with) in claims {
        let free = [
            on_left.free(stretch.left, stretch.bytes),
            on_right.free(stretch.right, stretch.bytes),
        ];
        let from = free[0].start.max(free[1].start);
        let to = free[0].end.min(free[1].end);
        if from < to {
            let stretch = Stretch {
                left: stretch.left + from,
                right: stretch.right + from,
                bytes: to - from,
            };
            on_left.take(stretch.left, stretch.bytes);
            on_right.take(stretch.right, stretch.bytes);
            kept.push((stretch, with));
        }
    }
    kept.sort_by_key(|(stretch, _)| stretch.left);
    kept
}

/// Number of bytes of the equal characters at the start of two texts.
pub(super) fn equal_bytes(left: &str, right: &str) -> usize {
    let mut alike = equal_start(left.as_bytes(), right.as_bytes());
    while !left.is_char_boundary(alike) || !right.is_char_boundary(alike) {
        alike -= 1;
    }
    alike
}

/// The parts of a text that stretches have taken, from start to end.
#[derive(Default)]
struct Taken(BTreeMap<usize, usize>);

impl Taken {
    /// The first free part of `bytes` from `start` on, as offsets from `start`.
    fn free(&self, start: usize, bytes: usize) -> Range<usize> {
        let before = self.0.range(..=start).next_back();
        let from = before.map_or(start, |(_, &end)| end.max(start));
        let next = self.0.range(start + 1..).next();
        let to = next.map_or(start + bytes, |(&next, _)| next.min(start + bytes));
        from - start..to.max(from) - start
    }

    fn take(&mut self, start: usize, bytes: usize) {
        self.0.insert(start, start + bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shingle::{Shingler, units};
    use proptest::prelude::*;

    /// As above, unit by unit: the whole units in which two texts agree before and after an anchor.
    fn slow(left: &str, right: &str, l: usize, r: usize) -> Option<Stretch> {
        let (on_left, on_right) = (units(left), units(right));
        let first = on_left.iter().position(|unit| unit.start == l)?;
        let met = on_right.iter().position(|unit| unit.start == r)?;
        let alike = |(a, b): &(&Range<usize>, &Range<usize>)| {
            left[a.start..a.end] == right[b.start..b.end]
                && a.start.wrapping_sub(l) == b.start.wrapping_sub(r)
        };
        let after = on_left[first..].iter().zip(&on_right[met..]);
        let last = after.take_while(alike).last()?.0;
        let before = on_left[..first]
            .iter()
            .rev()
            .zip(on_right[..met].iter().rev());
        let start = before
            .take_while(alike)
            .last()
            .map_or(l, |(unit, _)| unit.start);
        Some(Stretch {
            left: start,
            right: r - (l - start),
            bytes: last.end - start,
        })
    }

    proptest! {
        #[test]
        fn a_stretch_is_as_long_as_both_agree_unit_by_unit(
            left in "[abc 1水来]{0,40}",
            right in "[abc 1水来]{0,40}",
            at in any::<(prop::sample::Index, prop::sample::Index)>(),
        ) {
            let (on_left, on_right) = (units(&left), units(&right));
            prop_assume!(!on_left.is_empty() && !on_right.is_empty());
            let (l, r) = (at.0.get(&on_left).start, at.1.get(&on_right).start);
            let found = stretches(&left, &right, vec![(l, r)]);
            prop_assert_eq!(found, Vec::from_iter(slow(&left, &right, l, r)));
        }

        #[test]
        fn both_ends_are_compared_byte_by_byte(
            left in prop::collection::vec(0_u8..2, 0..40),
            right in prop::collection::vec(0_u8..2, 0..40),
        ) {
            let start = left.iter().zip(&right).take_while(|(l, r)| l == r).count();
            let end = left.iter().rev().zip(right.iter().rev()).take_while(|(l, r)| l == r).count();
            prop_assert_eq!((equal_start(&left, &right), equal_end(&left, &right)), (start, end));
        }

        #[test]
        fn no_two_overlap(claims in prop::collection::vec((0_usize..40, 0_usize..40, 1_usize..20), 0..20)) {
            let claims: Vec<(Stretch, ())> = claims
                .into_iter()
                .map(|(left, right, bytes)| (Stretch { left, right, bytes }, ()))
                .collect();
            let kept = disjoint(&claims);
            for (i, (a, ())) in kept.iter().enumerate() {
                for (b, ()) in &kept[i + 1..] {
                    prop_assert!(a.left_end() <= b.left);
                    prop_assert!(a.right_end() <= b.right || b.right_end() <= a.right);
                }
            }
        }
    }

    #[test]
    fn an_anchor_amid_a_word_or_behind_the_end_leads_nowhere() {
        assert!(stretches("water", "water", vec![(1, 1), (9, 9), (0, 2)]).is_empty());
    }

    #[test]
    fn a_text_that_repeats_itself_is_walked_from_its_first_and_last_places() {
        let cut = |text: &str| {
            let mut shingles = Shingles::default();
            Shingler::default().cut_into(text, &mut shingles);
            shingles
        };
        let refrain = "水来之前人先动".repeat(6);
        let anchors = rare_anchors(&cut(&refrain), &cut(&refrain));
        let found = stretches(&refrain, &refrain, anchors);
        let whole = Stretch {
            left: 0,
            right: 0,
            bytes: refrain.len(),
        };
        assert!(found.contains(&whole));
    }
}
