//! Is this run new, the continuation of an interrupted one, or already finished?

use rayon::prelude::*;
use reprint::report::Stage;
use reprint::{Deduper, Documents};
use xxhash_rust::xxh3::{Xxh3Default, xxh3_128};

use super::WorkFolder;
use super::states::Mark;
use crate::run::failure::Failure;
use crate::run::settings::Settings;
use crate::store::Store;

/// A run, identified by hashes of everything that decides its result.
pub struct Identity {
    /// Identifies the run that the states belong to.
    mark: Mark,
    /// A hash in hexadecimal. It is equal for the same settings and the same documents in any order, unless the policy
    /// depends on the order.
    pub any_order: String,
}

impl Identity {
    pub fn new(settings: &Settings, deduper: &Deduper, store: &Store, reference: u128) -> Self {
        let fields = &settings.fields;
        let flags = (settings.split, !settings.drift);
        let decisive = format!("{:?} {flags:?} {fields:?}", deduper.settings());
        let documents = (0..store.len()).into_par_iter();
        let documents: Vec<u128> = documents.map(|position| hash(store, position)).collect();
        let mut ordered = Xxh3Default::new();
        for document in &documents {
            ordered.update(&document.to_le_bytes());
        }
        let sum = documents.iter().copied().fold(0, u128::wrapping_add);
        let version = env!("CARGO_PKG_VERSION").to_owned();
        // The settings that follow change the result but not the states.
        let page = if settings.report { " page" } else { "" };
        let table = if settings.kept_parquet { " table" } else { "" };
        let table = match settings.kept_csv {
            true => format!("{table} csv"),
            false => table.to_owned(),
        };
        let annotated = if settings.annotate { " annotated" } else { "" };
        let decisions = settings.decisions.as_ref();
        let decided =
            decisions.map_or_else(String::new, |decisions| format!(" {}", decisions.digest()));
        let strip = settings.strip.as_ref();
        let strip = strip.map_or_else(String::new, |strip| {
            format!(" strip {} {}", strip.from, strip.passage)
        });
        let against = match reference {
            0 => String::new(),
            some => format!(" against {some:032x}"),
        };
        let order = settings.keep.to_string();
        let order = order.split(';').any(|criterion| criterion == "first");
        let order = if order { ordered.digest128() } else { 0 };
        let rejected = rejected(store);
        let any_order = format!(
            "{version} {decisive} {sum:032x} {order:032x} {rejected:032x}{page}{table}{annotated}{decided}{against}{strip}"
        );
        Self {
            mark: Mark {
                version,
                settings: decisive,
                input: format!("{:032x}", ordered.digest128()),
            },
            any_order: format!("{:032x}", xxh3_128(any_order.as_bytes())),
        }
    }
}

/// A hash of the rejected input, in any order.
fn rejected(store: &Store) -> u128 {
    let hashes = store.rejected.iter();
    let hashes = hashes.map(|rejected| xxh3_128(rejected.to_string().as_bytes()));
    hashes.fold(0, u128::wrapping_add)
}

/// A hash of a document's id and bytes.
fn hash(store: &Store, position: usize) -> u128 {
    let mut hash = Xxh3Default::new();
    hash.update(store.id(position).as_bytes());
    // This byte separates them: otherwise another id and other bytes could have the same concatenation.
    hash.update(&[0xFF]);
    hash.update(&store.bytes(position).unwrap_or_default());
    hash.digest128()
}

/// Which part of a run remains to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resumption {
    /// All stages. The note says that an interrupted run was found but is not continued, or that none was found.
    FromStart(Option<&'static str>),
    /// All stages except these, whose results were kept.
    Continued(Vec<Stage>),
    /// Nothing: the result of this run is in place.
    Finished,
}

/// Begins the run from the start, or continues an interrupted one of the same identity if `resume` asks for that.
pub fn begin(work: &WorkFolder, identity: &Identity, resume: bool) -> Result<Resumption, Failure> {
    if resume && work.holds_result_of(&identity.any_order) {
        work.states.forget();
        return Ok(Resumption::Finished);
    }
    let done = work.states.done();
    let cut_off = !done.is_empty();
    work.check_place()?;
    if resume && cut_off {
        work.states.resume(&identity.mark)?;
        return Ok(Resumption::Continued(done));
    }
    work.begin(&identity.mark)?;
    Ok(Resumption::FromStart(match (resume, cut_off) {
        (true, _) => {
            Some("--resume: no interrupted run of this output found; starting from the beginning")
        }
        (false, true) => Some(
            "an earlier run of this output was interrupted; starting from the beginning (--resume continues one)",
        ),
        (false, false) => None,
    }))
}
