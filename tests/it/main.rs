//! Every test that sees the crate from outside, in one binary.
#![allow(missing_docs)] // tests are named after what they claim

mod brute_force;
mod decision;
mod determinism;
mod evaluate;
mod formats;
mod golden;
mod laws;
mod program;
mod relations;
mod samples;
mod specimens;
mod statistics;
mod structure;
mod support;
