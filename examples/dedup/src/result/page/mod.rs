//! How does a person look at a result? On a page that opens from disk, with a folder for data that is too large for the page.
//!
//! All data from the documents is in the page as JSON without characters that could end a script. The page's script inserts it as text.

mod chunks;
mod entries;
mod head;
mod pieces;

use std::cmp::Reverse;
use std::io;
use std::path::Path;

use rayon::prelude::*;
use reprint::Deduper;
use reprint::report::{Cluster, CommonPassage};
use reprint::verify::Relation;
use serde::Serialize;

use super::RunResult;
use super::doubt::Doubts;
use super::openings::Openings;
use super::summary::Summary;
use crate::store::text_or_nothing;
use chunks::{Chunks, Stream, Streamed};
use entries::{Entry, Item};
use head::Head;

/// The page, and the folder of its data.
pub const PAGE: &str = "report.html";
pub const FOLDER: &str = "report";

/// Maximum number of members of a cluster that are compared side by side with its canonical copy. A search also finds only these by their ids.
const MAX_COMPARED: usize = 200;

/// Maximum number of members of a cluster that are listed.
const MAX_MEMBERS: usize = 5000;

/// Maximum number of containment pairs, and of passages, that are shown. A collection can have more of them than documents.
const MAX_RELATED: usize = 20_000;

/// Maximum number of refused pairs, and of rejected inputs, that are shown.
const MAX_REFUSED: usize = 5000;

/// Number of entries that all threads make in one step. Each may hold two long texts.
const BATCH: usize = 64;

const TEMPLATE: &str = include_str!("report.html");
const STYLE: &str = include_str!("report.css");

/// The parts of the page's script. Each part comes after the parts that it needs.
const SCRIPT: [&str; 8] = [
    include_str!("text.js"),
    include_str!("data.js"),
    include_str!("decisions.js"),
    include_str!("list.js"),
    include_str!("charts.js"),
    include_str!("pair.js"),
    include_str!("views.js"),
    include_str!("report.js"),
];

/// Is this a file of the page's folder?
pub fn is_chunk(name: &str) -> bool {
    let number = name.strip_suffix(".js").unwrap_or_default();
    number.len() >= 3 && number.bytes().all(|byte| byte.is_ascii_digit())
}

/// Writes the page into the folder of a result.
pub fn write(
    folder: &Path,
    result: &RunResult<'_>,
    summary: &Summary<'_>,
    deduper: &Deduper,
) -> io::Result<()> {
    let report = result.report;
    let texts = report.clusters.iter();
    let texts = texts.map(|cluster| text_or_nothing(result.documents, cluster.canonical.position));
    let mut writer = Writer {
        result,
        deduper,
        openings: Openings::new(texts),
        chunks: Chunks::in_folder(folder.join(FOLDER)),
    };
    let clusters = writer.stream(items(&report.clusters, &result.doubts))?;
    let contained = report.relations.iter().take(MAX_RELATED);
    let related = writer.stream(contained.map(Item::Related))?;
    let passages = passages(&report.passages).into_iter().map(Item::Passage);
    let passages = writer.stream(passages)?;
    let refused = report.refused.iter().take(MAX_REFUSED).map(Item::Refused);
    let refused = writer.stream(refused)?;
    let head = Head::new(result, summary, [clusters, related, passages, refused]);
    std::fs::write(
        folder.join(PAGE),
        put_together(&json(&head)?, writer.chunks.inlined()),
    )
}

struct Writer<'r> {
    result: &'r RunResult<'r>,
    deduper: &'r Deduper,
    openings: Openings,
    chunks: Chunks,
}

impl<'r> Writer<'r> {
    /// Makes the entries of the items, a few at a time, and writes them into chunks in their order, followed by their list.
    fn stream(&mut self, items: impl Iterator<Item = Item<'r>>) -> io::Result<Streamed> {
        let mut stream = Stream::default();
        let mut items = items.peekable();
        while items.peek().is_some() {
            let some: Vec<Item<'_>> = items.by_ref().take(BATCH).collect();
            let made = some.par_iter().map(|item| self.entry(item));
            for entry in made.collect::<Vec<io::Result<Entry>>>() {
                stream.push(entry?, &mut self.chunks)?;
            }
        }
        stream.finish(&mut self.chunks)
    }

