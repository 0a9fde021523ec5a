//! Does the run stay within its memory limit? The size of its results cannot be predicted: if many documents are copies of
//! each other, their pairs take more memory than their texts.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use crate::read::limits::Allowed;
use crate::run::failure::Failure;
use crate::store::memory::held;

/// Time between two checks.
const PAUSE: Duration = Duration::from_millis(50);

/// Ends the program when it holds more than is allowed, after passing the reason to `say`: reading takes too much, or,
/// once the program is `comparing`, comparing does. Results of completed stages remain on the disk, as when the program is
/// killed.
pub fn over(allowed: Allowed, comparing: Arc<AtomicBool>, say: fn(&Failure)) {
    thread::spawn(move || {
        while let Some(held) = held() {
            if held > allowed.bytes {
                say(&match comparing.load(Ordering::Relaxed) {
                    true => Failure::MemoryOfComparing(allowed),
                    false => Failure::MemoryOfReading(allowed),
                });
                std::process::exit(1);
            }
            thread::sleep(PAUSE);
        }
    });
}
