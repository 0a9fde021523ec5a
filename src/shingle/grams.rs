//! Which windows of a text survive a misread letter?
//!
//! A wrong letter destroys every shingle of words around it. In a scan with one wrong letter in five, hardly any three words in a row are
//! correct. *Grams* are windows of letters without spaces: four characters if the first is of a script without spaces, otherwise six
//! letters. If every fifth letter of a text is wrong, a quarter of its grams remain, in order and all over the text.
//!
//! Cost: one pass, a shift and two multiplications for each letter.

use crate::kernels::{self, CHUNK, GRAM, UNSPACED};
use crate::normalize::{is_unspaced, three_bytes};
use crate::shingle::mix;

/// Letters of a gram that starts with a character of a script without spaces.
pub const UNSPACED_GRAM: usize = 4;

/// Letters of every other gram.
pub const SPACED_GRAM: usize = GRAM;

/// Writes the letters and digits of a folded text, without the spaces between words, into a buffer that the caller can use again.
pub fn letters_into(folded: &str, letters: &mut Vec<char>) {
    letters.clear();
    letters.extend(folded.chars().filter(|&c| c != ' '));
}

/// The hash of every gram, in the order of their first letters. The last letters start no gram if there are too few of them; the grams
/// before cover them. A text shorter than a gram is one gram.
///
/// ```
/// use reprint::shingle::grams;
///
/// let letters = |text: &str| text.chars().collect::<Vec<_>>();
/// assert_eq!(grams(&letters("风雨同舟同甘")).count(), 3);
/// assert_eq!(grams(&letters("unfold")).count(), 1);
/// assert_eq!(grams(&letters("fold")).count(), 1);
/// assert_eq!(grams(&[]).count(), 0);
/// ```
pub fn grams(letters: &[char]) -> impl Iterator<Item = u64> {
    // The letters from a place on, 21 bits each. One shift leads to the next place.
    let mut window = packed(&letters[..letters.len().min(SPACED_GRAM)]);
    let missing = SPACED_GRAM.saturating_sub(letters.len());
    window <<= BITS * missing as u32;
    (0..letters.len()).filter_map(move |start| {
        if start > 0 {
            let next = letters.get(start + SPACED_GRAM - 1);
            window =
                (window << BITS | next.map_or(0, |&letter| u128::from(u32::from(letter)))) & MASK;
        }
        let length = gram_length(&letters[start..]);
        let whole = start + length <= letters.len();
        let gram = window >> (BITS * (SPACED_GRAM - length) as u32);
        (whole || start == 0).then(|| mix(gram as u64 ^ mix((gram >> 64) as u64)))
    })
}

/// The letters of a folded text as codes, so that many grams can be hashed at once. The buffer can be used again.
#[derive(Clone, Debug, Default)]
pub(crate) struct CodedLetters {
    /// Each letter, with [`UNSPACED`] if it is of a script without spaces, then as many zeros as a gram needs. After these, there are codes
    /// of earlier texts.
    codes: Vec<u32>,
    len: usize,
}

/// Number of letters whose grams are hashed at once.
const STRETCH: usize = 4096;

impl CodedLetters {
    /// Replaces the content with the letters of a text.
    pub(crate) fn read(&mut self, folded: &str) {
        let room = folded.len() + CHUNK + GRAM;
        if self.codes.len() < room {
            self.codes.resize(room, 0);
        }
        self.len = 0;
        let mut rest = folded;
        while let Some(c) = rest.chars().next() {
            if c.is_ascii() {
                let codes = &mut self.codes[self.len..];
                let (read, written) = kernels::code_ascii(rest.as_bytes(), codes);
                self.len += written;
                rest = &rest[read..];
                if read > 0 {
                    continue;
                }
            }
            let run = self.push_ideographs(rest.as_bytes());
            if run > 0 {
                rest = &rest[run..];
                continue;
            }
            self.codes[self.len] = c as u32 | (UNSPACED * u32::from(is_unspaced(c)));
            self.len += usize::from(c != ' ');
            rest = &rest[c.len_utf8()..];
        }
        self.codes[self.len..][..GRAM].fill(0);
    }

    /// Takes the ideographs from U+5000 to U+9FFF at the start. Returns how many bytes they have.
    #[inline]
    fn push_ideographs(&mut self, bytes: &[u8]) -> usize {
        let start = self.len;
        for (utf8, code) in bytes.chunks_exact(3).zip(&mut self.codes[start..]) {
            let &[a @ 0xE5..=0xE9, b, c] = utf8 else {
                break;
            };
            *code = three_bytes([a, b, c]) | UNSPACED;
            self.len += 1;
        }
        3 * (self.len - start)
    }

