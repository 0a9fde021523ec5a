//! Which documents are copies of each other, or contain each other? Written as pairs, for spreadsheets and scripts.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, BufWriter, Read, Write};
use std::path::Path;

use reprint::report::Report;
use reprint::report::records::rounded;
use serde::Deserialize;

use super::compared::{CLUSTERS, Cluster, Fault, rows_of};

/// The names of the columns.
const HEADER: &str = "a\tb\trelation\tjaccard\n";

/// Fails where `to` is there and is no file of pairs, which may be a file of the input. What is no file, such as `/dev/null`, can be
/// written to.
pub fn check(to: &Path) -> io::Result<()> {
    if !to.is_file() {
        return Ok(());
    }
    let mut start = Vec::new();
    File::open(to)?
        .take(HEADER.len() as u64)
        .read_to_end(&mut start)?;
    match start.is_empty() || start == HEADER.as_bytes() {
        true => Ok(()),
        false => Err(io::Error::other(
            "it is there and has no pairs in it; give another name, or remove it",
        )),
    }
}

/// Writes a line for each copy and its canonical copy, and a line for each pair of related documents.
pub fn write(report: &Report, to: &Path) -> io::Result<()> {
    write_file(to, |out| write_rows(report, out))
}

/// The pairs of a result.
pub struct Earlier(Vec<Pair>);

#[derive(Deserialize)]
struct Pair {
    a: String,
    b: String,
    relation: String,
    jaccard: f64,
}

#[derive(Deserialize)]
struct Member {
    id: String,
    relation: String,
    jaccard: f64,
}

/// The file of related documents, which a result without relations lacks.
const RELATIONS: &str = "relations.jsonl";

impl Earlier {
    /// Reads the pairs from the files of a result.
    pub fn read(result: &Path) -> Result<Self, Fault> {
        let mut pairs = Vec::new();
        rows_of(result, CLUSTERS, |cluster: Cluster<Member>| {
            // The canonical copy is the first member.
            let others = cluster.members.into_iter().skip(1);
            pairs.extend(others.map(|member| Pair {
                a: cluster.canonical.clone(),
                b: member.id,
                relation: member.relation,
                jaccard: member.jaccard,
            }));
        })?;
        if result.join(RELATIONS).exists() {
            rows_of(result, RELATIONS, |pair: Pair| pairs.push(pair))?;
        }
        Ok(Self(pairs))
    }

    /// Writes the lines that [`write`] wrote for the report of the result.
    pub fn write(&self, to: &Path) -> io::Result<()> {
        write_file(to, |out| {
            out.write_all(HEADER.as_bytes())?;
            let mut pairs = self.0.iter();
            pairs.try_for_each(|pair| row(out, [&pair.a, &pair.b], &pair.relation, pair.jaccard))
        })
    }
}

/// Writes a file in one step, or to what is no file.
fn write_file(to: &Path, rows: impl Fn(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    if to.exists() && !to.is_file() {
        let mut out = BufWriter::new(File::create(to)?);
        rows(&mut out)?;
        return out.flush();
    }
    let folder = to.parent().filter(|folder| !folder.as_os_str().is_empty());
    let file = tempfile::NamedTempFile::new_in(folder.unwrap_or(Path::new(".")))?;
    let mut out = BufWriter::new(file);
    rows(&mut out)?;
    let file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
    file.as_file().sync_all()?;
    set_mode(file.as_file())?;
    file.persist(to)?;
    Ok(())
}

/// Only its owner can read a temporary file. This sets the mode of an ordinary file.
#[cfg(unix)]
fn set_mode(file: &File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(PermissionsExt::from_mode(0o644))
}

#[cfg(not(unix))]
fn set_mode(_: &File) -> io::Result<()> {
    Ok(())
}

fn write_rows(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(HEADER.as_bytes())?;
    for cluster in &report.clusters {
        for member in &cluster.members {
            let comparison = &member.comparison;
            let ids = [&cluster.canonical.id, &member.document.id];
            row(out, ids, comparison.relation.as_str(), comparison.jaccard())?;
        }
    }
    for pair in &report.relations {
        let ids = [&pair.a.id, &pair.b.id];
        row(out, ids, pair.relation.as_str(), pair.overlap.jaccard())?;
    }
    Ok(())
}

fn row(out: &mut dyn Write, [a, b]: [&String; 2], relation: &str, jaccard: f64) -> io::Result<()> {
    let (a, b, jaccard) = (escaped(a), escaped(b), rounded(jaccard));
    writeln!(out, "{a}\t{b}\t{relation}\t{jaccard}")
}

/// Escapes tabs and line ends as in JSON.
fn escaped(id: &str) -> Cow<'_, str> {
    if !id.contains(['\t', '\n', '\r', '\\']) {
        return id.into();
    }
    let id = id.replace('\\', "\\\\").replace('\t', "\\t");
    id.replace('\n', "\\n").replace('\r', "\\r").into()
}

#[cfg(test)]
mod tests {
    #[test]
    fn ids_keep_their_line_and_column() {
        assert_eq!(super::escaped("a\tb\\\n"), "a\\tb\\\\\\n");
        assert_eq!(super::escaped("plain"), "plain");
    }
}
