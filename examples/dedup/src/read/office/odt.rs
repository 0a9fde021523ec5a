//! What is the text of a LibreOffice document?

use quick_xml::events::BytesStart;

use super::archive::{Archive, encrypted};
use super::lines::Role;
use super::xml::{first_texts, tags, text};
use crate::read::page::{About, Page};
use crate::read::reason::{Reason, ReasonKind};

const MAIN: &str = "content.xml";
const MANIFEST: &str = "META-INF/manifest.xml";
const META: &str = "meta.xml";

pub fn read(archive: &mut Archive) -> Result<Page, Reason> {
    if is_encrypted(archive)? {
        return Err(encrypted());
    }
    let xml = archive.text(MAIN)?;
    let text = text(&xml, role);
    let text = text.map_err(|error| ReasonKind::Malformed.because(format!("{MAIN}: {error}")))?;
    Ok(Page {
        text,
        about: about(archive)?,
        all_of_it: false,
    })
}

fn is_encrypted(archive: &mut Archive) -> Result<bool, Reason> {
    if !archive.has(MANIFEST) {
        return Ok(false);
    }
    let mut found = false;
    let manifest = archive.text(MANIFEST)?;
    // If the list is malformed, the text may still be readable.
    let _ = tags(&manifest, |tag| {
        found |= tag.local_name().as_ref() == "encryption-data";
    });
    Ok(found)
}

/// The roles of elements, by their names in OpenDocument (ISO/IEC 26300). Headers and footers of pages are in another part,
/// `styles.xml`.
fn role(tag: &BytesStart<'_>) -> Role {
    match (tag.name().as_ref(), tag.local_name().as_ref()) {
        // Descriptions of pictures. `text:title`, by contrast, is a title in the text.
        ("svg:title" | "svg:desc", _) => Role::Unseen,
        (_, "p" | "h") => Role::Paragraph,
        (_, "s") => Role::Sign(" "),
        (_, "tab") => Role::Sign("\t"),
        (_, "line-break") => Role::Sign("\n"),
        (_, "note-body") => Role::Note,
        (_, "tracked-changes" | "annotation" | "note-citation" | "ruby-text" | "forms") => {
            Role::Unseen
        }
        (_, "automatic-styles" | "font-face-decls" | "scripts") => Role::Unseen,
        _ => Role::Plain,
    }
}

fn about(archive: &mut Archive) -> Result<About, Reason> {
    if !archive.has(META) {
        return Ok(About::default());
    }
    let meta = archive.text(META)?;
    let names = [
        "title",
        "initial-creator",
        "creator",
        "creation-date",
        "date",
    ];
    let [title, first, last, created, changed] = first_texts(&meta, names).unwrap_or_default();
    Ok(About {
        title,
        date: created.or(changed),
        author: first.or(last),
        source: None,
    })
}
