//! Build script: what do every code point and every regional phrase fold to?
//!
//! It reads Unicode's properties and OpenCC's dictionaries from the build dependencies, and the tables in this folder. It writes into
//! `OUT_DIR`: `fold_table.rs` (two-stage table and expansions, see `src/normalize/table.rs`), `phrases.rs` (each phrase and its class),
//! `hanja.rs` (Korean readings) and `han_pairs.rs` (neighbouring ideographs in words).

#![allow(clippy::print_stdout)] // how a build script speaks to cargo

#[path = "../normalize/alphabets.rs"]
mod alphabets;
#[path = "../normalize/entry.rs"]
mod entry;
mod fold;
mod han;
mod hanja;
#[path = "../normalize/letters.rs"]
mod letters;
#[path = "../damage/pairs.rs"]
mod pair_bits;
mod pairs;
mod phrases;
#[path = "../normalize/ranges.rs"]
mod ranges;

use std::{env, fs, path::PathBuf};

fn main() {
    println!("cargo:rerun-if-changed=src/generate");
    for shared in [
        "alphabets",
        "entry",
        "hanja",
        "letters",
        "lookalikes",
        "ranges",
        "respell",
        "twice",
    ] {
        println!("cargo:rerun-if-changed=src/normalize/{shared}.rs");
    }
    println!("cargo:rerun-if-changed=src/damage/pairs.rs");
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    let classes = han::character_classes();
    let phrases = phrases::Phrases::generate(&classes);
    let table = fold::Table::generate(&classes);
    let hanja = hanja::Hanja::generate(&classes);
    let decided = [table.bytes(), phrases.bytes(), hanja.bytes(), rules()];
    let version = xxhash_rust::xxh3::xxh3_64(&decided.concat());
    let source = format!(
        "/// Digest of every row and rule that decides a fold.\npub(crate) const FOLD_VERSION: u64 = {version:#018x};\n{}",
        table.source()
    );
    fs::write(out.join("fold_table.rs"), source).expect("OUT_DIR is writable");
    fs::write(out.join("han_pairs.rs"), pairs::source(&classes)).expect("OUT_DIR is writable");
    fs::write(out.join("hanja.rs"), hanja.source()).expect("OUT_DIR is writable");
    fs::write(out.join("phrases.rs"), phrases.source()).expect("OUT_DIR is writable");
}

/// The rules that are not rows of a table: letters whose folding depends on their word or text.
fn rules() -> Vec<u8> {
    let alphabets = format!("{:?}", alphabets::ALPHABETS);
    let sources = [
        include_str!("../normalize/hanja.rs"),
        include_str!("../normalize/letters.rs"),
        include_str!("../normalize/lookalikes.rs"),
        include_str!("../normalize/respell.rs"),
        include_str!("../normalize/twice.rs"),
    ];
    let code: Vec<String> = sources.into_iter().map(without_comments).collect();
    [alphabets, code.concat()].concat().into_bytes()
}

/// The lines of a source file that are not comments: a better comment doesn't change how texts are folded.
fn without_comments(source: &str) -> String {
    let lines = source.lines();
    let code = lines.filter(|line| !line.trim_start().starts_with("//"));
    code.flat_map(|line| [line, "\n"]).collect()
}
