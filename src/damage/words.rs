//! Which of two readings of one place is the right one?
//!
//! Three kinds of evidence decide: the text that both copies agree on elsewhere (does it have the word, or the letters of the word?),
//! signs that no writer puts into a word (a digit, a bar, a capital), and for Chinese the pairs of ideographs that occur in words.

use std::cell::OnceCell;
use std::ops::Range;

use crate::damage::common::{Common, Languages, languages};
use crate::damage::counts::Counts;
use crate::damage::pairs::{PAIR_BITS, pair_bit};
use crate::damage::reading::{LetterKind, Reading, gap, kind};
use crate::damage::walk::Run;

mod generated {
    include!(concat!(env!("OUT_DIR"), "/han_pairs.rs"));
}

/// Counts for the text that two copies agree on: how often each word, each trigram of a word and each pair of ideographs occurs in it.
pub(super) struct Agreed {
    counts: Counts,
    /// A sample of words that shows the languages of the text, one after the other; `ends` has the end of each.
    sample: Vec<u32>,
    ends: Vec<usize>,
    languages: OnceCell<Languages>,
}

/// In place of a letter: the edge of a word, before its first letter and after its last.
pub(super) const EDGE: u32 = u32::MAX;

/// Maximum number of letters of a word that are read on either side of a difference.
const LONGEST_WORD: usize = 40;

impl Agreed {
    /// Counts the letters of some runs, with the positions of the left side. Cost: a few steps for each letter.
    pub fn new(reading: &Reading<'_>, runs: &[Run]) -> Self {
        let letters: usize = runs.iter().map(|run| run.length).sum();
        let mut agreed = Self {
            counts: Counts::new(letters),
            sample: Vec::new(),
            ends: Vec::new(),
            languages: OnceCell::new(),
        };
        for run in runs {
            agreed.count(reading, run.left..run.left + run.length);
        }
        agreed
    }

    fn count(&mut self, reading: &Reading<'_>, range: Range<usize>) {
        let letters = &reading.letters[range.clone()];
        let mut at = range.start;
        // The first word may be the end of a word that differs.
        let mut whole = at == 0 || reading.is_edge(at);
        while at < range.end {
            let rest = &letters[at - range.start..];
            let unspaced = rest
                .iter()
                .take_while(|&&letter| kind(letter) == LetterKind::Unspaced);
            let unspaced = unspaced.count();
            if unspaced > 0 {
                for pair in rest.windows(2).take(unspaced) {
                    self.counts.add(&[pair[0], pair[1]]);
                }
                at += unspaced;
                whole = true;
                continue;
            }
            let word = word_from(reading, at, range.end);
            let end = word.end;
            if whole && (end < range.end || reading.is_edge(end)) {
                self.add_word(&reading.letters[word]);
            }
            at = end.max(at + 1);
            whole = true;
        }
    }

    /// The languages of the words, found on the first call.
    fn languages(&self) -> Languages {
        *self.languages.get_or_init(|| {
            let starts = [0].iter().chain(&self.ends);
            let words = starts.zip(&self.ends);
            languages(words.filter_map(|(&start, &end)| self.sample.get(start..end)))
        })
    }

    /// Is it one of the commonest words?
    fn is_common(&self, word: &[u32]) -> bool {
        self.is_of(Common::get().with_word(word))
    }

    /// Is one of these languages a language of the text?
    fn is_of(&self, languages: Languages) -> bool {
        languages != 0 && self.languages() & languages != 0
    }

    fn add_word(&mut self, word: &[u32]) {
        // A number supports no other number.
        if is_number(word) {
            return;
        }
        if self.sample.len() < SAMPLE {
            self.sample.extend_from_slice(word);
            self.ends.push(self.sample.len());
        }
        self.counts.add(word);
        trigrams(word).for_each(|gram| self.counts.add(&gram));
    }

    /// The plausibility of some letters of a reading, about 0 to 1, judged with the whole words around them.
    pub fn plausibility(&self, reading: &Reading<'_>, range: &Range<usize>) -> f64 {
        let whole = widened(reading, range);
        let (mut sum, mut parts) = (0.0, 0.0);
        let mut at = whole.start;
        while at < whole.end {
            if kind(reading.letters[at]) == LetterKind::Unspaced {
                if at + 1 < whole.end {
                    sum += self.pair(reading, at);
                    parts += 1.0;
                }
                at += 1;
                continue;
            }
            let word = word_from(reading, at, whole.end);
            at = word.end.max(at + 1);
            let weight = word.len() as f64;
            sum += weight * self.word(reading, word);
            parts += weight;
        }
        if parts > 0.0 { sum / parts } else { 0.0 }
    }

