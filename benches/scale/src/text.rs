//! What is in the documents?
//!
//! Generated text without meaning. It is made of syllables and of Chinese characters with the skewed frequencies of real
//! text, so that some shingles are common and others rare. Quotations, headings and set phrases of real text are missing.

use crate::random::{Random, scrambled};

/// Numbers of different words and of different Chinese characters.
const WORDS: usize = 50_000;
const CHARACTERS: usize = 3_000;

/// One letter in this many is misprinted in a copy: four in 600, none in 40.
const LETTERS_PER_MISPRINT: usize = 150;

/// One gap in this many is the end of a line in a copy.
const GAPS_PER_LINE: usize = 8;

const CONSONANTS: [char; 16] = [
    'b', 'c', 'd', 'f', 'g', 'h', 'k', 'l', 'm', 'n', 'p', 'r', 's', 't', 'v', 'w',
];
const VOWELS: [char; 5] = ['a', 'e', 'i', 'o', 'u'];

/// Sentences of generated words, of about `characters` characters.
pub fn words(random: &mut Random, characters: usize) -> String {
    let mut text = String::with_capacity(characters + 16);
    while text.len() < characters {
        add_word(random.rank(WORDS), &mut text);
        text.push_str(if random.below(12) == 0 { ". " } else { " " });
    }
    text
}

/// Appends the word of a rank; common words are short.
fn add_word(rank: usize, text: &mut String) {
    let mut random = Random::of([rank as u64]);
    let syllables = 1 + usize::from(rank >= 50) + usize::from(rank >= 3_000);
    for _ in 0..syllables {
        text.push(CONSONANTS[random.below(CONSONANTS.len())]);
        text.push(VOWELS[random.below(VOWELS.len())]);
    }
    // Two thirds of the words end in a vowel.
    if random.below(3) == 0 {
        text.push(CONSONANTS[random.below(CONSONANTS.len())]);
    }
}

/// Sentences of exactly `characters` Chinese characters.
pub fn chinese(random: &mut Random, characters: usize) -> String {
    let letter = |random: &mut Random| match random.below(16) {
        0 => '，',
        1 if random.below(3) == 0 => '。',
        _ => chinese_character(random.rank(CHARACTERS)),
    };
    (0..characters).map(|_| letter(random)).collect()
}

/// A character in the first block of the script. Some ranks have the same character, which does no harm.
fn chinese_character(rank: usize) -> char {
    const FIRST: u32 = 0x4e00;
    const BLOCK: u64 = 0x5000;
    let place = scrambled(rank as u64 + 1) % BLOCK;
    char::from_u32(FIRST + place as u32).expect("the block is full")
}

/// The same text as another printer would set it: with other line ends and with misprints.
pub fn reprinted(text: &str, random: &mut Random) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    for _ in 0..letters.len() / LETTERS_PER_MISPRINT {
        // The wrong letter is taken from the text, so that its script is the same.
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
