//! Which texts are near each text, and by which grounds may two near texts be copies?

use crate::deduper::corpus::Corpus;
use crate::lsh::CandidatePair;
use crate::parallel::Pool;
use crate::signature::Shared;
use crate::verify::Grounds;

/// Two texts are near each other if they share at least this share of the sampled grams of the text that has fewer.
const NEAR: f32 = 0.15;

/// A pair from the search for candidates. The two texts are near each other or may be copies.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(super) struct NearPair {
    pub(super) a: u32,
    pub(super) b: u32,
    /// Shared sampled grams, as a share of those of the text that has fewer.
    pub(super) nearness: f32,
    /// The grounds by which the two may be copies. Empty if they are only near.
    pub(super) open: Grounds,
}

impl NearPair {
    /// Is the pair worth comparing?
    pub(super) fn is_candidate(&self) -> bool {
        !self.open.is_empty()
    }

    /// Are the two near each other? They need not be candidates for copies.
    pub(super) fn is_near(&self) -> bool {
        self.nearness >= NEAR
    }

    pub(super) fn pair(&self) -> CandidatePair {
        (self.a, self.b)
    }
}

/// Tests pairs from the search with the stored signatures and samples. Pairs that are neither near nor candidates are dropped.
pub(super) fn screened(corpus: &Corpus<'_>, met: &[CandidatePair], pool: &Pool) -> Vec<NearPair> {
    let chunks: Vec<&[CandidatePair]> = met.chunks(CHUNK).collect();
    let screened = pool.map(
        chunks.len(),
        || (),
        |(), i| {
            let pairs = chunks[i].iter().map(|&(a, b)| {
                let (shared, open) = corpus.hinted(a, b);
                NearPair {
                    a,
                    b,
                    nearness: nearness(shared),
                    open: open.without_drift(),
                }
            });
            let kept = pairs.filter(|pair| pair.is_candidate() || pair.is_near());
            kept.collect::<Vec<_>>()
        },
    );
    screened.concat()
}

/// Number of pairs in one chunk of work.
const CHUNK: usize = 1 << 12;

/// Shared sampled grams, as a share of those of the text that has fewer.
pub(super) fn nearness(shared: Shared) -> f32 {
    shared.keys as f32 / shared.left.min(shared.right).max(1) as f32
}

/// A pair, seen from one of its texts: the other text.
#[derive(Clone, Copy, Debug)]
struct Neighbour {
    text: u32,
    /// The place of the pair in the list of pairs.
    pair: u32,
}

/// The neighbours of each text, the nearest first. Equally near ones are ordered by their rank, so that no order depends on a position.
pub(super) struct Nearby<'n> {
    pub(super) corpus: &'n Corpus<'n>,
    pub(super) pairs: &'n [NearPair],
    neighbours: Vec<Neighbour>,
    /// Where the neighbours of each text start, and where those of the last text end.
    starts: Vec<u32>,
    /// Pairs of texts that are known to be one work before any pair is judged.
    pub(super) known: Vec<CandidatePair>,
}

impl<'n> Nearby<'n> {
    /// `pairs` must be ascending.
    pub(super) fn new(corpus: &'n Corpus<'n>, pairs: &'n [NearPair]) -> Self {
        let texts = corpus.sketches.len();
        let mut starts = vec![0_u32; texts + 1];
        for text in pairs.iter().flat_map(|pair| [pair.a, pair.b]) {
            starts[text as usize + 1] += 1;
        }
        for text in 0..texts {
            starts[text + 1] += starts[text];
        }
        let mut ends = starts.clone();
        let mut neighbours = vec![Neighbour { text: 0, pair: 0 }; 2 * pairs.len()];
        for (i, pair) in (0..).zip(pairs) {
            for (text, other) in [(pair.a, pair.b), (pair.b, pair.a)] {
                let end = &mut ends[text as usize];
                neighbours[*end as usize] = Neighbour {
                    text: other,
                    pair: i,
                };
                *end += 1;
            }
        }
        let nearest_first = |x: &Neighbour, y: &Neighbour| {
            let nearness = |neighbour: &Neighbour| pairs[neighbour.pair as usize].nearness;
            let order = nearness(y).total_cmp(&nearness(x));
            order.then_with(|| corpus.rank(x.text).cmp(&corpus.rank(y.text)))
        };
        for range in starts.windows(2) {
            neighbours[range[0] as usize..range[1] as usize].sort_by(nearest_first);
        }
        Self {
            corpus,
            pairs,
            neighbours,
            starts,
            known: Vec::new(),
        }
    }

    /// The same, with pairs of texts that are known to be one work.
    #[cfg(feature = "index")]
    pub(super) fn with_known(self, known: Vec<CandidatePair>) -> Self {
        Self { known, ..self }
    }

    /// The neighbours of a text, the nearest first.
    fn neighbours(&self, text: u32) -> &[Neighbour] {
        let [from, to] = [text, text + 1].map(|text| self.starts[text as usize] as usize);
        &self.neighbours[from..to]
    }

