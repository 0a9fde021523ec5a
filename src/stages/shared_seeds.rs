//! Which seeds do several texts have? Seeds that occur once are dropped, usually nine in ten, because they lead to no other text.

use std::borrow::Cow;

use crate::error::Error;
use crate::parallel::Pool;
use crate::signature::Seed;
use crate::stages::gathered::{CHUNK, Gathered, MAX_PARTS, PART_BYTES};
use crate::tables::{List, Lists, Scratch};

/// Number of texts whose shared seeds form one part of a table.
const PART_TEXTS: usize = 1 << 13;

/// For each text, the seeds that occur more than once, by key. `seeds` gives the seeds of a text by key. `all` is the approximate number of
/// seeds of all `count` texts. Cost: two sorts, on disk.
pub(crate) fn shared_seeds<'s>(
    count: usize,
    all: usize,
    seeds: impl Fn(u32) -> Cow<'s, [Seed]> + Sync,
    scratch: &Scratch,
    pool: &Pool<'_>,
) -> Result<(Lists<Seed>, Vec<List>), Error> {
    let row_bytes = size_of::<[u32; 4]>();
    let parts = all.saturating_mul(2 * row_bytes).div_ceil(PART_BYTES);
    let by_key = scratch.table::<4>("seeds", parts.clamp(1, MAX_PARTS));
    let by_text = scratch.table::<4>("shared seeds", count.div_ceil(PART_TEXTS).max(1));
    let spread = |(): &mut (), chunk: usize| {
        let mut rows = Gathered::new(&by_key);
        for text in chunk * CHUNK..count.min((chunk + 1) * CHUNK) {
            for &Seed { key, place } in seeds(text as u32).iter() {
                let [high, low] = halves(key);
                rows.add(
                    high as usize % by_key.parts(),
                    [high, low, text as u32, place],
                )?;
            }
        }
        rows.write()
    };
    let written = pool.map(count.div_ceil(CHUNK), || (), spread);
    written.into_iter().collect::<Result<(), Error>>()?;
    let join = |(): &mut (), part: usize| {
        let rows = by_key.take(part)?;
        let mut shared = Gathered::new(&by_text);
        for same in rows.chunk_by(|a, b| a[..2] == b[..2]) {
            for &[high, low, text, place] in same.iter().filter(|_| same.len() > 1) {
                shared.add(text as usize / PART_TEXTS, [text, high, low, place])?;
            }
        }
        shared.write()
    };
    let written = pool.map(by_key.parts(), || (), join);
    written.into_iter().collect::<Result<(), Error>>()?;
    let mut lists = Lists::default();
    let mut of_text = vec![List::default(); count];
    for part in 0..by_text.parts() {
        for rows in by_text.take(part)?.chunk_by(|a, b| a[0] == b[0]) {
            let seed = |&[_, high, low, place]: &[u32; 4]| Seed {
                key: u64::from(high) << 32 | u64::from(low),
                place,
            };
            let seeds: Vec<Seed> = rows.iter().map(seed).collect();
            of_text[rows[0][0] as usize] = lists.push(&seeds);
        }
    }
    Ok((lists, of_text))
}

fn halves(key: u64) -> [u32; 2] {
    [(key >> 32) as u32, key as u32]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(40))]

        #[test]
        fn seeds_stay_where_their_key_occurs_twice(
            texts in prop::collection::vec(prop::collection::vec((0_u64..40, any::<u32>()), 0..12), 0..20),
        ) {
            let spread = |key: u64| crate::signature::mix(key);
            let texts: Vec<Vec<Seed>> = texts.into_iter().map(|seeds| {
                let seeds = seeds.into_iter().map(|(key, place)| Seed { key: spread(key), place });
                let mut seeds: Vec<Seed> = seeds.collect();
                seeds.sort_unstable();
                seeds
            }).collect();
            let mut counts: BTreeMap<u64, usize> = BTreeMap::new();
            texts.iter().flatten().for_each(|seed| *counts.entry(seed.key).or_default() += 1);
            let scratch = Scratch { folder: std::env::temp_dir(), bytes: 0 };
            let pool = Pool::new(Some(2), &()).unwrap();
            let of = |text: u32| Cow::from(&texts[text as usize]);
            let (lists, of_text) = shared_seeds(texts.len(), 100, of, &scratch, &pool).unwrap();
            for (text, list) in texts.iter().zip(of_text) {
                let shared = text.iter().filter(|seed| counts[&{ seed.key }] > 1);
                prop_assert_eq!(lists.get(list), Vec::from_iter(shared.copied()));
            }
        }
    }
}
