//! How do the stages read the documents?

use std::borrow::Cow;

use crate::document::{DocumentRef, Documents, Metadata};
use crate::facts::Facts;

/// The documents of a run, whatever holds them. The stages are compiled once, for this type, and not for each kind of collection.
#[derive(Clone)]
pub(crate) struct Source<'d>(&'d dyn Documents);

impl<'d> Source<'d> {
    pub(crate) fn new(documents: &'d dyn Documents) -> Self {
        Self(documents)
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn id(&self, position: usize) -> &'d str {
        self.0.id(position)
    }

    pub(crate) fn text(&self, position: usize) -> Cow<'d, str> {
        self.0.text(position)
    }

    pub(crate) fn metadata(&self, position: usize) -> Metadata {
        self.0.metadata(position)
    }

    pub(crate) fn facts(&self, position: usize) -> Option<&'d Facts> {
        self.0.facts(position)
    }

    pub(crate) fn parent(&self, position: usize) -> Option<usize> {
        self.0.parent(position)
    }

    pub(crate) fn named(&self, position: usize) -> DocumentRef {
        DocumentRef::new(self.0, position)
    }
}
