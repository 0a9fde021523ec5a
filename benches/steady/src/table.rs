//! How are the results shown? As values per document and per KB for readers, and as sums for programs.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use comfy_table::{CellAlignment, Table, presets};
use reprint_steady::allocations::Allocations;
use reprint_steady::work::{Language, Stage};

/// The cost of one stage over all documents.
#[derive(Debug)]
pub struct Row {
    pub language: Language,
    pub stage: Stage,
    pub documents: usize,
    pub text_bytes: usize,
    pub allocations: Allocations,
    /// None if they were not counted.
    pub instructions: Option<u64>,
}

const HEADER: [&str; 10] = [
    "texts",
    "stage",
    "allocations / doc",
    "KB allocated / doc",
    "peak KB / doc",
    "K instructions / doc",
    "allocations / KB",
    "KB allocated / KB",
    "peak KB / KB",
    "K instructions / KB",
];

/// Prints the table as Markdown. A KB is a thousand bytes.
pub fn print(rows: &[Row]) {
    let mut table = Table::new();
    table.load_style(presets::ASCII_MARKDOWN).set_header(HEADER);
    for row in rows {
        table.add_row(cells(row));
    }
    for column in table.column_iter_mut().skip(2) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    println!("{table}");
}

fn cells(row: &Row) -> Vec<String> {
    let mut cells = vec![row.language.name().into(), row.stage.name().into()];
    for share in [row.documents as f64, row.text_bytes as f64 / 1e3] {
        let Allocations { count, bytes, peak } = row.allocations;
        let shown = |sum: u64, unit: f64| format!("{:.2}", sum as f64 / unit / share);
        cells.extend([shown(count, 1.0), shown(bytes, 1e3), shown(peak, 1e3)]);
        let executed = row.instructions.map(|sum| sum as f64 / 1e3 / share);
        cells.push(executed.map_or("-".into(), |it| format!("{it:.1}")));
    }
    cells
}

/// Writes the sums, and the facts that are needed to read them.
pub fn write(path: &Path, rows: &[Row], facts: &[(&str, String)]) -> Result<()> {
    let mut text = String::new();
    for (name, fact) in facts {
        writeln!(text, "# {name}: {fact}")?;
    }
    text += "texts\tstage\tdocuments\ttext_bytes\tallocations\tallocated_bytes\tpeak_bytes\tinstructions\n";
    for row in rows {
        let (language, stage) = (row.language.name(), row.stage.name());
        let (documents, text_bytes) = (row.documents, row.text_bytes);
        let Allocations { count, bytes, peak } = row.allocations;
        let executed = row.instructions.map_or(String::new(), |it| it.to_string());
        write!(text, "{language}\t{stage}\t{documents}\t{text_bytes}\t")?;
        writeln!(text, "{count}\t{bytes}\t{peak}\t{executed}")?;
    }
    fs::write(path, text).with_context(|| path.display().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_of_a_document_and_of_a_kilobyte() {
        // Calculated by hand: 10 documents, 40 KB.
        let mut row = Row {
            language: Language::English,
            stage: Stage::Sign,
            documents: 10,
            text_bytes: 40_000,
            allocations: Allocations {
                count: 20,
                bytes: 80_000,
                peak: 4_000,
            },
            instructions: Some(1_000_000),
        };
        let shares = [
            "2.00", "8.00", "0.40", "100.0", "0.50", "2.00", "0.10", "25.0",
        ];
        assert_eq!(cells(&row)[2..], shares);
        row.instructions = None;
        assert_eq!(cells(&row)[5], "-");
    }
}
