//! What does each code point fold to? There is one entry for each code point, packed into a two-stage table.

use std::collections::HashMap;
use std::fmt::Write;

use caseless::Caseless;
use unicode_normalization::char::canonical_combining_class;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfkc_quick};
use unicode_properties::{GeneralCategory as Gc, UnicodeGeneralCategory};

use crate::entry::{Entry, Kind};
use crate::han::Classes;
use crate::letters::{self, APOSTROPHES, TONED, is_cyrillic, is_greek};
use crate::ranges::{
    CIRCLES, DEFAULT_IGNORABLE, DRAWN, HAN, TATWEEL, UNSPACED, VOCALISED, unify_radical, within,
};

/// Code points in a block of the second stage. It is so small that uniform areas share one block.
const BLOCK: usize = 128;

pub struct Table {
    stage1: Vec<u16>,
    stage2: Vec<u32>,
    /// Rows of atoms. Each atom is a final entry with its character.
    expansions: Vec<Vec<u32>>,
}

impl Table {
    pub fn generate(classes: &Classes) -> Self {
        let mut builder = Builder {
            classes,
            expansions: Vec::new(),
            rows: HashMap::new(),
        };
        let entries: Vec<u32> = (0..0x110000)
            .map(|cp| char::from_u32(cp).map_or(0, |c| builder.entry(c).0))
            .collect();
        let (stage1, stage2) = pack(&entries);
        Self {
            stage1,
            stage2,
            expansions: builder.expansions,
        }
    }

    pub fn bytes(&self) -> Vec<u8> {
        let stage1 = self.stage1.iter().flat_map(|n| n.to_le_bytes());
        let stage2 = self.stage2.iter().flat_map(|n| n.to_le_bytes());
        let rows = self.expansions.iter().flatten();
        stage1
            .chain(stage2)
            .chain(rows.flat_map(|n| n.to_le_bytes()))
            .collect()
    }

    pub fn source(&self) -> String {
        let mut out = String::new();
        let starts = self.expansions.iter().scan(0usize, |at, row| {
            let start = *at;
            *at += row.len();
            Some(start)
        });
        let ends: Vec<usize> = starts
            .zip(&self.expansions)
            .map(|(start, row)| start + row.len())
            .collect();
        let atoms: Vec<u32> = self.expansions.concat();
        writeln!(out, "pub(crate) const BLOCK: usize = {BLOCK};").expect("a String takes all");
        constant(&mut out, "STAGE1", "u16", &self.stage1);
        constant(&mut out, "STAGE2", "u32", &self.stage2);
        constant(&mut out, "EXPANSION_ENDS", "u16", &ends);
        constant(&mut out, "EXPANSION_ATOMS", "u32", &atoms);
        out
    }
}

fn constant<T: std::fmt::Display>(out: &mut String, name: &str, of: &str, values: &[T]) {
    write!(
        out,
        "pub(crate) static {name}: [{of}; {}] = [",
        values.len()
    )
    .expect("a String takes all");
    for value in values {
        write!(out, "{value},").expect("a String takes all");
    }
    out.push_str("];\n");
}

fn pack(entries: &[u32]) -> (Vec<u16>, Vec<u32>) {
    let mut seen: HashMap<&[u32], u16> = HashMap::new();
    let mut stage2 = Vec::new();
    let stage1 = entries
        .chunks(BLOCK)
        .map(|block| {
            *seen.entry(block).or_insert_with(|| {
                stage2.extend_from_slice(block);
                u16::try_from(stage2.len() / BLOCK - 1).expect("fewer than 65,536 blocks")
            })
        })
        .collect();
    (stage1, stage2)
}

struct Builder<'a> {
    classes: &'a Classes,
    expansions: Vec<Vec<u32>>,
    rows: HashMap<Vec<u32>, u32>,
}

impl Builder<'_> {
    fn entry(&mut self, c: char) -> Entry {
        if c == '\u{AD}' {
            return Entry::new(Kind::SoftHyphen, 0, false, false);
        }
        if is_transparent(c) {
            return Entry::new(Kind::Drop, 0, false, false);
        }
        let compatible: Vec<char> = std::iter::once(c).nfkc().collect();
        let lower = compatible[0].general_category() == Gc::LowercaseLetter;
        let combines = combines(c, &compatible);
        let folded = fold(&compatible);
        let (kind, target) = match folded[..] {
            [single] => self.atom(single, c),
            _ => (Kind::Expand, self.expansion(&folded)),
        };
        let kind = match compatible[..] {
            ['-' | '\u{2010}'] => Kind::Hyphen,
            _ => kind,
        };
        Entry::new(kind, target, combines, lower)
    }

    /// Kind and target of `d`, the fully folded form of `c`.
    fn atom(&self, d: char, c: char) -> (Kind, u32) {
        let d = letters::representative(self.classes.representative(unify_radical(d)));
        let kind = kind(d);
        let target = match kind {
            Kind::Mark => u32::from(canonical_combining_class(d)),
            Kind::Digit => u32::from(b'0') + digit_value(d),
            Kind::Letter | Kind::GreekOrCyrillic | Kind::Toned | Kind::Unspaced | Kind::Han
                if d != c =>
            {
                d as u32
            }
            _ => 0,
        };
        (kind, target)
    }

    fn expansion(&mut self, folded: &[char]) -> u32 {
        let row: Vec<u32> = folded.iter().map(|&d| self.expansion_atom(d)).collect();
        let expansions = &mut self.expansions;
        *self.rows.entry(row.clone()).or_insert_with(|| {
            expansions.push(row);
            expansions.len() as u32 - 1
        })
    }

    /// An atom has its own character as target, because an expansion has no character of the text to use instead. A mark is looked up again
    /// by that character.
    fn expansion_atom(&self, d: char) -> u32 {
        let (kind, target) = self.atom(d, d);
        let target = if target == 0 || kind == Kind::Mark {
            d as u32
        } else {
            target
        };
        Entry::new(kind, target, false, false).0
    }
}

