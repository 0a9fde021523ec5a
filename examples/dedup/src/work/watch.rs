//! Does the run stay within the memory that it was given? What it finds can't be foreseen: where many documents are copies of
//! each other, their pairs take more than their texts.

use std::thread;
use std::time::Duration;

use crate::failure::Failure;
use crate::terminal::screen::{Label, warn};

/// Between two looks.
const PAUSE: Duration = Duration::from_millis(50);

/// Ends the program when it holds more than `memory`, where the system tells (Linux). What its stages came to stays, as when it
/// is killed.
pub fn over(memory: u64) {
    thread::spawn(move || {
        while let Some(held) = held() {
            if held > memory {
                let failure = Failure::Memory(memory);
                warn(Label::Error, &failure);
                std::process::exit(1);
            }
            thread::sleep(PAUSE);
        }
    });
}

/// The memory that this process holds.
fn held() -> Option<u64> {
    status("VmRSS:")
}

/// The most that it has held.
pub fn peak() -> Option<u64> {
    status("VmHWM:")
}

fn status(field: &str) -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with(field))?;
    let kib: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kib * 1024)
}
