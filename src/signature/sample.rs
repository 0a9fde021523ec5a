//! Which grams represent all grams of a text?
//!
//! Those whose hash is at most a limit. These are the same in every text, so two samples show what the texts have in common (FracMinHash:
//! Irber et al., "Lightweight compositional analysis of metagenomes with FracMinHash", 2022). The limit is lower for longer texts, so that
//! a sample of any text has about [`SAMPLE`] keys. Two samples are compared under the lower of their limits. Each key is kept with its
//! place, so that samples also show whether two texts run in parallel.

use crate::kernels::{count_common, walk};
use crate::shingle::CodedLetters;

/// The test for scattered keys is used where at most one in 8 grams is sampled. Where more are sampled, one wrong letter changes several
/// neighbouring keys.
const SPARSE: u32 = 8;

/// Minimum number of changes between shared and other keys where letters are misread, as a share of the number expected by chance. It is
/// not 1, because a part of a page is often worse than the rest.
const SCATTERED: f64 = 0.5;

/// Minimum parts of a text in which a scan shares keys with its print, where they share less than one key in [`A_PHRASE`].
const MIN_PARTS: usize = 3;
const A_PHRASE: usize = 4;

/// Minimum share of the shared keys that are in step, where the text may have one insertion.
///
/// Of 926 pairs of the labelled sets that are copies by their letters alone, none has a smaller share, and one has less than 0.9. Of 74,000
/// pairs that are not copies, a third has a smaller share, and a quarter has fewer parts.
const MIN_IN_STEP: f64 = 0.8;

/// Letters of a long word.
const WORD: i64 = 12;

/// Texts are still in step where one in 50 letters of a text is lost or added.
const STEP: i64 = 50;

/// Average number of keys in a sample. A text with fewer grams keeps all of them.
pub const SAMPLE: usize = 128;

/// The place of gram number `at` of `all`, in parts of 65,535 of the text.
fn place(at: usize, all: usize) -> u16 {
    (at as u64 * u64::from(u16::MAX) / all.max(1) as u64) as u16
}

/// Maximum distance of two places that count as the same place, in parts of 65,535 of the text: a tenth. A head in only one of the texts
/// moves all places after it.
const APART: u16 = u16::MAX / 10;

/// A sample of a text's grams, 6 bytes for each key.
///
/// ```
/// use reprint::signature::{SAMPLE, Sample};
///
/// let hashes: Vec<u64> = (1..=100).map(|i: u64| i << 32).collect();
/// assert_eq!(Sample::from_hashes(&hashes).keys(), Vec::from_iter(1..=100));
/// let many: Vec<u64> = (0..100_000_u64).map(|i| i.wrapping_mul(0x9E37_79B9_7F4A_7C15)).collect();
/// assert!(Sample::from_hashes(&many).keys().len().abs_diff(SAMPLE) < SAMPLE / 4);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Sample {
    limit: u32,
    /// Number of distinct grams divided by the number of all grams under the limit, in parts of 65,535.
    distinct: u16,
    keys: Box<[u32]>,
    /// Where each key first occurs, in parts of 65,535 of the text.
    places: Box<[u16]>,
}

/// What two samples have in common.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shared {
    /// Keys in both samples.
    pub keys: usize,
    /// Shared keys that are at the same place in both texts, counted from the start.
    pub in_place: usize,
    /// Keys of the left sample that can be compared.
    pub left: usize,
    /// Keys of the right sample that can be compared.
    pub right: usize,
}

impl Shared {
    /// Shared keys divided by the keys of both samples together, from 0 to 1.
    pub fn jaccard(&self) -> f64 {
        self.keys as f64 / (self.left + self.right - self.keys).max(1) as f64
    }
}

/// How many of some keys other samples also have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Held {
    /// Number of keys.
    pub(crate) all: usize,
    /// Keys that enough other samples have.
    pub(crate) held: usize,
}

impl Held {
    /// Share of the keys that others have; 0 if there are no keys.
    pub(crate) fn share(self) -> f64 {
        self.held as f64 / self.all.max(1) as f64
    }
}

