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
    let mut hashes = [0; BLOCK];
    let mut start = 0;
    while start < grams {
        match letters[start..].first_chunk() {
            Some(block) => hash_block(block, &mut hashes),
            None => {
                let mut padded = [0; BLOCK + GRAM - 1];
                padded[..letters.len() - start].copy_from_slice(&letters[start..]);
                hash_block(&padded, &mut hashes);
            }
        }
        let mut small = smaller(&hashes, limit) & first_bits(grams - start);
        while small != 0 {
            let at = small.trailing_zeros() as usize;
            found.push(((start + at) as u32, (hashes[at % BLOCK] >> 32) as u32));
            small &= small - 1;
        }
        start += BLOCK;
    }
}

/// ASCII characters that are coded at once.
pub(crate) const CHUNK: usize = 16;

#[inline]
pub(super) fn code_ascii(ascii: &[u8], codes: &mut [u32]) -> (usize, usize) {
    let (mut read, mut written) = (0, 0);
    while let Some(chunk) = ascii[read..].first_chunk::<CHUNK>()
        && chunk.is_ascii()
        && let Some(codes) = codes[written..].first_chunk_mut::<CHUNK>()
    {
        let mut len = 0;
        // Without a branch: every other word would be guessed wrong.
        for &byte in chunk {
            codes[len % CHUNK] = u32::from(byte);
            len += usize::from(byte != b' ');
        }
        (read, written) = (read + CHUNK, written + len);
    }
    (read, written)
}

/// The hash of the gram at each of the first letters of a block. Most texts have letters of one kind only: then half of the
/// work, or more, need not be done.
#[inline(always)]
fn hash_block(letters: &Letters, hashes: &mut [u64; BLOCK]) {
    let firsts = &letters[..BLOCK];
    let any = letters.iter().fold(0, |any, letter| any | letter) & UNSPACED != 0;
    let all = firsts.iter().fold(u32::MAX, |all, letter| all & letter) & UNSPACED != 0;
    match (any, all) {
        (false, _) => hash_long(letters, hashes),
        (true, true) => hash_short(letters, hashes),
        (true, false) => hash_both(letters, hashes),
    }
}

#[inline(always)]
fn hash_long(letters: &Letters, hashes: &mut [u64; BLOCK]) {
    for (at, hash) in hashes.iter_mut().enumerate() {
        let (high, low) = long_gram(|i| u64::from(letters[at + i]));
        *hash = mix(low ^ mix(high));
    }
}

#[inline(always)]
fn hash_short(letters: &Letters, hashes: &mut [u64; BLOCK]) {
    for (at, hash) in hashes.iter_mut().enumerate() {
        let (high, low) = short_gram(|i| u64::from(letters[at + i] & !UNSPACED));
        *hash = mix(low ^ mix(high));
    }
}

#[inline(always)]
fn hash_both(letters: &Letters, hashes: &mut [u64; BLOCK]) {
    for (at, hash) in hashes.iter_mut().enumerate() {
        let letter = |i: usize| u64::from(letters[at + i] & !UNSPACED);
        let (long, short) = (long_gram(letter), short_gram(letter));
        let is_short = letters[at] & UNSPACED != 0;
        let (high, low) = if is_short { short } else { long };
        *hash = mix(low ^ mix(high));
    }
}

/// Six letters of 21 bits.
#[inline(always)]
fn long_gram(letter: impl Fn(usize) -> u64) -> (u64, u64) {
    let high = letter(0) << 41 | letter(1) << 20 | letter(2) >> 1;
    (
        high,
        letter(2) << 63 | letter(3) << 42 | letter(4) << 21 | letter(5),
    )
}

/// The first four of them, moved down.
#[inline(always)]
fn short_gram(letter: impl Fn(usize) -> u64) -> (u64, u64) {
    let low = letter(0) << 63 | letter(1) << 42 | letter(2) << 21 | letter(3);
    (letter(0) >> 1, low)
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

/// Positions in a window of [`least_of_windows`].
pub(crate) const WINDOW: usize = 20;

/// The least of 2, of 4, of 8, of 16, of 20; each of all keys, as what was written just now can't be read at another offset
/// without waiting for it.
#[inline(always)]
pub(super) fn least_of_windows(keys: &mut [u64]) {
    for more in [1, 2, 4, 8, WINDOW - 16] {
        for at in 0..keys.len().saturating_sub(more) {
            keys[at] = keys[at].min(keys[at + more]);
        }
    }
}

/// Appends the hash of each pair.
#[inline(always)]
pub(super) fn mix_pairs(first: &[u64], second: &[u64], keys: &mut Vec<u64>) {
    let (len, pairs) = (keys.len(), first.len().min(second.len()));
    keys.resize(len + pairs, 0);
    for ((key, first), second) in keys[len..].iter_mut().zip(first).zip(second) {
        *key = mix(first ^ second.rotate_left(23));
    }
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
