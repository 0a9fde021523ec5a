//! What does each step make of its rows? Rows in, rows out: no stage knows where its rows lie, or what a document is.

mod gathered;
pub(crate) mod proposed;
pub(crate) mod shared_seeds;
pub(crate) mod texts;
