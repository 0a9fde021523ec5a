//! Which stretches do two texts have in common, wherever they stand?
//!
//! Every *anchor*, a shingle of one text met by an equal shingle of the other, is extended to both sides as far as the texts
//! agree. A default diff is no way there: looking for one common order it gives up on an article inside a compilation.
//!
//! Cost: each stretch is walked once; so linear in the texts for anchors that are rare.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use crate::signature::Seed;
use crate::verify::Reading;

/// Occurrences in one text up to which a shingle is an anchor: a refrain meets itself in too many places.
const OFTEN: usize = 4;

/// Consecutive shingles that both texts have.
///
/// ```
/// use reprint::verify::{Stretch, rare_anchors, stretches};
///
/// let (left, right) = ([1, 2, 3, 4, 9], [7, 2, 3, 4, 8]);
/// let found = stretches(&left, &right, rare_anchors(&left, &right));
/// assert_eq!(found, [Stretch { left: 1, right: 1, shingles: 3 }]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stretch {
    /// Its first shingle on the left.
    pub left: usize,
    /// And on the right.
    pub right: usize,
    /// How many there are.
    pub shingles: usize,
}

/// The longest stretches through `anchors` (places on the left and right), by their place on the left; of two anchors in
/// one stretch, one is enough. Stretches may overlap, where a text repeats itself.
pub fn stretches(
    left: &[u64],
    right: &[u64],
    anchors: impl IntoIterator<Item = (usize, usize)>,
) -> Vec<Stretch> {
    let mut found: Vec<Stretch> = Vec::new();
    // By diagonal: how far the last stretch on it goes.
    let mut reached: HashMap<usize, usize> = HashMap::new();
    for (l, r) in anchors {
        let diagonal = l + right.len() - r.min(right.len());
        let inside = reached.get(&diagonal).is_some_and(|&end| l < end);
        if inside || left.get(l).is_none() || left.get(l) != right.get(r) {
            continue;
        }
        let alike = |(a, b): &(&u64, &u64)| a == b;
        let before = left[..l].iter().rev().zip(right[..r].iter().rev());
        let before = before.take_while(alike).count();
        let after = left[l..].iter().zip(&right[r..]).take_while(alike).count();
        reached.insert(diagonal, l + after);
        found.push(Stretch {
            left: l - before,
            right: r - before,
            shingles: before + after,
        });
    }
    found.sort_unstable();
    found
}

/// Anchors for [`stretches`] from the seeds of two texts, each sorted by key: the places of equal seeds. Of one that either
/// text has more than four times, the first and the last places, which lead through a text that repeats itself.
pub fn seed_anchors(left: &[Seed], right: &[Seed]) -> Vec<(usize, usize)> {
    let mut anchors = Vec::new();
    let place = |seed: &Seed| seed.shingle as usize;
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
        if same.len() <= OFTEN && met.len() <= OFTEN {
            let pairs = same
                .iter()
                .flat_map(|l| met.iter().map(move |r| (place(l), place(r))));
            anchors.extend(pairs);
        } else if let (Some(first), Some(last)) = (met.first(), met.last()) {
            anchors.push((place(&same[0]), place(first)));
            anchors.push((place(&same[same.len() - 1]), place(last)));
        }
    }
    anchors.sort_unstable();
    anchors
}

/// Those of this key that a sorted list starts with.
fn of_key(seeds: &[Seed], key: u64) -> &[Seed] {
    let count = seeds.iter().take_while(|seed| seed.key == key).count();
    &seeds[..count]
}

/// The same from all shingles. Cost: a sort of both.
pub fn rare_anchors(left: &[u64], right: &[u64]) -> Vec<(usize, usize)> {
    let seeds = |hashes: &[u64]| {
        let seeds = hashes.iter().enumerate().map(|(shingle, &key)| Seed {
            key,
            shingle: shingle as u32,
        });
        let mut seeds: Vec<Seed> = seeds.collect();
        seeds.sort_unstable();
        seeds
    };
    seed_anchors(&seeds(left), &seeds(right))
}

/// Bytes of the folded forms that are equal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Block {
    pub(super) left: usize,
    pub(super) right: usize,
    pub(super) bytes: usize,
}

impl Block {
    pub(super) fn left_end(&self) -> usize {
        self.left + self.bytes
    }

    pub(super) fn right_end(&self) -> usize {
        self.right + self.bytes
    }
}

/// What two texts have between two blocks, as bytes of the folded forms.
pub(super) type Gap = (Range<usize>, Range<usize>);

/// The gaps before, between and behind blocks that ascend on both sides; one more than blocks. `ends` are the lengths of the
/// folded texts.
pub(super) fn gaps(ends: (usize, usize), blocks: &[Block]) -> Vec<Gap> {
    let mut from = (0, 0);
    let starts = blocks.iter().map(|block| (block.left, block.right));
    let behind = blocks
        .iter()
        .map(|block| (block.left_end(), block.right_end()));
    let bounds = starts.chain([ends]).zip(behind.chain([ends]));
    let gaps = bounds.map(|(to, next)| {
        let gap = (from.0..to.0, from.1..to.1);
        from = next;
        gap
    });
    gaps.collect()
}

/// The stretches as bytes, each with what was given with it, by their place on the left; cut so that none overlaps another in
/// either text: the longer one keeps what two claim.
pub(super) fn blocks<T: Copy>(
    left: &Reading<'_>,
    right: &Reading<'_>,
    stretches: &[(Stretch, T)],
) -> Vec<(Block, T)> {
    let block = |&(stretch, with): &(Stretch, T)| {
        let on_left = left.stretch(stretch.left, stretch.shingles);
        let on_right = right.stretch(stretch.right, stretch.shingles);
        // Shingles are equal; what no window covers between two of them need not be.
        let bytes = equal_bytes(
            &left.folded()[on_left.clone()],
            &right.folded()[on_right.clone()],
        );
        (
            Block {
                left: on_left.start,
                right: on_right.start,
                bytes,
            },
            with,
        )
    };
    let mut claims: Vec<(Block, T)> = stretches.iter().map(block).collect();
    claims.sort_by_key(|(block, _)| (Reverse(block.bytes), block.left, block.right));
    let (mut on_left, mut on_right) = (Taken::default(), Taken::default());
    let mut kept = Vec::new();
    for (block, with) in claims {
        let free = [
            on_left.free(block.left, block.bytes),
            on_right.free(block.right, block.bytes),
        ];
        let from = free[0].start.max(free[1].start);
        let to = free[0].end.min(free[1].end);
        if from < to {
            let block = Block {
                left: block.left + from,
                right: block.right + from,
                bytes: to - from,
            };
            on_left.take(block.left, block.bytes);
            on_right.take(block.right, block.bytes);
            kept.push((block, with));
        }
    }
    kept.sort_by_key(|(block, _)| block.left);
    kept
}

/// Bytes of the characters that two texts start with alike.
pub(super) fn equal_bytes(left: &str, right: &str) -> usize {
    if left == right {
        return left.len();
    }
    let alike = left.chars().zip(right.chars()).take_while(|(l, r)| l == r);
    alike.map(|(c, _)| c.len_utf8()).sum()
}

/// Parts of a text that blocks have taken: start and end.
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
