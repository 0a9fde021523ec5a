//! Does the run stay within the memory that it was given? What it finds can't be foreseen: where many documents are copies of
//! each other, their pairs take more than their texts.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use crate::run::failure::Failure;
use crate::store::memory::held;

/// Between two looks.
const PAUSE: Duration = Duration::from_millis(50);

/// Ends the program when it holds more than `memory` bytes, after `say` was given the reason: reading takes too much, or once the
/// program is `comparing`, what it found does. What the stages came to stays, as when the program is killed.
pub fn over(memory: u64, comparing: Arc<AtomicBool>, say: fn(&Failure)) {
    thread::spawn(move || {
        while let Some(held) = held() {
            if held > memory {
                let allowed = memory;
                say(&match comparing.load(Ordering::Relaxed) {
                    true => Failure::MemoryOfComparing { allowed },
                    false => Failure::MemoryOfReading { allowed },
                });
                std::process::exit(1);
            }
            thread::sleep(PAUSE);
        }
    });
}
