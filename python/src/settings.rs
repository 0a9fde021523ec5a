//! What was asked for?

use pyo3::prelude::*;
use pyo3::types::PyString;
use reprint::cluster::Policy;
use reprint::verify::Relation;
use reprint::{Deduper, DeduperBuilder};

use crate::error;

/// Settings as they were given; the library's own hold for the rest.
pub struct Asked<'py> {
    pub keep: Option<Bound<'py, PyAny>>,
    pub threshold: Option<f64>,
    pub level: Option<String>,
    pub threads: Option<usize>,
    pub relations: bool,
}

impl<'py> Asked<'py> {
    /// With what an index was made with, where nothing else was given. Its note has an option of the program on each line.
    pub fn or_noted(self, py: Python<'py>, note: &str) -> Self {
        let noted = |name: &str| {
            let mut lines = note.lines();
            lines.find_map(|line| line.strip_prefix(name)?.strip_prefix('='))
        };
        let keep = noted("--keep").map(|keep| PyString::new(py, keep).into_any());
        let threshold = noted("--threshold").and_then(|threshold| threshold.parse().ok());
        Self {
            keep: self.keep.or(keep),
            threshold: self.threshold.or(threshold),
            level: self.level.or(noted("--level").map(str::to_owned)),
            ..self
        }
    }

    /// The settings of an index as the program notes them in it.
    pub fn note(&self) -> PyResult<String> {
        let keep = self.keep.as_ref().map(policy).transpose()?;
        let lines = [
            keep.map(|keep| format!("--keep={keep}")),
            self.threshold
                .map(|threshold| format!("--threshold={threshold}")),
            self.level.as_ref().map(|level| format!("--level={level}")),
            (!self.relations).then(|| "--no-relations".to_owned()),
        ];
        let lines: Vec<String> = lines.into_iter().flatten().collect();
        Ok(lines.join("\n"))
    }

    /// Does the policy let documents go for being within others? That needs the relations.
    pub fn drops_contained(&self) -> PyResult<bool> {
        let policy = self.keep.as_ref().map(policy).transpose()?;
        let policy = policy.and_then(|policy| policy.parse::<Policy>().ok());
        Ok(policy.is_some_and(|policy| policy.drops_contained()))
    }

    pub fn deduper(&self, py: Python<'_>) -> PyResult<Deduper> {
        let refused = |error: reprint::Error| error::setting(py, error.to_string());
        let mut builder = Deduper::builder().relations(self.relations);
        if let Some(keep) = &self.keep {
            builder = builder.keep(policy(keep)?.parse::<Policy>().map_err(refused)?);
        }
        if let Some(level) = &self.level {
            builder = builder.level(relation(level).ok_or_else(|| {
                let limit = "it must be exact, same-text or reprint";
                error::setting(py, format!("level is {level:?}: {limit}"))
            })?);
        }
        builder = given(builder, self.threshold, DeduperBuilder::threshold);
        builder = given(builder, self.threads, DeduperBuilder::threads);
        builder.build().map_err(refused)
    }
}

fn relation(name: &str) -> Option<Relation> {
    let copies = [Relation::Exact, Relation::SameText, Relation::Reprint];
    copies
        .into_iter()
        .find(|relation| relation.as_str() == name)
}

fn given<T>(
    builder: DeduperBuilder,
    value: Option<T>,
    set: impl FnOnce(DeduperBuilder, T) -> DeduperBuilder,
) -> DeduperBuilder {
    match value {
        Some(value) => set(builder, value),
        None => builder,
    }
}

/// A policy as one string, or as a list of its criteria.
fn policy(given: &Bound<'_, PyAny>) -> PyResult<String> {
    if let Ok(list) = given.cast::<PyString>() {
        return Ok(list.to_str()?.to_owned());
    }
    let criteria: Vec<String> = given.extract()?;
    Ok(criteria.join(";"))
}
