//! Where do sentences and paragraphs end?

use unicode_normalization::char::is_combining_mark;

/// Share of the widest line of a paragraph from which a line was broken because it was full: the next one goes on with its sentence.
/// A long word may leave more than a third of a narrow line empty.
const MIN_FULL_LINE: f64 = 0.5;

/// Bytes of the longest tag: an address with its parameters, a list of classes. A `<` with no `>` that near is a sign.
const MAX_TAG: usize = 2000;

/// The byte places at which the sentences of a text end, the white space behind each included; the last is the end of the text.
/// Together they are the whole text.
///
/// A sentence ends behind `.`, `?`, `!` and the like before white space, behind `。`, `？`, `！` anywhere, and at the end of a
/// paragraph, a heading, an item of a list. A line that was broken because it was full does not end one. No end is within a tag,
/// or before a mark that belongs to the letter before it.
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

/// Where paragraphs end, the empty lines behind them included.
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

/// The last character boundary up to a place.
fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// Is a place of a text between a `<` that opens a tag and its `>`?
fn is_within_tag(text: &str, at: usize) -> bool {
    let from = floor(text, at.saturating_sub(MAX_TAG));
    let open = text[from..at].rfind('<').map(|open| from + open);
    open.is_some_and(|open| tag_end(text, open).is_some_and(|end| end > at))
}

/// The place behind the tag that starts at a `<`, if one does.
fn tag_end(text: &str, open: usize) -> Option<usize> {
    let rest = &text[open + 1..];
    let is_tag =
        rest.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?'));
    let near = &rest[..floor(rest, MAX_TAG)];
    let close = near.find('>').filter(|_| is_tag)?;
    Some(open + 1 + close + 1)
}

/// Where the sentences of a paragraph end; the last is its end.
fn in_paragraph(text: &str) -> Vec<usize> {
    let widest = text.lines().map(columns).max().unwrap_or(0) as f64;
    let mut ends = Vec::new();
    let (mut at, mut line) = (0, 0);
    while let Some(c) = text[at..].chars().next() {
        if c == '<'
            && let Some(end) = tag_end(text, at)
        {
            at = end;
            continue;
        }
        let next = at + c.len_utf8();
        if c == '\n' {
            let is_full = columns(&text[line..at]) as f64 >= MIN_FULL_LINE * widest;
            let end = behind_space(text, next);
            // A hyphen or a comma: the next line goes on.
            let goes_on = text[line..at]
                .trim_end()
                .ends_with(['-', '\u{AD}', '‐', ',', '，', '、', '،']);
            // Of several line ends, each would end the same sentence.
            let is_new = ends.last().is_none_or(|&last| last < end);
            let is_end = !is_full && !goes_on || goes_on_as_list(&text[end..]);
            if is_new && is_end && may_end(text, end) {
                ends.push(end);
            }
            line = next;
            at = next;
            continue;
        }
        at = match sentence_end(text, at, c) {
            Some(end) if may_end(text, end) => {
                ends.push(end);
                line = text[at..end]
                    .rfind('\n')
                    .map_or(line, |before| at + before + 1);
                end
            }
            _ => next,
        };
    }
    if ends.last() != Some(&text.len()) {
        ends.push(text.len());
    }
    ends
}

/// Columns of a line: two for a wide character.
fn columns(line: &str) -> usize {
    line.trim()
        .chars()
        .map(|c| if c >= '\u{1100}' { 2 } else { 1 })
        .sum()
}

/// Does a line begin as an item of a list does?
fn goes_on_as_list(line: &str) -> bool {
    let sign = line.trim_start().chars().next();
    let is_sign = sign.is_some_and(|c| {
        matches!(
            c,
            '•' | '‣' | '◦' | '·' | '●' | '■' | '□' | '▪' | '*' | '#' | '|'
        )
    });
    is_sign || line.starts_with("- ") || line.starts_with("– ") || line.starts_with("— ")
}

/// Where the sentence ends that this sign at `at` ends, if it does: behind closing quotation marks and brackets and white space.
fn sentence_end(text: &str, at: usize, sign: char) -> Option<usize> {
    let is_wide = matches!(
        sign,
        '。' | '！' | '？' | '｡' | '…' | '।' | '॥' | '።' | '፧' | '။'
    );
    let is_narrow = matches!(sign, '.' | '!' | '?' | '؟' | '۔' | '՞' | '։');
    if !is_wide && !is_narrow {
        return None;
    }
    let closing = |c: char| {
        matches!(c, '.' | '!' | '?' | '。' | '！' | '？' | '…')
            || matches!(
                c,
                '"' | '\''
                    | '”'
                    | '’'
                    | '»'
                    | '›'
                    | '」'
                    | '』'
                    | '】'
                    | '）'
                    | ')'
                    | ']'
                    | '》'
                    | '〉'
            )
    };
    let behind = at + sign.len_utf8();
    let end = behind
        + text[behind..]
            .find(|c| !closing(c))
            .unwrap_or(text.len() - behind);
    let with_space = behind_space(text, end);
    (is_wide || with_space > end || end == text.len()).then_some(with_space)
}

/// The place behind the white space from `at` on, up to the end of the line and the lines that are empty behind it.
fn behind_space(text: &str, at: usize) -> usize {
    let rest = &text[at..];
    at + rest
        .find(|c: char| !c.is_whitespace())
        .unwrap_or(rest.len())
}

/// May a sentence end here: is what follows no mark of the letter before, and no letter in small type that goes on?
fn may_end(text: &str, at: usize) -> bool {
    let next = text[at..].chars().next();
    let joins = |c: char| {
        is_combining_mark(c)
            || matches!(c, '\u{200C}' | '\u{200D}' | '\u{FE00}'..='\u{FE0F}' | '\u{1F3FB}'..='\u{1F3FF}')
            || matches!(c, '\u{E0100}'..='\u{E01EF}' | '\u{E0020}'..='\u{E007F}')
    };
    // "e.g. this", "the U.S. dollar", "v. the king": no sentence begins with a small letter.
    !next.is_some_and(|c| joins(c) || c.is_lowercase())
}
