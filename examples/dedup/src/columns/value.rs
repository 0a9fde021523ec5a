//! How is a value of a Parquet column written as JSON? Numbers stay numbers, times become ISO 8601, and bytes that are not text become base64.

use std::io::Write;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use parquet::basic::{ConvertedType, LogicalType, TimeUnit, Type as Physical};
use parquet::schema::types::Type;

/// The meaning of a value's bytes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Meaning {
    Text,
    Bytes,
    Bool,
    Signed,
    Unsigned,
    Single,
    Double,
    Half,
    /// A decimal number with this number of digits after the point.
    Decimal(usize, Order),
    Days,
    /// Time since midnight; the number is the length of the unit in nanoseconds.
    Time(i64),
    /// Time since 1970 in UTC or in local time; the number is the length of the unit in nanoseconds.
    Instant(i64, Zone),
    /// A Julian day and nanoseconds within the day.
    Julian,
    Uuid,
}

/// Byte order of a whole number: which byte comes first?
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Order {
    Lowest,
    Highest,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Zone {
    Utc,
    Local,
}

/// Maximum number of bytes of a decimal number, and maximum number of digits after its point.
const BYTES: usize = 64;
const DIGITS: i32 = 1000;

impl Meaning {
    pub fn from_column(column: &Type) -> Self {
        let logical = column.get_basic_info().logical_type_ref();
        logical
            .and_then(|logical| Self::of_logical(logical, column))
            .or_else(|| Self::of_converted(column))
            .unwrap_or_else(|| Self::of_physical(column.get_physical_type()))
    }

    fn of_logical(logical: &LogicalType, column: &Type) -> Option<Self> {
        let integer = matches!(
            column.get_physical_type(),
            Physical::INT32 | Physical::INT64
        );
        let bytes = column.get_physical_type() == Physical::BYTE_ARRAY;
        let fixed = column.get_physical_type() == Physical::FIXED_LEN_BYTE_ARRAY;
        match logical {
            LogicalType::String | LogicalType::Enum | LogicalType::Json if bytes => {
                Some(Self::Text)
            }
            LogicalType::Decimal(decimal) => Self::decimal(decimal.scale, column),
            LogicalType::Date if integer => Some(Self::Days),
            LogicalType::Time(time) if integer => Some(Self::Time(nanoseconds(&time.unit))),
            LogicalType::Timestamp(time) if integer => {
                let zone = if time.is_adjusted_to_u_t_c {
                    Zone::Utc
                } else {
                    Zone::Local
                };
                Some(Self::Instant(nanoseconds(&time.unit), zone))
            }
            LogicalType::Integer(number) if integer && !number.is_signed => Some(Self::Unsigned),
            LogicalType::Uuid if fixed => Some(Self::Uuid),
            LogicalType::Float16 if fixed => Some(Self::Half),
            _ => None,
        }
    }

    /// The meaning in columns of older files.
    fn of_converted(column: &Type) -> Option<Self> {
        let integer = matches!(
            column.get_physical_type(),
            Physical::INT32 | Physical::INT64
        );
        let bytes = column.get_physical_type() == Physical::BYTE_ARRAY;
        match column.get_basic_info().converted_type() {
            ConvertedType::UTF8 | ConvertedType::ENUM | ConvertedType::JSON if bytes => {
                Some(Self::Text)
            }
            ConvertedType::DECIMAL => Self::decimal(column.get_scale(), column),
            ConvertedType::DATE if integer => Some(Self::Days),
            ConvertedType::TIME_MILLIS if integer => Some(Self::Time(1_000_000)),
            ConvertedType::TIME_MICROS if integer => Some(Self::Time(1_000)),
            ConvertedType::TIMESTAMP_MILLIS if integer => Some(Self::Instant(1_000_000, Zone::Utc)),
            ConvertedType::TIMESTAMP_MICROS if integer => Some(Self::Instant(1_000, Zone::Utc)),
            ConvertedType::UINT_8
            | ConvertedType::UINT_16
            | ConvertedType::UINT_32
            | ConvertedType::UINT_64
                if integer =>
            {
                Some(Self::Unsigned)
            }
            _ => None,
        }
    }

    fn of_physical(physical: Physical) -> Self {
        match physical {
            Physical::BOOLEAN => Self::Bool,
            Physical::INT32 | Physical::INT64 => Self::Signed,
            Physical::INT96 => Self::Julian,
            Physical::FLOAT => Self::Single,
            Physical::DOUBLE => Self::Double,
            Physical::BYTE_ARRAY | Physical::FIXED_LEN_BYTE_ARRAY => Self::Bytes,
        }
    }

    fn decimal(scale: i32, column: &Type) -> Option<Self> {
        let order = match column.get_physical_type() {
            Physical::INT32 | Physical::INT64 => Order::Lowest,
            Physical::BYTE_ARRAY | Physical::FIXED_LEN_BYTE_ARRAY => Order::Highest,
            _ => return None,
        };
        let scale = Some(scale).filter(|scale| (0..=DIGITS).contains(scale))?;
        Some(Self::Decimal(scale as usize, order))
    }

    /// Appends a value as JSON. Fails if a text is not UTF-8.
    pub fn write(self, bytes: &[u8], out: &mut Vec<u8>) -> Result<(), String> {
        match self {
            Self::Text => match simdutf8::basic::from_utf8(bytes) {
                Ok(text) => string(text, out),
                Err(_) => return Err("is not UTF-8; convert it to UTF-8 first".into()),
            },
            Self::Bytes => match simdutf8::basic::from_utf8(bytes) {
                Ok(text) => string(text, out),
                Err(_) => string(&base64(bytes), out),
            },
            Self::Bool => show(bytes.first().is_some_and(|&byte| byte != 0), out),
            Self::Signed => show(signed(bytes), out),
            Self::Unsigned => show(unsigned(bytes), out),
            Self::Single => number(bytes.first_chunk().copied().map(f32::from_le_bytes), out),
            Self::Double => number(bytes.first_chunk().copied().map(f64::from_le_bytes), out),
            Self::Half => number(bytes.first_chunk().copied().map(half), out),
            Self::Decimal(scale, order) => match decimal(bytes, scale, order) {
                Some(number) => out.extend_from_slice(number.as_bytes()),
                None => string(&base64(bytes), out),
            },
            Self::Days => or_number(day(signed(bytes)), bytes, out),
            Self::Time(unit) => or_number(clock(signed(bytes), unit), bytes, out),
            Self::Instant(unit, zone) => or_number(instant(signed(bytes), unit, zone), bytes, out),
            Self::Julian => or_number(julian(bytes), bytes, out),
            Self::Uuid => string(&uuid(bytes), out),
        }
        Ok(())
    }
}

fn nanoseconds(unit: &TimeUnit) -> i64 {
    match unit {
        TimeUnit::MILLIS => 1_000_000,
        TimeUnit::MICROS => 1_000,
        TimeUnit::NANOS => 1,
    }
}

fn show(value: impl std::fmt::Display, out: &mut Vec<u8>) {
    // Writing to memory can't fail.
    let _ = write!(out, "{value}");
}

pub fn string(text: &str, out: &mut Vec<u8>) {
    let _ = serde_json::to_writer(out, text);
}

/// JSON has no number for infinity or NaN: they become `null`.
fn number(value: Option<impl serde::Serialize>, out: &mut Vec<u8>) {
    let _ = serde_json::to_writer(out, &value);
}

fn or_number(time: Option<String>, bytes: &[u8], out: &mut Vec<u8>) {
    match time {
        Some(time) => string(&time, out),
        None => show(signed(bytes), out),
    }
}

/// A signed number of four or eight bytes, lowest byte first.
fn signed(bytes: &[u8]) -> i64 {
    let long = bytes.first_chunk().copied().map(i64::from_le_bytes);
    let short = || bytes.first_chunk().copied().map(i32::from_le_bytes);
    long.or_else(|| short().map(i64::from)).unwrap_or(0)
}

fn unsigned(bytes: &[u8]) -> u64 {
    let long = bytes.first_chunk().copied().map(u64::from_le_bytes);
    let short = || bytes.first_chunk().copied().map(u32::from_le_bytes);
    long.or_else(|| short().map(u64::from)).unwrap_or(0)
}

/// A 16-bit number of IEEE 754: one bit of sign, five of exponent, ten of fraction.
fn half(bytes: [u8; 2]) -> f32 {
    let bits = u16::from_le_bytes(bytes);
    let fraction = f32::from(bits & 0x3FF) / 1024.0;
    let size = match i32::from(bits >> 10 & 0x1F) {
        0 => fraction * 2_f32.powi(-14),
        31 if fraction == 0.0 => f32::INFINITY,
        31 => f32::NAN,
        exponent => (1.0 + fraction) * 2_f32.powi(exponent - 15),
    };
    if bits >> 15 == 1 { -size } else { size }
}

/// The digits of a whole number with the decimal point among them; `None` if the number is too long.
fn decimal(bytes: &[u8], scale: usize, order: Order) -> Option<String> {
    let digits = match order {
        Order::Lowest => signed(bytes).to_string(),
        Order::Highest => digits(bytes)?,
    };
    Some(with_point(&digits, scale))
}

/// The decimal digits of a number in two's complement, highest byte first; `None` if it is longer than [`BYTES`].
fn digits(bytes: &[u8]) -> Option<String> {
    let negative = bytes.first().is_some_and(|&byte| byte >= 0x80);
    if bytes.len() > BYTES {
        return None;
    }
    let mut size = if negative {
        negated(bytes)
    } else {
        bytes.to_vec()
    };
    let mut digits = Vec::new();
    while size.iter().any(|&byte| byte > 0) {
        digits.push(char::from(b'0' + divide_by_ten(&mut size)));
    }
    if digits.is_empty() {
        digits.push('0');
    }
    digits.extend(negative.then_some('-'));
    Some(digits.into_iter().rev().collect())
}

fn negated(bytes: &[u8]) -> Vec<u8> {
    let mut carry = true;
    let mut negated: Vec<u8> = bytes
        .iter()
        .rev()
        .map(|&byte| {
            let (sum, over) = (!byte).overflowing_add(u8::from(carry));
            carry = over;
            sum
        })
        .collect();
    negated.reverse();
    negated
}

/// Divides the number in place, and returns the remainder.
fn divide_by_ten(number: &mut [u8]) -> u8 {
    number.iter_mut().fold(0, |rest, byte| {
        let part = u16::from(rest) << 8 | u16::from(*byte);
        *byte = (part / 10) as u8;
        (part % 10) as u8
    })
}

fn with_point(digits: &str, scale: usize) -> String {
    let (sign, digits) = digits
        .strip_prefix('-')
        .map_or(("", digits), |rest| ("-", rest));
    if scale == 0 {
        return format!("{sign}{digits}");
    }
    let digits = format!("{digits:0>width$}", width = scale + 1);
    let (whole, fraction) = digits.split_at(digits.len() - scale);
    format!("{sign}{whole}.{fraction}")
}

fn day(days: i64) -> Option<String> {
    let day = Date::constant(1970, 1, 1)
        .checked_add(jiff::Span::new().try_days(days).ok()?)
        .ok()?;
    Some(day.to_string())
}

fn clock(units: i64, unit: i64) -> Option<String> {
    let midnight = Date::constant(1970, 1, 1).to_datetime(jiff::civil::Time::midnight());
    let since = SignedDuration::from_nanos(units.checked_mul(unit)?);
    let time = midnight.checked_add(since).ok()?;
    (time.date() == midnight.date()).then(|| time.time().to_string())
}

fn instant(units: i64, unit: i64, zone: Zone) -> Option<String> {
    let nanoseconds = i128::from(units) * i128::from(unit);
    let time = Timestamp::from_nanosecond(nanoseconds).ok()?;
    Some(match zone {
        Zone::Utc => time.to_string(),
        Zone::Local => time.to_zoned(TimeZone::UTC).datetime().to_string(),
    })
}

/// A time of twelve bytes: eight bytes of nanoseconds, and four bytes with the number of the day, counted from noon of 1 January 4713 BC.
fn julian(bytes: &[u8]) -> Option<String> {
    let nanoseconds = i64::from_le_bytes(*bytes.first_chunk()?);
    let day = i32::from_le_bytes(*bytes.get(8..)?.first_chunk()?);
    let days = i128::from(day) - 2_440_588;
    let since = days * 86_400_000_000_000 + i128::from(nanoseconds);
    Some(Timestamp::from_nanosecond(since).ok()?.to_string())
}

fn uuid(bytes: &[u8]) -> String {
    let mut text = String::new();
    for (at, byte) in bytes.iter().enumerate() {
        if [4, 6, 8, 10].contains(&at) {
            text.push('-');
        }
        text += &format!("{byte:02x}");
    }
    text
}

fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for three in bytes.chunks(3) {
        let bits = three
            .iter()
            .fold(0, |bits, &byte| bits << 8 | u32::from(byte));
        let bits = bits << (8 * (3 - three.len()));
        for letter in 0..4 {
            let filled = letter <= three.len();
            let six = (bits >> (18 - 6 * letter) & 0x3F) as usize;
            text.push(if filled {
                char::from(LETTERS[six])
            } else {
                '='
            });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(meaning: Meaning, bytes: &[u8]) -> String {
        let mut out = Vec::new();
        meaning.write(bytes, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn base64_has_the_values_of_its_standard() {
        // RFC 4648, section 10.
        let standard = [
            "", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy",
        ];
        for (length, text) in standard.iter().enumerate() {
            assert_eq!(base64(&b"foobar"[..length]), *text);
        }
    }

    #[test]
    fn times_are_iso_8601() {
        let millisecond = Meaning::Instant(1_000_000, Zone::Utc);
        let time = 1_700_000_000_123_i64.to_le_bytes();
        assert_eq!(json(millisecond, &time), "\"2023-11-14T22:13:20.123Z\"");
        let local = Meaning::Instant(1_000_000, Zone::Local);
        assert_eq!(json(local, &time), "\"2023-11-14T22:13:20.123\"");
        assert_eq!(
            json(Meaning::Days, &19_675_i32.to_le_bytes()),
            "\"2023-11-14\""
        );
        assert_eq!(
            json(Meaning::Days, &(-1_i32).to_le_bytes()),
            "\"1969-12-31\""
        );
        assert_eq!(
            json(Meaning::Time(1_000), &3_600_000_001_i64.to_le_bytes()),
            "\"01:00:00.000001\""
        );
        // A date outside the calendar stays a number.
        assert_eq!(json(Meaning::Days, &i32::MAX.to_le_bytes()), "2147483647");
        let far = Meaning::Instant(1_000_000, Zone::Utc);
        assert_eq!(json(far, &i64::MAX.to_le_bytes()), i64::MAX.to_string());
    }

    #[test]
    fn a_day_of_twelve_bytes_is_counted_from_noon_long_ago() {
        // Julian day 2,440,588 begins 1970.
        let bytes = [
            &1_000_000_000_i64.to_le_bytes()[..],
            &2_440_589_i32.to_le_bytes(),
        ]
        .concat();
        assert_eq!(json(Meaning::Julian, &bytes), "\"1970-01-02T00:00:01Z\"");
    }

    #[test]
    fn numbers_keep_their_digits() {
        assert_eq!(json(Meaning::Double, &0.1_f64.to_le_bytes()), "0.1");
        assert_eq!(json(Meaning::Single, &0.1_f32.to_le_bytes()), "0.1");
        assert_eq!(json(Meaning::Double, &f64::NAN.to_le_bytes()), "null");
        assert_eq!(json(Meaning::Half, &[0x00, 0xC1]), "-2.5");
        assert_eq!(json(Meaning::Half, &[0x01, 0x00]), "5.9604645e-8");
        assert_eq!(
            json(Meaning::Unsigned, &u32::MAX.to_le_bytes()),
            "4294967295"
        );
        assert_eq!(json(Meaning::Signed, &(-1_i32).to_le_bytes()), "-1");
        for (digits, scale, text) in [
            ("-5", 2, "-0.05"),
            ("1250", 2, "12.50"),
            ("7", 0, "7"),
            ("-1250", 3, "-1.250"),
        ] {
            assert_eq!(with_point(digits, scale), text);
        }
        for number in [0, 1, -1, 255, -256, 1_234_567_890, i128::MAX, i128::MIN] {
            assert_eq!(digits(&number.to_be_bytes()), Some(number.to_string()));
        }
        let long = Meaning::Decimal(2, Order::Highest);
        assert_eq!(json(long, &[0x04, 0xE2]), "12.50");
    }

    #[test]
    fn bytes_are_text_where_they_can_be() {
        assert_eq!(json(Meaning::Bytes, "a\n字".as_bytes()), "\"a\\n字\"");
        assert_eq!(json(Meaning::Bytes, &[0xFF]), "\"/w==\"");
        assert!(Meaning::Text.write(&[0xFF], &mut Vec::new()).is_err());
        let uuid: Vec<u8> = (0..16).collect();
        assert_eq!(
            json(Meaning::Uuid, &uuid),
            "\"00010203-0405-0607-0809-0a0b0c0d0e0f\""
        );
    }
}