    /// The order of each pair among the pairs for which `counts` holds. Each of its two texts has a list of neighbours, the nearest first,
    /// and the pair has a place in both lists. Its order is the smaller of the two places.
    pub(super) fn order(&self, counts: impl Fn(u32) -> bool) -> Vec<u32> {
        let mut order = vec![u32::MAX; self.pairs.len()];
        for text in 0..self.corpus.sketches.len() as u32 {
            let counted = self.neighbours(text).iter();
            let counted = counted.filter(|neighbour| counts(neighbour.pair));
            for (place, neighbour) in (0..).zip(counted) {
                let known = &mut order[neighbour.pair as usize];
                *known = place.min(*known);
            }
        }
        order
    }

    /// As [`order`](Self::order), but only of `some` pairs; these are ascending.
    pub(super) fn order_of(&self, some: impl Iterator<Item = CandidatePair>) -> Vec<u32> {
        let at = |pair: CandidatePair| self.pairs.binary_search_by_key(&pair, NearPair::pair);
        let some: Vec<usize> = some.filter_map(|pair| at(pair).ok()).collect();
        let mut counts = vec![false; self.pairs.len()];
        some.iter().for_each(|&at| counts[at] = true);
        let order = self.order(|pair| counts[pair as usize]);
        some.iter().map(|&at| order[at]).collect()
    }

    /// Other works that are near both of two texts, the nearest first, each as one of its texts. `work_of` returns the work of a text.
    pub(super) fn voters(&self, a: u32, b: u32, mut work_of: impl FnMut(u32) -> u32) -> Vec<u32> {
        let works = [a, b].map(&mut work_of);
        // Two items of one form have no more in common with each other than with other items.
        let voter = self.corpus.settled.bounds.voter as f32;
        let least = NEAR.max(voter * self.nearness(a, b));
        let mut near = [a, b]
            .map(|text| self.near_works(text, least, &mut work_of))
            .concat();
        near.sort_unstable_by_key(|neighbour| neighbour.text);
        let both = near.chunk_by(|x, y| x.text == y.text);
        let both = both.map(|known| (self.nearness_to_both((a, b), known), known[0].text));
        let mut others: Vec<(f32, u32)> = both.filter(|&(nearness, _)| nearness >= least).collect();
        others.sort_by(|x, y| {
            let nearer = y.0.total_cmp(&x.0);
            nearer.then_with(|| self.corpus.rank(x.1).cmp(&self.corpus.rank(y.1)))
        });
        let others = others.into_iter().map(|(_, other)| other);
        one_of_each_work(others, |&other| work_of(other), &works, MAX_VOTERS)
    }

    /// Other works whose nearness to a text is at least `least`, the nearest first, each as one of its texts.
    fn near_works(
        &self,
        text: u32,
        least: f32,
        mut work_of: impl FnMut(u32) -> u32,
    ) -> Vec<Neighbour> {
        let nearness = |other: &&Neighbour| self.pairs[other.pair as usize].nearness;
        let others = self.neighbours(text).iter();
        let others = others.take_while(|other| nearness(other) >= least).copied();
        let own = work_of(text);
        one_of_each_work(others, |other| work_of(other.text), &[own], MAX_NEIGHBOURS)
    }

    /// The nearness of another text to two texts: the smaller of the two. `known` holds the other text as a neighbour of one or of both.
    fn nearness_to_both(&self, (a, b): CandidatePair, known: &[Neighbour]) -> f32 {
        let nearness = |of: &Neighbour| self.pairs[of.pair as usize].nearness;
        match known {
            [one] => {
                let pair = self.pairs[one.pair as usize].pair();
                let other = if [pair.0, pair.1].contains(&a) { b } else { a };
                nearness(one).min(self.nearness(other, one.text))
            }
            both => both.iter().map(nearness).fold(f32::INFINITY, f32::min),
        }
    }

    fn nearness(&self, a: u32, b: u32) -> f32 {
        nearness(self.corpus.sampled(a, b))
    }
}

/// The first element of each work, up to `most` elements. The works in `but` are skipped.
fn one_of_each_work<T>(
    all: impl Iterator<Item = T>,
    mut work_of: impl FnMut(&T) -> u32,
    but: &[u32],
    most: usize,
) -> Vec<T> {
    let mut seen = but.to_vec();
    let mut is_new = |one: &T| {
        let work = work_of(one);
        let is_new = !seen.contains(&work);
        if is_new {
            seen.push(work);
        }
        is_new
    };
    all.filter(|one| is_new(one)).take(most).collect()
}

/// Maximum number of other works that vote on a pair. With 2, 4 and 8 of them, 542, 227 and 70 filled-in forms stayed joined.
const MAX_VOTERS: usize = 8;

/// Maximum number of other works near each text that are considered as voters.
const MAX_NEIGHBOURS: usize = 12;
