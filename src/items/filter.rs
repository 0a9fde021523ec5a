//! Which items can be in one of the texts at all?

use std::sync::atomic::{AtomicU64, Ordering};

use crate::items::seeds::for_each_seed;
use crate::shingle::letters_into;

/// Bits for each letter of the texts. At most one in sixteen of the seeds that no text has seems to be there.
const BITS_PER_LETTER: usize = 16;

/// Minimum share of an item's seeds that must be in some text for the item to be indexed. Where one word in six is replaced, three in
/// five are.
const MIN_PRESENT_SEEDS: f64 = 0.3;

/// The seeds of many texts, each as one bit (Bloom, "Space/time trade-offs in hash coding with allowable errors", 1970).
///
/// A large reference has many more items than the texts of a run contain. The others need not be indexed.
///
/// ```
/// use reprint::items::SeedFilter;
///
/// let filter = SeedFilter::for_letters(100);
/// filter.add("the old ferry carries forty crates across the bay");
/// assert!(filter.may_hold("ferry carries forty crates across"));
/// assert!(!filter.may_hold("a new weir above the lower mill"));
/// ```
#[derive(Debug)]
pub struct SeedFilter {
    bits: Vec<AtomicU64>,
    shift: u32,
}

impl SeedFilter {
    /// For texts with so many letters in total.
    pub fn for_letters(letters: usize) -> Self {
        let bits = (BITS_PER_LETTER * letters).max(64).next_power_of_two();
        Self {
            bits: (0..bits / 64).map(|_| AtomicU64::new(0)).collect(),
            shift: u64::BITS - bits.trailing_zeros(),
        }
    }

    /// Adds the seeds of a folded text, from any thread.
    pub fn add(&self, text: &str) {
        let mut letters = Vec::new();
        letters_into(text, &mut letters);
        for_each_seed(&letters, &mut Vec::new(), |_, key| {
            let at = (key >> self.shift) as usize;
            self.bits[at / 64].fetch_or(1 << (at % 64), Ordering::Relaxed);
        });
    }

    /// Were enough seeds of a folded item added for it to be in one of the texts?
    pub fn may_hold(&self, item: &str) -> bool {
        let mut letters = Vec::new();
        letters_into(item, &mut letters);
        let (mut all, mut present) = (0_usize, 0_usize);
        for_each_seed(&letters, &mut Vec::new(), |_, key| {
            let at = (key >> self.shift) as usize;
            let is_added = self.bits[at / 64].load(Ordering::Relaxed) >> (at % 64) & 1;
            all += 1;
            present += is_added as usize;
        });
        present > 0 && present as f64 >= MIN_PRESENT_SEEDS * all as f64
    }
}
