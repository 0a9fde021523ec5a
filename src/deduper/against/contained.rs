//! Which texts of one collection are inside texts of the other?
//!
//! Short texts are found as [items](crate::items). Long texts are found by their passages, as within one collection.

use std::collections::HashSet;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::deduper::against::joined::Sides;
use crate::deduper::corpus::Corpus;
use crate::deduper::related::{self, RelatedTexts};
use crate::error::Error;
use crate::items::{
    FoundItem, ItemCounts, ItemSums, MAX_ITEM_WEIGHT, MIN_ITEM_WEIGHT, SeedBuffers, SeedFilter,
    TextSeeds, letter_bytes,
};
use crate::lsh::CandidatePair;
use crate::parallel::Pool;
use crate::report::{Progress, RelatedPair};
use crate::shingle::weight;
use crate::verify::{FoldedPassage, MIN_CONTAINER_RATIO, Overlap, Relation};

/// Pairs of documents that are not copies, one inside the other.
pub(super) fn relations(
    corpus: &Corpus<'_>,
    sides: &Sides,
    copies: &HashSet<CandidatePair>,
    pool: &Pool,
    progress: &dyn Progress,
) -> Result<Vec<RelatedPair>, Error> {
    let is_known = |(a, b): CandidatePair| a == b || copies.contains(&(a.min(b), a.max(b)));
    let finder = ItemFinder {
        corpus,
        pool,
        is_known: &is_known,
    };
    let mut found = finder.find(|text| sides.is_reference(text), |text| sides.is_new(text))?;
    let turned = finder.find(|text| sides.is_new(text), |text| sides.is_reference(text))?;
    // If both collections have a text, both searches find its pairs.
    let met: HashSet<CandidatePair> = found.iter().map(|found| found.pair).collect();
    found.extend(
        turned
            .into_iter()
            .filter(|found| !met.contains(&found.pair)),
    );
    let is_long = |(a, b): CandidatePair| {
        let [a, b] = [a, b].map(|text| corpus.sketches[text as usize].weight());
        a.min(b) > MAX_ITEM_WEIGHT
    };
    let worth = |pair: CandidatePair| sides.meet(pair) && is_long(pair) && !is_known(pair);
    let has_long = |of_side: &dyn Fn(u32) -> bool| {
        let mut texts = (0_u32..).zip(&corpus.sketches);
        texts.any(|(text, sketch)| sketch.weight() > MAX_ITEM_WEIGHT && of_side(text))
    };
    let any = has_long(&|text| sides.is_new(text)) && has_long(&|text| sides.is_reference(text));
    let worth = any.then_some(worth);
    Ok(related::across(corpus, worth, found, pool, progress))
}

/// Memory that an index of items takes while it is built, in bytes per letter: letters, keys, counts and postings.
const LETTER_BYTES: usize = 64;

/// An index of up to this size in bytes is built even if the memory of the run is smaller. It is enough for 3,000 items of 300 letters.
const MIN_INDEX_BYTES: usize = 64 << 20;

/// Searches the texts of one side for the short texts of the other.
struct ItemFinder<'f, 'd, K> {
    corpus: &'f Corpus<'d>,
    pool: &'f Pool<'f>,
    /// Is the pair known already?
    is_known: K,
}

impl<K: Fn(CandidatePair) -> bool + Sync> ItemFinder<'_, '_, K> {
    fn find(
        &self,
        of_items: impl Fn(u32) -> bool,
        of_texts: impl Fn(u32) -> bool,
    ) -> Result<Vec<RelatedTexts>, Error> {
        let all = 0..self.corpus.sketches.len() as u32;
        let texts: Vec<u32> = all.clone().filter(|&text| of_texts(text)).collect();
        let (items, beside) = self.items(all.filter(|&text| of_items(text)).collect(), &texts);
        if items.is_empty() {
            return Ok(Vec::new());
        }
        let seeds_room = self.room_beside_index(&items)?;
        let folded = items.iter().map(|&item| self.corpus.folded(item));
        let counts = ItemCounts::new(&folded.collect::<Vec<_>>());
        let seeds = self.count(&counts, &texts, seeds_room);
        self.each(&beside, |folded, buffers| {
            counts.count_with_items_in(folded, buffers);
        });
        let index = counts.build();
        let find = |(sums, buffers): &mut (ItemSums, SeedBuffers), i: usize| {
            let text = texts[i];
            let again;
            let seeds = match &seeds[i] {
                Some(seeds) => seeds,
                None => {
                    again = index.seeds(&self.corpus.folded(text), buffers);
                    &again
                }
            };
            // Most texts have no hits and need not be read again.
            match index.hits(seeds, sums) {
                hits if hits.is_empty() => Vec::new(),
                hits => self.inside(text, &items, |folded| index.find_at(folded, seeds, &hits)),
            }
        };
        let found = self.pool.map(texts.len(), Default::default, find);
        Ok(found.into_iter().flatten().collect())
    }

    /// Counts the texts. Also returns the seeds of each text, as long as there is room for them. The others are computed again later.
    fn count(&self, counts: &ItemCounts, texts: &[u32], room: usize) -> Vec<Option<TextSeeds>> {
        let held = AtomicUsize::new(0);
        self.pool
            .map(texts.len(), SeedBuffers::default, |buffers, i| {
                let seeds = counts.count_in(&self.corpus.folded(texts[i]), buffers);
                let held = held.fetch_add(seeds.bytes(), Ordering::Relaxed);
                (held <= room).then_some(seeds)
            })
    }

