//! What does lshdedup-core find? This program uses its index.
//!
//! The index can be queried for a text only, not for one of its documents, so every signature is made twice. The input is
//! also read twice, so that no text has to be kept.

use anyhow::Result;
use lshdedup_core::{Config, Index, ShingleUnit};
use reprint_peers::{Clusters, Settings, Unit};

fn main() -> Result<()> {
    let settings = Settings::from_args()?;
    let mut index = Index::new(config(&settings))?;
    let mut ids = Vec::new();
    for document in settings.documents()? {
        let document = document?;
        index.insert(ids.len().to_string(), &document.text)?;
        ids.push(document.id);
    }
    let mut clusters = Clusters::alone(ids.len());
    for (number, document) in settings.documents()?.enumerate() {
        for hit in index.near_duplicates(&document?.text, settings.threshold) {
            clusters.join(number, hit.id.parse()?);
        }
    }
    clusters.print(&ids)
}

fn config(settings: &Settings) -> Config {
    Config {
        num_hashes: settings.slots,
        bands: settings.bands,
        shingle_size: settings.windows.size,
        shingle_unit: match settings.windows.unit {
            Unit::Characters => ShingleUnit::Char,
            Unit::Words => ShingleUnit::Word,
        },
        ..Config::default()
    }
}
