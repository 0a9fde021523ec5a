//! Which letters stand in a word of another script because they look alike? A Cyrillic а within a Latin word is folded to a.
//!
//! A word is folded to the one script in which all of it can be written; to the script of more than half of its letters where
//! there are two, and where Greek is one of them: a Greek letter beside a Latin one may be meant (hν). Words of one script stay,
//! and with them whole words that look alike (Russian сор, English cop), but for those of a text that hides letters so: where there
//! are mixed words, and every word in the script of fewer letters could be one of the other, all of them are.

use unicode_normalization::char::canonical_combining_class;

use super::edits::{Edit, apply, compose};
use super::letters::{is_cyrillic, is_greek};

/// Latin, Cyrillic and Greek small letters that look alike; `.` where there is none. Source: Unicode's confusables.txt (UTS #39).
/// Without μ and ω, which tell units apart: μm is not mm, kΩ not kW.
const SMALL: &[[char; 3]] = &[
    ['a', 'а', 'α'],
    ['c', 'с', '.'],
    ['d', 'ԁ', '.'],
    ['e', 'е', '.'],
    ['h', 'һ', '.'],
    ['i', 'і', 'ι'],
    ['j', 'ј', '.'],
    ['k', 'к', 'κ'],
    ['o', 'о', 'ο'],
    ['p', 'р', 'ρ'],
    ['q', 'ԛ', '.'],
    ['s', 'ѕ', '.'],
    ['u', '.', 'υ'],
    ['v', '.', 'ν'],
    ['w', 'ԝ', '.'],
    ['x', 'х', 'χ'],
    ['y', 'у', '.'],
];

/// The same for letters that look alike in capitals only: at the start of a word, or in a word of capitals. Folded text has no
/// capitals left.
const CAPITAL: &[[char; 3]] = &[
    ['b', 'в', 'β'],
    ['e', 'е', 'ε'],
    ['h', 'н', 'η'],
    ['m', 'м', '.'],
    ['n', '.', 'ν'],
    ['t', 'т', 'τ'],
    ['y', '.', 'υ'],
    ['z', '.', 'ζ'],
];

/// Letters that only become Latin: a text gains no letter that could tell its language (see `alphabets`).
const NEVER_GAINED: [char; 2] = ['ј', 'һ'];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Script {
    Latin,
    Cyrillic,
    Greek,
}

const SCRIPTS: [Script; 3] = [Script::Latin, Script::Cyrillic, Script::Greek];

impl Script {
    /// The script of a folded letter, if it is one of these.
    fn of(c: char) -> Option<Self> {
        match c {
            'a'..='z' | '\u{DF}'..='\u{24F}' | '\u{1E00}'..='\u{1EFF}' => Some(Self::Latin),
            _ if is_greek(c) => Some(Self::Greek),
            _ if is_cyrillic(c) => Some(Self::Cyrillic),
            _ => None,
        }
    }
}

/// The letter of `script` that `c` looks like, small or as a capital too; `c` itself if it is one of it.
fn written_in(script: Script, c: char, capital: bool) -> Option<char> {
    let from = Script::of(c)?;
    if from == script {
        return Some(c);
    }
    let rows = SMALL.iter().chain(if capital { CAPITAL } else { &[] });
    rows.filter(|row| row[from as usize] == c)
        .map(|row| row[script as usize])
        .find(|&c| c != '.' && (script == Script::Latin || !NEVER_GAINED.contains(&c)))
}

/// Every letter of a word as one of `script`, if it can be; its first letters may be capitals.
fn word_in(script: Script, word: &str, capitals: usize) -> Option<Vec<char>> {
    let letters = word.chars().enumerate();
    letters
        .map(|(at, c)| written_in(script, c, at < capitals))
        .collect()
}

/// Does a Greek or Cyrillic letter stand beside a letter of another script? Of bytes, many at once.
fn is_mixed(text: &[u8]) -> bool {
    let from = |at: usize| text.get(at..).unwrap_or_default();
    let pairs = text.iter().zip(from(1));
    let triples = text.iter().zip(from(2));
    let fours = text.iter().zip(from(3));
    let pairs = pairs.fold(0, |any, (&a, &b)| any | latin_ascii(a) & other(b));
    let triples = triples.fold(0, |any, (&a, &b)| any | two_bytes_meet(a, b));
    let fours = fours.fold(0, |any, (&a, &b)| any | within(a, 0xE1, 0xE1) & other(b));
    pairs | triples | fours != 0
}

/// 1 if a byte is within bounds, else 0: no branches, so that many bytes are looked at at once.
#[inline(always)]
fn within(byte: u8, first: u8, last: u8) -> u8 {
    u8::from(byte.wrapping_sub(first) <= last - first)
}

#[inline(always)]
fn latin_ascii(byte: u8) -> u8 {
    within(byte, b'a', b'z')
}

/// The first byte of a Greek or Cyrillic letter.
#[inline(always)]
fn other(byte: u8) -> u8 {
    within(byte, 0xCD, 0xD4)
}

/// Are these the first bytes of a letter of two bytes and of one of another script behind it?
#[inline(always)]
fn two_bytes_meet(a: u8, b: u8) -> u8 {
    let latin = within(a, 0xC3, 0xC9) & other(b);
    let from_other = other(a) & (latin_ascii(b) | within(b, 0xC3, 0xC9) | within(b, 0xE1, 0xE1));
    let greek = within(a, 0xCD, 0xCF) & within(b, 0xD0, 0xD4);
    let cyrillic = within(a, 0xD0, 0xD4) & within(b, 0xCD, 0xCF);
    latin | from_other | greek | cyrillic
}

