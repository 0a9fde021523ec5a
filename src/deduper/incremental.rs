//! What does an index need from a deduper, for texts that are signed already?

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::OnceLock;

use crate::deduper::Deduper;
use crate::deduper::corpus::Corpus;
use crate::deduper::groups::Groups;
use crate::deduper::judging;
use crate::deduper::neighbours::{NearPair, Nearby, nearness};
use crate::deduper::related;
use crate::deduper::relevance::Relevance;
use crate::deduper::settings::Config;
use crate::deduper::sketch::Sketch;
use crate::deduper::source::Source;
use crate::facts::Facts;
use crate::lsh::CandidatePair;
use crate::parallel::Pool;
use crate::signature::Seed;
use crate::stages::texts::TextWriter;
use crate::tables::Place;
use crate::verify::{Comparison, Figures};

impl Deduper {
    /// Are candidates found by bands and samples?
    pub(crate) fn samples(&self) -> bool {
        self.0.samples()
    }

    /// A deduper that makes the same clusters, and does not look for relations.
    pub(crate) fn without_relations(&self) -> Self {
        let mut config = self.0.clone();
        config.relations = false;
        Self(config)
    }

    /// Number of worker threads, if it is set.
    pub(crate) fn threads(&self) -> Option<usize> {
        self.0.threads
    }

    /// The texts that the first text is a copy of. The first text is on the left of each comparison. `facts` are those of the documents;
    /// no two documents may have one folded text. `relevance` is that of each other text to the first one. `known` are pairs of other texts
    /// that are one work, by their positions: as in a batch run, they count as one where works are evidence. A text is read only if it is
    /// compared.
    pub(crate) fn copies_of_first(
        &self,
        documents: &Source<'_>,
        facts: &[&Facts],
        relevance: &[Relevance],
        known: Vec<CandidatePair>,
    ) -> Vec<(usize, Comparison)> {
        let corpus = self.0.corpus_of_facts(documents, facts, |_, _| false);
        let near = self.near_pairs(facts, relevance);
        let places = places_of_first(&near, facts.len());
        let candidates = |places_of_round: Range<usize>| {
            let candidates = near.iter().filter(|pair| pair.is_candidate());
            let of_round =
                candidates.filter(|pair| places_of_round.contains(&places[pair.b as usize]));
            of_round.copied().collect::<Vec<NearPair>>()
        };
        let [first, last] = ROUNDS;
        let accepted = judging::accepted_of_first(
            &Nearby::new(&corpus, &near).with_known(known),
            &candidates(0..first),
            &candidates(first..last),
            &Pool::of_caller(&()),
        );
        let copies = accepted.into_iter();
        copies
            .map(|pair| (pair.b as usize, pair.comparison))
            .collect()
    }

    /// The texts that the first text contains or is inside of, with the first on the left. `frequency` returns how many texts have a seed
    /// (by its key), without the first one. Otherwise as [`copies_of_first`](Self::copies_of_first).
    pub(crate) fn inside_of_first(
        &self,
        documents: &Source<'_>,
        facts: &[&Facts],
        frequency: impl Fn(u64) -> u32,
    ) -> Vec<(usize, Comparison)> {
        // As in a batch run, seeds that no other text has are left out.
        let is_shared = |position: usize, seed: &Seed| position > 0 || frequency(seed.key) > 0;
        let corpus = self.0.corpus_of_facts(documents, facts, is_shared);
        let others = facts.iter().skip(1).flat_map(|facts| facts.seeds());
        let others = others.map(|seed| (seed.key, frequency(seed.key)));
        let mut frequencies: BTreeMap<u64, u32> = others.filter(|&(_, texts)| texts > 0).collect();
        let of_first = corpus.seeds(0).iter();
        frequencies.extend(of_first.map(|seed| (seed.key, 1 + frequency(seed.key))));
        let found = related::of_first(&corpus, frequencies.into_iter()).into_iter();
        let compared = found.map(|found| {
            let comparison = Comparison {
                relation: found.relation,
                overlap: found.overlap,
                figures: Figures::default(),
            };
            (found.pair.1 as usize, comparison)
        });
        compared.collect()
    }

