//! Which letters stand in a word of another script because they look alike? A Cyrillic а within a Latin word is folded to a.
//!
//! A word is folded to the one script in which all of it can be written; to the script of more than half of its letters where
//! there are two. Words of one script stay, and with them whole words that look alike (Russian сор, English cop).

use unicode_normalization::char::canonical_combining_class;

use super::edits::Edit;
use super::letters::{is_cyrillic, is_greek};

/// Latin, Cyrillic and Greek small letters that look alike; `.` where there is none. Source: Unicode's confusables.txt (UTS #39).
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
    ['w', 'ԝ', 'ω'],
    ['x', 'х', 'χ'],
    ['y', 'у', '.'],
];

/// The same for letters that look alike in capitals only: at the start of a word, or in a word of capitals. Folded text has no
/// capitals left.
const CAPITAL: &[[char; 3]] = &[
    ['b', 'в', 'β'],
    ['e', 'е', 'ε'],
    ['h', 'н', 'η'],
    ['m', 'м', 'μ'],
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

/// Every letter of a word as one of `script`, if it can be: with capitals at its start, or anywhere.
fn word_in(script: Script, word: &str, capitals: bool) -> Option<Vec<char>> {
    let letters = word.chars().enumerate();
    letters
        .map(|(at, c)| written_in(script, c, capitals || at == 0))
        .collect()
}

/// May there be a word of two scripts? Asked of texts with Greek or Cyrillic letters, and so only of bytes: is a letter of ASCII
/// beside them, or are there other letters that may be?
pub(super) fn may_be_mixed(text: &[u8]) -> bool {
    const STEP: usize = 1024;
    let beside = |(&a, &b): (&u8, &u8)| {
        let into = a.is_ascii_lowercase() & matches!(b, 0xCD..=0xD4);
        let out_of = (a & 0xC0 == 0x80) & b.is_ascii_lowercase();
        into | out_of
    };
    let pairs = |text: &[u8]| {
        text.iter()
            .zip(&text[1..])
            .fold(false, |any, pair| any | beside(pair))
    };
    let steps = || (0..text.len().saturating_sub(1)).step_by(STEP);
    let any = |first: u8, last: u8| {
        let is_one = |byte: &u8| (first..=last).contains(byte);
        text.chunks(STEP)
            .any(|step| step.iter().fold(false, |any, byte| any | is_one(byte)))
    };
    steps().any(|start| pairs(&text[start..text.len().min(start + STEP + 1)]))
        || (any(0xCD, 0xCF) && any(0xD0, 0xD4))
        || any(0xC3, 0xC9)
        || any(0xE1, 0xE1)
}

/// What becomes of letters in words of another script.
pub(super) fn edits(text: &str) -> Vec<Edit> {
    let mut edits = Vec::new();
    let is_letter = |c: char| Script::of(c).is_some();
    let mut rest = 0;
    while let Some(found) = text[rest..].find(is_letter) {
        let start = rest + found;
        let length = text[start..].find(|c| !is_letter(c));
        rest = length.map_or(text.len(), |length| start + length);
        // Another letter would join with a mark in another way.
        let marked = text[rest..]
            .chars()
            .next()
            .is_some_and(|c| canonical_combining_class(c) != 0);
        let word = if marked { "" } else { &text[start..rest] };
        for ((at, c), to) in word.char_indices().zip(unmixed(word).unwrap_or_default()) {
            if c != to {
                let range = start + at..start + at + c.len_utf8();
                edits.push(Edit::new(range, to.to_string()));
            }
        }
    }
    edits
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
    in_one_script(word, counts, false)
        .unwrap_or_else(|| in_one_script(word, counts, true).flatten())
}

/// The word in the only script in which it can be written, of several in that of most letters, of none of them if no script
/// has more than half. Nothing if it can be written in none.
fn in_one_script(
    word: &str,
    counts: [usize; SCRIPTS.len()],
    capitals: bool,
) -> Option<Option<Vec<char>>> {
    let used = SCRIPTS
        .into_iter()
        .filter(|&script| counts[script as usize] > 0);
    let mut written: Vec<_> = used
        .filter_map(|script| Some((counts[script as usize], word_in(script, word, capitals)?)))
        .collect();
    written.sort_by_key(|&(count, _)| count);
    let all: usize = counts.iter().sum();
    let several = written.len() > 1;
    let (count, word) = written.pop()?;
    Some((!several || count * 2 > all).then_some(word))
}
