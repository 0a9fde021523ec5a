//! Which regional words mean the same? Both sides of a pair become the representative of their class.
//!
//! A bitmap of the first two characters of every phrase, asked as the characters are folded, leaves the automaton one or
//! two positions in a hundred; there it runs anchored, leftmost-longest.

use std::sync::LazyLock;

use daachorse::DoubleArrayAhoCorasick;

mod generated {
    include!(concat!(env!("OUT_DIR"), "/phrases.rs"));
}

use generated::LONGEST_PHRASE;
pub(super) use generated::{PHRASE_CLASSES, PHRASES};

static PHRASE_TABLE: LazyLock<PhraseTable> = LazyLock::new(PhraseTable::load);

/// Bits in the bitmap of first pairs; 1,400 phrases fill 2 % of it.
const PAIR_BITS: usize = 1 << 16;

pub(super) struct PhraseTable {
    pairs: Box<[u64; PAIR_BITS / 64]>,
    automaton: Option<DoubleArrayAhoCorasick<u32>>,
}

/// A phrase found in a folded text: where it stands, and what it becomes.
pub(super) struct Found {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) class: &'static str,
}

/// A phrase that became one of another length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Shift {
    /// Where it stood, in bytes of the text before phrases were replaced.
    pub(super) start: u32,
    /// Its bytes.
    pub(super) before: u8,
    /// The bytes of what it became.
    pub(super) after: u8,
}

/// Of the phrases found in `text`, those whose class is of another length. The others are replaced character by character.
pub(super) fn shifts(found: &[Found], text: &str) -> Vec<Shift> {
    let uneven = found.iter().filter(|phrase| {
        let before = &text[phrase.start..phrase.end];
        before.len() != phrase.class.len() || before.chars().count() != phrase.class.chars().count()
    });
    let shifts = uneven.map(|phrase| Shift {
        start: phrase.start as u32,
        before: (phrase.end - phrase.start) as u8,
        after: phrase.class.len() as u8,
    });
    shifts.collect()
}

impl PhraseTable {
    pub(super) fn get() -> &'static Self {
        &PHRASE_TABLE
    }

    fn load() -> Self {
        let mut pairs = Box::new([0; PAIR_BITS / 64]);
        for phrase in PHRASES {
            let mut chars = phrase.chars();
            if let (Some(a), Some(b)) = (chars.next(), chars.next()) {
                let bit = pair_bit(a, b);
                pairs[bit / 64] |= 1 << (bit % 64);
            }
        }
        let bytes = include_bytes!(concat!(env!("OUT_DIR"), "/phrases.bin"));
        let automaton = DoubleArrayAhoCorasick::deserialize(bytes);
        Self {
            pairs,
            automaton: automaton.ok().map(|(automaton, _)| automaton),
        }
    }

    /// May a phrase begin with `a` and `b`?
    #[inline]
    pub(super) fn may_start(&self, a: char, b: char) -> bool {
        let bit = pair_bit(a, b);
        self.pairs[bit / 64] >> (bit % 64) & 1 != 0
    }

    /// The phrases of `text`, leftmost-longest, given every position where one may start (ascending byte offsets).
    pub(super) fn find(&self, text: &str, starts: &[usize]) -> Vec<Found> {
        let mut found: Vec<Found> = Vec::new();
        let mut free = 0;
        for &start in starts {
            if start < free {
                continue;
            }
            if let Some(phrase) = self.at(text, start) {
                free = phrase.end;
                found.push(phrase);
            }
        }
        found
    }

    fn at(&self, text: &str, start: usize) -> Option<Found> {
        let window = text.as_bytes().get(start..)?;
        let window = &window[..window.len().min(LONGEST_PHRASE)];
        let matched = self.automaton.as_ref()?.leftmost_find_iter(window).next()?;
        (matched.start() == 0).then(|| Found {
            start,
            end: start + matched.end(),
            class: PHRASE_CLASSES[matched.value() as usize],
        })
    }
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
            assert!(phrase.len().max(class.len()) <= usize::from(u8::MAX));
        }
    }

    #[test]
    fn the_automaton_that_was_built_loads() {
        assert!(PhraseTable::get().automaton.is_some());
    }
}
