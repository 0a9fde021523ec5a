//! Which rows have the tables of a result? Those of the program's files, under the same names.

use std::io;
use std::sync::Arc;

use arrow_array::builder::{Float64Builder, LargeStringBuilder, UInt64Builder};
use arrow_array::{ArrayRef, BinaryArray, BooleanArray, Int64Array, LargeListArray, RecordBatch};
use arrow_buffer::{OffsetBuffer, ScalarBuffer};
use arrow_schema::{ArrowError, DataType, Field};
use reprint::Documents;
use reprint::columns::Lists;
use reprint::report::records::{
    cluster as cluster_record, clusters as cluster_records, relations_of, removed,
};
use reprint::report::{Cluster, CommonPassage, RelatedPair, Report};

use crate::input::Input;
use crate::reference::Gone;

/// A column under its name. Those that can be null say so in their type.
pub type Named = (&'static str, ArrayRef);

pub fn table(columns: impl IntoIterator<Item = Named>) -> Result<RecordBatch, ArrowError> {
    RecordBatch::try_from_iter(columns)
}

/// What is known of a row: the document that it stands under, its relation to that, and how alike they are.
#[derive(Clone, Copy, Default)]
struct Standing<'r> {
    canonical: Option<&'r str>,
    relation: Option<&'r str>,
    jaccard: Option<f64>,
    similarity: Option<f64>,
    size: Option<u64>,
}

/// A row for each row of the input, in its order. Documents that go stand as in `removed.jsonl`, those that stay under the
/// canonical copy of their cluster. `gone` are those that left for a reference document.
pub fn documents(
    input: &Input,
    report: &Report,
    kept: &BooleanArray,
    gone: &[Option<Gone>],
) -> Result<RecordBatch, ArrowError> {
    let mut standings = vec![Standing::default(); input.rows()];
    for (standing, gone) in standings.iter_mut().zip(gone) {
        // Ids of references are those of another collection.
        *standing = Standing {
            relation: gone.map(|gone| gone.relation.as_str()),
            jaccard: gone.map(|gone| gone.jaccard),
            similarity: gone.map(|gone| gone.similarity),
            ..Standing::default()
        };
    }
    for (cluster, record) in report.clusters.iter().zip(cluster_records(report)) {
        for (document, member) in cluster.documents().zip(record.members) {
            standings[input.row(document.position)] = Standing {
                canonical: Some(record.canonical),
                relation: Some(member.relation),
                jaccard: Some(member.jaccard),
                similarity: Some(member.similarity),
                size: Some(record.size as u64),
            };
        }
    }
    for (position, gone) in removed_positions(report).into_iter().zip(removed(report)) {
        let standing = &mut standings[input.row(position)];
        *standing = Standing {
            canonical: gone.canonical,
            relation: Some(gone.relation),
            jaccard: gone.jaccard,
            similarity: gone.similarity,
            ..*standing
        };
    }
    let ids = (0..input.rows()).map(|row| Some(input.id_of(row)));
    table([
        ("id", strings(ids)),
        ("keep", Arc::new(kept.clone()) as ArrayRef),
        (
            "canonical",
            strings(standings.iter().map(|of| of.canonical)),
        ),
        ("relation", strings(standings.iter().map(|of| of.relation))),
        ("jaccard", shares(standings.iter().map(|of| of.jaccard))),
        (
            "similarity",
            shares(standings.iter().map(|of| of.similarity)),
        ),
        ("size", counts(standings.iter().map(|of| of.size))),
    ])
}

/// The positions of the documents that go, in the order of `removed`.
fn removed_positions(report: &Report) -> Vec<usize> {
    let members = report.clusters.iter().flat_map(Cluster::removed);
    let members = members.map(|(_, member)| member.document.position);
    let contained = report.contained.iter().map(|gone| gone.document.position);
    let few = report.few_sources.iter().map(|gone| gone.document.position);
    let mut positions: Vec<usize> = members.chain(contained).chain(few).collect();
    positions.sort_unstable();
    positions
}

/// `clusters.jsonl`, a row for each member.
pub fn clusters(report: &Report) -> Result<RecordBatch, ArrowError> {
    clusters_of(&report.clusters, |sizes| counts(sizes))
}

/// The same of these clusters, with their sizes in a column of this kind.
pub fn clusters_of(
    clusters: &[Cluster],
    counted: impl Fn(&mut dyn Iterator<Item = Option<u64>>) -> ArrayRef,
) -> Result<RecordBatch, ArrowError> {
    let records: Vec<_> = clusters.iter().map(cluster_record).collect();
    let rows: Vec<_> = records
        .iter()
        .flat_map(|cluster| cluster.members.iter().map(move |member| (cluster, member)))
        .collect();
    let of_cluster = || rows.iter().map(|(cluster, _)| cluster);
    let of_member = || rows.iter().map(|(_, member)| member);
    table([
        (
            "canonical",
            strings(of_cluster().map(|of| Some(of.canonical))),
        ),
        (
            "size",
            counted(&mut of_cluster().map(|of| Some(of.size as u64))),
        ),
        ("reason", strings(of_cluster().map(|of| Some(of.reason)))),
        ("id", strings(of_member().map(|of| Some(of.id)))),
        ("relation", strings(of_member().map(|of| Some(of.relation)))),
        ("jaccard", shares(of_member().map(|of| Some(of.jaccard)))),
        (
            "similarity",
            shares(of_member().map(|of| Some(of.similarity))),
        ),
        ("ground", strings(of_member().map(|of| of.ground))),
        ("via", strings(of_member().map(|of| of.via))),
        (
            "in_canonical",
            shares(of_member().map(|of| Some(of.in_canonical))),
        ),
        (
            "of_canonical",
            shares(of_member().map(|of| Some(of.of_canonical))),
        ),
    ])
}

