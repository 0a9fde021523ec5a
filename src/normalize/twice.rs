//! Was a text in UTF-8 read in a code page with one byte for each character, and encoded again? `é` became `Ã©`, `中` became `ä¸­`, `я`
//! became `СЏ`. Such a text is decoded before it is compared.
//!
//! A text counts as encoded twice if (nearly) all of its characters beyond ASCII can be decoded. Latin-1 counts as windows-1252: they
//! differ only in controls. The rows of the code pages are those of the WHATWG Encoding Standard.

use std::ops::Range;

/// The decoded text, with the way back to the text as it was given.
pub(super) struct Restored {
    pub(super) text: String,
    /// For each decoded character: its end in the decoded text, and its end in the given text.
    ends: Vec<(usize, usize)>,
}

impl Restored {
    /// The byte range of the given text for a byte range of the decoded text.
    pub(super) fn original(&self, restored: &Range<usize>) -> Range<usize> {
        self.place(restored.start)..self.place(restored.end)
    }

    fn place(&self, restored: usize) -> usize {
        let before = self.ends.partition_point(|end| end.0 <= restored);
        let last = before.checked_sub(1).map_or((0, 0), |last| self.ends[last]);
        last.1 + (restored - last.0)
    }
}

/// The decoded text, if `text` was encoded twice. Cost: for nearly all texts, a look at the first character beyond ASCII.
pub(super) fn restored(text: &str) -> Option<Restored> {
    let first = first_beyond_ascii(text.as_bytes())?;
    let pages = PAGES
        .iter()
        .filter_map(|page| Some((page.doubled(text, first)?, page)));
    // If the text can be read in two code pages, the one that leaves less of it is used; if they are equal, the first.
    let (_, page) = pages.rev().max_by_key(|&(doubled, _)| doubled)?;
    Some(page.restored(text))
}

/// The place of the first character beyond ASCII.
fn first_beyond_ascii(bytes: &[u8]) -> Option<usize> {
    const STEP: usize = 256;
    let step = bytes.chunks(STEP).position(|step| !step.is_ascii())?;
    let within = bytes[step * STEP..]
        .iter()
        .position(|byte| !byte.is_ascii())?;
    Some(step * STEP + within)
}

/// A code page: the characters of the bytes from 0x80 to 0xFF.
struct Page {
    characters: [char; 128],
}

/// Code pages in which UTF-8 is often misread.
static PAGES: [Page; 3] = [
    // windows-1252
    Page::new(
        "€\u{81}‚ƒ„…†‡ˆ‰Š‹Œ\u{8D}Ž\u{8F}\u{90}‘’“”•–—˜™š›œ\u{9D}žŸ\u{A0}¡¢£¤¥¦§¨©ª«¬\u{AD}®¯°±²³´µ¶·¸¹º»¼½¾¿\
         ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖ×ØÙÚÛÜÝÞßàáâãäåæçèéêëìíîïðñòóôõö÷øùúûüýþÿ",
    ),
    // windows-1251
    Page::new(
        "ЂЃ‚ѓ„…†‡€‰Љ‹ЊЌЋЏђ‘’“”•–—\u{98}™љ›њќћџ\u{A0}ЎўЈ¤Ґ¦§Ё©Є«¬\u{AD}®Ї°±Ііґµ¶·ё№є»јЅѕї\
         АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯабвгдежзийклмнопрстуфхцчшщъыьэюя",
    ),
    // windows-1250
    Page::new(
        "€\u{81}‚\u{83}„…†‡\u{88}‰Š‹ŚŤŽŹ\u{90}‘’“”•–—\u{98}™š›śťžź\u{A0}ˇ˘Ł¤Ą¦§¨©Ş«¬\u{AD}®Ż°±˛ł´µ¶·¸ąş»Ľ˝ľż\
         ŔÁÂĂÄĹĆÇČÉĘËĚÍÎĎĐŃŇÓÔŐÖ×ŘŮÚŰÜÝŢßŕáâăäĺćçčéęëěíîďđńňóôőö÷řůúűüýţ˙",
    ),
];

/// Maximum bytes of text for each sequence. In a longer clean text, a few sequences are quotations.
const MAX_BYTES_PER_SEQUENCE: usize = 2000;

impl Page {
    /// The code page of a row, whose characters must have two or three bytes in UTF-8.
    const fn new(row: &str) -> Self {
        let bytes = row.as_bytes();
        let mut characters = ['\0'; 128];
        let (mut at, mut nth) = (0, 0);
        while nth < 128 {
            let (lead, length) = match bytes[at] {
                lead @ 0xC0..0xE0 => (lead as u32 & 0x1F, 2),
                lead => (lead as u32 & 0x0F, 3),
            };
            let mut point = lead;
            let mut next = 1;
            while next < length {
                point = point << 6 | bytes[at + next] as u32 & 0x3F;
                next += 1;
            }
            if let Some(character) = char::from_u32(point) {
                characters[nth] = character;
            }
            at += length;
            nth += 1;
        }
        Self { characters }
    }

