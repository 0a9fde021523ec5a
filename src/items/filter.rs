//! Which items can be in one of the texts at all?

use crate::items::seeds::for_each_seed;
use crate::lsh::KeyFilter;
use crate::shingle::letters_into;

/// Bits for each letter of the texts. At most one in sixteen of the seeds that no text has is reported as present.
const BITS_PER_LETTER: usize = 16;

/// Minimum share of an item's seeds that must be in some text for the item to be indexed. Where one word in six is replaced, three
/// in five seeds are still present.
const MIN_PRESENT_SEEDS: f64 = 0.3;

/// The set of seeds of many texts, with one bit for each seed.
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
pub struct SeedFilter(KeyFilter);

impl SeedFilter {
    /// A filter for texts with this many letters in total.
    pub fn for_letters(letters: usize) -> Self {
        Self(KeyFilter::with_bits(BITS_PER_LETTER * letters))
    }

    /// Adds the seeds of a folded text, from any thread.
    pub fn add(&self, text: &str) {
        let mut letters = Vec::new();
        letters_into(text, &mut letters);
        for_each_seed(&letters, &mut Vec::new(), |_, key| self.0.add(key));
    }

    /// Do the texts that were added have enough seeds of a folded item for one of them to contain it?
    pub fn may_hold(&self, item: &str) -> bool {
        let mut letters = Vec::new();
        letters_into(item, &mut letters);
        let (mut all, mut present) = (0_usize, 0_usize);
        for_each_seed(&letters, &mut Vec::new(), |_, key| {
            all += 1;
            present += usize::from(self.0.has(key));
        });
        present > 0 && present as f64 >= MIN_PRESENT_SEEDS * all as f64
    }
}
