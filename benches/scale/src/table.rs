//! How are the results shown? As one table for readers, and as a file with every single run for programs.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use comfy_table::{CellAlignment, Table, presets};

use crate::row::{Row, Run};

const HEADER: [&str; 15] = [
    "input",
    "documents",
    "MB",
    "CPU s",
    "wall s",
    "wall s, 2",
    "ratio",
    "CPU µs / doc",
    "peak / text",
    "kB beside / doc",
    "planted",
    "clusters",
    "copies found",
    "slowest stage",
    "note",
];

/// Prints the table as Markdown. All values are those of the run with one thread, except the wall time with two.
pub fn print(rows: &[Row]) {
    let mut table = Table::new();
    table.load_style(presets::ASCII_MARKDOWN).set_header(HEADER);
    for row in rows {
        table.add_row(cells(row));
    }
    for column in table.column_iter_mut().skip(1).take(12) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    println!("{table}");
}

fn cells(row: &Row) -> Vec<String> {
    let (one, two) = (row.runs.first(), row.runs.get(1));
    let documents = row.case.documents as f64;
    let text = row.text_bytes as f64;
    let cpu = one.map(|run| run.cost.cpu_seconds);
    let wall = |run: Option<&Run>| run.map(|run| run.cost.wall_seconds);
    let ratio = wall(one).zip(wall(two)).map(|(one, two)| one / two);
    let peak = one.map(|run| run.peak_bytes as f64);
    let beside = peak.map(|bytes| (bytes - text) / documents / 1e3);
    let slowest = one.and_then(Run::slowest);
    let is_known = row.text_bytes > 0;
    vec![
        row.case.name.into(),
        row.case.documents.to_string(),
        shown(is_known.then_some(text / 1e6), 1),
        shown(cpu, 2),
        shown(wall(one), 2),
        shown(wall(two), 2),
        shown(ratio, 2),
        shown(cpu.map(|seconds| seconds / documents * 1e6), 0),
        shown(peak.map(|bytes| bytes / text), 1),
        shown(beside, 1),
        shown(is_known.then_some(row.planted.clusters as f64), 0),
        one.map_or("-".into(), clusters),
        shown(one.and_then(|run| share_found(row, run)), 4),
        slowest.map_or("-".into(), |(stage, share)| {
            format!("{stage} {:.0} %", share * 100.0)
        }),
        row.note.clone(),
    ]
}

/// The number of clusters, and how many of them contain documents that are not copies.
fn clusters(run: &Run) -> String {
    match run.found.mixed {
        0 => run.found.clusters.to_string(),
        mixed => format!("{} ({mixed} mixed)", run.found.clusters),
    }
}

fn share_found(row: &Row, run: &Run) -> Option<f64> {
    let planted = row.planted.copies;
    (planted > 0).then(|| run.found.copies as f64 / planted as f64)
}

fn shown(figure: Option<f64>, digits: usize) -> String {
    figure.map_or("-".into(), |it| format!("{it:.digits$}"))
}

/// Writes every run, and the facts that are needed to repeat the measurement.
pub fn write(path: &Path, rows: &[Row], facts: &[(&str, String)]) -> Result<()> {
    let mut text = String::new();
    for (name, fact) in facts {
        writeln!(text, "# {name}: {fact}")?;
    }
    text += "input\tdocuments\ttext_bytes\tplanted_clusters\tplanted_copies\tthreads\tcpu_seconds\twall_seconds\tpeak_bytes";
    text += "\tclusters\tmixed_clusters\tcopies_found\tstages\tnote\n";
    for row in rows {
        let (name, documents, bytes) = (row.case.name, row.case.documents, row.text_bytes);
        let (clusters, copies) = (row.planted.clusters, row.planted.copies);
        let start = format!("{name}\t{documents}\t{bytes}\t{clusters}\t{copies}");
        for run in &row.runs {
            writeln!(text, "{start}\t{}\t{}", columns(run), row.note)?;
        }
        if row.runs.is_empty() {
            writeln!(text, "{start}\t\t\t\t\t\t\t\t\t{}", row.note)?;
        }
    }
    fs::write(path, text).with_context(|| path.display().to_string())
}

fn columns(run: &Run) -> String {
    let (cost, found) = (run.cost, run.found);
    let stage = |(name, seconds): &(String, f64)| format!("{name}={seconds:.3}");
    let stages: Vec<String> = run.stages.iter().map(stage).collect();
    [
        run.threads.to_string(),
        format!("{:.3}", cost.cpu_seconds),
        format!("{:.3}", cost.wall_seconds),
        run.peak_bytes.to_string(),
        found.clusters.to_string(),
        found.mixed.to_string(),
        found.copies.to_string(),
        stages.join(" "),
    ]
    .join("\t")
}
