//! x

pub mod cluster;
mod deduper;
mod document;
mod error;
pub mod lsh;
pub mod normalize;
mod parallel;
pub mod report;
mod scheme;
pub mod shingle;
pub mod signature;
pub mod verify;

pub use deduper::{Deduper, DeduperBuilder};
pub use document::{Document, Documents};
pub use error::Error;
pub use scheme::Scheme;
