//! Which few places of a long text will a quotation from it be found by?
//!
//! Signatures of whole texts can't see an article inside a compilation. Its *seeds* can: a seed is two shingles a fixed
//! distance apart, and of every window of seeds the one with the smallest hash is kept (winnowing: Schleimer, Wilkerson,
//! Aiken, "Winnowing: local algorithms for document fingerprinting", SIGMOD 2003). What is kept depends on the text of the
//! window alone, so two texts with a common passage as long as a window and a seed keep a common seed, wherever it stands.
//!
//! Lengths are weights of units ([`UnitKind::weight`](crate::shingle::UnitKind::weight)): a character of a script without spaces counts 1, a word 2. With
//! the default windows of 5 characters and 3 words, a common passage of [`GUARANTEED`] = 30 characters or 15 words always has a
//! common seed; a shorter one of 11 characters or 6 words has one with the probability of a window's minimum, about 1 in 10
//! for each character more. About every tenth shingle of characters and every sixth of words is kept.
//!
//! Cost: one pass, constant work a shingle.

use crate::shingle::{Shingles, UnitKind};
use crate::signature::mix;

/// Weight from the first shingle of a seed to its second: far enough that common phrases seldom make one.
const SPAN: usize = 6;

/// Weight of the seeds of which one is kept.
const WINDOW: usize = 20;

/// Shingles that a seed covers, at most.
pub(crate) const SEED_SHINGLES: usize = SPAN + 1;

/// Shingles from one kept seed to the next, at most.
pub(crate) const SEEDS_APART: usize = WINDOW;

/// Weight of the shortest common passage that surely has a common seed, for the default windows: the span, the window,
/// and the rest of the last shingle.
pub const GUARANTEED: usize = SPAN + WINDOW + 4;

/// A place of a text by which passages are found.
///
/// ```
/// use reprint::shingle::{Shingler, Shingles};
/// use reprint::signature::seeds;
///
/// let cut = |text: &str| {
///     let mut shingles = Shingles::default();
///     Shingler::default().cut_into(text, &mut shingles);
///     seeds(&shingles)
/// };
/// let quotation = "水来之前人先动灯亮之处有人守一个人也不能落下收稻子也是这个理";
/// let article = format!("郑水英记得市里的干部在会上讲过{quotation}夜里十点第一阵雨点打在晒谷场的油布上");
/// let speech = format!("他说{quotation}大家鼓掌");
/// let (article, speech) = (cut(&article), cut(&speech));
/// assert!(article.iter().any(|seed| speech.iter().any(|other| other.key == seed.key)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Seed {
    /// Equal for equal text.
    pub key: u64,
    /// Its first shingle, counted in text order.
    pub shingle: u32,
}

/// The seeds of a text, in text order. A text shorter than a window keeps one, a text shorter than a seed none.
pub fn seeds(shingles: &Shingles) -> Vec<Seed> {
    let keys = all_keys(shingles);
    let Some(&first) = keys.first() else {
        return Vec::new();
    };
    let mut kept: Vec<Seed> = Vec::with_capacity(keys.len() / 8 + 1);
    let mut smallest = seed(0, first);
    let (mut oldest, mut weight) = (0, 0);
    for (newest, (&key, kind)) in keys.iter().zip(&shingles.kinds).enumerate() {
        if key <= smallest.key {
            smallest = seed(newest, key);
        }
        weight += kind.weight();
        while weight >= WINDOW {
            if (smallest.shingle as usize) < oldest {
                smallest = last_smallest(&keys, oldest, newest);
            }
            if kept.last() != Some(&smallest) {
                kept.push(smallest);
            }
            weight -= shingles.kinds[oldest].weight();
            oldest += 1;
        }
    }
    if kept.is_empty() {
        kept.push(smallest);
    }
    kept
}

/// The distinct keys of a text's seeds. A buffer to use again.
#[derive(Debug, Default)]
pub(crate) struct SeedKeys {
    all: Vec<u64>,
    kept: Vec<u64>,
}

