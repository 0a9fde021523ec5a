//! What is counted? The stages of a run, one by one and all together, on texts that are the same on every machine.
//!
//! A clock tells how busy the machine was as well. How often memory was asked for, and how many instructions were executed, is
//! nearly the same in every run; that makes a small change visible which no clock would show.

pub mod allocations;
pub mod work;
