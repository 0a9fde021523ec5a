//! Which number, month or weekday does a word name?
//!
//! [`is_number`] is called for every word of every text. So it first tests a bit, which depends on the length and the ends of the
//! word.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::words::{LANGUAGES, Language};

/// The meaning of a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Name {
    Cardinal(u16),
    Ordinal(u16),
    /// Multiplies the number before it by this power of ten.
    Power(u16),
    /// Counted from 1.
    Month(u16),
    /// Counted from 1, Monday.
    Weekday(u16),
}

/// The names that a word may be: French `sept` is seven, English `Sept` is September.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Names {
    pub(super) number: Option<Meaning>,
    pub(super) month: Option<Meaning>,
    pub(super) weekday: Option<Meaning>,
}

/// A name, and whether its word has another meaning as well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Meaning {
    pub(super) name: Name,
    pub(super) is_weak: bool,
    /// Whether the word is no abbreviation.
    pub(super) is_full: bool,
}

/// A word of the tables.
struct Listed {
    bit: usize,
    word: &'static str,
    names: Names,
}

/// All words, ordered by their bits. Most bits have one word.
static NAMES: LazyLock<Vec<Listed>> = LazyLock::new(|| {
    let mut names = BTreeMap::new();
    for language in &LANGUAGES {
        for (name, words) in listed(language) {
            let words = words.split(' ').filter(|word| !word.is_empty());
            for (at, word) in words.enumerate() {
                add(&mut names, name, word, at == 0);
            }
        }
    }
    let mut listed: Vec<Listed> = names
        .into_iter()
        .map(|(word, names)| Listed {
            bit: bit_of(word.as_bytes()).unwrap_or(0),
            word,
            names,
        })
        .collect();
    listed.sort_by_key(|listed| listed.bit);
    listed
});

/// The names of a word with this bit.
#[inline(never)]
fn find(word: &str, bit: usize) -> Names {
    let first = NAMES.partition_point(|listed| listed.bit < bit);
    let mut of_bit = NAMES[first..].iter().take_while(|listed| listed.bit == bit);
    of_bit
        .find(|listed| listed.word == word)
        .map(|listed| listed.names)
        .unwrap_or_default()
}

/// All names of a language, each with its words.
fn listed(language: &Language) -> Vec<(Name, &'static str)> {
    let cardinals = language
        .cardinals
        .iter()
        .map(|&(n, words)| (Name::Cardinal(n), words));
    let ordinals = language
        .ordinals
        .iter()
        .map(|&(n, words)| (Name::Ordinal(n), words));
    let powers = language
        .powers
        .iter()
        .map(|&(n, words)| (Name::Power(n), words));
    let months = (1..)
        .zip(language.months)
        .map(|(n, words)| (Name::Month(n), words));
    let weekdays = (1..)
        .zip(language.weekdays)
        .map(|(n, words)| (Name::Weekday(n), words));
    let numbers = cardinals.chain(ordinals).chain(powers);
    numbers.chain(months).chain(weekdays).collect()
}

/// Adds a word. A word of two languages is weak if it is weak in either, and has the meaning of the first one.
fn add(names: &mut BTreeMap<&'static str, Names>, name: Name, word: &'static str, is_full: bool) {
    let plain = word.trim_end_matches('?');
    let of_word = names.entry(plain).or_default();
    let place = match name {
        Name::Month(_) => &mut of_word.month,
        Name::Weekday(_) => &mut of_word.weekday,
        _ => &mut of_word.number,
    };
    let meaning = place.get_or_insert(Meaning {
        name,
        is_weak: false,
        is_full,
    });
    meaning.is_weak |= plain != word;
}

/// The names of a folded word, in any language of the tables.
pub(super) fn names(word: &str) -> Names {
    let bit = bit_of(word.as_bytes());
    bit.filter(|&bit| is_set(&ALL, bit))
        .map(|bit| find(word, bit))
        .unwrap_or_default()
}

