//! How is a file packed? Its first bytes decide this, because endings may be wrong.

#[cfg(feature = "bzip2")]
mod bzip2;
mod gzip;
#[cfg(feature = "xz")]
mod xz;
mod zstd;

#[cfg(feature = "bzip2")]
use self::bzip2::Bzip2;
use self::gzip::Gunzip;
#[cfg(feature = "xz")]
use self::xz::Xz;
use self::zstd::Frame;
use super::feature::Missing;

/// The packings that are unpacked here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Packing {
    Gzip,
    Zstd,
    Xz,
    Bzip2,
}

/// Endings of packed files. They follow the ending of the file inside.
pub const ENDINGS: [(&str, Packing); 4] = [
    (".gz", Packing::Gzip),
    (".zst", Packing::Zstd),
    (".xz", Packing::Xz),
    (".bz2", Packing::Bzip2),
];

/// First bytes of files in packings that are not unpacked here, and the names of the packings.
const FOREIGN: [(&[u8], &str); 6] = [
    (b"PK\x03\x04", "zip"),
    (b"7z\xBC\xAF\x27\x1C", "7z"),
    (b"\x04\x22\x4D\x18", "lz4"),
    (b"LZIP\x00", "lzip"),
    (b"LZIP\x01", "lzip"),
    (b"\x1F\x9D", "compress"),
];

/// Number of bytes at the start of a file that show its packing.
pub const TELLING: usize = 10;

/// The packing of a file with these first bytes, if it is one that cannot be unpacked here.
pub fn foreign(start: &[u8]) -> Option<&'static str> {
    let found = FOREIGN.iter().find(|(magic, _)| start.starts_with(magic));
    found.map(|&(_, name)| name)
}

impl Packing {
    /// The packing, by the first bytes of a file or of the bytes after an earlier part.
    pub fn detect(start: &[u8]) -> Option<Self> {
        let [a, b, c, d, ..] = *start else {
            return None;
        };
        // A zstd file may start with a skippable frame, whose magic number is one of 16.
        let skipped = a & 0xF0 == 0x50 && [b, c, d] == [0x2A, 0x4D, 0x18];
        let others = [Self::Gzip, Self::Zstd, Self::Xz];
        match others.iter().find(|other| start.starts_with(other.magic())) {
            Some(found) => Some(*found),
            None if starts_bzip2(start) => Some(Self::Bzip2),
            None => skipped.then_some(Self::Zstd),
        }
    }

    /// The feature that this packing needs, if this build lacks it.
    pub fn missing(self) -> Option<Missing> {
        match self {
            Self::Xz if !cfg!(feature = "xz") => Some(Missing("xz")),
            Self::Bzip2 if !cfg!(feature = "bzip2") => Some(Missing("bzip2")),
            _ => None,
        }
    }

    /// The first bytes of a part with content. After a damage, the next part is searched with them.
    pub fn magic(self) -> &'static [u8] {
        match self {
            Self::Gzip => b"\x1F\x8B\x08",
            Self::Zstd => b"\x28\xB5\x2F\xFD",
            Self::Xz => b"\xFD7zXZ\0",
            Self::Bzip2 => b"BZh",
        }
    }

    /// The usual name of the packing.
    pub fn name(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
            Self::Xz => "xz",
            Self::Bzip2 => "bzip2",
        }
    }

    /// The name of the parts of a file in this packing.
    pub fn part(self) -> &'static str {
        match self {
            Self::Gzip => "gzip member",
            Self::Zstd => "zstd frame",
            Self::Xz => "xz stream",
            Self::Bzip2 => "bzip2 stream",
        }
    }
}

/// Whether a bzip2 stream starts with these bytes: with the size of its blocks, and the mark of a block or of the stream's
/// end.
fn starts_bzip2(bytes: &[u8]) -> bool {
    let Some([b'1'..=b'9', mark @ ..]) = bytes.strip_prefix(b"BZh") else {
        return false;
    };
    mark.starts_with(b"1AY&SY") || mark.starts_with(b"\x17\x72\x45\x38\x50\x90")
}

/// One part of a packed file while it is unpacked.
pub enum Part {
    Gzip(Box<Gunzip>),
    Zstd(Box<Frame>),
    #[cfg(feature = "xz")]
    Xz(Box<Xz>),
    #[cfg(feature = "bzip2")]
    Bzip2(Box<Bzip2>),
}

/// The number of bytes that one step took and gave, and its outcome.
pub struct Step {
    pub taken: usize,
    pub given: usize,
    pub outcome: Result<Progress, Fault>,
}

impl Step {
    /// A step, from the total bytes taken and given before and after it.
    fn between(before: (u64, u64), after: (u64, u64), outcome: Result<Progress, Fault>) -> Self {
        Self {
            taken: (after.0 - before.0) as usize,
            given: (after.1 - before.1) as usize,
            outcome,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    On,
    /// The part has ended properly.
    End,
}

/// What is wrong with a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// The bytes are not valid in the packing.
    Damaged,
    /// Everything was unpacked, but the checksum does not agree.
    Checksum,
    /// Unpacking takes more memory than is allowed.
    Memory,
}

/// A fault and its message.
#[derive(Debug)]
pub struct Fault {
    pub kind: FaultKind,
    pub error: String,
}

impl Fault {
    pub fn new(kind: FaultKind, error: impl Into<String>) -> Self {
        let error = error.into();
        Self { kind, error }
    }

    pub fn damaged(error: impl Into<String>) -> Self {
        Self::new(FaultKind::Damaged, error)
    }
}

impl Part {
    /// Starts a part. `window` is the logarithm of the number of unpacked bytes that may be held to look back.
    pub fn start(packing: Packing, window: u32) -> Result<Self, Fault> {
        Ok(match packing {
            Packing::Gzip => Self::Gzip(Box::default()),
            Packing::Zstd => Self::Zstd(Box::new(Frame::new(window)?)),
            #[cfg(feature = "xz")]
            Packing::Xz => Self::Xz(Box::new(Xz::new(window)?)),
            #[cfg(feature = "bzip2")]
            Packing::Bzip2 => Self::Bzip2(Box::default()),
            #[cfg(not(all(feature = "xz", feature = "bzip2")))]
            other => return Err(Fault::damaged(format!("{} is not read", other.name()))),
        })
    }

    /// Unpacks some of `from`.
    pub fn step(&mut self, from: &[u8], to: &mut [u8]) -> Step {
        match self {
            Self::Gzip(part) => part.step(from, to),
            Self::Zstd(part) => part.step(from, to),
            #[cfg(feature = "xz")]
            Self::Xz(part) => part.step(from, to),
            #[cfg(feature = "bzip2")]
            Self::Bzip2(part) => part.step(from, to),
        }
    }
}
