//! Which SimHash values are within k bits of each other?
//!
//! The method is multi-index hashing. If values are divided into m blocks, two values within k bits differ by at most k/m bits in at least
//! one block. Every value is filed under each of its 16-bit blocks, and looked up under all blocks that differ by that few bits.

use crate::error::Error;
use crate::lsh::buckets::ordered;
use crate::lsh::{CandidatePair, merge_pairs};
use crate::signature::SimHashWidth;

/// Maximum distance that can be searched, in bits, for 64-bit values. For 128-bit values it is twice as much.
pub const MAX_DISTANCE: u32 = 12;

const BLOCK_BITS: u32 = 16;

/// Maximum values with which a value is compared in one drawer, the values that agree in one 16-bit block. Of a larger drawer, the next
/// values in ascending order are taken, because they share the most leading bits.
const HOT_DRAWER: usize = 256;

/// All pairs of positions whose values differ in at most `distance` bits, ascending, each once.
///
/// Equal values are grouped first. Each value of a group is proposed with the smallest position of the group, so that copies cost linear
/// work. Two groups within the distance propose one pair, their smallest positions. Where more than 256 distinct values agree in 16 bits
/// (thousands of near-copies), each is compared only with the next 256 of them. Cost for n distinct 64-bit values at 12 bits: 1,108
/// look-ups for each value, and about `n²/60` comparisons if the values are random. Memory: 36 bytes for each distinct value.
///
/// ```
/// use reprint::{lsh::within_distance, signature::SimHashWidth};
///
/// let values = [0b0000, 0b0111, 0b1111_0000, 0b0000];
/// let pairs = within_distance(&values, SimHashWidth::Bits64, 3)?;
/// assert_eq!(pairs, [(0, 1), (0, 3)]);
/// # Ok::<(), reprint::Error>(())
/// ```
///
/// # Errors
///
/// Where `distance` is over [`MAX_DISTANCE`], or over twice as much for 128 bits.
pub fn within_distance(
    values: &[u128],
    width: SimHashWidth,
    distance: u32,
) -> Result<Vec<CandidatePair>, Error> {
    check_distance(width, distance)?;
    let mut pairs = Vec::new();
    let groups = group_equal(values, &mut pairs);
    for block in 0..width.bits() / BLOCK_BITS {
        if let Some(radius) = block_radius(block, width.bits() / BLOCK_BITS, distance) {
            search_block(&groups, block, radius, distance, &mut pairs);
        }
    }
    Ok(merge_pairs(pairs))
}

/// Checks that a distance is at most [`MAX_DISTANCE`], in proportion to the width.
pub(crate) fn check_distance(width: SimHashWidth, distance: u32) -> Result<(), Error> {
    let limit = MAX_DISTANCE * width.bits() / 64;
    if distance <= limit {
        return Ok(());
    }
    let limit = format!("it must be at most {limit} for {} bits", width.bits());
    Err(Error::setting("distance", distance, limit))
}

/// The distinct values with their smallest positions. The other positions of a value are paired with its smallest one.
fn group_equal(values: &[u128], pairs: &mut Vec<CandidatePair>) -> Vec<(u128, u32)> {
    let mut sorted: Vec<(u128, u32)> = values.iter().copied().zip(0..).collect();
    sorted.sort_unstable();
    for group in sorted.chunk_by(|a, b| a.0 == b.0) {
        pairs.extend(group[1..].iter().map(|&(_, other)| (group[0].1, other)));
    }
    sorted.dedup_by_key(|(value, _)| *value);
    sorted
}

/// The radius within which a block must be searched, in bits; `None` where it need not be searched. The sum of (radius + 1) over all blocks
/// is `distance` + 1: if two values differ in every block by more than its radius, their distance is larger than `distance`.
fn block_radius(block: u32, blocks: u32, distance: u32) -> Option<u32> {
    let (whole, rest) = (distance / blocks, distance % blocks);
    if block <= rest {
        Some(whole)
    } else {
        whole.checked_sub(1)
    }
}

