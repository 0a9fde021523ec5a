//! How do the stages read the documents?

use std::borrow::Cow;
use std::sync::{Arc, OnceLock};

use crate::document::{DocumentRef, Documents, Metadata, metadata_of, text_of};
use crate::error::Error;
use crate::facts::Facts;

/// The documents of a run, in any kind of collection. The stages are compiled once, for this type, and not for each kind of collection.
///
/// A stage takes a document that can't be read as empty and continues. [`check`](Self::check) then ends the run before a result depends on
/// it.
#[derive(Clone)]
pub(crate) struct Source<'d> {
    documents: &'d dyn Documents,
    /// The first error in reading.
    failure: Arc<OnceLock<Error>>,
}

impl<'d> Source<'d> {
    pub(crate) fn new(documents: &'d dyn Documents) -> Self {
        let failure = Arc::default();
        Self { documents, failure }
    }

    pub(crate) fn documents(&self) -> &'d dyn Documents {
        self.documents
    }

    pub(crate) fn len(&self) -> usize {
        self.documents.len()
    }

    pub(crate) fn id(&self, position: usize) -> &'d str {
        self.documents.id(position)
    }

    pub(crate) fn facts(&self, position: usize) -> Option<&'d Facts> {
        self.documents.facts(position)
    }

    pub(crate) fn parent(&self, position: usize) -> Option<usize> {
        self.documents.parent(position)
    }

    pub(crate) fn named(&self, position: usize) -> DocumentRef {
        DocumentRef::new(self.documents, position)
    }

    pub(crate) fn text(&self, position: usize) -> Cow<'d, str> {
        self.read(text_of(self.documents, position))
    }

    pub(crate) fn metadata(&self, position: usize) -> Metadata {
        self.read(metadata_of(self.documents, position))
    }

    /// Notes that the text of a document has changed.
    pub(crate) fn note_change(&self, position: usize) {
        self.note(Error::changed(self.id(position)));
    }

    /// Fails if something could not be read so far.
    pub(crate) fn check(&self) -> Result<(), Error> {
        self.failure.get().cloned().map_or(Ok(()), Err)
    }

    fn read<T: Default>(&self, read: Result<T, Error>) -> T {
        read.unwrap_or_else(|error| {
            self.note(error);
            T::default()
        })
    }

    fn note(&self, error: Error) {
        // The first error is enough.
        let _ = self.failure.set(error);
    }
}
