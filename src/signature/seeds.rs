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

use crate::shingle::Shingles;
use crate::signature::mix;

/// Weight from the first shingle of a seed to its second: far enough that common phrases seldom make one.
const SPAN: usize = 6;

/// Weight of the seeds of which one is kept.
const WINDOW: usize = 20;

/// Units that a seed covers, at most, for the default windows.
pub(crate) const SEED_UNITS: usize = SPAN + 5;

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
    /// Where its first shingle starts, in bytes of the folded text.
    pub place: u32,
}

/// The seeds of a text, in text order. A text shorter than a window keeps one, a text shorter than a seed none.
pub fn seeds(shingles: &Shingles) -> Vec<Seed> {
    let minima = minima(&all_keys(shingles), shingles).into_iter();
    let seeds = minima.map(|Minimum { key, shingle }| Seed {
        key,
        place: shingles.starts[shingle as usize],
    });
    seeds.collect()
}

/// The smallest key of a window, with the shingle that it starts at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Minimum {
    key: u64,
    shingle: u32,
}

fn minima(keys: &[u64], shingles: &Shingles) -> Vec<Minimum> {
    let Some(&first) = keys.first() else {
        return Vec::new();
    };
    let mut kept: Vec<Minimum> = Vec::with_capacity(keys.len() / 8 + 1);
    let mut smallest = minimum(0, first);
    let (mut oldest, mut weight) = (0, 0);
    for (newest, (&key, kind)) in keys.iter().zip(&shingles.kinds).enumerate() {
        if key <= smallest.key {
            smallest = minimum(newest, key);
        }
        weight += kind.weight();
        while weight >= WINDOW {
            if (smallest.shingle as usize) < oldest {
                smallest = last_smallest(keys, oldest, newest);
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

/// The key of the seed that starts with each shingle, as far as they go.
fn all_keys(Shingles { hashes, kinds, .. }: &Shingles) -> Vec<u64> {
    let mut keys = Vec::with_capacity(hashes.len());
    let (mut second, mut span) = (0, 0);
    for (first, kind) in hashes.iter().zip(kinds) {
        while span < SPAN && second < kinds.len() {
            span += kinds[second].weight();
            second += 1;
        }
        let Some(hash) = hashes.get(second).filter(|_| span >= SPAN) else {
            break;
        };
        keys.push(mix(first ^ hash.rotate_left(23)));
        span -= kind.weight();
    }
    keys
}

fn last_smallest(keys: &[u64], from: usize, to: usize) -> Minimum {
    let mut smallest = minimum(from, keys[from]);
    for (at, &key) in keys[from..=to].iter().enumerate() {
        if key <= smallest.key {
            smallest = minimum(from + at, key);
        }
    }
    smallest
}

fn minimum(shingle: usize, key: u64) -> Minimum {
    let shingle = shingle as u32;
    Minimum { key, shingle }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shingle::UnitKind;
    use proptest::prelude::*;

    fn kind(word: bool) -> UnitKind {
        if word {
            UnitKind::Word
        } else {
            UnitKind::Character
        }
    }

    /// The definition, word for word.
    fn slow(
        Shingles {
            hashes,
            kinds,
            starts,
        }: &Shingles,
    ) -> Vec<Seed> {
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
                place: starts[first],
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
            let starts = (0..hashes.len() as u32).collect();
            let shingles = Shingles { hashes, kinds, starts };
            prop_assert_eq!(seeds(&shingles), slow(&shingles));
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
                let shingles = Shingles {
                    hashes: text.to_vec(),
                    kinds: vec![kind(word); text.len()],
                    starts: vec![0; text.len()],
                };
                seeds(&shingles).iter().map(|seed| seed.key).collect()
            };
            let quoted = keys(&[&after, passage, &before].concat());
            let original = keys(&[&before, passage, &after].concat());
            prop_assert!(original.iter().any(|key| quoted.contains(key)));
        }
    }
}
