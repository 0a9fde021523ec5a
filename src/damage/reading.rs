//! What are the letters of a text, and what is between the letters?
//!
//! This form of the text is lighter than the folded one: each character folds to a letter by itself. Regional words stay as they
//! are. That has no cost here, as two spellings of a word are no damage to either copy.

use std::cell::OnceCell;

use crate::damage::extra::Grams;
use crate::damage::residue::{Residue, residue};
use crate::damage::{Damage, Figure};
use crate::normalize::{Sign, ideograph, is_unspaced, sign};

/// The marks and spaces between two letters, as bits.
pub(super) mod gap {
    pub const SPACE: u16 = 1;
    pub const BREAK: u16 = 1 << 1;
    pub const PAUSE: u16 = 1 << 2;
    pub const STOP: u16 = 1 << 3;
    pub const QUOTE: u16 = 1 << 4;
    pub const BRACKET: u16 = 1 << 5;
    pub const OTHER: u16 = 1 << 6;
    /// An ASCII mark.
    pub const PLAIN: u16 = 1 << 7;
    /// A replacement character, or another character in the place of an unreadable one.
    pub const UNREAD: u16 = 1 << 8;
    pub const HYPHEN: u16 = 1 << 9;
    /// An ASCII question mark: encoders write it for characters that they do not know.
    pub const QUESTION: u16 = 1 << 10;
    pub const APOSTROPHE: u16 = 1 << 11;
    /// A sign that is read as a word: &, €, %.
    pub const SYMBOL: u16 = 1 << 12;
    /// The letter after it is a capital.
    pub const CAPITAL: u16 = 1 << 13;
    /// An empty line.
    pub const PARAGRAPH: u16 = 1 << 14;

    /// Marks that a reader sees.
    pub const MARKS: u16 = PAUSE | STOP | QUOTE | BRACKET | OTHER;
    /// Anything that separates two words.
    pub const PARTS: u16 = SPACE | BREAK | MARKS | HYPHEN | QUESTION;
}

/// A text as letters, with their positions.
#[derive(Debug, Default)]
pub(super) struct Reading<'t> {
    pub text: &'t str,
    pub letters: Vec<u32>,
    /// Position of each letter in the text, in bytes.
    pub places: Vec<u32>,
    /// The marks and spaces before each letter, and those after the last letter.
    pub gaps: Vec<u16>,
    /// Damage that can be seen without another copy.
    pub damage: Damage,
    /// Letters in quoted lines of a mail.
    pub quoted: usize,
    /// Number of signs that no writer puts between words.
    pub stray: u64,
    grams: OnceCell<Grams>,
}

impl<'t> Reading<'t> {
    /// Reads a text, or its first 4 GB, as positions have 32 bits. Cost: one pass, after a search for markup in texts that have signs of
    /// markup.
    pub fn new(text: &'t str) -> Self {
        let text = first_bytes(text, u32::MAX as usize);
        let Residue { ranges, damage } = residue(text);
        let mut reading = Self {
            text,
            letters: Vec::with_capacity(text.len() / 2),
            places: Vec::with_capacity(text.len() / 2),
            gaps: Vec::with_capacity(text.len() / 2 + 1),
            damage,
            quoted: 0,
            stray: 0,
            grams: OnceCell::new(),
        };
        let mut state = State {
            line_starts: true,
            ..State::default()
        };
        let mut from = 0;
        for range in ranges {
            reading.read(from, range.start, &mut state);
            state.gap |= range.gap;
            from = range.end;
        }
        reading.read(from, text.len(), &mut state);
        reading.gaps.push(state.gap);
        reading.stray += state.open.unsigned_abs();
        reading
    }

