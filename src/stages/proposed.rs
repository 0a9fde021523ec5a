//! Which pairs do signatures and samples propose?
//!
//! If all texts are in memory, they are searched there. If some are on disk, one pass over all of them writes the keys of their bands and
//! their sampled grams into tables that are partitioned by key. Then each part is sorted and joined with itself. Both ways give the same
//! pairs.

use std::borrow::Cow;

use crate::error::Error;
use crate::lsh::{
    Banding, BucketEntry, CandidatePair, KeyFilter, KeyIndex, bucket_pairs, for_each_meeting,
    key_ranges,
};
use crate::parallel::Pool;
use crate::report::{Progress, Stage};
use crate::signature::{SAMPLE, estimate, mix};
use crate::stages::gathered::{CHUNK, Gathered, MAX_PARTS, PART_BYTES};
use crate::stages::texts::RememberedTexts;
use crate::tables::{Place, Scratch, Table};

/// Number of parts of the documents in the search by grams. While a part is searched, all its pairs that share a gram are in memory: a
/// sixteenth of all.
const GRAM_PARTS: usize = 16;

/// Maximum number of pairs in the buckets for a search in quarters instead of sixteenths. The pairs of a quarter then take 16 MB.
const FEW_MEETINGS: usize = 1 << 24;

/// Number of parts of the keys. Each part is sorted separately.
const KEY_PARTS: usize = 16;

/// Minimum number of sampled grams that the two texts of a candidate pair share.
pub(crate) const MIN_MEETINGS: usize = 2;

/// Bytes for each key of a band while its part is joined.
const BAND_BYTES: usize = 36;

/// Bits of a filter for each key of interest. At most one in eight of the other keys passes the filter.
const FILTER_BITS: usize = 8;

/// Number of texts whose meetings (pairs that share one gram) form one part of a table. A text has about as many meetings as grams, and at
/// most eight times as many.
const MEETING_TEXTS: usize = 1 << 13;

/// The texts to be searched.
pub(crate) struct Search<'s, P, R> {
    pub(crate) texts: &'s RememberedTexts,
    /// Gives the place of each text in `texts`.
    pub(crate) place: P,
    /// A number for each text that depends only on the text. Orders among texts are made from it.
    pub(crate) rank: R,
    /// Number of texts.
    pub(crate) count: usize,
    /// Which texts are of interest; `None` if all are. Pairs of two other texts may be left out.
    pub(crate) wanted: Option<&'s [bool]>,
    pub(crate) banding: Banding,
    /// Minimum estimated Jaccard of two alike texts in a hot bucket.
    pub(crate) threshold: f64,
    /// The place for tables, used where memory is not enough.
    pub(crate) scratch: Option<&'s Scratch>,
    pub(crate) pool: &'s Pool<'s>,
    pub(crate) progress: &'s dyn Progress,
}

