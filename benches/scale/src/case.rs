//! Which inputs are there?
//!
//! Each document is a function of the seed and of its number. So a source is generated again for each copy, and no text is
//! kept: memory of the runner would be counted as memory of the program that it starts.

use crate::random::Random;
use crate::text;

/// An input; it is one row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Case {
    /// The name in the table and for `--only`.
    pub name: &'static str,
    pub documents: usize,
    /// Number of characters of a document.
    characters: usize,
    kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Each document has a different text, except for the planted copies.
    Mixed,
    /// As `Mixed`, but three quarters of each document are the same printed form.
    Form,
    /// All documents are the first one.
    OneText,
    /// All documents are the first one, each with other misprints.
    Misprints,
}

/// Small cases come before large ones: if a run is stopped for its time, larger cases of its kind are left out.
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

/// One document in this many is a copy.
const COPIES: usize = 32;

/// One document in this many is Chinese.
const CHINESE: u64 = 4;

/// Keys of the random streams for texts, sources, copies and forms.
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
    /// Whether `other` is a larger case of the same kind.
    pub fn grows_into(&self, other: &Self) -> bool {
        let alike = (self.kind, self.characters) == (other.kind, other.characters);
        alike && self.documents < other.documents
    }

    /// The original of a document: the document that it was copied from, or itself.
    pub fn original(&self, seed: u64, number: usize) -> usize {
        if matches!(self.kind, Kind::OneText | Kind::Misprints) {
            return 0;
        }
        let mut random = Random::of([seed, SOURCE, number as u64]);
        if number == 0 || random.below(COPIES) > 0 {
            return number;
        }
        // A copy of a copy is made from the original, too, so that the distance of two copies does not depend on chance.
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
