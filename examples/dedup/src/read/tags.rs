//! How much work would an HTML page be? Its tags are counted before it is parsed.

use memchr::{memchr, memchr_iter, memchr2_iter, memmem};

/// The maximum depth of elements, the maximum attributes of one element, and other counts. Only the tags are looked at.
#[derive(Debug, Default)]
pub struct Shape<'h> {
    pub deepest: usize,
    pub attributes: usize,
    /// The sum, over all tags, of the square of the number of attributes. The parser compares each of them with the others.
    pub pairs: u64,
    /// The sum, over all tags, of one plus the number of open elements: about the steps that parsing takes.
    pub steps: usize,
    /// Number of `<`, both of tags and of signs that only look like the start of one.
    pub tags: usize,
    /// For each character that is written as an entity, the length in bytes of the text that it is in. This is about the
    /// number of steps to write the texts, because each search for the next such character runs to the end of the text.
    pub escapes: u64,
    /// The attributes of all tags `html` and `body`.
    of_root: usize,
    /// The names of the elements that were begun and not ended.
    open: Vec<&'h [u8]>,
    /// Whether a drawing was begun, with only elements of drawings since.
    is_drawing: bool,
}

/// Limits of a page. Counting stops where one is exceeded, so that it takes no more steps than they allow.
#[derive(Clone, Copy, Debug)]
pub struct Most {
    pub depth: usize,
    pub tags: usize,
    pub steps: usize,
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

/// Elements that contain no tags except their own end tag.
const RAW: [&[u8]; 5] = [b"script", b"style", b"textarea", b"title", b"xmp"];

const DRAWING: &[u8] = b"svg";

/// Elements of drawings. Only in a drawing, a slash before the end of a tag ends the element.
const DRAWN: [&[u8]; 22] = [
    DRAWING,
    b"animate",
    b"circle",
    b"clippath",
    b"defs",
    b"ellipse",
    b"filter",
    b"g",
    b"image",
    b"line",
    b"lineargradient",
    b"mask",
    b"path",
    b"pattern",
    b"polygon",
    b"polyline",
    b"radialgradient",
    b"rect",
    b"stop",
    b"symbol",
    b"text",
    b"use",
];

impl<'h> Shape<'h> {
    pub fn measure(html: &'h str, most: Most) -> Self {
        let mut shape = Self::default();
        let mut rest = html.as_bytes();
        while let Some(at) = memchr(b'<', rest).filter(|_| shape.is_within(most)) {
            let (text, tag) = (&rest[..at], &rest[at + 1..]);
            shape.escapes += escapes(text);
            shape.tags += 1;
            shape.steps += 1 + shape.open.len();
            rest = match tag {
                [b'!', b'-', b'-', comment @ ..] => after_comment(comment),
                [b'!' | b'?', ..] => after(tag, b">"),
                _ => shape.tag(tag),
            };
        }
        shape.escapes += escapes(rest);
        shape
    }

    fn is_within(&self, most: Most) -> bool {
        self.deepest <= most.depth && self.tags <= most.tags && self.steps <= most.steps
    }

