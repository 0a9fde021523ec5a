//! Which parts of a text are not words of it, whatever other copies have? Markup, entities, style sheets, text encoded twice.

use crate::damage::reading::gap;
use crate::damage::{Damage, Figure};

/// A part of a text that is skipped, with the gap that replaces it between the letters.
pub(super) struct Unread {
    pub start: usize,
    pub end: usize,
    pub gap: u16,
}

/// The skipped parts, ascending, and the damage counted in them.
#[derive(Default)]
pub(super) struct Residue {
    pub ranges: Vec<Unread>,
    pub damage: Damage,
}

/// Maximum length of a tag or entity, in bytes. If no end is found within it, there is no tag.
const LONGEST_TAG: usize = 2000;

/// Maximum length of the target and the text of a link in double brackets, and of what is in single brackets, in bytes.
const LONGEST_LINK: usize = 302;
const LONGEST_BRACKET: usize = 200;

/// Finds the parts that are not text. Cost: one pass to find signs, and one search for each sign.
pub(super) fn residue(text: &str) -> Residue {
    let mut found = Residue::default();
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(next) = next_sign(bytes, at) {
        at = next;
        let part = match bytes[at] {
            b'<' => tag(text, at),
            b'&' => entity(text, at),
            b'{' => braces(text, at),
            b'[' => brackets(text, at),
            b']' => link_target(text, at),
            b'\\' => escape(text, at),
            b'*' | b'=' | b'\'' | b'_' | b'#' | b'~' => emphasis(text, at),
            0xC3 => mojibake(text, at),
            _ => None,
        };
        match part {
            Some(part) => {
                found.damage.add(part.figure, 1);
                // A style sheet has a selector before its braces.
                found.ranges.push(Unread {
                    start: at - part.back,
                    end: at + part.length,
                    gap: part.gap,
                });
                at += part.length;
            }
            None => at += 1,
        }
    }
    undo_overlaps(&mut found.ranges);
    found
}

/// Cuts the start of a part that begins before the last one ends.
fn undo_overlaps(ranges: &mut Vec<Unread>) {
    let mut end = 0;
    ranges.retain_mut(|range| {
        range.start = range.start.max(end);
        end = end.max(range.end);
        range.start < range.end
    });
}

/// A part found at a position.
struct Part {
    length: usize,
    /// Bytes before the position that belong to the part.
    back: usize,
    gap: u16,
    figure: Figure,
}

impl Part {
    fn markup(length: usize, gap: u16) -> Option<Self> {
        Some(Self {
            length,
            back: 0,
            gap,
            figure: Figure::Markup,
        })
    }
}

/// Bytes that may begin a part that is not text.
const SIGNS: &[u8] = b"<&{[]\\*='_#~\xC3";

/// For each byte: is it one of [`SIGNS`]?
const IS_SIGN: [bool; 256] = {
    let mut is_sign = [false; 256];
    let mut i = 0;
    while i < SIGNS.len() {
        is_sign[SIGNS[i] as usize] = true;
        i += 1;
    }
    is_sign
};

/// Number of bytes tested in one step.
const CHUNK: usize = 64;

/// The next position from `from` on of a byte that may begin a part that is not text.
fn next_sign(bytes: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    for chunk in bytes.get(from..)?.chunks(CHUNK) {
        let is_sign = |&byte: &u8| IS_SIGN[byte as usize];
        let found = may_have_sign(chunk).then(|| chunk.iter().position(is_sign));
        if let Some(next) = found.flatten() {
            return Some(at + next);
        }
        at += chunk.len();
    }
    None
}

/// Has no branches, so that the compiler can compare many bytes at once.
fn may_have_sign(chunk: &[u8]) -> bool {
    chunk
        .iter()
        .fold(false, |any, &byte| any | may_be_sign(byte))
}

/// True for all [signs](SIGNS) and for few other bytes. One comparison covers two bytes that differ in one bit, or a short range.
const fn may_be_sign(byte: u8) -> bool {
    ((byte | 0x20).wrapping_sub(b'{') < 5)
        | (byte & 0xFE == b'<')
        | (byte & 0xFE == b'&')
        | (byte == b'*')
        | (byte == b'#')
        | (byte == 0xC3)
}

const _: () = {
    let mut i = 0;
    while i < SIGNS.len() {
        assert!(may_be_sign(SIGNS[i]));
        i += 1;
    }
};

/// The number of bytes from a position to the end of `ending`, if it is at most `longest`.
fn up_to(text: &str, at: usize, ending: &str, longest: usize) -> Option<usize> {
    let mut end = (at + longest).min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text[at..end].find(ending).map(|found| found + ending.len())
}

