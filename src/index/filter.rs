//! Is it certain that a key is not in a run?
//!
//! This is a Bloom filter in pages, so that only the pages that are needed are read (Bloom, "Space/time trade-offs in hash coding with
//! allowable errors", 1970). It has eight bits per key, and sets four bits for each key. Of the keys that are not in it, about 2.4 % pass.

use crate::signature::mix;

/// Bytes of a page.
const PAGE_BYTES: usize = 4 << 10;

/// Number of bits of the filter per key.
const BITS: u64 = 8;

/// Number of bits that are set for a key.
const SET: u32 = 4;

/// The page of a key, if the filter has `pages` pages.
pub(super) fn page_of(key: u64, pages: usize) -> Option<usize> {
    let hash = mix(key ^ SALT);
    // The high half of the product is spread evenly over the pages.
    (pages > 0).then(|| ((u128::from(hash) * pages as u128) >> u64::BITS) as usize)
}

/// Keeps pages and bits independent of the hashes from which keys are made, and of each other.
const SALT: u64 = 0x5265_7072_696E_7431;

fn bits(key: u64, bytes: usize) -> impl Iterator<Item = usize> {
    let hash = mix(mix(key ^ SALT));
    // Numbers of 32 bits, because dividing 64 bits takes three times as long, and this is done for every key that is looked up.
    let all = bytes.max(1) as u32 * 8;
    (0..SET).map(move |i| (u32::from((hash >> (16 * i)) as u16) % all) as usize)
}

/// May a page have this key?
pub(super) fn may_have(page: &[u8], key: u64) -> bool {
    bits(key, page.len()).all(|bit| {
        page.get(bit / 8)
            .is_some_and(|byte| byte >> (bit % 8) & 1 == 1)
    })
}

/// Makes the filter of a run from its keys.
pub(super) struct FilterBuilder {
    bytes: Vec<u8>,
    last: Option<u64>,
}

impl FilterBuilder {
    /// A filter for at most `most` keys.
    pub(super) fn for_keys(most: u64) -> Self {
        let pages = (most * BITS / 8).div_ceil(PAGE_BYTES as u64).max(1) as usize;
        Self {
            bytes: vec![0; pages * PAGE_BYTES],
            last: None,
        }
    }

    pub(super) fn add(&mut self, key: u64) {
        if self.last.replace(key) == Some(key) {
            return;
        }
        let pages = self.bytes.len() / PAGE_BYTES;
        let Some(page) = page_of(key, pages) else {
            return;
        };
        let page = &mut self.bytes[page * PAGE_BYTES..][..PAGE_BYTES];
        for bit in bits(key, PAGE_BYTES) {
            page[bit / 8] |= 1 << (bit % 8);
        }
    }

    pub(super) fn pages(&self) -> impl Iterator<Item = &[u8]> {
        self.bytes.chunks(PAGE_BYTES)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_that_are_there_pass_and_few_others() {
        let mut filter = FilterBuilder::for_keys(20_000);
        (0..20_000).for_each(|key| filter.add(key));
        let pages: Vec<&[u8]> = filter.pages().collect();
        let passes = |key: u64| may_have(pages[page_of(key, pages.len()).unwrap()], key);
        assert!((0..20_000).all(passes));
        // By the arithmetic of Bloom filters, (1 - e^(-4 / 8))^4 = 2.4 %.
        let others = (20_000..120_000).filter(|&key| passes(key)).count();
        assert!((2_000..3_000).contains(&others), "{others}");
    }
}
