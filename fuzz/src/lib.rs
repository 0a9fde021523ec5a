//! Does a reader of the program survive any bytes? The modules are the program's own.
#![allow(dead_code, unused_imports, missing_docs)] // of the program, only reading is used

#[path = "../../examples/dedup"]
mod program {
    pub mod caught;
    pub mod columns;
    pub mod failure;
    pub mod folded;
    pub mod input;
    pub mod lenient;
    pub mod metadata;
    pub mod options;
    pub mod source;
    pub mod store;
    pub mod terminal {
        pub mod layout;
        pub mod manual;
        pub mod nearest;
        pub mod progress;
        pub mod screen;
    }
}
use program::{
    caught, columns, failure, folded, input, lenient, metadata, options, source, store, terminal,
};

use std::cell::RefCell;
use std::fs;
use std::path::Path;

use clap::Parser;
use reprint::Documents;
use tempfile::TempDir;

use options::Options;
use terminal::progress::Bars;

thread_local! {
    static FOLDER: RefCell<Option<TempDir>> = const { RefCell::new(None) };
}

/// Reads the bytes as a file with this ending, and asks for everything that was found in it.
pub fn read_as(ending: &str, bytes: &[u8]) {
    FOLDER.with_borrow_mut(|folder| {
        // In memory where the system has a place for that.
        let place = ["/dev/shm", "/tmp"]
            .into_iter()
            .find(|place| Path::new(place).is_dir());
        let make = || tempfile::tempdir_in(place.unwrap_or(".")).expect("a folder for the file");
        let file = folder
            .get_or_insert_with(make)
            .path()
            .join(format!("file.{ending}"));
        fs::write(&file, bytes).expect("a file to read");
        read(&file);
    });
}

fn read(file: &Path) {
    let path = file.to_string_lossy();
    let options = Options::parse_from(["dedup", "--memory", "1GB", &*path]);
    let bars = Bars::new(true);
    let read = bars.reading(|| None, |reading| input::read(&options, reading));
    let store = read.unwrap_or_else(|failure| panic!("{failure}"));
    for position in 0..store.len() {
        let (text, entry) = (store.text(position), &store.documents[position]);
        assert!(text.len() <= entry.bytes.len(), "{}", entry.id);
        let _ = store.metadata(position);
        let _ = store.place(position).to_string();
    }
    assert!(
        store
            .rejected
            .iter()
            .all(|rejected| !rejected.error.is_empty())
    );
    store
        .check()
        .expect("a file that nobody changes can be read again");
}
