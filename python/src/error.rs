//! What is raised? Classes of `reprints._errors`, with the place as attributes.

use pyo3::IntoPyObjectExt;
use pyo3::prelude::*;

/// A value of a column that can't be used.
pub fn column(py: Python<'_>, column: &str, position: Option<usize>, problem: String) -> PyErr {
    let message = match position {
        Some(position) => format!("{column}[{position}] {problem}"),
        None => format!("{column} {problem}"),
    };
    raised(py, "ColumnError", (message, column, position))
}

/// A setting that can't be used; the message names it, its value and its limit.
pub fn setting(py: Python<'_>, message: String) -> PyErr {
    raised(py, "SettingError", (message,))
}

/// Two rows with one id.
pub fn duplicate(py: Python<'_>, id: &str, rows: [usize; 2]) -> PyErr {
    let [first, second] = rows;
    let message =
        format!("rows {first} and {second} both have the id {id:?}: give each document its own id");
    raised(py, "DuplicateIdError", (message, id, first, second))
}

/// A document that is not there.
pub fn unknown_id(py: Python<'_>, id: &str) -> PyErr {
    let message = format!("no document with a text has the id {id:?}");
    raised(py, "UnknownIdError", (message, id))
}

/// Whatever else the library says.
pub fn other(py: Python<'_>, error: &reprint::Error) -> PyErr {
    said(py, error.to_string())
}

/// What has no class of its own.
pub fn said(py: Python<'_>, message: String) -> PyErr {
    raised(py, "Error", (message,))
}

fn raised<'py, A>(py: Python<'py>, class: &str, arguments: A) -> PyErr
where
    A: IntoPyObjectExt<'py> + pyo3::call::PyCallArgs<'py>,
{
    let made = py
        .import("reprints._errors")
        .and_then(|errors| errors.getattr(class))
        .and_then(|class| class.call1(arguments));
    made.map_or_else(|error| error, PyErr::from_value)
}
