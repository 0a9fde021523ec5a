//! Into which comparable units is a text divided?
//!
//! A *unit* is one character of a script without spaces (Han, kana, Thai, Lao, Khmer, Myanmar), or, in any other script, one run of letters
//! or of digits: a word or a number. A *shingle* is a window of consecutive units, hashed to 64 bits with XXH3 and a seed. The first unit
//! of a window decides its length. If no window ends with the last unit, one more window is added that ends there, with the length for the
//! kind of the last unit. So every unit is in a shingle. A text shorter than its window is one shingle. An empty text has no shingles.
//!
//! Cost: one pass, about 5 ns for each window. Source of the idea: Broder, "On the resemblance and containment of documents", 1997.

mod grams;
mod last;
mod units;
#[cfg(feature = "jieba")]
mod words;

use std::ops::Range;

use xxhash_rust::xxh3::xxh3_64_with_seed;

use crate::error::Error;
pub(crate) use crate::kernels::mix;
use crate::normalize::Normalizer;
use crate::scheme::Scheme;
pub(crate) use grams::{CodedLetters, gram_length};
pub use grams::{SPACED_GRAM, UNSPACED_GRAM, grams, letters_into};
use last::LastUnits;
pub use units::UnitKind;
use units::Units;
pub(crate) use units::is_boundary;

/// Bytes of a window of characters with the default length.
const USUAL: usize = 15;

/// Maximum length of a window, in units.
pub const MAX_WINDOW: usize = 32;

/// Cuts folded texts into hashed windows.
///
/// ```
/// use reprint::shingle::Shingler;
///
/// let shingler = Shingler::builder().character_window(3).word_window(2).build()?;
/// assert_eq!(shingler.windows("铜墙铁壁"), ["铜墙铁", "墙铁壁"]);
/// assert_eq!(shingler.windows("one two three"), ["one two", "two three"]);
/// assert_eq!(shingler.windows("铜"), ["铜"]);
/// assert!(shingler.windows("").is_empty());
/// # Ok::<(), reprint::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Shingler {
    character_window: usize,
    word_window: usize,
    seed: u64,
    #[cfg(feature = "jieba")]
    words: Option<words::Words>,
}

/// Settings of a [`Shingler`], checked by [`build`](Self::build).
///
/// ```
/// let error = reprint::shingle::Shingler::builder().word_window(0).build().unwrap_err();
/// assert_eq!(error.to_string(), "word_window is 0: it must be from 1 to 32 units");
/// ```
#[derive(Clone, Debug)]
pub struct ShinglerBuilder(Shingler);

impl Default for Shingler {
    fn default() -> Self {
        Self {
            character_window: 5,
            word_window: 3,
            seed: 0x7265_7072_696E_7401, // "reprint", version 1
            #[cfg(feature = "jieba")]
            words: None,
        }
    }
}

impl ShinglerBuilder {
    /// Length of a window that starts with a character of a script without spaces; default 5, from 1 to [`MAX_WINDOW`].
    pub fn character_window(mut self, units: usize) -> Self {
        self.0.character_window = units;
        self
    }

    /// Length of a window that starts with a word or a number; default 3, from 1 to [`MAX_WINDOW`].
    pub fn word_window(mut self, units: usize) -> Self {
        self.0.word_window = units;
        self
    }

    /// Seed of the shingle hash. Signatures with different seeds can't be compared.
    pub fn seed(mut self, seed: u64) -> Self {
        self.0.seed = seed;
        self
    }

    /// Cuts scripts without spaces into words with jieba's dictionary. Windows of these words have the length of the word window.
    #[cfg(feature = "jieba")]
    pub fn chinese_words(mut self) -> Self {
        self.0.words = Some(words::Words::new());
        self
    }

    /// Builds the shingler.
    ///
    /// # Errors
    ///
    /// Where a window is 0 or longer than [`MAX_WINDOW`].
    pub fn build(self) -> Result<Shingler, Error> {
        let windows = [
            ("character_window", self.0.character_window),
            ("word_window", self.0.word_window),
        ];
        for (name, units) in windows {
            if !(1..=MAX_WINDOW).contains(&units) {
                let limit = format!("it must be from 1 to {MAX_WINDOW} units");
                return Err(Error::setting(name, units, limit));
            }
        }
        Ok(self.0)
    }
}

impl Shingler {
    /// A builder with the defaults.
    pub fn builder() -> ShinglerBuilder {
        ShinglerBuilder(Self::default())
    }

