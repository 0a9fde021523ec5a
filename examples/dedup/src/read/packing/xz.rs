//! How is a stream of xz unpacked?

use liblzma::stream::{Action, Error, Status, Stream};

use super::{Fault, FaultKind, Progress, Step};

/// Memory that unpacking takes in addition to the dictionary, in bytes.
const OVERHEAD: u64 = 4 << 20;

/// An xz stream while it is unpacked.
pub struct Xz(Stream);

impl Xz {
    /// `window` is the logarithm of the maximum dictionary in bytes.
    pub fn new(window: u32) -> Result<Self, Fault> {
        let stream = Stream::new_stream_decoder((1 << window) + OVERHEAD, 0);
        stream.map(Self).map_err(fault)
    }

    pub fn step(&mut self, from: &[u8], to: &mut [u8]) -> Step {
        let totals = |stream: &Stream| (stream.total_in(), stream.total_out());
        let before = totals(&self.0);
        let outcome = match self.0.process(from, to, Action::Run) {
            Ok(Status::StreamEnd) => Ok(Progress::End),
            Ok(_) => Ok(Progress::On),
            Err(error) => Err(fault(error)),
        };
        Step::between(before, totals(&self.0), outcome)
    }
}

fn fault(error: Error) -> Fault {
    match error {
        Error::MemLimit | Error::Mem => Fault::new(FaultKind::Memory, "too much memory is needed"),
        // A checksum that does not agree counts as damage as well: the library has one error for both.
        _ => Fault::damaged("not as xz packs"),
    }
}
