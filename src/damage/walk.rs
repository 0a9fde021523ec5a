//! Where do two readings agree?
//!
//! The walk goes letter by letter while the readings agree. Where they differ, it searches for the nearest place from which they agree again,
//! first near by, then further away. Cost: linear, since the letters hashed in these searches are limited for each letter of the texts.

use std::ops::Range;

use crate::damage::reading::{LetterKind, kind};

/// A stretch of letters that two readings have in common, with its start in each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Run {
    pub left: usize,
    pub right: usize,
    pub length: usize,
}

/// The windows of the search, in order: the number of letters searched, and the number of letters in a gram that must agree.
const WINDOWS: [(usize, usize); 4] = [(24, 4), (160, 6), (2000, 8), (1 << 17, 12)];

/// Maximum number of letters hashed for each letter of both texts. It keeps the wide windows few.
const WORK: usize = 24;

/// Letters of agreement required in addition to the gram, for each 32 letters passed over: agreement further away is more often an accident.
const PASSED: usize = 6;

/// The runs of two readings, ascending on both sides.
pub(super) fn walk(left: &[u32], right: &[u32]) -> Vec<Run> {
    let mut runs = Vec::new();
    let (mut l, mut r) = (0, 0);
    // The common end of both texts belongs together.
    let tail = equal_end(left, right);
    let (left_end, right_end) = (left.len() - tail, right.len() - tail);
    let mut work = WORK * (left.len() + right.len()) + 1000;
    let mut table = Table::default();
    loop {
        let length = equal_start(&left[l..left_end], &right[r..right_end]);
        if length > 0 {
            runs.push(Run {
                left: l,
                right: r,
                length,
            });
            (l, r) = (l + length, r + length);
        }
        if l == left_end || r == right_end {
            break;
        }
        let Some((on_left, on_right)) = resume(
            &left[l..left_end],
            &right[r..right_end],
            &mut work,
            &mut table,
        ) else {
            break;
        };
        (l, r) = (l + on_left, r + on_right);
    }
    if tail > 0 {
        runs.push(Run {
            left: left_end,
            right: right_end,
            length: tail,
        });
    }
    runs
}

/// The distances to the nearest place from which two readings agree again.
fn resume(
    left: &[u32],
    right: &[u32],
    work: &mut usize,
    table: &mut Table,
) -> Option<(usize, usize)> {
    for (window, gram) in WINDOWS {
        let (l, r) = (
            &left[..left.len().min(window + gram)],
            &right[..right.len().min(window + gram)],
        );
        if l.len() + r.len() > *work {
            return None;
        }
        *work -= l.len() + r.len();
        if let Some(found) = table.nearest((left, l.len()), (right, r.len()), gram) {
            return Some(found);
        }
        if l.len() == left.len() && r.len() == right.len() {
            break;
        }
    }
    None
}

/// Positions of grams, by their hash; the first position of a gram that occurs twice.
#[derive(Default)]
struct Table {
    slots: Vec<(u32, u32)>,
    /// Number of the current filling. Slots of older fillings count as empty, so that the table need not be cleared.
    filling: u32,
}

impl Table {
    fn nearest(
        &mut self,
        (left, l): (&[u32], usize),
        (right, r): (&[u32], usize),
        gram: usize,
    ) -> Option<(usize, usize)> {
        if l < gram || r < gram {
            return None;
        }
        self.fill(&left[..l], gram);
        let mut best: Option<(usize, usize)> = None;
        for at in 0..=r - gram {
            if best.is_some_and(|(x, y)| at >= x + y) {
                break;
            }
            let Some(there) = self.find(&right[at..at + gram]) else {
                continue;
            };
            let passed = at + there;
            if best.is_some_and(|(x, y)| passed >= x + y) {
                continue;
            }
            let asked = (gram + passed * PASSED / 32).min(16.max(gram));
            let (l, r) = (&left[there..], &right[at..]);
            let least = asked.min(l.len()).min(r.len());
            if equal_start(&l[..least.max(gram)], &r[..least.max(gram)]) >= least {
                best = Some((there, at));
            }
        }
        best
    }

    fn fill(&mut self, letters: &[u32], gram: usize) {
        let size = (2 * letters.len()).next_power_of_two();
        if self.slots.len() < size || self.filling == u32::MAX {
            self.slots = vec![(0, 0); size.max(self.slots.len())];
            self.filling = 0;
        }
        self.filling += 1;
        // From the end, so that the first position is kept.
        for at in (0..=letters.len() - gram).rev() {
            let slot = self.slot(&letters[at..at + gram]);
            self.slots[slot] = (self.filling, at as u32);
        }
    }

