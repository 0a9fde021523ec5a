//! How does what was given become a column? Through Arrow where that is offered, else value by value.

use arrow_array::builder::LargeStringBuilder;
use arrow_array::{Array, LargeStringArray};
use pyo3::exceptions::{PyImportError, PyTypeError, PyUnicodeEncodeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyFloat, PyInt, PyString};

use crate::capsule::{Chunks, from_array, from_stream};
use crate::column::{Column, Kind};
use crate::error;

/// The column that was given under this name.
pub fn column(name: &str, given: &Bound<'_, PyAny>, kind: Kind) -> PyResult<Column> {
    let py = given.py();
    if given.is_instance_of::<PyString>() {
        let problem = "is one string: give a list or a column of them".to_owned();
        return Err(error::column(py, name, None, problem));
    }
    let given = &py
        .import("reprints._columns")?
        .call_method1("with_arrow", (given,))?;
    let unfit =
        |unfit: crate::column::Unfit| error::column(py, name, unfit.position, unfit.problem);
    match arrow(name, given)? {
        Some(Chunks { data_type, arrays }) if arrays.is_empty() => {
            let empty = arrow_array::new_empty_array(&data_type);
            Column::new([&*empty as &dyn Array], kind).map_err(unfit)
        }
        Some(Chunks { arrays, .. }) => {
            let arrays: Vec<&dyn Array> = arrays.iter().map(|array| &**array).collect();
            // Checking texts takes a while, and needs no Python.
            py.detach(|| Column::new(arrays, kind)).map_err(unfit)
        }
        None => {
            let values = one_by_one(name, given, kind)?;
            Column::new([&values as &dyn Array], kind).map_err(unfit)
        }
    }
}

/// What it gives by the Arrow PyCapsule interface; nothing where it does not have it, or can't give this column. A stream that breaks
/// off is an error: whoever went on with the values would have a part of the rows.
pub fn arrow(name: &str, given: &Bound<'_, PyAny>) -> PyResult<Option<Chunks>> {
    let is_stream = given.hasattr("__arrow_c_stream__")?;
    let method = if is_stream {
        "__arrow_c_stream__"
    } else if given.hasattr("__arrow_c_array__")? {
        "__arrow_c_array__"
    } else {
        return Ok(None);
    };
    let returned = match given.call_method0(method) {
        Ok(returned) => returned,
        Err(error) if has_values_instead(given, &error) => return Ok(None),
        Err(error) => return Err(error),
    };
    let read = match is_stream {
        true => from_stream(&returned),
        false => from_array(&returned),
    };
    read.map_err(|failed| unreadable(given.py(), name, failed))
}

/// Do the values of this column tell more than the error? pandas needs pyarrow to give Arrow data, and columns of all kinds of objects
/// have no type.
fn has_values_instead(given: &Bound<'_, PyAny>, error: &PyErr) -> bool {
    let py = given.py();
    let is_refusal = error.is_instance_of::<PyImportError>(py)
        || error.is_instance_of::<PyTypeError>(py)
        || error.is_instance_of::<PyValueError>(py);
    is_refusal && given.try_iter().is_ok()
}

fn unreadable(py: Python<'_>, name: &str, failed: PyErr) -> PyErr {
    let reason = failed.value(py).to_string();
    let problem = format!("can't be read from Arrow: {reason}; mend its source, or give a list");
    let raised = error::column(py, name, None, problem);
    raised.set_cause(py, Some(failed));
    raised
}

fn one_by_one(name: &str, given: &Bound<'_, PyAny>, kind: Kind) -> PyResult<LargeStringArray> {
    let py = given.py();
    let values = given.try_iter().map_err(|_| {
        let problem = format!("is {}: give a list or a column", named(given));
        error::column(py, name, None, problem)
    })?;
    let mut builder = LargeStringBuilder::new();
    for (position, value) in values.enumerate() {
        let value = value?;
        if let Ok(value) = value.cast::<PyString>() {
            let text = value
                .to_str()
                .map_err(|failed| no_unicode(py, name, position, failed))?;
            builder.append_value(text);
        } else if is_missing(&value) {
            builder.append_null();
        } else if let Some(value) = written(&value, kind)? {
            builder.append_value(value);
        } else {
            let wanted = match kind {
                Kind::Texts => "str",
                Kind::Names => "str, int",
                Kind::Dates => "str, int, a date",
            };
            let problem = format!("is {}: give {wanted} or None", named(&value));
            return Err(error::column(py, name, Some(position), problem));
        }
    }
    Ok(builder.finish())
}

/// None, and what pandas puts in its place: NaN, NaT and NA.
fn is_missing(value: &Bound<'_, PyAny>) -> bool {
    let number = value.cast::<PyFloat>();
    let by_name = || {
        let name = value.get_type().name();
        name.is_ok_and(|name| name == "NAType" || name == "NaTType")
    };
    value.is_none() || number.is_ok_and(|number| number.value().is_nan()) || by_name()
}

/// Whole numbers and dates as people write them, where the kind of the column has them.
fn written(value: &Bound<'_, PyAny>, kind: Kind) -> PyResult<Option<String>> {
    if kind == Kind::Texts || value.is_instance_of::<PyBool>() {
        return Ok(None);
    }
    if value.is_instance_of::<PyInt>() {
        return value.str()?.extract().map(Some);
    }
    if kind == Kind::Dates && value.hasattr("isoformat")? {
        return value.call_method0("isoformat")?.extract().map(Some);
    }
    Ok(None)
}

fn no_unicode(py: Python<'_>, name: &str, position: usize, failed: PyErr) -> PyErr {
    if !failed.is_instance_of::<PyUnicodeEncodeError>(py) {
        return failed;
    }
    let problem = "holds a lone surrogate, which is no character: decode it again".to_owned();
    error::column(py, name, Some(position), problem)
}

/// The type of a value, as errors tell it.
pub fn named(value: &Bound<'_, PyAny>) -> String {
    let name = value.get_type().name();
    let name = name.map_or_else(|_| "another thing".to_owned(), |name| name.to_string());
    format!("of type {name}")
}