    /// Bytes that an index of these items leaves free in the memory of the run. Fails if the memory has no room for the index.
    fn room_beside_index(&self, items: &[u32]) -> Result<usize, Error> {
        let letters: usize = items.iter().map(|&item| self.letters(item)).sum();
        let needed = letters.saturating_mul(LETTER_BYTES);
        let scratch = self.corpus.settled.scratch.as_ref();
        let room = scratch.map_or(usize::MAX, |scratch| scratch.bytes.max(MIN_INDEX_BYTES));
        room.checked_sub(needed).ok_or_else(|| {
            let limit = format!(
                "the index of {} short texts with {letters} letters takes {needed} bytes; give the run more memory, compare with the reference \
                 in parts, or leave out relations",
                items.len()
            );
            Error::setting("memory", room, limit)
        })
    }

    /// Divides the texts of one side into those that may be items in `texts`, and the others.
    fn items(&self, side: Vec<u32>, texts: &[u32]) -> (Vec<u32>, Vec<u32>) {
        // A text can't contain a longer one.
        let longest = texts.iter().map(|&text| self.letters(text)).max();
        let longest = longest.unwrap_or(0);
        let may_be_item = |text: u32| {
            let weight = self.corpus.sketches[text as usize].weight();
            (MIN_ITEM_WEIGHT..=MAX_ITEM_WEIGHT).contains(&weight)
                && is_longer(longest, self.letters(text))
        };
        if !side.iter().any(|&text| may_be_item(text)) {
            return (Vec::new(), side);
        }
        let filter = self.filter(&side, texts);
        let may_be_inside = |text: u32| {
            let filter = filter.as_ref();
            filter.is_none_or(|filter| filter.may_hold(&self.corpus.folded(text)))
        };
        let is_item = self.pool.map(
            side.len(),
            || (),
            |(), i| may_be_item(side[i]) && may_be_inside(side[i]),
        );
        let mut is_item = is_item.into_iter();
        side.into_iter()
            .partition(|_| is_item.next().unwrap_or_default())
    }

    /// A filter with the seeds of the texts. `None` if the items are shorter in total, because the pass over the texts would then cost more
    /// than it saves.
    fn filter(&self, items: &[u32], texts: &[u32]) -> Option<SeedFilter> {
        let all = |texts: &[u32]| texts.iter().map(|&text| self.letters(text)).sum::<usize>();
        (all(items) > all(texts)).then(|| {
            let filter = SeedFilter::for_letters(all(texts));
            self.each(texts, |folded, _| filter.add(folded));
            filter
        })
    }

    /// The items in a text, without known pairs.
    fn inside(
        &self,
        text: u32,
        items: &[u32],
        find: impl FnOnce(&str) -> Vec<FoundItem>,
    ) -> Vec<RelatedTexts> {
        let folded = self.corpus.folded(text);
        let found = find(&folded).into_iter();
        let inside = found.filter(|found| {
            let item = items[found.item];
            is_longer(self.letters(text), self.letters(item)) && !(self.is_known)((text, item))
        });
        let related = inside.map(|found| self.related(text, &folded, items[found.item], &found));
        related.collect()
    }

    fn letters(&self, text: u32) -> usize {
        self.corpus.sketches[text as usize].letters()
    }

    /// Calls `work` with the folded form of each of these texts.
    fn each(&self, texts: &[u32], work: impl Fn(&str, &mut SeedBuffers) + Sync + Send) {
        self.pool
            .map(texts.len(), SeedBuffers::default, |buffers, i| {
                work(&self.corpus.folded(texts[i]), buffers);
            });
    }

    /// The relation of a text and an item that is inside it.
    fn related(&self, text: u32, folded: &str, item: u32, found: &FoundItem) -> RelatedTexts {
        let shingler = &self.corpus.settled.shingler;
        let of_item = self.corpus.folded(item);
        let ranges = |side: fn(&crate::items::ItemPassage) -> &std::ops::Range<usize>| {
            found.passages.iter().map(side).cloned().collect::<Vec<_>>()
        };
        let left = letter_bytes(folded, &ranges(|passage| &passage.text));
        let right = letter_bytes(&of_item, &ranges(|passage| &passage.item));
        let passages = left.into_iter().zip(right).zip(&found.passages);
        let mut passages: Vec<FoldedPassage> = passages
            .map(|((left, right), passage)| FoldedPassage {
                weight: weight(&of_item[right.clone()]),
                left,
                right,
                common: passage.common,
                documents: 2,
            })
            .collect();
        passages.sort_by_key(|passage| passage.left.start);
        RelatedTexts {
            pair: (text, item),
            relation: Relation::Contains,
            overlap: Overlap::new(&shingler.set(folded), &shingler.set(&of_item)),
            passages,
        }
    }
}

/// Is a text long enough to contain another one? Lengths are in letters.
fn is_longer(container: usize, contained: usize) -> bool {
    container as f64 >= MIN_CONTAINER_RATIO * contained as f64
}
