//! Where folded texts are kept changes nothing of a report, and what was lost is folded again.

use std::borrow::Cow;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use reprint::signature::SimHashWidth;
use reprint::{Deduper, Documents, Split};

use crate::support::{self, without_times};

/// Documents that keep folded texts, well or badly.
struct Keeping {
    documents: Vec<(String, String)>,
    kept: Mutex<Vec<String>>,
    /// What comes back of a text that was kept.
    back: fn(&str) -> Option<String>,
    /// How often a text may be asked for before all texts are other ones.
    honest: usize,
    asked: AtomicUsize,
}

impl Keeping {
    fn of(documents: &[(String, String)], back: fn(&str) -> Option<String>) -> Self {
        Self {
            documents: documents.to_vec(),
            kept: Mutex::default(),
            back,
            honest: usize::MAX,
            asked: AtomicUsize::new(0),
        }
    }
}

impl Documents for Keeping {
    fn len(&self) -> usize {
        self.documents.len()
    }

    fn id(&self, position: usize) -> &str {
        &self.documents[position].0
    }

    fn text(&self, position: usize) -> Cow<'_, str> {
        let text = &self.documents[position].1;
        if self.asked.fetch_add(1, Ordering::Relaxed) < self.honest {
            return text.into();
        }
        text.chars().rev().skip(position % 7).collect()
    }

    fn spill(&self, folded: &str) -> Option<u64> {
        let mut kept = self.kept.lock().unwrap();
        kept.push(folded.to_owned());
        Some(kept.len() as u64 - 1)
    }

    fn spilled(&self, place: u64, bytes: usize) -> Option<String> {
        let folded = &self.kept.lock().unwrap()[place as usize];
        assert_eq!(folded.len(), bytes);
        (self.back)(folded)
    }
}

const BACK: [fn(&str) -> Option<String>; 4] = [
    |folded| Some(folded.to_owned()),
    |_| None,
    |folded| Some("x".repeat(folded.len())),
    |folded| folded.chars().next().map(String::from),
];

#[test]
fn a_report_is_the_same_wherever_folded_texts_are_kept_and_whatever_comes_back() {
    let documents = support::corpus(11, 300);
    let simhash = Deduper::builder().simhash(SimHashWidth::Bits128, 24);
    for builder in [
        Deduper::builder().threads(1),
        Deduper::builder().threads(2),
        simhash,
    ] {
        let deduper = builder.build().unwrap();
        let plain = without_times(deduper.run(&documents).unwrap());
        let split = without_times(deduper.run(&Split::new(&documents)).unwrap());
        assert!(!plain.clusters.is_empty());
        for back in BACK {
            let keeping = Keeping::of(&documents, back);
            assert_eq!(without_times(deduper.run(&keeping).unwrap()), plain);
            assert!(keeping.kept.lock().unwrap().len() >= documents.len());
            let parts = Split::new(&keeping);
            assert_eq!(without_times(deduper.run(&parts).unwrap()), split);
        }
    }
}

#[test]
fn documents_that_change_while_they_are_compared_make_no_run_panic() {
    let documents = support::corpus(12, 200);
    let deduper = Deduper::builder().threads(1).build().unwrap();
    for honest in [0, 100, 200, 201, 230, 300, 400] {
        for back in BACK {
            let keeping = Keeping {
                honest,
                ..Keeping::of(&documents, back)
            };
            deduper.run(&keeping).unwrap();
        }
    }
}
