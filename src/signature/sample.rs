//! Which grams of a text stand for all of them?
//!
//! Those whose hash is under a limit: the same in every text, so that two samples tell what the texts have in common
//! (FracMinHash: Irber et al., "Lightweight compositional analysis of metagenomes with FracMinHash", 2022). The limit falls
//! with the length of the text, so that about [`SAMPLE`] are kept of any; two samples are compared under the lower limit of
//! the two. Each is kept with its place, so that they also tell whether two texts run beside each other.

/// Keys that are kept of a text, on average; all where it has no more.
pub const SAMPLE: usize = 128;

/// How far apart two places may be, as a share of the text, to be one place: a head of one text moves the rest.
const APART: f64 = 0.1;

/// A sample of a text's grams: 6 bytes each.
///
/// ```
/// use reprint::signature::{SAMPLE, Sample};
///
/// let hashes: Vec<u64> = (1..=100).map(|i: u64| i << 32).collect();
/// assert_eq!(Sample::of(&hashes).keys(), Vec::from_iter(1..=100));
/// let many: Vec<u64> = (0..100_000_u64).map(|i| i.wrapping_mul(0x9E37_79B9_7F4A_7C15)).collect();
/// assert!(Sample::of(&many).keys().len().abs_diff(SAMPLE) < SAMPLE / 4);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sample {
    limit: u32,
    /// The distinct ones of all under the limit, in parts of 65,535.
    distinct: u16,
    keys: Box<[u32]>,
    /// Where each key stands first, in parts of 65,535 of the text.
    places: Box<[u16]>,
}

/// What two samples have in common.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shared {
    /// Keys that both have.
    pub keys: usize,
    /// Of these, those that stand in one place of both texts, from the start.
    pub in_place: usize,
    /// Keys of the left one that can be compared.
    pub left: usize,
    /// Keys of the right one.
    pub right: usize,
}

impl Shared {
    /// Shared over all keys of both, from 0 to 1.
    pub fn jaccard(&self) -> f64 {
        self.keys as f64 / (self.left + self.right - self.keys).max(1) as f64
    }
}

/// Keys, repeats included, after which repeats are dropped.
const ROOM: usize = 32 * SAMPLE;

/// Sorts keys and keeps the first place of each.
fn keep_first(kept: &mut Vec<(u32, u16)>) {
    kept.sort_unstable();
    kept.dedup_by_key(|&mut (key, _)| key);
}

impl Sample {
    /// Samples the hashes of a text, in text order, repeats included.
    pub fn of(hashes: &[u64]) -> Self {
        let all = hashes.len().max(1) as u64;
        let limit = (u64::from(u32::MAX) * SAMPLE as u64 / all).min(u64::from(u32::MAX)) as u32;
        let mut sample = Self::under(hashes, limit);
        // A text that repeats itself has fewer.
        while sample.keys.len() < SAMPLE / 2 && sample.limit < u32::MAX {
            sample = Self::under(hashes, sample.limit.saturating_mul(4));
        }
        sample
    }

    fn under(hashes: &[u64], limit: u32) -> Self {
        let all = hashes.len().max(1) as u64;
        let key = |hash: &u64| (hash >> 32) as u32;
        let place = |at: usize| (at as u64 * u64::from(u16::MAX) / all) as u16;
        let mut kept: Vec<(u32, u16)> = Vec::new();
        let (mut repeated, mut room) = (0, ROOM);
        for (at, hash) in hashes.iter().enumerate() {
            if key(hash) > limit {
                continue;
            }
            repeated += 1;
            kept.push((key(hash), place(at)));
            // A text of a hundred million equal letters has one gram.
            if kept.len() == room {
                keep_first(&mut kept);
                room = ROOM.max(2 * kept.len());
            }
        }
        keep_first(&mut kept);
        let distinct = (kept.len() * usize::from(u16::MAX) / repeated.max(1)).max(1);
        let (keys, places): (Vec<u32>, Vec<u16>) = kept.into_iter().unzip();
        Self {
            limit,
            distinct: distinct as u16,
            keys: keys.into(),
            places: places.into(),
        }
    }

