//! What did people say about these documents?

use std::collections::HashSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use dedup::Collection;

/// Two ids.
pub type Pair = (String, String);

/// One labelled set.
#[derive(Debug, Default)]
pub struct Set {
    pub name: String,
    /// Canonical path of the file with its documents.
    pub path: PathBuf,
    /// Ids and texts.
    pub documents: Vec<(String, String)>,
    /// The cluster of each document.
    pub truth: Option<Vec<Pair>>,
    /// Pairs that are neither right nor wrong.
    pub ignore: HashSet<Pair>,
    /// Containers and what they contain.
    pub contained: Option<Vec<Pair>>,
    pub ignore_contained: HashSet<Pair>,
    /// Copies and their sources, among others that nobody listed.
    pub planted: Option<Vec<Pair>>,
    /// Pairs and how much one took from the other.
    pub graded: Option<Vec<(Pair, String)>>,
}

/// The folders of the sets, all or those named.
pub fn folders(root: &Path, names: &[String]) -> Result<Vec<PathBuf>, String> {
    let entries = fs::read_dir(root).map_err(|error| format!("{}: {error}", root.display()))?;
    let folders = entries.filter_map(|entry| Some(entry.ok()?.path()));
    let mut folders: Vec<PathBuf> = folders.filter(|path| is_set(path)).collect();
    if is_set(root) {
        folders.push(root.to_owned());
    }
    folders.sort();
    let named = |folder: &Path| {
        folder
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
    };
    if let Some(unknown) = names.iter().find(|name| {
        !folders
            .iter()
            .any(|folder| named(folder).as_ref() == Some(name))
    }) {
        return Err(format!("there is no set {unknown} in {}", root.display()));
    }
    folders.retain(|folder| {
        names.is_empty() || named(folder).is_some_and(|name| names.contains(&name))
    });
    if folders.is_empty() {
        return Err(format!("{} holds no labelled set", root.display()));
    }
    Ok(folders)
}

fn is_set(folder: &Path) -> bool {
    let labels = ["truth.tsv", "truth2.tsv", "planted.tsv", "pairs.tsv"];
    documents_file(folder).is_some() && labels.iter().any(|name| folder.join(name).exists())
}

/// The file with the documents of a folder.
pub fn documents_file(folder: &Path) -> Option<PathBuf> {
    let names = ["docs.jsonl", "docs.jsonl.gz"];
    names
        .iter()
        .map(|name| folder.join(name))
        .find(|path| path.exists())
}

impl Set {
    pub fn read(folder: &Path) -> Result<Self, String> {
        let name = folder
            .file_name()
            .map_or("set".into(), |name| name.to_string_lossy().into_owned());
        let documents = documents_file(folder).ok_or("no docs.jsonl")?;
        let columns = |name: &str| rows(&folder.join(name));
        let pairs = |name: &str| {
            columns(name).map(|rows| rows.map(|rows| rows.into_iter().map(|row| row.0).collect()))
        };
        let ignored =
            |name: &str| -> Result<HashSet<Pair>, String> { Ok(pairs(name)?.unwrap_or_default()) };
        let set = Self {
            name,
            path: documents
                .canonicalize()
                .map_err(|error| format!("{}: {error}", documents.display()))?,
            documents: read_documents(&documents)?,
            truth: pairs("truth.tsv")?.map(|rows: HashSet<Pair>| sorted(rows)),
            ignore: ignored("ignore.tsv")?.into_iter().map(ordered).collect(),
            contained: pairs("truth2.tsv")?.map(|rows: HashSet<Pair>| sorted(rows)),
            ignore_contained: ignored("ignore2.tsv")?,
            planted: pairs("planted.tsv")?.map(|rows: HashSet<Pair>| sorted(rows)),
            graded: columns("pairs.tsv")?,
        };
        set.check()?;
        Ok(set)
    }

    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.documents.iter().map(|(id, _)| id.as_str())
    }

    /// Labels must speak of documents that there are, and a truth of all of them: a slip would pass for a figure.
    fn check(&self) -> Result<(), String> {
        let name = &self.name;
        let known: HashSet<&str> = self.ids().collect();
        let labelled = self.truth.iter().flatten().map(|(id, _)| id.as_str());
        let pairs = [&self.contained, &self.planted];
        let graded = self.graded.iter().flatten().map(|(pair, _)| pair);
        let paired = pairs.into_iter().flatten().flatten().chain(graded);
        let paired = paired.flat_map(|(a, b)| [a.as_str(), b.as_str()]);
        if let Some(id) = labelled
            .clone()
            .chain(paired)
            .find(|id| !known.contains(id))
        {
            return Err(format!(
                "{name}: its labels name {id:?}, and no document has that id"
            ));
        }
        let labelled: HashSet<&str> = labelled.collect();
        let missing = known.iter().filter(|id| !labelled.contains(*id)).min();
        match missing {
            Some(id) if self.truth.is_some() => Err(format!(
                "{name}: truth.tsv labels {} of {} documents, {id:?} is not among them; label every document",
                labelled.len(),
                known.len()
            )),
            _ => Ok(()),
        }
    }
}

fn sorted(rows: HashSet<Pair>) -> Vec<Pair> {
    let mut rows: Vec<Pair> = rows.into_iter().collect();
    rows.sort();
    rows
}

/// An unordered pair in one order.
pub fn ordered((a, b): Pair) -> Pair {
    if a <= b { (a, b) } else { (b, a) }
}

/// Ids and texts of a JSONL file, packed or not.
pub fn read_documents(path: &Path) -> Result<Vec<(String, String)>, String> {
    let path = path.to_string_lossy();
    let read = Collection::read(&["--", &path]);
    let read = read.map_err(|error| format!("{path}: {error}"))?;
    if let Some((place, error)) = read.rejected().next() {
        return Err(format!("{place}: {error}"));
    }
    let documents = read.documents();
    Ok(documents
        .map(|(id, text)| (id.to_owned(), text.into_owned()))
        .collect())
}

/// The first two columns of each line, and the third; none where there is no such file.
fn rows(path: &Path) -> Result<Option<Vec<(Pair, String)>>, String> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(format!("{}: {error}", path.display())),
    };
    let lines = text
        .lines()
        .enumerate()
        .filter(|(_, line)| !line.is_empty());
    let rows = lines.map(|(i, line)| {
        let mut columns = line.split('\t').map(str::to_owned);
        match (columns.next(), columns.next()) {
            (Some(a), Some(b)) => Ok(((a, b), columns.next().unwrap_or_default())),
            _ => Err(format!(
                "{}:{}: two columns are needed",
                path.display(),
                i + 1
            )),
        }
    });
    rows.collect::<Result<_, _>>().map(Some)
}
