//! Is one of two texts inside the other, and by which passages?

use std::borrow::Cow;
use std::cell::OnceCell;
use std::ops::Range;

use crate::deduper::corpus::Corpus;
use crate::deduper::related::index::SeedIndex;
use crate::items::{MIN_ITEM_SHARE, MIN_TEXT_WEIGHT};
use crate::kernels::ahead;
use crate::lsh::{CandidatePair, MAX_RARE_DOCUMENTS};
use crate::shingle::{ShingleSet, Shingler, Shingles, units};
use crate::signature::{SEED_UNITS, SEEDS_APART, Seed};
use crate::verify::{FoldedPassage, Overlap, Relation, Stretch, passages, seed_anchors, stretches};

/// Minimum part of the shared text that is in stretches found through seeds. If less is, stretches are looked for through all shingles.
const MIN_SEEDED_SHARE: f64 = 0.9;

/// Minimum share of its seeds that a damaged text inside another text has kept. A text with every tenth character wrong has kept 0.59 of
/// its shingles and about a fifth of its seeds.
pub(in crate::deduper) const MIN_DAMAGED_SEEDS: f64 = 0.1;

/// Minimum ratio of two shares: the share of the contained text's rare seeds that the container has, and the share of all its seeds that
/// the container has. Two items of one form both have the form, but hardly any of each other's rare text.
const MIN_OWN_SHARE: f64 = 0.5;

/// Maximum weight of a text whose passages count less if other texts have them too: a question or a notice of two or three sentences, which
/// may be mostly form. If three fifths of a longer text are in another text, that is no form.
pub(in crate::deduper) const MAX_FORM_ITEM: usize = 200;

/// A text prepared for this search: folded, with the seeds that other texts have, in two orders.
pub(super) struct SeededText<'t> {
    folded: Cow<'t, str>,
    by_key: &'t [Seed],
    /// The start of each seed, and the number of texts that have it.
    by_place: Vec<(u32, usize)>,
    seeds: SeedCounts,
    weight: usize,
    /// Is the text in the index?
    is_indexed: bool,
    set: OnceCell<ShingleSet>,
    shingles: OnceCell<Vec<Seed>>,
}

/// Numbers of different seeds of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct SeedCounts {
    pub(super) all: usize,
    /// Number of seeds that are in no common phrase.
    pub(super) own: usize,
}

impl SeedCounts {
    /// The counts of a text with `all` seeds; `by_key` are those that other texts have too.
    pub(super) fn new(all: usize, by_key: &[Seed], index: &SeedIndex) -> Self {
        let different = by_key.chunk_by(|a, b| a.key == b.key);
        let common = different.filter(|seeds| index.frequency(seeds[0].key) > MAX_RARE_DOCUMENTS);
        Self {
            all,
            own: all.saturating_sub(common.count()),
        }
    }
}

impl<'t> SeededText<'t> {
    pub(super) fn new(corpus: &'t Corpus<'_>, text: u32, index: &SeedIndex) -> Self {
        let (sketch, seeds) = (&corpus.sketches[text as usize], corpus.seeds(text));
        let by_place = seeds.iter();
        let by_place = by_place.map(|seed| (seed.place, index.frequency(seed.key)));
        let mut by_place: Vec<(u32, usize)> = by_place.collect();
        by_place.sort_unstable();
        Self {
            folded: corpus.folded(text),
            by_key: seeds,
            by_place,
            seeds: SeedCounts::new(sketch.all_seeds(), seeds, index),
            weight: sketch.weight(),
            is_indexed: index.has(text),
            set: OnceCell::new(),
            shingles: OnceCell::new(),
        }
    }

    fn set(&self, shingler: &Shingler) -> &[u64] {
        self.set
            .get_or_init(|| shingler.set(&self.folded))
            .as_slice()
    }

    /// All shingles of the text, by key.
    fn shingles(&self, shingler: &Shingler) -> &[Seed] {
        self.shingles.get_or_init(|| {
            let mut shingles = Shingles::default();
            shingler.cut_into(&self.folded, &mut shingles);
            let seeds = shingles.hashes.iter().zip(&shingles.starts);
            let mut seeds: Vec<Seed> = seeds.map(|(&key, &place)| Seed { key, place }).collect();
            seeds.sort_unstable();
            seeds
        })
    }

    /// Does the index count this text among the short texts with a key?
    fn is_short_one_with(&self, key: u64) -> bool {
        let has = || self.by_key.binary_search_by_key(&key, |seed| seed.key);
        self.is_indexed && self.weight <= MAX_FORM_ITEM && has().is_ok()
    }

