//! What is the text of an electronic book? Its chapters in the order of its spine.

use std::collections::{HashMap, HashSet};

use quick_xml::events::BytesStart;

use super::archive::{Archive, encrypted};
use super::lines::Role;
use super::xml::{attribute, first_texts, tags, text};
use crate::read::html::fragment;
use crate::read::page::{About, Page};
use crate::read::reason::{Reason, ReasonKind};

const CONTAINER: &str = "META-INF/container.xml";
const ENCRYPTION: &str = "META-INF/encryption.xml";

/// `most_tags` is the maximum for a chapter that is not XML and is read as HTML.
pub fn read(archive: &mut Archive, most_tags: usize) -> Result<Page, Reason> {
    let package = package_name(archive)?;
    let xml = archive.text(&package)?;
    let chapters = chapters(&xml).map_err(|error| malformed(&package, &error))?;
    let folder = package.rsplit_once('/').map_or("", |(folder, _)| folder);
    let unreadable = encrypted_parts(archive)?;
    let mut texts = Vec::with_capacity(chapters.len());
    for chapter in chapters {
        let name = resolved(folder, &chapter);
        if unreadable.contains(&name) {
            return Err(encrypted().in_part(&name));
        }
        texts.push(chapter_text(&archive.text(&name)?, &name, most_tags)?);
    }
    texts.retain(|text| !text.is_empty());
    Ok(Page {
        text: texts.join("\n"),
        about: about(&xml),
        all_of_it: false,
    })
}

fn malformed(name: &str, error: &str) -> Reason {
    ReasonKind::Malformed.because(format!("{name}: {error}"))
}

/// The name of the part that lists the others.
fn package_name(archive: &mut Archive) -> Result<String, Reason> {
    let container = archive.text(CONTAINER)?;
    let mut package = None;
    let listed = tags(&container, |tag| {
        if package.is_none() && tag.local_name().as_ref() == "rootfile" {
            package = attribute(tag, "full-path");
        }
    });
    listed.map_err(|error| malformed(CONTAINER, &error))?;
    package.ok_or_else(|| malformed(CONTAINER, "it names no package of the book"))
}

/// The addresses of the chapters in reading order, without the table of contents.
fn chapters(package: &str) -> Result<Vec<String>, String> {
    let mut items = HashMap::new();
    let mut spine = Vec::new();
    tags(package, |tag| match tag.local_name().as_ref() {
        "item" if is_text(tag) => {
            items.extend(attribute(tag, "id").zip(attribute(tag, "href")));
        }
        "itemref" => spine.extend(attribute(tag, "idref")),
        _ => {}
    })?;
    Ok(spine
        .iter()
        .filter_map(|id| items.get(id).cloned())
        .collect())
}

/// Whether an item is a page of text, and neither a picture nor the table of contents.
fn is_text(item: &BytesStart<'_>) -> bool {
    let kind = attribute(item, "media-type").unwrap_or_default();
    let properties = attribute(item, "properties").unwrap_or_default();
    let is_contents = properties
        .split_whitespace()
        .any(|property| property == "nav");
    kind.contains("html") && !is_contents
}

/// The names of the encrypted parts. In some books only the fonts are encrypted, not the text.
fn encrypted_parts(archive: &mut Archive) -> Result<HashSet<String>, Reason> {
    let mut parts = HashSet::new();
    if archive.has(ENCRYPTION) {
        let list = archive.text(ENCRYPTION)?;
        let listed = tags(&list, |tag| {
            if tag.local_name().as_ref() == "CipherReference" {
                parts.extend(attribute(tag, "URI").map(|address| resolved("", &address)));
            }
        });
        listed.map_err(|error| malformed(ENCRYPTION, &error))?;
    }
    Ok(parts)
}

/// The visible text of a chapter. Many chapters are written as HTML, although they should be XML.
fn chapter_text(page: &str, name: &str, most_tags: usize) -> Result<String, Reason> {
    text(page, role).or_else(|_| fragment(page, most_tags).map_err(|reason| reason.in_part(name)))
}

/// The roles of elements, by their names in XHTML.
fn role(tag: &BytesStart<'_>) -> Role {
    if attribute(tag, "hidden").is_some() {
        return Role::Unseen;
    }
    match tag.local_name().as_ref() {
        "head" | "script" | "style" | "template" | "svg" | "rt" | "rp" | "rtc" => Role::Unseen,
        "body" => Role::Paragraph,
        "pre" => Role::Listing,
        "br" => Role::Sign("\n"),
        "p" | "div" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "hr" => Role::Block,
        "ul" | "ol" | "li" | "dl" | "dt" | "dd" | "blockquote" => Role::Block,
        "table" | "caption" | "tr" | "td" | "th" => Role::Block,
        "section" | "article" | "aside" | "header" | "footer" | "figure" | "figcaption" => {
            Role::Block
        }
        _ => Role::Plain,
    }
}

fn about(package: &str) -> About {
    let [title, author, date] =
        first_texts(package, ["title", "creator", "date"]).unwrap_or_default();
    About {
        title,
        date,
        author,
        source: None,
    }
}

/// The name of a part, from its address relative to a folder.
fn resolved(folder: &str, address: &str) -> String {
    let address = address.split(['#', '?']).next().unwrap_or_default();
    let path = decoded(address);
    let from = if path.starts_with('/') { "" } else { folder };
    let mut names = Vec::new();
    for name in from.split('/').chain(path.split('/')) {
        match name {
            "" | "." => {}
            ".." => drop(names.pop()),
            name => names.push(name),
        }
    }
    names.join("/")
}

/// An address without its escapes, such as `%20` for a blank.
fn decoded(address: &str) -> String {
    let mut bytes = Vec::with_capacity(address.len());
    let mut pieces = address.split('%');
    bytes.extend_from_slice(pieces.next().unwrap_or_default().as_bytes());
    for piece in pieces {
        let code = piece
            .get(..2)
            .and_then(|code| u8::from_str_radix(code, 16).ok());
        match code {
            Some(byte) => {
                bytes.push(byte);
                bytes.extend_from_slice(&piece.as_bytes()[2..]);
            }
            None => {
                bytes.push(b'%');
                bytes.extend_from_slice(piece.as_bytes());
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_resolved_from_the_folder_of_the_package() {
        let cases = [
            ("OEBPS", "text/a%20b.xhtml#p1", "OEBPS/text/a b.xhtml"),
            ("OEBPS/x", "../a.xhtml", "OEBPS/a.xhtml"),
            ("", "a.xhtml", "a.xhtml"),
            ("OEBPS", "/a.xhtml", "a.xhtml"),
            ("", "../../100%.xhtml", "100%.xhtml"),
            ("", "%E4%B8%AD.xhtml", "中.xhtml"),
        ];
        for (folder, address, name) in cases {
            assert_eq!(resolved(folder, address), name, "{address}");
        }
    }
}
