//! At which few places of a long text can a quotation from it be found?
//!
//! Signatures of whole texts can't show that an article is contained in a compilation, but *seeds* can. A seed is two shingles a fixed
//! distance apart. In every window of seeds, the one with the smallest hash is kept (winnowing: Schleimer, Wilkerson, Aiken, "Winnowing:
//! local algorithms for document fingerprinting", SIGMOD 2003). Which one is kept depends only on the text of the window. So two texts with
//! a common passage as long as a window and a seed keep a common seed, wherever the passage is.
//!
//! Lengths are weights of units ([`UnitKind::weight`](crate::shingle::UnitKind::weight)): a character of a script without spaces counts 1,
//! a word 2. With the default windows of 5 characters and 3 words, a common passage of [`GUARANTEED`] = 30 characters or 15 words always
//! has a common seed. A common passage of 11 characters or 6 words has one whole seed in common, and that seed is kept with a probability
//! of about 1 in 10; each further character adds about 1 in 10. About every tenth shingle of characters and every sixth shingle of words is
//! kept.
//!
//! Cost: one pass, constant work for each shingle.

use crate::kernels;
use crate::shingle::{Shingles, UnitKind};
use crate::signature::mix;

/// Weight from the first shingle of a seed to its second. They are so far apart that common phrases seldom make a seed.
const SPAN: usize = 6;

/// Weight of a window of seeds. One seed of each window is kept.
const WINDOW: usize = kernels::WINDOW;

/// Maximum units that a seed covers, for the default windows.
pub(crate) const SEED_UNITS: usize = SPAN + 5;

/// Maximum shingles from one kept seed to the next.
pub(crate) const SEEDS_APART: usize = WINDOW;

/// Weight of the shortest common passage that always has a common seed, for the default windows: the span, the window, and the rest of the
/// last shingle.
pub const GUARANTEED: usize = SPAN + WINDOW + 4;

/// A place in a text by which common passages are found.
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
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
// Packed to twelve bytes instead of sixteen, because a text has a seed for every ten to twenty characters. Its fields can be copied, but
// not borrowed.
#[repr(C, packed(4))]
pub struct Seed {
    /// Equal for equal text.
    pub key: u64,
    /// Where its first shingle starts, in bytes of the folded text.
    pub place: u32,
}

/// The seeds of a text, in text order. A text shorter than a window keeps one seed, a text shorter than a seed none. Where a window has its
/// smallest key twice, the last one is kept, and it stays the kept one for all windows that contain it.
pub fn seeds(shingles: &Shingles) -> Vec<Seed> {
    Seeds::default().of(shingles).collect()
}

/// Finds the seeds of a text. Its buffers are used again for the next text.
#[derive(Debug, Default)]
pub(crate) struct Seeds {
    keys: Vec<u64>,
    /// Each key, repeated as often as its weight, so that all windows are equally long.
    spread: Vec<u64>,
    kept: Vec<u32>,
}

impl Seeds {
    /// As [`seeds`].
    pub(crate) fn of<'s>(&'s mut self, shingles: &'s Shingles) -> impl Iterator<Item = Seed> + 's {
        push_keys(shingles, &mut self.keys);
        let weight = spread(&self.keys, &shingles.kinds, &mut self.spread);
        self.kept.clear();
        if weight < WINDOW {
            let least = self.keys.iter().min();
            self.kept
                .extend(least.map(|&least| self.last_of(least, 0, self.keys.len())));
        } else {
            kernels::least_of_windows(&mut self.spread[..weight]);
            self.keep_new(&shingles.kinds, weight);
        }
        self.kept.iter().map(|&shingle| Seed {
            // The smallest keys of windows are small numbers. They are mixed again so that the keys of many texts are evenly distributed.
            key: mix(self.keys[shingle as usize]),
            place: shingles.starts[shingle as usize],
        })
    }

    /// Keeps the place of the smallest key of every window, unless this place was kept last.
    fn keep_new(&mut self, kinds: &[UnitKind], weight: usize) {
        let mut at = 0;
        let mut last: Option<(u64, u32)> = None;
        for (first, kind) in kinds.iter().enumerate() {
            if at + WINDOW > weight {
                break;
            }
            let least = self.spread[at];
            if last.is_none_or(|(key, place)| key != least || (place as usize) < first) {
                let place = self.last_of(least, first, window_end(kinds, first));
                self.kept.push(place);
                last = Some((least, place));
            }
            at += kind.weight();
        }
    }