    /// The average weight of a range of this text. Each seed in it counts less the more other texts have it.
    fn form_weight(&self, range: &Range<usize>) -> f64 {
        let within = self.by_place.iter();
        let within = within.filter(|(place, _)| range.contains(&(*place as usize)));
        let weights = within.map(|&(_, texts)| {
            let others = texts.saturating_sub(2);
            (1.0 / (1 + others) as f64).max(MIN_TEXT_WEIGHT)
        });
        let weights: Vec<f64> = weights.collect();
        match weights.len() {
            0 => 1.0,
            count => weights.iter().sum::<f64>() / count as f64,
        }
    }

    /// Number of different texts that have a stretch of this text: the number of its rarest seed. Near the ends of the stretch, the text
    /// outside decides which seeds are kept, so only seeds further inside are certain. Without such seeds, the number of its commonest
    /// seed.
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

/// The range of a text in which the text around it has no influence on which seeds are kept.
fn inside(text: &str) -> Range<usize> {
    let units = units(text);
    let before = units.get(SEEDS_APART).map_or(text.len(), |unit| unit.start);
    let behind = units.len().checked_sub(SEEDS_APART + SEED_UNITS);
    before..behind.map_or(0, |last| units[last].start)
}

/// Two texts that are related.
pub(in crate::deduper) struct RelatedTexts {
    pub(in crate::deduper) pair: CandidatePair,
    /// The relation of the left text to the right text.
    pub(in crate::deduper) relation: Relation,
    pub(in crate::deduper) overlap: Overlap,
    /// By their place in the left text.
    pub(in crate::deduper) passages: Vec<FoldedPassage>,
}

pub(super) struct RelationFinder<'s, 'd> {
    pub(super) corpus: &'s Corpus<'d>,
    pub(super) index: &'s SeedIndex,
    /// Must the shared text be more than common phrases, and have rare text of the contained text?
    pub(super) weighs_phrases: bool,
}

impl RelationFinder<'_, '_> {
    /// Is one of two texts inside the other? Of copies of each other, nearly the whole of one must be inside the other.
    pub(super) fn find(
        &self,
        pair: CandidatePair,
        are_copies: bool,
        l: &SeededText<'_>,
        r: &SeededText<'_>,
    ) -> Option<RelatedTexts> {
        let (left, right) = common_keys(l.by_key, r.by_key);
        let met = left.chunk_by(|a, b| a.key == b.key);
        let met: Vec<usize> = met
            .map(|seeds| self.index.frequency(seeds[0].key))
            .collect();
        let mut common = common(l, r, seed_anchors(&left, &right));
        let mut found = passages(&l.folded, &r.folded, &common);
        let (limits, weights) = (self.corpus.settled.limits, (l.weight, r.weight));
        let seeds = l.seeds.all.min(r.seeds.all);
        let damaged = met.len() as f64 >= MIN_DAMAGED_SEEDS * seeds as f64;
        if !damaged && !limits.stands(&found, weights) {
            return None;
        }
        let shingler = &self.corpus.settled.shingler;
        let overlap = overlap(l.set(shingler), r.set(shingler));
        let relation = limits.containment(overlap, are_copies)?;
        let contained = if relation == Relation::Contains { r } else { l };
        if self.weighs_phrases && !are_copies && !is_own(&met, contained.seeds) {
            return None;
        }
        let shared = overlap.left_in_right().max(overlap.right_in_left());
        if standing(l, r, &common) < MIN_SEEDED_SHARE * shared {
            // In much damaged text, seeds lead only to half of the stretches.
            let (left, right) = common_keys(l.shingles(shingler), r.shingles(shingler));
            common = self::common(l, r, seed_anchors(&left, &right));
            found = passages(&l.folded, &r.folded, &common);
        }
        if !limits.stands(&found, weights) {
            return None;
        }
        if self.weighs_phrases && !are_copies && contained.weight <= MAX_FORM_ITEM {
            let passages = found.iter().map(|passage| {
                let range = match relation {
                    Relation::Contains => &passage.right,
                    _ => &passage.left,
                };
                let is_form = self.is_of_short_texts([l, r], contained, range);
                let weight = if is_form {
                    contained.form_weight(range)
                } else {
                    1.0
                };
                (range.clone(), weight)
            });
            if !is_more_than_form(passages.collect(), contained.folded.len()) {
                return None;
            }
        }
        found.retain(|passage| passage.weight >= limits.passage);
        found.shrink_to_fit();
        Some(RelatedTexts {
            pair,
            relation,
            overlap,
            passages: found,
        })
    }

