//! Which regional words mean the same? Both sides of a pair become the representative of their class.
//!
//! A bitmap of the first two characters of every phrase, asked as the characters are folded, leaves the automaton one or
//! two positions in a hundred; there it runs anchored, leftmost-longest.

use std::sync::LazyLock;

use daachorse::DoubleArrayAhoCorasick;

use super::edits::{Edit, apply, compose};

mod generated {
    include!(concat!(env!("OUT_DIR"), "/phrases.rs"));
}

use generated::{LONGEST_PHRASE, PHRASE_IS_SETTLED};
pub(super) use generated::{PHRASE_CLASSES, PHRASES};

static PHRASE_TABLE: LazyLock<PhraseTable> = LazyLock::new(PhraseTable::load);

/// Bits in the bitmap of first pairs; 1,400 phrases fill 2 % of it.
const PAIR_BITS: usize = 1 << 16;

pub(super) struct PhraseTable {
    pairs: Box<[u64; PAIR_BITS / 64]>,
    automaton: Option<DoubleArrayAhoCorasick<u32>>,
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

    /// What phrases change in `text`, leftmost-longest, given every position where one may start (ascending byte offsets).
    ///
    /// Beside its new neighbours, what a phrase became may be a part of another phrase (物理内存: 实体内存), so phrases are
    /// looked for again until none changes anything. This ends: each is replaced by a shorter one, or by one of its length
    /// that comes before it. Most texts need one look, because most classes are in no other phrase's way.
    pub(super) fn edits(&self, text: &str, starts: &[usize]) -> Vec<Edit> {
        let (mut edits, mut settled) = self.find(text, starts);
        while !settled {
            let between = apply(text, &edits);
            let (then, _) = self.find(&between, &self.starts(&between));
            settled = then.is_empty();
            edits = compose(&edits, &then, &between);
        }
        edits
    }

    /// Every position where a phrase may start.
    fn starts(&self, text: &str) -> Vec<usize> {
        let pairs = text.char_indices().zip(text.chars().skip(1));
        let starts = pairs.filter(|&((_, a), b)| self.may_start(a, b));
        starts.map(|((at, _), _)| at).collect()
    }

    /// What phrases change in one look, and whether a second look would find nothing else.
    fn find(&self, text: &str, starts: &[usize]) -> (Vec<Edit>, bool) {
        let mut edits = Vec::new();
        let mut settled = true;
        let mut free = 0;
        for &start in starts {
            if start < free {
                continue;
            }
            let Some((phrase, end)) = self.at(text, start) else {
                continue;
            };
            free = end;
            if PHRASES[phrase] != PHRASE_CLASSES[phrase] {
                edits.push(Edit::new(start..end, PHRASE_CLASSES[phrase]));
                settled &= PHRASE_IS_SETTLED[phrase];
            }
        }
        (edits, settled)
    }

    /// The longest phrase at `start`, and where it ends.
    fn at(&self, text: &str, start: usize) -> Option<(usize, usize)> {
        let window = text.as_bytes().get(start..)?;
        let window = &window[..window.len().min(LONGEST_PHRASE)];
        let matched = self.automaton.as_ref()?.leftmost_find_iter(window).next()?;
        (matched.start() == 0).then(|| (matched.value() as usize, start + matched.end()))
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
        }
    }

    #[test]
    fn the_automaton_that_was_built_loads() {
        assert!(PhraseTable::get().automaton.is_some());
    }
}
