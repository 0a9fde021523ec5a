//! What does the page show about a cluster, two copies, a document inside another, or a passage? Each entry is one JSON value. Each
//! item also has a row in the list.

use std::collections::BTreeMap;
use std::io;

use reprint::report::records::{ClusterRecord, MemberRecord, cluster as cluster_record, rounded};
use reprint::report::{
    Cluster, CommonPassage, Member, Passage, PassagePlace, RefusedPair, RelatedPair,
};
use reprint::verify::{Comparison, Ground, Objection};
use reprint::{Deduper, Documents, Span};
use serde::Serialize;

use super::head::least_similarity;
use super::pieces::{self, Set};
use super::{MAX_COMPARED, MAX_MEMBERS, json};
use crate::result::doubt::FormSigns;
use crate::result::openings::Openings;

/// Number of characters of a text in the list.
const OPENING_CHARACTERS: usize = 90;

/// Maximum number of characters of a canonical copy that are shown with its cluster.
const TEXT_CHARACTERS: usize = 20_000;

/// Maximum number of passages of one pair that are shown.
const MAX_PASSAGES: usize = 12;

/// Maximum number of places of one passage that are listed, and of those that are shown with the text around them.
const MAX_PLACES: usize = 200;
const MAX_QUOTED_PLACES: usize = 12;

/// Maximum number of characters of a passage that are shown.
const PASSAGE_CHARACTERS: usize = 4000;

/// Number of characters shown before and after a passage.
const CONTEXT_CHARACTERS: usize = 160;

/// An item that has an entry in the page.
pub enum Item<'r> {
    /// A cluster, its place in the order of doubt, and the signs of a form, if there are any.
    Cluster(&'r Cluster, usize, Option<&'r FormSigns>),
    /// A member of a cluster, and its number among the members.
    Copy(&'r Cluster, usize, &'r Member),
    Related(&'r RelatedPair),
    Passage(&'r CommonPassage),
    Refused(&'r RefusedPair),
}

/// The entry of an item.
pub struct Entry {
    /// The row in the list; `None` for an entry that belongs to the item before.
    pub row: Option<String>,
    /// The place among the entries of the item; 0 for the entry of the item itself.
    pub place: usize,
    pub json: String,
}

impl Entry {
    /// The entry of a new item.
    fn item<R: Serialize, T: Serialize>(row: &R, shown: &T) -> io::Result<Self> {
        Ok(Self {
            row: Some(json(row)?),
            place: 0,
            json: json(shown)?,
        })
    }
}

pub fn entry(
    documents: &dyn Documents,
    deduper: &Deduper,
    openings: &Openings,
    item: &Item<'_>,
) -> io::Result<Entry> {
    match item {
        Item::Cluster(cluster, doubt, form) => {
            cluster_entry(documents, openings, cluster, *doubt, *form)
        }
        Item::Copy(cluster, number, member) => {
            let positions = [cluster.canonical.position, member.document.position];
            Ok(Entry {
                row: None,
                place: number + 1,
                json: json(&set(documents, deduper, positions)?)?,
            })
        }
        Item::Related(pair) => related_entry(documents, deduper, pair),
        Item::Passage(passage) => common_passage_entry(documents, passage),
        Item::Refused(pair) => refused_entry(documents, deduper, pair),
    }
}

/// A row in the list: id, number of documents, similarity of the least similar member, opening, ids of the other members, place in
/// the order of doubt (0 is the most doubtful), signs of a form.
type ClusterRow<'r> = (
    &'r str,
    usize,
    f64,
    String,
    Vec<&'r str>,
    usize,
    Option<String>,
);

#[derive(Serialize)]
struct ClusterEntry<'r> {
    reason: &'r str,
    metadata: &'r BTreeMap<String, Vec<String>>,
    members: &'r [MemberRecord<'r>],
    /// The similarity of each document to the canonical copy, by the measure that decided.
    alike: Vec<f64>,
    /// The canonical copy, which may be cut, and its number of characters.
    text: String,
    characters: usize,
}

