//! How do the rows of a batch become texts that can be compared?

use std::borrow::{Borrow, Cow};
use std::io;

use crate::deduper::Deduper;
use crate::deduper::corpus::Corpus;
use crate::deduper::groups::Groups;
use crate::deduper::run::sign;
use crate::deduper::source::Source;
use crate::document::Documents;
use crate::error::Error;
use crate::facts::Facts;
use crate::lsh::CandidatePair;
use crate::parallel::Pool;

/// Texts and their facts, row by row. The caller's columns may have any type; the stages are compiled only once, for this type.
pub(super) struct Rows<'r> {
    texts: Vec<&'r str>,
    facts: Vec<&'r Facts>,
}

impl<'r> Rows<'r> {
    /// Fails if the columns have different numbers of rows.
    pub(super) fn new<T: AsRef<str>, F: Borrow<Facts>>(
        texts: &'r [T],
        facts: &'r [F],
    ) -> Result<Self, Error> {
        same_rows("facts", facts.len(), texts.len())?;
        Ok(Self {
            texts: texts.iter().map(AsRef::as_ref).collect(),
            facts: facts.iter().map(Borrow::borrow).collect(),
        })
    }
}

impl Documents for Rows<'_> {
    fn len(&self) -> usize {
        self.texts.len()
    }

    /// Rows have no ids, and no step on rows needs one.
    fn id(&self, _: usize) -> &str {
        ""
    }

    fn text(&self, row: usize) -> io::Result<Cow<'_, str>> {
        Ok(self.texts[row].into())
    }

    fn facts(&self, row: usize) -> Option<&Facts> {
        self.facts.get(row).copied()
    }
}

/// The texts of a batch. Equal folded texts are one text.
pub(super) struct Batch<'b> {
    pub(super) corpus: Corpus<'b>,
    /// The text of each row.
    text_of: Vec<u32>,
}

impl<'b> Batch<'b> {
    pub(super) fn new(deduper: &'b Deduper, rows: &Source<'b>) -> Result<Self, Error> {
        let config = &deduper.0;
        config.check_facts(rows)?;
        let order: Vec<usize> = (0..rows.len()).collect();
        let (corpus, _) = sign(config, rows, &order, None, &Pool::of_caller(&()), &())?;
        let text_of = text_of(&corpus.groups, rows.len());
        Ok(Self { corpus, text_of })
    }

    /// The text of a row.
    pub(super) fn text(&self, row: u32) -> Result<u32, Error> {
        let text = self.text_of.get(row as usize).copied();
        text.ok_or_else(|| no_row(row, self.text_of.len()))
    }

    /// The texts of the two rows of a pair.
    pub(super) fn pair(&self, (a, b): CandidatePair) -> Result<CandidatePair, Error> {
        Ok((self.text(a)?, self.text(b)?))
    }
}

/// The text of each document.
pub(super) fn text_of(groups: &Groups, documents: usize) -> Vec<u32> {
    let mut text_of = vec![0; documents];
    for (text, group) in (0..).zip(groups.iter()) {
        group.iter().for_each(|&row| text_of[row] = text);
    }
    text_of
}

pub(super) fn no_row(row: u32, rows: usize) -> Error {
    let limit = format!("it must be under {rows}, the number of rows");
    Error::setting("row", row, limit)
}

/// Fails if two columns have different numbers of rows.
pub(super) fn same_rows(name: &'static str, rows: usize, of: usize) -> Result<(), Error> {
    if rows == of {
        return Ok(());
    }
    let limit = format!("the column must have {of} rows, one for each of the other column");
    Err(Error::setting(name, rows, limit))
}
