//! Which texts may be related? Those that have a rare seed in common, or many common ones.

use crate::deduper::corpus::Corpus;
use crate::deduper::sketch::Sketch;
use crate::document::Documents;
use crate::lsh::{BucketEntry, CandidatePair, SeenTwice, SharedKeys, part_of_shared_keys};
use crate::parallel::Pool;
use crate::signature::Seed;

/// Share of the shorter text's seeds that a pair which meets by common phrases only must have, to be looked at.
const MIN_COMMON_SHARE: f64 = 0.2;

/// Parts of the keys that are searched one by one, by their first bits.
const KEY_PARTS: usize = 16;

/// Pairs that have a rare seed in common, or so many common ones that one may be inside the other.
pub(super) fn candidates<D: Documents + ?Sized>(
    corpus: &Corpus<'_, D>,
    clusters: &[u32],
    pool: &Pool,
) -> (SharedKeys, Vec<CandidatePair>) {
    let sketches = &corpus.sketches;
    let lengths: Vec<usize> = sketches.iter().map(Sketch::length).collect();
    let parts = pool.map(
        KEY_PARTS,
        || (),
        |(), part| part_of_shared_keys(entries(corpus, part), clusters, &lengths),
    );
    let mut meetings = SharedKeys::join(parts);
    let of_shorter = |(a, b): CandidatePair| {
        let [a, b] = [a, b].map(|text| corpus.sketches[text as usize].all_seeds());
        a.min(b) as f64
    };
    // There may be many times more of them than are worth to be looked at.
    let met = std::mem::take(&mut meetings.meetings);
    let worth = met.iter().filter(|meeting| {
        meeting.rare > 0 || f64::from(meeting.common) >= MIN_COMMON_SHARE * of_shorter(meeting.pair)
    });
    let pairs = worth.map(|meeting| meeting.pair).collect();
    (meetings, pairs)
}

/// Forgets seeds that no other document has.
pub(in crate::deduper) fn forget_single<D: Documents + ?Sized>(corpus: &mut Corpus<'_, D>) {
    let texts = 0..corpus.sketches.len() as u32;
    let keys = texts.flat_map(|text| corpus.seeds(text));
    let lengths = corpus.sketches.iter().map(|sketch| sketch.seeds.len());
    let repeated = SeenTwice::new(keys.map(|seed| seed.key), lengths.sum());
    let lists = corpus.sketches.iter_mut().map(|sketch| &mut sketch.seeds);
    corpus.seeds.retain(lists, |seed| repeated.has(seed.key));
}

/// The seeds whose keys belong to one part, with their documents.
fn entries<D: Documents + ?Sized>(corpus: &Corpus<'_, D>, part: usize) -> Vec<BucketEntry> {
    let part_of = |seed: &Seed| (seed.key >> (u64::BITS - KEY_PARTS.ilog2())) as usize;
    let entries = (0..corpus.sketches.len() as u32).flat_map(|position| {
        let seeds = corpus.seeds(position);
        let from = seeds.partition_point(|seed| part_of(seed) < part);
        let seeds = seeds[from..].iter();
        let seeds = seeds.take_while(move |seed| part_of(seed) == part);
        seeds.map(move |&Seed { key, .. }| BucketEntry { key, position })
    });
    entries.collect()
}
