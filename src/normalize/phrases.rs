//! Which regional words mean the same? Both words of a pair become the representative of their class.
//!
//! A bitmap of the first two characters of every phrase is tested while characters are folded. It leaves one or two positions in a hundred.
//! There, the few phrases that begin with these two characters are compared, the longest first.

use std::cmp::Reverse;
use std::ops::Range;
use std::sync::LazyLock;

use super::edits::{Edit, apply, compose};

mod generated {
    include!(concat!(env!("OUT_DIR"), "/phrases.rs"));
}

use generated::{LONGEST_PHRASE, PHRASE_RIVALS};
pub(super) use generated::{PHRASE_CLASSES, PHRASES};

static PHRASE_TABLE: LazyLock<PhraseTable> = LazyLock::new(PhraseTable::load);

/// Bits of the bitmap of first pairs. The 1,400 phrases fill 2 % of it.
const PAIR_BITS: usize = 1 << 16;

pub(super) struct PhraseTable {
    pairs: Box<[u64; PAIR_BITS / 64]>,
    /// Phrases by the bit of their first pair, the longest first.
    by_pair: Vec<u16>,
    /// The start of each bit's phrases in `by_pair`, and the end of the last.
    starts: Box<[u16; PAIR_BITS + 1]>,
}

impl PhraseTable {
    pub(super) fn get() -> &'static Self {
        &PHRASE_TABLE
    }

    fn load() -> Self {
        let bit = |phrase: &str| first_pair(phrase).map_or(0, |(a, b)| pair_bit(a, b));
        let mut by_pair: Vec<u16> = (0..PHRASES.len() as u16).collect();
        by_pair.sort_by_key(|&phrase| {
            let phrase = PHRASES[usize::from(phrase)];
            (bit(phrase), Reverse(phrase.len()))
        });
        let mut pairs = Box::new([0; PAIR_BITS / 64]);
        let mut starts = Box::new([0; PAIR_BITS + 1]);
        for phrase in PHRASES {
            let bit = bit(phrase);
            pairs[bit / 64] |= 1 << (bit % 64);
            starts[bit + 1] += 1;
        }
        let mut sum = 0;
        for start in &mut starts[..] {
            sum += *start;
            *start = sum;
        }
        Self {
            pairs,
            by_pair,
            starts,
        }
    }

    /// May a phrase begin with `a` and `b`?
    #[inline]
    pub(super) fn may_start(&self, a: char, b: char) -> bool {
        let bit = pair_bit(a, b);
        self.pairs[bit / 64] >> (bit % 64) & 1 != 0
    }

    /// The edits that phrases make in `text`, leftmost-longest. `starts` are all positions where a phrase may start (ascending byte
    /// offsets).
    ///
    /// The result of an edit may form another phrase with its new neighbours (物理内存: 实体内存), so the search is repeated until no phrase
    /// changes anything. It ends, because each phrase is replaced by a shorter one, or by one of the same length that comes before it in
    /// order.
    pub(super) fn edits(&self, text: &str, starts: &[usize]) -> Vec<Edit> {
        let (mut edits, unsettled) = self.find(text, starts);
        let mut again = unsettled
            .iter()
            .any(|&at| self.meets_another(text, &edits, at));
        while again {
            let between = apply(text, &edits);
            let (then, _) = self.find(&between, &self.starts(&between));
            again = !then.is_empty();
            edits = compose(&edits, &then, &between);
        }
        edits
    }

    /// Would another pass change anything around the edit at this index of `edits`? Only the text between two places that no phrase crosses
    /// is tested, so that a pass over the whole text is seldom needed.
    fn meets_another(&self, text: &str, edits: &[Edit], at: usize) -> bool {
        let edit = &edits[at];
        let (before, is_first) = before(text, &edits[..at], edit.start);
        let (behind, is_last) = behind(text, &edits[at + 1..], edit.end);
        let (start, end) = (before.len(), before.len() + edit.to.len());
        let around = before + &edit.to + &behind;
        let starts = self.starts(&around).into_iter();
        let phrases: Vec<_> = starts
            .filter_map(|from| {
                self.at(&around, from)
                    .map(|(phrase, to)| (phrase, from..to))
            })
            .collect();
        let is_border = |at: &usize| {
            let across = |range: &Range<usize>| range.start < *at && *at < range.end;
            around.is_char_boundary(*at) && !phrases.iter().any(|(_, range)| across(range))
        };
        // A phrase that begins or ends outside the tested text may reach this far.
        let lowest = if is_first { 0 } else { LONGEST_PHRASE };
        let highest = around
            .len()
            .saturating_sub(if is_last { 0 } else { LONGEST_PHRASE });
        let borders = (
            (lowest..=start).rev().find(is_border),
            (end..=highest).find(is_border),
        );
        let (Some(mut free), Some(until)) = borders else {
            return true;
        };
        for (phrase, range) in phrases {
            if range.start >= free && range.start < until {
                if PHRASES[phrase] != PHRASE_CLASSES[phrase] {
                    return true;
                }
                free = range.end;
            }
        }
        false
    }

    /// All positions where a phrase may start.
    fn starts(&self, text: &str) -> Vec<usize> {
        let mut starts = Vec::new();
        let (mut before, mut place) = ('\0', 0);
        for (at, c) in text.char_indices() {
            if self.may_start(before, c) && at > 0 {
                starts.push(place);
            }
            (before, place) = (c, at);
        }
        starts
    }

    /// The edits of one pass, and the indexes of those that another pass might change.
    fn find(&self, text: &str, starts: &[usize]) -> (Vec<Edit>, Vec<usize>) {
        let mut edits = Vec::new();
        let mut unsettled = Vec::new();
        let (mut free, mut last_phrase) = (0, 0);
        for &start in starts {
            if start < free {
                continue;
            }
            let Some((phrase, end)) = self.at(text, start) else {
                continue;
            };
            free = end;
            if PHRASES[phrase] != PHRASE_CLASSES[phrase] {
                let edit = Edit::new(start..end, PHRASE_CLASSES[phrase]);
                if edits.last().is_some_and(|last: &Edit| last.end == start)
                    && unsettled.last() != Some(&(edits.len() - 1))
                    && is_among(PHRASE_RIVALS[last_phrase].1, edit.to.chars().next())
                {
                    unsettled.push(edits.len() - 1);
                }
                if has_rival(phrase, text, edits.last(), &edit) {
                    unsettled.push(edits.len());
                }
                edits.push(edit);
                last_phrase = phrase;
            }
        }
        (edits, unsettled)
    }

    /// The longest phrase at `start`, and its end.
    fn at(&self, text: &str, start: usize) -> Option<(usize, usize)> {
        let rest = text.get(start..)?;
        let (a, b) = first_pair(rest)?;
        let bit = pair_bit(a, b);
        let range = usize::from(self.starts[bit])..usize::from(self.starts[bit + 1]);
        let mut phrases = self.by_pair[range]
            .iter()
            .map(|&phrase| usize::from(phrase));
        let phrase = phrases.find(|&phrase| rest.starts_with(PHRASES[phrase]))?;
        Some((phrase, start + PHRASES[phrase].len()))
    }
}