/// Does a word surely name a number, a month or a weekday?
#[inline]
pub(super) fn is_name(word: &str) -> bool {
    let bit = bit_of(word.as_bytes()).filter(|&bit| is_set(&SURE, bit));
    bit.is_some_and(|bit| is_sure(find(word, bit)))
}

fn is_sure(names: Names) -> bool {
    let all = [names.number, names.month, names.weekday];
    let mut known = all.into_iter().flatten();
    all.iter().any(Option::is_some) && known.all(|meaning| !meaning.is_weak)
}

/// Number of bits of the filter of words, as a power of two. One bit in forty is set.
const BITS: u32 = 15;

/// Maximum bytes of a word of the tables.
const LONGEST: usize = 32;

/// A bit for each word of the tables.
static ALL: Bits = bits(true);

/// A bit for each word of the tables without another meaning. One in fifty of other words has its bit set.
static SURE: Bits = bits(false);

type Bits = [u64; 1 << (BITS - 6)];

const fn bits(with_weak: bool) -> Bits {
    let mut bits = [0; 1 << (BITS - 6)];
    let mut at = 0;
    while at < LANGUAGES.len() {
        let language = &LANGUAGES[at];
        set_numbers(&mut bits, language.cardinals, with_weak);
        set_numbers(&mut bits, language.ordinals, with_weak);
        set_numbers(&mut bits, language.powers, with_weak);
        set_all(&mut bits, &language.months, with_weak);
        set_all(&mut bits, &language.weekdays, with_weak);
        at += 1;
    }
    bits
}

const fn set_numbers(bits: &mut Bits, numbers: &[(u16, &str)], with_weak: bool) {
    let mut at = 0;
    while at < numbers.len() {
        set(bits, numbers[at].1.as_bytes(), with_weak);
        at += 1;
    }
}

const fn set_all(bits: &mut Bits, names: &[&str], with_weak: bool) {
    let mut at = 0;
    while at < names.len() {
        set(bits, names[at].as_bytes(), with_weak);
        at += 1;
    }
}

/// Sets the bits of the words between spaces.
const fn set(bits: &mut Bits, words: &[u8], with_weak: bool) {
    let (mut start, mut at) = (0, 0);
    while at <= words.len() {
        if at == words.len() || words[at] == b' ' {
            let is_weak = at > start && words[at - 1] == b'?';
            let end = if is_weak { at - 1 } else { at };
            if end >= start + 2 && (with_weak || !is_weak) {
                let ends = [
                    words[start],
                    words[start + 1],
                    words[end - 2],
                    words[end - 1],
                ];
                let bit = bit(end - start, ends);
                bits[bit / 64] |= 1 << (bit % 64);
            }
            start = at + 1;
        }
        at += 1;
    }
}

/// The bit of a word with this number of bytes, and with these two bytes at each end.
#[inline]
const fn bit(length: usize, ends: [u8; 4]) -> usize {
    let key = u32::from_le_bytes(ends) ^ (length as u32) << 13;
    (key.wrapping_mul(0x9E37_79B1) >> (32 - BITS)) as usize
}

/// The bit of a word; none if it is longer than the words of the tables.
#[inline]
fn bit_of(word: &[u8]) -> Option<usize> {
    match *word {
        [a, b] => Some(bit(2, [a, b, a, b])),
        [a, b, c] => Some(bit(3, [a, b, b, c])),
        [a, b, .., c, d] if word.len() <= LONGEST => Some(bit(word.len(), [a, b, c, d])),
        _ => None,
    }
}

#[inline]
fn is_set(bits: &Bits, bit: usize) -> bool {
    bits[bit / 64] >> (bit % 64) & 1 != 0
}

