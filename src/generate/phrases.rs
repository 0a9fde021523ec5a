//! Which words do two regions use for the same thing? Phrases of folded characters form classes.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use crate::han::{Classes, PHRASE_TABLES, pairs};
use crate::ranges::{HAN, within};

/// Pairs that OpenCC's phrase tables lack.
const EXTRA: &[(&str, &str)] = &[
    // Results of converters for 初一 (a school year) and 社区 (the community of a network), found in converted pages.
    ("大年初一", "大年七年級"),
    ("社區", "社群"),
    // Everyday words of Taiwan and Hong Kong, found while editions of the sample articles were written. The mainland word comes first.
    ("質量", "品質"),
    ("質量", "質素"),
    ("智能手機", "智慧型手機"),
    ("屏幕", "螢幕"),
    ("短信", "簡訊"),
    ("短信", "短訊"),
    ("數字", "數碼"),
    ("厘米", "公分"),
    ("千米", "公里"),
    ("米", "公尺"),
    ("什麼", "甚麼"),
    ("志願者", "志工"),
    ("志願者", "義工"),
];

/// Every phrase with its class, ordered by phrase.
pub struct Phrases(BTreeMap<String, String>);

impl Phrases {
    pub fn generate(classes: &Classes) -> Self {
        let extra = EXTRA.iter().copied();
        let tables = PHRASE_TABLES.into_iter().flat_map(pairs).chain(extra);
        let mut parent: BTreeMap<String, String> = BTreeMap::new();
        for (a, b) in tables {
            let (a, b) = (classes.fold(a), classes.fold(b));
            let han = a.chars().chain(b.chars()).all(|c| within(HAN, c));
            if han && a != b {
                join(&mut parent, &a, &b);
            }
        }
        close_over_parts(&mut parent);
        let rows = parent.keys().map(|p| (p.clone(), root(&parent, p)));
        Self(rows.filter(|(p, _)| p.chars().count() > 1).collect())
    }

    pub fn bytes(&self) -> Vec<u8> {
        let text: Vec<String> = self.0.iter().map(|(p, to)| format!("{p}\t{to}")).collect();
        text.join("\n").into_bytes()
    }

    pub fn source(&self) -> String {
        let longest = self.0.keys().map(String::len).max().unwrap_or(0);
        let mut out = format!("pub(crate) const LONGEST_PHRASE: usize = {longest};\n");
        let mut constant = |name: &str, values: Vec<&str>| {
            writeln!(
                out,
                "pub(crate) static {name}: [&str; {}] = {values:?};",
                values.len()
            )
            .expect("a String takes all");
        };
        constant("PHRASES", self.0.keys().map(String::as_str).collect());
        constant(
            "PHRASE_CLASSES",
            self.0.values().map(String::as_str).collect(),
        );
        let rivals: Vec<_> = self.0.values().map(|class| self.rivals(class)).collect();
        writeln!(
            out,
            "pub(crate) static PHRASE_RIVALS: [(&str, &str); {}] = {rivals:?};",
            rivals.len()
        )
        .expect("a String takes all");
        out
    }

    /// The characters next to which a class may be part of another phrase. Before it: the characters before that part of a phrase which
    /// overlaps with it. After it: the next characters of longer phrases that begin with it.
    fn rivals(&self, class: &str) -> (String, String) {
        let (mut before, mut behind) = (BTreeSet::new(), BTreeSet::new());
        for phrase in self.0.keys() {
            behind.extend(
                phrase
                    .strip_prefix(class)
                    .and_then(|rest| rest.chars().next()),
            );
            for (at, c) in phrase.char_indices() {
                let tail = &phrase[at + c.len_utf8()..];
                if !tail.is_empty() && (class.starts_with(tail) || tail.starts_with(class)) {
                    before.insert(c);
                }
            }
        }
        (before.into_iter().collect(), behind.into_iter().collect())
    }
}

/// A phrase may contain shorter ones (資訊科技: 资讯). If a phrase and the folded form of its parts are both in use (資訊科技, 信息科技), both must fold
/// to the same class, so the second joins the class of the first.
fn close_over_parts(parent: &mut BTreeMap<String, String>) {
    let phrases: Vec<String> = parent.keys().cloned().collect();
    for phrase in &phrases {
        let shorter = |part: &&String| part.len() < phrase.len();
        let folded = fold_parts(
            phrase,
            parent,
            &phrases.iter().filter(shorter).collect::<Vec<_>>(),
        );
        if folded != *phrase {
            join(parent, phrase, &folded);
        }
    }
}

/// Replaces the `parts` in `phrase` by their classes, leftmost-longest.
fn fold_parts(phrase: &str, parent: &BTreeMap<String, String>, parts: &[&String]) -> String {
    let mut folded = String::new();
    let mut rest = phrase;
    while let Some(c) = rest.chars().next() {
        let here = parts
            .iter()
            .filter(|part| part.chars().count() > 1 && rest.starts_with(part.as_str()));
        match here.max_by_key(|part| part.len()) {
            Some(part) => {
                folded.push_str(&root(parent, part));
                rest = &rest[part.len()..];
            }
            None => {
                folded.push(c);
                rest = &rest[c.len_utf8()..];
            }
        }
    }
    folded
}

fn root(parent: &BTreeMap<String, String>, phrase: &str) -> String {
    let mut at = phrase;
    while let Some(up) = parent.get(at).filter(|up| *up != at) {
        at = up;
    }
    at.to_owned()
}

/// Joins two classes. The representative is the shortest phrase, then the smallest. So a class with a word of one character (埠/端口) folds to
/// that word, and the character is never replaced elsewhere.
fn join(parent: &mut BTreeMap<String, String>, a: &str, b: &str) {
    for phrase in [a, b] {
        parent.entry(phrase.into()).or_insert_with(|| phrase.into());
    }
    let (a, b) = (root(parent, a), root(parent, b));
    let key = |p: &String| (p.chars().count(), p.clone());
    let (keep, drop) = if key(&a) < key(&b) { (a, b) } else { (b, a) };
    parent.insert(drop, keep);
}
