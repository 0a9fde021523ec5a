//! One text, the *leader*, has common stretches with other texts. Which passages do these stretches make?
//!
//! Two texts often share one more word than the passage has, by chance. So stretches whose ends are close to each other are one passage:
//! their common core. A passage is in all texts that have a stretch around its core.

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::ops::Range;

/// Two passages in one place are different if their weights differ by the minimum weight of a passage, divided by this number. A third of
/// 30 is ten characters or five words, more than two texts share by chance.
const MIN_DIFFERENCE: usize = 3;

/// Folded bytes per unit of weight. They give the size of the window in which passages that are nearly the same start.
const BYTES_OF_WEIGHT: usize = 8;

/// Number of later passages that are tested for an overlap with each passage.
const MAX_CROSSED: usize = 16;

/// Maximum number of listed places of a passage. Further texts are only counted.
pub(super) const MAX_PLACES: usize = 1000;

/// Number of places per stretch of a leader, up to which each of its passages is listed with the texts of all longer passages around it. If
/// there are more (thousands of texts, each with other parts of the leader), a text is listed only in its own passages.
const MAX_PLACES_OF_STRETCH: usize = 4;

/// A common stretch of two texts, in bytes of the folded texts. The member may be the leader itself, further on in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct LedStretch {
    pub(super) leader: u32,
    pub(super) left: u32,
    pub(super) member: u32,
    pub(super) right: u32,
    pub(super) bytes: u32,
    pub(super) weight: u32,
    /// Do the passages of an earlier leader have it already?
    pub(super) repeated: bool,
}

impl LedStretch {
    fn range(&self) -> Range<usize> {
        self.left as usize..(self.left + self.bytes) as usize
    }

    fn in_member(&self) -> Range<usize> {
        self.right as usize..(self.right + self.bytes) as usize
    }
}

/// A passage of the leader, and its places.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Row {
    /// The range in the leader.
    pub(super) range: Range<usize>,
    /// Texts, and where the passage starts in each, ascending. The leader is one of them. Places in one text do not overlap.
    pub(super) places: Vec<(u32, usize)>,
    /// Number of different texts that have the passage.
    pub(super) texts: usize,
}

/// Marks the stretches that an earlier leader shares as well. A stretch of a member and a leader is marked if the member shares the same
/// stretch, or the same except for a little at the ends, with an earlier leader. Both texts are compared with that leader too, so its
/// passages include the stretch.
pub(super) fn mark_repeated(stretches: &mut [LedStretch], passage: usize) {
    let least = passage.div_ceil(MIN_DIFFERENCE) as u32;
    let window = BYTES_OF_WEIGHT as u32 * least;
    stretches.sort_unstable_by_key(|stretch| (stretch.member, stretch.right, *stretch));
    for of_member in stretches.chunk_by_mut(|a, b| a.member == b.member) {
        let ranges: Vec<Range<usize>> = of_member.iter().map(LedStretch::in_member).collect();
        let around = Around::new(&ranges);
        let repeated = (0..of_member.len()).map(|at| {
            let x = &of_member[at];
            let is_earlier = |y: &LedStretch| (y.leader, y.left) < (x.leader, x.left);
            let mut is_repeated = false;
            around.each(&ranges[at], |other| {
                is_repeated |= is_earlier(&of_member[other])
            });
            let from = ranges.partition_point(|range| range.start < ranges[at].start);
            let mut near = of_member[from..]
                .iter()
                .take_while(|y| y.right <= x.right + window);
            is_repeated
                || near.any(|y| {
                    y.right + y.bytes <= x.right + x.bytes
                        && x.weight - y.weight.min(x.weight) < least
                        && is_earlier(y)
                })
        });
        let repeated: Vec<bool> = repeated.collect();
        for (stretch, repeated) in of_member.iter_mut().zip(repeated) {
            stretch.repeated = repeated;
        }
    }
}

