//! Text that only one of two copies has: was it lost in the other, or added to this one?

use std::collections::HashMap;
use std::ops::Range;

use crate::damage::Figure;
use crate::damage::furniture::{End, furniture, is_block, is_notice};
use crate::damage::reading::{LetterKind, Reading, gap, kind};

/// The kind of text that only one of two copies has.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub(super) enum Class {
    /// Text of the work, lost in the other copy.
    Own,
    /// A number in the text of the work.
    Number,
    Repeated,
    Furniture,
    Notes,
    /// Numbers of lines, verses, pages and subtitles.
    Woven,
    /// Text that the other copy has in another place.
    Moved,
    /// Letters that are not words: spots, rules and pictures that a scan read as text.
    Dirt,
}

impl Class {
    /// The figure that counts such text as damage; `None` for text of the work, numbers in it, and moved text.
    pub fn figure(self) -> Option<Figure> {
        match self {
            Self::Own | Self::Number | Self::Moved => None,
            Self::Repeated => Some(Figure::Repeated),
            Self::Furniture => Some(Figure::Furniture),
            Self::Notes => Some(Figure::Notes),
            Self::Woven => Some(Figure::Woven),
            Self::Dirt => Some(Figure::Stray),
        }
    }
}

/// A part of a copy with its class.
pub(super) type Classed = (Range<usize>, Class);

/// Minimum number of letters of a part that is searched for in other places of both copies.
const BLOCK: usize = 12;

/// Minimum number of letters of a repeated part that was put there twice, if the other copy has it once.
const LONGEST_REFRAIN: usize = 30;

/// Maximum number of letters in a line that a book repeats on its pages.
const LONGEST_HEAD: usize = 120;

/// A part that begins within this many letters of the start belongs to the head of the copy; the same at the end for the foot.
const END: usize = 40;

/// Classifies the parts that one copy has and the other lacks.
pub(super) struct Blocks<'r, 't> {
    has: &'r Reading<'t>,
    lacks: &'r Reading<'t>,
}

impl<'r, 't> Blocks<'r, 't> {
    pub fn new(has: &'r Reading<'t>, lacks: &'r Reading<'t>) -> Self {
        Self { has, lacks }
    }

    /// The same with the two copies exchanged.
    pub fn swapped(&self) -> Self {
        Self::new(self.lacks, self.has)
    }

    /// The classes of all parts that only this copy has, ascending.
    pub fn classify(&self, parts: &[Range<usize>]) -> Vec<Classed> {
        let mut classed = Vec::with_capacity(parts.len());
        for part in parts {
            self.class(part.clone(), &mut classed);
        }
        self.settle_numbers(&mut classed);
        self.settle_running_heads(&mut classed);
        self.settle_notes(&mut classed);
        self.settle_quotation(&mut classed);
        classed
    }

    fn class(&self, part: Range<usize>, classed: &mut Vec<Classed>) {
        let has = self.has;
        if is_number(has, &part) {
            return classed.push((part, Class::Number));
        }
        if is_said_twice(has, &part) {
            return classed.push((part, Class::Repeated));
        }
        if part.len() >= BLOCK
            && let Some(class) = self.in_other_places(&part)
        {
            return classed.push((part, class));
        }
        let end = match () {
            () if part.start < END => Some(End::Head),
            () if part.end + END > has.len() => Some(End::Foot),
            () => None,
        };
        if let Some(end) = end {
            let site = furniture(has, &part, end);
            if !site.is_empty() {
                for (range, class) in [
                    (part.start..site.start, Class::Own),
                    (site.clone(), Class::Furniture),
                    (site.end..part.end, Class::Own),
                ] {
                    if !range.is_empty() {
                        classed.push((range, class));
                    }
                }
                return;
            }
            if is_cut_off(has, &part, end) {
                return classed.push((part, Class::Furniture));
            }
        }
        let is_notice = begins_or_ends_a_sentence(has, &part) && is_notice(has.slice(part.clone()));
        let class = if is_notice || is_block(has, &part) {
            Class::Furniture
        } else if is_note(has, &part) {
            Class::Notes
        } else {
            Class::Own
        };
        classed.push((part, class));
    }

