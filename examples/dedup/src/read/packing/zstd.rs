//! How is a zstd frame unpacked?

use zstd::zstd_safe::zstd_sys::ZSTD_ErrorCode;
use zstd::zstd_safe::{DCtx, DParameter, ErrorCode, InBuffer, OutBuffer, get_error_name};

use super::{Fault, FaultKind, Progress, Step};

/// Length in bytes of the shortest frame header.
const LEAST_HEAD: usize = 5;

/// A zstd frame while it is unpacked. If a step fails, all bytes that it unpacked are lost. So a step ends at the end of a
/// block at the latest.
pub struct Frame {
    decoder: DCtx<'static>,
    /// Number of input bytes up to the end of the block.
    takes: usize,
    /// Whether the last step filled its output, so that more of the block may follow.
    full: bool,
}

impl Frame {
    /// `window` is the logarithm of the maximum window in bytes.
    pub fn new(window: u32) -> Result<Self, Fault> {
        let mut decoder = DCtx::create();
        decoder.init().map_err(fault)?;
        let window = DParameter::WindowLogMax(window);
        decoder.set_parameter(window).map_err(fault)?;
        Ok(Self {
            decoder,
            takes: LEAST_HEAD,
            full: false,
        })
    }

    pub fn step(&mut self, from: &[u8], to: &mut [u8]) -> Step {
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
        let left = self.decoder.decompress_stream(&mut output, &mut input);
        let (taken, given) = (input.pos(), output.pos());
        self.full = given == output.capacity();
        let outcome = match left {
            Ok(0) => Ok(Progress::End),
            Ok(left) => {
                self.takes = left;
                Ok(Progress::On)
            }
            Err(code) => Err(fault(code)),
        };
        Step {
            taken,
            given,
            outcome,
        }
    }
}

/// The fault for an error code that zstd returns instead of a length.
fn fault(code: ErrorCode) -> Fault {
    let is = |other: ZSTD_ErrorCode| code.wrapping_neg() == other as usize;
    let kind = if is(ZSTD_ErrorCode::ZSTD_error_checksum_wrong) {
        FaultKind::Checksum
    } else if is(ZSTD_ErrorCode::ZSTD_error_frameParameter_windowTooLarge) {
        FaultKind::Memory
    } else {
        FaultKind::Damaged
    };
    Fault::new(kind, get_error_name(code))
}
