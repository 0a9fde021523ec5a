//! When are two texts the same? The folded form, with the way back.

use std::ops::Range;

use pyo3::exceptions::PyIndexError;
use pyo3::prelude::*;
use reprint::normalize::Normalizer;

/// A folded text. All places are those of characters, as Python counts them.
#[pyclass(frozen, module = "reprints")]
pub struct Normalized {
    /// The folded form: texts of one folded form are the same text.
    #[pyo3(get)]
    text: String,
    /// For each character of the folded form, where it came from: start and end in the original.
    #[pyo3(get)]
    offsets: Vec<(usize, usize)>,
}

#[pymethods]
impl Normalized {
    /// Where the characters from `start` to `end` of the folded form came from: start and end in the original.
    fn original(&self, start: usize, end: usize) -> PyResult<(usize, usize)> {
        match self.offsets.get(start..end) {
            Some([]) => Ok((0, 0)),
            Some([first, .., last]) => Ok((first.0, last.1)),
            Some([only]) => Ok(*only),
            None => Err(PyIndexError::new_err(format!(
                "no characters {start} to {end}: the folded text has {}",
                self.offsets.len()
            ))),
        }
    }

    fn __str__(&self) -> &str {
        &self.text
    }

    fn __len__(&self) -> usize {
        self.offsets.len()
    }

    fn __repr__(&self) -> String {
        format!("<reprints.Normalized {:?}>", self.text)
    }
}

/// Folds a text to the form in which its editions are equal: without layout, width, punctuation, case and script.
#[pyfunction]
pub fn normalize(text: &str) -> Normalized {
    let folded = Normalizer::new().fold_with_offsets(text);
    let whole = 0..folded.text.len();
    let ranges = folded.offsets.characters(whole).map(|(_, range)| range);
    Normalized {
        offsets: in_characters(text, ranges),
        text: folded.text,
    }
}

/// Byte ranges of a text in characters. Cost: one pass over the text; ranges may go back a little.
fn in_characters(text: &str, ranges: impl Iterator<Item = Range<usize>>) -> Vec<(usize, usize)> {
    let starts: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
    let count = |byte: usize| starts.partition_point(|&start| start < byte);
    ranges
        .map(|range| (count(range.start), count(range.end)))
        .collect()
}
