//! Does the run stay within its memory limit? The size of its results cannot be predicted: if many documents are copies of
//! each other, their pairs take more memory than their texts.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::read::limits::Allowed;
use crate::run::failure::Failure;
use crate::store::memory::held;

/// Time between two checks.
const PAUSE: Duration = Duration::from_millis(50);

/// Time in which a run has ended after it was stopped, unless it does work that does not ask.
const PATIENCE: Duration = Duration::from_secs(5);

/// Watches the memory of a run until it is dropped.
pub struct Watch {
    allowed: Option<Allowed>,
    state: Arc<State>,
}

#[derive(Default)]
struct State {
    /// Whether the run is stopped, because it held more than is allowed. Its progress asks this.
    is_stopped: Arc<AtomicBool>,
    is_comparing: AtomicBool,
    is_dropped: AtomicBool,
}

impl Watch {
    /// Starts to watch a run, if its memory is limited. A run that holds too much is stopped. If it does not end then, `say` is
    /// called with the reason, and the program ends.
    pub fn start(allowed: Option<Allowed>, say: fn(&Failure)) -> Self {
        let state = Arc::new(State::default());
        if let Some(allowed) = allowed {
            let state = Arc::clone(&state);
            thread::spawn(move || state.watch(allowed, say));
        }
        Self { allowed, state }
    }

    /// Whether the run is stopped, for its progress.
    pub fn is_stopped(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.state.is_stopped)
    }

    /// From now on the documents are compared. Before, they are read.
    pub fn begin_comparing(&self) {
        self.state.is_comparing.store(true, Ordering::Relaxed);
    }

    /// The reason why a run failed: its memory, if it was stopped.
    pub fn reason(&self, failure: Failure) -> Failure {
        match self.allowed {
            Some(allowed) if failure.is_stopped() => self.state.failure(allowed),
            _ => failure,
        }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.state.is_dropped.store(true, Ordering::Relaxed);
    }
}

impl State {
    fn watch(&self, allowed: Allowed, say: fn(&Failure)) {
        let mut stopped = None;
        while let Some(held) = held()
            && !self.is_dropped.load(Ordering::Relaxed)
        {
            if held > allowed.bytes {
                self.is_stopped.store(true, Ordering::Relaxed);
                let stopped = stopped.get_or_insert_with(Instant::now).elapsed();
                if is_too_late(held, allowed, stopped) {
                    say(&self.failure(allowed));
                    std::process::exit(1);
                }
            }
            thread::sleep(PAUSE);
        }
    }

    fn failure(&self, allowed: Allowed) -> Failure {
        match self.is_comparing.load(Ordering::Relaxed) {
            true => Failure::MemoryOfComparing(allowed),
            false => Failure::MemoryOfReading(allowed),
        }
    }
}

/// Whether a run that was stopped some time ago must be ended, so that it does not take the memory of other programs. The
/// results of its completed stages remain on the disk, as when the program is killed.
fn is_too_late(held: u64, allowed: Allowed, stopped: Duration) -> bool {
    held > allowed.bytes.saturating_add(allowed.bytes / 2) || stopped > PATIENCE
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALLOWED: Allowed = Allowed {
        bytes: 1000,
        is_given: true,
    };

    #[test]
    fn a_run_that_was_stopped_has_some_time_and_some_memory_to_end() {
        assert!(!is_too_late(1400, ALLOWED, PATIENCE));
        assert!(is_too_late(1501, ALLOWED, Duration::ZERO));
        assert!(is_too_late(1001, ALLOWED, PATIENCE + PAUSE));
    }

    #[test]
    fn the_reason_of_a_stopped_run_is_its_memory() {
        let watch = Watch {
            allowed: Some(ALLOWED),
            state: Arc::default(),
        };
        let reason = |failure| watch.reason(failure);
        assert!(matches!(
            reason(Failure::Stopped),
            Failure::MemoryOfReading(ALLOWED)
        ));
        watch.begin_comparing();
        assert!(matches!(
            reason(Failure::Stopped),
            Failure::MemoryOfComparing(ALLOWED)
        ));
        assert!(matches!(reason(Failure::NoDocuments), Failure::NoDocuments));
    }

    #[test]
    fn a_watch_ends_with_its_run() {
        let watch = Watch::start(
            Some(Allowed {
                bytes: u64::MAX,
                is_given: false,
            }),
            |_| {},
        );
        let state = Arc::downgrade(&watch.state);
        drop(watch);
        let started = Instant::now();
        while state.strong_count() > 0 && started.elapsed() < 200 * PAUSE {
            thread::sleep(PAUSE);
        }
        assert_eq!(state.strong_count(), 0);
    }
}
