//! Which ideographs are written for one another? Union-find over OpenCC's character tables gives classes.
//!
//! A converter has a direction and guesses among several targets. A class has no direction, so both editions get the same representative,
//! whatever their script.

use std::cmp::Reverse;
use std::collections::HashMap;

/// Tables of single characters: simplified to traditional and back, and the standards of Taiwan, Hong Kong and Japan.
const CHARACTER_TABLES: [&str; 5] = [
    "STCharacters",
    "TSCharacters",
    "TWVariants",
    "HKVariants",
    "JPShinjitaiCharacters",
];

/// Variants that OpenCC's tables keep apart: 帳 and 賬 are one word for an account.
const EXTRA_CHARACTERS: [(&str, &str); 1] = [("帳", "賬")];

/// Tables of regional words, in both directions.
pub const PHRASE_TABLES: [&str; 4] = ["TWPhrases", "TWPhrasesRev", "HKPhrases", "HKPhrasesRev"];

/// Disjoint sets of characters. The representative is the member that is used most in OpenCC's simplified phrases, or the smallest code
/// point among equals. So folded text is readable, and dictionaries of simplified words can divide it.
pub struct Classes {
    parent: HashMap<char, char>,
    uses: HashMap<char, usize>,
}

impl Classes {
    pub fn representative(&self, c: char) -> char {
        let mut at = c;
        while let Some(&up) = self.parent.get(&at) {
            at = up;
        }
        at
    }

    pub fn fold(&self, text: &str) -> String {
        text.chars().map(|c| self.representative(c)).collect()
    }

    fn join(&mut self, a: char, b: char) {
        let (a, b) = (self.representative(a), self.representative(b));
        let rank = |c| (Reverse(self.uses.get(&c)), c);
        if a != b {
            let (keep, drop) = if rank(a) < rank(b) { (a, b) } else { (b, a) };
            self.parent.insert(drop, keep);
        }
    }
}

/// All pairs of a table: a key with each of its values.
pub fn pairs(table: &str) -> impl Iterator<Item = (&'static str, &'static str)> {
    let text = zhhz::data::dict_text(table).expect("zhhz has OpenCC's tables by their names");
    text.lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once('\t'))
        .flat_map(|(key, values)| values.split_whitespace().map(move |value| (key, value)))
}

/// Classes of single characters. Regional words of one character (the names of elements: 矽/硅) count as variants.
pub fn character_classes() -> Classes {
    let mut uses = HashMap::new();
    for c in pairs("STPhrases").flat_map(|(simplified, _)| simplified.chars()) {
        *uses.entry(c).or_default() += 1;
    }
    let mut classes = Classes {
        parent: HashMap::new(),
        uses,
    };
    let tables = CHARACTER_TABLES.into_iter().chain(PHRASE_TABLES);
    for (a, b) in tables.flat_map(pairs).chain(EXTRA_CHARACTERS) {
        if let (Some(a), Some(b)) = (only_char(a), only_char(b)) {
            classes.join(a, b);
        }
    }
    classes
}

fn only_char(text: &str) -> Option<char> {
    let mut chars = text.chars();
    chars.next().filter(|_| chars.next().is_none())
}
