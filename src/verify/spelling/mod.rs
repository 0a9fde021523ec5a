//! Do two editions write one word in two ways?
//!
//! There are three kinds of evidence, the surest first. The two words *stand for each other*: an abbreviation and the full word, or
//! two names of one place ([`pairs`]). They are one word by a *rule of spelling*: American endings for British ones, or lost
//! accents. They *sound alike*: the same consonants, and vowels that transcriptions exchange ([`sounds`], for Chinese [`signs`]).
//! Names of different people often sound alike too, so one such pair alone proves little.

mod pairs;
mod signs;
mod sounds;

use crate::normalize::is_unspaced;
use crate::verify::Letters;
use crate::verify::changes::Change;
use crate::verify::distance::distance;

/// Maximum letters of a change that may be a name or a few words.
const LONGEST: usize = 40;

/// Minimum letters of the longer word for words to be compared by sound.
const SHORTEST_SOUND: usize = 4;

/// The relation of a word of the left text to the word in its place in the right text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spelling {
    /// Another word, as far as the letters show.
    Other,
    /// A word that sounds alike.
    Alike,
    /// The same word.
    Same,
}

/// The spelling of the two sides of a change.
pub(super) fn spelling(left: &Letters, right: &Letters, change: &Change) -> Spelling {
    let Some([own, other]) = sides(left, right, change) else {
        return Spelling::Other;
    };
    if is_one_word(left, right, change) || american(own) == american(other) {
        return Spelling::Same;
    }
    let unspaced = own.iter().chain(other).copied().any(is_unspaced);
    let alike = if unspaced {
        signs::are_one_name(left.letters(), right.letters(), change)
    } else {
        own.len().max(other.len()) >= SHORTEST_SOUND && sounds::are_alike(own, other)
    };
    if alike {
        Spelling::Alike
    } else {
        Spelling::Other
    }
}

/// Are the two sides of a change one word, even if few of their letters agree?
pub(super) fn is_one_word(left: &Letters, right: &Letters, change: &Change) -> bool {
    sides(left, right, change).is_some_and(|[own, other]| {
        accents_are_lost(own, other)
            || pairs::stand_for_each_other(left.letters(), right.letters(), change)
    })
}

/// Both sides of a change, if it may be a word without numbers.
fn sides<'t>(left: &'t Letters, right: &'t Letters, change: &Change) -> Option<[&'t [char]; 2]> {
    let sides = [
        &left.letters()[change.0.clone()],
        &right.letters()[change.1.clone()],
    ];
    let is_word = |side: &&[char]| {
        (1..=LONGEST).contains(&side.len()) && !side.iter().any(char::is_ascii_digit)
    };
    sides.iter().all(is_word).then_some(sides)
}

/// Is one side the other without its accents? If both have accents, and these differ, they are two words, as in Vietnamese.
fn accents_are_lost(left: &[char], right: &[char]) -> bool {
    let bare = |side: &[char]| side.iter().all(char::is_ascii);
    match (bare(left), bare(right)) {
        (true, false) => is_bare(left, right),
        (false, true) => is_bare(right, left),
        _ => false,
    }
}

/// Are `plain` the letters of `accented` without accents? One accented letter may become two: ä becomes a or ae.
fn is_bare(plain: &[char], accented: &[char]) -> bool {
    let mut rest = plain;
    for &letter in accented {
        if let [first, behind @ ..] = rest
            && *first == letter
        {
            rest = behind;
            continue;
        }
        let base = sounds::base(letter);
        if rest.len() < base.len() || !base.chars().eq(rest[..base.len()].iter().copied()) {
            return false;
        }
        rest = &rest[base.len()..];
        // German ae, oe and ue; Danish and Norwegian aa for å and oe for ø.
        let second = match letter {
            'ä' | 'ö' | 'ü' | 'ø' => Some('e'),
            'å' => Some('a'),
            _ => None,
        };
        if second.is_some() && rest.first().copied() == second {
            rest = &rest[1..];
        }
    }
    rest.is_empty()
}

/// British endings with the American ones, in the order in which they are replaced (Webster, "An American Dictionary of the English
/// Language", 1828, and later editions).
const AMERICAN: &[(&str, &str)] = &[
    ("our", "or"),
    ("ogue", "og"),
    ("ise", "ize"),
    ("isa", "iza"),
    ("isi", "izi"),
    ("yse", "yze"),
    ("ysi", "yzi"),
    ("lled", "led"),
    ("lling", "ling"),
    ("ller", "ler"),
    ("ence", "ense"),
    ("aem", "em"),
    ("aed", "ed"),
    ("oed", "ed"),
    ("aes", "es"),
    ("oes", "es"),
];

