//! Which documents are in the reference collections, and which documents are dropped for that?

use std::collections::{BTreeMap, HashSet};
use std::path::PathBuf;

use reprint::report::{Against, AgainstShare, Progress};
use reprint::{Deduper, Documents, Signed};
use xxhash_rust::xxh3::Xxh3Default;

pub mod saved;

use saved::References;

use super::failure::Failure;
use super::settings::Settings;
use crate::result::against::Compared;
use crate::store::{Store, text_or_nothing};

/// The settings for reading a reference collection: those of the input, but without a sample.
pub fn settings(settings: &Settings, inputs: &[PathBuf]) -> Settings {
    Settings {
        inputs: inputs.to_vec(),
        sample: None,
        ..settings.clone()
    }
}

/// Compares the documents with a reference, and sets aside the documents that are dropped. Also returns the facts about the
/// remaining documents.
pub fn compare(
    settings: &Settings,
    deduper: &Deduper,
    store: &mut Store,
    reference: &References,
    progress: &dyn Progress,
) -> Result<(Compared, Signed), Failure> {
    let found = deduper.against_and_sign(store, reference, progress);
    // If a file has changed, the error names it.
    store.check()?;
    let (against, signed) = found?;
    let dropped = match settings.annotate {
        true => vec![false; store.len()],
        false => against.dropped(&settings.drop),
    };
    let gone = (0..store.len()).filter(|&position| dropped[position]);
    let bytes = gone
        .map(|position| text_or_nothing(store, position).len())
        .sum();
    let by_source = by_source(store, &against);
    let identity = identity(&against, reference, &dropped);
    store.set_aside(&dropped);
    let has_whole_files = store.whole_files().next().is_some();
    let compared = Compared {
        relations: settings.drop.clone(),
        against,
        dropped,
        bytes,
        by_source,
        identity,
        files: match has_whole_files {
            true => reference.files(),
            false => HashSet::new(),
        },
    };
    Ok((compared, signed))
}

/// The share of each source that is in the reference. Empty if no document names its source, or if there are too many
/// sources.
fn by_source(store: &Store, against: &Against) -> BTreeMap<String, AgainstShare> {
    let sources = (0..store.len()).map(|position| {
        let metadata = store.metadata(position).unwrap_or_default();
        metadata.first_value("source").map(str::to_owned)
    });
    let sources: Vec<Option<String>> = sources.collect();
    let shares = against.share_by(|position| sources[position].as_deref());
    if shares.len() > MAX_SOURCES {
        return BTreeMap::new();
    }
    let named = shares.into_iter();
    named
        .map(|(source, share)| (source.to_owned(), share))
        .collect()
}

/// Maximum number of sources that are counted separately. A longer table would not be read.
const MAX_SOURCES: usize = 1000;

/// A hash of everything that the reference changes in the result.
fn identity(against: &Against, reference: &dyn Documents, dropped: &[bool]) -> u128 {
    let mut hash = Xxh3Default::new();
    for pair in &against.pairs {
        for id in [&pair.document.id, &pair.reference.id] {
            hash.update(id.as_bytes());
            hash.update(&[0xFF]);
        }
        hash.update(pair.comparison.relation.as_str().as_bytes());
        hash.update(&pair.comparison.jaccard().to_le_bytes());
        let here = pair.document.position;
        hash.update(&[u8::from(dropped[here])]);
    }
    hash.update(&(reference.len() as u64).to_le_bytes());
    hash.digest128()
}