    /// Of so many windows of the text, how many are distinct, by the grams sampled.
    pub fn distinct(&self, windows: usize) -> usize {
        (windows as u64 * u64::from(self.distinct) / u64::from(u16::MAX)) as usize
    }

    /// The keys, ascending.
    pub fn keys(&self) -> &[u32] {
        &self.keys
    }

    /// Forgets some of the keys.
    pub(crate) fn forget(&mut self, is_forgotten: impl Fn(u32) -> bool) {
        let kept: Vec<usize> = (0..self.keys.len())
            .filter(|&at| !is_forgotten(self.keys[at]))
            .collect();
        if kept.len() < self.keys.len() {
            self.keys = kept.iter().map(|&at| self.keys[at]).collect();
            self.places = kept.iter().map(|&at| self.places[at]).collect();
        }
    }

    /// What two samples have in common, under the lower limit of the two.
    pub fn shared(&self, other: &Self) -> Shared {
        let limit = self.limit.min(other.limit);
        let under = |keys: &[u32]| keys.partition_point(|&key| key <= limit);
        let mut shared = Shared {
            left: under(&self.keys),
            right: under(&other.keys),
            ..Shared::default()
        };
        let (left, right) = (&self.keys[..shared.left], &other.keys[..shared.right]);
        let (mut l, mut r) = (0, 0);
        while let (Some(&a), Some(&b)) = (left.get(l), right.get(r)) {
            if a == b {
                shared.keys += 1;
                let apart = self.places[l].abs_diff(other.places[r]);
                shared.in_place += usize::from(f64::from(apart) <= APART * f64::from(u16::MAX));
            }
            l += usize::from(a <= b);
            r += usize::from(b <= a);
        }
        shared
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signature::mix;

    fn sample(range: std::ops::Range<u64>) -> Sample {
        Sample::of(&range.map(mix).collect::<Vec<_>>())
    }

    #[test]
    fn samples_of_texts_of_different_lengths_tell_what_they_share() {
        let shared = sample(0..1000).shared(&sample(0..4000));
        assert_eq!(shared.keys, shared.left);
        assert!((shared.left as f64 / shared.right as f64 - 0.25).abs() < 0.1);
    }

    #[test]
    fn what_stands_elsewhere_is_not_in_place() {
        let shared = sample(0..1000).shared(&sample(50..1050));
        assert!(shared.in_place == shared.keys && shared.keys > 80);
        let moved = sample(0..1000).shared(&sample(500..1500));
        assert!(moved.in_place == 0 && moved.keys > 30);
    }

    #[test]
    fn a_text_that_repeats_itself_is_sampled_all_the_same() {
        let once = (0..300).map(mix).collect::<Vec<_>>();
        let sample = Sample::of(&once.repeat(1000));
        assert!(sample.keys().len() >= SAMPLE / 2);
        assert!(sample.distinct(300_000).abs_diff(300) <= 5);
        assert_eq!(Sample::of(&once).distinct(300), 300);
        let one = Sample::of(&vec![u64::MAX; 100_000]);
        assert_eq!((one.keys().len(), one.distinct(100_000)), (1, 1));
    }

    #[test]
    fn what_is_not_forgotten_stays_in_place() {
        let mut some = sample(0..1000);
        let forgotten: Vec<u32> = some.keys().iter().step_by(2).copied().collect();
        let keys: Vec<u32> = some.keys().iter().skip(1).step_by(2).copied().collect();
        some.forget(|key| forgotten.contains(&key));
        assert_eq!(some.keys(), keys);
        let shared = some.shared(&sample(0..1000));
        assert_eq!((shared.keys, shared.in_place), (keys.len(), keys.len()));
    }
}
