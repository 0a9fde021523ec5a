//! Which new documents are in a reference collection, as copies or inside other documents?
//!
//! Both collections go through the stages together, so that each judgement can use all documents as evidence. Only pairs of a new
//! document and a reference document are compared: pairs of references are of no interest, and pairs of new documents are compared
//! in the run that follows.

mod contained;
mod joined;

use std::collections::HashSet;

use crate::deduper::corpus::Corpus;
use crate::deduper::judging;
use crate::deduper::neighbours::Nearby;
use crate::deduper::run::{Clock, Run};
use crate::deduper::settings::Config;
use crate::deduper::signed::Signed;
use crate::deduper::source::Source;
use crate::error::Error;
use crate::lsh::CandidatePair;
use crate::report::{Against, AgainstPair, Progress, RelatedPair, Stage};
use crate::verify::{Comparison, Figures, Relation};
use joined::{Joined, Sides};

/// Maximum number of listed pairs of documents with the same two texts. If there are more, each new document is listed with the first
/// reference only.
const MAX_LISTED_PAIRS: usize = 1000;

/// Finds the new documents that are copies of reference documents, contain them or are inside them. Also returns the result of signing the
/// new documents.
pub(super) fn against(
    config: &Config,
    new: &Source<'_>,
    reference: &Source<'_>,
    progress: &dyn Progress,
) -> Result<(Against, Signed), Error> {
    // The field that keeps documents apart concerns only documents of one collection. The values of references may differ from those of all
    // new documents.
    let config = &Config {
        apart: None,
        ..config.clone()
    };
    let joined = Joined::new(new, reference)?;
    let run = Run::new(config, &Source::new(&joined), progress, &())?;
    let mut clock = Clock::start();
    let (mut corpus, bytes) = run.sign_anew(None)?;
    let sides = Sides::new(&corpus.groups, new.len());
    clock.lap(Stage::Sign);
    let near = run.search_across(&corpus, &sides.smaller(), |pair| sides.meet(pair))?;
    let candidates = near.iter().filter(|pair| pair.is_candidate()).count();
    clock.lap(Stage::Search);
    let copies = {
        let nearby = Nearby::new(&corpus, &near);
        judging::verdicts(&nearby, &run.pool, progress).1
    };
    drop(near);
    if config.relations {
        corpus.hold_shared_seeds(&run.pool)?;
    }
    let comparing = Comparing {
        corpus: &corpus,
        new,
        reference,
    };
    let mut pairs = comparing.equal();
    for copy in &copies {
        comparing.list((copy.a, copy.b), &copy.comparison, &mut pairs);
    }
    clock.lap(Stage::Verify);
    if config.relations {
        let known: HashSet<CandidatePair> = copies.iter().map(|copy| (copy.a, copy.b)).collect();
        let related = contained::relations(&corpus, &sides, &known, &run.pool, progress)?;
        pairs.extend(
            related
                .into_iter()
                .filter_map(|pair| comparing.related(pair)),
        );
    }
    clock.lap(Stage::Relate);
    corpus.check()?;
    new.check()?;
    reference.check()?;
    let ids = |pair: &AgainstPair| (pair.document.id.clone(), pair.reference.id.clone());
    pairs.sort_by_cached_key(ids);
    let against = Against {
        pairs,
        documents: new.len(),
        references: reference.len(),
        candidate_pairs: candidates,
        settings: config.describe(),
        timings: clock.into_laps(),
    };
    Ok((against, Signed::new(corpus, new, &bytes)))
}

/// The two collections, and their joint corpus.
struct Comparing<'c> {
    corpus: &'c Corpus<'c>,
    new: &'c Source<'c>,
    reference: &'c Source<'c>,
}

impl Comparing<'_> {
    /// Pairs with the same folded text.
    fn equal(&self) -> Vec<AgainstPair> {
        let mut pairs = Vec::new();
        for text in 0..self.corpus.groups.len() as u32 {
            let (new, references) = self.split(text);
            for (document, reference) in listed(&new, &references, |document, reference| {
                self.new.text(document) == self.reference.text(reference)
            }) {
                let exact = self.new.text(document) == self.reference.text(reference);
                let relation = if exact {
                    Relation::Exact
                } else {
                    Relation::SameText
                };
                pairs.extend(self.pair(document, reference, Comparison::equal(relation)));
            }
        }
        pairs
    }

    /// Adds the pairs of documents whose texts are copies, with the comparison of the texts.
    fn list(&self, (a, b): CandidatePair, comparison: &Comparison, pairs: &mut Vec<AgainstPair>) {
        for (left, right, comparison) in [(a, b, *comparison), (b, a, comparison.swapped())] {
            let (new, _) = self.split(left);
            let (_, references) = self.split(right);
            let listed = listed(&new, &references, |_, _| false);
            pairs
                .extend(listed.filter_map(|(document, reference)| {
                    self.pair(document, reference, comparison)
                }));
        }
    }

    /// The new documents with a text, and the reference documents with it, each by its position in its own collection.
    fn split(&self, text: u32) -> (Vec<usize>, Vec<usize>) {
        let group = self.corpus.groups[text as usize].iter().copied();
        let (new, references): (Vec<usize>, Vec<usize>) =
            group.partition(|&document| document < self.new.len());
        let references = references
            .into_iter()
            .map(|document| document - self.new.len());
        (new, references.collect())
    }

    /// A pair without passages. `None` if one of the two is a part, because a part is no document of the input.
    fn pair(
        &self,
        document: usize,
        reference: usize,
        comparison: Comparison,
    ) -> Option<AgainstPair> {
        let whole =
            self.new.parent(document).is_none() && self.reference.parent(reference).is_none();
        whole.then(|| AgainstPair {
            document: self.new.named(document),
            reference: self.reference.named(reference),
            comparison,
            passages: Vec::new(),
        })
    }

    /// The pair with the new document on the left. `None` if both documents are from one collection.
    fn related(&self, pair: RelatedPair) -> Option<AgainstPair> {
        let pair = if pair.a.position < self.new.len() {
            pair
        } else {
            pair.swapped()
        };
        // If both collections have a text, pairs within one collection are found as well.
        let is_new = pair.a.position < self.new.len();
        let reference = pair
            .b
            .position
            .checked_sub(self.new.len())
            .filter(|_| is_new)?;
        let comparison = Comparison {
            relation: pair.relation,
            overlap: pair.overlap,
            figures: Figures::default(),
        };
        let found = self.pair(pair.a.position, reference, comparison)?;
        Some(AgainstPair {
            passages: pair.passages,
            ..found
        })
    }
}

/// All pairs, if they are few. Otherwise each new document with one reference: the first for which `best` holds, or else the first of all.
fn listed<'l>(
    new: &'l [usize],
    references: &'l [usize],
    best: impl Fn(usize, usize) -> bool + 'l,
) -> impl Iterator<Item = (usize, usize)> + 'l {
    let few = new.len() * references.len() <= MAX_LISTED_PAIRS;
    new.iter().flat_map(move |&document| {
        let chosen = match few {
            true => references,
            false => {
                let at = references
                    .iter()
                    .position(|&reference| best(document, reference));
                let at = at.unwrap_or(0);
                references.get(at..=at).unwrap_or_default()
            }
        };
        chosen.iter().map(move |&reference| (document, reference))
    })
}
