//! The same documents and settings give the same result, whatever the number of threads and the order of the input.

use reprint::Deduper;
use reprint::report::{Report, records};

use crate::support::{Numbers, corpus};

/// The content of a report, except for positions in the input and times.
fn said(report: &Report) -> String {
    let clusters: Vec<_> = records::clusters(report).collect();
    let refused: Vec<_> = records::refused(report).collect();
    let mut removed = records::removed(report);
    removed.sort_by_key(|row| row.id);
    serde_json::to_string(&(clusters, refused, removed)).unwrap() + &format!("{:?}", report.counts)
}

#[test]
fn threads_and_order_change_nothing() {
    let mut documents = corpus(3, 500);
    let run = |threads, documents: &[(String, String)]| {
        let deduper = Deduper::builder()
            .threads(threads)
            .threshold(0.5)
            .build()
            .unwrap();
        said(&deduper.run(documents).unwrap())
    };
    let expected = run(1, &documents);
    assert!(expected.contains("reprint"));
    for threads in [1, 2, 8] {
        assert_eq!(run(threads, &documents), expected, "{threads} threads");
        Numbers(threads as u64).shuffle(&mut documents);
        assert_eq!(
            run(threads, &documents),
            expected,
            "{threads} threads, shuffled"
        );
    }
}
