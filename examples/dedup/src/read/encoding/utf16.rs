//! Are these bytes UTF-16 without a byte order mark, and in which byte order?

use encoding_rs::{Encoding, UTF_16BE, UTF_16LE};

/// Number of bytes that are looked at.
const LOOKED_AT: usize = 1 << 16;

/// Minimum numbers of units for a decision. More units are needed if no high byte is a control character: `répétées` is not
/// 狩烩瓩敳.
const FEWEST: usize = 4;
const FEWEST_WIDE: usize = 8;

/// The byte order in which the bytes are text, if they are text in only one order.
pub fn order(bytes: &[u8]) -> Option<&'static Encoding> {
    let bytes = &bytes[..bytes.len().min(LOOKED_AT)];
    let little = Units::count(bytes, u16::from_le_bytes);
    let big = Units::count(bytes, u16::from_be_bytes);
    match (little.are_text(), big.are_text()) {
        (true, false) => Some(UTF_16LE),
        (false, true) => Some(UTF_16BE),
        (true, true) if little.likely > big.likely => Some(UTF_16LE),
        (true, true) if big.likely > little.likely => Some(UTF_16BE),
        // The high bytes of a text are in a few blocks; the low bytes are of all kinds.
        (true, true) if little.blocks() < big.blocks() => Some(UTF_16LE),
        (true, true) if big.blocks() < little.blocks() => Some(UTF_16BE),
        _ => None,
    }
}

/// Counts of 16-bit units.
#[derive(Debug)]
struct Units {
    all: usize,
    /// Units in blocks that texts use.
    likely: usize,
    /// Units whose high byte is a control character that other texts do not contain: Latin to Arabic, and Thai.
    low: usize,
    ideographs: usize,
    kana: usize,
    /// Ideographs whose two bytes are printable ASCII, as all pairs of Latin letters are.
    like_ascii: usize,
    /// Ideographs whose two bytes are a kana in Shift_JIS.
    like_kana: usize,
    /// Which high bytes occur.
    high: [bool; 256],
}

impl Units {
    fn count(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Self {
        let mut units = Self {
            all: 0,
            likely: 0,
            low: 0,
            ideographs: 0,
            kana: 0,
            like_ascii: 0,
            like_kana: 0,
            high: [false; 256],
        };
        let mut high = false;
        for pair in bytes.chunks_exact(2) {
            let unit = unit([pair[0], pair[1]]);
            let second = (0xDC00..0xE000).contains(&unit);
            units.all += 1;
            units.high[usize::from(unit >> 8)] = true;
            units.likely += usize::from(is_likely(unit) || (high && second));
            // A low surrogate makes the high surrogate before it likely, too.
            units.likely += usize::from(high && second);
            high = (0xD800..0xDC00).contains(&unit);
            units.low += usize::from(matches!(unit, 0..0x900 | 0xE00..0xF00));
            units.kana += usize::from((0x3001..0x3100).contains(&unit));
            if (0x4E00..0xA000).contains(&unit) {
                let printable = pair.iter().all(|byte| (b' '..0x7F).contains(byte));
                units.ideographs += 1;
                units.like_ascii += usize::from(printable);
                units.like_kana += usize::from((0x829F..0x8397).contains(&unit));
            }
        }
        units
    }

    fn blocks(&self) -> usize {
        self.high.iter().filter(|&&high| high).count()
    }

    fn are_text(&self) -> bool {
        let low = self.low > 0;
        self.all >= if low { FEWEST } else { FEWEST_WIDE }
            && self.likely * 20 >= self.all * 19
            && self.like_ascii * 4 <= self.ideographs * 3
            && self.like_kana * 4 <= self.ideographs.max(1)
            && (low || (self.ideographs + self.kana) * 2 >= self.all)
    }
}

/// Whether a unit is in a block that texts use. A low byte of 0 is rare in texts, but ASCII read in the wrong byte order has
/// it.
fn is_likely(unit: u16) -> bool {
    if unit & 0xFF == 0 && unit < 0x7F00 {
        // The space between ideographs, 一, 开, 最 and a combining accent.
        return matches!(unit, 0x3000 | 0x4E00 | 0x5F00 | 0x6700 | 0x300);
    }
    matches!(unit,
        0x09..=0x0D | 0x20..=0x7E | 0xA0..=0x24F | 0x300..=0x36F | 0x370..=0x6FF | 0x900..=0xEFF
        | 0x1E00..=0x206F | 0x20A0..=0x22FF | 0x2460..=0x25FF | 0x3001..=0x30FF | 0x4E00..=0x9FFF
        | 0xAC00..=0xD7A3 | 0xFEFF | 0xFF01..=0xFFEF)
}
