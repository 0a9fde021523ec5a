//! Which lines at the ends of a copy were put there by a site, a printer or a mail program?

use std::collections::HashMap;
use std::ops::Range;
use std::sync::OnceLock;

use crate::damage::counts::Hashed;
use crate::damage::notices::WORDS;
use crate::damage::reading::{Reading, gap};

/// Maximum number of letters between two such lines, or beyond the last of them, that also count as furniture: a teaser, a single line.
const BETWEEN: usize = 400;

/// Minimum number of consecutive lines without the end of a sentence that make a menu.
const MENU: usize = 4;

/// The properties of one line of a text.
struct Line {
    is_furniture: bool,
    is_label: bool,
}

impl Line {
    fn of(reading: &Reading<'_>, letters: Range<usize>) -> Self {
        let text = reading.around(letters.clone());
        let bare = reading.slice(letters);
        let short = bare.chars().count() <= LONGEST_NOTICE;
        let crumbs = short && text.matches(['>', '|', '»', '›', '·', '•']).count() >= 2;
        Self {
            is_furniture: crumbs || (short && says_so(text)) || is_dated_notice(bare),
            is_label: short && !ends_sentence(text),
        }
    }
}

/// One end of a text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum End {
    Head,
    Foot,
}

/// The part of some letters at an end of a text that a site put there. It reaches from that end to the innermost line that is
/// furniture or belongs to a menu.
pub(super) fn furniture(reading: &Reading<'_>, range: &Range<usize>, end: End) -> Range<usize> {
    let mut lines = lines(reading, range);
    if end == End::Foot {
        lines.reverse();
    }
    // The outermost line comes first.
    let (mut between, mut labels, mut innermost) = (0, 0, None);
    for letters in lines {
        let line = Line::of(reading, letters.clone());
        labels = if line.is_label { labels + 1 } else { 0 };
        if line.is_furniture || labels >= MENU {
            innermost = Some(letters);
            between = 0;
        } else {
            between += letters.len();
            if between > BETWEEN {
                break;
            }
        }
    }
    if innermost.is_none() && is_page_head(reading, range, end) {
        return range.clone();
    }
    if innermost.is_none() {
        return page_head(reading, range, end);
    }
    let Some(innermost) = innermost else {
        return range.start..range.start;
    };
    match end {
        End::Head => range.start..innermost.end,
        End::Foot => innermost.start..range.end,
    }
}

/// Maximum number of letters in the head of a page, with its number.
const PAGE_HEAD: usize = 60;

/// Is this the head or foot of a page? It has a number at either end, or mostly capitals with a number among them, and no end of a sentence.
fn is_page_head(reading: &Reading<'_>, range: &Range<usize>, end: End) -> bool {
    let digit = |at: usize| {
        reading
            .letters
            .get(at)
            .is_some_and(|&letter| (0x30..=0x39).contains(&letter))
    };
    let text = reading.slice(range.clone());
    let capitals = text.chars().filter(|c| c.is_uppercase()).count();
    let shouted = 2 * capitals >= range.len() && range.clone().any(digit);
    let numbered = digit(range.start) || digit(range.end - 1) || shouted;
    let outermost = match end {
        End::Head => range.start == 0,
        End::Foot => range.end == reading.len(),
    };
    let text = reading.around(range.clone()).trim_end();
    let stops = text.ends_with(['.', '。', '！', '？', '!', '?', '…']);
    outermost && numbered && range.len() <= PAGE_HEAD && !stops
}

/// Minimum number of capitals in the head of a page.
const HEAD_CAPITALS: usize = 3;

/// The words in capitals and the numbers at the start of a text, if it has both. They are the head of a page, before a sentence
/// that continues from the page before. Empty if there is no such head.
fn page_head(reading: &Reading<'_>, range: &Range<usize>, end: End) -> Range<usize> {
    let none = range.start..range.start;
    if end == End::Foot || range.start > 0 {
        return none;
    }
    let is_digit = |&at: &usize| (0x30..=0x39).contains(&reading.letters[at]);
    let is_capital = |&at: &usize| reading.gaps[at] & gap::CAPITAL != 0;
    let rest = range.clone().find(|at| !is_digit(at) && !is_capital(at));
    let mut head = range.start..rest.unwrap_or(range.end);
    // The next word in small letters is not part of the head.
    while head.end > head.start && !reading.is_edge(head.end) {
        head.end -= 1;
    }
    let capitals = head.clone().filter(is_capital).count();
    if capitals >= HEAD_CAPITALS && head.clone().any(|at| is_digit(&at)) {
        head
    } else {
        none
    }
}

