//! Which encoding do bytes without a mark look like?

use std::ops::RangeInclusive;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{
    BIG5, EUC_JP, EUC_KR, Encoding, GB18030, ISO_2022_JP, SHIFT_JIS, UTF_8, WINDOWS_1250,
    WINDOWS_1252, WINDOWS_1254, WINDOWS_1257,
};
use memchr::memchr;

use super::{Faults, faults, utf16, widest};

/// Bytes that are looked at, of those from the first on that is no ASCII.
pub const HEAD: usize = 1 << 20;

/// What bytes look like.
#[derive(Debug, PartialEq, Eq)]
pub enum Guess {
    /// All of them can be read, and are text.
    Is(&'static Encoding),
    /// All but a few can be.
    Damaged(&'static Encoding),
    /// The place of a control character that no text has.
    Binary(usize),
    /// No encoding makes text of them; this one was the likest.
    Unclear(&'static Encoding),
}

/// The encodings whose characters have several bytes, with the first bytes of those that texts are mostly made of.
pub const MULTIBYTE: [(&Encoding, [RangeInclusive<u8>; 2]); 5] = [
    (GB18030, [0xA1..=0xA3, 0xB0..=0xD7]),
    (BIG5, [0xA1..=0xA3, 0xA4..=0xC6]),
    (SHIFT_JIS, [0x81..=0x83, 0x88..=0x97]),
    (EUC_JP, [0xA1..=0xA5, 0xB0..=0xCF]),
    (EUC_KR, [0xA1..=0xA3, 0xB0..=0xC8]),
];

/// What the start of a text looks like; `whole` where it is all of it.
pub fn guess(head: &[u8], whole: bool) -> Guess {
    match std::str::from_utf8(head) {
        Ok(_) => return guess_utf8(head),
        // A character is cut where the head ends.
        Err(error) if error.error_len().is_none() && !whole => return guess_utf8(head),
        Err(_) => {}
    }
    if let Some(encoding) = utf16::order(head) {
        return Guess::Is(encoding);
    }
    let controls = Controls::find(head);
    if memchr(0, head).is_some() || controls.count * 500 > head.len() {
        return Guess::Binary(controls.first);
    }
    if utf8_share(head) > 0.6 {
        return Guess::Damaged(UTF_8);
    }
    guess_legacy(head, whole)
}

/// UTF-8, unless it is rather something whose bytes are all ASCII.
fn guess_utf8(head: &[u8]) -> Guess {
    let controls = Controls::find(head);
    if controls.count * 16 > head.len() {
        return utf16::order(head).map_or(Guess::Binary(controls.first), Guess::Is);
    }
    let escaped = memchr(0x1B, head).is_some() && head.is_ascii();
    if escaped && detected(head, true) == ISO_2022_JP && faults(head, ISO_2022_JP, false).count == 0
    {
        return Guess::Is(ISO_2022_JP);
    }
    Guess::Is(UTF_8)
}

fn guess_legacy(head: &[u8], whole: bool) -> Guess {
    let likest = detected(head, whole);
    let found = faults(head, likest, whole);
    if found.count == 0 && reads_well(&found.text, likest) {
        return Guess::Is(likest);
    }
    let mostly = MULTIBYTE
        .iter()
        .find_map(|(encoding, _)| Some((*encoding, few_faults(head, encoding, whole)?)));
    match mostly {
        Some((encoding, 0)) => Guess::Is(encoding),
        Some((encoding, _)) => Guess::Damaged(encoding),
        None => Guess::Unclear(likest),
    }
}

/// What the detector of browsers says; it has to say something.
fn detected(head: &[u8], whole: bool) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    detector.feed(head, whole);
    widest(detector.guess(None, Utf8Detection::Deny))
}

/// Of the bytes that are no ASCII, the share that is valid UTF-8.
fn utf8_share(head: &[u8]) -> f64 {
    let (mut valid, mut invalid) = (0, 0);
    for chunk in head.utf8_chunks() {
        valid += chunk
            .valid()
            .bytes()
            .filter(|byte| !byte.is_ascii())
            .count();
        invalid += chunk.invalid().len();
    }
    valid as f64 / (valid + invalid).max(1) as f64
}

/// Control characters that are no layout.
#[derive(Default)]
struct Controls {
    count: usize,
    first: usize,
}

impl Controls {
    fn find(bytes: &[u8]) -> Self {
        let layout = |byte: u8| matches!(byte, b'\t'..=b'\r' | 0x1A | 0x1B);
        let is_control = |&(_, &byte): &(usize, &u8)| byte < b' ' && !layout(byte);
        let mut found = bytes.iter().enumerate().filter(is_control);
        match found.next() {
            Some((first, _)) => Self {
                count: 1 + found.count(),
                first,
            },
            None => Self::default(),
        }
    }
}

/// Is what was read as an old encoding text? The detector falls back on Latin letters, so they must look like words.
pub fn reads_well(text: &str, encoding: &'static Encoding) -> bool {
    // GB18030 has all characters, these as well, and no byte that stands for one by mistake.
    let c1 = |c: char| ('\u{80}'..='\u{9F}').contains(&c) && encoding != GB18030;
    if text.contains(|c| c == '\0' || c1(c)) {
        return false;
    }
    let latin = [WINDOWS_1250, WINDOWS_1252, WINDOWS_1254, WINDOWS_1257];
    if latin.contains(&encoding) || encoding.name().starts_with("ISO-8859-") && !other_script(text)
    {
        return crowded_share(text) < 0.2;
    }
    true
}

/// Letters that are not Latin.
fn other_script(text: &str) -> bool {
    text.contains(|c: char| ('\u{370}'..='\u{1DFF}').contains(&c))
}

/// Of the characters that are no ASCII, the share of those that stand four and more in a row: in Latin script hardly any do.
fn crowded_share(text: &str) -> f64 {
    let (mut all, mut crowded) = (0, 0);
    for run in text.split(|c: char| c.is_ascii()) {
        let length = run.chars().count();
        all += length;
        crowded += if length >= 4 { length } else { 0 };
    }
    crowded as f64 / all.max(1) as f64
}

/// The number of places that can't be read as this, if all others can, and are such as texts have.
fn few_faults(head: &[u8], encoding: &'static Encoding, whole: bool) -> Option<usize> {
    let Faults {
        count, text, good, ..
    } = faults(head, encoding, whole);
    let characters = text.chars().filter(|c| !c.is_ascii()).count();
    // After a lost byte, all pairs are wrong up to the next ASCII character.
    let before = text.get(..good).unwrap_or_default();
    let share = common_share(&text, encoding).max(common_share(before, encoding));
    (count * 25 <= characters && share >= 0.85).then_some(count)
}

/// Of the characters that are no ASCII, the share of those that texts in this encoding are mostly made of.
fn common_share(text: &str, encoding: &'static Encoding) -> f64 {
    const SAMPLE: usize = 4000;
    let Some((_, common)) = MULTIBYTE.iter().find(|(other, _)| *other == encoding) else {
        return 0.0;
    };
    let sample = text.chars().filter(|c| !c.is_ascii()).take(SAMPLE);
    let (mut all, mut usual) = (0_u32, 0_u32);
    for c in sample {
        let mut utf8 = [0; 4];
        let (bytes, ..) = encoding.encode(c.encode_utf8(&mut utf8));
        let is_common = |first| common.iter().any(|range| range.contains(first));
        all += 1;
        usual += u32::from(bytes.first().is_some_and(is_common));
    }
    f64::from(usual) / f64::from(all.max(1))
}
