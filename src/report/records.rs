//! The rows of the result files, as serialisable records.
//!
//! ```
//! use reprint::{Deduper, report::records};
//!
//! let report = Deduper::default().run(&[("a", "One text."), ("b", "One text")])?;
//! let row = serde_json::to_string(&records::clusters(&report).next()).unwrap();
//! assert!(row.starts_with(r#"{"canonical":"a","size":2,"reason":"#));
//! assert!(row.contains(r#"{"id":"b","relation":"same-text","jaccard":1.0,"#));
//! # Ok::<(), reprint::Error>(())
//! ```

use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};
use std::io;

use serde::Serialize;

use crate::document::{Documents, Span};
use crate::report::{
    AgainstPair, Cluster, CommonPassage, Contained, DocumentRef, Member, Passage, RelatedPair,
    Report,
};
use crate::verify::{Ground, Relation};

/// A row of `clusters.jsonl`.
///
/// ```
/// use reprint::{Deduper, report::records};
///
/// let report = Deduper::default().run(&[("a", "One text."), ("b", "One text")])?;
/// assert_eq!(records::clusters(&report).next().unwrap().size, 2);
/// # Ok::<(), reprint::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ClusterRecord<'r> {
    /// Id of the canonical copy.
    pub canonical: &'r str,
    /// Number of members, canonical copy included.
    pub size: usize,
    /// Why it is the canonical copy.
    pub reason: &'r str,
    /// The metadata of its documents, merged: the values of each name, those of the canonical copy first.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub metadata: &'r BTreeMap<String, Vec<String>>,
    /// The canonical copy, then the others by id.
    pub members: Vec<MemberRecord<'r>>,
}

/// A member in a row of `clusters.jsonl`.
///
/// ```
/// use reprint::{Deduper, report::records};
///
/// let report = Deduper::default().run(&[("a", "One text."), ("b", "One text")])?;
/// assert_eq!(records::clusters(&report).next().unwrap().members[0].relation, "canonical");
/// # Ok::<(), reprint::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MemberRecord<'r> {
    /// Its id.
    pub id: &'r str,
    /// `canonical`, `exact`, `same-text` or `reprint`.
    pub relation: &'static str,
    /// Whether it stays in addition to the canonical copy, for another value of the policy's field.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub stays: bool,
    /// Jaccard with the canonical copy.
    pub jaccard: f64,
    /// Similarity to the canonical copy, by the figure that decided; never under the threshold.
    pub similarity: f64,
    /// The figure that made it a reprint: `shingles`, `body`, `grams`, `drift`, `letters` or `notes`; none for equal texts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ground: Option<&'static str>,
    /// Id of a version between it and the canonical copy, if it joined because of that version.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub via: Option<&'r str>,
    /// Share of its shingles that the canonical copy has.
    pub in_canonical: f64,
    /// Share of the canonical copy's shingles that this copy has.
    pub of_canonical: f64,
    /// Its damage, measured against the other copies: the figures that are not zero, by name.
    pub damage: BTreeMap<&'static str, u64>,
}

/// A row of `removed.jsonl`.
///
/// ```
/// use reprint::{Deduper, report::records};
///
/// let report = Deduper::default().run(&[("a", "One text."), ("b", "One text")])?;
/// assert_eq!(records::removed(&report)[0].id, "b");
/// # Ok::<(), reprint::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RemovedRecord<'r> {
    /// Id of the removed document.
    pub id: &'r str,
    /// Id of the copy that stays for it, or of the container if it is removed for being inside that. None if no copy stays, because too
    /// few sources have the text.
    pub canonical: Option<&'r str>,
    /// `exact`, `same-text` or `reprint`; `within` if the policy removes documents inside others; `few-sources` if no copy stays.
    pub relation: &'static str,
    /// Jaccard with the document that stays.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jaccard: Option<f64>,
    /// Similarity to the document that stays, by the figure that decided; never under the threshold.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub similarity: Option<f64>,
    /// Number of different sources of the text, if they are too few.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sources: Option<usize>,
}

