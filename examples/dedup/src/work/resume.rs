//! Is this the run that was cut off, or one that has come to its end?

use rayon::prelude::*;
use reprint::{Deduper, Documents};
use xxhash_rust::xxh3::{Xxh3Default, xxh3_128};

use crate::failure::Failure;
use crate::options::Options;
use crate::store::Store;
use crate::terminal::screen::{Label, warn};
use crate::work::WorkFolder;
use crate::work::states::Mark;

/// A run, by hashes of all that decides its result.
pub struct Identity {
    /// What its states belong to.
    mark: Mark,
    /// In hexadecimal; equal for the same settings and input in any order, but for a policy that asks for the order.
    pub any_order: String,
}

impl Identity {
    pub fn of(options: &Options, deduper: &Deduper, store: &Store) -> Self {
        let fields = [
            &options.text_field,
            &options.id_field,
            &options.date_field,
            &options.source_field,
        ];
        let flags = (options.split, options.no_drift);
        let settings = format!("{:?} {flags:?} {fields:?}", deduper.settings());
        let documents = (0..store.len()).into_par_iter();
        let documents: Vec<u128> = documents.map(|position| hash(store, position)).collect();
        let mut ordered = Xxh3Default::new();
        for document in &documents {
            ordered.update(&document.to_le_bytes());
        }
        let sum = documents.iter().copied().fold(0, u128::wrapping_add);
        let version = env!("CARGO_PKG_VERSION").to_owned();
        // The same states, but not the same result.
        let page = if options.report { " page" } else { "" };
        let table = if options.kept_parquet { " table" } else { "" };
        let annotated = if options.annotate { " annotated" } else { "" };
        let order = options.keep.to_string();
        let order = order.split(';').any(|criterion| criterion == "first");
        let order = if order { ordered.digest128() } else { 0 };
        let rejected = rejected(store);
        let any_order = format!(
            "{version} {settings} {sum:032x} {order:032x} {rejected:032x}{page}{table}{annotated}"
        );
        Self {
            mark: Mark {
                version,
                settings,
                input: format!("{:032x}", ordered.digest128()),
            },
            any_order: format!("{:032x}", xxh3_128(any_order.as_bytes())),
        }
    }
}

/// Of what could not be read, in any order.
fn rejected(store: &Store) -> u128 {
    let hashes = store.rejected.iter();
    let hashes = hashes.map(|rejected| xxh3_128(rejected.to_string().as_bytes()));
    hashes.fold(0, u128::wrapping_add)
}

/// Of a document's id and bytes.
fn hash(store: &Store, position: usize) -> u128 {
    let mut hash = Xxh3Default::new();
    hash.update(store.id(position).as_bytes());
    // No id and bytes are those of another document's, cut elsewhere.
    hash.update(&[0xFF]);
    hash.update(&store.sources.read(store.documents[position].bytes));
    hash.digest128()
}

/// What is left to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Begun {
    /// The stages, but for those whose states are there.
    Running,
    /// Nothing: the result of this run is in its place.
    Finished,
}

/// Begins the run anew, or where one of the same identity was cut off if that is asked for.
pub fn begin(work: &WorkFolder, identity: &Identity, resume: bool) -> Result<Begun, Failure> {
    if resume && work.holds_result_of(&identity.any_order) {
        let place = work.place().display();
        warn(
            Label::Note,
            format_args!("nothing to go on with: {place} holds the result of this run"),
        );
        work.states.forget();
        return Ok(Begun::Finished);
    }
    let cut_off = !work.states.done().is_empty();
    if resume && cut_off {
        work.check_place()?;
        work.states.resume(&identity.mark)?;
        let done: Vec<&str> = work
            .states
            .done()
            .iter()
            .map(|stage| stage.as_str())
            .collect();
        warn(
            Label::Note,
            format_args!(
                "going on with a run that was cut off; done: read {}",
                done.join(" ")
            ),
        );
        return Ok(Begun::Running);
    }
    work.check_place()?;
    if resume {
        let note = "nothing to go on with: no run of this output was cut off behind a stage; starting anew";
        warn(Label::Note, note);
    } else if cut_off {
        let note =
            "an earlier run of this output was cut off; starting anew (--resume goes on with one)";
        warn(Label::Note, note);
    }
    work.begin(&identity.mark)?;
    Ok(Begun::Running)
}
