//! Which letters of another alphabet correspond to the letters of a language? Serbian, Uzbek, Kazakh and Azeri are printed in Cyrillic and
//! in Latin. A Cyrillic text is folded to the Latin letters of its language.
//!
//! Latin is the common form, because Latin text needs no guess. A text is in a language if it has letters that only this language has, and
//! hardly any letters that the language lacks. Letters that look like a Latin letter, and letters that a mark composes, are not counted, so
//! that a text, its folded form and its decomposed form give the same language. A text without telling letters does not change.
//!
//! Sources: Pravopis srpskoga jezika (2010); law of Uzbekistan on the alphabet (1993, amended 1995) and its spelling rules
//! (Cabinet of Ministers, No. 339, 1995); the Kazakh alphabet of January 2021 (the National Commission's improved table);
//! law of Azerbaijan on the alphabet (25 December 1991) and its Cyrillic of 1958.
#![allow(dead_code)] // the generator uses the tables only

/// First letter of the tables, and number of letters.
const FIRST: u32 = 0x400;
const LETTERS: usize = 0x130;

/// How often each letter occurs in a text.
type Counts = [u32; LETTERS];

#[derive(Debug)]
pub(crate) struct Alphabet {
    pub(crate) name: &'static str,
    /// Letters that show the language.
    telling: &'static str,
    /// Groups of letters. The text must have at least one letter of each group.
    needed: &'static [&'static str],
    /// Minimum number of telling letters for every hundred letters of the language, without uncertain letters.
    density: u32,
    rows: &'static [(char, &'static str)],
    /// Exceptions after a vowel, and in `initial` at the start of a word.
    after_vowel: &'static [(char, &'static str)],
    initial: &'static [(char, &'static str)],
}

const SERBIAN: Alphabet = Alphabet {
    name: "Serbian",
    telling: "ђћљњџј",
    needed: &["ђћљњџј", "бгджзлпфчш"],
    density: 0,
    rows: &[
        ('а', "a"),
        ('б', "b"),
        ('в', "v"),
        ('г', "g"),
        ('д', "d"),
        ('ђ', "đ"),
        ('е', "e"),
        ('ж', "ž"),
        ('з', "z"),
        ('и', "i"),
        ('ј', "j"),
        ('к', "k"),
        ('л', "l"),
        ('љ', "lj"),
        ('м', "m"),
        ('н', "n"),
        ('њ', "nj"),
        ('о', "o"),
        ('п', "p"),
        ('р', "r"),
        ('с', "s"),
        ('т', "t"),
        ('ћ', "ć"),
        ('у', "u"),
        ('ф', "f"),
        ('х', "h"),
        ('ц', "c"),
        ('ч', "č"),
        ('џ', "dž"),
        ('ш', "š"),
    ],
    after_vowel: &[],
    initial: &[],
};

/// An apostrophe is used for oʻ, gʻ and the tutuq belgisi. Like every apostrophe, it separates.
const UZBEK: Alphabet = Alphabet {
    name: "Uzbek",
    telling: "қғҳ",
    needed: &["ҳў", "қғҳ"],
    density: 0,
    rows: &[
        ('а', "a"),
        ('б', "b"),
        ('в', "v"),
        ('г', "g"),
        ('ғ', "g'"),
        ('д', "d"),
        ('е', "e"),
        ('ё', "yo"),
        ('ж', "j"),
        ('з', "z"),
        ('и', "i"),
        ('й', "y"),
        ('к', "k"),
        ('қ', "q"),
        ('л', "l"),
        ('м', "m"),
        ('н', "n"),
        ('о', "o"),
        ('п', "p"),
        ('р', "r"),
        ('с', "s"),
        ('т', "t"),
        ('у', "u"),
        ('ў', "o'"),
        ('ф', "f"),
        ('х', "x"),
        ('ҳ', "h"),
        ('ц', "s"),
        ('ч', "ch"),
        ('ш', "sh"),
        ('ъ', "'"),
        ('ь', ""),
        ('э', "e"),
        ('ю', "yu"),
        ('я', "ya"),
    ],
    after_vowel: &[('е', "ye"), ('ц', "ts")],
    initial: &[('е', "ye"), ('ь', "'")],
};

const KAZAKH: Alphabet = Alphabet {
    name: "Kazakh",
    telling: "қғңұүөә",
    needed: &["құ", "ңұүөә"],
    density: 10,
    rows: &[
        ('а', "a"),
        ('ә', "ä"),
        ('б', "b"),
        ('в', "v"),
        ('г', "g"),
        ('ғ', "ğ"),
        ('д', "d"),
        ('е', "e"),
        ('ё', "io"),
        ('ж', "j"),
        ('з', "z"),
        ('и', "i"),
        ('й', "i"),
        ('к', "k"),
        ('қ', "q"),
        ('л', "l"),
        ('м', "m"),
        ('н', "n"),
        ('ң', "ñ"),
        ('о', "o"),
        ('ө', "ö"),
        ('п', "p"),
        ('р', "r"),
        ('с', "s"),
        ('т', "t"),
        ('у', "u"),
        ('ұ', "ū"),
        ('ү', "ü"),
        ('ф', "f"),
        ('х', "h"),
        ('һ', "h"),
        ('ц', "ts"),
        ('ч', "tş"),
        ('ш', "ş"),
        ('щ', "ştş"),
        ('ъ', ""),
        ('ы', "y"),
        ('і', "ı"),
        ('ь', ""),
        ('э', "e"),
        ('ю', "iu"),
        ('я', "ia"),
    ],
    after_vowel: &[],
    initial: &[('ъ', "'"), ('ь', "'")],
};

