//! How is a signature stored? In a fixed form: `RPSG`, format version 1, kind, 1 for an empty text or else 0, a zero byte, size (u32),
//! scheme digest (u64), then the values (nothing for an empty text). All numbers are little-endian.

use crate::error::Error;
use crate::scheme::{Scheme, SchemeKind};
use crate::signature::{MAX_SLOTS, MinHash, SimHash};

const MAGIC: [u8; 4] = *b"RPSG";
const VERSION: u8 = 1;
const HEADER: usize = 20;

fn header(scheme: Scheme, empty: bool) -> Vec<u8> {
    let mut bytes = MAGIC.to_vec();
    bytes.extend([VERSION, scheme.kind() as u8, u8::from(empty), 0]);
    bytes.extend(scheme.size().to_le_bytes());
    bytes.extend(scheme.digest().to_le_bytes());
    bytes
}

/// Reads the header of a signature of this kind. The remaining bytes are its values.
fn read<'b>(
    what: &'static str,
    kind: SchemeKind,
    bytes: &'b [u8],
) -> Result<(Scheme, bool, &'b [u8]), Error> {
    let fail = |problem: String| Error::bytes(what, problem);
    let Some((head, values)) = bytes.split_first_chunk::<HEADER>() else {
        let problem = format!("{} bytes, and the header alone has {HEADER}", bytes.len());
        return Err(fail(problem));
    };
    let &[
        m0,
        m1,
        m2,
        m3,
        version,
        tag,
        empty,
        zero,
        s0,
        s1,
        s2,
        s3,
        digest @ ..,
    ] = head;
    if [m0, m1, m2, m3] != MAGIC {
        return Err(fail("they don't start with RPSG".into()));
    }
    if version != VERSION {
        let problem = format!("format version {version}, and this library reads {VERSION}");
        return Err(fail(problem));
    }
    if tag != kind as u8 || empty > 1 || zero != 0 {
        return Err(fail(format!("they are of kind {tag}, not {}", kind as u8)));
    }
    let size = u32::from_le_bytes([s0, s1, s2, s3]);
    let scheme = Scheme::from_parts(kind, size, u64::from_le_bytes(digest));
    Ok((scheme, empty == 1, values))
}

fn wrong_length(what: &'static str, scheme: Scheme, values: &[u8]) -> Error {
    let problem = format!(
        "{} bytes of values do not fit the size {}",
        values.len(),
        scheme.size()
    );
    Error::bytes(what, problem)
}

impl MinHash {
    /// The stored form: a header of 20 bytes, then 4 bytes a slot.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = header(self.scheme, self.slots.is_empty());
        bytes.extend(self.slots.iter().flat_map(|slot| slot.to_le_bytes()));
        bytes
    }

    /// Reads the stored form.
    ///
    /// # Errors
    ///
    /// Where the bytes are no MinHash of this format version; the message says why.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        let (scheme, empty, values) = read("MinHash", SchemeKind::MinHash, bytes)?;
        let size = scheme.size() as usize;
        let fits = values.len() == if empty { 0 } else { 4 * size };
        if !fits || !(1..=MAX_SLOTS).contains(&size) {
            return Err(wrong_length("MinHash", scheme, values));
        }
        let (slots, _) = values.as_chunks();
        Ok(Self {
            scheme,
            slots: slots.iter().map(|&slot| u32::from_le_bytes(slot)).collect(),
        })
    }
}

impl SimHash {
    /// The stored form: a header of 20 bytes, then 8 or 16 bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = header(self.scheme, false);
        bytes.extend(&self.bits.to_le_bytes()[..self.scheme.size() as usize / 8]);
        bytes
    }

    /// Reads the stored form.
    ///
    /// # Errors
    ///
    /// Where the bytes are no SimHash of this format version; the message says why.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        let (scheme, _, values) = read("SimHash", SchemeKind::SimHash, bytes)?;
        if !matches!(scheme.size(), 64 | 128) || values.len() * 8 != scheme.size() as usize {
            return Err(wrong_length("SimHash", scheme, values));
        }
        let bits = values
            .iter()
            .rev()
            .fold(0, |n, &byte| n << 8 | u128::from(byte));
        Ok(Self { scheme, bits })
    }
}
