//! How is a document related to the documents in the index?

use std::borrow::Cow;
use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap};
use std::io;
use std::sync::Arc;

use xxhash_rust::xxh3::xxh3_128;

use crate::deduper::Source;
use crate::deduper::columns::Relevance;
use crate::document::Documents;
use crate::error::Error;
use crate::facts::Facts;
use crate::index::Index;
use crate::index::candidates::Lookup;
use crate::index::keys::{keys, seed_key};
use crate::index::ledger::Row;
use crate::lsh::CandidatePair;
use crate::verify::{Comparison, Relation};

/// Maximum number of documents of one folded text that are listed, the smallest ids first.
const MAX_LISTED: usize = 16;

/// What happened to a document that was given to an index.
///
/// ```
/// use reprint::index::Outcome;
///
/// assert_eq!(Outcome::Known.as_str(), "known");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The id is new. `add` has added the document.
    New,
    /// The index has a document with this id and text. Nothing has changed.
    Known,
    /// The index has a document with this id and another text. `add` does not add this one.
    Conflict,
    /// `replace` has put the document in the place of one with the same id and another text or other metadata.
    Replaced,
}

impl Outcome {
    /// `new`, `known`, `conflict` or `replaced`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Known => "known",
            Self::Conflict => "conflict",
            Self::Replaced => "replaced",
        }
    }

    /// Did the call add the document to the index?
    pub(super) fn is_added(self) -> bool {
        matches!(self, Self::New | Self::Replaced)
    }
}

/// A document in the index, and how the queried document is related to it.
///
/// ```no_run
/// let index = reprint::Index::open("news".as_ref(), reprint::Deduper::default())?;
/// for other in &index.query(&[("today", "One text.")])?[0].relations {
///     println!("{} is {} of {}", "today", other.comparison.relation, other.id);
/// }
/// # Ok::<(), reprint::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct IndexedRelation {
    /// The id of the document in the index.
    pub id: String,
    /// The relation of the queried document to it: `Exact`, `SameText`, `Reprint`, `Within` or `Contains`. The queried document is the left
    /// side.
    pub comparison: Comparison,
}

/// The answer of an index about one document.
///
/// ```no_run
/// let mut index = reprint::Index::open("news".as_ref(), reprint::Deduper::default())?;
/// let answers = index.add(&[("today", "One text.")])?;
/// println!("{} known documents are related", answers[0].relations.len());
/// # Ok::<(), reprint::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// The id of the document.
    pub id: String,
    /// What happened to it.
    pub outcome: Outcome,
    /// Documents that it is a copy of, contains or is inside of, by id. For a document that is added, only documents that were in the index
    /// before it. At most 16 documents of one folded text are listed. Containment is found by passages that at most 16 texts have.
    pub relations: Vec<IndexedRelation>,
    /// The number of the generation of `clusters`. 0 before the first generation.
    pub generation: u64,
    /// The canonical ids of the clusters in that generation that have one of its copies, ascending.
    pub clusters: Vec<String>,
}

/// A queried document.
pub(super) struct Asked<'a> {
    pub(super) id: &'a str,
    pub(super) text: Cow<'a, str>,
    pub(super) facts: Arc<Facts>,
    pub(super) outcome: Outcome,
    /// Documents with this number or a higher one were added later and do not count.
    pub(super) before: u32,
    /// Its number, if it is in the index.
    pub(super) own: Option<u32>,
}

impl Index {
    /// The answer about a document.
    pub(super) fn answer(&self, asked: &Asked<'_>) -> Result<Answer, Error> {
        let facts = &asked.facts;
        let own = self.ledger.text_of((facts.digest(), facts.length() as u64));
        let mut relations = match own {
            Some(text) => self.equals(asked, text),
            None => Vec::new(),
        };
        for (text, comparison) in self.related_texts(asked)? {
            let documents = self.listed(asked, text);
            relations.extend(documents.into_iter().map(|row| IndexedRelation {
                id: row.id.to_string(),
                comparison,
            }));
        }
        relations.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(Answer {
            id: asked.id.to_owned(),
            outcome: asked.outcome,
            clusters: self.touched(&relations)?,
            relations,
            generation: self.generation(),
        })
    }

    /// The documents of a text that are listed: the smallest ids among those that were in the index before the queried one.
    fn listed(&self, asked: &Asked<'_>, text: u32) -> Vec<&Row> {
        let text = &self.ledger.texts[text as usize];
        let first =
            text.documents
                .smallest(asked.before, MAX_LISTED + 1, self.ledger.rows.as_slice());
        self.others(asked, first)
    }

    /// At most [`MAX_LISTED`] of these documents, without the queried one.
    fn others(&self, asked: &Asked<'_>, documents: Vec<u32>) -> Vec<&Row> {
        let documents = documents.into_iter();
        let others = documents.filter(|&document| Some(document) != asked.own);
        let others = others.take(MAX_LISTED);
        others.map(|document| self.row(document)).collect()
    }

