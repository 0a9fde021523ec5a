//! How do two collections go through the stages as one?

use std::borrow::Cow;

use crate::deduper::groups::Groups;
use crate::deduper::run::order_by_id;
use crate::deduper::source::Source;
use crate::document::{Documents, Metadata};
use crate::error::Error;
use crate::facts::Facts;
use crate::lsh::CandidatePair;

/// The new documents, then the reference documents. Ids of the two are separate: each gets a letter for its side, by which the new
/// ones also come first in the order of ids.
pub(super) struct Joined<'j> {
    new: &'j Source<'j>,
    reference: &'j Source<'j>,
    ids: Vec<String>,
}

impl<'j> Joined<'j> {
    /// Fails where one collection has an id twice.
    pub(super) fn new(new: &'j Source<'j>, reference: &'j Source<'j>) -> Result<Self, Error> {
        let of_new = (0..new.len()).map(|position| format!("n{}", new.id(position)));
        let of_reference =
            (0..reference.len()).map(|position| format!("r{}", reference.id(position)));
        // So that a message has the ids and positions of its own collection.
        order_by_id(new)?;
        order_by_id(reference)?;
        Ok(Self {
            ids: of_new.chain(of_reference).collect(),
            new,
            reference,
        })
    }

    /// The position in the reference, if it is one of these.
    fn in_reference(&self, position: usize) -> Option<usize> {
        position.checked_sub(self.new.len())
    }
}

impl Documents for Joined<'_> {
    fn len(&self) -> usize {
        self.ids.len()
    }

    fn id(&self, position: usize) -> &str {
        &self.ids[position]
    }

    fn text(&self, position: usize) -> Cow<'_, str> {
        match self.in_reference(position) {
            Some(reference) => self.reference.text(reference),
            None => self.new.text(position),
        }
    }

    fn metadata(&self, position: usize) -> Metadata {
        match self.in_reference(position) {
            Some(reference) => self.reference.metadata(reference),
            None => self.new.metadata(position),
        }
    }

    fn facts(&self, position: usize) -> Option<&Facts> {
        match self.in_reference(position) {
            Some(reference) => self.reference.facts(reference),
            None => self.new.facts(position),
        }
    }

    fn parent(&self, position: usize) -> Option<usize> {
        match self.in_reference(position) {
            Some(reference) => Some(self.reference.parent(reference)? + self.new.len()),
            None => self.new.parent(position),
        }
    }
}

/// Which collections each text is in.
pub(super) struct Sides(Vec<(bool, bool)>);

impl Sides {
    /// Of the groups of documents that have one text each; the first `new` documents are the new ones.
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

    /// Is it in the reference?
    pub(super) fn is_reference(&self, text: u32) -> bool {
        self.0[text as usize].1
    }

    /// Is one of two texts new and the other a reference?
    pub(super) fn meet(&self, (a, b): CandidatePair) -> bool {
        (self.is_new(a) && self.is_reference(b)) || (self.is_reference(a) && self.is_new(b))
    }
}
