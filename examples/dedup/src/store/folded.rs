//! Where are the folded texts between the stages of a run? In a file that has no name and is gone when the program is, as
//! all together they are as long as the input.

use std::fs::File;
use std::path::PathBuf;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use crate::read::place::{read_at, write_at};

/// Bytes that are left to the run to hold before a file is made for more.
const FEW: u64 = 1 << 20;

/// Texts by where they start among all that were given.
#[derive(Default)]
pub struct FoldedTexts {
    /// The folder for the file.
    folder: PathBuf,
    /// None where no file could be made.
    file: OnceLock<Option<File>>,
    /// Bytes given so far.
    given: AtomicU64,
    /// Has writing failed? Then no more is written.
    full: AtomicBool,
}

impl FoldedTexts {
    /// Those of a run whose temporary files go into this folder.
    pub fn within(folder: PathBuf) -> Self {
        Self {
            folder,
            ..Self::default()
        }
    }

    /// Writes a text down; none where it is one of the first few, or the volume is full.
    pub fn keep(&self, text: &str) -> Option<u64> {
        let place = self.given.fetch_add(text.len() as u64, Ordering::Relaxed);
        if place < FEW || self.full.load(Ordering::Relaxed) {
            return None;
        }
        let make = || tempfile::tempfile_in(&self.folder).ok();
        let file = self.file.get_or_init(make).as_ref()?;
        let written = write_at(file, text.as_bytes(), place);
        self.full.fetch_or(written.is_err(), Ordering::Relaxed);
        written.ok().map(|()| place)
    }

    /// Gives back the room that they take on the volume.
    pub fn forget(&self) {
        if let Some(Some(file)) = self.file.get() {
            // If not now, it is given back at the end.
            let _ = file.set_len(0);
        }
    }

    /// A text that was written down.
    pub fn read(&self, place: u64, bytes: usize) -> Option<String> {
        let file = self.file.get()?.as_ref()?;
        let mut text = vec![0; bytes];
        read_at(file, &mut text, place).ok()?;
        simdutf8::basic::from_utf8(&text).ok().map(str::to_owned)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_are_left_to_the_run_and_the_others_are_read_as_they_were() {
        let texts = FoldedTexts::within(std::env::temp_dir());
        let long = "水来之前 ".repeat(1 << 17);
        assert_eq!(texts.keep(&long), None);
        let (one, two) = (texts.keep("one").unwrap(), texts.keep("two 水").unwrap());
        assert_eq!(texts.read(two, 7).unwrap(), "two 水");
        assert_eq!(texts.read(one, 3).unwrap(), "one");
        assert_eq!(texts.read(two, 5), None, "half a character");
        assert_eq!(texts.read(two, 8), None, "more than there is");
        texts.forget();
        assert_eq!(texts.read(one, 3), None);
    }

    #[test]
    fn where_no_file_can_be_made_none_is_kept() {
        let texts = FoldedTexts::within("no/such/folder".into());
        assert_eq!(texts.keep(&"x".repeat(FEW as usize)), None);
        assert_eq!(texts.keep("one"), None);
    }
}
