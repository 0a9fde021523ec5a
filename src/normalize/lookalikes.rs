//! Which letters in a word are of another script and only look alike? A Cyrillic а in a Latin word is folded to a.
//!
//! A mixed word is folded to the one script in which the whole word can be written. If there are two such scripts, or if Greek is one of
//! the scripts of the word, it must be the script of more than half of the letters: a Greek letter next to a Latin one may be intended
//! (hν). Words of one script stay, even if they look like words of another script (Russian сор, English cop). There is one exception, a
//! text that hides letters in this way: if it has mixed words, and every word in the script of fewer letters could be a word of the other
//! script, all these words are folded.

use unicode_normalization::char::canonical_combining_class;

use super::edits::{Edit, apply, compose};
use super::letters::{is_cyrillic, is_greek};

/// Latin, Cyrillic and Greek small letters that look alike; `.` means no such letter. Source: Unicode's confusables.txt (UTS #39). μ and ω
/// are left out because they distinguish units: μm is not mm, kΩ not kW.
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

/// As [`SMALL`], for letters that look alike only as capitals: at the start of a word, or in a word of capitals. Folded text has no
/// capitals any more.
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

/// Letters that may become Latin but never replace a Latin letter. So a text gains no letter that could show its language (see
/// `alphabets`).
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

/// The letter of `script` that looks like `c`, as a small letter or, with `capital`, as a capital too. `c` itself if it is of this script.
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

/// The word with every letter in `script`, if that is possible. The first `capitals` letters may be capitals.
fn word_in(script: Script, word: &str, capitals: usize) -> Option<Vec<char>> {
    let letters = word.chars().enumerate();
    letters
        .map(|(at, c)| written_in(script, c, at < capitals))
        .collect()
}

/// Is a Greek or Cyrillic letter next to a letter of another script? Only bytes are tested, many at once.
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

/// 1 if a byte is within bounds, otherwise 0. There are no branches, so that many bytes can be tested at once.
#[inline(always)]
fn within(byte: u8, first: u8, last: u8) -> u8 {
    u8::from(byte.wrapping_sub(first) <= last - first)
}

#[inline(always)]
fn latin_ascii(byte: u8) -> u8 {
    within(byte, b'a', b'z')
}

/// 1 for the first byte of a Greek or Cyrillic letter.
#[inline(always)]
fn other(byte: u8) -> u8 {
    within(byte, 0xCD, 0xD4)
}

/// Are these the first byte of a letter with two bytes and the first byte of the next letter, which is of another script?
#[inline(always)]
fn two_bytes_meet(a: u8, b: u8) -> u8 {
    let latin = within(a, 0xC3, 0xC9) & other(b);
    let from_other = other(a) & (latin_ascii(b) | within(b, 0xC3, 0xC9) | within(b, 0xE1, 0xE1));
    let greek = within(a, 0xCD, 0xCF) & within(b, 0xD0, 0xD4);
    let cyrillic = within(a, 0xD0, 0xD4) & within(b, 0xCD, 0xCF);
    latin | from_other | greek | cyrillic
}

/// The edits of letters in words of another script, and of whole words if such letters are hidden in the text.
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

/// Minimum number of letters edited in mixed words for each letter edited in a whole word. With fewer, the text does not hide letters: one
/// typing error does not make OPEC a Cyrillic word.
const MIN_MIXED: usize = 2;

/// The edits that make Latin words in a Cyrillic text Cyrillic, or the other way round. `None` if one of the words can't be written in the
/// other script: then the text is in two languages.
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

/// How many letters of a word may be capitals: first only small letters, then one capital at the start, then all capitals.
fn in_capitals(word: &str) -> impl Iterator<Item = usize> {
    [0, 1, word.len()].into_iter()
}

/// The edits of letters in words of another script. Most texts with Greek or Cyrillic letters have no such words, so a text is tested in
/// steps.
fn edits_of_mixed(text: &str) -> Vec<Edit> {
    const STEP: usize = 512;
    // Two neighbouring letters have up to five bytes; one byte of them is in the step.
    const REACH: usize = 4;
    let bytes = text.as_bytes();
    let mut edits = Vec::new();
    let mut done = 0;
    for step in (0..bytes.len()).step_by(STEP) {
        let end = bytes.len().min(step + STEP + REACH);
        if end <= done || !is_mixed(&bytes[step..end]) {
            continue;
        }
        // From the start to the end of the words there.
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

/// As [`edits_of_mixed`], for a stretch without spaces that starts at `start`. It may have several words.
fn edits_of_stretch(stretch: &str, start: usize, edits: &mut Vec<Edit>) {
    for (at, word, has_mark) in words(stretch, start) {
        // Another letter would combine with a mark in another way.
        if let (false, Some(written)) = (has_mark, unmixed(word)) {
            push_edits(at, word, &written, edits);
        }
    }
}

/// Each run of letters of these scripts in `text`, which starts at `start`: its place, the run, and whether a mark follows it.
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

/// Adds the edits that turn the word at `start` into `written`.
fn push_edits(start: usize, word: &str, written: &[char], edits: &mut Vec<Edit>) {
    for ((at, c), &to) in word.char_indices().zip(written) {
        if c != to {
            let at = start + at;
            edits.push(Edit::new(at..at + c.len_utf8(), to.to_string()));
        }
    }
}

/// A word with letters of several scripts, written in one of them, if possible.
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

/// The word in the script in which it can be written. If there are several, or if the word has Greek letters, it is the script of most
/// letters, and there is no such word if no script has more than half of them. `None` if it can be written in no script.
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
