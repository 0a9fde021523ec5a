//! What are documents to those that came before, in a folder that keeps them?

use std::borrow::Cow;
use std::io;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use arrow_array::RecordBatch;
use arrow_schema::ArrowError;
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};
use reprint::index::{Answer, IndexedRelation, Outcome, verify};
use reprint::report::Progress;
use reprint::{Deduper, Documents};

use crate::error;
use crate::input::Input;
use crate::settings::Asked;
use crate::table::Table;
use crate::tables::{self, clusters_of, numbers, places, shares, strings, table};
use crate::watch::watched;

/// A folder of documents that are deduplicated as they come.
#[pyclass(frozen, module = "reprints")]
pub struct Index {
    folder: PathBuf,
    deduper: Deduper,
    /// None once it was closed.
    open: Mutex<Option<reprint::Index>>,
}

#[pymethods]
impl Index {
    #[new]
    #[pyo3(signature = (
        path, *, keep = None, threshold = None, level = None, relations = None, read_only = false, threads = None
    ))]
    #[expect(clippy::too_many_arguments, reason = "they have names in Python")]
    fn new(
        py: Python<'_>,
        path: PathBuf,
        keep: Option<Bound<'_, PyAny>>,
        threshold: Option<f64>,
        level: Option<String>,
        relations: Option<bool>,
        read_only: bool,
        threads: Option<usize>,
    ) -> PyResult<Self> {
        let exists = reprint::Index::exists(&path);
        let note = match exists {
            true => reprint::Index::note(&path).map_err(|failed| raised(py, &failed))?,
            false => String::new(),
        };
        let asked = Asked {
            keep,
            threshold,
            level,
            relations: relations.unwrap_or(!note.lines().any(|line| line == "--no-relations")),
            threads,
        };
        let asked = asked.or_noted(py, &note);
        let (deduper, written) = (asked.deduper(py)?, asked.note()?);
        let given = deduper.clone();
        let opened = py.detach(|| match (exists, read_only) {
            (true, false) => reprint::Index::open(&path, given),
            (false, false) => reprint::Index::create(&path, given, &written),
            (_, true) => reprint::Index::open_read_only(&path, given),
        });
        Ok(Self {
            deduper,
            open: Mutex::new(Some(opened.map_err(|failed| raised(py, &failed))?)),
            folder: path,
        })
    }

    /// Adds documents, and says what each is to those that were there before it.
    #[pyo3(signature = (texts, ids, dates = None, sources = None))]
    fn add(
        &self,
        py: Python<'_>,
        texts: &Bound<'_, PyAny>,
        ids: &Bound<'_, PyAny>,
        dates: Option<&Bound<'_, PyAny>>,
        sources: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Table> {
        let input = Input::new(texts, Some(ids), dates, sources)?;
        answers_table(&self.added(py, &input)?)
    }

    /// As `add`; but a document takes the place of the one with its id if its text, date or source differs.
    #[pyo3(signature = (texts, ids, dates = None, sources = None))]
    fn replace(
        &self,
        py: Python<'_>,
        texts: &Bound<'_, PyAny>,
        ids: &Bound<'_, PyAny>,
        dates: Option<&Bound<'_, PyAny>>,
        sources: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Table> {
        let input = Input::new(texts, Some(ids), dates, sources)?;
        let answers = self.with(py, |index| index.replace(&input))?;
        answers_table(&answers.map_err(|failed| input.raised(py, &failed))?)
    }

    /// Adds the documents of the index in another folder. Nothing is signed again.
    fn merge<'py>(&self, py: Python<'py>, path: PathBuf) -> PyResult<Bound<'py, PyDict>> {
        let deduper = self.deduper.clone();
        let merged = self.with(py, |index| {
            let other = reprint::Index::open_read_only(&path, deduper)?;
            index.merge(&other)
        })?;
        let merged = merged.map_err(|failed| raised(py, &failed))?;
        let told = PyDict::new(py);
        told.set_item("added", merged.added)?;
        told.set_item("known", merged.known)?;
        told.set_item("conflicts", merged.conflicts)?;
        Ok(told)
    }

    /// Adds one document, and gives what it is to those that were there before it.
    #[pyo3(signature = (id, text, date = None, source = None))]
    fn insert<'py>(
        &self,
        py: Python<'py>,
        id: &str,
        text: &str,
        date: Option<Bound<'py, PyAny>>,
        source: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let one = |value: Option<Bound<'py, PyAny>>| {
            let list = value.map(|value| PyList::new(py, [value]));
            list.transpose()
        };
        let (texts, ids) = (PyList::new(py, [text])?, PyList::new(py, [id])?);
        let (dates, sources) = (one(date)?, one(source)?);
        let any = |list: &Option<Bound<'py, PyList>>| list.clone().map(Bound::into_any);
        let (dates, sources) = (any(&dates), any(&sources));
        let input = Input::new(&texts, Some(&ids), dates.as_ref(), sources.as_ref())?;
        let answers = self.added(py, &input)?;
        let [answer] = answers.as_slice() else {
            return Ok(PyList::empty(py).into_any());
        };
        if answer.outcome == Outcome::Conflict {
            let what = "another text has this id: remove it first, or give this one another";
            return Err(error::said(py, format!("{id:?}: {what}")));
        }
        others(py, answer)
    }

    /// What a text is to the documents that are there. It is not added.
    fn query<'py>(&self, py: Python<'py>, text: &str) -> PyResult<Bound<'py, PyAny>> {
        let texts = PyList::new(py, [text])?;
        let input = Input::new(&texts, None, None, None)?;
        match self.asked(py, input)?.as_slice() {
            [answer] => others(py, answer),
            _ => Ok(PyList::empty(py).into_any()),
        }
    }

    /// The same of many texts: a row for each text and each document that is related to it.
    fn query_many(&self, py: Python<'_>, texts: &Bound<'_, PyAny>) -> PyResult<Table> {
        let input = Input::new(texts, None, None, None)?;
        let row_of: Vec<usize> = (0..input.len())
            .map(|position| input.row(position))
            .collect();
        let answers = self.asked(py, input)?;
        let rows = row_of.iter().zip(&answers);
        let rows = rows.flat_map(|(&row, answer)| {
            let relations = answer.relations.iter();
            relations.map(move |other| (row as u64, Some(other)))
        });
        let (rows, others): (Vec<u64>, Vec<_>) = rows.unzip();
        let known = [("row", places(rows.into_iter()))];
        handed_out(table(known.into_iter().chain(related(&others))))
    }

    /// Takes documents out, by their ids. Where one of them is not there, none is taken out.
    #[pyo3(signature = (*ids))]
    fn remove(&self, py: Python<'_>, ids: Vec<String>) -> PyResult<()> {
        let missing = self.with(py, |index| {
            match ids.iter().find(|id| !index.contains(id)) {
                Some(missing) => Ok(Some(missing)),
                None => index.remove(&ids).map(|_| None),
            }
        })?;
        match missing.map_err(|failed| raised(py, &failed))? {
            Some(missing) => Err(error::unknown_id(py, missing)),
            None => Ok(()),
        }
    }

    fn __contains__(&self, py: Python<'_>, id: &str) -> PyResult<bool> {
        self.with(py, |index| index.contains(id))
    }

    fn __len__(&self, py: Python<'_>) -> PyResult<usize> {
        self.with(py, |index| index.len())
    }

    /// Makes the clusters of what is there.
    #[pyo3(signature = (*, progress = None))]
    fn settle(&self, py: Python<'_>, progress: Option<Bound<'_, PyAny>>) -> PyResult<()> {
        let settle = |progress: &dyn Progress| self.locked(|index| index.settle(progress));
        let settled = watched(py, progress, settle)?;
        let settled = settled.ok_or_else(|| self.closed(py))?;
        settled.map_err(|failed| raised(py, &failed))
    }

    /// The clusters of what is there, a row for each member. Settles first where documents came or went.
    #[pyo3(signature = (*, progress = None))]
    fn clusters(&self, py: Python<'_>, progress: Option<Bound<'_, PyAny>>) -> PyResult<Table> {
        if !self.with(py, |index| index.is_settled())? {
            self.settle(py, progress)?;
        }
        let clusters = self.with(py, |index| index.clusters())?;
        let clusters = clusters.map_err(|failed| raised(py, &failed))?;
        handed_out(py.detach(|| clusters_of(&clusters, |sizes| numbers(sizes))))
    }

    /// Which of the documents that are there are inside which.
    #[pyo3(signature = (*, progress = None))]
    fn contained(&self, py: Python<'_>, progress: Option<Bound<'_, PyAny>>) -> PyResult<Table> {
        self.related(py, progress, |index, progress, present| {
            let pairs = index.contained(progress)?;
            Ok(tables::contained(&pairs, present))
        })
    }

    /// The passages that two or more documents share, among those that stay.
    #[pyo3(signature = (*, progress = None))]
    fn passages(&self, py: Python<'_>, progress: Option<Bound<'_, PyAny>>) -> PyResult<Table> {
        self.related(py, progress, |index, progress, present| {
            let passages = index.passages(progress)?;
            Ok(tables::passages(&passages, present))
        })
    }

    /// Reads everything and compares every checksum; gives what is damaged.
    fn verify(&self, py: Python<'_>) -> PyResult<Vec<String>> {
        let verified = py.detach(|| verify(&self.folder));
        let verified = verified.map_err(|failed| raised(py, &failed))?;
        Ok(verified.faults)
    }

    /// Writes everything anew without what was removed.
    fn compact(&self, py: Python<'_>) -> PyResult<()> {
        let done = self.with(py, |index| index.compact())?;
        done.map_err(|failed| raised(py, &failed))
    }

    /// Lets others write to the folder. What was added is on the disk before.
    fn close(&self, py: Python<'_>) {
        py.detach(|| *self.open.lock().unwrap_or_else(PoisonError::into_inner) = None);
    }

    fn __enter__(slf: Bound<'_, Self>) -> Bound<'_, Self> {
        slf
    }

    #[pyo3(signature = (*_raised))]
    fn __exit__(&self, py: Python<'_>, _raised: Vec<Bound<'_, PyAny>>) {
        self.close(py);
    }

    fn __repr__(&self, py: Python<'_>) -> String {
        let folder = self.folder.display();
        match py.detach(|| self.locked(|index| index.len())) {
            Some(documents) => format!("<reprints.Index {folder}: {documents} documents>"),
            None => format!("<reprints.Index {folder}: closed>"),
        }
    }
}

