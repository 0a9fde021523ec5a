//! What does each step make of its rows? Rows in, rows out: no stage knows where its rows lie, or what a document is.

pub(crate) mod proposed;
pub(crate) mod texts;