impl<P: Fn(u32) -> Place + Sync, R: Fn(u32) -> u64 + Sync> Search<'_, P, R> {
    /// Candidate pairs of these texts: first those that share a band of their signatures or sampled grams, then those among the `mixed`
    /// texts that share a band and have an equal `value`. `texts` must be ascending; the pairs are in any order.
    pub(crate) fn pairs(
        &self,
        texts: &[u32],
        mixed: &[u32],
        value: impl Fn(u32) -> u64 + Sync,
    ) -> Result<(Vec<CandidatePair>, Vec<CandidatePair>), Error> {
        let bands = self.banding.bands();
        match self
            .scratch
            .filter(|scratch| self.needs_tables(scratch, texts))
        {
            None => {
                self.progress.begin(Stage::Search, bands + GRAM_PARTS);
                let mut pairs = self.by_bands(texts, |_| 0, self.progress);
                pairs.extend(self.by_grams(texts));
                Ok((pairs, self.by_bands(mixed, value, &())))
            }
            Some(scratch) => {
                let tables = |texts: &[u32]| Tables::new(scratch, bands, texts.len(), self.count);
                let (tables, of_mixed) = (tables(texts), tables(mixed));
                let steps = tables.steps(texts.len()) + of_mixed.bands.parts();
                self.progress.begin(Stage::Search, steps);
                self.spread(texts, &tables, true, |_| 0)?;
                let mut pairs = self.join_bands(&tables.bands)?;
                self.meet(&tables)?;
                pairs.extend(self.join_meetings(&tables.meetings)?);
                self.spread(mixed, &of_mixed, false, value)?;
                Ok((pairs, self.join_bands(&of_mixed.bands)?))
            }
        }
    }

    /// Are some texts on disk, or would the keys of all texts take too much memory?
    fn needs_tables(&self, scratch: &Scratch, texts: &[u32]) -> bool {
        let index = texts.len().saturating_mul(SAMPLE * size_of::<u64>());
        let on_disk = |&text: &u32| !self.texts.is_held((self.place)(text));
        index > scratch.bytes / 4 || texts.iter().any(on_disk)
    }

    /// In memory: the pairs that share a band of their signatures and have an equal `value`.
    fn by_bands(
        &self,
        texts: &[u32],
        value: impl Fn(u32) -> u64 + Sync,
        progress: &dyn Progress,
    ) -> Vec<CandidatePair> {
        if texts.is_empty() {
            return Vec::new();
        }
        let pairs = self.pool.map(
            self.banding.bands(),
            || (),
            |(), band| {
                let entry = |&position: &u32| {
                    let text = self.texts.recall((self.place)(position));
                    Some(BucketEntry {
                        key: self.banding.key(text.slots(), band)? ^ value(position),
                        position,
                    })
                };
                let entries = texts.iter().filter_map(entry).collect();
                let pairs = self.bucket_pairs(self.of_interest(entries));
                progress.advance(Stage::Search, 1);
                pairs
            },
        );
        pairs.concat()
    }

    /// The entries whose key may also be the key of a text of interest. For texts of interest, these entries give the same pairs as all
    /// entries.
    fn of_interest(&self, mut entries: Vec<BucketEntry>) -> Vec<BucketEntry> {
        if let Some(wanted) = self.wanted {
            let of_wanted = |entry: &&BucketEntry| wanted[entry.position as usize];
            let count = entries.iter().filter(of_wanted).count();
            let keys = entries.iter().filter(of_wanted).map(|entry| entry.key);
            let filter = filter_of(keys, count);
            entries.retain(|entry| filter.has(entry.key));
        }
        entries
    }

    /// As [`of_interest`](Self::of_interest), for the sampled grams of all texts.
    fn grams_of_interest<'k>(&self, keys: &[&'k [u32]]) -> Vec<Cow<'k, [u32]>> {
        let Some(wanted) = self.wanted else {
            return keys.iter().map(|&keys| Cow::Borrowed(keys)).collect();
        };
        let of_wanted = || keys.iter().zip(wanted).filter(|(_, wanted)| **wanted);
        let count = of_wanted().map(|(keys, _)| keys.len()).sum();
        let all = of_wanted().flat_map(|(keys, _)| keys.iter().map(|&key| u64::from(key)));
        let filter = filter_of(all, count);
        let kept = keys
            .iter()
            .zip(wanted)
            .map(|(&keys, &wanted)| match wanted {
                true => Cow::Borrowed(keys),
                false => {
                    let kept = keys.iter().filter(|&&key| filter.has(u64::from(key)));
                    Cow::Owned(kept.copied().collect())
                }
            });
        kept.collect()
    }

    fn bucket_pairs(&self, entries: Vec<BucketEntry>) -> Vec<CandidatePair> {
        let alike = |a, b| {
            let [a, b] = [a, b].map(|text| self.texts.recall((self.place)(text)));
            estimate(a.slots(), b.slots()) >= self.threshold
        };
        bucket_pairs(entries, &self.rank, alike)
    }

    /// In memory: the pairs that share sampled grams. Copies with noise or revisions often have no equal band, but still share grams.
    fn by_grams(&self, texts: &[u32]) -> Vec<CandidatePair> {
        let mut recalled = Vec::with_capacity(self.count);
        let mut left = texts.iter().peekable();
        for text in 0..self.count as u32 {
            let is_searched = left.next_if_eq(&&text).is_some();
            recalled.push(is_searched.then(|| self.texts.recall((self.place)(text))));
        }
        let keys = recalled.iter().map(|text| match text {
            Some(text) => text.sample().keys(),
            None => &[],
        });
        let keys = self.grams_of_interest(&keys.collect::<Vec<_>>());
        let keys: Vec<&[u32]> = keys.iter().map(|keys| &**keys).collect();
        let parts = key_ranges(&keys, KEY_PARTS);
        let among = |(): &mut (), i: usize| KeyIndex::among(&keys, &self.rank, parts[i].clone());
        let index = KeyIndex::joined(self.pool.map(parts.len(), || (), among));
        // Each part passes over all buckets, so fewer parts cost less.
        let parts = match index.meetings() > FEW_MEETINGS {
            true => GRAM_PARTS,
            false => GRAM_PARTS / 4,
        };
        let part = keys.len().div_ceil(parts) as u32;
        let pairs = self.pool.map(
            parts,
            || (),
            |(), i| {
                let first = part * i as u32;
                let pairs = index.pairs(first..first + part, MIN_MEETINGS);
                self.progress.advance(Stage::Search, GRAM_PARTS / parts);
                pairs
            },
        );
        pairs.concat()
    }

    /// On disk: writes the keys of all bands to their table, and the sampled grams to theirs if they are `wanted`.
    fn spread(
        &self,
        texts: &[u32],
        tables: &Tables,
        wanted: bool,
        value: impl Fn(u32) -> u64 + Sync,
    ) -> Result<(), Error> {
        let chunks: Vec<&[u32]> = texts.chunks(CHUNK).collect();
        let written = self.pool.map(
            chunks.len(),
            || (),
            |(), i| {
                let mut bands = Gathered::new(&tables.bands);
                let mut grams = Gathered::new(&tables.grams);
                for &position in chunks[i] {
                    let text = self.texts.recall_once((self.place)(position));
                    for band in 0..self.banding.bands() {
                        if let Some(key) = self.banding.key(text.slots(), band) {
                            let key = key ^ value(position);
                            let part = tables.part_of_band(band, key);
                            bands.add(part, [(key >> 32) as u32, key as u32, position])?;
                        }
                    }
                    for &key in text.sample().keys().iter().filter(|_| wanted) {
                        grams.add(
                            mix(u64::from(key)) as usize % tables.grams.parts(),
                            [key, position],
                        )?;
                    }
                }
                bands.write()?;
                grams.write()?;
                self.progress.advance(Stage::Search, usize::from(wanted));
                Ok(())
            },
        );
        written.into_iter().collect()
    }

    fn join_bands(&self, bands: &Table<3>) -> Result<Vec<CandidatePair>, Error> {
        self.each_part(bands, |rows| {
            let entry = |&[high, low, position]: &[u32; 3]| BucketEntry {
                key: u64::from(high) << 32 | u64::from(low),
                position,
            };
            let entries = rows.iter().map(entry).collect();
            drop(rows);
            Ok(self.bucket_pairs(entries))
        })
    }

    /// Writes every pair that shares a gram, once for each shared gram.
    fn meet(&self, tables: &Tables) -> Result<(), Error> {
        self.each_part(&tables.grams, |rows| {
            let entry = |&[key, position]: &[u32; 2]| u64::from(key) << 32 | u64::from(position);
            let entries: Vec<u64> = rows.iter().map(entry).collect();
            drop(rows);
            let mut met = Gathered::new(&tables.meetings);
            let mut written = Ok(());
            for_each_meeting(&entries, &self.rank, |(a, b)| {
                if written.is_ok() {
                    written = met.add(a as usize / MEETING_TEXTS, [a, b]);
                }
            });
            written?;
            met.write()?;
            Ok(Vec::<()>::new())
        })?;
        Ok(())
    }

    fn join_meetings(&self, meetings: &Table<2>) -> Result<Vec<CandidatePair>, Error> {
        self.each_part(meetings, |rows| {
            let often = rows.chunk_by(|a, b| a == b);
            let often = often.filter(|same| same.len() >= MIN_MEETINGS);
            Ok(often.map(|same| (same[0][0], same[0][1])).collect())
        })
    }

    /// Calls `join` with the sorted rows of each part, and concatenates the results in the order of the parts.
    fn each_part<const W: usize, T: Send + Clone>(
        &self,
        table: &Table<W>,
        join: impl Fn(Vec<[u32; W]>) -> Result<Vec<T>, Error> + Sync + Send,
    ) -> Result<Vec<T>, Error> {
        let joined = self.pool.map(
            table.parts(),
            || (),
            |(), part| {
                let joined = join(table.take(part)?);
                self.progress.advance(Stage::Search, 1);
                joined
            },
        );
        let joined: Vec<Vec<T>> = joined.into_iter().collect::<Result<_, Error>>()?;
        Ok(joined.concat())
    }
}

