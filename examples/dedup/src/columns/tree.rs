//! How is a row of a Parquet file put together? Its values are in columns, with levels that show which of the lists and structs
//! around them are present. The row becomes a JSON object.
//!
//! The levels are those of Melnik et al., *Dremel* (VLDB 2010). A definition level is the number of optional and repeated fields on
//! the path to a value that are present. A repetition level names the innermost list that continues with the value.

use std::ops::Range;

use parquet::basic::{ConvertedType, LogicalType, Repetition};
use parquet::schema::types::{Type, TypePtr};

use super::column::{Start, Values};
use super::value::{Meaning, string};

/// The fields of a row.
pub struct Tree {
    fields: Vec<Named>,
}

/// A field with its name as a JSON key, including the colon.
struct Named {
    name: String,
    key: Vec<u8>,
    field: Field,
}

struct Field {
    shape: Shape,
    /// The innermost columns of the field.
    columns: Range<usize>,
    /// Minimum definition level at which the field is present, if it is optional.
    optional: Option<i16>,
}

enum Shape {
    Value(Meaning),
    Struct(Vec<Named>),
    List(Levels, Box<Field>),
    Map(Levels, Box<Field>, Box<Field>),
}

/// The levels of a list: the minimum definition level of an item, and the repetition level of all items but the first.
#[derive(Clone, Copy)]
struct Levels {
    defined: i16,
    repeated: i16,
}

/// The depth of a field in the tree.
#[derive(Clone, Copy, Default)]
struct Depth {
    defined: i16,
    repeated: i16,
}

impl Depth {
    fn within(self, field: &Type) -> Self {
        match repetition(field) {
            Repetition::REQUIRED => self,
            Repetition::OPTIONAL => Self {
                defined: self.defined + 1,
                ..self
            },
            Repetition::REPEATED => Self {
                defined: self.defined + 1,
                repeated: self.repeated + 1,
            },
        }
    }

    fn levels(self) -> Levels {
        Levels {
            defined: self.defined,
            repeated: self.repeated,
        }
    }
}

fn repetition(field: &Type) -> Repetition {
    let info = field.get_basic_info();
    if info.has_repetition() {
        info.repetition()
    } else {
        Repetition::REQUIRED
    }
}

impl Tree {
    pub fn new(fields: &[TypePtr]) -> Self {
        let mut columns = 0;
        Self {
            fields: named(fields, Depth::default(), &mut columns),
        }
    }

    /// Appends a row as a JSON object, without a line end.
    pub fn write(
        &self,
        columns: &[Box<dyn Values>],
        row: usize,
        out: &mut Vec<u8>,
    ) -> Result<(), String> {
        let starts = columns
            .iter()
            .map(|values| values.starts().get(row).copied());
        let mut cursor = Cursor {
            columns,
            at: starts.map(Option::unwrap_or_default).collect(),
        };
        out.push(b'{');
        for (place, Named { name, key, field }) in self.fields.iter().enumerate() {
            if place > 0 {
                out.push(b',');
            }
            out.extend_from_slice(key);
            let written = cursor.write(field, out);
            written.map_err(|error| format!("the field {name:?} {error}"))?;
        }
        out.push(b'}');
        cursor.check_end(row + 1)
    }
}

fn named(fields: &[TypePtr], depth: Depth, columns: &mut usize) -> Vec<Named> {
    let named = fields.iter().map(|field| {
        let mut key = Vec::new();
        string(field.name(), &mut key);
        key.push(b':');
        Named {
            name: field.name().to_owned(),
            key,
            field: Field::new(field, depth, columns),
        }
    });
    named.collect()
}

impl Field {
    /// `columns` is the number of innermost columns before the field.
    fn new(field: &Type, outer: Depth, columns: &mut usize) -> Self {
        let depth = outer.within(field);
        if repetition(field) == Repetition::REPEATED {
            // A list without any annotation.
            let first = *columns;
            let item = Self::item(field, depth, columns);
            return Self {
                columns: first..*columns,
                shape: Shape::List(depth.levels(), Box::new(item)),
                optional: None,
            };
        }
        let optional = (repetition(field) == Repetition::OPTIONAL).then_some(depth.defined);
        Self {
            optional,
            ..Self::item(field, depth, columns)
        }
    }

    /// A field that is present.
    fn item(field: &Type, depth: Depth, columns: &mut usize) -> Self {
        let first = *columns;
        let shape = if field.is_primitive() {
            *columns += 1;
            Shape::Value(Meaning::from_column(field))
        } else if let Some((items, kind)) = repeated_group(field) {
            let inner = depth.within(items);
            match kind {
                Kind::Map => {
                    let mut part = |at: usize| Self::new(&items.get_fields()[at], inner, columns);
                    let (key, value) = (part(0), part(1));
                    Shape::Map(inner.levels(), Box::new(key), Box::new(value))
                }
                Kind::ListOfFields => {
                    let item = Self::new(&items.get_fields()[0], inner, columns);
                    Shape::List(inner.levels(), Box::new(item))
                }
                Kind::ListOfItself => {
                    let item = Self::item(items, inner, columns);
                    Shape::List(inner.levels(), Box::new(item))
                }
            }
        } else {
            Shape::Struct(named(field.get_fields(), depth, columns))
        };
        Self {
            shape,
            columns: first..*columns,
            optional: None,
        }
    }
}

