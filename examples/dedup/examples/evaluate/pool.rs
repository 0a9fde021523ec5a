//! The documents of one run: those of its sets, then those among which they are run.

use std::borrow::Cow;
use std::ops::Range;

use crate::collection::Collection;
use crate::set::Set;

/// Ids and texts of a run, borrowed from the sets and collections.
pub struct Pool<'s> {
    pub documents: Vec<(Cow<'s, str>, &'s str)>,
    /// Positions of each set's documents.
    pub ranges: Vec<Range<usize>>,
}

impl<'s> Pool<'s> {
    /// Ids of several sets get the set's name as a prefix. A collection that is one of the sets is left out.
    pub fn new(sets: &'s [Set], others: &'s [Collection]) -> Self {
        let mut documents = Vec::new();
        let mut ranges = Vec::new();
        for set in sets {
            let start = documents.len();
            let id = |id: &'s str| match sets {
                [_] => Cow::Borrowed(id),
                _ => Cow::Owned(format!("{}/{id}", set.name)),
            };
            documents.extend(
                set.documents
                    .iter()
                    .map(|(own, text)| (id(own), text.as_str())),
            );
            ranges.push(start..documents.len());
        }
        let is_set = |other: &Collection| sets.iter().any(|set| set.path == other.path);
        for other in others.iter().filter(|other| !is_set(other)) {
            let rows = other.documents.iter();
            documents.extend(rows.map(|(id, text)| (Cow::Borrowed(id.as_str()), text.as_str())));
        }
        Self { documents, ranges }
    }
}
