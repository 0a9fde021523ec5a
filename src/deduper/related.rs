//! Which documents that are no copies of each other are related, and by which passages?

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::ops::Range;

use crate::cluster::Anchored;
use crate::deduper::corpus::Corpus;
use crate::deduper::pairs::{Recent, tasks};
use crate::deduper::settings::Settled;
use crate::deduper::sketch::Sketch;
use crate::document::{Documents, Span, spans};
use crate::lsh::{BucketEntry, COMMON, CandidatePair, Meetings, meetings};
use crate::parallel::Pool;
use crate::report::{Passage, Progress, RelatedPair, Stage};
use crate::shingle::{ShingleSet, Shingler, Shingles};
use crate::signature::{SEED_SHINGLES, SEEDS_APART, Seed, seeds};
use crate::verify::{
    Comparison, FoldedPassage, Limits, Overlap, Reading, Relation, Stretch, passages, rare_anchors,
    relate, seed_anchors, stretches,
};

/// Share of the shorter text's seeds that a pair which meets by common phrases only must have, to be looked at.
const COMMON_SHARE: f64 = 0.2;

/// Share of the shorter text that must stand in common stretches for the two to be read, where no stretch is a passage.
const WORTH: f64 = 0.1;

/// Share of the common shingles that must stand in stretches through seeds, for no others to be looked for.
const SEEDED: f64 = 0.9;

/// Bytes that a worker keeps of the texts that it compared last.
const KEPT: usize = 24 << 20;

/// Documents of two texts that are listed pair by pair; where more have the same two texts, only the first of each text.
const LISTED: usize = 1000;

/// All relations of documents, by their ids: between those of different clusters, and of parts to the whole within one. The
/// seeds of all sketches are spent.
pub(super) fn relations<D: Documents + ?Sized>(
    corpus: &mut Corpus<'_, D>,
    limits: Limits,
    clusters: &[Anchored],
    pool: &Pool,
    progress: &dyn Progress,
) -> Vec<RelatedPair> {
    let homes = homes(corpus.groups.len(), clusters);
    let (meetings, mut candidates) = candidates(corpus, &homes);
    candidates.retain(|&(a, b)| !corpus.is_part_of(a, b));
    candidates.extend(parts_of_copies(limits, clusters));
    progress.begin(Stage::Relate, candidates.len());
    let corpus = &*corpus;
    let search = Search {
        corpus,
        limits,
        meetings: &meetings,
        homes: &homes,
    };
    let tasks = tasks(corpus, &candidates);
    let recent = || Recent::of(KEPT, Cut::bytes);
    let found = pool.map(tasks.len(), recent, |cuts, task| {
        let found = tasks[task].iter().filter_map(|&pair| {
            let cut = |text| corpus.settled.cut(&corpus.sketches[text as usize]);
            let (left, right) = cuts.pair(pair, corpus, cut)?;
            search.find(pair, left, right)
        });
        let found: Vec<Found> = found.collect();
        progress.advance(Stage::Relate, tasks[task].len());
        found
    });
    let found: Vec<Found> = found.into_iter().flatten().collect();
    let mut found = search.locate(&found, pool);
    found.sort_by(|x, y| (&x.a.id, &x.b.id).cmp(&(&y.a.id, &y.b.id)));
    found
}

fn standing(stretches: &[(Stretch, usize)]) -> usize {
    stretches.iter().map(|(stretch, _)| stretch.shingles).sum()
}

/// The canonical copy of each text, itself where it is alone.
fn homes(texts: usize, clusters: &[Anchored]) -> Vec<u32> {
    let mut homes: Vec<u32> = (0..texts as u32).collect();
    for cluster in clusters {
        for &(copy, _) in &cluster.copies {
            homes[copy as usize] = cluster.canonical;
        }
    }
    homes
}

/// Copies in one cluster of which one is but a part of the canonical one, or the other way round.
fn parts_of_copies(limits: Limits, clusters: &[Anchored]) -> impl Iterator<Item = CandidatePair> {
    let copies = clusters.iter().flat_map(|cluster| {
        let copies = cluster.copies.iter();
        copies.map(|&(copy, comparison)| (cluster.canonical, copy, comparison))
    });
    copies.filter_map(move |(canonical, copy, comparison)| {
        limits.containment(comparison.overlap, true)?;
        Some((canonical.min(copy), canonical.max(copy)))
    })
}

