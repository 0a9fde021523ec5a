//! What is the text of a file that is one document?

use std::fs::File;
use std::io;

use super::Reader;
use crate::store::{Body, Entry};

impl Reader<'_> {
    pub(super) fn text(&mut self, file: String, from: File) -> io::Result<()> {
        let bytes = match self.limits.whole(from) {
            Ok(bytes) => bytes,
            Err(error) => {
                self.reject(file, error);
                return Ok(());
            }
        };
        let text = match std::str::from_utf8(&bytes) {
            Ok(text) => text.strip_prefix('\u{FEFF}').unwrap_or(text),
            Err(error) => {
                let at = error.valid_up_to();
                let error = format!("not UTF-8 at byte {at}; convert it to UTF-8 first");
                self.reject(file, error);
                return Ok(());
            }
        };
        let Ok(length) = u32::try_from(text.len()) else {
            self.reject(file, "longer than 4 GB; split it");
            return Ok(());
        };
        let body = self.store.sources.keep(text.as_bytes())?.slice(0, length);
        let place = self.store.name(file);
        self.store.documents.push(Entry {
            id: self.store.files[place as usize].clone(),
            file: place,
            line: None,
            bytes: body,
            body: Body::File,
        });
        Ok(())
    }
}