    /// Number of units in a window that starts with a character of a script without spaces.
    pub fn character_window(&self) -> usize {
        self.character_window
    }

    /// Number of units in a window that starts with a word or a number.
    pub fn word_window(&self) -> usize {
        self.word_window
    }

    /// The scheme of shingles of texts that `normalizer` has folded.
    pub fn scheme(&self, normalizer: &Normalizer) -> Scheme {
        let (tables, accents) = normalizer.version();
        Scheme::of_shingles(&[
            tables,
            u64::from(accents),
            self.character_window as u64,
            self.word_window as u64,
            self.seed,
            u64::from(self.cuts_words()),
        ])
    }

    /// Appends the hash of every window of `folded` to `hashes`, in text order, repeats included.
    pub fn hash_into(&self, folded: &str, hashes: &mut Vec<u64>) {
        self.for_each_hash(folded, |hash, _, _| hashes.push(hash));
    }

    /// Fills `shingles` with the hash of every window of `folded`, the kind of its first unit and its start. The buffer can be used again:
    /// its earlier content is lost.
    pub fn cut_into(&self, folded: &str, shingles: &mut Shingles) {
        shingles.hashes.clear();
        shingles.kinds.clear();
        shingles.starts.clear();
        self.for_each_hash(folded, |hash, kind, start| {
            shingles.starts.push(start as u32);
            shingles.hashes.push(hash);
            shingles.kinds.push(kind);
        });
    }

    /// The length of a text whose shingles have these kinds, as the weight of its units.
    ///
    /// ```
    /// use reprint::shingle::{Shingler, Shingles};
    ///
    /// let shingler = Shingler::default();
    /// let mut shingles = Shingles::default();
    /// shingler.cut_into("水来之前人先动", &mut shingles);
    /// assert_eq!(shingler.length(&shingles.kinds), 7);
    /// shingler.cut_into("before the water comes", &mut shingles);
    /// assert_eq!(shingler.length(&shingles.kinds), 8);
    /// ```
    pub fn length(&self, kinds: &[UnitKind]) -> usize {
        let rest = match kinds.last() {
            Some(UnitKind::Character) => self.character_window - 1,
            Some(UnitKind::Word) => UnitKind::Word.weight() * (self.word_window - 1),
            None => 0,
        };
        rest + kinds.iter().map(|kind| kind.weight()).sum::<usize>()
    }

    /// The byte range of every window of `folded`, in the order of [`hashes`](Self::hashes).
    pub fn ranges(&self, folded: &str) -> Vec<Range<usize>> {
        let mut ranges = Vec::new();
        self.for_each_window(folded, |window, _| ranges.push(window));
        ranges
    }

    #[inline]
    fn hash(&self, folded: &str, window: Range<usize>) -> u64 {
        xxh3_64_with_seed(&folded.as_bytes()[window], self.seed)
    }

    /// The hash of every window of `folded`, in text order, repeats included.
    pub fn hashes(&self, folded: &str) -> Vec<u64> {
        let mut hashes = Vec::new();
        self.hash_into(folded, &mut hashes);
        hashes
    }

    /// The distinct shingles of `folded`.
    pub fn set(&self, folded: &str) -> ShingleSet {
        ShingleSet::from_hashes(&self.hashes(folded))
    }