    /// Is a block of this copy in another place of the other?
    pub fn is_moved(&self, part: &Range<usize>) -> bool {
        let other = self.lacks.grams();
        let block = &self.has.letters[part.clone()];
        let there = block
            .windows(GRAM)
            .filter(|gram| other.get(gram) > 0)
            .count();
        3 * there >= block.len()
    }

    /// The class of a block that occurs elsewhere in the same copy, or in another place of the other; none if it does not.
    fn in_other_places(&self, part: &Range<usize>) -> Option<Class> {
        let (own, other) = (self.has.grams(), self.lacks.grams());
        let block = &self.has.letters[part.clone()];
        let grams = block.len().saturating_sub(GRAM - 1).max(1);
        let twice = block.windows(GRAM).filter(|gram| own.get(gram) > 1).count();
        let there = block
            .windows(GRAM)
            .filter(|gram| other.get(gram) > 0)
            .count();
        if 10 * twice >= 7 * grams {
            // A refrain, a heading or a label occurs several times. One occurrence can be lost like any other line.
            if block.len() < LONGEST_REFRAIN {
                return None;
            }
            // If the other copy repeats the block as often, it is only in another place.
            let more = block
                .windows(GRAM)
                .filter(|gram| own.get(gram) > other.get(gram))
                .count();
            return Some(if 2 * more >= grams {
                Class::Repeated
            } else {
                Class::Moved
            });
        }
        (10 * there >= 7 * grams).then_some(Class::Moved)
    }

    /// Numbers between the words that come repeatedly, and that increase or stay the same, count lines or pages.
    fn settle_numbers(&self, classed: &mut [Classed]) {
        let values: Vec<u64> = classed
            .iter()
            .filter(|(_, class)| *class == Class::Number)
            .map(|(part, _)| value(self.has, part))
            .collect();
        let steps = values.windows(2).filter(|pair| pair[0] <= pair[1]).count();
        let many = values.len() >= 3 && 4 * steps >= 3 * (values.len() - 1)
            || values.len() == 2 && (values[0] == values[1] || values[0] + 1 == values[1]);
        for (part, class) in classed
            .iter_mut()
            .filter(|(_, class)| *class == Class::Number)
        {
            if many || stands_alone(self.has, part) || is_bracketed(self.has, part) {
                *class = Class::Woven;
            }
        }
    }

    /// A short part that comes repeatedly between the words, with the same letters apart from its numbers, is the head
    /// of a page or an advertisement.
    fn settle_running_heads(&self, classed: &mut [Classed]) {
        let words = |part: &Range<usize>| -> Vec<u32> {
            self.has.letters[part.clone()]
                .iter()
                .copied()
                .filter(|&letter| kind(letter) != LetterKind::Digit)
                .collect()
        };
        let is_short = |(part, class): &&Classed| {
            *class == Class::Own && part.len() <= LONGEST_HEAD && part.len() >= 2
        };
        let mut seen: HashMap<Vec<u32>, usize> = HashMap::new();
        for (part, _) in classed.iter().filter(is_short) {
            *seen.entry(words(part)).or_default() += 1;
        }
        if seen.values().all(|&times| times < 2) {
            return;
        }
        for entry in classed.iter_mut() {
            let repeated =
                is_short(&&*entry) && seen.get(&words(&entry.0)).is_some_and(|&times| times > 1);
            if repeated && (entry.0.len() >= 4 || begins_or_ends_a_sentence(self.has, &entry.0)) {
                entry.1 = Class::Furniture;
            }
        }
    }

