//! What does the table say about a character? A 32-bit entry. The generator writes it and the fold reads it, and both use this file.
#![allow(dead_code)] // the generator uses one half, the library the other

/// The rule by which a character is folded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Kind {
    /// Dropped: ignorables, controls, unassigned, private use, tatweel, Arabic and Hebrew points.
    Drop = 0,
    /// Punctuation and symbols: a separator.
    Separator,
    /// White space within a line: a separator.
    Blank,
    /// A line break: a separator.
    Break,
    /// A separator that may divide a word at a line's end.
    Hyphen,
    /// U+00AD: a hyphen before a line break, otherwise dropped.
    SoftHyphen,
    /// A separator, but between ideographs the ideographic zero.
    Circle,
    /// A letter or non-decimal number of a script that puts spaces between words.
    Letter,
    /// A decimal digit; the target is ASCII.
    Digit,
    /// A combining mark. The target is its canonical combining class; the mark itself does not change.
    Mark,
    /// A character of a script without spaces.
    Unspaced,
    /// An ideograph, which is a character of a script without spaces too.
    Han,
    /// Becomes several characters. The target is a row of the expansions.
    Expand,
    /// A letter that may look like a letter of another script in a word, or become Latin letters.
    GreekOrCyrillic,
    /// A Vietnamese letter with a tone that may be written on the next letter instead.
    Toned,
}

const KINDS: [Kind; 15] = [
    Kind::Drop,
    Kind::Separator,
    Kind::Blank,
    Kind::Break,
    Kind::Hyphen,
    Kind::SoftHyphen,
    Kind::Circle,
    Kind::Letter,
    Kind::Digit,
    Kind::Mark,
    Kind::Unspaced,
    Kind::Han,
    Kind::Expand,
    Kind::GreekOrCyrillic,
    Kind::Toned,
];

/// A table entry. Bits 0–20: target (0: the character itself); 21–24: kind; 25: may change the characters before it; 26: lower-case letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Entry(pub(crate) u32);

const TARGET: u32 = (1 << 21) - 1;
const COMBINES: u32 = 1 << 25;
const LOWER: u32 = 1 << 26;

impl Entry {
    pub(crate) fn new(kind: Kind, target: u32, combines: bool, lower: bool) -> Self {
        let flags = u32::from(combines) * COMBINES + u32::from(lower) * LOWER;
        Self(target & TARGET | (kind as u32) << 21 | flags)
    }

    #[inline]
    pub(crate) fn kind(self) -> Kind {
        KINDS
            .get((self.0 >> 21 & 15) as usize)
            .copied()
            .unwrap_or(Kind::Drop)
    }

    #[inline]
    pub(crate) fn target(self) -> u32 {
        self.0 & TARGET
    }

    /// The character that `c` becomes; `c` itself if the entry has no target.
    #[inline]
    pub(crate) fn character(self, c: char) -> char {
        match self.target() {
            0 => c,
            cp => char::from_u32(cp).unwrap_or(c),
        }
    }

    /// The folded form of an ideograph that does not combine with other characters, if it has three bytes in UTF-8; 0 for all others.
    #[inline]
    pub(crate) const fn plain_han(self, cp: u32) -> u16 {
        let target = match self.0 & TARGET {
            0 => cp,
            target => target,
        };
        let is_han = self.0 >> 21 & 15 == Kind::Han as u32 && self.0 & COMBINES == 0;
        if is_han && target >= 0x800 && target < 0xD800 {
            target as u16
        } else {
            0
        }
    }

    /// May it join with the characters before it, or move before them? Then only a normaliser can decide.
    #[inline]
    pub(crate) fn combines(self) -> bool {
        self.0 & COMBINES != 0
    }

    #[inline]
    pub(crate) fn lower(self) -> bool {
        self.0 & LOWER != 0
    }

    /// Does it belong to the character before it? A combining mark, a dropped character or one that combines does.
    #[inline]
    pub(crate) fn is_tail(self) -> bool {
        self.combines() || matches!(self.kind(), Kind::Drop | Kind::Mark | Kind::SoftHyphen)
    }
}