    /// The text of every window, for inspection.
    pub fn windows<'t>(&self, folded: &'t str) -> Vec<&'t str> {
        let ranges = self.ranges(folded).into_iter();
        ranges.map(|window| &folded[window]).collect()
    }

    /// Calls `window` with the byte range of every window of `folded`, in the order in which they end.
    #[inline]
    fn for_each_window(&self, folded: &str, mut window: impl FnMut(Range<usize>, UnitKind)) {
        let mut last = LastUnits::new(self.character_window, self.word_window);
        self.for_each_unit(folded, |unit, kind| last.push(unit, kind, &mut window));
        last.close(folded, &mut window);
    }

    /// As [`for_each_window`](Self::for_each_window), with the hash, the kind and the start of each window.
    #[inline]
    fn for_each_hash(&self, folded: &str, mut found: impl FnMut(u64, UnitKind, usize)) {
        if self.cuts_words() {
            return self.for_each_window(folded, |window, kind| {
                let start = window.start;
                found(self.hash(folded, window), kind, start);
            });
        }
        let mut last = LastUnits::new(self.character_window, self.word_window);
        units::for_each_run(folded, |units| {
            let mut window = |window: Range<usize>, kind| {
                let start = window.start;
                found(self.hash(folded, window), kind, start);
            };
            match units {
                Units::One(unit, kind) => last.push(unit, kind, &mut window),
                Units::Words(words) => {
                    for word in words {
                        match last.push_word(word.clone()) {
                            Some(start) => window(start..word.end, UnitKind::Word),
                            None => last.push(word, UnitKind::Word, &mut window),
                        }
                    }
                }
                Units::Characters(run) => {
                    let inside = last.enter(run, &mut window);
                    let start = inside.start;
                    self.hash_characters(&folded.as_bytes()[inside], start, &mut found);
                }
            }
        });
        last.close(folded, &mut |window: Range<usize>, kind| {
            let start = window.start;
            found(self.hash(folded, window), kind, start);
        });
    }

    /// Calls `found` with every window of these characters, which have three bytes each. The first character starts at `start`.
    #[inline]
    fn hash_characters(
        &self,
        run: &[u8],
        start: usize,
        found: &mut impl FnMut(u64, UnitKind, usize),
    ) {
        let starts = (start..).step_by(3);
        let kind = UnitKind::Character;
        let length = 3 * self.character_window;
        // If the compiler knows the length, a hash takes a third of the work.
        if length == USUAL {
            for (window, start) in run.windows(USUAL).step_by(3).zip(starts) {
                if let Some(window) = window.first_chunk::<USUAL>() {
                    found(xxh3_64_with_seed(window, self.seed), kind, start);
                }
            }
            return;
        }
        for (window, start) in run.windows(length).step_by(3).zip(starts) {
            found(xxh3_64_with_seed(window, self.seed), kind, start);
        }
    }

    #[cfg(feature = "jieba")]
    fn for_each_unit(&self, folded: &str, unit: impl FnMut(Range<usize>, UnitKind)) {
        match &self.words {
            Some(words) => words.for_each(folded, unit),
            None => units::for_each(folded, unit),
        }
    }

    #[cfg(not(feature = "jieba"))]
    #[inline]
    fn for_each_unit(&self, folded: &str, unit: impl FnMut(Range<usize>, UnitKind)) {
        units::for_each(folded, unit);
    }

    #[cfg(feature = "jieba")]
    fn cuts_words(&self) -> bool {
        self.words.is_some()
    }

    #[cfg(not(feature = "jieba"))]
    fn cuts_words(&self) -> bool {
        false
    }
}

/// The shingles of one text, in text order, repeats included.
///
/// ```
/// use reprint::shingle::{Shingler, Shingles, UnitKind};
///
/// let mut shingles = Shingles::default();
/// Shingler::default().cut_into("一二三四五六", &mut shingles);
/// assert_eq!(shingles.kinds, [UnitKind::Character; 2]);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shingles {
    /// The hash of each window.
    pub hashes: Vec<u64>,
    /// The kind of the first unit of each window.
    pub kinds: Vec<UnitKind>,
    /// The start of each window, in bytes of the folded text.
    pub starts: Vec<u32>,
}

/// The byte range of every unit of a folded text, in order: single characters of scripts without spaces, words, numbers.
///
/// ```
/// assert_eq!(reprint::shingle::units("用java8编"), [0..3, 3..7, 7..8, 8..11]);
/// ```
pub fn units(folded: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    units::for_each(folded, |unit, _| found.push(unit));
    found
}

/// Calls `unit` with the byte range and the kind of every unit of a folded text, in order.
#[inline]
pub(crate) fn for_each_unit(folded: &str, unit: impl FnMut(Range<usize>, UnitKind)) {
    units::for_each(folded, unit);
}

/// The weight of all units of a folded text ([`UnitKind::weight`]).
///
/// ```
/// assert_eq!(reprint::shingle::weight("用java8编"), 2 + 2 * 2);
/// ```
pub fn weight(folded: &str) -> usize {
    let mut weight = 0;
    units::for_each(folded, |_, kind| weight += kind.weight());
    weight
}

/// The distinct shingle hashes of one document, ascending.
///
/// ```
/// use reprint::shingle::ShingleSet;
///
/// let set = ShingleSet::from_hashes(&[7, 3, 7]);
/// assert_eq!(set.as_slice(), [3, 7]);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ShingleSet(Vec<u64>);

impl ShingleSet {
    /// The set of these hashes. Order and repetition don't matter. Cost: linear for evenly distributed hashes, such as those of shingles;
    /// never more than a sort.
    pub fn from_hashes(hashes: &[u64]) -> Self {
        let mut hashes = sort_spread(hashes);
        hashes.dedup();
        Self(hashes)
    }

