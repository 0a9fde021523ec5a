//! How are candidate pairs decided? First each by itself; those that are one work beyond doubt count once from then on. Then
//! those that remain, with what other works near them say.

use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

use crate::cluster::{AcceptedPair, UnionFind};
use crate::deduper::corpus::Corpus;
use crate::deduper::pairs::tasks;
use crate::document::Documents;
use crate::lsh::CandidatePair;
use crate::parallel::Pool;
use crate::report::{Progress, Stage};
use crate::signature::Shared;
use crate::verify::{Alignment, Comparison, Evidence, Measures, PreparedText, Voter, judge};

/// Bytes of prepared texts, and of alignments, that a worker keeps.
const CACHE_BYTES: usize = 4 << 20;

/// Other works that are asked about a pair. With 2, 4 and 8 of them, 542, 227 and 70 filled-in forms stayed joined.
const MAX_VOTERS: usize = 8;

/// Other works that are remembered for each text.
const MAX_NEIGHBOURS: usize = 12;

/// Share of the sampled grams of the shorter text from which another work is near.
const NEAR: f64 = 0.15;

/// A pair that is alike by some ground.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(super) struct JudgedPair {
    pub(super) a: u32,
    pub(super) b: u32,
    pub(super) comparison: Comparison,
    /// One work beyond doubt?
    pub(super) certain: bool,
}

/// Which texts are one work, and which other works are near each text.
#[derive(Debug, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(super) struct Works {
    work_of: Vec<u32>,
    near: Vec<Vec<u32>>,
}

impl Works {
    /// Counts as one what is one beyond doubt; `met` are all pairs that the search met.
    pub(super) fn new<D: Documents + ?Sized>(
        corpus: &Corpus<'_, D>,
        judged: &[JudgedPair],
        met: &[CandidatePair],
    ) -> Self {
        let texts = corpus.sketches.len();
        let mut works = UnionFind::new(texts);
        for pair in judged.iter().filter(|pair| pair.certain) {
            works.join(pair.a, pair.b);
        }
        let work_of: Vec<u32> = (0..texts as u32).map(|text| works.find(text)).collect();
        let mut scored: Vec<Vec<(f64, u128, u32)>> = vec![Vec::new(); texts];
        for &(a, b) in met {
            let score = nearness(corpus.sampled(a, b));
            if work_of[a as usize] != work_of[b as usize] && score >= NEAR {
                let digest = |text: u32| corpus.sketches[text as usize].digest;
                scored[a as usize].push((score, digest(b), b));
                scored[b as usize].push((score, digest(a), a));
            }
        }
        let near = scored.into_iter().map(|mut scored| {
            scored.sort_by(|x, y| y.0.total_cmp(&x.0).then(x.1.cmp(&y.1)));
            let mut seen = BTreeSet::new();
            scored.retain(|&(_, _, text)| seen.insert(work_of[text as usize]));
            scored.truncate(MAX_NEIGHBOURS);
            scored.into_iter().map(|(_, _, text)| text).collect()
        });
        Self {
            near: near.collect(),
            work_of,
        }
    }

    /// The nearest other works of both of two texts, the nearest first.
    fn voters<D: Documents + ?Sized>(&self, corpus: &Corpus<'_, D>, a: u32, b: u32) -> Vec<u32> {
        let work = |text: u32| self.work_of[text as usize];
        let near = self.near[a as usize].iter().chain(&self.near[b as usize]);
        let near: BTreeSet<u32> = near.copied().collect();
        let others = near.into_iter().filter(|&text| work(text) != work(a) && work(text) != work(b));
        let scored = others.map(|text| {
            let score = nearness(corpus.sampled(a, text)).min(nearness(corpus.sampled(b, text)));
            (score, corpus.sketches[text as usize].digest, text)
        });
        // Two items of one form have no more in common with each other than with other items.
        let least = NEAR.max(corpus.settled.bounds.voter * nearness(corpus.sampled(a, b)));
        let mut scored: Vec<(f64, u128, u32)> = scored.filter(|other| other.0 >= least).collect();
        scored.sort_by(|x, y| y.0.total_cmp(&x.0).then(x.1.cmp(&y.1)));
        let mut seen = BTreeSet::new();
        scored.retain(|&(_, _, text)| seen.insert(work(text)));
        scored.truncate(MAX_VOTERS);
        scored.into_iter().map(|(_, _, text)| text).collect()
    }
}

/// Share of the sampled grams of the text that has fewer, that the other has too.
fn nearness(shared: Shared) -> f64 {
    shared.keys as f64 / shared.left.min(shared.right).max(1) as f64
}

/// What one worker has at hand.
pub(super) struct Desk<'c, D: ?Sized> {
    corpus: &'c Corpus<'c, D>,
    works: Option<&'c Works>,
    texts: HashMap<u32, Rc<PreparedText<'c>>>,
    text_bytes: usize,
    alignments: HashMap<CandidatePair, Rc<Alignment>>,
    alignment_bytes: usize,
}

impl<'c, D: Documents + ?Sized> Desk<'c, D> {
    pub(super) fn new(corpus: &'c Corpus<'c, D>, works: Option<&'c Works>) -> Self {
        Self {
            corpus,
            works,
            texts: HashMap::new(),
            text_bytes: 0,
            alignments: HashMap::new(),
            alignment_bytes: 0,
        }
    }

