//! How is UTF-8 text written without a check of its bytes?
//!
//! The standard library either checks bytes at 30 instructions for each character, or writes characters one by one at the same cost.
#![allow(unsafe_code)]

/// Appends characters from U+0800 to U+D7FF, which have three bytes in UTF-8 and are not surrogates. Any other character becomes U+0800.
pub(crate) fn push_wide(characters: &[u16], out: &mut String) {
    // SAFETY: what is appended is whole characters in UTF-8.
    let bytes = unsafe { out.as_mut_vec() };
    let len = bytes.len();
    bytes.resize(len + 3 * characters.len(), 0);
    for (to, &c) in bytes[len..].chunks_exact_mut(3).zip(characters) {
        to.copy_from_slice(&utf8(c));
    }
}

/// The UTF-8 of a character from U+0800 to U+D7FF. For other characters, these shifts would not give valid UTF-8 of three bytes.
#[inline(always)]
fn utf8(c: u16) -> [u8; 3] {
    let c = if matches!(c, 0x800..=0xD7FF) {
        c
    } else {
        0x800
    };
    let tail = |bits: u16| (bits & 0x3F | 0x80) as u8;
    [(c >> 12 | 0xE0) as u8, tail(c >> 6), tail(c)]
}
