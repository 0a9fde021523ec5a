//! What does a document of Word say?

use quick_xml::events::BytesStart;

use super::archive::Archive;
use super::lines::Role;
use super::xml::{attribute, first_texts, tags, text};
use crate::read::page::{About, Page};
use crate::read::reason::{Reason, ReasonKind};

/// Where the main text is, unless the file says that it is elsewhere.
const MAIN: &str = "word/document.xml";

/// Other parts that belong to the text. Heads and feet of pages are parts as well, and are left out.
const NOTES: [&str; 2] = ["footnotes.xml", "endnotes.xml"];

pub fn read(archive: &mut Archive) -> Result<Page, Reason> {
    let main = main_part(archive)?;
    let folder = main.rsplit_once('/').map_or("", |(folder, _)| folder);
    let notes = NOTES.map(|name| format!("{folder}/{name}"));
    let mut texts = vec![seen(archive, &main)?];
    for name in notes
        .iter()
        .filter(|name| archive.has(name))
        .collect::<Vec<_>>()
    {
        texts.push(seen(archive, name)?);
    }
    texts.retain(|text| !text.is_empty());
    Ok(Page {
        text: texts.join("\n"),
        about: about(archive)?,
        all_of_it: false,
    })
}

fn seen(archive: &mut Archive, name: &str) -> Result<String, Reason> {
    let xml = archive.text(name)?;
    text(&xml, role).map_err(|error| ReasonKind::Malformed.because(format!("{name}: {error}")))
}

/// The name of the main part, by the list of what the file is made of.
fn main_part(archive: &mut Archive) -> Result<String, Reason> {
    const LIST: &str = "_rels/.rels";
    if archive.has(MAIN) || !archive.has(LIST) {
        return Ok(MAIN.to_owned());
    }
    let list = archive.text(LIST)?;
    let mut main = None;
    let listed = tags(&list, |tag| {
        let kind = attribute(tag, "Type").unwrap_or_default();
        if kind.ends_with("/officeDocument") {
            main = attribute(tag, "Target");
        }
    });
    listed.map_err(|error| ReasonKind::Malformed.because(format!("{LIST}: {error}")))?;
    let main = main.unwrap_or_else(|| MAIN.to_owned());
    Ok(main.trim_start_matches('/').to_owned())
}

/// Elements by their names in the language of Word (ECMA-376). Text is in `t` only, so that codes of fields (`instrText`) and deleted
/// text (`delText`) are no text.
fn role(tag: &BytesStart<'_>) -> Role {
    match tag.local_name().as_ref() {
        "p" | "tbl" | "tr" | "tc" => Role::Block,
        "t" => Role::Literal,
        "tab" | "ptab" => Role::Sign("\t"),
        "br" | "cr" => Role::Sign("\n"),
        "noBreakHyphen" => Role::Sign("-"),
        // Properties of paragraphs have tabs too: where they stop. `rt` is the reading of ruby, and of what is there in two forms,
        // `Fallback` is the older.
        "pPr" | "rPr" | "sectPr" | "del" | "moveFrom" | "rt" | "Fallback" => Role::Unseen,
        // Lines between the text and its notes.
        "separator" | "continuationSeparator" => Role::Unseen,
        _ => Role::Plain,
    }
}

fn about(archive: &mut Archive) -> Result<About, Reason> {
    const PROPERTIES: &str = "docProps/core.xml";
    if !archive.has(PROPERTIES) {
        return Ok(About::default());
    }
    let properties = archive.text(PROPERTIES)?;
    // What a file says of itself is not its text: where it is malformed, nothing is lost.
    let names = ["title", "creator", "created"];
    let [title, author, date] = first_texts(&properties, names).unwrap_or_default();
    Ok(About {
        title,
        date,
        author,
        source: None,
    })
}
