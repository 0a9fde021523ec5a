//! How is a text shown in a list? By the first line that no other listed text has. A licence or the head of a site does not
//! identify a text, because many texts have it.

use std::collections::HashSet;

use xxhash_rust::xxh3::xxh3_64;

/// Number of characters of each text that are searched for the line.
const SEARCHED: usize = 4_000;

/// Maximum number of lines of each text that are counted.
const LINES: usize = 40;

/// Minimum number of letters and digits in a line that can be the opening. Shorter ones are numbers, dates and headings.
const MIN_LETTERS: usize = 8;

/// The lines that several of the listed texts have.
#[derive(Default)]
pub struct Openings {
    common: HashSet<u64>,
}

impl Openings {
    /// Counts the lines of all texts that will be listed.
    pub fn new<T: AsRef<str>>(texts: impl Iterator<Item = T>) -> Self {
        let mut hashes: Vec<u64> = Vec::new();
        for text in texts {
            let own: HashSet<u64> = lines(text.as_ref()).filter_map(hash).collect();
            hashes.extend(own);
        }
        hashes.sort_unstable();
        let same = hashes.chunk_by(|a, b| a == b);
        let common = same.filter(|same| same.len() > 1).map(|same| same[0]);
        Self {
            common: common.collect(),
        }
    }

    /// The text from its opening line on; the whole text if all its lines are in other texts too.
    pub fn start<'t>(&self, text: &'t str) -> &'t str {
        let text = text.trim_start_matches('\u{FEFF}').trim_start();
        let own = lines(text).find(|line| {
            let hash = hash(line);
            hash.is_some_and(|hash| !self.common.contains(&hash))
        });
        // Short lines at the start belong to the text, unless there is a common line before the opening.
        let is_common = |line| hash(line).is_some_and(|hash| self.common.contains(&hash));
        match own {
            Some(line) if lines(text).take_while(|one| *one != line).any(is_common) => {
                let at = line.as_ptr() as usize - text.as_ptr() as usize;
                text.get(at..).unwrap_or(text)
            }
            _ => text,
        }
    }
}

/// The first lines of a text, without empty ones; a sentence is also a line.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    let end = text.char_indices().nth(SEARCHED).map(|(end, _)| end);
    let text = &text[..end.unwrap_or(text.len())];
    let ends = ['\n', '.', '!', '?', '。', '！', '？'];
    let lines = text.split_inclusive(ends).map(str::trim);
    lines.filter(|line| !line.is_empty()).take(LINES)
}

/// A hash of the letters and digits of a line; `None` for a short line.
fn hash(line: &str) -> Option<u64> {
    let letters = line.chars().filter(|c| c.is_alphanumeric());
    let folded: String = letters.flat_map(char::to_lowercase).collect();
    (folded.chars().count() >= MIN_LETTERS).then(|| xxh3_64(folded.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_begins_with_the_first_line_that_no_other_has() {
        let licence =
            "Permission is hereby granted, free of charge.\nTHE SOFTWARE IS PROVIDED AS IS.\n";
        let texts = [
            format!("{licence}\nfn ferry() counts the goats on board.\n"),
            format!("{licence}The lock keeper's book, first volume.\n"),
            "  1.\nNothing of this is common.".to_owned(),
            licence.to_owned(),
        ];
        let openings = Openings::new(texts.iter());
        let begins = texts.each_ref().map(|text| openings.start(text));
        assert_eq!(begins[0], "fn ferry() counts the goats on board.\n");
        assert_eq!(begins[1], "The lock keeper's book, first volume.\n");
        assert_eq!(begins[2], "1.\nNothing of this is common.");
        assert_eq!(begins[3], licence);
    }

    #[test]
    fn without_other_texts_it_begins_at_its_start() {
        let text = "Head.\nA first line of the text.";
        assert_eq!(Openings::new([text].into_iter()).start(text), text);
        assert_eq!(Openings::default().start("\u{FEFF} \n"), "");
    }
}