    /// The documents with the same folded text. Those with the same original come first.
    fn equals(&self, asked: &Asked<'_>, text: u32) -> Vec<IndexedRelation> {
        let original = original(&asked.text);
        let text = &self.ledger.texts[text as usize];
        let equals = text.equals(original, asked.before, MAX_LISTED + 1, &self.ledger.rows);
        let rows = self.others(asked, equals);
        let relation = |row: &Row| match row.original == original {
            true => Relation::Exact,
            false => Relation::SameText,
        };
        let equals = rows.into_iter().map(|row| IndexedRelation {
            id: row.id.to_string(),
            comparison: Comparison::equal(relation(row)),
        });
        equals.collect()
    }

    /// Other texts that it is a copy of, contains or is inside of.
    fn related_texts(&self, asked: &Asked<'_>) -> Result<Vec<(u32, Comparison)>, Error> {
        let relevant = self.relevant(&asked.facts, asked.before)?;
        let mut related = self.copies(asked, &relevant.texts)?;
        let copies: BTreeSet<u32> = related.iter().map(|&(text, _)| text).collect();
        let inside = relevant.texts.iter();
        let inside = inside
            .filter(|one| one.relevance.may_be_inside && !copies.contains(&one.text))
            .collect();
        related.extend(self.inside(asked, inside, relevant.frequencies)?);
        Ok(related)
    }

    /// Texts that it is a copy of. Texts near it are evidence for this.
    fn copies(
        &self,
        asked: &Asked<'_>,
        relevant: &[Relevant],
    ) -> Result<Vec<(u32, Comparison)>, Error> {
        let is_asked = |one: &&Relevant| one.relevance.may_be_copies() || one.relevance.is_near();
        let chosen: Vec<&Relevant> = relevant.iter().filter(is_asked).collect();
        if !chosen.iter().any(|one| one.relevance.may_be_copies()) {
            return Ok(Vec::new());
        }
        let relevance: Vec<Relevance> = chosen.iter().map(|one| one.relevance).collect();
        let known = self.known_works(&chosen)?;
        self.compared(asked, &chosen, |documents, facts| {
            let known = known.clone();
            self.deduper
                .copies_of_first(documents, facts, &relevance, known)
        })
    }

    /// Pairs of texts that are in one cluster of the last generation. The texts are counted from 1, after the queried one.
    ///
    /// An answer does not compare these texts with each other. Without the clusters, ten copies of one text would count as ten works that all
    /// have what the queried text shares with one of them, and the queried text would be taken for another item of their form.
    fn known_works(&self, chosen: &[&Relevant]) -> Result<Vec<CandidatePair>, Error> {
        let generation = self.manifest.generation;
        let rows = generation.map_or(0, |generation| generation.rows);
        let rows = u32::try_from(rows).unwrap_or(u32::MAX);
        let mut first_of: HashMap<String, u32> = HashMap::new();
        let mut known = Vec::new();
        for (place, one) in (1..).zip(chosen) {
            let Some(document) = self.smallest_of(one.text, rows) else {
                continue;
            };
            if let Some(cluster) = self.cluster_of(&self.row(document).id)? {
                let first = *first_of.entry(cluster).or_insert(place);
                known.push((first, place));
            }
        }
        known.retain(|(first, place)| first < place);
        Ok(known)
    }

    /// Texts that it contains or is inside of.
    fn inside(
        &self,
        asked: &Asked<'_>,
        chosen: Vec<&Relevant>,
        mut frequencies: HashMap<u64, u32>,
    ) -> Result<Vec<(u32, Comparison)>, Error> {
        if chosen.is_empty() {
            return Ok(Vec::new());
        }
        // Common phrases must also be known in the texts that may be inside it.
        let lookup = self.lookup(&asked.facts, asked.before);
        let shorter = chosen.iter().map(|one| &one.facts);
        for facts in shorter.filter(|facts| facts.length() <= asked.facts.length()) {
            for seed in facts.seeds() {
                if let Entry::Vacant(unknown) = frequencies.entry(seed_key(seed.key)) {
                    let frequency = lookup.frequency(*unknown.key())?;
                    unknown.insert(frequency);
                }
            }
        }
        let frequency = |seed: u64| frequencies.get(&seed_key(seed)).copied().unwrap_or(0);
        self.compared(asked, &chosen, |documents, facts| {
            self.deduper.inside_of_first(documents, facts, frequency)
        })
    }