    fn entry(&self, item: &Item<'_>) -> io::Result<Entry> {
        entries::entry(self.result.documents, self.deduper, &self.openings, item)
    }
}

/// Each cluster, followed by its pairs.
fn items<'r>(clusters: &'r [Cluster], doubts: &'r Doubts) -> impl Iterator<Item = Item<'r>> {
    let mut places = vec![0; clusters.len()];
    for (place, &cluster) in doubts.order().iter().enumerate() {
        places[cluster] = place;
    }
    clusters.iter().enumerate().flat_map(move |(n, cluster)| {
        let members = cluster.members.iter().take(MAX_COMPARED).enumerate();
        let unlike = members.filter(|(_, member)| member.comparison.relation != Relation::Exact);
        let pairs = unlike.map(|(number, member)| Item::Copy(cluster, number, member));
        std::iter::once(Item::Cluster(cluster, places[n], doubts.form(n))).chain(pairs)
    })
}

/// The passages that are shown: those of the most documents first, then the longest.
fn passages(all: &[CommonPassage]) -> Vec<&CommonPassage> {
    let mut passages: Vec<&CommonPassage> = all.iter().collect();
    passages.sort_by_key(|passage| (Reverse(passage.documents), Reverse(passage.chars)));
    passages.truncate(MAX_RELATED);
    passages
}

/// Puts the page together. Only scripts and styles with the nonce of the page may run.
fn put_together(head: &str, chunks: &[String]) -> String {
    let script = SCRIPT.concat();
    let nonce = format!("{:032x}", digest(head, chunks));
    let chunks = chunks.iter().enumerate().map(|(number, json)| {
        format!("<script type=\"application/json\" id=\"chunk-{number}\">{json}</script>\n")
    });
    let chunks: String = chunks.collect();
    let part = |(i, part): (usize, &'static str)| -> &str {
        match (i % 2, part) {
            (0, markup) => markup,
            (_, "nonce") => &nonce,
            (_, "style") => STYLE,
            (_, "head") => head,
            (_, "chunks") => &chunks,
            (_, "script") => &script,
            (_, _) => "",
        }
    };
    let parts = TEMPLATE.split("%%").enumerate();
    let parts = parts.map(part).collect::<Vec<&str>>();
    parts.concat()
}

/// A digest of the page, so that the same page has the same nonce.
fn digest(head: &str, chunks: &[String]) -> u128 {
    let mut hasher = xxhash_rust::xxh3::Xxh3::new();
    [head, STYLE]
        .into_iter()
        .chain(SCRIPT)
        .chain(chunks.iter().map(String::as_str))
        .for_each(|part| hasher.update(part.as_bytes()));
    hasher.digest128()
}

/// JSON that can be inside a script. The replaced characters occur only in strings.
fn json<T: Serialize>(value: &T) -> io::Result<String> {
    let json = serde_json::to_string(value)?;
    if !json.contains(['<', '\u{2028}', '\u{2029}']) {
        return Ok(json);
    }
    Ok(json
        .replace('<', "\\u003c")
        .replace('\u{2028}', "\\u2028")
        .replace('\u{2029}', "\\u2029"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_can_end_a_script() {
        let json = json(&["</script><!--", "\u{2028}\u{2029}\""]).unwrap();
        assert_eq!(json, r#"["\u003c/script>\u003c!--","\u2028\u2029\""]"#);
    }

    #[test]
    fn only_numbered_files_are_chunks() {
        let names = [
            "000.js", "1234.js", "00.js", "a00.js", "000.json", ".js", "-01.js",
        ];
        let chunks = names.map(is_chunk);
        assert_eq!(chunks, [true, true, false, false, false, false, false]);
    }
}
