//! Which parts does a document have?
//!
//! A compilation has numbered or headed articles one after another. A line that is only a number, or that starts with a number as headings
//! do (`第三章`, `三、`, `（三）`, `3.`, `Chapter 3`, `## ...`), is a heading of a *style*. A document is cut at the headings of the first style
//! whose numbers only increase. The numbers of headings inside articles start again in each article, so their style is not used.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::io;
use std::ops::Range;

use crate::document::{Documents, Metadata, text_of};
use crate::error::Error;
use crate::facts::Facts;
use crate::normalize::Normalizer;
use crate::shingle::weight;
use crate::verify::number;

/// Minimum weight of a part ([`UnitKind::weight`](crate::shingle::UnitKind::weight)). Entries of a table of contents have less.
const SHORTEST: usize = 60;

/// Maximum characters of a heading.
const HEADING: usize = 60;

/// One part of a document.
///
/// ```
/// let article = "水来之前人先动，灯亮之处有人守，一个人也不能落下。".repeat(4);
/// let text = format!("三篇来信\n01\n{article}\n02\n{article}\n04\n{article}\n");
/// let parts = reprint::parts(&text);
/// assert_eq!(parts.iter().map(|part| part.heading.as_str()).collect::<Vec<_>>(), ["01", "02", "04"]);
/// assert!(text[parts[2].range.clone()].starts_with("04\n水来之前"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Its bytes in the text, including the heading.
    pub range: Range<usize>,
    /// Its first line.
    pub heading: String,
}

/// The parts of a text, in order. The result is empty if there are fewer than two. Text before the first heading is in no part. Cost: one
/// look at each line.
pub fn parts(text: &str) -> Vec<Part> {
    let mut styles: Vec<(Style, Vec<Heading>)> = Vec::new();
    for (start, line) in lines(text) {
        let Some((style, number)) = style(line) else {
            continue;
        };
        let heading = Heading { start, number };
        match styles.iter_mut().find(|(known, _)| *known == style) {
            Some((_, headings)) => headings.push(heading),
            None => styles.push((style, vec![heading])),
        }
    }
    let cut = styles
        .iter()
        .filter_map(|(_, headings)| cut(text, headings));
    cut.min_by_key(|parts| parts[0].range.start)
        .unwrap_or_default()
}

struct Heading {
    start: usize,
    /// `None` for styles without numbers.
    number: Option<u32>,
}

/// The form that headings of one kind have in common.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    /// A number alone on a line.
    Alone,
    /// A number followed by this sign.
    Sign(char),
    /// A number in brackets.
    Bracketed,
    /// 第, a number, and this character.
    Counted(char),
    /// This word and a number.
    Word(&'static str),
    /// A Markdown heading of this level.
    Hashes(usize),
}

/// Words before the number of a part.
const WORDS: [&str; 7] = [
    "chapter", "part", "section", "article", "kapitel", "chapitre", "篇",
];

fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut start = 0;
    text.split_inclusive('\n').map(move |line| {
        let at = start;
        start += line.len();
        (at, line.trim())
    })
}

fn style(line: &str) -> Option<(Style, Option<u32>)> {
    if line.is_empty() || line.chars().count() > HEADING {
        return None;
    }
    let hashes = line.bytes().take_while(|&byte| byte == b'#').count();
    if hashes > 0 {
        return line[hashes..]
            .starts_with(' ')
            .then_some((Style::Hashes(hashes), None));
    }
    let (style, number) = numbered(line)?;
    Some((style, Some(value(number)?)))
}

/// The style of a line that starts with a number, and the number as written.
fn numbered(line: &str) -> Option<(Style, &str)> {
    let line = line.trim_start_matches(['【', '[']);
    if let Some(rest) = line.strip_prefix('第') {
        let end = rest.find([
            '章', '篇', '节', '節', '回', '卷', '讲', '講', '集', '部', '辑', '輯',
        ])?;
        return Some((Style::Counted(rest[end..].chars().next()?), &rest[..end]));
    }
    if let Some(rest) = line.strip_prefix(['（', '(']) {
        let end = rest.find(['）', ')'])?;
        return Some((Style::Bracketed, &rest[..end]));
    }
    let worded = WORDS.iter().find_map(|&word| {
        let head = line
            .get(..word.len())
            .filter(|head| head.to_lowercase() == word)?;
        Some((word, line[head.len()..].trim_start()))
    });
    if let Some((word, rest)) = worded {
        let end = rest
            .find(|c: char| !c.is_alphanumeric())
            .unwrap_or(rest.len());
        return Some((Style::Word(word), &rest[..end]));
    }
    let end = line
        .find(|c: char| !c.is_alphanumeric())
        .unwrap_or(line.len());
    let (number, rest) = line.split_at(end);
    match rest.chars().next() {
        None => Some((Style::Alone, number)),
        Some(sign @ ('、' | '.' | '．' | ')' | '）' | '，' | ':' | '：'))
            if !rest[sign.len_utf8()..].starts_with(|c: char| c.is_ascii_digit()) =>
        {
            Some((Style::Sign(sign), number))
        }
        Some(_) => None,
    }
}

