//! What does each kernel compute? Plain loops over blocks of one size, without branches, which compilers turn into vector
//! instructions.

#[cfg(any(test, not(target_arch = "x86_64")))]
use super::AsciiMasks;
use super::{Found, mix};

/// Letters of the longest gram.
pub(crate) const GRAM: usize = 6;

/// Set in the code of a letter whose gram is the short one.
pub(crate) const UNSPACED: u32 = 1 << 31;

/// Bytes, or grams, that are looked at together: a bit of a mask for each.
pub(crate) const BLOCK: usize = 64;

/// The letters that a block's grams are made of.
type Letters = [u32; BLOCK + GRAM - 1];

#[inline(always)]
pub(super) fn small_grams(letters: &[u32], limit: u32, found: &mut Vec<Found>) {
    let grams = (letters.len() + 1).saturating_sub(GRAM);
    let mut start = 0;
    while start < grams {
        let mut padded = [0; BLOCK + GRAM - 1];
        let block = letters[start..].first_chunk().unwrap_or_else(|| {
            padded[..letters.len() - start].copy_from_slice(&letters[start..]);
            &padded
        });
        let mut hashes = [0; BLOCK];
        hash_block(block, &mut hashes);
        let mut small = smaller(&hashes, limit) & first_bits(grams - start);
        while small != 0 {
            let at = small.trailing_zeros() as usize;
            found.push(((start + at) as u32, (hashes[at % BLOCK] >> 32) as u32));
            small &= small - 1;
        }
        start += BLOCK;
    }
}

/// The 126 bits of a long gram are six letters of 21; a short one is the first four of them, moved down.
#[inline(always)]
fn hash_block(letters: &Letters, hashes: &mut [u64; BLOCK]) {
    for (at, hash) in hashes.iter_mut().enumerate() {
        let letter = |i: usize| u64::from(letters[at + i] & !UNSPACED);
        let tail = letter(2) << 63 | letter(3) << 42;
        let long = (
            letter(0) << 41 | letter(1) << 20 | letter(2) >> 1,
            tail | letter(4) << 21 | letter(5),
        );
        let short = (
            letter(0) >> 1,
            letter(0) << 63 | letter(1) << 42 | letter(2) << 21 | letter(3),
        );
        let is_short = letters[at] & UNSPACED != 0;
        let (high, low) = if is_short { short } else { long };
        *hash = mix(low ^ mix(high));
    }
}

/// A bit for each hash whose high half is `limit` at most.
#[inline(always)]
fn smaller(hashes: &[u64; BLOCK], limit: u32) -> u64 {
    let most = u64::from(limit) << 32 | u64::from(u32::MAX);
    let bit = |(at, hash): (usize, &u64)| u64::from(*hash <= most) << at;
    hashes
        .iter()
        .enumerate()
        .map(bit)
        .fold(0, |bits, bit| bits | bit)
}

/// The lowest `count` bits.
#[inline(always)]
pub(crate) fn first_bits(count: usize) -> u64 {
    if count >= BLOCK {
        u64::MAX
    } else {
        (1 << count) - 1
    }
}

/// How many characters UTF-8 text has, and how many of them are spaces. SSE2 and NEON, which every build has, do for this.
pub(crate) fn characters(utf8: &[u8]) -> (usize, usize) {
    let (mut characters, mut spaces) = (0, 0);
    // As many as a counter of one byte can hold.
    for chunk in utf8.chunks(255) {
        let starts = chunk.iter().map(|&byte| u8::from(byte as i8 >= -64));
        characters += usize::from(starts.sum::<u8>());
        let blanks = chunk.iter().map(|&byte| u8::from(byte == b' '));
        spaces += usize::from(blanks.sum::<u8>());
    }
    (characters, spaces)
}

#[cfg(any(test, not(target_arch = "x86_64")))]
pub(super) fn ascii_masks(block: &[u8; BLOCK]) -> AsciiMasks {
    AsciiMasks {
        letters: mask(block.map(|byte| byte.is_ascii_alphabetic().into())),
        digits: mask(block.map(|byte| byte.is_ascii_digit().into())),
        plain: mask(block.map(|byte| matches!(byte, b'\t'..=b'\r' | b' '..=b'~').into())),
        hyphens: mask(block.map(|byte| u8::from(byte == b'-'))),
    }
}

/// The bytes, each 0 or 1, as bits: a multiplication moves eight of them into one byte.
#[cfg(any(test, not(target_arch = "x86_64")))]
fn mask(ones: [u8; BLOCK]) -> u64 {
    let eights = ones.as_chunks::<8>().0.iter().enumerate();
    eights.fold(0, |mask, (nth, &eight)| {
        let bits = u64::from_le_bytes(eight).wrapping_mul(0x0102_0408_1020_4080) >> 56;
        mask | bits << (8 * nth)
    })
}

/// Runs of what stays are copied whole: prose has three in a block.
pub(super) fn keep_ascii(block: &[u8; BLOCK], kept: u64, spaces: u64, out: &mut [u8]) -> usize {
    let mut folded = *block;
    for byte in &mut folded {
        let is_kept = byte.is_ascii_alphanumeric();
        *byte = if is_kept { *byte | 0x20 } else { b' ' };
    }
    let (mut rest, mut from, mut len) = (kept | spaces, 0, 0);
    while rest != 0 {
        let gap = rest.trailing_zeros();
        from += gap as usize;
        rest >>= gap;
        let run = rest.trailing_ones() as usize;
        out[len..len + run].copy_from_slice(&folded[from..from + run]);
        (from, len) = (from + run, len + run);
        rest = rest.checked_shr(run as u32).unwrap_or(0);
    }
    len
}