    /// Counts a tag, from its name on, and returns the bytes after it.
    fn tag(&mut self, tag: &'h [u8]) -> &'h [u8] {
        let (is_end, tag) = match tag.strip_prefix(b"/") {
            Some(tag) => (true, tag),
            None => (false, tag),
        };
        if !tag.first().is_some_and(u8::is_ascii_alphabetic) {
            // The `<` is a sign and does not start a tag.
            return tag;
        }
        let is_after = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'/' | b'>');
        let length = tag.iter().position(is_after);
        let (name, rest) = tag.split_at(length.unwrap_or(tag.len()));
        let is = |other: &&[u8]| name.eq_ignore_ascii_case(other);
        let (attributes, is_closed, rest) = attributes(rest);
        self.count_attributes(name, attributes);
        if self.is_whole(name, is_end, is_closed) {
            return rest;
        }
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

    /// Whether a tag is a whole element of a drawing.
    fn is_whole(&mut self, name: &[u8], is_end: bool, is_closed: bool) -> bool {
        let is_root = same(name, DRAWING);
        self.is_drawing &= DRAWN.iter().any(|other| same(name, other));
        let is_whole = is_closed && !is_end && (self.is_drawing || is_root);
        if is_root && !is_whole {
            self.is_drawing = !is_end;
        }
        is_whole
    }

    fn count_attributes(&mut self, name: &[u8], mut count: usize) {
        if same(name, b"html") || same(name, b"body") {
            // The parser adds the attributes of a further one to the first.
            self.of_root += count;
            count = self.of_root;
        }
        self.attributes = self.attributes.max(count);
        self.pairs = self.pairs.saturating_add((count as u64).pow(2));
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

/// A place between the name of a tag and its end.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    Between,
    Name,
    AfterName,
    AfterEquals,
    Value,
    Quoted(u8),
}

impl Place {
    /// The place after one more byte, which is not the end of the tag.
    fn after(self, byte: u8) -> Self {
        match (self, byte) {
            (Self::Quoted(quote), _) if byte == quote => Self::Between,
            (Self::AfterEquals, b'"' | b'\'') => Self::Quoted(byte),
            (Self::AfterEquals, _) if !byte.is_ascii_whitespace() => Self::Value,
            (Self::Value, _) if byte.is_ascii_whitespace() => Self::Between,
            (Self::Quoted(_) | Self::AfterEquals | Self::Value, _) => self,
            (Self::Name | Self::AfterName, b'=') => Self::AfterEquals,
            (Self::Name, _) if byte.is_ascii_whitespace() => Self::AfterName,
            (_, b'/') => Self::Between,
            (_, _) if byte.is_ascii_whitespace() => self,
            _ => Self::Name,
        }
    }
}

/// The number of attributes of a tag, whether a slash is before its end, and the bytes after the tag.
fn attributes(tag: &[u8]) -> (usize, bool, &[u8]) {
    let (mut count, mut place) = (0, Place::Between);
    for (at, &byte) in tag.iter().enumerate() {
        if byte == b'>' && !matches!(place, Place::Quoted(_)) {
            let is_closed = place == Place::Between && tag[..at].ends_with(b"/");
            return (count, is_closed, &tag[at + 1..]);
        }
        let next = place.after(byte);
        count += usize::from(next == Place::Name && place != Place::Name);
        place = next;
    }
    (count, false, &[])
}

/// The bytes after a comment, from its content on.
fn after_comment(comment: &[u8]) -> &[u8] {
    let is_end = |&at: &usize| {
        let before = &comment[..at];
        matches!(before, b"" | b"-") || before.ends_with(b"--") || before.ends_with(b"--!")
    };
    let end = memchr_iter(b'>', comment).find(is_end);
    end.map_or(&[], |at| &comment[at + 1..])
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

    const MOST: Most = Most {
        depth: 500,
        tags: 100_000,
        steps: 1_000_000,
    };

    fn measured(html: &str) -> Shape<'_> {
        Shape::measure(html, MOST)
    }

    #[test]
    fn steps_grow_with_tags_and_with_what_is_around_them() {
        let steps = |html: &str| measured(html).steps;
        assert_eq!(steps("<p>a<p>b<p>c"), 3);
        assert_eq!(steps("<div><div><p>a"), 1 + 2 + 3);
        assert_eq!(steps("<<<<"), 4);
    }

    #[test]
    fn counting_stops_where_a_limit_is_exceeded() {
        let deep = "<div>".repeat(1_000_000);
        assert_eq!(measured(&deep).tags, MOST.depth + 1);
        assert_eq!(measured(&"<".repeat(1_000_000)).tags, MOST.tags + 1);
        // None of these ends an element, and each of them may end any that is open.
        let ends = "<div>".repeat(MOST.depth) + &"</x>".repeat(1_000_000);
        let counted = measured(&ends).steps;
        assert!(
            (MOST.steps..MOST.steps + 1000).contains(&counted),
            "{counted}"
        );
    }

    #[test]
    fn attributes_cost_their_square_and_those_of_the_root_are_together() {
        let shape = measured("<i a b c><i a=1 b=2></i>");
        assert_eq!((shape.attributes, shape.pairs), (3, 9 + 4));
        assert_eq!(
            measured(&"<html a b><body c>".repeat(1000)).attributes,
            3000
        );
    }

    #[test]
    fn escapes_cost_the_length_of_their_text() {
        let escapes = |html: &str| measured(html).escapes;
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
            ("<!--><div><div>", 2, 0),
            ("<!---><div><div>", 2, 0),
            ("<!-- > <div> --- <div> --!><div>", 1, 0),
            ("<!DOCTYPE html><?xml version='1.0'?><div>", 1, 0),
            ("<div a='1'b=\"2\"c=3>", 1, 3),
            ("<div a=b='><div>", 2, 1),
            ("<div a = '>' b/c='x'/ >", 1, 3),
            ("<svg><path d='M0 0'/><g><circle r=1 /></g></svg>", 2, 1),
            ("<svg/><svg/>", 0, 0),
            ("<svg a=b/><path/>", 1, 1),
            ("<path/><path/>", 2, 0),
            ("<svg><p><path/><path/>", 3, 0),
            ("<my-element><my-list></my-element>", 2, 0),
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
            let shape = measured(html);
            assert_eq!(
                (shape.deepest, shape.attributes),
                (deepest, attributes),
                "{html}"
            );
        }
    }
}
