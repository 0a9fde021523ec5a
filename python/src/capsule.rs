//! How do Arrow arrays cross to and from Python? By the Arrow PyCapsule interface: the one module with `unsafe` in it.
#![allow(unsafe_code)]

use std::ffi::CStr;
use std::sync::Arc;

use arrow_array::ffi::{FFI_ArrowArray, FFI_ArrowSchema, from_ffi_and_data_type, to_ffi};
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

/// What `__arrow_c_stream__` returned; nothing where its type is not known here. It is read without the interpreter's lock, which
/// other threads of the producer may wait for.
pub fn from_stream(returned: &Bound<'_, PyAny>) -> PyResult<Option<Chunks>> {
    let capsule = returned.cast::<PyCapsule>()?;
    let pointer = capsule.pointer_checked(Some(STREAM))?;
    // SAFETY: a capsule of this name holds such a struct, which is moved out and marked as released.
    let stream = unsafe { FFI_ArrowArrayStream::from_raw(pointer.cast().as_ptr()) };
    returned.py().detach(|| read(stream)).map_err(failed)
}

fn read(mut stream: FFI_ArrowArrayStream) -> Result<Option<Chunks>, ArrowError> {
    if !has_known_type(&mut stream) {
        return Ok(None);
    }
    let reader = ArrayStreamReader::try_new(stream)?;
    let data_type = reader.field().data_type().clone();
    let arrays = reader.collect::<Result<_, _>>()?;
    Ok(Some(Chunks { data_type, arrays }))
}

/// Is the type of a stream known here? A stream that can't tell its type counts as known: its reader says what is wrong.
fn has_known_type(stream: &mut FFI_ArrowArrayStream) -> bool {
    let (Some(get_schema), Some(_)) = (stream.get_schema(), stream.release()) else {
        return true;
    };
    let mut schema = FFI_ArrowSchema::empty();
    // SAFETY: the function is that of this stream, which is not released.
    let code = unsafe { get_schema(&raw mut *stream, &raw mut schema) };
    code != 0 || DataType::try_from(&schema).is_ok()
}

/// What `__arrow_c_array__` returned; nothing where its type is not known here.
pub fn from_array(returned: &Bound<'_, PyAny>) -> PyResult<Option<Chunks>> {
    let capsules = returned.cast::<PyTuple>()?;
    let (schema, array) = (capsules.get_item(0)?, capsules.get_item(1)?);
    let schema = schema.cast::<PyCapsule>()?.pointer_checked(Some(SCHEMA))?;
    let array = array.cast::<PyCapsule>()?.pointer_checked(Some(ARRAY))?;
    // SAFETY: a capsule of this name holds such a struct, which stays alive with its capsule.
    let schema = unsafe { schema.cast::<FFI_ArrowSchema>().as_ref() };
    let Ok(data_type) = DataType::try_from(schema) else {
        return Ok(None);
    };
    // SAFETY: a capsule of this name holds such a struct, which is moved out and marked as released.
    let data = unsafe {
        let array = FFI_ArrowArray::from_raw(array.cast().as_ptr());
        from_ffi_and_data_type(array, data_type.clone())
    };
    let arrays = vec![make_array(data.map_err(failed)?)];
    Ok(Some(Chunks { data_type, arrays }))
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
    PyValueError::new_err(error.to_string())
}
