//! May two artefacts be compared?

use std::fmt;

use xxhash_rust::xxh3::xxh3_64;

/// Format of everything that is stored. It is raised when the bytes of a signature, or the way in which they are computed, change.
const FORMAT_VERSION: u64 = 1;

/// The kind of an artefact, with a digest of everything that decides it: format version, fold tables, options, windows, hash, seed and
/// size. Artefacts of different schemes are never compared.
///
/// ```
/// use reprint::{normalize::Normalizer, shingle::Shingler};
///
/// let scheme = Shingler::default().scheme(&Normalizer::new());
/// assert_ne!(scheme, Shingler::default().scheme(&Normalizer::new().strip_accents(true)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Scheme {
    kind: SchemeKind,
    size: u32,
    digest: u64,
}

/// The kind of artefact to which a scheme belongs. The numbers are part of the stored form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[repr(u8)]
pub(crate) enum SchemeKind {
    Shingles = 1,
    MinHash = 2,
    SimHash = 3,
}

impl SchemeKind {
    /// The kind for a number in a stored form.
    pub(crate) fn from_byte(byte: u8) -> Option<Self> {
        let all = [Self::Shingles, Self::MinHash, Self::SimHash];
        all.into_iter().find(|&kind| kind as u8 == byte)
    }
}

impl Scheme {
    /// The scheme of shingles. `parts` are the values that decide them.
    pub(crate) fn of_shingles(parts: &[u64]) -> Self {
        let digest = digest(FORMAT_VERSION, parts);
        Self {
            kind: SchemeKind::Shingles,
            size: 0,
            digest,
        }
    }

    /// The scheme of a signature of this kind and size, made from these shingles.
    pub(crate) fn signature(self, kind: SchemeKind, size: u32) -> Self {
        let digest = digest(self.digest, &[kind as u64, u64::from(size)]);
        Self { kind, size, digest }
    }

    pub(crate) fn kind(self) -> SchemeKind {
        self.kind
    }

    pub(crate) fn size(self) -> u32 {
        self.size
    }

    /// The 64-bit digest.
    pub fn digest(self) -> u64 {
        self.digest
    }

    pub(crate) fn from_parts(kind: SchemeKind, size: u32, digest: u64) -> Self {
        Self { kind, size, digest }
    }
}

fn digest(start: u64, parts: &[u64]) -> u64 {
    let all = std::iter::once(&start).chain(parts);
    xxh3_64(&all.flat_map(|part| part.to_le_bytes()).collect::<Vec<u8>>())
}

impl fmt::Display for Scheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            SchemeKind::Shingles => write!(f, "shingles:{:016x}", self.digest),
            SchemeKind::MinHash => write!(f, "minhash-{}:{:016x}", self.size, self.digest),
            SchemeKind::SimHash => write!(f, "simhash-{}:{:016x}", self.size, self.digest),
        }
    }
}