    /// Reads a part of the text.
    fn read(&mut self, start: usize, end: usize, state: &mut State) {
        let bytes = self.text.as_bytes();
        let mut at = start;
        while at < end {
            let byte = bytes[at];
            if byte < 0x80 {
                self.ascii(byte, at, state);
                at += 1;
                continue;
            }
            if let Some(letter) = ideograph_at(bytes, at) {
                self.push(letter, at, state);
                at = self.ideographs(at + 3, end, state.quoted);
                continue;
            }
            let Some(c) = self.text[at..].chars().next() else {
                break;
            };
            self.other(c, at, state);
            at += c.len_utf8();
        }
    }

    /// Reads ideographs that follow another one; returns the position after them. This function reads most of a Chinese text.
    fn ideographs(&mut self, start: usize, end: usize, are_quoted: bool) -> usize {
        let mut batch = [0; BATCH];
        let mut at = start;
        loop {
            let rest = self.text.as_bytes().get(at..end).unwrap_or_default();
            let letters = rest.as_chunks::<3>().0.iter().map_while(|&c| ideograph(c));
            let slots = batch.iter_mut().zip(letters);
            let count = slots.map(|(slot, letter)| *slot = letter).count();
            let until = at + 3 * count;
            self.letters
                .extend(batch[..count].iter().copied().map(u32::from));
            self.places.extend((at as u32..until as u32).step_by(3));
            at = until;
            if count < BATCH {
                break;
            }
        }
        self.gaps.resize(self.letters.len(), 0);
        self.quoted += usize::from(are_quoted) * ((at - start) / 3);
        at
    }

    #[inline]
    fn ascii(&mut self, byte: u8, at: usize, state: &mut State) {
        if byte.is_ascii_alphanumeric() {
            state.gap |= u16::from(byte.is_ascii_uppercase()) * gap::CAPITAL;
            self.push(u32::from(byte.to_ascii_lowercase()), at, state);
            return;
        }
        match byte {
            b'\n' | 0x0C => state.end_line(),
            b'\r' => {}
            b'>' if state.line_starts => state.quoted = true,
            b' ' | b'\t' => state.gap |= gap::SPACE,
            _ => {
                state.open += i64::from(b"([".contains(&byte)) - i64::from(b")]".contains(&byte));
                self.stray += u64::from(b"^~{}\\_<>".contains(&byte));
                state.gap |= ascii_mark(byte);
                state.line_starts = false;
            }
        }
    }

    #[inline]
    fn other(&mut self, c: char, at: usize, state: &mut State) {
        match sign(c) {
            Sign::Letter(letter) => {
                if is_odd_form(c) {
                    self.damage.add(Figure::Forms, 1);
                }
                if c < '\u{2C00}' && c.is_uppercase() {
                    state.gap |= gap::CAPITAL;
                }
                self.push(u32::from(of_old_print(letter)), at, state);
            }
            Sign::Several(letters) => {
                if is_odd_form(c) {
                    self.damage.add(Figure::Forms, 1);
                }
                for letter in letters {
                    self.push(u32::from(letter), at, state);
                }
            }
            Sign::Combining(c) => self.combine(c, at, state),
            Sign::Space => state.gap |= gap::SPACE,
            Sign::Break => state.end_line(),
            Sign::Nothing if is_hidden(c) => self.damage.add(Figure::Forms, 1),
            Sign::Nothing | Sign::Mark => {
                let bits = mark(c);
                self.damage
                    .add(Figure::Unread, u64::from(bits & gap::UNREAD != 0));
                self.stray += u64::from(matches!(
                    c,
                    '■' | '□' | '♦' | '¬' | '¦' | '▪' | '●' | '★' | '®' | '™'
                ));
                state.gap |= bits;
            }
        }
    }

    /// Adds a combining mark: joins it with the letter before if Unicode has such a letter; otherwise it becomes a separate letter, as in Thai.
    fn combine(&mut self, mark: char, at: usize, state: &mut State) {
        let last = self.letters.last().filter(|_| state.gap == 0);
        let last = last.and_then(|&letter| char::from_u32(letter));
        let Some(last) = last else {
            return;
        };
        // The small e above a letter in older German print.
        let mark = if mark == '\u{364}' { '\u{308}' } else { mark };
        match unicode_normalization::char::compose(last, mark) {
            Some(both) => {
                self.letters.pop();
                self.letters.push(u32::from(both));
            }
            None => self.push(u32::from(mark), at, state),
        }
    }

