//! What does incrededup find? This program uses its normal form, MinHash and index in memory; its own program keeps them on
//! disk with a database.
//!
//! Its own program leaves out texts of at most 500 bytes and pairs whose lengths differ by three tenths, and has windows of
//! three characters. The parts that are used here do not do this.

use anyhow::{Result, ensure};
use incrededup::{InMemoryLSH, compute_signature_with_ngram_width, jaccard_from_signatures};
use reprint_peers::{Clusters, Settings, Unit};
use uuid::Uuid;

/// The default seed of its program.
const SEED: u64 = 42;

fn main() -> Result<()> {
    let settings = Settings::from_args()?;
    ensure!(
        settings.windows.unit == Unit::Characters,
        "it has windows of characters only"
    );
    ensure!(
        settings.slots == incrededup::NUM_PERM,
        "its signatures have {} slots",
        incrededup::NUM_PERM
    );
    let mut index = InMemoryLSH::with_params(settings.bands, settings.rows);
    let mut ids = Vec::new();
    for document in settings.documents()? {
        let document = document?;
        let signature =
            compute_signature_with_ngram_width(&document.text, SEED, settings.windows.size);
        index.try_insert(Uuid::from_u128(ids.len() as u128), signature)?;
        ids.push(document.id);
    }
    let mut clusters = Clusters::alone(ids.len());
    for (number, signature) in &index.signatures {
        for candidate in index.try_query(signature)? {
            if jaccard_from_signatures(signature, &index.signatures[&candidate])
                >= settings.threshold
            {
                clusters.join(number.as_u128() as usize, candidate.as_u128() as usize);
            }
        }
    }
    clusters.print(&ids)
}