    fn find(&self, gram: &[u32]) -> Option<usize> {
        let (filling, at) = self.slots[self.slot(gram)];
        (filling == self.filling).then_some(at as usize)
    }

    fn slot(&self, gram: &[u32]) -> usize {
        hash(gram) as usize & (self.slots.len() - 1)
    }
}

/// A hash of a few letters.
#[inline]
pub(super) fn hash(letters: &[u32]) -> u64 {
    let hash = letters.iter().fold(0_u64, |hash, &letter| {
        (hash ^ u64::from(letter))
            .wrapping_mul(0x9E37_79B9_7F4A_7C15)
            .rotate_left(29)
    });
    hash ^ hash >> 32
}

fn equal_start(left: &[u32], right: &[u32]) -> usize {
    // Arrays of a fixed length are compared inline, without a call.
    let (l, r) = (left.as_chunks::<8>().0, right.as_chunks::<8>().0);
    let from = 8 * l.iter().zip(r).take_while(|(l, r)| l == r).count();
    from + left[from..]
        .iter()
        .zip(&right[from..])
        .take_while(|(l, r)| l == r)
        .count()
}

fn equal_end(left: &[u32], right: &[u32]) -> usize {
    left.iter()
        .rev()
        .zip(right.iter().rev())
        .take_while(|(l, r)| l == r)
        .count()
}

/// The gaps between the runs, as a range on each side. At least one of the two ranges is not empty.
pub(super) fn gaps(runs: &[Run], left: usize, right: usize) -> Vec<(Range<usize>, Range<usize>)> {
    let mut gaps = Vec::new();
    let (mut l, mut r) = (0, 0);
    let end = Run {
        left,
        right,
        length: 0,
    };
    for run in runs.iter().chain([&end]) {
        if l < run.left || r < run.right {
            gaps.push((l..run.left, r..run.right));
        }
        (l, r) = (run.left + run.length, run.right + run.length);
    }
    gaps
}

/// Adds runs of single characters to the runs. They are added where one side of a difference has all letters of the other side in
/// the same order, with more letters between them, as where the pronunciation is printed after each word. Differences in scripts
/// with spaces are left alone, since their letters often agree by accident.
pub(super) fn with_insertions(runs: Vec<Run>, left: &[u32], right: &[u32]) -> Vec<Run> {
    let unspaced = |letters: &[u32]| {
        letters
            .iter()
            .all(|&letter| kind(letter) == LetterKind::Unspaced)
    };
    let mut inserted = Vec::new();
    for (l, r) in gaps(&runs, left.len(), right.len()) {
        let (shorter, longer) = (l.len().min(r.len()), l.len().max(r.len()));
        if shorter == 0
            || longer == shorter
            || longer > LONGEST_INSERTED
            || !unspaced(&left[l.clone()])
            || !unspaced(&right[r.clone()])
        {
            continue;
        }
        let places = if l.len() == shorter {
            in_order(&left[l.clone()], &right[r.clone()])
                .map(|places| places.into_iter().enumerate().collect::<Vec<_>>())
        } else {
            in_order(&right[r.clone()], &left[l.clone()]).map(|places| {
                places
                    .into_iter()
                    .enumerate()
                    .map(|(there, here)| (here, there))
                    .collect()
            })
        };
        for (here, there) in places.into_iter().flatten() {
            inserted.push(Run {
                left: l.start + here,
                right: r.start + there,
                length: 1,
            });
        }
    }
    if inserted.is_empty() {
        return runs;
    }
    let mut runs = runs;
    runs.extend(inserted);
    runs.sort_unstable_by_key(|run| run.left);
    runs
}

/// Maximum number of letters of a difference that is searched for insertions.
const LONGEST_INSERTED: usize = 60;

/// The positions of the letters of `short` in `long`, in order, if all occur; each at the first place after the one before.
fn in_order(short: &[u32], long: &[u32]) -> Option<Vec<usize>> {
    let mut from = 0;
    let places = short.iter().map(|letter| {
        let at = from + long.get(from..)?.iter().position(|other| other == letter)?;
        from = at + 1;
        Some(at)
    });
    places.collect()
}