/// A row of `refused.jsonl`: two copies of each other in different clusters.
///
/// ```
/// use reprint::{Deduper, report::records};
///
/// let report = Deduper::default().run(&[("a", "One text."), ("b", "One text")])?;
/// assert_eq!(records::refused(&report).count(), 0);
/// # Ok::<(), reprint::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RefusedRecord<'r> {
    /// The smaller id.
    pub a: &'r str,
    /// The larger id.
    pub b: &'r str,
    /// Their Jaccard.
    pub jaccard: f64,
}

/// A row of `relations.jsonl`.
///
/// ```
/// use reprint::{Deduper, report::records};
///
/// let documents = [("a", "One text."), ("b", "Another.")];
/// let report = Deduper::default().run(&documents)?;
/// assert_eq!(records::relations(&report, &documents).count(), 0);
/// # Ok::<(), reprint::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RelationRecord<'r> {
    /// Id of the document that contains the other.
    pub a: &'r str,
    /// Id of the other document.
    pub b: &'r str,
    /// `contains`.
    pub relation: &'static str,
    /// Their Jaccard.
    pub jaccard: f64,
    /// Share of the shingles of `a` that `b` has.
    pub a_in_b: f64,
    /// Share of the shingles of `b` that `a` has.
    pub b_in_a: f64,
    /// The passages that they share, by the place in `a`.
    pub passages: Vec<PassageRecord>,
}

/// A passage in a row of `relations.jsonl`.
///
/// ```
/// use reprint::{Span, report::{Passage, records::PassageRecord}};
///
/// let span = Span { bytes: 0..6, characters: 0..2 };
/// let passage = Passage { left: span.clone(), right: span, common: 2, documents: 2 };
/// assert_eq!(PassageRecord::of(&passage, "铜墙铁壁").text, "铜墙");
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PassageRecord {
    /// Characters of `a`, start and end, end exclusive.
    pub a: [usize; 2],
    /// Characters of `b`.
    pub b: [usize; 2],
    /// Number of equal folded characters.
    pub chars: usize,
    /// Number of different documents with the passage.
    pub documents: usize,
    /// Whether these are too many to show that two of them are related.
    pub common_phrase: bool,
    /// The text of the passage in `a`.
    pub text: String,
}

impl PassageRecord {
    /// The row of a passage; `left` is the text of the left document.
    pub fn of(passage: &Passage, left: &str) -> Self {
        let ends = |span: &Span| [span.characters.start, span.characters.end];
        Self {
            a: ends(&passage.left),
            b: ends(&passage.right),
            chars: passage.common,
            documents: passage.documents,
            common_phrase: passage.is_common_phrase(),
            text: passage.left.of(left).to_owned(),
        }
    }
}

/// The rows of `relations.jsonl`, by their ids, with the text of the passages in the `documents` of the report. A row is an error
/// if its document cannot be read.
pub fn relations<'r, D: Documents + ?Sized>(
    report: &'r Report,
    documents: &'r D,
) -> impl Iterator<Item = io::Result<RelationRecord<'r>>> {
    relations_of(&report.relations, documents)
}

/// As [`relations`], for some consecutive pairs of a report.
pub fn relations_of<'r, D: Documents + ?Sized>(
    pairs: &'r [RelatedPair],
    documents: &'r D,
) -> impl Iterator<Item = io::Result<RelationRecord<'r>>> {
    // Pairs with the same left document are consecutive, so its text is read once.
    let mut left = (usize::MAX, Cow::Borrowed(""));
    pairs.iter().map(move |pair| {
        let position = pair.a.position;
        if left.0 != position {
            left = (position, documents.text(position)?);
        }
        Ok(relation_in(pair, &left.1))
    })
}

/// The row of one pair.
///
/// # Errors
///
/// If its left document cannot be read.
pub fn relation<'r, D: Documents + ?Sized>(
    pair: &'r RelatedPair,
    documents: &D,
) -> io::Result<RelationRecord<'r>> {
    Ok(relation_in(pair, &documents.text(pair.a.position)?))
}

