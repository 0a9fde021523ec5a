//! Where do sentences and paragraphs end?

use std::ops::Range;

use unicode_normalization::char::is_combining_mark;

/// Minimum width of a full line, as a share of the widest line of its paragraph. After a full line, the sentence continues on the
/// next one. The share is low because a long word can leave more than a third of a narrow line empty.
const MIN_FULL_LINE: f64 = 0.5;

/// Maximum length of a tag in bytes, which allows for an address with parameters or a list of classes. A `<` without a `>` within
/// this length is an ordinary sign.
const MAX_TAG: usize = 2000;

/// The byte offsets at which the sentences of a text end, each after the white space that follows; the last is the end of the text.
/// So the sentences make up the whole text.
///
/// A sentence ends after `.`, `?`, `!` and the like if white space follows, after `。`, `？`, `！` anywhere, and at the end of a
/// paragraph, a heading or a list item. A full line does not end one. No sentence ends within a tag, before a combining mark, or
/// before a lower-case letter.
///
/// ```
/// use reprint::strip::sentence_ends;
///
/// assert_eq!(sentence_ends("It was 3.14 m. It fell.\n\nNobody saw it"), [15, 25, 38]);
/// assert_eq!(sentence_ends("水来之前人先动。“灯亮了！”他说。"), [24, 42, 51]);
/// assert_eq!(sentence_ends("<a title=\"No. Yes.\">Go. On.</a>"), [24, 31]);
/// ```
pub fn sentence_ends(text: &str) -> Vec<usize> {
    let mut ends = Vec::new();
    let mut start = 0;
    for paragraph in paragraphs(text) {
        for end in in_paragraph(&text[start..paragraph]) {
            ends.push(start + end);
        }
        start = paragraph;
    }
    ends
}

/// The ends of the paragraphs, with the empty lines after them.
fn paragraphs(text: &str) -> Vec<usize> {
    let mut ends = Vec::new();
    let (mut at, mut is_empty_before) = (0, false);
    for line in text.split_inclusive('\n') {
        let is_empty = line.trim().is_empty();
        if is_empty_before && !is_empty && at > 0 && !is_within_tag(text, at) {
            ends.push(at);
        }
        is_empty_before = is_empty;
        at += line.len();
    }
    if !text.is_empty() {
        ends.push(text.len());
    }
    ends
}

/// The last character boundary at or before an offset.
fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// Is an offset between a `<` that opens a tag and its `>`?
fn is_within_tag(text: &str, at: usize) -> bool {
    let from = floor(text, at.saturating_sub(MAX_TAG));
    let open = text[from..at].rfind('<').map(|open| from + open);
    open.is_some_and(|open| tag_end(text, open).is_some_and(|end| end > at))
}

/// The end of the tag that starts at this `<`, if it starts a tag.
fn tag_end(text: &str, open: usize) -> Option<usize> {
    let rest = &text[open + 1..];
    let is_tag =
        rest.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?'));
    let near = &rest[..floor(rest, MAX_TAG)];
    let close = near.find('>').filter(|_| is_tag)?;
    Some(open + 1 + close + 1)
}

/// The ends of the sentences of a paragraph; the last is the end of the paragraph.
fn in_paragraph(text: &str) -> Vec<usize> {
    if text.trim().is_empty() {
        return vec![text.len()];
    }
    let widest = text.lines().map(columns).max().unwrap_or(0);
    let mut ends = Vec::new();
    let (mut at, mut line) = (0, 0);
    let mut closing = Closing::default();
    while let Some(c) = text[at..].chars().next() {
        let next = at + c.len_utf8();
        let end = match c {
            '\n' => line_end(text, line..at, widest),
            _ => sentence_end(text, at, c, &mut closing),
        };
        let end = end.filter(|&end| may_end(text, end));
        ends.extend(end);
        let resume = match c {
            '<' => tag_end(text, at).unwrap_or(next),
            _ => end.unwrap_or(next),
        };
        if c == '\n' || resume > next {
            let last_break = text[at..resume].rfind('\n');
            line = last_break.map_or(line, |last_break| at + last_break + 1);
        }
        at = resume;
    }
    if ends.last() != Some(&text.len()) {
        ends.push(text.len());
    }
    ends
}

