//! How is plain ASCII folded fast? Block by block, with bit masks of the classes of its bytes, and without a branch for each byte or word.

use crate::kernels::{self, AsciiMasks, BLOCK, first_bits};

/// The class of a kept ASCII character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AsciiClass {
    Letter,
    Digit,
}

/// Folds blocks. The buffer is used again for each block.
pub(super) struct Batch {
    /// Room for a space and the block.
    buffer: [u8; 1 + BLOCK],
    len: usize,
    /// Number of bytes read.
    pub(super) read: usize,
    /// The class of the last kept character, if there is one.
    pub(super) last: Option<AsciiClass>,
    /// Do separators follow it?
    pub(super) gap: bool,
}

impl Batch {
    pub(super) fn new() -> Self {
        Self {
            buffer: [0; 1 + BLOCK],
            len: 0,
            read: 0,
            last: None,
            gap: false,
        }
    }

    /// The folded characters.
    pub(super) fn kept(&self) -> &str {
        std::str::from_utf8(&self.buffer[..self.len]).unwrap_or_default()
    }

    /// Folds the plain bytes at the start of `bytes`, at most a block. Before them, there are a kept character of class `last` and, with
    /// `gap`, separators. The last plain byte is left out if the next character is not plain and may belong to it.
    pub(super) fn fold(&mut self, bytes: &[u8], last: Option<AsciiClass>, gap: bool) {
        (self.len, self.read, self.last, self.gap) = (0, 0, last, gap);
        let mut padded = [b' '; BLOCK];
        let block = bytes.first_chunk().unwrap_or_else(|| {
            padded[..bytes.len()].copy_from_slice(bytes);
            &padded
        });
        let masks = kernels::ascii_masks(block);
        let read = readable(&masks, bytes);
        if read > 0 {
            self.take(block, &masks, read);
        }
    }

    /// Keeps the letters, digits and necessary spaces of the first `read` bytes of a block.
    #[inline]
    fn take(&mut self, block: &[u8; BLOCK], masks: &AsciiMasks, read: usize) {
        let within = first_bits(read);
        let (letters, digits) = (masks.letters & within, masks.digits & within);
        let separators = within & !(letters | digits);
        let spaces = between(letters, separators, self.last == Some(AsciiClass::Letter))
            | between(digits, separators, self.last == Some(AsciiClass::Digit));
        let first = class_at(letters, digits, 0);
        if self.gap && first.is_some() && first == self.last {
            self.buffer[0] = b' ';
            self.len = 1;
        }
        let kept = letters | digits;
        self.len += kernels::keep_ascii(block, kept, spaces, &mut self.buffer[self.len..]);
        if kept != 0 {
            self.last = class_at(letters, digits, kept.ilog2());
        }
        self.gap = separators >> (read - 1) != 0;
        self.read = read;
    }
}

/// The last separator of every gap between two characters of one class. `class` marks all characters of that class. With `carried`, one of
/// them comes before the block.
#[inline]
fn between(class: u64, separators: u64, carried: bool) -> u64 {
    let gaps = separators & (class << 1 | u64::from(carried));
    // The carry of the addition runs through a gap to the character after it.
    let behind = separators.wrapping_add(gaps) & !separators;
    (behind & class) >> 1
}

#[inline]
fn class_at(letters: u64, digits: u64, at: u32) -> Option<AsciiClass> {
    match () {
        () if letters >> at & 1 != 0 => Some(AsciiClass::Letter),
        () if digits >> at & 1 != 0 => Some(AsciiClass::Digit),
        () => None,
    }
}

/// How many of the bytes, at most a block, are plain and do not depend on the bytes after them.
#[inline]
fn readable(masks: &AsciiMasks, bytes: &[u8]) -> usize {
    let plain = (!masks.plain).trailing_zeros() as usize;
    let mut end = plain.min(bytes.len());
    if let Some(&next) = bytes.get(end)
        && (end < BLOCK || !is_plain(next))
        && !is_no_tail(&bytes[end..])
    {
        end = end.saturating_sub(1);
    }
    let mut hyphens = masks.hyphens & first_bits(end);
    while hyphens != 0 {
        let at = hyphens.trailing_zeros() as usize;
        if bytes
            .get(at + 1)
            .is_some_and(|next| !next.is_ascii_graphic())
        {
            return at;
        }
        hyphens &= hyphens - 1;
    }
    end
}

/// Is it ASCII that needs no table look-up? All of ASCII except control characters; white space does not count as a control.
#[inline]
pub(super) fn is_plain(byte: u8) -> bool {
    matches!(byte, b'\t'..=b'\r' | b' '..=b'~')
}

/// Do these bytes start with a character that can't belong to the one before it? Only the most frequent ones are known: printable ASCII and
/// line feed, general punctuation from U+2010 to U+2027, U+3000 to U+3029, U+4000 to U+9FFF, U+B000 to U+CFFF, full-width forms.
#[inline]
pub(super) fn is_no_tail(bytes: &[u8]) -> bool {
    matches!(
        bytes,
        [b'\n' | b' '..=b'~' | 0xE4..=0xE9 | 0xEB..=0xEC, ..]
            | [0xE2, 0x80, 0x90..=0xA7, ..]
            | [0xE3, 0x80, 0x80..=0xA9, ..]
            | [0xEF, 0xBC, ..]
    )
}
