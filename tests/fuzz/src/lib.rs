//! Does a reader of the program survive any bytes?

use std::cell::RefCell;
use std::fs;
use std::path::Path;

use dedup::Collection;
use tempfile::TempDir;

thread_local! {
    static FOLDER: RefCell<Option<TempDir>> = const { RefCell::new(None) };
}

/// Reads the bytes as a file with this ending, and then everything that was found in it.
pub fn read_as(ending: &str, bytes: &[u8]) {
    FOLDER.with_borrow_mut(|folder| {
        // In memory, if the system has a folder for that.
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
    let read = Collection::read(&["--memory", "1GB", &file.to_string_lossy()]);
    let read = read.unwrap_or_else(|error| panic!("{error}"));
    assert!(read.rejected().all(|(_, error)| !error.is_empty()));
    read.check()
        .expect("a file that nobody changes can be read again");
}