const AZERI: Alphabet = Alphabet {
    name: "Azeri",
    telling: "ҹҝғәөүј",
    needed: &["ҹҝә", "ҹҝј"],
    density: 0,
    rows: &[
        ('а', "a"),
        ('б', "b"),
        ('в', "v"),
        ('г', "q"),
        ('ғ', "ğ"),
        ('д', "d"),
        ('е', "e"),
        ('ә', "ə"),
        ('ж', "j"),
        ('з', "z"),
        ('и', "i"),
        ('ы', "ı"),
        ('ј', "y"),
        ('й', "y"),
        ('к', "k"),
        ('ҝ', "g"),
        ('л', "l"),
        ('м', "m"),
        ('н', "n"),
        ('о', "o"),
        ('ө', "ö"),
        ('п', "p"),
        ('р', "r"),
        ('с', "s"),
        ('т', "t"),
        ('у', "u"),
        ('ү', "ü"),
        ('ф', "f"),
        ('х', "x"),
        ('һ', "h"),
        ('ч', "ç"),
        ('ҹ', "c"),
        ('ш', "ş"),
    ],
    after_vowel: &[],
    initial: &[],
};

pub(crate) static ALPHABETS: [Alphabet; 4] = [AZERI, KAZAKH, UZBEK, SERBIAN];

/// There may be one letter of other languages for this many telling letters, for example in a name or a quotation.
const FOREIGN: u32 = 10;

/// Is the letter uncertain evidence? Letters that look like a Latin letter, and letters that a mark composes, are: another writing of the
/// same text has others in their place.
fn is_uncertain(c: char) -> bool {
    "авекмнорстухіјѕһԁԛԝёй".contains(c)
        || matches!(u32::from(c), 0x450..=0x451 | 0x453 | 0x457 | 0x45C..=0x45E | 0x477 | 0x4C2 | 0x4D1..=0x4F9
            if !matches!(c, 'ә' | 'ө' | 'ӡ'))
        || (FIRST..0x430).contains(&u32::from(c))
}

impl Alphabet {
    /// The language of a text with these letters, if they show one. Letters must be lower case; other characters are ignored.
    pub(crate) fn of_letters(letters: impl Iterator<Item = char>) -> Option<&'static Self> {
        let mut counts = [0; LETTERS];
        for c in letters {
            if let Some(count) = counts.get_mut(place(c)) {
                *count += 1;
            }
        }
        ALPHABETS
            .iter()
            .find(|alphabet| alphabet.is_told_by(&counts))
    }

    fn is_told_by(&self, counts: &Counts) -> bool {
        let sum = |letters: &str| letters.chars().map(|c| counts[place(c)]).sum::<u32>();
        let telling = sum(self.telling);
        let (mut own, mut foreign) = (0, 0);
        for c in letters().filter(|&c| counts[place(c)] > 0 && !is_uncertain(c)) {
            let is_own = self.rows.iter().any(|&(row, _)| row == c);
            *if is_own { &mut own } else { &mut foreign } += counts[place(c)];
        }
        self.needed.iter().all(|group| sum(group) > 0)
            && u64::from(foreign) * u64::from(FOREIGN) <= u64::from(telling)
            && u64::from(telling) * 100 >= u64::from(own) * u64::from(self.density)
    }

    /// The Latin letters for a Cyrillic letter (lower case) after the letter `before` of the same word.
    pub(crate) fn latin(&self, c: char, before: Option<char>) -> Option<&'static str> {
        let find = |rows: &'static [(char, &'static str)]| {
            rows.iter()
                .find(|&&(row, _)| row == c)
                .map(|&(_, latin)| latin)
        };
        let special = match before {
            None => find(self.initial),
            Some(before) if "aeiou".contains(before) => find(self.after_vowel),
            Some(_) => None,
        };
        special.or_else(|| find(self.rows))
    }
}

fn letters() -> impl Iterator<Item = char> {
    (FIRST..FIRST + LETTERS as u32).filter_map(char::from_u32)
}

/// The index of a Cyrillic letter in the tables.
fn place(c: char) -> usize {
    u32::from(c).wrapping_sub(FIRST) as usize
}

/// May a text with these bytes have letters that show a language? Most texts pass at the speed of memory: only texts in the four languages,
/// and those with letters that NFKC may make Cyrillic, have such bytes.
pub(crate) fn may_tell(text: &[u8]) -> bool {
    let within = |byte: u8, first: u8, last: u8| u8::from(byte.wrapping_sub(first) <= last - first);
    // Ђ Ј Љ Њ Ћ Џ, small and capital; the letters from U+0480 on; the plane of raised and lowered letters.
    let telling = |(&a, &b): (&u8, &u8)| {
        let small = within(a, 0xD1, 0xD1) & (within(b, 0x92, 0x92) | within(b, 0x98, 0x9F));
        let capital = within(a, 0xD0, 0xD0) & within(b, 0x80, 0x8F);
        small | capital | within(a, 0xD2, 0xD3) | within(a, 0xF0, 0xF0) & within(b, 0x9E, 0x9E)
    };
    let pairs = |text: &[u8]| {
        text.iter()
            .zip(&text[1..])
            .fold(0, |any, pair| any | telling(pair))
            != 0
    };
    // The steps overlap by one byte, so that no pair is cut.
    const STEP: usize = 1024;
    (0..text.len().saturating_sub(1))
        .step_by(STEP)
        .any(|start| pairs(&text[start..text.len().min(start + STEP + 1)]))
}

/// May a text with these bytes have marks that compose with Cyrillic letters (U+0300 to U+036F)?
pub(crate) fn may_be_decomposed(text: &[u8]) -> bool {
    let is_first = |byte: &u8| u8::from(byte.wrapping_sub(0xCC) < 2);
    text.chunks(1024)
        .any(|step| step.iter().fold(0, |any, byte| any | is_first(byte)) != 0)
}
