//! Tests that run the program from outside, in one binary.
#![allow(missing_docs)] // tests are named after what they claim

mod against;
mod bounded;
mod damaged;
mod decisions;
mod encodings;
mod evaluate;
mod formats;
mod index;
mod inputs;
mod nothing_lost;
mod office;
mod page;
mod pages;
mod program;
mod resume;
mod schemas;
mod staying;
mod structure;
mod terminal;

/// The made-up collections of the library's tests.
#[path = "../../../../tests/it/support.rs"]
#[allow(dead_code)]
mod support;