fn search_block(
    groups: &[(u128, u32)],
    block: u32,
    radius: u32,
    distance: u32,
    pairs: &mut Vec<CandidatePair>,
) {
    let masks: Vec<u16> = (0..=u16::MAX)
        .filter(|mask| mask.count_ones() <= radius)
        .collect();
    let index = BlockIndex::new(groups, block);
    for (i, &(value, position)) in groups.iter().enumerate() {
        for mask in &masks {
            let near = index.filed_under(block_of(value, block) ^ mask);
            let later = &near[near.partition_point(|&j| j as usize <= i)..];
            let others = later.iter().take(HOT_DRAWER).map(|&j| groups[j as usize]);
            let close = others.filter(|(other, _)| (value ^ other).count_ones() <= distance);
            pairs.extend(close.map(|(_, other)| ordered(position, other)));
        }
    }
}

fn block_of(value: u128, block: u32) -> u16 {
    (value >> (block * BLOCK_BITS)) as u16
}

/// The groups filed by one block with a counting sort. Each drawer is ascending.
struct BlockIndex {
    ends: Vec<u32>,
    filed: Vec<u32>,
}

impl BlockIndex {
    fn new(groups: &[(u128, u32)], block: u32) -> Self {
        let drawer = |value| usize::from(block_of(value, block));
        let mut ends = vec![0_u32; 1 << BLOCK_BITS];
        for &(value, _) in groups {
            ends[drawer(value)] += 1;
        }
        let mut total = 0;
        for end in &mut ends {
            total += *end;
            *end = total - *end; // the start of the drawer; it becomes the end while the drawer fills
        }
        let mut filed = vec![0; groups.len()];
        for (i, &(value, _)) in groups.iter().enumerate() {
            let at = &mut ends[drawer(value)];
            filed[*at as usize] = i as u32;
            *at += 1;
        }
        Self { ends, filed }
    }

    fn filed_under(&self, drawer: u16) -> &[u32] {
        let drawer = usize::from(drawer);
        let start = drawer.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.filed[start as usize..self.ends[drawer] as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Position of the first equal value, which represents its group.
    fn first(values: &[u128], i: usize) -> usize {
        values
            .iter()
            .position(|value| *value == values[i])
            .unwrap_or(i)
    }

    fn brute_force(values: &[u128], distance: u32) -> Vec<CandidatePair> {
        let n = values.len();
        let pairs = (0..n).flat_map(|a| (a + 1..n).map(move |b| (a, b)));
        let near = pairs.filter(|&(a, b)| (values[a] ^ values[b]).count_ones() <= distance);
        let stars = near.filter(|&(a, b)| {
            first(values, a) == a && (first(values, b) == b || values[a] == values[b])
        });
        stars.map(|(a, b)| (a as u32, b as u32)).collect()
    }

    fn flipped(seeds: &[u64], flips: &[(prop::sample::Index, Vec<u32>)], width: u32) -> Vec<u128> {
        let wide = |&seed: &u64| {
            let value =
                u128::from(seed) | u128::from(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15)) << 64;
            if width == 64 {
                value & u128::from(u64::MAX)
            } else {
                value
            }
        };
        let mut values: Vec<u128> = seeds.iter().map(wide).collect();
        for (of, bits) in flips {
            let value = values[of.index(seeds.len())];
            values.push(
                bits.iter()
                    .fold(value, |value, bit| value ^ 1 << (bit % width)),
            );
        }
        values
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..Default::default() })]

        #[test]
        fn finds_exactly_what_brute_force_finds(
            seeds in prop::collection::vec(any::<u64>(), 1..6),
            flips in prop::collection::vec(
                (any::<prop::sample::Index>(), prop::collection::vec(0_u32..128, 0..20)), 0..40),
            distance in 0_u32..=12,
        ) {
            let values = flipped(&seeds, &flips, 64);
            prop_assert_eq!(
                within_distance(&values, SimHashWidth::Bits64, distance).unwrap(),
                brute_force(&values, distance)
            );
            let values = flipped(&seeds, &flips, 128);
            prop_assert_eq!(
                within_distance(&values, SimHashWidth::Bits128, 2 * distance).unwrap(),
                brute_force(&values, 2 * distance)
            );
        }
    }

    #[test]
    fn half_a_million_equal_values_cost_one_pair_each() {
        let pairs = within_distance(&vec![5; 500_000], SimHashWidth::Bits64, 12).unwrap();
        assert_eq!(pairs.len(), 499_999);
    }

    #[test]
    fn farther_than_can_be_searched_is_refused() {
        assert!(
            within_distance(&[], SimHashWidth::Bits64, 13)
                .unwrap_err()
                .is_setting()
        );
        assert!(within_distance(&[], SimHashWidth::Bits128, 24).is_ok());
    }
}
