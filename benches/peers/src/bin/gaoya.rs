//! What does gaoya find? This program uses 32-bit MinHash and the index as gaoya's README does.

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
        // The index has already dropped candidates whose signatures agree less than the threshold.
        for &copy in index.query_by_id(&number) {
            clusters.join(number, copy);
        }
    }
    clusters.print(&ids)
}

/// A text that is shorter than a window is one shingle. Without shingles, gaoya makes a signature of zeros, and all such
/// texts would be copies of each other.
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