enum Kind {
    Map,
    /// The items are in a separate group.
    ListOfFields,
    /// The form of older writers.
    ListOfItself,
}

/// The repeated field inside a list or map, by the format's rules for old and new files.
fn repeated_group(field: &Type) -> Option<(&Type, Kind)> {
    let [items] = field.get_fields() else {
        return None;
    };
    if repetition(items) != Repetition::REPEATED {
        return None;
    }
    let info = field.get_basic_info();
    let logical = info.logical_type_ref();
    let converted = info.converted_type();
    let inner = if items.is_group() {
        items.get_fields().len()
    } else {
        0
    };
    let map = matches!(converted, ConvertedType::MAP | ConvertedType::MAP_KEY_VALUE);
    if (map || matches!(logical, Some(LogicalType::Map))) && inner == 2 {
        return Some((items, Kind::Map));
    }
    let list = converted == ConvertedType::LIST || matches!(logical, Some(LogicalType::List));
    if !list {
        return None;
    }
    let old =
        inner != 1 || items.name() == "array" || items.name() == format!("{}_tuple", field.name());
    let kind = if old {
        Kind::ListOfItself
    } else {
        Kind::ListOfFields
    };
    Some((items, kind))
}

/// A position in every column.
struct Cursor<'c> {
    columns: &'c [Box<dyn Values>],
    at: Vec<Start>,
}

impl Cursor<'_> {
    fn write(&mut self, field: &Field, out: &mut Vec<u8>) -> Result<(), String> {
        if field
            .optional
            .is_some_and(|level| !self.is_there(field, level))
        {
            out.extend_from_slice(b"null");
            self.skip(field);
            return Ok(());
        }
        match &field.shape {
            Shape::Value(meaning) => self.value(field.columns.start, *meaning, out),
            Shape::Struct(fields) => self.fields(fields, out),
            Shape::List(levels, item) => self.items(field, *levels, b"[]", out, |cursor, out| {
                cursor.write(item, out)
            }),
            Shape::Map(levels, key, value) => {
                self.items(field, *levels, b"{}", out, |cursor, out| {
                    cursor.key(key, out)?;
                    out.push(b':');
                    cursor.write(value, out)
                })
            }
        }
    }

    fn fields(&mut self, fields: &[Named], out: &mut Vec<u8>) -> Result<(), String> {
        out.push(b'{');
        for (place, Named { key, field, .. }) in fields.iter().enumerate() {
            if place > 0 {
                out.push(b',');
            }
            out.extend_from_slice(key);
            self.write(field, out)?;
        }
        out.push(b'}');
        Ok(())
    }

    fn items(
        &mut self,
        field: &Field,
        levels: Levels,
        brackets: &[u8; 2],
        out: &mut Vec<u8>,
        write: impl Fn(&mut Self, &mut Vec<u8>) -> Result<(), String>,
    ) -> Result<(), String> {
        out.push(brackets[0]);
        if self.is_there(field, levels.defined) {
            write(self, out)?;
            while self.goes_on(field, levels.repeated) {
                out.push(b',');
                write(self, out)?;
            }
        } else {
            self.skip(field);
        }
        out.push(brackets[1]);
        Ok(())
    }

    /// Writes the key of a map. In JSON it must be a string.
    fn key(&mut self, key: &Field, out: &mut Vec<u8>) -> Result<(), String> {
        let start = out.len();
        self.write(key, out)?;
        if !out[start..].starts_with(b"\"") {
            let text = String::from_utf8_lossy(&out[start..]).into_owned();
            out.truncate(start);
            string(&text, out);
        }
        Ok(())
    }

    fn value(&mut self, column: usize, meaning: Meaning, out: &mut Vec<u8>) -> Result<(), String> {
        let missing = || "does not agree with the other columns; write the file again".to_owned();
        let values = self.columns.get(column).ok_or_else(missing)?;
        let at = self.at.get_mut(column).ok_or_else(missing)?;
        let bytes = values.value(at.value).ok_or_else(missing)?;
        meaning.write(bytes, out)?;
        at.level += 1;
        at.value += 1;
        Ok(())
    }

    /// Is the first value of a field defined at least up to this level? A value that is not optional always is.
    fn is_there(&self, field: &Field, level: i16) -> bool {
        let column = field.columns.start;
        let values = self.columns.get(column).zip(self.at.get(column));
        let defined = values.map(|(values, at)| values.definition(at.level).unwrap_or(level));
        field.columns.is_empty() || defined.is_some_and(|defined| defined >= level)
    }

    /// Does the list at this level continue?
    fn goes_on(&self, field: &Field, level: i16) -> bool {
        let column = field.columns.start;
        let values = self.columns.get(column).zip(self.at.get(column));
        values.is_some_and(|(values, at)| values.repetition(at.level) == Some(level))
    }

    /// Skips a field that is not present: one level in each of its columns, and no value.
    fn skip(&mut self, field: &Field) {
        for at in self.at.get_mut(field.columns.clone()).unwrap_or_default() {
            at.level += 1;
        }
    }

    /// Checks that a row ends at the same place in all columns.
    fn check_end(&self, next: usize) -> Result<(), String> {
        let ends = self.columns.iter().zip(&self.at);
        let agree = ends
            .into_iter()
            .all(|(values, at)| values.starts().get(next) == Some(at));
        if agree {
            Ok(())
        } else {
            Err("the lists of the row don't agree with each other; write the file again".into())
        }
    }
}
