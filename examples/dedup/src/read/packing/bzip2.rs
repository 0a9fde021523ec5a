//! How is a stream of bzip2 unpacked?

use bzip2::{Decompress, Status};

use super::{Fault, Progress, Step};

/// A bzip2 stream while it is unpacked.
pub struct Bzip2(Decompress);

impl Default for Bzip2 {
    fn default() -> Self {
        Self(Decompress::new(false))
    }
}

impl Bzip2 {
    pub fn step(&mut self, from: &[u8], to: &mut [u8]) -> Step {
        let totals = |stream: &Decompress| (stream.total_in(), stream.total_out());
        let before = totals(&self.0);
        let outcome = match self.0.decompress(from, to) {
            Ok(Status::StreamEnd) => Ok(Progress::End),
            Ok(_) => Ok(Progress::On),
            // A checksum that does not agree counts as damage as well: the library has one error for both.
            Err(_) => Err(Fault::damaged("not as bzip2 packs")),
        };
        Step::between(before, totals(&self.0), outcome)
    }
}
