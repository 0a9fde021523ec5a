//! What is a document to those that are there?

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use xxhash_rust::xxh3::xxh3_128;

use crate::deduper::Facts;
use crate::document::Documents;
use crate::error::Error;
use crate::index::Index;
use crate::index::candidates::Lookup;
use crate::index::keys::keys;
use crate::index::ledger::Row;
use crate::verify::{Comparison, Relation};

/// Documents of one folded text that are listed, the smallest ids first.
const MAX_LISTED: usize = 16;

/// What became of a document that was given to an index.
///
/// ```
/// use reprint::index::Outcome;
///
/// assert_eq!(Outcome::Known.as_str(), "known");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Its id is new. `add` has added it.
    New,
    /// A document of this id and this text is there: nothing has changed.
    Known,
    /// A document of this id and another text is there. `add` does not add it.
    Conflict,
}

impl Outcome {
    /// `new`, `known` or `conflict`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Known => "known",
            Self::Conflict => "conflict",
        }
    }
}

/// A document that is there, and what another one is to it.
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
    /// Its id.
    pub id: String,
    /// What the document that was asked about is to it: `Exact`, `SameText`, `Reprint`, `Within` or `Contains`. The document that was
    /// asked about is the left side.
    pub comparison: Comparison,
}

/// What an index says of one document.
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
    /// What became of it.
    pub outcome: Outcome,
    /// Documents that it is a copy of, contains or is inside, by id. Of one that is added: those that were there before it. Of
    /// documents with one folded text, 16 at most.
    pub relations: Vec<IndexedRelation>,
    /// The number of the generation that `clusters` belong to: 0 before the first one was made.
    pub generation: u64,
    /// The canonical ids of the clusters of that generation that have one of its copies, ascending.
    pub clusters: Vec<String>,
}

/// A document that is asked about.
pub(super) struct Asked<'a> {
    pub(super) id: &'a str,
    pub(super) text: Cow<'a, str>,
    pub(super) facts: Arc<Facts>,
    pub(super) outcome: Outcome,
    /// Documents from this number on came later.
    pub(super) before: u32,
    /// Its own number, if it is there.
    pub(super) own: Option<u32>,
}

impl Index {
    /// What is known of a document.
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

    /// The documents of a text that were there before, the smallest ids first.
    fn documents(&self, asked: &Asked<'_>, text: u32) -> Vec<&Row> {
        let documents = self.ledger.texts[text as usize].documents.iter();
        let before = documents.take_while(|&&document| document < asked.before);
        let others = before.filter(|&&document| Some(document) != asked.own);
        let mut rows: Vec<&Row> = others
            .map(|&document| &self.ledger.rows[document as usize])
            .collect();
        rows.sort_unstable_by(|a, b| a.id.cmp(&b.id));
        rows
    }

    fn listed(&self, asked: &Asked<'_>, text: u32) -> Vec<&Row> {
        let mut rows = self.documents(asked, text);
        rows.truncate(MAX_LISTED);
        rows
    }

    /// The documents of its own folded text, those of the same characters first.
    fn equals(&self, asked: &Asked<'_>, text: u32) -> Vec<IndexedRelation> {
        let original = original(&asked.text);
        let mut rows = self.documents(asked, text);
        rows.sort_by_key(|row| row.original != original);
        rows.truncate(MAX_LISTED);
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

    /// Other texts that it is a copy of, contains or is inside.
    fn related_texts(&self, asked: &Asked<'_>) -> Result<Vec<(u32, Comparison)>, Error> {
        let relevant = self.relevant(&asked.facts, asked.before)?;
        if !relevant.iter().any(|relevant| relevant.is_question) {
            return Ok(Vec::new());
        }
        let mut candidates = Candidates::default();
        for relevant in relevant {
            let row = self.first_of(relevant.text);
            candidates.rows.push(CandidateText {
                id: row.id.to_string(),
                text: self.text_of(row)?,
                facts: relevant.facts,
            });
            candidates.texts.push(relevant.text);
        }
        let against = self.deduper.against_few(asked, &candidates)?;
        let pairs = against.pairs.into_iter();
        let pairs = pairs.map(|pair| (candidates.texts[pair.reference.position], pair.comparison));
        Ok(pairs.collect())
    }

    /// The texts that must be looked at to say what is known of a text, but for itself: those that may be related to it, and those near
    /// it, which may say what it shares with the others.
    pub(super) fn relevant(&self, facts: &Facts, before: u32) -> Result<Vec<Relevant>, Error> {
        let own = self.ledger.text_of((facts.digest(), facts.length() as u64));
        let is_visible = |text: u32| {
            let documents = &self.ledger.texts[text as usize].documents;
            Some(text) != own && documents.first().is_some_and(|&first| first < before)
        };
        let lookup = Lookup {
            runs: &self.runs,
            texts: &self.ledger.texts,
            is_visible,
        };
        let keys = keys(&self.deduper, facts);
        let mut relevant = Vec::new();
        for (text, common) in lookup.candidates(facts.digest(), &keys)? {
            let of_text = self.facts_of(self.first_of(text))?;
            let relevance = self.deduper.relevance(facts, &of_text);
            let may_be_inside = common.seeds > 0 && relevance.may_be_inside;
            let is_question = relevance.may_be_copies || may_be_inside;
            if is_question || relevance.is_near {
                relevant.push(Relevant {
                    text,
                    facts: of_text,
                    is_question,
                });
            }
        }
        Ok(relevant)
    }

    /// The first document that has a text; there is one.
    fn first_of(&self, text: u32) -> &Row {
        &self.ledger.rows[self.ledger.texts[text as usize].documents[0] as usize]
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

/// The digest by which two originals are the same characters.
pub(super) fn original(text: &str) -> u128 {
    xxh3_128(text.as_bytes())
}

impl Documents for Asked<'_> {
    fn len(&self) -> usize {
        1
    }

    fn id(&self, _: usize) -> &str {
        self.id
    }

    fn text(&self, _: usize) -> Cow<'_, str> {
        self.text.as_ref().into()
    }

    fn facts(&self, _: usize) -> Option<&Facts> {
        Some(&self.facts)
    }
}

/// A text that is looked at.
pub(super) struct Relevant {
    pub(super) text: u32,
    facts: Arc<Facts>,
    /// May it be related to the one that is asked about, and is not only near it?
    is_question: bool,
}

/// The texts that are compared with the one that is asked about, a document of each.
#[derive(Default)]
struct Candidates {
    texts: Vec<u32>,
    rows: Vec<CandidateText>,
}

struct CandidateText {
    id: String,
    text: String,
    facts: Arc<Facts>,
}

impl Documents for Candidates {
    fn len(&self) -> usize {
        self.rows.len()
    }

    fn id(&self, position: usize) -> &str {
        &self.rows[position].id
    }

    fn text(&self, position: usize) -> Cow<'_, str> {
        self.rows[position].text.as_str().into()
    }

    fn facts(&self, position: usize) -> Option<&Facts> {
        Some(&self.rows[position].facts)
    }
}
