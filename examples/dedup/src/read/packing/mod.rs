//! With what was a file packed? By its first bytes, as endings lie.

mod bzip2;
mod gzip;
mod xz;
mod zstd;

use self::bzip2::Bzip2;
use self::gzip::Gunzip;
use self::xz::Xz;
use self::zstd::Frame;

/// What packs files, and is unpacked here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Packing {
    Gzip,
    Zstd,
    Xz,
    Bzip2,
}

/// Endings of packed files, which stand after that of what is packed.
pub const ENDINGS: [(&str, Packing); 4] = [
    (".gz", Packing::Gzip),
    (".zst", Packing::Zstd),
    (".xz", Packing::Xz),
    (".bz2", Packing::Bzip2),
];

/// Starts of files that hold no rows as they are.
const FOREIGN: [(&[u8], &str); 5] = [
    (b"PK\x03\x04", "zip"),
    (b"7z\xBC\xAF\x27\x1C", "7z"),
    (b"\x04\x22\x4D\x18", "lz4"),
    (b"LZIP", "lzip"),
    (b"\x1F\x9D", "compress"),
];

/// Bytes that tell it.
pub const TELLING: usize = 10;

/// What packed a file that starts like this, and can't be unpacked here.
pub fn foreign(start: &[u8]) -> Option<&'static str> {
    let found = FOREIGN.iter().find(|(magic, _)| start.starts_with(magic));
    found.map(|&(_, name)| name)
}

impl Packing {
    /// By the first bytes of a file, or of what stands after an earlier part.
    pub fn detect(start: &[u8]) -> Option<Self> {
        let [a, b, c, d, ..] = *start else {
            return None;
        };
        // A zstd file may start with a frame to be skipped, which has one of 16 numbers.
        let skipped = a & 0xF0 == 0x50 && [b, c, d] == [0x2A, 0x4D, 0x18];
        let others = [Self::Gzip, Self::Zstd, Self::Xz];
        match others.iter().find(|other| start.starts_with(other.magic())) {
            Some(found) => Some(*found),
            None if bzip2::starts(start) => Some(Self::Bzip2),
            None => skipped.then_some(Self::Zstd),
        }
    }

    /// Behind a damage: how the next part starts that holds something.
    pub fn magic(self) -> &'static [u8] {
        match self {
            Self::Gzip => b"\x1F\x8B\x08",
            Self::Zstd => b"\x28\xB5\x2F\xFD",
            Self::Xz => b"\xFD7zXZ\0",
            Self::Bzip2 => b"BZh",
        }
    }

    /// As people call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
            Self::Xz => "xz",
            Self::Bzip2 => "bzip2",
        }
    }

    /// What a file of it is made of.
    pub fn part(self) -> &'static str {
        match self {
            Self::Gzip => "gzip member",
            Self::Zstd => "zstd frame",
            Self::Xz => "xz stream",
            Self::Bzip2 => "bzip2 stream",
        }
    }
}

/// One part of a packed file while it is unpacked.
pub enum Part {
    Gzip(Box<Gunzip>),
    Zstd(Box<Frame>),
    Xz(Box<Xz>),
    Bzip2(Box<Bzip2>),
}

/// What one step took and gave.
pub struct Step {
    pub taken: usize,
    pub given: usize,
    pub outcome: Result<Progress, Fault>,
}

impl Step {
    /// A step between two states of a stream's totals, of bytes taken and given.
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
    /// The part ended as it should.
    End,
}

/// What is wrong with a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// It is not as its packing makes it.
    Damaged,
    /// Everything came out, but its checksum is another one.
    Checksum,
    /// To unpack it takes more memory than there may be.
    Memory,
}

/// A fault, and what is said of it.
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
    /// The start of a part; `window` is the logarithm of the bytes that may be held to look back.
    pub fn start(packing: Packing, window: u32) -> Result<Self, Fault> {
        Ok(match packing {
            Packing::Gzip => Self::Gzip(Box::default()),
            Packing::Zstd => Self::Zstd(Box::new(Frame::new(window)?)),
            Packing::Xz => Self::Xz(Box::new(Xz::new(window)?)),
            Packing::Bzip2 => Self::Bzip2(Box::default()),
        })
    }

    /// Unpacks some of `from`.
    pub fn step(&mut self, from: &[u8], to: &mut [u8]) -> Step {
        match self {
            Self::Gzip(part) => part.step(from, to),
            Self::Zstd(part) => part.step(from, to),
            Self::Xz(part) => part.step(from, to),
            Self::Bzip2(part) => part.step(from, to),
        }
    }
}
