//! What is in a row of a column? A string where its buffers have it, never copied.

use std::fmt::{Debug, Display};

use arrow_array::builder::LargeStringBuilder;
use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, ArrowTemporalType, Date32Type, Date64Type, Int8Type, Int16Type, Int32Type,
    Int64Type, TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType,
    TimestampSecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{
    AnyDictionaryArray, Array, BinaryArray, LargeBinaryArray, LargeStringArray, PrimitiveArray,
    StringArray, StringViewArray,
};
use arrow_schema::{DataType, TimeUnit};

/// What may stand in a column.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Texts: strings only.
    Texts,
    /// Ids and sources: strings and whole numbers.
    Names,
    /// Dates: strings, whole numbers, dates and times.
    Dates,
}

/// Strings or nothing, one a row.
pub struct Column {
    chunks: Vec<Chunk>,
    /// The row behind the last one of each chunk.
    ends: Vec<usize>,
}

/// Why arrays are no column.
pub struct Unfit {
    pub position: Option<usize>,
    pub problem: String,
}

/// A part of a column, in the form that it came in.
enum Chunk {
    Short(StringArray),
    Large(LargeStringArray),
    View(StringViewArray),
    /// Rows that point at values.
    Dictionary {
        keys: Vec<Option<u32>>,
        values: Box<Chunk>,
    },
}

impl Column {
    /// The arrays one after the other. Cost: each text is checked to be UTF-8; none is copied.
    pub fn new<'a>(
        arrays: impl IntoIterator<Item = &'a dyn Array>,
        kind: Kind,
    ) -> Result<Self, Unfit> {
        let (mut chunks, mut ends, mut end) = (Vec::new(), Vec::new(), 0);
        for array in arrays.into_iter().filter(|array| !array.is_empty()) {
            let chunk = Chunk::new(array, kind).map_err(|unfit| Unfit {
                position: unfit.position.map(|position| end + position),
                ..unfit
            })?;
            end += array.len();
            chunks.push(chunk);
            ends.push(end);
        }
        Ok(Self { chunks, ends })
    }

    pub fn len(&self) -> usize {
        self.ends.last().copied().unwrap_or(0)
    }

    /// The string in a row; none where it is null, or there is no such row.
    pub fn get(&self, row: usize) -> Option<&str> {
        let chunk = self.ends.partition_point(|&end| end <= row);
        let start = chunk.checked_sub(1).map_or(0, |before| self.ends[before]);
        self.chunks.get(chunk)?.get(row - start)
    }
}

impl Chunk {
    fn new(array: &dyn Array, kind: Kind) -> Result<Self, Unfit> {
        match array.data_type() {
            DataType::Utf8 => Self::short(array.as_string().clone()),
            DataType::LargeUtf8 => Self::large(array.as_string().clone()),
            DataType::Utf8View => Self::view(array.as_string_view().clone()),
            DataType::Dictionary(..) => Self::dictionary(array, kind),
            // A column of nothing at all has no type.
            DataType::Null => Ok(Self::Large(LargeStringArray::new_null(array.len()))),
            other => written(array, kind)
                .map(Self::Large)
                .ok_or_else(|| unfit(other, kind)),
        }
    }

    fn short(array: StringArray) -> Result<Self, Unfit> {
        let (offsets, values, nulls) = array.clone().into_parts();
        check(BinaryArray::new(offsets, values, nulls).iter())?;
        Ok(Self::Short(array))
    }

    fn large(array: LargeStringArray) -> Result<Self, Unfit> {
        let (offsets, values, nulls) = array.clone().into_parts();
        check(LargeBinaryArray::new(offsets, values, nulls).iter())?;
        Ok(Self::Large(array))
    }

    fn view(array: StringViewArray) -> Result<Self, Unfit> {
        check(array.clone().to_binary_view().iter())?;
        Ok(Self::View(array))
    }

    fn dictionary(array: &dyn Array, kind: Kind) -> Result<Self, Unfit> {
        let dictionary = array.as_any_dictionary();
        // What is wrong in a value is wrong in no row of its own.
        let values = Self::new(dictionary.values(), kind).map_err(|unfit| Unfit {
            position: None,
            ..unfit
        })?;
        let keys = match dictionary.values().is_empty() {
            // Where there is no value, all rows are null, and Arrow has no number for a key.
            true => vec![None; array.len()],
            false => keys(dictionary),
        };
        Ok(Self::Dictionary {
            keys,
            values: Box::new(values),
        })
    }

    fn get(&self, row: usize) -> Option<&str> {
        match self {
            Self::Short(array) => array.is_valid(row).then(|| array.value(row)),
            Self::Large(array) => array.is_valid(row).then(|| array.value(row)),
            Self::View(array) => array.is_valid(row).then(|| array.value(row)),
            Self::Dictionary { keys, values } => {
                let key = keys.get(row).copied().flatten()?;
                values.get(key as usize)
            }
        }
    }
}