    /// Number of characters that were one byte of UTF-8 each, if (nearly) all characters beyond ASCII are such characters. `first` is the
    /// place of the first character beyond ASCII.
    fn doubled(&self, text: &str, first: usize) -> Option<usize> {
        self.sequence(&text[first..])?;
        let found = Found::in_text(self, text, first);
        let is_twice = found.doubled * 5 >= found.beyond * 4
            // Genuine words are only letters. So is a folded text, which is thus never decoded.
            && found.marked * 10 >= found.sequences
            && text.len() <= found.sequences * MAX_BYTES_PER_SEQUENCE
            && (found.sequences > 1
                || found.beyond == found.doubled && self.alone_is_enough(text, first));
        is_twice.then_some(found.doubled)
    }

    /// A single sequence of two characters may be chance, as in `IRMÃ”`. It counts only within or before small letters.
    fn alone_is_enough(&self, text: &str, first: usize) -> bool {
        let three = self
            .sequence(&text[first..])
            .is_some_and(|sequence| sequence.characters > 2);
        let before = text[..first].chars().next_back();
        let after = text[first..].chars().find(char::is_ascii);
        let small = |c: Option<char>| c.is_some_and(|c| c.is_ascii_lowercase());
        three || small(before) || (small(after) && !before.is_some_and(|c| c.is_ascii_uppercase()))
    }

    fn restored(&self, text: &str) -> Restored {
        let mut restored = Restored {
            text: String::with_capacity(text.len()),
            ends: Vec::new(),
        };
        let mut at = 0;
        while let Some(c) = text[at..].chars().next() {
            match self.sequence_with_spaces(&text[at..]) {
                Some(sequence) => {
                    at += sequence.length;
                    restored.text.push(sequence.was);
                    restored.ends.push((restored.text.len(), at));
                }
                None => {
                    at += c.len_utf8();
                    restored.text.push(c);
                }
            }
        }
        restored
    }

    /// The start of a text, if it is the UTF-8 of one character read in this code page.
    fn sequence(&self, text: &str) -> Option<Sequence> {
        self.sequence_of(text, |c| self.byte(c))
    }

    /// As [`sequence`](Self::sequence), if a no-break space, byte 0xA0, may have become a plain space.
    fn sequence_with_spaces(&self, text: &str) -> Option<Sequence> {
        self.sequence_of(text, |c| match c {
            ' ' => Some(0xA0),
            c => self.byte(c),
        })
    }

    fn sequence_of(&self, text: &str, byte: impl Fn(char) -> Option<u8>) -> Option<Sequence> {
        let mut bytes = [0; 4];
        let mut chars = text.char_indices();
        let (_, first) = chars.next()?;
        bytes[0] = byte(first).filter(|byte| (0xC2..0xF5).contains(byte))?;
        let characters = match bytes[0] {
            ..0xE0 => 2,
            0xE0..0xF0 => 3,
            _ => 4,
        };
        let mut sequence = Sequence {
            characters,
            length: first.len_utf8(),
            is_marked: !first.is_alphanumeric(),
            was: first,
        };
        for next in &mut bytes[1..characters] {
            let (at, c) = chars.next()?;
            *next = byte(c).filter(|byte| (0x80..0xC0).contains(byte))?;
            sequence.length = at + c.len_utf8();
            sequence.is_marked |= !c.is_alphanumeric();
        }
        let was = std::str::from_utf8(&bytes[..characters]).ok()?.chars();
        sequence.was = was.last().filter(|&c| is_usual(c))?;
        Some(sequence)
    }

    /// The byte of this code page for a character beyond ASCII. Bytes without a character are the controls with the same number.
    fn byte(&self, c: char) -> Option<u8> {
        let place = self.characters.iter().position(|&known| known == c);
        match (place, u32::from(c)) {
            (Some(place), _) => u8::try_from(place + 0x80).ok(),
            (None, control @ 0x80..0xA0) => u8::try_from(control).ok(),
            _ => None,
        }
    }
}

/// The characters that the bytes of one character became.
struct Sequence {
    characters: usize,
    /// Bytes of these characters.
    length: usize,
    /// Is one of them neither a letter nor a digit?
    is_marked: bool,
    was: char,
}

#[derive(Default)]
struct Found {
    sequences: usize,
    /// Sequences with a sign in them.
    marked: usize,
    /// Characters of all sequences.
    doubled: usize,
    /// All characters beyond ASCII.
    beyond: usize,
}

impl Found {
    fn in_text(page: &Page, text: &str, first: usize) -> Self {
        let mut found = Self::default();
        let mut rest = &text[first..];
        while let Some(c) = rest.chars().next() {
            let length = match page.sequence(rest) {
                Some(sequence) => {
                    found.sequences += 1;
                    found.marked += usize::from(sequence.is_marked);
                    found.doubled += sequence.characters;
                    found.beyond += sequence.characters;
                    sequence.length
                }
                // A sequence with a plain space may be one or not, so it does not count.
                None => match page.sequence_with_spaces(rest) {
                    Some(sequence) => sequence.length,
                    None => {
                        found.beyond += usize::from(!c.is_ascii());
                        c.len_utf8()
                    }
                },
            };
            rest = &rest[length..];
        }
        found
    }
}

