//! Does a short text stand inside a long one, with light edits?
//!
//! An *item* is a short text: the question of a test, a paragraph, a notice. An item is inside a text where most of it stands
//! there in one place. Words or characters may be replaced here and there, spaces may be lost, and its parts may come in another
//! order. Items and texts are compared by their letters, without the spaces between words.
//!
//! A template is no item. What an item has in common with many other items (the form of a question, the head of a licence) counts
//! less than what it has alone, and what many texts have of it (a quotation, a formula) counts less than what one text has. So a
//! text that has the template with another content, or the quotation without the question, does not have the item. Weights are
//! relative: they do not depend on how many items or texts there are. And a text with other numbers in the places of most numbers
//! of an item, and hardly any other change, is another item of one form.
//!
//! Cost: one pass over the texts of about 10 ns a letter, more where the index of the items outgrows the cache; memory of 64 bytes
//! for a letter of the items, and 8 for each seed that a text has in common with them. Source of the method: seed and extend (Altschul et al., "Basic local alignment search tool", 1990),
//! with the rarest seeds of each stretch instead of random ones.
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

pub use counts::{ItemCounts, TextSeeds};
pub use filter::SeedFilter;
pub use index::{FoundItem, ItemIndex, ItemPassage, letter_bytes};
pub(crate) use index::{ItemSums, MIN_TEXT_WEIGHT};
pub use seeds::{SPACED_SEED, UNSPACED_SEED};

/// Weight of the shortest item that is looked for ([`UnitKind::weight`](crate::shingle::UnitKind::weight)): ten words or twenty
/// characters. Shorter lines stand in texts by chance.
pub const MIN_ITEM_WEIGHT: usize = 20;

/// Weight of the longest one: a page. Longer texts have enough passages of their own to be found by.
pub const MAX_ITEM_WEIGHT: usize = 2000;

/// Share of an item that a text must have for the item to be inside, by its letters and by what those weigh. Where one word in six
/// is replaced, 0.83 of the letters are left; of twenty words, 0.7 or more in 96 of 100 cases (a binomial count).
pub const MIN_ITEM_SHARE: f64 = 0.7;