fn cluster_entry(
    documents: &dyn Documents,
    openings: &Openings,
    cluster: &Cluster,
    doubt: usize,
    form: Option<&FormSigns>,
) -> io::Result<Entry> {
    let text = documents.text(cluster.canonical.position)?;
    let alike = |member: &Member| rounded(member.comparison.similarity());
    let least = least_similarity(cluster);
    let others = cluster.members.iter().take(MAX_COMPARED);
    let row: ClusterRow<'_> = (
        &cluster.canonical.id,
        cluster.members.len() + 1,
        least,
        opening(openings.start(&text)),
        others.map(|member| member.document.id.as_str()).collect(),
        doubt,
        form.map(FormSigns::to_string),
    );
    let ClusterRecord {
        reason,
        metadata,
        members,
        ..
    } = cluster_record(cluster);
    let shown = ClusterEntry {
        reason,
        metadata,
        members: &members[..members.len().min(MAX_MEMBERS)],
        alike: std::iter::once(1.0)
            .chain(cluster.members.iter().map(alike))
            .take(MAX_MEMBERS)
            .collect(),
        text: start(&text, TEXT_CHARACTERS).to_owned(),
        characters: text.chars().count(),
    };
    Entry::item(&row, &shown)
}

/// Compares two whole documents side by side.
fn set(documents: &dyn Documents, deduper: &Deduper, positions: [usize; 2]) -> io::Result<Set> {
    let [left, right] = positions.map(|position| documents.text(position));
    pieces::set(deduper, &left?, &right?)
}

/// A row in the list: both ids, share of the second document in the first, characters of the longest passage, opening of that passage.
type RelatedRow<'r> = (&'r str, &'r str, f64, usize, String);

#[derive(Serialize)]
struct RelatedEntry {
    jaccard: f64,
    a_in_b: f64,
    b_in_a: f64,
    /// Number of characters of both documents.
    characters: [usize; 2],
    passages: Vec<PassageEntry>,
    /// Number of passages that are not shown.
    more: usize,
}

/// A passage with its place in both texts.
#[derive(Serialize)]
struct PassageEntry {
    a: Place,
    b: Place,
    common: usize,
    documents: usize,
    common_phrase: bool,
    set: Set,
}

/// The place of a passage in one text, in characters, and the text around it.
#[derive(Serialize)]
struct Place {
    from: usize,
    to: usize,
    before: String,
    after: String,
}

fn related_entry(
    documents: &dyn Documents,
    deduper: &Deduper,
    pair: &RelatedPair,
) -> io::Result<Entry> {
    let texts = [
        documents.text(pair.a.position)?,
        documents.text(pair.b.position)?,
    ];
    let passages = pair.passages.iter().take(MAX_PASSAGES);
    let passages = passages.map(|passage| passage_entry(deduper, passage, [&texts[0], &texts[1]]));
    let overlap = pair.overlap;
    let shown = RelatedEntry {
        jaccard: rounded(overlap.jaccard()),
        a_in_b: rounded(overlap.left_in_right()),
        b_in_a: rounded(overlap.right_in_left()),
        characters: [&texts[0], &texts[1]].map(|text| text.chars().count()),
        passages: passages.collect::<io::Result<_>>()?,
        more: pair.passages.len().saturating_sub(MAX_PASSAGES),
    };
    let first = pair.passages.iter().max_by_key(|passage| passage.common);
    let row: RelatedRow<'_> = (
        &pair.a.id,
        &pair.b.id,
        shown.b_in_a,
        first.map_or(0, |passage| passage.common),
        opening(first.map_or("", |passage| passage.left.of(&texts[0]))),
    );
    Entry::item(&row, &shown)
}

fn passage_entry(
    deduper: &Deduper,
    passage: &Passage,
    texts: [&str; 2],
) -> io::Result<PassageEntry> {
    Ok(PassageEntry {
        a: place(&passage.left, texts[0]),
        b: place(&passage.right, texts[1]),
        common: passage.common,
        documents: passage.documents,
        common_phrase: passage.is_common_phrase(),
        set: pieces::set(
            deduper,
            passage.left.of(texts[0]),
            passage.right.of(texts[1]),
        )?,
    })
}