    #[inline]
    fn push(&mut self, letter: u32, at: usize, state: &mut State) {
        self.letters.push(letter);
        self.places.push(at as u32);
        self.gaps.push(state.gap);
        self.quoted += usize::from(state.quoted);
        state.gap = 0;
        state.line_starts = false;
    }

    /// How often each gram occurs in the text, about. The grams are counted once, on the first call, however many copies are compared.
    pub fn grams(&self) -> &Grams {
        self.grams.get_or_init(|| Grams::of(&self.letters))
    }

    pub fn len(&self) -> usize {
        self.letters.len()
    }

    /// The position after a letter, in bytes.
    pub fn end_of(&self, letter: usize) -> usize {
        let start = self
            .places
            .get(letter)
            .map_or(self.text.len(), |&at| at as usize);
        let c = self.text.get(start..).and_then(|rest| rest.chars().next());
        start + c.map_or(0, char::len_utf8)
    }

    /// The text of some letters, without marks and spaces around them.
    pub fn slice(&self, letters: std::ops::Range<usize>) -> &'t str {
        if letters.is_empty() {
            return "";
        }
        let start = self.places[letters.start] as usize;
        self.text
            .get(start..self.end_of(letters.end - 1))
            .unwrap_or_default()
    }

    /// The text of some letters, with the marks and spaces on either side up to the next letters.
    pub fn around(&self, letters: std::ops::Range<usize>) -> &'t str {
        let start = letters
            .start
            .checked_sub(1)
            .map_or(0, |before| self.end_of(before));
        let end = self
            .places
            .get(letters.end)
            .map_or(self.text.len(), |&at| at as usize);
        self.text.get(start..end.max(start)).unwrap_or_default()
    }

    /// Does a word end before this letter, or is the letter of another kind than the one before?
    pub fn is_edge(&self, at: usize) -> bool {
        if at == 0 || at >= self.letters.len() {
            return true;
        }
        self.gaps[at] & gap::PARTS != 0
            || kind(self.letters[at]) != kind(self.letters[at - 1])
            || kind(self.letters[at]) == LetterKind::Unspaced
    }
}

/// Number of ideographs read in one batch.
const BATCH: usize = 32;

/// The ideograph that begins at a byte, if there is one.
#[inline]
fn ideograph_at(bytes: &[u8], at: usize) -> Option<u32> {
    let bytes = bytes.get(at..)?.first_chunk::<3>()?;
    ideograph(*bytes).map(u32::from)
}

/// State while a text is read.
#[derive(Default)]
struct State {
    gap: u16,
    line_starts: bool,
    quoted: bool,
    /// Number of open brackets.
    open: i64,
}

impl State {
    fn end_line(&mut self) {
        if self.gap & gap::BREAK != 0 {
            self.gap |= gap::PARAGRAPH;
        }
        self.gap |= gap::BREAK;
        self.line_starts = true;
        self.quoted = false;
    }
}

/// The role of a letter in words: a letter of a script with spaces, a digit, or a letter of a script without spaces.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum LetterKind {
    Spaced,
    Digit,
    Unspaced,
}

#[inline]
pub(super) fn kind(letter: u32) -> LetterKind {
    match letter {
        0x30..=0x39 => LetterKind::Digit,
        0..0xE00 => LetterKind::Spaced,
        // Ideographs are the most frequent case.
        0x4E00..0xA000 => LetterKind::Unspaced,
        _ if char::from_u32(letter).is_some_and(is_unspaced) => LetterKind::Unspaced,
        _ => LetterKind::Spaced,
    }
}

