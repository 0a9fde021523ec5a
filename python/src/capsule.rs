//! How do Arrow arrays cross to and from Python? By the Arrow PyCapsule interface: the one module with `unsafe` in it.
#![allow(unsafe_code)]

use std::ffi::CStr;
use std::sync::Arc;

use arrow_array::ffi::{FFI_ArrowArray, FFI_ArrowSchema, from_ffi, to_ffi};
use arrow_array::ffi_stream::{ArrayStreamReader, FFI_ArrowArrayStream};
use arrow_array::{Array, ArrayReader, ArrayRef, RecordBatch, RecordBatchIterator, make_array};
use arrow_schema::{ArrowError, DataType};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyTuple};

const STREAM: &CStr = c"arrow_array_stream";
const SCHEMA: &CStr = c"arrow_schema";
const ARRAY: &CStr = c"arrow_array";

/// Arrays of one type.
pub struct Chunks {
    pub data_type: DataType,
    pub arrays: Vec<ArrayRef>,
}

/// What `__arrow_c_stream__` returned.
pub fn from_stream(returned: &Bound<'_, PyAny>) -> PyResult<Chunks> {
    let capsule = returned.cast::<PyCapsule>()?;
    let pointer = capsule.pointer_checked(Some(STREAM))?;
    // SAFETY: a capsule of this name holds such a struct, which is moved out and marked as released.
    let stream = unsafe { FFI_ArrowArrayStream::from_raw(pointer.cast().as_ptr()) };
    let reader = ArrayStreamReader::try_new(stream).map_err(failed)?;
    let data_type = reader.field().data_type().clone();
    let arrays = reader.collect::<Result<_, _>>().map_err(failed)?;
    Ok(Chunks { data_type, arrays })
}

/// What `__arrow_c_array__` returned.
pub fn from_array(returned: &Bound<'_, PyAny>) -> PyResult<Chunks> {
    let capsules = returned.cast::<PyTuple>()?;
    let (schema, array) = (capsules.get_item(0)?, capsules.get_item(1)?);
    let schema = schema.cast::<PyCapsule>()?.pointer_checked(Some(SCHEMA))?;
    let array = array.cast::<PyCapsule>()?.pointer_checked(Some(ARRAY))?;
    // SAFETY: capsules of these names hold such structs. The array is moved out and marked as released, and the schema stays
    // alive with its capsule.
    let data = unsafe {
        let array = FFI_ArrowArray::from_raw(array.cast().as_ptr());
        from_ffi(array, schema.cast::<FFI_ArrowSchema>().as_ref())
    };
    let array = make_array(data.map_err(failed)?);
    Ok(Chunks {
        data_type: array.data_type().clone(),
        arrays: vec![array],
    })
}

/// What `__arrow_c_array__` returns.
pub fn of_array<'py>(
    py: Python<'py>,
    array: &dyn Array,
) -> PyResult<(Bound<'py, PyCapsule>, Bound<'py, PyCapsule>)> {
    let (array, schema) = to_ffi(&array.to_data()).map_err(failed)?;
    Ok((
        PyCapsule::new_with_value(py, schema, SCHEMA)?,
        PyCapsule::new_with_value(py, array, ARRAY)?,
    ))
}

/// What `__arrow_c_stream__` returns.
pub fn of_batch<'py>(py: Python<'py>, batch: &RecordBatch) -> PyResult<Bound<'py, PyCapsule>> {
    let schema = batch.schema();
    let batches = RecordBatchIterator::new([Ok(batch.clone())], schema);
    let stream = FFI_ArrowArrayStream::new(Box::new(batches));
    PyCapsule::new_with_value(py, stream, STREAM)
}

/// What `__arrow_c_schema__` returns.
pub fn of_schema<'py>(py: Python<'py>, batch: &RecordBatch) -> PyResult<Bound<'py, PyCapsule>> {
    let schema = FFI_ArrowSchema::try_from(Arc::unwrap_or_clone(batch.schema()));
    PyCapsule::new_with_value(py, schema.map_err(failed)?, SCHEMA)
}

fn failed(error: ArrowError) -> PyErr {
    PyValueError::new_err(format!("the Arrow data cannot be read: {error}"))
}