/// The value of a number up to 999, written in digits of any script, Han numerals or Roman numerals.
fn value(written: &str) -> Option<u32> {
    let folded = Normalizer::new().fold(written.trim());
    let value = number(&folded).or_else(|| roman(&folded))?;
    ((1.0..1000.0).contains(&value) && folded.len() <= 12).then_some(value as u32)
}

fn roman(folded: &str) -> Option<f64> {
    let digit = |c: char| {
        Some(match c {
            'i' => 1.0,
            'v' => 5.0,
            'x' => 10.0,
            'l' => 50.0,
            _ => return None,
        })
    };
    let digits: Vec<f64> = folded.chars().map(digit).collect::<Option<_>>()?;
    let signed = digits
        .iter()
        .enumerate()
        .map(|(i, &digit)| match digits.get(i + 1) {
            Some(&next) if next > digit => -digit,
            _ => digit,
        });
    (!digits.is_empty()).then(|| signed.sum())
}

/// The parts between these headings, if there are at least two with increasing numbers.
fn cut(text: &str, headings: &[Heading]) -> Option<Vec<Part>> {
    let ends = headings[1..]
        .iter()
        .map(|heading| heading.start)
        .chain([text.len()]);
    let long = headings.iter().zip(ends).filter(|(heading, end)| {
        let body = &text[heading.start..*end];
        weight(&Normalizer::new().fold(body)) >= SHORTEST
    });
    let long: Vec<(&Heading, usize)> = long.collect();
    let mut runs: Vec<&[(&Heading, usize)]> = long
        .chunk_by(|a, b| a.0.number.is_none() || a.0.number < b.0.number)
        .collect();
    runs.retain(|run| run.len() > 1);
    // If there is more than one run, these are headings inside the parts of another style.
    let [run] = runs.as_slice() else {
        return None;
    };
    let part = |&(heading, end): &(&Heading, usize)| {
        let line = text[heading.start..end].lines().next().unwrap_or_default();
        Part {
            range: heading.start..end,
            heading: line.trim().to_owned(),
        }
    };
    Some(run.iter().map(part).collect())
}

/// A collection of documents followed by the parts of each document. The parts are separate documents with the ids `ID#1`, `ID#2` and so on
/// (`ID##1` if a document already has that id).
///
/// A part is compared with all documents except the one that it is from. It never causes the removal of another document, and is not kept
/// or removed itself.
///
/// ```
/// use reprint::{Deduper, Split};
///
/// let letter = "水来之前人先动，灯亮之处有人守，一个人也不能落下。郑水英说，收稻子也是这个理。夜里十点，第一阵雨点打在晒谷场的油布上，像有人在上面撒豆子。";
/// let other = "糖厂改建的图书馆昨天开门，第一天来了两百多人，最小的读者只有四岁，是跟着外婆来的，祖孙俩看了一下午的画册，傍晚才依依不舍地回家吃饭去。";
/// let documents = [("letters", format!("一、收稻\n{letter}\n二、图书馆\n{}", other.repeat(4))), ("single", letter.to_owned())];
/// let split = Split::new(&documents)?;
/// let report = Deduper::default().run(&split)?;
/// assert_eq!(report.clusters[0].canonical.id, "single");
/// assert_eq!(report.clusters[0].members[0].document.id, "letters#1");
/// assert_eq!(report.kept()[..2], [true, true]);
/// # Ok::<(), reprint::Error>(())
/// ```
pub struct Split<'d, D: ?Sized> {
    documents: &'d D,
    parts: Vec<(usize, Part)>,
    ids: Vec<String>,
    /// The texts of divided documents, kept if the collection would make the text again at each call.
    texts: HashMap<usize, String>,
}

