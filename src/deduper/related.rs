//! Which documents that are no copies of each other are related, and by which passages?

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::ops::Range;

use crate::cluster::Anchored;
use crate::deduper::corpus::Corpus;
use crate::deduper::pairs::{Recent, tasks};
use crate::deduper::sketch::Sketch;
use crate::document::{Documents, Span, spans};
use crate::lsh::{BucketEntry, COMMON, CandidatePair, Meetings, Repeated, meetings};
use crate::parallel::Pool;
use crate::report::{Passage, Progress, RelatedPair, Stage};
use crate::shingle::{ShingleSet, Shingler, Shingles, units, weight};
use crate::signature::{SEED_UNITS, SEEDS_APART, Seed};
use crate::verify::{
    Comparison, FoldedPassage, Limits, Overlap, Relation, Stretch, passages, rare_anchors, relate,
    seed_anchors, stretches,
};

/// Share of the shorter text's seeds that a pair which meets by common phrases only must have, to be looked at.
const COMMON_SHARE: f64 = 0.2;

/// Share of the shorter text that must stand in common stretches for the two to be read, where no stretch is a passage.
const WORTH: f64 = 0.1;

/// Of what is shared, the part that must stand in stretches through seeds, for no others to be looked for.
const SEEDED: f64 = 0.9;

/// Share of the shorter text's seeds that a damaged text which is inside another one has kept: where every tenth character is
/// wrong, of 0.59 of its shingles about a fifth of its seeds.
const DAMAGED: f64 = 0.1;

