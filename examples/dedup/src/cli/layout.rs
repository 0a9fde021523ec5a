//! How is text fitted to the columns of a screen? By its display width, which is two columns for most East Asian characters.

use std::borrow::Cow;

use unicode_width::UnicodeWidthStr;

/// Replaces the text that is left out.
const GAP: &str = "…";

/// Maximum number of characters that are looked at per column. A letter can carry any number of marks without width.
const MARKS: usize = 8;

/// The display width of a text in columns.
pub fn width(text: &str) -> usize {
    text.width()
}

/// A text with its control characters escaped, so that a document or a name cannot control the terminal or reverse a line.
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.contains(steers) {
        return text.into();
    }
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if steers(c) {
            out.extend(c.escape_default());
        } else {
            out.push(c);
        }
    }
    out.into()
}

/// Whether a character is a control character, a line separator, or sets the direction of writing.
fn steers(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{200E}' | '\u{200F}' | '\u{61C}')
}

/// The text, or its start and an ellipsis if it is wider than `columns`.
pub fn cut(text: &str, columns: usize) -> Cow<'_, str> {
    if fits(text, columns) {
        return text.into();
    }
    let start = &text[..start(text, columns.saturating_sub(1))];
    format!("{}{GAP}", start.trim_end()).into()
}

/// The text, or its start and its end if it is wider than `columns`. The end of a path is its most informative part.
pub fn cut_middle(text: &str, columns: usize) -> Cow<'_, str> {
    if fits(text, columns) {
        return text.into();
    }
    let room = columns.saturating_sub(1);
    let head = &text[..start(text, room / 3)];
    let tail = &text[end(text, room - width(head))..];
    format!("{head}{GAP}{tail}").into()
}

fn fits(text: &str, columns: usize) -> bool {
    // A longer text is not measured, because it is too wide in any case.
    text.len() <= 4 * MARKS * columns && width(text) <= columns
}

/// The end of the longest start that takes at most `columns` columns.
fn start(text: &str, columns: usize) -> usize {
    let ends = text.char_indices().map(|(at, c)| at + c.len_utf8());
    let ends = ends.take(MARKS * columns);
    let fitting = ends.take_while(|&end| width(&text[..end]) <= columns);
    fitting.last().unwrap_or(0)
}

/// The start of the longest end that takes at most `columns` columns.
fn end(text: &str, columns: usize) -> usize {
    let starts = text.char_indices().rev().map(|(at, _)| at);
    let starts = starts.take(MARKS * columns);
    let fitting = starts.take_while(|&start| width(&text[start..]) <= columns);
    fitting.last().unwrap_or(text.len())
}

/// How words that are wider than a line are set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Long {
    /// They are not broken, so that they can be searched and copied.
    Whole,
    /// They continue on the next line.
    Broken,
}

/// The lines of a text, each at most `columns` wide. Lines break at spaces and between wide characters.
pub fn wrap(text: &str, columns: usize, long: Long) -> Vec<String> {
    let columns = columns.max(2);
    let mut lines = Vec::new();
    let mut line = String::new();
    for piece in pieces(text) {
        if width(&line) + width(piece.trim_end()) <= columns {
            line.push_str(piece);
            continue;
        }
        if !line.is_empty() {
            lines.push(std::mem::take(&mut line));
        }
        line.push_str(match long {
            Long::Whole => piece,
            Long::Broken => broken(piece, columns, &mut lines),
        });
    }
    if !line.is_empty() {
        lines.push(line);
    }
    for line in &mut lines {
        line.truncate(line.trim_end().len());
    }
    lines
}

/// Breaks a piece into full lines, and returns the rest of it.
fn broken<'p>(mut piece: &'p str, columns: usize, lines: &mut Vec<String>) -> &'p str {
    while width(piece.trim_end()) > columns {
        // At least one character, so that the loop ends.
        let first = piece.chars().next().map_or(0, char::len_utf8);
        let (start, rest) = piece.split_at(start(piece, columns).max(first));
        lines.push(start.to_owned());
        piece = rest;
    }
    piece
}

