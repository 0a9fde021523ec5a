//! A run that continues an interrupted run gives the same report, wherever the other one was interrupted.

use std::cell::RefCell;
use std::collections::BTreeMap;

use reprint::report::{Progress, Stage};
use reprint::{Checkpoints, Deduper, Documents};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::support::{self, without_times};

#[derive(Default)]
struct InMemory(RefCell<BTreeMap<Stage, Vec<u8>>>);

impl Checkpoints for InMemory {
    fn load<H: DeserializeOwned, R: DeserializeOwned>(&self, stage: Stage) -> Option<(H, Vec<R>)> {
        let states = self.0.borrow();
        Some(serde_json::from_slice(states.get(&stage)?).expect("what was saved can be read"))
    }

    fn save<H: Serialize, R: Serialize>(&self, stage: Stage, head: &H, rows: &[R]) {
        let state = serde_json::to_vec(&(head, rows)).expect("a state can be saved");
        self.0.borrow_mut().insert(stage, state);
    }
}

/// The stages that did work.
#[derive(Default)]
struct Worked(std::sync::Mutex<Vec<Stage>>);

impl Progress for Worked {
    fn begin(&self, stage: Stage, _: usize) {
        self.0.lock().unwrap().push(stage);
    }
}

fn goes_on_behind_every_stage(deduper: &Deduper, documents: &dyn Documents) {
    let all = InMemory::default();
    let whole = deduper.run_with_checkpoints(documents, &(), &all).unwrap();
    let whole = without_times(whole);
    assert_eq!(whole, without_times(deduper.run(documents).unwrap()));
    for done in 0..=Stage::ALL.len() {
        let some = all.0.borrow().clone();
        let some = some
            .into_iter()
            .filter(|(stage, _)| Stage::ALL[..done].contains(stage));
        let (kept, worked) = (InMemory(RefCell::new(some.collect())), Worked::default());
        let again = deduper
            .run_with_checkpoints(documents, &worked, &kept)
            .unwrap();
        assert_eq!(whole, without_times(again), "cut off behind {done} stages");
        assert_eq!(worked.0.into_inner().unwrap(), Stage::ALL[done..]);
    }
}

#[test]
fn what_was_saved_of_another_run_is_an_error() {
    let documents = support::corpus(7, 60);
    let mut others = documents.clone();
    others[30].1.push_str(" another");
    let saved = InMemory::default();
    let deduper = Deduper::default();
    deduper
        .run_with_checkpoints(&documents, &(), &saved)
        .unwrap();
    let again = |deduper: &Deduper, documents: &[(String, String)], stages: &[Stage]| {
        let some = saved.0.borrow().clone();
        let some = some.into_iter().filter(|(stage, _)| stages.contains(stage));
        let some = InMemory(RefCell::new(some.collect()));
        deduper.run_with_checkpoints(documents, &(), &some)
    };
    assert!(again(&deduper, &documents, Stage::ALL).is_ok());
    let strict = Deduper::builder().threshold(0.8).build().unwrap();
    for &stage in Stage::ALL {
        assert!(
            again(&deduper, &documents[..50], &[stage])
                .unwrap_err()
                .is_corrupt()
        );
        assert!(
            again(&strict, &documents, &[stage])
                .unwrap_err()
                .is_corrupt()
        );
        // Before the texts are signed, they are not known.
        if stage != Stage::Sign {
            assert!(again(&deduper, &others, &[stage]).unwrap_err().is_corrupt());
        }
    }
}

#[test]
fn a_run_goes_on_behind_every_stage_and_reports_the_same() {
    let documents = support::corpus(7, 300);
    goes_on_behind_every_stage(&Deduper::default(), &documents);
    let policy = "container;shortest".parse().unwrap();
    let deduper = Deduper::builder().keep(policy).threads(1).build().unwrap();
    goes_on_behind_every_stage(&deduper, &documents);
}

/// Stops a run when a stage begins.
struct StopsIn(Stage, std::sync::atomic::AtomicBool);

impl Progress for StopsIn {
    fn begin(&self, stage: Stage, _: usize) {
        let here = stage == self.0;
        self.1.fetch_or(here, std::sync::atomic::Ordering::Relaxed);
    }

    fn is_stopped(&self) -> bool {
        self.1.load(std::sync::atomic::Ordering::Relaxed)
    }
}

#[test]
fn a_run_can_be_stopped_in_every_stage_and_goes_on_behind_those_that_were_done() {
    let documents = support::corpus(7, 300);
    let whole = without_times(Deduper::default().run(&documents).unwrap());
    for threads in [1, 4] {
        let deduper = Deduper::builder().threads(threads).build().unwrap();
        for (done, stage) in Stage::ALL.iter().copied().enumerate() {
            let (kept, stops) = (InMemory::default(), StopsIn(stage, false.into()));
            let stopped = deduper.run_with_checkpoints(&documents, &stops, &kept);
            assert!(stopped.is_err_and(|error| error.is_stopped()), "{stage}");
            assert!(kept.0.borrow().len() >= done, "{stage}");
            let again = deduper.run_with_checkpoints(&documents, &(), &kept);
            assert_eq!(whole, without_times(again.unwrap()), "{stage}");
        }
    }
}

#[test]
fn evidence_can_be_stopped() {
    let documents = support::corpus(7, 300);
    let stops = StopsIn(Stage::Verify, false.into());
    let stopped = Deduper::default().evidence_with_progress(&documents, 0, 1, &stops);
    assert!(stopped.unwrap_err().is_stopped());
}