/// Bytes that a worker keeps of the texts that it compared last.
const KEPT: usize = 8 << 20;

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
    let (meetings, mut candidates) = candidates(corpus, &homes, pool);
    candidates.retain(|&(a, b)| !corpus.is_part_of(a, b));
    candidates.extend(parts_of_copies(limits, clusters));
    progress.begin(Stage::Relate, candidates.len());
    let corpus = &*corpus;
    let search = Search {
        corpus,
        limits,
        homes: &homes,
    };
    let tasks = tasks(corpus, &candidates);
    let recent = || Recent::of(KEPT, Cut::bytes);
    let found = pool.map(tasks.len(), recent, |cuts, task| {
        let found = tasks[task].iter().filter_map(|&pair| {
            let cut = |text| Cut::of(&corpus.sketches[text as usize], &meetings);
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

/// The common stretches through these anchors, each with the number of documents that have it.
fn common(left: &Cut<'_>, right: &Cut<'_>, anchors: Vec<(usize, usize)>) -> Vec<(Stretch, usize)> {
    let found = stretches(left.folded, right.folded, anchors).into_iter();
    let counted = found.map(|stretch| (stretch, left.documents(&stretch)));
    counted.collect()
}

/// The share of the shorter text that stands in common stretches.
fn standing(left: &Cut<'_>, right: &Cut<'_>, common: &[(Stretch, usize)]) -> f64 {
    let bytes: usize = common.iter().map(|(stretch, _)| stretch.bytes).sum();
    bytes as f64 / left.folded.len().min(right.folded.len()).max(1) as f64
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

/// Parts of the keys that are searched one by one, by their first bits.
const PARTS: usize = 16;

/// Pairs that have a rare seed in common, or so many common ones that one may be inside the other. Of the sketches' seeds,
/// those are kept that another document may have.
fn candidates<D: Documents + ?Sized>(
    corpus: &mut Corpus<'_, D>,
    clusters: &[u32],
    pool: &Pool,
) -> (Meetings, Vec<CandidatePair>) {
    forget_single(&mut corpus.sketches);
    let sketches = &corpus.sketches;
    let lengths: Vec<usize> = sketches.iter().map(|sketch| sketch.length).collect();
    let parts = pool.map(
        PARTS,
        || (),
        |(), part| meetings(entries(sketches, part), clusters, &lengths),
    );
    let meetings = Meetings::join(parts);
    let of_shorter = |(a, b): CandidatePair| {
        let [a, b] = [a, b].map(|text| corpus.sketches[text as usize].all_seeds);
        a.min(b) as f64
    };
    let worth = meetings.meetings.iter().filter(|meeting| {
        meeting.rare > 0 || f64::from(meeting.common) >= COMMON_SHARE * of_shorter(meeting.pair)
    });
    let pairs = worth.map(|meeting| meeting.pair).collect();
    (meetings, pairs)
}

/// Forgets seeds that no other document has.
fn forget_single(sketches: &mut [Sketch]) {
    let keys = sketches.iter().flat_map(|sketch| sketch.seeds.iter());
    let count = sketches.iter().map(|sketch| sketch.seeds.len()).sum();
    let repeated = Repeated::of(keys.map(|seed| seed.key), count);
    for sketch in sketches {
        let seeds = sketch.seeds.iter().copied();
        sketch.seeds = seeds.filter(|seed| repeated.has(seed.key)).collect();
    }
}

/// The seeds whose keys belong to one part, with their documents.
fn entries(sketches: &[Sketch], part: usize) -> Vec<BucketEntry> {
    let part_of = |seed: &Seed| (seed.key >> (u64::BITS - PARTS.ilog2())) as usize;
    let entries = (0..).zip(sketches).flat_map(|(position, sketch)| {
        let from = sketch.seeds.partition_point(|seed| part_of(seed) < part);
        let seeds = sketch.seeds[from..].iter();
        let seeds = seeds.take_while(move |seed| part_of(seed) == part);
        seeds.map(move |&Seed { key, .. }| BucketEntry { key, position })
    });
    entries.collect()
}

/// A text as it is compared: folded, with the seeds that others have in two orders.
struct Cut<'t> {
    folded: &'t str,
    by_key: &'t [Seed],
    /// Where each starts, and how many documents have it.
    by_place: Vec<(u32, usize)>,
    all_seeds: usize,
    weight: usize,
    set: OnceCell<ShingleSet>,
}

impl<'t> Cut<'t> {
    fn of(sketch: &'t Sketch, meetings: &Meetings) -> Self {
        let by_place = sketch.seeds.iter();
        let by_place = by_place.map(|seed| (seed.place, meetings.frequency(seed.key)));
        let mut by_place: Vec<(u32, usize)> = by_place.collect();
        by_place.sort_unstable();
        Self {
            folded: &sketch.folded,
            by_key: &sketch.seeds,
            by_place,
            all_seeds: sketch.all_seeds,
            weight: sketch.weight,
            set: OnceCell::new(),
        }
    }

    /// About how many it takes for a text: the hash of each shingle, and its seeds.
    fn bytes(sketch: &Sketch) -> usize {
        8 * sketch.shingles + 16 * sketch.seeds.len()
    }

    fn set(&self, shingler: &Shingler) -> &ShingleSet {
        self.set.get_or_init(|| shingler.set(self.folded))
    }

    fn shingles(&self, shingler: &Shingler) -> Shingles {
        let mut shingles = Shingles::default();
        shingler.cut_into(self.folded, &mut shingles);
        shingles
    }

    /// In how many different documents a stretch of this text stands: in as many as its rarest seed. Near its ends, what comes
    /// before and behind decides which seeds are kept; a stretch that has none further inside is as common as its commonest.
    fn documents(&self, stretch: &Stretch) -> usize {
        let (start, end) = (stretch.left, stretch.left_end());
        let place = |byte: usize| {
            self.by_place
                .partition_point(|&(place, _)| (place as usize) < byte)
        };
        let within = &self.by_place[place(start)..place(end)];
        let inside = inside(&self.folded[start..end]);
        let inside = start + inside.start..start + inside.end;
        let sure = within
            .iter()
            .filter(|(place, _)| inside.contains(&(*place as usize)));
        let several = |&(_, documents): &(u32, usize)| Some(documents).filter(|&all| all > 1);
        let rarest = sure.filter_map(several).min();
        rarest
            .or_else(|| within.iter().map(|&(_, documents)| documents).max())
            .unwrap_or(2)
            .max(2)
    }
}

/// The part of a text in which seeds are kept whatever stands around it.
fn inside(text: &str) -> Range<usize> {
    let units = units(text);
    let before = units.get(SEEDS_APART).map_or(text.len(), |unit| unit.start);
    let behind = units.len().checked_sub(SEEDS_APART + SEED_UNITS);
    before..behind.map_or(0, |last| units[last].start)
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
    homes: &'s [u32],
}

impl<D: Documents + ?Sized> Search<'_, '_, D> {
    /// The relation of two texts, if they have one.
    fn find(&self, pair: CandidatePair, l: &Cut<'_>, r: &Cut<'_>) -> Option<Found> {
        let together = self.homes[pair.0 as usize] == self.homes[pair.1 as usize];
        let anchors = seed_anchors(l.by_key, r.by_key);
        let met = anchors.len();
        let mut common = common(l, r, anchors);
        if !self.worth_reading(l, r, &common) {
            return None;
        }
        let mut found = passages(l.folded, r.folded, &common);
        let told = !together && self.limits.tells(&found);
        if !told && !self.may_be_inside(pair, l, r, met, &found) {
            return None;
        }
        let shingler = &self.corpus.settled.shingler;
        let overlap = Overlap::of(l.set(shingler), r.set(shingler));
        let inside = self.limits.containment(overlap, together).is_some();
        let shared = overlap.left_in_right().max(overlap.right_in_left());
        if inside && standing(l, r, &common) < SEEDED * shared {
            // Where much is damaged, seeds lead to half of the stretches only.
            let anchors = rare_anchors(&l.shingles(shingler), &r.shingles(shingler));
            common = self::common(l, r, anchors);
            found = passages(l.folded, r.folded, &common);
        }
        let weights = (l.weight, r.weight);
        let relation = relate(self.limits, together, overlap, weights, &found)?;
        found.retain(|passage| passage.weight >= self.limits.passage);
        let comparison = Comparison {
            relation,
            overlap,
            ..Comparison::default()
        };
        Some(Found {
            pair,
            comparison,
            passages: found,
        })
    }

    /// Does enough of the shorter text stand in stretches, or is one of them a passage that tells something?
    fn worth_reading(&self, left: &Cut<'_>, right: &Cut<'_>, common: &[(Stretch, usize)]) -> bool {
        let long = |stretch: &Stretch| {
            let text = &left.folded[stretch.left..stretch.left_end()];
            weight(text) >= self.limits.passage
        };
        let telling =
            |(stretch, documents): &(Stretch, usize)| *documents <= COMMON && long(stretch);
        standing(left, right, common) >= WORTH || common.iter().any(telling)
    }

    /// Do enough passages of the shorter text, or enough of its seeds, stand in the longer one for it to be inside?
    fn may_be_inside(
        &self,
        (a, b): CandidatePair,
        left: &Cut<'_>,
        right: &Cut<'_>,
        met: usize,
        found: &[FoldedPassage],
    ) -> bool {
        let seeds = left.all_seeds.min(right.all_seeds);
        let damaged = met as f64 >= DAMAGED * seeds as f64;
        let weights = (left.weight, right.weight);
        (damaged || self.limits.stands(found, weights)) && self.corpus.may_be_inside(a, b)
    }

    /// The related pairs of documents, with their passages as they stand in the originals.
    fn locate(&self, found: &[Found], pool: &Pool) -> Vec<RelatedPair> {
        let mut places = Places::default();
        for found in found {
            for (a, b) in self.listed(found.pair) {
                let passages = found.passages.iter();
                places.want(
                    a,
                    found.pair.0,
                    passages.clone().map(|passage| &passage.left),
                );
                places.want(b, found.pair.1, passages.map(|passage| &passage.right));
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
    /// By document, with its text.
    wanted: BTreeMap<usize, (u32, Vec<Range<usize>>)>,
}

impl Places {
    fn want<'r>(
        &mut self,
        document: usize,
        text: u32,
        ranges: impl Iterator<Item = &'r Range<usize>>,
    ) {
        let (_, wanted) = self.wanted.entry(document).or_insert((text, Vec::new()));
        wanted.extend(ranges.cloned());
    }

    fn found<D: Documents + ?Sized>(self, corpus: &Corpus<'_, D>, pool: &Pool) -> FoundPlaces {
        let wanted: Vec<_> = self.wanted.into_iter().collect();
        let found = pool.map(
            wanted.len(),
            || (),
            |(), i| {
                let (document, (position, ranges)) = &wanted[i];
                let text = corpus.documents.text(*document);
                let located = corpus.locate(*position, *document, &text, ranges);
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
