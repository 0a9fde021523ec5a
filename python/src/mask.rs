//! Which texts stay?

use arrow_array::BooleanArray;
use pyo3::exceptions::PyIndexError;
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyIterator, PyList, PySlice};

use crate::capsule::of_array;
use crate::input::Input;
use crate::result::kept_rows;
use crate::settings::Asked;
use crate::watch::watched;

/// True where a text stays, one for each text. A sequence, and an Arrow array by the PyCapsule interface.
#[pyclass(frozen, sequence, module = "reprints")]
pub struct Kept(BooleanArray);

#[pymethods]
impl Kept {
    /// The places of the texts that stay.
    fn indices(&self) -> Vec<usize> {
        let values = self.0.values().iter().enumerate();
        values
            .filter_map(|(row, kept)| kept.then_some(row))
            .collect()
    }

    /// The same as a list.
    fn to_pylist<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        PyList::new(py, self.0.values().iter().collect::<Vec<bool>>())
    }

    /// The same as a `pyarrow.BooleanArray`; nothing is copied.
    fn to_pyarrow<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        let pyarrow = slf.py().import("pyarrow")?;
        pyarrow.call_method1("array", (slf,))
    }

    fn __len__(&self) -> usize {
        self.0.len()
    }

    fn __iter__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyIterator>> {
        self.to_pylist(py)?.try_iter()
    }

    fn __getitem__<'py>(
        &self,
        py: Python<'py>,
        place: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        if place.is_instance_of::<PySlice>() {
            return self.to_pylist(py)?.as_any().get_item(place);
        }
        let asked: isize = place.extract()?;
        let from_end = if asked < 0 { self.0.len() } else { 0 };
        let row = from_end.checked_add_signed(asked);
        let row = row.filter(|&row| row < self.0.len()).ok_or_else(|| {
            PyIndexError::new_err(format!("no text {asked}: there are {}", self.0.len()))
        })?;
        Ok(self.0.value(row).into_pyobject(py)?.to_owned().into_any())
    }

    fn __repr__(&self) -> String {
        let (stay, all) = (self.0.true_count(), self.0.len());
        format!("<reprints.Kept: {stay} of {all} texts stay>")
    }

    #[pyo3(signature = (requested_schema = None))]
    fn __arrow_c_array__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<(Bound<'py, PyCapsule>, Bound<'py, PyCapsule>)> {
        // The interface lets a producer give what it has.
        let _ = requested_schema;
        of_array(py, &self.0)
    }
}

/// True where a text stays: one of each text and its reprints. Texts that are missing stay.
#[pyfunction]
#[pyo3(signature = (texts, *, keep = None, threshold = None, level = None, progress = None, threads = None))]
pub fn keep<'py>(
    py: Python<'py>,
    texts: &Bound<'py, PyAny>,
    keep: Option<Bound<'py, PyAny>>,
    threshold: Option<f64>,
    level: Option<String>,
    progress: Option<Bound<'py, PyAny>>,
    threads: Option<usize>,
) -> PyResult<Kept> {
    let mut asked = Asked {
        keep,
        threshold,
        level,
        threads,
        relations: false,
    };
    asked.relations = asked.drops_contained()?;
    let deduper = asked.deduper(py)?;
    let input = Input::new(texts, None, None, None)?;
    let run =
        |progress: &dyn reprint::report::Progress| deduper.run_with_progress(&input, progress);
    let report = watched(py, progress, run)?.map_err(|error| input.raised(py, &error))?;
    Ok(Kept(kept_rows(&input, &report, |_| false)))
}