impl Index {
    /// What `work` makes of the index, when no other thread works on it; nothing where it is closed.
    fn locked<R>(&self, work: impl FnOnce(&mut reprint::Index) -> R) -> Option<R> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.as_mut().map(work)
    }

    fn with<R: Send>(
        &self,
        py: Python<'_>,
        work: impl FnOnce(&mut reprint::Index) -> R + Send,
    ) -> PyResult<R> {
        let done = py.detach(|| self.locked(work));
        done.ok_or_else(|| self.closed(py))
    }

    fn closed(&self, py: Python<'_>) -> PyErr {
        let folder = self.folder.display();
        error::said(py, format!("the index {folder} is closed: open it again"))
    }

    fn added(&self, py: Python<'_>, input: &Input) -> PyResult<Vec<Answer>> {
        let answers = self.with(py, |index| index.add(input))?;
        answers.map_err(|failed| input.raised(py, &failed))
    }

    /// A table of relations between the documents of the index.
    fn related(
        &self,
        py: Python<'_>,
        progress: Option<Bound<'_, PyAny>>,
        find: impl FnOnce(&reprint::Index, &dyn Progress, &Present<'_>) -> Result<Made, reprint::Error>
        + Send,
    ) -> PyResult<Table> {
        let found = watched(py, progress, |progress| {
            self.locked(|index| {
                let ids = index.ids().collect();
                find(index, progress, &Present { index, ids })
            })
        })?;
        let found = found.ok_or_else(|| self.closed(py))?;
        handed_out(found.map_err(|failed| raised(py, &failed))?)
    }

    /// What the index says of texts without ids.
    fn asked(&self, py: Python<'_>, mut input: Input) -> PyResult<Vec<Answer>> {
        let answers = self.with(py, |index| {
            // Of a document that is there, an index tells what others are to it: these are to have ids that none has.
            let mut prefix = String::from("?");
            while index.ids().any(|id| id.starts_with(&prefix)) {
                prefix.push('?');
            }
            input.number_ids(&prefix);
            index.query(&input)
        })?;
        answers.map_err(|failed| raised(py, &failed))
    }
}

