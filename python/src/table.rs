//! A table that is handed out: by Arrow to whoever has Arrow, as Python's own values to the others.

use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int64Type, UInt64Type};
use arrow_array::{Array, RecordBatch};
use arrow_schema::DataType;
use pyo3::IntoPyObjectExt;
use pyo3::exceptions::{PyKeyError, PyTypeError};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyCapsule, PyDict, PyIterator, PyList};

use crate::capsule::{of_batch, of_schema};

/// Named columns of one length. pyarrow, polars, pandas, DuckDB and others take it as it is, by the Arrow PyCapsule interface.
#[pyclass(frozen, module = "reprints")]
pub struct Table(pub RecordBatch);

#[pymethods]
impl Table {
    /// The names of the columns.
    #[getter]
    fn column_names(&self) -> Vec<String> {
        let schema = self.0.schema();
        let names = schema.fields().iter().map(|field| field.name().clone());
        names.collect()
    }

    /// One column, as a list.
    fn column<'py>(&self, py: Python<'py>, name: &str) -> PyResult<Bound<'py, PyList>> {
        let column = self.0.column_by_name(name).ok_or_else(|| {
            let names = self.column_names().join(", ");
            PyKeyError::new_err(format!("no column {name:?}; there are {names}"))
        })?;
        let values = (0..column.len()).map(|row| value(py, column, row));
        PyList::new(py, values.collect::<PyResult<Vec<_>>>()?)
    }

    /// The rows, each as a dict.
    fn to_pylist<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        let rows = PyList::empty(py);
        for row in 0..self.0.num_rows() {
            let dict = PyDict::new(py);
            for (field, column) in self.0.schema().fields().iter().zip(self.0.columns()) {
                dict.set_item(field.name(), value(py, column, row)?)?;
            }
            rows.append(dict)?;
        }
        Ok(rows)
    }

    /// The same as a `pyarrow.Table`; nothing is copied.
    fn to_pyarrow<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        let pyarrow = slf.py().import("pyarrow")?;
        pyarrow.call_method1("table", (slf,))
    }

    fn __len__(&self) -> usize {
        self.0.num_rows()
    }

    fn __iter__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyIterator>> {
        self.to_pylist(py)?.try_iter()
    }

    fn __repr__(&self) -> String {
        let (rows, names) = (self.0.num_rows(), self.column_names().join(", "));
        format!("<reprints.Table of {rows} rows: {names}>")
    }

    #[pyo3(signature = (requested_schema = None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        // The interface lets a producer give what it has.
        let _ = requested_schema;
        of_batch(py, &self.0)
    }

    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        of_schema(py, &self.0)
    }
}

/// A value as Python has it, of the types that stand in our tables.
fn value<'py>(py: Python<'py>, array: &dyn Array, row: usize) -> PyResult<Bound<'py, PyAny>> {
    if array.is_null(row) {
        return Ok(py.None().into_bound(py));
    }
    match array.data_type() {
        DataType::LargeUtf8 => array.as_string::<i64>().value(row).into_bound_py_any(py),
        DataType::Boolean => array.as_boolean().value(row).into_bound_py_any(py),
        DataType::UInt64 => {
            let numbers = array.as_primitive::<UInt64Type>();
            numbers.value(row).into_bound_py_any(py)
        }
        DataType::Int64 => {
            let numbers = array.as_primitive::<Int64Type>();
            numbers.value(row).into_bound_py_any(py)
        }
        DataType::Binary => {
            let bytes = array.as_binary::<i32>().value(row);
            Ok(PyBytes::new(py, bytes).into_any())
        }
        DataType::LargeList(_) => {
            let list = array.as_list::<i64>().value(row);
            let values = (0..list.len()).map(|at| value(py, &*list, at));
            Ok(PyList::new(py, values.collect::<PyResult<Vec<_>>>()?)?.into_any())
        }
        DataType::Float64 => {
            let numbers = array.as_primitive::<Float64Type>();
            numbers.value(row).into_bound_py_any(py)
        }
        other => Err(PyTypeError::new_err(format!("no value of {other}"))),
    }
}