    fn pair(&self, reading: &Reading<'_>, at: usize) -> f64 {
        let pair = &reading.letters[at..at + 2];
        // Ideographs with a mark between them are no pair.
        if reading.gaps[at + 1] & gap::MARKS != 0 {
            return 0.3;
        }
        let known = f64::from(self.counts.get(pair).min(2)) * 0.3;
        known + if is_pair(pair[0], pair[1]) { 0.5 } else { 0.0 }
    }

    /// The plausibility of a word: 1 if the word is known, otherwise up to about a half by its letters.
    fn word(&self, reading: &Reading<'_>, word: Range<usize>) -> f64 {
        let parts = joined(reading, &word);
        // Words may have lost the space between them: each is scored separately.
        let sum: f64 = parts
            .iter()
            .map(|part| part.len() as f64 * self.part(reading, part))
            .sum();
        sum / word.len() as f64 - 0.1 * (parts.len() - 1) as f64
    }

    fn part(&self, reading: &Reading<'_>, word: &Range<usize>) -> f64 {
        let odd = oddness(reading, word) as f64;
        self.spelled(&reading.letters[word.clone()], 0) - ODD * odd
    }

    /// Is a part of a text not words at all? Only parts in scripts with spaces are tested.
    pub fn is_dirt(&self, reading: &Reading<'_>, part: &Range<usize>) -> bool {
        let around = part.start.saturating_sub(1)..(part.end + 1).min(reading.len());
        let kinds = |range: Range<usize>| reading.letters[range].iter().map(|&letter| kind(letter));
        if is_unit(reading, part)
            || kinds(around).any(|kind| kind == LetterKind::Unspaced)
            || kinds(part.clone()).all(|kind| kind == LetterKind::Digit)
        {
            return false;
        }
        let letters = part.len();
        let (mut sound, mut words, mut at) = (0, 0, part.start);
        while at < part.end {
            let word = word_from(reading, at, part.end);
            at = word.end;
            words += 1;
            if self.is_sound(reading, &word) {
                sound += word.len();
            }
        }
        SOUND * sound < letters && letters < LONG_WORD * words
    }

    /// Is it a word, a number of more than one digit, or an abbreviation?
    fn is_sound(&self, reading: &Reading<'_>, word: &Range<usize>) -> bool {
        let letters = &reading.letters[word.clone()];
        let behind = reading.gaps.get(word.end).copied().unwrap_or(0);
        let before = reading.gaps.get(word.start).copied().unwrap_or(0);
        let text = reading.slice(word.clone());
        if letters.len() == 1 {
            let is_label = behind & (gap::STOP | gap::PAUSE | gap::BRACKET) != 0
                || before & gap::BRACKET != 0
                || "IVXLCDM".contains(text);
            return is_label || self.is_common(letters);
        }
        let digits = letters
            .iter()
            .filter(|&&letter| kind(letter) == LetterKind::Digit);
        match digits.count() {
            0 => {
                self.counts.get(letters) > 0
                    || self.is_common(letters)
                    || letters.len() > 2 && oddness(reading, word) == 0 && has_vowel(text)
            }
            digits => digits == letters.len(),
        }
    }

    /// The plausibility of the letters of a word. `own` is the number of times that the word was counted at this very place.
    fn spelled(&self, word: &[u32], own: u8) -> f64 {
        let common = Common::get();
        if is_quantity(word) {
            return NUMBER;
        }
        if self.counts.get(word) > own || self.is_common(word) {
            // A single letter is dirt as often as a word.
            return if word.len() > 1 { 1.0 } else { 0.5 };
        }
        let grams = trigrams(word).map(|gram| {
            let seen = self.counts.get(&gram).saturating_sub(own).min(7);
            let seen = f64::from(seen).ln_1p() / 3.0;
            (seen
                + if self.is_of(common.with_gram(&gram)) {
                    0.25
                } else {
                    0.0
                })
            .min(0.8)
        });
        0.8 * grams.sum::<f64>() / word.len().max(1) as f64
    }

    /// Is a space in one reading right, where the other has none? Over 0 if it is: the difference in plausibility between two words and one.
    ///
    /// `is_counted`: is this the reading from which the words were counted? Then its words were counted at this very place, and
    /// that count is not evidence for them.
    pub fn space(&self, reading: &Reading<'_>, at: usize, is_counted: bool) -> f64 {
        let before = back_to_edge(reading, at)..at;
        let behind = at..word_from(reading, at, reading.len()).end;
        let word = |range: &Range<usize>, own: bool| {
            self.spelled(&reading.letters[range.clone()], u8::from(own))
        };
        let parts = word(&before, is_counted).min(word(&behind, is_counted));
        parts - word(&(before.start..behind.end), !is_counted)
    }
}

