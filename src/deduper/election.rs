//! Which copy of a cluster is kept, and why?

use std::cmp::{Ordering, Reverse};
use std::collections::{BTreeMap, HashSet};

use crate::cluster::{Anchored, Claim, reanchored};
use crate::damage::{Damage, Measured, measure};
use crate::deduper::corpus::Corpus;
use crate::deduper::fields::{Fields, Unread};
use crate::deduper::representatives::Standing;
use crate::verify::Comparison;

/// A cluster with the document that is kept.
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(super) struct Elected {
    pub(super) cluster: Anchored,
    /// The position in the input of the canonical copy. It is one of the documents with the text `cluster.canonical`.
    pub(super) document: usize,
    pub(super) reason: String,
    pub(super) metadata: BTreeMap<String, Vec<String>>,
    /// The documents that are kept in addition to the canonical copy.
    pub(super) others: Vec<Standing>,
    /// Values that the policy needs and that could not be read.
    pub(super) unread: Vec<Unread>,
    /// Does a date have two readings, which the other dates of its field may decide?
    pub(super) has_open_dates: bool,
    /// The damage of each document, by its position in the input, ascending.
    pub(super) damage: Vec<(usize, Damage)>,
}

/// A document that may be kept.
pub(super) struct Candidate {
    pub(super) text: u32,
    pub(super) document: usize,
    pub(super) claim: Claim,
}

/// What is known of the documents of a cluster before one of them is elected.
struct Candidates {
    /// All of them, in the order of the policy, the best first.
    candidates: Vec<Candidate>,
    /// The values that could not be read.
    unread: Vec<Unread>,
    has_open_dates: bool,
}

impl Corpus<'_> {
    /// Elects the copy of a cluster that is kept. `verdict` compares a canonical copy with another text and returns a comparison if they
    /// are copies.
    pub(super) fn elect(
        &self,
        cluster: &Anchored,
        fields: &Fields,
        mut verdict: impl FnMut(u32, u32) -> Option<Comparison>,
    ) -> Elected {
        let Candidates {
            candidates,
            unread,
            has_open_dates,
        } = self.candidates(cluster, fields);
        let mut preferred: Vec<u32> = candidates.iter().map(|candidate| candidate.text).collect();
        let mut seen = HashSet::new();
        preferred.retain(|&text| seen.insert(text));
        let mut cluster = reanchored(cluster, &preferred, &mut verdict);
        // Most clusters have one copy, in a list with room for four.
        cluster.copies.shrink_to_fit();
        let able = candidates
            .iter()
            .position(|candidate| candidate.text == cluster.canonical);
        let able = able.unwrap_or(0);
        let document = candidates[able].document;
        let reason = self.reason(&candidates, able);
        let others = self.representatives(&candidates, document, verdict);
        let damage = candidates
            .iter()
            .map(|candidate| (candidate.document, candidate.claim.damage));
        let mut damage: Vec<(usize, Damage)> = damage.collect();
        damage.sort_unstable_by_key(|&(document, _)| document);
        let metadata = self.merged(candidates, document);
        Elected {
            cluster,
            document,
            reason,
            metadata,
            others,
            unread,
            has_open_dates,
            damage,
        }
    }

    fn candidates(&self, cluster: &Anchored, fields: &Fields) -> Candidates {
        let documents = self.by_length(cluster);
        let texts = documents
            .iter()
            .map(|&(_, document)| self.documents.text(document));
        let measured = measure(texts);
        let candidates = documents.iter().zip(measured);
        let mut candidates: Vec<Candidate> = candidates
            .map(|(&(text, document), measured)| self.candidate(text, document, measured))
            .collect();
        let mut claims: Vec<&mut Claim> = candidates
            .iter_mut()
            .map(|candidate| &mut candidate.claim)
            .collect();
        let asks_for_dates = self.settled.policy.asks_for_dates();
        let unread = fields.read(&mut claims, asks_for_dates);
        let has_open_dates = fields.have_open_dates(&claims, asks_for_dates);
        candidates.sort_by(|a, b| {
            let is_part =
                |candidate: &Candidate| self.documents.parent(candidate.document).is_some();
            let (order, _) = self.settled.policy.compare(&a.claim, &b.claim);
            let order = is_part(a).cmp(&is_part(b)).then(order);
            order.then_with(|| {
                self.documents
                    .id(a.document)
                    .cmp(self.documents.id(b.document))
            })
        });
        Candidates {
            candidates,
            unread,
            has_open_dates,
        }
    }

    /// All documents of a cluster with their texts. The longest text of a usual length is first, and then the longer ones come first. This
    /// order depends neither on ids nor on the input.
    fn by_length(&self, cluster: &Anchored) -> Vec<(u32, usize)> {
        let copies = cluster.copies.iter().map(|&(copy, _)| copy);
        let mut texts: Vec<u32> = copies.chain([cluster.canonical]).collect();
        texts.sort_by_key(|&text| {
            let sketch = &self.sketches[text as usize];
            (Reverse(sketch.length()), sketch.digest)
        });
        put_pivot_first(&mut texts, |text| self.sketches[text as usize].length());
        let documents = texts.into_iter().flat_map(|text| {
            let group = self.groups[text as usize].iter();
            group.map(move |&document| (text, document))
        });
        documents.collect()
    }

    fn candidate(&self, text: u32, document: usize, measured: Measured) -> Candidate {
        let metadata = self.documents.metadata(document);
        let id = || self.documents.id(document).to_owned();
        let claim = Claim {
            body: measured.letters as usize,
            damage: measured.damage,
            length: self.sketches[text as usize].letters(),
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

    /// The metadata of all documents. Values of the elected document come first, then those of the others by id.
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
        let is_part = |candidate: &Candidate| self.documents.parent(candidate.document).is_some();
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
                _ => format!("tied with {}; kept by id", id(next)),
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

/// Maximum length of the text with which the others are aligned, in quarters of the median length. A longer text may be the same text
/// followed by another one. It would hide what the others lack.
const LONGEST_PIVOT: usize = 5;

/// Puts the longest text of a usual length before all others. `texts` must be ordered, the longest first. Of fewer than three texts, it is
/// not known which length is usual.
fn put_pivot_first(texts: &mut [u32], length: impl Fn(u32) -> usize) {
    if texts.len() < 3 {
        return;
    }
    let usual = length(texts[texts.len() / 2]);
    let fits = |&text: &u32| 4 * length(text) <= LONGEST_PIVOT * usual;
    if let Some(pivot) = texts.iter().position(fits) {
        texts[..=pivot].rotate_right(1);
    }
}
