//! Are these two texts related, and by which passages?

use std::borrow::Cow;
use std::cell::OnceCell;
use std::ops::Range;

use crate::deduper::corpus::Corpus;
use crate::deduper::sketch::Sketch;
use crate::document::Documents;
use crate::lsh::{CandidatePair, MAX_RARE_DOCUMENTS, SharedKeys};
use crate::shingle::{ShingleSet, Shingler, Shingles, units, weight};
use crate::signature::{SEED_UNITS, SEEDS_APART, Seed};
use crate::verify::{
    FoldedPassage, Limits, Overlap, Relation, Stretch, passages, rare_anchors, relate,
    seed_anchors, stretches,
};

/// Share of the shorter text that must stand in common stretches for the two to be read, where no stretch is a passage.
const MIN_COMMON_SHARE: f64 = 0.1;

/// Of what is shared, the part that must stand in stretches through seeds, for no others to be looked for.
const MIN_SEEDED_SHARE: f64 = 0.9;

/// Share of the shorter text's seeds that a damaged text which is inside another one has kept: where every tenth character is
/// wrong, of 0.59 of its shingles about a fifth of its seeds.
pub(in crate::deduper) const MIN_DAMAGED_SEEDS: f64 = 0.1;

/// A text as it is compared: folded, with the seeds that others have in two orders.
pub(super) struct SeededText<'t> {
    folded: Cow<'t, str>,
    by_key: &'t [Seed],
    /// Where each starts, and how many documents have it.
    by_place: Vec<(u32, usize)>,
    all_seeds: usize,
    weight: usize,
    set: OnceCell<ShingleSet>,
}

impl<'t> SeededText<'t> {
    pub(super) fn new<D: Documents + ?Sized>(
        corpus: &'t Corpus<'_, D>,
        text: u32,
        meetings: &SharedKeys,
    ) -> Self {
        let (sketch, seeds) = (&corpus.sketches[text as usize], corpus.seeds(text));
        let by_place = seeds.iter();
        let by_place = by_place.map(|seed| (seed.place, meetings.frequency(seed.key)));
        let mut by_place: Vec<(u32, usize)> = by_place.collect();
        by_place.sort_unstable();
        Self {
            folded: corpus.folded(text),
            by_key: seeds,
            by_place,
            all_seeds: sketch.all_seeds,
            weight: sketch.weight,
            set: OnceCell::new(),
        }
    }

    /// About how many bytes it takes for a text: the folded form, the hash of each shingle, and its seeds.
    pub(super) fn bytes(sketch: &Sketch) -> usize {
        sketch.folded.fetched_bytes() + 8 * sketch.shingles + 16 * sketch.seeds.len()
    }

    fn set(&self, shingler: &Shingler) -> &ShingleSet {
        self.set.get_or_init(|| shingler.set(&self.folded))
    }

