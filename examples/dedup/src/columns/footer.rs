//! Can the index at the end of a Parquet file be parsed safely? It is walked before it is parsed: the parser calls itself for each
//! level of the schema, and allocates memory for the counts that the index declares.
//!
//! The index is written in Thrift's compact protocol. The walk must see the same fields as the parser, which does not look at the
//! types of the fields that it reads. Therefore, those must have the types of the format.

use std::fs::File;

use Kind::{Any, Byte, Bytes, Children, Double, List, Node, Number, Struct, Truth};

use super::pages::varint;
use crate::read::place::read_at;

/// Maximum length of the index in bytes.
const LONGEST: u64 = 256 << 20;

/// Maximum number of structs and lists within each other, and of levels of the schema.
const DEEPEST: usize = 64;

/// Number of bytes after the index: its length and the magic bytes.
const TAIL: usize = 8;

/// Checks the index of a file of this length. What is not an index at all is left to the parser, which says so.
pub fn check(file: &File, length: u64) -> Result<(), String> {
    let read = |bytes: &mut [u8], at| read_at(file, bytes, at).map_err(|error| error.to_string());
    let Some(end) = length.checked_sub(TAIL as u64) else {
        return Ok(());
    };
    let mut tail = [0_u8; TAIL];
    read(&mut tail[..], end)?;
    let [a, b, c, d, magic @ ..] = tail;
    let size = u64::from(u32::from_le_bytes([a, b, c, d]));
    if &magic != b"PAR1" || size > end {
        return Ok(());
    }
    if size > LONGEST {
        return Err(format!("its index is longer than {} MB", LONGEST >> 20));
    }
    let mut index = vec![0; size as usize];
    read(&mut index[..], end - size)?;
    Walk::new(&index).end()
}

/// What a field holds.
#[derive(Clone, Copy)]
enum Kind {
    /// Anything; the parser skips it.
    Any,
    Truth,
    Byte,
    Number,
    /// The number of fields within a field of the schema.
    Children,
    Double,
    Bytes,
    Struct(Fields),
    /// A field of the schema.
    Node,
    List(&'static Kind),
}

/// The fields of a struct that the parser reads, by their numbers in the format.
type Fields = &'static [(i16, Kind)];

const FILE: Fields = &[
    (1, Number),
    (2, List(&Node)),
    (3, Number),
    (4, List(&Struct(ROW_GROUP))),
    (5, List(&Struct(NOTE))),
    (6, Bytes),
    (7, List(&Struct(ORDER))),
];

const NODE: Fields = &[
    (1, Number),
    (2, Number),
    (3, Number),
    (4, Bytes),
    (5, Children),
    (6, Number),
    (7, Number),
    (8, Number),
    (9, Number),
    (10, Struct(MEANING)),
];

/// The logical types. Most of them are structs without fields.
const MEANING: Fields = &[
    (1, Struct(EMPTY)),
    (2, Struct(EMPTY)),
    (3, Struct(EMPTY)),
    (4, Struct(EMPTY)),
    (5, Struct(&[(1, Number), (2, Number)])),
    (6, Struct(EMPTY)),
    (7, Struct(TIME)),
    (8, Struct(TIME)),
    (10, Struct(&[(1, Byte), (2, Truth)])),
    (11, Struct(EMPTY)),
    (12, Struct(EMPTY)),
    (13, Struct(EMPTY)),
    (14, Struct(EMPTY)),
    (15, Struct(EMPTY)),
    (16, Struct(&[(1, Byte)])),
    (17, Struct(&[(1, Bytes)])),
    (18, Struct(&[(1, Bytes), (2, Number)])),
    (19, Struct(EMPTY)),
];

const EMPTY: Fields = &[];

const TIME: Fields = &[(1, Truth), (2, Struct(ORDER))];

/// The orders of values, and the units of time.
const ORDER: Fields = &[(1, Struct(EMPTY)), (2, Struct(EMPTY)), (3, Struct(EMPTY))];

const NOTE: Fields = &[(1, Bytes), (2, Bytes)];

const ROW_GROUP: Fields = &[
    (1, List(&Struct(CHUNK))),
    (2, Number),
    (3, Number),
    (4, List(&Struct(&[(1, Number), (2, Truth), (3, Truth)]))),
    (5, Number),
    (7, Number),
];

const CHUNK: Fields = &[
    (1, Bytes),
    (2, Number),
    (3, Struct(COLUMN)),
    (4, Number),
    (5, Number),
    (6, Number),
    (7, Number),
];

const COLUMN: Fields = &[
    (1, Number),
    (2, List(&Number)),
    (4, Number),
    (5, Number),
    (6, Number),
    (7, Number),
    (9, Number),
    (10, Number),
    (11, Number),
    (12, Struct(STATISTICS)),
    (13, List(&Struct(&[(1, Number), (2, Number), (3, Number)]))),
    (14, Number),
    (15, Number),
    (
        16,
        Struct(&[(1, Number), (2, List(&Number)), (3, List(&Number))]),
    ),
    (17, Struct(&[(1, Struct(BOX)), (2, List(&Number))])),
];

const STATISTICS: Fields = &[
    (1, Bytes),
    (2, Bytes),
    (3, Number),
    (4, Number),
    (5, Bytes),
    (6, Bytes),
    (7, Truth),
    (8, Truth),
    (9, Number),
];

const BOX: Fields = &[
    (1, Double),
    (2, Double),
    (3, Double),
    (4, Double),
    (5, Double),
    (6, Double),
    (7, Double),
    (8, Double),
];

/// The types of the compact protocol. The type of a truth value is the value.
mod wire {
    pub const TRUE: u8 = 1;
    pub const FALSE: u8 = 2;
    pub const BYTE: u8 = 3;
    pub const I16: u8 = 4;
    pub const I64: u8 = 6;
    pub const DOUBLE: u8 = 7;
    pub const BYTES: u8 = 8;
    pub const LIST: u8 = 9;
    pub const SET: u8 = 10;
    pub const MAP: u8 = 11;
    pub const STRUCT: u8 = 12;
    pub const UUID: u8 = 13;
}

impl Kind {
    /// Whether a value of this type is of this kind.
    fn agrees(self, wire: u8) -> bool {
        match self {
            Any => true,
            Truth => matches!(wire, wire::TRUE | wire::FALSE),
            Byte => wire == wire::BYTE,
            Number | Children => (wire::I16..=wire::I64).contains(&wire),
            Double => wire == wire::DOUBLE,
            Bytes => wire == wire::BYTES,
            Struct(_) | Node => wire == wire::STRUCT,
            List(_) => wire == wire::LIST,
        }
    }

