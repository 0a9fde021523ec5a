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

use crate::kernels;
use crate::shingle::{Shingles, UnitKind};
use crate::signature::mix;

/// Weight from the first shingle of a seed to its second: far enough that common phrases seldom make one.
const SPAN: usize = 6;

/// Weight of the seeds of which one is kept.
const WINDOW: usize = kernels::WINDOW;

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
    keys: Vec<u64>,
    /// Each key as often as it weighs: so all windows are equally long.
    spread: Vec<u64>,
    kept: Vec<u64>,
}

impl SeedKeys {
    /// The keys of [`seeds`], ascending, each once. In a third of the time, as nobody asks where they stand.
    pub(crate) fn of(&mut self, shingles: &Shingles) -> &[u64] {
        push_keys(shingles, &mut self.keys);
        let weight = spread(&self.keys, &shingles.kinds, &mut self.spread);
        if weight < WINDOW {
            self.kept.clear();
            self.kept.extend(self.keys.iter().min());
            return &self.kept;
        }
        kernels::least_of_windows(&mut self.spread[..weight]);
        let len = self.keep_new(&shingles.kinds, weight);
        let kept = &mut self.kept[..len];
        kept.sort_unstable();
        let distinct = dedup(kept);
        &kept[..distinct]
    }

    /// Keeps the least key of every window, of equal neighbours one; returns how many.
    fn keep_new(&mut self, kinds: &[UnitKind], weight: usize) -> usize {
        // The last is written again and again until a new one is found.
        if self.kept.len() <= self.keys.len() {
            self.kept.resize(self.keys.len() + 1, 0);
        }
        let least = &self.spread[..=weight - WINDOW];
        let (mut len, mut at, mut last) = (0, 0, !least[0]);
        for kind in kinds {
            let Some(&least) = least.get(at) else {
                break;
            };
            // Without a branch: one in ten is new.
            self.kept[len] = least;
            len += usize::from(least != last);
            last = least;
            at += kind.weight();
        }
        len
    }
}

/// Writes each key as often as it weighs, and returns how often that was.
fn spread(keys: &[u64], kinds: &[UnitKind], spread: &mut Vec<u64>) -> usize {
    let room = UnitKind::Word.weight() * keys.len() + 1;
    if spread.len() < room {
        spread.resize(room, 0);
    }
    let mut at = 0;
    for (&key, kind) in keys.iter().zip(kinds) {
        if let Some(places) = spread[at..].first_chunk_mut() {
            *places = [key; 2];
        }
        at += kind.weight();
    }
    at
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
        let second = hashes.get(first + span..).unwrap_or_default();
        kernels::mix_pairs(&hashes[first..first + within], second, keys);
        // Those that end in another kind, or not at all.
        for start in keys.len()..end {
            match second_of(kinds, start).and_then(|second| hashes.get(second)) {
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
fn second_of(kinds: &[UnitKind], first: usize) -> Option<usize> {
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