/// `<p class="x">`, `</p>`, `<!-- … -->`, `<style>…</style>`, `<ref>…</ref>`; not a comparison (`a < b`) or an address.
fn tag(text: &str, at: usize) -> Option<Part> {
    let rest = &text[at + 1..];
    if rest.starts_with("!--") {
        return Part::markup(up_to(text, at, "-->", LONGEST_TAG)?, gap::SPACE);
    }
    let name = rest.trim_start_matches(['/', '?', '!']);
    if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    let length = up_to(text, at, ">", LONGEST_TAG)?;
    let inside = &text[at + 1..at + length - 1];
    if inside.contains('<')
        || inside.starts_with("http")
        || inside.contains('@') && !inside.contains('=')
    {
        return None;
    }
    let word: String = name
        .chars()
        .take_while(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect();
    let holds_no_text = matches!(word.as_str(), "style" | "script" | "ref")
        && !inside.ends_with('/')
        && !rest.starts_with('/');
    if holds_no_text {
        let closing = format!("</{word}>");
        if let Some(more) = up_to(text, at + length, &closing, 1 << 16) {
            return Part::markup(length + more, 0);
        }
    }
    let block = matches!(
        word.as_str(),
        "p" | "br"
            | "div"
            | "li"
            | "ul"
            | "ol"
            | "tr"
            | "td"
            | "th"
            | "table"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "hr"
            | "blockquote"
            | "section"
            | "article"
            | "figure"
    );
    Part::markup(length, if block { gap::BREAK } else { 0 })
}

/// `&nbsp;`, `&#8217;`, `&lt;p&gt;`.
fn entity(text: &str, at: usize) -> Option<Part> {
    let length = entity_length(text, at)?;
    if text[at..].starts_with("&lt;") || text[at..].starts_with("&amp;lt;") {
        let rest = &text[at + length..];
        let name = rest.trim_start_matches(['/', '!']);
        let closing = up_to(text, at + length, "gt;", LONGEST_TAG);
        if let Some(more) =
            closing.filter(|_| name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '-'))
        {
            return Part::markup(length + more, gap::BREAK);
        }
    }
    let name = &text[at + 1..at + length - 1];
    let gap = match name {
        "nbsp" | "#160" | "#xa0" | "#xA0" | "ensp" | "emsp" | "thinsp" => gap::SPACE,
        "ldquo" | "rdquo" | "quot" | "laquo" | "raquo" | "#8220" | "#8221" | "#34" => gap::QUOTE,
        "lsquo" | "rsquo" | "apos" | "#8217" | "#39" | "#x27" => gap::APOSTROPHE,
        "mdash" | "ndash" | "#8211" | "#8212" | "middot" => gap::OTHER,
        "hellip" | "#8230" => gap::STOP,
        _ => 0,
    };
    Part::markup(length, gap)
}

fn entity_length(text: &str, at: usize) -> Option<usize> {
    let rest = text.as_bytes().get(at + 1..)?;
    let name = rest
        .iter()
        .take(32)
        .take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'#')
        .count();
    let hash = rest.first() == Some(&b'#');
    let plausible = name >= 2
        && rest.get(name) == Some(&b';')
        && (hash || rest[..name].iter().any(u8::is_ascii_lowercase));
    plausible.then_some(name + 2)
}

/// `{{cite news|…}}`, and the braces of a style sheet with the selector before them.
fn braces(text: &str, at: usize) -> Option<Part> {
    let rest = &text[at..];
    if rest.starts_with("{{") {
        return Part::markup(up_to(text, at, "}}", LONGEST_TAG)?, 0);
    }
    if rest.starts_with("{\\") {
        return Part::markup(1, 0);
    }
    let length = up_to(text, at, "}", LONGEST_TAG)?;
    let inside = &text[at + 1..at + length - 1];
    let is_rule = |rule: &str| {
        let (name, value) = rule.split_once(':').unwrap_or_default();
        let name = name.trim().trim_start_matches('-');
        !name.is_empty()
            && !value.trim().is_empty()
            && name
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte == b'-')
    };
    let mut rules = inside.split(';').filter(|rule| !rule.trim().is_empty());
    // The braces of a media rule contain other rules.
    let nested = inside.contains('{');
    if !nested && (inside.trim().is_empty() || !rules.all(is_rule)) {
        return None;
    }
    let back = selector(&text[..at])?;
    let length = if nested {
        text[at..].find('{').map_or(1, |inner| inner + 1)
    } else {
        length
    };
    let length = if nested { length.min(1) } else { length };
    Some(Part {
        back,
        ..Part::markup(length, gap::SPACE)?
    })
}

/// Length in bytes of the selector at the end of a text: `.post p`, `@media(max-width:600px)`.
fn selector(before: &str) -> Option<usize> {
    let start = before.rfind(['}', '{', '\n', ';']).map_or(0, |at| at + 1);
    let selector = &before[start..];
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b" .#@():,-_>*=\"[]+~".contains(&byte);
    (selector.len() <= 120 && selector.bytes().all(plain) && !selector.trim().is_empty())
        .then_some(selector.len())
}

