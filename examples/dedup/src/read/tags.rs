//! How much work would an HTML page be? Its tags are counted before it is parsed.

use memchr::{memchr, memchr2_iter, memmem};

/// The maximum depth of elements, the maximum attributes of one element, and other counts. Only the tags are looked at.
#[derive(Debug, Default)]
pub struct Shape<'h> {
    pub deepest: usize,
    pub attributes: usize,
    /// The sum, over all tags, of one plus the number of open elements: about the steps that parsing takes.
    pub steps: usize,
    /// Number of `<`, both of tags and of signs that only look like the start of one.
    pub tags: usize,
    /// For each character that is written as an entity, the length in bytes of the text that it is in. This is about the
    /// number of steps to write the texts, because each search for the next such character runs to the end of the text.
    pub escapes: u64,
    /// The names of the elements that were begun and not ended.
    open: Vec<&'h [u8]>,
}

/// Elements that need no end tag. Several of them in a row are not nested.
const ENDLESS: [&[u8]; 25] = [
    b"area",
    b"base",
    b"body",
    b"br",
    b"col",
    b"colgroup",
    b"dd",
    b"dt",
    b"embed",
    b"head",
    b"hr",
    b"html",
    b"img",
    b"input",
    b"li",
    b"link",
    b"meta",
    b"p",
    b"param",
    b"source",
    b"tbody",
    b"td",
    b"th",
    b"tr",
    b"wbr",
];

/// Elements that end when the element around them ends.
const CLOSED_WITH: [&[u8]; 4] = [b"optgroup", b"option", b"rp", b"rt"];

/// Counting stops at this depth, because no page may be so deep.
const ENOUGH: usize = 4096;

/// Elements that contain no tags except their own end tag.
const RAW: [&[u8]; 5] = [b"script", b"style", b"textarea", b"title", b"xmp"];

impl<'h> Shape<'h> {
    pub fn measure(html: &'h str) -> Self {
        let mut shape = Self::default();
        let mut rest = html.as_bytes();
        while let Some(at) = memchr(b'<', rest).filter(|_| shape.deepest <= ENOUGH) {
            let (text, tag) = (&rest[..at], &rest[at + 1..]);
            shape.escapes += escapes(text);
            shape.tags += 1;
            shape.steps += 1 + shape.open.len();
            rest = match tag.strip_prefix(b"!--") {
                Some(comment) => after(comment, b"-->"),
                None => shape.tag(tag),
            };
        }
        shape.escapes += escapes(rest);
        shape
    }

    /// Counts a tag, from its name on, and returns the bytes after it.
    fn tag(&mut self, tag: &'h [u8]) -> &'h [u8] {
        let (is_end, tag) = match tag.strip_prefix(b"/") {
            Some(tag) => (true, tag),
            None => (false, tag),
        };
        let length = tag.iter().position(|byte| !byte.is_ascii_alphanumeric());
        let (name, rest) = tag.split_at(length.unwrap_or(tag.len()));
        let is = |other: &&[u8]| name.eq_ignore_ascii_case(other);
        if !name.first().is_some_and(u8::is_ascii_alphabetic) {
            // The `<` is a sign and does not start a tag.
            return tag;
        }
        let (attributes, rest) = attributes(rest);
        self.attributes = self.attributes.max(attributes);
        if let Some(raw) = RAW.iter().find(|raw| !is_end && is(raw)) {
            return after_end(rest, raw);
        }
        match (ENDLESS.iter().any(is), is_end) {
            (true, _) => {}
            (false, true) => self.end(name),
            (false, false) => self.begin(name),
        }
        self.deepest = self.deepest.max(self.open.len());
        rest
    }

    fn begin(&mut self, name: &'h [u8]) {
        let last_is = |shape: &Self, other| shape.open.last().is_some_and(|last| same(last, other));
        let within = |shape: &Self, other| shape.open.iter().any(|open| same(open, other));
        let is = |other| same(name, other);
        // The start of some elements ends the element before.
        if (is(b"option") || is(b"optgroup")) && last_is(self, b"option") {
            self.open.pop();
        }
        let again = is(b"optgroup") && last_is(self, b"optgroup") && within(self, b"select");
        let ruby = is(b"rt") || is(b"rp");
        let reading = ruby && (last_is(self, b"rt") || last_is(self, b"rp"));
        if again || (reading && within(self, b"ruby")) {
            self.open.pop();
        }
        self.open.push(name);
    }

    /// Ends the innermost element of this name, if there is one. Elements that began within it and have not ended stay open.
    fn end(&mut self, name: &[u8]) {
        let Some(at) = self.open.iter().rposition(|open| same(open, name)) else {
            return;
        };
        self.open.remove(at);
        let ended = |open: &&[u8]| CLOSED_WITH.iter().any(|other| same(open, other));
        while self.open.len() > at && self.open.last().is_some_and(ended) {
            self.open.pop();
        }
    }
}

/// The steps of one text. The characters that become entities are `&` and the no-break space, whose first byte is 0xC2.
fn escapes(text: &[u8]) -> u64 {
    let count = memchr2_iter(b'&', 0xC2, text).count();
    count as u64 * text.len() as u64
}

fn same(name: &[u8], other: &[u8]) -> bool {
    name.eq_ignore_ascii_case(other)
}

/// The number of attributes of a tag, and the bytes after the tag.
fn attributes(tag: &[u8]) -> (usize, &[u8]) {
    let (mut count, mut quote, mut last) = (0, None, b' ');
    for (at, &byte) in tag.iter().enumerate() {
        match quote {
            Some(open) if open == byte => quote = None,
            Some(_) => {}
            None if byte == b'>' => return (count, &tag[at + 1..]),
            None if matches!(byte, b'"' | b'\'') && last == b'=' => quote = Some(byte),
            None if byte.is_ascii_whitespace() || byte == b'/' => {
                count += 1;
                continue;
            }
            None => {}
        }
        last = byte;
    }
    (count, &[])
}

fn after<'h>(html: &'h [u8], end: &[u8]) -> &'h [u8] {
    memmem::find(html, end).map_or(&[], |at| &html[at + end.len()..])
}

