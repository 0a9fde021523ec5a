//! How are facts stored? All numbers are little-endian, and each list follows its length.
//!
//! `RPFA`, version, kind, flags, a zero byte, size and digest of the scheme; then digest, sizes, signature, sample and seeds; last the
//! XXH3-64 of all that. The rows of a run have only seeds, signature, sample and phrases, and their table adds the checksum.

use xxhash_rust::xxh3::xxh3_64;

use crate::error::Error;
use crate::facts::{Facts, Sketch};
use crate::normalize::Shift;
use crate::scheme::{Scheme, SchemeKind};
use crate::signature::{Sample, Seed};

const MAGIC: [u8; 4] = *b"RPFA";
const VERSION: u8 = 1;

/// Flags of the header.
const HAS_SEEDS: u8 = 1;
const QUOTES: u8 = 2;

/// Bytes of a seed.
const SEED: usize = 12;

/// Bytes of the checksum.
const CHECKSUM: usize = 8;

/// The facts about a text that the search and the judging need, in addition to its folded form.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Remembered {
    /// The signature.
    pub(crate) slots: Vec<u32>,
    pub(crate) sample: Sample,
    pub(crate) shifts: Box<[Shift]>,
}

impl Remembered {
    /// Appends the stored form.
    pub(crate) fn write(
        slots: &[u32],
        sample: &Sample,
        shifts: &[Shift],
        seeds: &[Seed],
        out: &mut Vec<u8>,
    ) {
        put_seeds(seeds, out);
        put_list(slots, out);
        put_sample(sample, out);
        out.extend((shifts.len() as u32).to_le_bytes());
        for shift in shifts {
            out.extend(shift.to_bytes());
        }
    }

    /// The seeds in a stored form, by key.
    pub(crate) fn read_seeds(bytes: &[u8]) -> Option<Vec<Seed>> {
        Bytes(bytes).seeds()
    }

    /// Reads the stored form; `None` where the bytes have another form.
    pub(crate) fn read(bytes: &[u8]) -> Option<Self> {
        let mut from = Bytes(bytes);
        from.skip_seeds()?;
        let read = Self {
            slots: from.list()?,
            sample: from.sample()?,
            shifts: from.shifts()?,
        };
        from.0.is_empty().then_some(read)
    }
}

pub(super) fn write(facts: &Facts) -> Vec<u8> {
    let Facts {
        scheme,
        has_seeds,
        sketch,
        slots,
        seeds,
    } = facts;
    let mut out = MAGIC.to_vec();
    let flags = u8::from(*has_seeds) * HAS_SEEDS + u8::from(sketch.quotes) * QUOTES;
    out.extend([VERSION, scheme.kind() as u8, flags, 0]);
    out.extend(scheme.size().to_le_bytes());
    out.extend(scheme.digest().to_le_bytes());
    out.extend(sketch.digest.to_le_bytes());
    for size in sizes(sketch) {
        out.extend((size as u64).to_le_bytes());
    }
    put_list(slots, &mut out);
    put_sample(&sketch.sample, &mut out);
    put_seeds(seeds, &mut out);
    out.extend(xxh3_64(&out).to_le_bytes());
    out
}

fn sizes(sketch: &Sketch) -> [usize; 6] {
    [
        sketch.length,
        sketch.letters,
        sketch.weight,
        sketch.shingles,
        sketch.bytes,
        sketch.all_seeds,
    ]
}

pub(super) fn read(bytes: &[u8]) -> Result<Facts, Error> {
    let fail = |problem: &str| Error::bytes("facts", problem);
    if !bytes.starts_with(&MAGIC) {
        return Err(fail("they don't start with RPFA"));
    }
    if bytes.get(4) != Some(&VERSION) {
        return Err(fail(
            "they are of another format version; sign the text again",
        ));
    }
    let whole = bytes.len().checked_sub(CHECKSUM);
    let whole = whole.and_then(|end| bytes.split_at_checked(end));
    let whole = whole.filter(|(body, sum)| xxh3_64(body).to_le_bytes() == **sum);
    let (body, _) = whole.ok_or_else(|| fail("they are damaged or not whole"))?;
    let facts = Bytes(body.get(5..).unwrap_or_default()).facts();
    facts.ok_or_else(|| fail("they are not laid out as facts"))
}

fn put_list(values: &[u32], out: &mut Vec<u8>) {
    out.extend((values.len() as u32).to_le_bytes());
    out.extend(values.iter().flat_map(|value| value.to_le_bytes()));
}

fn put_seeds(seeds: &[Seed], out: &mut Vec<u8>) {
    out.extend((seeds.len() as u32).to_le_bytes());
    for &Seed { key, place } in seeds {
        out.extend(key.to_le_bytes());
        out.extend(place.to_le_bytes());
    }
}

fn put_sample(sample: &Sample, out: &mut Vec<u8>) {
    out.extend(sample.limit().to_le_bytes());
    out.extend(sample.distinct_share().to_le_bytes());
    put_list(sample.keys(), out);
    out.extend(sample.places().iter().flat_map(|place| place.to_le_bytes()));
}

/// The bytes that are still to be read.
struct Bytes<'b>(&'b [u8]);