/// The keys of two samples, with how many of them other samples have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct HeldKeys {
    /// Keys of both samples, counted once for each sample. A key is held if at least half of the other samples have it.
    pub(crate) shared: Held,
    /// Keys of one sample that the other lacks. A key is held if at least two other samples have it.
    pub(crate) unmatched: [Held; 2],
}

/// Number of entries, repeats included, at which repeats are dropped.
const ROOM: usize = 32 * SAMPLE;

/// Collects the grams of a text that are under a limit.
#[derive(Debug, Default)]
pub(crate) struct SampledGrams {
    /// Keys and places, repeats included. There is room for [`ROOM`] entries, or for twice as many as are distinct.
    entries: Vec<u64>,
    room: usize,
    repeated: usize,
}

/// Bits of an entry that hold the place.
const PLACE: u32 = u16::BITS;

impl SampledGrams {
    fn clear(&mut self) {
        self.entries.clear();
        (self.room, self.repeated) = (ROOM, 0);
    }

    fn push(&mut self, key: u32, place: u16) {
        self.repeated += 1;
        self.entries
            .push(u64::from(key) << PLACE | u64::from(place));
        // Repeats are dropped because a text of a hundred million equal letters has only one gram.
        if self.entries.len() == self.room {
            self.keep_first();
            self.room = ROOM.max(2 * self.entries.len());
        }
    }

    /// Sorts the entries and keeps the first place of each key.
    fn keep_first(&mut self) {
        self.entries.sort_unstable();
        self.entries.dedup_by_key(|entry| *entry >> PLACE);
    }
}

impl Sample {
    /// Samples the hashes of a text. They are given in text order, repeats included.
    pub fn from_hashes(hashes: &[u64]) -> Self {
        let under = |limit: u32, kept: &mut SampledGrams| {
            for (at, hash) in hashes.iter().enumerate() {
                let key = (hash >> 32) as u32;
                if key <= limit {
                    kept.push(key, place(at, hashes.len()));
                }
            }
        };
        Self::with_sampler(hashes.len(), &mut SampledGrams::default(), under)
    }

    /// As [`from_hashes`](Self::from_hashes), for the grams of these letters, without a list of all grams.
    pub(crate) fn from_letters(letters: &CodedLetters, kept: &mut SampledGrams) -> Self {
        let all = letters.grams();
        let under = |limit: u32, kept: &mut SampledGrams| {
            letters.small_grams(limit, |at, key| kept.push(key, place(at, all)));
        };
        Self::with_sampler(all, kept, under)
    }

    /// Samples a text of `all` grams. `under` finds the grams under a limit.
    fn with_sampler(
        all: usize,
        kept: &mut SampledGrams,
        under: impl Fn(u32, &mut SampledGrams),
    ) -> Self {
        let limit = u64::from(u32::MAX) * SAMPLE as u64 / all.max(1) as u64;
        let mut limit = limit.min(u64::from(u32::MAX)) as u32;
        loop {
            kept.clear();
            under(limit, kept);
            kept.keep_first();
            // A text that repeats itself has fewer distinct grams, so the limit is raised.
            if kept.entries.len() >= SAMPLE / 2 || limit == u32::MAX {
                return Self::from_kept(limit, kept);
            }
            limit = limit.saturating_mul(4);
        }
    }

    fn from_kept(limit: u32, kept: &SampledGrams) -> Self {
        let entries = &kept.entries;
        let distinct = (entries.len() * usize::from(u16::MAX) / kept.repeated.max(1)).max(1);
        Self {
            limit,
            distinct: distinct as u16,
            keys: entries
                .iter()
                .map(|entry| (entry >> PLACE) as u32)
                .collect(),
            places: entries.iter().map(|&entry| entry as u16).collect(),
        }
    }

    /// A sample of ascending keys and their places.
    pub(crate) fn from_parts(limit: u32, distinct: u16, keys: Vec<u32>, places: Vec<u16>) -> Self {
        Self {
            limit,
            distinct,
            keys: keys.into(),
            places: places.into(),
        }
    }

    /// The largest key that would be kept if the text had it.
    pub(crate) fn limit(&self) -> u32 {
        self.limit
    }