/// The tables of a search.
struct Tables {
    /// Rows: key of a band (high half, low half), text.
    bands: Table<3>,
    /// Number of parts for each band.
    parts_of_band: usize,
    /// Rows: gram, text.
    grams: Table<2>,
    /// Rows: the two texts of a pair that shares one gram, the smaller first.
    meetings: Table<2>,
}

impl Tables {
    /// Tables for a search among `texts` texts. `count` is the number of all texts.
    fn new(scratch: &Scratch, bands: usize, texts: usize, count: usize) -> Self {
        let parts_of_band = (texts * BAND_BYTES).div_ceil(PART_BYTES);
        let parts_of_band = parts_of_band.clamp(1, (MAX_PARTS / bands).max(1));
        let grams = texts.saturating_mul(SAMPLE * size_of::<u64>());
        let grams = grams.div_ceil(PART_BYTES).clamp(1, MAX_PARTS);
        let meetings = count.div_ceil(MEETING_TEXTS).clamp(1, MAX_PARTS * 4);
        Self {
            bands: scratch.table("bands", bands * parts_of_band),
            parts_of_band,
            grams: scratch.table("grams", grams),
            meetings: scratch.table("meetings", meetings),
        }
    }

    fn part_of_band(&self, band: usize, key: u64) -> usize {
        band * self.parts_of_band + (key % self.parts_of_band as u64) as usize
    }

    /// Number of steps of a search among `texts` texts, for progress.
    fn steps(&self, texts: usize) -> usize {
        let parts = self.bands.parts() + self.grams.parts() + self.meetings.parts();
        texts.div_ceil(CHUNK) + parts
    }
}

/// A filter of `keys`. `count` is their approximate number.
fn filter_of(keys: impl Iterator<Item = u64>, count: usize) -> KeyFilter {
    let filter = KeyFilter::with_bits(FILTER_BITS * count);
    keys.for_each(|key| filter.add(key));
    filter
}