/// The end of the sentence that a line ends, white space included; `None` if the next line continues it. `widest` is the width of
/// the widest line in columns.
fn line_end(text: &str, line: Range<usize>, widest: usize) -> Option<usize> {
    let end = behind_space(text, line.end);
    let line = &text[line];
    let is_full = columns(line) as f64 >= MIN_FULL_LINE * widest as f64;
    // After a hyphen or a comma, the sentence continues on the next line.
    let continues = line
        .trim_end()
        .ends_with(['-', '\u{AD}', '‐', ',', '，', '、', '،']);
    let is_end = (!is_full && !continues) || begins_list_item(&text[end..]);
    is_end.then_some(end)
}

/// The width of a line in columns; a wide character has two.
fn columns(line: &str) -> usize {
    line.trim()
        .chars()
        .map(|c| if c >= '\u{1100}' { 2 } else { 1 })
        .sum()
}

/// Does a line begin like a list item?
fn begins_list_item(line: &str) -> bool {
    let sign = line.trim_start().chars().next();
    let is_sign = sign.is_some_and(|c| {
        matches!(
            c,
            '•' | '‣' | '◦' | '·' | '●' | '■' | '□' | '▪' | '*' | '#' | '|'
        )
    });
    is_sign || line.starts_with("- ") || line.starts_with("– ") || line.starts_with("— ")
}

/// A row of signs that may close a sentence, and the white space after it. It is measured once for all signs in it: a row of a million
/// points would take as many passes.
#[derive(Default)]
struct Closing {
    row: Range<usize>,
    with_space: usize,
}

impl Closing {
    /// Goes on to the row that has a place, or ends there.
    fn reach(&mut self, text: &str, at: usize) {
        if at < self.row.start || at > self.row.end {
            let row = text[at..].find(|c| !closes_sentence(c));
            self.row = at..row.map_or(text.len(), |length| at + length);
            self.with_space = behind_space(text, self.row.end);
        }
    }
}

/// The end of a sentence that ends with this sign at `at`, if it ends one. Closing quotation marks, brackets and white space are included.
fn sentence_end(text: &str, at: usize, sign: char, closing: &mut Closing) -> Option<usize> {
    let is_wide = matches!(
        sign,
        '。' | '！' | '？' | '｡' | '…' | '।' | '॥' | '።' | '፧' | '။'
    );
    let is_narrow = matches!(sign, '.' | '!' | '?' | '؟' | '۔' | '՞' | '։');
    if !is_wide && !is_narrow {
        return None;
    }
    closing.reach(text, at + sign.len_utf8());
    let (end, with_space) = (closing.row.end, closing.with_space);
    (is_wide || with_space > end || end == text.len()).then_some(with_space)
}

/// May this character be between the sign that ends a sentence and the white space after it?
fn closes_sentence(c: char) -> bool {
    let is_sign = matches!(c, '.' | '!' | '?' | '。' | '！' | '？' | '…');
    let is_quote = matches!(c, '"' | '\'' | '”' | '’' | '»' | '›' | '」' | '』');
    let is_bracket = matches!(c, '】' | '）' | ')' | ']' | '》' | '〉');
    is_sign || is_quote || is_bracket
}

/// The end of the white space that starts at `at`, over any number of lines.
fn behind_space(text: &str, at: usize) -> usize {
    let rest = &text[at..];
    at + rest
        .find(|c: char| !c.is_whitespace())
        .unwrap_or(rest.len())
}

/// May a sentence end here? It may not end before a mark that belongs to the letter before, nor before a lower-case letter.
fn may_end(text: &str, at: usize) -> bool {
    let next = text[at..].chars().next();
    let joins = |c: char| {
        is_combining_mark(c)
            || matches!(c, '\u{200C}' | '\u{200D}' | '\u{FE00}'..='\u{FE0F}' | '\u{1F3FB}'..='\u{1F3FF}')
            || matches!(c, '\u{E0100}'..='\u{E01EF}' | '\u{E0020}'..='\u{E007F}')
    };
    // "e.g. this", "the U.S. dollar", "v. the king": no sentence begins with a lower-case letter.
    !next.is_some_and(|c| joins(c) || c.is_lowercase())
}
