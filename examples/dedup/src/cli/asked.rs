//! Do the rows have the fields that options name? Reports values that could not be read, unknown fields, and the effect of
//! decisions.

use std::collections::BTreeSet;

use reprint::Documents;
use reprint::report::{Report, UnreadValues};

use super::layout::{count, cut};
use super::nearest::nearest;
use super::options::Options;
use super::screen::{Label, warn};
use crate::result::decisions::Applied;
use crate::run::failure::Failure;
use crate::store::Store;

/// Maximum width in columns of a quoted value.
const QUOTED: usize = 40;

/// Reports values that could not be read and fields that no document has. Fails if a minimum number of sources is given and
/// no document has a source.
pub fn check(options: &Options, store: &Store, report: &Report) -> Result<(), Failure> {
    for values in &report.unread {
        warn(Label::Note, unread(values));
    }
    // If no document has the field, the option is probably mistyped: it would have no effect.
    let known: BTreeSet<&str> = report
        .clusters
        .iter()
        .flat_map(|cluster| cluster.metadata.keys())
        .map(String::as_str)
        .collect();
    for (option, field) in options.asked_fields() {
        let name = store.fields.in_metadata(field);
        if !report.clusters.is_empty() && !known.contains(name.as_str()) {
            let meant = nearest(field, known.iter().copied());
            let meant = meant.map(|meant| format!("; did you mean {meant:?}?"));
            let meant = meant.unwrap_or_default();
            warn(
                Label::Note,
                format_args!("{option}: no document with copies has the field {field:?}{meant}"),
            );
        }
    }
    // The store may be empty, because all documents may have been dropped for a reference.
    let none_stays = !store.is_empty() && report.few_sources.len() == store.len();
    if none_stays && report.few_sources.iter().all(|few| few.sources == 0) {
        return Err(Failure::NoSources(options.source_field.clone()));
    }
    Ok(())
}

/// Notes for the user about the decisions that were applied.
pub fn of_decisions(applied: &Applied) -> Vec<String> {
    let Applied {
        separated,
        chosen,
        unknown,
        without_cluster,
    } = applied;
    let separated = count(*separated, "document");
    let chosen = count(*chosen, "canonical copy");
    let mut notes = vec![format!(
        "--decisions: {separated} taken out of clusters, {chosen} chosen"
    )];
    if let Some(first) = unknown.first() {
        let ids = count(unknown.len(), "id");
        notes.push(format!(
            "--decisions: {ids} unknown, such as {first:?}; give the same input as in the run whose page was used, or delete these lines"
        ));
    }
    if let Some(first) = without_cluster.first() {
        let documents = count(without_cluster.len(), "document");
        notes.push(format!(
            "--decisions: {documents} no longer in a cluster with the canonical copy of the decision, such as {first:?}; decide again on the page of this result, or delete these lines"
        ));
    }
    notes
}

/// A message such as "2 values of the field "date" could not be read, such as "soon" in a; these documents are ranked last
/// by this field".
fn unread(values: &UnreadValues) -> String {
    let UnreadValues {
        field,
        ambiguous,
        count: n,
        document,
        example,
    } = values;
    let example = cut(example, QUOTED);
    let documents =
        format!("such as {example:?} in {document}; these documents are ranked last by this field");
    if *ambiguous {
        let dates = count(*n, "date");
        format!(
            "{dates} of the field {field:?} can be read with the day or the month first, {documents}; choose with --date-order"
        )
    } else {
        let values = match field.as_str() {
            "date" => count(*n, "date"),
            _ => count(*n, "value"),
        };
        format!("{values} of the field {field:?} could not be read, {documents}")
    }
}
