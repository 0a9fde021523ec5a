//! Every test that sees the crate from outside, in one binary.
#![allow(missing_docs)] // tests are named after what they claim

mod brute_force;
mod checkpoints;
mod damaged;
mod decision;
mod determinism;
mod election;
mod encodings;
mod evaluate;
mod folded;
mod formats;
mod golden;
mod laws;
mod page;
mod pages;
mod program;
mod relations;
mod resume;
mod samples;
mod specimens;
mod statistics;
mod staying;

mod structure;
mod support;
mod terminal;
