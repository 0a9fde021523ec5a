//! How many files were in which encoding, and for which was it only guessed?

use std::collections::BTreeMap;

use encoding_rs::Encoding;

use super::name;

/// Files by the names of their encodings.
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

    /// What a person should look at.
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
