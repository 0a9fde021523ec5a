//! Finds documents that are the same one printed again, and keeps one canonical copy of each.
//!
//! `cargo run --release --example dedup -- examples/articles`
//!
//! Layers: each layer uses only the layers above it. A test checks this.
//!
//! | layer | question it answers |
//! |---|---|
//! | `read` | what do bytes hold? |
//! | `store` | where are the documents during a run? |
//! | `columns` | what do Parquet files hold? |
//! | `result` | what does a run write? |
//! | `run` | what are the steps of a run? |
//! | `cli` | what does the command line ask for, and what is printed? |

mod cli;
#[cfg(feature = "parquet")]
mod columns;
mod read;
mod result;
mod run;
mod store;

pub use cli::collection::Collection;
pub use cli::served::{answer_row, evidence_row, open_index};
pub use cli::{main, run};
