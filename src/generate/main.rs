//! Build script: what does every code point, and every regional phrase, fold to?
//!
//! Reads Unicode's properties and OpenCC's dictionaries from the build dependencies and writes into `OUT_DIR`:
//! `fold_table.rs` (two-stage table and expansions, see `src/normalize/table.rs`), `phrases.bin` (a serialised phrase
//! automaton) and `phrases.rs` (what each phrase becomes).

#![allow(clippy::print_stdout)] // how a build script speaks to cargo

#[path = "../normalize/entry.rs"]
mod entry;
mod fold;
mod han;
mod phrases;
#[path = "../normalize/ranges.rs"]
mod ranges;

use std::{env, fs, path::PathBuf};

fn main() {
    println!("cargo:rerun-if-changed=src/generate");
    println!("cargo:rerun-if-changed=src/normalize/entry.rs");
    println!("cargo:rerun-if-changed=src/normalize/ranges.rs");
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    let classes = han::character_classes();
    let phrases = phrases::Phrases::generate(&classes);
    let table = fold::Table::generate(&classes);
    let version = xxhash_rust::xxh3::xxh3_64(&[table.bytes(), phrases.bytes()].concat());
    let source = format!(
        "/// Digest of every row that decides a fold.\npub(crate) const FOLD_VERSION: u64 = {version:#018x};\n{}",
        table.source()
    );
    fs::write(out.join("fold_table.rs"), source).expect("OUT_DIR is writable");
    fs::write(out.join("phrases.rs"), phrases.source()).expect("OUT_DIR is writable");
    fs::write(out.join("phrases.bin"), phrases.automaton()).expect("OUT_DIR is writable");
}
