//! `reprint` for Python, as the module `reprints`: columns of texts in, tables out, all through Arrow.
//!
//! | module | question it answers |
//! |---|---|
//! | `capsule` | how do Arrow arrays cross to and from Python? |
//! | `column` | what is in a row of a column? |
//! | `given` | how does what was given become a column? |
//! | `numbers` | what is in a column of numbers or bytes? |
//! | `columns` | what does each step of a run make of columns? |
//! | `input` | what are the documents? |
//! | `index` | what are documents to those that came before? |
//! | `reference` | what of the documents is in a reference collection? |
//! | `watch` | how is a run watched and stopped? |
//! | `error` | what is raised? |
//! | `settings` | what was asked for? |
//! | `table`, `mask` | what is handed out? |
//! | `tables` | which rows have the tables of a result? |
//! | `result`, `normalized` | what is a result? |

mod capsule;
mod column;
mod columns;
mod error;
mod explanation;
mod given;
mod index;
mod input;
mod mask;
mod normalized;
mod numbers;
mod reference;
mod result;
mod settings;
mod table;
mod tables;
mod watch;

use std::ffi::OsString;
use std::io::Write;

use pyo3::prelude::*;

/// The compiled part of the package `reprints`.
#[pymodule]
mod _reprints {
    #[pymodule_export]
    use super::columns::{
        columns_bucket_pairs, columns_component, columns_contained, columns_digest, columns_fold,
        columns_gram_pairs, columns_judge, columns_may_be_copies, columns_measure, columns_own,
        columns_passages, columns_sketch,
    };
    #[pymodule_export]
    use super::index::Index;
    #[pymodule_export]
    use super::mask::{Kept, keep};
    #[pymodule_export]
    use super::normalized::{Normalized, normalize};
    #[pymodule_export]
    use super::result::{Deduped, dedup};
    #[pymodule_export]
    use super::run_program;
    #[pymodule_export]
    use super::table::Table;

    #[pymodule_export]
    #[allow(non_upper_case_globals)]
    const __version__: &str = env!("CARGO_PKG_VERSION");
}

/// Runs the program with these arguments and returns its exit status. The first argument is the name of the program.
#[pyfunction]
fn run_program(py: Python<'_>, arguments: Vec<OsString>) -> u8 {
    py.detach(|| {
        let status = dedup::run(arguments);
        // Rust flushes at the end of its own `main` only. Whoever closed the pipe wants no more.
        let _ = std::io::stdout().flush();
        status
    })
}