    /// Minimum number of bytes of a value in a list. The structs of the format have at least one field.
    fn least(self) -> u64 {
        match self {
            Struct(_) | Node => 3,
            _ => 1,
        }
    }
}

/// A struct or list that was begun.
enum Open {
    Struct {
        fields: Fields,
        /// The number of the last field.
        last: i16,
        is_node: bool,
    },
    /// The values of a list. In a map, keys and values alternate.
    Values {
        /// The type of a value, and of a key.
        wires: [u8; 2],
        kind: Kind,
        left: u64,
    },
}

struct Walk<'i> {
    rest: &'i [u8],
    open: Vec<Open>,
    schema: Schema,
    /// Number of fields within the field of the schema that was begun.
    children: i32,
}

impl<'i> Walk<'i> {
    fn new(index: &'i [u8]) -> Self {
        let file = Open::Struct {
            fields: FILE,
            last: 0,
            is_node: false,
        };
        Self {
            rest: index,
            open: vec![file],
            schema: Schema::default(),
            children: 0,
        }
    }

    /// Walks to the end of the index.
    fn end(mut self) -> Result<(), String> {
        while let Some(open) = self.open.last_mut() {
            match open {
                Open::Values { left: 0, .. } => _ = self.open.pop(),
                Open::Values { wires, kind, left } => {
                    *left -= 1;
                    let (wire, kind) = (wires[(*left % 2) as usize], *kind);
                    self.value(wire, kind)?;
                }
                Open::Struct { fields, last, .. } => match field(&mut self.rest, *last)? {
                    Some((wire, number)) => {
                        *last = number;
                        let known = fields.iter().find(|(other, _)| *other == number);
                        let kind = known.map_or(Any, |&(_, kind)| kind);
                        self.value(wire, kind)?;
                    }
                    None => self.end_struct()?,
                },
            }
        }
        Ok(())
    }

    fn end_struct(&mut self) -> Result<(), String> {
        match self.open.pop() {
            Some(Open::Struct { is_node: true, .. }) => self.schema.add(self.children),
            _ => Ok(()),
        }
    }