    /// The hashes, ascending.
    pub fn as_slice(&self) -> &[u64] {
        &self.0
    }

    /// Number of distinct shingles.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Is the set empty? It is for an empty text.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Sorts hashes by their high bits into as many buckets as there are hashes, then sorts each bucket.
pub(crate) fn sort_spread(hashes: &[u64]) -> Vec<u64> {
    let n = hashes.len();
    let bucket = |hash: u64| ((u128::from(hash) * n as u128) >> 64) as usize;
    let mut ends = vec![0_u32; n];
    hashes.iter().for_each(|&hash| ends[bucket(hash)] += 1);
    let mut total = 0;
    for end in &mut ends {
        total += *end;
        *end = total - *end; // the bucket's start, moved to its end as it fills
    }
    let mut sorted = vec![0; n];
    for &hash in hashes {
        let at = &mut ends[bucket(hash)];
        sorted[*at as usize] = hash;
        *at += 1;
    }
    let mut start = 0;
    for end in ends {
        sort_bucket(&mut sorted[start..end as usize]);
        start = end as usize;
    }
    sorted
}

/// Sorts a bucket. Evenly distributed hashes give buckets of one or two, so insertion is enough.
#[inline]
fn sort_bucket(bucket: &mut [u64]) {
    if bucket.len() > 16 {
        return bucket.sort_unstable();
    }
    for i in 1..bucket.len() {
        let mut j = i;
        while j > 0 && bucket[j - 1] > bucket[j] {
            bucket.swap(j - 1, j);
            j -= 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Text, windows with 5 characters and 3 words. By hand.
    const CASES: &[(&str, &[&str])] = &[
        ("", &[]),
        ("甲", &["甲"]),
        ("甲乙丙丁", &["甲乙丙丁"]),
        ("甲乙丙丁戊己", &["甲乙丙丁戊", "乙丙丁戊己"]),
        ("one", &["one"]),
        ("one two", &["one two"]),
        ("one two three four", &["one two three", "two three four"]),
        ("7月20日", &["7月20", "7月20日"]),
        ("iphone发布会", &["iphone发布", "iphone发布会"]),
        ("covid19 2020", &["covid19 2020"]),
        ("用java8编写", &["java8编", "用java8编写", "8编写"]),
        ("กขคงจฉ", &["กขคงจ", "ขคงจฉ"]),
    ];

    #[test]
    fn windows_are_cut_as_written() {
        for (text, windows) in CASES {
            assert_eq!(Shingler::default().windows(text), *windows, "{text}");
        }
    }

    proptest! {
        #[test]
        fn spread_hashes_are_sorted_as_any(
            spread in prop::collection::vec(any::<u64>(), 0..300),
            crowded in prop::collection::vec(0_u64..9, 0..60),
        ) {
            for hashes in [&spread, &crowded, &[spread.clone(), crowded.clone()].concat()] {
                let mut sorted = hashes.clone();
                sorted.sort_unstable();
                prop_assert_eq!(&sort_spread(hashes), &sorted);
                sorted.dedup();
                prop_assert_eq!(ShingleSet::from_hashes(hashes), ShingleSet(sorted));
            }
        }
    }

    #[test]
    fn hashes_are_xxh3_of_the_windows() {
        let shingler = Shingler::default();
        let mut hashes = Vec::new();
        shingler.hash_into("one two three four", &mut hashes);
        let expected = ["one two three", "two three four"]
            .map(|window| xxh3_64_with_seed(window.as_bytes(), shingler.seed));
        assert_eq!(hashes, expected);
    }

    #[cfg(feature = "jieba")]
    #[test]
    fn chinese_words_are_units_on_request() {
        let words = Shingler::builder()
            .chinese_words()
            .word_window(2)
            .build()
            .unwrap();
        let folded = Normalizer::new().fold("我們中出了一個叛徒, said 3 men");
        let windows = words.windows(&folded);
        assert_eq!(windows[..3], ["我们中", "中出", "出了"]);
        assert_eq!(windows[windows.len() - 3..], ["叛徒said", "said3", "3men"]);
        let scheme = |shingler: &Shingler| shingler.scheme(&Normalizer::new());
        assert_ne!(
            scheme(&words),
            scheme(&Shingler::builder().word_window(2).build().unwrap())
        );
    }
}
