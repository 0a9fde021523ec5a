//! Which of the wider registers does this processor have, and how is a kernel compiled for them?
//!
//! Two things are unsafe here: calls of functions compiled for instructions that not every processor has, and loads and stores of whole
//! arrays. All these functions have the same contract: the processor has the features in the attribute. A [`Level`] proves this, because it
//! is only made where the features are present.
#![allow(unsafe_code)]

use std::arch::x86_64::*;

use super::{AsciiMasks, BLOCK, CHUNK, Found, scalar};

/// A set of instructions that this processor has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Level(Width);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Width {
    Avx2,
    Avx512,
}

/// The widest level of this processor. The test is a load and a comparison, because the standard library keeps the result.
#[inline]
pub(super) fn level() -> Option<Level> {
    levels().next()
}

/// All levels of this processor, the widest first.
pub(super) fn levels() -> impl Iterator<Item = Level> {
    let avx512 = is_x86_feature_detected!("avx512f")
        && is_x86_feature_detected!("avx512bw")
        && is_x86_feature_detected!("avx512dq")
        && is_x86_feature_detected!("avx512vl")
        && is_x86_feature_detected!("popcnt");
    let avx512 = avx512.then_some(Level(Width::Avx512));
    let avx2 = is_x86_feature_detected!("avx2").then_some(Level(Width::Avx2));
    avx512.into_iter().chain(avx2)
}

pub(super) fn small_grams(level: Level, letters: &[u32], limit: u32, found: &mut Vec<Found>) {
    match level.0 {
        // SAFETY: this level is only made where the processor has AVX2.
        Width::Avx2 => unsafe { small_grams_avx2(letters, limit, found) },
        // SAFETY: this level is only made where the processor has AVX-512.
        Width::Avx512 => unsafe { small_grams_avx512(letters, limit, found) },
    }
}

/// # Safety
///
/// The processor has AVX2.
#[target_feature(enable = "avx2")]
unsafe fn small_grams_avx2(letters: &[u32], limit: u32, found: &mut Vec<Found>) {
    scalar::small_grams(letters, limit, found);
}

/// # Safety
///
/// The processor has AVX-512 F, BW, DQ and VL, and POPCNT.
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,popcnt")]
unsafe fn small_grams_avx512(letters: &[u32], limit: u32, found: &mut Vec<Found>) {
    scalar::small_grams(letters, limit, found);
}

pub(super) fn least_of_windows(level: Level, keys: &mut [u64]) {
    match level.0 {
        // SAFETY: this level is only made where the processor has AVX2.
        Width::Avx2 => unsafe { least_of_windows_avx2(keys) },
        // SAFETY: this level is only made where the processor has AVX-512.
        Width::Avx512 => unsafe { least_of_windows_avx512(keys) },
    }
}

/// # Safety
///
/// The processor has AVX2.
#[target_feature(enable = "avx2")]
unsafe fn least_of_windows_avx2(keys: &mut [u64]) {
    scalar::least_of_windows(keys);
}

/// # Safety
///
/// The processor has AVX-512 F, BW, DQ and VL, and POPCNT.
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,popcnt")]
unsafe fn least_of_windows_avx512(keys: &mut [u64]) {
    scalar::least_of_windows(keys);
}

pub(super) fn mix_pairs(level: Level, first: &[u64], second: &[u64], keys: &mut Vec<u64>) {
    match level.0 {
        // SAFETY: this level is only made where the processor has AVX2.
        Width::Avx2 => unsafe { mix_pairs_avx2(first, second, keys) },
        // SAFETY: this level is only made where the processor has AVX-512.
        Width::Avx512 => unsafe { mix_pairs_avx512(first, second, keys) },
    }
}

/// # Safety
///
/// The processor has AVX2.
#[target_feature(enable = "avx2")]
unsafe fn mix_pairs_avx2(first: &[u64], second: &[u64], keys: &mut Vec<u64>) {
    scalar::mix_pairs(first, second, keys);
}

/// # Safety
///
/// The processor has AVX-512 F, BW, DQ and VL, and POPCNT.
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,popcnt")]
unsafe fn mix_pairs_avx512(first: &[u64], second: &[u64], keys: &mut Vec<u64>) {
    scalar::mix_pairs(first, second, keys);
}

pub(super) fn code_ascii(level: Level, ascii: &[u8], codes: &mut [u32]) -> (usize, usize) {
    match level.0 {
        Width::Avx2 => scalar::code_ascii(ascii, codes),
        // SAFETY: this level is only made where the processor has AVX-512.
        Width::Avx512 => unsafe { code_ascii_avx512(ascii, codes) },
    }
}

/// # Safety
///
/// The processor has AVX-512 F, BW, DQ and VL, and POPCNT.
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,popcnt")]
unsafe fn code_ascii_avx512(ascii: &[u8], codes: &mut [u32]) -> (usize, usize) {
    let (mut read, mut written) = (0, 0);
    while let Some(chunk) = ascii[read..].first_chunk::<CHUNK>()
        && let Some(codes) = codes[written..].first_chunk_mut::<CHUNK>()
    {
        // SAFETY: the chunk has 16 bytes, and the load asks for no alignment.
        let bytes = unsafe { _mm_loadu_si128(chunk.as_ptr().cast()) };
        if _mm_movemask_epi8(bytes) != 0 {
            break;
        }
        let letters = _mm_cmpneq_epi8_mask(bytes, _mm_set1_epi8(b' ' as i8));
        let kept = _mm512_maskz_compress_epi32(letters, _mm512_cvtepu8_epi32(bytes));
        // SAFETY: there is room for 16 codes, and the store asks for no alignment.
        unsafe { _mm512_storeu_si512(codes.as_mut_ptr().cast(), kept) };
        read += CHUNK;
        written += letters.count_ones() as usize;
    }
    (read, written)
}

#[inline]
pub(super) fn ascii_masks(block: &[u8; BLOCK]) -> AsciiMasks {
    // SAFETY: every processor of this architecture has SSE2.
    unsafe { ascii_masks_sse2(block) }
}

/// # Safety
///
/// The processor has SSE2.
#[inline]
#[target_feature(enable = "sse2")]
unsafe fn ascii_masks_sse2(block: &[u8; BLOCK]) -> AsciiMasks {
    let mut masks = AsciiMasks::default();
    for (nth, part) in block.chunks_exact(16).enumerate() {
        // SAFETY: the part has 16 bytes, and the load asks for no alignment.
        let bytes = unsafe { _mm_loadu_si128(part.as_ptr().cast()) };
        let lower = _mm_or_si128(bytes, _mm_set1_epi8(0x20));
        let bits = |mask: __m128i| u64::from(_mm_movemask_epi8(mask) as u16) << (16 * nth);
        masks.letters |= bits(between(lower, b'a', b'z'));
        masks.digits |= bits(between(bytes, b'0', b'9'));
        let blank = between(bytes, b'\t', b'\r');
        masks.plain |= bits(_mm_or_si128(blank, between(bytes, b' ', b'~')));
        masks.hyphens |= bits(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(b'-' as i8)));
    }
    masks
}

/// All ones where a byte is from `first` to `last`.
#[inline]
#[target_feature(enable = "sse2")]
fn between(bytes: __m128i, first: u8, last: u8) -> __m128i {
    let above = _mm_sub_epi8(bytes, _mm_set1_epi8(first as i8));
    let most = _mm_set1_epi8((last - first) as i8);
    _mm_cmpeq_epi8(_mm_min_epu8(above, most), above)
}
