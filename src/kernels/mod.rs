//! Which inner loops are worth a processor's widest registers?
//!
//! Loops that process every letter of every text. Each is in [`scalar`] as plain code that the compiler turns into vector instructions.
//! [`x86`] compiles it again for wider registers, and this module chooses the widest that the processor has. Two kernels also have a second
//! form with the processor's own instructions. All forms agree to the bit, which tests check, so no result depends on the processor.
//!
//! On aarch64 there is no choice: every build has NEON, and the plain code is compiled for it.

mod merge;
mod scalar;
mod text;
#[cfg(target_arch = "x86_64")]
mod x86;

pub(crate) use merge::{ahead, count_common, merged, shared, walk};
pub(crate) use scalar::{BLOCK, CHUNK, GRAM, UNSPACED, WINDOW, characters, first_bits};

/// Mixes a number with full avalanche. It is the finaliser of SplitMix64 (Steele, Lea, Flood, "Fast splittable pseudorandom number
/// generators", 2014; constants of Stafford's variant 13).
#[inline(always)]
pub(crate) fn mix(mut x: u64) -> u64 {
    x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ (x >> 31)
}

/// A gram whose key is small: its start, and the key.
pub(crate) type Found = (u32, u32);

/// Appends every gram of coded letters whose key, the high half of its hash, is at most `limit`. A gram starts at each letter that is
/// followed by at least `GRAM - 1` letters.
pub(crate) fn small_grams(letters: &[u32], limit: u32, found: &mut Vec<Found>) {
    #[cfg(target_arch = "x86_64")]
    if let Some(level) = x86::level() {
        return x86::small_grams(level, letters, limit, found);
    }
    scalar::small_grams(letters, limit, found);
}

/// Writes the codes of ASCII letters, without spaces, `CHUNK` bytes at a time, while there are as many ASCII bytes and room for as many
/// codes. Returns the numbers of bytes read and of codes written. The content of `codes` after these is arbitrary.
#[inline]
pub(crate) fn code_ascii(ascii: &[u8], codes: &mut [u32]) -> (usize, usize) {
    #[cfg(target_arch = "x86_64")]
    if let Some(level) = x86::level() {
        return x86::code_ascii(level, ascii, codes);
    }
    scalar::code_ascii(ascii, codes)
}

/// Replaces each key by the smallest of the `WINDOW` keys from it on, or of all keys from it on where there are fewer.
pub(crate) fn least_of_windows(keys: &mut [u64]) {
    #[cfg(target_arch = "x86_64")]
    if let Some(level) = x86::level() {
        return x86::least_of_windows(level, keys);
    }
    scalar::least_of_windows(keys);
}

/// Appends a hash of each pair. The second number is rotated by 23 bits first.
pub(crate) fn mix_pairs(first: &[u64], second: &[u64], keys: &mut Vec<u64>) {
    #[cfg(target_arch = "x86_64")]
    if let Some(level) = x86::level() {
        return x86::mix_pairs(level, first, second, keys);
    }
    scalar::mix_pairs(first, second, keys);
}

/// The classes of the bytes of a block, one bit for each byte.
#[derive(Clone, Default, Copy, Debug, PartialEq, Eq)]
pub(crate) struct AsciiMasks {
    /// ASCII letters.
    pub(crate) letters: u64,
    /// ASCII digits.
    pub(crate) digits: u64,
    /// Printable ASCII and white space: all of ASCII except other control characters.
    pub(crate) plain: u64,
    /// `-`
    pub(crate) hyphens: u64,
}

/// The classes of the bytes of a block.
#[inline]
pub(crate) fn ascii_masks(block: &[u8; BLOCK]) -> AsciiMasks {
    #[cfg(target_arch = "x86_64")]
    return x86::ascii_masks(block);
    #[cfg(not(target_arch = "x86_64"))]
    scalar::ascii_masks(block)
}

/// Writes the bytes of a block that `kept` marks, which must be letters and digits, in lower case, and a space for each byte that `spaces`
/// marks. Returns the number of bytes written. `out` must have room for a block.
#[inline]
pub(crate) fn keep_ascii(block: &[u8; BLOCK], kept: u64, spaces: u64, out: &mut [u8]) -> usize {
    scalar::keep_ascii(block, kept, spaces, out)
}

pub(crate) use text::push_wide;

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn wide_characters_are_appended(text in "[\u{800}-\u{D7FF}]{0,80}", before in ".{0,9}") {
            let mut out = before.clone();
            let wide: Vec<u16> = text.encode_utf16().collect();
            push_wide(&wide, &mut out);
            prop_assert_eq!(out, before + &text);
        }

        #[test]
        fn every_form_has_the_same_masks(block in prop::array::uniform32(any::<[u8; 2]>())) {
            let mut bytes = [0; BLOCK];
            bytes.copy_from_slice(block.as_flattened());
            let masks = scalar::ascii_masks(&bytes);
            prop_assert_eq!(ascii_masks(&bytes), masks);
        }

        #[test]
        fn every_form_codes_alike(text in "[a-z ]{0,80}é?[a-z ]{0,20}", room in 0_usize..99) {
            let mut plain = vec![0; room];
            let (read, written) = scalar::code_ascii(text.as_bytes(), &mut plain);
            let letters = text.as_bytes()[..read].iter().filter(|&&byte| byte != b' ');
            prop_assert!(letters.map(|&byte| u32::from(byte)).eq(plain[..written].iter().copied()));
            #[cfg(target_arch = "x86_64")]
            for level in x86::levels() {
                let mut codes = vec![0; room];
                prop_assert_eq!(x86::code_ascii(level, text.as_bytes(), &mut codes), (read, written));
                prop_assert_eq!(&codes[..written], &plain[..written]);
            }
        }

        #[test]
        fn every_form_has_the_same_least_keys(keys in prop::collection::vec(any::<u64>(), 0..300)) {
            let least = |at: usize| keys[at..keys.len().min(at + WINDOW)].iter().copied().min();
            let slow: Vec<u64> = (0..keys.len()).filter_map(least).collect();
            let mut plain = keys.clone();
            scalar::least_of_windows(&mut plain);
            prop_assert_eq!(&plain, &slow);
            #[cfg(target_arch = "x86_64")]
            for level in x86::levels() {
                let mut found = keys.clone();
                x86::least_of_windows(level, &mut found);
                prop_assert_eq!(&found, &slow);
            }
        }

        #[test]
        fn every_form_mixes_alike(pairs in prop::collection::vec(any::<(u64, u64)>(), 0..99)) {
            let (first, second): (Vec<u64>, Vec<u64>) = pairs.into_iter().unzip();
            let mut plain = Vec::new();
            scalar::mix_pairs(&first, &second, &mut plain);
            #[cfg(target_arch = "x86_64")]
            for level in x86::levels() {
                let mut found = Vec::new();
                x86::mix_pairs(level, &first, &second, &mut found);
                prop_assert_eq!(&found, &plain);
            }
        }

        #[test]
        fn every_form_finds_the_same_grams(
            letters in prop::collection::vec((0_u32..0x11_0000, any::<bool>()), 0..300),
            limit in any::<u32>(),
        ) {
            let code = |(letter, unspaced)| letter | (UNSPACED * u32::from(unspaced));
            let letters: Vec<u32> = letters.into_iter().map(code).collect();
            let mut plain = Vec::new();
            scalar::small_grams(&letters, limit, &mut plain);
            #[cfg(target_arch = "x86_64")]
            for level in x86::levels() {
                let mut found = Vec::new();
                x86::small_grams(level, &letters, limit, &mut found);
                prop_assert_eq!(&found, &plain);
            }
        }
    }
}
