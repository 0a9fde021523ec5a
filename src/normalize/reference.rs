//! The slow twin of the one-pass fold: every step over the whole text, one after the other.

use std::collections::HashMap;

use caseless::Caseless;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfkc_quick};
use unicode_properties::{
    GeneralCategory as Gc, GeneralCategoryGroup as Group, UnicodeGeneralCategory,
};

use super::phrases::{PHRASE_CLASSES, PHRASES};
use super::ranges::{
    CIRCLES, DEFAULT_IGNORABLE, HAN, TATWEEL, UNSPACED, VOCALISED, unify_radical, within,
};

#[path = "../generate/han.rs"]
mod han;

pub(super) struct Reference {
    classes: han::Classes,
    /// Phrases and what they become, by their first character.
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
        let text = line_breaks(text);
        let text = text.replace("\u{AD}\n", "\u{2010}\n");
        let text: String = text.chars().filter(|&c| !is_transparent(c)).collect();
        let text: String = text.nfkc().collect();
        let text = join_words(&text);
        let text: String = text
            .chars()
            .filter(|&c| !is_point(c) && c != TATWEEL)
            .collect();
        let text: String = text.chars().map(unify_radical).collect();
        let text = circles(&text);
        let text: String = text.chars().default_case_fold().nfkc().collect();
        let text: String = text.chars().map(digit).collect();
        let text = separators(&text);
        self.phrases(&self.classes.fold(&text))
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
    c.general_category() == Gc::NonspacingMark && within(VOCALISED, c)
}

fn is_mark(c: char) -> bool {
    c.general_category_group() == Group::Mark
}

fn is_kept(c: char) -> bool {
    let group = c.general_category_group();
    matches!(group, Group::Letter | Group::Mark | Group::Number)
}

/// 0 for nothing, 1 for letters, 2 for digits, 3 for scripts without spaces.
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
        let class = if is_mark(c) { last } else { class(c) };
        if gap && class == last && class != 3 {
            out.push(' ');
        }
        out.push(c);
        (last, gap) = (class, false);
    }
    out
}
