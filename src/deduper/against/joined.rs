//! Two collections as one, for the stages of a run.

use std::borrow::Cow;
use std::io;

use crate::deduper::groups::Groups;
use crate::deduper::run::order_by_id;
use crate::deduper::source::Source;
use crate::document::{Documents, Metadata, metadata_of, text_of};
use crate::error::Error;
use crate::facts::Facts;
use crate::lsh::CandidatePair;

/// The new documents, then the reference documents. The ids of the two collections are separate: each id gets the letter of its side
/// as a prefix, so that the new documents also come first in the order of ids.
pub(super) struct Joined<'j> {
    new: &'j dyn Documents,
    reference: &'j dyn Documents,
    ids: Vec<String>,
}

impl<'j> Joined<'j> {
    /// Fails if one collection has an id twice.
    pub(super) fn new(new: &Source<'j>, reference: &Source<'j>) -> Result<Self, Error> {
        let of_new = (0..new.len()).map(|position| format!("n{}", new.id(position)));
        let of_reference =
            (0..reference.len()).map(|position| format!("r{}", reference.id(position)));
        // Tested here, so that the message has ids and positions of one collection, not of the joined collection.
        order_by_id(new)?;
        order_by_id(reference)?;
        Ok(Self {
            ids: of_new.chain(of_reference).collect(),
            new: new.documents(),
            reference: reference.documents(),
        })
    }

    /// The collection that a document is from, and its position there.
    fn side(&self, position: usize) -> (&'j dyn Documents, usize) {
        match position.checked_sub(self.new.len()) {
            Some(reference) => (self.reference, reference),
            None => (self.new, position),
        }
    }

    /// Reads something of a document. An error has the id in its own collection.
    fn read<T>(
        &self,
        position: usize,
        read: impl Fn(&'j dyn Documents, usize) -> Result<T, Error>,
    ) -> io::Result<T> {
        let (documents, position) = self.side(position);
        read(documents, position).map_err(io::Error::other)
    }
}

impl Documents for Joined<'_> {
    fn len(&self) -> usize {
        self.ids.len()
    }

    fn id(&self, position: usize) -> &str {
        &self.ids[position]
    }

    fn text(&self, position: usize) -> io::Result<Cow<'_, str>> {
        self.read(position, text_of)
    }

    fn metadata(&self, position: usize) -> io::Result<Metadata> {
        self.read(position, metadata_of)
    }

    fn facts(&self, position: usize) -> Option<&Facts> {
        let (documents, position) = self.side(position);
        documents.facts(position)
    }

    fn parent(&self, position: usize) -> Option<usize> {
        let (documents, of_side) = self.side(position);
        Some(documents.parent(of_side)? + position - of_side)
    }
}

/// Which collections have each text?
pub(super) struct Sides(Vec<(bool, bool)>);

impl Sides {
    /// From the groups of documents with one text each. The first `new` documents are the new ones.
    pub(super) fn new(groups: &Groups, new: usize) -> Self {
        let of_group = |group: &[usize]| {
            let is_new = |&document: &usize| document < new;
            (group.iter().any(is_new), !group.iter().all(is_new))
        };
        Self(groups.iter().map(of_group).collect())
    }

    /// Is the text in the new collection?
    pub(super) fn is_new(&self, text: u32) -> bool {
        self.0[text as usize].0
    }

    /// Is the text in the reference collection?
    pub(super) fn is_reference(&self, text: u32) -> bool {
        self.0[text as usize].1
    }

    /// For each text: is it in the collection that has fewer texts?
    pub(super) fn smaller(&self) -> Vec<bool> {
        let new = self.0.iter().filter(|(is_new, _)| *is_new).count();
        let of_smaller = |&(is_new, is_reference): &(bool, bool)| match 2 * new <= self.0.len() {
            true => is_new,
            false => is_reference,
        };
        self.0.iter().map(of_smaller).collect()
    }

    /// Does one collection have one of two texts, and the other collection the other?
    pub(super) fn meet(&self, (a, b): CandidatePair) -> bool {
        (self.is_new(a) && self.is_reference(b)) || (self.is_reference(a) && self.is_new(b))
    }
}
