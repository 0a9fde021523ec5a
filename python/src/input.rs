//! What are the documents? The rows that have a text and did not leave, where they are.

use std::borrow::Cow;
use std::io;
use std::ops::Range;

use pyo3::prelude::*;
use reprint::{Documents, Metadata};

use crate::column::{Column, Kind};
use crate::error;
use crate::given::column;

/// Columns of one length. The documents are the rows that have a text, but for those that were left out.
pub struct Input {
    texts: Column,
    ids: Ids,
    dates: Option<Column>,
    sources: Option<Column>,
    /// The rows that are documents, where not all are.
    rows: Option<Vec<usize>>,
}

enum Ids {
    Given(Column),
    /// The numbers of the rows, one after the other, and where each ends.
    Numbers(String, Vec<usize>),
}

impl Input {
    /// Reads the columns; all must have as many rows as `texts`.
    pub fn new(
        texts: &Bound<'_, PyAny>,
        ids: Option<&Bound<'_, PyAny>>,
        dates: Option<&Bound<'_, PyAny>>,
        sources: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        Self::named(["texts", "ids"], texts, ids, dates, sources)
    }

    /// The same of columns with these names.
    pub fn named(
        [texts_name, ids_name]: [&str; 2],
        texts: &Bound<'_, PyAny>,
        ids: Option<&Bound<'_, PyAny>>,
        dates: Option<&Bound<'_, PyAny>>,
        sources: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        let texts_column = column(texts_name, texts, Kind::Texts)?;
        let rows = texts_column.len();
        let beside = |name: &str, given: Option<&Bound<'_, PyAny>>, kind| {
            let read = given.map(|given| beside_texts(name, given, kind, (texts_name, rows)));
            read.transpose()
        };
        let ids = match beside(ids_name, ids, Kind::Names)? {
            Some(given) => {
                let missing = (0..rows).find(|&row| given.get(row).is_none());
                if let Some(row) = missing {
                    let problem = "is missing: give each document an id".to_owned();
                    return Err(error::column(texts.py(), ids_name, Some(row), problem));
                }
                Ids::Given(given)
            }
            None => Ids::numbers("", rows),
        };
        let with_text: Vec<usize> = (0..rows)
            .filter(|&row| texts_column.get(row).is_some())
            .collect();
        Ok(Self {
            ids,
            dates: beside("dates", dates, Kind::Dates)?,
            sources: beside("sources", sources, Kind::Names)?,
            rows: (with_text.len() < rows).then_some(with_text),
            texts: texts_column,
        })
    }

    /// Takes rows out of the documents.
    pub fn leave_out(&mut self, goes: impl Fn(usize) -> bool) {
        let rows = (0..self.len()).map(|position| self.row(position));
        self.rows = Some(rows.filter(|&row| !goes(row)).collect());
    }

    /// Gives each row its number as its id, after a prefix.
    pub fn number_ids(&mut self, prefix: &str) {
        self.ids = Ids::numbers(prefix, self.rows());
    }

    /// How many rows there are, with or without a text.
    pub fn rows(&self) -> usize {
        self.texts.len()
    }

    /// The row of the document at a position.
    pub fn row(&self, position: usize) -> usize {
        let rows = self.rows.as_ref();
        rows.map_or(position, |rows| rows[position])
    }

    /// The id of a row.
    pub fn id_of(&self, row: usize) -> &str {
        self.ids.get(row)
    }

    /// What is raised for an error of a run over these documents.
    pub fn raised(&self, py: Python<'_>, failed: &reprint::Error) -> PyErr {
        if let Some(positions) = failed.duplicates() {
            let id = self.id(positions[0]);
            return error::duplicate(py, id, positions.map(|position| self.row(position)));
        }
        if failed.is_setting() {
            return error::setting(py, failed.to_string());
        }
        error::other(py, failed)
    }

    /// The positions of two documents by their ids.
    pub fn positions(&self, py: Python<'_>, ids: [&str; 2]) -> PyResult<[usize; 2]> {
        let mut found = [None; 2];
        for position in 0..self.len() {
            for (found, id) in found.iter_mut().zip(ids) {
                if self.id(position) == id {
                    *found = Some(position);
                }
            }
        }
        let [a, b] = found;
        let a = a.ok_or_else(|| error::unknown_id(py, ids[0]))?;
        let b = b.ok_or_else(|| error::unknown_id(py, ids[1]))?;
        Ok([a, b])
    }
}

impl Ids {
    fn numbers(prefix: &str, rows: usize) -> Self {
        let (mut text, mut ends) = (String::new(), Vec::with_capacity(rows));
        for row in 0..rows {
            text.push_str(prefix);
            text.push_str(&row.to_string());
            ends.push(text.len());
        }
        Self::Numbers(text, ends)
    }

    fn get(&self, row: usize) -> &str {
        match self {
            Self::Given(column) => column.get(row).unwrap_or_default(),
            Self::Numbers(text, ends) => &text[range(ends, row)],
        }
    }
}

fn range(ends: &[usize], row: usize) -> Range<usize> {
    let start = row.checked_sub(1).map_or(0, |before| ends[before]);
    start..ends[row]
}

fn beside_texts(
    name: &str,
    given: &Bound<'_, PyAny>,
    kind: Kind,
    (texts, rows): (&str, usize),
) -> PyResult<Column> {
    let read = column(name, given, kind)?;
    if read.len() == rows {
        return Ok(read);
    }
    let problem = format!(
        "has {} rows and {texts} has {rows}: give one for each",
        read.len()
    );
    Err(error::column(given.py(), name, None, problem))
}

impl Documents for Input {
    fn len(&self) -> usize {
        let rows = self.rows.as_ref();
        rows.map_or(self.texts.len(), Vec::len)
    }

    fn id(&self, position: usize) -> &str {
        self.ids.get(self.row(position))
    }

    fn text(&self, position: usize) -> io::Result<Cow<'_, str>> {
        let text = self.texts.get(self.row(position));
        Ok(text.unwrap_or_default().into())
    }

    fn metadata(&self, position: usize) -> io::Result<Metadata> {
        let row = self.row(position);
        let value = |column: &Option<Column>| {
            let value = column.as_ref().and_then(|column| column.get(row));
            value.map(str::to_owned)
        };
        Ok(Metadata {
            date: value(&self.dates),
            source: value(&self.sources),
            ..Metadata::default()
        })
    }
}
