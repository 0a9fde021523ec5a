//! The slow reference for the one-pass fold. It does every step for the whole text before the next.

use std::collections::HashMap;

use caseless::Caseless;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfkc_quick};
use unicode_properties::{
    GeneralCategory as Gc, GeneralCategoryGroup as Group, UnicodeGeneralCategory,
};

use super::alphabets::Alphabet;
use super::edits::Edit;
use super::letters::{
    self, APOSTROPHES, CHILLU_TAIL, CHILLUS, ZWNJ, is_arabic, is_cyrillic, is_hangul_final,
    is_open_syllable, without_absorbed,
};
use super::phrases::{PHRASE_CLASSES, PHRASES};
use super::ranges::{
    CIRCLES, DEFAULT_IGNORABLE, DRAWN, HAN, TATWEEL, UNSPACED, VOCALISED, unify_radical, within,
};
use super::{hanja, lookalikes, respell, twice};

#[path = "../generate/han.rs"]
mod han;

pub(super) struct Reference {
    classes: han::Classes,
    /// Phrases and their replacements, by their first character.
    phrases: HashMap<char, Vec<(&'static str, &'static str)>>,
}

impl Reference {
    pub(super) fn new() -> Self {
        let mut phrases: HashMap<char, Vec<_>> = HashMap::new();
        for (phrase, class) in PHRASES.into_iter().zip(PHRASE_CLASSES) {
            let first = phrase.chars().next().unwrap();
            phrases.entry(first).or_default().push((phrase, class));
        }
        Self {
            classes: han::character_classes(),
            phrases,
        }
    }

    pub(super) fn fold(&self, text: &str) -> String {
        if let Some(restored) = twice::restored(text) {
            return self.fold(&restored.text);
        }
        let text = line_breaks(text);
        let text = text.replace("\u{AD}\n", "\u{2010}\n");
        let text = chillus(&text);
        let text = joiners(&text);
        let text: String = text.chars().filter(|&c| !is_transparent(c)).collect();
        let text: String = text.nfkc().collect();
        let text = join_words(&text);
        let text = text.chars().filter(|&c| !is_point(c) && c != TATWEEL);
        let text: String = without_absorbed(text.nfkc()).collect();
        let text: String = text.chars().map(unify_radical).collect();
        let text = circles(&text);
        let text: String = text
            .chars()
            .map(letters::plain)
            .default_case_fold()
            .nfkc()
            .collect();
        let latin = |c| {
            if is_cyrillic(c) {
                c
            } else {
                letters::representative(c)
            }
        };
        let text = alphabets(&text.chars().map(latin).nfkc().collect::<String>());
        let text: String = text.chars().map(letters::representative).nfkc().collect();
        let text: String = text.chars().map(digit).collect();
        let text = separators(&text);
        let text = self.classes.fold(&text);
        self.ideographs(&words(&text))
    }

    /// Replaces ideographs by Korean readings, or phrases by their classes.
    fn ideographs(&self, text: &str) -> String {
        let mut phrases = text.to_owned();
        while let folded = self.phrases(&phrases)
            && folded != phrases
        {
            phrases = folded;
        }
        let has = |first: char, last: char| text.chars().any(|c| (first..=last).contains(&c));
        let whole = Edit::new(0..text.len(), phrases.clone());
        if has('\u{A000}', '\u{D7FF}')
            && has('\u{3400}', '\u{9FFF}')
            && hanja::is_korean(text, &[whole])
        {
            return super::edits::apply(text, &hanja::edits(text));
        }
        phrases
    }

    fn phrases(&self, text: &str) -> String {
        let mut out = String::new();
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            let here = self.phrases.get(&c).into_iter().flatten();
            let here = here.filter(|(phrase, _)| rest.starts_with(phrase));
            match here.max_by_key(|(phrase, _)| phrase.len()) {
                Some((phrase, class)) => {
                    out.push_str(class);
                    rest = &rest[phrase.len()..];
                }
                None => {
                    out.push(c);
                    rest = &rest[c.len_utf8()..];
                }
            }
        }
        out
    }
}

/// Malayalam letters without a vowel, in their older spelling.
fn chillus(text: &str) -> String {
    CHILLUS
        .iter()
        .fold(text.to_owned(), |text, &(consonant, chillu)| {
            text.replace(&format!("{consonant}{CHILLU_TAIL}"), &chillu.to_string())
        })
}

/// Zero-width non-joiners between Arabic letters become spaces.
fn joiners(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let passed = |&c: &char| c != ZWNJ && (is_transparent(c) || is_point(c));
    let folded = chars.iter().enumerate().map(|(i, &c)| {
        let before = chars[..i].iter().rev().find(|c| !passed(c) && **c != ZWNJ);
        let arabic = |c: Option<&char>| c.is_some_and(|&c| is_arabic(c));
        if c == ZWNJ && arabic(before) && arabic(chars.get(i + 1)) {
            ' '
        } else {
            c
        }
    });
    folded.collect()
}

