//! What does each step make of its rows? A stage takes rows and gives rows. It knows neither where the rows are stored nor what a document
//! is.

mod gathered;
pub(crate) mod proposed;
pub(crate) mod shared_seeds;
pub(crate) mod texts;