impl SeedKeys {
    /// The keys of [`seeds`], ascending, each once. In half the time, as nobody asks where they stand.
    pub(crate) fn of(&mut self, shingles: &Shingles) -> &[u64] {
        push_keys(shingles, &mut self.all);
        // The last is written again and again until a new one is found.
        let room = self.all.len() + 1;
        if self.kept.len() < room {
            self.kept.resize(room, 0);
        }
        let len = least_of_windows(&self.all, &shingles.kinds, &mut self.kept);
        let kept = &mut self.kept[..len];
        kept.sort_unstable();
        let distinct = dedup(kept);
        &kept[..distinct]
    }
}

/// Moves the distinct ones of ascending keys to the front; returns how many they are.
fn dedup(keys: &mut [u64]) -> usize {
    let mut len = keys.len().min(1);
    for at in 1..keys.len() {
        keys[len] = keys[at];
        len += usize::from(keys[len] != keys[len - 1]);
    }
    len
}

/// Writes the least key of every window, of equal neighbours one, and returns how many. A window is the end of one block and
/// the start of the next: of the block, the least keys up to its end are known from when it was met, of the rest a running
/// least; so no window is gone through again (van Herk, "A fast algorithm for local minimum and maximum filters", 1992).
fn least_of_windows(keys: &[u64], kinds: &[UnitKind], kept: &mut [u64]) -> usize {
    let mut block = Block::default();
    let (mut len, mut last, mut since, mut weight) = (0, 0, u64::MAX, 0);
    for (newest, (&key, kind)) in keys.iter().zip(kinds).enumerate() {
        since = since.min(key);
        weight += kind.weight();
        while weight >= WINDOW {
            if block.oldest == block.len {
                block.fill(keys, kinds, newest);
                since = u64::MAX;
                // The first window's least is new, whatever it is.
                last = if len == 0 { !block.to_end[0] } else { last };
            }
            let oldest = block.oldest % LONGEST_BLOCK;
            let least = block.to_end[oldest].min(since);
            // Without a branch: one in ten is new.
            kept[len] = least;
            len += usize::from(least != last);
            last = least;
            weight -= usize::from(block.weights[oldest]);
            block.oldest += 1;
        }
    }
    if len == 0 && !keys.is_empty() {
        kept[0] = since;
        return 1;
    }
    len
}

/// Seeds of a window, at most: each weighs 1.
const LONGEST_BLOCK: usize = 32;

/// The seeds of the window that was whole when the last block ended.
#[derive(Default)]
struct Block {
    /// The least key from each to the end.
    to_end: [u64; LONGEST_BLOCK],
    weights: [u8; LONGEST_BLOCK],
    len: usize,
    /// The first that is in the window.
    oldest: usize,
    /// Seeds of all blocks.
    before: usize,
}

impl Block {
    /// Takes the keys since the last block, up to `newest`.
    fn fill(&mut self, keys: &[u64], kinds: &[UnitKind], newest: usize) {
        let keys = &keys[self.before..=newest];
        let kinds = &kinds[self.before..=newest];
        for (weight, kind) in self.weights[..kinds.len()].iter_mut().zip(kinds) {
            *weight = *kind as u8;
        }
        let mut least = u64::MAX;
        for (to_end, &key) in self.to_end[..keys.len()].iter_mut().zip(keys).rev() {
            least = least.min(key);
            *to_end = least;
        }
        (self.len, self.oldest, self.before) = (keys.len(), 0, newest + 1);
    }
}

/// The key of the seed that starts with each shingle, as far as they go.
fn all_keys(shingles: &Shingles) -> Vec<u64> {
    let mut keys = Vec::new();
    push_keys(shingles, &mut keys);
    keys
}

/// The same, into a buffer; what it held is lost. Within a run of one kind, all seeds are equally long.
fn push_keys(Shingles { hashes, kinds }: &Shingles, keys: &mut Vec<u64>) {
    keys.clear();
    keys.reserve(hashes.len());
    let mut first = 0;
    while let Some(kind) = kinds.get(first) {
        let run = kinds[first..].iter().take_while(|other| *other == kind);
        let end = first + run.count();
        let span = SPAN.div_ceil(kind.weight());
        let within = (end + 1).saturating_sub(first + span);
        let pairs = hashes[first..].iter().zip(hashes.iter().skip(first + span));
        keys.extend(
            pairs
                .take(within)
                .map(|(first, second)| key(*first, *second)),
        );
        // Those that end in another kind, or not at all.
        for start in keys.len()..end {
            match second(kinds, start).and_then(|second| hashes.get(second)) {
                Some(second) => keys.push(key(hashes[start], *second)),
                None => return,
            }
        }
        first = end;
    }
}

