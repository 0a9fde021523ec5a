//! Which values were read last and may be needed again?

use std::hash::{BuildHasherDefault, Hash, Hasher};
use std::sync::{Arc, Mutex, PoisonError};

use lru::LruCache;

use crate::signature::mix;

/// Hashes a number. Keys are places and numbers that the index assigns, so nobody outside can choose keys that collide.
#[derive(Default)]
struct NumberHasher(u64);

impl Hasher for NumberHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|&byte| self.write_u64(byte.into()));
    }

    fn write_u32(&mut self, number: u32) {
        self.write_u64(number.into());
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = mix(self.0 ^ number);
    }

    fn write_usize(&mut self, number: usize) {
        self.write_u64(number as u64);
    }
}

/// Values by key, up to a number of bytes. The values that were not used for the longest time are removed first.
pub(super) struct Cache<K: Hash + Eq, V> {
    held: Mutex<Held<K, V>>,
    most: usize,
}

struct Held<K: Hash + Eq, V> {
    values: LruCache<K, (Arc<V>, usize), BuildHasherDefault<NumberHasher>>,
    bytes: usize,
}

impl<K: Hash + Eq, V> Cache<K, V> {
    /// A cache that holds up to `most` bytes.
    pub(super) fn new(most: usize) -> Self {
        let held = Held {
            values: LruCache::unbounded_with_hasher(BuildHasherDefault::default()),
            bytes: 0,
        };
        Self {
            held: Mutex::new(held),
            most,
        }
    }

    /// The value of a key. If none is held, `make` makes it and returns its size in bytes.
    pub(super) fn get<E>(
        &self,
        key: K,
        make: impl FnOnce() -> Result<(V, usize), E>,
    ) -> Result<Arc<V>, E> {
        let lock = || self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((value, _)) = lock().values.get(&key) {
            return Ok(Arc::clone(value));
        }
        // The lock is not held here: two threads may make the same value, which only costs time.
        let (value, bytes) = make()?;
        let value = Arc::new(value);
        let mut held = lock();
        held.bytes += bytes;
        if let Some((_, before)) = held.values.put(key, (Arc::clone(&value), bytes)) {
            held.bytes -= before;
        }
        while held.bytes > self.most {
            let Some((_, (_, bytes))) = held.values.pop_lru() else {
                break;
            };
            held.bytes -= bytes;
        }
        Ok(value)
    }

    /// Removes all values.
    pub(super) fn clear(&self) {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.values.clear();
        held.bytes = 0;
    }
}