    /// Does a third short text have a part of this range? Then the range may be a form of both texts. A longer text with this part would be
    /// a quotation.
    fn is_of_short_texts(
        &self,
        pair: [&SeededText<'_>; 2],
        text: &SeededText<'_>,
        range: &Range<usize>,
    ) -> bool {
        let seeds = text.by_key.iter();
        let mut within = seeds.filter(|seed| range.contains(&(seed.place as usize)));
        within.any(|seed| {
            let own = pair.iter().filter(|text| text.is_short_one_with(seed.key));
            let key = self.index.find(seed.key);
            key.is_some_and(|key| self.index.short_texts(key) > own.count())
        })
    }
}

/// Is the share of the contained text's rare seeds that the container has high enough ([`MIN_OWN_SHARE`])? `met` has, for each shared seed,
/// the number of texts that have it.
fn is_own(met: &[usize], contained: SeedCounts) -> bool {
    let own = met.iter().filter(|&&texts| texts <= MAX_RARE_DOCUMENTS);
    let share = |met: usize, of: usize| met as f64 / of.max(1) as f64;
    let own = share(own.count(), contained.own);
    own > 0.0 && own >= MIN_OWN_SHARE * share(met.len(), contained.all)
}

/// Do these passages make up enough of a text for it to be an [item](crate::items) in another text, if a form counts less? Each passage is
/// a range of its bytes with its weight, which is 1 if the passage is no form. Without a form, the shared text has been tested before.
fn is_more_than_form(mut passages: Vec<(Range<usize>, f64)>, length: usize) -> bool {
    passages.sort_by_key(|(range, _)| (range.start, range.end));
    let (mut end, mut missing, mut weighed, mut has_form) = (0, length, 0.0, false);
    for (range, weight) in passages {
        // If passages overlap, the shared bytes count once.
        let bytes = range.end.saturating_sub(range.start.max(end));
        end = end.max(range.end);
        missing = missing.saturating_sub(bytes);
        has_form |= weight < 1.0;
        weighed += bytes as f64 * weight;
    }
    !has_form || weighed >= MIN_ITEM_SHARE * (weighed + missing as f64)
}

/// The seeds of two ascending lists whose keys are in both. The shorter list is walked, and the longer list is searched.
fn common_keys(left: &[Seed], right: &[Seed]) -> (Vec<Seed>, Vec<Seed>) {
    if left.len() > right.len() {
        let (right, left) = common_keys(right, left);
        return (left, right);
    }
    let mut common = (Vec::new(), Vec::new());
    let mut rest = right;
    for seeds in left.chunk_by(|a, b| a.key == b.key) {
        let key = seeds[0].key;
        rest = &rest[ahead(rest, |seed| seed.key < key)..];
        let same = rest.iter().take_while(|seed| seed.key == key).count();
        if same > 0 {
            common.0.extend_from_slice(seeds);
            common.1.extend_from_slice(&rest[..same]);
        }
    }
    common
}

/// The overlap of two sets, as [`Overlap::new`] computes it. It is faster if one set is much larger; here it is often a hundred times as large.
fn overlap(left: &[u64], right: &[u64]) -> Overlap {
    let (shorter, mut rest) = match left.len() <= right.len() {
        true => (left, right),
        false => (right, left),
    };
    let mut shared = 0;
    for &hash in shorter {
        rest = &rest[ahead(rest, |&other| other < hash)..];
        shared += usize::from(rest.first() == Some(&hash));
    }
    Overlap {
        shared,
        left: left.len(),
        right: right.len(),
    }
}

/// The common stretches through these anchors, each with the number of texts that have it.
fn common(
    left: &SeededText<'_>,
    right: &SeededText<'_>,
    anchors: Vec<(usize, usize)>,
) -> Vec<(Stretch, usize)> {
    let found = stretches(&left.folded, &right.folded, anchors).into_iter();
    let counted = found.map(|stretch| (stretch, left.documents(&stretch)));
    counted.collect()
}

/// The share of the shorter text that is in common stretches.
fn standing(left: &SeededText<'_>, right: &SeededText<'_>, common: &[(Stretch, usize)]) -> f64 {
    let bytes: usize = common.iter().map(|(stretch, _)| stretch.bytes).sum();
    bytes as f64 / left.folded.len().min(right.folded.len()).max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_other_documents_have_counts_less_and_what_stands_twice_once() {
        let is_more = |passages: &[(Range<usize>, f64)]| is_more_than_form(passages.to_vec(), 100);
        // By hand: 80 bytes with weight 0.25 count as 20. 20 bytes are missing, so the share is a half.
        assert!(!is_more(&[(10..90, 0.25)]));
        assert!(!is_more(&[(10..90, 0.25), (10..90, 0.25)]));
        assert!(is_more(&[(10..90, 1.0)]));
        assert!(is_more(&[(0..100, 0.25)]), "all of it is there");
        // 60 bytes of rare text, and 30 bytes of the form, which count as 7.5.
        assert!(is_more(&[(0..60, 1.0), (60..90, 0.25)]));
        // 86 bytes that all have count as 21.5, and 14 are missing: six tenths.
        assert!(!is_more(&[(0..86, 0.25)]));
    }
}