fn relation_in<'r>(pair: &'r RelatedPair, left: &str) -> RelationRecord<'r> {
    let overlap = pair.overlap;
    let passages = pair.passages.iter();
    RelationRecord {
        a: &pair.a.id,
        b: &pair.b.id,
        relation: pair.relation.as_str(),
        jaccard: rounded(overlap.jaccard()),
        a_in_b: rounded(overlap.left_in_right()),
        b_in_a: rounded(overlap.right_in_left()),
        passages: passages
            .map(|passage| PassageRecord::of(passage, left))
            .collect(),
    }
}

/// A row of `passages.jsonl`.
///
/// ```
/// use reprint::{Deduper, report::records};
///
/// let documents = [("a", "One text."), ("b", "Another.")];
/// let report = Deduper::default().run(&documents)?;
/// assert_eq!(records::passages(&report.passages, &documents).count(), 0);
/// # Ok::<(), reprint::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CommonPassageRecord<'r> {
    /// The text at the first place.
    pub text: String,
    /// Number of folded characters.
    pub chars: usize,
    /// Number of documents with the passage.
    pub documents: usize,
    /// Its places, by id, then by place in the text: the first 1,000 places.
    pub places: Vec<PlaceRecord<'r>>,
}

/// A place in a row of `passages.jsonl`.
///
/// ```
/// let row = reprint::report::records::PlaceRecord { id: "a", span: [4, 7] };
/// assert_eq!(serde_json::to_string(&row)?, r#"{"id":"a","span":[4,7]}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct PlaceRecord<'r> {
    /// The document.
    pub id: &'r str,
    /// Characters of its text, start and end, end exclusive.
    pub span: [usize; 2],
}

/// The rows of some passages of a report, with their text in the `documents` of the report. A row is an error if a document cannot
/// be read.
pub fn passages<'r, D: Documents + ?Sized>(
    passages: &'r [CommonPassage],
    documents: &'r D,
) -> impl Iterator<Item = io::Result<CommonPassageRecord<'r>>> {
    // Passages of one document are consecutive, so its text is read once.
    let mut first = (usize::MAX, Cow::Borrowed(""));
    passages.iter().map(move |passage| {
        let places = passage.places.iter().map(|place| {
            let characters = &place.span.characters;
            PlaceRecord {
                id: documents.id(place.position),
                span: [characters.start, characters.end],
            }
        });
        let mut text = String::new();
        if let Some(place) = passage.places.first() {
            if first.0 != place.position {
                first = (place.position, documents.text(place.position)?);
            }
            place.span.of(&first.1).clone_into(&mut text);
        }
        Ok(CommonPassageRecord {
            text,
            chars: passage.chars,
            documents: passage.documents,
            places: places.collect(),
        })
    })
}

/// A row of `against.jsonl`: a new document and a reference document.
///
/// ```
/// use reprint::{Deduper, report::records};
///
/// let against = Deduper::default().against(&[("a", "One text.")], &[("x", "One text")])?;
/// let row = records::against(&against.pairs[0], "One text.", true);
/// assert_eq!((row.id, row.against, row.relation, row.dropped), ("a", "x", "same-text", true));
/// # Ok::<(), reprint::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AgainstRecord<'r> {
    /// The new document.
    pub id: &'r str,
    /// The reference document.
    pub against: &'r str,
    /// The relation of the new document to the reference: `exact`, `same-text`, `reprint`, `within` or `contains`.
    pub relation: &'static str,
    /// Their Jaccard.
    pub jaccard: f64,
    /// Share of the new document's shingles that the reference has.
    pub id_in_against: f64,
    /// Share of the reference's shingles that the new document has.
    pub against_in_id: f64,
    /// Whether the new document was dropped.
    pub dropped: bool,
    /// If one is inside the other: the passages that they share, by the place in the new document, which is `a`.
    pub passages: Vec<PassageRecord>,
}

/// The row of a pair, with the text of the passages in the new document.
pub fn against<'r>(pair: &'r AgainstPair, text: &str, dropped: bool) -> AgainstRecord<'r> {
    let comparison = &pair.comparison;
    let passages = pair.passages.iter();
    AgainstRecord {
        id: &pair.document.id,
        against: &pair.reference.id,
        relation: comparison.relation.as_str(),
        jaccard: rounded(comparison.jaccard()),
        id_in_against: rounded(comparison.left_in_right()),
        against_in_id: rounded(comparison.right_in_left()),
        dropped,
        passages: passages
            .map(|passage| PassageRecord::of(passage, text))
            .collect(),
    }
}

