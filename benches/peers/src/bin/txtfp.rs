//! What does txtfp find? This program uses its canonical form (compatibility forms and case are folded), shingles, MinHash
//! and index.

use anyhow::{Result, ensure};
use reprint_peers::{Clusters, Settings, Unit};
use txtfp::{
    Canonicalizer, Fingerprinter, GraphemeTokenizer, LshIndex, LshIndexBuilder,
    MinHashFingerprinter, ShingleTokenizer, Tokenizer, WordTokenizer,
};

/// The number of slots is a part of the type of a signature.
const SLOTS: usize = 128;

fn main() -> Result<()> {
    let settings = Settings::from_args()?;
    ensure!(
        settings.slots == SLOTS,
        "this program has {SLOTS} slots built in"
    );
    match settings.windows.unit {
        Unit::Characters => run(&settings, GraphemeTokenizer),
        Unit::Words => run(&settings, WordTokenizer),
    }
}

fn run(settings: &Settings, units: impl Tokenizer) -> Result<()> {
    let shingles = ShingleTokenizer {
        k: settings.windows.size,
        inner: units,
    };
    let fingerprinter = MinHashFingerprinter::<_, SLOTS>::new(Canonicalizer::default(), shingles);
    let mut index: LshIndex<SLOTS> =
        LshIndexBuilder::new(settings.bands, settings.rows).try_build()?;
    let mut ids = Vec::new();
    for document in settings.documents()? {
        let document = document?;
        // For txtfp, an empty text is an error; it is a copy of no text.
        if let Ok(signature) = fingerprinter.fingerprint(&document.text) {
            index.insert(ids.len() as u64, signature);
        }
        ids.push(document.id);
    }
    let mut clusters = Clusters::alone(ids.len());
    for (number, signature) in index.iter() {
        for copy in index.query_with_threshold(signature, settings.threshold as f32) {
            clusters.join(number as usize, copy as usize);
        }
    }
    clusters.print(&ids)
}
