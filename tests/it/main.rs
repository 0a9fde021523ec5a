//! Every test that uses the crate from outside, in one binary.
#![allow(missing_docs)] // tests are named after what they claim

mod against;
mod brute_force;
mod checkpoints;
mod columns;
mod decision;
mod determinism;
mod election;
mod folded;
mod golden;
#[cfg(feature = "index")]
mod index;
mod laws;
mod passages;
mod relations;
mod samples;
mod specimens;
mod statistics;
mod structure;
mod support;
mod unreadable;