/// The passages that the stretches of one leader make, by their place in the leader. `weigh` returns the weight of a range of the leader,
/// and `passage` is the minimum weight. Cost: a sort of the stretches, and each place that is listed.
pub(super) fn rows(
    stretches: &[LedStretch],
    passage: usize,
    weigh: impl Fn(Range<usize>) -> usize,
) -> Vec<Row> {
    let Some(leader) = stretches.first().map(|stretch| stretch.leader) else {
        return Vec::new();
    };
    let mut cores = cores(stretches, passage, weigh).cores;
    cores.sort_unstable_by_key(|core| (core.range.start, core.range.end));
    let mut by_start: Vec<&LedStretch> = stretches.iter().collect();
    by_start.sort_unstable_by_key(|stretch| stretch.left);
    let ranges: Vec<Range<usize>> = by_start.iter().map(|stretch| stretch.range()).collect();
    let around = Around::new(&ranges);
    let mut room = MAX_PLACES + MAX_PLACES_OF_STRETCH * stretches.len();
    let rows = cores.into_iter().filter_map(|core| {
        let mut places = vec![(leader, core.range.start)];
        let place = |stretch: &LedStretch| {
            let before = core.range.start - stretch.left as usize;
            (stretch.member, stretch.right as usize + before)
        };
        if room > 0 {
            around.each(&core.range, |at| places.push(place(by_start[at])));
        } else {
            places.extend(core.own.iter().map(|&at| place(&stretches[at])));
        }
        room = room.saturating_sub(places.len());
        row(core.range, places)
    });
    let rows: Vec<Row> = rows.collect();
    if room > 0 { without_parts(rows) } else { rows }
}

/// Drops passages that are parts of a longer passage and are nowhere else. Texts that repeat themselves have such passages.
fn without_parts(rows: Vec<Row>) -> Vec<Row> {
    let mut order: Vec<usize> = (0..rows.len()).collect();
    order.sort_unstable_by_key(|&at| {
        let Row {
            range,
            places,
            texts,
        } = &rows[at];
        (*texts, places.len(), range.start, Reverse(range.end))
    });
    let mut is_part = vec![false; rows.len()];
    for alike in order.chunk_by(|&a, &b| {
        let counts = |row: &Row| (row.texts, row.places.len());
        counts(&rows[a]) == counts(&rows[b])
    }) {
        let mut end = 0;
        for &at in alike {
            is_part[at] = rows[at].range.end <= end;
            end = end.max(rows[at].range.end);
        }
    }
    let parts = rows.into_iter().zip(is_part);
    parts
        .filter_map(|(row, is_part)| (!is_part).then_some(row))
        .collect()
}

/// A passage with its places. `None` if only one text has it.
fn row(range: Range<usize>, mut places: Vec<(u32, usize)>) -> Option<Row> {
    places.sort_unstable();
    let mut last: Option<(u32, usize)> = None;
    places.retain(|&(text, start)| {
        let free = last.is_none_or(|(before, end)| before != text || end <= start);
        if free {
            last = Some((text, start + range.len()));
        }
        free
    });
    let texts = places.chunk_by(|a, b| a.0 == b.0).count();
    places.truncate(MAX_PLACES);
    (texts > 1).then_some(Row {
        range,
        places,
        texts,
    })
}

/// The common core of stretches whose ends are close to each other.
struct Core {
    range: Range<usize>,
    /// The weight of the first range that made the core.
    weight: usize,
    /// The stretches that belong to the core.
    own: Vec<usize>,
}

