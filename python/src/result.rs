//! The result of a run, and what can be asked of it.

use arrow_array::{BooleanArray, RecordBatch};
use arrow_schema::ArrowError;
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyDict;
use reprint::Deduper;
use reprint::report::{Progress, Report};

use crate::error;
use crate::explanation::explanation;
use crate::input::Input;
use crate::reference::{Gone, against_table, compared};
use crate::settings::Asked;
use crate::table::Table;
use crate::tables;
use crate::watch::watched;

/// What a run found. Holds the columns that it was given, so that passages and differences can be shown.
#[pyclass(frozen, module = "reprints")]
pub struct Deduped {
    input: Input,
    deduper: Deduper,
    report: Report,
    kept: BooleanArray,
    documents: PyOnceLock<Py<Table>>,
    clusters: PyOnceLock<Py<Table>>,
    passages: PyOnceLock<Py<Table>>,
    contained: PyOnceLock<Py<Table>>,
    against: Py<Table>,
    gone: Vec<Option<Gone>>,
}

#[pymethods]
impl Deduped {
    /// A row for each row of the input, in its order: `id`, `keep`, and for those in a cluster `canonical`, `relation`, `jaccard`,
    /// `similarity` and the `size` of the cluster.
    #[getter]
    fn documents(&self, py: Python<'_>) -> PyResult<Py<Table>> {
        let made = || tables::documents(&self.input, &self.report, &self.kept, &self.gone);
        once(py, &self.documents, made)
    }

    /// The clusters of two or more, a row for each member: the canonical copy, then the others by id.
    #[getter]
    fn clusters(&self, py: Python<'_>) -> PyResult<Py<Table>> {
        once(py, &self.clusters, || tables::clusters(&self.report))
    }

    /// The passages that two or more documents share, among those that stay: a row for each place of each passage.
    #[getter]
    fn passages(&self, py: Python<'_>) -> PyResult<Py<Table>> {
        let made = || tables::passages(&self.report.passages, &self.input);
        once(py, &self.passages, made)
    }

    /// Which documents are inside which: `a` contains `b`.
    #[getter]
    fn contained(&self, py: Python<'_>) -> PyResult<Py<Table>> {
        let made = || tables::contained(&self.report.relations, &self.input);
        once(py, &self.contained, made)
    }

    /// What of the documents is in the reference collection, a row for each document and each reference document that it is a copy of,
    /// contains or is within.
    #[getter]
    fn against(&self, py: Python<'_>) -> Py<Table> {
        self.against.clone_ref(py)
    }

    /// One digest for all clusters; the program, on the same documents, has the same in `summary.json`.
    #[getter]
    fn digest(&self) -> String {
        self.report.digest()
    }

    /// What two documents are to each other, and what shows it. The verdict depends on the other documents too: about half the
    /// cost of the run.
    #[pyo3(signature = (a, b, *, progress = None))]
    fn explain<'py>(
        &self,
        py: Python<'py>,
        a: &str,
        b: &str,
        progress: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyDict>> {
        let [a, b] = self.input.positions(py, [a, b])?;
        let (input, deduper) = (&self.input, &self.deduper);
        let ask = |progress: &dyn Progress| deduper.evidence_with_progress(input, a, b, progress);
        let evidence = watched(py, progress, ask)?.map_err(|error| input.raised(py, &error))?;
        explanation(py, input, &evidence)
    }

    fn __repr__(&self) -> String {
        let (rows, stay) = (self.input.rows(), self.kept.true_count());
        let clusters = self.report.clusters.len();
        format!("<reprints.Deduped: {rows} rows, {clusters} clusters, {stay} rows stay>")
    }
}

/// The table, made when it is asked for first.
fn once(
    py: Python<'_>,
    known: &PyOnceLock<Py<Table>>,
    made: impl FnOnce() -> Result<RecordBatch, ArrowError> + Send,
) -> PyResult<Py<Table>> {
    let table = known.get_or_try_init(py, || {
        let batch = py.detach(made);
        // Columns of one length always make a table.
        let batch = batch.map_err(|error| PyRuntimeError::new_err(error.to_string()))?;
        Py::new(py, Table(batch))
    });
    Ok(table?.clone_ref(py))
}

/// Rows of the input that stay: those without a text, and those of documents that do.
pub fn kept_rows(input: &Input, report: &Report, goes: impl Fn(usize) -> bool) -> BooleanArray {
    let mut kept: Vec<bool> = (0..input.rows()).map(|row| !goes(row)).collect();
    for (position, stays) in report.kept().into_iter().enumerate() {
        kept[input.row(position)] = stays;
    }
    kept.into()
}

/// Finds the reprints among texts, and what is between them.
#[pyfunction]
#[pyo3(signature = (
    texts, ids = None, dates = None, sources = None, *, keep = None, threshold = None, level = None, against = None,
    against_ids = None, relations = true, progress = None, threads = None
))]
#[expect(clippy::too_many_arguments, reason = "they have names in Python")]
pub fn dedup<'py>(
    py: Python<'py>,
    texts: &Bound<'py, PyAny>,
    ids: Option<&Bound<'py, PyAny>>,
    dates: Option<&Bound<'py, PyAny>>,
    sources: Option<&Bound<'py, PyAny>>,
    keep: Option<Bound<'py, PyAny>>,
    threshold: Option<f64>,
    level: Option<String>,
    against: Option<&Bound<'py, PyAny>>,
    against_ids: Option<&Bound<'py, PyAny>>,
    relations: bool,
    progress: Option<Bound<'py, PyAny>>,
    threads: Option<usize>,
) -> PyResult<Deduped> {
    let asked = Asked {
        keep,
        threshold,
        level,
        threads,
        relations,
    };
    let deduper = asked.deduper(py)?;
    let mut input = Input::new(texts, ids, dates, sources)?;
    let found = reference(py, against, against_ids)?
        .map(|reference| compared(py, &deduper, &mut input, &reference, progress.clone()))
        .transpose()?;
    let (table, gone, signed) = match found {
        Some(found) => (Ok(found.table), found.gone, Some(found.signed)),
        None => (against_table(&[]), Vec::new(), None),
    };
    let run = |progress: &dyn Progress| match signed {
        Some(signed) => deduper.run_signed(&input, signed, progress),
        None => deduper.run_with_progress(&input, progress),
    };
    let report = watched(py, progress, run)?.map_err(|error| input.raised(py, &error))?;
    let kept = kept_rows(&input, &report, |row| {
        gone.get(row).is_some_and(Option::is_some)
    });
    let table = table.map_err(|error| PyRuntimeError::new_err(error.to_string()))?;
    Ok(Deduped {
        input,
        deduper,
        report,
        kept,
        documents: PyOnceLock::new(),
        clusters: PyOnceLock::new(),
        passages: PyOnceLock::new(),
        contained: PyOnceLock::new(),
        against: Py::new(py, Table(table))?,
        gone,
    })
}

/// The reference collection, if one was given.
fn reference(
    py: Python<'_>,
    texts: Option<&Bound<'_, PyAny>>,
    ids: Option<&Bound<'_, PyAny>>,
) -> PyResult<Option<Input>> {
    let names = ["against", "against_ids"];
    match (texts, ids) {
        (Some(texts), ids) => Input::named(names, texts, ids, None, None).map(Some),
        (None, Some(_)) => {
            let problem = "are ids without texts: give against too".to_owned();
            Err(error::column(py, "against_ids", None, problem))
        }
        (None, None) => Ok(None),
    }
}