/// The pieces between which a line may break: words with the spaces after them, and single wide characters.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let mut last = rest.chars().next()?;
        let breaks = |last: char, c: char| (last == ' ' && c != ' ') || is_wide(c) || is_wide(last);
        let end = rest.char_indices().skip(1).find(|&(_, c)| {
            // Closing punctuation and marks without width stay with the character before them.
            let found = breaks(last, c) && !c.is_ascii_punctuation() && !closes(c);
            last = c;
            found
        });
        let (piece, after) = rest.split_at(end.map_or(rest.len(), |(at, _)| at));
        rest = after;
        Some(piece)
    })
}

fn is_wide(c: char) -> bool {
    unicode_width::UnicodeWidthChar::width(c) == Some(2)
}

fn closes(c: char) -> bool {
    unicode_width::UnicodeWidthChar::width(c) == Some(0)
        || "，。、；：？！”’」』）》〉】〕…".contains(c)
}

/// A number with commas between groups of three digits.
pub fn grouped(n: usize) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A number with its noun: "1 copy", "3 copies".
pub fn count(n: usize, noun: &str) -> String {
    let n = (grouped(n), n);
    match (n, noun.strip_suffix('y')) {
        ((n, 1), _) => format!("{n} {noun}"),
        ((n, _), Some(stem)) => format!("{n} {stem}ies"),
        ((n, _), None) => format!("{n} {noun}s"),
    }
}

/// A number of bytes with a suitable unit.
pub fn bytes(n: usize) -> String {
    match n {
        0..10_000 => format!("{} bytes", grouped(n)),
        10_000..1_000_000 => format!("{:.1} kB", n as f64 / 1e3),
        1_000_000..1_000_000_000 => format!("{:.1} MB", n as f64 / 1e6),
        _ => format!("{:.1} GB", n as f64 / 1e9),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WIDE: &str = "白鷺江漲水的那幾夜，堤上的燈沒有熄過 lamps on the dyke";

    #[test]
    fn what_is_cut_takes_the_columns_it_may_and_keeps_what_fits() {
        for columns in 4..80 {
            for cut in [cut(WIDE, columns), cut_middle(WIDE, columns)] {
                assert!(width(&cut) <= columns, "{columns}: {cut}");
                assert!(
                    width(&cut) + 2 >= columns.min(width(WIDE)),
                    "{columns}: {cut}"
                );
                assert_eq!(cut == WIDE, width(WIDE) <= columns);
            }
        }
        assert_eq!(cut("字字字", 5), "字字…");
        assert_eq!(cut_middle("archive/2021/news.jsonl:7", 13), "arch….jsonl:7");
    }

    #[test]
    fn marks_without_end_are_cut_as_well() {
        let text = "e".to_owned() + &"\u{301}".repeat(100_000);
        assert!(cut(&text, 10).len() < 400);
        assert!(cut_middle(&text, 10).len() < 400);
    }

    #[test]
    fn wrapped_lines_keep_to_their_columns_and_hold_all_words() {
        let unspaced = |text: &str| text.split_whitespace().collect::<String>();
        let text = format!("{WIDE} a/very/long/name/that/stands/in/the/middle.txt {WIDE}");
        for columns in 6..90 {
            let lines = wrap(&text, columns, Long::Broken);
            let too_wide = lines.iter().find(|line| width(line) > columns);
            assert_eq!(too_wide, None, "{columns}");
            assert_eq!(unspaced(&lines.concat()), unspaced(&text));
        }
        let lines = wrap("as good as archive/long.txt by", 10, Long::Whole);
        assert_eq!(lines, ["as good as", "archive/long.txt", "by"]);
        let lines = wrap("水退了。人回来了。", 7, Long::Broken);
        assert_eq!(lines, ["水退", "了。人", "回来", "了。"]);
    }

    #[test]
    fn what_would_steer_a_terminal_is_spelled_out() {
        assert_eq!(visible("plain 字"), "plain 字");
        let steering = "\u{1b}[31m\u{9b}2J\r\n\t\u{7}\u{7f}\u{202e}";
        let seen = visible(steering);
        assert_eq!(seen, "\\u{1b}[31m\\u{9b}2J\\r\\n\\t\\u{7}\\u{7f}\\u{202e}");
    }

    #[test]
    fn numbers_are_for_people() {
        assert_eq!(
            [0, 999, 1_000, 40_857, 1_234_567].map(grouped),
            ["0", "999", "1,000", "40,857", "1,234,567"]
        );
        assert_eq!(
            [count(1, "copy"), count(1200, "copy")],
            ["1 copy", "1,200 copies"]
        );
    }
}
