//! How is a gzip member unpacked? Its header and footer are parsed here, so that a wrong checksum and a damage are
//! distinguished.

use flate2::{Crc, Decompress, FlushDecompress, Status};
use memchr::memchr;

use super::{Fault, FaultKind, Progress, Step};

/// Maximum length of a header in bytes. A longer one is not a gzip header.
const LONGEST_HEAD: usize = 1 << 20;

/// Maximum bytes of a header that are taken in one step.
const HEAD_STEP: usize = 1 << 10;

/// Length in bytes of the fields that every header has.
const FIXED: usize = 10;

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
    Head(Head),
    Body,
    Foot(Vec<u8>),
}

impl Default for Gunzip {
    fn default() -> Self {
        Self {
            stage: Stage::Head(Head::default()),
            inflate: Decompress::new(false),
            crc: Crc::new(),
        }
    }
}

impl Gunzip {
    pub fn step(&mut self, from: &[u8], to: &mut [u8]) -> Step {
        match &mut self.stage {
            Stage::Head(head) => {
                let before = head.bytes.len();
                let some = &from[..from.len().min(HEAD_STEP)];
                head.bytes.extend_from_slice(some);
                let (taken, outcome) = match head.length() {
                    Some(length) => {
                        self.stage = Stage::Body;
                        (length.saturating_sub(before), Ok(Progress::On))
                    }
                    None if head.bytes.len() > LONGEST_HEAD => {
                        (0, Err(Fault::damaged("its head has no end")))
                    }
                    None => (some.len(), Ok(Progress::On)),
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

/// A header while it is read.
#[derive(Default)]
struct Head {
    /// The bytes that were read so far.
    bytes: Vec<u8>,
    /// The end of what was looked at, so that no byte is looked at again when more are read.
    at: usize,
    /// The flags of the texts that have ended.
    ended: u8,
}

impl Head {
    /// The length of the header; none if it does not end within the bytes.
    fn length(&mut self) -> Option<usize> {
        let flags = *self.bytes.get(3)?;
        if self.at == 0 {
            self.at = start_of_texts(&self.bytes, flags)?;
        }
        for text in [NAME, COMMENT] {
            if flags & !self.ended & text != 0 {
                let unseen = self.bytes.get(self.at..)?;
                let end = memchr(0, unseen);
                self.at += end.map_or(unseen.len(), |end| end + 1);
                end?;
                self.ended |= text;
            }
        }
        let end = self.at + if flags & CRC != 0 { 2 } else { 0 };
        (end <= self.bytes.len()).then_some(end)
    }
}

/// The place after the fields of fixed length and the extra field of a header.
fn start_of_texts(bytes: &[u8], flags: u8) -> Option<usize> {
    if flags & EXTRA == 0 {
        return Some(FIXED);
    }
    let length = bytes.get(FIXED..FIXED + 2)?;
    Some(FIXED + 2 + usize::from(u16::from_le_bytes([length[0], length[1]])))
}

#[cfg(test)]
mod tests {
    use super::Head;

    fn head_length(bytes: &[u8]) -> Option<usize> {
        let bytes = bytes.to_vec();
        let mut head = Head {
            bytes,
            ..Head::default()
        };
        head.length()
    }

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

    #[test]
    fn a_head_that_comes_in_pieces_is_as_long_and_no_byte_is_looked_at_twice() {
        let whole = b"\x1F\x8B\x08\x1E\0\0\0\0\0\x03\x02\0xxname\0comment\0hhbody";
        let mut head = Head::default();
        let mut lengths = whole.iter().map(|&byte| {
            head.bytes.push(byte);
            let length = head.length();
            let is_within_text = (15..27).contains(&head.bytes.len());
            assert!(!is_within_text || head.at == head.bytes.len());
            length
        });
        assert_eq!(lengths.find_map(|length| length), Some(29));
    }
}
