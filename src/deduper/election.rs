//! Which copy of a cluster stays, and why?

use std::cmp::Ordering;
use std::collections::{BTreeMap, HashSet};
use std::ops::Range;

use crate::cluster::{Anchored, Claim, reanchored};
use crate::deduper::corpus::Corpus;
use crate::deduper::fields::{Fields, Unread};
use crate::deduper::representatives::Standing;
use crate::document::Documents;
use crate::shingle::ShingleSet;
pub(super) use crate::verify::letters;
use crate::verify::{Comparison, FURNITURE, body_of, is_prose};

/// Copies that the most complete one is compared with to find its own head and foot.
const COMPARED: usize = 8;

/// A cluster with the document that stays.
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(super) struct Elected {
    pub(super) cluster: Anchored,
    /// The place in the input of the canonical copy; one of the texts of `cluster.canonical`.
    pub(super) document: usize,
    pub(super) reason: String,
    pub(super) metadata: BTreeMap<String, Vec<String>>,
    /// The documents that stay beside it.
    pub(super) others: Vec<Standing>,
    /// What the policy asked for and could not be read.
    pub(super) unread: Vec<Unread>,
}

/// One document that may stay.
pub(super) struct Candidate {
    pub(super) text: u32,
    pub(super) document: usize,
    pub(super) claim: Claim,
}