    fn text(&mut self, text: u32) -> Rc<PreparedText<'c>> {
        if let Some(known) = self.texts.get(&text) {
            return Rc::clone(known);
        }
        let sketch = &self.corpus.sketches[text as usize];
        let bytes = 16 * sketch.shingles + 20 * sketch.letters + sketch.folded.fetched_bytes();
        if self.text_bytes + bytes > CACHE_BYTES {
            self.texts.clear();
            self.text_bytes = 0;
        }
        self.text_bytes += bytes;
        let prepared = Rc::new(self.corpus.prepared(text));
        self.texts.insert(text, Rc::clone(&prepared));
        prepared
    }

    /// How `a` runs beside `b`.
    fn alignment(&mut self, a: u32, b: u32) -> Rc<Alignment> {
        if let Some(known) = self.alignments.get(&(a, b)) {
            return Rc::clone(known);
        }
        let (left, right) = (self.text(a), self.text(b));
        let alignment = Alignment::new(left.letters(), right.letters());
        if self.alignment_bytes + 2 * alignment.bytes() > CACHE_BYTES {
            self.alignments.clear();
            self.alignment_bytes = 0;
        }
        self.alignment_bytes += 2 * alignment.bytes() + 64;
        let (alignment, swapped) = (Rc::new(alignment.clone()), Rc::new(alignment.swapped()));
        self.alignments.insert((a, b), Rc::clone(&alignment));
        self.alignments.insert((b, a), swapped);
        alignment
    }

    /// A pair by itself, if it is alike by some ground.
    fn alone(&mut self, a: u32, b: u32) -> Option<JudgedPair> {
        let (left, right) = (self.text(a), self.text(b));
        let measures = Measures::new(&left, &right);
        let comparison = judge(&measures, None, &self.corpus.settled.bounds, false);
        comparison.figures.ground?;
        let certain = comparison.is_certain(&measures);
        Some(JudgedPair { a, b, comparison, certain })
    }

    /// What other works say of a pair; none where there are not two.
    fn evidence(&mut self, a: u32, b: u32) -> Option<Evidence> {
        let voters = self.works?.voters(self.corpus, a, b);
        if voters.len() < 2 {
            return None;
        }
        let (left, right) = (self.text(a), self.text(b));
        let pair = self.alignment(a, b);
        let aligned: Vec<_> = voters
            .iter()
            .map(|&voter| (self.text(voter), self.alignment(a, voter), self.alignment(b, voter)))
            .collect();
        let voters: Vec<Voter<'_>> = aligned
            .iter()
            .map(|(text, left, right)| Voter { letters: text.letters(), left, right })
            .collect();
        Some(Evidence::new([left.letters(), right.letters()], &pair, &voters))
    }

    /// A pair with all that is known.
    pub(super) fn together(&mut self, a: u32, b: u32, between: bool) -> Comparison {
        let evidence = self.evidence(a, b);
        let (left, right) = (self.text(a), self.text(b));
        let measures = Measures::new(&left, &right);
        judge(&measures, evidence.as_ref(), &self.corpus.settled.bounds, between)
    }
}

/// Decides on every pair by itself; returns those that are alike, ascending.
pub(super) fn alone<D: Documents + ?Sized>(
    corpus: &Corpus<'_, D>,
    pairs: &[CandidatePair],
    pool: &Pool,
    progress: &dyn Progress,
) -> Vec<JudgedPair> {
    let tasks = tasks(corpus, pairs);
    let judged = pool.map(
        tasks.len(),
        || Desk::new(corpus, None),
        |desk, task| {
            let judged = tasks[task].iter().filter_map(|&(a, b)| desk.alone(a, b));
            let judged: Vec<JudgedPair> = judged.collect();
            progress.advance(Stage::Verify, tasks[task].len());
            judged
        },
    );
    let mut judged = judged.concat();
    judged.sort_unstable_by_key(|pair| (pair.a, pair.b));
    judged
}

/// Decides on the pairs that are alike with what other works say.
pub(super) fn with_works<D: Documents + ?Sized>(
    corpus: &Corpus<'_, D>,
    works: &Works,
    judged: &[JudgedPair],
    pool: &Pool,
) -> Vec<AcceptedPair> {
    let open: Vec<CandidatePair> = judged
        .iter()
        .filter(|pair| !pair.certain)
        .map(|pair| (pair.a, pair.b))
        .collect();
    let tasks = tasks(corpus, &open);
    let decided = pool.map(
        tasks.len(),
        || Desk::new(corpus, Some(works)),
        |desk, task| {
            let decided = tasks[task].iter().map(|&(a, b)| {
                let comparison = desk.together(a, b, false);
                AcceptedPair { a, b, comparison }
            });
            decided.collect::<Vec<_>>()
        },
    );
    let certain = judged.iter().filter(|pair| pair.certain).map(|pair| AcceptedPair {
        a: pair.a,
        b: pair.b,
        comparison: pair.comparison,
    });
    let mut decided = decided.concat();
    decided.extend(certain);
    decided.sort_unstable_by_key(|pair| (pair.a, pair.b));
    decided
}
