//! The place where texts are kept changes nothing in a report, and documents that change during a run cause no panic.

use std::borrow::Cow;
use std::io;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};

use reprint::report::Report;
use reprint::signature::SimHashWidth;
use reprint::{Deduper, DeduperBuilder, Document, Documents, Metadata, Split};

use crate::support::{self, without_times};

/// Documents whose texts all change at some time.
struct Changing {
    documents: Vec<(String, String)>,
    /// Number of reads of texts before all texts change.
    honest: usize,
    asked: AtomicUsize,
}

impl Documents for Changing {
    fn len(&self) -> usize {
        self.documents.len()
    }

    fn id(&self, position: usize) -> &str {
        &self.documents[position].0
    }

    fn text(&self, position: usize) -> io::Result<Cow<'_, str>> {
        let text = &self.documents[position].1;
        if self.asked.fetch_add(1, Ordering::Relaxed) < self.honest {
            return Ok(text.into());
        }
        Ok(text.chars().rev().skip(position % 7).collect())
    }
}

fn folder() -> PathBuf {
    std::env::temp_dir()
}

/// The reports with all texts in memory, with half of them on disk, and with all of them on disk.
fn reports<D: Documents + ?Sized>(builder: &DeduperBuilder, documents: &D) -> [Report; 3] {
    let deduper = builder.clone().build().unwrap();
    let within = |bytes| deduper.clone().with_memory(bytes, folder());
    let half = documents.len() * 120 + documents.len() * 1500;
    let all = [deduper.clone(), within(half), within(0)];
    all.map(|deduper| without_times(deduper.run(documents).unwrap()))
}

#[test]
fn a_report_is_the_same_in_memory_and_on_disk() {
    let documents = support::corpus(11, 300);
    let builders = [
        Deduper::builder().threads(1),
        Deduper::builder().threads(2),
        Deduper::builder().simhash(SimHashWidth::Bits128, 24),
        Deduper::builder().relations(false),
    ];
    for builder in builders {
        let [held, half, spilled] = reports(&builder, &documents);
        assert!(!held.clusters.is_empty());
        assert_eq!(half, held);
        assert_eq!(spilled, held);
        let [held, half, spilled] = reports(&builder, &Split::new(&documents).unwrap());
        assert_eq!([&half, &spilled], [&held; 2]);
    }
}

#[test]
fn documents_of_two_values_are_kept_apart_on_disk_as_in_memory() {
    let documents = support::corpus(13, 200);
    let documents = documents.iter().enumerate().map(|(i, (id, text))| {
        let other = vec![("lang".to_owned(), ["en", "de"][i % 2].to_owned())];
        Document::new(id, text).with_metadata(Metadata {
            other,
            ..Metadata::default()
        })
    });
    let documents: Vec<Document> = documents.collect();
    let [held, half, spilled] = reports(&Deduper::builder().apart("lang"), &documents);
    assert!(!held.clusters.is_empty());
    assert_eq!([&half, &spilled], [&held; 2]);
}

#[test]
fn what_is_found_in_a_reference_is_the_same_in_memory_and_on_disk() {
    let all = support::corpus(14, 300);
    let (new, reference) = all.split_at(150);
    let held = Deduper::default().against(new, reference).unwrap();
    let spilled = Deduper::default().with_memory(0, folder());
    let spilled = spilled.against(new, reference).unwrap();
    assert!(!held.pairs.is_empty());
    assert_eq!(spilled.pairs, held.pairs);
}

#[test]
fn a_folder_that_can_not_be_written_is_an_error() {
    let documents = support::corpus(15, 20);
    let deduper = Deduper::default().with_memory(0, "no/such/folder");
    let error = deduper.run(&documents).unwrap_err();
    assert!(
        error.is_table() && error.to_string().contains("no/such/folder"),
        "{error}"
    );
}

#[test]
fn documents_that_change_while_they_are_compared_make_no_run_panic() {
    let documents = support::corpus(12, 200);
    let deduper = Deduper::builder().threads(1).build().unwrap();
    for honest in [0, 100, 200, 201, 230, 300, 400] {
        for deduper in [deduper.clone(), deduper.clone().with_memory(0, folder())] {
            let changing = Changing {
                documents: documents.clone(),
                honest,
                asked: AtomicUsize::new(0),
            };
            // Whether a change is noticed depends on what is still to be read.
            let report = deduper.run(&changing);
            assert!(report.is_ok() || report.is_err_and(|error| error.is_unreadable()));
        }
    }
}
