//! Which letters are written for one another in editions of a text, whatever the language? Facts about single letters and their marks.
//!
//! The table generator (`src/generate`), the slow reference and the fold read this file, so that each fact is written only once.
#![allow(dead_code)] // no reader needs all of them

use unicode_normalization::char::{canonical_combining_class, decompose_canonical};

/// Classes of letters. The first letter represents the class. All are lower case and composed.
pub(crate) const CLASSES: &[(char, &str)] = &[
    // Arabic script. Persian, Urdu and Arabic keyboards have different letters for yeh, kaf and heh (Unicode Standard, 9.2). Editors omit
    // the hamza and madda of an alef. Teh marbuta and yeh barree are other letters.
    ('ي', "یى"),
    ('ك', "ک"),
    ('ه', "ہھەۀۂ"),
    ('ة', "ۃ"),
    ('ا', "أإآٱ"),
    // Romanian has commas below. ISO 8859-2 and old fonts had only cedillas (Unicode Standard, 7.1).
    ('ş', "ș"),
    ('ţ', "ț"),
    // Russian prints ё as е (Rules of Russian Orthography, 1956, § 10).
    ('е', "ё"),
    // Small capitals that are written for plain letters, from Phonetic Extensions and Latin Extended-D, by their names.
    ('a', "ᴀ"),
    ('b', "ʙ"),
    ('c', "ᴄ"),
    ('d', "ᴅ"),
    ('e', "ᴇ"),
    ('f', "ꜰ"),
    ('g', "ɢ"),
    ('h', "ʜ"),
    ('i', "ɪ"),
    ('j', "ᴊ"),
    ('k', "ᴋ"),
    ('l', "ʟ"),
    ('m', "ᴍ"),
    ('n', "ɴ"),
    ('o', "ᴏ"),
    ('p', "ᴘ"),
    ('q', "ꞯ"),
    ('r', "ʀ"),
    ('s', "ꜱ"),
    ('t', "ᴛ"),
    ('u', "ᴜ"),
    ('v', "ᴠ"),
    ('w', "ᴡ"),
    ('y', "ʏ"),
    ('z', "ᴢ"),
];

/// Apostrophes that Unicode counts as letters. Writers use quotation marks instead of them (Uzbek oʻ, Ukrainian пʼять).
pub(crate) const APOSTROPHES: [char; 2] = ['\u{2BB}', '\u{2BC}'];

/// The Malayalam consonants that have a form without a vowel, each with this form (Unicode Standard, 12.9). Before Unicode 5.1, it was
/// written as the consonant, virama and ZERO WIDTH JOINER.
pub(crate) const CHILLUS: [(char, char); 6] = [
    ('\u{D23}', '\u{D7A}'),
    ('\u{D28}', '\u{D7B}'),
    ('\u{D30}', '\u{D7C}'),
    ('\u{D32}', '\u{D7D}'),
    ('\u{D33}', '\u{D7E}'),
    ('\u{D15}', '\u{D7F}'),
];
pub(crate) const CHILLU_TAIL: &str = "\u{D4D}\u{200D}";

/// Vietnamese letters with the tone on the first vowel of `oa`, `oe` and `uy`, which is one of the two ways to print it.
pub(crate) const TONED: [char; 10] = ['ò', 'ó', 'ỏ', 'õ', 'ọ', 'ù', 'ú', 'ủ', 'ũ', 'ụ'];

pub(crate) const ZWNJ: char = '\u{200C}';

pub(crate) fn is_greek(c: char) -> bool {
    matches!(c, '\u{370}'..='\u{373}' | '\u{376}'..='\u{377}' | '\u{37B}'..='\u{37D}' | '\u{37F}'
        | '\u{386}' | '\u{388}'..='\u{3E1}' | '\u{3F3}' | '\u{3F7}'..='\u{3FF}' | '\u{1F00}'..='\u{1FBC}'
        | '\u{1FC2}'..='\u{1FCC}' | '\u{1FD0}'..='\u{1FDB}' | '\u{1FE0}'..='\u{1FEC}' | '\u{1FF2}'..='\u{1FFC}')
}

pub(crate) fn is_cyrillic(c: char) -> bool {
    matches!(c, '\u{400}'..='\u{481}' | '\u{48A}'..='\u{52F}')
}

/// Is it a letter of the Arabic script? Presentation forms count.
pub(crate) fn is_arabic(c: char) -> bool {
    matches!(c, '\u{620}'..='\u{63F}' | '\u{641}'..='\u{64A}' | '\u{66E}'..='\u{66F}' | '\u{671}'..='\u{6D3}' | '\u{6D5}'
        | '\u{6EE}'..='\u{6EF}' | '\u{6FA}'..='\u{6FC}' | '\u{6FF}' | '\u{750}'..='\u{77F}' | '\u{8A0}'..='\u{8B4}'
        | '\u{FB50}'..='\u{FBB1}' | '\u{FBD3}'..='\u{FC5D}' | '\u{FC64}'..='\u{FD3D}' | '\u{FE80}'..='\u{FEFC}')
}

/// Is it a final consonant of hangul as a separate letter?
pub(crate) fn is_hangul_final(c: char) -> bool {
    matches!(c, '\u{11A8}'..='\u{11C2}')
}

/// Is it a syllable of hangul without a final consonant (Unicode Standard, 3.12)?
pub(crate) fn is_open_syllable(c: char) -> bool {
    ('\u{AC00}'..='\u{D7A3}').contains(&c) && (u32::from(c) - 0xAC00).is_multiple_of(28)
}

/// `c` without the marks that editions of its script may omit. Greek: capitals have no accents; the monotonic orthography of 1982 has
/// neither breathings nor iotas below, and has one accent instead of three, on fewer words. Turkish: the dot of İ, which becomes that of i.
pub(crate) fn plain(c: char) -> char {
    match c {
        'İ' => 'i',
        _ if is_greek(c) => first_of_decomposition(c),
        _ => c,
    }
}

fn first_of_decomposition(c: char) -> char {
    let mut first = None;
    decompose_canonical(c, |d| first = first.or(Some(d)));
    first.unwrap_or(c)
}

/// Does `mark` leave no trace on the composed letter `base`? Then it leaves none in a composed letter either.
fn absorbs(base: char, mark: char) -> bool {
    match base {
        'i' | 'I' | 'İ' => mark == '\u{307}',
        'е' | 'Е' | 'ё' | 'Ё' => mark == '\u{308}',
        _ if is_greek(base) => matches!(
            mark,
            '\u{300}'
                | '\u{301}'
                | '\u{304}'
                | '\u{306}'
                | '\u{308}'
                | '\u{313}'
                | '\u{314}'
                | '\u{342}'
                | '\u{345}'
        ),
        _ => false,
    }
}

/// Drops the marks that leave no trace from a composed text.
pub(crate) fn without_absorbed(composed: impl Iterator<Item = char>) -> impl Iterator<Item = char> {
    let mut base = '\0';
    composed.filter(move |&c| {
        if canonical_combining_class(c) == 0 {
            base = c;
            return true;
        }
        !absorbs(base, c)
    })
}

/// The letter that represents the class of `c`.
pub(crate) fn representative(c: char) -> char {
    if c.is_ascii() {
        return c;
    }
    let class = CLASSES.iter().find(|(_, others)| others.contains(c));
    class.map_or(c, |&(first, _)| first)
}