fn ascii_mark(byte: u8) -> u16 {
    let bits = match byte {
        b',' | b';' | b':' => gap::PAUSE,
        b'.' | b'!' => gap::STOP,
        b'?' => gap::STOP | gap::QUESTION,
        b'"' => gap::QUOTE,
        b'\'' | b'`' => gap::APOSTROPHE,
        b'(' | b')' | b'[' | b']' => gap::BRACKET,
        b'-' => gap::HYPHEN,
        b'&' | b'$' | b'%' => gap::SYMBOL,
        _ => 0,
    };
    bits | gap::PLAIN
}

/// The bits of a mark outside ASCII.
fn mark(c: char) -> u16 {
    match c {
        '，'
        | '、'
        | '；'
        | '：'
        | '﹐'
        | '､'
        | '\u{060C}'
        | '\u{061B}'
        | '\u{FE50}'..='\u{FE51}' => gap::PAUSE,
        '。' | '！' | '？' | '｡' | '．' | '…' | '؟' | '۔' | '।' | '॥' | '։' | '။' => {
            gap::STOP
        }
        '\u{2018}' | '\u{2019}' | '\u{02BC}' | '＇' => gap::APOSTROPHE,
        '\u{201A}'..='\u{201F}'
        | '«'
        | '»'
        | '‹'
        | '›'
        | '「'
        | '」'
        | '『'
        | '』'
        | '《'
        | '》'
        | '〈'
        | '〉'
        | '\u{301D}'..='\u{301F}'
        | '＂'
        | '\u{FE41}'..='\u{FE44}' => gap::QUOTE,
        '（' | '）' | '［' | '］' | '【' | '】' | '〔' | '〕' | '〖' | '〗' | '｛' | '｝' => {
            gap::BRACKET
        }
        '\u{FFFD}' | '□' | '\u{E000}'..='\u{F8FF}' => gap::UNREAD,
        '€' | '£' | '§' => gap::SYMBOL,
        '\u{2010}' | '\u{2011}' | '\u{00AD}' => gap::HYPHEN,
        '—' | '–' | '―' | '·' | '・' | '～' => gap::OTHER,
        _ => 0,
    }
}

/// Replaces letters of older print that are forms of others: round r, the z of blackletter.
fn of_old_print(letter: char) -> char {
    match letter {
        'ꝛ' => 'r',
        'ʒ' => 'z',
        _ => letter,
    }
}

/// Is it a form that a text has because of how it was printed? These are radicals for characters, ligatures, compatibility
/// ideographs, letters of mathematics, presentation forms. Full-width letters are usual in Chinese print, and no damage.
fn is_odd_form(c: char) -> bool {
    matches!(c,
        '\u{2E80}'..='\u{2FDF}' | '\u{F900}'..='\u{FAFF}' | '\u{FB00}'..='\u{FB06}' | '\u{FB50}'..='\u{FDFF}'
        | '\u{FE70}'..='\u{FEFC}' | '\u{FF61}'..='\u{FFDC}' | '\u{1D400}'..='\u{1D7FF}' | '\u{2F800}'..='\u{2FA1F}')
}

/// Is it a character that nobody sees, but that makes two words differ for programs?
fn is_hidden(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{200B}' | '\u{2060}'..='\u{2064}' | '\u{FEFF}' | '\u{E0000}'..='\u{E007F}')
}

/// At most so many bytes from the start of a text, without a part of a character.
fn first_bytes(text: &str, limit: usize) -> &str {
    let end = text.len().min(limit);
    let end = (0..=end).rev().find(|&at| text.is_char_boundary(at));
    &text[..end.unwrap_or(0)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_before_the_character_that_does_not_fit() {
        let text = "a三b";
        let cut = |limit| first_bytes(text, limit);
        assert_eq!(
            [0, 1, 2, 3, 4, 5, 9].map(cut),
            ["", "a", "a", "a", "a三", text, text]
        );
    }
}
