//! Where does one unit end and the next begin?

use std::ops::Range;

use crate::normalize::is_unspaced;

/// What a unit is made of; it decides the length of the window that starts with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum UnitKind {
    /// A run of letters, or a run of digits.
    Word,
    /// One character of a script without spaces.
    Character,
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
    let mut run = 0;
    let mut last = Class::Space;
    for (at, c) in folded.char_indices() {
        let class = class(c);
        if class != last && matches!(last, Class::Letter | Class::Digit) {
            unit(run..at, UnitKind::Word);
        }
        if class == Class::Unspaced {
            unit(at..at + c.len_utf8(), UnitKind::Character);
        }
        if class != last {
            (run, last) = (at, class);
        }
    }
    if matches!(last, Class::Letter | Class::Digit) {
        unit(run..folded.len(), UnitKind::Word);
    }
}
