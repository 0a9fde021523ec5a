//! How are the results shown? As one table for readers, and as a file with every single run for programs.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use comfy_table::{CellAlignment, Table, presets};

use crate::judge::Score;
use crate::measure::Cost;

/// The results of an engine.
#[derive(Debug)]
pub struct Row {
    pub name: &'static str,
    pub costs: Vec<Cost>,
    pub score: Option<Score>,
    /// Why there are no results, or what limits them.
    pub note: String,
}

/// The columns before and after the two columns whose meaning depends on the labels.
const COST: [&str; 7] = [
    "engine",
    "CPU s",
    "spread",
    "wall s",
    "MB / CPU s",
    "peak MB",
    "clusters",
];
const REST: [&str; 2] = ["planted", "note"];

/// Prints the medians as Markdown; `measures` are the names of precision and recall.
pub fn print(rows: &[Row], text_bytes: usize, measures: [&str; 2]) {
    let mut table = Table::new();
    let header = COST.iter().chain(&measures).chain(&REST);
    table.load_style(presets::ASCII_MARKDOWN).set_header(header);
    for row in rows {
        table.add_row(cells(row, text_bytes));
    }
    for column in table.column_iter_mut().skip(1).take(9) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    println!("{table}");
}

fn cells(row: &Row, text_bytes: usize) -> Vec<String> {
    let cpu = median(&row.costs, |cost| cost.cpu_seconds);
    let wall = median(&row.costs, |cost| cost.wall_seconds);
    let peak = median(&row.costs, |cost| cost.peak_bytes as f64);
    let speed = cpu.map(|seconds| text_bytes as f64 / 1e6 / seconds);
    vec![
        row.name.into(),
        shown(cpu, 2),
        spread(&row.costs).map_or("-".into(), |it| format!("{:.0} %", it * 100.0)),
        shown(wall, 2),
        shown(speed, 1),
        shown(peak.map(|bytes| bytes / 1e6), 0),
        row.score.map_or("-".into(), |it| it.clusters.to_string()),
        shown(row.score.and_then(|it| it.precision), 3),
        shown(row.score.and_then(|it| it.recall), 3),
        shown(row.score.and_then(|it| it.planted), 3),
        row.note.clone(),
    ]
}

fn shown(figure: Option<f64>, digits: usize) -> String {
    figure.map_or("-".into(), |it| format!("{it:.digits$}"))
}

/// The median over all runs. If their number is even, the mean of the two in the middle.
fn median(costs: &[Cost], figure: impl Fn(&Cost) -> f64) -> Option<f64> {
    let mut figures: Vec<f64> = costs.iter().map(figure).collect();
    figures.sort_unstable_by(f64::total_cmp);
    let (low, high) = (figures.len().checked_sub(1)? / 2, figures.len() / 2);
    Some((figures[low] + figures[high]) / 2.0)
}

/// The difference between the slowest and the fastest run, as a share of the median. Smaller differences between engines are
/// noise.
fn spread(costs: &[Cost]) -> Option<f64> {
    let seconds = || costs.iter().map(|cost| cost.cpu_seconds);
    let (least, most) = (seconds().reduce(f64::min)?, seconds().reduce(f64::max)?);
    Some((most - least) / median(costs, |cost| cost.cpu_seconds)?)
}

/// Writes every run, and the facts that are needed to repeat the measurement.
pub fn write(
    path: &Path,
    rows: &[Row],
    facts: &[(&str, String)],
    measures: [&str; 2],
) -> Result<()> {
    let mut text = String::new();
    for (name, fact) in facts {
        writeln!(text, "# {name}: {fact}")?;
    }
    let [precision, recall] = measures.map(|name| name.replace(' ', "_"));
    text += "engine\trun\tcpu_seconds\twall_seconds\tpeak_bytes\tclusters\t";
    writeln!(text, "{precision}\t{recall}\tplanted\tnote")?;
    for row in rows {
        let judged = judged(row);
        for (number, cost) in row.costs.iter().enumerate() {
            let (run, cpu, wall) = (number + 1, cost.cpu_seconds, cost.wall_seconds);
            let (name, peak) = (row.name, cost.peak_bytes);
            writeln!(text, "{name}\t{run}\t{cpu:.3}\t{wall:.3}\t{peak}\t{judged}")?;
        }
        if row.costs.is_empty() {
            writeln!(text, "{}\t\t\t\t\t{judged}", row.name)?;
        }
    }
    fs::write(path, text).with_context(|| path.display().to_string())
}

/// The columns that are equal for all runs of an engine.
fn judged(row: &Row) -> String {
    let note = row.note.replace('\t', " ");
    let Some(score) = row.score else {
        return format!("\t\t\t\t{note}");
    };
    let exact = |share: Option<f64>| share.map_or(String::new(), |it| format!("{it:.6}"));
    [
        score.clusters.to_string(),
        exact(score.precision),
        exact(score.recall),
        exact(score.planted),
        note,
    ]
    .join("\t")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn costs(seconds: &[f64]) -> Vec<Cost> {
        let cost = |&cpu_seconds| Cost {
            cpu_seconds,
            wall_seconds: 0.0,
            peak_bytes: 0,
        };
        seconds.iter().map(cost).collect()
    }

    #[test]
    fn medians_and_spread() {
        let median = |seconds| median(&costs(seconds), |cost| cost.cpu_seconds);
        assert_eq!(median(&[]), None);
        assert_eq!(median(&[3.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(median(&[4.0, 1.0, 2.0, 3.0]), Some(2.5));
        assert_eq!(spread(&costs(&[3.0, 1.0, 2.0])), Some(1.0));
    }
}
