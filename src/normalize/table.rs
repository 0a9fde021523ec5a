//! Where is the table row of a character? In a generated table of two stages: 8,704 block numbers, then blocks of 128 entries. Uniform
//! areas share one block, so the part of the table that a text uses stays in the first cache levels.

use super::entry::Entry;

mod generated {
    include!(concat!(env!("OUT_DIR"), "/fold_table.rs"));
}

pub(crate) use generated::FOLD_VERSION;
use generated::{BLOCK, EXPANSION_ATOMS, EXPANSION_ENDS, STAGE1, STAGE2};

/// The entry of `c`.
#[inline]
pub(super) fn lookup(c: char) -> Entry {
    Entry(raw(c as usize))
}

/// The entry of a code point, as bits.
#[inline]
pub(super) const fn raw(cp: usize) -> u32 {
    let block = STAGE1[cp / BLOCK] as usize;
    STAGE2[block * BLOCK + cp % BLOCK]
}

/// The atoms of an [`Kind::Expand`](super::entry::Kind::Expand) entry. Each has its own character as target.
pub(super) fn expansion(entry: Entry) -> impl DoubleEndedIterator<Item = (Entry, char)> {
    let row = entry.target() as usize;
    let start = row
        .checked_sub(1)
        .map_or(0, |before| usize::from(EXPANSION_ENDS[before]));
    let atoms = &EXPANSION_ATOMS[start..usize::from(EXPANSION_ENDS[row])];
    atoms.iter().map(|&atom| {
        let atom = Entry(atom);
        (atom, atom.character(char::REPLACEMENT_CHARACTER))
    })
}
