//! How is a run watched and stopped? It works in a thread of its own without Python, while the caller's thread looks in now and
//! then: it tells the caller's function how far the run is, and lets Python handle its signals (Ctrl-C).

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use reprint::report::{Progress, Stage};

/// Between two looks: soon enough for a person, and too rare to cost anything.
const TICK: Duration = Duration::from_millis(50);

/// As much stack as a main thread has.
const STACK: usize = 8 << 20;

/// How far each stage is, and whether the run is to end.
#[derive(Default)]
struct Watch {
    stages: [Steps; Stage::ALL.len()],
    stopped: AtomicBool,
    done: AtomicBool,
}

#[derive(Default)]
struct Steps {
    begun: AtomicBool,
    all: AtomicUsize,
    done: AtomicUsize,
}

impl Watch {
    fn steps(&self, stage: Stage) -> Option<&Steps> {
        let place = Stage::ALL.iter().position(|&known| known == stage)?;
        self.stages.get(place)
    }
}

impl Progress for Watch {
    fn begin(&self, stage: Stage, steps: usize) {
        if let Some(counts) = self.steps(stage) {
            counts.all.store(steps, Ordering::Relaxed);
            counts.begun.store(true, Ordering::Release);
        }
    }

    fn advance(&self, stage: Stage, by: usize) {
        if let Some(counts) = self.steps(stage) {
            counts.done.fetch_add(by, Ordering::Relaxed);
        }
    }

    fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::Relaxed)
    }
}

/// The caller's function, and what it was told last of each stage.
struct Listener<'py> {
    function: Option<Bound<'py, PyAny>>,
    told: [Option<(usize, usize)>; Stage::ALL.len()],
}

impl Listener<'_> {
    /// Tells of every stage that went on since.
    fn tell(&mut self, watch: &Watch) -> PyResult<()> {
        let Some(function) = &self.function else {
            return Ok(());
        };
        for ((stage, steps), told) in Stage::ALL.iter().zip(&watch.stages).zip(&mut self.told) {
            if !steps.begun.load(Ordering::Acquire) {
                continue;
            }
            let all = steps.all.load(Ordering::Relaxed);
            let now = (steps.done.load(Ordering::Relaxed).min(all), all);
            if *told != Some(now) {
                *told = Some(now);
                function.call1((stage.as_str(), now.0, now.1))?;
            }
        }
        Ok(())
    }
}

/// What `work` comes to, in a thread of its own. `function` is told how far it is; what it raises, or Python raises for a signal,
/// ends the work and is the error.
pub fn watched<R: Send>(
    py: Python<'_>,
    function: Option<Bound<'_, PyAny>>,
    work: impl FnOnce(&dyn Progress) -> R + Send,
) -> PyResult<R> {
    let watch = Watch::default();
    let mut listener = Listener {
        function,
        told: Default::default(),
    };
    let caller = thread::current();
    let mut raised = None;
    let worked = thread::scope(|scope| {
        let worker = || {
            let result = work(&watch);
            watch.done.store(true, Ordering::Release);
            caller.unpark();
            result
        };
        let worker = thread::Builder::new()
            .stack_size(STACK)
            .spawn_scoped(scope, worker)
            .map_err(|error| {
                PyRuntimeError::new_err(format!("no thread can be started: {error}"))
            })?;
        while !watch.done.load(Ordering::Acquire) && !worker.is_finished() {
            py.detach(|| thread::park_timeout(TICK));
            let heard = py.check_signals().and_then(|()| match raised {
                None => listener.tell(&watch),
                Some(_) => Ok(()),
            });
            if let Err(error) = heard {
                watch.stopped.store(true, Ordering::Relaxed);
                raised.get_or_insert(error);
            }
        }
        // A panic goes on as what pyo3 makes of it.
        Ok(py
            .detach(|| worker.join())
            .unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
    });
    match raised {
        Some(error) => Err(error),
        None => {
            listener.tell(&watch)?;
            worked
        }
    }
}
