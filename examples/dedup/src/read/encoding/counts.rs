//! How many files are in which encoding, and for how many of them was the encoding only guessed?

use std::collections::BTreeMap;

use encoding_rs::Encoding;

use super::name;

/// Numbers of files, by the names of their encodings.
#[derive(Default)]
pub struct Counts {
    pub all: BTreeMap<&'static str, usize>,
    guessed: BTreeMap<&'static str, usize>,
}

impl Counts {
    pub fn add(&mut self, encoding: &'static Encoding, guessed: bool) {
        *self.all.entry(name(encoding)).or_default() += 1;
        if guessed {
            *self.guessed.entry(name(encoding)).or_default() += 1;
        }
    }

    /// A note for the user about the guessed encodings.
    pub fn note(&self) -> Option<String> {
        let mut guessed = self.guessed.iter();
        let (name, count) = guessed.next()?;
        let files = if *count == 1 { "file" } else { "files" };
        let mut note = format!("{count} {files} read as {name}");
        for (name, count) in guessed {
            note += &format!(", {count} as {name}");
        }
        Some(note + ", guessed from the bytes; if that is wrong, give --encoding NAME")
    }
}
