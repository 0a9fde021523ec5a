//! About how often does a group of letters occur in a text? And how do maps hash keys that are hashes?

use std::hash::{BuildHasherDefault, Hasher};

use crate::damage::walk::hash;

/// Hasher for maps and sets of numbers that are hashes or letters. Nobody chooses such keys in order to make them collide, so one
/// multiplication spreads them well enough.
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

/// Counts how often each group of letters was added, up to 255. Groups are known by a hash: one in a few hundred groups that were
/// never added is taken for another group.
pub(super) struct Counts {
    /// Part of the group's hash in the upper byte, the count in the lower byte; 0 if the slot is empty.
    slots: Vec<u16>,
}

impl Counts {
    /// Makes room for one group at each of `letters` letters, which fills at most a quarter of the slots, and for as many again.
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

    /// The slot of a group, and the value of the slot (for a new group, with count 0).
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