/// What is inside what: `relations.jsonl`, without the passages.
pub fn contained(
    pairs: &[RelatedPair],
    documents: &dyn Documents,
) -> Result<RecordBatch, ArrowError> {
    let records = relations_of(pairs, documents).collect::<io::Result<Vec<_>>>()?;
    let rows = || records.iter();
    table([
        ("a", strings(rows().map(|of| Some(of.a)))),
        ("b", strings(rows().map(|of| Some(of.b)))),
        ("relation", strings(rows().map(|of| Some(of.relation)))),
        ("jaccard", shares(rows().map(|of| Some(of.jaccard)))),
        ("a_in_b", shares(rows().map(|of| Some(of.a_in_b)))),
        ("b_in_a", shares(rows().map(|of| Some(of.b_in_a)))),
    ])
}

/// What several documents have in common: `passages.jsonl`, a row for each place of each passage.
pub fn passages(
    passages: &[CommonPassage],
    documents: &dyn Documents,
) -> Result<RecordBatch, ArrowError> {
    let passages = (0_u64..).zip(passages);
    let rows: Vec<_> = passages
        .flat_map(|(number, passage)| {
            let places = passage.places.iter();
            places.map(move |place| (number, passage, place))
        })
        .collect();
    let texts = rows.iter().map(|(_, _, place)| {
        let text = documents.text(place.position)?;
        Ok(place.span.of(&text).to_owned())
    });
    let texts = texts.collect::<io::Result<Vec<String>>>()?;
    let of_passage = || rows.iter().map(|(_, passage, _)| passage);
    let span = || rows.iter().map(|(_, _, place)| &place.span.characters);
    table([
        ("passage", counts(rows.iter().map(|of| Some(of.0)))),
        (
            "documents",
            counts(of_passage().map(|of| Some(of.documents as u64))),
        ),
        (
            "chars",
            counts(of_passage().map(|of| Some(of.chars as u64))),
        ),
        (
            "id",
            strings(rows.iter().map(|of| Some(documents.id(of.2.position)))),
        ),
        ("start", counts(span().map(|of| Some(of.start as u64)))),
        ("end", counts(span().map(|of| Some(of.end as u64)))),
        (
            "text",
            strings(texts.iter().map(|text| Some(text.as_str()))),
        ),
    ])
}

pub fn strings<'s>(values: impl Iterator<Item = Option<&'s str>>) -> ArrayRef {
    let mut builder = LargeStringBuilder::new();
    values.for_each(|value| builder.append_option(value));
    Arc::new(builder.finish())
}

pub fn shares(values: impl Iterator<Item = Option<f64>>) -> ArrayRef {
    let mut builder = Float64Builder::new();
    values.for_each(|value| builder.append_option(value));
    Arc::new(builder.finish())
}

fn counts(values: impl Iterator<Item = Option<u64>>) -> ArrayRef {
    let mut builder = UInt64Builder::new();
    values.for_each(|value| builder.append_option(value));
    Arc::new(builder.finish())
}

// Tables that engines join have signed numbers: some have no others.

/// Places and sizes, none missing.
pub fn places(values: impl Iterator<Item = u64>) -> ArrayRef {
    let values = values.map(|value| value as i64);
    Arc::new(Int64Array::from_iter_values(values))
}

/// Counts, some of them missing.
pub fn numbers(values: impl Iterator<Item = Option<u64>>) -> ArrayRef {
    let values = values.map(|value| value.map(|value| value as i64));
    Arc::new(values.collect::<Int64Array>())
}

pub fn flags(values: impl Iterator<Item = Option<bool>>) -> ArrayRef {
    Arc::new(values.collect::<BooleanArray>())
}

pub fn binaries<B: AsRef<[u8]>>(values: impl Iterator<Item = B>) -> ArrayRef {
    Arc::new(BinaryArray::from_iter_values(values))
}

/// Lists of keys, by their bits.
pub fn lists(lists: &Lists<u64>) -> ArrayRef {
    let values = lists.values.iter().map(|&key| key as i64);
    let values = Arc::new(Int64Array::from_iter_values(values));
    let offsets: Vec<i64> = lists.offsets.iter().map(|&offset| offset as i64).collect();
    let offsets = OffsetBuffer::new(ScalarBuffer::from(offsets));
    let item = Arc::new(Field::new_list_field(DataType::Int64, false));
    Arc::new(LargeListArray::new(item, offsets, values, None))
}
