//! What is in a column of whole numbers, of bytes, or in a table of our own that comes back?

use arrow_array::cast::AsArray;
use arrow_array::types::{
    Float16Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type,
    UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef, ArrowPrimitiveType, StructArray};
use arrow_schema::DataType;
use pyo3::prelude::*;

use crate::error;
use crate::given::{arrow, named};

/// Whole numbers or nothing, one a row.
pub struct Numbers(Vec<Option<i64>>);

impl Numbers {
    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn get(&self, row: usize) -> Option<i64> {
        self.0.get(row).copied().flatten()
    }

    /// All of them as keys: of a number under 0, its bits.
    pub fn all(&self, py: Python<'_>, name: &str) -> PyResult<Vec<u64>> {
        let missing = |row| error::column(py, name, Some(row), "is missing".to_owned());
        let keys = self.0.iter().enumerate();
        let keys = keys.map(|(row, key)| key.map(|key| key as u64).ok_or_else(|| missing(row)));
        keys.collect()
    }
}

/// The whole numbers of the column that was given under this name.
pub fn numbers(name: &str, given: &Bound<'_, PyAny>) -> PyResult<Numbers> {
    let py = given.py();
    let Some(chunks) = arrow(name, given)? else {
        return one_by_one(name, given, "whole numbers of 64 bits").map(Numbers);
    };
    let mut numbers = Vec::new();
    for array in &chunks.arrays {
        numbers.extend(read_numbers(array).ok_or_else(|| {
            let problem = format!("is a column of {}: give whole numbers", array.data_type());
            error::column(py, name, None, problem)
        })?);
    }
    Ok(Numbers(numbers))
}

/// The column of booleans that was given under this name.
pub fn flags(name: &str, given: &Bound<'_, PyAny>) -> PyResult<Vec<bool>> {
    let py = given.py();
    let read = match arrow(name, given)? {
        None => one_by_one(name, given, "booleans")?,
        Some(chunks) => {
            let mut flags = Vec::new();
            for array in &chunks.arrays {
                let array = array.as_boolean_opt().ok_or_else(|| {
                    let problem = format!("is a column of {}: give booleans", array.data_type());
                    error::column(py, name, None, problem)
                })?;
                flags.extend(array.iter());
            }
            flags
        }
    };
    let missing = |row| error::column(py, name, Some(row), "is missing".to_owned());
    let flags = read.into_iter().enumerate();
    flags
        .map(|(row, flag)| flag.ok_or_else(|| missing(row)))
        .collect()
}

fn one_by_one<'py, T: for<'a> FromPyObject<'a, 'py>>(
    name: &str,
    given: &Bound<'py, PyAny>,
    wanted: &str,
) -> PyResult<Vec<Option<T>>> {
    let py = given.py();
    let values = given.try_iter().map_err(|_| {
        let problem = format!("is {}: give a list or a column", named(given));
        error::column(py, name, None, problem)
    })?;
    let values = values.enumerate().map(|(row, value)| {
        let value = value?;
        value.extract::<Option<T>>().map_err(|_| {
            let problem = format!("is {}: give {wanted}", named(&value));
            error::column(py, name, Some(row), problem)
        })
    });
    values.collect()
}

fn read_numbers(array: &ArrayRef) -> Option<Vec<Option<i64>>> {
    match array.data_type() {
        DataType::Int8 => primitives::<Int8Type>(array, i64::from),
        DataType::Int16 => primitives::<Int16Type>(array, i64::from),
        DataType::Int32 => primitives::<Int32Type>(array, i64::from),
        DataType::Int64 => primitives::<Int64Type>(array, |number| number),
        DataType::UInt8 => primitives::<UInt8Type>(array, i64::from),
        DataType::UInt16 => primitives::<UInt16Type>(array, i64::from),
        DataType::UInt32 => primitives::<UInt32Type>(array, i64::from),
        // Keys: their bits are what counts.
        DataType::UInt64 => primitives::<UInt64Type>(array, |number| number as i64),
        DataType::Null => Some(vec![None; array.len()]),
        _ => None,
    }
}

fn primitives<T: ArrowPrimitiveType>(
    array: &ArrayRef,
    number: impl Fn(T::Native) -> i64,
) -> Option<Vec<Option<i64>>> {
    let array = array.as_primitive_opt::<T>()?;
    Some(array.iter().map(|value| value.map(&number)).collect())
}

/// All whole numbers up to this one are doubles.
const MAX_EXACT: f64 = (1_u64 << 53) as f64;

/// Whole numbers of any type: pandas has doubles where one of them is missing. `None` where one is not whole.
fn whole_numbers(array: &ArrayRef) -> Option<Vec<Option<i64>>> {
    let whole = |number: Option<f64>| match number {
        Some(number) if number.fract() != 0.0 || number.abs() > MAX_EXACT => None,
        number => Some(number.map(|number| number as i64)),
    };
    read_numbers(array).or_else(|| floats(array)?.into_iter().map(whole).collect())
}

/// Numbers of any type.
fn shares(array: &ArrayRef) -> Option<Vec<Option<f64>>> {
    floats(array).or_else(|| {
        let numbers = read_numbers(array)?.into_iter();
        Some(
            numbers
                .map(|number| number.map(|number| number as f64))
                .collect(),
        )
    })
}