    /// The result of comparing it with some texts.
    fn compared(
        &self,
        asked: &Asked<'_>,
        chosen: &[&Relevant],
        compare: impl Fn(&Source<'_>, &[&Facts]) -> Vec<(usize, Comparison)>,
    ) -> Result<Vec<(u32, Comparison)>, Error> {
        let documents = Compared {
            index: self,
            asked,
            rows: chosen.iter().map(|one| self.row(one.document)).collect(),
        };
        let documents = Source::new(&documents);
        let others = chosen.iter().map(|one| &*one.facts);
        let facts: Vec<&Facts> = std::iter::once(&*asked.facts).chain(others).collect();
        let found = compare(&documents, &facts);
        documents.check()?;
        let found = found.into_iter();
        let found = found.map(|(position, comparison)| (chosen[position - 1].text, comparison));
        Ok(found.collect())
    }

    /// The other texts that are needed for an answer about a text: texts that may be related to it, and texts near it, which are evidence
    /// about what it shares with the others.
    pub(super) fn relevant(&self, facts: &Facts, before: u32) -> Result<Surroundings, Error> {
        let keys = keys(&self.deduper, facts);
        let found = self
            .lookup(facts, before)
            .candidates(facts.digest(), &keys)?;
        let mut relevant = Vec::new();
        for (text, common) in found.texts {
            let document = self.first_of(text, before);
            let of_text = self.facts_of(document)?;
            let mut relevance = self.deduper.relevance(facts, &of_text);
            relevance.may_be_inside &= common.seeds > 0;
            if relevance.may_be_copies() || relevance.may_be_inside || relevance.is_near() {
                relevant.push(Relevant {
                    text,
                    document,
                    facts: of_text,
                    relevance,
                });
            }
        }
        // By id, as in a batch run, so that no answer depends on the order in which they were added.
        relevant.sort_by(|a, b| self.row(a.document).id.cmp(&self.row(b.document).id));
        Ok(Surroundings {
            texts: relevant,
            frequencies: found.frequencies,
        })
    }

    /// The lookup of keys among the other texts that were in the index before a document.
    fn lookup(&self, facts: &Facts, before: u32) -> Lookup<'_, impl Fn(u32) -> bool> {
        let own = self.ledger.text_of((facts.digest(), facts.length() as u64));
        let is_visible = move |text: u32| {
            let documents = &self.ledger.texts[text as usize].documents;
            Some(text) != own && documents.first().is_some_and(|first| first < before)
        };
        Lookup {
            runs: &self.runs,
            texts: &self.ledger.texts,
            is_visible,
        }
    }

    /// The document with the smallest id among those that have a text and were in the index before a document. It stands for the text, as
    /// in a batch run.
    fn first_of(&self, text: u32, before: u32) -> u32 {
        self.smallest_of(text, before).unwrap_or_default()
    }

    fn smallest_of(&self, text: u32, before: u32) -> Option<u32> {
        let documents = &self.ledger.texts[text as usize].documents;
        let first = documents.smallest(before, 1, self.ledger.rows.as_slice());
        first.first().copied()
    }

    /// The clusters of the last generation that have one of its copies.
    fn touched(&self, relations: &[IndexedRelation]) -> Result<Vec<String>, Error> {
        let copies = relations
            .iter()
            .filter(|other| other.comparison.relation.is_copy());
        let mut touched = BTreeSet::new();
        for copy in copies {
            touched.extend(self.cluster_of(&copy.id)?);
        }
        Ok(touched.into_iter().collect())
    }
}

/// A digest. Originals with the same characters have the same digest.
pub(super) fn original(text: &str) -> u128 {
    xxh3_128(text.as_bytes())
}

/// The other texts that are needed for an answer about a text.
pub(super) struct Surroundings {
    /// By the ids of the documents that stand for them.
    pub(super) texts: Vec<Relevant>,
    /// For each of its seeds that other texts have, the number of these texts.
    frequencies: HashMap<u64, u32>,
}

/// A text that is needed for an answer.
pub(super) struct Relevant {
    pub(super) text: u32,
    /// The document that stands for it.
    pub(super) document: u32,
    facts: Arc<Facts>,
    /// The relations that the queried text may have to this one.
    relevance: Relevance,
}

/// The queried document, and one document of each text that it is compared with.
struct Compared<'c> {
    index: &'c Index,
    asked: &'c Asked<'c>,
    rows: Vec<&'c Row>,
}

impl Documents for Compared<'_> {
    fn len(&self) -> usize {
        1 + self.rows.len()
    }

    fn id(&self, position: usize) -> &str {
        match position.checked_sub(1) {
            Some(other) => &self.rows[other].id,
            None => self.asked.id,
        }
    }

    fn text(&self, position: usize) -> io::Result<Cow<'_, str>> {
        let Some(other) = position.checked_sub(1) else {
            return Ok(self.asked.text.as_ref().into());
        };
        let text = self.index.text_of(self.rows[other]);
        text.map(Cow::from).map_err(io::Error::other)
    }
}