/// What becomes of letters in words of another script, and of whole words where such letters are hidden.
pub(super) fn edits(text: &str) -> Vec<Edit> {
    let mixed = edits_of_mixed(text);
    if mixed.is_empty() {
        return mixed;
    }
    let between = apply(text, &mixed);
    let whole =
        edits_of_whole_words(&between).filter(|whole| MIN_MIXED * whole.len() <= mixed.len());
    match whole {
        Some(whole) => compose(&mixed, &whole, &between),
        None => mixed,
    }
}

/// Letters in mixed words for each letter in a whole one, in a text that hides letters: one slip of a keyboard does not make OPEC
/// a word of Cyrillic.
const MIN_MIXED: usize = 2;

/// What becomes of words of Latin in a Cyrillic text, or the other way round; none where one of them can't be one of the other
/// script: then the text is in two languages.
fn edits_of_whole_words(text: &str) -> Option<Vec<Edit>> {
    let count = |script| {
        text.chars()
            .filter(|&c| Script::of(c) == Some(script))
            .count()
    };
    let (script, other) = if count(Script::Latin) >= count(Script::Cyrillic) {
        (Script::Latin, Script::Cyrillic)
    } else {
        (Script::Cyrillic, Script::Latin)
    };
    let mut edits = Vec::new();
    for (start, word, has_mark) in words(text, 0) {
        if !word.starts_with(|c| Script::of(c) == Some(other)) {
            continue;
        }
        if has_mark {
            return None;
        }
        let written = in_capitals(word).find_map(|capitals| word_in(script, word, capitals))?;
        push_edits(start, word, &written, &mut edits);
    }
    Some(edits)
}

/// How many letters of a word may be capitals: small letters alone, then a capital in front, then a word of capitals.
fn in_capitals(word: &str) -> impl Iterator<Item = usize> {
    [0, 1, word.len()].into_iter()
}

/// What becomes of letters in words of another script. Most texts with Greek or Cyrillic letters have no such words, so a text
/// is looked at in steps.
fn edits_of_mixed(text: &str) -> Vec<Edit> {
    const STEP: usize = 512;
    // Two letters side by side, a byte less.
    const REACH: usize = 4;
    let bytes = text.as_bytes();
    let mut edits = Vec::new();
    let mut done = 0;
    for step in (0..bytes.len()).step_by(STEP) {
        let end = bytes.len().min(step + STEP + REACH);
        if end <= done || !is_mixed(&bytes[step..end]) {
            continue;
        }
        // To the ends of the words that stand there.
        let space = |at: &usize| bytes[*at] == b' ';
        let start = (done..step.max(done)).rev().find(space).unwrap_or(done);
        done = (end..bytes.len()).find(space).unwrap_or(bytes.len());
        let mut at = start;
        for stretch in text[start..done].split(' ') {
            if is_mixed(stretch.as_bytes()) {
                edits_of_stretch(stretch, at, &mut edits);
            }
            at += stretch.len() + 1;
        }
    }
    edits
}

/// The same of a stretch without spaces, which starts at `start`: words, and what else is not set apart.
fn edits_of_stretch(stretch: &str, start: usize, edits: &mut Vec<Edit>) {
    for (at, word, has_mark) in words(stretch, start) {
        // Another letter would join with a mark in another way.
        if let (false, Some(written)) = (has_mark, unmixed(word)) {
            push_edits(at, word, &written, edits);
        }
    }
}

/// Where each run of letters of these scripts in `text`, which starts at `start`, begins, and whether a mark is behind it.
fn words(text: &str, start: usize) -> impl Iterator<Item = (usize, &str, bool)> {
    let is_letter = |c: char| Script::of(c).is_some();
    let mut rest = 0;
    std::iter::from_fn(move || {
        let first = rest + text[rest..].find(is_letter)?;
        let length = text[first..].find(|c| !is_letter(c));
        rest = length.map_or(text.len(), |length| first + length);
        let next = text[rest..].chars().next();
        let has_mark = next.is_some_and(|c| canonical_combining_class(c) != 0);
        Some((start + first, &text[first..rest], has_mark))
    })
}

/// Adds what makes a word at `start` the one that is `written`.
fn push_edits(start: usize, word: &str, written: &[char], edits: &mut Vec<Edit>) {
    for ((at, c), &to) in word.char_indices().zip(written) {
        if c != to {
            let at = start + at;
            edits.push(Edit::new(at..at + c.len_utf8(), to.to_string()));
        }
    }
}

/// A word with letters of several scripts in one of them, if there is one.
fn unmixed(word: &str) -> Option<Vec<char>> {
    let mut counts = [0; SCRIPTS.len()];
    for script in word.chars().filter_map(Script::of) {
        counts[script as usize] += 1;
    }
    if counts.iter().filter(|&&count| count > 0).count() < 2 {
        return None;
    }
    in_capitals(word)
        .find_map(|capitals| in_one_script(word, counts, capitals))
        .flatten()
}

/// The word in the only script in which it can be written, of several in that of most letters, of none of them if no script
/// has more than half. Nothing if it can be written in none.
fn in_one_script(
    word: &str,
    counts: [usize; SCRIPTS.len()],
    capitals: usize,
) -> Option<Option<Vec<char>>> {
    let used = SCRIPTS
        .into_iter()
        .filter(|&script| counts[script as usize] > 0);
    let mut written: Vec<_> = used
        .filter_map(|script| Some((counts[script as usize], word_in(script, word, capitals)?)))
        .collect();
    written.sort_by_key(|&(count, _)| count);
    let all: usize = counts.iter().sum();
    let several = written.len() > 1 || counts[Script::Greek as usize] > 0;
    let (count, word) = written.pop()?;
    Some((!several || count * 2 > all).then_some(word))
}