    /// Number of grams.
    pub(crate) fn grams(&self) -> usize {
        self.long() + self.short().count()
    }

    /// Calls `small` for each gram in [`grams`] if the high half of its hash is at most `limit`, in text order. The arguments are the
    /// number of the gram among all grams, and the high half of its hash.
    pub(crate) fn small_grams(&self, limit: u32, mut small: impl FnMut(usize, u32)) {
        let mut found = Vec::with_capacity(64);
        let long = self.long();
        for first in (0..long).step_by(STRETCH) {
            let letters = STRETCH.min(long - first) + GRAM - 1;
            kernels::small_grams(&self.codes[first..first + letters], limit, &mut found);
            for (at, key) in found.drain(..) {
                small(first + at as usize, key);
            }
        }
        for (nth, start) in self.short().enumerate() {
            kernels::small_grams(&self.codes[start..start + GRAM], limit, &mut found);
            for (_, key) in found.drain(..) {
                small(long + nth, key);
            }
        }
    }

    /// Number of places where even a long gram has all its letters. The first place of a text always counts.
    fn long(&self) -> usize {
        match self.len {
            0 => 0,
            len => (len + 1).saturating_sub(SPACED_GRAM).max(1),
        }
    }

    /// The starts of the last grams. There, only a short gram has enough letters.
    fn short(&self) -> impl Iterator<Item = usize> {
        let starts = self.long()..(self.len + 1).saturating_sub(UNSPACED_GRAM);
        starts.filter(|&start| self.codes[start] & UNSPACED != 0)
    }
}

/// Bits of a letter.
const BITS: u32 = 21;

const MASK: u128 = (1 << (BITS * SPACED_GRAM as u32)) - 1;

fn packed(letters: &[char]) -> u128 {
    let letters = letters.iter().map(|&letter| u128::from(u32::from(letter)));
    letters.fold(0, |packed, letter| packed << BITS | letter)
}

/// Length of the gram that starts with the first of these letters.
#[inline]
pub(crate) fn gram_length(letters: &[char]) -> usize {
    match letters.first() {
        Some(&c) if is_unspaced(c) => UNSPACED_GRAM,
        _ => SPACED_GRAM,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::HashSet;

    proptest! {
        #[test]
        fn many_at_once_are_those_one_by_one(
            text in "[a-z0-9 éд가คか甲乙\\u{20000}]{0,24}([a-z ]{30}[一-十]{0,30}){0,6}",
            before in ".{0,40}",
            limit in any::<u32>(),
        ) {
            let mut letters = Vec::new();
            letters_into(&text, &mut letters);
            let mut coded = CodedLetters::default();
            coded.read(&before);
            coded.read(&text);
            prop_assert_eq!(coded.grams(), grams(&letters).count());
            let keys = grams(&letters).map(|hash| (hash >> 32) as u32).enumerate();
            let mut found = Vec::new();
            coded.small_grams(limit, |at, key| found.push((at, key)));
            prop_assert_eq!(found, keys.filter(|&(_, key)| key <= limit).collect::<Vec<_>>());
        }
    }

    #[test]
    fn grams_start_at_every_letter_that_has_enough_behind_it() {
        // By hand: 用java8编写, 用jav, java8编, ava8编写. From 编写 on, the rest is too short.
        let letters: Vec<char> = "用java8编写".chars().collect();
        assert_eq!(grams(&letters).count(), 3);
    }

    #[test]
    fn equal_grams_have_equal_hashes_wherever_they_stand() {
        let of = |text: &str| grams(&text.chars().collect::<Vec<_>>()).collect::<Vec<u64>>();
        assert_eq!(of("abcdefgh")[1..3], of("xbcdefgh")[1..3]);
        assert_eq!(of("风雨同舟共济")[1], of("在雨同舟共济")[1]);
        assert_eq!(of("abcdef"), of("zabcdef")[1..]);
        assert_eq!(of("雨同舟共"), of("风雨同舟共")[1..]);
        assert_ne!(of("abc"), of("abd"));
    }

    #[test]
    fn different_grams_have_different_hashes() {
        let letters: Vec<char> = (0..20_000)
            .filter_map(|i| char::from_u32(0x4E00 + i))
            .collect();
        let hashes: HashSet<u64> = grams(&letters).collect();
        assert_eq!(hashes.len(), letters.len() - 3);
        let swapped: Vec<char> = "abcdef".chars().rev().collect();
        assert_ne!(
            grams(&swapped).next(),
            grams(&"abcdef".chars().collect::<Vec<_>>()).next()
        );
    }
}