    /// Number of distinct grams divided by the number of all grams under the limit, in parts of 65,535.
    pub(crate) fn distinct_share(&self) -> u16 {
        self.distinct
    }

    /// Where each key first occurs, in parts of 65,535 of the text.
    pub(crate) fn places(&self) -> &[u16] {
        &self.places
    }

    /// Estimates from the sampled grams how many of `windows` windows of the text are distinct.
    pub fn distinct(&self, windows: usize) -> usize {
        (windows as u64 * u64::from(self.distinct) / u64::from(u16::MAX)) as usize
    }

    /// The keys, ascending.
    pub fn keys(&self) -> &[u32] {
        &self.keys
    }

    /// Forgets the keys and their places.
    pub(crate) fn forget_all(&mut self) {
        self.keys = Box::default();
        self.places = Box::default();
    }

    /// Bytes of the keys and their places.
    pub(crate) fn bytes(&self) -> usize {
        size_of_val(&*self.keys) + size_of_val(&*self.places)
    }

    /// Are the keys that two samples share scattered over the text, as where letters are misread, and not in blocks? In short texts, each
    /// wrong letter changes several neighbouring keys, so there the answer is yes.
    pub(crate) fn is_scattered(&self, other: &Self) -> bool {
        if self.limit.min(other.limit) > u32::MAX / SPARSE {
            return true;
        }
        let placed = self.placed(other);
        let shared = placed.iter().filter(|key| key.1).count() as f64;
        let runs = placed
            .windows(2)
            .filter(|pair| pair[0].1 != pair[1].1)
            .count() as f64;
        let n = placed.len().max(1) as f64;
        // The expected number of changes between neighbours if the keys are in random order (Wald and Wolfowitz, "On a test whether two
        // samples are from the same population", 1940).
        runs >= SCATTERED * 2.0 * shared * (n - shared) / n
    }

    /// Are the keys that two samples share in several parts of the texts, and nearly all of them equally far apart in both? A scan is in
    /// step with its print; text inserted in one of them shifts the rest once. Two texts on one subject share only scattered words or one
    /// phrase. `letters` are the numbers of letters of the two texts.
    pub(crate) fn runs_in_step(&self, other: &Self, letters: [usize; 2]) -> bool {
        let places = self.shared_places(other);
        let limit = self.limit.min(other.limit);
        let fewer = self.under(limit).len().min(other.under(limit).len());
        let is_phrase = places.len() * A_PHRASE < fewer && parts(&places, letters[0]) < MIN_PARTS;
        let least = MIN_IN_STEP * places.len() as f64;
        // A spelling that takes more letters everywhere stretches the text, so both scales are tried.
        let scales = [letters, [letters[0].max(letters[1]); 2]];
        !is_phrase
            && scales
                .iter()
                .any(|&scale| most_in_step(&places, scale) as f64 >= least)
    }

    /// The places in each text of the keys that two samples share, ascending.
    fn shared_places(&self, other: &Self) -> Vec<[u16; 2]> {
        let limit = self.limit.min(other.limit);
        let (left, right) = (self.under(limit), other.under(limit));
        let mut places = vec![[0; 2]; left.len().min(right.len()) + 1];
        let mut shared = 0;
        walk(left, right, |l, r, equal| {
            places[shared] = [self.places[l], other.places[r]];
            shared += usize::from(equal);
        });
        places.truncate(shared);
        places.sort_unstable();
        places
    }

    /// The weights of the keys that two samples share, and of the keys that only one of them has (the smaller of the two sums). A key's
    /// weight is 1 divided by one more than the number of `others` that have it. All keys are under the lowest limit of all samples.
    pub(crate) fn divided(&self, other: &Self, others: &[&Self]) -> (f64, f64) {
        let (mut shared, mut unmatched) = (0.0, [0.0; 2]);
        self.for_each_key(other, others, |side, is_shared, count| {
            let part = 1.0 / (1.0 + f64::from(count));
            match is_shared {
                true => shared += part / 2.0,
                false => unmatched[side] += part,
            }
        });
        (shared, f64::min(unmatched[0], unmatched[1]))
    }

