//! How do other programs read files in the same way as this one? `evaluate`, the benchmarks and the fuzzing do.

use std::borrow::Cow;

use clap::Parser;
use reprint::Documents;

use super::options::Options;
use crate::run::gather;
use crate::store::{Store, text_or_nothing};

/// Documents, read as the program reads them.
pub struct Collection {
    store: Store,
}

impl Collection {
    /// Reads what these arguments of the program name: inputs, and options such as `--memory` and `--text-field`.
    ///
    /// # Errors
    ///
    /// If the documents could not be kept; the message says what to do. Wrong usage ends the process, as in the program.
    pub fn read(arguments: &[&str]) -> Result<Self, String> {
        let options = Options::parse_from(["dedup", "--quiet"].iter().chain(arguments));
        let settings = options.settings();
        let read = settings.and_then(|settings| gather::read(&settings, &()));
        let store = read.map_err(|failure| failure.to_string())?;
        Ok(Self { store })
    }

    /// Ids and texts, in the order of the input.
    pub fn documents(&self) -> impl Iterator<Item = (&str, Cow<'_, str>)> {
        let all = 0..self.store.len();
        all.map(|position| {
            (
                self.store.id(position),
                text_or_nothing(&self.store, position),
            )
        })
    }

    /// The rejected input: its place and the reason.
    pub fn rejected(&self) -> impl Iterator<Item = (String, &str)> {
        let rejected = self.store.rejected.iter();
        rejected.map(|rejected| (rejected.place.to_string(), rejected.reason.text.as_str()))
    }

    /// Reads the text and the metadata of each document again, as a run does.
    ///
    /// # Errors
    ///
    /// If a document has changed since it was read.
    pub fn check(&self) -> Result<(), String> {
        for (position, entry) in self.store.documents.iter().enumerate() {
            let unreadable = |error| format!("{}: {error}", entry.id);
            if self.store.text(position).map_err(unreadable)?.len() > entry.bytes.len() {
                return Err(format!("{}: longer than what it was read from", entry.id));
            }
            self.store.metadata(position).map_err(unreadable)?;
            let _ = self.store.place(position);
        }
        self.store.check().map_err(|error| error.to_string())
    }
}
