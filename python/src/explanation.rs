//! What two documents are to each other, as the program has it in JSON.

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};
use reprint::report::Evidence;
use reprint::report::records::{PassageRecord, rounded};
use reprint::verify::{Difference, Ground, Objection};
use reprint::{Documents, Span};

use crate::input::Input;

/// The evidence as a dict.
pub fn explanation<'py>(
    py: Python<'py>,
    input: &Input,
    evidence: &Evidence,
) -> PyResult<Bound<'py, PyDict>> {
    let Evidence {
        a, b, comparison, ..
    } = evidence;
    let (left, right) = (input.text(a.position)?, input.text(b.position)?);
    let texts = [&*left, &*right];
    let figures = &comparison.figures;
    let dict = PyDict::new(py);
    dict.set_item("a", &a.id)?;
    dict.set_item("b", &b.id)?;
    dict.set_item("relation", comparison.relation.as_str())?;
    dict.set_item("ground", figures.ground.map(Ground::as_str))?;
    dict.set_item("objection", figures.objection.map(Objection::as_str))?;
    dict.set_item("jaccard", rounded(comparison.jaccard()))?;
    dict.set_item("similarity", rounded(comparison.similarity()))?;
    dict.set_item("a_in_b", rounded(comparison.left_in_right()))?;
    dict.set_item("b_in_a", rounded(comparison.right_in_left()))?;
    dict.set_item("passages", passages(py, texts, evidence)?)?;
    dict.set_item("differences", differences(py, texts, evidence)?)?;
    Ok(dict)
}

fn passages<'py>(
    py: Python<'py>,
    texts: [&str; 2],
    evidence: &Evidence,
) -> PyResult<Bound<'py, PyList>> {
    let list = PyList::empty(py);
    for passage in &evidence.passages {
        let record = PassageRecord::of(passage, texts[0]);
        let dict = PyDict::new(py);
        dict.set_item("a", (record.a[0], record.a[1]))?;
        dict.set_item("b", (record.b[0], record.b[1]))?;
        dict.set_item("chars", record.chars)?;
        dict.set_item("text", record.text)?;
        list.append(dict)?;
    }
    Ok(list)
}

fn differences<'py>(
    py: Python<'py>,
    texts: [&str; 2],
    evidence: &Evidence,
) -> PyResult<Bound<'py, PyList>> {
    let list = PyList::empty(py);
    let ends = |span: &Span| (span.characters.start, span.characters.end);
    for Difference { kind, left, right } in &evidence.differences {
        let dict = PyDict::new(py);
        dict.set_item("kind", kind.as_str())?;
        dict.set_item("a", ends(left))?;
        dict.set_item("b", ends(right))?;
        dict.set_item("a_text", left.of(texts[0]))?;
        dict.set_item("b_text", right.of(texts[1]))?;
        list.append(dict)?;
    }
    Ok(list)
}