/// Booleans, or numbers in their place: some engines have no booleans.
fn truths(array: &ArrayRef) -> Option<Vec<Option<bool>>> {
    let truths = array.as_boolean_opt().map(|truths| truths.iter().collect());
    truths.or_else(|| {
        let numbers = whole_numbers(array)?.into_iter();
        Some(
            numbers
                .map(|number| number.map(|number| number != 0))
                .collect(),
        )
    })
}

fn floats(array: &ArrayRef) -> Option<Vec<Option<f64>>> {
    match array.data_type() {
        DataType::Float16 => doubles::<Float16Type>(array),
        DataType::Float32 => doubles::<Float32Type>(array),
        DataType::Float64 => doubles::<Float64Type>(array),
        _ => None,
    }
}

/// Not a number is what pandas has in the place of a missing one.
fn doubles<T: ArrowPrimitiveType>(array: &ArrayRef) -> Option<Vec<Option<f64>>>
where
    f64: From<T::Native>,
{
    let numbers = array.as_primitive_opt::<T>()?.iter();
    let numbers = numbers.map(|number| number.map(f64::from).filter(|number| !number.is_nan()));
    Some(numbers.collect())
}

/// The rows of a column of bytes.
pub struct Bytes {
    rows: Vec<Vec<u8>>,
}

impl Bytes {
    pub fn rows(&self) -> impl Iterator<Item = &[u8]> {
        self.rows.iter().map(Vec::as_slice)
    }
}

/// The bytes of the column that was given under this name, none of them missing.
pub fn bytes(name: &str, given: &Bound<'_, PyAny>) -> PyResult<Bytes> {
    let py = given.py();
    let rows = match arrow(name, given)? {
        None => one_by_one(name, given, "bytes")?,
        Some(chunks) => {
            let mut rows = Vec::new();
            for array in &chunks.arrays {
                rows.extend(read_bytes(array).ok_or_else(|| {
                    let problem = format!("is a column of {}: give bytes", array.data_type());
                    error::column(py, name, None, problem)
                })?);
            }
            rows
        }
    };
    let missing = |row| error::column(py, name, Some(row), "is missing".to_owned());
    let rows = rows.into_iter().enumerate();
    let rows = rows.map(|(row, bytes)| bytes.ok_or_else(|| missing(row)));
    Ok(Bytes {
        rows: rows.collect::<PyResult<_>>()?,
    })
}

fn read_bytes(array: &ArrayRef) -> Option<Vec<Option<Vec<u8>>>> {
    let owned = |bytes: Option<&[u8]>| bytes.map(<[u8]>::to_vec);
    Some(match array.data_type() {
        DataType::Binary => array.as_binary::<i32>().iter().map(owned).collect(),
        DataType::LargeBinary => array.as_binary::<i64>().iter().map(owned).collect(),
        DataType::BinaryView => array.as_binary_view().iter().map(owned).collect(),
        DataType::FixedSizeBinary(_) => array.as_fixed_size_binary().iter().map(owned).collect(),
        DataType::Null => vec![None; array.len()],
        _ => return None,
    })
}

/// The parts of a table that comes back to us, perhaps by way of an engine that has other types.
pub struct Returned<'n> {
    name: &'n str,
    parts: Vec<StructArray>,
}

impl<'n> Returned<'n> {
    pub fn new(name: &'n str, given: &Bound<'_, PyAny>) -> PyResult<Self> {
        let unfit = || error::column(given.py(), name, None, "is no table".to_owned());
        let chunks = arrow(name, given)?.ok_or_else(unfit)?;
        let parts = chunks
            .arrays
            .iter()
            .map(|array| array.as_struct_opt().cloned());
        let parts: Option<Vec<StructArray>> = parts.collect();
        Ok(Self {
            name,
            parts: parts.ok_or_else(unfit)?,
        })
    }

    /// The whole numbers of a column.
    pub fn numbers(&self, py: Python<'_>, column: &str) -> PyResult<Vec<Option<i64>>> {
        self.cast(py, column, "Int64", whole_numbers)
    }

    /// The shares of a column.
    pub fn shares(&self, py: Python<'_>, column: &str) -> PyResult<Vec<Option<f64>>> {
        self.cast(py, column, "Float64", shares)
    }

    /// The truths of a column.
    pub fn flags(&self, py: Python<'_>, column: &str) -> PyResult<Vec<Option<bool>>> {
        self.cast(py, column, "Boolean", truths)
    }

    fn cast<T>(
        &self,
        py: Python<'_>,
        column: &str,
        wanted: &str,
        read: impl Fn(&ArrayRef) -> Option<Vec<Option<T>>>,
    ) -> PyResult<Vec<Option<T>>> {
        let unfit = |problem: String| error::column(py, self.name, None, problem);
        let mut values = Vec::new();
        for part in &self.parts {
            let array = part.column_by_name(column).ok_or_else(|| {
                let names = part.column_names().join(", ");
                unfit(format!(
                    "has no column {column}, but {names}: give it whole"
                ))
            })?;
            let of_part = read(array).ok_or_else(|| {
                let found = array.data_type();
                unfit(format!(
                    "has the column {column} of {found}: give one of {wanted}"
                ))
            })?;
            let rows = of_part.into_iter().enumerate();
            values.extend(rows.map(|(row, value)| value.filter(|_| part.is_valid(row))));
        }
        Ok(values)
    }
}