impl<'d, D: Documents + ?Sized> Split<'d, D> {
    /// Cuts every document into parts. A document without parts is only itself.
    ///
    /// # Errors
    ///
    /// Where a document can't be read.
    pub fn new(documents: &'d D) -> Result<Self, Error> {
        let taken = (0..documents.len()).map(|position| documents.id(position));
        let taken: HashSet<&str> = taken.filter(|id| id.contains('#')).collect();
        let (mut all, mut ids, mut texts) = (Vec::new(), Vec::new(), HashMap::new());
        for position in 0..documents.len() {
            let text = text_of(documents, position)?;
            let found = parts(&text);
            if let (Cow::Owned(text), false) = (text, found.is_empty()) {
                texts.insert(position, text);
            }
            for (number, part) in (1..).zip(found) {
                let mut sign = "#".to_owned();
                let id = |sign: &str| format!("{}{sign}{number}", documents.id(position));
                while taken.contains(id(&sign).as_str()) {
                    sign.push('#');
                }
                ids.push(id(&sign));
                all.push((position, part));
            }
        }
        Ok(Self {
            documents,
            parts: all,
            ids,
            texts,
        })
    }

    /// All parts: the position of the document that each is from, its id, and the part.
    pub fn parts(&self) -> impl Iterator<Item = (usize, &str, &Part)> {
        let parts = self.parts.iter().zip(&self.ids);
        parts.map(|((whole, part), id)| (*whole, id.as_str(), part))
    }

    fn part(&self, position: usize) -> Option<&(usize, Part)> {
        self.parts.get(position.checked_sub(self.documents.len())?)
    }
}

impl<D: Documents + ?Sized> Documents for Split<'_, D> {
    fn len(&self) -> usize {
        self.documents.len() + self.parts.len()
    }

    fn id(&self, position: usize) -> &str {
        match position.checked_sub(self.documents.len()) {
            Some(part) => &self.ids[part],
            None => self.documents.id(position),
        }
    }

    fn text(&self, position: usize) -> io::Result<Cow<'_, str>> {
        let Some((whole, part)) = self.part(position) else {
            return self.documents.text(position);
        };
        if let Some(text) = self.texts.get(whole) {
            return Ok(text[part.range.clone()].into());
        }
        let part = match self.documents.text(*whole)? {
            Cow::Borrowed(text) => text.get(part.range.clone()).map(Cow::from),
            Cow::Owned(text) => text
                .get(part.range.clone())
                .map(|part| part.to_owned().into()),
        };
        part.ok_or_else(|| io::Error::other("its text has changed"))
    }

    fn facts(&self, position: usize) -> Option<&Facts> {
        (position < self.documents.len())
            .then(|| self.documents.facts(position))
            .flatten()
    }

    fn metadata(&self, position: usize) -> io::Result<Metadata> {
        self.documents
            .metadata(self.parent(position).unwrap_or(position))
    }

    fn parent(&self, position: usize) -> Option<usize> {
        self.part(position).map(|(whole, _)| *whole)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headings(text: &str) -> Vec<String> {
        parts(text).into_iter().map(|part| part.heading).collect()
    }

    /// Every line in angle brackets becomes a heading without the brackets, every other line a text long enough for a part. By hand.
    fn document(lines: &[&str]) -> String {
        let body = "河水涨到了第三级台阶，守夜的人把灯挂高了一些，又去看下一个闸口。".repeat(3);
        let line = |line: &&str| match line.strip_prefix('<') {
            Some(heading) => heading.trim_end_matches('>').to_owned(),
            None => format!("{line}{body}"),
        };
        lines.iter().map(line).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn documents_are_cut_at_the_outermost_headings() {
        let cases: [(&[&str], &[&str]); 9] = [
            (
                &["", "<01>", "a", "<02>", "b", "<04>", "c"],
                &["01", "02", "04"],
            ),
            (
                &["<一、修伞>", "a", "<二、收稻>", "b"],
                &["一、修伞", "二、收稻"],
            ),
            // The numbers of headings inside the articles start again in each.
            (
                &[
                    "<01>",
                    "<一、甲>",
                    "a",
                    "<二、乙>",
                    "b",
                    "<02>",
                    "<一、丙>",
                    "c",
                    "<二、丁>",
                    "d",
                ],
                &["01", "02"],
            ),
            (
                &["<第一章 春>", "a", "<第十章 夏>", "b"],
                &["第一章 春", "第十章 夏"],
            ),
            (
                &["<Chapter I>", "a", "<Chapter IV>", "b"],
                &["Chapter I", "Chapter IV"],
            ),
            (&["<# One>", "a", "<# Two>", "b"], &["# One", "# Two"]),
            // A table of contents has entries, not parts.
            (
                &[
                    "<1. One>",
                    "<2. Two>",
                    "<3. Three>",
                    "<1. One>",
                    "a",
                    "<2. Two>",
                    "b",
                    "<3. Three>",
                    "c",
                ],
                &["1. One", "2. Two", "3. Three"],
            ),
            (&["a", "b"], &[]),
            (&["<3.5 percent>", "a", "<12:30 noon>", "b"], &[]),
        ];
        for (lines, expected) in cases {
            assert_eq!(headings(&document(lines)), expected, "{lines:?}");
        }
    }
}