    fn shingles(&self, shingler: &Shingler) -> Shingles {
        let mut shingles = Shingles::default();
        shingler.cut_into(&self.folded, &mut shingles);
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
        let all = within.iter().map(|&(_, documents)| documents);
        let most = all.clone().max().unwrap_or(2).max(2);
        if all.clone().min().is_none_or(|least| least == most) {
            return most;
        }
        let inside = inside(&self.folded[start..end]);
        let inside = start + inside.start..start + inside.end;
        let sure = within
            .iter()
            .filter(|(place, _)| inside.contains(&(*place as usize)));
        let several = |&(_, documents): &(u32, usize)| Some(documents).filter(|&all| all > 1);
        sure.filter_map(several).min().unwrap_or(most)
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
pub(in crate::deduper) struct RelatedTexts {
    pub(in crate::deduper) pair: CandidatePair,
    /// Of the left one to the right one.
    pub(in crate::deduper) relation: Relation,
    pub(in crate::deduper) overlap: Overlap,
    /// By their place on the left.
    pub(in crate::deduper) passages: Vec<FoldedPassage>,
}

pub(super) struct RelationFinder<'s, 'd, D: ?Sized> {
    pub(super) corpus: &'s Corpus<'d, D>,
    pub(super) limits: Limits,
    /// The canonical copy of each text.
    pub(super) cluster_of: &'s [u32],
}

impl<D: Documents + ?Sized> RelationFinder<'_, '_, D> {
    /// The relation of two texts, if they have one.
    pub(super) fn find(
        &self,
        pair: CandidatePair,
        l: &SeededText<'_>,
        r: &SeededText<'_>,
    ) -> Option<RelatedTexts> {
        let together = self.cluster_of[pair.0 as usize] == self.cluster_of[pair.1 as usize];
        let anchors = seed_anchors(l.by_key, r.by_key);
        let met = anchors.len();
        let mut common = common(l, r, anchors);
        if !self.worth_reading(l, r, &common) {
            return None;
        }
        let mut found = passages(&l.folded, &r.folded, &common);
        let told = !together && self.limits.tells(&found);
        if !told && !self.may_be_inside(pair, l, r, met, &found) {
            return None;
        }
        let shingler = &self.corpus.settled.shingler;
        let overlap = Overlap::new(l.set(shingler), r.set(shingler));
        let inside = self.limits.containment(overlap, together).is_some();
        let shared = overlap.left_in_right().max(overlap.right_in_left());
        if inside && standing(l, r, &common) < MIN_SEEDED_SHARE * shared {
            // Where much is damaged, seeds lead to half of the stretches only.
            let anchors = rare_anchors(&l.shingles(shingler), &r.shingles(shingler));
            common = self::common(l, r, anchors);
            found = passages(&l.folded, &r.folded, &common);
        }
        let weights = (l.weight, r.weight);
        let relation = relate(self.limits, together, overlap, weights, &found)?;
        found.retain(|passage| passage.weight >= self.limits.passage);
        found.shrink_to_fit();
        Some(RelatedTexts {
            pair,
            relation,
            overlap,
            passages: found,
        })
    }

    /// Does enough of the shorter text stand in stretches, or is one of them a passage that tells something?
    fn worth_reading(
        &self,
        left: &SeededText<'_>,
        right: &SeededText<'_>,
        common: &[(Stretch, usize)],
    ) -> bool {
        let long = |stretch: &Stretch| {
            let text = &left.folded[stretch.left..stretch.left_end()];
            weight(text) >= self.limits.passage
        };
        let telling = |(stretch, documents): &(Stretch, usize)| {
            *documents <= MAX_RARE_DOCUMENTS && long(stretch)
        };
        standing(left, right, common) >= MIN_COMMON_SHARE || common.iter().any(telling)
    }

    /// Do enough passages of the shorter text, or enough of its seeds, stand in the longer one for it to be inside?
    fn may_be_inside(
        &self,
        (a, b): CandidatePair,
        left: &SeededText<'_>,
        right: &SeededText<'_>,
        met: usize,
        found: &[FoldedPassage],
    ) -> bool {
        let seeds = left.all_seeds.min(right.all_seeds);
        let damaged = met as f64 >= MIN_DAMAGED_SEEDS * seeds as f64;
        let weights = (left.weight, right.weight);
        (damaged || self.limits.stands(found, weights)) && self.corpus.may_be_inside(a, b)
    }
}

/// The common stretches through these anchors, each with the number of documents that have it.
fn common(
    left: &SeededText<'_>,
    right: &SeededText<'_>,
    anchors: Vec<(usize, usize)>,
) -> Vec<(Stretch, usize)> {
    let found = stretches(&left.folded, &right.folded, anchors).into_iter();
    let counted = found.map(|stretch| (stretch, left.documents(&stretch)));
    counted.collect()
}

/// The share of the shorter text that stands in common stretches.
fn standing(left: &SeededText<'_>, right: &SeededText<'_>, common: &[(Stretch, usize)]) -> f64 {
    let bytes: usize = common.iter().map(|(stretch, _)| stretch.bytes).sum();
    bytes as f64 / left.folded.len().min(right.folded.len()).max(1) as f64
}
