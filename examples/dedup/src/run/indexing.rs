//! How are documents that were read added to an index, or compared with it?

use std::borrow::Cow;
use std::io;
use std::ops::Range;

use reprint::index::{Answer, Outcome};
use reprint::{Documents, Index, Metadata};

use super::failure::Failure;
use crate::read::limits::brief;
use crate::read::reason::ReasonKind;
use crate::store::{Place, Rejected, Store};

/// Maximum number of documents that are added at once. Their texts and facts are held in memory, and they are written to the
/// disk together.
const BATCH_DOCUMENTS: usize = 1 << 10;

/// Maximum bytes of text that are added at once, unless a single document is longer.
const BATCH_BYTES: u64 = 32 << 20;

/// How an index takes documents: [`Index::add`] or [`Index::replace`].
pub trait Take: Fn(&mut Index, &Batch<'_>) -> Result<Vec<Answer>, reprint::Error> {}

impl<T: Fn(&mut Index, &Batch<'_>) -> Result<Vec<Answer>, reprint::Error>> Take for T {}

/// A range of the documents that were read.
pub struct Batch<'s> {
    store: &'s Store,
    range: Range<usize>,
}

impl Documents for Batch<'_> {
    fn len(&self) -> usize {
        self.range.len()
    }

    fn id(&self, position: usize) -> &str {
        self.store.id(self.range.start + position)
    }

    fn text(&self, position: usize) -> io::Result<Cow<'_, str>> {
        self.store.text(self.range.start + position)
    }

    fn metadata(&self, position: usize) -> io::Result<Metadata> {
        self.store.metadata(self.range.start + position)
    }
}

/// Adds all documents to an index, in batches. `told` gets the answers of each batch as soon as its documents are on the
/// disk. Returns the documents that the index does not take.
pub fn add(
    index: &mut Index,
    store: &Store,
    take: impl Take,
    mut told: impl FnMut(&[Answer]) -> Result<(), Failure>,
) -> Result<Vec<Rejected>, Failure> {
    let mut rejected = Vec::new();
    for range in batches(store) {
        let start = range.start;
        let answers = take(index, &Batch { store, range })?;
        let conflicts = (start..).zip(&answers);
        let conflicts = conflicts.filter(|(_, answer)| answer.outcome == Outcome::Conflict);
        rejected.extend(
            conflicts.map(|(position, _)| conflict(store.id(position), store.place(position))),
        );
        let taken = answers.into_iter();
        let taken: Vec<Answer> = taken
            .filter(|answer| answer.outcome != Outcome::Conflict)
            .collect();
        told(&taken)?;
    }
    store.check()?;
    Ok(rejected)
}

/// Numbers of documents that are new in an index, and that it already had.
#[derive(Clone, Copy, Debug, Default)]
pub struct Kept {
    pub new: usize,
    pub known: usize,
}

/// Adds all documents in batches, without comparing them. Also returns the documents that the index does not take.
pub fn insert(index: &mut Index, store: &Store) -> Result<(Kept, Vec<Rejected>), Failure> {
    let (mut kept, mut rejected) = (Kept::default(), Vec::new());
    for range in batches(store) {
        let start = range.start;
        let outcomes = index.insert(&Batch { store, range })?;
        for (position, outcome) in (start..).zip(outcomes) {
            match outcome {
                Outcome::Known => kept.known += 1,
                Outcome::Conflict => {
                    rejected.push(conflict(store.id(position), store.place(position)));
                }
                Outcome::New | Outcome::Replaced => kept.new += 1,
            }
        }
    }
    store.check()?;
    Ok((kept, rejected))
}

/// Compares all documents with the index, in batches.
pub fn query(
    index: &Index,
    store: &Store,
    mut told: impl FnMut(&[Answer]) -> Result<(), Failure>,
) -> Result<(), Failure> {
    for range in batches(store) {
        told(&index.query(&Batch { store, range })?)?;
    }
    Ok(store.check()?)
}

/// Rejects a document whose id the index has with another text.
pub fn conflict(id: &str, place: Place) -> Rejected {
    let error = format!(
        "the id {:?} is in the index with another text; use \"index replace\" to put this one in its place, or give it another id",
        brief(id)
    );
    Rejected {
        place,
        reason: ReasonKind::Id.because(error),
    }
}

/// The documents of an index in the order in which they were added. Positions in its reports follow this order.
pub struct IndexedDocuments<'i> {
    index: &'i Index,
    ids: Vec<&'i str>,
}

impl<'i> IndexedDocuments<'i> {
    pub fn new(index: &'i Index) -> Self {
        Self {
            index,
            ids: index.ids().collect(),
        }
    }
}

impl Documents for IndexedDocuments<'_> {
    fn len(&self) -> usize {
        self.ids.len()
    }

    fn id(&self, position: usize) -> &str {
        self.ids[position]
    }

    fn text(&self, position: usize) -> io::Result<Cow<'_, str>> {
        let text = self.index.text(self.ids[position]);
        let text = text.map_err(io::Error::other)?;
        text.map(Cow::from)
            .ok_or_else(|| io::ErrorKind::NotFound.into())
    }
}

/// Splits the documents into batches of limited number and length.
fn batches(store: &Store) -> Vec<Range<usize>> {
    let mut batches = Vec::new();
    let (mut start, mut bytes) = (0, 0);
    for (position, entry) in store.documents.iter().enumerate() {
        let length = store.text_length(entry);
        let is_full = position - start >= BATCH_DOCUMENTS || bytes + length > BATCH_BYTES;
        if is_full && position > start {
            batches.push(start..position);
            (start, bytes) = (position, 0);
        }
        bytes += length;
    }
    if start < store.len() {
        batches.push(start..store.len());
    }
    batches
}
