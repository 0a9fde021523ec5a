//! Where does one unit end and the next begin?

use std::ops::Range;

use crate::normalize::is_unspaced;

/// What a unit is made of; it decides the length of the window that starts with it.
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

    /// What a unit counts where lengths of text in different scripts are measured by one number: a word tells about as much
    /// as two characters of a script without spaces.
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

/// Calls `unit` with every unit of a folded text, in order.
#[inline]
pub(super) fn for_each(folded: &str, mut unit: impl FnMut(Range<usize>, UnitKind)) {
    let bytes = folded.as_bytes();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b' ' => at += 1,
            // U+4000 to U+9FFF: ideographs.
            0xE4..=0xE9 => {
                unit(at..at + 3, UnitKind::Character);
                at += 3;
            }
            _ => {
                let (end, kind) = unit_at(folded, at);
                unit(at..end, kind);
                at = end;
            }
        }
    }
}

/// The end and kind of the unit at `at`, where one starts.
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

/// Does no unit of a folded text go on over this place?
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
