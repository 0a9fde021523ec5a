//! What do the documents say?
//!
//! Nothing. They are made of syllables and of Chinese characters that come up as unevenly as those of real text, so that
//! common shingles are common and rare ones rare. What real text has besides (quotations, headings, turns of phrase) they lack.

use crate::random::{Random, scrambled};

/// Words, and Chinese characters, that there are.
const WORDS: usize = 50_000;
const CHARACTERS: usize = 3_000;

/// One letter in so many is misprinted in a copy: four in 600, none in 40.
const LETTERS_PER_MISPRINT: usize = 150;

/// One gap in so many is a line's end in a copy.
const GAPS_PER_LINE: usize = 8;

const CONSONANTS: [char; 16] = [
    'b', 'c', 'd', 'f', 'g', 'h', 'k', 'l', 'm', 'n', 'p', 'r', 's', 't', 'v', 'w',
];
const VOWELS: [char; 5] = ['a', 'e', 'i', 'o', 'u'];

/// Sentences of made-up words, about so many characters.
pub fn words(random: &mut Random, characters: usize) -> String {
    let mut text = String::with_capacity(characters + 16);
    while text.len() < characters {
        add_word(random.rank(WORDS), &mut text);
        text.push_str(if random.below(12) == 0 { ". " } else { " " });
    }
    text
}

/// The word of a rank: common ones are short.
fn add_word(rank: usize, text: &mut String) {
    let mut random = Random::of([rank as u64]);
    let syllables = 1 + usize::from(rank >= 50) + usize::from(rank >= 3_000);
    for _ in 0..syllables {
        text.push(CONSONANTS[random.below(CONSONANTS.len())]);
        text.push(VOWELS[random.below(VOWELS.len())]);
    }
    // Not all words end in a vowel.
    if random.below(3) == 0 {
        text.push(CONSONANTS[random.below(CONSONANTS.len())]);
    }
}

/// Sentences of Chinese characters, exactly so many.
pub fn chinese(random: &mut Random, characters: usize) -> String {
    let letter = |random: &mut Random| match random.below(16) {
        0 => '，',
        1 if random.below(3) == 0 => '。',
        _ => chinese_character(random.rank(CHARACTERS)),
    };
    (0..characters).map(|_| letter(random)).collect()
}

/// Anywhere in the first block of the script; some ranks share a character, which does no harm.
fn chinese_character(rank: usize) -> char {
    const FIRST: u32 = 0x4e00;
    const BLOCK: u64 = 0x5000;
    let place = scrambled(rank as u64 + 1) % BLOCK;
    char::from_u32(FIRST + place as u32).expect("the block is full")
}

/// The same text as another printer would have set it: other line ends, and misprints.
pub fn reprinted(text: &str, random: &mut Random) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    for _ in 0..letters.len() / LETTERS_PER_MISPRINT {
        // From elsewhere in the text, so that the script stays.
        let (place, from) = (random.below(letters.len()), random.below(letters.len()));
        letters[place] = letters[from];
    }
    let mut reprint = String::with_capacity(text.len() + 64);
    for letter in letters {
        let is_gap = matches!(letter, ' ' | '，' | '。');
        if letter != ' ' {
            reprint.push(letter);
        }
        if is_gap && random.below(GAPS_PER_LINE) == 0 {
            reprint.push('\n');
        } else if letter == ' ' {
            reprint.push(' ');
        }
    }
    reprint
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_as_long_as_asked() {
        let mut random = Random::of([1]);
        assert_eq!(chinese(&mut random, 600).chars().count(), 600);
        assert!((600..620).contains(&words(&mut random, 600).len()));
    }

    #[test]
    fn a_reprint_differs_in_a_few_letters() {
        let mut random = Random::of([1]);
        let text = words(&mut random, 600);
        let reprint = reprinted(&text, &mut random);
        assert!(reprint.contains('\n'));
        let differing = text.chars().zip(reprint.chars());
        let differing = differing.filter(|(a, b)| a != b && *b != '\n').count();
        assert!((1..=4).contains(&differing), "{differing}");
    }
}
