//! Other documents among which the sets are run: `--among`.

use std::path::{Path, PathBuf};

use crate::set::{documents_file, read_documents};

/// Documents without labels, read once and shared by all runs.
#[derive(Debug)]
pub struct Collection {
    /// Canonical path of its file.
    pub path: PathBuf,
    /// Ids, with a prefix that no set uses, and texts.
    pub documents: Vec<(String, String)>,
}

impl Collection {
    /// Reads the collections at these paths; a file that is named twice is read once.
    pub fn read_all(paths: &[PathBuf]) -> Result<Vec<Self>, String> {
        let mut collections: Vec<Self> = Vec::new();
        for path in paths {
            let file = file_at(path)?;
            if collections.iter().all(|other| other.path != file) {
                let number = collections.len() + 1;
                collections.push(Self::read(file, number)?);
            }
        }
        Ok(collections)
    }

    fn read(path: PathBuf, number: usize) -> Result<Self, String> {
        let mut documents = read_documents(&path)?;
        for (id, _) in &mut documents {
            // `~` sorts after ASCII letters and digits: in a tie, the set's own document is the canonical copy.
            *id = format!("~{number}/{id}");
        }
        Ok(Self { path, documents })
    }
}

/// Canonical path of the file with the documents of a `--among` path.
fn file_at(path: &Path) -> Result<PathBuf, String> {
    let failed = |message: &str| format!("--among {}: {message}", path.display());
    let name = path.to_string_lossy();
    let file = if path.is_dir() {
        let file = documents_file(path);
        file.ok_or_else(|| failed("the folder has no docs.jsonl or docs.jsonl.gz"))?
    } else {
        path.to_owned()
    };
    let file = file
        .canonicalize()
        .map_err(|error| failed(&error.to_string()))?;
    if path.is_dir() || name.ends_with(".jsonl") || name.ends_with(".jsonl.gz") {
        Ok(file)
    } else {
        Err(failed("name a folder, a .jsonl file or a .jsonl.gz file"))
    }
}