    /// The last place of a key in a range.
    fn last_of(&self, key: u64, from: usize, to: usize) -> u32 {
        let last = self.keys[from..to].iter().rposition(|&other| other == key);
        (from + last.unwrap_or(0)) as u32
    }
}

/// The end of the window that starts with the seed `first`: one more than its last seed.
fn window_end(kinds: &[UnitKind], first: usize) -> usize {
    let mut weight = 0;
    let ends = kinds[first..].iter().position(|kind| {
        weight += kind.weight();
        weight >= WINDOW
    });
    ends.map_or(kinds.len(), |last| first + last + 1)
}

/// Writes each key as often as its weight, and returns the total weight.
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

/// Fills `keys` with the key of the seed that starts at each shingle, up to the last shingle with which a whole seed starts. Earlier
/// content of `keys` is lost. Within a run of one kind, all seeds are equally long.
fn push_keys(Shingles { hashes, kinds, .. }: &Shingles, keys: &mut Vec<u64>) {
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
        // Seeds that extend into a run of another kind, and seeds without a second shingle.
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

/// The index of the second shingle of the seed that starts with `first`. It may be beyond the last shingle.
fn second_of(kinds: &[UnitKind], first: usize) -> Option<usize> {
    let mut span = 0;
    let reaches = |kind: &UnitKind| {
        span += kind.weight();
        span >= SPAN
    };
    let last = kinds[first..].iter().position(reaches)?;
    Some(first + last + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn kind(word: bool) -> UnitKind {
        if word {
            UnitKind::Word
        } else {
            UnitKind::Character
        }
    }

    /// Shingles with these hashes. Each starts one byte after the previous one.
    fn shingles(hashes: Vec<u64>, kinds: Vec<UnitKind>) -> Shingles {
        let starts = (0..hashes.len() as u32).collect();
        Shingles {
            hashes,
            kinds,
            starts,
        }
    }

    /// The definition, word for word.
    fn slow(Shingles { hashes, kinds, .. }: &Shingles) -> Vec<Seed> {
        let weight = |from: usize, to: usize| {
            kinds[from..to]
                .iter()
                .map(|kind| kind.weight())
                .sum::<usize>()
        };
        let all = (0..hashes.len()).filter_map(|first| {
            let second = (first..hashes.len()).find(|&second| weight(first, second) >= SPAN)?;
            let key = mix(hashes[first] ^ hashes[second].rotate_left(23));
            let place = first as u32;
            Some(Seed { key, place })
        });
        let all: Vec<Seed> = all.collect();
        let mut kept: Vec<Seed> = Vec::new();
        for from in 0..all.len() {
            let to = (from..=all.len()).find(|&to| weight(from, to) >= WINDOW);
            let Some(least) =
                to.and_then(|to| all[from..to].iter().rev().min_by_key(|seed| seed.key))
            else {
                break;
            };
            let still = |last: &Seed| last.key == least.key && last.place as usize >= from;
            if !kept.last().is_some_and(still) {
                kept.push(*least);
            }
        }
        if kept.is_empty() {
            kept.extend(all.iter().rev().min_by_key(|seed| seed.key));
        }
        let mixed = kept.into_iter().map(|seed| Seed {
            key: mix(seed.key),
            ..seed
        });
        mixed.collect()
    }

    proptest! {
        #[test]
        fn one_pass_keeps_the_minima_of_all_windows(
            units in prop::collection::vec((0_u64..40, any::<bool>()), 0..150),
        ) {
            let (hashes, kinds): (Vec<u64>, Vec<UnitKind>) =
                units.into_iter().map(|(hash, word)| (hash, kind(word))).unzip();
            let shingles = shingles(hashes, kinds);
            prop_assert_eq!(seeds(&shingles), slow(&shingles));
        }

        #[test]
        fn a_passage_of_the_guaranteed_length_keeps_a_common_seed(
            word in any::<bool>(),
            before in prop::collection::vec(any::<u64>(), 0..60),
            passage in prop::collection::vec(any::<u64>(), 26),
            after in prop::collection::vec(any::<u64>(), 0..60),
        ) {
            let length = (SPAN + WINDOW) / kind(word).weight();
            let passage = &passage[..length];
            let keys = |text: &[u64]| -> Vec<u64> {
                let shingles = shingles(text.to_vec(), vec![kind(word); text.len()]);
                seeds(&shingles).iter().map(|seed| seed.key).collect()
            };
            let quoted = keys(&[&after, passage, &before].concat());
            let original = keys(&[&before, passage, &after].concat());
            prop_assert!(original.iter().any(|key| quoted.contains(key)));
        }
    }
}