/// Maximum number of letters in the sample of words that shows the languages of a text; more letters would add no evidence.
const SAMPLE: usize = 500;

fn is_number(word: &[u32]) -> bool {
    word.iter().all(|&letter| kind(letter) == LetterKind::Digit)
}

/// A number, alone or followed by one or two letters: 250, 250g, 2nd.
fn is_quantity(word: &[u32]) -> bool {
    let digits = word
        .iter()
        .take_while(|&&letter| kind(letter) == LetterKind::Digit);
    let digits = digits.count();
    let letters = &word[digits..];
    digits > 0 && letters.len() <= 2 && !letters.iter().any(|letter| is_number(&[*letter]))
}

/// Plausibility of a number.
const NUMBER: f64 = 0.5;

/// In text, at least one letter in this many belongs to a sound word.
const SOUND: usize = 2;

/// Average number of letters in a word from which a part is not dirt.
const LONG_WORD: usize = 4;

/// Is it the sign of a unit, after its number and on the same line?
fn is_unit(reading: &Reading<'_>, part: &Range<usize>) -> bool {
    let behind_number = part.start > 0
        && kind(reading.letters[part.start - 1]) == LetterKind::Digit
        && reading.gaps[part.start] & (gap::BREAK | gap::MARKS) == 0;
    let units = [
        "m", "g", "s", "l", "h", "t", "A", "V", "W", "K", "C", "F", "J", "N", "kg", "mg", "cm",
        "mm", "km", "ml", "cl", "kW",
    ];
    behind_number && units.contains(&reading.slice(part.clone()))
}

/// The loss of plausibility of a word for each oddity.
const ODD: f64 = 0.3;

/// Minimum difference in plausibility between two words and one that decides about a space.
pub(super) const SPACE: f64 = 0.15;

/// The same for a line's end that separates two words. A line ends within a word as often as between two.
pub(super) const LINE_END: f64 = 0.6;

/// The parts of a word, divided where a capital is between small letters: a space was lost there.
fn joined(reading: &Reading<'_>, word: &Range<usize>) -> Vec<Range<usize>> {
    let case = |at: usize| {
        let place = reading.places[at] as usize;
        let c = reading
            .text
            .get(place..)
            .and_then(|rest| rest.chars().next());
        c.map_or((false, false), |c| (c.is_uppercase(), c.is_lowercase()))
    };
    let mut parts = Vec::new();
    let mut from = word.start;
    for at in word.start + 2..word.end.saturating_sub(1) {
        if at - from >= 2 && case(at).0 && case(at - 1).1 && case(at - 2).1 && case(at + 1).1 {
            parts.push(from..at);
            from = at;
        }
    }
    parts.push(from..word.end);
    parts
}

fn is_pair(first: u32, second: u32) -> bool {
    let bit = pair_bit(first, second) % PAIR_BITS;
    generated::HAN_PAIRS[bit / 64] >> (bit % 64) & 1 != 0
}

/// The trigram around each letter of a word, with the edges of the word.
pub(super) fn trigrams(word: &[u32]) -> impl Iterator<Item = [u32; 3]> + '_ {
    let letter = |at: usize| {
        at.checked_sub(1)
            .and_then(|at| word.get(at))
            .copied()
            .unwrap_or(EDGE)
    };
    (0..word.len()).map(move |at| [letter(at), letter(at + 1), letter(at + 2)])
}

/// The word that starts at a letter, up to `end` at most.
fn word_from(reading: &Reading<'_>, at: usize, end: usize) -> Range<usize> {
    let mut to = at + 1;
    while to < end && to < at + LONGEST_WORD && is_within_word(reading, to) {
        to += 1;
    }
    at..to
}

/// Does a word continue at this letter? Digits and letters go together: `28ald` is one misread word.
fn is_within_word(reading: &Reading<'_>, at: usize) -> bool {
    at > 0
        && at < reading.len()
        && reading.gaps[at] & gap::PARTS == 0
        && kind(reading.letters[at]) != LetterKind::Unspaced
        && kind(reading.letters[at - 1]) != LetterKind::Unspaced
}

fn back_to_edge(reading: &Reading<'_>, at: usize) -> usize {
    let mut from = at.saturating_sub(1);
    while from > 0 && at - from < LONGEST_WORD && is_within_word(reading, from) {
        from -= 1;
    }
    from
}