    /// How many of the keys that two samples share most of the `others` have, and how many of the keys that only one of them has two others
    /// have. All keys are under the lowest limit of all samples.
    pub(crate) fn held(&self, other: &Self, others: &[&Self]) -> HeldKeys {
        let mut held = HeldKeys::default();
        let most = others.len().div_ceil(2);
        self.for_each_key(other, others, |side, is_shared, count| {
            let (keys, least) = match is_shared {
                true => (&mut held.shared, most),
                false => (&mut held.unmatched[side], 2),
            };
            keys.all += 1;
            keys.held += usize::from(usize::from(count) >= least);
        });
        held
    }

    /// Of the keys that the other sample lacks, the share that is in the longest stretch without a shared key.
    pub(crate) fn longest_stretch(&self, other: &Self) -> f64 {
        let placed = self.placed(other);
        let stretches = placed.split(|key| key.1).map(<[_]>::len);
        let (all, longest) = stretches.fold((0, 0), |(all, longest), keys| {
            (all + keys, keys.max(longest))
        });
        longest as f64 / all.max(1) as f64
    }

    /// The places of the keys under the lower limit of the two, ascending. Each has a flag: does the other sample have the key?
    fn placed(&self, other: &Self) -> Vec<(u16, bool)> {
        let limit = self.limit.min(other.limit);
        let keys = self.under(limit);
        let mut counts = vec![0; keys.len()];
        count_common(keys, other.under(limit), &mut counts);
        let places = self.places.iter().zip(counts);
        let mut placed: Vec<(u16, bool)> =
            places.map(|(&place, count)| (place, count > 0)).collect();
        placed.sort_unstable();
        placed
    }

    /// Calls `take` for each key of either sample under the lowest limit of all samples. Its arguments are the side (0 or 1), whether both
    /// samples have the key, and how many `others` have it. A shared key is passed once for each side.
    fn for_each_key(&self, other: &Self, others: &[&Self], mut take: impl FnMut(usize, bool, u8)) {
        let all = others.iter().chain([&self, &other]);
        let limit = all.map(|sample| sample.limit).min().unwrap_or(0);
        for (side, (one, another)) in [(self, other), (other, self)].into_iter().enumerate() {
            let keys = one.under(limit);
            let (mut is_shared, mut counts) = (vec![0; keys.len()], vec![0; keys.len()]);
            count_common(keys, another.under(limit), &mut is_shared);
            for other in others {
                count_common(keys, other.under(limit), &mut counts);
            }
            for (is_shared, count) in is_shared.into_iter().zip(counts) {
                take(side, is_shared > 0, count);
            }
        }
    }

    /// The keys under a limit, ascending.
    fn under(&self, limit: u32) -> &[u32] {
        &self.keys[..self.keys.partition_point(|&key| key <= limit)]
    }

    /// The keys and places that two samples have in common, under the lower limit of the two.
    pub fn shared(&self, other: &Self) -> Shared {
        let limit = self.limit.min(other.limit);
        let (left, right) = (self.under(limit), other.under(limit));
        let mut shared = Shared {
            left: left.len(),
            right: right.len(),
            ..Shared::default()
        };
        walk(left, right, |l, r, equal| {
            let is_in_place = self.places[l].abs_diff(other.places[r]) <= APART;
            shared.keys += usize::from(equal);
            shared.in_place += usize::from(equal & is_in_place);
        });
        shared
    }
}

/// Converts a place into letters of a text that has `letters` letters.
fn in_letters(place: u16, letters: usize) -> i64 {
    i64::from(place) * letters as i64 / i64::from(u16::MAX)
}

/// Number of parts of the left text that have some of these ascending places. A gap longer than a long word begins another part.
fn parts(places: &[[u16; 2]], letters: usize) -> usize {
    let place = |places: &[u16; 2]| in_letters(places[0], letters);
    let gaps = places
        .windows(2)
        .filter(|pair| place(&pair[1]) - place(&pair[0]) > WORD);
    gaps.count() + 1
}

