//! Where is the bit of two ideographs that stand beside each other in a word? Shared with the build script, which sets the bits.

/// Bits of the table: 60,000 pairs set one in nine, so that as many others are taken for words.
pub(crate) const PAIR_BITS: usize = 1 << 19;

/// The place of a pair of folded ideographs.
pub(crate) fn pair_bit(first: u32, second: u32) -> usize {
    let both = u64::from(first) << 32 | u64::from(second);
    (both.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40) as usize % PAIR_BITS
}