/// Cyrillic of four languages becomes Latin. The text must be composed and in lower case.
fn alphabets(text: &str) -> String {
    let Some(alphabet) = Alphabet::of_letters(text.chars()) else {
        return text.to_owned();
    };
    let mut out = String::new();
    let mut silent = false;
    for c in text.chars() {
        let latin = is_cyrillic(c).then(|| {
            let before = before_in_word(&out);
            let e = if c == 'ё' { 'е' } else { c };
            alphabet
                .latin(c, before)
                .or_else(|| alphabet.latin(e, before))
        });
        match latin.flatten() {
            Some(latin) => out.push_str(latin),
            None if silent && is_mark(c) => continue,
            None => out.push(c),
        }
        silent = latin.flatten() == Some("");
    }
    out.nfkc().collect()
}

/// The last letter or mark of a text, if the text ends within a word.
fn before_in_word(text: &str) -> Option<char> {
    let base = text.chars().rev().find(|&c| !is_mark(c))?;
    text.chars().next_back().filter(|_| class(base) == 1)
}

/// Replaces lookalikes in words, and syllables with two spellings.
fn words(text: &str) -> String {
    let text = super::edits::apply(text, &lookalikes::edits(text));
    super::edits::apply(&text, &respell::edits(&text, &respell::places(&text)))
}

fn line_breaks(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    text.replace(['\r', '\u{85}', '\u{2028}', '\u{2029}'], "\n")
}

fn is_transparent(c: char) -> bool {
    let gc = c.general_category();
    (gc == Gc::Control && !c.is_whitespace())
        || matches!(gc, Gc::Format | Gc::Unassigned | Gc::PrivateUse)
        || within(DEFAULT_IGNORABLE, c)
        || c == TATWEEL
        || (is_point(c) && is_nfkc_quick(std::iter::once(c)) == IsNormalized::Yes)
}

fn is_point(c: char) -> bool {
    (c.general_category() == Gc::NonspacingMark && within(VOCALISED, c)) || within(DRAWN, c)
}

fn is_mark(c: char) -> bool {
    c.general_category_group() == Group::Mark
}

fn is_kept(c: char) -> bool {
    let group = c.general_category_group();
    matches!(group, Group::Letter | Group::Mark | Group::Number) && !APOSTROPHES.contains(&c)
}

/// 0 for dropped characters and separators, 1 for letters, 2 for digits, 3 for scripts without spaces.
fn class(c: char) -> u8 {
    match c.general_category() {
        Gc::DecimalNumber => 2,
        _ if !is_kept(c) => 0,
        _ if within(HAN, c) || within(UNSPACED, c) => 3,
        _ => 1,
    }
}

fn is_blank(c: char) -> bool {
    matches!(c, '\t' | '\u{B}' | '\u{C}') || c.general_category() == Gc::SpaceSeparator
}

fn join_words(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::new();
    let mut i = 0;
    while i < chars.len() {
        let hyphen = matches!(chars[i], '-' | '\u{2010}');
        // U+0345 is a mark that case folding makes a letter.
        let is_base = |c: char| !is_mark(c) || c == '\u{345}';
        let base = chars[..i].iter().rev().find(|&&c| is_base(c));
        if hyphen && base.is_some_and(|&c| class(c) == 1) {
            let blanks = chars[i + 1..]
                .iter()
                .take_while(|&&c| is_blank(c) || c == '\n');
            let gap: Vec<char> = blanks.copied().collect();
            let breaks = gap.iter().filter(|&&c| c == '\n').count();
            let after = chars.get(i + 1 + gap.len());
            if breaks == 1 && after.is_some_and(|c| c.general_category() == Gc::LowercaseLetter) {
                i += 1 + gap.len();
                continue;
            }
        }
        out.push(chars[i]);
        i += 1;
    }
    out
}

fn circles(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let ideograph =
        |c: Option<&char>| c.is_some_and(|&c| within(HAN, c) && is_kept(c) && !is_mark(c));
    let zero = |i: usize| {
        let before = chars[..i].iter().rev().find(|c| !CIRCLES.contains(c));
        let after = chars[i..].iter().find(|c| !CIRCLES.contains(c));
        ideograph(before) && ideograph(after)
    };
    let folded = chars.iter().enumerate().map(|(i, &c)| match c {
        _ if CIRCLES.contains(&c) && zero(i) => '〇',
        _ => c,
    });
    folded.collect()
}

fn digit(c: char) -> char {
    if c.general_category() != Gc::DecimalNumber {
        return c;
    }
    let is_digit = |back: &u32| {
        char::from_u32(c as u32 - back).is_some_and(|c| c.general_category() == Gc::DecimalNumber)
    };
    let run = (0..).take_while(is_digit).count() as u32;
    char::from_digit((run - 1) % 10, 10).unwrap()
}

fn separators(text: &str) -> String {
    let mut out = String::new();
    let (mut last, mut gap) = (0, true);
    for c in text.chars() {
        if is_mark(c) && gap {
            continue;
        }
        if !is_kept(c) {
            gap = true;
            continue;
        }
        if gap && is_hangul_final(c) && out.chars().next_back().is_some_and(is_open_syllable) {
            continue;
        }
        let class = if is_mark(c) { last } else { class(c) };
        if gap && class == last && class != 3 {
            out.push(' ');
        }
        out.push(c);
        (last, gap) = (class, false);
    }
    out
}