type Made = Result<RecordBatch, ArrowError>;

/// The documents that an index has, in the order of the positions in what it finds.
struct Present<'i> {
    index: &'i reprint::Index,
    ids: Vec<&'i str>,
}

impl Documents for Present<'_> {
    fn len(&self) -> usize {
        self.ids.len()
    }

    fn id(&self, position: usize) -> &str {
        self.ids[position]
    }

    fn text(&self, position: usize) -> io::Result<Cow<'_, str>> {
        let text = self.index.text(self.ids[position]);
        let text = text.map_err(io::Error::other)?;
        Ok(text.unwrap_or_default().into())
    }
}

fn raised(py: Python<'_>, failed: &reprint::Error) -> PyErr {
    match failed.is_setting() {
        true => error::setting(py, failed.to_string()),
        false => error::other(py, failed),
    }
}

fn handed_out(made: Made) -> PyResult<Table> {
    // Columns of one length always make a table.
    made.map(Table)
        .map_err(|error| PyRuntimeError::new_err(error.to_string()))
}

/// A row for each answer and each document that is related to it, and one where there is none.
fn answers_table(answers: &[Answer]) -> PyResult<Table> {
    let rows = answers.iter().flat_map(|answer| {
        let relations = answer.relations.iter().map(Some);
        let alone = answer.relations.is_empty().then_some(None);
        relations.chain(alone).map(move |other| (answer, other))
    });
    let rows: Vec<(&Answer, Option<&IndexedRelation>)> = rows.collect();
    let known = [
        ("id", strings(rows.iter().map(|of| Some(of.0.id.as_str())))),
        (
            "outcome",
            strings(rows.iter().map(|of| Some(of.0.outcome.as_str()))),
        ),
    ];
    let others: Vec<Option<&IndexedRelation>> = rows.iter().map(|of| of.1).collect();
    handed_out(table(known.into_iter().chain(related(&others))))
}

/// The related documents of an answer, as dicts.
fn others<'py>(py: Python<'py>, answer: &Answer) -> PyResult<Bound<'py, PyAny>> {
    let others: Vec<Option<&IndexedRelation>> = answer.relations.iter().map(Some).collect();
    let rows = Bound::new(py, handed_out(table(related(&others)))?)?;
    rows.call_method0("to_pylist")
}

/// The columns of documents that are there, with what a text is to them.
fn related(others: &[Option<&IndexedRelation>]) -> [tables::Named; 6] {
    let of = |figure: fn(&IndexedRelation) -> f64| {
        let figures = others.iter().map(move |other| other.map(figure));
        shares(figures)
    };
    let relation = |other: &IndexedRelation| other.comparison.relation.as_str();
    [
        (
            "other",
            strings(others.iter().map(|other| other.map(|of| of.id.as_str()))),
        ),
        (
            "relation",
            strings(others.iter().map(|other| other.map(relation))),
        ),
        ("jaccard", of(|other| other.comparison.jaccard())),
        ("similarity", of(|other| other.comparison.similarity())),
        ("in_other", of(|other| other.comparison.left_in_right())),
        ("of_other", of(|other| other.comparison.right_in_left())),
    ]
}
