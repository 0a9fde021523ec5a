//! What do the documents of a cluster say about themselves in the fields that the policy needs?

use std::collections::BTreeMap;

use crate::cluster::{Claim, DateReader, values};
use crate::deduper::corpus::Corpus;
use crate::parallel::Pool;
use crate::report::UnreadValues;

/// The name of the field [`Metadata::date`](crate::Metadata::date).
const DATE: &str = "date";

/// A reader for the dates in each field that the policy needs.
pub(super) struct Fields {
    dates: DateReader,
    compared: BTreeMap<String, DateReader>,
}

/// A value that could not be read.
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(super) struct Unread {
    field: String,
    ambiguous: bool,
    document: usize,
    value: String,
}

impl Fields {
    /// Readers that have seen no date yet.
    pub(super) fn new(corpus: &Corpus<'_>) -> Self {
        let reader = DateReader::new(corpus.settled.day_order);
        let compared = corpus.settled.policy.compared_fields();
        Self {
            dates: reader,
            compared: compared
                .into_iter()
                .map(|field| (field.to_owned(), reader))
                .collect(),
        }
    }

    /// Learns from the dates of all documents whether the day or the month comes first.
    pub(super) fn learn(&mut self, corpus: &Corpus<'_>, pool: &Pool) {
        let documents = &corpus.documents;
        let blank = || Self::new(corpus);
        let parts = documents.len().div_ceil(LEARNED);
        let learned = pool.map(
            parts,
            || (),
            |(), part| {
                let mut fields = blank();
                let end = documents.len().min(LEARNED * (part + 1));
                for position in LEARNED * part..end {
                    let metadata = documents.metadata(position);
                    if let Some(date) = &metadata.date {
                        fields.dates.learn(date);
                    }
                    for (field, reader) in &mut fields.compared {
                        metadata.values(field).for_each(|date| reader.learn(date));
                    }
                }
                fields
            },
        );
        for part in learned {
            self.dates = self.dates.merge(part.dates);
            for (reader, learned) in self.compared.values_mut().zip(part.compared.values()) {
                *reader = reader.merge(*learned);
            }
        }
    }

    /// Has one of these claims a date with two readings, which the other dates of its field may decide?
    pub(super) fn have_open_dates(&self, claims: &[&mut Claim], asks_for_dates: bool) -> bool {
        claims.iter().any(|claim| {
            let date = claim.metadata.date.as_ref().filter(|_| asks_for_dates);
            let is_open = |(field, reader): (&String, &DateReader)| {
                let value = claim.metadata.first_value(field);
                value.is_some_and(|value| reader.has_two_readings(value))
            };
            date.is_some_and(|date| self.dates.has_two_readings(date))
                || self.compared.iter().any(is_open)
        })
    }

    /// Sets the dates and values of the claims of one cluster. Returns the values that could not be read.
    pub(super) fn read(&self, claims: &mut [&mut Claim], asks_for_dates: bool) -> Vec<Unread> {
        let mut unread = Vec::new();
        for claim in claims.iter_mut().filter(|_| asks_for_dates) {
            let Some(written) = &claim.metadata.date else {
                continue;
            };
            claim.date = self.dates.read(written);
            if claim.date.is_none() && !written.trim().is_empty() {
                unread.push(not_read(claim, DATE, written, &self.dates));
            }
        }
        for (field, reader) in &self.compared {
            let metadata: Vec<_> = claims.iter().map(|claim| claim.metadata.clone()).collect();
            let of_field = |i: usize| metadata[i].first_value(field);
            let having: Vec<usize> = (0..claims.len())
                .filter(|&i| of_field(i).is_some())
                .collect();
            let written: Vec<&str> = having.iter().filter_map(|&i| of_field(i)).collect();
            let read = values(&written, reader);
            for ((&i, written), value) in having.iter().zip(&written).zip(read) {
                match value {
                    Some(value) => {
                        claims[i].values.insert(field.clone(), value);
                    }
                    None => unread.push(not_read(claims[i], field, written, reader)),
                }
            }
        }
        unread
    }
}

/// Number of documents that a worker learns from in one task.
const LEARNED: usize = 1 << 12;

fn not_read(claim: &Claim, field: &str, written: &str, reader: &DateReader) -> Unread {
    Unread {
        field: field.to_owned(),
        ambiguous: reader.is_ambiguous(written),
        document: claim.position,
        value: written.to_owned(),
    }
}

impl Corpus<'_> {
    /// The values that could not be read, counted by field. Each field has an example from the document with the smallest id.
    pub(super) fn unread_values(
        &self,
        unread: impl IntoIterator<Item = Unread>,
    ) -> Vec<UnreadValues> {
        let mut by_field: BTreeMap<(String, bool), UnreadValues> = BTreeMap::new();
        for Unread {
            field,
            ambiguous,
            document,
            value,
        } in unread
        {
            let found = by_field
                .entry((field.clone(), ambiguous))
                .or_insert_with(|| UnreadValues {
                    field,
                    ambiguous,
                    count: 0,
                    document: self.document(document),
                    example: value.clone(),
                });
            found.count += 1;
            if self.documents.id(document) < found.document.id.as_str() {
                found.document = self.document(document);
                found.example = value;
            }
        }
        by_field.into_values().collect()
    }
}