impl<D: Documents + ?Sized> Corpus<'_, D> {
    /// Elects the copy that stays in a cluster; `verdict` decides pairs, canonical copy first, if they are copies.
    pub(super) fn elect(
        &self,
        cluster: &Anchored,
        fields: &Fields,
        mut verdict: impl FnMut(u32, u32) -> Option<Comparison>,
    ) -> Elected {
        let (candidates, unread) = self.candidates(cluster, fields);
        let mut preferred: Vec<u32> = candidates.iter().map(|candidate| candidate.text).collect();
        let mut seen = HashSet::new();
        preferred.retain(|&text| seen.insert(text));
        let cluster = reanchored(cluster, &preferred, &mut verdict);
        let able = candidates
            .iter()
            .position(|candidate| candidate.text == cluster.canonical);
        let able = able.unwrap_or(0);
        let document = candidates[able].document;
        let reason = self.reason(&candidates, able);
        let others = self.representatives(&candidates, document, verdict);
        let metadata = self.merged(candidates, document);
        Elected {
            cluster,
            document,
            reason,
            metadata,
            others,
            unread,
        }
    }

    /// All documents of a cluster, the one that the policy likes best first; and what could not be read of them.
    fn candidates(&self, cluster: &Anchored, fields: &Fields) -> (Vec<Candidate>, Vec<Unread>) {
        let bodies = if self.settled.policy.asks_for_bodies() {
            self.bodies(cluster)
        } else {
            vec![None; cluster.copies.len() + 1]
        };
        let texts = [cluster.canonical]
            .into_iter()
            .chain(cluster.copies.iter().map(|&(copy, _)| copy));
        let documents = texts.zip(&bodies).flat_map(|(text, body)| {
            let group = self.groups[text as usize].iter();
            group.map(move |&document| self.candidate(text, document, body))
        });
        let mut candidates: Vec<Candidate> = documents.collect();
        let mut claims: Vec<&mut Claim> = candidates
            .iter_mut()
            .map(|candidate| &mut candidate.claim)
            .collect();
        let unread = fields.read(&mut claims, self.settled.policy.asks_for_dates());
        candidates.sort_by(|a, b| {
            let is_part =
                |candidate: &Candidate| self.documents.whole(candidate.document).is_some();
            let (order, _) = self.settled.policy.compare(&a.claim, &b.claim);
            let order = is_part(a).cmp(&is_part(b)).then(order);
            order.then_with(|| {
                self.documents
                    .id(a.document)
                    .cmp(self.documents.id(b.document))
            })
        });
        (candidates, unread)
    }

    fn candidate(&self, text: u32, document: usize, body: &Option<Body>) -> Candidate {
        let metadata = self.documents.metadata(document);
        let id = || self.documents.id(document).to_owned();
        let (letters, marks) = body
            .as_ref()
            .map_or((0, 0), |body| self.measured(text, document, body));
        let claim = Claim {
            body: letters,
            marks,
            length: self.sketches[text as usize].letters,
            source: metadata.source.clone().unwrap_or_else(id),
            position: document,
            id: id(),
            metadata,
            ..Claim::default()
        };
        Candidate {
            text,
            document,
            claim,
        }
    }

    /// Letters and marks of a document's body, with the head and the foot where they are prose that another copy lost.
    fn measured(&self, text: u32, document: usize, body: &Body) -> (usize, usize) {
        let original = self.documents.text(document);
        let Some(range) = &body.range else {
            return (body.letters, marks(&original));
        };
        let found = self.locate(text, document, &original, std::slice::from_ref(range));
        let found = with_marks(&original, found.into_iter().next().unwrap_or_default());
        let (head, foot) = (&original[..found.start], &original[found.end..]);
        let (mut letters, mut whole) = (body.letters, found.clone());
        if body.lost.0 && is_prose(head) {
            letters += head.chars().filter(|c| c.is_alphanumeric()).count();
            whole.start = 0;
        }
        if body.lost.1 && is_prose(foot) {
            letters += foot.chars().filter(|c| c.is_alphanumeric()).count();
            whole.end = original.len();
        }
        (letters, marks(&original[whole]))
    }

    /// The bodies of the canonical copy and of the others, in their order.
    fn bodies(&self, cluster: &Anchored) -> Vec<Option<Body>> {
        if cluster.copies.is_empty() {
            // Texts that are equal when folded have no head or foot of their own.
            let letters = self.sketches[cluster.canonical as usize].letters;
            return vec![Some(Body {
                letters,
                range: None,
                lost: (false, false),
            })];
        }
        let (folded, canonical) = self.shingled(cluster.canonical);
        let set = ShingleSet::of(&canonical);
        let mut of_canonical: Option<Ends> = None;
        let mut bodies = vec![None];
        for (i, &(copy, _)) in cluster.copies.iter().enumerate() {
            let (folded, hashes) = self.shingled(copy);
            let body = body_of(&hashes, &set);
            let ends = Ends::of(&hashes, body.clone(), &set);
            if i < COMPARED {
                let seen = same_stretch(&canonical, &hashes[body]);
                let ends = [&canonical[..seen.start], &canonical[seen.end..]];
                let others = ShingleSet::of(&those_among(&hashes, ends));
                let seen = Ends::of(&canonical, seen, &others);
                of_canonical = Some(of_canonical.map_or(seen.clone(), |known| known.widest(seen)));
            }
            bodies.push(Some(self.body(&ends, hashes.len(), &folded)));
        }
        bodies[0] = of_canonical.map(|ends| self.body(&ends, canonical.len(), &folded));
        bodies
    }

    /// The body of a folded text of so many shingles, given its ends.
    fn body(&self, ends: &Ends, shingles: usize, folded: &str) -> Body {
        if ends.body == (0..shingles) {
            return Body {
                letters: letters(folded),
                range: None,
                lost: (false, false),
            };
        }
        let ranges = self.settled.shingler.ranges(folded);
        let covered = &ranges[ends.body.clone()];
        let start = covered.iter().map(|range| range.start).min().unwrap_or(0);
        let end = covered.last().map_or(start, |range| range.end);
        Body {
            letters: letters(&folded[start..end]),
            range: Some(start..end),
            lost: (ends.head_lost, ends.foot_lost),
        }
    }

    /// The metadata of all, the elected one's first, the others by id.
    fn merged(
        &self,
        mut candidates: Vec<Candidate>,
        elected: usize,
    ) -> BTreeMap<String, Vec<String>> {
        candidates.sort_by_key(|candidate| {
            let document = candidate.document;
            (document != elected, self.documents.id(document))
        });
        let mut merged: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let mut seen: HashSet<(String, String)> = HashSet::new();
        for Candidate { claim, .. } in candidates {
            let metadata = claim.metadata;
            let known = |name: &str| metadata.other.iter().any(|(other, _)| other == name);
            let (date, source) = (!known("date"), !known("source"));
            let date = metadata
                .date
                .filter(|_| date)
                .map(|date| ("date".to_owned(), date));
            let source = metadata
                .source
                .filter(|_| source)
                .map(|source| ("source".to_owned(), source));
            for (name, value) in date.into_iter().chain(source).chain(metadata.other) {
                if seen.insert((name.clone(), value.clone())) {
                    merged.entry(name).or_default().push(value);
                }
            }
        }
        merged
    }

    fn reason(&self, candidates: &[Candidate], able: usize) -> String {
        let elected = &candidates[able];
        let id = |candidate: &Candidate| self.document(candidate.document).to_string();
        let is_part = |candidate: &Candidate| self.documents.whole(candidate.document).is_some();
        let alike = |other: &&Candidate| is_part(other) == is_part(elected);
        let mut others = candidates[able + 1..].iter().filter(alike);
        let mut reason = match others.next() {
            None if able + 1 < candidates.len() => {
                "the only whole document, the others are parts".to_owned()
            }
            None => "the last by the criteria".to_owned(),
            Some(next) => match self.settled.policy.compare(&elected.claim, &next.claim) {
                (Ordering::Less, Some(criterion)) => {
                    criterion.reason(&elected.claim, &next.claim, &id(next))
                }
                _ => format!(
                    "as good as {} by {}; the smallest id",
                    id(next),
                    self.settled.policy.criteria()
                ),
            },
        };
        if able > 0 {
            reason += &format!(
                "; {} would come first, but not all others are its copies",
                id(&candidates[0])
            );
        }
        reason
    }
}

