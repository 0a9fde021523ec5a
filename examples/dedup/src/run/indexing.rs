//! How do documents that were read come into an index, or are asked about?

use std::borrow::Cow;
use std::ops::Range;

use reprint::index::{Answer, Outcome};
use reprint::{Documents, Index, Metadata};

use super::failure::Failure;
use crate::read::limits::brief;
use crate::read::reason::ReasonKind;
use crate::store::{Rejected, Store};

/// Documents that are added at once: their texts and facts are held, and they are on the disk together.
const BATCH_DOCUMENTS: usize = 1 << 10;

/// Bytes of text that are added at once, unless one document has more.
const BATCH_BYTES: u64 = 32 << 20;

/// Some of the documents that were read.
struct Batch<'s> {
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

    fn text(&self, position: usize) -> Cow<'_, str> {
        self.store.text(self.range.start + position)
    }

    fn metadata(&self, position: usize) -> Metadata {
        self.store.metadata(self.range.start + position)
    }
}

/// Adds all documents, some at a time; `told` gets the answers of those that are on the disk. Returns those that the index does not
/// take.
pub fn add(
    index: &mut Index,
    store: &Store,
    mut told: impl FnMut(&[Answer]) -> Result<(), Failure>,
) -> Result<Vec<Rejected>, Failure> {
    let mut rejected = Vec::new();
    for range in batches(store) {
        let start = range.start;
        let answers = index.add(&Batch { store, range })?;
        let conflicts = (start..).zip(&answers);
        let conflicts = conflicts.filter(|(_, answer)| answer.outcome == Outcome::Conflict);
        rejected.extend(conflicts.map(|(position, _)| conflict(store, position)));
        let taken = answers.into_iter();
        let taken: Vec<Answer> = taken
            .filter(|answer| answer.outcome != Outcome::Conflict)
            .collect();
        told(&taken)?;
    }
    store.check()?;
    Ok(rejected)
}

/// Asks about all documents, some at a time.
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

fn conflict(store: &Store, position: usize) -> Rejected {
    let error = format!(
        "the id {:?} is in the index with another text; remove that document first, or give this one another id",
        brief(store.id(position))
    );
    Rejected {
        place: store.place(position),
        reason: ReasonKind::Id.because(error),
    }
}

/// The documents in parts that are neither too many nor too long.
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