/// Names of tens. German and Dutch write them after the unit, in one word, and Italian writes them before it.
const TENS: [(u16, [&str; 3]); 8] = [
    (20, ["zwanzig", "twintig", "venti"]),
    (30, ["dreissig", "dertig", "trenta"]),
    (40, ["vierzig", "veertig", "quaranta"]),
    (50, ["fünfzig", "vijftig", "cinquanta"]),
    (60, ["sechzig", "zestig", "sessanta"]),
    (70, ["siebzig", "zeventig", "settanta"]),
    (80, ["achtzig", "tachtig", "ottanta"]),
    (90, ["neunzig", "negentig", "novanta"]),
];

/// The value of a number from 21 to 99 that is written as one word: `einundzwanzig`, `eenentwintig`, `ventuno`.
pub(super) fn compound(word: &str) -> Option<u16> {
    // A letter decides most words.
    if word.len() < 7
        || !matches!(
            word.as_bytes(),
            [.., b'g'] | [b'v' | b't' | b'q' | b'c' | b's' | b'o' | b'n', ..]
        )
    {
        return None;
    }
    TENS.iter().find_map(|&(tens, [german, dutch, italian])| {
        let german = word
            .strip_suffix(german)
            .and_then(|unit| unit.strip_suffix("und"));
        let dutch = || {
            word.strip_suffix(dutch)
                .and_then(|unit| unit.strip_suffix("en").or(unit.strip_suffix("ën")))
        };
        let units = german.or_else(dutch).and_then(unit);
        Some(tens + units.or_else(|| italian_unit(word, italian))?)
    })
}

/// The unit after Italian tens. They lose their last vowel before another vowel: `ventuno`.
fn italian_unit(word: &str, tens: &str) -> Option<u16> {
    let stem = &tens[..tens.len() - 1];
    let rest = word.strip_prefix(stem)?;
    match rest {
        "uno" | "un" => Some(1),
        "otto" => Some(8),
        _ => unit(rest.strip_prefix(&tens[stem.len()..])?).filter(|&unit| unit != 1 && unit != 8),
    }
}

/// A number from one to nine. After Italian tens, three has an accent.
fn unit(word: &str) -> Option<u16> {
    match names(word).number.map(|number| number.name) {
        Some(Name::Cardinal(unit @ 1..=9)) => Some(unit),
        _ => (word == "tré").then_some(3),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normalize::Normalizer;

    #[test]
    fn every_word_is_found_in_its_folded_form() {
        let normalizer = Normalizer::new();
        for &Listed {
            word, names: named, ..
        } in NAMES.iter()
        {
            assert_eq!(normalizer.fold(word), word);
            assert_eq!(names(word), named, "{word}");
            assert_eq!(is_name(word), is_sure(named), "{word}");
        }
    }

    #[test]
    fn tables_are_in_the_order_of_their_values() {
        for language in &LANGUAGES {
            for numbers in [language.cardinals, language.ordinals, language.powers] {
                assert!(numbers.is_sorted_by(|a, b| a.0 < b.0), "{numbers:?}");
            }
        }
    }

    #[test]
    fn words_that_mean_something_else_as_well_are_no_sure_names() {
        for word in [
            "one", "may", "second", "ein", "un", "sei", "mar", "dez", "sat", "the", "jumble",
        ] {
            assert!(!is_name(word), "{word}");
        }
        for word in [
            "two",
            "july",
            "monday",
            "zwölf",
            "juillet",
            "марта",
            "يوليو",
        ] {
            assert!(is_name(word), "{word}");
        }
    }

    #[test]
    fn one_word_may_be_tens_and_a_unit() {
        let expected = [
            ("einundzwanzig", Some(21)),
            ("neunundneunzig", Some(99)),
            ("eenentwintig", Some(21)),
            ("tweeëndertig", Some(32)),
            ("ventuno", Some(21)),
            ("trentotto", Some(38)),
            ("quarantasei", Some(46)),
            ("ventitré", Some(23)),
            ("zwanzig", None),
            ("hundzwanzig", None),
        ];
        for (word, value) in expected {
            assert_eq!(compound(word), value, "{word}");
        }
    }
}