    /// If nearly all extra text of a copy is in brackets, it consists of notes.
    fn settle_notes(&self, classed: &mut [Classed]) {
        let own = classed
            .iter()
            .filter(|(part, class)| *class == Class::Own && part.start > 0)
            .count();
        let bracketed = |part: &Range<usize>| is_bracketed(self.has, part);
        let notes = classed
            .iter()
            .filter(|(part, class)| *class == Class::Own && bracketed(part))
            .count();
        if notes < 2 || 3 * notes < 2 * own {
            return;
        }
        for (part, class) in classed.iter_mut() {
            if *class == Class::Own && bracketed(part) {
                *class = Class::Notes;
            }
        }
    }

    /// If a mail mostly quotes the other text, its extra text is an answer to it.
    fn settle_quotation(&self, classed: &mut [Classed]) {
        let quotes =
            |reading: &Reading<'_>| 2 * reading.quoted >= reading.len() && reading.quoted > 0;
        if !quotes(self.has) || quotes(self.lacks) {
            return;
        }
        for (_, class) in classed.iter_mut().filter(|(_, class)| *class == Class::Own) {
            *class = Class::Furniture;
        }
    }
}

/// Number of letters in a gram.
const GRAM: usize = 8;

/// About how often each gram of a copy occurs in it.
#[derive(Debug)]
pub(super) struct Grams {
    counts: Vec<u8>,
}

impl Grams {
    /// Cost: one step for each letter, as the hash of a gram is made from the one before.
    pub fn of(letters: &[u32]) -> Self {
        let mut grams = Self {
            counts: vec![0; (16 * letters.len()).next_power_of_two().max(64)],
        };
        let mut rolling = 0_u64;
        for (at, &letter) in letters.iter().enumerate() {
            let gone = at
                .checked_sub(GRAM)
                .map_or(0, |gone| u64::from(letters[gone]));
            rolling = rolling
                .wrapping_sub(gone.wrapping_mul(OUT))
                .wrapping_mul(BASE)
                .wrapping_add(u64::from(letter));
            if at + 1 >= GRAM {
                let slot = grams.slot(rolling);
                grams.counts[slot] = grams.counts[slot].saturating_add(1);
            }
        }
        grams
    }

    fn get(&self, gram: &[u32]) -> u8 {
        let hash = gram.iter().fold(0_u64, |hash, &letter| {
            hash.wrapping_mul(BASE).wrapping_add(u64::from(letter))
        });
        self.counts[self.slot(hash)]
    }

    fn slot(&self, hash: u64) -> usize {
        (hash ^ hash >> 32) as usize & (self.counts.len() - 1)
    }
}

/// An odd number, by which the hash is multiplied for each letter: 2^64 divided by the golden ratio.
const BASE: u64 = 0x9E37_79B9_7F4A_7C15;

/// The factor that the oldest letter of a gram was multiplied by.
const OUT: u64 = {
    let (mut power, mut times) = (1_u64, 1);
    while times < GRAM {
        power = power.wrapping_mul(BASE);
        times += 1;
    }
    power
};

fn is_number(reading: &Reading<'_>, part: &Range<usize>) -> bool {
    reading.letters[part.clone()]
        .iter()
        .all(|&letter| kind(letter) == LetterKind::Digit)
}

/// The value of the last eighteen digits of a part.
fn value(reading: &Reading<'_>, part: &Range<usize>) -> u64 {
    let digits = reading.letters[part.clone()].iter().rev().take(18).rev();
    digits.fold(0, |value, &digit| {
        10 * value + u64::from(digit.saturating_sub(0x30))
    })
}

/// Is a part a separate line?
fn stands_alone(reading: &Reading<'_>, part: &Range<usize>) -> bool {
    let breaks = |at: usize| {
        reading
            .gaps
            .get(at)
            .is_some_and(|bits| bits & gap::BREAK != 0)
    };
    (part.start == 0 || breaks(part.start)) && (part.end == reading.len() || breaks(part.end))
}

