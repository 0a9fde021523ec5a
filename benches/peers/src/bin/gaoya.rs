//! What does gaoya find? 32-bit MinHash and its index, as its README uses them.

use std::iter;

use anyhow::Result;
use gaoya::minhash::{MinHashIndex, MinHasher, MinHasher32};
use gaoya::text::{shingle_text, shingle_tokens};
use reprint_peers::{Clusters, Settings, Unit, Windows};

fn main() -> Result<()> {
    let settings = Settings::from_args()?;
    let hasher = MinHasher32::new(settings.slots);
    let mut index = MinHashIndex::new(settings.bands, settings.rows, settings.threshold);
    let mut ids = Vec::new();
    for document in settings.documents()? {
        let document = document?;
        index.insert(
            ids.len(),
            signature(&hasher, settings.windows, &document.text),
        );
        ids.push(document.id);
    }
    let mut clusters = Clusters::alone(ids.len());
    for number in 0..ids.len() {
        // Candidates whose signatures agree in less than the threshold are already left out.
        for &copy in index.query_by_id(&number) {
            clusters.join(number, copy);
        }
    }
    clusters.print(&ids)
}

/// A text without a whole window is one shingle: of no shingles gaoya makes a signature of zeros, which would make copies of
/// all such texts.
fn signature(hasher: &impl MinHasher<V = u32>, windows: Windows, text: &str) -> Vec<u32> {
    let size = windows.size;
    match windows.unit {
        Unit::Characters if text.chars().nth(size - 1).is_none() => {
            hasher.create_signature(iter::once(text))
        }
        Unit::Characters => hasher.create_signature(shingle_text(text, size)),
        Unit::Words => {
            let words: Vec<&str> = text.split_whitespace().collect();
            if words.len() < size {
                return hasher.create_signature(iter::once(text));
            }
            hasher.create_signature(shingle_tokens(&words, size))
        }
    }
}
