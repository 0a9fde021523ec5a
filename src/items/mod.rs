//! Which short texts are inside a long one, with light edits?
//!
//! An *item* is a short text: the question of a test, a paragraph, a notice. A text contains an item if it has most of the item in
//! one place. Words or characters may be replaced here and there, spaces may be lost, and parts may come in another order. Items and
//! texts are compared by their letters, without the spaces between words.
//!
//! Rare parts of an item count more than common ones. The more items share a part (the form of a question, the head of a licence),
//! the less it weighs, and so does a part that many texts have (a quotation, a formula). So a text with the same form but another
//! content does not contain the item, nor does a text with the quotation but without the question. A text that has the item with
//! most numbers replaced, and hardly anything else, has another item of the same form.
//!
//! Cost: one pass over the texts at about 10 ns a letter, more if the index of the items is larger than the cache. Memory: 64 bytes
//! for each letter of the items, 8 bytes for each seed that a text shares with them, and 16 bytes for each item that has such a seed,
//! however often the item repeats it. Method: seed and extend (Altschul et al., "Basic local alignment search tool", 1990), with the
//! rarest seed of each stretch instead of every seed.
//!
//! ```
//! use reprint::items::ItemCounts;
//! use reprint::normalize::Normalizer;
//!
//! let fold = |text: &str| Normalizer::new().fold(text);
//! let items = ["How many crates does the old ferry carry across the bay on a calm Monday in June?"];
//! let counts = ItemCounts::new(&items.map(fold));
//! let text = fold("The harbour was quiet. How many boxes does the old ferry carry across the BAY on a calm Monday in June? Nobody knew.");
//! let seeds = counts.count(&text);
//! let index = counts.build();
//! let found = index.find(&text, &seeds);
//! assert_eq!(found[0].item, 0);
//! assert!(found[0].share > 0.8 && found[0].share < 1.0);
//! ```

mod counts;
mod extend;
mod filter;
mod index;
mod numbers;
mod seeds;
#[cfg(test)]
mod tests;

pub(crate) use counts::SeedBuffers;
pub use counts::{ItemCounts, TextSeeds};
pub use filter::SeedFilter;
pub use index::{FoundItem, ItemIndex, ItemPassage, letter_bytes};
pub(crate) use index::{ItemSums, MIN_TEXT_WEIGHT};
pub use seeds::{SPACED_SEED, UNSPACED_SEED};

/// Minimum [weight](crate::shingle::UnitKind::weight) of an item: ten words or twenty characters. Texts contain shorter ones by
/// chance.
pub const MIN_ITEM_WEIGHT: usize = 20;

/// Maximum weight of an item: a page. Longer texts are found by their passages.
pub const MAX_ITEM_WEIGHT: usize = 2000;

/// Minimum share of an item that a text must have to contain it, both in letters and by weight. Where one word in six is replaced, a
/// share of 0.83 is left on average, and 0.7 or more of twenty words in 96 of 100 cases (binomial).
pub const MIN_ITEM_SHARE: f64 = 0.7;
