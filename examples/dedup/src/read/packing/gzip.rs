//! How is a gzip member unpacked? Its header and footer are parsed here, so that a wrong checksum and a damage are
//! distinguished.

use flate2::{Crc, Decompress, FlushDecompress, Status};

use super::{Fault, FaultKind, Progress, Step};

/// Maximum length of a header in bytes. A longer one is not a gzip header.
const LONGEST_HEAD: usize = 1 << 20;

/// Maximum bytes of a header that are taken in one step.
const HEAD_STEP: usize = 1 << 10;

/// Length in bytes of the checksum and of the length after a member.
const FOOT: usize = 8;

/// Flags of the header, for the optional fields in it.
const CRC: u8 = 2;
const EXTRA: u8 = 4;
const NAME: u8 = 8;
const COMMENT: u8 = 16;

/// A member while it is unpacked.
pub struct Gunzip {
    stage: Stage,
    inflate: Decompress,
    crc: Crc,
}

enum Stage {
    /// The bytes of the header that were read so far.
    Head(Vec<u8>),
    Body,
    Foot(Vec<u8>),
}

impl Default for Gunzip {
    fn default() -> Self {
        Self {
            stage: Stage::Head(Vec::new()),
            inflate: Decompress::new(false),
            crc: Crc::new(),
        }
    }
}

impl Gunzip {
    pub fn step(&mut self, from: &[u8], to: &mut [u8]) -> Step {
        match &mut self.stage {
            Stage::Head(head) => {
                let before = head.len();
                head.extend_from_slice(&from[..from.len().min(HEAD_STEP)]);
                let (taken, outcome) = match head_length(head) {
                    Some(length) => {
                        self.stage = Stage::Body;
                        (length.saturating_sub(before), Ok(Progress::On))
                    }
                    None if head.len() > LONGEST_HEAD => {
                        (0, Err(Fault::damaged("its head has no end")))
                    }
                    None => (head.len() - before, Ok(Progress::On)),
                };
                Step {
                    taken,
                    given: 0,
                    outcome,
                }
            }
            Stage::Body => self.inflate(from, to),
            Stage::Foot(foot) => {
                let taken = from.len().min(FOOT - foot.len());
                foot.extend_from_slice(&from[..taken]);
                let outcome = match <[u8; FOOT]>::try_from(foot.as_slice()) {
                    Ok(foot) => self.check(foot),
                    Err(_) => Ok(Progress::On),
                };
                Step {
                    taken,
                    given: 0,
                    outcome,
                }
            }
        }
    }

    fn inflate(&mut self, from: &[u8], to: &mut [u8]) -> Step {
        let totals = |stream: &Decompress| (stream.total_in(), stream.total_out());
        let before = totals(&self.inflate);
        let status = self.inflate.decompress(from, to, FlushDecompress::None);
        let outcome = match status {
            Ok(Status::StreamEnd) => {
                self.stage = Stage::Foot(Vec::new());
                Ok(Progress::On)
            }
            Ok(_) => Ok(Progress::On),
            Err(error) => Err(Fault::damaged(
                error.message().unwrap_or("not as gzip packs"),
            )),
        };
        let step = Step::between(before, totals(&self.inflate), outcome);
        self.crc.update(&to[..step.given]);
        step
    }

    fn check(&self, foot: [u8; FOOT]) -> Result<Progress, Fault> {
        let [a, b, c, d, rest @ ..] = foot;
        let (crc, length) = (u32::from_le_bytes([a, b, c, d]), u32::from_le_bytes(rest));
        if (crc, length) == (self.crc.sum(), self.crc.amount()) {
            return Ok(Progress::End);
        }
        let error = format!("{:08x}, not {crc:08x}", self.crc.sum());
        Err(Fault::new(FaultKind::Checksum, error))
    }
}

/// The length of the header at the start of some bytes; none if it does not end within them.
fn head_length(bytes: &[u8]) -> Option<usize> {
    let flags = *bytes.get(3)?;
    let mut at = 10;
    if flags & EXTRA != 0 {
        let length = bytes.get(at..at + 2)?;
        at += 2 + usize::from(u16::from_le_bytes([length[0], length[1]]));
    }
    for text in [NAME, COMMENT] {
        if flags & text != 0 {
            let end = bytes.get(at..)?.iter().position(|&byte| byte == 0)?;
            at += end + 1;
        }
    }
    if flags & CRC != 0 {
        at += 2;
    }
    (at <= bytes.len()).then_some(at)
}

#[cfg(test)]
mod tests {
    use super::head_length;

    #[test]
    fn a_head_is_as_long_as_what_it_says_is_in_it() {
        let head =
            |flags: u8, more: &[u8]| [&[0x1F, 0x8B, 8, flags, 0, 0, 0, 0, 0, 3], more].concat();
        assert_eq!(head_length(&head(0, b"body")), Some(10));
        assert_eq!(head_length(&head(8, b"name\0body")), Some(15));
        assert_eq!(
            head_length(&head(4 | 8 | 16 | 2, b"\x02\0xxn\0c\0hhbody")),
            Some(20)
        );
        assert_eq!(head_length(&head(8, b"nam")), None);
        assert_eq!(head_length(&head(4, b"\xFF\xFFx")), None);
        assert_eq!(head_length(&[0x1F, 0x8B]), None);
    }
}
