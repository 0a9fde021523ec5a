//! What is the text of a Word document?

use quick_xml::events::BytesStart;

use super::archive::Archive;
use super::lines::Role;
use super::xml::{attribute, first_texts, tags, text};
use crate::read::page::{About, Page};
use crate::read::reason::{Reason, ReasonKind};

/// The name of the main part, unless the file names another one.
const MAIN: &str = "word/document.xml";

/// Other parts that belong to the text. Headers and footers of pages are parts too, but are left out.
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

/// The name of the main part, from the list of the file's parts.
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

/// The roles of elements, by their names in WordprocessingML (ECMA-376). Only `t` contains text, so field codes
/// (`instrText`) and deleted text (`delText`) are left out.
fn role(tag: &BytesStart<'_>) -> Role {
    match tag.local_name().as_ref() {
        "p" | "tbl" | "tr" | "tc" => Role::Block,
        "t" => Role::Literal,
        "tab" | "ptab" => Role::Sign("\t"),
        "br" | "cr" => Role::Sign("\n"),
        "noBreakHyphen" => Role::Sign("-"),
        // Paragraph properties have `tab` elements too, for tab stops. `rt` is a ruby annotation. If content is given in two
        // forms, `Fallback` is the older form.
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
    // The metadata are not part of the text, so malformed metadata are ignored.
    let names = ["title", "creator", "created"];
    let [title, author, date] = first_texts(&properties, names).unwrap_or_default();
    Ok(About {
        title,
        date,
        author,
        source: None,
    })
}