/// Drops what every edition may leave out of letters, then folds case in full, then applies NFKC again where folding made it necessary.
fn fold(compatible: &[char]) -> Vec<char> {
    letters::without_absorbed(compatible.iter().copied())
        .map(letters::plain)
        .default_case_fold()
        .nfkc()
        .collect()
}

/// Is it removed before anything is normalised?
fn is_transparent(c: char) -> bool {
    let category = c.general_category();
    let control = category == Gc::Control && !matches!(c, '\t'..='\r' | '\u{85}');
    let hidden = matches!(
        category,
        Gc::Format | Gc::Unassigned | Gc::PrivateUse | Gc::Surrogate
    );
    let point = is_point(c) && is_nfkc_quick(std::iter::once(c)) == IsNormalized::Yes;
    control || hidden || point || c == TATWEEL || within(DEFAULT_IGNORABLE, c)
}

/// Is it an Arabic or Hebrew vowel point or cantillation mark, or a line drawn over a letter?
fn is_point(c: char) -> bool {
    (c.general_category() == Gc::NonspacingMark && within(VOCALISED, c)) || within(DRAWN, c)
}

/// Can `c` change the characters before it? A mark that is stable under NFKC and comes in canonical order can't; the fold checks the order
/// (UAX #15, quick check).
fn combines(c: char, compatible: &[char]) -> bool {
    let first = compatible[0];
    let stable = compatible == [c] && fold(compatible) == [c];
    let maybe = |c: char| is_nfkc_quick(std::iter::once(c)) == IsNormalized::Maybe;
    // U+037A ends in a mark that case folding makes a letter, so the next character may have to move before it.
    let ends_in_mark = compatible
        .last()
        .is_some_and(|&c| canonical_combining_class(c) != 0);
    maybe(c) || maybe(first) || (!stable && (canonical_combining_class(first) != 0 || ends_in_mark))
}

fn kind(c: char) -> Kind {
    use Gc::*;
    match c.general_category() {
        Control if c == '\t' || c == '\u{B}' || c == '\u{C}' => Kind::Blank,
        Control if matches!(c, '\n' | '\r' | '\u{85}') => Kind::Break,
        LineSeparator | ParagraphSeparator => Kind::Break,
        SpaceSeparator => Kind::Blank,
        OtherSymbol if CIRCLES.contains(&c) => Kind::Circle,
        ModifierLetter if APOSTROPHES.contains(&c) => Kind::Separator,
        DecimalNumber => Kind::Digit,
        UppercaseLetter | LowercaseLetter | TitlecaseLetter | ModifierLetter | OtherLetter
        | LetterNumber | OtherNumber | SpacingMark | NonspacingMark | EnclosingMark => kept_kind(c),
        _ if is_transparent(c) => Kind::Drop,
        _ => Kind::Separator,
    }
}

fn kept_kind(c: char) -> Kind {
    let mark = matches!(
        c.general_category(),
        Gc::SpacingMark | Gc::NonspacingMark | Gc::EnclosingMark
    );
    if is_transparent(c) || is_point(c) {
        Kind::Drop
    } else if mark {
        Kind::Mark
    } else if within(HAN, c) {
        Kind::Han
    } else if within(UNSPACED, c) {
        Kind::Unspaced
    } else if is_greek(c) || is_cyrillic(c) {
        Kind::GreekOrCyrillic
    } else if TONED.contains(&c) {
        Kind::Toned
    } else {
        Kind::Letter
    }
}

/// Decimal digits come in runs of ten from zero to nine (Unicode's stability policy).
fn digit_value(c: char) -> u32 {
    let is_digit =
        |cp: u32| char::from_u32(cp).is_some_and(|c| c.general_category() == Gc::DecimalNumber);
    let run = (0..).take_while(|back| is_digit(c as u32 - back)).count() as u32;
    (run - 1) % 10
}
