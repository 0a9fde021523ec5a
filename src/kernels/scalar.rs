//! What does each kernel compute? The kernels are plain loops over blocks of one size, without branches. Compilers turn them into vector
//! instructions.

#[cfg(any(test, not(target_arch = "x86_64")))]
use super::AsciiMasks;
use super::{Found, mix};

/// Number of letters of the longest gram.
pub(crate) const GRAM: usize = 6;

/// Bit in the code of a letter of a script without spaces. Such a letter starts a short gram.
pub(crate) const UNSPACED: u32 = 1 << 31;

/// Number of bytes or grams that are processed together, with one bit of a mask for each.
pub(crate) const BLOCK: usize = 64;

/// The letters of the grams of a block.
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

/// Number of ASCII characters that are coded at once.
pub(crate) const CHUNK: usize = 16;

#[inline]
pub(super) fn code_ascii(ascii: &[u8], codes: &mut [u32]) -> (usize, usize) {
    let (mut read, mut written) = (0, 0);
    while let Some(chunk) = ascii[read..].first_chunk::<CHUNK>()
        && chunk.is_ascii()
        && let Some(codes) = codes[written..].first_chunk_mut::<CHUNK>()
    {
        let mut len = 0;
        // There is no branch here, because it would be mispredicted at every other word.
        for &byte in chunk {
            codes[len % CHUNK] = u32::from(byte);
            len += usize::from(byte != b' ');
        }
        (read, written) = (read + CHUNK, written + len);
    }
    (read, written)
}

/// Hashes the gram that starts at each of the first letters of a block. Most texts have letters of one kind only; then half of the work, or
/// more, is saved.
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

/// Packs six letters of 21 bits into a high and a low half.
#[inline(always)]
fn long_gram(letter: impl Fn(usize) -> u64) -> (u64, u64) {
    let high = letter(0) << 41 | letter(1) << 20 | letter(2) >> 1;
    (
        high,
        letter(2) << 63 | letter(3) << 42 | letter(4) << 21 | letter(5),
    )
}

/// Packs the first four letters, shifted down.
#[inline(always)]
fn short_gram(letter: impl Fn(usize) -> u64) -> (u64, u64) {
    let low = letter(0) << 63 | letter(1) << 42 | letter(2) << 21 | letter(3);
    (letter(0) >> 1, low)
}

/// A mask of the hashes whose high half is at most `limit`.
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

/// Length of a window of [`least_of_windows`], in keys.
pub(crate) const WINDOW: usize = 20;

/// Computes the smallest of 2, 4, 8, 16 and 20 keys in turn. Each step is done for all keys before the next, because a read at another
/// offset has to wait for a value that was written just before.
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

/// A mask of the lowest `count` bits.
#[inline(always)]
pub(crate) fn first_bits(count: usize) -> u64 {
    if count >= BLOCK {
        u64::MAX
    } else {
        (1 << count) - 1
    }
}

/// Number of characters of UTF-8 text, and how many of them are spaces. SSE2 and NEON, which every build has, are enough for this.
pub(crate) fn characters(utf8: &[u8]) -> (usize, usize) {
    let (mut characters, mut spaces) = (0, 0);
    // 255 bytes at a time, because the counters have one byte.
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

/// Turns bytes that are 0 or 1 into bits. A multiplication moves eight of them into one byte.
#[cfg(any(test, not(target_arch = "x86_64")))]
fn mask(ones: [u8; BLOCK]) -> u64 {
    let eights = ones.as_chunks::<8>().0.iter().enumerate();
    eights.fold(0, |mask, (nth, &eight)| {
        let bits = u64::from_le_bytes(eight).wrapping_mul(0x0102_0408_1020_4080) >> 56;
        mask | bits << (8 * nth)
    })
}

/// Copies whole runs of bytes that stay. Prose has three runs in a block.
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