/// The cores of all stretches that are not repeated, the shortest first, so that a short passage exists before the longer ones around it.
/// Then the common part of each two overlapping cores is added, because the texts of both have it.
fn cores<W: Fn(Range<usize>) -> usize>(
    stretches: &[LedStretch],
    passage: usize,
    weigh: W,
) -> Cores<W> {
    let mut order: Vec<usize> = (0..stretches.len()).collect();
    order.retain(|&at| !stretches[at].repeated);
    order.sort_unstable_by_key(|&at| (stretches[at].bytes, stretches[at]));
    let mut cores = Cores {
        cores: Vec::new(),
        starts: BTreeSet::new(),
        passage,
        weigh,
    };
    for at in order {
        let stretch = &stretches[at];
        cores.add(stretch.range(), stretch.weight as usize, Some(at));
    }
    let mut ranges: Vec<Range<usize>> = cores.cores.iter().map(|core| core.range.clone()).collect();
    ranges.sort_unstable_by_key(|range| (range.start, range.end));
    for (at, first) in ranges.iter().enumerate() {
        let overlapping = ranges[at + 1..]
            .iter()
            .take(MAX_CROSSED)
            .take_while(|second| second.start < first.end);
        for second in overlapping.filter(|second| second.end > first.end) {
            let common = second.start..first.end;
            let weight = (cores.weigh)(common.clone());
            if weight >= passage {
                cores.add(common, weight, None);
            }
        }
    }
    cores
}

/// The cores so far, and where they start.
struct Cores<W> {
    cores: Vec<Core>,
    starts: BTreeSet<(usize, usize)>,
    passage: usize,
    weigh: W,
}

impl<W: Fn(Range<usize>) -> usize> Cores<W> {
    /// Adds a range to a core that is close to it, or else as a separate core. `own` is the stretch of the range, if it has one.
    fn add(&mut self, range: Range<usize>, weight: usize, own: Option<usize>) {
        match self.close(&range, weight) {
            Some((core, common)) => {
                let known = &mut self.cores[core];
                if known.range.start != common.start {
                    self.starts.remove(&(known.range.start, core));
                    self.starts.insert((common.start, core));
                }
                known.range = common;
                known.own.extend(own);
            }
            None => {
                self.starts.insert((range.start, self.cores.len()));
                self.cores.push(Core {
                    range,
                    weight,
                    own: own.into_iter().collect(),
                });
            }
        }
    }

    /// The core with nearly the same ends as a range, and the common part of both.
    fn close(&self, range: &Range<usize>, weight: usize) -> Option<(usize, Range<usize>)> {
        let least = self.passage.div_ceil(MIN_DIFFERENCE);
        let window = BYTES_OF_WEIGHT * least;
        let near = (range.start.saturating_sub(window), 0)..(range.start + window + 1, 0);
        self.starts.range(near).find_map(|&(_, core)| {
            let known = &self.cores[core];
            let common = range.start.max(known.range.start)..range.end.min(known.range.end);
            if common.start >= common.end || range.len() - common.len() > window {
                return None;
            }
            let of_common = match common == *range {
                true => weight,
                false => (self.weigh)(common.clone()),
            };
            let same = of_common >= self.passage && weight.max(known.weight) - of_common < least;
            same.then_some((core, common))
        })
    }
}

/// Finds all ranges that contain a range. It is a tree over the ranges, by their start. Each node has the furthest end of its ranges.
struct Around {
    starts: Vec<usize>,
    /// The inner nodes, then as many leaves; the number of leaves is a power of two.
    ends: Vec<usize>,
}

impl Around {
    /// The starts of the ranges must ascend.
    fn new(ranges: &[Range<usize>]) -> Self {
        let leaves = ranges.len().next_power_of_two();
        let mut ends = vec![0; 2 * leaves];
        for (at, range) in ranges.iter().enumerate() {
            ends[leaves + at] = range.end;
        }
        for node in (1..leaves).rev() {
            ends[node] = ends[2 * node].max(ends[2 * node + 1]);
        }
        let starts = ranges.iter().map(|range| range.start).collect();
        Self { starts, ends }
    }