/// The rows of `clusters.jsonl`, by canonical id.
pub fn clusters(report: &Report) -> impl Iterator<Item = ClusterRecord<'_>> {
    report.clusters.iter().map(cluster)
}

/// The row of one cluster.
pub fn cluster(cluster: &Cluster) -> ClusterRecord<'_> {
    let canonical = MemberRecord {
        id: &cluster.canonical.id,
        relation: "canonical",
        stays: false,
        jaccard: 1.0,
        similarity: 1.0,
        ground: None,
        via: None,
        in_canonical: 1.0,
        of_canonical: 1.0,
        damage: cluster.damage.by_name(),
    };
    let others = cluster.members.iter();
    let staying = cluster
        .representatives
        .iter()
        .map(|other| other.document.position);
    let staying: HashSet<usize> = staying.collect();
    let others = others.map(|other| {
        let stays = staying.contains(&other.document.position);
        member(other, stays)
    });
    ClusterRecord {
        canonical: &cluster.canonical.id,
        size: cluster.members.len() + 1,
        reason: &cluster.reason,
        metadata: &cluster.metadata,
        members: std::iter::once(canonical).chain(others).collect(),
    }
}

fn member(member: &Member, stays: bool) -> MemberRecord<'_> {
    let comparison = &member.comparison;
    MemberRecord {
        id: &member.document.id,
        relation: comparison.relation.as_str(),
        stays,
        jaccard: rounded(comparison.jaccard()),
        similarity: rounded(comparison.similarity()),
        ground: comparison.figures.ground.map(Ground::as_str),
        via: member.via.as_ref().map(|via| via.id.as_str()),
        in_canonical: rounded(comparison.right_in_left()),
        of_canonical: rounded(comparison.left_in_right()),
        damage: member.damage.by_name(),
    }
}

/// The rows of `removed.jsonl`, in input order.
pub fn removed(report: &Report) -> Vec<RemovedRecord<'_>> {
    let members = report.clusters.iter().flat_map(Cluster::removed);
    let members = members.map(|(stays, member)| {
        let comparison = &member.comparison;
        let figures = (comparison.jaccard(), Some(comparison.similarity()));
        let row = gone_for(&member.document, stays, comparison.relation, figures);
        (member.document.position, row)
    });
    let contained = report.contained.iter().map(|contained| {
        let Contained {
            document,
            container,
            overlap,
        } = contained;
        let figures = (overlap.jaccard(), None);
        let row = gone_for(document, container, Relation::Within, figures);
        (document.position, row)
    });
    let few_sources = report.few_sources.iter().map(|few| {
        let row = RemovedRecord {
            id: &few.document.id,
            canonical: None,
            relation: "few-sources",
            jaccard: None,
            similarity: None,
            sources: Some(few.sources),
        };
        (few.document.position, row)
    });
    let mut rows: Vec<(usize, RemovedRecord<'_>)> =
        members.chain(contained).chain(few_sources).collect();
    rows.sort_by_key(|&(position, _)| position);
    rows.into_iter().map(|(_, row)| row).collect()
}

fn gone_for<'r>(
    gone: &'r DocumentRef,
    stays: &'r DocumentRef,
    relation: Relation,
    (jaccard, similarity): (f64, Option<f64>),
) -> RemovedRecord<'r> {
    RemovedRecord {
        id: &gone.id,
        canonical: Some(&stays.id),
        relation: relation.as_str(),
        jaccard: Some(rounded(jaccard)),
        similarity: similarity.map(rounded),
        sources: None,
    }
}

/// The rows of `refused.jsonl`, by their ids.
pub fn refused(report: &Report) -> impl Iterator<Item = RefusedRecord<'_>> {
    report.refused.iter().map(|pair| RefusedRecord {
        a: &pair.a.id,
        b: &pair.b.id,
        jaccard: rounded(pair.comparison.jaccard()),
    })
}

/// A share rounded to six places, as in all rows. More places would be noise, and harder to read.
pub fn rounded(share: f64) -> f64 {
    (share * 1e6).round() / 1e6
}
