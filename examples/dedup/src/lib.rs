//! Finds documents that are the same one printed again, and keeps one canonical copy of each.
//!
//! `cargo run --release --example dedup -- examples/articles`
//!
//! Layers: each layer uses only the layers above it. A test checks this.
//!
//! | layer | question it answers |
//! |---|---|
//! | `read` | what do bytes hold? |
//! | `store` | where are the documents while the program works? |
//! | `columns` | what do Parquet files hold? |
//! | `result` | what is written of a run? |
//! | `run` | what is done, one step after the other? |
//! | `cli` | what was asked for, and what does a person see? |

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
