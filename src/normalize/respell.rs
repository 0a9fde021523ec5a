//! Which syllables have two spellings? Vietnamese ones with the tone on either vowel, and Thai ones with signs doubled or in another order.

use unicode_normalization::char::canonical_combining_class;

use super::edits::Edit;
use super::letters::TONED;

/// The edits to the preferred spelling at these places (ascending), where there is another one.
pub(super) fn edits(text: &str, places: &[usize]) -> Vec<Edit> {
    let mut edits: Vec<Edit> = Vec::new();
    for &place in places {
        let free = edits.last().is_none_or(|edit| edit.end <= place);
        if free && let Some(edit) = edit_at(text, place) {
            edits.push(edit);
        }
    }
    edits
}

fn edit_at(text: &str, place: usize) -> Option<Edit> {
    let rest = text.get(place..)?;
    match rest.chars().next()? {
        SARA_E => sara_ae(rest, place),
        c if is_thai_sign(c) => thai_signs(text, place),
        c => tone(rest, place, c),
    }
}

/// May another spelling start with this folded character?
fn may_start(c: char) -> bool {
    !c.is_ascii() && (c == SARA_E || is_thai_sign(c) || TONED.contains(&c))
}

/// All places where another spelling may start.
pub(super) fn places(text: &str) -> Vec<usize> {
    let places = text.char_indices().filter(|&(_, c)| may_start(c));
    places.map(|(at, _)| at).collect()
}

/// `oa`, `oe`, `uy` with the tone on the first vowel, and with it on the second vowel as in school books (Ministry of Education, decision
/// 240/QĐ, 1984).
const TONES: [(&str, &str); 15] = [
    ("òa", "oà"),
    ("óa", "oá"),
    ("ỏa", "oả"),
    ("õa", "oã"),
    ("ọa", "oạ"),
    ("òe", "oè"),
    ("óe", "oé"),
    ("ỏe", "oẻ"),
    ("õe", "oẽ"),
    ("ọe", "oẹ"),
    ("ùy", "uỳ"),
    ("úy", "uý"),
    ("ủy", "uỷ"),
    ("ũy", "uỹ"),
    ("ụy", "uỵ"),
];

/// The tone has two places only at the end of a syllable: `toán` has one.
fn tone(rest: &str, place: usize, first: char) -> Option<Edit> {
    let second = first.len_utf8();
    let (old, new) = TONES.iter().find(|(old, _)| rest.starts_with(old))?;
    debug_assert_eq!(old.len(), second + 1);
    let goes_on = rest[old.len()..]
        .chars()
        .next()
        .is_some_and(|c| c != ' ' && !c.is_ascii_digit());
    (!goes_on).then(|| Edit::new(place..place + old.len(), *new))
}

pub(super) const SARA_E: char = '\u{E40}';
const NIKHAHIT: char = '\u{E4D}';

/// Two SARA E look like SARA AE.
fn sara_ae(rest: &str, place: usize) -> Option<Edit> {
    const TWO: &str = "\u{E40}\u{E40}";
    rest.starts_with(TWO)
        .then(|| Edit::new(place..place + TWO.len(), "\u{E41}"))
}

/// Is it NIKHAHIT, or a sign that is written above it?
pub(super) fn is_thai_sign(c: char) -> bool {
    matches!(c, '\u{E47}'..='\u{E4D}')
}

/// Maximum signs of a syllable. Longer runs of signs are not text.
const MAX_SIGNS: usize = 8;

/// The signs of a syllable, each once, and NIKHAHIT last as in the decomposition of SARA AM after a tone mark.
fn thai_signs(text: &str, place: usize) -> Option<Edit> {
    // After another mark, normalisation has already ordered them.
    let before = text[..place].chars().next_back();
    if before.is_some_and(|c| is_thai_sign(c) || canonical_combining_class(c) != 0) {
        return None;
    }
    let signs = text[place..].chars().take_while(|&c| is_thai_sign(c));
    let signs: Vec<char> = signs.take(MAX_SIGNS + 1).collect();
    if signs.len() > MAX_SIGNS {
        return None;
    }
    let mut in_order: Vec<char> = signs.iter().copied().filter(|&c| c != NIKHAHIT).collect();
    if in_order.len() < signs.len() {
        in_order.push(NIKHAHIT);
    }
    in_order.dedup();
    let length = signs.iter().map(|c| c.len_utf8()).sum::<usize>();
    (in_order != signs).then(|| Edit::new(place..place + length, String::from_iter(in_order)))
}
