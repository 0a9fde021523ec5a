//! Figures for people to read.

use crate::options::Sweep;
use crate::run::Outcome;
use crate::score::{Clusters, Pairs};

/// One line a set.
pub fn print(outcomes: &[Outcome]) {
    let width = outcomes
        .iter()
        .map(|outcome| outcome.set.len())
        .max()
        .unwrap_or(0);
    println!(
        "{:width$}  documents   pairs  wrong  precision recall     F1    ARI  B³ F1  clusters largest | pairs before clustering: wrong  precision recall | CORE: duplicates P / R   others P / R  macro F1 accuracy",
        "set"
    );
    for outcome in outcomes {
        let line = |pairs: &Pairs| pairs_line(outcome, width, pairs);
        if let Some(clusters) = &outcome.clusters {
            let before = outcome.pairs_before_clustering.unwrap_or_default();
            let start = line(&clusters.pairs);
            println!("{start}{}", rest_of_line(clusters, &before));
        }
        if let Some(pairs) = &outcome.containment {
            println!("{}   what contains what", line(pairs));
        }
        if let Some((planted, found)) = outcome.planted {
            let recall = found as f64 / planted.max(1) as f64;
            println!(
                "{:width$}  {:9} {:7}                   {:.4}                 of the planted copies, {found} found",
                outcome.set, outcome.documents, planted, recall
            );
        }
        if let Some(grades) = &outcome.graded {
            let found = grades
                .iter()
                .map(|(grade, (all, found))| format!("{grade} {found} of {all}"));
            let found = found.collect::<Vec<_>>().join(", ");
            println!(
                "{:width$}  in one cluster or related, by grade: {found}",
                outcome.set
            );
        }
    }
}

/// The start of a set's line, up to F1.
fn pairs_line(outcome: &Outcome, width: usize, pairs: &Pairs) -> String {
    format!(
        "{:width$}  {:9} {:7} {:6}     {:.4} {:.4} {:.4}",
        outcome.set,
        outcome.documents,
        pairs.right,
        pairs.wrong(),
        pairs.precision,
        pairs.recall,
        pairs.f1,
    )
}

/// Figures of clusters other than their pairs, and the pairs before clustering.
fn rest_of_line(clusters: &Clusters, before: &Pairs) -> String {
    let core = &clusters.core;
    format!(
        " {:.4} {:.4} {:9} {:7} |                 {:13}     {:.4} {:.4} |     {:.4} / {:.4}   {:.4} / {:.4}   {:.4}   {:.4}",
        clusters.ari,
        clusters.b_cubed_f1,
        clusters.clusters,
        clusters.largest,
        before.wrong(),
        before.precision,
        before.recall,
        core.duplicate_precision,
        core.duplicate_recall,
        core.other_precision,
        core.other_recall,
        core.macro_f1,
        core.accuracy,
    )
}

/// One line a set and value, with tabs between: a table to keep.
pub fn sweep(by_value: &[Vec<Outcome>], sweep: &Sweep) {
    println!("{}\tset\tprecision\trecall\twrong pairs", sweep.name);
    for (value, outcomes) in sweep.values.iter().zip(by_value) {
        for outcome in outcomes {
            for (kind, pairs) in [
                ("", outcome.clusters.as_ref().map(|clusters| clusters.pairs)),
                (" (contains)", outcome.containment),
            ] {
                if let Some(pairs) = pairs {
                    let wrong = pairs.wrong();
                    println!(
                        "{value}\t{}{kind}\t{:.4}\t{:.4}\t{wrong}",
                        outcome.set, pairs.precision, pairs.recall
                    );
                }
            }
            if let Some((planted, found)) = outcome.planted {
                println!(
                    "{value}\t{} (planted)\t\t{:.4}\t",
                    outcome.set,
                    found as f64 / planted as f64
                );
            }
            if let Some(grades) = &outcome.graded {
                for (grade, (all, found)) in grades {
                    println!("{value}\t{} ({grade})\t\t{found} of {all}\t", outcome.set);
                }
            }
        }
    }
}
