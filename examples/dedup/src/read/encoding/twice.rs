//! Was this text UTF-8 that somebody read as Western European and encoded again? `é` became `Ã©`, `中` became `ä¸­`.

use encoding_rs::WINDOWS_1252;

/// Why such a text is rejected.
pub const TWICE: &str = "encoded twice: it was UTF-8 that was read as windows-1252 or Latin-1 and encoded again (é became Ã©); turn that back, as `iconv -f UTF-8 -t WINDOWS-1252` does (or with ISO-8859-1), or read it broken as it is with --encoding utf-8";

/// Characters for which there may be one such sequence: in a longer clean text, a few are quoted.
const APART: usize = 2000;

/// Is (nearly) all of a text that is no ASCII of this kind?
pub fn is_twice(text: &str) -> bool {
    let Some(first) = first_beyond_ascii(text.as_bytes()) else {
        return false;
    };
    // Where the first is none, and that is nearly always so, nothing else is looked at.
    if sequence(&text[first..]).is_none() {
        return false;
    }
    let found = Found::in_text(text, first);
    let mostly = found.doubled * 5 >= found.beyond * 4;
    mostly
        && text.len() <= found.sequences * APART
        && (found.sequences > 1 || found.beyond == found.doubled && alone_is_enough(text, first))
}

/// Where the first character stands that is no ASCII.
fn first_beyond_ascii(bytes: &[u8]) -> Option<usize> {
    const STEP: usize = 256;
    let step = bytes.chunks(STEP).position(|step| !step.is_ascii())?;
    let within = bytes[step * STEP..]
        .iter()
        .position(|byte| !byte.is_ascii())?;
    Some(step * STEP + within)
}

#[derive(Default)]
struct Found {
    sequences: usize,
    /// Characters of them.
    doubled: usize,
    /// All characters that are no ASCII.
    beyond: usize,
}

impl Found {
    fn in_text(text: &str, first: usize) -> Self {
        let mut found = Self::default();
        let mut rest = &text[first..];
        while let Some(c) = rest.chars().next() {
            match sequence(rest) {
                Some(sequence) => {
                    found.sequences += 1;
                    found.doubled += sequence.chars().count();
                    found.beyond += sequence.chars().count();
                    rest = &rest[sequence.len()..];
                }
                None => {
                    found.beyond += usize::from(!c.is_ascii());
                    rest = &rest[c.len_utf8()..];
                }
            }
        }
        found
    }
}

/// One sequence of two characters may be chance, as in `IRMÃ”`: then it must stand within or before small letters.
fn alone_is_enough(text: &str, first: usize) -> bool {
    let three = sequence(&text[first..]).is_some_and(|sequence| sequence.chars().count() > 2);
    let before = text[..first].chars().next_back();
    let after = text[first..].chars().find(char::is_ascii);
    let small = |c: Option<char>| c.is_some_and(|c| c.is_ascii_lowercase());
    three || small(before) || (small(after) && !before.is_some_and(|c| c.is_ascii_uppercase()))
}

/// What the text starts with, if it is the bytes of one character in UTF-8, read as windows-1252 or Latin-1.
fn sequence(text: &str) -> Option<&str> {
    let mut bytes = [0; 4];
    let mut chars = text.char_indices();
    let (_, first) = chars.next()?;
    bytes[0] = single(first).filter(|byte| (0xC2..0xF5).contains(byte))?;
    let length = match bytes[0] {
        ..0xE0 => 2,
        0xE0..0xF0 => 3,
        _ => 4,
    };
    let mut end = first.len_utf8();
    for byte in &mut bytes[1..length] {
        let (at, c) = chars.next()?;
        *byte = single(c).filter(|byte| (0x80..0xC0).contains(byte))?;
        end = at + c.len_utf8();
    }
    let original = std::str::from_utf8(&bytes[..length]).ok()?.chars().next()?;
    is_usual(original).then(|| &text[..end])
}

/// The byte that windows-1252 or Latin-1 has for a character beyond ASCII.
fn single(c: char) -> Option<u8> {
    match u32::from(c) {
        byte @ 0x80..0x100 => u8::try_from(byte).ok(),
        0x152..=0x2122 => {
            let mut text = [0; 4];
            let (bytes, _, failed) = WINDOWS_1252.encode(c.encode_utf8(&mut text));
            bytes.first().copied().filter(|_| !failed)
        }
        _ => None,
    }
}

/// Characters that texts have: others are what letters and marks side by side, as `É”`, happen to make.
fn is_usual(c: char) -> bool {
    matches!(u32::from(c),
        0xA0..=0x17F | 0x1A0..=0x1B0 | 0x300..=0x323 | 0x386..=0x3CE | 0x400..=0x45F | 0x490..=0x491 | 0x5D0..=0x5EA | 0x60C..=0x6D5
        | 0x900..=0xEFF | 0x1E00..=0x1EFF | 0x2010..=0x203A | 0x20A0..=0x20BF | 0x2100..=0x22FF | 0x2460..=0x26FF
        | 0x3000..=0x30FF | 0x4E00..=0x9FFF | 0xAC00..=0xD7A3 | 0xFF01..=0xFFE5 | 0x1F300..=0x1FAFF | 0x20000..=0x3FFFF)
}