/// From where the first shingle of `body` stands in a text to where its last one does; the whole text where they don't.
fn same_stretch(text: &[u64], body: &[u64]) -> Range<usize> {
    let start = body
        .first()
        .and_then(|first| text.iter().position(|hash| hash == first));
    let last = body
        .last()
        .and_then(|last| text.iter().rposition(|hash| hash == last));
    let (start, end) = (start.unwrap_or(0), last.map_or(text.len(), |last| last + 1));
    let furniture = start <= FURNITURE && text.len() - end <= FURNITURE;
    if start < end && furniture {
        start..end
    } else {
        0..text.len()
    }
}

/// The hashes that may be among others: all that are, and of the rest one in ten where these are three hundred.
fn those_among(hashes: &[u64], others: [&[u64]; 2]) -> Vec<u64> {
    let bit = |hash: u64| ((hash >> 58) as usize, 1_u64 << (hash >> 52 & 63));
    let mut met = [0_u64; 64];
    for (word, bit) in others.concat().into_iter().map(bit) {
        met[word] |= bit;
    }
    let may_be = |&&hash: &&u64| met[bit(hash).0] & bit(hash).1 != 0;
    hashes.iter().filter(may_be).copied().collect()
}

/// The body of one text: its letters and digits, and where it stands in the folded form if it is not the whole.
#[derive(Clone)]
struct Body {
    letters: usize,
    range: Option<Range<usize>>,
    /// Whether another copy has little of the head, and of the foot.
    lost: (bool, bool),
}

/// Where the body of a text stands among its shingles, and whether another copy has little of its head and of its foot.
#[derive(Clone)]
struct Ends {
    body: Range<usize>,
    head_lost: bool,
    foot_lost: bool,
}

impl Ends {
    fn of(shingles: &[u64], body: Range<usize>, other: &ShingleSet) -> Self {
        let lost = |end: &[u64]| {
            let known = end
                .iter()
                .filter(|hash| other.as_slice().binary_search(hash).is_ok());
            2 * known.count() < end.len()
        };
        Self {
            head_lost: lost(&shingles[..body.start]),
            foot_lost: lost(&shingles[body.end..]),
            body,
        }
    }