fn first_pair(text: &str) -> Option<(char, char)> {
    let mut chars = text.chars();
    Some((chars.next()?, chars.next()?))
}

/// Can the result of an edit become a part of another phrase, given the characters next to it?
fn has_rival(phrase: usize, text: &str, last: Option<&Edit>, edit: &Edit) -> bool {
    let (before, behind) = PHRASE_RIVALS[phrase];
    let adjacent = last.filter(|last| last.end == edit.start);
    let at_start = adjacent.map_or(&text[..edit.start], |last| &*last.to);
    is_among(before, at_start.chars().next_back())
        || is_among(behind, text[edit.end..].chars().next())
}

fn is_among(rivals: &str, c: Option<char>) -> bool {
    !rivals.is_empty() && c.is_some_and(|c| rivals.contains(c))
}

/// The text before `end`, with the edits in it made, as far as two phrases may reach. The flag says whether this is all of the text there.
fn before(text: &str, edits: &[Edit], end: usize) -> (String, bool) {
    let from = end.saturating_sub(2 * LONGEST_PHRASE);
    let from = (0..=from).rev().find(|&at| text.is_char_boundary(at));
    let from = from.unwrap_or(0);
    let near = edits
        .iter()
        .rev()
        .take_while(|edit| edit.end > from)
        .count();
    let near = &edits[edits.len() - near..];
    let from = near.first().map_or(from, |edit| from.min(edit.start));
    (slice(text, near, from..end), from == 0)
}

/// The text from `start` on, with the edits in it made, as far as two phrases may reach. The flag says whether this is all of the text
/// there.
fn behind(text: &str, edits: &[Edit], start: usize) -> (String, bool) {
    let to = (start + 2 * LONGEST_PHRASE).min(text.len());
    let to = (to..text.len()).find(|&at| text.is_char_boundary(at));
    let to = to.unwrap_or(text.len());
    let near = edits.iter().take_while(|edit| edit.start < to).count();
    let near = &edits[..near];
    let to = near.last().map_or(to, |edit| to.max(edit.end));
    (slice(text, near, start..to), to == text.len())
}

/// A part of a text, with the edits in it made.
fn slice(text: &str, edits: &[Edit], range: Range<usize>) -> String {
    let moved = edits.iter().map(|edit| Edit {
        start: edit.start - range.start,
        end: edit.end - range.start,
        to: edit.to.clone(),
    });
    apply(&text[range.clone()], &moved.collect::<Vec<_>>())
}

#[inline]
fn pair_bit(a: char, b: char) -> usize {
    let mixed = (a as u32).wrapping_mul(0x9E37_79B1) ^ (b as u32).wrapping_mul(0x85EB_CA6B);
    (mixed >> 16) as usize % PAIR_BITS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phrase_of_as_many_characters_as_its_class_is_as_long_in_bytes() {
        for (phrase, class) in PHRASES.iter().zip(&PHRASE_CLASSES) {
            let characters = phrase.chars().count() == class.chars().count();
            assert!(
                !characters || phrase.len() == class.len(),
                "{phrase} {class}"
            );
        }
    }

    #[test]
    fn every_phrase_is_found_and_the_longest_of_those_that_begin_alike() {
        let table = PhraseTable::get();
        for (i, phrase) in PHRASES.iter().enumerate() {
            assert_eq!(table.at(phrase, 0), Some((i, phrase.len())), "{phrase}");
            let longer = format!("字{phrase}字");
            let longest = PHRASES
                .iter()
                .filter(|other| longer["字".len()..].starts_with(**other));
            let end = longest
                .map(|other| other.len())
                .max()
                .map(|length| "字".len() + length);
            assert_eq!(
                table.at(&longer, "字".len()).map(|(_, end)| end),
                end,
                "{phrase}"
            );
        }
    }
}
