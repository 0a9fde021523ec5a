//! Do two words in an alphabet sound alike, as two transcriptions of one name do?
//!
//! Transcriptions keep the consonants, but write them in different ways (Tchaikovsky, Chaikovskii), and they differ in vowels
//! (Kiev, Kyiv). Words are compared by their consonants, each reduced to one of a few classes, and by the vowels between them.

use unicode_normalization::UnicodeNormalization;

use super::edits;

/// Minimum consonants of a word for their order not to be an accident, and minimum for up to half of its letters to differ.
const MIN_CONSONANTS: usize = 2;
const MANY_CONSONANTS: usize = 3;

/// A letter without its marks: ä is a, ł is l, æ is ae.
pub(super) fn base(letter: char) -> String {
    match letter {
        'ø' => "o".to_owned(),
        'ł' => "l".to_owned(),
        'đ' | 'ð' => "d".to_owned(),
        'ı' => "i".to_owned(),
        'æ' => "ae".to_owned(),
        'œ' => "oe".to_owned(),
        'þ' => "th".to_owned(),
        _ => std::iter::once(letter).nfd().take(1).collect(),
    }
}

/// Latin letters for the Cyrillic ones, as far as their sound matters.
const CYRILLIC: [&str; 32] = [
    "a", "b", "v", "g", "d", "e", "zh", "z", "i", "i", "k", "l", "m", "n", "o", "p", "r", "s", "t",
    "u", "v", "kh", "ts", "ch", "sh", "sh", "", "y", "", "e", "iu", "ia",
];

fn latin(letter: char) -> String {
    let cyrillic = u32::from(letter).checked_sub(u32::from('а'));
    match cyrillic.and_then(|at| CYRILLIC.get(at as usize)) {
        Some(latin) => (*latin).to_owned(),
        None if letter == 'є' => "ie".to_owned(),
        None if matches!(letter, 'і' | 'ї') => "i".to_owned(),
        None if letter == 'ґ' => "g".to_owned(),
        None => base(letter),
    }
}

/// Consonants that are written with several letters, with their class; the longest first.
const SEVERAL: [(&str, &str); 20] = [
    ("tsch", "č"),
    ("tch", "č"),
    ("tsh", "č"),
    ("sch", "š"),
    ("ch", "č"),
    ("cz", "č"),
    ("ck", "k"),
    ("dh", "d"),
    ("ff", "v"),
    ("gh", "g"),
    ("kh", "k"),
    ("ph", "v"),
    ("rh", "r"),
    ("sh", "š"),
    ("sz", "š"),
    ("th", "t"),
    ("ts", "s"),
    ("tz", "s"),
    ("zh", "š"),
    ("x", "ks"),
];

/// The classes of consonants, and the vowels before each and after the last.
#[derive(Default)]
struct Sounds {
    consonants: Vec<char>,
    vowels: Vec<String>,
    open: String,
}

impl Sounds {
    fn of(word: &[char]) -> Self {
        let spelled: String = word.iter().map(|&letter| latin(letter)).collect();
        let mut sounds = Self::default();
        let mut rest = spelled.as_str();
        while let Some(letter) = rest.chars().next() {
            let several = SEVERAL
                .iter()
                .find(|(letters, _)| rest.starts_with(letters));
            let length = several.map_or(letter.len_utf8(), |(letters, _)| letters.len());
            let is_first = rest.len() == spelled.len();
            rest = &rest[length..];
            match (several, letter) {
                (Some((_, classes)), _) => {
                    classes.chars().for_each(|class| sounds.consonant(class))
                }
                (None, 'a' | 'e' | 'i' | 'o' | 'u') => sounds.open.push(letter),
                (None, 'y' | 'j') => sounds.open.push('i'),
                (None, 'h') if !is_first => {}
                (None, 'c') if rest.starts_with(['e', 'i', 'y']) => sounds.consonant('s'),
                (None, 'c' | 'q') => sounds.consonant('k'),
                (None, 'f' | 'w') => sounds.consonant('v'),
                (None, 'z') => sounds.consonant('s'),
                (None, _) => sounds.consonant(letter),
            }
        }
        let last = std::mem::take(&mut sounds.open);
        sounds.vowels.push(last);
        sounds
    }

    /// Adds a consonant; a doubled one counts once.
    fn consonant(&mut self, class: char) {
        if self.open.is_empty() && self.consonants.last() == Some(&class) {
            return;
        }
        self.consonants.push(class);
        self.vowels.push(std::mem::take(&mut self.open));
    }
}

/// May transcriptions of one consonant have these two classes?
fn is_one_consonant(left: char, right: char) -> bool {
    left == right
        || matches!(
            (left, right),
            ('č', 'k') | ('k', 'č') | ('š', 's') | ('s', 'š')
        )
}

/// May transcriptions of one sound have these vowels? O may replace e only `after_hush`, after č and š, where Russian has ё. Elsewhere these
/// two distinguish names (Anderson, Andersen).
fn are_one_sound(left: &str, right: &str, after_hush: bool) -> bool {
    if left == right || left.chars().any(|vowel| right.contains(vowel)) {
        return true;
    }
    let (shorter, longer) = if left.len() <= right.len() {
        (left, right)
    } else {
        (right, left)
    };
    // E and i are left out where they are hardly heard.
    if shorter.is_empty() {
        return matches!(longer, "e" | "i");
    }
    let exchanged = |a: char, b: char| match (a.min(b), a.max(b)) {
        ('a', 'e' | 'o' | 'u') | ('e' | 'o', 'i') | ('i', 'o') | ('o', 'u') => true,
        ('e', 'o') => after_hush,
        _ => false,
    };
    left.chars().any(|a| right.chars().any(|b| exchanged(a, b)))
}

/// Do two words sound alike?
pub(super) fn are_alike(left: &[char], right: &[char]) -> bool {
    let sounds = [left, right].map(Sounds::of);
    let [on_left, on_right] = &sounds;
    let consonants = on_left.consonants.len();
    if consonants < MIN_CONSONANTS || consonants != on_right.consonants.len() {
        return false;
    }
    let mut pairs = on_left.consonants.iter().zip(&on_right.consonants);
    if !pairs.all(|(&l, &r)| is_one_consonant(l, r)) {
        return false;
    }
    let mut vowels = on_left.vowels.iter().zip(&on_right.vowels).enumerate();
    // Of either side, so that the order of the two words does not matter.
    let is_hush = |word: &Sounds, at: usize| matches!(word.consonants[at], 'č' | 'š');
    let after_hush = |at: usize| at > 0 && sounds.iter().any(|word| is_hush(word, at - 1));
    if !vowels.all(|(at, (l, r))| are_one_sound(l, r, after_hush(at))) {
        return false;
    }
    let longest = left.len().max(right.len());
    let most = if consonants >= MANY_CONSONANTS {
        longest / 2
    } else {
        1
    };
    edits(left, right) <= most
}