/// A range extended to the whole words at its ends; in scripts without spaces, by one letter at each end.
pub(super) fn widened(reading: &Reading<'_>, range: &Range<usize>) -> Range<usize> {
    let mut start = range.start.min(reading.len());
    let mut end = range.end.min(reading.len());
    if start > 0 && kind(reading.letters[start - 1]) == LetterKind::Unspaced {
        start -= 1;
    } else {
        while start > 0 && range.start - start < LONGEST_WORD && is_within_word(reading, start) {
            start -= 1;
        }
    }
    if end < reading.len() && kind(reading.letters[end]) == LetterKind::Unspaced {
        end += 1;
    } else {
        while end > 0 && end - range.end < LONGEST_WORD && is_within_word(reading, end) {
            end += 1;
        }
    }
    start..end
}

/// The number of features in a word that no writer puts into a word.
fn oddness(reading: &Reading<'_>, word: &Range<usize>) -> usize {
    let text = reading.slice(word.clone());
    let mut odd = 0;
    let mut before = [' '; 2];
    let mut scripts = 0_u8;
    let mut letters = 0;
    let mut vowels = 0;
    for c in text.chars() {
        let [second, last] = before;
        let capital_within = c.is_uppercase() && last.is_lowercase();
        let two_capitals = c.is_lowercase() && last.is_uppercase() && second.is_uppercase();
        if capital_within || two_capitals {
            odd += 1;
        }
        if c.is_numeric() && last.is_alphabetic()
            || c.is_alphabetic() && last.is_numeric() && second.is_alphabetic()
        {
            odd += 1;
        }
        if !c.is_alphanumeric() && last.is_alphanumeric() && is_odd_sign(c) {
            odd += 1;
        }
        if c.is_alphabetic() && c == last && c == second {
            odd += 1;
        }
        scripts |= script(c);
        letters += usize::from(c.is_alphabetic());
        vowels += usize::from(is_vowel(c));
        before = [last, c];
    }
    odd += usize::from(scripts.count_ones() > 1);
    // Abbreviations are written in capitals.
    let shouted = text.chars().all(|c| !c.is_lowercase());
    odd + usize::from(scripts == 1 && letters >= 4 && vowels == 0 && !shouted)
}

/// Does a text have a letter of older print? A modern scan does not read such letters by mistake.
pub(super) fn has_old_letters(text: &str) -> bool {
    text.contains([
        'ѣ', 'ѫ', 'ѭ', 'ѧ', 'ѩ', 'ѳ', 'ѵ', 'ꝛ', 'ʒ', 'ſ', 'ẽ', 'ũ', 'ꝑ', 'ꝓ', 'ꝗ', '\u{303}',
        '\u{364}',
    ])
}

fn is_odd_sign(c: char) -> bool {
    "|\\{}~^<>_*■¬¦§°¢£¥®©$%#@+=".contains(c)
}

fn script(c: char) -> u8 {
    match c {
        'a'..='z' | 'A'..='Z' | '\u{C0}'..='\u{24F}' => 1,
        '\u{370}'..='\u{3FF}' => 2,
        '\u{400}'..='\u{52F}' => 4,
        _ => 0,
    }
}

/// Does a word have a vowel? True for scripts that may not write vowels.
fn has_vowel(text: &str) -> bool {
    text.chars().any(|c| script(c) != 1 || is_vowel(c))
}

fn is_vowel(c: char) -> bool {
    let lower = c.to_lowercase().next().unwrap_or(c);
    // Languages differ in their vowels: r and l are vowels in Czech.
    "aeiouyrlàáâãäåæèéêëìíîïòóôõöøùúûüýœāēīōūąęěůıőű".contains(lower)
}

/// The number of letters of another script within words, such as Cyrillic letters that look like Latin ones. In each word the
/// letters of the rarer script count.
pub(super) fn lookalikes(reading: &Reading<'_>) -> u64 {
    let is_other = |any: bool, &letter: &u32| any | (0x370..0x530).contains(&letter);
    // A chunk is scanned without branches, so that the compiler can compare many letters at once.
    let mut chunks = reading.letters.chunks(64);
    if !chunks.any(|chunk| chunk.iter().fold(false, is_other)) {
        return 0;
    }
    let mut found = 0;
    let mut counts = [0_u64; 3];
    let mut of_word = |counts: &mut [u64; 3]| {
        let most = counts.iter().copied().max().unwrap_or(0);
        found += counts.iter().sum::<u64>() - most;
        *counts = [0; 3];
    };
    for (at, &letter) in reading.letters.iter().enumerate() {
        if reading.gaps[at] & !gap::CAPITAL != 0 {
            of_word(&mut counts);
        }
        match letter {
            0x61..=0x7A | 0xDF..=0x24F => counts[0] += 1,
            0x370..=0x3FF => counts[1] += 1,
            0x400..=0x52F => counts[2] += 1,
            _ => {}
        }
    }
    of_word(&mut counts);
    found
}
