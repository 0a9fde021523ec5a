//! Which bit belongs to two ideographs that are adjacent in a word? Shared with the build script, which sets the bits.

/// Number of bits in the table. 60,000 pairs set one bit in nine, so one other pair in nine is also taken for part of a word.
pub(crate) const PAIR_BITS: usize = 1 << 19;

/// The number of the bit for a pair of folded ideographs.
pub(crate) fn pair_bit(first: u32, second: u32) -> usize {
    let both = u64::from(first) << 32 | u64::from(second);
    (both.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40) as usize % PAIR_BITS
}