/// Are these whole lines in the middle of a text that an archive or a site put there? At least half of them are furniture, and
/// the others do not end a sentence.
pub(super) fn is_block(reading: &Reading<'_>, range: &Range<usize>) -> bool {
    let breaks = |at: usize| {
        reading
            .gaps
            .get(at)
            .is_some_and(|bits| bits & gap::BREAK != 0)
    };
    if range.len() > BETWEEN || !breaks(range.start) || !breaks(range.end) {
        return false;
    }
    let lines = lines(reading, range);
    let of = |letters: &Range<usize>| Line::of(reading, letters.clone());
    let all = lines
        .iter()
        .map(of)
        .all(|line| line.is_furniture || line.is_label);
    let told = lines
        .iter()
        .map(of)
        .filter(|line| line.is_furniture)
        .count();
    all && 2 * told >= lines.len()
}

/// Is this a notice in the middle of a text: one short line with words that only a site writes?
pub(super) fn is_notice(text: &str) -> bool {
    let text = text.trim();
    text.chars().count() <= LONGEST_NOTICE && says_so(text)
}

/// Maximum number of characters in a notice. A longer line with such a word is a sentence about it.
const LONGEST_NOTICE: usize = 90;

fn says_so(line: &str) -> bool {
    let small = line.to_lowercase();
    let words = by_first();
    let mut before = ' ';
    for (at, c) in small.char_indices() {
        let starts = words.get(&c).into_iter().flatten();
        if starts.into_iter().any(|word| {
            small[at..].starts_with(word) && is_whole(before, word, &small[at + word.len()..])
        }) {
            return true;
        }
        before = c;
    }
    false
}

type ByFirst = HashMap<char, Vec<&'static str>, Hashed>;

/// The words by their first letter, built on the first call.
fn by_first() -> &'static ByFirst {
    static TABLE: OnceLock<ByFirst> = OnceLock::new();
    TABLE.get_or_init(|| {
        let mut table = ByFirst::default();
        for word in WORDS {
            if let Some(first) = word.chars().next() {
                table.entry(first).or_default().push(word);
            }
        }
        table
    })
}

/// Is the word not part of a longer one? Scripts without spaces have no such word edges.
fn is_whole(before: char, word: &str, behind: &str) -> bool {
    let spaced = |c: Option<char>| c.is_some_and(|c| c.is_alphabetic() && c < '\u{2E80}');
    let opens = !spaced(word.chars().next()) || !before.is_alphabetic();
    let closes = !spaced(word.chars().next_back())
        || !behind.chars().next().is_some_and(char::is_alphabetic);
    opens && closes
}

/// The lines of a range of letters, as ranges of letters.
fn lines(reading: &Reading<'_>, range: &Range<usize>) -> Vec<Range<usize>> {
    let mut lines = Vec::new();
    let mut from = range.start;
    for at in range.start + 1..=range.end {
        let breaks = at == range.end || reading.gaps[at] & gap::BREAK != 0;
        if !breaks {
            continue;
        }
        lines.push(from..at);
        from = at;
    }
    lines
}

/// Does a line end with the label of a date? The line may be long, as where a line's end was lost.
fn is_dated_notice(line: &str) -> bool {
    let tail = line.char_indices().rev().take(LONGEST_NOTICE / 2).last();
    let tail = tail.map_or("", |(start, _)| &line[start..]);
    if !tail.bytes().any(|byte| byte.is_ascii_digit()) {
        return false;
    }
    let tail = tail.to_lowercase();
    [
        "发布时间",
        "發佈時間",
        "發布時間",
        "釋出時間",
        "发表于",
        "published",
        "posted on",
    ]
    .iter()
    .any(|word| tail.contains(word))
}

fn ends_sentence(line: &str) -> bool {
    let line = line.trim_end();
    let behind = line.trim_end_matches(|c: char| !c.is_alphanumeric());
    line[behind.len()..].contains([
        '.', '。', '！', '？', '!', '?', '؟', '۔', '।', '…', '，', ',',
    ])
}