/// Pairs that have a rare seed in common, or so many common ones that one may be inside the other.
fn candidates<D: Documents + ?Sized>(
    corpus: &mut Corpus<'_, D>,
    clusters: &[u32],
) -> (Meetings, Vec<CandidatePair>) {
    let mut entries = Vec::with_capacity(
        corpus
            .sketches
            .iter()
            .map(|sketch| sketch.seeds.len())
            .sum(),
    );
    let mut kept = Vec::with_capacity(corpus.sketches.len());
    for (position, sketch) in (0..).zip(&mut corpus.sketches) {
        let keys = std::mem::take(&mut sketch.seeds);
        kept.push(keys.len());
        entries.extend(keys.iter().map(|&key| BucketEntry { key, position }));
    }
    let lengths: Vec<usize> = corpus.sketches.iter().map(|sketch| sketch.length).collect();
    let meetings = meetings(entries, clusters, &lengths);
    let of_shorter = |(a, b): CandidatePair| kept[a as usize].min(kept[b as usize]) as f64;
    let worth = meetings.meetings.iter().filter(|meeting| {
        meeting.rare > 0 || f64::from(meeting.common) >= COMMON_SHARE * of_shorter(meeting.pair)
    });
    let pairs = worth.map(|meeting| meeting.pair).collect();
    (meetings, pairs)
}

/// A text as it is compared: folded, its shingles, and its seeds in two orders.
struct Cut<'t> {
    folded: &'t str,
    shingles: Shingles,
    by_key: Vec<Seed>,
    by_place: Vec<Seed>,
    set: OnceCell<ShingleSet>,
    windows: OnceCell<Vec<(u32, u32)>>,
}

impl<'t> Cut<'t> {
    /// About how many it takes for a text: the hash, kind and place of each shingle, the set of them, and its seeds.
    fn bytes(sketch: &Sketch) -> usize {
        30 * sketch.shingles + sketch.length
    }

    fn set(&self) -> &ShingleSet {
        self.set
            .get_or_init(|| ShingleSet::of(&self.shingles.hashes))
    }

    fn reading(&self, shingler: &Shingler) -> Reading<'_> {
        let windows = self
            .windows
            .get_or_init(|| shingler.places(self.folded, self.shingles.hashes.len()));
        Reading::over(self.folded, windows)
    }
}

impl Settled {
    fn cut<'t>(&self, sketch: &'t Sketch) -> Cut<'t> {
        let folded: &str = &sketch.folded;
        let mut shingles = Shingles::with_capacity(sketch.shingles);
        self.shingler.cut_into(folded, &mut shingles);
        let by_place = seeds(&shingles);
        let mut by_key = by_place.clone();
        by_key.sort_unstable();
        Cut {
            folded,
            shingles,
            by_key,
            by_place,
            set: OnceCell::new(),
            windows: OnceCell::new(),
        }
    }
}

/// Two texts that are related.
struct Found {
    pair: CandidatePair,
    comparison: Comparison,
    passages: Vec<FoldedPassage>,
}

struct Search<'s, 'd, D: ?Sized> {
    corpus: &'s Corpus<'d, D>,
    limits: Limits,
    meetings: &'s Meetings,
    homes: &'s [u32],
}

impl<D: Documents + ?Sized> Search<'_, '_, D> {
    /// The relation of two texts, if they have one.
    fn find(&self, pair: CandidatePair, l: &Cut<'_>, r: &Cut<'_>) -> Option<Found> {
        let mut common = self.stretches(l, r, seed_anchors(&l.by_key, &r.by_key));
        if !self.worth_reading(l, r, &common) {
            return None;
        }
        let overlap = Overlap::of(l.set(), r.set());
        let together = self.homes[pair.0 as usize] == self.homes[pair.1 as usize];
        let inside = self.limits.containment(overlap, together).is_some();
        if inside && (standing(&common) as f64) < SEEDED * overlap.shared as f64 {
            // Where much is damaged, seeds lead to half of the stretches only.
            let anchors = rare_anchors(&l.shingles.hashes, &r.shingles.hashes);
            common = self.stretches(l, r, anchors);
        }
        let shingler = &self.corpus.settled.shingler;
        let mut passages = passages(&l.reading(shingler), &r.reading(shingler), &common);
        let weights = (
            shingler.length(&l.shingles.kinds),
            shingler.length(&r.shingles.kinds),
        );
        let relation = relate(self.limits, together, overlap, weights, &passages)?;
        passages.retain(|passage| passage.weight >= self.limits.passage);
        let comparison = Comparison {
            relation,
            overlap,
            ..Comparison::default()
        };
        Some(Found {
            pair,
            comparison,
            passages,
        })
    }

    /// The common stretches through these anchors, each with the number of documents that have it.
    fn stretches(
        &self,
        left: &Cut<'_>,
        right: &Cut<'_>,
        anchors: Vec<(usize, usize)>,
    ) -> Vec<(Stretch, usize)> {
        let found = stretches(&left.shingles.hashes, &right.shingles.hashes, anchors);
        let counted = found
            .into_iter()
            .map(|stretch| (stretch, self.documents(left, &stretch)));
        counted.collect()
    }