impl Bytes<'_> {
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (first, rest) = self.0.split_first_chunk::<N>()?;
        self.0 = rest;
        Some(*first)
    }

    fn u16(&mut self) -> Option<u16> {
        self.take().map(u16::from_le_bytes)
    }

    fn u32(&mut self) -> Option<u32> {
        self.take().map(u32::from_le_bytes)
    }

    fn u64(&mut self) -> Option<u64> {
        self.take().map(u64::from_le_bytes)
    }

    /// `count` items of `N` bytes. No memory is reserved for more items than there are bytes.
    fn items<const N: usize, T>(
        &mut self,
        count: usize,
        item: impl Fn([u8; N]) -> T,
    ) -> Option<Vec<T>> {
        let (items, rest) = self.0.split_at_checked(count.checked_mul(N)?)?;
        self.0 = rest;
        let (items, _) = items.as_chunks::<N>();
        Some(items.iter().map(|bytes| item(*bytes)).collect())
    }

    fn list(&mut self) -> Option<Vec<u32>> {
        let count = self.u32()? as usize;
        self.items(count, u32::from_le_bytes)
    }

    fn sample(&mut self) -> Option<Sample> {
        let (limit, distinct) = (self.u32()?, self.u16()?);
        let keys = self.list()?;
        let places = self.items(keys.len(), u16::from_le_bytes)?;
        Some(Sample::from_parts(limit, distinct, keys, places))
    }

    fn shifts(&mut self) -> Option<Box<[Shift]>> {
        let count = self.u32()? as usize;
        Some(self.items(count, Shift::from_bytes)?.into())
    }

    fn skip_seeds(&mut self) -> Option<()> {
        let count = self.u32()? as usize;
        self.0 = self.0.get(count.checked_mul(SEED)?..)?;
        Some(())
    }

    fn seeds(&mut self) -> Option<Vec<Seed>> {
        let count = self.u32()? as usize;
        self.items(count, |bytes: [u8; SEED]| {
            let [a, b, c, d, e, f, g, h, place @ ..] = bytes;
            Seed {
                key: u64::from_le_bytes([a, b, c, d, e, f, g, h]),
                place: u32::from_le_bytes(place),
            }
        })
    }

    fn size(&mut self) -> Option<usize> {
        usize::try_from(self.u64()?).ok()
    }

    fn facts(mut self) -> Option<Facts> {
        let [kind, flags, _] = self.take()?;
        let scheme = Scheme::from_parts(SchemeKind::from_byte(kind)?, self.u32()?, self.u64()?);
        let mut sketch = Sketch {
            digest: u128::from_le_bytes(self.take()?),
            length: self.size()?,
            letters: self.size()?,
            weight: self.size()?,
            shingles: self.size()?,
            bytes: self.size()?,
            all_seeds: self.size()?,
            quotes: flags & QUOTES != 0,
            ..Sketch::default()
        };
        let slots = self.list()?;
        sketch.sample = self.sample()?;
        let facts = Facts {
            scheme,
            has_seeds: flags & HAS_SEEDS != 0,
            sketch,
            slots,
            seeds: self.seeds()?,
        };
        self.0.is_empty().then_some(facts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::{Hasher, Sketcher};
    use crate::normalize::Normalizer;
    use crate::shingle::Shingler;
    use crate::signature::MinHasher;

    fn facts(text: &str) -> Facts {
        let (normalizer, shingler) = (Normalizer::new(), Shingler::default());
        let scheme = shingler.scheme(&normalizer);
        let hasher = Hasher::MinHash(MinHasher::new(scheme, 16).unwrap());
        let sketcher = Sketcher {
            normalizer,
            shingler: &shingler,
            hasher,
            seeds: true,
        };
        Facts::new(&sketcher, text)
    }

    #[test]
    fn facts_are_read_as_they_were_written() {
        for text in [
            "",
            "水",
            "> One quoted line.\nAnd another one, which is rather longer than that.",
        ] {
            let facts = facts(text);
            assert_eq!(read(&write(&facts)), Ok(facts), "{text:?}");
        }
    }

    #[test]
    fn damaged_facts_are_an_error() {
        let whole = write(&facts("One text."));
        for at in 0..whole.len() {
            let mut damaged = whole.clone();
            damaged[at] ^= 0x10;
            assert!(read(&damaged).unwrap_err().is_corrupt(), "{at}");
            assert!(read(&whole[..at]).unwrap_err().is_corrupt(), "{at}");
        }
    }

    #[test]
    fn a_row_of_a_run_is_read_as_it_was_written() {
        let facts = facts("The bridge at Holm reopened on Monday.");
        let mut bytes = Vec::new();
        let Facts { slots, seeds, .. } = &facts;
        Remembered::write(slots, &facts.sketch.sample, &[], seeds, &mut bytes);
        assert_eq!(Remembered::read_seeds(&bytes).as_ref(), Some(seeds));
        let read = Remembered::read(&bytes).unwrap();
        assert_eq!(
            (read.slots, read.sample),
            (facts.slots, facts.sketch.sample)
        );
        assert_eq!(Remembered::read(&bytes[1..]), None);
    }
}
