//! Which inputs are there?
//!
//! Each document is a function of the seed and of its number, so a source is made anew wherever a copy of it is due, and no
//! text is kept: what the runner holds would be counted as memory of the program that it starts.

use crate::random::Random;
use crate::text;

/// One input, and one row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Case {
    /// Its name in the table and for `--only`.
    pub name: &'static str,
    pub documents: usize,
    /// Characters of a document.
    characters: usize,
    kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Each its own text but for the planted copies.
    Mixed,
    /// As `Mixed`, but three quarters of each are the same printed form.
    Form,
    /// The first document, always.
    OneText,
    /// The first document, each time with other misprints.
    Misprints,
}

/// Small before large: a run stopped for its time leaves out those that come after it.
pub const ALL: [Case; 11] = [
    case("1000", 1_000, 600, Kind::Mixed),
    case("10000", 10_000, 600, Kind::Mixed),
    case("100000", 100_000, 600, Kind::Mixed),
    case("1000000", 1_000_000, 600, Kind::Mixed),
    case("one-document", 1, 100_000_000, Kind::Mixed),
    case("short", 1_000_000, 40, Kind::Mixed),
    case("one-form-1000", 1_000, 600, Kind::Form),
    case("one-form", 4_000, 600, Kind::Form),
    case("one-text", 500_000, 600, Kind::OneText),
    case("misprints-10000", 10_000, 600, Kind::Misprints),
    case("misprints", 500_000, 600, Kind::Misprints),
];

/// One document in so many is a copy.
const COPIES: usize = 32;

/// One document in so many is Chinese.
const CHINESE: u64 = 4;

/// What the texts of sources, copies and forms are drawn from; unlike numbers for unlike things.
const TEXT: u64 = 1;
const SOURCE: u64 = 2;
const COPY: u64 = 3;
const FORM: u64 = 4;

const fn case(name: &'static str, documents: usize, characters: usize, kind: Kind) -> Case {
    Case {
        name,
        documents,
        characters,
        kind,
    }
}

impl Case {
    /// Is `other` the same thing, larger?
    pub fn grows_into(&self, other: &Self) -> bool {
        let alike = (self.kind, self.characters) == (other.kind, other.characters);
        alike && self.documents < other.documents
    }

    /// The original of which a document is a copy; itself, if it is one.
    pub fn original(&self, seed: u64, number: usize) -> usize {
        if matches!(self.kind, Kind::OneText | Kind::Misprints) {
            return 0;
        }
        let mut random = Random::of([seed, SOURCE, number as u64]);
        if number == 0 || random.below(COPIES) > 0 {
            return number;
        }
        // A copy of a copy is made from the original as well: how far apart two copies are does not depend on luck.
        self.original(seed, random.below(number))
    }

    pub fn text(&self, seed: u64, number: usize) -> String {
        let original = self.original(seed, number);
        let text = self.original_text(seed, original);
        if original == number || self.kind == Kind::OneText {
            return text;
        }
        text::reprinted(&text, &mut Random::of([seed, COPY, number as u64]))
    }

    fn original_text(&self, seed: u64, number: usize) -> String {
        let mut random = Random::of([seed, TEXT, number as u64]);
        if self.kind == Kind::Form {
            let form = text::words(&mut Random::of([seed, FORM]), self.characters * 3 / 4);
            return form + "\n" + &text::words(&mut random, self.characters / 4);
        }
        // By number, so that an input of one document has the same script with every seed.
        if number as u64 % CHINESE == CHINESE - 1 {
            text::chinese(&mut random, self.characters)
        } else {
            text::words(&mut random, self.characters)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_percent_are_copies_of_earlier_originals() {
        let case = ALL[0];
        let copies: Vec<usize> = (0..case.documents)
            .filter(|&number| case.original(1, number) != number)
            .collect();
        assert!((15..60).contains(&copies.len()), "{}", copies.len());
        for number in copies {
            let original = case.original(1, number);
            assert!(original < number);
            assert_eq!(case.original(1, original), original);
            assert_ne!(case.text(1, number), case.text(1, original));
        }
    }

    #[test]
    fn what_is_the_same_but_larger_comes_later() {
        let larger = |case: &Case| ALL.iter().filter(|other| case.grows_into(other)).count();
        assert_eq!(
            ALL.map(|case| larger(&case)),
            [3, 2, 1, 0, 0, 0, 1, 0, 0, 1, 0]
        );
    }

    #[test]
    fn a_seed_makes_the_same_texts_again() {
        for case in ALL {
            if case.name != "one-document" {
                assert_eq!(case.text(1, 7), case.text(1, 7));
            }
        }
        assert_ne!(ALL[0].text(1, 7), ALL[0].text(2, 7));
    }
}