/// `[[weir|the weir]]`, `[b]`, `[url=…]`. The text of a link is read.
fn brackets(text: &str, at: usize) -> Option<Part> {
    let rest = &text[at..];
    if let Some(link) = rest.strip_prefix("[[") {
        let end = up_to(text, at + 2, "]]", LONGEST_LINK)? - 2;
        let target = link[..end].find('|');
        return Part::markup(2 + target.map_or(0, |bar| bar + 1), 0);
    }
    let end = up_to(text, at, "]", LONGEST_BRACKET)? - 1;
    let inside = rest[1..end].trim_start_matches('/');
    let name = inside.split('=').next().unwrap_or_default();
    let known = [
        "b", "i", "u", "s", "url", "img", "quote", "code", "size", "color", "list", "center",
    ];
    if known.contains(&name.to_ascii_lowercase().as_str()) {
        return Part::markup(end + 1, 0);
    }
    // An address with its text: [https://example.org the weir]
    if inside.starts_with("http") {
        return Part::markup(1 + inside.find(' ').unwrap_or(inside.len()), 0);
    }
    None
}

/// `](https://…)` after the text of a link, and `]]`.
fn link_target(text: &str, at: usize) -> Option<Part> {
    let rest = &text[at..];
    if rest.starts_with("]]") {
        return Part::markup(2, 0);
    }
    let address = rest.strip_prefix("](")?;
    let known = ["http", "/", "#", "mailto:", "www."];
    if !known.iter().any(|start| address.starts_with(start)) {
        return None;
    }
    Part::markup(up_to(text, at, ")", LONGEST_TAG)?, 0)
}

/// `\n` written out, `\u3000`, and the control words of RTF.
fn escape(text: &str, at: usize) -> Option<Part> {
    let rest = text.as_bytes().get(at + 1..)?;
    let part = |length| {
        Some(Part {
            length,
            back: 0,
            gap: gap::BREAK,
            figure: Figure::Unread,
        })
    };
    match rest.first()? {
        b'u' if rest
            .get(1..5)
            .is_some_and(|hex| hex.iter().all(u8::is_ascii_hexdigit)) =>
        {
            part(6)
        }
        b'n' | b't' | b'r' if !text[..at].ends_with([':', '\\']) => {
            let word = rest
                .iter()
                .take_while(|byte| byte.is_ascii_lowercase())
                .count();
            let command = ["rtf", "par", "pard", "tab", "rquote", "rdblquote"];
            let name = std::str::from_utf8(&rest[..word]).unwrap_or_default();
            if command.contains(&name) {
                part(1 + word)
            } else {
                part(2)
            }
        }
        b'"' | b'\'' | b'/' => Some(Part {
            length: 1,
            back: 0,
            gap: 0,
            figure: Figure::Unread,
        }),
        byte if byte.is_ascii_lowercase() => {
            let word = rest
                .iter()
                .take_while(|byte| byte.is_ascii_alphanumeric())
                .count();
            let known = [
                "par", "pard", "plain", "fs", "f0", "b0", "i0", "ansi", "cf", "qc", "ql", "lang",
                "rtf1", "deff0",
            ];
            let name = std::str::from_utf8(&rest[..word]).unwrap_or_default();
            known
                .iter()
                .any(|command| name.starts_with(command))
                .then(|| Part {
                    length: 1 + word,
                    back: 0,
                    gap: gap::SPACE,
                    figure: Figure::Markup,
                })
        }
        _ => None,
    }
}

/// `**strong**`, `== heading ==`, `'''strong'''`, `## heading`, `__`, `~~`: two or more of the same sign.
fn emphasis(text: &str, at: usize) -> Option<Part> {
    let bytes = text.as_bytes();
    let sign = bytes[at];
    if at > 0 && bytes[at - 1] == sign {
        // The rest of a row that was tested at its start.
        return None;
    }
    let length = bytes[at..].iter().take_while(|&&byte| byte == sign).count();
    let line_starts = at == 0 || bytes[at - 1] == b'\n';
    let is_sign = match sign {
        b'#' => line_starts && length <= 6 && bytes.get(at + length) == Some(&b' '),
        // Longer rows are lines across the page.
        b'*' | b'_' | b'~' => length == 2 || length == 3,
        _ => (2..=5).contains(&length),
    };
    if is_sign {
        Part::markup(length, 0)
    } else {
        None
    }
}

/// UTF-8 read as Windows-1252: `â€™`, `Ã©`, `Ð°`.
fn mojibake(text: &str, at: usize) -> Option<Part> {
    let mut chars = text.get(at..)?.chars();
    let lead = chars.next()?;
    let more = match lead {
        'Â' | 'Ã' | 'Ä' | 'Å' | 'Ð' | 'Ñ' => 1,
        'à'..='ï' => 2,
        'ð' => 3,
        _ => return None,
    };
    let tail: Vec<char> = chars.take(more).collect();
    (tail.len() == more && tail.iter().all(|&c| is_continuation(c))).then(|| Part {
        length: lead.len_utf8() + tail.iter().map(|c| c.len_utf8()).sum::<usize>(),
        back: 0,
        gap: 0,
        figure: Figure::Unread,
    })
}

/// Is it a character that Windows-1252 has for a byte from 0x80 to 0xBF?
fn is_continuation(c: char) -> bool {
    matches!(c, '\u{80}'..='\u{BF}') || "€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ".contains(c)
}