    /// Walks over a value, or begins it.
    fn value(&mut self, wire: u8, kind: Kind) -> Result<(), String> {
        if !kind.agrees(wire) {
            return Err("a field of its index is not of the type that the format says".into());
        }
        match wire {
            wire::TRUE | wire::FALSE => Ok(()),
            wire::BYTE => self.skip(1),
            wire::I16..=wire::I64 => self.number(kind),
            wire::DOUBLE => self.skip(8),
            wire::UUID => self.skip(16),
            wire::BYTES => {
                let length = varint(&mut self.rest).ok_or_else(cut)?;
                self.skip(length)
            }
            wire::LIST | wire::SET => self.list(kind),
            wire::MAP => self.map(),
            wire::STRUCT => self.begin_struct(kind),
            _ => Err("its index has a field of an unknown type".into()),
        }
    }

    fn skip(&mut self, bytes: u64) -> Result<(), String> {
        let bytes = usize::try_from(bytes).unwrap_or(usize::MAX);
        self.rest = self.rest.get(bytes..).ok_or_else(cut)?;
        Ok(())
    }

    fn number(&mut self, kind: Kind) -> Result<(), String> {
        let number = varint(&mut self.rest).ok_or_else(cut)?;
        if matches!(kind, Children) {
            self.children = signed(number) as i32;
        }
        Ok(())
    }

    /// Begins a list: a byte with its length and type. A length from 15 on follows the byte.
    fn list(&mut self, kind: Kind) -> Result<(), String> {
        let head = byte(&mut self.rest)?;
        let length = match head >> 4 {
            15 => varint(&mut self.rest).ok_or_else(cut)?,
            length => u64::from(length),
        };
        let kind = match kind {
            List(kind) => *kind,
            _ => Any,
        };
        if matches!(kind, Node) {
            self.schema = Schema::new(length);
        }
        self.begin_values([head & 0xF; 2], kind, length)
    }

    /// Begins a map: its length, and a byte with the types of its keys and values.
    fn map(&mut self) -> Result<(), String> {
        let length = varint(&mut self.rest).ok_or_else(cut)?;
        if length == 0 {
            return Ok(());
        }
        let wires = byte(&mut self.rest)?;
        self.begin_values([wires & 0xF, wires >> 4], Any, length.saturating_mul(2))
    }

    fn begin_values(&mut self, wires: [u8; 2], kind: Kind, left: u64) -> Result<(), String> {
        if left.saturating_mul(kind.least()) > self.rest.len() as u64 {
            return Err(format!(
                "a list of its index declares {left} values, for which it is too short"
            ));
        }
        // The parser takes no bytes for them, so that their number would have no limit.
        if left > 0 && wires.iter().any(|&wire| Truth.agrees(wire)) {
            return Err("its index has a list of truth values, which the format has not".into());
        }
        self.begin(Open::Values { wires, kind, left })
    }

    fn begin_struct(&mut self, kind: Kind) -> Result<(), String> {
        let (fields, is_node) = match kind {
            Struct(fields) => (fields, false),
            Node => (NODE, true),
            _ => (EMPTY, false),
        };
        if is_node {
            self.children = 0;
        }
        self.begin(Open::Struct {
            fields,
            last: 0,
            is_node,
        })
    }

    fn begin(&mut self, open: Open) -> Result<(), String> {
        if self.open.len() >= DEEPEST {
            return Err(format!("its index has more than {DEEPEST} levels"));
        }
        self.open.push(open);
        Ok(())
    }
}

/// The schema: a list of fields. Each field says how many of the next fields are within it.
#[derive(Default)]
struct Schema {
    /// Number of fields that are not within a field yet.
    unclaimed: u64,
    /// For each field that was begun, the number of fields within it that are to come.
    levels: Vec<u64>,
}

impl Schema {
    fn new(fields: u64) -> Self {
        Self {
            // The first field is within no other.
            unclaimed: fields.saturating_sub(1),
            levels: Vec::new(),
        }
    }

    fn add(&mut self, children: i32) -> Result<(), String> {
        let claimed = u64::try_from(children).ok();
        let claimed = claimed.filter(|&claimed| claimed <= self.unclaimed);
        let claimed = claimed.ok_or_else(|| {
            format!(
                "a field of its schema declares {children} fields within it, which are not there"
            )
        })?;
        self.unclaimed -= claimed;
        if let Some(left) = self.levels.last_mut() {
            *left = left.saturating_sub(1);
        }
        if claimed > 0 {
            self.levels.push(claimed);
        }
        while self.levels.last() == Some(&0) {
            self.levels.pop();
        }
        if self.levels.len() > DEEPEST {
            return Err(format!("its schema has more than {DEEPEST} levels"));
        }
        Ok(())
    }
}

