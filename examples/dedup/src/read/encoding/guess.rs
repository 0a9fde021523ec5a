//! In which encoding are bytes that have no byte order mark?

use std::ops::RangeInclusive;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{
    BIG5, EUC_JP, EUC_KR, Encoding, GB18030, ISO_2022_JP, SHIFT_JIS, UTF_8, WINDOWS_1250,
    WINDOWS_1252, WINDOWS_1254, WINDOWS_1257,
};
use memchr::memchr;

use super::{Faults, faults, utf16, widest};

/// Number of bytes that the guess looks at. In a stream, they are counted from the first read that is not only ASCII.
pub const HEAD: usize = 1 << 20;

/// The result of a guess.
#[derive(Debug, PartialEq, Eq)]
pub enum Guess {
    /// All bytes are valid in this encoding and read like text.
    Is(&'static Encoding),
    /// All bytes except a few are valid in this encoding.
    Damaged(&'static Encoding),
    /// Not text: the position of the first control character that texts do not contain.
    Binary(usize),
    /// The bytes do not read like text in any encoding; this encoding was the likeliest.
    Unclear(&'static Encoding),
}

/// The encodings whose characters have several bytes, and the first bytes of the characters that most texts consist of.
pub const MULTIBYTE: [(&Encoding, [RangeInclusive<u8>; 2]); 5] = [
    (GB18030, [0xA1..=0xA3, 0xB0..=0xD7]),
    (BIG5, [0xA1..=0xA3, 0xA4..=0xC6]),
    (SHIFT_JIS, [0x81..=0x83, 0x88..=0x97]),
    (EUC_JP, [0xA1..=0xA5, 0xB0..=0xCF]),
    (EUC_KR, [0xA1..=0xA3, 0xB0..=0xC8]),
];

/// Guesses the encoding from the start of a text; `whole` if the start is the whole text.
pub fn guess(head: &[u8], whole: bool) -> Guess {
    match std::str::from_utf8(head) {
        Ok(_) => return guess_utf8(head),
        // Only a character at the end of the head is cut off.
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

/// The guess for valid UTF-8. It is UTF-8 unless the bytes look like UTF-16, ISO-2022-JP or binary data.
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

/// The guess of the detector that browsers use. It always returns an encoding.
fn detected(head: &[u8], whole: bool) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    detector.feed(head, whole);
    widest(detector.guess(None, Utf8Detection::Deny))
}

/// The share of valid UTF-8 among the bytes that are not ASCII.
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

/// Control characters other than those for layout.
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

/// Whether text decoded from a legacy encoding reads like text. The detector falls back on Latin encodings, so Latin letters
/// must look like words.
pub fn reads_well(text: &str, encoding: &'static Encoding) -> bool {
    // GB18030 encodes all characters, including these, and none of its bytes becomes one of them by mistake.
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

/// Whether the text has letters that are not Latin.
fn other_script(text: &str) -> bool {
    text.contains(|c: char| ('\u{370}'..='\u{1DFF}').contains(&c))
}

/// The share of characters in runs of four or more, among the characters that are not ASCII. In Latin script hardly any are
/// in such runs.
fn crowded_share(text: &str) -> f64 {
    let (mut all, mut crowded) = (0, 0);
    for run in text.split(|c: char| c.is_ascii()) {
        let length = run.chars().count();
        all += length;
        crowded += if length >= 4 { length } else { 0 };
    }
    crowded as f64 / all.max(1) as f64
}

/// The number of invalid places, if there are only a few and the other characters are those of usual texts.
fn few_faults(head: &[u8], encoding: &'static Encoding, whole: bool) -> Option<usize> {
    let Faults {
        count, text, good, ..
    } = faults(head, encoding, whole);
    let characters = text.chars().filter(|c| !c.is_ascii()).count();
    // After a lost byte, all pairs are wrong until the next ASCII character.
    let before = text.get(..good).unwrap_or_default();
    let share = common_share(&text, encoding).max(common_share(before, encoding));
    (count * 25 <= characters && share >= 0.85).then_some(count)
}

/// The share of the usual characters of this encoding, among the characters that are not ASCII.
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