/// The bytes after `</name`, in upper or lower case.
fn after_end<'h>(mut html: &'h [u8], name: &[u8]) -> &'h [u8] {
    loop {
        html = after(html, b"</");
        let found = html.get(..name.len());
        if html.is_empty() || found.is_some_and(|found| found.eq_ignore_ascii_case(name)) {
            return html;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_grow_with_tags_and_with_what_is_around_them() {
        let steps = |html: &str| Shape::measure(html).steps;
        assert_eq!(steps("<p>a<p>b<p>c"), 3);
        assert_eq!(steps("<div><div><p>a"), 1 + 2 + 3);
        assert_eq!(steps("<<<<"), 4);
    }

    #[test]
    fn escapes_cost_the_length_of_their_text() {
        let escapes = |html: &str| Shape::measure(html).escapes;
        assert_eq!(escapes("<p>a&amp;b<p>c &lt; d"), 7 + 8);
        assert_eq!(escapes(&"&".repeat(1000)), 1_000_000);
        assert_eq!(escapes("<p title='&&&&'>a</p>"), 0);
    }

    #[test]
    fn elements_within_each_other_and_attributes_are_counted() {
        let cases = [
            ("<html><body><div><p>a<p>b</div><div>c</div>", 1, 0),
            ("<div><div><span>a</span></div></div><DIV></DIV>", 3, 0),
            ("<ul><li>a<li>b<li>c</ul>", 1, 0),
            (
                "<script>for (i=0;i<a;i++) if (i<b) s='<div><div>'</SCRIPT><div>",
                1,
                0,
            ),
            ("<!-- <div><div> --><div>", 1, 0),
            ("<div a=1 b='x > y z' c=\"<i>\"><b>", 2, 3),
            ("1 < 2 <3 <<div", 1, 0),
            ("<a<a<a", 1, 0),
            ("<div/a/b/c>", 1, 3),
            ("<title>a <b> c", 0, 0),
            ("<div></i><div></i><div></i>", 3, 0),
            ("<i></b></i><i></i>", 1, 0),
            ("<ruby>a<rt>b<rt>c</ruby><ruby>d<rt>e</ruby>", 2, 0),
            ("<rt><rt><rt>", 3, 0),
            (
                "<select><option>a<option>b<optgroup><option>c</select><select>",
                3,
                0,
            ),
            ("", 0, 0),
        ];
        for (html, deepest, attributes) in cases {
            let shape = Shape::measure(html);
            assert_eq!(
                (shape.deepest, shape.attributes),
                (deepest, attributes),
                "{html}"
            );
        }
    }
}