/// Are there brackets right before and after a part?
fn is_bracketed(reading: &Reading<'_>, part: &Range<usize>) -> bool {
    opens(reading, part).is_some()
}

/// The bracket that opens right before a part, if its counterpart closes right after it.
fn opens(reading: &Reading<'_>, part: &Range<usize>) -> Option<char> {
    let (start, end) = (
        reading.places.get(part.start).map(|&at| at as usize)?,
        reading.end_of(part.end.checked_sub(1)?),
    );
    let mut before = reading.text.get(..start)?.chars().rev();
    let open = before.find(|c| !c.is_whitespace() && !"*^'\"“‘".contains(*c))?;
    let mut behind = reading.text.get(end..)?.chars();
    let close = behind.find(|c| !c.is_whitespace() && !"。，、.,;:!?！？；：'\"”’".contains(*c))?;
    let pair = [
        "()", "[]", "（）", "［］", "【】", "〔〕", "《》", "〈〉", "{}", "〖〗", "｛｝",
    ];
    pair.iter()
        .any(|pair| pair.starts_with(open) && pair.ends_with(close))
        .then_some(open)
}

/// Is a part a note by its brackets alone, or the pronunciation of the characters before it?
pub(super) fn is_note(reading: &Reading<'_>, part: &Range<usize>) -> bool {
    let Some(open) = opens(reading, part) else {
        return false;
    };
    let kana = |letter: u32| (0x3041..=0x30FF).contains(&letter);
    let is_reading = part.start > 0
        && kind(reading.letters[part.start - 1]) == LetterKind::Unspaced
        && !kana(reading.letters[part.start - 1])
        && (reading.letters[part.clone()]
            .iter()
            .all(|&letter| kana(letter))
            || reading.letters[part.clone()]
                .iter()
                .all(|&letter| kind(letter) == LetterKind::Spaced));
    // In Chinese, brackets that belong to a sentence are before its stop.
    let behind_stop = kind(reading.letters[part.start]) == LetterKind::Unspaced
        && part.start > 0
        && reading.gaps[part.start] & gap::STOP != 0;
    is_reading || behind_stop || "[［〔".contains(open)
}

/// Does a part begin or end where a sentence or a line does?
fn begins_or_ends_a_sentence(reading: &Reading<'_>, part: &Range<usize>) -> bool {
    let ends = |at: usize| {
        let bits = reading.gaps.get(at).copied().unwrap_or(0);
        at == 0 || at == reading.len() || bits & (gap::STOP | gap::BREAK | gap::BRACKET) != 0
    };
    ends(part.start) || ends(part.end)
}

/// Is it the end of a sentence that began on the page before, or the beginning of words that neither copy continues? Where a page
/// was cut says nothing about how well it was read.
fn is_cut_off(reading: &Reading<'_>, part: &Range<usize>, end: End) -> bool {
    let text = reading.slice(part.clone());
    if part.len() > END {
        return false;
    }
    match end {
        End::Head => part.start == 0 && text.starts_with(char::is_lowercase),
        End::Foot => {
            let ends = gap::STOP | gap::BREAK;
            part.end == reading.len()
                && reading.gaps[part.start] & ends == 0
                && reading.gaps[part.end] & gap::MARKS == 0
        }
    }
}

/// Are the same letters right before or right after a part? In Chinese a single character is often doubled (看看), so it does not count.
fn is_said_twice(reading: &Reading<'_>, part: &Range<usize>) -> bool {
    let least = if kind(reading.letters[part.start]) == LetterKind::Unspaced {
        4
    } else {
        2
    };
    let length = part.len();
    if length < least || !(reading.is_edge(part.start) || reading.is_edge(part.end)) {
        return false;
    }
    let letters = &reading.letters;
    let before = part
        .start
        .checked_sub(length)
        .map(|from| &letters[from..part.start]);
    let behind = letters.get(part.end..part.end + length);
    let own = &letters[part.clone()];
    before == Some(own) || behind == Some(own)
}
