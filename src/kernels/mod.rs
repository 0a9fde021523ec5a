//! Which inner loops are worth a processor's widest registers?
//!
//! Those that do the same to every letter of every text. Each stands in [`scalar`], as plain code that the compiler
//! turns into vector instructions; [`x86`] has it compiled again for wider registers, and here the widest that the
//! processor knows is picked. Two are written a second time with the processor's own instructions. All forms agree to the bit,
//! which tests hold: no result depends on the processor.
//! On aarch64 nothing is picked: NEON belongs to every build, and the plain code is compiled to it.

mod merge;
mod scalar;
mod text;
#[cfg(target_arch = "x86_64")]
mod x86;

pub(crate) use merge::{ahead, count_common, merged, shared, walk};
pub(crate) use scalar::{BLOCK, CHUNK, GRAM, UNSPACED, WINDOW, characters, first_bits};

/// A finaliser with full avalanche: SplitMix64's (Steele, Lea, Flood, "Fast splittable pseudorandom number generators",
/// 2014; constants of Stafford's variant 13).
#[inline(always)]
pub(crate) fn mix(mut x: u64) -> u64 {
    x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ (x >> 31)
}

/// A gram whose key is small: where it starts, and the key.
pub(crate) type Found = (u32, u32);

/// Appends every gram of coded letters whose key, the high half of its hash, is `limit` at most. A gram starts at each
/// letter that has `GRAM - 1` behind it.
pub(crate) fn small_grams(letters: &[u32], limit: u32, found: &mut Vec<Found>) {
    #[cfg(target_arch = "x86_64")]
    if let Some(level) = x86::level() {
        return x86::small_grams(level, letters, limit, found);
    }
    scalar::small_grams(letters, limit, found);
}

/// Writes the codes of ASCII letters, spaces left out, as long as there are `CHUNK` of them and room for as many; returns how
/// many bytes were read and how many codes are written. What is behind them is of no use.
#[inline]
pub(crate) fn code_ascii(ascii: &[u8], codes: &mut [u32]) -> (usize, usize) {
    #[cfg(target_arch = "x86_64")]
    if let Some(level) = x86::level() {
        return x86::code_ascii(level, ascii, codes);
    }
    scalar::code_ascii(ascii, codes)
}

/// Makes each key the least of the `WINDOW` from it on; those that have fewer behind them, the least of these.
pub(crate) fn least_of_windows(keys: &mut [u64]) {
    #[cfg(target_arch = "x86_64")]
    if let Some(level) = x86::level() {
        return x86::least_of_windows(level, keys);
    }
    scalar::least_of_windows(keys);
}

/// Appends a hash of each pair, of the first with the second turned by 23 bits.
pub(crate) fn mix_pairs(first: &[u64], second: &[u64], keys: &mut Vec<u64>) {
    #[cfg(target_arch = "x86_64")]
    if let Some(level) = x86::level() {
        return x86::mix_pairs(level, first, second, keys);
    }
    scalar::mix_pairs(first, second, keys);
}

/// What the bytes of a block are, a bit each.
#[derive(Clone, Default, Copy, Debug, PartialEq, Eq)]
pub(crate) struct AsciiMasks {
    /// ASCII letters.
    pub(crate) letters: u64,
    /// ASCII digits.
    pub(crate) digits: u64,
    /// All of ASCII but controls; white space is no control.
    pub(crate) plain: u64,
    /// `-`
    pub(crate) hyphens: u64,
}

/// What the bytes of a block are.
#[inline]
pub(crate) fn ascii_masks(block: &[u8; BLOCK]) -> AsciiMasks {
    #[cfg(target_arch = "x86_64")]
    return x86::ascii_masks(block);
    #[cfg(not(target_arch = "x86_64"))]
    scalar::ascii_masks(block)
}

/// Writes the `kept` bytes of a block, letters and digits, in lower case, and a space for each of `spaces`; returns how many
/// bytes that are. `out` has room for a block.
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