    /// Does enough of the shorter text stand in stretches, or is one of them a passage that tells something?
    fn worth_reading(
        &self,
        left: &Cut<'_>,
        right: &Cut<'_>,
        stretches: &[(Stretch, usize)],
    ) -> bool {
        let shorter = left.shingles.hashes.len().min(right.shingles.hashes.len());
        let telling = |&(stretch, documents): &(Stretch, usize)| {
            let kinds = &left.shingles.kinds[stretch.left..stretch.left + stretch.shingles];
            documents <= COMMON && self.corpus.settled.shingler.length(kinds) >= self.limits.passage
        };
        standing(stretches) as f64 >= WORTH * shorter as f64 || stretches.iter().any(telling)
    }

    /// In how many different documents a stretch of this text stands: in as many as its rarest seed. Near its ends, what comes
    /// before and behind decides which seeds are kept; a stretch that has none further inside is as common as its commonest.
    fn documents(&self, left: &Cut<'_>, stretch: &Stretch) -> usize {
        let end = stretch.left + stretch.shingles;
        let place = |shingle: usize| {
            left.by_place
                .partition_point(|seed| (seed.shingle as usize) < shingle)
        };
        let within = &left.by_place[place(stretch.left)..place(end)];
        let inside = stretch.left + SEEDS_APART..end.saturating_sub(SEEDS_APART + SEED_SHINGLES);
        let frequency = |seed: &Seed| self.meetings.frequency(seed.key);
        let sure = within
            .iter()
            .filter(|seed| inside.contains(&(seed.shingle as usize)));
        let rarest = sure.map(frequency).filter(|&documents| documents > 1).min();
        rarest
            .or_else(|| within.iter().map(frequency).max())
            .unwrap_or(2)
            .max(2)
    }

    /// The related pairs of documents, with their passages as they stand in the originals.
    fn locate(&self, found: &[Found], pool: &Pool) -> Vec<RelatedPair> {
        let mut places = Places::default();
        for found in found {
            for (a, b) in self.listed(found.pair) {
                places.want(a, found.passages.iter().map(|passage| &passage.left));
                places.want(b, found.passages.iter().map(|passage| &passage.right));
            }
        }
        let mut places = places.found(self.corpus, pool);
        let mut related = Vec::new();
        for found in found {
            for (a, b) in self.listed(found.pair) {
                let passages = found.passages.iter().map(|passage| Passage {
                    left: places.next(a),
                    right: places.next(b),
                    common: passage.common,
                    documents: passage.documents,
                });
                related.push(self.related(found.comparison, a, b, passages.collect()));
            }
        }
        related
    }

    /// The documents of two texts, pair by pair.
    fn listed(&self, (a, b): CandidatePair) -> impl Iterator<Item = (usize, usize)> {
        let [a, b] = [a, b].map(|text| self.corpus.groups[text as usize].as_slice());
        let few = a.len() * b.len() <= LISTED;
        let [a, b] = [a, b].map(|group| if few { group } else { &group[..1] });
        let pairs = a
            .iter()
            .flat_map(move |&left| b.iter().map(move |&right| (left, right)));
        let whole = |position| self.corpus.documents.whole(position);
        pairs.filter(move |&(left, right)| whole(left) != Some(right) && whole(right) != Some(left))
    }

    /// The pair with the container first, or else the smaller id.
    fn related(
        &self,
        comparison: Comparison,
        a: usize,
        b: usize,
        passages: Vec<Passage>,
    ) -> RelatedPair {
        let [a, b] = [a, b].map(|position| self.corpus.document(position));
        let pair = RelatedPair {
            a,
            b,
            comparison,
            passages,
        };
        let backwards = match comparison.relation {
            Relation::Within => true,
            Relation::Contains => false,
            _ => pair.b.id < pair.a.id,
        };
        if backwards { pair.swapped() } else { pair }
    }
}

/// Ranges of folded texts on their way to the originals: each document is looked through once for all.
#[derive(Default)]
struct Places {
    wanted: BTreeMap<usize, Vec<Range<usize>>>,
}

impl Places {
    fn want<'r>(&mut self, document: usize, ranges: impl Iterator<Item = &'r Range<usize>>) {
        self.wanted
            .entry(document)
            .or_default()
            .extend(ranges.cloned());
    }

    fn found<D: Documents + ?Sized>(self, corpus: &Corpus<'_, D>, pool: &Pool) -> FoundPlaces {
        let wanted: Vec<(usize, Vec<Range<usize>>)> = self.wanted.into_iter().collect();
        let found = pool.map(
            wanted.len(),
            || (),
            |(), i| {
                let (document, ranges) = &wanted[i];
                let text = corpus.documents.text(*document);
                let located = corpus.settled.normalizer.locate(&text, ranges);
                (*document, spans(&text, &located).into_iter())
            },
        );
        FoundPlaces(found.into_iter().collect())
    }
}

/// What was wanted, found: for each document in the order in which it was asked for.
struct FoundPlaces(BTreeMap<usize, std::vec::IntoIter<Span>>);

impl FoundPlaces {
    fn next(&mut self, document: usize) -> Span {
        let spans = self.0.get_mut(&document);
        spans.and_then(Iterator::next).unwrap_or_default()
    }
}
