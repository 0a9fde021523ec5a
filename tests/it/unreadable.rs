//! A document that cannot be read ends a run with its id, at whatever stage it is read. No result depends on unread data.

use std::borrow::Cow;
use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};

use reprint::strip::{StripOptions, strip};
use reprint::{Deduper, Documents, Metadata, Split};

use crate::support::{self, without_times};

/// Documents that cannot be read any more after a number of reads of texts and metadata.
pub struct Failing {
    documents: Vec<(String, String)>,
    readable: usize,
    read: AtomicUsize,
}

impl Failing {
    pub fn after(readable: usize, documents: &[(String, String)]) -> Self {
        Self {
            documents: documents.to_vec(),
            readable,
            read: AtomicUsize::new(0),
        }
    }

    fn ask(&self) -> io::Result<()> {
        match self.read.fetch_add(1, Ordering::Relaxed) < self.readable {
            true => Ok(()),
            false => Err(io::Error::other("the disk is gone")),
        }
    }
}

impl Documents for Failing {
    fn len(&self) -> usize {
        self.documents.len()
    }

    fn id(&self, position: usize) -> &str {
        &self.documents[position].0
    }

    fn text(&self, position: usize) -> io::Result<Cow<'_, str>> {
        self.ask()?;
        Ok(self.documents[position].1.as_str().into())
    }

    fn metadata(&self, _: usize) -> io::Result<Metadata> {
        self.ask()?;
        Ok(Metadata::default())
    }
}

/// Whether an error of the library says which document could not be read, and why.
pub fn is_told(error: &reprint::Error, documents: &[(String, String)]) -> bool {
    let message = error.to_string();
    let mut ids = documents.iter().map(|(id, _)| format!("{id:?}"));
    error.is_unreadable()
        && message.contains("the disk is gone")
        && ids.any(|id| message.contains(&id))
}

#[test]
fn a_run_that_can_not_read_a_document_is_an_error_or_did_not_need_it() {
    let documents = support::corpus(21, 40);
    let deduper = Deduper::builder().threads(1).build().unwrap();
    let whole = without_times(deduper.run(&documents).unwrap());
    assert!(!whole.clusters.is_empty());
    let mut refused = 0;
    loop {
        let failing = Failing::after(refused, &documents);
        match deduper.run(&failing) {
            Ok(report) => {
                assert_eq!(without_times(report), whole);
                break;
            }
            Err(error) => assert!(is_told(&error, &documents), "after {refused}: {error}"),
        }
        refused += 1;
    }
    // Each text is read once for its signature, and the texts of copies again.
    assert!(refused > documents.len(), "{refused}");
}

#[test]
fn the_other_front_doors_tell_it_as_well() {
    let documents = support::corpus(22, 20);
    let deduper = Deduper::builder().threads(1).build().unwrap();
    let failing = || Failing::after(3, &documents);
    let reference = [("r", "A text that nobody else has printed so far.")];
    let options = StripOptions::default();
    let errors = [
        deduper.against(&failing(), &reference).unwrap_err(),
        deduper.against(&reference, &failing()).unwrap_err(),
        deduper.evidence(&failing(), 0, 1).unwrap_err(),
        strip(&failing(), &[true; 20], &options).unwrap_err(),
        Split::new(&failing()).map(|_| ()).unwrap_err(),
    ];
    for error in errors {
        assert!(is_told(&error, &documents), "{error}");
    }
    let unread = Failing::after(0, &documents);
    let error = deduper.side_by_side(&unread, 0, 1).unwrap_err();
    assert!(is_told(&error, &documents), "{error}");
}