#[inline]
fn key(first: u64, second: u64) -> u64 {
    mix(first ^ second.rotate_left(23))
}

/// Where the second shingle of the seed stands that starts with `first`; behind the last shingle, perhaps.
fn second(kinds: &[UnitKind], first: usize) -> Option<usize> {
    let mut span = 0;
    let reaches = |kind: &UnitKind| {
        span += kind.weight();
        span >= SPAN
    };
    let last = kinds[first..].iter().position(reaches)?;
    Some(first + last + 1)
}

fn last_smallest(keys: &[u64], from: usize, to: usize) -> Seed {
    let mut smallest = seed(from, keys[from]);
    for (at, &key) in keys[from..=to].iter().enumerate() {
        if key <= smallest.key {
            smallest = seed(from + at, key);
        }
    }
    smallest
}

fn seed(shingle: usize, key: u64) -> Seed {
    let shingle = shingle as u32;
    Seed { key, shingle }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    fn kind(word: bool) -> UnitKind {
        if word {
            UnitKind::Word
        } else {
            UnitKind::Character
        }
    }

    /// The definition, word for word.
    fn slow(Shingles { hashes, kinds }: &Shingles) -> Vec<Seed> {
        let weight = |from: usize, to: usize| {
            kinds[from..to]
                .iter()
                .map(|kind| kind.weight())
                .sum::<usize>()
        };
        let all = (0..hashes.len()).filter_map(|first| {
            let second = (first..hashes.len()).find(|&second| weight(first, second) >= SPAN)?;
            let key = mix(hashes[first] ^ hashes[second].rotate_left(23));
            Some(Seed {
                key,
                shingle: first as u32,
            })
        });
        let all: Vec<Seed> = all.collect();
        let windows = (0..all.len()).filter_map(|from| {
            let to = (from..=all.len()).find(|&to| weight(from, to) >= WINDOW)?;
            all[from..to].iter().rev().min_by_key(|seed| seed.key)
        });
        let mut kept: Vec<Seed> = windows.copied().collect();
        kept.dedup();
        if kept.is_empty() {
            kept.extend(all.iter().rev().min_by_key(|seed| seed.key));
        }
        kept
    }

    proptest! {
        #[test]
        fn one_pass_keeps_the_minima_of_all_windows(
            shingles in prop::collection::vec((0_u64..40, any::<bool>()), 0..150),
        ) {
            let (hashes, kinds): (Vec<u64>, Vec<UnitKind>) =
                shingles.into_iter().map(|(hash, word)| (hash, kind(word))).unzip();
            let shingles = Shingles { hashes, kinds };
            let slow = slow(&shingles);
            prop_assert_eq!(&seeds(&shingles), &slow);
            let distinct: BTreeSet<u64> = slow.iter().map(|seed| seed.key).collect();
            prop_assert_eq!(SeedKeys::default().of(&shingles).to_vec(), Vec::from_iter(distinct));
        }

        #[test]
        fn a_passage_of_the_guaranteed_length_keeps_a_common_seed(
            word in any::<bool>(),
            before in prop::collection::vec(any::<u64>(), 0..60),
            passage in prop::collection::vec(any::<u64>(), 26),
            after in prop::collection::vec(any::<u64>(), 0..60),
        ) {
            let shingles = (SPAN + WINDOW) / kind(word).weight();
            let passage = &passage[..shingles];
            let keys = |text: &[u64]| -> Vec<u64> {
                let shingles = Shingles { hashes: text.to_vec(), kinds: vec![kind(word); text.len()] };
                seeds(&shingles).iter().map(|seed| seed.key).collect()
            };
            let quoted = keys(&[&after, passage, &before].concat());
            let original = keys(&[&before, passage, &after].concat());
            prop_assert!(original.iter().any(|key| quoted.contains(key)));
        }
    }
}