/// Number of places with the most frequent shift between the two texts, plus those with the most frequent shift of the others. `letters`
/// gives the scale of each text.
fn most_in_step(places: &[[u16; 2]], letters: [usize; 2]) -> usize {
    let apart =
        |&[left, right]: &[u16; 2]| in_letters(left, letters[0]) - in_letters(right, letters[1]);
    let mut apart: Vec<i64> = places.iter().map(apart).collect();
    apart.sort_unstable();
    let room = WORD + letters[0].max(letters[1]) as i64 / STEP;
    let most = |apart: &[i64]| {
        let from = 0..apart.len();
        let range = from.map(|from| {
            let met = apart[from..].partition_point(|&further| further <= apart[from] + room);
            from..from + met
        });
        range.max_by_key(|range| range.len()).unwrap_or(0..0)
    };
    let first = most(&apart);
    apart.drain(first.clone());
    first.len() + most(&apart).len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signature::mix;

    fn sample(range: std::ops::Range<u64>) -> Sample {
        Sample::from_hashes(&range.map(mix).collect::<Vec<_>>())
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
    fn a_scan_runs_in_step_with_its_print_and_a_text_on_the_same_subject_does_not() {
        let print: Vec<u64> = (0..600).map(mix).collect();
        let others = |seed: u64| (0..600).map(move |at| mix(seed << 32 | at));
        // A text that shares with the print the grams at the places `shared`; `moved` gives their places in the text.
        let sharing = |shared: &dyn Fn(usize) -> bool, moved: &dyn Fn(usize) -> usize| {
            let mut text: Vec<u64> = others(1).chain(others(2)).collect();
            for at in (0..600).filter(|&at| shared(at)) {
                text[moved(at)] = print[at];
            }
            text.truncate(600 + moved(0));
            text
        };
        let in_step = |text: &[u64]| {
            let [left, right] = [&print, text].map(Sample::from_hashes);
            left.runs_in_step(&right, [600, text.len()])
        };
        let strewn = |at: usize| mix(at as u64 / 3).is_multiple_of(5);
        assert!(in_step(&sharing(&strewn, &|at| at)));
        assert!(in_step(&sharing(&strewn, &|at| at + 90)), "behind a head");
        assert!(
            in_step(&sharing(&strewn, &|at| at + 60 * usize::from(at > 250))),
            "with an insertion"
        );
        assert!(in_step(&sharing(&strewn, &|at| at + at / 12)), "stretched");
        assert!(
            !in_step(&sharing(&strewn, &|at| (at * 7) % 600)),
            "words here and there"
        );
        assert!(
            !in_step(&sharing(&|at| (300..330).contains(&at), &|at| at)),
            "a phrase"
        );
    }

    #[test]
    fn a_text_that_repeats_itself_is_sampled_all_the_same() {
        let once = (0..300).map(mix).collect::<Vec<_>>();
        let sample = Sample::from_hashes(&once.repeat(1000));
        assert!(sample.keys().len() >= SAMPLE / 2);
        assert!(sample.distinct(300_000).abs_diff(300) <= 5);
        assert_eq!(Sample::from_hashes(&once).distinct(300), 300);
        let one = Sample::from_hashes(&vec![u64::MAX; 100_000]);
        assert_eq!((one.keys().len(), one.distinct(100_000)), (1, 1));
    }

    #[test]
    fn what_others_hold_is_counted_as_a_look_at_each_key_does() {
        let texts = [
            sample(0..90),
            sample(30..120),
            sample(50..100),
            sample(60..400),
        ];
        let [a, b, others @ ..] = texts.each_ref();
        let limit = texts.iter().map(|sample| sample.limit).min().unwrap();
        let has = |sample: &Sample, key: &u32| sample.keys.contains(key);
        let mut held = HeldKeys::default();
        for (side, (one, another)) in [(a, b), (b, a)].into_iter().enumerate() {
            for key in one.keys.iter().filter(|&&key| key <= limit) {
                let count = others.iter().filter(|other| has(other, key)).count();
                let (keys, least) = match has(another, key) {
                    true => (&mut held.shared, 1),
                    false => (&mut held.unmatched[side], 2),
                };
                keys.all += 1;
                keys.held += usize::from(count >= least);
            }
        }
        assert_eq!(a.held(b, &others), held);
        assert!(held.shared.held > 0 && held.shared.all > held.shared.held);
    }
}