    /// All pairs that a decision may need: the first text with each other text, and texts that may be its copies with texts near them.
    fn near_pairs(&self, facts: &[&Facts], relevance: &[Relevance]) -> Vec<NearPair> {
        let with_first = (1..)
            .zip(relevance)
            .map(|(b, relevance)| relevance.pair(0, b));
        let mut near: Vec<NearPair> = with_first.collect();
        for a in 1..facts.len() {
            for b in a + 1..facts.len() {
                if !relevance[a - 1].may_be_copies() && !relevance[b - 1].may_be_copies() {
                    continue;
                }
                let pair = NearPair {
                    a: a as u32,
                    b: b as u32,
                    nearness: nearness(facts[a].sample().shared(facts[b].sample())),
                    open: std::iter::empty().collect(),
                };
                near.extend(Some(pair).filter(NearPair::is_near));
            }
        }
        near
    }

    /// All settings that decide a result, in words. The bounds follow from the threshold and from this version of the crate.
    pub(crate) fn stamp(&self) -> String {
        let config = &self.0;
        let settings = config.describe();
        let limits = settings.limits.map_or("none".to_owned(), |limits| {
            format!("{} {}", limits.containment, limits.passage)
        });
        let date_order = settings.day_order.map(|order| order.to_string());
        format!(
            "threshold {}, level {}, drift {}, containment and passage {limits}, keep {}, date order {}, apart {}, min-sources {}",
            settings.threshold,
            settings.level,
            config.drift,
            settings.keep,
            date_order.unwrap_or("by the dates".to_owned()),
            settings.apart.as_deref().unwrap_or("none"),
            settings.min_sources,
        )
    }
}

impl Config {
    /// A corpus of these documents, made from their facts. Each document has its own text.
    fn corpus_of_facts<'d>(
        &'d self,
        documents: &Source<'d>,
        facts: &[&Facts],
        has_seed: impl Fn(usize, &Seed) -> bool,
    ) -> Corpus<'d> {
        let writer = TextWriter::new(None, 0);
        let sketches = facts.iter().enumerate().map(|(position, facts)| {
            let seeds = facts.seeds().iter().filter(|seed| has_seed(position, seed));
            let seeds: Vec<Seed> = seeds.copied().collect();
            let mut sketch = facts.sketch().clone();
            let kept = writer.keep(&mut sketch, facts.slots(), &seeds);
            // The folded text is kept nowhere. It is made from the document when it is needed.
            Sketch::new(position, &sketch, Place::default(), kept)
        });
        let sketches: Vec<Sketch> = sketches.collect();
        // Nothing was written to disk, so this can't fail.
        let (texts, seeds) = writer.finish().unwrap_or_default();
        let positions: Vec<u32> = (0..facts.len() as u32).collect();
        let order: Vec<usize> = (0..facts.len()).collect();
        Corpus {
            settled: self,
            documents: documents.clone(),
            groups: Groups::new(&positions, &order),
            sketches,
            apart: Vec::new(),
            texts,
            seeds,
            folded_again: vec![OnceLock::new(); facts.len()],
        }
    }
}

/// Number of texts with which a text is compared at first: its nearest texts, and texts that have it among their nearest. If one of these
/// is alike, more texts are compared. The two numbers are those of the first and the last round of a batch run.
const ROUNDS: [usize; 2] = {
    let [first, .., last] = judging::ROUNDS;
    [first as usize, last as usize]
};

