//! With what was a file packed? By its first bytes, as endings lie.

use flate2::{Decompress, FlushDecompress};
use zstd::stream::raw::{DParameter, Decoder, InBuffer, Operation, OutBuffer};

/// What packs rows, and is unpacked here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Packing {
    Gzip,
    Zstd,
}

/// Starts of files that hold no rows as they are.
const FOREIGN: [(&[u8], &str); 7] = [
    (b"\xFD7zXZ\0", "xz"),
    (b"BZh", "bzip2"),
    (b"PK\x03\x04", "zip"),
    (b"7z\xBC\xAF\x27\x1C", "7z"),
    (b"\x04\x22\x4D\x18", "lz4"),
    (b"LZIP", "lzip"),
    (b"\x1F\x9D", "compress"),
];

/// Bytes that tell it.
pub const TELLING: usize = 6;

/// What packed a file that starts like this, and can't be unpacked here.
pub fn foreign(start: &[u8]) -> Option<&'static str> {
    let found = FOREIGN.iter().find(|(magic, _)| start.starts_with(magic));
    found.map(|&(_, name)| name)
}

impl Packing {
    /// By the first bytes of a file, or of what stands behind an earlier part.
    pub fn of(start: &[u8]) -> Option<Self> {
        let [a, b, c, d, ..] = *start else {
            return None;
        };
        // A zstd file may start with a frame to be skipped, which has one of 16 numbers.
        let skipped = a & 0xF0 == 0x50 && [b, c, d] == [0x2A, 0x4D, 0x18];
        match (a, b, c) {
            (0x1F, 0x8B, 8) => Some(Self::Gzip),
            (0x28, 0xB5, 0x2F) if d == 0xFD => Some(Self::Zstd),
            _ => skipped.then_some(Self::Zstd),
        }
    }

    /// Behind a damage: how the next part starts that holds something.
    pub fn magic(self) -> &'static [u8] {
        match self {
            Self::Gzip => b"\x1F\x8B\x08",
            Self::Zstd => b"\x28\xB5\x2F\xFD",
        }
    }

    /// As people call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
        }
    }

    /// What a file of it is made of.
    pub fn part(self) -> &'static str {
        match self {
            Self::Gzip => "gzip member",
            Self::Zstd => "zstd frame",
        }
    }
}

/// One part of a packed file while it is unpacked.
pub enum Part {
    Gzip(Box<Decompress>),
    Zstd(Frame),
}

/// A zstd frame. What is made in the same step as an error is lost, so a step is at most a block, and has an end before the
/// next one begins.
pub struct Frame {
    decoder: Decoder<'static>,
    /// Bytes up to the end of the block.
    takes: usize,
    /// Is there more of the last block?
    full: bool,
}

/// What one step took and gave.
pub struct Step {
    pub taken: usize,
    pub given: usize,
    pub outcome: Result<Progress, Fault>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    On,
    /// The part ended as it should.
    End,
}

pub struct Fault {
    pub error: String,
    /// Everything came out, but its checksum is another one.
    pub checksum: bool,
}

impl Fault {
    /// By what gzip and zstd say.
    pub fn new(error: impl Into<String>) -> Self {
        let error = error.into();
        let checksum = error.contains("incorrect data check") || error.contains("match checksum");
        Self { error, checksum }
    }
}

impl Part {
    /// The start of a part; `window` is the logarithm of the bytes that zstd may look back.
    pub fn start(packing: Packing, window: u32) -> Result<Self, Fault> {
        let zstd = || {
            let mut decoder = Decoder::new()?;
            decoder.set_parameter(DParameter::WindowLogMax(window))?;
            // The shortest head of a frame.
            Ok(Self::Zstd(Frame {
                decoder,
                takes: 5,
                full: false,
            }))
        };
        match packing {
            // 15: the longest window that gzip has.
            Packing::Gzip => Ok(Self::Gzip(Box::new(Decompress::new_gzip(15)))),
            Packing::Zstd => zstd().map_err(|error: std::io::Error| Fault::new(error.to_string())),
        }
    }

    /// Unpacks some of `from`.
    pub fn step(&mut self, from: &[u8], to: &mut [u8]) -> Step {
        match self {
            Self::Gzip(inflate) => gunzip(inflate, from, to),
            Self::Zstd(frame) => frame.step(from, to),
        }
    }
}

fn gunzip(inflate: &mut Decompress, from: &[u8], to: &mut [u8]) -> Step {
    let before = (inflate.total_in(), inflate.total_out());
    let status = inflate.decompress(from, to, FlushDecompress::None);
    Step {
        taken: (inflate.total_in() - before.0) as usize,
        given: (inflate.total_out() - before.1) as usize,
        outcome: match status {
            Ok(flate2::Status::StreamEnd) => Ok(Progress::End),
            Ok(_) => Ok(Progress::On),
            Err(error) => Err(Fault::new(error.message().unwrap_or("not as gzip packs"))),
        },
    }
}

impl Frame {
    fn step(&mut self, from: &[u8], to: &mut [u8]) -> Step {
        if self.full {
            let step = self.run(&[], to);
            if step.given > 0 || step.outcome.is_err() {
                return step;
            }
        }
        self.run(&from[..from.len().min(self.takes)], to)
    }

    fn run(&mut self, from: &[u8], to: &mut [u8]) -> Step {
        let mut input = InBuffer::around(from);
        let mut output = OutBuffer::around(to);
        let left = self.decoder.run(&mut input, &mut output);
        let (taken, given) = (input.pos(), output.pos());
        self.full = given == output.capacity();
        let outcome = match left {
            Ok(0) => Ok(Progress::End),
            Ok(left) => {
                self.takes = left;
                Ok(Progress::On)
            }
            Err(error) => Err(Fault::new(error.to_string())),
        };
        Step {
            taken,
            given,
            outcome,
        }
    }
}