    /// The widest body that two copies see, and what either lost.
    fn widest(self, other: Self) -> Self {
        Self {
            body: self.body.start.min(other.body.start)..self.body.end.max(other.body.end),
            head_lost: self.head_lost || other.head_lost,
            foot_lost: self.foot_lost || other.foot_lost,
        }
    }
}

/// A range of a text with the marks that open before it and close behind it.
fn with_marks(text: &str, range: Range<usize>) -> Range<usize> {
    let before = text[..range.start]
        .chars()
        .rev()
        .take_while(|&c| is_mark(c));
    let before: usize = before.map(char::len_utf8).sum();
    let behind = text[range.end..].chars().take_while(|&c| is_mark(c));
    let behind: usize = behind.map(char::len_utf8).sum();
    range.start - before..range.end + behind
}

/// Punctuation marks and brackets; one that is repeated counts once, so that an ellipsis is as good as another.
fn marks(original: &str) -> usize {
    let bytes = original.as_bytes();
    let (mut last, mut marks, mut at) = (NO_MARK, 0, 0);
    while let Some(&byte) = bytes.get(at) {
        let c = match byte {
            0..0x80 => char::from(byte),
            // U+4000 to U+9FFF: ideographs.
            0xE4..=0xE9 => {
                at += 3;
                last = NO_MARK;
                continue;
            }
            _ => original[at..].chars().next().unwrap_or(NO_MARK),
        };
        at += c.len_utf8();
        marks += usize::from(c != last && is_mark(c));
        last = c;
    }
    marks
}

/// Stands for any character that is no mark.
const NO_MARK: char = ' ';

/// What writers put between words to be read, not what layout or markup puts there (hyphens, asterisks, bars).
#[inline]
fn is_mark(c: char) -> bool {
    match c as u32 {
        0..0x80 => ASCII_MARKS >> (c as u32) & 1 != 0,
        _ => is_other_mark(c),
    }
}

const ASCII_MARKS: u128 = {
    let (marks, mut at, mut bits) = (b"!\"'(),.:;?[]", 0, 0);
    while at < marks.len() {
        bits |= 1 << marks[at];
        at += 1;
    }
    bits
};

fn is_other_mark(c: char) -> bool {
    matches!(c,
        '«' | '»' | '¡' | '¿'
        | '\u{2018}'..='\u{201F}' // quotation marks
        | '\u{2026}' | '\u{2039}' | '\u{203A}'
        | '\u{060C}' | '\u{061B}' | '\u{061F}' | '\u{06D4}' // Arabic
        | '\u{0964}' | '\u{0965}' // Devanagari
        | '\u{3001}'..='\u{3002}' | '\u{3008}'..='\u{3011}' | '\u{3014}'..='\u{301B}' | '\u{301D}'..='\u{301F}'
        | '！' | '＂' | '＇' | '（' | '）' | '，' | '．' | '：' | '；' | '？' | '［' | '］' | '｡'..='､')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn marks_are_counted_as_characters_are(text in "[a ,.!,国《，。…“é\u{6D4}]{0,60}") {
            let mut last = ' ';
            let marks_by_character = text.chars().filter(|&c| {
                let again = c == last;
                last = c;
                !again && is_mark(c)
            });
            let expected = marks_by_character.count();
            prop_assert_eq!(marks(&text), expected);
        }
    }

    proptest! {
        #[test]
        fn what_is_among_others_is_not_lost(
            hashes in prop::collection::vec(any::<u64>(), 0..100),
            others in prop::collection::vec(any::<u64>(), 0..40),
        ) {
            let both = [hashes.as_slice(), &others].concat();
            let (head, foot) = others.split_at(others.len() / 3);
            let found = those_among(&both, [head, foot]);
            prop_assert!(others.iter().all(|other| found.contains(other)));
            prop_assert!(found.iter().all(|hash| both.contains(hash)));
        }
    }

    #[test]
    fn marks_of_ascii_are_those_that_are_written_between_words() {
        let marks: String = (0..0x80_u8)
            .map(char::from)
            .filter(|&c| is_mark(c))
            .collect();
        assert_eq!(marks, "!\"'(),.:;?[]");
    }
}