/// Is it a character that texts have? Neighbouring letters and marks, such as `É”`, make others by chance.
fn is_usual(c: char) -> bool {
    matches!(u32::from(c),
        0xA0..=0x17F | 0x1A0..=0x1B0 | 0x218..=0x21B | 0x300..=0x323 | 0x386..=0x3CE | 0x400..=0x45F | 0x490..=0x491
        | 0x5D0..=0x5EA | 0x60C..=0x6D5 | 0x900..=0xEFF | 0x1E00..=0x1EFF | 0x2010..=0x203A | 0x20A0..=0x20BF
        | 0x2100..=0x22FF | 0x2460..=0x26FF | 0x3000..=0x30FF | 0x4E00..=0x9FFF | 0xAC00..=0xD7A3 | 0xFF01..=0xFFE5
        | 0x1F300..=0x1FAFF | 0x20000..=0x3FFFF)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normalize::Normalizer;

    /// UTF-8 read in a code page.
    fn misread(text: &str, page: &Page) -> String {
        let read = |byte: u8| match byte {
            0..0x80 => char::from(byte),
            _ => page.characters[usize::from(byte - 0x80)],
        };
        text.bytes().map(read).collect()
    }

    const TEXTS: [&str; 12] = [
        "入夏以来，白鹭江水位连日上涨。",
        "昨日、市役所の前で新しい橋の開通式が行われた。",
        "새 다리가 개통되어 많은 사람이 모였다.",
        "Вчера у ратуши открыли новый мост через реку.",
        "Χθες άνοιξε η καινούργια γέφυρα του ποταμού.",
        "Otwarto nowy most przez rzekę, droga krótsza",
        "Die neue Brücke über den Fluß wurde eröffnet, „endlich“, sagte die Bürgermeisterin",
        "Le chemin de l’école est réduit de moitié, à la joie de tous",
        "นี่คือสะพานใหม่หน้าศาลากลาง",
        "افتتح أمس الجسر الجديد",
        "אתמול נחנך הגשר החדש מול בית העירייה",
        "It’s half as long",
    ];

    #[test]
    fn a_text_that_was_encoded_twice_is_folded_as_what_it_was() {
        let normalizer = Normalizer::new();
        for text in TEXTS {
            assert!(restored(text).is_none(), "{text}");
            for page in &PAGES {
                let misread = misread(text, page);
                assert_eq!(
                    normalizer.fold(&misread),
                    normalizer.fold(text),
                    "{misread}"
                );
            }
            let latin1: String = text.bytes().map(char::from).collect();
            assert_eq!(normalizer.fold(&latin1), normalizer.fold(text), "{latin1}");
        }
        for short in ["café", "naïve", "中文", "état"] {
            let misread = misread(short, &PAGES[0]);
            assert_eq!(normalizer.fold(&misread), normalizer.fold(short));
        }
    }

    #[test]
    fn a_space_that_did_not_break_may_be_a_plain_one() {
        let text = "Le pont a été inauguré à midi, à la mairie";
        let misread = misread(text, &PAGES[0]).replace('\u{A0}', " ");
        assert_eq!(
            Normalizer::new().fold(&misread),
            Normalizer::new().fold(text)
        );
    }

    #[test]
    fn evidence_is_quoted_from_the_text_as_it_stands() {
        let misread = misread("un café noir", &PAGES[0]);
        let folded = Normalizer::new().fold_with_offsets(&misread);
        let word = folded.text.find("café").unwrap();
        let range = word..word + "café".len();
        let original = folded.offsets.original(range.clone());
        assert_eq!(&misread[original.clone()], "cafÃ©");
        assert_eq!(Normalizer::new().locate(&misread, &[range]), [original]);
    }

    #[test]
    fn genuine_text_is_left_alone() {
        let long = "plain ".repeat(2000);
        let genuine = [
            "«LIBERTÉ» et «ÉGALITÉ»",
            "IRMÃ”",
            "“MAÇÔ”",
            "À «\u{A0}BEAUTÉ\u{A0}»",
            "FÖRÄLDRAR”",
            "Đường đến trường ngắn đi một nửa",
            "£5 or €6",
            "Â",
            "1 Å ± 2 Ã",
            "ÚŽ, ĆŻ, ÚŻ",
            "éšž",
            "В „Вечер“ № 5, Србија, ђак и њива",
            "Р°",
            "It is called mojibake when é turns into Ã©. Le chemin de l’école est réduit de moitié.",
            &format!("{long}CafÃ© {long}"),
            "",
        ];
        for text in genuine {
            assert!(restored(text).is_none(), "{text}");
        }
    }
}
