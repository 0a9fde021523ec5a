//! What changed since an earlier run: `--against`.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::Path;

use serde::Deserialize;

use crate::run::Outcome;
use crate::score::Pairs;

/// The figures of a set that an earlier run wrote as JSON.
#[derive(Debug, Deserialize)]
pub struct EarlierOutcome {
    set: String,
    documents: usize,
    clusters: Option<EarlierClusters>,
    pairs_before_clustering: Option<Pairs>,
    containment: Option<Pairs>,
    planted: Option<(usize, usize)>,
    graded: Option<BTreeMap<String, (usize, usize)>>,
}

#[derive(Debug, Deserialize)]
struct EarlierClusters {
    pairs: Pairs,
}

/// Reads the outcomes of an earlier run.
pub fn read(path: &Path) -> Result<Vec<EarlierOutcome>, String> {
    let text = fs::read_to_string(path).map_err(|error| error.to_string());
    let outcomes = text.and_then(|text| {
        serde_json::from_str(&text).map_err(|error| format!("not a file of --json: {error}"))
    });
    outcomes.map_err(|error| format!("--against {}: {error}", path.display()))
}

/// A line for each set that changed, and one line for all others.
pub fn describe(earlier: &[EarlierOutcome], outcomes: &[Outcome]) -> String {
    let mut lines = String::new();
    let mut unchanged = 0;
    for outcome in outcomes {
        let changes = match earlier.iter().find(|earlier| earlier.set == outcome.set) {
            Some(earlier) => changes(earlier, outcome),
            None => vec!["not in the earlier figures".into()],
        };
        if changes.is_empty() {
            unchanged += 1;
        } else {
            let _ = writeln!(lines, "{}: {}", outcome.set, changes.join("; "));
        }
    }
    let _ = writeln!(lines, "unchanged: {unchanged} of {} sets", outcomes.len());
    lines
}

/// Figures that only one of the two runs has are not compared.
fn changes(earlier: &EarlierOutcome, outcome: &Outcome) -> Vec<String> {
    let mut changes = Vec::new();
    if earlier.documents != outcome.documents {
        changes.push(format!(
            "documents {} → {}",
            earlier.documents, outcome.documents
        ));
    }
    let old = earlier.clusters.as_ref().map(|clusters| clusters.pairs);
    let new = outcome.clusters.as_ref().map(|clusters| clusters.pairs);
    let (old_before, new_before) = (
        earlier.pairs_before_clustering,
        outcome.pairs_before_clustering,
    );
    changes.extend(pairs_change("", old, new));
    changes.extend(pairs_change("before clustering: ", old_before, new_before));
    changes.extend(pairs_change(
        "contained: ",
        earlier.containment,
        outcome.containment,
    ));
    changes.extend(count_change("planted", earlier.planted, outcome.planted));
    for (grade, &new) in outcome.graded.iter().flatten() {
        let old = earlier.graded.as_ref().and_then(|grades| grades.get(grade));
        changes.extend(count_change(grade, old.copied(), Some(new)));
    }
    changes
}

/// Precision, recall and wrong pairs, those that changed.
fn pairs_change(name: &str, old: Option<Pairs>, new: Option<Pairs>) -> Option<String> {
    let (old, new) = old.zip(new)?;
    let mut parts = Vec::new();
    let precision = [old, new].map(|pairs| format!("{:.4}", pairs.precision));
    if precision[0] != precision[1] {
        parts.push(format!("precision {}", precision.join(" → ")));
    }
    if (old.hit, old.right) != (new.hit, new.right) {
        parts.push(format!(
            "recall {:.4} → {:.4} ({} of {} → {} of {} pairs)",
            old.recall, new.recall, old.hit, old.right, new.hit, new.right
        ));
    }
    if old.wrong() != new.wrong() {
        parts.push(format!("wrong pairs {} → {}", old.wrong(), new.wrong()));
    }
    (!parts.is_empty()).then(|| format!("{name}{}", parts.join(", ")))
}

/// Pairs of a kind, and how many were found.
fn count_change(
    name: &str,
    old: Option<(usize, usize)>,
    new: Option<(usize, usize)>,
) -> Option<String> {
    let (old, new) = old.zip(new)?;
    let changed = old != new;
    changed.then(|| format!("{name} {} of {} → {} of {}", old.1, old.0, new.1, new.0))
}
