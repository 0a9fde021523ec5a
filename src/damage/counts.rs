//! How often does a group of letters stand in a text, about?

use crate::damage::walk::hash;

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
