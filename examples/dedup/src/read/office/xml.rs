//! What do XML parts contain? Their text, by the roles of their elements, and their tags.

use quick_xml::escape::resolve_html5_entity;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use super::lines::{Lines, Role};

/// The text of a part, by the role of each element; or why the part is not XML.
pub fn text(xml: &str, role: impl Fn(&BytesStart<'_>) -> Role) -> Result<String, String> {
    let mut lines = Lines::default();
    each(xml, |event| match event {
        Event::Start(tag) => lines.start(role(&tag)),
        Event::Empty(tag) => {
            lines.start(role(&tag));
            lines.end();
        }
        Event::End(_) => lines.end(),
        Event::Text(text) => lines.text(&text.into_inner()),
        Event::CData(text) => lines.text(&text.into_inner()),
        Event::GeneralRef(reference) => lines.text(&resolved(&reference)),
        _ => {}
    })?;
    Ok(lines.finish())
}

/// Calls `found` for each tag that begins an element.
pub fn tags(xml: &str, mut found: impl FnMut(&BytesStart<'_>)) -> Result<(), String> {
    each(xml, |event| match event {
        Event::Start(tag) | Event::Empty(tag) => found(&tag),
        _ => {}
    })
}

/// The trimmed text of the first element of each of these names.
pub fn first_texts<const N: usize>(
    xml: &str,
    names: [&str; N],
) -> Result<[Option<String>; N], String> {
    let mut texts = [const { None }; N];
    let mut open = None;
    each(xml, |event| match event {
        Event::Start(tag) => {
            let name = tag.local_name();
            let is_new = |&place: &usize| names[place] == name.as_ref() && texts[place].is_none();
            open = (0..N).find(is_new);
            if let Some(place) = open {
                texts[place] = Some(String::new());
            }
        }
        Event::End(_) => open = None,
        Event::Text(text) => add(&mut texts, open, &text.into_inner()),
        Event::CData(text) => add(&mut texts, open, &text.into_inner()),
        Event::GeneralRef(reference) => add(&mut texts, open, &resolved(&reference)),
        _ => {}
    })?;
    Ok(texts.map(|text| {
        text.map(|text| text.trim().to_owned())
            .filter(|text| !text.is_empty())
    }))
}

fn add(texts: &mut [Option<String>], open: Option<usize>, text: &str) {
    if let Some(Some(found)) = open.and_then(|place| texts.get_mut(place)) {
        found.push_str(text);
    }
}

/// The value of an attribute, with any prefix or without one.
pub fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let mut attributes = tag.attributes().flatten();
    let found = attributes.find(|attribute| attribute.key.local_name().as_ref() == name)?;
    let value = found.normalized_value(XmlVersion::Implicit1_0).ok()?;
    Some(value.into_owned())
}

fn each(xml: &str, mut found: impl FnMut(Event<'_>)) -> Result<(), String> {
    let mut reader = Reader::from_str(xml);
    loop {
        let event = reader.read_event().map_err(|error| {
            let place = reader.error_position();
            format!("it is no well-formed XML at byte {place}: {error}")
        })?;
        match event {
            Event::Eof => return Ok(()),
            event => found(event),
        }
    }
}

/// The characters of a reference. An unknown reference is kept as it is.
fn resolved(reference: &BytesRef<'_>) -> String {
    if let Ok(Some(c)) = reference.resolve_char_ref() {
        return c.to_string();
    }
    let name = reference.xml10_content();
    resolve_html5_entity(&name).map_or_else(|| format!("&{name};"), str::to_owned)
}
