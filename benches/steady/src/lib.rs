//! What is counted? The stages of a run, separately and all together, on texts that are the same on every machine.
//!
//! Measured time also depends on the load of the machine. The numbers of allocations and of executed instructions are nearly
//! the same in every run, so they show small changes that are not visible in time.

pub mod allocations;
pub mod work;
