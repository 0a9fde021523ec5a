//! What of the input is in a reference collection?

use std::io;

use arrow_array::RecordBatch;
use arrow_schema::ArrowError;
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use reprint::report::records::{AgainstRecord, against as record};
use reprint::report::{Against, AgainstPair, Progress};
use reprint::verify::Relation;
use reprint::{Deduper, Documents, Signed};

use crate::input::Input;
use crate::tables::{flags, shares, strings, table};
use crate::watch::watched;

/// What was found, once what is a copy of a reference document left the input.
pub struct Found {
    /// A row for each new document and each reference document that it is a copy of, contains or is within.
    pub table: RecordBatch,
    /// For each row of the input, why it goes.
    pub gone: Vec<Option<Gone>>,
    /// What signing found out about the documents of the input.
    pub signed: Signed,
}

/// What a document that goes is to a reference document.
#[derive(Clone, Copy)]
pub struct Gone {
    pub relation: Relation,
    pub jaccard: f64,
    pub similarity: f64,
}

/// Compares the input with the reference, and takes copies of reference documents out of the input.
pub fn compared(
    py: Python<'_>,
    deduper: &Deduper,
    input: &mut Input,
    reference: &Input,
    progress: Option<Bound<'_, PyAny>>,
) -> PyResult<Found> {
    let ask = |progress: &dyn Progress| deduper.against_and_sign(&*input, reference, progress);
    let (against, signed) = watched(py, progress, ask)?
        .map_err(|failed| side(input, reference, &failed).raised(py, &failed))?;
    let reasons = against.reasons(&Relation::COPIES);
    let mut gone = vec![None; input.rows()];
    for (position, reason) in reasons.iter().enumerate() {
        gone[input.row(position)] = reason.map(why);
    }
    let table = py.detach(|| rows(input, &against, &reasons));
    let table = table.map_err(|error| PyRuntimeError::new_err(error.to_string()))?;
    input.leave_out(|row| gone[row].is_some());
    Ok(Found {
        table,
        gone,
        signed,
    })
}

/// The collection that has an id twice; the new documents where it is another fault.
fn side<'s>(input: &'s Input, reference: &'s Input, failed: &reprint::Error) -> &'s Input {
    let is_of_input = |[first, second]: [usize; 2]| {
        first.max(second) < input.len() && input.id(first) == input.id(second)
    };
    match failed.duplicates() {
        Some(positions) if !is_of_input(positions) => reference,
        _ => input,
    }
}

fn why(pair: &AgainstPair) -> Gone {
    Gone {
        relation: pair.comparison.relation,
        jaccard: pair.comparison.jaccard(),
        similarity: pair.comparison.similarity(),
    }
}

/// `against.jsonl`, without the passages.
fn rows(
    input: &Input,
    against: &Against,
    reasons: &[Option<&AgainstPair>],
) -> Result<RecordBatch, ArrowError> {
    let records = against.pairs.iter().map(|pair| {
        let position = pair.document.position;
        let dropped = reasons.get(position).is_some_and(Option::is_some);
        Ok(record(pair, &input.text(position)?, dropped))
    });
    against_table(&records.collect::<io::Result<Vec<_>>>()?)
}

/// The table of these rows.
pub fn against_table(records: &[AgainstRecord<'_>]) -> Result<RecordBatch, ArrowError> {
    let rows = || records.iter();
    table([
        ("id", strings(rows().map(|of| Some(of.id)))),
        ("against", strings(rows().map(|of| Some(of.against)))),
        ("relation", strings(rows().map(|of| Some(of.relation)))),
        ("jaccard", shares(rows().map(|of| Some(of.jaccard)))),
        (
            "id_in_against",
            shares(rows().map(|of| Some(of.id_in_against))),
        ),
        (
            "against_in_id",
            shares(rows().map(|of| Some(of.against_in_id))),
        ),
        ("dropped", flags(rows().map(|of| Some(of.dropped)))),
    ])
}