fn place(span: &Span, text: &str) -> Place {
    let before = text.get(..span.bytes.start).unwrap_or_default();
    let after = text.get(span.bytes.end..).unwrap_or_default();
    Place {
        from: span.characters.start,
        to: span.characters.end,
        before: end(before, CONTEXT_CHARACTERS).to_owned(),
        after: start(after, CONTEXT_CHARACTERS).to_owned(),
    }
}

/// A row in the list: ids of the first documents with the passage, number of documents, characters, opening, and whether it is a common phrase.
type CommonPassageRow<'r> = (Vec<&'r str>, usize, usize, String, bool);

#[derive(Serialize)]
struct CommonPassageEntry<'r> {
    text: String,
    /// Number of characters of the whole text; `text` may be cut.
    characters: usize,
    /// The first places, with the text around them.
    places: Vec<(&'r str, Place)>,
    /// Further places.
    others: Vec<(&'r str, usize, usize)>,
    /// Number of places that are not listed.
    more: usize,
}

fn common_passage_entry(documents: &dyn Documents, passage: &CommonPassage) -> io::Result<Entry> {
    let id = |of: &PassagePlace| documents.id(of.position);
    let (quoted, others) = passage
        .places
        .split_at(passage.places.len().min(MAX_QUOTED_PLACES));
    let text = match quoted.first() {
        Some(of) => of.span.of(&documents.text(of.position)?).to_owned(),
        None => String::new(),
    };
    let quoted = quoted.iter().map(|of| {
        let text = documents.text(of.position)?;
        Ok((id(of), place(&of.span, &text)))
    });
    let places: Vec<(&str, Place)> = quoted.collect::<io::Result<_>>()?;
    let row: CommonPassageRow<'_> = (
        places.iter().map(|(id, _)| *id).collect(),
        passage.documents,
        passage.chars,
        opening(&text),
        passage.is_common_phrase(),
    );
    let listed = others.iter().take(MAX_PLACES);
    let listed = listed.map(|of| (id(of), of.span.characters.start, of.span.characters.end));
    let shown = CommonPassageEntry {
        text: start(&text, PASSAGE_CHARACTERS).to_owned(),
        characters: text.chars().count(),
        places,
        others: listed.collect(),
        more: others.len().saturating_sub(MAX_PLACES),
    };
    Entry::item(&row, &shown)
}

/// A row in the list: both ids, similarity, opening.
type RefusedRow<'r> = (&'r str, &'r str, f64, String);

#[derive(Serialize)]
struct RefusedEntry {
    relation: &'static str,
    ground: Option<&'static str>,
    objection: Option<&'static str>,
    jaccard: f64,
    set: Set,
}

fn refused_entry(
    documents: &dyn Documents,
    deduper: &Deduper,
    pair: &RefusedPair,
) -> io::Result<Entry> {
    let comparison: &Comparison = &pair.comparison;
    let text = documents.text(pair.a.position)?;
    let row: RefusedRow<'_> = (
        &pair.a.id,
        &pair.b.id,
        rounded(comparison.similarity()),
        opening(&text),
    );
    let shown = RefusedEntry {
        relation: comparison.relation.as_str(),
        ground: comparison.figures.ground.map(Ground::as_str),
        objection: comparison.figures.objection.map(Objection::as_str),
        jaccard: rounded(comparison.jaccard()),
        set: set(documents, deduper, [pair.a.position, pair.b.position])?,
    };
    Entry::item(&row, &shown)
}

/// The first words of a text, on one line.
fn opening(text: &str) -> String {
    let text = start(text.trim_start_matches('\u{FEFF}'), 8 * OPENING_CHARACTERS);
    let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
    start(&flat, OPENING_CHARACTERS).to_owned()
}

fn start(text: &str, characters: usize) -> &str {
    match text.char_indices().nth(characters) {
        Some((end, _)) => &text[..end],
        None => text,
    }
}

fn end(text: &str, characters: usize) -> &str {
    match text.char_indices().rev().nth(characters.saturating_sub(1)) {
        Some((start, _)) => &text[start..],
        None => text,
    }
}