/// For each text, the smaller of two places: its place among the texts near the first one, and the place of the first one among the texts
/// near it.
fn places_of_first(near: &[NearPair], texts: usize) -> Vec<usize> {
    let mut to_first = vec![0.0; texts];
    for pair in near.iter().filter(|pair| pair.a == 0) {
        to_first[pair.b as usize] = pair.nearness;
    }
    let (mut of_first, mut of_text) = (vec![0; texts], vec![0; texts]);
    let with_first = &near[..near.partition_point(|pair| pair.a == 0)];
    for pair in near {
        let (a, b) = (pair.a as usize, pair.b as usize);
        if a > 0 {
            of_text[a] += usize::from(pair.nearness > to_first[a]);
            of_text[b] += usize::from(pair.nearness > to_first[b]);
        } else {
            let nearer = with_first
                .iter()
                .filter(|other| other.is_candidate() && other.nearness > pair.nearness);
            of_first[b] = nearer.count();
        }
    }
    of_first
        .into_iter()
        .zip(of_text)
        .map(|(of_first, of_text): (usize, usize)| of_first.min(of_text))
        .collect()
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;
    use std::io;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;
    use crate::document::Documents;
    use crate::signature::mix;

    /// Documents that count how often their texts are read.
    struct Read {
        texts: Vec<String>,
        ids: Vec<String>,
        times: Vec<AtomicUsize>,
    }

    impl Documents for Read {
        fn len(&self) -> usize {
            self.texts.len()
        }

        fn id(&self, position: usize) -> &str {
            &self.ids[position]
        }

        fn text(&self, position: usize) -> io::Result<Cow<'_, str>> {
            self.times[position].fetch_add(1, Ordering::Relaxed);
            Ok(self.texts[position].as_str().into())
        }
    }

    /// Copies of one text of 150 words, each with another letter in a few words of its own.
    fn misread(copies: u64) -> Read {
        let word = |at: u64, copy: u64| {
            let letters = (0..4 + at % 4).map(|i| char::from(b'a' + (mix(at << 8 | i) % 20) as u8));
            let word: String = letters.collect();
            let is_misread = at == copy || mix(at ^ copy << 32).is_multiple_of(30);
            match copy > 0 && is_misread {
                true => format!("z{}", &word[1..]),
                false => word,
            }
        };
        let text = |copy: u64| {
            let words = (0..150).map(|at| word(at, copy));
            words.collect::<Vec<_>>().join(" ")
        };
        Read {
            texts: (0..copies).map(text).collect(),
            ids: (0..copies).map(|copy| format!("{copy:03}")).collect(),
            times: (0..copies).map(|_| AtomicUsize::new(0)).collect(),
        }
    }

    impl Read {
        fn signed(&self, deduper: &Deduper) -> Vec<Facts> {
            let texts = self.texts.iter();
            texts.map(|text| deduper.facts(text)).collect()
        }
    }

    /// How each other text is related to the first one.
    fn relevance(deduper: &Deduper, facts: &[&Facts]) -> Vec<Relevance> {
        let others = facts[1..].iter();
        let relevance = others.map(|other| deduper.relevance(facts[0], other));
        relevance.collect()
    }

    #[test]
    fn each_text_that_is_compared_is_read_once() {
        let deduper = Deduper::default();
        let documents = misread(40);
        let facts = documents.signed(&deduper);
        let facts: Vec<&Facts> = facts.iter().collect();
        let relevance = relevance(&deduper, &facts);
        let source = Source::new(&documents);
        let copies = deduper.copies_of_first(&source, &facts, &relevance, Vec::new());
        assert!(copies.len() > 4, "{}", copies.len());
        let times = documents.times.iter();
        let most = times.map(|times| times.load(Ordering::Relaxed)).max();
        assert_eq!(most, Some(1));
    }

    #[test]
    fn texts_that_are_known_to_be_one_work_are_one_voter() {
        let deduper = Deduper::default();
        let documents = misread(6);
        let facts = documents.signed(&deduper);
        let facts: Vec<&Facts> = facts.iter().collect();
        let source = Source::new(&documents);
        let corpus = deduper.0.corpus_of_facts(&source, &facts, |_, _| false);
        let near = deduper.near_pairs(&facts, &relevance(&deduper, &facts));
        let voters = |known: &[CandidatePair]| {
            let nearby = Nearby::new(&corpus, &near).with_known(known.to_vec());
            let work_of = judging::known_works(&nearby);
            nearby.voters(0, 1, |text| work_of[text as usize]).len()
        };
        assert_eq!(voters(&[]), 4);
        // By hand: 2 is a copy of 1, and 3 and 4 are one work. So 3 or 4 votes, and 5.
        assert_eq!(voters(&[(1, 2), (3, 4)]), 2);
    }
}
