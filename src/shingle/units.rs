//! Where does one unit end and the next begin?

use std::ops::Range;

use crate::kernels::{self, BLOCK, first_bits};
use crate::normalize::is_unspaced;

/// The kind of a unit. It decides the length of the window that starts with the unit.
///
/// ```
/// use reprint::shingle::UnitKind;
///
/// assert_eq!(UnitKind::Word.weight(), 2 * UnitKind::Character.weight());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum UnitKind {
    /// One character of a script without spaces.
    Character = 1,
    /// A run of letters, or a run of digits.
    Word = 2,
}

impl UnitKind {
    /// The kind of a unit.
    pub fn of(unit: &str) -> Self {
        match unit.chars().next() {
            Some(c) if is_unspaced(c) => Self::Character,
            _ => Self::Word,
        }
    }

    /// The weight of a unit, so that lengths of texts in different scripts can be compared. A word has about as much content as two
    /// characters of a script without spaces.
    #[inline]
    pub fn weight(self) -> usize {
        self as usize
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Space,
    Digit,
    Letter,
    Unspaced,
}

#[inline]
fn class(c: char) -> Class {
    match c {
        ' ' => Class::Space,
        '0'..='9' => Class::Digit,
        _ if is_unspaced(c) => Class::Unspaced,
        _ => Class::Letter,
    }
}

/// Number of ideographs from U+4000 to U+9FFF at the start of a text, given as bytes. They have three bytes each.
#[inline]
fn ideographs(bytes: &[u8]) -> usize {
    let is_one = |utf8: &&[u8]| matches!(utf8[0], 0xE4..=0xE9);
    bytes.chunks_exact(3).take_while(is_one).count()
}

/// One unit, or several of the same kind.
pub(super) enum Units {
    /// A word or a character.
    One(Range<usize>, UnitKind),
    /// Characters of three bytes each.
    Characters(Range<usize>),
    /// ASCII words and numbers.
    Words(Words),
}

/// The words of a block as two bit masks: the first byte of each word, and the last.
pub(super) struct Words {
    /// The start of the block.
    block: usize,
    starts: u64,
    lasts: u64,
}

impl Iterator for Words {
    type Item = Range<usize>;

    #[inline]
    fn next(&mut self) -> Option<Range<usize>> {
        if self.lasts == 0 {
            return None;
        }
        let start = self.block + self.starts.trailing_zeros() as usize;
        let end = self.block + self.lasts.trailing_zeros() as usize + 1;
        self.starts &= self.starts.wrapping_sub(1);
        self.lasts &= self.lasts - 1;
        Some(start..end)
    }
}

/// Calls `unit` with every unit of a folded text, in order.
#[inline]
pub(super) fn for_each(folded: &str, mut unit: impl FnMut(Range<usize>, UnitKind)) {
    for_each_run(folded, |units| match units {
        Units::One(range, kind) => unit(range, kind),
        Units::Characters(run) => run
            .step_by(3)
            .for_each(|at| unit(at..at + 3, UnitKind::Character)),
        Units::Words(words) => words.for_each(|word| unit(word, UnitKind::Word)),
    });
}

/// Calls `units` with all units of a folded text, in order. Neighbouring units of the same kind come together.
#[inline]
pub(super) fn for_each_run(folded: &str, mut units: impl FnMut(Units)) {
    let bytes = folded.as_bytes();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        if byte == b' ' {
            at += 1;
            continue;
        }
        let (found, end) = run_at(folded, at);
        units(found);
        at = end;
    }
}

/// The units from `at` on, and where they end. A unit must start at `at`.
#[inline]
fn run_at(folded: &str, at: usize) -> (Units, usize) {
    let bytes = folded.as_bytes();
    if matches!(bytes[at], 0xE4..=0xE9) {
        let end = at + 3 * ideographs(&bytes[at..]);
        return (Units::Characters(at..end), end);
    }
    let words = ascii_words(bytes, at);
    if words.lasts != 0 {
        let end = at + words.lasts.ilog2() as usize + 1;
        return (Units::Words(words), end);
    }
    let (end, kind) = unit_at(folded, at);
    (Units::One(at..end, kind), end)
}

/// The ASCII words and numbers from `at` on, as far as their ends can be seen in one block.
#[inline]
fn ascii_words(bytes: &[u8], at: usize) -> Words {
    let mut words = Words {
        block: at,
        starts: 0,
        lasts: 0,
    };
    let bytes = &bytes[at..];
    // For fewer bytes, the work on a block does not pay.
    if !bytes.first_chunk::<8>().is_some_and(|few| few.is_ascii()) {
        return words;
    }
    let mut padded = [b' '; BLOCK];
    let block = bytes.first_chunk().unwrap_or_else(|| {
        padded[..bytes.len()].copy_from_slice(bytes);
        &padded
    });
    let masks = kernels::ascii_masks(block);
    let seen = first_bits((!masks.plain).trailing_zeros() as usize);
    let (letters, digits) = (masks.letters & seen, masks.digits & seen);
    words.starts = letters & !(letters << 1) | digits & !(digits << 1);
    // A word ends where the next byte is one of the seen bytes and of another class.
    words.lasts = (letters & !(letters >> 1) | digits & !(digits >> 1)) & seen >> 1;
    words
}

/// The end and kind of the unit at `at`. A unit must start there.
#[inline]
fn unit_at(folded: &str, at: usize) -> (usize, UnitKind) {
    let bytes = &folded.as_bytes()[at..];
    let letters = bytes
        .iter()
        .take_while(|byte| byte.is_ascii_lowercase())
        .count();
    match bytes.get(letters) {
        // Most words end here: at a space, a digit, an ideograph or the end.
        None | Some(b' '..=b'9' | 0xE4..=0xE9) if letters > 0 => (at + letters, UnitKind::Word),
        _ => unit_of_any_script(folded, at),
    }
}

/// Is this place a boundary between units of a folded text?
pub(crate) fn is_boundary(folded: &str, at: usize) -> bool {
    let Some((before, behind)) = folded.split_at_checked(at) else {
        return false;
    };
    match (before.chars().next_back(), behind.chars().next()) {
        (Some(last), Some(next)) => {
            let of_runs = |class| matches!(class, Class::Digit | Class::Letter);
            class(last) != class(next) || !of_runs(class(next))
        }
        _ => true,
    }
}

#[inline(never)]
fn unit_of_any_script(folded: &str, at: usize) -> (usize, UnitKind) {
    let mut chars = folded[at..].char_indices();
    let first = chars.next().map_or(Class::Space, |(_, c)| class(c));
    if first == Class::Unspaced {
        return (at + chars.offset(), UnitKind::Character);
    }
    let rest = chars.find(|&(_, c)| class(c) != first);
    let end = rest.map_or(folded.len(), |(i, _)| at + i);
    (end, UnitKind::Word)
}
