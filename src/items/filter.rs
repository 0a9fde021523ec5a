//! Which items can stand in some text at all?

use std::sync::atomic::{AtomicU64, Ordering};

use crate::items::seeds::for_each_seed;
use crate::shingle::letters_into;

/// Bits for each letter of the texts: of seeds that no text has, one in sixteen or fewer seem to be there.
const BITS_PER_LETTER: usize = 16;

/// Share of an item's seeds that must be in some text for the item to be looked for. One word in six replaced leaves three in five.
const MIN_PRESENT: f64 = 0.3;

/// The seeds of many texts, each as one bit (Bloom, "Space/time trade-offs in hash coding with allowable errors", 1970).
///
/// Of a million items few stand in the texts of a run. The others need no index.
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
    /// For texts of so many letters together.
    pub fn for_letters(letters: usize) -> Self {
        let bits = (BITS_PER_LETTER * letters).max(64).next_power_of_two();
        Self {
            bits: (0..bits / 64).map(|_| AtomicU64::new(0)).collect(),
            shift: u64::BITS - bits.trailing_zeros(),
        }
    }

    /// Notes the seeds of a folded text, whichever thread does so.
    pub fn add(&self, text: &str) {
        let mut letters = Vec::new();
        letters_into(text, &mut letters);
        for_each_seed(&letters, &mut Vec::new(), |_, key| {
            let at = (key >> self.shift) as usize;
            self.bits[at / 64].fetch_or(1 << (at % 64), Ordering::Relaxed);
        });
    }

    /// Are enough seeds of a folded item among those that were noted for it to stand in one of the texts?
    pub fn may_hold(&self, item: &str) -> bool {
        let mut letters = Vec::new();
        letters_into(item, &mut letters);
        let (mut all, mut present) = (0_usize, 0_usize);
        for_each_seed(&letters, &mut Vec::new(), |_, key| {
            let at = (key >> self.shift) as usize;
            let is_noted = self.bits[at / 64].load(Ordering::Relaxed) >> (at % 64) & 1;
            all += 1;
            present += is_noted as usize;
        });
        present > 0 && present as f64 >= MIN_PRESENT * all as f64
    }
}
