//! What was read last and may be asked for again?

use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

use lru::LruCache;

/// Values by key, up to a number of bytes; those that were not asked for longest go first.
pub(super) struct Cache<K: Hash + Eq, V> {
    held: Mutex<Held<K, V>>,
    most: usize,
}

struct Held<K: Hash + Eq, V> {
    values: LruCache<K, (Arc<V>, usize)>,
    bytes: usize,
}

impl<K: Hash + Eq, V> Cache<K, V> {
    /// One that holds so many bytes.
    pub(super) fn new(most: usize) -> Self {
        let held = Held {
            values: LruCache::unbounded(),
            bytes: 0,
        };
        Self {
            held: Mutex::new(held),
            most,
        }
    }

    /// The value of a key: as it is held, or else as it is made, with its size in bytes.
    pub(super) fn get<E>(
        &self,
        key: K,
        make: impl FnOnce() -> Result<(V, usize), E>,
    ) -> Result<Arc<V>, E> {
        let lock = || self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((value, _)) = lock().values.get(&key) {
            return Ok(Arc::clone(value));
        }
        // Made without the lock: two threads may make the same, which costs time only.
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

    /// Forgets everything.
    pub(super) fn clear(&self) {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.values.clear();
        held.bytes = 0;
    }
}