    /// Calls `found` with the place of every range that contains this range.
    fn each(&self, range: &Range<usize>, mut found: impl FnMut(usize)) {
        let leaves = self.ends.len() / 2;
        let starting = self.starts.partition_point(|&start| start <= range.start);
        // Each node, with its first leaf and its number of leaves.
        let mut open = vec![(1, 0, leaves)];
        while let Some((node, first, count)) = open.pop() {
            if first >= starting || self.ends[node] < range.end {
                continue;
            }
            if node >= leaves {
                found(first);
                continue;
            }
            let half = count / 2;
            open.push((2 * node, first, half));
            open.push((2 * node + 1, first + half, half));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A stretch of characters of weight 1, of one byte each.
    fn stretch(left: u32, member: u32, right: u32, bytes: u32) -> LedStretch {
        LedStretch {
            leader: 0,
            left,
            member,
            right,
            bytes,
            weight: bytes,
            repeated: false,
        }
    }

    fn told(stretches: &[LedStretch]) -> Vec<(Range<usize>, usize)> {
        let rows = rows(stretches, 30, |range| range.len()).into_iter();
        rows.map(|row| (row.range, row.texts)).collect()
    }

    proptest! {
        #[test]
        fn the_tree_finds_every_stretch_around_a_range(
            given in prop::collection::vec((0_u32..40, 1_u32..30), 1..40),
            (start, length) in (0_usize..50, 1_usize..20),
        ) {
            let stretches: Vec<LedStretch> = given.iter().map(|&(left, bytes)| stretch(left, 1, 0, bytes)).collect();
            let mut by_start: Vec<&LedStretch> = stretches.iter().collect();
            by_start.sort_unstable_by_key(|stretch| stretch.left);
            let range = start..start + length;
            let mut found = Vec::new();
            let ranges: Vec<Range<usize>> = by_start.iter().map(|stretch| stretch.range()).collect();
            Around::new(&ranges).each(&range, |at| found.push(at));
            found.sort_unstable();
            let is_around = |at: &usize| {
                let of = by_start[*at].range();
                of.start <= range.start && of.end >= range.end
            };
            prop_assert_eq!(found, (0..by_start.len()).filter(is_around).collect::<Vec<_>>());
        }
    }

    #[test]
    fn stretches_whose_ends_are_close_are_one_passage_and_a_longer_one_is_another() {
        let close = [
            stretch(10, 1, 0, 100),
            stretch(8, 2, 5, 103),
            stretch(11, 3, 0, 101),
        ];
        assert_eq!(told(&close), [(11..110, 4)]);
        let longer = [stretch(10, 1, 0, 100), stretch(0, 2, 5, 160)];
        assert_eq!(told(&longer), [(0..160, 2), (10..110, 3)]);
    }

    #[test]
    fn what_two_overlapping_stretches_have_in_common_is_a_passage_of_both() {
        let overlapping = [stretch(0, 1, 0, 100), stretch(60, 2, 0, 100)];
        assert_eq!(
            told(&overlapping),
            [(0..100, 2), (60..100, 3), (60..160, 2)]
        );
    }

    #[test]
    fn a_passage_that_stands_nowhere_but_in_a_longer_one_is_not_told() {
        let refrain = [
            stretch(0, 1, 0, 200),
            stretch(0, 1, 40, 160),
            stretch(0, 0, 40, 160),
        ];
        assert_eq!(told(&refrain), [(0..200, 2)]);
    }

    #[test]
    fn what_an_earlier_leader_tells_is_no_passage_of_a_later_one() {
        let later = LedStretch {
            leader: 1,
            ..stretch(300, 2, 50, 104)
        };
        let mut stretches = vec![later, stretch(0, 2, 52, 100), stretch(0, 1, 302, 100)];
        mark_repeated(&mut stretches, 30);
        let repeated = stretches.iter().filter(|stretch| stretch.repeated);
        assert_eq!(
            repeated.map(|stretch| stretch.leader).collect::<Vec<_>>(),
            [1]
        );
    }
}