/// The value that each row points at.
fn keys(dictionary: &dyn AnyDictionaryArray) -> Vec<Option<u32>> {
    let keys = dictionary.normalized_keys().into_iter().enumerate();
    let keys = keys.map(|(row, key)| {
        let key = u32::try_from(key).ok();
        key.filter(|_| !dictionary.is_null(row))
    });
    keys.collect()
}

/// Arrow promises UTF-8; who breaks that must not break us.
fn check<'a>(values: impl Iterator<Item = Option<&'a [u8]>>) -> Result<(), Unfit> {
    let no_utf8 = |value: Option<&[u8]>| {
        value.is_some_and(|value| simdutf8::basic::from_utf8(value).is_err())
    };
    let mut rows = values.map(no_utf8);
    rows.position(|broken| broken).map_or(Ok(()), |position| {
        Err(Unfit {
            position: Some(position),
            problem: "is no UTF-8: decode it first".to_owned(),
        })
    })
}

fn unfit(data_type: &DataType, kind: Kind) -> Unfit {
    let problem = if let DataType::Struct(fields) = data_type {
        let names: Vec<&str> = fields.iter().map(|field| field.name().as_str()).collect();
        format!(
            "is a table of the columns {}: give one of them",
            names.join(", ")
        )
    } else {
        let wanted = match kind {
            Kind::Texts => "strings",
            Kind::Names => "strings or whole numbers",
            Kind::Dates => "strings, dates or times",
        };
        format!("is a column of {data_type}: give one of {wanted}")
    };
    Unfit {
        position: None,
        problem,
    }
}

/// Whole numbers and times as people write them, where the kind of the column has them.
fn written(array: &dyn Array, kind: Kind) -> Option<LargeStringArray> {
    let numbers = match array.data_type() {
        _ if kind == Kind::Texts => None,
        DataType::Int8 => numbers::<Int8Type>(array),
        DataType::Int16 => numbers::<Int16Type>(array),
        DataType::Int32 => numbers::<Int32Type>(array),
        DataType::Int64 => numbers::<Int64Type>(array),
        DataType::UInt8 => numbers::<UInt8Type>(array),
        DataType::UInt16 => numbers::<UInt16Type>(array),
        DataType::UInt32 => numbers::<UInt32Type>(array),
        DataType::UInt64 => numbers::<UInt64Type>(array),
        _ => None,
    };
    numbers.or_else(|| times(array).filter(|_| kind == Kind::Dates))
}

fn times(array: &dyn Array) -> Option<LargeStringArray> {
    // A zone only says how a time is shown: the numbers are in UTC.
    let zone = |zone: &Option<_>| if zone.is_some() { "Z" } else { "" };
    match array.data_type() {
        DataType::Date32 => days(array.as_primitive_opt::<Date32Type>()?),
        DataType::Date64 => days(array.as_primitive_opt::<Date64Type>()?),
        DataType::Timestamp(unit, tz) => match unit {
            TimeUnit::Second => moments::<TimestampSecondType>(array, zone(tz)),
            TimeUnit::Millisecond => moments::<TimestampMillisecondType>(array, zone(tz)),
            TimeUnit::Microsecond => moments::<TimestampMicrosecondType>(array, zone(tz)),
            TimeUnit::Nanosecond => moments::<TimestampNanosecondType>(array, zone(tz)),
        },
        _ => None,
    }
}

fn numbers<T: ArrowPrimitiveType<Native: Display>>(array: &dyn Array) -> Option<LargeStringArray> {
    let array = array.as_primitive_opt::<T>()?;
    let values = array
        .iter()
        .map(|value| value.map(|value| value.to_string()));
    Some(strings(values))
}

fn days<T: ArrowTemporalType>(array: &PrimitiveArray<T>) -> Option<LargeStringArray>
where
    i64: From<T::Native>,
{
    let rows = (0..array.len()).map(|row| {
        let day = array.is_valid(row).then(|| array.value_as_date(row));
        day.flatten().map(|day| iso(&day))
    });
    Some(strings(rows))
}

fn moments<T: ArrowTemporalType>(array: &dyn Array, zone: &str) -> Option<LargeStringArray>
where
    i64: From<T::Native>,
{
    let array = array.as_primitive_opt::<T>()?;
    let rows = (0..array.len()).map(|row| {
        let moment = array.is_valid(row).then(|| array.value_as_datetime(row));
        moment.flatten().map(|moment| iso(&moment) + zone)
    });
    Some(strings(rows))
}

/// ISO 8601: what `chrono` shows for debugging, while its other form has no `T`.
fn iso(time: &impl Debug) -> String {
    format!("{time:?}")
}

/// A column of strings that are made one by one.
pub fn strings(values: impl Iterator<Item = Option<String>>) -> LargeStringArray {
    let mut builder = LargeStringBuilder::new();
    for value in values {
        builder.append_option(value);
    }
    builder.finish()
}
