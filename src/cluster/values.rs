//! How do the values of a field compare? As numbers, or else as dates.

use std::cmp::Ordering;

use crate::cluster::dates::DateReader;

/// A value of a row's field, ready to be compared: numbers by size, dates by time. Numbers come before dates; a field with both is
/// read as dates ([`values`]).
///
/// ```
/// use reprint::cluster::Value;
///
/// assert!(Value::number("9").unwrap() < Value::number("10").unwrap());
/// assert!(Value::number("1669700650467246080").unwrap() < Value::number("1669700650467246081").unwrap());
/// assert!(Value::number("ten").is_none());
/// ```
#[derive(Clone, Debug)]
pub enum Value {
    /// A number. A whole number also has its exact value, because a double holds fewer digits.
    Number(f64, Option<i128>),
    /// A date in ISO 8601.
    Date(String),
}

/// A double represents all whole numbers up to this one exactly.
const MAX_EXACT: f64 = (1_u64 << 53) as f64;

impl Value {
    /// A finite number in digits, with a decimal point or an exponent.
    pub fn number(written: &str) -> Option<Self> {
        let written = written.trim();
        let value: f64 = written
            .parse()
            .ok()
            .filter(|value: &f64| value.is_finite())?;
        // Avoids -0, which would be less than 0.
        let value = value + 0.0;
        let exact = value.fract() == 0.0 && value.abs() <= MAX_EXACT;
        let whole = written.parse().ok().or(exact.then_some(value as i128));
        Some(Self::Number(value, whole))
    }
}

impl Ord for Value {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Number(a, whole), Self::Number(b, other)) => {
                a.total_cmp(b).then_with(|| whole.cmp(other))
            }
            (Self::Date(a), Self::Date(b)) => a.cmp(b),
            (Self::Number(..), Self::Date(_)) => Ordering::Less,
            (Self::Date(_), Self::Number(..)) => Ordering::Greater,
        }
    }
}

impl PartialOrd for Value {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Value {}

/// Reads the values of a field in the copies of one text; an unreadable value is `None`. If one of them is a date and not a number,
/// all are read as dates (`2023` and `28 Feb 2024` are then both dates). Otherwise they are read as numbers.
///
/// ```
/// use reprint::cluster::{DateReader, Value, values};
///
/// let dates = DateReader::new(None);
/// assert_eq!(values(&["7", "n/a", "3.5"], &dates)[1], None);
/// assert!(values(&["2023", "28 Feb 2024"], &dates)[0] < values(&["2023", "28 Feb 2024"], &dates)[1]);
/// ```
pub fn values(written: &[&str], dates: &DateReader) -> Vec<Option<Value>> {
    let numbers: Vec<Option<Value>> = written.iter().map(|value| Value::number(value)).collect();
    let is_date = |value: &str| dates.read(value).is_some() || dates.is_ambiguous(value);
    let mut others = written
        .iter()
        .zip(&numbers)
        .filter(|(_, number)| number.is_none());
    if !others.any(|(value, _)| is_date(value)) {
        return numbers;
    }
    let date = |value: &&str| dates.read(value).map(Value::Date);
    written.iter().map(date).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn number(written: &str) -> Value {
        Value::number(written).unwrap()
    }

    #[test]
    fn numbers_are_equal_however_they_are_written() {
        assert_eq!(number("12"), number(" 12.0 "));
        assert_eq!(number("12"), number("1.2e1"));
        assert_eq!(number("0"), number("-0.0"));
        assert!(number("-3") < number("2.5") && number("1e3") > number("999"));
        for written in ["", "NaN", "-Infinity", "1,5", "12 %", "0x10", "true"] {
            assert_eq!(Value::number(written), None, "{written}");
        }
    }

    proptest! {
        #[test]
        fn values_have_one_order(written in prop::collection::vec("-?[0-9]{1,20}(\\.[0-9]{1,3})?|2024-0[1-9]-1[0-9]", 3)) {
            let dates = DateReader::new(None);
            let values: Vec<Value> = written
                .iter()
                .filter_map(|written| Value::number(written).or_else(|| dates.read(written).map(Value::Date)))
                .collect();
            prop_assert_eq!(values.len(), 3);
            let [a, b, c] = [&values[0], &values[1], &values[2]];
            prop_assert!(!(a <= b && b <= c) || a <= c);
            prop_assert!((a == b) == (a <= b && b <= a));
        }
    }
}
