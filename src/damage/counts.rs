//! How often does a group of letters stand in a text, about? And how are maps of hashes hashed?

use std::hash::{BuildHasherDefault, Hasher};

use crate::damage::walk::hash;

/// For maps and sets of numbers that are hashes or letters: nobody chooses them so that they meet, and one step spreads them.
pub(super) type Hashed = BuildHasherDefault<Spread>;

#[derive(Default)]
pub(super) struct Spread(u64);

impl Hasher for Spread {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes
            .iter()
            .for_each(|&byte| self.0 = self.0 << 8 | u64::from(byte));
    }

    fn write_u32(&mut self, letter: u32) {
        self.write_u64(u64::from(letter));
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    }
}

/// How often each of some groups of letters was added, up to 255, by hashes; one in a few hundred that were not is taken for another.
pub(super) struct Counts {
    /// The hash of a group in the upper byte, and how often it was added in the lower; 0 where none is.
    slots: Vec<u16>,
}

impl Counts {
    /// Room for a group at each of so many letters and as many more, a quarter full.
    pub fn new(letters: usize) -> Self {
        Self {
            slots: vec![0; (4 * letters).next_power_of_two().max(64)],
        }
    }

    #[inline]
    pub fn add(&mut self, letters: &[u32]) {
        let (slot, found) = self.find(letters);
        if let Some(slot) = self.slots.get_mut(slot)
            && found & 0xFF < 0xFF
        {
            *slot = found + 1;
        }
    }

    pub fn get(&self, letters: &[u32]) -> u8 {
        (self.find(letters).1 & 0xFF) as u8
    }

    /// The slot of a group, and what stands there or would.
    #[inline]
    fn find(&self, letters: &[u32]) -> (usize, u16) {
        let hash = hash(letters);
        let upper = (hash >> 56) as u16 | 1;
        let mask = self.slots.len() - 1;
        let mut slot = hash as usize & mask;
        // There are more slots than groups, so one is empty.
        while self.slots[slot] != 0 && self.slots[slot] >> 8 != upper {
            slot = (slot + 1) & mask;
        }
        (slot, self.slots[slot] | upper << 8)
    }
}
