//! Which documents remain if some are dropped?

use std::borrow::Cow;
use std::io;

use crate::document::{Documents, Metadata};
use crate::facts::Facts;

/// A collection of documents without those that were dropped, in the same order.
///
/// Positions count from 0 without gaps. [`position`](Self::position) gives the position in the whole collection.
///
/// ```
/// use reprint::{Deduper, Documents, Remaining};
///
/// let documents = [("a", "One text."), ("b", "Another."), ("c", "One text")];
/// let rest = Remaining::new(&documents, &[true, false, false]);
/// assert_eq!((rest.len(), rest.id(1), rest.position(1)), (2, "c", 2));
/// assert!(Deduper::default().run(&rest)?.clusters.is_empty());
/// # Ok::<(), reprint::Error>(())
/// ```
pub struct Remaining<'d, D: ?Sized> {
    documents: &'d D,
    positions: Vec<usize>,
}

impl<'d, D: Documents + ?Sized> Remaining<'d, D> {
    /// `dropped` says for each document whether it is dropped. Documents beyond its end stay. A part is dropped with its parent.
    pub fn new(documents: &'d D, dropped: &[bool]) -> Self {
        let goes = |position: usize| dropped.get(position).copied().unwrap_or(false);
        let stays =
            |&position: &usize| !goes(position) && !documents.parent(position).is_some_and(goes);
        Self {
            positions: (0..documents.len()).filter(stays).collect(),
            documents,
        }
    }

    /// The position in the whole collection of the document at `position` here, which must be under [`len`](Documents::len).
    pub fn position(&self, position: usize) -> usize {
        self.positions[position]
    }
}

impl<D: Documents + ?Sized> Documents for Remaining<'_, D> {
    fn len(&self) -> usize {
        self.positions.len()
    }

    fn id(&self, position: usize) -> &str {
        self.documents.id(self.positions[position])
    }

    fn text(&self, position: usize) -> io::Result<Cow<'_, str>> {
        self.documents.text(self.positions[position])
    }

    fn metadata(&self, position: usize) -> io::Result<Metadata> {
        self.documents.metadata(self.positions[position])
    }

    fn facts(&self, position: usize) -> Option<&Facts> {
        self.documents.facts(self.positions[position])
    }

    fn parent(&self, position: usize) -> Option<usize> {
        let parent = self.documents.parent(self.positions[position])?;
        self.positions.binary_search(&parent).ok()
    }
}