/// A word as Americans spell it, or a form that is the same for all its spellings.
fn american(word: &[char]) -> String {
    let mut spelled: String = word.iter().collect();
    for (british, american) in AMERICAN {
        // The first letter is not part of an ending.
        let Some(first) = spelled.chars().next() else {
            return spelled;
        };
        let rest = spelled[first.len_utf8()..].replace(british, american);
        spelled = format!("{first}{rest}");
    }
    match spelled.strip_suffix("tre") {
        Some(stem) if !stem.is_empty() => format!("{stem}ter"),
        _ => spelled,
    }
}

/// Number of edits between two words, where i, j and y count as one letter.
fn edits(left: &[char], right: &[char]) -> usize {
    let plain = |word: &[char]| -> Vec<char> {
        let letters = word.iter().map(|&letter| match letter {
            'y' | 'j' => 'i',
            _ => letter,
        });
        letters.collect()
    };
    distance(&plain(left), &plain(right))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normalize::Normalizer;

    /// The spelling of the words between the common start and the common end of the two texts.
    fn spelled(left: &str, right: &str) -> Spelling {
        let folded = [left, right].map(|text| Normalizer::new().fold(text));
        let [left, right] = [0, 1].map(|side: usize| Letters::new(&folded[side]));
        let changes = crate::verify::changes::all_changes(&left, &right);
        let whole = (0..left.len(), 0..right.len());
        let change = match changes.as_slice() {
            [change] => change,
            _ => &whole,
        };
        spelling(&left, &right, change)
    }

    #[test]
    fn words_that_stand_for_each_other_are_the_same() {
        for (left, right) in [
            ("the fen power ltd has", "the fen power limited has"),
            ("at st. Mary", "at saint Mary"),
            ("in Peking they", "in Beijing they"),
            ("in Breslau leben", "in Wrocław leben"),
            ("他在悉尼的港口说", "他在雪梨的港口说"),
            ("总统特朗普星期二说", "总统川普星期二说"),
        ] {
            assert_eq!(spelled(left, right), Spelling::Same, "{left}, {right}");
        }
    }

    #[test]
    fn rules_of_spelling_leave_a_word_the_same() {
        for (left, right) in [
            ("colour", "color"),
            ("organisations", "organizations"),
            ("travelled", "traveled"),
            ("theatre", "theater"),
            ("catalogues", "catalogs"),
            ("défense", "defense"),
            ("Mädchen", "Maedchen"),
            ("Mädchen", "Madchen"),
            ("hådet", "haadet"),
        ] {
            assert_eq!(spelled(left, right), Spelling::Same, "{left}, {right}");
        }
    }

    #[test]
    fn names_in_another_transcription_sound_alike() {
        for (left, right) in [
            ("Kiev", "Kyiv"),
            ("Kharkov", "Kharkiv"),
            ("Tchaikovsky", "Chaikovskii"),
            ("Tchaikovsky", "Tschaikowski"),
            ("Yeltsin", "Jelzin"),
            ("Gorbachev", "Gorbatschow"),
            ("Muhammad", "Mohamed"),
            ("Zelensky", "Zelenskyy"),
            ("Smirnov", "Smirnoff"),
            ("Киргизия", "Кыргызия"),
            ("斯捷潘诺夫周三会见", "斯捷帕诺夫周三会见"),
            ("先生麦克唐纳在机场", "先生麦克唐诺在机场"),
        ] {
            assert_eq!(spelled(left, right), Spelling::Alike, "{left}, {right}");
        }
    }

    #[test]
    fn other_names_and_words_are_others() {
        for (left, right) in [
            ("Kiev", "Lviv"),
            ("Iran", "Iraq"),
            ("Anderson", "Andersen"),
            ("Guinea", "Guyana"),
            ("Austria", "Australia"),
            ("Niger", "Nigeria"),
            ("form", "from"),
            ("Fen", "Fenland"),
            ("mả", "mã"),
            ("版本12", "版本13"),
            ("今年河南省的雨", "今年湖南省的雨"),
            ("老师林文德周三会见", "老师林文达周三会见"),
            ("医生张伟周三说", "医生张强周三说"),
        ] {
            assert_eq!(spelled(left, right), Spelling::Other, "{left}, {right}");
        }
    }
}