/// The type and the number of the next field; none at the end of the struct.
fn field(rest: &mut &[u8], last: i16) -> Result<Option<(u8, i16)>, String> {
    let head = byte(rest)?;
    let (wire, step) = (head & 0xF, i16::from(head >> 4));
    if wire == 0 {
        return Ok(None);
    }
    let number = match step {
        0 => Some(signed(varint(rest).ok_or_else(cut)?) as i16),
        step => last.checked_add(step),
    };
    let number = number.ok_or("a field of its index has no valid number")?;
    Ok(Some((wire, number)))
}

fn byte(rest: &mut &[u8]) -> Result<u8, String> {
    let (&byte, behind) = rest.split_first().ok_or_else(cut)?;
    *rest = behind;
    Ok(byte)
}

/// A number whose lowest bit is its sign.
fn signed(number: u64) -> i64 {
    (number >> 1) as i64 ^ -((number & 1) as i64)
}

fn cut() -> String {
    "its index is cut off".into()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The index of a schema. Each of its fields has the name `a` and so many fields within it.
    fn schema(children: &[u8]) -> Vec<u8> {
        let count = children.len();
        let count = [count | 0x80, count >> 7 | 0x80, count >> 14].map(|part| part as u8);
        // A version, and a list of structs.
        let mut index = [&[0x15, 2, 0x19, 0xFC][..], &count].concat();
        for &within in children {
            index.extend([0x48, 1, b'a', 0x15, 2 * within, 0]);
        }
        index.push(0);
        index
    }

    fn fault(index: &[u8]) -> String {
        Walk::new(index).end().err().unwrap_or_default()
    }

    #[test]
    fn a_schema_of_some_levels_is_sound_and_one_of_many_is_not() {
        assert_eq!(fault(&schema(&[2, 1, 0, 0])), "");
        let deep = |levels: usize| schema(&[&vec![1; levels][..], &[0]].concat());
        assert_eq!(fault(&deep(DEEPEST)), "");
        assert!(fault(&deep(DEEPEST + 1)).contains("64 levels"));
        assert!(fault(&deep(300_000)).contains("64 levels"));
    }

    #[test]
    fn fields_that_are_not_there_can_not_be_declared() {
        let names_no_such = |children: &[u8]| fault(&schema(children)).contains("not there");
        assert!(names_no_such(&[3, 0, 0]));
        assert!(names_no_such(&[2, 1, 0]));
        // The number -1.
        let mut index = schema(&[0]);
        let place = index.len() - 3;
        index[place] = 1;
        assert!(fault(&index).contains("-1 fields"));
    }

    #[test]
    fn lists_hold_no_more_values_than_bytes() {
        let huge = [0x15, 2, 0x19, 0xFC, 0xFF, 0xFF, 0xFF, 0xFF, 7, 0];
        assert!(fault(&huge).contains("2147483647 values"));
        // An unknown field: four bytes, or four truth values.
        assert_eq!(fault(&[0xE9, 0x43, 1, 1, 1, 1, 0]), "");
        assert!(fault(&[0xE9, 0x42, 1, 1, 1, 1, 0]).contains("truth"));
        assert!(fault(&[0xEB, 2, 0x32, 1, 1, 1, 1, 0]).contains("truth"));
        assert_eq!(fault(&[0xEB, 1, 0x83, 1, b'a', 7, 0]), "");
    }

    #[test]
    fn structs_and_lists_are_not_within_each_other_without_end() {
        let of_lists = [&[0xE9][..], &[0x19; 300_000]].concat();
        assert!(fault(&of_lists).contains("64 levels"));
        let of_structs = [&[0xEC][..], &[0x1C; 300_000]].concat();
        assert!(fault(&of_structs).contains("64 levels"));
    }

    #[test]
    fn a_field_of_another_type_and_a_cut_are_found() {
        // Bytes as the version: the parser would read fields in them.
        assert!(fault(&[0x18, 2, 0x15, 0, 0]).contains("type"));
        let sound = schema(&[1, 0]);
        for cut in 0..sound.len() {
            assert!(
                fault(&sound[..cut]).contains("cut off") || cut < 13,
                "{cut}"
            );
            assert_ne!(fault(&sound[..cut]), "", "{cut}");
        }
    }
}
